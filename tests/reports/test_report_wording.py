"""Words, numbers and dates of the report."""

from __future__ import annotations

from datetime import date

import pytest
from docx.oxml import OxmlElement
from hypothesis import given
from hypothesis import strategies as st

from db.models import Plan
from deadlines.periods import parse_period
from reports.wording import (
    join_names,
    long_date,
    lowered,
    number,
    one_line,
    period_phrase,
    plan_name,
    plan_reference,
    printable,
    share,
    shortened,
)

NUMBERS = {1234.5: "1.234,5", 0: "0", 100.0: "100", 98.25: "98,25", 1e6: "1.000.000", -2.5: "-2,5", 0.1 + 0.2: "0,3"}


@pytest.mark.parametrize("value", NUMBERS)
def test_numbers(value: float) -> None:
    assert number(value) == NUMBERS[value]


def test_shares() -> None:
    assert (share(1, 3), share(3, 3), share(0, 3), share(0, 0)) == ("33,3%", "100%", "0%", "-")


DATES = {
    date(2026, 2, 5): "ngày 05 tháng 02 năm 2026",
    date(2026, 3, 15): "ngày 15 tháng 3 năm 2026",
    date(2026, 12, 9): "ngày 09 tháng 12 năm 2026",
}


@pytest.mark.parametrize("day", DATES)
def test_dates_with_noughts_where_the_decree_wants_them(day: date) -> None:
    assert long_date(day) == DATES[day]


PHRASES = {
    "Quý I/2026": "quý I năm 2026",
    "Tháng 3/2026": "tháng 3 năm 2026",
    "6 tháng đầu năm 2026": "6 tháng đầu năm 2026",
    "Năm 2026": "năm 2026",
}


@pytest.mark.parametrize("label", PHRASES)
def test_periods_in_a_sentence(label: str) -> None:
    assert period_phrase(parse_period(label)) == PHRASES[label]


TITLES = {
    "Nâng cao chất lượng": "nâng cao chất lượng",
    "Việt Nam số": "Việt Nam số",
    "CHUYỂN ĐỔI SỐ": "CHUYỂN ĐỔI SỐ",
    "UBND phường": "UBND phường",
    "": "",
    "Một": "Một",
}


@pytest.mark.parametrize("title", TITLES)
def test_titles_inside_a_sentence(title: str) -> None:
    assert lowered(title) == TITLES[title]


def test_a_plan_is_named_by_what_is_known() -> None:
    plan = Plan(kind="KẾ HOẠCH", title="Kế hoạch Cải cách hành chính", number="3/KH", issuer="UBND xã A")
    assert plan_name(plan) == "Kế hoạch Cải cách hành chính"
    assert plan_reference(plan) == "Kế hoạch số 3/KH của UBND xã A về cải cách hành chính"
    bare = Plan(kind=None, title="Về chuyển đổi số.", number=None, issuer=None)
    assert plan_name(bare) == "Kế hoạch về chuyển đổi số"
    assert plan_reference(bare) == "Kế hoạch về chuyển đổi số"


def test_names_and_long_texts() -> None:
    assert join_names(["B", "A, C", "B", ""]) == "B; A, C"
    assert shortened("một hai ba", 8) == "một hai…"
    assert shortened("một hai ba", 70) == "một hai ba"
    assert one_line(" a\r\n\tb ") == "a b"


@given(st.text())
def test_whatever_is_printable_can_stand_in_xml(text: str) -> None:
    element = OxmlElement("w:t")
    element.text = printable(text)  # lxml refuses what XML cannot hold
    assert printable(printable(text)) == printable(text)
