"""The five real plans beside the repository, where they are present: nothing missed, nothing invented."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from plans.reading import Reading, Severity, read_plan
from plans.reading.text import squash

SHARED = Path(__file__).resolve().parents[3] / "shared"
OWN = Path(__file__).parent / "own_readings"
SHARE = 0.97


def _plan(number: str) -> Path:
    found = sorted((SHARED / "plans").glob(f"{number}_*.txt")) if SHARED.is_dir() else []
    if not found and os.environ.get("CI") == "true":
        pytest.fail(f"the shared plan {number} must be present in CI")
    if not found:
        pytest.skip("the shared plans are not beside this checkout")
    return found[0]


@pytest.mark.parametrize("number", ["000", "001", "003"])
def test_gold_plans_are_read_whole(number: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(read_plan(_plan(number)).to_json()), encoding="utf-8")
    command = [sys.executable, str(SHARED / "tools/score.py"), "plan", str(SHARED / f"gold/{number}.json"), str(mine)]
    printed = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    for field, (found, wanted) in json.loads(printed.stdout).items():
        if field.endswith(".extra"):
            assert found == 0, field
        elif field.endswith(".recall"):
            assert found == wanted, field
        else:
            assert found >= SHARE * wanted, (field, found, wanted)


def _row(content: str, leads: Any, coordinators: Any, deadline: str | None) -> list[Any]:
    """A row without its sentences: length and checksum of the content stand for it."""
    mark = squash(content)
    return [
        len(mark),
        zlib.crc32(mark.encode()),
        sorted(map(squash, leads)),
        sorted(map(squash, coordinators)),
        deadline,
    ]


def summarised(reading: Reading) -> dict[str, Any]:
    """A reading as it is kept in own_readings/."""
    return {
        "obligations": {
            row.key: _row(row.content, row.leads, row.coordinators, row.deadline_text) for row in reading.obligations
        },
        "targets": [[zlib.crc32(squash(one.name).encode()), one.comparator, one.value] for one in reading.targets],
        "standing": [duty.row.deadline_text for duty in reading.standing],
    }


@pytest.mark.parametrize("number", ["002", "004"])
def test_the_other_plans_read_as_a_person_read_them(number: str) -> None:
    own = json.loads((OWN / f"{number}.json").read_text(encoding="utf-8"))
    mine = summarised(read_plan(_plan(number)))
    assert list(mine["obligations"]) == list(own["obligations"])
    assert mine == own


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_findings_are_few_enough_to_be_read(number: str) -> None:
    """A clerk reads findings one by one: none twice, and of warnings and of notes no more than one for three rows."""
    reading = read_plan(_plan(number))
    marks = [(one.code, one.where, one.message) for one in reading.findings]
    assert len(marks) == len(set(marks))
    for severities in ({Severity.WARNING, Severity.ERROR}, {Severity.NOTE}):
        few = sum(one.severity in severities for one in reading.findings)
        assert few <= 6 + (len(reading.obligations) + len(reading.targets)) / 3
