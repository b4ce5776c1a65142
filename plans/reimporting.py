"""A corrected file over a plan that is there: what was done stays, only what is open changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.file_store import store_bytes
from db.models import Json, Plan
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans import asking, drafting
from plans.current import content_of, duty_row, head_of, target_row
from plans.differing import Difference, compare
from plans.importing import add_file, book_of, refuse_twice, sure_year
from plans.merging import Standing, merge
from plans.merging_rest import head_lines, merge_head, merge_targets, target_lines
from plans.reading.model import Told
from plans.redating import Effect, Moved, date_late_answers, redate
from plans.reimport_rows import replace_findings, replace_head, replace_targets, take_over
from plans.workbook import fingerprint_of

__all__ = [
    "Difference",
    "Effect",
    "Moved",
    "Preview",
    "apply_difference",
    "date_late_answers",
    "difference_of",
    "preview_difference",
    "redate",
]


OLD_SHEET = (
    "Kế hoạch đã được sửa sau khi xuất bảng tính này. Chỗ sửa sau mà bảng tính không có sẽ trở lại như bảng tính."
)


@dataclass(frozen=True)
class Preview:
    """What a corrected file would do, while nothing has been done."""

    difference: Difference
    effect: Effect


def difference_of(plan: Plan, content: Json) -> Difference:
    """What a new reading changes in a plan, by duty, target and head. Nothing is written.

    A plan file is laid over what people corrected by hand: only what differs from the last file is taken. A workbook
    of the plan says what the plan is to be. Raises Refusal for a workbook of another plan.
    """
    sheet = content.get("workbook")
    rows = drafting.keyed_rows(content)
    difference = _of_sheet(plan, rows, content) if sheet else merge(_base(plan), _standing(plan), rows)
    old: Json | None = None if sheet else plan.reading
    current = [target_row(target) for target in plan.targets]
    difference.targets = merge_targets(old["targets"] if old else None, current, content["targets"])
    difference.head = merge_head(old["plan"] if old else None, head_of(plan), content["plan"])
    difference.others = [
        *target_lines(current, difference.targets),
        *head_lines(head_of(plan), difference.head),
    ]
    if sheet and difference and sheet["fingerprint"] not in ("", fingerprint_of(content_of(plan))):
        difference.notes.append(OLD_SHEET)
    return difference


def _base(plan: Plan) -> dict[str, tuple[bool, Json]]:
    return drafting.keyed_rows(plan.reading)


def _standing(plan: Plan) -> list[Standing]:
    """The duties as they stand, with those that people dropped."""
    kept = [each for each in plan.obligations if each.active or each.drop_reason is not None]
    return [
        Standing(each.key, tuple(each.origin), each.standing, duty_row(each, plan.year), dropped=not each.active)
        for each in sorted(kept, key=lambda each: (each.position, each.id))
    ]


def _of_sheet(plan: Plan, rows: dict[str, tuple[bool, Json]], content: Json) -> Difference:
    """A workbook names its duties by key; a row whose key was blanked is known by its words."""
    if content["workbook"]["code"] not in ("", plan.code):
        raise Refusal(
            f"Bảng tính này xuất từ kế hoạch {content['workbook']['code']}, không phải {plan.code}. "
            "Hãy chọn đúng tệp hoặc đúng kế hoạch."
        )
    standing = {each.key: each for each in _standing(plan) if not each.dropped}
    named = {key: key for key, (_, row) in rows.items() if key in standing and not row.get("fresh")}
    old = {key: (each.standing, each.row) for key, each in standing.items()}
    difference = compare(old, rows, named)
    difference.origins = {change.new_key: list(standing[change.old_key].origin) for change in difference.kept}
    return difference


def preview_difference(
    session: Session,
    plan_id: int,
    reading: Told,
    name: str,
    data: bytes,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    settings: Settings,
) -> Preview:
    """What `apply_difference` would do to every duty and every open occurrence; all of it is taken back.

    Raises Refusal as `apply_difference` does. Needs a session that may write.
    """
    nested = session.begin_nested()
    try:
        difference, effect = _apply(session, plan_id, reading, name, data, calendar, now, actor, settings)
    finally:
        nested.rollback()
        session.expire_all()
    return Preview(difference, effect)


def apply_difference(
    session: Session,
    plan_id: int,
    reading: Told,
    name: str,
    data: bytes,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    settings: Settings,
) -> Effect:
    """Take a corrected file over. In a confirmed plan only open occurrences move, are added or are cancelled.

    Answers given before hold for every duty whose words are unchanged. Raises Refusal for the same bytes again, another
    year, a file with nothing in it, or a plan that is closed.
    """
    _, effect = _apply(session, plan_id, reading, name, data, calendar, now, actor, settings)
    store_bytes(settings.home, data)
    return effect


def _apply(
    session: Session,
    plan_id: int,
    reading: Told,
    name: str,
    data: bytes,
    calendar: WorkCalendar,
    now: datetime,
    actor: str,
    settings: Settings,
) -> tuple[Difference, Effect]:
    plan, content = _taken(session, plan_id), reading.to_json()
    refuse_twice(session, data, name, plan)
    if sure_year(content, name) != plan.year:
        raise Refusal(f"Tệp «{name}» là kế hoạch năm {content['plan']['year']}, không phải năm {plan.year}.")
    difference, sheet = difference_of(plan, content), "workbook" in content
    book = book_of(session, content, settings)
    # Targets first: the questions about unknown names are brought to date with the duties.
    replace_targets(session, plan, difference, book)
    touched = take_over(session, plan, difference, book, sheet=sheet)
    replace_head(plan, difference, content, name, data, sheet=sheet)
    replace_findings(plan, content, now, actor, sheet=sheet)
    add_file(session, plan, data, name, now, actor)
    session.flush()
    if plan.state == "confirmed":
        effect = redate(session, plan, touched, calendar, now, settings)
    else:
        effect = _of_draft(session, plan)
    _journal(session, plan, difference, effect, name, now, actor)
    return difference, effect


def _taken(session: Session, plan_id: int) -> Plan:
    plan = plan_queries.whole_plan(session, plan_id, lock=True)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    if plan.state == "closed":
        raise Refusal(f"Kế hoạch {plan.code} đã đóng nên không nhập lại được.")
    plan_queries.hold_occurrences(session, plan.id)
    return plan


def _of_draft(session: Session, plan: Plan) -> Effect:
    asked = plan_queries.open_questions(session, plan.id)
    return Effect(questions=sum(map(asking.blocks, asked)), draft=True)


def _journal(
    session: Session, plan: Plan, difference: Difference, effect: Effect, name: str, now: datetime, actor: str
) -> None:
    changed = [
        [
            change.old_key,
            change.new_key,
            {called: [before, after] for called, before, after in difference.details(change)},
        ]
        for change in difference.changed
    ]
    data = {
        "code": plan.code,
        "file": name,
        "sha256": plan.file_sha256,
        "added": difference.added,
        "removed": difference.removed,
        "changed": changed,
        "others": difference.others,
        "notes": difference.notes,
        "moves": effect.moves,
        "cancelled": effect.cancelled,
    }
    journal.record(
        session, at=now, actor=actor, action="plan.reimport", subject_kind="plan", subject_id=plan.id, data=data
    )
