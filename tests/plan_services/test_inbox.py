"""Plan files of the inbox: imported or set aside with the reason, and none holds up another."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from db.migrate import upgrade
from dev.seed.sample_plan import write_sample_plan
from tasks.plan_tasks import import_plan_file, inbox


@pytest.fixture
def folder(home: Path, sqlite_url: str) -> Path:
    """The inbox of an installation with an empty database."""
    upgrade(load_settings().database_url)
    made = inbox(load_settings())
    made.mkdir(parents=True, exist_ok=True)
    return made


def test_a_plan_becomes_a_draft_and_the_same_again_is_set_aside(folder: Path) -> None:
    data = write_sample_plan(folder / "ke-hoach.docx", 2026).read_bytes()
    assert import_plan_file.fn("ke-hoach.docx") == "kh-7-2026"
    (folder / "ke-hoach.docx").write_bytes(data)
    assert "đã được nhập" in import_plan_file.fn("ke-hoach.docx")
    assert (folder / "da-nhap" / "ke-hoach.docx").read_bytes() == data
    assert "đã được nhập" in (folder / "khong-doc-duoc" / "ke-hoach.docx.ghi-chu.txt").read_text()


def test_two_files_of_one_name_are_both_kept(folder: Path) -> None:
    for content in (b"x", b"y"):
        (folder / "a.docx").write_bytes(content)
        import_plan_file.fn("a.docx")
    aside = folder / "khong-doc-duoc"
    assert [(aside / name).read_bytes() for name in ("a.docx", "a (2).docx")] == [b"x", b"y"]


def test_a_file_that_may_not_be_opened_is_set_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.docx").write_bytes(b"x")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    # Played, because the tests may run as root, to whom no file is closed.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "quyền đọc" in import_plan_file.fn("a.docx")
    assert (folder / "khong-doc-duoc" / "a.docx").exists()


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    with (folder / "lon.docx").open("wb") as file:
        file.truncate(200 << 20)
    assert "nặng 200 MB" in import_plan_file.fn("lon.docx")
