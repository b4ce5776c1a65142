"""The Bot Platform against the double: one call, no markup, and a token that nobody ever reads."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from notifications.channels import Delivery, Envelope
from notifications.channels.base import Attachment
from notifications.channels.zalo.bot import BOT_MEANINGS, ZaloBotChannel, read_bot_reply
from tests.channels.doubles import ZaloDouble

Build = Callable[..., Envelope]
TOKEN = "3333333333:double-bot-secret"
WIRE = f"/botapi/bot{TOKEN}/sendMessage"


@pytest.fixture
def bot(zalo: ZaloDouble) -> ZaloBotChannel:
    """Our channel; one person has written to the bot."""
    zalo.post("chats", c1=True, c2=False)
    return ZaloBotChannel(f"{zalo.url}/botapi", TOKEN, httpx.Timeout(0.7))


def failure(bot: ZaloBotChannel, envelope: Envelope, now: datetime) -> Delivery:
    """The failure of a send that must fail."""
    with pytest.raises(Delivery) as caught:
        bot.send(envelope, now)
    return caught.value


def test_a_message_arrives_once_and_as_it_was_written(
    zalo: ZaloDouble, bot: ZaloBotChannel, envelope: Build, now: datetime
) -> None:
    receipt = bot.send(envelope("c1", text="12_QĐ *gấp*\nTrả lời: http://x/t/a"), now)
    (got,) = zalo.inbox("bot:c1")
    assert (got["message_id"], got["way"]) == (receipt.provider_id, "bot plain")
    assert got["text"] == "12_QĐ *gấp*\nTrả lời: http://x/t/a"
    assert [(line["path"], line["to"]) for line in zalo.ledger()] == [("/botapi/bot…/sendMessage", "c1")]


@pytest.mark.parametrize(
    ("to", "fields", "kind"),
    [
        pytest.param("c1", {"text": "a" * 2001}, "permanent", id="too long"),
        pytest.param("", {}, "permanent", id="no chat"),
        pytest.param("c 1", {}, "permanent", id="no chat's id"),
        pytest.param("c1", {"attachments": (Attachment("a", "x/y", b""),)}, "other_channel", id="a file"),
    ],
)
def test_what_cannot_be_sent_never_reaches_the_platform(
    zalo: ZaloDouble, bot: ZaloBotChannel, envelope: Build, now: datetime, to: str, fields: dict[str, Any], kind: str
) -> None:
    assert failure(bot, envelope(to, **fields), now).kind == kind
    assert zalo.ledger() == []


@pytest.mark.parametrize("in_http", [False, True], ids=["HTTP 200", "HTTP as the code"])
@pytest.mark.parametrize(
    ("to", "token", "kind", "code"),
    [
        pytest.param("c9", TOKEN, "other_channel", "400", id="never wrote"),
        pytest.param("c2", TOKEN, "other_channel", "403", id="blocked the bot"),
        pytest.param("c1", "1:old", "auth", "401", id="token was reset"),
    ],
)
def test_each_refusal_has_its_kind(
    zalo: ZaloDouble,
    bot: ZaloBotChannel,
    envelope: Build,
    now: datetime,
    in_http: bool,
    to: str,
    token: str,
    kind: str,
    code: str,
) -> None:
    zalo.post("switches", bot_status_in_http=in_http)
    told = failure(ZaloBotChannel(f"{zalo.url}/botapi", token), envelope(to), now)
    assert (told.kind, told.code) == (kind, code)
    assert zalo.inbox() == []
    assert len(zalo.ledger()) == 1


KINDS = {400: "other_channel", 401: "auth", 403: "other_channel", 404: "config", 408: "unknown", 429: "temporary"}


def test_the_table_holds_these_codes_and_no_others() -> None:
    assert {code: meaning.kind for code, meaning in BOT_MEANINGS.items()} == KINDS


@pytest.mark.parametrize(("code", "kind"), [*KINDS.items(), (418, "unknown"), (500, "unknown")])
@pytest.mark.parametrize("status", [200, None], ids=["in the body", "in HTTP alone"])
def test_each_code_is_told_as_its_kind(now: datetime, code: int, kind: str, status: int | None) -> None:
    said = f'{{"ok":false,"error_code":{code},"description":"of bot{TOKEN}"}}' if status else "<html>"
    with pytest.raises(Delivery) as caught:
        read_bot_reply(status or code, {}, said.encode(), now, TOKEN)
    assert (caught.value.kind, caught.value.code) == (kind, str(code))
    assert (caught.value.retry_at is not None) == (code == 429)
    assert TOKEN not in str(caught.value)


FAULTS = [
    pytest.param("reset_before", {}, "unknown", 0, id="reset"),
    pytest.param("reset_after", {}, "unknown", 1, id="reset after accepting"),
    pytest.param("hang_after", {"seconds": 1.2}, "unknown", 1, id="read timeout after accepting"),
    pytest.param("status_after", {"status": 502}, "unknown", 1, id="502 after accepting"),
    pytest.param("status_before", {"status": 503}, "temporary", 0, id="503"),
    pytest.param("html_after", {}, "unknown", 1, id="HTML"),
    pytest.param("empty_after", {}, "unknown", 1, id="empty"),
    pytest.param("truncated_after", {}, "unknown", 1, id="half a JSON"),
]


@pytest.mark.parametrize(("fault", "fields", "kind", "copies"), FAULTS)
def test_an_unknown_outcome_is_never_repeated_and_no_token_is_ever_written(
    zalo: ZaloDouble,
    bot: ZaloBotChannel,
    envelope: Build,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    fields: dict[str, Any],
    kind: str,
    copies: int,
) -> None:
    zalo.arm(fault, path=WIRE, **fields)
    with caplog.at_level(logging.DEBUG):
        told = failure(bot, envelope("c1"), now)
        bot.check(now)
    assert told.kind == kind
    assert len(zalo.inbox()) == copies
    chain = "".join(traceback.format_exception(told))
    written = f"{caplog.text} {chain} {told!r} {told.__cause__!r} {getattr(told.__cause__, '_request', None)!r}"
    assert TOKEN.partition(":")[2] not in written
    assert "bot-token" in caplog.text


def test_a_server_that_is_not_there_is_temporary_and_named_without_a_token(envelope: Build, now: datetime) -> None:
    told = failure(ZaloBotChannel("http://127.0.0.1:9", TOKEN), envelope("c1"), now)
    assert told.kind == "temporary"
    assert TOKEN not in "".join(traceback.format_exception(told))


def test_doctor_asks_who_the_bot_is(zalo: ZaloDouble, bot: ZaloBotChannel, now: datetime) -> None:
    assert bot.check(now) == []
    assert "DONDOC_ZALO_BOT_TOKEN" in ZaloBotChannel(f"{zalo.url}/botapi", "1:old").check(now)[0]
    assert zalo.inbox() == []


def test_the_double_sets_a_webhook_as_the_platform_does(zalo: ZaloDouble) -> None:
    path = f"/botapi/bot{TOKEN}"
    assert not zalo.call("POST", f"{path}/setWebhook", json={"url": "http://x", "secret_token": "short"}).json()["ok"]
    set_up = zalo.call("POST", f"{path}/setWebhook", json={"url": "http://x", "secret_token": "long enough"}).json()
    assert set_up["result"]["url"] == "http://x"
    assert not zalo.call("GET", f"{path}/getUpdates").json()["ok"]
    zalo.call("POST", f"{path}/deleteWebhook")
    assert zalo.call("GET", f"{path}/getWebhookInfo").json()["result"]["url"] == ""
