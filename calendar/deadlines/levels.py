"""Levels of a report: working days back from the superior's date, and the rules a chain of dates must keep.

Nghị định 09/2019/NĐ-CP: at least one working day between the cut-off and the sending (điều 8 khoản 5), a date for each
level, worked back from the superior's (điều 13 khoản 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from deadlines.expansion import DueDate
from deadlines.regimes import is_free
from deadlines.workdays import WorkCalendar

RULE = "Nghị định 09/2019/NĐ-CP điều 8 khoản 5"


class LevelError(ValueError):
    """Levels that cannot be planned; the message says in Vietnamese why."""


@dataclass(frozen=True)
class Level:
    """One level on the way up: its name and the working days it needs for its own work."""

    name: str
    days: int


@dataclass(frozen=True)
class LevelDate:
    """The last day of a level: what comes later leaves the next level too little time.

    ``available``: working days between the day the level below sends (or the cut-off) and this day.
    """

    name: str
    needs: int
    due: date
    available: int | None
    warning: str = ""


@dataclass(frozen=True)
class BackPlan:
    """The dates of every level, lowest first, and what is wrong with them."""

    levels: tuple[LevelDate, ...]
    warnings: tuple[str, ...]


def back_plan(
    superior_due: date, levels: Sequence[Level], calendar: WorkCalendar, cut_off: date | None = None
) -> BackPlan:
    """The day of each level so that the highest sends by ``superior_due``; ``levels`` lowest first.

    The highest level sends on the superior's day, or on the working day before it; each level below sends so many
    working days earlier as the level above it needs. ``cut_off`` is the last day of the figures.

    Raises:
        LevelError: no level, a level without a name or a working day, or two levels of one name.
    """
    _refuse(levels)
    day = calendar.previous_working(superior_due)
    found: list[LevelDate] = []
    for number in range(len(levels) - 1, -1, -1):
        below = calendar.add_working_days(day, -levels[number].days)
        found.append(_level(levels[number], day, below if number else cut_off, calendar))
        day = below
    ordered = tuple(reversed(found))
    return BackPlan(ordered, tuple(level.warning for level in ordered if level.warning))


def check_levels(dates: Sequence[tuple[str, date]], cut_off: date | None, calendar: WorkCalendar) -> Iterator[str]:
    """What is wrong with given dates of levels, lowest first: each before the next, a working day after the cut-off."""
    if cut_off and dates and calendar.working_days_between(cut_off, calendar.next_working(dates[0][1])) < 1:
        name, day = dates[0]
        yield f"{name}: {_too_close(cut_off, day)}"
    for (low, first), (high, second) in pairwise(dates):
        if first >= second:
            yield (
                f"{low} gửi ngày {first:%d/%m/%Y} nhưng {high} phải gửi ngày {second:%d/%m/%Y}: "
                f"hạn của {low} phải trước hạn của {high}."
            )
        elif calendar.working_days_between(first, second) < 1:
            yield f"{high} không có ngày làm việc nào sau khi {low} gửi ngày {first:%d/%m/%Y} ({RULE})."


def check_window(due: DueDate) -> str:
    """What is wrong between the cut-off of a due date and its sending; empty when nothing is.

    Weeks, days and single duties have no cut-off that a rule speaks of.
    """
    return window_fault(due.data_to, due.due_legal, due.calendar) if not is_free(due.period) else ""


def window_fault(data_to: date | None, due_legal: date, calendar: WorkCalendar) -> str:
    """What is wrong when figures are taken to ``data_to`` and sent by ``due_legal``; empty when nothing is."""
    if data_to is None or calendar.working_days_between(data_to, due_legal) >= 1:
        return ""
    return _too_close(data_to, due_legal)


def _too_close(data_to: date, due: date) -> str:
    if due <= data_to:
        return (
            f"hạn gửi {due:%d/%m/%Y} không sau ngày chốt số liệu {data_to:%d/%m/%Y}: đơn vị phải gửi khi số liệu "
            f"chưa chốt ({RULE}). Hãy xem lại hạn gửi hoặc cách chốt số liệu."
        )
    return (
        f"từ ngày chốt số liệu {data_to:%d/%m/%Y} đến hạn gửi {due:%d/%m/%Y} không có ngày làm việc nào "
        f"({RULE} đòi ít nhất 01 ngày). Hãy xem lại hạn gửi hoặc cách chốt số liệu."
    )


def _level(level: Level, due: date, before: date | None, calendar: WorkCalendar) -> LevelDate:
    available = calendar.working_days_between(before, due) if before else None
    return LevelDate(level.name, level.days, due, available, _shortage(level, due, before, available))


def _shortage(level: Level, due: date, before: date | None, available: int | None) -> str:
    if before is None or available is None or available >= level.days:
        return ""
    if available < 1:
        return f"{level.name} không có ngày làm việc nào: số liệu chốt {before:%d/%m/%Y}, phải gửi {due:%d/%m/%Y}."
    return f"{level.name} chỉ có {available} ngày làm việc (cần {level.days}) từ {before:%d/%m/%Y} đến {due:%d/%m/%Y}."


def _refuse(levels: Sequence[Level]) -> None:
    if not levels:
        raise LevelError("Hãy ghi ít nhất một cấp, ví dụ «UBND xã: 2».")
    for level in levels:
        if not level.name.strip() or not 1 <= level.days <= 60:
            raise LevelError(f"Cấp «{level.name}»: hãy ghi tên cấp và số ngày làm việc từ 1 đến 60.")
    if len({level.name for level in levels}) < len(levels):
        raise LevelError("Hai cấp trùng tên. Hãy ghi mỗi cấp một lần, từ cấp thấp nhất lên.")


def read_levels(text: str) -> tuple[Level, ...]:
    """Levels written "UBND xã: 2; Sở Nội vụ: 3", lowest first.

    Raises:
        LevelError: a part is not "name: working days".
    """
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    levels = []
    for part in parts:
        name, colon, days = part.rpartition(":")
        count = days.strip().removesuffix("ngày").strip()
        if not colon or not count.isdecimal():
            raise LevelError(f"Không hiểu «{part}». Hãy ghi «tên cấp: số ngày làm việc», ví dụ «UBND xã: 2».")
        levels.append(Level(name.strip(), int(count)))
    _refuse(levels)
    return tuple(levels)
