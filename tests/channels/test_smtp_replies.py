"""Servers that answer badly: a socket that says exactly what the test says, line by line."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from notifications.channels import Delivery, Envelope
from notifications.channels.mail.channel import MailChannel
from notifications.channels.mail.server import read_server

Build = Callable[..., Envelope]
GREETING = b"220 hi\r\n"


@contextmanager
def scripted(*replies: bytes) -> Iterator[str]:
    """A server that sends each reply in turn, one after each command, and then closes; yields its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for reply in replies:
                connection.sendall(reply)
                data = reply.startswith(b"354")
                while (line := lines.readline()) and data and line != b".\r\n":
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}?timeout=2&starttls=no"
    finally:
        thread.join(5)
        listener.close()


OK = b"250 ok\r\n"
GO = b"354 go\r\n"
SCRIPTS = [
    pytest.param((b"554 no\r\n",), "config", "554", id="unwelcome at the door"),
    pytest.param((b"421 busy\r\n",), "temporary", "421", id="busy at the door"),
    pytest.param((b"nonsense\r\n",), "temporary", None, id="no SMTP at all"),
    pytest.param((GREETING,), "temporary", None, id="gone after the greeting"),
    pytest.param((GREETING, OK, OK), "temporary", None, id="gone at the sender"),
    pytest.param((GREETING, OK, OK, b"hm\r\n"), "temporary", "reply", id="nonsense to the recipient"),
    pytest.param((GREETING, OK, OK, b"551-not\r\n551 here\r\n"), "permanent", "551", id="moved, on two lines"),
    pytest.param((GREETING, OK, OK, OK, b"554 no\r\n"), "permanent", "554", id="DATA refused"),
    pytest.param((GREETING, OK, OK, OK, OK), "temporary", "reply", id="250 where 354 belongs"),
    pytest.param((GREETING, OK, OK, OK, GO), "unknown", None, id="gone after the content"),
    pytest.param((GREETING, OK, OK, OK, GO, b"hm\r\n"), "unknown", "reply", id="nonsense to the content"),
    pytest.param((GREETING, OK, OK, OK, GO, b"354 go on\r\n"), "unknown", "reply", id="354 to the content"),
    pytest.param((GREETING, OK, OK, OK, GO, b"421 bye\r\n"), "temporary", "421", id="refused for now"),
]


@pytest.mark.parametrize(("replies", "kind", "code"), SCRIPTS)
def test_a_bad_server(replies: tuple[bytes, ...], kind: str, code: str | None, envelope: Build, now: datetime) -> None:
    with scripted(*replies) as url, pytest.raises(Delivery) as caught:
        MailChannel(read_server(url, "dondoc@xa.example")).send(envelope("ubnd@xa.example"), now)
    assert caught.value.kind == kind
    assert code is None or caught.value.code == code


def test_what_was_accepted_stays_accepted_when_the_server_leaves(envelope: Build, now: datetime) -> None:
    with scripted(GREETING, OK, OK, OK, GO, b"250 2.0.0 Ok: queued as 4XyZ\r\n") as url:
        receipt = MailChannel(read_server(url, "dondoc@xa.example")).send(envelope("ubnd@xa.example"), now)
    assert receipt.provider_id == "4XyZ"
