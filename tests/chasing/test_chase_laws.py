"""Laws of the chase, on any calendar, ladder and set of moments at which it happens to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chasing import ROLES, ZONE, CaseView, Ladder, Role, Step, is_office_time, next_actions
from chasing.ladder import When
from deadlines import DayMark, WorkCalendar
from tests.chasing.chase_cases import DEFAULT

START = date(2026, 3, 2)
SPAN = 50


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Monday to Friday, with some days off and some Saturdays worked."""
    off = draw(st.sets(st.integers(-20, SPAN + 20), max_size=8))
    worked = draw(st.sets(st.integers(-20, SPAN + 20), max_size=4))
    marks = {START + timedelta(days=n): DayMark(False, "nghỉ") for n in off}
    marks |= {START + timedelta(days=n): DayMark(True, "làm bù") for n in worked - off}
    return WorkCalendar(marks, [2025, 2026])


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any ladder of up to eight steps in days and four in hours."""
    ranks = draw(st.sets(st.integers(-12, 12), min_size=1, max_size=8))
    hours = draw(st.sets(st.integers(-60, 60).filter(bool), max_size=4))
    steps = [Step(f"s{rank}", _when(rank), abs(rank), draw(_roles(rank))) for rank in ranks]
    steps += [Step(f"h{n}", _when(n), 0, draw(_roles(n)), any_hour=draw(st.booleans()), hours=abs(n)) for n in hours]
    return Ladder("any", tuple(steps))


def _when(number: int) -> When:
    return "before" if number < 0 else "after" if number else "on"


def _roles(number: int) -> st.SearchStrategy[tuple[Role, ...]]:
    known = [role for role in ROLES if role != "coordinator" or number <= 0]
    return st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True).map(tuple)


moments = st.lists(
    st.builds(
        lambda day, minute: datetime.combine(START, time(), ZONE) + timedelta(days=day, minutes=minute),
        st.integers(0, SPAN),
        st.integers(0, 24 * 60 - 1),
    ),
    min_size=1,
    max_size=25,
)


def case_of(ladder: Ladder, due: int, slack: int) -> CaseView:
    target = START + timedelta(days=due)
    return CaseView(1, "report", "open", target, target + timedelta(days=slack), ladder)


def run(case: CaseView, at: Iterable[datetime], calendar: WorkCalendar) -> tuple[CaseView, list[str]]:
    """Run the chase at these moments, remembering each step as run_chase does."""
    told = []
    for now in at:
        for action in next_actions(case, now, calendar):
            told.append(action.step.key)
            case = replace(case, last_step=action.step.key, last_step_at=now)
    return case, told


due = st.integers(0, SPAN)
slack = st.integers(0, 4)


@given(calendars(), ladders(), due, slack, moments)
def test_one_jump_or_many_ends_on_the_same_step(
    calendar: WorkCalendar, ladder: Ladder, due: int, slack: int, at: list[datetime]
) -> None:
    case = case_of(ladder, due, slack)
    many, _ = run(case, sorted(at), calendar)
    heard = [now for now in sorted(at) if next_actions(case, now, calendar)]
    once, _ = run(case, heard[-1:], calendar)
    assert many.last_step == once.last_step


@given(calendars(), ladders(), due, slack, moments)
def test_steps_only_climb_and_none_is_told_twice(
    calendar: WorkCalendar, ladder: Ladder, due: int, slack: int, at: list[datetime]
) -> None:
    _, told = run(case_of(ladder, due, slack), sorted(at), calendar)
    order = [step.key for _, step in case_of(ladder, due, slack).climb(calendar)]
    places = [order.index(key) for key in told]
    assert places == sorted(set(places))


@given(calendars(), ladders(), due, slack, moments)
def test_running_twice_at_an_instant_says_nothing_new(
    calendar: WorkCalendar, ladder: Ladder, due: int, slack: int, at: list[datetime]
) -> None:
    case = case_of(ladder, due, slack)
    assert run(case, sorted(at * 2), calendar)[1] == run(case, sorted(at), calendar)[1]


@given(calendars(), due, slack, moments)
def test_nothing_is_said_outside_working_days_and_office_hours(
    calendar: WorkCalendar, due: int, slack: int, at: list[datetime]
) -> None:
    case = case_of(DEFAULT, due, slack)
    for now in at:
        if next_actions(case, now, calendar):
            assert calendar.is_working(now.date())
            assert time(7, 30) <= now.time() < time(17)


@given(calendars(), due, slack, moments)
def test_superiors_hear_only_of_what_is_late(calendar: WorkCalendar, due: int, slack: int, at: list[datetime]) -> None:
    case = case_of(DEFAULT, due, slack)
    for now in at:
        for action in next_actions(case, now, calendar):
            late = now.date() > case.due_legal
            assert late or not {"vice_chair", "chair"} & set(action.roles)
            assert late == action.reason.startswith("Quá hạn") == (action.lateness > 0)


@given(calendars(), due, slack, moments, st.sampled_from(["submitted", "accepted", "waived", "on_hold", "recorded"]))
def test_who_has_answered_or_owes_nothing_hears_nothing(
    calendar: WorkCalendar, due: int, slack: int, at: list[datetime], state: str
) -> None:
    assert run(replace(case_of(DEFAULT, due, slack), state=state), sorted(at), calendar)[1] == []


@given(calendars(), due, slack, moments, st.integers(0, SPAN))
def test_an_acknowledgement_buys_exactly_the_quiet_days(
    calendar: WorkCalendar, due: int, slack: int, at: list[datetime], said: int
) -> None:
    moment = datetime.combine(START + timedelta(days=said), time(9), ZONE)
    case = replace(case_of(DEFAULT, due, slack), acknowledged_at=moment)
    end = calendar.add_working_days(moment.date(), DEFAULT.quiet_days)
    for now in at:
        plain = next_actions(replace(case, acknowledged_at=None), now, calendar)
        assert next_actions(case, now, calendar) == ([] if now.date() <= end else plain)


@given(calendars(), due, slack, moments)
def test_a_running_chase_keeps_its_ladder_through_json(
    calendar: WorkCalendar, due: int, slack: int, at: list[datetime]
) -> None:
    case = case_of(DEFAULT, due, slack)
    kept = replace(case, ladder=Ladder.from_json(DEFAULT.to_json()))
    assert run(kept, sorted(at), calendar)[1] == run(case, sorted(at), calendar)[1]


@given(calendars(), ladders(), due, slack, moments)
def test_nothing_is_said_more_often_than_the_ladder_asks(
    calendar: WorkCalendar, ladder: Ladder, due: int, slack: int, at: list[datetime]
) -> None:
    """However often it runs: each step that was the highest at some run that could speak, once, and nothing else."""
    case = case_of(ladder, due, slack)
    could = [(now, step) for now in sorted(at) if (step := case.current_step(now, calendar))]
    spoken = [s for now, s in could if s.any_hour or is_office_time(now, calendar, ladder.office_hours)]
    order = [step.key for _, step in case.climb(calendar)]
    expected = sorted({step.key for step in spoken}, key=order.index)
    assert run(case, sorted(at), calendar)[1] == expected


@given(calendars(), st.integers(1, 30), st.sampled_from(["before", "after"]), due, slack)
def test_a_step_by_the_hour_is_told_by_the_first_run_after_its_instant(
    calendar: WorkCalendar, hours: int, when: When, due: int, slack: int
) -> None:
    ladder = Ladder("h", (Step("h", when, 0, ("leader",), any_hour=True, hours=hours),))
    case = case_of(ladder, due, slack)
    ((instant, _),) = case.climb(calendar)
    runs = [instant + timedelta(minutes=minute) for minute in (-31, -1, 0, 29, 59)]
    heard = [now for now in runs if run(case, [now], calendar)[1]]
    assert heard == runs[2:]
    assert run(case, runs, calendar)[0].last_step_at == instant


@given(calendars(), ladders(), due, slack, moments, st.integers(0, SPAN))
def test_a_request_that_waits_buys_exactly_the_quiet_days(
    calendar: WorkCalendar, ladder: Ladder, due: int, slack: int, at: list[datetime], asked: int
) -> None:
    moment = datetime.combine(START + timedelta(days=asked), time(9), ZONE)
    case = case_of(ladder, due, slack)
    end = calendar.add_working_days(moment.date(), ladder.quiet_days)
    for now in at:
        said = [action.step for action in next_actions(replace(case, asked_at=moment), now, calendar)]
        plain = [action.step for action in next_actions(case, now, calendar)]
        assert said == ([] if now.date() <= end else plain)
