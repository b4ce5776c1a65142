"""The commands about what came in."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cli.inbound_commands import inbound_app
from config.faults import Refusal
from config.settings import load_settings
from submissions.inbound import spool
from tests.inbound.inbound_world import NOW, PDF_FILE, InboundWorld

RUN = CliRunner()


@pytest.fixture
def at_terminal(world: InboundWorld, monkeypatch: pytest.MonkeyPatch) -> InboundWorld:
    monkeypatch.setenv("DONDOC_DATABASE_URL", world.settings.database_url)
    monkeypatch.setenv("DONDOC_SECRET_KEY", world.settings.secret_key.get_secret_value())
    load_settings.cache_clear()
    return world


def told(*words: str) -> str:
    done = RUN.invoke(inbound_app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_message_is_listed_shown_assigned_and_put_aside(at_terminal: InboundWorld) -> None:
    world = at_terminal
    first = world.say("chưa chắc việc này", uploads=())
    second = world.say("", "email", "la@ngoai.example", uploads=(PDF_FILE,))
    assert "2 tin chờ xử lý." in told("list")
    assert "chưa chắc việc này" in told("show", str(first.id))
    assert world.code() in told("show", str(first.id))
    assert "bao-cao.pdf" in told("show", str(second.id))
    assert "Báo cáo nộp" in told("assign", str(second.id), world.code(), "--by", "Lan")
    assert world.occurrence().state == "submitted"
    assert "Đã bỏ qua" in told("ignore", str(first.id), "--reason", "Không liên quan")
    assert "0 tin chờ xử lý." in told("list")
    assert "bỏ qua" in told("list", "--all")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "Không có tin đến số 99"),
        (("ignore", "99", "--reason", "x"), "Không có tin đến số 99"),
        (("assign", "1", "DD-1-AAAA"), "Mã kỳ hạn không đúng"),
        (("assign", "1", "{code}", "--as", "khac"), "Không có loại"),
        (("assign", "1", "{code}", "--as", "extension", "--until", "mai"), "Không hiểu ngày"),
        (("assign", "1", "{code}", "--as", "extension"), "Chưa chọn ngày"),
    ],
)
def test_what_cannot_be_done_is_told(at_terminal: InboundWorld, words: tuple[str, ...], said: str) -> None:
    at_terminal.say("chưa chắc việc này")
    with pytest.raises(Refusal, match=said):
        told(*(word.format(code=at_terminal.code()) for word in words))


def test_what_the_webhooks_left_is_taken_by_a_command(at_terminal: InboundWorld) -> None:
    world = at_terminal
    body = (
        '{"event_name":"user_send_text","sender":{"id":"246845883529197922"},'
        '"message":{"text":"đã nhận","msg_id":"m1"},"timestamp":"1773622000000"}'
    )
    spool.put(world.settings.home, spool.ZALO, body.encode(), {}, NOW)
    (world.settings.home / "inbox" / "hooks" / "1-broken.json").write_text('{"hook":"zalo"}')
    assert "Đã xử lý 1 tin đến." in told("take")
    assert world.rows()[0].state == "handled"
    assert spool.waiting(world.settings.home) == []
    assert (world.settings.home / "inbox" / "hooks" / "1-broken.bad").exists()
