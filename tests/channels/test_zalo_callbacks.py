"""What the double tells a webhook: signed by the true formula, told again, and disabled at last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channels.doubles import APP_ID, ZaloDouble
from tests.channels.hook_receiver import Receiver, receiving

OA_ID, SECRET = "2222222222222222222", "double-oa-secret"


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver for one test."""
    with receiving() as receiver:
        yield receiver


def tell(zalo: ZaloDouble, **event: Any) -> list[dict[str, Any]]:
    """One control call; the first attempts."""
    attempts: list[dict[str, Any]] = zalo.post("events", **event)
    return attempts


def mac_of(body: bytes, at: str, first: str = APP_ID, secret: str = SECRET) -> str:
    """The formula of the documentation, written a second time."""
    return hashlib.sha256(first.encode() + body + at.encode() + secret.encode()).hexdigest()


def test_the_formula_gives_the_known_vector() -> None:
    body = (
        '{"app_id":"3608465248940903967","sender":{"id":"246845883529197922"},"recipient":{"id":"388613280878808645"},'
        '"user_id_by_app":"552177279717587730","event_name":"user_send_text","message":{"text":"Đã nộp báo cáo",'
        '"msg_id":"96d3cdf3af150460909"},"timestamp":"1795170000000"}'
    )
    from dev.zalo_double.hooks import Hook, oa_headers

    ids = {"app_id": "3608465248940903967", "oa_id": "388613280878808645"}
    headers = oa_headers(Hook(secret="oa-secret-for-tests"), ids, body.encode(), "1795170000000")
    assert headers["X-ZEvent-Signature"] == "mac=8de367b6ee19068e2c89855d143cb2e48a25625309f74fd3816ab2ff04fa9579"


def test_saving_the_address_sends_an_unsigned_probe(zalo: ZaloDouble, hook: Receiver) -> None:
    assert zalo.post("webhook", url=hook.url) == {"probe": 200, "saved": True}
    (probe,) = hook.got
    assert probe.body == b"{}"
    assert "x-zevent-signature" not in probe.headers
    hook.status = 500
    assert zalo.post("webhook", url=hook.url)["saved"] is False


MODES = [
    pytest.param({}, APP_ID, "mac=", id="as most sources say"),
    pytest.param({"first_term": "oa_id"}, OA_ID, "mac=", id="the account's id first"),
    pytest.param({"mac_prefix": False}, APP_ID, "", id="no prefix"),
    pytest.param({"timestamp_in": "header"}, APP_ID, "mac=", id="time in a header"),
    pytest.param({"secret": "another one"}, APP_ID, "mac=", id="a key of its own"),
]


@pytest.mark.parametrize(("mode", "first", "prefix"), MODES)
def test_each_mode_signs_the_exact_bytes(
    zalo: ZaloDouble, hook: Receiver, mode: dict[str, Any], first: str, prefix: str
) -> None:
    zalo.post("webhook", url=hook.url, **mode)
    tell(zalo, event="user_send_text", user="7001", text="Đã nhận")
    got = hook.got[-1]
    event = json.loads(got.body)
    at = got.headers.get("x-zevent-timestamp", event["timestamp"])
    assert (at != event["timestamp"]) == (mode.get("timestamp_in") == "header")
    assert got.headers["x-zevent-signature"] == prefix + mac_of(got.body, at, first, mode.get("secret", SECRET))
    assert "Đã nhận".encode() in got.body


@pytest.mark.parametrize("spoil", ["wrong_secret", "hmac", "unsigned", "empty_mac", "altered_byte"])
def test_a_spoilt_event_does_not_verify(zalo: ZaloDouble, hook: Receiver, spoil: str) -> None:
    zalo.post("webhook", url=hook.url)
    tell(zalo, event="user_send_text", user="7001", text="xong", spoil=spoil)
    got = hook.got[-1]
    at = json.loads(got.body)["timestamp"]
    assert got.headers.get("x-zevent-signature") != f"mac={mac_of(got.body, at)}"


