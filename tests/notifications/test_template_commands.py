"""`dondoc template` at a terminal: what there is, what it sends, what is wrong, and the packaged text again."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.template_commands import template_app
from config.faults import Refusal
from config.settings import load_settings
from db.migrate import upgrade
from db.models import JournalEntry
from db.session import reading


@pytest.fixture
def own(home: Path) -> Path:
    home.mkdir(exist_ok=True)
    (home / "secret.key").write_text("a test key")
    upgrade(load_settings().database_url)
    folder = home / "config" / "templates"
    folder.mkdir(parents=True)
    file = folder / "digest.txt.j2"
    file.write_text("{{ to }} {{ items[0].url }}\n", encoding="utf-8")
    return file


def dondoc(*words: str) -> str:
    done = CliRunner().invoke(template_app, list(words), catch_exceptions=False)
    return done.output


def test_a_template_is_seen_checked_and_restored(own: Path) -> None:
    assert "* digest.txt.j2" in dondoc("list")
    assert dondoc("show", "digest.txt.j2") == own.read_text(encoding="utf-8")
    assert "Căn cứ" in dondoc("show", "digest.txt.j2", "--packaged")
    assert "/2000 ký tự)" in dondoc("show", "digest.txt.j2", "--preview")
    assert "Không có lỗi" in dondoc("check")
    own.write_text("{{ sai }}", encoding="utf-8")
    assert "! digest.txt.j2" in dondoc("list")
    with pytest.raises(Refusal, match=r"digest.txt.j2: .*dòng 1: dùng một chỗ điền không có"):
        dondoc("check")
    with pytest.raises(Refusal, match="dòng 1"):
        dondoc("check", "dates.txt.j2", "--file", str(own))
    assert "bản có sẵn" in dondoc("restore", "digest.txt.j2")
    assert not own.exists()
    with pytest.raises(Refusal, match="không có gì để khôi phục"):
        dondoc("restore", "digest.txt.j2")
    with pytest.raises(Refusal, match="Không có kênh"):
        dondoc("show", "digest.txt.j2", "--preview", "--channel", "fax")
    with reading(load_settings().database_url) as session:
        assert [each.action for each in session.query(JournalEntry)] == ["template.restore"]
