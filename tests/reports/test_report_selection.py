"""Which occurrences belong to which period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import Occurrence
from deadlines import periods
from deadlines.periods import parse_period
from reports.selection import belongs, next_period, periods_present, quarter_of


def occurrence(kind: str, start: date, end: date, nominal: date) -> Occurrence:
    """An occurrence of a kind, a period and a nominal date."""
    return Occurrence(kind=kind, period_start=start, period_end=end, nominal=nominal)


Q1, Q2 = periods.quarter(2026, 1), periods.quarter(2026, 2)
APRIL_20 = date(2026, 4, 20)
BELONGING = {
    "quarterly_report_due_after_the_quarter": ("report", Q1.start, Q1.end, APRIL_20, "Quý I/2026"),
    "monthly_report": ("report", date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 17), "Quý I/2026"),
    "half_year_report_is_of_the_second_quarter": ("report", Q1.start, Q2.end, date(2026, 6, 17), "Quý II/2026"),
    "progress_check": ("progress_check", Q1.start, Q1.end, Q1.end, "Quý I/2026"),
    "duty_by_its_date_not_its_window": ("duty", Q1.start, Q2.end, APRIL_20, "Quý II/2026"),
    "duty_of_a_short_window": ("duty", date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 15), "Quý I/2026"),
}


@pytest.mark.parametrize("name", BELONGING)
def test_belonging(name: str) -> None:
    kind, start, end, nominal, label = BELONGING[name]
    asked = occurrence(kind, start, end, nominal)
    found = [number for number in range(1, 5) if belongs(asked, periods.quarter(2026, number))]
    assert [periods.quarter(2026, number).label for number in found] == [label]
    assert periods_present([asked, asked]) == [parse_period(label)]


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(kind=st.sampled_from(["report", "duty", "progress_check"]), start=days, length=st.integers(0, 400), due=days)
def test_quarters_share_out_everything(kind: str, start: date, length: int, due: date) -> None:
    asked = occurrence(kind, start, start + timedelta(days=length), due)
    quarters = [periods.quarter(year, number) for year in range(2025, 2030) for number in range(1, 5)]
    assert sum(belongs(asked, quarter) for quarter in quarters) == 1


NEXT = {
    "Tháng 12/2026": "Tháng 1/2027",
    "Quý I/2026": "Quý II/2026",
    "Quý IV/2026": "Quý I/2027",
    "6 tháng đầu năm 2026": "6 tháng cuối năm 2026",
    "6 tháng cuối năm 2026": "6 tháng đầu năm 2027",
    "9 tháng năm 2026": "Quý IV/2026",
    "Năm 2026": "Năm 2027",
    "từ 05/02/2026 đến 14/02/2026": "Từ 15/02/2026 đến 24/02/2026",
}


@pytest.mark.parametrize("label", NEXT)
def test_next_period(label: str) -> None:
    period = parse_period(label)
    assert next_period(period).label == NEXT[label]
    assert next_period(period).start == period.end + timedelta(days=1)


def test_quarter_of_a_day() -> None:
    assert quarter_of(date(2026, 9, 30)).label == "Quý III/2026"
