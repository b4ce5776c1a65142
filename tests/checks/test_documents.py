"""The documents say what there is: every setting, every command, every flow, every make target."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cli.main import COMMANDS
from config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
FLOWS = [entry["name"] for entry in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]]


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_runbook(name: str) -> None:
    assert PREFIX + name.upper() in RUNBOOK
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_in_the_runbook(name: str) -> None:
    assert f"dondoc {name}" in RUNBOOK


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_is_in_the_runbook(name: str) -> None:
    assert f"`{name}`" in RUNBOOK


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_stand_on_the_first_screen(target: str) -> None:
    assert f"make {target}" in "\n".join(README.split("\n")[:40])


def test_every_page_that_a_document_links_to_is_there() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
