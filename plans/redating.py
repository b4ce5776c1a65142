"""The occurrences of a confirmed plan after its duties changed: only what is open moves, and each move is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.clock import ZONE
from config.settings import Settings
from db.models import OPEN_STATES, Json, Obligation, Occurrence, Plan, Question, Unit
from db.queries import plan_queries
from deadlines import WorkCalendar
from notifications.date_changes import DateChange, queue_date_changes
from plans import asking
from plans.confirming import list_waiting
from plans.occurrences import Cutoff, before_issue, key_of, planned, record_past, responsible_units

DATES = ("period_label", "period_start", "period_end", "data_from", "data_to", "nominal", "due_legal", "due_target")
# What is on hold is not done: it follows its plan and stays on hold.
ALIVE = (*OPEN_STATES, "on_hold")
SHOWN, DAYS_SAID = 60, 4


@dataclass(frozen=True)
class Moved:
    """What happens to one occurrence: `before` and `after` are its legal due dates, None for none."""

    kind: str
    key: str
    content: str
    unit: str
    period: str
    before: date | None
    after: date | None
    occurrence_id: int | None = None

    def words(self) -> str:
        """One line for an officer."""
        head = f"Nhiệm vụ {self.key}, {self.unit}, {self.period}"
        return {
            "moved": f"đổi hạn: {head}: {_day(self.before)} → {_day(self.after)}",
            "added": f"thêm: {head}: hạn {_day(self.after)}",
            "recorded": f"chỉ ghi nhận: {head}: hạn {_day(self.after)} đã qua",
            "cancelled": f"hủy: {head}: hạn cũ {_day(self.before)}",
        }[self.kind]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "(không)"


@dataclass
class Effect:
    """What re-importing did to the occurrences of a confirmed plan, and what it left to be answered."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0
    untouched: int = 0
    questions: int = 0
    draft: bool = False
    told: int = 0
    late: int = 0
    moves: list[Json] = field(default_factory=list)
    rows: list[Moved] = field(default_factory=list)
    changes: list[DateChange] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The effect as an officer reads it."""
        if self.draft:
            yield f"Đã thay bản nháp. Còn {self.questions} câu hỏi phải trả lời trước khi xác nhận."
            return
        yield (
            f"Đã thực hiện: thêm {self.added} kỳ hạn, đổi ngày {self.moved}, hủy {self.cancelled}; "
            f"giữ nguyên {self.untouched} kỳ hạn đã làm."
        )
        if self.told:
            yield f"Đã xếp tin báo đổi hạn cho {self.told} người từng nhận tin về các hạn cũ."
        yield from self.late_lines()
        if self.questions:
            yield f"Còn {self.questions} câu hỏi phải trả lời; việc liên quan vẫn theo hạn cũ cho đến khi trả lời."

    def preview_lines(self) -> Iterator[str]:
        """What would happen to each open occurrence, and what each unit would be told."""
        if self.draft:
            yield f"Bản nháp sẽ được thay; sẽ còn {self.questions} câu hỏi phải trả lời trước khi xác nhận."
            return
        yield (
            f"Sẽ thêm {self.added} kỳ hạn, đổi ngày {self.moved}, hủy {self.cancelled}; "
            f"giữ nguyên {self.untouched} kỳ hạn đã làm."
        )
        yield from (f"  {row.words()}" for row in self.rows[:SHOWN])
        if len(self.rows) > SHOWN:
            yield f"  … và {len(self.rows) - SHOWN} kỳ hạn nữa."
        yield from self.unit_lines()
        if self.told:
            yield f"Sẽ báo đổi hạn cho {self.told} người từng nhận tin về các hạn cũ, mỗi người một tin."
        yield from self.late_lines()
        if self.questions:
            yield f"Sẽ còn {self.questions} câu hỏi; việc liên quan vẫn theo hạn cũ cho đến khi trả lời."

    def late_lines(self) -> Iterator[str]:
        """What the correction alone makes overdue, so that nobody is chased for it unawares."""
        if self.late:
            yield (
                f"Lưu ý: {self.late} kỳ hạn có hạn mới đã qua, sẽ bị tính là quá hạn ngay. "
                "Nếu chỉ muốn ghi nhận: dondoc plan chase-from MÃ NGÀY"
            )

    def unit_lines(self) -> Iterator[str]:
        """What each unit hears: reminders that count from the moved or new date, no more of what is cancelled."""
        told: dict[str, dict[str, int]] = {}
        for row in self.rows:
            counts = told.setdefault(row.unit, {})
            counts[row.kind] = counts.get(row.kind, 0) + 1
        words = {"moved": "được nhắc theo hạn mới", "added": "được nhắc thêm", "cancelled": "không còn bị nhắc"}
        for unit, counts in sorted(told.items()):
            said = [f"{counts[kind]} kỳ hạn {text}" for kind, text in words.items() if kind in counts]
            if said:
                yield f"  {unit}: {'; '.join(said)}."

    def note(self, kind: str, known: Occurrence, unit: Unit, duty: Obligation, before: date | None) -> None:
        """Put down what happens to one occurrence."""
        after = None if kind == "cancelled" else known.due_legal
        key = duty.key.removesuffix(f"~{duty.id}")  # what left the plan stands under its key no longer
        self.rows.append(Moved(kind, key, duty.content, unit.name, known.period_label, before, after, known.id))

    def tell(self, known: Occurrence, before: date | None, after: date | None, today: str, why: str = "") -> None:
        """Put down that the day of an occurrence, its extension counted, is another now; `why` says more of it."""
        self.changes.append(DateChange(known, before, after, f"kế hoạch được sửa ngày {today}{why}"))


def redate(
    session: Session,
    plan: Plan,
    obligations: Sequence[Obligation],
    calendar: WorkCalendar,
    now: datetime,
    settings: Settings,
) -> Effect:
    """Bring the open occurrences of some duties to what their rules now say; nothing that was answered changes.

    Duties with an unanswered question keep their dates. Occurrences of events are left alone. Whoever was told of a
    date that moved gets one message.
    """
    plan_queries.hold_occurrences(session, plan.id)
    effect = Effect(questions=sum(map(asking.blocks, plan_queries.open_questions(session, plan.id))))
    undecided = _undecided(session, plan)
    touched = [each for each in obligations if each.id not in undecided or not each.active]
    known = plan_queries.occurrences_by_duty(session, [each.id for each in touched])
    waiting = plan_queries.waiting_of(session, plan.id)
    for obligation in touched:
        _redate_one(session, plan, obligation, known.get(obligation.id, []), calendar, now, effect)
        _forget_waiting(session, obligation, waiting.get(obligation.id, []))
    session.flush()
    session.expire(plan, ["questions"])
    list_waiting(session, plan, plan_queries.obligations_of(session, plan.id))
    messages = queue_date_changes(session, effect.changes, now, settings)
    effect.told = len({message.person_id for message in messages})
    return effect


def _forget_waiting(session: Session, obligation: Obligation, waiting: Sequence[Question]) -> None:
    """A duty waits no longer for what its rules no longer say; what was entered stays as occurrences and on record."""
    rules = list(obligation.rules) if obligation.active else []
    for question in waiting:
        if (rule := question.candidates.get("rule")) in rules:
            question.rule_no = rules.index(rule)
        else:
            session.delete(question)


def date_late_answers(
    session: Session, questions: Sequence[Question], calendar: WorkCalendar, now: datetime, settings: Settings
) -> Effect | None:
    """Date what answers decided in a plan that is confirmed already (a corrected file asked); None for other answers.

    Whoever takes answers (the page, the command) calls it once after them, so that each person is told once.
    """
    late = [each for each in questions if each.plan.state == "confirmed" and _decides(each)]
    if not late:
        return None
    plan, asked = late[0].plan, {each.obligation_id for each in late}
    names = {name for each in late for name in each.candidates.get("names", [])}
    decided = [
        each
        for each in plan.obligations
        if each.id in asked or any(row.role == "lead" and row.printed_name in names for row in each.units)
    ]
    return redate(session, plan, decided, calendar, now, settings)


def _decides(question: Question) -> bool:
    return question.kind != "unit" or question.candidates.get("role") == "lead"


def _undecided(session: Session, plan: Plan) -> set[int]:
    """The duties whose deadline or lead a person has still to decide."""
    asked = {each.obligation_id for each in plan_queries.open_questions(session, plan.id) if asking.blocks(each)}
    unnamed = {each.id for each in plan.obligations if any(row.role == "lead" and not row.unit for row in each.units)}
    return unnamed | {number for number in asked if number is not None}


def _redate_one(
    session: Session,
    plan: Plan,
    obligation: Obligation,
    before: Sequence[Occurrence],
    calendar: WorkCalendar,
    now: datetime,
    effect: Effect,
) -> None:
    wanted, units = {}, {unit.id: unit for unit in responsible_units(obligation)}
    if obligation.active:
        wanted = {key_of(each): each for each in planned(obligation, plan.year, calendar, before_issue(plan))}
    day = now.astimezone(ZONE).date()
    today, planned_now = f"{day:%d/%m/%Y}", list(wanted.values())
    for known in before:
        new = wanted.pop(key_of(known), None)
        if new is not None and (known.state in (*ALIVE, "cancelled") or _revives(known, new, day)):
            told = _told_day(known)
            _move(known, new, today, obligation, effect)
            effect.late += known.state in OPEN_STATES and _told_day(known) < day <= told
        elif known.state not in ALIVE:
            effect.untouched += known.state != "cancelled"
        elif not (obligation.active and known.period_key.startswith("event-")):
            known.state, known.note = "cancelled", f"Hủy theo bản kế hoạch nhập lại ngày {today}."
            effect.cancelled += 1
            effect.note("cancelled", known, known.unit, obligation, known.due_legal)
            effect.tell(known, _told_day(known), None, today, _why_cancelled(known, obligation, planned_now, day))
    for each in wanted.values():
        record_past(each, Cutoff(day, f"Đến hạn trước ngày kế hoạch được sửa ({today}): chỉ ghi nhận, không đôn đốc."))
        effect.note("recorded" if each.state == "recorded" else "added", each, units[each.unit_id], obligation, None)
    session.add_all(wanted.values())
    effect.added += len(wanted)


def _why_cancelled(known: Occurrence, duty: Obligation, planned_now: Sequence[Occurrence], today: date) -> str:
    """What became of the duty, for a unit whose occurrence is due no more: a new date must not look like none."""
    if not duty.active:
        return ", nhiệm vụ không còn trong kế hoạch"
    days = sorted(each.due_legal for each in planned_now if each.unit_id == known.unit_id)
    if not days:
        return ", nhiệm vụ giao cho đơn vị khác" if planned_now else ", nhiệm vụ chưa có ngày đến hạn"
    ahead = [_day(each) for each in days if each >= today][:DAYS_SAID]
    return f", nhiệm vụ nay đến hạn ngày {', '.join(ahead)}" if ahead else ""


def _revives(known: Occurrence, new: Occurrence, today: date) -> bool:
    """Whether what was only recorded, because it was past, is now due on another day that is still to come."""
    return known.state == "recorded" and known.due_legal != new.due_legal and new.due_legal >= today


def _move(known: Occurrence, new: Occurrence, today: str, duty: Obligation, effect: Effect) -> None:
    """Give an open occurrence its new dates; one that an earlier correction cancelled comes back."""
    back, before, told = known.state in ("cancelled", "recorded"), known.due_legal, _told_day(known)
    if back:
        known.state, known.note = new.state, None
        effect.added += 1
    if any(getattr(known, name) != getattr(new, name) for name in DATES):
        effect.moves.append({"id": known.id, "from": known.due_legal.isoformat(), "to": new.due_legal.isoformat()})
        note = f"Bản kế hoạch nhập lại ngày {today} đổi hạn; hạn cũ là {known.due_legal:%d/%m/%Y}."
        for name in DATES:
            setattr(known, name, getattr(new, name))
        known.explanation, known.rule_no = [*new.explanation, note], new.rule_no
        _begin_anew(known)
        effect.moved += 1
        effect.note("moved", known, known.unit, duty, before)
    elif back:
        effect.note("added", known, known.unit, duty, None)
    effect.tell(known, None if back else told, _told_day(known), today)


def _told_day(known: Occurrence) -> date:
    """The day that reminders speak of."""
    return known.extended_due or known.due_legal


def _begin_anew(known: Occurrence) -> None:
    """What was told counted from the old date: without a new round a later date would pass in silence.

    An extension that the new date reaches has become void; it would make the unit late before its time.
    """
    known.last_step = known.last_step_at = known.ladder = None
    if known.extended_due and known.extended_due <= known.due_legal:
        known.extended_due = None
