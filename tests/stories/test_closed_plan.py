"""A plan that is closed in the middle of its chase: silence from that moment, and one step when it is opened again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from plans.closing import close_plan, reopen_plan
from tests.notifications.chase_world import add_duty, at, new_world, on
from tests.stories.story import Story


@pytest.fixture
def story(home: Path, sqlite_url: str) -> Story:
    """A commune with one duty due on Friday 20/3/2026."""
    world = new_world(home, sqlite_url)
    return Story(world, number=add_duty(world, "20/3"))


def closes(session: Session, now: datetime) -> None:
    close_plan(session, 1, "Chuyển sang kế hoạch khác", now, "Vy")


def reopens(session: Session, now: datetime) -> None:
    reopen_plan(session, 1, "Còn một việc", now, "Vy")


def reopens_from_today(session: Session, now: datetime) -> None:
    reopen_plan(session, 1, "Còn một việc", now, "Vy", chase_from=now.date())


def test_nobody_is_chased_for_a_closed_plan(story: Story) -> None:
    story.does("16/3", closes)
    assert story.forward("12/3", "31/3") == {"12/3": ["An: before-10#1"], "13/3": ["An: before-5#1"]}


def test_an_opened_plan_tells_the_one_step_that_applies(story: Story) -> None:
    story.does("16/3", closes)
    story.does("24/3", reopens)
    assert story.forward("12/3", "26/3") == {
        "12/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "24/3": ["Bình: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
    }


def test_what_was_late_stays_on_record_when_asked_so(story: Story) -> None:
    story.does("16/3", closes)
    story.does("24/3", reopens_from_today)
    assert list(story.forward("12/3", "31/3")) == ["12/3", "13/3"]


def test_what_waits_in_the_outbox_is_called_off(story: Story) -> None:
    world = story.world
    world.chase(at(on("12/3")))
    with world.transaction() as session:
        closes(session, world.now)
    world.deliver(at(on("12/3"), "08:10"))
    assert [message.state for message in world.messages()] == ["cancelled"]
    assert not world.zalo.sent
    assert not world.email.sent
