"""What the answer page shows of an occurrence, worked out once so that the templates only place it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import OPEN_STATES, Extension, Occurrence, Person, Submission, SubmissionFigure, Target
from db.queries import submission_queries as queries
from deadlines.workdays import WorkCalendar
from submissions.checks import FieldFault
from submissions.figures import format_figure
from submissions.receiving import ANSWERABLE, why_no_extension
from submissions.terms import (
    answered_on_time,
    days_left,
    due_in_force,
    latest_due,
    local_day,
    say_date,
    say_moment,
    superior_of,
)
from web.labels import Chip

UNIT_ROLES = ("contact", "deputy", "leader")
COMPARATORS = {"=": "", ">=": "từ ", "<=": "không quá ", ">": "trên ", "<": "dưới "}
SOON_DAYS = 3


@dataclass(frozen=True)
class Form:
    """What was typed into the form that was refused, so that nothing is typed twice."""

    name: str = ""
    text: str = ""
    reason: str = ""
    wanted_due: str = ""
    figures: Mapping[int, str] = field(default_factory=dict)
    keep: Sequence[int] | None = None
    faults: Sequence[FieldFault] = ()

    def fault(self, name: str) -> str:
        """The faults of a field, one a line; empty when it is well."""
        return "\n".join(fault.message for fault in self.faults if fault.field == name)


@dataclass(frozen=True)
class AnswerView:
    """An occurrence as one person of the unit sees it."""

    occurrence: Occurrence
    person: Person
    due: date
    banner: Chip
    details: str
    may_answer: bool
    targets: Sequence[Target]
    last: Submission | None
    returned: Submission | None
    request: Extension | None
    no_extension: str | None
    requests: int
    first_wish: date
    last_wish: date | None = None
    superior: date | None = None

    @property
    def may_acknowledge(self) -> bool:
        """Whether "Đã nhận" says something new: nobody said it yet, or the unit was reminded again since."""
        occurrence = self.occurrence
        if occurrence.state not in OPEN_STATES:
            return False
        since = occurrence.acknowledged_at
        return since is None or (occurrence.last_step_at is not None and occurrence.last_step_at > since)

    @property
    def last_figures(self) -> dict[int, str]:
        """The figures of the newest version as they are typed, by target id."""
        if self.last is None:
            return {}
        return {figure.target_id: format_figure(figure.value) for figure in self.last.figures}


def build_view(
    session: Session, occurrence: Occurrence, person: Person, now: datetime, calendar: WorkCalendar
) -> AnswerView:
    """All that the answer page shows; reads only."""
    due = due_in_force(occurrence)
    newest = occurrence.submissions[-1] if occurrence.submissions else None
    banner, details = say_standing(occurrence, now, calendar)
    return AnswerView(
        occurrence=occurrence,
        person=person,
        due=due,
        banner=banner,
        details=details,
        may_answer=belongs(person, occurrence) and occurrence.state in ANSWERABLE,
        targets=queries.targets_of_unit(session, occurrence.obligation.plan_id, occurrence.unit_id),
        last=newest,
        returned=newest if newest and newest.state == "returned" and occurrence.state == "returned" else None,
        request=next((asked for asked in occurrence.extensions if asked.state == "asked"), None),
        no_extension=why_no_extension(session, occurrence, now, calendar),
        requests=len(occurrence.extensions),
        first_wish=calendar.add_working_days(due, 1),
        last_wish=latest_due(occurrence, calendar),
        superior=superior_of(occurrence, calendar),
    )


def belongs(person: Person, occurrence: Occurrence) -> bool:
    """Whether the person answers for the unit; a superior who opens the page only reads it."""
    return person.active and person.unit_id == occurrence.unit_id and person.role in UNIT_ROLES


def signature(person: Person) -> str:
    """How the record names who did it: "Trần Thị B (Phòng Văn hóa - Xã hội)"; at most 120 characters."""
    place = person.unit.short_name or person.unit.name if person.unit else person.title
    return (f"{person.name} ({place})" if place else person.name)[:120]


def say_standing(occurrence: Occurrence, now: datetime, calendar: WorkCalendar) -> tuple[Chip, str]:
    """Where the duty stands, as a coloured label and a sentence."""
    if occurrence.state in OPEN_STATES and occurrence.obligation.plan.state == "closed":
        return Chip("Kế hoạch đã kết thúc", "secondary"), "Việc này không còn được nhắc; nếu có kết quả, vẫn nộp được."
    if occurrence.state in OPEN_STATES:
        return _say_open(occurrence, now, calendar)
    on_time = {True: "đúng hạn", False: "sau thời hạn", None: ""}[answered_on_time(occurrence)]
    answered = say_moment(occurrence.answered_at) if occurrence.answered_at else ""
    said = {
        "submitted": (Chip("Đã nộp, chờ xem", "azure"), f"Nộp lần đầu lúc {answered}, {on_time}."),
        "accepted": (Chip("Đã được chấp nhận", "green"), f"Nộp lần đầu lúc {answered}, {on_time}. Cảm ơn đơn vị."),
        "recorded": (Chip("Chỉ ghi nhận", "secondary"), "Đến hạn trước khi bắt đầu đôn đốc kế hoạch này; không nhắc."),
        "waived": (Chip("Được miễn", "secondary"), "Đơn vị không phải nộp kỳ này."),
        "on_hold": (Chip("Đang tạm dừng", "secondary"), "Chuyên viên tổng hợp đã tạm dừng nhắc việc này."),
        "cancelled": (Chip("Đã hủy", "secondary"), "Kỳ hạn này không còn."),
    }
    return said[occurrence.state]


def _say_open(occurrence: Occurrence, now: datetime, calendar: WorkCalendar) -> tuple[Chip, str]:
    due, left = due_in_force(occurrence), days_left(occurrence, now)
    working = abs(calendar.working_days_between(local_day(now), due))
    if left < 0 and occurrence.kind == "progress_check":
        return Chip(f"Đã qua ngày rà soát {-left} ngày", "orange"), f"Ngày rà soát là {say_date(due)}."
    if left < 0:
        # Counted as the messages and the officer's pages count, so that nobody reads two numbers of one lateness.
        late = max(1, calendar.working_days_between(due, local_day(now)))
        return Chip(f"Quá hạn {late} ngày làm việc", "red"), f"Thời hạn đã hết lúc 24 giờ {say_date(due)}."
    if left == 0:
        return Chip("Đến hạn hôm nay", "orange"), "Thời hạn hết lúc 24 giờ hôm nay."
    rest = f"Trong đó có {working} ngày làm việc." if 0 < working < left else f"{working} ngày làm việc."
    return Chip(f"Còn {left} ngày", "yellow" if working <= SOON_DAYS else "green"), rest


def say_target(target: Target) -> str:
    """What a target asks: "từ 85 %"; its printed words when it is no single number."""
    if target.value is None:
        return target.value_text or ""
    return f"{COMPARATORS.get(target.comparator, '')}{format_figure(target.value)} {target.unit or ''}".strip()


def say_figure(figure: SubmissionFigure) -> str:
    """A figure with the unit of its target: "85,5 %"."""
    return f"{format_figure(figure.value)} {figure.target.unit or ''}".strip()


# What the templates of both rooms say things with.
WORDS: dict[str, Any] = {
    "say_date": say_date,
    "say_moment": say_moment,
    "say_target": say_target,
    "say_figure": say_figure,
}
