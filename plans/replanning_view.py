"""What a change of calendar or ladder does, in words: days, occurrences, reminders, and who hears of it. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from chasing import CaseView, Ladder, Role, Step, next_step
from config.clock import ZONE
from config.settings import Settings
from db.office_rules import OfficeRules
from db.queries import chase_queries
from deadlines import DayStatus, WorkCalendar
from deadlines.workdays import WEEKDAY_NAMES
from notifications.date_changes import DateChange, who_hears

CaseRow = Mapping[str, object]
"""The facts of a case by name, as `chase_queries` reads them."""
NextOf = Callable[[CaseRow], tuple[date, Step] | None]
# Reminders are compared for what falls due within so many days.
HORIZON = timedelta(days=400)
ROLE_WORDS: dict[Role, str] = {
    "contact": "đầu mối",
    "deputy": "cấp phó",
    "leader": "thủ trưởng đơn vị",
    "coordinator": "đơn vị phối hợp",
    "officer": "chuyên viên tổng hợp",
    "vice_chair": "Phó Chủ tịch",
    "chair": "Chủ tịch",
}


@dataclass(frozen=True)
class Dates:
    """The three days of an occurrence, and the one of its extension."""

    nominal: date
    legal: date
    target: date
    extended: date | None = None

    @property
    def last(self) -> date:
        """The last day in time."""
        return self.extended or self.legal


@dataclass(frozen=True)
class DayChange:
    """One day that the two calendars see differently."""

    before: DayStatus
    after: DayStatus

    def words(self) -> str:
        """The change in one line: "thứ Ba 24/11/2026: làm việc → nghỉ (Ngày Văn hóa, NQ 28)"."""
        state = {True: "làm việc", False: "nghỉ"}
        order = f", {self.after.order}" if self.after.order else ""
        said = f"{state[self.before.working]} → {state[self.after.working]}"
        if self.before.working == self.after.working:
            said = f"vẫn {state[self.after.working]}"
        return f"{_named(self.after.date)}: {said} ({self.after.reason}{order})"


@dataclass(frozen=True)
class MovedOccurrence:
    """One occurrence that moves: from, to (None: no longer to be done), why, and who hears of it."""

    id: int
    plan: str
    key: str
    content: str
    unit: str
    period: str
    before: Dates
    after: Dates | None
    why: str
    told: tuple[str, ...]

    def words(self) -> str:
        """One line for an officer."""
        told = f" Báo cho: {', '.join(self.told)}." if self.told else ""
        return f"{self.plan}, nhiệm vụ {self.key}, {self.unit}, {self.period}: {self.change()}; {self.why}.{told}"

    def change(self) -> str:
        """From and to; where only the day to aim at moves, that day."""
        if self.after is None:
            return f"hạn {_day(self.before.last)} → không phải thực hiện"
        if self.before.last != self.after.last:
            return f"hạn {_day(self.before.last)} → {_day(self.after.last)}"
        return f"hạn vẫn {_day(self.after.last)}, nên xong {_day(self.before.target)} → {_day(self.after.target)}"


@dataclass(frozen=True)
class LadderMove:
    """The next reminder of one occurrence under the ladder in use and under the changed one; None: no reminder."""

    id: int
    unit: str
    content: str
    period: str
    before: tuple[date, Step] | None
    after: tuple[date, Step] | None

    def words(self) -> str:
        """One line for an officer."""
        return f"{self.unit}, {self.period}: lần nhắc tới {said_step(self.before)} → {said_step(self.after)}"


@dataclass(frozen=True)
class Preview:
    """What approving would do. `fingerprint` names the rules looked at; `waiting`: they are not yet those in use.

    `daily`: duties of every day gain the days that are worked now; `added`: how many occurrences that came to.
    """

    fingerprint: str
    waiting: bool
    days: tuple[DayChange, ...]
    moves: tuple[MovedOccurrence, ...]
    ladders: tuple[str, ...]
    ladder_moves: tuple[LadderMove, ...]
    people: int = 0
    late: int = 0
    daily: bool = False
    added: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to approve."""
        return not (self.waiting or self.moves)

    @property
    def told(self) -> tuple[str, ...]:
        """Everybody who would hear of a moved date."""
        return tuple(sorted({name for move in self.moves for name in move.told}))

    def lines(self) -> Iterator[str]:
        """The whole as an officer reads it."""
        if self.nothing:
            yield "Lịch nghỉ và thang nhắc đang dùng đúng như trong tệp; không kỳ hạn nào phải đổi."
            return
        yield from (f"Ngày {each.words()}" for each in self.days)
        yield f"{len(self.moves)} kỳ hạn đổi ngày."
        yield from (f"  {each.words()}" for each in self.moves)
        if self.daily:
            yield f"Việc hằng ngày có thêm {self.added or ''} kỳ hạn vào những ngày nay là ngày làm việc.".replace(
                "  ", " "
            )
        yield from (f"Thang nhắc {name}: đã sửa." for name in self.ladders)
        yield from (f"  {each.words()}" for each in self.ladder_moves)
        if self.late:
            yield f"Lưu ý: {self.late} kỳ hạn có hạn mới đã qua, sẽ bị tính là quá hạn ngay."
        if self.told:
            yield f"Được báo (mỗi người một tin): {', '.join(self.told)}."


