"""Races for the one token pair: two hosts, lost answers, withdrawn consent; one refresh, one alarm, no loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from config.settings import build_settings, load_settings
from db.session import engine_for, reading, transaction
from notifications.channels import Delivery, Envelope
from notifications.channels.token_store import DatabaseTokenStore
from notifications.channels.tokens import TokenPair
from notifications.channels.zalo.channel import PERSON_PATH, ZaloChannel
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.watch import check_silence
from tests.channels.approved import by_phone, register
from tests.channels.conftest import SECRET, store_on
from tests.channels.doubles import APP_ID, APP_SECRET, ZaloDouble, keep_grant

Build = Callable[..., Envelope]
TOKENS = "/v4/oa/access_token"


@contextmanager
def host(url: str) -> Iterator[DatabaseTokenStore]:
    """A store with connections of its own, as a second machine would have."""
    engine: Engine = engine_for.__wrapped__(url)

    @contextmanager
    def writes() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reads() -> Iterator[Session]:
        with Session(engine.execution_options(read_only=True), expire_on_commit=False) as session:
            yield session
            session.rollback()

    try:
        yield DatabaseTokenStore("zalo", SECRET, writes, reads)
    finally:
        engine.dispose()


def channel_on(zalo: ZaloDouble, store: DatabaseTokenStore, client: httpx.Client) -> ZaloChannel:
    """Our channel with one store."""
    return ZaloChannel(zalo.url, ZaloOAuth(client, zalo.url, APP_ID, APP_SECRET), store, client)


def at_once(jobs: list[Callable[[], str]]) -> list[str]:
    """Start all jobs at the same moment; a failure is told by its kind."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        barrier.wait()
        try:
            return job()
        except Delivery as failure:
            return failure.kind

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def sender(channel: ZaloChannel, envelope: Envelope, now: datetime) -> Callable[[], str]:
    """One send, as a job."""
    return lambda: channel.send(envelope, now).provider_id or ""


def test_two_hosts_with_five_deliverers_each_renew_once(
    zalo: ZaloDouble, database_url: str, http_client: httpx.Client, envelope: Build, now: datetime
) -> None:
    with host(database_url) as first, host(database_url) as second:
        keep_grant(first, zalo, now)
        zalo.post("expire")
        zalo.arm("latency", path=TOKENS, seconds=0.2)
        channels = [channel_on(zalo, store, http_client) for store in (first, second) for _ in range(5)]
        ids = at_once([sender(one, envelope("7001"), now) for one in channels])
        assert first.load() == second.load()
    assert len(set(ids)) == len(zalo.inbox("7001")) == 10
    assert [line["rotated"] for line in zalo.renewals()] == [True]


def test_two_hosts_lose_the_answer_and_raise_one_alarm(
    zalo: ZaloDouble, database_url: str, http_client: httpx.Client, envelope: Build, now: datetime
) -> None:
    with host(database_url) as first, host(database_url) as second:
        keep_grant(first, zalo, now)
        zalo.post("expire")
        zalo.arm("reset_after", path=TOKENS, times=-1)
        channels = [channel_on(zalo, store, http_client) for store in (first, second) for _ in range(5)]
        kinds = at_once([sender(one, envelope("7001"), now) for one in channels])
        assert first.lost_since() == second.lost_since() == now
    assert kinds == ["auth"] * 10
    # Asked once, and once more because the answer was lost; the other nine never ask.
    assert len(zalo.renewals()) == 2
    assert zalo.inbox() == []
    assert alarms(database_url, now) == ["token-zalo"]


def alarms(url: str, now: datetime) -> list[str]:
    """The faults about tokens that the watch sees."""
    settings = build_settings({"database_url": url, "secret_key": "một khóa để thử"})
    from config.days_off import load_calendar

    with reading(url) as session:
        faults = check_silence(session, now, load_calendar(settings), settings)
    return [fault.code for fault in faults if fault.code.startswith("token")]


def test_both_kinds_of_channels_share_one_pair(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, tmp_path: Path
) -> None:
    zalo.post("clock", at=now.timestamp())
    zalo.people({"user_id": "7001", "phone": "84987654321", "hours_since_interaction": 1})
    register(zalo, params=[])
    zalo.post("expire")
    zbs = by_phone(zalo, zalo_channel, tmp_path)
    letter = envelope("84987654321", kind="digest", facts={"to": "A"})
    jobs = [sender(zalo_channel, envelope("7001"), now), lambda: zbs.send(letter, now).provider_id or ""] * 5
    assert len(set(at_once(jobs))) == len(zalo.inbox("7001")) == 10
    assert len(zalo.renewals()) == 1


