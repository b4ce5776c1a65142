"""The Zalo double keeps its own rules, asked by a stranger who knows nothing of our client."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.channels.doubles import APP_ID, APP_SECRET, ZaloDouble, running

CS = "/v3.0/oa/message/cs"
TOKENS = "/v4/oa/access_token"


def send(zalo: ZaloDouble, token: str, text: Any = "chào", to: Any = "7001", **headers: str) -> dict[str, Any]:
    """One consultation message; the reply."""
    body = {"recipient": {"user_id": to}, "message": {"text": text}}
    reply: dict[str, Any] = zalo.call("POST", CS, headers={"access_token": token, **headers}, json=body).json()
    return reply


def renew(zalo: ZaloDouble, refresh: str, secret: str = APP_SECRET) -> dict[str, Any]:
    """One renewal; the reply."""
    form = {"refresh_token": refresh, "app_id": APP_ID, "grant_type": "refresh_token"}
    answer = zalo.call("POST", TOKENS, headers={"secret_key": secret}, data=form)
    assert answer.status_code == 200
    reply: dict[str, Any] = answer.json()
    return reply


def test_success_looks_like_zalo(zalo: ZaloDouble) -> None:
    reply = send(zalo, zalo.grant()["access_token"])
    assert (reply["error"], reply["message"]) == (0, "Success")
    assert isinstance(reply["data"]["message_id"], str)
    assert isinstance(reply["data"]["sent_time"], str)
    assert reply["data"]["user_id"] == "7001"


def test_each_accepted_call_is_one_more_copy(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    for _ in range(3):
        send(zalo, token)
    assert len({one["message_id"] for one in zalo.inbox("7001")}) == 3


def test_bearer_is_not_read(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    body = {"recipient": {"user_id": "7001"}, "message": {"text": "chào"}}
    reply = zalo.call("POST", CS, headers={"Authorization": f"Bearer {token}"}, json=body)
    assert (reply.status_code, reply.json()["error"]) == (200, -216)
    assert zalo.inbox() == []


@pytest.mark.parametrize("path", ["/v3.0/oa/message/transaction", "/v3.0/oa/message/promotion", "/v2.0/oa/message"])
def test_what_zalo_shut_stays_shut(zalo: ZaloDouble, path: str) -> None:
    reply = zalo.call("POST", path, headers={"access_token": zalo.grant()["access_token"]}, json={})
    assert reply.json()["error"] == -240


def test_length_counts_characters_as_they_come(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    text = "đơn hàng đã được xác nhận " * 76
    assert send(zalo, token, unicodedata.normalize("NFD", text))["error"] == -210
    assert send(zalo, token, unicodedata.normalize("NFC", text))["error"] == 0


@pytest.mark.parametrize("to", ["7777", "", 7001, None], ids=["stranger", "empty", "number", "nothing"])
def test_an_id_that_is_no_known_string_is_refused(zalo: ZaloDouble, to: Any) -> None:
    assert send(zalo, zalo.grant()["access_token"], to=to)["error"] == -201


def test_a_token_ends_by_the_clock_and_dies_by_renewal(zalo: ZaloDouble) -> None:
    pair = zalo.grant()
    assert pair["expires_in"] == "90000"
    zalo.post("clock", advance_seconds=89_000)
    zalo.people({"user_id": "7001", "hours_since_interaction": 1})
    assert send(zalo, pair["access_token"])["error"] == 0
    zalo.post("clock", advance_seconds=1_001)
    assert send(zalo, pair["access_token"])["error"] == -220
    fresh = renew(zalo, pair["refresh_token"])
    assert send(zalo, pair["access_token"])["error"] == -216
    assert send(zalo, fresh["access_token"])["error"] == 0


def test_a_refresh_token_serves_once(zalo: ZaloDouble) -> None:
    pair = zalo.grant()
    assert "access_token" in renew(zalo, pair["refresh_token"])
    again = renew(zalo, pair["refresh_token"])
    assert again["error"] == -14020
    assert again["error_name"]


def test_of_two_renewals_at_once_one_wins(zalo: ZaloDouble) -> None:
    refresh = zalo.grant()["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: renew(zalo, refresh), range(8)))
    assert len([one for one in replies if "access_token" in one]) == 1


def test_a_refresh_token_ends_after_three_months(zalo: ZaloDouble) -> None:
    refresh = zalo.grant()["refresh_token"]
    zalo.post("clock", advance_seconds=91 * 86_400)
    assert renew(zalo, refresh)["error"] == -14020


def test_the_secret_is_required(zalo: ZaloDouble) -> None:
    refresh = zalo.grant()["refresh_token"]
    assert "error" in renew(zalo, refresh, secret="sai")
    assert "access_token" in renew(zalo, refresh)


def test_the_proof_is_asked_when_switched_on(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    zalo.post("switches", proof_required=True)
    proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    assert send(zalo, token)["error"] == -242
    assert send(zalo, token, appsecret_proof=proof)["error"] == 0


def test_limits_count_and_are_told(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    zalo.post("switches", app_per_minute=2)
    reply = zalo.call("GET", "/v2.0/oa/getoa", headers={"access_token": token})
    assert (reply.headers["X-RateLimit-Limit"], reply.headers["X-RateLimit-Remain"]) == ("2", "1")
    send(zalo, token)
    refused = send(zalo, token)
    assert refused["error"] == -32
    assert "Application" in refused["message"]
    zalo.post("clock", advance_seconds=61)
    assert send(zalo, token)["error"] == 0


def test_the_conversation_shows_what_was_sent(zalo: ZaloDouble) -> None:
    token = zalo.grant()["access_token"]
    for number in range(12):
        send(zalo, token, f"tin {number}")
    asked = {"data": '{"user_id":"7001","offset":0}'}
    reply = zalo.call("GET", "/v2.0/oa/conversation", headers={"access_token": token}, params=asked).json()
    assert [one["message"] for one in reply["data"]][:2] == ["tin 11", "tin 10"]
    assert len(reply["data"]) == 10


def test_no_token_stands_in_the_ledger(zalo: ZaloDouble) -> None:
    pair = zalo.grant()
    send(zalo, pair["access_token"])
    renew(zalo, pair["refresh_token"])
    written = str(zalo.ledger())
    assert pair["access_token"] not in written
    assert pair["refresh_token"] not in written


def test_a_fault_that_does_not_exist_is_refused(zalo: ZaloDouble) -> None:
    assert zalo.call("POST", "/_control/faults", json={"kind": "flood"}).status_code == 400


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    arguments = ("dev.zalo_double", "--port", "0", "--state", str(tmp_path), "--open")
    with running(*arguments) as (url,):
        first = ZaloDouble(url)
        pair = first.grant()
        send(first, pair["access_token"], to="7555")
    with running(*arguments) as (url,):
        second = ZaloDouble(url)
        assert [one["to"] for one in second.inbox()] == ["7555"]
        assert send(second, pair["access_token"], to="7555")["error"] == 0
        assert "access_token" in renew(second, pair["refresh_token"])
