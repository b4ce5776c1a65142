"""From a rule to dated occurrences: the period, the data window, and the two dates (design 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from heapq import merge
from typing import Literal, NamedTuple

from deadlines import periods
from deadlines.patterns import PERIOD_ENDS, Slot, dated_slots, last_day
from deadlines.periods import Period, PeriodError
from deadlines.regimes import data_window, window_basis
from deadlines.rules import IMPLIED, Continuous, Offset, Once, OnEvent, Recurring, Rule
from deadlines.say import say
from deadlines.workdays import WEEKDAY_NAMES, DayStatus, WorkCalendar

DueKind = Literal["report", "duty", "progress_check"]


class DueDate(NamedTuple):
    """One dated thing to do; a tuple, because a country makes a million of them.

    ``period_key`` is its identity beside obligation and unit: it never depends on a date that the calendar may move.
    ``due_legal`` is the nominal day or the next working day (BLDS điều 148 khoản 5); ``due_target`` is the nominal day
    or the working day before it.
    """

    period_key: str
    period: Period
    kind: DueKind
    data_from: date | None
    data_to: date | None
    nominal: date
    due_legal: date
    due_target: date
    rule: Rule
    calendar: WorkCalendar
    words: str = ""
    regime: str = "nd09"

    @property
    def explanation(self) -> tuple[str, ...]:
        """Why this date, step by step in Vietnamese; built only when asked for, as a country has a million a year."""
        return tuple(_explain(self))


def expand(
    rule: Rule,
    *,
    plan_year: int,
    calendar: WorkCalendar,
    regime: str = "nd09",
    rule_no: int = 0,
    cycle: str = "quarterly",
    words: str = "",
) -> Iterator[DueDate]:
    """Yields the occurrences of a rule in a plan year, lazily and in date order.

    ``on_event``, ``on_demand`` and ``by_reference`` yield nothing: they wait for the officer. ``cycle`` is the plan's
    own reporting cycle, used for the progress checks of continuous duties; ``words`` opens the explanations.

    Raises:
        PeriodError: the regime or the cycle is unknown.
    """
    if isinstance(rule, Once):
        yield _once(rule, rule_no, calendar, words)
    elif isinstance(rule, Recurring):
        yield from _recurring(rule, plan_year, calendar, regime, words)
    elif isinstance(rule, Continuous):
        yield from _checks(rule, plan_year, calendar, regime, cycle, words)


class Dated(NamedTuple):
    """A due date of a duty with several rules: the rule it came from, and what was decided between rules."""

    date: DueDate
    rule_no: int
    notes: tuple[str, ...] = ()


def expand_rules(
    rules: Iterable[Rule],
    *,
    plan_year: int,
    calendar: WorkCalendar,
    regime: str = "nd09",
    cycle: str = "quarterly",
    words: str = "",
) -> list[Dated]:
    """Every due date of one duty in a plan year, in date order, each under a period key of its own.

    Two dates that the words set for one period (before the 5th and before the 20th of each month) are both due: the
    later rule's key carries its number. A period's end that no word names gives way to a day that is named, or holds
    when it is earlier; the note says so.
    """
    found: dict[str, Dated] = {}
    for number, rule in enumerate(rules):
        for each in expand(
            rule, plan_year=plan_year, calendar=calendar, regime=regime, rule_no=number, cycle=cycle, words=words
        ):
            _take(found, Dated(each, number))
    return sorted(found.values(), key=lambda due: (due.date.nominal, due.date.period_key))


def expand_all(
    rules: Iterable[Rule],
    *,
    plan_year: int,
    calendar: WorkCalendar,
    regime: str = "nd09",
    cycle: str = "quarterly",
    words: str = "",
) -> Iterator[DueDate]:
    """The due dates of ``expand_rules`` alone."""
    every = expand_rules(rules, plan_year=plan_year, calendar=calendar, regime=regime, cycle=cycle, words=words)
    yield from (each.date for each in every)


def _take(found: dict[str, Dated], other: Dated) -> None:
    """Add a due date; where its period has one already, both stay or the earlier does."""
    key = other.date.period_key
    known = found.setdefault(key, other)
    if known is other or known.date.nominal == other.date.nominal:
        return
    if _is_implied(known) or _is_implied(other):
        found[key] = _earlier(known, other)
        return
    # The number of the rule, not the date, tells them apart: a calendar moves dates.
    period = replace(other.date.period, label=f"{other.date.period.label} (mốc {other.date.nominal:%d/%m})")
    again = other.date._replace(period_key=f"{key}-r{other.rule_no + 1}", period=period)
    note = f"Kế hoạch ghi hai thời hạn trong {known.date.period.label}; mỗi thời hạn là một kỳ hạn riêng."
    found[again.period_key] = Dated(again, other.rule_no, (note,))


def _is_implied(due: Dated) -> bool:
    rule = due.date.rule
    return isinstance(rule, Recurring) and rule.anchor == IMPLIED


def _earlier(known: Dated, other: Dated) -> Dated:
    first, second = sorted((known, other), key=lambda due: due.date.nominal)
    note = (
        f"Kế hoạch có hai thời hạn cho {first.date.period.label}; lấy ngày sớm hơn, {first.date.nominal:%d/%m/%Y}, "
        f"thay cho {second.date.nominal:%d/%m/%Y}."
    )
    return Dated(first.date, first.rule_no, (*known.notes, note))


def expand_between(
    rule: Rule,
    first: date,
    until: date,
    *,
    calendar: WorkCalendar,
    regime: str = "nd09",
    cycle: str = "quarterly",
    words: str = "",
) -> Iterator[DueDate]:
    """The occurrences of a rule, whatever their plan year, whose nominal day is on or after ``first`` and before
    ``until``; lazily and in date order. Two windows that meet give together what the whole one gives.
    """
    # A report may fall due in the year after its plan year, or in the December before it.
    later = range(max(first.year - 1, 1), min(until.year + 2, date.max.year))
    years = [first.year] if isinstance(rule, Once) else later
    streams = [
        expand(rule, plan_year=year, calendar=calendar, regime=regime, cycle=cycle, words=words) for year in years
    ]
    for due in merge(*streams, key=lambda due: (due.nominal, due.period_key)):
        if due.nominal >= until:
            return
        if due.nominal >= first:
            yield due


def date_event(rule: OnEvent, event: date, calendar: WorkCalendar, words: str = "") -> DueDate:
    """Dates a duty that waited for an event, once the event's day is known.

    The event's own day is not counted (BLDS điều 147). Without an offset the duty is due on the day itself. Hours are
    rounded up to whole days.
    """
    nominal = _offset_day(event, rule.offset, calendar)
    start, end = min(event, nominal), max(event, nominal)
    period = Period(f"event-{event.isoformat()}", f"{rule.trigger} ({event:%d/%m/%Y})", start, end)
    return _due(rule, period.key, period, "duty", None, nominal, calendar, words)


def _offset_day(event: date, offset: Offset | None, calendar: WorkCalendar) -> date:
    if offset is None:
        return event
    if offset.unit == "working_day":
        return calendar.add_working_days(event, offset.n)
    if offset.unit == "month":
        return _add_months(event, offset.n)
    if offset.unit == "hour":
        return event + timedelta(days=-(-offset.n // 24))
    return event + timedelta(days=offset.n)


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


def _once(rule: Once, rule_no: int, calendar: WorkCalendar, words: str) -> DueDate:
    key = f"once-{rule_no + 1}"
    start = rule.start or date(rule.due.year, 1, 1)
    window = Period(key, _window_label(rule), start, rule.due)
    return _due(rule, key, window, "duty", None, rule.due, calendar, words)


def _window_label(rule: Once) -> str:
    if rule.start is None:
        return f"Đến hết ngày {rule.due:%d/%m/%Y}"
    known = (periods.month(rule.due.year, rule.due.month), *_long_periods(rule.due))
    same = [each.label for each in known if (each.start, each.end) == (rule.start, rule.due)]
    return same[0] if same else f"Từ {rule.start:%d/%m/%Y} đến {rule.due:%d/%m/%Y}"


def _long_periods(day: date) -> tuple[Period, ...]:
    quarter, half = (day.month + 2) // 3, (day.month + 5) // 6
    return periods.quarter(day.year, quarter), periods.half(day.year, half), periods.year(day.year)


def _recurring(rule: Recurring, plan_year: int, calendar: WorkCalendar, regime: str, words: str) -> Iterator[DueDate]:
    if rule.freq == "daily":
        yield from _daily(rule, plan_year, calendar, words)
        return
    shifted = calendar.shifted
    for key, period, first, last, nominal in _periods_of(rule.pattern, rule.weekday, plan_year, regime):
        legal, target = shifted(nominal)
        yield DueDate(key, period, "report", first, last, nominal, legal, target, rule, calendar, words, regime)


@lru_cache(maxsize=4096)
def _periods_of(
    pattern: tuple[Slot, ...], weekday: int | None, plan_year: int, regime: str
) -> tuple[tuple[str, Period, date | None, date | None, date], ...]:
    """What no calendar moves: key, period, data window and nominal day, in date order.

    Remembered, as thousands of communes carry out the same plan.
    """
    days = dated_slots(pattern, weekday, plan_year)
    if weekday is not None:
        return tuple((*_week(day, regime), day) for _, day in days)
    return tuple((*_coded(code, plan_year, regime), day) for code, day in days)


Reported = tuple[str, Period, date | None, date | None]
"""A period under its key, and the window of its figures."""


def _week(day: date, regime: str) -> Reported:
    period = periods.iso_week(day)
    return (period.key, period, *data_window(period, regime))


@lru_cache(maxsize=4096)
def _coded(code: str, plan_year: int, regime: str) -> Reported:
    period = periods.period_of_code(code, plan_year)
    return (period.key, period, *data_window(period, regime))


def _daily(rule: Recurring, plan_year: int, calendar: WorkCalendar, words: str) -> Iterator[DueDate]:
    """A daily duty falls due on working days only: nobody reports to a closed office."""
    day = date(plan_year, 1, 1)
    while day.year == plan_year:
        if calendar.is_working(day):
            yield _due(rule, day.isoformat(), periods.single_day(day), "report", (day, day), day, calendar, words)
        if day == date.max:
            return
        day += timedelta(days=1)


def _checks(
    rule: Continuous, plan_year: int, calendar: WorkCalendar, regime: str, cycle: str, words: str
) -> Iterator[DueDate]:
    if cycle not in PERIOD_ENDS:
        raise PeriodError(f"Không có chu kỳ báo cáo tên {cycle!r}; chọn một trong {', '.join(PERIOD_ENDS)}.")
    for code, _ in PERIOD_ENDS[cycle]:
        period = periods.period_of_code(code, plan_year)
        if rule.start is None or rule.start <= period.end:
            window, key = data_window(period, regime), f"check-{period.key}"
            yield _due(rule, key, period, "progress_check", window, period.end, calendar, words, regime)


def _due(
    rule: Rule,
    key: str,
    period: Period,
    kind: DueKind,
    window: tuple[date, date] | None,
    nominal: date,
    calendar: WorkCalendar,
    words: str,
    regime: str = "nd09",
) -> DueDate:
    legal, target = calendar.shifted(nominal)
    first, last = window or (None, None)
    return DueDate(key, period, kind, first, last, nominal, legal, target, rule, calendar, words, regime)


def _explain(due: DueDate) -> Iterator[str]:
    if due.words:
        yield f"Chữ trong kế hoạch: «{due.words}»."
    yield f"Hiểu là: {say(due.rule)}."
    yield f"Kỳ: {due.period.label}."
    if due.data_from and due.data_to:
        yield _explain_window(due)
    yield _explain_nominal(due)
    yield from _explain_shift(due)


def _explain_window(due: DueDate) -> str:
    span = f"Số liệu lấy từ {due.data_from:%d/%m/%Y} đến hết {due.data_to:%d/%m/%Y}"
    if (due.data_from, due.data_to) == (due.period.start, due.period.end):
        return f"{span} (trọn kỳ)."
    return f"{span} ({window_basis(due.regime)})."


def _explain_nominal(due: DueDate) -> str:
    text = f"Hạn theo chữ: hết {_named(due.nominal)}"
    if due.kind == "progress_check":
        return f"{text}, ngày cuối của kỳ: việc thường xuyên được rà tiến độ theo kỳ báo cáo."
    if isinstance(due.rule, Recurring) and due.rule.anchor == IMPLIED:
        return f"{text}; kế hoạch không ghi ngày nên lấy ngày cuối kỳ."
    return f"{text}."


def _explain_shift(due: DueDate) -> Iterator[str]:
    status = due.calendar.why(due.nominal)
    if status.working:
        yield f"{_named(due.nominal, capital=True)} là ngày làm việc{_source(status)} nên hạn không dời."
        return
    yield f"{_named(due.nominal, capital=True)} không làm việc: {status.reason}{_source(status)}."
    yield (
        f"Hạn theo luật dời đến hết ngày làm việc kế tiếp, {_named(due.due_legal)} "
        "(Bộ luật Dân sự điều 148 khoản 5; hết hạn lúc 24:00 theo khoản 6)."
    )
    yield f"Nên xong trong ngày làm việc liền trước, {_named(due.due_target)}; nhắc việc tính từ ngày này."


def _named(day: date, capital: bool = False) -> str:
    name = WEEKDAY_NAMES[day.weekday()]
    return f"{name[0].upper() + name[1:] if capital else name} {day:%d/%m/%Y}"


def _source(status: DayStatus) -> str:
    order = f" theo {status.order}" if status.order else ""
    return f"{order} (dự kiến, chưa có thông báo lịch nghỉ năm {status.date.year})" if status.estimated else order
