"""Messages per finished duty, by hand: what was really sent beside what the ladder calls for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chasing import CaseView
from chasing.lowest import lowest_count
from config.ladders import PACKAGED, read_ladders
from db.models import Extension
from notifications.message_figures import MessageFigure, kept_figures, message_figures, refresh_figures
from tests.notifications.chase_world import CALENDAR, World, add_duty, at, days, on


def play(world: World, until: str, answers: dict[str, list[int]]) -> None:
    """The chase of each morning from the day before the first step, then what was answered at ten."""
    for day in days("10/3", until):
        if CALENDAR.is_working(day):
            world.chase(at(day))
            world.deliver(at(day, "08:05"))
        for number in answers.get(f"{day.day}/{day.month}", []):
            world.change(number, state="accepted", answered_at=at(day, "10:00"))


def figures(world: World, now: datetime) -> list[MessageFigure]:
    with world.transaction() as session:
        return message_figures(session, now, world.calendar)


def test_the_figure_is_what_one_counts_by_hand(both_world: World) -> None:
    world = both_world
    # Due 25/3: the contact hears on 11/3 and 18/3, the contact and the leader on 23/3.
    early, late, nothing, still_open = (add_duty(world, "25/3", f"Việc {n}") for n in range(4))
    play(world, "24/3", {"10/3": [nothing], "19/3": [early], "24/3": [late]})
    (quarter, year) = figures(world, at(on("24/3"), "12:00"))
    # early: 2 reminders; late: 2 + 2; nothing: 0. Messages: 11/3, 18/3, and two on 23/3, shared with the open duty.
    assert (quarter.finished, quarter.reminders, quarter.messages, quarter.lowest) == (3, 6, 4, 6)
    assert (quarter.each, quarter.least, quarter.label) == ("2,0", "2,0", "Quý I/2026")
    assert (year.reminders, year.label) == (6, "năm 2026")
    assert still_open, "it is not counted, though the same messages name it"


def test_an_older_quarter_counts_for_the_year_only(world: World) -> None:
    one = add_duty(world, "25/3")
    play(world, "19/3", {"19/3": [one]})
    (year,) = figures(world, at(on("5/4"), "12:00"))
    assert (year.label, year.finished, year.reminders, year.lowest) == ("năm 2026", 1, 2, 2)


def test_nothing_finished_shows_nothing(world: World) -> None:
    add_duty(world, "25/3")
    assert figures(world, at(on("5/4"), "12:00")) == []


def test_pages_read_what_the_watcher_counted(world: World) -> None:
    one = add_duty(world, "25/3")
    play(world, "12/3", {"12/3": [one]})
    noon = at(on("12/3"), "12:00")
    assert kept(world, noon - timedelta(hours=2)) == [1, 1]
    world.change(one, state="open")
    assert kept(world, noon - timedelta(minutes=90)) == [1, 1], "counted within the hour"
    assert kept(world, noon) == []


def kept(world: World, now: datetime) -> list[int]:
    """How many were finished, as a page reads it after the watcher has looked."""
    refresh_figures(world.transaction, world.transaction, now, world.calendar)
    with world.transaction() as session:
        return [each.finished for each in kept_figures(session)]


def case(**changes: object) -> CaseView:
    facts: dict[str, object] = {"id": 1, "kind": "report", "state": "open", "ladder": read_ladders(PACKAGED)["default"]}
    due = date(2026, 3, 25)
    return CaseView(**{**facts, "due_target": due, "due_legal": due, **changes})  # type: ignore[arg-type]


START = at(on("2/3"))


def test_the_ladder_calls_for_nobody_before_its_first_step() -> None:
    assert lowest_count(case(), START, at(on("11/3"), "07:30"), CALENDAR) == 0
    assert lowest_count(case(), START, at(on("11/3"), "07:31"), CALENDAR) == 1


def test_a_chase_that_starts_late_says_one_thing_at_its_start() -> None:
    assert lowest_count(case(), at(on("19/3"), "09:00"), at(on("20/3"), "16:00"), CALENDAR) == 1


def test_an_acknowledgement_quiets() -> None:
    quiet = case(acknowledged_at=at(on("18/3"), "10:00"), quiet_until=on("23/3"))
    # 11/3 and 18/3; 23/3 falls into the silence and is told on 24/3 to contact and leader.
    assert lowest_count(quiet, START, at(on("23/3"), "16:00"), CALENDAR) == 2
    assert lowest_count(quiet, START, at(on("24/3"), "16:00"), CALENDAR) == 4


def test_after_the_date_each_superior_is_one_more() -> None:
    # 11/3, 18/3: contact; 23/3, 25/3: contact and leader; 26/3 leader; 30/3 vice-chair; 1/4 chairman.
    assert lowest_count(case(), START, at(on("3/4")), CALENDAR) == 9


def test_an_extension_begins_anew_and_the_real_chase_agrees(world: World) -> None:
    one = add_duty(world, "25/3")
    play(world, "20/3", {})
    granted = at(on("20/3"), "11:00")
    with world.transaction() as session:
        request = {
            "asked_at": granted,
            "asked_by": "An",
            "reason": "x",
            "wanted_due": on("10/4"),
            "old_due": on("25/3"),
        }
        given = {"state": "granted", "decided_at": granted, "granted_due": on("10/4")}
        session.add(Extension(occurrence_id=one, **request, **given))
    world.change(one, extended_due=on("10/4"))
    # Steps of the new date: 27/3, 3/4 and 8/4.
    for day in (on("26/3"), on("27/3"), on("3/4"), on("8/4")):
        world.chase(at(day))
        world.deliver(at(day, "08:05"))
    world.change(one, state="submitted", answered_at=at(on("9/4"), "10:00"))
    (_, year) = figures(world, at(on("9/4"), "12:00") + timedelta(hours=1))
    assert year.reminders == year.lowest > 2
