"""The double catches broken clients: each law is broken by one made for it, and kept by a right one and by ours."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from notifications.channels import Delivery, Envelope
from notifications.channels.token_store import DatabaseTokenStore
from notifications.channels.tokens import TokenPair
from notifications.channels.zalo.channel import ZaloChannel
from notifications.channels.zalo.oauth import ZaloOAuth
from submissions.inbound.signatures import zalo_variant
from tests.channels import broken_clients as clients
from tests.channels.approved import by_phone
from tests.channels.broken_clients import NUMBER, TEMPLATE, Claims, Right
from tests.channels.doubles import APP_ID, ZaloDouble
from tests.channels.hook_receiver import receiving

Build = Callable[..., Envelope]
Law = Callable[[ZaloDouble, Right], list[str]]


def arrange(zalo: ZaloDouble) -> str:
    """A token, a person within the window, one who left, and an approved template."""
    zalo.post("clock", at=datetime.fromisoformat("2026-03-17T09:30+07:00").timestamp())
    zalo.people(
        {"user_id": "7001", "phone": NUMBER, "hours_since_interaction": 1}, {"user_id": "7009", "follows": False}
    )
    zalo.post("templates", templates=[{"template_id": TEMPLATE}])
    return zalo.grant()["access_token"]


def breaches(zalo: ZaloDouble, claims: Claims, copies: int = 1) -> list[str]:
    """Where the claims and the screens differ, and whether a screen shows a copy too many."""
    shown = zalo.inbox()
    found = ["claims what never arrived"] if claims.arrived > len(shown) else []
    found += ["a copy too many"] if len(shown) > copies else []
    known = {one["message_id"] for one in shown}
    return found + ["an id of nothing" for given in claims.ids if given not in known]


def only_what_arrived(zalo: ZaloDouble, client: Right) -> list[str]:
    """A person who left gets nothing, and nobody says otherwise."""
    return breaches(zalo, client.tell(zalo, arrange(zalo), "7009"))


def something_arrives(zalo: ZaloDouble, client: Right) -> list[str]:
    """A plain message to a person within the window does arrive."""
    claims = client.tell(zalo, arrange(zalo), "7001")
    return breaches(zalo, claims) + ([] if zalo.inbox("7001") and claims.arrived else ["nothing arrived"])


def never_twice(zalo: ZaloDouble, client: Right) -> list[str]:
    """The answer is lost after the message was taken."""
    token = arrange(zalo)
    zalo.arm("reset_after", path=clients.CS)
    return breaches(zalo, client.tell(zalo, token, "7001"))


def never_twice_by_phone(zalo: ZaloDouble, client: Right) -> list[str]:
    """The same for a template; the tracking id does not help."""
    token = arrange(zalo)
    zalo.arm("reset_after", path=clients.PHONE)
    return breaches(zalo, client.tell_phone(zalo, token))


def the_id_of_a_template(zalo: ZaloDouble, client: Right) -> list[str]:
    """The receipt names the message that is on the screen."""
    return breaches(zalo, client.tell_phone(zalo, arrange(zalo)))


def nobody_is_called(zalo: ZaloDouble, client: Right) -> list[str]:
    """Words of a user call no member of a group."""
    client.tell_group(zalo, arrange(zalo), "Kế hoạch [@all] quý I")
    return [f"called {who}" for one in zalo.inbox("group:9001") for who in one["called"]]


def one_renewal(zalo: ZaloDouble, client: Right) -> list[str]:
    """Ten want a token: one call, and all hold one that works."""
    arrange(zalo)
    zalo.arm("latency", path=clients.TOKENS, seconds=0.05, times=-1)
    held = client.renew(zalo, zalo.grant()["refresh_token"])
    found = [] if len(zalo.renewals()) == 1 else [f"{len(zalo.renewals())} renewals"]
    return found + ([] if all(held) else ["a thread without a token"])


def only_true_events(zalo: ZaloDouble, client: Right) -> list[str]:
    """A true event verifies, and no spoilt one does."""
    arrange(zalo)
    found: list[str] = []
    with receiving() as hook:
        zalo.post("webhook", url=hook.url)
        for spoil in ("", "wrong_secret", "hmac", "unsigned", "altered_byte"):
            zalo.post("events", event="user_send_text", user="7001", text="Đã nhận", spoil=spoil)
            got = hook.got[-1]
            verified = client.verifies(got.body, got.headers, json.loads(got.body)["timestamp"])
            found += [] if verified == (spoil == "") else [f"{spoil or 'true'} event taken for {verified}"]
    return found


LAWS: list[tuple[Law, list[type[Right]]]] = [
    (only_what_arrived, [clients.HttpStatusIsSuccess]),
    (something_arrives, [clients.Bearer]),
    (never_twice, [clients.RetriesTheUnknown]),
    (never_twice_by_phone, [clients.TrustsTheTrackingId]),
    (the_id_of_a_template, [clients.OneNameForTheId]),
    (nobody_is_called, [clients.KeepsMentions]),
    (one_renewal, [clients.NoLock]),
    (only_true_events, [clients.HmacSignature, clients.ParsesBeforeVerifying, clients.BelievesEverything]),
]
BROKEN = [pytest.param(law, broken, id=broken.__name__) for law, all_broken in LAWS for broken in all_broken]


@pytest.mark.parametrize("law", [law for law, _ in LAWS])
def test_a_right_client_breaks_no_law(zalo: ZaloDouble, law: Law) -> None:
    assert law(zalo, Right()) == []


@pytest.mark.parametrize(("law", "broken"), BROKEN)
def test_a_broken_client_is_caught(zalo: ZaloDouble, law: Law, broken: type[Right]) -> None:
    assert law(zalo, broken()) != []


class Ours(Right):
    """Our own channels behind the face of a client."""

    def __init__(
        self,
        words: ZaloChannel,
        folder: Path,
        build: Build,
        now: datetime,
        oauth: ZaloOAuth,
        store: DatabaseTokenStore,
    ) -> None:
        self._words, self._folder, self._build, self._now = words, folder, build, now
        self._oauth, self._store = oauth, store

    def tell(self, zalo: ZaloDouble, token: str, to: str, text: str = "chào") -> Claims:
        return self._claim(lambda: self._words.send(self._build(to, text=text), self._now).provider_id)

    def tell_group(self, zalo: ZaloDouble, token: str, text: str) -> Claims:
        return self.tell(zalo, token, "group:9001", text)

    def tell_phone(self, zalo: ZaloDouble, token: str) -> Claims:
        file = f"zbs: {{default: {{template_id: {TEMPLATE}, params: {{}}}}}}"
        channel = by_phone(zalo, self._words, self._folder, file)
        envelope = self._build(NUMBER, kind="digest", facts={"to": "A"})
        return self._claim(lambda: channel.send(envelope, self._now).provider_id)

    def renew(self, zalo: ZaloDouble, refresh: str) -> list[str]:
        self._store.store_first_pair(TokenPair("ended", refresh, self._now), self._now)

        def one(_: int) -> str:
            return self._store.refresh("ended", lambda r: self._oauth.pair_from_refresh(r, self._now), self._now).access

        with ThreadPoolExecutor(10) as pool:
            return list(pool.map(one, range(10)))

    def verifies(self, body: bytes, headers: Mapping[str, str], at: str) -> bool:
        return zalo_variant(body, headers, APP_ID, clients.OA_SECRET) is not None

    def _claim(self, send: Callable[[], str | None]) -> Claims:
        try:
            given = send()
        except Delivery:
            return Claims()
        return Claims(1, [given or ""])


@pytest.mark.parametrize("law", [law for law, _ in LAWS])
def test_our_channels_break_no_law(
    zalo: ZaloDouble,
    zalo_channel: ZaloChannel,
    oauth: ZaloOAuth,
    store: DatabaseTokenStore,
    law: Law,
    envelope: Build,
    tmp_path: Path,
    now: datetime,
) -> None:
    assert law(zalo, Ours(zalo_channel, tmp_path, envelope, now, oauth, store)) == []


def test_a_client_that_sends_nfd_is_caught(zalo: ZaloDouble) -> None:
    text = unicodedata.normalize("NFD", "đơn vị nộp báo cáo tiến độ " * 74)
    assert not Right().tell(zalo, arrange(zalo), "7001", text).arrived
