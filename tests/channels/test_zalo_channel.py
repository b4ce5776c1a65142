"""Zalo messages against the double: what arrives, and what each answer is called."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest

from notifications.channels import Delivery, Envelope
from notifications.channels.base import Attachment
from notifications.channels.token_store import DatabaseTokenStore
from notifications.channels.zalo.channel import GROUP_PATH, PERSON_PATH, ZaloChannel
from notifications.channels.zalo.codes import MEANINGS
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.channels.zalo.wire import open_client
from tests.channels.doubles import ZaloDouble

Build = Callable[..., Envelope]


def kind_of(channel: ZaloChannel, envelope: Envelope, now: datetime) -> Delivery:
    """The failure of a send that must fail."""
    with pytest.raises(Delivery) as caught:
        channel.send(envelope, now)
    return caught.value


def test_a_message_to_a_person_arrives_once(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    receipt = zalo_channel.send(envelope("7001"), now)
    (got,) = zalo.inbox("7001")
    assert got["message_id"] == receipt.provider_id
    assert got["text"].startswith("Kính gửi đồng chí,\nBáo cáo quý I")
    assert [line["path"] for line in zalo.ledger()] == [PERSON_PATH]
    assert zalo.renewals() == []


def test_a_message_to_a_group_arrives_and_calls_nobody(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    text = "Nhắc việc [@all] [@7001] [[@9001]@9001] [ @7002]"
    zalo_channel.send(envelope("group:9001", text=text), now)
    (got,) = zalo.inbox("group:9001")
    assert got["called"] == []
    assert "Nhắc việc all 7001" in got["text"]
    assert [line["path"] for line in zalo.ledger()] == [GROUP_PATH]


def test_the_double_would_have_called_everybody(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    body = {"recipient": {"group_id": "9001"}, "message": {"text": "Nhắc việc [@all]"}}
    zalo.call("POST", GROUP_PATH, headers={"access_token": token}, json=body)
    (got,) = zalo.inbox("group:9001")
    assert got["called"] == ["7001", "7002"]


def test_nfd_is_sent_as_nfc_so_that_it_fits(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    text = unicodedata.normalize("NFD", "đơn vị nộp báo cáo tiến độ " * 74)
    assert len(text) > 2000 > len(unicodedata.normalize("NFC", text).strip())
    zalo_channel.send(envelope("7001", text=text), now)
    (got,) = zalo.inbox("7001")
    assert got["text"] == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize(
    ("address", "text", "kind"),
    [
        pytest.param("7001", "a" * 2001, "permanent", id="too long"),
        pytest.param("7001", " \n ", "permanent", id="nothing to say"),
        pytest.param("", "chào", "permanent", id="no address"),
        pytest.param("group:", "chào", "permanent", id="no group"),
        pytest.param("7001/../x", "chào", "permanent", id="odd address"),
        pytest.param("ubnd@xa.example", "chào", "permanent", id="mail address"),
    ],
)
def test_what_cannot_be_sent_never_reaches_zalo(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, address: str, text: str, kind: str
) -> None:
    assert kind_of(zalo_channel, envelope(address, text=text), now).kind == kind
    assert zalo.ledger() == []


def test_files_go_by_another_channel(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    files = (Attachment("báo cáo.docx", "application/pdf", b"x"),)
    assert kind_of(zalo_channel, envelope("7001", attachments=files), now).kind == "other_channel"
    assert zalo.ledger() == []


PEOPLE = [
    pytest.param({"follows": False}, "other_channel", "-213", id="does not follow"),
    pytest.param({"hours_since_interaction": 24 * 7 + 1}, "other_channel", "-230", id="silent for 7 days"),
    pytest.param({"last_interaction": None}, "other_channel", "-232", id="never wrote"),
    pytest.param({"banned": True}, "other_channel", "-227", id="banned"),
    pytest.param({"offline_days": 46}, "other_channel", "-227", id="away for 46 days"),
    pytest.param({"refused_type": True}, "other_channel", "-244", id="refused this type"),
    pytest.param({"quota_left": 0}, "other_channel", "-218", id="recipient quota"),
]


@pytest.mark.parametrize(("state", "kind", "code"), PEOPLE)
def test_a_person_who_cannot_be_written_to(
    zalo: ZaloDouble,
    zalo_channel: ZaloChannel,
    envelope: Build,
    now: datetime,
    state: dict[str, object],
    kind: str,
    code: str,
) -> None:
    zalo.people(
        {"user_id": "7009", **({"hours_since_interaction": 1} | state if "last_interaction" not in state else state)}
    )
    failure = kind_of(zalo_channel, envelope("7009"), now)
    assert (failure.kind, failure.code) == (kind, code)
    assert zalo.inbox() == []
    assert len(zalo.ledger()) == 1


@pytest.mark.parametrize(("hours", "paid"), [(47, False), (49, True), (24 * 7 - 1, True)])
def test_the_window_is_free_then_paid(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, hours: float, paid: bool
) -> None:
    zalo.people({"user_id": "7009", "hours_since_interaction": hours})
    zalo_channel.send(envelope("7009"), now)
    assert zalo.inbox("7009")[0]["paid"] is paid


@pytest.mark.parametrize(("state", "code"), [({"asset_alive": False}, "-237"), ({"account_inside": False}, "-403")])
def test_a_dead_group_calls_the_administrator(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, state: dict[str, bool], code: str
) -> None:
    zalo.group(group_id="9002", **state)
    failure = kind_of(zalo_channel, envelope("group:9002"), now)
    assert (failure.kind, failure.code) == ("config", code)


FAULTS = [
    pytest.param("reset_before", {}, "unknown", 0, id="reset, nothing done"),
    pytest.param("reset_after", {}, "unknown", 1, id="reset after accepting"),
    pytest.param("hang_after", {"seconds": 1.5}, "unknown", 1, id="read timeout after accepting"),
    pytest.param("hang_before", {"seconds": 1.5}, "unknown", 0, id="read timeout, nothing done"),
    pytest.param("status_after", {"status": 500}, "unknown", 1, id="500 after accepting"),
    pytest.param("status_before", {"status": 502}, "unknown", 0, id="502"),
    pytest.param("status_before", {"status": 503}, "temporary", 0, id="503"),
    pytest.param("status_before", {"status": 429}, "temporary", 0, id="429"),
    pytest.param("status_before", {"status": 404}, "config", 0, id="404"),
    pytest.param("status_before", {"status": 302}, "config", 0, id="redirect is not followed"),
    pytest.param("html_after", {}, "unknown", 1, id="HTML in HTTP 200"),
    pytest.param("empty_after", {}, "unknown", 1, id="empty body"),
    pytest.param("truncated_after", {}, "unknown", 1, id="half a JSON"),
    pytest.param("code", {"code": -200}, "unknown", 0, id="send failed, says Zalo"),
    pytest.param("code", {"code": -31999}, "unknown", 0, id="a code nobody knows"),
]


@pytest.mark.parametrize(("fault", "fields", "kind", "copies"), FAULTS)
def test_each_fault_has_its_kind_and_is_never_repeated(
    zalo: ZaloDouble,
    oauth: ZaloOAuth,
    zalo_channel: ZaloChannel,
    store: DatabaseTokenStore,
    envelope: Build,
    now: datetime,
    fault: str,
    fields: dict[str, object],
    kind: str,
    copies: int,
) -> None:
    hasty = ZaloChannel(zalo.url, oauth, store, open_client(httpx.Timeout(0.7)))
    zalo.arm(fault, path=PERSON_PATH, **fields)
    failure = kind_of(hasty, envelope("7001"), now)
    assert failure.kind == kind
    assert failure.detail
    assert len(zalo.inbox("7001")) == copies
    assert len(zalo.ledger(PERSON_PATH)) <= 1


def test_a_right_answer_in_strange_clothes_is_still_an_answer(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    zalo.arm("error_text", path=PERSON_PATH)
    assert zalo_channel.send(envelope("7001"), now).provider_id
    zalo.people({"user_id": "7009", "follows": False})
    zalo.arm("error_text", path=PERSON_PATH)
    assert kind_of(zalo_channel, envelope("7009"), now).code == "-213"


def test_slow_is_not_lost(zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime) -> None:
    zalo.arm("latency", seconds=0.3)
    assert zalo_channel.send(envelope("7001"), now).provider_id
    assert len(zalo.inbox("7001")) == 1


def test_no_server_is_temporary(
    oauth: ZaloOAuth, store: DatabaseTokenStore, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    del zalo_channel
    nobody = ZaloChannel("http://127.0.0.1:9", oauth, store)
    assert kind_of(nobody, envelope("7001"), now).kind == "temporary"


def test_too_fast_waits_a_minute(zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime) -> None:
    zalo.post("switches", oa_per_minute=2)
    for _ in range(2):
        zalo_channel.send(envelope("7001"), now)
    failure = kind_of(zalo_channel, envelope("7001"), now)
    assert (failure.kind, failure.code) == ("temporary", "-32")
    assert failure.retry_at is not None
    assert (failure.retry_at - now).total_seconds() == 60
    assert "OA has reached" in failure.detail
    assert len(zalo.inbox()) == 2


# Written from the documentation, not from our table, so that a slip in either shows.
KINDS = {
    "auth": [-216, -220, -124],
    "temporary": [-32],
    "unknown": [-200],
    "wait_until": [-234, -133, -211, -144, -147],
    "other_channel": [-213, -230, -232, -227, -217, -218, -244],
    "permanent": [-201, -210, -233, -248, -249, -100],
    "config": [
        *(-204, -205, -209, -212, -219, -221, -223, -224, -235, -237, -238, -240, -241, -242, -320, -321, -403),
    ],
}
CODES = [(code, kind) for kind, codes in KINDS.items() for code in codes]


def test_the_table_holds_these_codes_and_no_others() -> None:
    assert sorted(code for code, _ in CODES) == sorted(MEANINGS)


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_each_code_of_the_table_is_told_as_its_kind(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, code: int, kind: str
) -> None:
    zalo.arm("code", path=PERSON_PATH, code=code, message="provider's words", times=-1)
    failure = kind_of(zalo_channel, envelope("7001"), now)
    assert (failure.kind, failure.code) == (kind, str(code))
    assert "provider's words" in failure.detail
    assert (failure.retry_at is not None) == (kind == "wait_until" or code == -32)
    assert zalo.inbox() == []
    # Only a refused token is cured and tried again; everything else is one call.
    assert len(zalo.ledger(PERSON_PATH)) == (2 if kind == "auth" else 1)
    assert len(zalo.renewals()) == (1 if kind == "auth" else 0)


NIGHTS = [
    pytest.param("2026-03-17T21:59+07:00", "2026-03-18T06:00+07:00", id="before ten at night"),
    pytest.param("2026-03-17T22:00+07:00", "2026-03-18T06:00+07:00", id="ten at night"),
    pytest.param("2026-03-18T05:59+07:00", "2026-03-18T06:00+07:00", id="one minute before six"),
    pytest.param("2026-03-17T23:30+00:00", "2026-03-19T06:00+07:00", id="UTC, six past in Ha Noi"),
]


@pytest.mark.parametrize(("at", "again"), NIGHTS)
def test_the_night_ends_at_six_in_viet_nam(at: str, again: str) -> None:
    from notifications.channels.zalo.codes import failure_for

    failure = failure_for(-234, "", datetime.fromisoformat(at))
    assert failure.kind == "wait_until"
    assert failure.retry_at == datetime.fromisoformat(again)


def test_the_reader_sees_a_chat_with_links(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    zalo_channel.send(envelope("7001", text="<script>x</script>\nTrả lời: http://127.0.0.1:8000/t/abc."), now)
    assert "Trần Văn Bình" in zalo.page("/")
    shown = zalo.page("/nguoi/7001")
    assert '<a href="http://127.0.0.1:8000/t/abc">' in shown
    assert "<script>" not in shown
