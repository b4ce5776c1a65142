"""More rules of the Zalo double, asked by a stranger: templates, telephones, files, money, consent by name."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.doubles import ZaloDouble, running

CS, GROUP, USER = "/v3.0/oa/message/cs", "/v3.0/oa/group/message", "/v3.0/oa/message/template"
PHONE, HASHED = "/business/message/template", "/business/message/template/hashphone"
NUMBER = "84987654321"
WEEK = 7 * 86_400


@pytest.fixture
def token(zalo: ZaloDouble) -> str:
    """A token; it is ten in the morning, one template is approved, one telephone has Zalo."""
    zalo.post("clock", at=datetime.fromisoformat("2026-03-17T10:00+07:00").timestamp())
    zalo.people({"user_id": "7001", "phone": NUMBER, "hours_since_interaction": 1})
    zalo.post("templates", templates=[{"template_id": "300001"}])
    return zalo.grant()["access_token"]


def call(zalo: ZaloDouble, token: str, path: str, **body: Any) -> dict[str, Any]:
    """One POST; the reply."""
    reply: dict[str, Any] = zalo.call("POST", path, headers={"access_token": token}, json=body).json()
    return reply


def by_phone(zalo: ZaloDouble, token: str, **changes: Any) -> dict[str, Any]:
    """One template by telephone number."""
    body = {"phone": NUMBER, "template_id": "300001", "template_data": {}, "tracking_id": "t1", **changes}
    return call(zalo, token, PHONE, **body)


def test_the_two_hosts_name_the_id_differently(zalo: ZaloDouble, token: str) -> None:
    phone = by_phone(zalo, token)["data"]
    user = call(zalo, token, USER, user_id="7001", template_id="300001", template_data={})["data"]
    assert phone["quota"] == {"dailyQuota": "500", "remainingQuota": "499"}
    assert set(phone) == {"msg_id", "sent_time", "sending_mode", "quota"}
    assert user["quota"] == {"quota_type": "sub_quota", "remain": "498"}
    assert [one["message_id"] for one in zalo.inbox("7001")] == [phone["msg_id"], user["message_id"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"phone": "0987654321"}, -108, id="national form"),
        pytest.param({"phone": "84111111111"}, -118, id="nobody's number"),
        pytest.param({"tracking_id": "x" * 49}, -122, id="tracking id too long"),
        pytest.param({"tracking_id": None}, -122, id="no tracking id"),
        pytest.param({"template_id": "9"}, -109, id="unknown template"),
        pytest.param({"template_data": []}, -112, id="data is a list"),
        pytest.param({"mode": "test"}, -122, id="unknown mode"),
        pytest.param({"mode": "development"}, -127, id="development, no administrator"),
    ],
)
def test_what_the_business_host_refuses(zalo: ZaloDouble, token: str, changes: dict[str, Any], code: int) -> None:
    assert by_phone(zalo, token, **changes)["error"] == code
    assert zalo.inbox() == []


def test_a_longest_tracking_id_is_taken(zalo: ZaloDouble, token: str) -> None:
    assert by_phone(zalo, token, tracking_id="x" * 48)["error"] == 0


@pytest.mark.parametrize(("who", "code"), [(NUMBER, 0), ("84111111111", -118)])
def test_a_hashed_number_finds_its_telephone(zalo: ZaloDouble, token: str, who: str, code: int) -> None:
    hashed = hashlib.sha256(who.encode()).hexdigest()
    body = {"hash_phone": hashed, "template_id": "300001", "template_data": {}, "tracking_id": "t1"}
    assert call(zalo, token, HASHED, **body)["error"] == code


def test_a_template_that_is_not_for_users_and_one_of_promotion(zalo: ZaloDouble, token: str) -> None:
    zalo.post("templates", templates=[{"template_id": "1", "by_user": False}, {"template_id": "2", "tag": 3}])
    assert call(zalo, token, USER, user_id="7001", template_id="1", template_data={})["error"] == -249
    assert call(zalo, token, USER, user_id="7001", template_id="2", template_data={})["error"] == 0
    zalo.post("clock", at=datetime.fromisoformat("2026-03-17T22:00+07:00").timestamp())
    assert call(zalo, token, USER, user_id="7001", template_id="2", template_data={})["error"] == -234


@pytest.mark.parametrize(
    ("clock", "code", "silent"),
    [("21:59", 0, False), ("22:00", -133, True), ("05:59", -133, True), ("06:00", 0, False)],
)
def test_the_hours_of_each_kind(zalo: ZaloDouble, token: str, clock: str, code: int, silent: bool) -> None:
    zalo.post("clock", at=datetime.fromisoformat(f"2026-03-17T{clock}+07:00").timestamp())
    zalo.people({"user_id": "7001", "phone": NUMBER, "hours_since_interaction": 1})
    token = zalo.grant()["access_token"]
    words = {"recipient": {"user_id": "7001"}, "message": {"text": "chào"}}
    group = {"recipient": {"group_id": "9001"}, "message": {"text": "chào"}}
    assert by_phone(zalo, token)["error"] == code
    assert call(zalo, token, USER, user_id="7001", template_id="300001", template_data={})["error"] == 0
    assert call(zalo, token, CS, **words)["error"] == call(zalo, token, GROUP, **group)["error"] == 0
    assert [one["silent"] for one in zalo.inbox() if one["way"] != "zbs"] == [silent, False, False]


def test_money_is_counted_and_runs_out(zalo: ZaloDouble, token: str) -> None:
    zalo.post("switches", balance=1500)
    zalo.people({"user_id": "7009", "hours_since_interaction": 50})
    call(zalo, token, CS, recipient={"user_id": "7001"}, message={"text": "trong 48 giờ"})
    call(zalo, token, CS, recipient={"user_id": "7009"}, message={"text": "ngoài 48 giờ"})
    by_phone(zalo, token)
    call(zalo, token, USER, user_id="7001", template_id="300001", template_data={})
    assert by_phone(zalo, token)["error"] == -115
    assert call(zalo, token, USER, user_id="7001", template_id="300001", template_data={})["error"] == -321
    billing = zalo.call("GET", "/_control/billing").json()
    counted = {"consultation_free": 1, "consultation_paid": 1, "template_phone": 1, "template_user": 1}
    assert billing == {**counted, "dong": 55 + 800 + 560}


def test_the_quota_of_a_day_comes_back_the_next_day(zalo: ZaloDouble, token: str) -> None:
    zalo.post("switches", daily_quota=1)
    assert by_phone(zalo, token)["error"] == 0
    assert by_phone(zalo, token)["error"] == -144
    zalo.post("clock", advance_seconds=86_400)
    assert by_phone(zalo, token)["error"] == 0


def test_what_became_of_a_message_can_be_asked(zalo: ZaloDouble, token: str) -> None:
    sent = by_phone(zalo, token)["data"]["msg_id"]

    def status(message_id: str) -> int:
        headers, query = {"access_token": token}, {"message_id": message_id}
        reply = zalo.call("GET", "/business/message/status", headers=headers, params=query).json()
        return int(reply["data"]["status"])

    assert (status(sent), status("x")) == (1, -1)


def upload(zalo: ZaloDouble, token: str, kind: str, name: str, size: int) -> dict[str, Any]:
    """One upload; the reply."""
    files = {"file": (name, b"x" * size)}
    path = f"/v2.0/oa/upload/{kind}"
    reply: dict[str, Any] = zalo.call("POST", path, headers={"access_token": token}, files=files).json()
    return reply


UPLOADS = [("file", "a.pdf", 10, 0), ("file", "a.exe", 10, -201), ("file", "a.pdf", 5 * 1024 * 1024 + 1, -210)]
UPLOADS += [("image", "a.png", 10, 0), ("image", "a.pdf", 10, -201), ("image", "a.jpg", 1024 * 1024 + 1, -210)]


@pytest.mark.parametrize(("kind", "name", "size", "code"), UPLOADS)
def test_only_some_files_are_taken(zalo: ZaloDouble, token: str, kind: str, name: str, size: int, code: int) -> None:
    assert upload(zalo, token, kind, name, size)["error"] == code


def test_an_uploaded_file_lives_a_week(zalo: ZaloDouble, token: str) -> None:
    attachment = {"type": "file", "payload": {"token": upload(zalo, token, "file", "a.pdf", 9)["data"]["token"]}}
    group = {"recipient": {"group_id": "9001"}, "message": {"attachment": attachment}}
    assert call(zalo, token, GROUP, **group)["error"] == 0
    zalo.post("clock", advance_seconds=WEEK + 1)
    assert call(zalo, zalo.grant()["access_token"], GROUP, **group)["error"] == -100


def test_consent_may_end_by_name_or_without_a_word(zalo: ZaloDouble, token: str) -> None:
    words = {"recipient": {"user_id": "7001"}, "message": {"text": "chào"}}
    zalo.post("revoke", named=True)
    assert (call(zalo, token, CS, **words)["error"], by_phone(zalo, token)["error"]) == (-223, -124)
    other = zalo.grant()["access_token"]
    zalo.post("revoke")
    assert (call(zalo, other, CS, **words)["error"], by_phone(zalo, other)["error"]) == (-216, -124)


def test_a_wrong_callback_is_refused_on_the_consent_page(tmp_path: Path) -> None:
    with running("dev.zalo_double", "--port", "0", "--state", str(tmp_path), "--redirect", "http://a/zalo") as (url,):
        asked = {"app_id": "1111111111111111111", "redirect_uri": "http://b/zalo", "code_challenge": "x"}
        double = ZaloDouble(url)
        assert double.call("GET", "/v4/oa/permission", params=asked).json()["error"] == -14003
        right = {**asked, "redirect_uri": "http://a/zalo"}
        assert "Cho phép" in double.call("GET", "/v4/oa/permission", params=right).text
