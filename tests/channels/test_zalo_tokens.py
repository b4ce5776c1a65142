"""The token pair: one holder renews it, it is stored before use, and lost consent is one alarm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from db.models import ChannelToken
from db.session import reading
from notifications.channels import Delivery, DeliveryKind, Envelope
from notifications.channels.token_store import DatabaseTokenStore, TokenCipher
from notifications.channels.tokens import TokenPair
from notifications.channels.zalo.channel import PERSON_PATH, ZaloChannel
from notifications.channels.zalo.oauth import ZaloOAuth, challenge_of, new_verifier
from notifications.channels.zalo.wire import open_client
from tests.channels.doubles import APP_ID, APP_SECRET, ZaloDouble, keep_grant

Build = Callable[..., Envelope]
TOKENS = "/v4/oa/access_token"


def loaded(store: DatabaseTokenStore) -> TokenPair:
    """The stored pair, which must be there."""
    pair = store.load()
    assert pair is not None
    return pair


def test_an_ended_token_is_renewed_and_the_message_goes_out_once(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    before = loaded(store)
    zalo.post("expire")
    zalo_channel.send(envelope("7001"), now)
    after = loaded(store)
    assert len(zalo.inbox("7001")) == 1
    assert [line["rotated"] for line in zalo.renewals()] == [True]
    assert after.access != before.access
    assert after.refresh != before.refresh
    assert after.expires_at == now + timedelta(seconds=90_000)


def test_a_token_known_to_be_over_is_renewed_before_the_call(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    zalo.post("clock", advance_seconds=90_001)
    zalo.people({"user_id": "7001", "hours_since_interaction": 1})
    zalo_channel.send(envelope("7001"), now + timedelta(seconds=90_001))
    assert len(zalo.renewals()) == 1
    assert [line["error"] for line in zalo.ledger(PERSON_PATH)] == [0]


@pytest.mark.parametrize("as_401", [False, True], ids=["HTTP 200", "HTTP 401"])
def test_a_bad_token_is_seen_in_both_clothes(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime, as_401: bool
) -> None:
    zalo.post("switches", bad_token_as_401=as_401)
    zalo.post("expire")
    zalo_channel.send(envelope("7001"), now)
    assert len(zalo.inbox("7001")) == 1


def test_a_bare_401_is_a_bad_token(zalo: ZaloDouble, zalo_channel: ZaloChannel, envelope: Build, now: datetime) -> None:
    zalo.arm("unauthorized", path=PERSON_PATH)
    zalo_channel.send(envelope("7001"), now)
    assert len(zalo.inbox("7001")) == 1
    assert len(zalo.renewals()) == 1


def test_ten_deliverers_at_the_end_of_a_token_renew_it_once(
    zalo: ZaloDouble, both_stores: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    store = both_stores
    keep_grant(store, zalo, now)
    zalo.post("expire")
    zalo.arm("latency", path=TOKENS, seconds=0.2)
    channels = [ZaloChannel(zalo.url, ZaloOAuth(open_client(), zalo.url, APP_ID, APP_SECRET), store) for _ in range(10)]
    barrier = threading.Barrier(10)

    def send(channel: ZaloChannel) -> str | None:
        barrier.wait()
        return channel.send(envelope("7001"), now).provider_id

    with ThreadPoolExecutor(10) as pool:
        ids = list(pool.map(send, channels))

    assert len(set(ids)) == 10
    assert len(zalo.inbox("7001")) == 10
    assert len(zalo.renewals()) == 1
    assert store.lost_since() is None


def test_ten_refreshers_call_the_exchange_once(both_stores: DatabaseTokenStore, now: datetime) -> None:
    store = both_stores
    store.store_first_pair(TokenPair("cũ", "r0", now), now)
    called: list[str] = []
    barrier = threading.Barrier(10)

    def exchange(spent: str) -> TokenPair:
        called.append(spent)
        return TokenPair("mới", "r1", now + timedelta(hours=25))

    def refresh(_: int) -> TokenPair:
        barrier.wait()
        return store.refresh("cũ", exchange, now)

    with ThreadPoolExecutor(10) as pool:
        pairs = list(pool.map(refresh, range(10)))

    assert called == ["r0"]
    assert {pair.access for pair in pairs} == {"mới"}


def test_a_lost_answer_to_the_renewal_is_one_alarm_and_no_loop(
    zalo: ZaloDouble,
    zalo_channel: ZaloChannel,
    store: DatabaseTokenStore,
    envelope: Build,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    zalo.post("expire")
    zalo.arm("reset_after", path=TOKENS)
    with caplog.at_level(logging.ERROR):
        for minutes in range(5):
            with pytest.raises(Delivery) as caught:
                zalo_channel.send(envelope("7001"), now + timedelta(minutes=minutes))
            assert caught.value.kind == "auth"

    # The server has moved on at the first call; the second says so; there is no third.
    assert [line["rotated"] for line in zalo.renewals()] == [True, False]
    assert len([record for record in caplog.records if "is lost" in record.message]) == 1
    assert store.lost_since() == now
    assert zalo.inbox() == []
    assert "Hãy cấp quyền lại" in zalo_channel.check(now)[0]


def test_a_renewal_whose_answers_are_all_lost_is_asked_twice_and_never_again(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("expire")
    zalo.arm("reset_after", path=TOKENS, times=-1)
    for _ in range(3):
        with pytest.raises(Delivery) as caught:
            zalo_channel.send(envelope("7001"), now)
        assert caught.value.kind == "auth"
    assert len(zalo.renewals()) == 2
    assert store.lost_since() == now


def test_lost_consent_answers_without_asking_anybody(store: DatabaseTokenStore, now: datetime) -> None:
    store.store_first_pair(TokenPair("cũ", "r0", now), now)
    called: list[str] = []

    def exchange(spent: str) -> TokenPair:
        called.append(spent)
        raise Delivery("auth", "-14020", "đã dùng")

    for stale in ("cũ", "cũ", "khác"):
        with pytest.raises(Delivery) as caught:
            store.refresh(stale, exchange, now)
        assert caught.value.kind == "auth"
    assert called == ["r0"]


@pytest.mark.parametrize("kind", ["temporary", "config"])
def test_a_failed_exchange_that_spent_nothing_may_be_tried_again(
    store: DatabaseTokenStore, now: datetime, kind: DeliveryKind
) -> None:
    store.store_first_pair(TokenPair("cũ", "r0", now), now)
    called: list[str] = []

    def exchange(spent: str) -> TokenPair:
        called.append(spent)
        if len(called) == 1:
            raise Delivery(kind, None, "thử lại")
        return TokenPair("mới", "r1", now)

    with pytest.raises(Delivery) as caught:
        store.refresh("cũ", exchange, now)
    assert caught.value.kind == kind
    assert store.lost_since() is None
    assert store.refresh("cũ", exchange, now).access == "mới"
    assert loaded(store).refresh == "r1"


def test_a_renewal_that_never_arrived_is_asked_once_more(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("expire")
    zalo.arm("reset_before", path=TOKENS)
    zalo_channel.send(envelope("7001"), now)
    assert [line["rotated"] for line in zalo.renewals()] == [False, True]
    assert store.lost_since() is None


def test_a_token_server_that_is_down_is_no_lost_consent(
    zalo: ZaloDouble, store: DatabaseTokenStore, zalo_channel: ZaloChannel, envelope: Build, now: datetime
) -> None:
    before = loaded(store)
    zalo.post("expire")
    zalo.arm("status_before", path=TOKENS, status=503)
    with pytest.raises(Delivery) as caught:
        zalo_channel.send(envelope("7001"), now)
    assert caught.value.kind == "temporary"
    assert store.lost_since() is None
    assert loaded(store) == before
    zalo_channel.send(envelope("7001"), now)
    assert len(zalo.inbox("7001")) == 1


def test_withdrawn_consent_is_marked_and_a_new_one_ends_the_alarm(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("revoke")
    for _ in range(3):
        with pytest.raises(Delivery) as caught:
            zalo_channel.send(envelope("7001"), now)
        assert caught.value.kind == "auth"
    assert len(zalo.renewals()) == 1

    granted = zalo.grant()
    store.store_first_pair(TokenPair(granted["access_token"], granted["refresh_token"], now + timedelta(hours=25)), now)
    zalo_channel.send(envelope("7001"), now)
    assert len(zalo.inbox("7001")) == 1
    assert zalo_channel.check(now) == []


def test_a_wrong_application_secret_is_our_setting_and_keeps_the_pair(
    zalo: ZaloDouble, zalo_channel: ZaloChannel, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    zalo.post("expire")
    wrong = ZaloChannel(zalo.url, ZaloOAuth(open_client(), zalo.url, APP_ID, "sai"), store)
    with pytest.raises(Delivery) as caught:
        wrong.send(envelope("7001"), now)
    assert caught.value.kind == "config"
    assert store.lost_since() is None
    zalo_channel.send(envelope("7001"), now)


def test_without_consent_nothing_is_called(
    zalo: ZaloDouble, oauth: ZaloOAuth, store: DatabaseTokenStore, envelope: Build, now: datetime
) -> None:
    channel = ZaloChannel(zalo.url, oauth, store)
    with pytest.raises(Delivery) as caught:
        channel.send(envelope("7001"), now)
    assert caught.value.kind == "auth"
    assert zalo.ledger() == []
    assert "dondoc zalo connect" in channel.check(now)[0]


def test_consent_by_code_with_pkce(zalo: ZaloDouble, oauth: ZaloOAuth, now: datetime) -> None:
    verifier = new_verifier()
    url = urlsplit(oauth.permission_url("http://127.0.0.1:8000/zalo", verifier, "s1"))
    page = zalo.page(f"{url.path}?{url.query}")
    back = parse_qs(urlsplit(page.split('href="')[-1].split('"')[0].replace("&amp;", "&")).query)
    assert back["state"] == ["s1"]
    with pytest.raises(Delivery):
        oauth.pair_from_code(back["code"][0], new_verifier(), now)
    pair = oauth.pair_from_code(back["code"][0], verifier, now)
    assert pair.expires_at == now + timedelta(hours=25)
    with pytest.raises(Delivery):
        oauth.pair_from_code(back["code"][0], verifier, now)


def test_the_verifier_has_the_length_zalo_wants() -> None:
    verifier = new_verifier()
    assert len(verifier) == 43
    # RFC 7636, appendix B.
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_no_token_stands_in_the_clear(zalo_channel: ZaloChannel, store: DatabaseTokenStore, sqlite_url: str) -> None:
    del zalo_channel
    pair = loaded(store)
    with reading(sqlite_url) as session:
        row = session.get_one(ChannelToken, "zalo")
        stored = row.access_token_enc + row.refresh_token_enc
    assert pair.access not in stored
    assert pair.refresh not in stored
    assert pair.access not in repr(pair)


def test_no_token_and_no_secret_is_ever_logged(
    zalo: ZaloDouble,
    zalo_channel: ZaloChannel,
    store: DatabaseTokenStore,
    envelope: Build,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = loaded(store)
    zalo.post("expire")
    with caplog.at_level(logging.DEBUG):
        zalo_channel.send(envelope("7001"), now)
        after = loaded(store)
        zalo.post("revoke")
        with pytest.raises(Delivery):
            zalo_channel.send(envelope("7001"), now)
    assert TOKENS in caplog.text
    secrets = (before.access, before.refresh, after.access, after.refresh, APP_SECRET)
    assert not [one for one in secrets if one in caplog.text]


def test_another_secret_key_is_told_and_breaks_nothing(store: DatabaseTokenStore, now: datetime) -> None:
    store.store_first_pair(TokenPair("a", "r", now), now)
    other = DatabaseTokenStore("zalo", "khóa khác", store._transaction, store._reading)
    with pytest.raises(Delivery, match="DONDOC_SECRET_KEY") as caught:
        other.load()
    assert caught.value.kind == "config"
    assert loaded(store).access == "a"


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        TokenCipher("")
