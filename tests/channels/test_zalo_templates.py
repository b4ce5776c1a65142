"""Approved templates, by telephone number and by user id: what arrives, and what each refusal is called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.channels import Delivery, Envelope
from notifications.channels.base import Attachment
from notifications.channels.zalo.channel import ZaloChannel
from notifications.channels.zalo.codes import failure_for
from notifications.channels.zalo.template_channels import (
    PHONE_PATH,
    USER_PATH,
    ZaloTemplateChannel,
    ZbsChannel,
)
from notifications.channels.zalo.template_codes import UID_MEANINGS, ZBS_MEANINGS
from tests.channels.approved import DIGEST, FACTS, FILE, PARAMS, by_phone, by_user, register
from tests.channels.doubles import ZaloDouble

Build = Callable[..., Envelope]
PHONE = "84987654321"
WIRE = f"/business{PHONE_PATH}"


@pytest.fixture
def zbs(zalo: ZaloDouble, zalo_channel: ZaloChannel, tmp_path: Path, now: datetime) -> ZbsChannel:
    """Our channel, one approved template, one holder of a telephone; the double's clock is our own."""
    zalo.post("clock", at=now.timestamp())
    zalo.people({"user_id": "7001", "phone": PHONE, "hours_since_interaction": 1})
    register(zalo)
    return by_phone(zalo, zalo_channel, tmp_path)


@pytest.fixture
def to_user(zbs: ZbsChannel, zalo: ZaloDouble, zalo_channel: ZaloChannel, tmp_path: Path) -> ZaloTemplateChannel:
    """The same by user id."""
    del zbs
    return by_user(zalo, zalo_channel, tmp_path)


@pytest.fixture
def digest(envelope: Build) -> Build:
    """A digest with its facts."""

    def build(to: str, **fields: object) -> Envelope:
        return envelope(to, **{"kind": "digest", "facts": FACTS, **fields})

    return build


def failure(channel: ZbsChannel | ZaloTemplateChannel | ZaloChannel, envelope: Envelope, now: datetime) -> Delivery:
    """The failure of a send that must fail."""
    with pytest.raises(Delivery) as caught:
        channel.send(envelope, now)
    return caught.value


def test_a_template_reaches_a_telephone_once(zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime) -> None:
    receipt = zbs.send(digest("0987 654 321"), now)
    (got,) = zalo.inbox("7001")
    assert (got["message_id"], got["way"], got["tracking"]) == (receipt.provider_id, "zbs", "obx-12")
    assert "499" in receipt.detail
    assert got["text"].split("\n") == [
        "Nhắc nộp báo cáo",
        "ten: Ông/Bà Nguyễn Thị Hoàng Anh…",
        "so_viec: 3",
        "ngay: 31/03/2026",
        "link: http://127.0.0.1:8000/t/abc",
    ]
    assert [line["path"] for line in zalo.ledger()] == [WIRE]


def test_a_template_reaches_a_user_outside_the_window(
    zalo: ZaloDouble, to_user: ZaloTemplateChannel, zalo_channel: ZaloChannel, digest: Build, now: datetime
) -> None:
    zalo.people({"user_id": "7009", "hours_since_interaction": 24 * 30})
    assert failure(zalo_channel, digest("7009"), now).kind == "other_channel"
    receipt = to_user.send(digest("7009"), now)
    (got,) = zalo.inbox("7009")
    assert (got["message_id"], got["way"], got["silent"]) == (receipt.provider_id, "template", False)
    assert [line["path"] for line in zalo.ledger()][-1] == USER_PATH


def test_templates_do_not_count_against_the_minute_of_the_account(
    zalo: ZaloDouble, zbs: ZbsChannel, zalo_channel: ZaloChannel, digest: Build, now: datetime
) -> None:
    zalo.post("switches", oa_per_minute=1)
    zalo_channel.send(digest("7001"), now)
    zbs.send(digest(PHONE), now)
    assert failure(zalo_channel, digest("7001"), now).code == "-32"
    assert len(zalo.inbox()) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"kind": "notice"}, "no-template", id="no template for the kind"),
        pytest.param({"facts": {}}, "no-template", id="no facts"),
        pytest.param({"attachments": (Attachment("a.docx", "x/y", b"x"),)}, "no-template", id="a file"),
    ],
)
def test_what_no_template_serves_goes_by_another_channel(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, fields: dict[str, Any], code: str
) -> None:
    told = failure(zbs, digest(PHONE, **fields), now)
    assert (told.kind, told.code) == ("other_channel", code)
    assert zalo.ledger() == []


