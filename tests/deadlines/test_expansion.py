"""From rules to occurrences: periods, data windows, keys, order, explanations."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days_off import load_work_calendar
from deadlines import (
    DayMark,
    PeriodError,
    Rule,
    Slot,
    WorkCalendar,
    expand,
    expand_all,
    expand_between,
    expand_rules,
    read_phrase,
    recurring,
)

CALENDAR = load_work_calendar()
RECURRING = [
    "trước ngày 18 hằng tháng",
    "Hằng quý",
    "Định kỳ 06 tháng",
    "hằng năm",
    "2 tháng/lần",
    "chậm nhất ngày 20 của tháng đầu quý sau",
    "thứ Sáu hằng tuần",
    "hằng ngày",
]
PHRASES = [*RECURRING, "Thường xuyên", "Quý IV", "Trước ngày 15/3/2026"]


def rule_of(phrase: str) -> Rule:
    """The one rule of a phrase in a plan of 2026."""
    (rule,) = read_phrase(phrase, 2026).rules
    return rule


@pytest.mark.parametrize(
    ("phrase", "keys", "kind"),
    [
        ("Hằng quý", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], "report"),
        ("Định kỳ 06 tháng", ["2026-H1", "2026-H2"], "report"),
        ("hằng năm", ["2026"], "report"),
        ("9 tháng/lần", ["2026-9M"], "report"),
        ("2 tháng/lần", [f"2026-B{number}" for number in range(1, 7)], "report"),
        ("trước ngày 05 của tháng sau", [f"2026-{month:02d}" for month in range(1, 13)], "report"),
        ("Thường xuyên", [f"check-2026-Q{quarter}" for quarter in range(1, 5)], "progress_check"),
        ("Từ quý III/2026", ["check-2026-Q3", "check-2026-Q4"], "progress_check"),
        ("Quý IV", ["once-1"], "duty"),
        ("Khi có phát sinh", [], "duty"),
        ("Đột xuất", [], "duty"),
        ("Theo Kế hoạch", [], "duty"),
    ],
)
def test_identity_is_the_period(phrase: str, keys: list[str], kind: str) -> None:
    dues = list(expand(rule_of(phrase), plan_year=2026, calendar=CALENDAR))
    assert [due.period_key for due in dues] == keys
    assert all(due.kind == kind for due in dues)


@pytest.mark.parametrize(
    ("phrase", "first", "window"),
    [
        ("Hằng quý", "nd09", ("2025-12-15", "2026-03-14")),
        ("hằng tháng", "nd09", ("2025-12-15", "2026-01-14")),
        ("Định kỳ 06 tháng", "nd09", ("2025-12-15", "2026-06-14")),
        ("hằng năm", "nd09", ("2025-12-15", "2026-12-14")),
        ("9 tháng/lần", "nd09", ("2025-12-15", "2026-09-14")),
        ("Hằng quý", "calendar", ("2026-01-01", "2026-03-31")),
        ("thứ Sáu hằng tuần", "nd09", ("2025-12-29", "2026-01-04")),
    ],
)
def test_figures_are_cut_off_as_the_regime_says(phrase: str, first: str, window: tuple[str, str]) -> None:
    due = next(expand(rule_of(phrase), plan_year=2026, calendar=CALENDAR, regime=first))
    assert (str(due.data_from), str(due.data_to)) == window


def test_a_duty_has_no_data_window() -> None:
    (due,) = expand(rule_of("Quý IV"), plan_year=2026, calendar=CALENDAR, rule_no=2)
    assert (due.data_from, due.data_to) == (None, None)
    assert due.period_key == "once-3"
    assert due.period.label == "Quý IV/2026"


def test_report_of_the_last_quarter_falls_due_in_the_next_year() -> None:
    rule = rule_of("chậm nhất ngày 20 của tháng đầu quý sau")
    last = list(expand(rule, plan_year=2026, calendar=CALENDAR))[-1]
    assert (last.period_key, last.nominal) == ("2026-Q4", date(2027, 1, 20))


def test_progress_checks_follow_the_plans_own_cycle() -> None:
    dues = list(expand(rule_of("Thường xuyên"), plan_year=2026, calendar=CALENDAR, cycle="semiannual"))
    assert [due.nominal for due in dues] == [date(2026, 6, 30), date(2026, 12, 31)]


def test_daily_duties_fall_on_working_days_only() -> None:
    dues = list(expand(rule_of("hằng ngày"), plan_year=2026, calendar=CALENDAR))
    assert len(dues) == 249
    assert all(due.nominal == due.due_legal == due.due_target for due in dues)


def test_rules_of_one_obligation_never_share_a_key() -> None:
    rules = [*read_phrase("Thường xuyên; trước ngày 05 của tháng cuối quý", 2026).rules]
    rules.append(rule_of("chậm nhất ngày 20 của tháng cuối quý"))
    dues = list(expand_all(rules, plan_year=2026, calendar=CALENDAR))
    keys = [due.period_key for due in dues]
    assert len(keys) == len(set(keys)) == 12
    assert "2026-Q1-r3" in keys
    assert [due.nominal for due in dues] == sorted(due.nominal for due in dues)


def test_a_period_end_that_no_word_names_gives_way() -> None:
    rules = [rule_of("Hằng quý"), rule_of("chậm nhất ngày 20 của tháng cuối quý")]
    found = expand_rules(rules, plan_year=2026, calendar=CALENDAR)
    assert [each.date.period_key for each in found] == [f"2026-Q{number}" for number in range(1, 5)]
    assert [each.date.nominal.day for each in found] == [20] * 4
    assert all("lấy ngày sớm hơn" in each.notes[0] for each in found)


@given(st.sampled_from(PHRASES), st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(0, 800), st.integers(0, 800))
@settings(max_examples=60, deadline=None)
def test_two_windows_that_meet_give_the_whole(phrase: str, first: date, one: int, two: int) -> None:
    rule, middle = rule_of(phrase), first + timedelta(days=one)
    last = middle + timedelta(days=two)
    parts = [*_between(rule, first, middle), *_between(rule, middle, last)]
    assert parts == _between(rule, first, last)
    assert [nominal for _, nominal in parts] == sorted(nominal for _, nominal in parts)
    assert all(first <= nominal < last for _, nominal in parts)


def _between(rule: Rule, first: date, until: date) -> list[tuple[str, date]]:
    return [(due.period_key, due.nominal) for due in expand_between(rule, first, until, calendar=CALENDAR)]


@pytest.mark.parametrize("phrase", RECURRING)
def test_a_window_of_plan_years_holds_what_the_years_hold(phrase: str) -> None:
    rule = rule_of(phrase)
    single = [due for plan in (2025, 2026, 2027) for due in expand(rule, plan_year=plan, calendar=CALENDAR)]
    wanted = {(due.period_key, due.nominal) for due in single if due.nominal.year == 2026}
    assert set(_between(rule, date(2026, 1, 1), date(2027, 1, 1))) == wanted


def test_a_window_over_the_new_year_holds_the_report_on_the_year_before() -> None:
    rule = rule_of("chậm nhất ngày 20 của tháng đầu quý sau")
    keys = [key for key, _ in _between(rule, date(2027, 1, 1), date(2027, 2, 1))]
    assert keys == ["2026-Q4"]


def test_a_window_holds_what_is_due_in_the_december_before_its_plan_year() -> None:
    rule = recurring("annual", 2027, (Slot("Y", 0, 10),))
    assert [due.nominal for due in expand(rule, plan_year=2027, calendar=CALENDAR)] == [date(2026, 12, 10)]
    assert _between(rule, date(2026, 12, 1), date(2026, 12, 20)) == [("2027", date(2026, 12, 10))]


@pytest.mark.parametrize(
    ("year", "last"), [(2000, "2000-02-29"), (2100, "2100-02-28"), (2024, "2024-02-29"), (2026, "2026-02-28")]
)
def test_month_ends_of_leap_and_common_years(year: int, last: str) -> None:
    ends = [due.nominal.isoformat() for due in expand(rule_of("hằng tháng"), plan_year=year, calendar=CALENDAR)]
    assert ends[1] == last


@pytest.mark.parametrize("phrase", PHRASES)
def test_keys_do_not_depend_on_days_off(phrase: str) -> None:
    if phrase == "hằng ngày":
        pytest.skip("a daily duty has no occurrence on a day off, by its meaning")
    stormy = {date(2026, 1, 1) + timedelta(days=n): DayMark(False, "Nghỉ tránh bão") for n in range(0, 365, 3)}
    other = WorkCalendar(stormy, CALENDAR.years_with_order)
    rule = rule_of(phrase)
    usual = [due.period_key for due in expand(rule, plan_year=2026, calendar=CALENDAR)]
    assert [due.period_key for due in expand(rule, plan_year=2026, calendar=other)] == usual


@given(st.sampled_from(PHRASES), st.integers(min_value=2000, max_value=2100))
@settings(max_examples=60, deadline=None)
def test_due_days_of_any_year(phrase: str, year: int) -> None:
    dues = list(expand(rule_of(phrase), plan_year=year, calendar=CALENDAR))
    assert [due.nominal for due in dues] == sorted(due.nominal for due in dues)
    assert len({due.period_key for due in dues}) == len(dues)
    for due in dues:
        assert CALENDAR.is_working(due.due_legal)
        assert CALENDAR.is_working(due.due_target)
        assert due.due_target <= due.nominal <= due.due_legal


@given(st.sampled_from(RECURRING[:5]), st.integers(min_value=2000, max_value=2099))
@settings(max_examples=40, deadline=None)
def test_figures_of_neighbouring_periods_meet(phrase: str, year: int) -> None:
    both = [
        due for plan_year in (year, year + 1) for due in expand(rule_of(phrase), plan_year=plan_year, calendar=CALENDAR)
    ]
    for one, two in pairwise(both):
        assert one.data_to is not None
        assert two.data_from == one.data_to + timedelta(days=1)


def test_expansion_is_lazy() -> None:
    dues = expand(rule_of("hằng ngày"), plan_year=2026, calendar=CALENDAR)
    assert next(dues).period_key == "2026-01-05"


@pytest.mark.parametrize(("regime", "cycle", "named"), [("vua", "quarterly", "vua"), ("nd09", "hourly", "hourly")])
def test_unknown_regime_or_cycle_is_named(regime: str, cycle: str, named: str) -> None:
    with pytest.raises(PeriodError, match=named):
        list(expand(rule_of("Thường xuyên"), plan_year=2026, calendar=CALENDAR, regime=regime, cycle=cycle))


def test_explanation_answers_a_person_who_disputes_the_date() -> None:
    phrase = "trước ngày 18 hằng tháng"
    dues = list(expand(rule_of(phrase), plan_year=2026, calendar=CALENDAR, words=phrase))
    february = " ".join(dues[1].explanation)
    for part in (
        phrase,
        "Tháng 2/2026",
        "15/01/2026",
        "Nghị định 09/2019",
        "17/02/2026",
        "Tết Bính Ngọ",
        "TB 9441/TB-BNV",
    ):
        assert part in february
    assert "điều 148" in february
    assert "23/02/2026" in february
    assert "13/02/2026" in february


def test_explanation_of_an_estimated_year_says_so() -> None:
    (due,) = expand(rule_of("hằng năm"), plan_year=2031, calendar=CALENDAR)
    assert any("dự kiến" in step for step in due.explanation)
