"""The Vietnamese working calendar of public offices: days off, make-up Saturdays, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

WEEKDAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
LONGEST_RUN = 60
# The order for a year usually comes in October to December of the year before.
ORDER_AHEAD = 60


class CalendarError(ValueError):
    """A calendar that cannot answer, for instance one without any working day."""


@dataclass(frozen=True)
class DayMark:
    """What an order says of one day: worked or off, the reason in Vietnamese, the order's number.

    ``local``: set by the province, the commune or the office itself beside the national orders.
    """

    working: bool
    reason: str
    order: str = ""
    local: bool = False


@dataclass(frozen=True)
class DayStatus:
    """Whether a day is worked and why. ``estimated``: no order covers the year, so the day may still change."""

    date: date
    working: bool
    reason: str
    order: str
    estimated: bool
    local: bool = False


@dataclass(frozen=True)
class WorkCalendar:
    """Working days: our table first, Monday to Friday by rule, ``holidays`` for years that no order covers yet."""

    days: Mapping[date, DayMark] = field(repr=False)
    years_with_order: frozenset[int]
    _shifts: dict[date, tuple[date, date]] = field(repr=False, compare=False)

    def __init__(self, days: Mapping[date, DayMark], years_with_order: Iterable[int] = ()) -> None:
        """``days`` marks single days of any year; a mark wins over every rule (a local storm day, for instance)."""
        object.__setattr__(self, "days", dict(days))
        object.__setattr__(self, "years_with_order", frozenset(years_with_order))
        object.__setattr__(self, "_shifts", {})

    def to_json(self) -> dict[str, Any]:
        """Plain values, read back by ``from_json``."""
        marks = {
            day.isoformat(): [mark.working, mark.reason, mark.order, mark.local]
            for day, mark in sorted(self.days.items())
        }
        return {"years": sorted(self.years_with_order), "days": marks}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorkCalendar:
        """A calendar from plain values."""
        marks = {
            date.fromisoformat(day): DayMark(bool(working), str(reason), str(order), bool(local))
            for day, (working, reason, order, local) in data["days"].items()
        }
        return cls(marks, data["years"])

    def why(self, day: date) -> DayStatus:
        """The status of a day with its reason and order."""
        mark = self.days.get(day)
        estimated = day.year not in self.years_with_order
        if mark:
            return DayStatus(day, mark.working, mark.reason, mark.order, False, mark.local)
        guess = estimated_mark(day) if estimated else None
        if guess:
            return DayStatus(day, guess.working, guess.reason, guess.order, True)
        if day.isoweekday() > 5:
            return DayStatus(day, False, f"Nghỉ hằng tuần ({WEEKDAY_NAMES[day.weekday()]})", "", estimated)
        return DayStatus(day, True, f"Ngày làm việc ({WEEKDAY_NAMES[day.weekday()]})", "", estimated)

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        mark = self.days.get(day)
        if mark:
            return mark.working
        if day.year in self.years_with_order:
            return day.isoweekday() <= 5
        return self.why(day).working

    def shifted(self, day: date) -> tuple[date, date]:
        """The legal and the target day of a nominal day: the worked day on or after it, and on or before it."""
        known = self._shifts.get(day)
        if known is None:
            known = self._shifts[day] = (self._seek(day, 1), self._seek(day, -1))
        return known

    def next_working(self, day: date) -> date:
        """The day itself when worked, else the next worked day (BLDS điều 148 khoản 5)."""
        return self._seek(day, 1)

    def previous_working(self, day: date) -> date:
        """The day itself when worked, else the worked day before it."""
        return self._seek(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before, if negative); ``day`` is not counted (BLDS điều 147)."""
        step = 1 if count > 0 else -1
        for _ in range(abs(count)):
            day = self._seek(day + timedelta(days=step), step)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` is before ``first``.

        It undoes ``add_working_days``: ``working_days_between(d, add_working_days(d, n)) == n`` for a worked ``d``.
        """
        if last < first:
            return -self._count(last, first - timedelta(days=1))
        return self._count(first + timedelta(days=1), last)

    def _count(self, first: date, last: date) -> int:
        return sum(self.is_working(date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1))

    def _seek(self, day: date, step: int) -> date:
        for _ in range(LONGEST_RUN):
            if self.is_working(day):
                return day
            day += timedelta(days=step)
        raise CalendarError(f"Lịch làm việc không có ngày làm việc nào trong {LONGEST_RUN} ngày quanh {day:%d/%m/%Y}.")


def years_to_order(calendar: WorkCalendar, today: date, ahead: int = ORDER_AHEAD) -> tuple[int, ...]:
    """The years that no order covers though they have begun or begin within ``ahead`` days."""
    years = sorted({today.year, (today + timedelta(days=ahead)).year})
    return tuple(year for year in years if year not in calendar.years_with_order)


def estimated_mark(day: date) -> DayMark | None:
    """What the ``holidays`` library expects of a day in a year without an order; None when it says nothing."""
    off, worked = _library_year(day.year)
    if day in off:
        return DayMark(False, f"Dự kiến nghỉ: {off[day]}")
    if day in worked:
        return DayMark(True, "Dự kiến làm bù")
    return None


@lru_cache(maxsize=256)
def _library_year(year: int) -> tuple[dict[date, str], frozenset[date]]:
    # Loaded lazily: it is needed only for years that no order covers.
    import holidays

    table = holidays.country_holidays("VN", years=year, language="vi")
    names = {day: table.get(day) or "ngày lễ" for day in table if day.isoweekday() <= 5}
    worked = frozenset(day for day in table.weekend_workdays if day.year == year)
    return names, worked
