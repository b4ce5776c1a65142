"""The whole way: Zalo's double tells a running server, which fetches the file from it, acts once and answers there."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr

from submissions.inbound import calibration
from tests.channels.doubles import APP_ID, ZaloDouble, running
from tests.inbound.inbound_world import HOA_ZALO, NOW, InboundWorld
from tests.inbound.test_hooks import settled
from tests.submissions.answer_builders import PDF
from web.app import create_app

AT = str(int(NOW.timestamp() * 1000) - 60_000)


@pytest.fixture(scope="module")
def zalo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZaloDouble]:
    state = tmp_path_factory.mktemp("zalo")
    with running("dev.zalo_double", "--port", "0", "--state", str(state)) as (http,):
        yield ZaloDouble(http)


@contextmanager
def served(world: InboundWorld) -> Iterator[str]:
    """The application as a server runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(world.settings, lambda: NOW), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.mark.parametrize(
    ("hook", "variant"),
    [({}, "app_id + body"), ({"first_term": "oa_id", "mac_prefix": False, "timestamp_in": "header"}, "oa_id + header")],
    ids=["as most sources say", "the other form"],
)
def test_words_and_files_of_the_double_arrive_once(
    world: InboundWorld, zalo: ZaloDouble, hook: dict[str, object], variant: str, tmp_path: Path
) -> None:
    keys = {"zalo_app_id": APP_ID, "zalo_oa_secret": SecretStr("double-oa-secret"), "allow_private_hosts": True}
    world.settings = world.settings.model_copy(update=keys)
    zalo.post("files", key="bao-cao.pdf", base64=base64.b64encode(PDF).decode(), type="application/pdf")
    with served(world) as address:
        assert zalo.post("webhook", url=f"{address}/hooks/zalo", **hook) == {"probe": 200, "saved": True}
        events: list[dict[str, object]] = [
            {"event": "user_send_text", "user": HOA_ZALO, "text": "đã nhận", "msg_id": "e1", "at": AT},
            {"event": "user_send_file", "user": HOA_ZALO, "msg_id": "e2", "at": AT, "files": [good_file()]},
        ]
        told = zalo.post("events", events=events, copies=3)
        assert {attempt["outcome"] for attempt in told} == {200}
        assert max(attempt["seconds"] for attempt in told) < 2
        rows = settled(world, 2)
        spoilt = [{**events[0], "msg_id": f"s{number}", "spoil": way} for number, way in enumerate(SPOILT)]
        assert {attempt["outcome"] for attempt in zalo.post("events", events=spoilt)} == {401}
    assert [(row.state, row.outcome) for row in rows if row.state != "handled"] == []
    one = world.occurrence()
    assert (one.acknowledged_by, one.state) == ("Lê Thị Hoa (P. VHXH, Zalo)", "submitted")
    assert [file.name for file in one.submissions[0].files] == ["bao-cao.pdf"]
    assert len(world.replies()) == 2
    assert len(world.rows()) == 2
    assert calibration.known(world.settings.home).variant == variant


SPOILT = ("wrong_secret", "hmac", "unsigned", "empty_mac", "altered_byte")


def good_file() -> dict[str, str]:
    return {"name": "bao-cao.pdf", "key": "bao-cao.pdf", "mode": "good", "type": "pdf"}


@pytest.mark.parametrize("mode", ["redirect", "expired", "huge", "redirect_inside"])
def test_a_file_that_cannot_be_fetched_is_told_and_nothing_is_submitted(
    world: InboundWorld, zalo: ZaloDouble, mode: str
) -> None:
    keys = {"zalo_app_id": APP_ID, "zalo_oa_secret": SecretStr("double-oa-secret"), "allow_private_hosts": True}
    world.settings = world.settings.model_copy(update=keys)
    file = {"name": "bao-cao.pdf", "key": "bao-cao.pdf", "mode": mode}
    with served(world) as address:
        zalo.post("webhook", url=f"{address}/hooks/zalo")
        zalo.post("events", event="user_send_file", user=HOA_ZALO, msg_id=f"f-{mode}", at=AT, files=[file])
        (row,) = settled(world)
    assert row.state == "waiting"
    assert world.occurrence().state == "open"
    assert "Đề nghị gửi lại tệp" in world.replies()[0].text
