"""What a deadline phrase means: the six kinds of rule, with their JSON (design 5).

Dates are nominal: no shift for days off is in them. ``rule_from_json(rule.to_json()) == rule`` for every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from deadlines.patterns import (
    RRULE_DAYS,
    Freq,
    Slot,
    dated_slots,
    period_end_slots,
    slots_rrule,
)

Json = dict[str, Any]
FREQS = get_args(Freq)
UNITS = ("working_day", "day", "month", "hour")
OffsetUnit = Literal["working_day", "day", "month", "hour"]
IMPLIED = "implied_period_end"


class RuleError(ValueError):
    """A JSON object that is not a rule; the message says in Vietnamese what is wrong with it."""


@dataclass(frozen=True)
class Offset:
    """A distance from an event: negative is before it. The day after the event is day 1 (BLDS điều 147)."""

    n: int
    unit: OffsetUnit

    def to_json(self) -> Json:
        """The object of design 5."""
        return {"n": self.n, "unit": self.unit}


@dataclass(frozen=True)
class Once:
    """Due once, by the end of ``due`` or at ``time`` ("HH:MM"); ``start`` opens the window, where words set one."""

    start: date | None
    due: date
    time: str | None = None

    def to_json(self) -> Json:
        """The object of design 5."""
        start = self.start.isoformat() if self.start else None
        hour = {"time": self.time} if self.time else {}
        return {"kind": "once", "start": start, "due": self.due.isoformat()} | hour


@dataclass(frozen=True)
class Recurring:
    """Due again and again.

    ``due_dates`` are those of the plan year (empty for daily duties, which ``rrule`` says); ``pattern`` dates any other
    year; ``weekday`` is ISO (Monday 1); ``time`` is "HH:MM"; ``anchor`` is "implied_period_end" when the words name
    a frequency and no day.
    """

    freq: Freq
    due_dates: tuple[date, ...] = ()
    pattern: tuple[Slot, ...] = ()
    weekday: int | None = None
    time: str | None = None
    anchor: str | None = None

    @property
    def rrule(self) -> str | None:
        """The RFC 5545 rule, or None where RFC 5545 cannot say it."""
        if self.freq == "daily":
            return "FREQ=DAILY"
        if self.weekday is not None:
            return f"FREQ=WEEKLY;BYDAY={RRULE_DAYS[self.weekday - 1]}"
        return slots_rrule(self.pattern) if self.pattern else None

    def in_year(self, year: int) -> Iterator[tuple[str, date]]:
        """Pairs of period code ("M3", "Q1", "H2", "9M", "Y", "W") and due day of a plan year, in date order."""
        yield from dated_slots(self.pattern, self.weekday, year)

    def to_json(self) -> Json:
        """The object of design 5, with ``pattern`` so that other years can be dated."""
        out: Json = {"kind": "recurring", "freq": self.freq, "due_dates": [day.isoformat() for day in self.due_dates]}
        optional = {"rrule": self.rrule, "weekday": self.weekday, "time": self.time, "anchor": self.anchor}
        out |= {name: value for name, value in optional.items() if value is not None}
        if self.pattern:
            out["pattern"] = [[each.period, each.month, each.day] for each in self.pattern]
        return out


@dataclass(frozen=True)
class Continuous:
    """Carried on all the time, from ``start`` where the words set it."""

    start: date | None = None

    def to_json(self) -> Json:
        """The object of design 5."""
        return {"kind": "continuous"} | ({"start": self.start.isoformat()} if self.start else {})


@dataclass(frozen=True)
class OnEvent:
    """Waits for an event; ``offset`` counts from it (None: at once)."""

    trigger: str
    offset: Offset | None = None

    def to_json(self) -> Json:
        """The object of design 5."""
        offset = {"offset": self.offset.to_json()} if self.offset else {}
        return {"kind": "on_event", "trigger": self.trigger} | offset


@dataclass(frozen=True)
class OnDemand:
    """Waits until somebody asks for it."""

    def to_json(self) -> Json:
        """The object of design 5."""
        return {"kind": "on_demand"}


@dataclass(frozen=True)
class ByReference:
    """Another document sets the date."""

    reference: str

    def to_json(self) -> Json:
        """The object of design 5."""
        return {"kind": "by_reference", "reference": self.reference}


Rule = Once | Recurring | Continuous | OnEvent | OnDemand | ByReference


def recurring(
    freq: Freq,
    year: int,
    pattern: tuple[Slot, ...] = (),
    *,
    weekday: int | None = None,
    time: str | None = None,
) -> Recurring:
    """A recurring rule with its due dates of the plan year; no pattern and no weekday means period ends.

    Equal words of a plan give one and the same rule, which nobody can change.
    """
    return _recurring(freq, year, pattern, weekday, time)


@lru_cache(maxsize=4096)
def _recurring(freq: Freq, year: int, pattern: tuple[Slot, ...], weekday: int | None, time: str | None) -> Recurring:
    anchor = None
    if not pattern and weekday is None and freq not in ("daily", "weekly"):
        pattern, anchor = period_end_slots(freq), IMPLIED
    bare = Recurring(freq, (), tuple(sorted(pattern, key=lambda each: (each.month, each.day))), weekday, time, anchor)
    dates = tuple(day for _, day in bare.in_year(year))
    return Recurring(freq, dates, bare.pattern, weekday, time, anchor)


def rule_from_json(data: Mapping[str, Any]) -> Rule:
    """Reads a rule object back.

    Raises:
        RuleError: the object is not a rule of design 5.
    """
    try:
        return _read_rule(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleError(f"Không đọc được quy tắc thời hạn {dict(data)!r}: {error}") from error


def _read_rule(data: Mapping[str, Any]) -> Rule:
    kind = data["kind"]
    if kind == "once":
        return Once(_day(data.get("start")), date.fromisoformat(data["due"]), data.get("time"))
    if kind == "recurring":
        return _read_recurring(data)
    if kind == "continuous":
        return Continuous(_day(data.get("start")))
    if kind == "on_event":
        return OnEvent(str(data["trigger"]), _offset(data.get("offset")))
    if kind == "on_demand":
        return OnDemand()
    if kind == "by_reference":
        return ByReference(str(data["reference"]))
    raise ValueError(f"loại quy tắc lạ {kind!r}")


def _read_recurring(data: Mapping[str, Any]) -> Recurring:
    if data["freq"] not in FREQS:
        raise ValueError(f"tần suất lạ {data['freq']!r}")
    dates = tuple(date.fromisoformat(text) for text in data.get("due_dates") or ())
    weekday = data.get("weekday")
    listed = data.get("pattern")
    pattern = tuple(Slot(str(code), int(month), int(day)) for code, month, day in listed) if listed else ()
    if not pattern and dates and weekday is None:
        pattern = _pattern_of_dates(str(data["freq"]), dates)
    return Recurring(cast(Freq, data["freq"]), dates, pattern, weekday, data.get("time"), data.get("anchor"))


def _pattern_of_dates(freq: str, dates: tuple[date, ...]) -> tuple[Slot, ...]:
    """Slots for an object written by hand: the k-th date belongs to the k-th period of the first date's year."""
    codes = [code for code, _ in period_codes(freq)]
    if len(codes) != len(dates):
        codes = [f"M{day.month}" for day in dates] if len(dates) > len(codes) else codes
    first = dates[0].year
    return tuple(
        Slot(code, (day.year - first) * 12 + day.month, day.day) for code, day in zip(codes, dates, strict=False)
    )


def period_codes(freq: str) -> tuple[tuple[str, int], ...]:
    """Period codes of a frequency with the last month of each."""
    return tuple((each.period, each.month) for each in period_end_slots(freq))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _offset(data: Mapping[str, Any] | None) -> Offset | None:
    if data and data["unit"] not in UNITS:
        raise ValueError(f"đơn vị thời gian lạ {data['unit']!r}")
    return Offset(int(data["n"]), cast(OffsetUnit, data["unit"])) if data else None
