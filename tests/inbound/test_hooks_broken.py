"""What a stranger may send to the webhooks costs a refusal, never a fault; and one bad post holds up no other."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import DataError
from starlette.testclient import TestClient

from config.settings import Settings
from notifications import suppressions
from submissions.inbound import spool
from submissions.inbound.incoming import Incoming
from submissions.inbound.taking import OpenTransaction, keep, take_in
from tests.inbound.inbound_world import CALENDAR, HOA_ZALO, NOW, InboundWorld
from tests.inbound.test_hooks import KEY, event
from web.app import create_app

STAMP = str(int(NOW.timestamp()))


@pytest.fixture
def stranger(world: InboundWorld) -> Iterator[TestClient]:
    """Somebody who knows the addresses and no key."""
    settings = world.settings.model_copy(update={"webhook_in_secret": SecretStr(KEY)})
    with TestClient(create_app(settings, lambda: NOW), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize(
    "body",
    [
        b'{"timestamp": "\\ud800", "sender": {"id": "1"}}',
        b'{"timestamp": "1", "oa_id": "\\udfff"}',
        b'{"timestamp": "1", "recipient": {"id": "\\ud800"}}',
        b'{"timestamp": ' + b"1" * 5000 + b"}",
        b"[" * 200_000,
        b"\xff\xfe{",
        b"null",
    ],
    ids=["half a letter", "in the account", "in the recipient", "endless number", "nested", "not UTF-8", "null"],
)
def test_an_unsigned_event_of_any_shape_is_refused(stranger: TestClient, world: InboundWorld, body: bytes) -> None:
    headers = {"X-ZEvent-Signature": "mac=" + "0" * 64, "X-ZEvent-Timestamp": "1"}
    assert stranger.post("/hooks/zalo", content=body, headers=headers).status_code == 401
    assert (world.rows(), spool.waiting(world.settings.home)) == ([], [])


@pytest.mark.parametrize("stamp", ["999999999999", "253402300800", "0", "0" * 12])
def test_a_post_signed_in_an_impossible_year_is_refused(stranger: TestClient, stamp: str) -> None:
    headers = {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": "v1,eA=="}
    answer = stranger.post("/hooks/nop", content=b"{}", headers=headers)
    assert (answer.status_code, "lệch quá 5 phút" in answer.json()["error"]) == (401, True)


@pytest.mark.parametrize("number", [b"a\xe9", b"x" * 5000, b"../../etc/passwd"])
def test_a_post_with_a_false_signature_is_refused_whatever_its_id(stranger: TestClient, number: bytes) -> None:
    headers = {b"webhook-id": number, b"webhook-timestamp": STAMP.encode(), b"webhook-signature": b"v1, v1,\xe9 x"}
    assert stranger.post("/hooks/nop", content=b"{}", headers=headers).status_code == 401


def spooled(world: InboundWorld, number: str) -> None:
    raw = str(event(number=number)).replace("'", '"').encode()
    spool.put(world.settings.home, spool.ZALO, raw, {}, NOW)


def test_a_broken_file_on_disk_holds_up_no_other(world: InboundWorld) -> None:
    spooled(world, "m1")
    folder = spool.room(world.settings.home)
    body = base64.b64encode(b"{}").decode()
    for name, content in (("0", "{"), ("1", "[]"), ("2", '{"hook": "nop"}'), ("3", f'{{"body": "{body}", "at": 3}}')):
        (folder / f"{name}.json").write_text(content)
    spool.drain(world.transaction, NOW, CALENDAR, world.settings)
    assert [row.state for row in world.rows()] == ["handled"]
    assert sorted(path.name for path in folder.iterdir()) == ["0.bad", "1.bad", "2.bad", "3.bad"]


def test_what_the_database_never_takes_holds_up_no_other(world: InboundWorld, monkeypatch: pytest.MonkeyPatch) -> None:

    def failing(transaction: OpenTransaction, incoming: Incoming, settings: Settings) -> int:
        if incoming.dedupe_key == "zalo:m1":
            raise DataError("", {}, ValueError("no such letter"))
        return keep(transaction, incoming, settings)

    monkeypatch.setattr(spool, "keep", failing)
    spooled(world, "m1")
    spooled(world, "m2")
    spool.drain(world.transaction, NOW, CALENDAR, world.settings)
    assert [row.dedupe_key for row in world.rows()] == ["zalo:m2"]
    assert [path.suffix for path in spool.room(world.settings.home).iterdir()] == [".bad"]


def test_nothing_is_read_of_a_post_that_bears_no_signature(world: InboundWorld) -> None:
    settings = world.settings.model_copy(update={"webhook_in_secret": SecretStr(KEY)})
    told: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        raise AssertionError("the body was read")

    async def send(message: Mapping[str, object]) -> None:
        told.append(dict(message))

    heads = [(b"host", b"x"), (b"webhook-id", b"a"), (b"webhook-timestamp", STAMP.encode())]
    scope = {"type": "http", "method": "POST", "path": "/hooks/nop", "raw_path": b"/hooks/nop", "headers": heads}
    scope |= {"query_string": b"", "scheme": "http", "server": ("x", 80), "client": ("x", 1), "root_path": ""}
    asyncio.run(create_app(settings, lambda: NOW)(scope, receive, send))
    assert told[0]["status"] == 401


@pytest.mark.parametrize(
    ("order", "barred"),
    [
        (("unfollow", "follow"), False),
        (("follow", "unfollow"), True),
    ],
    ids=["came back", "left"],
)
@pytest.mark.parametrize("reversed_on_the_way", [False, True], ids=["in order", "reversed"])
@pytest.mark.parametrize("late", [0, 40], ids=["at once", "after a standstill"])
def test_the_last_thing_that_a_follower_did_counts_in_whatever_order_it_is_told(
    world: InboundWorld, order: tuple[str, str], barred: bool, reversed_on_the_way: bool, late: int
) -> None:
    told = [
        Incoming("zalo", f"zalo:{kind}", NOW + timedelta(minutes=at), HOA_ZALO, "", b"", data={"kind": kind})
        for at, kind in enumerate(order)
    ]
    for number, incoming in enumerate(reversed(told) if reversed_on_the_way else told):
        handled = max(NOW + timedelta(minutes=1), incoming.received_at) + timedelta(minutes=late, seconds=number)
        take_in(world.transaction, incoming, handled, CALENDAR, world.settings)
    with world.transaction() as session:
        assert suppressions.barred(session, [("zalo", HOA_ZALO)]) == ({("zalo", HOA_ZALO)} if barred else set())