@pytest.mark.parametrize("to", ["", "12345", "ubnd@xa.example", "02438251234", "8498765432", "group:9001"])
def test_what_is_no_mobile_number_never_reaches_zalo(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, to: str
) -> None:
    assert failure(zbs, digest(to), now).kind == "permanent"
    assert zalo.ledger() == []


def test_a_development_template_reaches_administrators_alone(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime
) -> None:
    zalo.post("templates", templates=[{"template_id": "300002", "params": PARAMS[:1]}])
    told = failure(zbs, digest(PHONE, kind="escalation"), now)
    assert (told.kind, told.code) == ("config", "-127")
    zalo.people({"user_id": "7001", "phone": PHONE, "administrator": True})
    assert zbs.send(digest(PHONE, kind="escalation"), now).provider_id


def test_zalo_takes_a_tracking_id_twice_so_nobody_may_trust_it(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime
) -> None:
    zbs.send(digest(PHONE), now)
    zbs.send(digest(PHONE), now)
    assert len(zalo.inbox("7001")) == 2
    assert zalo.call("GET", "/_control/trackings").json() == {"obx-12": 2}


REFUSALS = [
    pytest.param({"has_zalo": False}, "other_channel", "-118", id="no account"),
    pytest.param({"banned": True}, "other_channel", "-114", id="cannot receive"),
    pytest.param({"old_app": True}, "other_channel", "-110", id="old program"),
    pytest.param({"refuses_templates": True}, "other_channel", "-139", id="refused the type"),
    pytest.param({"refuses_account": True}, "other_channel", "-141", id="refused the account"),
]


@pytest.mark.parametrize(("state", "kind", "code"), REFUSALS)
def test_a_telephone_that_gets_no_template(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, state: dict[str, bool], kind: str, code: str
) -> None:
    zalo.people({"user_id": "7001", "phone": PHONE, **state})
    told = failure(zbs, digest(PHONE), now)
    assert (told.kind, told.code) == (kind, code)
    assert zalo.inbox() == []


STATES = [
    pytest.param({"status": "REJECT"}, "config", "-131", id="not approved"),
    pytest.param({"status": "DISABLE"}, "config", "-146", id="disabled"),
    pytest.param({"params": [*PARAMS, {"name": "khac"}]}, "config", "-1122", id="parameter missing"),
    pytest.param({"params": [{"name": "ten", "maxLength": 5}]}, "config", "-1121", id="parameter too long"),
    pytest.param({"params": [{"name": "link", "type": "NUMBER", "maxLength": 99}]}, "config", "-1124", id="wrong type"),
    pytest.param({"daily_quota": 0}, "wait_until", "-147", id="template's day is over"),
]


@pytest.mark.parametrize(("state", "kind", "code"), STATES)
def test_a_template_that_cannot_be_sent_is_named(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, state: dict[str, Any], kind: str, code: str
) -> None:
    register(zalo, **state)
    told = failure(zbs, digest(PHONE), now)
    assert (told.kind, told.code) == (kind, code)
    assert (DIGEST in told.detail) == (kind == "config")
    assert zalo.inbox() == []


@pytest.mark.parametrize(
    ("switches", "by_phone_code", "by_user_code"),
    [
        ({"balance": 100}, "-115", "-321"),
        ({"daily_quota": 0}, "-144", "-144"),
        ({"proof_required": True}, "-1241", "-242"),
    ],
    ids=["no money", "day over", "proof missing"],
)
def test_what_stops_the_account_stops_both(
    zalo: ZaloDouble,
    zbs: ZbsChannel,
    to_user: ZaloTemplateChannel,
    digest: Build,
    now: datetime,
    switches: dict[str, Any],
    by_phone_code: str,
    by_user_code: str,
) -> None:
    zalo.post("switches", **switches)
    assert failure(zbs, digest(PHONE), now).code == by_phone_code
    assert failure(to_user, digest("7001"), now).code == by_user_code
    assert zalo.inbox() == []


