"""Units by periods: how each stands, and how complete and timely each unit's answers are up to now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from db.models import Occurrence, Unit
from reports.timeliness import Word, judge

Scale = Literal["ky", "thang", "quy"]
ROMAN = ("I", "II", "III", "IV")
# A year of more periods than this is shown by months: nobody reads a table of 250 columns.
MOST_PERIODS = 26


class Mark(StrEnum):
    """How one occurrence stands, the most pressing first: a cell of several shows them in this order."""

    OVERDUE = "overdue"
    UNREPORTED = "unreported"
    LEFT = "left"
    LATE = "late"
    ON_TIME = "on_time"
    PENDING = "pending"
    HELD = "held"
    WAIVED = "waived"
    RECORDED = "recorded"


ORDER = tuple(Mark)
OUTSIDE = {Word.WAIVED: Mark.WAIVED, Word.ON_HOLD: Mark.HELD, Word.RECORDED: Mark.RECORDED}


@dataclass
class Totals:
    """Counts up to now. `expected`: due already or answered already; `pending`: not yet due."""

    expected: int = 0
    received: int = 0
    on_time: int = 0
    pending: int = 0

    @property
    def completeness(self) -> float | None:
        """Received of those expected, 0..1 (design 8); None when nothing is expected yet."""
        return self.received / self.expected if self.expected else None

    @property
    def timeliness(self) -> float | None:
        """Received by the due date of those expected, 0..1; None when nothing is expected yet."""
        return self.on_time / self.expected if self.expected else None

    def add(self, mark: Mark) -> None:
        """Count one occurrence."""
        self.expected += mark in (Mark.OVERDUE, Mark.UNREPORTED, Mark.LEFT, Mark.LATE, Mark.ON_TIME)
        self.received += mark in (Mark.LATE, Mark.ON_TIME)
        self.on_time += mark is Mark.ON_TIME
        self.pending += mark is Mark.PENDING


@dataclass
class Cell:
    """The occurrences of one unit in one period, by how they stand."""

    ids: dict[Mark, list[int]] = field(default_factory=dict)

    @property
    def counts(self) -> list[tuple[Mark, int]]:
        """Each mark with its number, the most pressing first."""
        return [(mark, len(self.ids[mark])) for mark in ORDER if mark in self.ids]

    @property
    def all_ids(self) -> list[int]:
        """Every occurrence of the cell."""
        return [number for mark in ORDER for number in self.ids.get(mark, ())]


@dataclass(frozen=True, order=True)
class Column:
    """A period, ordered by its end."""

    end: date
    start: date
    label: str

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.start:%Y%m%d}-{self.end:%Y%m%d}"


@dataclass
class Row:
    """One unit with its cells by key of the period."""

    unit: Unit
    cells: dict[Column, Cell] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)


@dataclass(frozen=True)
class Grid:
    """The whole table; `feet` are the totals of each period."""

    scale: Scale
    columns: Sequence[Column]
    rows: Sequence[Row]
    feet: dict[Column, Totals]
    totals: Totals


def build_grid(occurrences: Iterable[Occurrence], now: datetime, scale: Scale | None = None) -> Grid:
    """The grid of some occurrences at an instant; without a scale by periods, or by months where there are too many."""
    listed = list(occurrences)
    chosen = scale or ("ky" if len({column_of(each, "ky") for each in listed}) <= MOST_PERIODS else "thang")
    rows: dict[int, Row] = {}
    feet: dict[Column, Totals] = {}
    whole = Totals()
    for each in listed:
        mark, column = mark_of(each, now), column_of(each, chosen)
        row = rows.setdefault(each.unit_id, Row(each.unit))
        row.cells.setdefault(column, Cell()).ids.setdefault(mark, []).append(each.id)
        for totals in (row.totals, feet.setdefault(column, Totals()), whole):
            totals.add(mark)
    ordered = sorted(rows.values(), key=lambda row: row.unit.name)
    return Grid(chosen, sorted(feet), ordered, feet, whole)


def mark_of(occurrence: Occurrence, now: datetime) -> Mark:
    """How an occurrence stands; a progress check is never overdue, what a closed plan left is late for nobody."""
    standing = judge(occurrence, now)
    if standing.bucket is None:
        return OUTSIDE[standing.word]
    if standing.received:
        # A progress check has no term that an answer could miss.
        return Mark.LATE if standing.late and occurrence.kind != "progress_check" else Mark.ON_TIME
    if occurrence.obligation.plan.state == "closed":
        return Mark.LEFT
    if standing.missing:
        return Mark.UNREPORTED if occurrence.kind == "progress_check" else Mark.OVERDUE
    return Mark.PENDING


def column_of(occurrence: Occurrence, scale: Scale) -> Column:
    """The column that an occurrence stands in, by the end of its period."""
    start, end = occurrence.period_start, occurrence.period_end
    if scale == "ky":
        return Column(end, start, occurrence.period_label)
    if scale == "quy":
        number = (end.month - 1) // 3
        first = date(end.year, 3 * number + 1, 1)
        return Column(_month_end(end.year, 3 * number + 3), first, f"Quý {ROMAN[number]}/{end.year}")
    return Column(_month_end(end.year, end.month), end.replace(day=1), f"Tháng {end.month}/{end.year}")


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
