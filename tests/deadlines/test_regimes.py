"""How figures are cut off: named regimes, own days, own windows; said and read back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days_off import load_work_calendar
from deadlines import (
    Period,
    PeriodError,
    data_window,
    date_range,
    expand,
    half,
    month,
    parse_regime,
    quarter,
    read_phrase,
    say_regime,
    year,
)

SCHOOL_YEAR = "ranges:1001-0930"
TERMS = "ranges:0901-0115,0116-0531"
REGIMES = ["nd09", "calendar", "day:15", "day:31", SCHOOL_YEAR, TERMS]


@pytest.mark.parametrize(
    ("period", "regime", "window"),
    [
        pytest.param(quarter(2026, 2), "day:15", ("2026-03-16", "2026-06-15"), id="railway, the 16th to the 15th"),
        pytest.param(month(2026, 3), "day:31", ("2026-03-01", "2026-03-31"), id="the 31st is the end of any month"),
        pytest.param(month(2024, 2), "day:30", ("2024-01-31", "2024-02-29"), id="leap day"),
        pytest.param(month(2026, 3), "day:30", ("2026-03-01", "2026-03-30"), id="after a short month"),
        pytest.param(year(2026), SCHOOL_YEAR, ("2025-10-01", "2026-09-30"), id="education year"),
        pytest.param(half(2026, 1), TERMS, ("2026-01-16", "2026-05-31"), id="second school term"),
        pytest.param(quarter(2026, 1), TERMS, ("2025-09-01", "2026-01-15"), id="first school term"),
        pytest.param(half(2026, 2), TERMS, ("2026-07-01", "2026-12-31"), id="no term ends in the second half"),
        pytest.param(year(2024), "ranges:0301-0229", ("2023-03-01", "2024-02-29"), id="ends on a leap day"),
        pytest.param(year(2026), "ranges:0301-0229", ("2025-03-01", "2026-02-28"), id="leap day of a common year"),
        pytest.param(date_range(date(2026, 2, 3), date(2026, 2, 9)), "day:15", ("2026-02-03", "2026-02-09"), id="free"),
    ],
)
def test_figures_are_taken_over_this_window(period: Period, regime: str, window: tuple[str, str]) -> None:
    assert data_window(period, regime) == tuple(map(date.fromisoformat, window))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("nd09", "nd09"),
        ("Nghị định 09/2019", "nd09"),
        ("trọn kỳ", "calendar"),
        ("Theo lịch", "calendar"),
        ("chốt ngày 15", "day:15"),
        ("ngày 20 hằng tháng", "day:20"),
        ("01/10-30/09", SCHOOL_YEAR),
        ("1/9 đến 15/1; 16/1 đến 31/5", TERMS),
        ("ranges:0901-0115,0116-0531", TERMS),
    ],
)
def test_a_regime_is_read_from_words(words: str, code: str) -> None:
    assert parse_regime(words) == code


@pytest.mark.parametrize("regime", REGIMES)
def test_a_regime_said_is_read_back(regime: str) -> None:
    assert parse_regime(say_regime(regime)) == regime


@pytest.mark.parametrize(
    "words",
    ["", "vừa phải", "ngày 32", "day:0", "01/13-02/02", "30/02-01/03", "01/10-30/09 trừ Tết", "ranges:", "day:"],
)
def test_what_is_no_regime_is_refused_with_examples(words: str) -> None:
    with pytest.raises(PeriodError, match="01/10-30/09"):
        parse_regime(words)


@given(st.sampled_from(REGIMES[:4]), st.integers(2000, 2100), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_windows_of_neighbouring_months_meet(regime: str, number: int, start: int) -> None:
    following = month(number + start // 12, start % 12 + 1)
    first, second = data_window(month(number, start), regime), data_window(following, regime)
    assert second[0] == first[1] + timedelta(days=1)


def test_an_explanation_names_the_regime_of_the_duty() -> None:
    (rule,) = read_phrase("hằng quý", 2026).rules
    due = next(expand(rule, plan_year=2026, calendar=load_work_calendar(), regime="day:15"))
    told = " ".join(due.explanation)
    assert "16/12/2025 đến hết 15/03/2026" in told
    assert "chốt ngày 15" in told
    assert "Nghị định" not in told