@pytest.mark.parametrize("code", [-124, -220, -216])
def test_a_token_that_ended_is_renewed_on_the_other_host_too(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, code: int
) -> None:
    zalo.post("switches", business_token_code=code)
    zalo.post("expire")
    zbs.send(digest(PHONE), now)
    assert len(zalo.inbox("7001")) == 1
    assert len(zalo.renewals()) == 1


# Written from the documentation, not from our tables.
ZBS_KINDS = {
    "auth": [-124, -216, -220],
    "temporary": [-32, -100],
    "wait_until": [-133, -144, -147],
    "permanent": [-108, -122],
    "other_channel": [-110, -114, -118, -119, -139, -140, -141],
    "unknown": [-160, -161, -162],
    "config": [
        *(-101, -102, -103, -104, -105, -106, -109, -111, -112, -113, -1131, -1121, -1122, -1124, -115, -117, -120),
        *(-121, -1241, -125, -126, -127, -131, -132, -135, -1351, -136, -137, -138, -145, -1441, -146, -1471, -1472),
    ],
}
ZBS_CODES = [(code, kind) for kind, codes in ZBS_KINDS.items() for code in codes]


def test_the_table_of_templates_holds_these_codes_and_no_others() -> None:
    assert sorted(code for code, _ in ZBS_CODES) == sorted(ZBS_MEANINGS)
    assert set(UID_MEANINGS) > set(ZBS_MEANINGS)
    assert UID_MEANINGS[-230].kind == "other_channel"


@pytest.mark.parametrize(("code", "kind"), ZBS_CODES)
def test_each_code_of_a_template_is_told_as_its_kind(now: datetime, code: int, kind: str) -> None:
    told = failure_for(code, "provider's words", now, ZBS_MEANINGS)
    assert (told.kind, told.code) == (kind, str(code))
    assert "provider's words" in told.detail
    assert (told.retry_at is not None) == (kind in ("wait_until", "temporary"))


@pytest.mark.parametrize(("code", "kind"), [(codes[0], kind) for kind, codes in ZBS_KINDS.items()])
def test_one_code_of_each_kind_is_one_call_and_no_message(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime, code: int, kind: str
) -> None:
    zalo.arm("code", path=WIRE, code=code, message="provider's words", times=-1)
    told = failure(zbs, digest(PHONE), now)
    assert (told.kind, told.code) == (kind, str(code))
    assert len(zalo.ledger(WIRE)) == (2 if kind == "auth" else 1)
    assert zalo.inbox() == []


FAULTS = [
    pytest.param("reset_after", {}, "unknown", 1, id="reset after accepting"),
    pytest.param("reset_before", {}, "unknown", 0, id="reset"),
    pytest.param("status_before", {"status": 503}, "temporary", 0, id="503"),
    pytest.param("html_after", {}, "unknown", 1, id="HTML"),
    pytest.param("empty_after", {}, "unknown", 1, id="empty"),
    pytest.param("truncated_after", {}, "unknown", 1, id="half a JSON"),
    pytest.param("code", {"code": -31999}, "unknown", 0, id="a code nobody knows"),
]


@pytest.mark.parametrize(("fault", "fields", "kind", "copies"), FAULTS)
def test_a_template_with_an_unknown_outcome_is_never_repeated(
    zalo: ZaloDouble,
    zbs: ZbsChannel,
    digest: Build,
    now: datetime,
    fault: str,
    fields: dict[str, Any],
    kind: str,
    copies: int,
) -> None:
    zalo.arm(fault, path=WIRE, **fields)
    assert failure(zbs, digest(PHONE), now).kind == kind
    assert len(zalo.inbox()) == copies
    assert len(zalo.ledger(WIRE)) <= 1


