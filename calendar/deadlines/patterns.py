"""How a recurring duty's dates are set inside a year, so that any year can be dated.

A pattern is a tuple of slots. A slot says: the report on *this* period falls due on *that* day of *that* month,
the month counted from January of the plan year (13 is January of the next year, 0 is December of the year before).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

LAST_DAY = -1

Freq = Literal[
    "daily",
    "weekly",
    "monthly",
    "bimonthly",
    "quarterly",
    "semiannual",
    "nine_month",
    "annual",
]

# The last month of each period of a frequency that divides the year.
PERIOD_ENDS: dict[str, tuple[tuple[str, int], ...]] = {
    "monthly": tuple((f"M{month}", month) for month in range(1, 13)),
    "bimonthly": tuple((f"B{pair}", pair * 2) for pair in range(1, 7)),
    "quarterly": tuple((f"Q{quarter}", quarter * 3) for quarter in range(1, 5)),
    "semiannual": (("H1", 6), ("H2", 12)),
    "nine_month": (("9M", 9),),
    "annual": (("Y", 12),),
}

RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Slot(NamedTuple):
    """One due day of a recurring duty: period code, month from the plan year's January, day (-1 the last)."""

    period: str
    month: int
    day: int

    def on(self, year: int) -> date:
        """The due day in a plan year; a day that the month lacks becomes its last day (BLDS điều 148 khoản 2)."""
        return _day_of_month(year * 12 + self.month - 1, self.day)


@lru_cache(maxsize=16384)
def _day_of_month(index: int, day: int) -> date:
    """A day of a month counted from January of year 0; -1 and days beyond the end are the last."""
    year, month = divmod(index, 12)
    last = last_day(year, month + 1)
    return date(year, month + 1, last if day == LAST_DAY else min(day, last))


_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_day(year: int, month: int) -> int:
    """Number of the last day of a month."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _LENGTHS[month - 1]


def slot(period: str, month: int, day: int, *, excluded: bool = False) -> Slot:
    """A slot in its one canonical form, so that equal due days are equal slots.

    ``excluded`` turns "trước ngày D" into the day before D. The last day of a month other than February is written as
    its number; a number beyond the month's end becomes the last day.
    """
    if excluded and day == 1:
        month, day = month - 1, LAST_DAY
    elif excluded:
        day -= 1
    return Slot(period, month, _canonical_day(month, day))


def _canonical_day(month: int, day: int) -> int:
    calendar_month = (month - 1) % 12 + 1
    if calendar_month == 2:
        return LAST_DAY if day > 28 else day
    last = last_day(2001, calendar_month)
    return last if day == LAST_DAY else min(day, last)


@lru_cache
def period_end_slots(freq: str) -> tuple[Slot, ...]:
    """The slots of a duty whose words name a frequency and no day: the last day of each period."""
    return tuple(slot(code, month, LAST_DAY) for code, month in PERIOD_ENDS[freq])


@lru_cache(maxsize=1024)
def weekly_dates(year: int, weekday: int) -> tuple[date, ...]:
    """Every date of a year that falls on an ISO weekday (Monday is 1)."""
    first = date(year, 1, 1)
    day = first.toordinal() + (weekday - first.isoweekday()) % 7
    return tuple(map(date.fromordinal, range(day, date(year, 12, 31).toordinal() + 1, 7)))


def dated_slots(pattern: tuple[Slot, ...], weekday: int | None, year: int) -> list[tuple[str, date]]:
    """Pairs of period code ("W" for a week) and due day of a plan year, in date order."""
    if weekday is not None:
        return [("W", day) for day in weekly_dates(year, weekday)]
    return sorted(((each.period, each.on(year)) for each in pattern), key=lambda pair: pair[1])


def slots_rrule(slots: tuple[Slot, ...]) -> str | None:
    """The RFC 5545 rule of a pattern, or None where one BYMONTHDAY cannot say it."""
    months = sorted({(each.month - 1) % 12 + 1 for each in slots})
    day = _common_day(slots)
    if day is None or len(months) != len(slots):
        return None
    if len(months) == 12:
        return f"FREQ=MONTHLY;BYMONTHDAY={day}"
    return f"FREQ=YEARLY;BYMONTH={','.join(map(str, months))};BYMONTHDAY={day}"


def _common_day(slots: tuple[Slot, ...]) -> int | None:
    if all(each == slot(each.period, each.month, LAST_DAY) for each in slots):
        return LAST_DAY
    days = {each.day for each in slots}
    only = days.pop()
    # A 29th, 30th or 31st is skipped by RFC 5545 in shorter months, where the law takes the last day.
    return only if not days and 0 < only <= 28 else _fixed_late_day(only, days, slots)


def _fixed_late_day(day: int, others: set[int], slots: tuple[Slot, ...]) -> int | None:
    months = {(each.month - 1) % 12 + 1 for each in slots}
    fits = all(last_day(2001, month) >= day for month in months)
    return day if not others and day > 28 and fits else None