def test_follow_names_no_sender_and_seen_has_a_list(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    tell(zalo, event="follow", user="7050")
    tell(zalo, event="user_seen_message", user="7001", msg_ids=["a", "b"])
    follow, seen = (json.loads(one.body) for one in hook.got[-2:])
    assert follow["follower"]["id"] == "7050"
    assert not {"sender", "recipient"} & set(follow)
    assert seen["message"] == {"msg_ids": ["a", "b"]}
    assert (seen["sender"]["id"], seen["recipient"]["id"]) == (OA_ID, "7001")


def test_both_shapes_of_a_delivery_come_from_zns(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    for shape in ("zns_nested", "zns_flat"):
        tell(zalo, event=shape, phone="84987654321", tracking_id="obx-12", msg_id="m1")
    nested, flat = (json.loads(one.body) for one in hook.got[-2:])
    assert {one.headers["x-zevent-server"] for one in hook.got[-2:]} == {"ZNS"}
    assert (nested["recipient"], nested["message"]["tracking_id"]) == ({"id": "84987654321"}, "obx-12")
    assert (flat["recipient"], flat["tracking_id"]) == ("84987654321", "obx-12")


def test_what_is_not_taken_is_told_again_and_then_no_more(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    hook.status = 500
    tell(zalo, event="user_send_text", user="7001", text="xong")
    for seconds in (29, 1, 300, 900, 1800):
        zalo.post("clock", advance_seconds=seconds)
    assert [one.headers.get("num_retry") for one in hook.got[1:]] == [None, "1", "2", "3", "4"]
    assert len({one.body for one in hook.got[1:]}) == 1
    assert len({one.headers["x-zevent-signature"] for one in hook.got[1:]}) == 1
    zalo.post("clock", advance_seconds=3600)
    told = zalo.call("GET", "/_control/callbacks").json()
    assert told["disabled"]["oa"]
    assert told["waiting"] == []
    hook.status = 200
    assert tell(zalo, event="follow", user="7050")[0]["outcome"] == "disabled"
    assert len(hook.got) == 7


def test_one_jump_of_the_clock_tells_all_that_fell_due(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    hook.status = 503
    tell(zalo, event="user_send_text", user="7001", text="xong")
    zalo.post("clock", advance_seconds=86_400)
    assert len(hook.got) == 7


def test_a_slow_answer_counts_as_none(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url, seconds=0.2)
    hook.wait = 0.4
    assert tell(zalo, event="user_send_text", user="7001", text="xong")[0]["outcome"] == "timeout"
    hook.wait = 0
    zalo.post("clock", advance_seconds=30)
    assert hook.got[-1].headers["num_retry"] == "1"
    assert zalo.call("GET", "/_control/callbacks").json()["waiting"] == []


def test_with_the_other_reading_only_a_lost_connection_is_told_again(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url, retry_on="connection")
    hook.status = 500
    tell(zalo, event="user_send_text", user="7001", text="xong")
    zalo.post("clock", advance_seconds=86_400)
    assert len(hook.got) == 2


def test_events_come_twice_and_out_of_order(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    sent = [{"event": "user_send_text", "user": "7001", "text": word} for word in ("một", "hai")]
    tell(zalo, events=sent, order="reversed", copies=2)
    bodies = [json.loads(one.body) for one in hook.got[1:]]
    assert [one["message"]["text"] for one in bodies] == ["hai", "hai", "một", "một"]
    assert bodies[0]["timestamp"] > bodies[2]["timestamp"]
    assert len({one["message"]["msg_id"] for one in bodies}) == 2


def test_files_go_wrong_in_every_way(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("webhook", url=hook.url)
    zalo.post("files", key="a.docx", base64="TuG7mWkgZHVuZw==", type="application/x")
    files = [{"key": "a.docx", "name": "báo cáo.docx"}, {"mode": "expired"}, {"url": "http://169.254.169.254/x"}]
    tell(zalo, event="user_send_file", user="7001", files=files)
    payloads = [one["payload"] for one in json.loads(hook.got[-1].body)["message"]["attachments"]]
    assert payloads[0]["name"] == "báo cáo.docx"
    assert zalo.call("GET", payloads[0]["url"]).text == "Nội dung"
    assert zalo.call("GET", payloads[1]["url"]).status_code == 403
    assert payloads[2]["url"] == "http://169.254.169.254/x"
    redirect = zalo.call("GET", payloads[0]["url"].replace("/good/", "/redirect_inside/"))
    assert redirect.headers["location"].startswith("http://169.254.")


def test_the_bot_tells_with_a_secret_and_hides_the_words_of_some(zalo: ZaloDouble, hook: Receiver) -> None:
    zalo.post("bot_webhook", url=hook.url, secret="khoa-bot-8")
    tell(zalo, hook="bot", event="message.text.received", chat="c1", text="K7Q2")
    tell(zalo, hook="bot", event="message.unsupported.received", chat="c1")
    text, hidden = (json.loads(one.body)["result"] for one in hook.got)
    assert hook.got[0].headers["x-bot-api-secret-token"] == "khoa-bot-8"
    assert (text["message"]["chat"]["id"], text["message"]["text"]) == ("c1", "K7Q2")
    assert "text" not in hidden["message"]


def test_writing_opens_the_window_and_leaving_ends_it(zalo: ZaloDouble, hook: Receiver) -> None:
    token = zalo.grant()["access_token"]
    zalo.post("webhook", url=hook.url)

    def sent() -> int:
        body = {"recipient": {"user_id": "7060"}, "message": {"text": "chào"}}
        return int(zalo.call("POST", "/v3.0/oa/message/cs", headers={"access_token": token}, json=body).json()["error"])

    assert sent() == -201
    tell(zalo, event="follow", user="7060")
    assert sent() == 0
    tell(zalo, event="unfollow", user="7060")
    assert sent() == -213


@pytest.mark.parametrize("when", ["never", "before"])
def test_a_delivery_may_be_told_before_the_call_has_returned(zalo: ZaloDouble, hook: Receiver, when: str) -> None:
    token = zalo.grant()["access_token"]
    zalo.post("webhook", url=hook.url)
    zalo.post("switches", report_delivery=when)
    body = {"recipient": {"user_id": "7001"}, "message": {"text": "chào"}}
    reply = zalo.call("POST", "/v3.0/oa/message/cs", headers={"access_token": token}, json=body).json()
    told = [json.loads(one.body)["message"]["msg_id"] for one in hook.got[1:]]
    assert told == ([reply["data"]["message_id"]] if when == "before" else [])


def test_an_event_that_does_not_exist_is_refused(zalo: ZaloDouble) -> None:
    assert zalo.call("POST", "/_control/events", json={"event": "user_dances"}).status_code == 400
    assert zalo.call("POST", "/_control/webhook", json={"color": 1}).status_code == 400