def test_a_string_error_with_unknown_fields_is_still_an_answer(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime
) -> None:
    zalo.arm("error_text", path=WIRE)
    assert zbs.send(digest(PHONE), now).provider_id


def test_at_night_a_template_waits_and_the_double_shows_why(
    zalo: ZaloDouble, zbs: ZbsChannel, to_user: ZaloTemplateChannel, zalo_channel: ZaloChannel, digest: Build
) -> None:
    night = datetime.fromisoformat("2026-03-17T22:00+07:00")
    zalo.post("clock", at=night.timestamp())
    token = zalo.grant()["access_token"]
    for channel, to in ((zbs, PHONE), (to_user, "7001")):
        told = failure(channel, digest(to), night)
        assert (told.kind, told.code) == ("wait_until", "night")
        assert told.retry_at == datetime.fromisoformat("2026-03-18T06:00+07:00")
    assert zalo.ledger() == []

    filled = {"ten": "A", "so_viec": "1", "ngay": "01/01/2026", "link": "x"}
    body = {"user_id": "7001", "template_id": DIGEST, "template_data": filled}
    assert zalo.call("POST", USER_PATH, headers={"access_token": token}, json=body).json()["error"] == 0
    assert zalo.inbox("7001")[0]["silent"]
    phone = {**body, "phone": PHONE, "tracking_id": "x"}
    assert zalo.call("POST", WIRE, headers={"access_token": token}, json=phone).json()["error"] == -133
    zalo.post("switches", zbs_at_night="accept")
    assert zalo.call("POST", WIRE, headers={"access_token": token}, json=phone).json()["error"] == 0


def test_doctor_names_the_template_and_the_parameter(zalo: ZaloDouble, zbs: ZbsChannel, now: datetime) -> None:
    zalo.post("templates", templates=[{"template_id": "300002", "status": "PENDING_REVIEW", "params": PARAMS[:1]}])
    (fault, *more) = zbs.check(now)
    # so_viec and ngay may have 30 characters by our file and 20 by Zalo's list.
    assert f"Mẫu {DIGEST}, tham số so_viec" in fault
    assert f"Mẫu {DIGEST}, tham số ngay" in more[0]
    assert "300002 đang ở trạng thái PENDING_REVIEW" in more[1]
    assert zalo.inbox() == []


def test_a_template_that_zalo_does_not_know_is_named_by_doctor(
    zalo: ZaloDouble, zbs: ZbsChannel, now: datetime
) -> None:
    (fault,) = zbs.check(now)
    assert "300002" in fault or DIGEST in fault


def test_a_broken_file_is_a_fault_of_its_own_channel(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, digest: Build, now: datetime, tmp_path: Path
) -> None:
    broken = by_phone(zalo, zalo_channel, tmp_path, "zbs:\n  digest: {template_id: x}\n")
    told = failure(broken, digest(PHONE), now)
    assert told.kind == "config"
    assert "zbs.digest.template_id" in told.detail
    assert zalo_channel.send(digest("7001"), now).provider_id


def test_a_link_is_never_cut(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, digest: Build, now: datetime, tmp_path: Path
) -> None:
    channel = by_phone(zalo, zalo_channel, tmp_path, FILE.replace("lengths: {link: 100}", "lengths: {link: 20}"))
    told = failure(channel, digest(PHONE), now)
    assert (told.kind, told.code) == ("config", "template-param")
    assert DIGEST in told.detail
    assert "link" in told.detail
    assert zalo.ledger() == []


def test_mentions_in_facts_call_nobody_and_blanks_are_filled(
    zalo: ZaloDouble, zbs: ZbsChannel, digest: Build, now: datetime
) -> None:
    zbs.send(digest(PHONE, facts={**FACTS, "to": "[@all]\n Bình"}), now)
    assert "ten: all Bình" in zalo.inbox("7001")[0]["text"]
    register(zalo, params=PARAMS[:1])
    zbs.send(digest(PHONE, facts={"count": "1"}), now)
    assert "ten: -" in zalo.inbox("7001")[1]["text"]