def test_a_holder_that_was_asleep_finds_the_pair_renewed(
    zalo: ZaloDouble, database_url: str, oauth: ZaloOAuth, now: datetime
) -> None:
    store = store_on(database_url)
    stale = keep_grant(store, zalo, now)
    for _ in range(3):
        fresh = store.refresh(stale.access, lambda spent: oauth.pair_from_refresh(spent, now), now)
    assert fresh.access != stale.access
    assert len(zalo.renewals()) == 1


def test_a_holder_that_dies_in_the_middle_leaves_the_pair_as_it_was(
    zalo: ZaloDouble, database_url: str, oauth: ZaloOAuth, now: datetime
) -> None:
    store = store_on(database_url)
    stale = keep_grant(store, zalo, now)

    def dies(spent: str) -> TokenPair:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.refresh(stale.access, dies, now)
    assert store.lost_since() is None
    fresh = store.refresh(stale.access, lambda spent: oauth.pair_from_refresh(spent, now), now)
    assert store.load() == fresh


def test_consent_withdrawn_by_name_is_one_alarm_and_no_further_call(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("revoke", named=True)
    for _ in range(3):
        with pytest.raises(Delivery, match="dondoc zalo connect") as caught:
            zalo_channel.send(envelope("7001"), now)
        assert caught.value.kind == "auth"
    assert [line["path"] for line in zalo.ledger()] == [PERSON_PATH, "/v2.0/oa/getoa"]
    assert store.lost_since() == now
    assert "dondoc zalo connect" in zalo_channel.check(now)[0]


def test_a_right_that_is_missing_for_one_kind_of_call_is_no_lost_consent(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.arm("code", path=PERSON_PATH, code=-223, message="App is not authorised for this function")
    with pytest.raises(Delivery) as caught:
        zalo_channel.send(envelope("7001"), now)
    assert (caught.value.kind, caught.value.code) == ("config", "-223")
    assert store.lost_since() is None
    assert zalo_channel.send(envelope("7001"), now).provider_id


def test_a_withdrawn_pair_says_nothing_of_a_newer_one(database_url: str, now: datetime) -> None:
    store = store_on(database_url)
    store.store_first_pair(TokenPair("mới", "r1", now + timedelta(hours=25)), now)
    store.mark_lost("cũ", now)
    assert store.lost_since() is None
    store.mark_lost("mới", now)
    assert store.lost_since() == now
    with pytest.raises(Delivery) as caught:
        store.load()
    assert caught.value.kind == "auth"


def test_the_refresh_token_of_three_months_ago_is_one_alarm(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("clock", advance_seconds=91 * 86_400)
    later = now + timedelta(days=91)
    for _ in range(3):
        with pytest.raises(Delivery) as caught:
            zalo_channel.send(envelope("7001"), later)
        assert caught.value.kind == "auth"
    assert len(zalo.renewals()) == 1
    assert store.lost_since() == later


def test_connecting_again_ends_the_alarm(
    zalo: ZaloDouble, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    given = {"DATABASE_URL": sqlite_url, "SECRET_KEY": SECRET, "ZALO_APP_ID": APP_ID, "ZALO_APP_SECRET": APP_SECRET}
    for name, value in {**given, "ZALO_API_URL": zalo.url, "ZALO_OAUTH_URL": zalo.url}.items():
        monkeypatch.setenv(f"DONDOC_{name}", value)
    load_settings.cache_clear()
    store = store_on(sqlite_url)
    store.store_first_pair(TokenPair("cũ", "r0", now), now)
    with pytest.raises(Delivery):
        store.refresh("cũ", lambda _: (_ for _ in ()).throw(Delivery("auth", "-14020", "đã dùng")), now)
    assert alarms(sqlite_url, now) == ["token-zalo"]

    shown: list[str] = []
    monkeypatch.setattr("typer.echo", lambda words="", **_: shown.append(str(words)))
    monkeypatch.setattr("typer.prompt", lambda _: consent(zalo, next(line for line in shown if "permission" in line)))
    from cli.zalo_commands import zalo_app

    done = CliRunner().invoke(zalo_app, ["connect"])
    assert done.exit_code == 0, done.output
    assert alarms(sqlite_url, now) == []
    assert store.lost_since() is None
    with transaction(sqlite_url):
        assert store.load() is not None


def consent(zalo: ZaloDouble, url: str) -> str:
    """What the administrator's browser shows after "Cho phép"."""
    parts = urlsplit(url)
    page = zalo.page(f"{parts.path}?{parts.query}")
    return page.split('id="allow" href="')[-1].split('"')[0].replace("&amp;", "&")
