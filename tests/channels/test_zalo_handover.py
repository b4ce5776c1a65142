"""The outbox over real Zalo channels: what free words cannot reach goes on by template, telephone, then mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Message, Person
from db.session import transaction
from notifications.channels import Channel
from notifications.channels.zalo.channel import ZaloChannel
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.delivery import DeliverySummary, deliver_due
from tests.channels.approved import FACTS, FILE, by_phone, by_user, register
from tests.channels.conftest import store_on
from tests.channels.doubles import ZaloDouble, keep_grant
from tests.notifications.chase_world import World, add_duty, at, new_world, on

MORNING = at(on("18/3"))
PHONE = "84987654321"
ORDER = ["zalo", "zalo_template", "zbs", "email"]


@pytest.fixture
def world(home: Path, sqlite_url: str) -> World:
    """One message to An, who has every address; free words first."""
    world = new_world(home, sqlite_url)
    with world.transaction() as session:
        an = session.scalars(select(Person).where(Person.name == "An")).one()
        an.zalo_user_id, an.phone, an.channels = "7001", "0987 654 321", ORDER
    add_duty(world, "25/3")
    world.chase(MORNING)
    return world


def deliver(world: World, channels: dict[str, Channel], now: datetime) -> DeliverySummary:
    """One run of the deliverer with these channels."""
    clock = partial(transaction, world.url)
    return deliver_due(clock, channels, lambda: now, world.settings, calendar=world.calendar, workers=2)


def zalo_channels(zalo: ZaloDouble, oauth: ZaloOAuth, world: World, folder: Path) -> dict[str, Channel]:
    """All channels of the account, and the recorder for mail."""
    zalo.post("clock", at=MORNING.timestamp())
    register(zalo)
    store = store_on(world.url)
    keep_grant(store, zalo, MORNING)
    words = ZaloChannel(zalo.url, oauth, store)
    by_id, number = by_user(zalo, words, folder), by_phone(zalo, words, folder)
    return {"zalo": words, "zalo_template": by_id, "zbs": number, "email": world.email}


def rows(world: World) -> list[tuple[str, str, str | None]]:
    """Channel, state and code of every row."""
    return [(one.channel, one.state, one.error_code) for one in world.messages()]


PEOPLE = [
    pytest.param({"hours_since_interaction": 200}, [("zalo", "failed", "-230")], "zalo_template", id="window closed"),
    pytest.param({"last_interaction": None}, [("zalo", "failed", "-232")], "zalo_template", id="never wrote"),
    pytest.param(
        {"hours_since_interaction": 200, "quota_left": 0},
        [("zalo", "failed", "-218"), ("zalo_template", "failed", "-218")],
        "zbs",
        id="no more by user id",
    ),
    pytest.param(
        {"follows": False, "banned": True, "has_zalo": False},
        [("zalo", "failed", "-227"), ("zalo_template", "failed", "-227"), ("zbs", "failed", "-118")],
        "email",
        id="not on Zalo at all",
    ),
]


@pytest.mark.parametrize(("state", "failed", "by"), PEOPLE)
def test_the_next_channel_takes_over_until_one_arrives(
    zalo: ZaloDouble,
    oauth: ZaloOAuth,
    world: World,
    tmp_path: Path,
    state: dict[str, object],
    failed: list[tuple[str, str, str]],
    by: str,
) -> None:
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.people({"user_id": "7001", "phone": PHONE, **state})
    for minutes in range(2):
        deliver(world, channels, MORNING + timedelta(minutes=20 + minutes))
    assert rows(world) == [*failed, (by, "sent", None)]
    shown = [one["way"] for one in zalo.inbox()]
    assert shown == {"zalo_template": ["template"], "zbs": ["zbs"], "email": []}[by]
    assert len(world.email.sent) == (by == "email")
    (reached,) = world.messages("sent")
    assert reached.address == {"zalo_template": "7001", "zbs": "0987 654 321"}.get(by, reached.address)
    if by == "zbs":
        assert zalo.inbox()[0]["tracking"] == f"obx-{reached.id}"


def test_a_kind_without_a_template_goes_by_mail(
    zalo: ZaloDouble, oauth: ZaloOAuth, world: World, tmp_path: Path
) -> None:
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.people({"user_id": "7001", "phone": PHONE, "follows": False})
    (tmp_path / "zalo_templates.yaml").write_text(FILE.replace("default", "alert").replace("digest", "alert"))
    for minutes in range(2):
        deliver(world, channels, MORNING + timedelta(minutes=20 + minutes))
    failed = [(name, "failed", "no-template") for name in ("zalo_template", "zbs")]
    assert rows(world) == [("zalo", "failed", "-213"), *failed, ("email", "sent", None)]
    assert zalo.inbox() == []


def test_an_unknown_outcome_hands_over_to_nobody(
    zalo: ZaloDouble, oauth: ZaloOAuth, world: World, tmp_path: Path
) -> None:
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.people({"user_id": "7001", "phone": PHONE, "hours_since_interaction": 200})
    zalo.arm("reset_after", path="/v3.0/oa/message/template")
    for minutes in range(2):
        deliver(world, channels, MORNING + timedelta(minutes=20 + minutes))
    assert [row[:2] for row in rows(world)] == [("zalo", "failed"), ("zalo_template", "unknown")]
    assert len(zalo.inbox()) == 1
    assert world.email.sent == []


def test_lost_consent_lets_mail_take_over(zalo: ZaloDouble, oauth: ZaloOAuth, world: World, tmp_path: Path) -> None:
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.post("revoke")
    for minutes in range(2):
        deliver(world, channels, MORNING + timedelta(minutes=20 + minutes))
    assert rows(world)[-1] == ("email", "sent", None)
    assert len(world.email.sent) == 1
    assert len(zalo.renewals()) == 1
    assert zalo.inbox() == []


def test_from_the_chase_to_a_telephone_with_nothing_but_a_number(
    zalo: ZaloDouble, oauth: ZaloOAuth, home: Path, sqlite_url: str, tmp_path: Path
) -> None:
    world = new_world(home, sqlite_url)
    (home / "config").mkdir(parents=True)
    (home / "config" / "zalo_templates.yaml").write_text(FILE, encoding="utf-8")
    with world.transaction() as session:
        an = session.scalars(select(Person).where(Person.name == "An")).one()
        an.zalo_user_id, an.email, an.phone, an.channels = None, None, "0987654321", []
    add_duty(world, "25/3")
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.people({"user_id": "7001", "phone": PHONE})
    world.chase(MORNING)
    deliver(world, channels, MORNING + timedelta(minutes=20))
    (reached,) = world.messages("sent")
    (got,) = zalo.inbox()
    assert (got["way"], got["tracking"], reached.channel) == ("zbs", f"obx-{reached.id}", "zbs")
    words = got["text"].split("\n")
    assert words[:4] == ["Nhắc nộp báo cáo", "ten: Ông/Bà An (Phòng Kinh tế)", "so_viec: 01", "ngay: 25/03/2026"]
    assert words[4].removeprefix("link: ") in reached.text


NIGHT = at(on("18/3"), "23:00")


def queue_alert(world: World, channel: str, address: str) -> None:
    """An alert, which leaves at any hour."""
    with world.transaction() as session:
        an = session.scalars(select(Person).where(Person.name == "An")).one()
        alert = Message(
            dedupe_key="alert:1",
            person_id=an.id,
            channel=channel,
            address=address,
            kind="alert",
            subject="Cảnh báo",
            text="Kênh thư không gửi được.",
            priority=1,
            state="queued",
            not_before=NIGHT,
            created_at=NIGHT,
            thread=[],
        )
        alert.facts = FACTS
        session.add(alert)


@pytest.mark.parametrize("with_mail", [True, False], ids=["mail is there", "nothing else"])
def test_what_cannot_wait_takes_a_channel_that_is_awake_or_the_morning(
    zalo: ZaloDouble, oauth: ZaloOAuth, home: Path, sqlite_url: str, tmp_path: Path, with_mail: bool
) -> None:
    world = new_world(home, sqlite_url)
    channels = zalo_channels(zalo, oauth, world, tmp_path)
    zalo.post("clock", at=NIGHT.timestamp())
    zalo.people({"user_id": "7001", "phone": PHONE})
    (tmp_path / "zalo_templates.yaml").write_text(FILE.replace("digest", "alert"), encoding="utf-8")
    with world.transaction() as session:
        an = session.scalars(select(Person).where(Person.name == "An")).one()
        an.zalo_user_id, an.phone, an.channels = None, PHONE, ["zbs"]
        an.email = an.email if with_mail else None
    queue_alert(world, "zbs", PHONE)
    for minutes in range(2):
        deliver(world, channels, NIGHT + timedelta(minutes=minutes))
    assert zalo.ledger() == []
    assert len(world.email.sent) == with_mail
    if with_mail:
        assert rows(world) == [("zbs", "failed", "night"), ("email", "sent", None)]
        return
    (waiting,) = world.messages()
    morning = at(on("19/3"), "06:00")
    assert (waiting.state, waiting.not_before, waiting.attempts) == ("queued", morning, 0)
    zalo.post("clock", at=morning.timestamp())
    deliver(world, channels, morning)
    assert [one["way"] for one in zalo.inbox()] == ["zbs"]
