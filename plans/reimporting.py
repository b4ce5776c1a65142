"""A corrected file over a plan that is there: what was done stays, only what is open changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from config.clock import ZONE
from config.faults import Refusal
from config.settings import Settings
from config.unit_keys import fold_name
from db import journal
from db.file_store import store_bytes
from db.models import OPEN_STATES, Json, Obligation, Occurrence, Plan, Question
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans import asking, drafting
from plans.confirming import list_waiting
from plans.differing import Change, Difference, compare
from plans.importing import ask_about, book_of, refuse_twice, resolver, sure_year
from plans.occurrences import Cutoff, before_issue, key_of, planned, record_past
from plans.reading.model import Reading
from plans.unit_names import NameBook

DATES = ("period_label", "period_start", "period_end", "data_from", "data_to", "nominal", "due_legal", "due_target")


@dataclass
class Effect:
    """What re-importing did to the occurrences of a confirmed plan, and what it left to be answered."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0
    untouched: int = 0
    questions: int = 0
    draft: bool = False
    moves: list[Json] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The effect as an officer reads it."""
        if self.draft:
            yield f"Đã thay bản nháp. Còn {self.questions} câu hỏi phải trả lời trước khi xác nhận."
            return
        yield (
            f"Đã thực hiện: thêm {self.added} kỳ hạn, đổi ngày {self.moved}, hủy {self.cancelled}; "
            f"giữ nguyên {self.untouched} kỳ hạn đã làm."
        )
        if self.questions:
            yield f"Còn {self.questions} câu hỏi phải trả lời; việc liên quan vẫn theo hạn cũ cho đến khi trả lời."


def difference_of(plan: Plan, content: Json) -> Difference:
    """What a new reading changes in a plan, by duty. Nothing is written."""
    return compare(drafting.keyed_rows(plan.reading), drafting.keyed_rows(content))


def apply_difference(
    session: Session,
    plan_id: int,
    reading: Reading,
    name: str,
    data: bytes,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    settings: Settings,
) -> Effect:
    """Take a corrected file over. In a confirmed plan only open occurrences move, are added or are cancelled.

    Answers given before hold for every duty whose words are unchanged. Raises Refusal for the same bytes again, another
    year, or a file with nothing in it.
    """
    plan = session.get(Plan, plan_id, with_for_update=True)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    refuse_twice(session, data, name)
    content = reading.to_json()
    if sure_year(content, name) != plan.year:
        raise Refusal(f"Tệp «{name}» là kế hoạch năm {content['plan']['year']}, không phải năm {plan.year}.")
    difference = difference_of(plan, content)
    book = book_of(session, content, settings)
    touched = _take_over(session, plan, difference, book)
    _replace_targets(session, plan, content, book)
    _ask_units_again(plan, book)
    _replace_head(plan, content, name, data)
    session.flush()
    effect = redate(session, plan, touched, calendar, now) if plan.state == "confirmed" else _of_draft(session, plan)
    store_bytes(settings.home, data)
    _journal(session, plan, difference, effect, now, actor)
    return effect


def _take_over(session: Session, plan: Plan, difference: Difference, book: NameBook) -> list[Obligation]:
    """Bring the duties to the new words; gives those whose dates may change."""
    by_key = {obligation.key: obligation for obligation in plan.obligations if obligation.active}
    resolve = resolver(session, book)
    for key, obligation in by_key.items():
        # Keys are unique in a plan and may change places: first out of the way, then to their new names.
        obligation.key = f"{key[:40]}~{obligation.id}"
    session.flush()
    removed = [by_key[key] for key in difference.removed]
    for obligation in removed:
        obligation.active = False
        _forget(plan, obligation, "deadline", "lead")
    for change in difference.kept:
        _change(plan, by_key[change.old_key], change, difference, resolve)
    added = _add(plan, difference, resolve, next((each.cycle for each in by_key.values()), "quarterly"))
    session.flush()
    for change in difference.kept:
        _ask_again(plan, by_key[change.old_key], change, difference, book)
    for obligation in added:
        row = difference.new[obligation.key][1]
        ask_about(plan, obligation, row["question"], book, deadline=not obligation.rules)
    moved = [by_key[change.old_key] for change in difference.kept if change.moves_dates]
    return [*removed, *moved, *added]


def _add(plan: Plan, difference: Difference, resolve: drafting.Resolve, cycle: str) -> list[Obligation]:
    positions = {key: place for place, key in enumerate(difference.new)}
    added = [drafting.draft_obligation(key, positions[key], *difference.new[key], cycle) for key in difference.added]
    for obligation in added:
        obligation.units = drafting.draft_units(difference.new[obligation.key][1], resolve)
    plan.obligations.extend(added)
    return added


def _forget(plan: Plan, obligation: Obligation, *kinds: str) -> None:
    """Drop the unanswered questions of a duty whose words they asked about are gone."""
    plan.questions = [
        each
        for each in plan.questions
        if each.obligation is not obligation or each.kind not in kinds or each.answered_at is not None
    ]


def _change(
    plan: Plan, obligation: Obligation, change: Change, difference: Difference, resolve: drafting.Resolve
) -> None:
    standing, row = difference.new[change.new_key]
    position = list(difference.new).index(change.new_key)
    fresh = drafting.draft_obligation(change.new_key, position, standing, row, obligation.cycle)
    for name in ("key", "position", "ordinal", "section", "content", "deliverable", "quote", "source"):
        setattr(obligation, name, getattr(fresh, name))
    if "deadline_text" in change.fields:
        _forget(plan, obligation, "deadline")
        obligation.deadline_text = fresh.deadline_text
        # Not understood: in a confirmed plan the old dates hold until the question is answered.
        obligation.rules = fresh.rules or (obligation.rules if plan.state == "confirmed" else [])
    if {"leads", "coordinators"} & set(change.fields):
        _forget(plan, obligation, "lead")
        obligation.units = drafting.draft_units(row, resolve)


def _ask_again(plan: Plan, obligation: Obligation, change: Change, difference: Difference, book: NameBook) -> None:
    row = difference.new[change.new_key][1]
    if "deadline_text" in change.fields and not (row["status"] == "read" and row["rules"]):
        plan.questions.append(asking.ask_deadline(obligation, row["question"], plan.year))
    if {"leads", "coordinators"} & set(change.fields):
        plan.questions.extend(asking.ask_lead(obligation, book))


def _ask_units_again(plan: Plan, book: NameBook) -> None:
    """Ask anew about every name that is still unknown; what an officer chose to ignore stays ignored."""
    plan.questions = [each for each in plan.questions if each.kind != "unit" or each.answered_at is not None]
    ignored = {
        name
        for each in plan.questions
        if (each.answer or {}).get("ignore")
        for name in each.candidates.get("names", [])
    }
    active = [each for each in plan.obligations if each.active]
    for question in asking.ask_units(active, plan.targets, book):
        if not set(question.candidates["names"]) <= ignored:
            plan.questions.append(question)


def _replace_targets(session: Session, plan: Plan, content: Json, book: NameBook) -> None:
    """The yearly figures as the new file gives them; one that units have reported on stays even when it is gone."""
    known = {fold_name(target.name): target for target in plan.targets}
    for fresh in list(drafting.draft_targets(content, resolver(session, book))):
        target = known.pop(fold_name(fresh.name), None)
        if target is None:
            plan.targets.append(fresh)
            continue
        for name in ("position", "ordinal", "group", "name", "unit", "comparator", "value", "value_text"):
            setattr(target, name, getattr(fresh, name))
        target.responsible, fresh.responsible = fresh.responsible, []
    reported = plan_queries.reported_targets(session, plan.id)
    for target in known.values():
        if target.id not in reported:
            plan.targets.remove(target)


def _replace_head(plan: Plan, content: Json, name: str, data: bytes) -> None:
    head = content["plan"]
    plan.title = head["title"] or plan.title
    plan.number = drafting.clip(head["number"], 64) or plan.number
    plan.issued_on = drafting.day_or_none(head["issued_on"]) or plan.issued_on
    plan.file_name, plan.file_sha256 = drafting.clip(name, 255) or "", hashlib.sha256(data).hexdigest()
    plan.reading = content
    plan.findings = list(drafting.draft_findings(content))


def redate(
    session: Session, plan: Plan, obligations: Sequence[Obligation], calendar: WorkCalendar, now: datetime
) -> Effect:
    """Bring the open occurrences of some duties to what their rules now say; nothing that was answered changes.

    Duties with an unanswered question keep their dates. Occurrences of events are left alone.
    """
    effect = Effect(questions=sum(map(asking.blocks, plan_queries.open_questions(session, plan.id))))
    undecided = _undecided(session, plan)
    for obligation in obligations:
        if obligation.id not in undecided or not obligation.active:
            _redate_one(session, plan, obligation, calendar, now, effect)
    session.flush()
    list_waiting(session, plan, plan_queries.obligations_of(session, plan.id))
    return effect


def date_late_answer(session: Session, question: Question, calendar: WorkCalendar, now: datetime) -> Effect | None:
    """Date what an answer decided in a plan that is confirmed already (a corrected file asked); None for other answers.

    Whoever takes an answer (the page, the command) calls it after `plans.questions.answer`.
    """
    plan = question.plan
    if plan.state != "confirmed" or (question.kind == "unit" and question.candidates.get("role") != "lead"):
        return None
    names = set(question.candidates.get("names", []))
    decided = [
        each
        for each in plan.obligations
        if each.id == question.obligation_id
        or any(row.role == "lead" and row.printed_name in names for row in each.units)
    ]
    return redate(session, plan, decided, calendar, now)


def _undecided(session: Session, plan: Plan) -> set[int]:
    """The duties whose deadline or lead a person has still to decide."""
    asked = {each.obligation_id for each in plan_queries.open_questions(session, plan.id) if asking.blocks(each)}
    unnamed = {each.id for each in plan.obligations if any(row.role == "lead" and not row.unit for row in each.units)}
    return unnamed | {number for number in asked if number is not None}


def _redate_one(
    session: Session, plan: Plan, obligation: Obligation, calendar: WorkCalendar, now: datetime, effect: Effect
) -> None:
    wanted = {}
    if obligation.active:
        wanted = {key_of(each): each for each in planned(obligation, plan.year, calendar, before_issue(plan))}
    day = now.astimezone(ZONE).date()
    today = f"{day:%d/%m/%Y}"
    for known in plan_queries.occurrences_of(session, obligation.id):
        new = wanted.pop(key_of(known), None)
        if new is not None and known.state in (*OPEN_STATES, "cancelled"):
            _move(known, new, today, effect)
        elif known.state not in OPEN_STATES:
            effect.untouched += known.state != "cancelled"
        elif not (obligation.active and known.period_key.startswith("event-")):
            known.state, known.note = "cancelled", f"Hủy theo bản kế hoạch nhập lại ngày {today}."
            effect.cancelled += 1
    for each in wanted.values():
        record_past(each, Cutoff(day, f"Đến hạn trước ngày kế hoạch được sửa ({today}): chỉ ghi nhận, không đôn đốc."))
    session.add_all(wanted.values())
    effect.added += len(wanted)


def _move(known: Occurrence, new: Occurrence, today: str, effect: Effect) -> None:
    """Give an open occurrence its new dates; one that an earlier correction cancelled comes back."""
    if known.state == "cancelled":
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


def _begin_anew(known: Occurrence) -> None:
    """What was told counted from the old date: without a new round a later date would pass in silence.

    An extension that the new date reaches has become void; it would make the unit late before its time.
    """
    known.last_step = known.last_step_at = known.ladder = None
    if known.extended_due and known.extended_due <= known.due_legal:
        known.extended_due = None


def _of_draft(session: Session, plan: Plan) -> Effect:
    asked = plan_queries.open_questions(session, plan.id)
    return Effect(questions=sum(map(asking.blocks, asked)), draft=True)


def _journal(session: Session, plan: Plan, difference: Difference, effect: Effect, now: datetime, actor: str) -> None:
    data = {
        "code": plan.code,
        "sha256": plan.file_sha256,
        "added": difference.added,
        "removed": difference.removed,
        "changed": [[change.old_key, change.new_key, *change.fields] for change in difference.changed],
        "moves": effect.moves,
        "cancelled": effect.cancelled,
    }
    journal.record(
        session, at=now, actor=actor, action="plan.reimport", subject_kind="plan", subject_id=plan.id, data=data
    )
