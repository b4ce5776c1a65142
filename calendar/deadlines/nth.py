"""Dates of "thứ Hai đầu tiên của tháng" and "ngày làm việc cuối cùng của quý" in one year."""

from __future__ import annotations

from datetime import date, timedelta

from deadlines.atoms import Nth, Turn
from deadlines.patterns import PERIOD_ENDS, last_day, slot
from deadlines.rules import Rule, recurring
from deadlines.spans import Unsure


def nth_days(nth: Nth, year: int) -> Rule:
    """A rule with the very days of this year: it dates no other year, so it is only ever proposed.

    A working day is given as the period's first or last day: dating it moves its target to a working day.
    """
    months = 12 // len(PERIOD_ENDS[nth.freq])
    slots = []
    for code, last in PERIOD_ENDS[nth.freq]:
        day = _day(nth, date(year, last - months + 1, 1), date(year, last, last_day(year, last)))
        slots.append(slot(code, day.month, day.day))
    return recurring(nth.freq, year, tuple(slots))


def unsure_nth(nth: Nth, year: int) -> Unsure:
    """The question about such a day, with the days of this year."""
    reason = "Ngày thứ mấy trong tuần hay ngày làm việc thứ mấy của kỳ: cần xác nhận từng ngày trong năm."
    return Unsure(reason, [nth_days(nth, year)])


def turn_days(turn: Turn, year: int) -> Rule:
    """A rule with the days that lie so many days from each period's end in this year."""
    slots = []
    for code, last in PERIOD_ENDS[turn.freq]:
        day = date(year, last, last_day(year, last)) + timedelta(days=turn.days)
        slots.append(slot(code, (day.year - year) * 12 + day.month, day.day))
    return recurring(turn.freq, year, tuple(slots))


def _day(nth: Nth, start: date, end: date) -> date:
    if nth.weekday == 0:
        return end if nth.nth == -1 else start + timedelta(days=nth.nth - 1)
    if nth.nth == -1:
        return end - timedelta(days=(end.isoweekday() - nth.weekday) % 7)
    first = start + timedelta(days=(nth.weekday - start.isoweekday()) % 7)
    return min(first + timedelta(weeks=nth.nth - 1), end)
