"""One occurrence as a line of a page: its state in words, the days left, what was sent last and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from chasing import CaseView, Ladder, LadderError, Role, describe, next_step
from config.clock import ZONE
from db.models import OPEN_STATES, Occurrence
from db.queries import view_queries as queries
from db.queries.view_queries import ChaseFacts, LastMessage
from deadlines import WorkCalendar
from web.edge import Edge
from web.labels import LEFT_OPEN, STATES, Chip

# Due within so many working days is shown in yellow.
SOON = 3
TOLD: dict[Role, str] = {
    "contact": "đầu mối",
    "deputy": "cấp phó",
    "leader": "thủ trưởng đơn vị",
    "coordinator": "đơn vị phối hợp",
    "officer": "chuyên viên",
    "vice_chair": "Phó Chủ tịch",
    "chair": "Chủ tịch",
}


@dataclass(frozen=True)
class NextStep:
    """What the chase says next unless the unit answers: whom it tells, and the day."""

    day: date
    words: str


@dataclass(frozen=True)
class DutyLine:
    """What a page shows of one occurrence. `days`: working days left, or minus those late."""

    occurrence: Occurrence
    due: date
    target: date
    days: int
    overdue: bool
    chip: Chip
    standing: str
    last: LastMessage | None
    next: NextStep | None

    @property
    def days_words(self) -> str:
        """The working days left or late, in words; nothing once the office waits for no answer."""
        if not awaited(self.occurrence):
            return ""
        if self.overdue:
            return f"quá {-self.days} ngày làm việc"
        if self.days < 0:
            return "đã qua ngày hẹn" if self.occurrence.kind == "progress_check" else "còn hạn pháp lý"
        return f"còn {self.days} ngày làm việc" if self.days else "hôm nay"


@dataclass(frozen=True)
class Desk:
    """What the making of lines needs: the instant, the working calendar, the ladders."""

    now: datetime
    calendar: WorkCalendar
    ladders: dict[str, Ladder]

    @property
    def today(self) -> date:
        """The office's date."""
        return self.now.astimezone(ZONE).date()


def desk_of(edge: Edge) -> Desk:
    """The desk of this instant. Raises ConfigFault when the office's YAML cannot be used."""
    return Desk(edge.now(), edge.calendar(), edge.ladders())


def awaited(occurrence: Occurrence) -> bool:
    """Whether the office still waits for an answer: unanswered, in a plan that is followed."""
    return occurrence.state in OPEN_STATES and occurrence.obligation.plan.state != "closed"


def make_lines(session: Session, occurrences: Iterable[Occurrence], desk: Desk) -> list[DutyLine]:
    """Lines with last message and next step; three queries for any number of lines."""
    listed = list(occurrences)
    ids = [each.id for each in listed]
    last = queries.last_messages(session, ids)
    facts = queries.chase_facts(session, ids)
    return [_line(each, desk, facts, last.get(each.id)) for each in listed]


def plain_lines(occurrences: Iterable[Occurrence], desk: Desk) -> list[DutyLine]:
    """Lines without messages, for grids and long histories; no query."""
    return [_line(each, desk, ChaseFacts(), None) for each in occurrences]


def _line(occurrence: Occurrence, desk: Desk, facts: ChaseFacts, last: LastMessage | None) -> DutyLine:
    view = case_of(occurrence, desk, facts)
    waiting = awaited(occurrence)
    overdue = waiting and view.is_overdue(desk.now)
    aim = view.target(desk.calendar)
    days = desk.calendar.working_days_between(desk.today, aim)
    if overdue:
        days = -max(1, desk.calendar.working_days_between(view.legal, desk.today))
    return DutyLine(
        occurrence=occurrence,
        due=view.legal,
        target=aim,
        days=days,
        overdue=overdue,
        chip=chip_of(occurrence, view, desk.today, overdue, days),
        standing=describe(view, desk.today, desk.calendar) if waiting else "",
        last=last,
        next=_next(view, desk) if waiting else None,
    )


def case_of(occurrence: Occurrence, desk: Desk, facts: ChaseFacts) -> CaseView:
    """The occurrence as the chase sees it; its own copy of the ladder where its chase has begun."""
    return CaseView(
        id=occurrence.id,
        kind=occurrence.kind,
        state=occurrence.state,
        due_target=occurrence.due_target,
        due_legal=occurrence.due_legal,
        ladder=_ladder(occurrence, desk),
        extended_due=occurrence.extended_due,
        last_step=occurrence.last_step,
        last_step_at=occurrence.last_step_at,
        restarted_at=facts.restarted_at.get(occurrence.id),
        acknowledged_at=occurrence.acknowledged_at,
        quiet_until=occurrence.quiet_until,
        returned_at=facts.returned_at.get(occurrence.id),
        asked_at=facts.asked_at.get(occurrence.id),
        muted_until=occurrence.unit.muted_until,
    )


def _ladder(occurrence: Occurrence, desk: Desk) -> Ladder:
    if occurrence.ladder:
        try:
            return Ladder.from_json(occurrence.ladder)
        except LadderError:
            # A page must open even when a stored copy cannot be read; `dondoc doctor` names the fault.
            return desk.ladders["default"]
    return desk.ladders.get(occurrence.obligation.ladder_in_use) or desk.ladders["default"]


def _next(view: CaseView, desk: Desk) -> NextStep | None:
    coming = next_step(view, desk.now, desk.calendar)
    if coming is None:
        return None
    step, day = coming
    return NextStep(day, "nhắc " + ", ".join(TOLD[role] for role in step.roles))


def chip_of(occurrence: Occurrence, view: CaseView, today: date, overdue: bool, days: int) -> Chip:
    """The state as the office says it. `days`: working days to the day that reminders aim at."""
    if occurrence.state == "accepted":
        return _done(occurrence, view)
    if occurrence.state not in OPEN_STATES:
        return STATES[occurrence.state]
    if not awaited(occurrence):
        return LEFT_OPEN
    if overdue:
        return Chip("Quá hạn", "red")
    chip = _progress(days) if occurrence.kind == "progress_check" else _in_term(days)
    return Chip(f"Đã trả lại, {chip.text.lower()}", chip.colour) if occurrence.state == "returned" else chip


def _progress(days: int) -> Chip:
    if days < 0:
        return Chip("Chưa báo tiến độ", "orange")
    return Chip("Sắp rà tiến độ", "yellow") if days <= SOON else Chip("Đang thực hiện", "green")


def _in_term(days: int) -> Chip:
    if days <= 0:
        return Chip("Đến hạn", "orange")
    return Chip("Sắp đến hạn", "yellow") if days <= SOON else Chip("Trong hạn", "green")


def _done(occurrence: Occurrence, view: CaseView) -> Chip:
    answered = occurrence.answered_at
    if answered is None or occurrence.kind == "progress_check":
        return STATES["accepted"]
    late = answered.astimezone(ZONE).date() > view.legal
    return Chip("Hoàn thành quá hạn", "orange") if late else Chip("Hoàn thành đúng hạn", "green")
