"""Levels of a report: planned back from the superior's date, and what is said of dates that leave no time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days_off import load_work_calendar
from deadlines import expand, read_phrase
from deadlines.levels import Level, LevelError, back_plan, check_levels, check_window, read_levels

CALENDAR = load_work_calendar()
CHAIN = [Level("UBND xã", 2), Level("Sở Nội vụ", 3), Level("UBND tỉnh", 2)]


def test_each_level_is_dated_back_from_the_superiors_day() -> None:
    plan = back_plan(date(2026, 12, 25), CHAIN, CALENDAR, date(2026, 12, 14))
    assert [(each.name, each.due) for each in plan.levels] == [
        ("UBND xã", date(2026, 12, 18)),
        ("Sở Nội vụ", date(2026, 12, 23)),
        ("UBND tỉnh", date(2026, 12, 25)),
    ]
    assert [each.available for each in plan.levels] == [4, 3, 2]
    assert plan.warnings == ()


@pytest.mark.parametrize(
    ("due", "cut_off", "said"),
    [
        pytest.param("2026-12-18", "2026-12-14", "UBND xã không có ngày làm việc nào", id="nothing left"),
        pytest.param("2026-12-22", "2026-12-14", "UBND xã chỉ có 1 ngày làm việc (cần 2)", id="too little"),
        pytest.param("2026-02-24", "2026-02-11", "UBND xã không có ngày làm việc nào", id="over Tết"),
    ],
)
def test_a_level_without_time_is_named(due: str, cut_off: str, said: str) -> None:
    plan = back_plan(date.fromisoformat(due), CHAIN, CALENDAR, date.fromisoformat(cut_off))
    assert said in plan.warnings[0]


def test_a_day_off_of_the_superior_moves_back() -> None:
    assert back_plan(date(2026, 12, 20), CHAIN[:1], CALENDAR).levels[0].due == date(2026, 12, 18)


@given(st.dates(date(2024, 3, 1), date(2027, 12, 31)), st.lists(st.integers(1, 8), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_level_has_its_days_before_the_next(due: date, needs: list[int]) -> None:
    levels = [Level(f"Cấp {number}", days) for number, days in enumerate(needs)]
    plan = back_plan(due, levels, CALENDAR)
    dates = [(each.name, each.due) for each in plan.levels]
    assert all(CALENDAR.is_working(day) and day <= due for _, day in dates)
    assert list(check_levels(dates, None, CALENDAR)) == []
    assert [each.available for each in plan.levels][1:] == needs[1:]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(("2026-12-18", "2026-12-17"), "phải trước hạn của tỉnh", id="in the wrong order"),
        pytest.param(("2026-12-18", "2026-12-18"), "phải trước hạn của tỉnh", id="on one day"),
        pytest.param(("2026-12-18", "2026-12-20"), "không có ngày làm việc nào sau khi xã gửi", id="only a weekend"),
        pytest.param(("2026-12-14", "2026-12-18"), "không sau ngày chốt số liệu", id="sent on the cut-off"),
    ],
)
def test_dates_that_leave_no_time_are_said(days: tuple[str, str], said: str) -> None:
    named = list(zip(("xã", "tỉnh"), map(date.fromisoformat, days), strict=True))
    assert any(said in words for words in check_levels(named, date(2026, 12, 14), CALENDAR))


@pytest.mark.parametrize(
    ("phrase", "regime", "faults"),
    [
        pytest.param("trước ngày 18 của tháng cuối quý", "nd09", 0, id="the 17th after the 14th"),
        pytest.param("trước ngày 10 của tháng cuối quý", "nd09", 4, id="sent before the cut-off"),
        pytest.param("Hằng quý", "calendar", 4, id="the period ends when it is sent"),
        pytest.param("thứ Sáu hằng tuần", "nd09", 0, id="no cut-off is set for weeks"),
        pytest.param("trước ngày 20/11/2026", "nd09", 0, id="a single duty"),
    ],
)
def test_a_cut_off_leaves_a_working_day_before_sending(phrase: str, regime: str, faults: int) -> None:
    (rule,) = read_phrase(phrase, 2026).rules
    dues = expand(rule, plan_year=2026, calendar=CALENDAR, regime=regime)
    assert sum(bool(check_window(due)) for due in dues) == faults


def test_levels_are_read_from_one_line_each() -> None:
    assert read_levels("UBND xã: 2\nSở Nội vụ: 3 ngày; UBND tỉnh: 2") == tuple(CHAIN)


@pytest.mark.parametrize("text", ["", "UBND xã", "UBND xã: nhiều", ": 2", "xã: 2; xã: 3", "xã: 0"])
def test_levels_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(LevelError, match=r"cấp|Cấp"):
        read_levels(text)


def test_the_lowest_level_is_the_others_days_away() -> None:
    first = back_plan(date(2026, 6, 25), CHAIN, CALENDAR).levels[0].due
    assert CALENDAR.working_days_between(first, date(2026, 6, 25)) == 5
