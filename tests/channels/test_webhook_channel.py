"""The office's own gateway: signed, taken once whatever is repeated, and never a way into the own network."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import requests
from pydantic import SecretStr
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from config.settings import build_settings
from notifications.channels import Delivery, Envelope, build_channels
from notifications.channels.base import Attachment
from notifications.channels.fetching import NotFetched, fetch
from notifications.channels.plugin import NotifyWebhook, register_plugins
from notifications.channels.webhook import MAX_BODY, MAX_TEXT, WebhookChannel, body_of, failure_of, pause_of
from tests.channels.doubles import running

Build = Callable[..., Envelope]
OLD = "whsec_" + base64.b64encode(b"khoa cu dung de thu nghiem 1234").decode()
NEW = "whsec_" + base64.b64encode(b"khoa moi dung de thu nghiem 1234").decode()
OPEN = SimpleNamespace(allow_private_hosts=True)
GUARDED = SimpleNamespace(allow_private_hosts=False)
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass
class Double:
    """The gateway double and a client to its control address."""

    url: str

    def arm(self, **fault: Any) -> None:
        httpx.post(f"{self.url}/_control/faults", json=fault).raise_for_status()

    def inbox(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.url}/_control/inbox").json())

    def ledger(self) -> list[dict[str, Any]]:
        return list(httpx.get(f"{self.url}/_control/ledger").json())

    def channel(self, secrets: str = NEW) -> WebhookChannel:
        return WebhookChannel(f"{self.url}/tin", secrets, OPEN)


@contextmanager
def gateway_process(*more: str) -> Iterator[Double]:
    with running("dev.gateway_double", "--port", "0", "--secret", NEW, *more) as (url,):
        yield Double(url)


@pytest.fixture(scope="module")
def gateway_running() -> Iterator[Double]:
    """One double for the module, whose clock does not matter."""
    with gateway_process("--any-time") as double:
        yield double


@pytest.fixture
def gateway(gateway_running: Double) -> Double:
    """The double, empty."""
    httpx.post(f"{gateway_running.url}/_control/reset").raise_for_status()
    return gateway_running


def failure(channel: WebhookChannel, message: Envelope) -> Delivery:
    with pytest.raises(Delivery) as caught:
        channel.send(message, NOW)
    return caught.value


def test_a_message_arrives_signed_and_whole(gateway: Double, envelope: Build) -> None:
    sent = envelope("0912345678", kind="digest", facts={"count": "3"}, text="Kính gửi đồng chí,\nBáo cáo quý I.")
    receipt = gateway.channel().send(sent, NOW)
    (got,) = gateway.inbox()
    assert receipt.provider_id == "obx-12"
    assert (got["id"], got["to"], got["kind"], got["facts"]) == ("obx-12", "0912345678", "digest", {"count": "3"})
    assert got["text"] == sent.text
    (call,) = gateway.ledger()
    assert call["webhook-timestamp"] == str(int(NOW.timestamp())), "the instant, whatever its zone"


def test_a_lost_answer_may_be_asked_again_and_makes_one_message(gateway: Double, envelope: Build) -> None:
    gateway.arm(taken=True, reset=True)
    sent = envelope("0912345678")
    assert failure(gateway.channel(), sent).kind == "temporary"
    gateway.channel().send(sent, NOW + timedelta(minutes=2))
    assert len(gateway.inbox()) == 1
    assert [call["outcome"] for call in gateway.ledger()] == ["taken", "seen before"]
    assert len({call["webhook-id"] for call in gateway.ledger()}) == 1
    assert len({call["webhook-signature"] for call in gateway.ledger()}) == 2, "each attempt bears its own instant"


KEYS = {
    "the right key": (NEW, True),
    "both keys while they change": (f"{OLD} {NEW}", True),
    "another key": (OLD, False),
}


@pytest.mark.parametrize(("secrets", "taken"), KEYS.values(), ids=KEYS)
def test_the_gateway_takes_only_its_own_key(gateway: Double, envelope: Build, secrets: str, taken: bool) -> None:
    if taken:
        gateway.channel(secrets).send(envelope("0912345678"), NOW)
    else:
        assert failure(gateway.channel(secrets), envelope("0912345678")).kind == "permanent"
    assert len(gateway.inbox()) == int(taken)


def test_a_real_clock_is_within_the_tolerance(envelope: Build) -> None:
    with gateway_process() as strict:
        strict.channel().send(envelope("0912345678"), datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")))
        assert failure(strict.channel(), envelope("1", outbox_id=13)).kind == "permanent"
        assert [call["outcome"] for call in strict.ledger()] == ["taken", "timestamp"]


# status, headers -> kind, seconds until the next attempt (None: the outbox's own formula)
ANSWERS: dict[str, tuple[int, dict[str, str], str, int | None]] = {
    "500": (500, {}, "temporary", None),
    "429 says when": (429, {"Retry-After": "90"}, "temporary", 90),
    "429 says nothing": (429, {}, "temporary", 60),
    "503 says when": (503, {"Retry-After": "Tue, 17 Mar 2026 02:40:00 GMT"}, "temporary", 600),
    "503 far ahead": (503, {"Retry-After": "9" * 40}, "temporary", 86_400),
    "503 in the past": (503, {"Retry-After": "Tue, 17 Mar 2020 02:40:00 GMT"}, "temporary", 0),
    "503 nonsense": (503, {"Retry-After": "soon"}, "temporary", None),
    "500 is not slowed down": (500, {"Retry-After": "90"}, "temporary", None),
    "410": (410, {}, "config", None),
    "401": (401, {}, "auth", None),
    "a redirect": (302, {"Location": "/khac"}, "config", None),
    "a redirect that keeps the method": (307, {"Location": "/khac"}, "config", None),
    "422": (422, {}, "permanent", None),
}


@pytest.mark.parametrize(("status", "headers", "kind", "wait"), ANSWERS.values(), ids=ANSWERS)
def test_each_answer_has_its_meaning(status: int, headers: dict[str, str], kind: str, wait: int | None) -> None:
    found = failure_of(status, headers.get("Retry-After", ""), NOW)
    assert (found.kind, found.code) == (kind, str(status))
    assert found.retry_at == (None if wait is None else NOW + timedelta(seconds=wait))


@pytest.mark.parametrize("name", ["500", "429 says when", "410", "a redirect"])
def test_an_answer_is_read_from_the_wire_and_the_message_is_not_there(
    gateway: Double, envelope: Build, name: str
) -> None:
    status, headers, kind, _ = ANSWERS[name]
    gateway.arm(status=status, headers=headers)
    assert failure(gateway.channel(), envelope("0912345678")).kind == kind
    assert (gateway.inbox(), len(gateway.ledger())) == ([], 1), "one call, no redirect followed"


def test_nobody_listening_is_temporary_and_told_by_the_doctor(envelope: Build) -> None:
    channel = WebhookChannel("http://127.0.0.1:9/tin", NEW, OPEN)
    assert failure(channel, envelope("0912345678")).kind == "temporary"
    assert channel.check(NOW)


def test_the_doctor_sends_nothing(gateway: Double) -> None:
    assert gateway.channel().check(NOW) == []
    assert (gateway.inbox(), gateway.ledger()) == ([], [])


BAD_SECRETS = ["", "whsec_", "whsec_ngắn", "whsec_" + base64.b64encode(b"x" * 23).decode(), "whsec_" + "A" * 100]


@pytest.mark.parametrize("secret", BAD_SECRETS)
def test_a_key_that_is_none_stops_the_channel(secret: str) -> None:
    with pytest.raises(Delivery) as caught:
        WebhookChannel("https://cong.example/tin", secret, GUARDED)
    assert caught.value.kind == "config"


def test_the_longest_text_fits_and_more_is_refused(envelope: Build) -> None:
    worst = envelope("1", text="ệ" * MAX_TEXT, subject="ệ" * 255, facts={"reason": "ệ" * 600})
    assert len(body_of(worst, "obx-12", NOW)) < MAX_BODY
    for bad, kind in ((envelope("1", text="ệ" * 7000), "permanent"), (with_file(envelope), "other_channel")):
        with pytest.raises(Delivery) as caught:
            body_of(bad, "obx-12", NOW)
        assert caught.value.kind == kind


def with_file(envelope: Build) -> Envelope:
    return envelope("1", attachments=(Attachment("a.pdf", "application/pdf", b"x"),))


def test_a_pause_is_never_in_the_past_nor_over_a_day() -> None:
    assert pause_of("-5", NOW) is None
    assert pause_of(" 30 ", NOW) == NOW + timedelta(seconds=30)
    assert pause_of("Fri, 17 Mar 2028 02:40:00 GMT", NOW) == NOW + timedelta(days=1)
    assert pause_of("Tue, 17 Mar 2026 02:31:00", NOW) == datetime(2026, 3, 17, 2, 31, tzinfo=UTC)


# Every form of an inner address that is known to slip past a careless look at the name.
INNER = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fd00::1]/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://a:b@127.0.0.1/",
    "https://files.example:443@127.0.0.1:443/",
]
NOT_HTTPS_443 = ["http://files.example/", "https://files.example:8443/", "ftp://files.example/", "file:///etc/passwd"]
NO_ADDRESS = ["", "https:///x", "https://[::1", "https://１２７.0.0.1/", "chữ"]


@pytest.mark.parametrize("url", INNER + NOT_HTTPS_443 + NO_ADDRESS)
def test_a_strangers_address_reaches_nothing_inside(url: str) -> None:
    with pytest.raises(NotFetched) as caught:
        fetch(url, 10, GUARDED)
    assert not caught.value.temporary, "asking again would not help"


@pytest.mark.parametrize("url", ["https://localhost/tin", "http://cong.example/tin", "https://10.1.2.3/tin"])
def test_the_gateway_is_guarded_too(url: str, envelope: Build) -> None:
    assert failure(WebhookChannel(url, NEW, GUARDED), envelope("0912345678")).kind == "config"


def test_a_name_is_looked_up_once_and_that_very_address_is_called() -> None:
    """Rebinding: the name says a public address first and an inner one at the next look; there is no next look."""
    prepared = requests.Request("GET", "https://localhost/").prepare()
    adapter = IPFilterAdapter(is_https_proto=True, allow_loopback=True)
    host, pool = adapter.build_connection_pool_key_attributes(prepared, verify=True)
    assert host["host"] in ("127.0.0.1", "[::1]"), "the connection gets the address, not the name"
    assert pool["assert_hostname"] == "localhost", "while the certificate must still be that of the name"


def test_a_download_has_a_limit(gateway: Double) -> None:
    assert fetch(f"{gateway.url}/file/1000", 1000, OPEN) == b"x" * 1000
    with pytest.raises(NotFetched, match="lớn hơn"):
        fetch(f"{gateway.url}/file/1001", 1000, OPEN)
    with pytest.raises(NotFetched, match="404") as caught:
        fetch(f"{gateway.url}/khong-co", 1000, OPEN)
    assert not caught.value.temporary
    with pytest.raises(NotFetched) as lost:
        fetch("http://127.0.0.1:9/", 1000, OPEN)
    assert lost.value.temporary


def test_the_settings_make_the_channel(home: Path) -> None:
    given = {"home": home, "secret_key": SecretStr("khóa thử"), "webhook_url": "https://cong.example/tin"}
    assert list(build_channels(build_settings({**given, "webhook_secret": SecretStr(NEW)}))) == ["webhook"]
    with pytest.raises(Delivery, match="DONDOC_WEBHOOK_SECRET"):
        build_channels(build_settings(given))


def test_apprise_knows_the_scheme() -> None:
    from apprise import Apprise

    register_plugins()
    plugin = Apprise.instantiate("govhook://0912345678")
    assert isinstance(plugin, NotifyWebhook)
    assert plugin.url() == "govhook://0912345678"
