"""A run with nothing to say leaves its sign of life and nothing else; what there is to say is not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, select

from db.models import JobRun
from db.session import engine_for, reading
from notifications.chase import rest_when_quiet
from tests.notifications.chase_world import World, add_duty, at, new_world, on
from tests.stories.deeds import asks


@pytest.fixture
def world(home: Path, sqlite_url: str) -> World:
    """A commune with one duty due on Friday 20/3/2026."""
    made = new_world(home, sqlite_url)
    add_duty(made, "20/3")
    return made


QUIET = {
    "too early": ("03/3", "08:00", True),
    "a step has come": ("06/3", "08:00", False),
    "the same before the office opens": ("06/3", "07:00", True),
    "on a Sunday": ("22/3", "08:00", True),
}


@pytest.mark.parametrize(("day", "clock", "quiet"), QUIET.values(), ids=QUIET)
def test_rests_only_when_there_is_nothing_to_say(world: World, day: str, clock: str, quiet: bool) -> None:
    now = at(on(day), clock)
    with world.transaction() as session:
        done = rest_when_quiet(session, now, world.calendar, world.ladders, world.settings)
        assert (done is not None) == quiet
        assert len(session.scalars(select(JobRun)).all()) == quiet
    assert (world.chase(now).messages == 0) == quiet


def test_an_undecided_request_is_something_to_say(world: World) -> None:
    with world.transaction() as session:
        asks(1, on("10/4"))(session, at(on("03/3")))
        assert rest_when_quiet(session, at(on("03/3")), world.calendar, world.ladders, world.settings) is None


def test_a_digest_that_could_not_be_sent_is_something_to_say(world: World) -> None:
    world.chase(at(on("06/3")))
    with world.transaction() as session:
        assert rest_when_quiet(session, at(on("06/3"), "09:00"), world.calendar, world.ladders, world.settings)
        assert rest_when_quiet(session, at(on("09/3")), world.calendar, world.ladders, world.settings) is None


def test_outside_office_hours_no_case_is_read(world: World) -> None:
    seen: list[str] = []
    event.listen(engine_for(world.url), "before_cursor_execute", lambda *args: seen.append(str(args[2])))
    world.chase(at(on("20/3"), "22:00"))
    assert not any("occurrences" in statement for statement in seen)
    with reading(world.url) as session:
        assert session.scalars(select(JobRun.job)).all() == ["chase_units"]
