"""Weeks of several duties, some answered, counted: no message more than the ladder asks, one digest a person a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from chasing import CaseView, local
from tests.notifications.chase_world import CALENDAR, World, add_duty, add_unit, at, days, new_world, on
from tests.stories.deeds import answers
from tests.stories.story import Story

DUE = ("13/3", "16/3", "18/3", "20/3", "20/3", "24/3")
ANSWERED = {"13/3": "11/3", "18/3": "19/3", "24/3": "26/3"}


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def story(home: Path, request: pytest.FixtureRequest) -> Story:
    """Six duties of two departments; the same on both databases."""
    world = new_world(home, request.getfixturevalue(request.param))
    add_unit(world, "vh", "Phòng Văn hóa", [("Cúc", "contact"), ("Dũng", "leader")])
    for number, due in enumerate(DUE):
        add_duty(world, due, f"Báo cáo {number}", unit="kt" if number % 2 else "vh")
    return Story(world)


def test_weeks_of_messages_are_the_fewest_that_the_ladder_allows(story: Story) -> None:
    world = story.world
    for number, due in enumerate(DUE, 1):
        if answered := ANSWERED.get(due):
            story.does(answered, answers(world, number))
    story.forward("06/3", "31/3")
    sent = world.messages()
    assert {message.state for message in sent} == {"sent"}
    a_day = Counter((m.person_id, m.channel, local(m.created_at).date()) for m in sent)
    assert set(a_day.values()) == {1}
    told: dict[int, list[str]] = defaultdict(list)
    for message in sent:
        for item in message.items:
            if item.step not in told[item.occurrence_id]:
                told[item.occurrence_id].append(item.step)
    assert told == {number: _steps_come(world, number) for number in range(1, len(DUE) + 1)}


def _steps_come(world: World, number: int) -> list[str]:
    """The steps whose day had come, on a working morning, before the answer."""
    one = world.occurrence(number)
    case = CaseView(one.id, one.kind, "open", one.due_target, one.due_legal, world.ladders["default"])
    end = local(one.answered_at).date() if one.answered_at else on("31/3")
    mornings = [day for day in days("06/3", "31/3") if CALENDAR.is_working(day) and day <= end]
    steps = [step for day in mornings if (step := case.current_step(at(day), CALENDAR))]
    return list(dict.fromkeys(step.key for step in steps))