def said_step(step: tuple[date, Step] | None) -> str:
    """A reminder in words: its day and whom it tells."""
    if step is None:
        return "(không)"
    return f"{_day(step[0])} ({', '.join(ROLE_WORDS[role] for role in step[1].roles)})"


def day_changes(old: WorkCalendar, new: WorkCalendar) -> Iterator[DayChange]:
    """Every day that is worked in one calendar and off in the other, or that another order now sets, in order."""
    years = old.years_with_order ^ new.years_with_order
    marked = {*old.days, *new.days} | {day for year in years for day in _days_of(year)}
    for day in sorted(marked):
        before, after = old.why(day), new.why(day)
        ordered = bool(after.order) and (before.reason, before.order) != (after.reason, after.order)
        if before.working != after.working or ordered:
            yield DayChange(before, after)


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def why_moved(before: Dates, after: Dates, old: WorkCalendar, new: WorkCalendar) -> str:
    """The day that made the dates move, with its reason and order; a clause without a stop."""
    every = (before.target, before.nominal, before.last, after.target, after.nominal, after.last)
    span = [min(every) + timedelta(days=n) for n in range((max(every) - min(every)).days + 1)]
    # The day that was due says it best; then the first of those around it.
    days = [before.last, before.nominal, before.target, *span]
    differing = [day for day in days if old.is_working(day) != new.is_working(day)]
    # The dates may be older than the calendar in use; then the nominal day itself says why.
    status = new.why(differing[0] if differing else after.nominal)
    state = "là ngày làm việc" if status.working else "cơ quan nghỉ"
    order = f", {status.order}" if status.order else ""
    return f"{_named(status.date)} {state} ({status.reason}{order})"


def told_names(
    session: Session, changes: Sequence[DateChange], now: datetime, settings: Settings
) -> dict[int, list[str]]:
    """By occurrence, the names of those who would hear."""
    directory, wanted = who_hears(session, changes, now, settings, contacts=True)
    found: dict[int, list[str]] = {}
    for recipient, heard in wanted.items():
        for change in heard:
            found.setdefault(change.occurrence.id, []).append(directory.people[recipient.person_id].name)
    return found


def ladder_moves(
    session: Session, old: OfficeRules, new: OfficeRules, changed: Collection[str], now: datetime
) -> Iterator[LadderMove]:
    """The open occurrences whose chase has not begun and whose next reminder the changed ladders move."""
    horizon = now.astimezone(ZONE).date() + HORIZON
    rows = [dict(row._mapping) for row in chase_queries.cases_due(session, horizon)]
    rows = [row for row in rows if not row["ladder"] and row["ladder_name"] in changed]
    return moves_between(
        session,
        rows,
        lambda row: next_of(row, old, str(row["ladder_name"]), now),
        lambda row: next_of(row, new, str(row["ladder_name"]), now),
    )


def moves_between(session: Session, rows: Collection[CaseRow], before: NextOf, after: NextOf) -> Iterator[LadderMove]:
    """The cases whose next reminder is another after a change. `before` and `after` say it of one row."""
    pairs = [(int(str(row["id"])), before(row), after(row)) for row in rows]
    moved = {number: (one, other) for number, one, other in pairs if one != other}
    known = chase_queries.occurrences_with_duty(session, moved)
    for number, (one, other) in moved.items():
        each = known[number]
        name = each.unit.short_name or each.unit.name
        yield LadderMove(number, name, each.obligation.content, each.period_label, one, other)


def next_of(row: CaseRow, rules: OfficeRules, name: str, now: datetime) -> tuple[date, Step] | None:
    """The next reminder of a case (a row of `chase_queries`) by the ladder of a name, and its day."""
    facts = {key: value for key, value in row.items() if key not in ("ladder", "ladder_name")}
    ladder: Ladder = rules.ladders.get(name) or rules.ladders["default"]
    coming = next_step(CaseView(ladder=ladder, **facts), now, rules.calendar)  # type: ignore[arg-type]
    return (coming[1], coming[0]) if coming else None


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _named(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {_day(day)}"
