"""Periods: keys, labels, and reading them back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines import (
    Period,
    PeriodError,
    data_window,
    date_range,
    half,
    month,
    nine_months,
    parse_period,
    quarter,
    year,
)

years = st.integers(min_value=2000, max_value=2100)
periods = st.one_of(
    st.builds(month, years, st.integers(min_value=1, max_value=12)),
    st.builds(quarter, years, st.integers(min_value=1, max_value=4)),
    st.builds(half, years, st.integers(min_value=1, max_value=2)),
    st.builds(nine_months, years),
    st.builds(year, years),
)


@pytest.mark.parametrize(
    ("period", "key", "label", "first", "last"),
    [
        (month(2026, 3), "2026-03", "Tháng 3/2026", "2026-03-01", "2026-03-31"),
        (quarter(2026, 1), "2026-Q1", "Quý I/2026", "2026-01-01", "2026-03-31"),
        (half(2026, 1), "2026-H1", "6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        (half(2026, 2), "2026-H2", "6 tháng cuối năm 2026", "2026-07-01", "2026-12-31"),
        (nine_months(2026), "2026-9M", "9 tháng năm 2026", "2026-01-01", "2026-09-30"),
        (year(2026), "2026", "Năm 2026", "2026-01-01", "2026-12-31"),
        (month(2028, 2), "2028-02", "Tháng 2/2028", "2028-02-01", "2028-02-29"),
    ],
)
def test_period_has_key_label_and_bounds(period: Period, key: str, label: str, first: str, last: str) -> None:
    assert (period.key, period.label, str(period.start), str(period.end)) == (key, label, first, last)


@given(periods)
def test_label_and_key_read_back(period: Period) -> None:
    assert parse_period(period.label) == period
    assert parse_period(period.key) == period


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("quý 1/2026", "2026-Q1"),
        ("Quý IV năm 2026", "2026-Q4"),
        ("tháng 03 năm 2026", "2026-03"),
        ("06 tháng đầu năm 2026", "2026-H1"),
        ("9 tháng đầu năm 2026", "2026-9M"),
        ("Quí II/2026", "2026-Q2"),
        ("từ 01/02/2026 đến 15/03/2026", "2026-02-01..2026-03-15"),
    ],
)
def test_other_spellings_read(text: str, key: str) -> None:
    assert parse_period(text).key == key


@pytest.mark.parametrize("text", ["", "Quý V/2026", "tháng 13/2026", "mùa thu", "Quý I", "32/01/2026 - 01/02/2026"])
def test_no_period_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_period(text)


def test_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PeriodError, match="trước ngày bắt đầu"):
        date_range(date(2026, 2, 1), date(2026, 1, 1))


def test_free_range_keeps_its_own_bounds() -> None:
    period = date_range(date(2026, 2, 1), date(2026, 3, 15))
    assert data_window(period, "nd09") == (period.start, period.end)
