"""The commands of the chase, as the officer types them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.chase_commands import chase, deliver, outbox_app, simulate, watch
from cli.journal_commands import journal_app
from cli.main import as_command
from config.faults import Refusal
from config.settings import load_settings
from db.models import JournalEntry
from notifications.channels import Delivery, Envelope
from tests.notifications.chase_world import World, add_duty, at, on

application = typer.Typer()
for name, function in (("chase", chase), ("deliver", deliver), ("simulate", simulate), ("watch", watch)):
    application.command(name)(function)
application.add_typer(outbox_app, name="outbox")
application.add_typer(journal_app, name="journal")


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A commune whose settings the commands read."""
    monkeypatch.setenv("DONDOC_DATABASE_URL", world.url)
    monkeypatch.setenv("DONDOC_SECRET_KEY", "khóa dùng trong kiểm thử")
    load_settings.cache_clear()
    add_duty(world, "20/3")
    return world


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(application, list(words))
    if isinstance(result.exception, Refusal):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def test_chase_says_what_it_did_and_twice_does_nothing(office: World) -> None:
    assert run("chase", "--now", "2026-03-18T08:00+07:00") == "Đã xem 1 kỳ hạn: nhắc 1 việc bằng 2 tin.\n"
    assert run("chase", "--now", "2026-03-18T09:00") == "Đã xem 1 kỳ hạn: nhắc 0 việc bằng 0 tin.\n"
    assert len(office.messages()) == 2


def test_deliver_without_a_channel_says_the_cure(office: World) -> None:
    with pytest.raises(Refusal, match="DONDOC_SMTP_URL"):
        run("deliver", "--now", "2026-03-18T08:00")
    assert office.arrived() == []


def test_simulate_prints_and_writes_a_workbook(office: World, tmp_path: Path) -> None:
    path = tmp_path / "nam.xlsx"
    output = run("simulate", "--from", "2026-03-16", "--to", "2026-03-31", "--xlsx", str(path))
    assert "Ngày 18/3/2026" in output
    assert "Chủ tịch Sơn (Chủ tịch" in output
    assert path.stat().st_size > 3000
    assert office.messages() == []


WRONG = {
    "a day that is none": ("2026-02-31", "2026-03-31", "Không hiểu ngày"),
    "backwards": ("2026-03-31", "2026-03-01", "ngày kết thúc phải sau"),
}


@pytest.mark.parametrize(("start", "end", "words"), WRONG.values(), ids=WRONG)
def test_simulate_refuses_in_words(office: World, start: str, end: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        run("simulate", "--from", start, "--to", end)


def test_the_outbox_shows_what_waits_for_a_person_and_takes_the_decision(office: World) -> None:
    def unknown(envelope: Envelope) -> None:
        raise Delivery("unknown", "timeout", "Máy chủ không trả lời sau khi nhận tin.")

    office.chase(at(on("18/3")))
    office.zalo.answer = unknown
    office.deliver(at(on("18/3"), "08:10"))
    listed = run("outbox", "list", "--state", "unknown")
    assert listed.count("không rõ kết quả") == 3
    assert "Máy chủ không trả lời sau khi nhận tin." in listed
    first, second = office.messages()
    assert run("outbox", "resend", str(first.id), "--by", "Vy") == f"Tin số {first.id} sẽ được gửi lại bằng tin số 3.\n"
    assert "coi là đã gửi" in run("outbox", "mark-sent", str(second.id), "--by", "Vy")
    assert [message.state for message in office.messages()] == ["failed", "sent", "queued"]
    with pytest.raises(Refusal, match="Không có trạng thái"):
        run("outbox", "list", "--state", "lost")


def test_watch_fails_when_the_system_is_silent(office: World) -> None:
    assert "Lượt nhắc việc hôm nay chưa chạy (chưa chạy lần nào)." in run("watch", "--now", "2026-03-18T10:00", code=1)
    assert run("watch", "--now", "2026-03-22T10:00") == "Mọi thứ đang chạy bình thường.\n"


def test_a_changed_journal_is_found(office: World) -> None:
    office.chase(at(on("18/3")))
    assert run("journal", "verify").startswith("Nhật ký nguyên vẹn.")
    with office.transaction() as session:
        session.get_one(JournalEntry, 1).data = {"kind": "không có gì"}
    assert "Mục nhật ký số 1 (message.queue) đã bị sửa." in run("journal", "verify", code=1)


def test_every_command_can_be_wired() -> None:
    assert as_command("chase", chase).name == "chase"
