"""Working days: the tables of the orders, the shift of due days, and the laws of counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days_off import load_work_calendar
from deadlines import CalendarError, DayMark, Offset, Once, OnEvent, WorkCalendar, date_event, expand

CALENDAR = load_work_calendar()
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 12, 31))


@pytest.mark.parametrize(
    ("nominal", "legal", "target"),
    [
        pytest.param("2026-01-10", "2026-01-10", "2026-01-10", id="make-up Saturday of January"),
        pytest.param("2026-02-14", "2026-02-23", "2026-02-13", id="the whole of Tết"),
        pytest.param("2026-04-26", "2026-04-28", "2026-04-24", id="Giỗ Tổ on a Sunday, made up on Monday"),
        pytest.param("2026-04-30", "2026-05-04", "2026-04-29", id="Victory Day before Labour Day and a weekend"),
        pytest.param("2026-06-20", "2026-06-22", "2026-06-19", id="a plain Saturday"),
        pytest.param("2026-08-22", "2026-08-22", "2026-08-22", id="make-up Saturday of August"),
        pytest.param("2026-08-31", "2026-09-03", "2026-08-28", id="swapped Monday before National Day"),
        pytest.param("2026-11-24", "2026-11-25", "2026-11-23", id="Culture Day"),
        pytest.param("2026-12-20", "2026-12-21", "2026-12-18", id="a plain Sunday"),
        pytest.param("2027-02-05", "2027-02-11", "2027-02-03", id="Tết of 2027"),
        pytest.param("2027-05-01", "2027-05-04", "2027-04-29", id="Labour Day on a Saturday"),
        pytest.param("2027-09-02", "2027-09-06", "2027-09-01", id="National Day of 2027"),
        pytest.param("2024-02-08", "2024-02-15", "2024-02-07", id="Tết of 2024"),
        pytest.param("2024-04-27", "2024-05-02", "2024-04-26", id="a swapped Monday within the days of April and May"),
        pytest.param("2024-05-05", "2024-05-06", "2024-05-04", id="a Sunday behind a make-up Saturday"),
        pytest.param("2024-08-31", "2024-09-04", "2024-08-30", id="National Day behind a weekend"),
        pytest.param("2025-01-01", "2025-01-02", "2024-12-31", id="New Year goes back into the year before"),
        pytest.param("2025-02-02", "2025-02-03", "2025-01-24", id="Tết of 2025 from its last Sunday"),
        pytest.param("2025-04-26", "2025-04-26", "2025-04-26", id="make-up Saturday of April"),
        pytest.param("2025-05-02", "2025-05-05", "2025-04-29", id="a swapped Friday"),
        pytest.param("2026-01-01", "2026-01-05", "2025-12-31", id="New Year and its swapped Friday"),
        pytest.param(
            "2026-01-11", "2026-01-12", "2026-01-10", id="the Sunday behind a make-up Saturday goes back to it"
        ),
        pytest.param("2027-01-01", "2027-01-04", "2026-12-31", id="New Year of 2027"),
        pytest.param("2028-01-01", "2028-01-04", "2027-12-31", id="New Year of a year without an order"),
        pytest.param("2026-12-17", "2026-12-17", "2026-12-17", id="before the 18th of December"),
    ],
)
def test_due_days_shift(nominal: str, legal: str, target: str) -> None:
    (due,) = expand(Once(None, date.fromisoformat(nominal)), plan_year=2026, calendar=CALENDAR)
    assert due.due_legal == date.fromisoformat(legal)
    assert due.due_target == date.fromisoformat(target)
    assert due.nominal == date.fromisoformat(nominal)


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2026, (21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23)),
        (2027, (20, 15, 23, 20, 20, 22, 22, 22, 20, 21, 21, 23)),
    ],
)
def test_working_days_of_each_month(year: int, counts: tuple[int, ...]) -> None:
    ends = [date(year, month, 1) - timedelta(days=1) for month in range(1, 13)] + [date(year, 12, 31)]
    assert tuple(map(CALENDAR.working_days_between, ends, ends[1:])) == counts


@pytest.mark.parametrize(
    ("day", "working", "order"),
    [
        ("2026-01-02", False, "CV 12729/VPCP-KGVX"),
        ("2026-01-10", True, "CV 12729/VPCP-KGVX"),
        ("2026-11-24", False, "NQ 28/2026/QH16"),
        ("2026-11-23", True, ""),
        ("2026-11-28", False, ""),
        ("2027-02-09", False, "CV 10065/VPCP-KGVX"),
    ],
)
def test_every_day_names_its_order(day: str, working: bool, order: str) -> None:
    status = CALENDAR.why(date.fromisoformat(day))
    assert (status.working, status.order, status.estimated) == (working, order, False)
    assert status.reason


def test_a_year_without_an_order_is_estimated() -> None:
    new_year = CALENDAR.why(date(2030, 1, 1))
    assert not new_year.working
    assert new_year.estimated
    assert CALENDAR.why(date(2030, 1, 5)).estimated
    assert not CALENDAR.why(date(2026, 1, 1)).estimated


def test_tet_of_a_year_without_an_order_is_expected_off() -> None:
    assert not CALENDAR.is_working(date(2030, 2, 4))


def test_a_storm_day_wins_over_the_rule() -> None:
    storm = date(2026, 9, 15)
    local = WorkCalendar({**CALENDAR.days, storm: DayMark(False, "Nghỉ tránh bão", "CĐ 01")}, CALENDAR.years_with_order)
    assert not local.is_working(storm)
    assert local.next_working(storm) == date(2026, 9, 16)
    assert CALENDAR.is_working(storm)


def test_a_calendar_without_working_days_says_so() -> None:
    start = date(2026, 1, 1)
    closed = {start + timedelta(days=n): DayMark(False, "Đóng cửa") for n in range(365)}
    with pytest.raises(CalendarError, match="không có ngày làm việc"):
        WorkCalendar(closed, [2026]).next_working(date(2026, 3, 1))


@given(days)
@settings(deadline=None)
def test_shifts_land_on_working_days_around(day: date) -> None:
    legal, target = CALENDAR.next_working(day), CALENDAR.previous_working(day)
    assert CALENDAR.is_working(legal)
    assert CALENDAR.is_working(target)
    assert target <= day <= legal
    assert (target == day) == (legal == day) == CALENDAR.is_working(day)


@given(days.filter(CALENDAR.is_working), st.integers(min_value=-40, max_value=40))
@settings(deadline=None)
def test_counting_undoes_adding(day: date, count: int) -> None:
    moved = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working(moved)
    assert CALENDAR.working_days_between(day, moved) == count


@given(days, days, days)
@settings(deadline=None)
def test_two_stretches_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    whole = CALENDAR.working_days_between(first, last)
    assert whole == CALENDAR.working_days_between(first, middle) + CALENDAR.working_days_between(middle, last)


@pytest.mark.parametrize(
    ("offset", "event", "nominal"),
    [
        pytest.param(Offset(5, "working_day"), "2026-02-12", "2026-02-26", id="five working days over Tết"),
        pytest.param(Offset(10, "day"), "2026-03-01", "2026-03-11", id="the day after is day 1"),
        pytest.param(Offset(-3, "day"), "2026-06-04", "2026-06-01", id="three days before"),
        pytest.param(
            Offset(-7, "working_day"), "2026-05-08", "2026-04-24", id="seven working days before, over Giỗ Tổ"
        ),
        pytest.param(Offset(1, "month"), "2026-01-31", "2026-02-28", id="a month ends on its last day"),
        pytest.param(Offset(24, "hour"), "2026-03-02", "2026-03-03", id="24 hours"),
        pytest.param(Offset(30, "hour"), "2026-03-02", "2026-03-04", id="hours round up"),
        pytest.param(None, "2026-03-02", "2026-03-02", id="at once"),
    ],
)
def test_an_event_dates_its_duty(offset: Offset | None, event: str, nominal: str) -> None:
    due = date_event(OnEvent("nhận đủ hồ sơ", offset), date.fromisoformat(event), CALENDAR)
    assert due.nominal == date.fromisoformat(nominal)
    assert due.kind == "duty"
    assert event in due.period_key
