"""The webhooks: verified over the exact bytes, kept before they answer, acted on behind the request, once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from cli.doctor_command import check_webhooks
from db.models import InboundMessage, Message, SubmissionFigure, Suppression
from notifications.suppressions import suppress
from submissions.inbound import calibration, spool
from submissions.inbound.signatures import zalo_variant
from submissions.inbound.taking import handle_waiting
from tests.inbound.inbound_world import CALENDAR, HOA_BOT, HOA_ZALO, NOW, InboundWorld
from tests.submissions.answer_builders import PDF
from web.app import create_app

APP, OA, SECRET = "3608465248940903967", "388613280878808645", "oa-secret-for-tests"
VECTOR = (
    '{"app_id":"3608465248940903967","sender":{"id":"246845883529197922"},"recipient":{"id":"388613280878808645"},'
    '"user_id_by_app":"552177279717587730","event_name":"user_send_text","message":{"text":"Đã nộp báo cáo",'
    '"msg_id":"96d3cdf3af150460909"},"timestamp":"1795170000000"}'
).encode()
VECTOR_MAC = "8de367b6ee19068e2c89855d143cb2e48a25625309f74fd3816ab2ff04fa9579"
KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def client(world: InboundWorld) -> Iterator[TestClient]:
    world.settings = world.settings.model_copy(update={"webhook_in_secret": SecretStr(KEY)})
    with TestClient(create_app(world.settings, lambda: NOW)) as found:
        yield found


def event(name: str = "user_send_text", text: str = "đã nhận", number: str = "m1", **fields: Any) -> dict[str, Any]:
    body = {
        "app_id": APP,
        "sender": {"id": HOA_ZALO},
        "recipient": {"id": OA},
        "event_name": name,
        "message": {"text": text, "msg_id": number},
        "timestamp": str(int(NOW.timestamp() * 1000)),
    }
    return {key: value for key, value in (body | fields).items() if value is not None}


def mac_of(raw: bytes, first: str = APP, stamp: str = "", secret: str = SECRET) -> str:
    stamp = stamp or str(json.loads(raw)["timestamp"])
    return hashlib.sha256(first.encode() + raw + stamp.encode() + secret.encode()).hexdigest()


def tell(client: TestClient, body: dict[str, Any], **headers: str) -> int:
    raw = json.dumps(body, ensure_ascii=False).encode()
    sent = {"X-ZEvent-Signature": f"mac={mac_of(raw)}", "Content-Type": "application/json"} | headers
    return int(client.post("/hooks/zalo", content=raw, headers=sent).status_code)


def settled(world: InboundWorld, count: int = 1) -> list[InboundMessage]:
    """The rows, once so many are settled and nothing waits on disk."""
    for _ in range(200):
        rows = world.rows()
        done = [row for row in rows if row.state != "received"]
        if len(done) >= count and not spool.waiting(world.settings.home):
            return rows
        time.sleep(0.02)
    raise AssertionError([(row.state, row.outcome) for row in world.rows()])


def test_the_known_vector_holds_and_is_kept_with_its_bytes(client: TestClient, world: InboundWorld) -> None:
    assert zalo_variant(VECTOR, {"x-zevent-signature": f"mac={VECTOR_MAC}"}, APP, SECRET) == "app_id + body"
    answer = client.post("/hooks/zalo", content=VECTOR, headers={"X-ZEvent-Signature": VECTOR_MAC})
    assert answer.status_code == 200
    (row,) = settled(world)
    assert (row.text, row.sender, row.dedupe_key) == ("Đã nộp báo cáo", HOA_ZALO, "zalo:96d3cdf3af150460909")
    assert row.raw_sha256 == hashlib.sha256(VECTOR).hexdigest()
    assert calibration.known(world.settings.home).variant == "app_id + body"


@pytest.mark.parametrize(
    ("name", "first", "header"),
    [
        ("app_id + body", APP, ""),
        ("oa_id + body", OA, ""),
        ("app_id + header", APP, "17"),
        ("oa_id + header", OA, "17"),
    ],
)
@pytest.mark.parametrize("prefix", ["mac=", ""])
def test_each_form_of_the_signature_holds(name: str, first: str, header: str, prefix: str) -> None:
    raw = json.dumps(event()).encode()
    headers = {"x-zevent-signature": prefix + mac_of(raw, first, header), "x-zevent-timestamp": header}
    assert zalo_variant(raw, headers, APP, SECRET) == name


def spoilt(raw: bytes) -> dict[str, tuple[bytes, dict[str, str]]]:
    mac = mac_of(raw)
    return {
        "none": (raw, {}),
        "empty": (raw, {"x-zevent-signature": ""}),
        "only the prefix": (raw, {"x-zevent-signature": "mac="}),
        "another byte": (raw + b" ", {"x-zevent-signature": f"mac={mac}"}),
        "another secret": (raw, {"x-zevent-signature": mac_of(raw, secret="other")}),
        "an HMAC": (raw, {"x-zevent-signature": hmac.digest(SECRET.encode(), raw, "sha256").hex()}),
        "cut": (raw, {"x-zevent-signature": mac[:-1]}),
        "letters beyond ASCII": (raw, {"x-zevent-signature": "mac=đđđ"}),
        "no JSON": (b"\xff\xfe", {"x-zevent-signature": mac}),
        "a list": (b"[]", {"x-zevent-signature": mac}),
        "deep": (b"[" * 100_000, {"x-zevent-signature": mac}),
    }


def test_what_is_not_signed_is_refused_before_any_database(
    client: TestClient, world: InboundWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(client.app.state.edge), "transaction", None)  # type: ignore[attr-defined]
    told: dict[str, int] = {}
    for name, (raw, headers) in spoilt(json.dumps(event()).encode()).items():
        sent = {key: value.encode() for key, value in headers.items()}
        told[name] = client.post("/hooks/zalo", content=raw, headers=sent).status_code
    assert set(told.values()) == {401}, told
    assert spool.waiting(world.settings.home) == []
    assert world.rows() == []


def test_the_probe_gets_200_and_does_nothing(client: TestClient, world: InboundWorld) -> None:
    assert client.post("/hooks/zalo", content=b"{}").status_code == 200
    assert not spool.room(world.settings.home).exists()


def test_samples_of_what_did_not_hold_are_few_and_go_with_the_first_that_holds(
    client: TestClient, world: InboundWorld
) -> None:
    home = world.settings.home
    for number in range(9):
        client.post("/hooks/zalo", content=json.dumps(event(number=str(number))).encode())
    assert calibration.known(home) == calibration.Calibration(samples=3)
    assert "chưa khớp" in calibration.words(world.settings)
    tell(client, event())
    settled(world)
    assert calibration.known(home).samples == 0
    assert "app_id + body" in calibration.words(world.settings)


def test_told_again_does_nothing_twice(client: TestClient, world: InboundWorld) -> None:
    world.sent([world.ground.occurrence])
    assert [tell(client, event(), num_retry=str(number)) for number in range(4)] == [200] * 4
    (row,) = settled(world)
    assert row.state == "handled"
    assert len(world.replies()) == 1


def test_a_database_that_is_locked_delays_nothing_and_loses_nothing(client: TestClient, world: InboundWorld) -> None:
    with world.transaction():
        began = time.monotonic()
        assert tell(client, event()) == 200
        assert time.monotonic() - began < 1.5
        assert len(spool.waiting(world.settings.home)) == 1
    settled(world)


def test_a_file_inside_the_network_is_not_fetched(client: TestClient, world: InboundWorld) -> None:
    address = "http://169.254.169.254/latest/meta-data/"
    attached = [{"type": "file", "payload": {"url": address, "name": "bao-cao.pdf", "size": "10"}}]
    tell(client, event("user_send_file", message={"msg_id": "f1", "attachments": attached}))
    (row,) = settled(world)
    assert (row.state, row.data["files"], row.data["missing"][0]["name"]) == ("waiting", [], "bao-cao.pdf")
    assert "Đề nghị gửi lại tệp" in world.replies()[0].text
    assert world.occurrence().state == "open"


def test_unfollowing_bars_the_address_and_following_lifts_the_bar(client: TestClient, world: InboundWorld) -> None:
    gone: dict[str, Any] = {"sender": None, "recipient": None, "message": None, "oa_id": OA}
    gone["follower"] = {"id": HOA_ZALO}
    tell(client, event("unfollow", **gone))
    settled(world)
    with world.transaction() as session:
        (bar,) = session.query(Suppression).all()
        assert (bar.channel, bar.address, bar.source, bar.lifted_at) == ("zalo", HOA_ZALO, "left", None)
    tell(client, event("follow", **gone))
    settled(world, 2)
    with world.transaction() as session:
        assert session.query(Suppression).one().lifted_at is not None
    assert world.replies() == []


@pytest.mark.parametrize(("source", "lifted"), [("refused", True), ("left", True), ("person", False)])
def test_who_writes_to_us_is_written_to_again_unless_an_officer_barred_him(
    client: TestClient, world: InboundWorld, source: Any, lifted: bool
) -> None:
    words: dict[str, Any] = {
        "source": source,
        "reason": "Tài khoản bị khóa.",
        "now": NOW - timedelta(days=1),
        "code": "-227",
    }
    with world.transaction() as session:
        for channel in ("zalo", "zalo_template", "email"):
            suppress(session, channel, HOA_ZALO, **words)
    tell(client, event(message={"msg_id": "back", "text": "chào"}))
    settled(world)
    with world.transaction() as session:
        open_yet = {bar.channel: bar.lifted_at is None for bar in session.query(Suppression)}
    assert open_yet == {"zalo": not lifted, "zalo_template": not lifted, "email": True}


def test_delivered_and_seen_are_noted_on_the_message(client: TestClient, world: InboundWorld) -> None:
    number = world.sent([world.ground.occurrence], provider_id="zm-1", attempts=1)
    tell(client, event("user_received_message", message={"msg_id": "zm-1"}))
    tell(client, event("user_seen_message", message={"msg_ids": ["zm-1", "zm-unknown"]}))
    settled(world, 2)
    with world.transaction() as session:
        message = session.get(Message, number)
        assert message is not None
        assert message.delivered_at is not None
        assert message.seen_at is not None


@pytest.mark.parametrize("flat", [False, True])
def test_both_shapes_of_a_template_report_are_read(client: TestClient, world: InboundWorld, flat: bool) -> None:
    number = world.sent([world.ground.occurrence], "zbs", attempts=1)
    report = {"delivery_time": str(int(NOW.timestamp() * 1000)), "msg_id": "z1", "tracking_id": f"obx-{number}"}
    body = event("user_received_message", message=None if flat else report, **(report if flat else {}))
    tell(client, body | {"sender": OA, "recipient": "84900000000"}, **{"X-ZEvent-Server": "ZNS"})
    (row,) = settled(world)
    assert (row.channel, row.kind, row.message_id) == ("zbs", "delivered", number)


def test_a_report_that_overtakes_its_message_waits_for_it(client: TestClient, world: InboundWorld) -> None:
    tell(client, event("user_received_message", message={"msg_id": "zm-2"}))
    for _ in range(100):
        if world.rows() and world.rows()[0].attempts:
            break
        time.sleep(0.02)
    (row,) = world.rows()
    assert (row.state, row.attempts) == ("received", 1)
    world.sent([world.ground.occurrence], provider_id="zm-2", attempts=1)
    assert handle_waiting(world.transaction, NOW + timedelta(seconds=40), CALENDAR, world.settings) == 1
    assert world.rows()[0].outcome == "Tin đã tới."


@pytest.mark.parametrize("name", ["oa_send_text", "user_send_sticker", "user_send_group_text", "no_such_event"])
def test_what_says_nothing_to_us_is_kept_nowhere(client: TestClient, world: InboundWorld, name: str) -> None:
    assert tell(client, event(name)) == 200
    for _ in range(100):
        if not spool.waiting(world.settings.home):
            break
        time.sleep(0.02)
    assert world.rows() == []


def test_what_a_citizen_writes_to_the_public_account_is_not_kept(client: TestClient, world: InboundWorld) -> None:
    tell(client, event(text="Cho hỏi làm căn cước ở đâu, tôi tên Nguyễn Văn Dân", sender={"id": "citizen"}))
    (row,) = settled(world)
    assert (row.state, row.text, row.raw_sha256) == ("ignored", "", None)
    assert world.replies() == []
    kept = list((world.settings.home / "files").rglob("*"))
    assert not [path for path in kept if path.is_file()]


def test_an_unlinked_person_who_answers_a_duty_is_told_how_to_link(client: TestClient, world: InboundWorld) -> None:
    tell(client, event(text=f"Đã hoàn thành {world.code()}", sender={"id": "unlinked"}))
    (row,) = settled(world)
    assert row.state == "waiting"
    (reply,) = world.replies()
    assert (reply.address, reply.person_id) == ("unlinked", None)
    assert "mã liên kết" in reply.text


def tell_bot(client: TestClient, text: str | None, secret: str = "bot-secret-for-tests", **more: Any) -> int:
    message = {"from": {"id": HOA_BOT}, "chat": {"id": HOA_BOT, "chat_type": "PRIVATE"}, "message_id": "b1"}
    message |= {"date": int(NOW.timestamp() * 1000)} | ({"text": text} if text else {}) | more
    name = "message.text.received" if text else "message.unsupported.received"
    body = {"ok": True, "result": {"event_name": name, "message": message}}
    return int(client.post("/hooks/zalo-bot", json=body, headers={"X-Bot-Api-Secret-Token": secret}).status_code)


def test_the_bot_is_known_by_its_secret_and_answered_on_its_own_channel(
    client: TestClient, world: InboundWorld
) -> None:
    assert tell_bot(client, "đã nhận", "wrong-secret") == 401
    assert tell_bot(client, "đã nhận", "") == 401
    assert tell_bot(client, "đã nhận") == 200
    (row,) = settled(world)
    assert (row.channel, row.state) == ("zalo_bot", "handled")
    assert (world.replies()[0].channel, world.replies()[0].address) == ("zalo_bot", HOA_BOT)


def test_what_the_bot_may_not_show_waits_for_a_person(client: TestClient, world: InboundWorld) -> None:
    tell_bot(client, None)
    assert settled(world)[0].state == "waiting"


def post_signed(
    client: TestClient, body: object, number: str = "w1", key: str = KEY, age: timedelta = timedelta(), old: str = ""
) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = (NOW - age).astimezone(UTC)
    signature = Webhook(key).sign(number, at, raw.decode("latin-1"))
    headers = {"webhook-id": number, "webhook-timestamp": str(int(at.timestamp()))}
    return client.post("/hooks/nop", content=raw, headers=headers | {"webhook-signature": f"{old} {signature}".strip()})


def submission(world: InboundWorld, **fields: Any) -> dict[str, Any]:
    files = [{"name": "bao-cao.pdf", "content_base64": base64.b64encode(PDF).decode()}]
    return {"type": "submission", "data": {"code": world.code(), "text": "Kết quả", "files": files} | fields}


def test_a_gateway_posts_a_submission_with_figures(client: TestClient, world: InboundWorld) -> None:
    figures = {"Tỷ lệ hồ sơ giải quyết đúng hạn": "92,5", "số buổi TẬP HUẤN kỹ năng số": 12}
    answer = post_signed(client, submission(world, figures=figures, sender="Phần mềm một cửa"), old="v1,b2xk")
    assert (answer.status_code, answer.json()) == (202, {"status": "received", "id": "w1"})
    (row,) = settled(world)
    one = world.occurrence()
    (kept,) = one.submissions
    assert (row.state, one.state, kept.via) == ("handled", "submitted", "webhook")
    assert kept.sent_by == "cổng của cơ quan (Phần mềm một cửa)"
    with world.transaction() as session:
        assert sorted(figure.value for figure in session.query(SubmissionFigure)) == [12.0, 92.5]
    post_signed(client, submission(world, text="khác"), age=timedelta(seconds=30))
    settled(world)
    assert len(world.occurrence().submissions) == 1


def test_a_gateway_posts_nil(client: TestClient, world: InboundWorld) -> None:
    post_signed(client, submission(world, kind="nil", files=[], text=""))
    settled(world)
    assert world.occurrence().submissions[0].kind == "nil"


def test_what_a_gateway_posts_wrongly_is_told_at_once(client: TestClient, world: InboundWorld) -> None:
    cases: dict[str, tuple[Any, int]] = {
        "type": (post_signed(client, {"type": "other"}), 422),
        "list": (post_signed(client, [1]), 422),
        "code": (post_signed(client, submission(world, code="DD-1-AAAA")), 422),
        "base64": (post_signed(client, submission(world, files=[{"name": "a.pdf", "content_base64": "*"}])), 422),
        "no name": (post_signed(client, submission(world, files=[{"content_base64": "QQ=="}])), 422),
        "eleven": (post_signed(client, submission(world, files=[{}] * 11)), 422),
        "figures": (post_signed(client, submission(world, figures=[1])), 422),
        "long": (post_signed(client, submission(world, text="x" * 20_001)), 422),
        "large": (post_signed(client, submission(world, files=[_large()])), 422),
        "old": (post_signed(client, submission(world), age=timedelta(minutes=6)), 401),
        "ahead": (post_signed(client, submission(world), age=timedelta(minutes=-6)), 401),
        "key": (post_signed(client, submission(world), key="whsec_" + base64.b64encode(b"z" * 32).decode()), 401),
        "bytes": (post_signed(client, b"\xff"), 401),
        "unsigned": (client.post("/hooks/nop", json=submission(world)), 401),
    }
    told = {name: answer.status_code for name, (answer, _) in cases.items()}
    assert told == {name: status for name, (_, status) in cases.items()}
    assert all(answer.json()["error"] for answer, _ in cases.values())
    assert (world.rows(), spool.waiting(world.settings.home)) == ([], [])


def _large() -> dict[str, str]:
    return {"name": "to.pdf", "content_base64": base64.b64encode(PDF + b"0" * (1 << 20)).decode()}


def test_an_unknown_figure_waits_for_a_person(client: TestClient, world: InboundWorld) -> None:
    post_signed(client, submission(world, figures={"Chỉ tiêu lạ": "1"}))
    (row,) = settled(world)
    assert row.state == "waiting"
    assert "Chỉ tiêu lạ" in row.outcome


def test_hooks_that_are_not_set_up_are_not_there(world: InboundWorld) -> None:
    empty = {"zalo_oa_secret": SecretStr(""), "zalo_bot_secret": SecretStr("")}
    with TestClient(create_app(world.settings.model_copy(update=empty), lambda: NOW)) as client:
        assert [client.post(f"/hooks/{name}", content=b"x").status_code for name in ("zalo", "zalo-bot", "nop")] == [
            404
        ] * 3


def test_a_server_that_starts_takes_up_what_was_left(world: InboundWorld) -> None:
    raw = json.dumps(event()).encode()
    spool.put(world.settings.home, spool.ZALO, raw, {}, NOW)
    with TestClient(create_app(world.settings, lambda: NOW)):
        (row,) = settled(world)
    assert row.state == "handled"


def test_the_doctor_tells_of_the_signature_and_of_a_bad_key(world: InboundWorld) -> None:
    settings = world.settings.model_copy(update={"webhook_in_secret": SecretStr("whsec_short")})
    found = list(check_webhooks(settings))
    assert [check.level for check in found] == ["warn", "bad"]
    calibration.note_verified(settings.home, "app_id + body", NOW)
    settings = settings.model_copy(update={"webhook_in_secret": SecretStr(KEY)})
    (only,) = check_webhooks(settings)
    assert (only.level, "app_id + body" in only.text) == ("ok", True)
