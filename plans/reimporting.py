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
from db import journal
from db.file_store import store_bytes
from db.models import OPEN_STATES, Json, Obligation, Occurrence, Plan, Unit
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans import asking, drafting
from plans.confirming import list_waiting
from plans.differing import Change, Difference, compare
from plans.importing import ask_about, book_of, refuse_twice, sure_year
from plans.occurrences import before_issue, key_of, planned
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
    moves: list[Json] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The effect as an officer reads it."""
        yield (
            f"Đã thực hiện: thêm {self.added} kỳ hạn, đổi ngày {self.moved}, hủy {self.cancelled}; "
            f"giữ nguyên {self.untouched} kỳ hạn đã làm."
        )
        if self.questions:
            yield f"Còn {self.questions} câu hỏi mới phải trả lời; việc liên quan vẫn theo hạn cũ cho đến khi trả lời."


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
    asked_before = len(plan.questions)
    touched = _take_over(session, plan, difference, book_of(session, content, settings))
    _replace_head(plan, content, name, data, difference)
    session.flush()
    effect = redate(session, plan, touched, calendar, now) if plan.state == "confirmed" else Effect()
    effect.questions = len(plan.questions) - asked_before
    if plan.state == "confirmed":
        list_waiting(session, plan, plan_queries.obligations_of(session, plan.id))
    store_bytes(settings.home, data)
    _journal(session, plan, difference, effect, now, actor)
    return effect


def _take_over(session: Session, plan: Plan, difference: Difference, book: NameBook) -> list[Obligation]:
    """Bring the duties to the new words; gives those whose dates may change."""
    by_key = {obligation.key: obligation for obligation in plan.obligations if obligation.active}
    by_code = {unit.code: unit for unit in plan_queries.units_with_people(session)}

    def resolve(name: str) -> Unit | None:
        return by_code.get(book.resolve(name) or "")

    for obligation in by_key.values():
        # Keys are unique in a plan and may change places: first out of the way, then to their new names.
        obligation.key = f"~{obligation.id}"
    session.flush()
    removed = [by_key[key] for key in difference.removed]
    for obligation in removed:
        obligation.active = False
    changed = [_change(by_key[change.old_key], change, difference, resolve) for change in difference.kept]
    positions = {key: place for place, key in enumerate(difference.new)}
    cycle = next((obligation.cycle for obligation in by_key.values()), "quarterly")
    added = [drafting.draft_obligation(key, positions[key], *difference.new[key], cycle) for key in difference.added]
    for obligation in added:
        obligation.units = drafting.draft_units(difference.new[obligation.key][1], resolve)
    plan.obligations.extend(added)
    session.flush()
    moved = [obligation for obligation, moves in changed if moves]
    _ask(plan, [*moved, *added], difference, book)
    return [*removed, *moved, *added]


def _change(
    obligation: Obligation, change: Change, difference: Difference, resolve: drafting.Resolve
) -> tuple[Obligation, bool]:
    standing, row = difference.new[change.new_key]
    fresh = drafting.draft_obligation(change.new_key, 0, standing, row, obligation.cycle)
    for name in ("key", "ordinal", "section", "content", "deliverable", "quote", "source"):
        setattr(obligation, name, getattr(fresh, name))
    obligation.position = list(difference.new).index(change.new_key)
    if "deadline_text" in change.fields:
        obligation.deadline_text = fresh.deadline_text
        # Not understood: the old dates hold until the question is answered.
        obligation.rules = fresh.rules or obligation.rules
    if {"leads", "coordinators"} & set(change.fields):
        obligation.units = drafting.draft_units(row, resolve)
    return obligation, change.moves_dates


def _ask(plan: Plan, obligations: Sequence[Obligation], difference: Difference, book: NameBook) -> None:
    for obligation in obligations:
        row = difference.new[obligation.key][1]
        understood = row["status"] == "read" and bool(row["rules"])
        ask_about(plan, obligation, row["question"], book, deadline=not understood)
    plan.questions.extend(asking.ask_units(obligations, (), book))


def _replace_head(plan: Plan, content: Json, name: str, data: bytes, difference: Difference) -> None:
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
    effect = Effect()
    asked = {
        question.obligation_id for question in plan_queries.open_questions(session, plan.id) if asking.blocks(question)
    }
    for obligation in obligations:
        if obligation.id not in asked:
            _redate_one(session, plan, obligation, calendar, now, effect)
    session.flush()
    return effect


def _redate_one(
    session: Session, plan: Plan, obligation: Obligation, calendar: WorkCalendar, now: datetime, effect: Effect
) -> None:
    wanted = {}
    if obligation.active:
        wanted = {key_of(each): each for each in planned(obligation, plan.year, calendar, before_issue(plan))}
    today = f"{now.astimezone(ZONE):%d/%m/%Y}"
    for known in plan_queries.occurrences_of(session, obligation.id):
        new = wanted.pop(key_of(known), None)
        if known.state not in OPEN_STATES:
            effect.untouched += known.state != "cancelled"
        elif new is not None:
            _move(known, new, today, effect)
        elif not (obligation.active and known.period_key.startswith("event-")):
            known.state, known.note = "cancelled", f"Hủy theo bản kế hoạch nhập lại ngày {today}."
            effect.cancelled += 1
    session.add_all(wanted.values())
    effect.added += len(wanted)


def _move(known: Occurrence, new: Occurrence, today: str, effect: Effect) -> None:
    if any(getattr(known, name) != getattr(new, name) for name in DATES):
        effect.moves.append({"id": known.id, "from": known.due_legal.isoformat(), "to": new.due_legal.isoformat()})
        note = f"Bản kế hoạch nhập lại ngày {today} đổi hạn; hạn cũ là {known.due_legal:%d/%m/%Y}."
        for name in DATES:
            setattr(known, name, getattr(new, name))
        known.explanation, known.rule_no = [*new.explanation, note], new.rule_no
        effect.moved += 1


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
