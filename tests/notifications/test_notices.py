"""Notices: what was decided about a unit's answer or request, said at once but not at night."""

from __future__ import annotations

import pytest

from db.models import Plan
from notifications.composing import plan_name
from notifications.notices import queue_notice
from tests.notifications.chase_world import World, add_duty, at, on

MORNING = at(on("18/3"))


def test_a_notice_leaves_in_the_evening_but_not_at_night(world: World) -> None:
    number = add_duty(world, "25/3", state="returned")
    with world.transaction() as session:
        occurrence = session.get_one(type(world.occurrence(number)), number)
        evening = at(on("18/3"), "19:00")
        assert len(queue_notice(session, occurrence, "returned", evening, world.settings, reason="Thiếu phụ lục")) == 1
        assert queue_notice(session, occurrence, "returned", at(on("18/3"), "23:00"), world.settings, reason="Sai kỳ")
    assert world.deliver(at(on("18/3"), "23:30")).sent == 1
    assert "Thiếu phụ lục" in world.arrived()[0].text
    assert world.deliver(at(on("19/3"), "06:00")).sent == 1


def test_the_same_notice_at_one_instant_is_one_message(world: World) -> None:
    number = add_duty(world, "25/3", state="returned")
    with world.transaction() as session:
        occurrence = session.get_one(type(world.occurrence(number)), number)
        assert queue_notice(session, occurrence, "returned", MORNING, world.settings, reason="Thiếu phụ lục")
        assert queue_notice(session, occurrence, "returned", MORNING, world.settings, reason="Thiếu phụ lục") == []
    assert world.deliver(MORNING).sent == 1


NOTICES = {
    "returned": ({"reason": "Thiếu phụ lục số liệu"}, "Thiếu phụ lục số liệu"),
    "accepted": ({}, "đã được chấp nhận"),
    "extension_granted": (
        {"due": on("30/4"), "old_due": on("25/3")},
        "Thời hạn mới: 30/4/2026 (thời hạn cũ: 25/3/2026).",
    ),
    "extension_refused": ({"due": on("25/3"), "note": "Việc gấp"}, "Lý do: Việc gấp"),
}


@pytest.mark.parametrize(("kind", "words", "expected"), [(k, *v) for k, v in NOTICES.items()], ids=NOTICES)
def test_a_notice_says_what_was_decided_within_the_limit(
    world: World, kind: str, words: dict[str, object], expected: str
) -> None:
    number = add_duty(world, "25/3", "Nội dung rất dài " * 60)
    with world.transaction() as session:
        occurrence = session.get_one(type(world.occurrence(number)), number)
        (message,) = queue_notice(session, occurrence, kind, MORNING, world.settings, **words)  # type: ignore[arg-type]
    assert expected in message.text
    assert message.text.startswith("Kính gửi: Ông/Bà An (Phòng Kinh tế)")
    assert len(message.text) <= 2000
    assert len(message.subject) <= 255
    assert message.kind == "notice"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Triển khai thực hiện cải cách hành chính", "Kế hoạch «Triển khai thực hiện cải cách hành chính»"),
        ("Kế hoạch phòng cháy, chữa cháy", "Kế hoạch phòng cháy, chữa cháy"),
    ],
    ids=["kind left out", "kind in the title"],
)
def test_a_plan_without_a_number_is_cited_by_its_title(title: str, words: str) -> None:
    assert plan_name(Plan(title=title, kind="Kế hoạch")) == words
