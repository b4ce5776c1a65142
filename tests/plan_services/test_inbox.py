"""Plan files of the inbox: imported or set aside with the reason, and none holds up another."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from db.migrate import upgrade
from db.models import Plan
from db.office_rules import adopt_rules
from db.session import transaction
from dev.seed.sample_plan import write_sample_plan
from plans.source_view import view_path
from plans.uploads import find, take_in
from tasks import plan_tasks
from tasks.plan_tasks import (
    confirmed_plans,
    expand_plan_calendars,
    import_plan_file,
    inbox,
    read_sent_file,
    waiting_uploads,
)
from tests.notifications.chase_world import plan


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
    assert view_path(load_settings().home, hashlib.sha256(data).hexdigest()).exists(), "its page opens no file"
    (folder / "ke-hoach.docx").write_bytes(data)
    assert "đã được nhập" in import_plan_file.fn("ke-hoach.docx")
    assert (folder / "da-nhap" / "ke-hoach.docx").read_bytes() == data
    assert "đã được nhập" in (folder / "khong-doc-duoc" / "ke-hoach.docx.ghi-chu.txt").read_text()


def test_a_file_of_days_off_that_broke_holds_up_no_plan(folder: Path) -> None:
    settings, now = load_settings(), datetime.now(UTC)
    with transaction() as session:
        adopt_rules(session, settings, now)
    settings.yaml_dir.mkdir(parents=True, exist_ok=True)
    (settings.yaml_dir / "days_off.yaml").write_text("2026: [", encoding="utf-8")
    sent = take_in(
        settings.home, "ke-hoach.docx", write_sample_plan(folder / "mau.docx", 2026).read_bytes(), now, "Lan"
    )
    assert read_sent_file.fn(sent.id) == "kh-7-2026"
    assert "đã được nhập" in import_plan_file.fn("mau.docx")


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


def test_a_file_sent_to_a_web_server_that_is_gone_is_read_by_the_flow(folder: Path) -> None:
    home = load_settings().home
    data = write_sample_plan(folder / "mau.docx", 2026).read_bytes()
    fresh = take_in(home, "mới.docx", data + b" ", datetime.now(UTC), "Lan")
    sent = take_in(home, "ke-hoach.docx", data, datetime.now(UTC) - timedelta(minutes=2), "Lan")
    assert waiting_uploads() == [sent.id], "the web server may still be reading the other"
    assert read_sent_file.fn(sent.id) == "kh-7-2026"
    assert (waiting_uploads(), find(home, fresh.id)) == ([], fresh)
    assert read_sent_file.fn("0" * 64) == "đã bỏ"


def test_plans_are_expanded_by_the_batch_and_one_closed_meanwhile_holds_up_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        numbers = {code: plan(session, code).id for code in ("a", "b", "c")}
    monkeypatch.setattr(plan_tasks, "PLANS_A_BATCH", 2)
    batches = confirmed_plans()
    assert batches == [{"a": numbers["a"], "b": numbers["b"]}, {"c": numbers["c"]}]
    with transaction() as session:
        session.get_one(Plan, numbers["a"]).state = "closed"
    assert expand_plan_calendars.fn(batches[0]) == {"b": 0}
