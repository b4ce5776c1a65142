"""What the grammar yields: the pieces of a phrase, before their meaning in a year is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from deadlines.patterns import Freq, last_day
from deadlines.rules import Offset

# "ahead" is "trước" a whole month or quarter: no day is named, so no office reads it in another way.
Cue = Literal["before", "ahead", "latest", "until", "in", "after", "from", "none"]
Unit = Literal["day", "month", "quarter", "half", "nine", "year", "third", "years"]
Place = Literal["bare", "fixed", "each", "next", "quarter", "period"]


class NoSuchDate(ValueError):
    """The words name a day that does not exist."""


class Stamp(NamedTuple):
    """A stretch of one calendar: a day, month, quarter, half, nine months, year, ten days, run of years.

    ``edge`` is "end" or "begin" for "cuối", "đầu"; ``until_year`` closes a run of years; ``next_year``
    for "tháng 3 năm sau".
    """

    unit: Unit
    number: int = 0
    month: int = 0
    year: int | None = None
    edge: str = ""
    until_year: int = 0
    next_year: bool = False

    def bounds(self, plan_year: int) -> tuple[date, date]:
        """First and last day.

        Raises:
            NoSuchDate: the calendar has no such day.
        """
        year = self.year or plan_year + self.next_year
        first, last = self._months()
        end_year = self.until_year or year
        if self.unit == "third":
            return self._third(year)
        if self.unit == "day":
            day = _date(year, self.month, self.number)
            return day, day
        return date(year, first, 1), date(end_year, last, last_day(end_year, last))

    def _months(self) -> tuple[int, int]:
        spans = {
            "month": (self.number, self.number),
            "quarter": (self.number * 3 - 2, self.number * 3),
            "half": (self.number * 6 - 5, self.number * 6),
            "nine": (1, 9),
        }
        return spans.get(self.unit, (1, 12))

    def _third(self, year: int) -> tuple[date, date]:
        first = self.number * 10 - 9
        last = last_day(year, self.month) if self.number == 3 else self.number * 10
        return date(year, self.month, first), date(year, self.month, last)


def _date(year: int, month: int, day: int) -> date:
    if day == -1:
        day = last_day(year, month)
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDate(f"Không có ngày {day}/{month}/{year} trong lịch.") from None


class Day(NamedTuple):
    """A due day: in a fixed month, of each month, of the next month, of a month of a quarter or reporting period.

    ``day`` -1 is the last; ``month`` is 1..12 when fixed and 1, 2, 3 or -1 inside a quarter; ``following`` moves to the
    next quarter or year; ``every_year`` stands for "hằng năm".
    """

    day: int
    place: Place
    month: int = 0
    quarters: tuple[int, ...] = ()
    following: bool = False
    year: int | None = None
    every_year: bool = False
    this_year: bool = False

    def in_year(self, plan_year: int) -> date:
        """The day, when its month is fixed.

        Raises:
            NoSuchDate: the calendar has no such day.
        """
        year = (self.year or plan_year) + (1 if self.following else 0)
        return _date(year, self.month, self.day)


@dataclass(frozen=True)
class Atom:
    """A piece of a phrase with its place in the tokens."""

    start: int = field(default=0, kw_only=True, compare=False)
    end: int = field(default=0, kw_only=True, compare=False)

    def at(self, start: int, end: int) -> Atom:
        """The same piece, placed."""
        placed = object.__new__(type(self))  # many times faster than dataclasses.replace; every piece is placed
        placed.__dict__.update(self.__dict__, start=start, end=end)
        return placed


@dataclass(frozen=True)
class Point(Atom):
    """One or several days with the word that says whether the day itself counts."""

    cue: Cue
    days: tuple[Day, ...]
    time: str | None = None


@dataclass(frozen=True)
class Window(Atom):
    """A stretch, or several (``more``), with its cue; ``said_once`` when the unit is not repeated ("tháng 5, 6")."""

    cue: Cue
    stamp: Stamp
    more: tuple[Stamp, ...] = ()
    said_once: bool = False


@dataclass(frozen=True)
class Range(Atom):
    """From one stretch to another; no left side means from now."""

    left: Stamp | None
    right: Stamp | None


@dataclass(frozen=True)
class Weekday(Atom):
    """A day of the week (ISO), with the hour."""

    cue: Cue
    number: int
    time: str | None = None


@dataclass(frozen=True)
class Hour(Atom):
    """An hour of an unnamed day ("trước 15 giờ")."""

    time: str


@dataclass(frozen=True)
class Every(Atom):
    """Frequencies; ``report`` when they say what a report is on ("báo cáo quý", "đối với báo cáo năm").

    ``first_half_only`` when "6 tháng" stands beside "cuối năm" and so means the first half; ``either`` when "hoặc"
    leaves a choice between them; ``cumulative`` for "3 tháng, 6 tháng, 9 tháng", each counted from January; ``label``
    when neither "định kỳ" nor "hằng" stands in it and a report or a date behind it makes it one; ``quarters`` when the
    label names some quarters only ("quý I: trước ngày 10/3").
    """

    freqs: tuple[Freq, ...]
    report: bool = False
    first_half_only: bool = False
    doubtful_half: bool = False
    either: bool = False
    cumulative: bool = False
    label: bool = False
    quarters: tuple[int, ...] = ()


@dataclass(frozen=True)
class Turn(Atom):
    """So many days after (negative: before) the last day of each period."""

    freq: Freq
    days: int


@dataclass(frozen=True)
class Except(Atom):
    """Months or quarters that a series leaves out, or in which it falls due on a day of their own (``point``)."""

    unit: Unit
    numbers: tuple[int, ...]
    point: Point | None = None


@dataclass(frozen=True)
class Lasting(Atom):
    """Thường xuyên."""


@dataclass(frozen=True)
class Event(Atom):
    """Khi, sau khi, trong ... ngày kể từ, trước khi ..."""

    trigger: str
    offset: Offset | None = None


@dataclass(frozen=True)
class Demand(Atom):
    """Đột xuất, khi có yêu cầu."""


@dataclass(frozen=True)
class Reference(Atom):
    """Theo ..."""

    text: str


@dataclass(frozen=True)
class Filler(Atom):
    """Words without meaning for time; ``noun`` when a period after them would belong to them ("báo cáo năm 2025").

    ``periodic`` is a lone "định kỳ": what stands beside it must recur. ``finishing`` ("hoàn thành") names no work of
    its own, so that the date behind it is that of the words before it. ``report`` when the noun is a report, which a
    period behind it can only describe.
    """

    noun: bool = False
    report: bool = False
    periodic: bool = False
    finishing: bool = False


@dataclass(frozen=True)
class Doubt(Atom):
    """Understood words that leave a choice to a person: the reason, and the pieces that each choice comes to."""

    reason: str
    options: tuple[tuple[Atom, ...], ...] = ()


@dataclass(frozen=True)
class Nth(Atom):
    """The nth (-1: the last) day of a week of a month or quarter; ``weekday`` 0 is any working day."""

    nth: int
    weekday: int
    freq: Freq


@dataclass(frozen=True)
class Mark(Atom):
    """A separator: "," "and" "or" ";" "(" ")" ":"."""

    sign: str
