"""The last edits of a draft as the journal has them, and taking one back where that is simple."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Finding, JournalEntry, Json, Obligation, Plan, Target
from plans.editing import (
    DutyChanges,
    TargetChanges,
    drop_duty,
    edit_duty,
    edit_target,
    reopen_finding,
    restore_duty,
)
from plans.editing_rows import state_of
from web.labels import EDIT_ACTIONS

SHOWN = 8
STALE = "Mục này đã được sửa tiếp sau lần đó nên không hoàn tác được. Hãy mở mục ra và sửa lại."
GONE = "Lần sửa này không hoàn tác tự động được. Hãy mở mục ra và sửa lại."
UNDO_REASON = "Hoàn tác việc thêm"


@dataclass(frozen=True)
class Edit:
    """One edit of the draft; `can_undo` when nothing has changed its row since and one step takes it back."""

    seq: int
    at: datetime
    actor: str
    words: str
    subject: str
    can_undo: bool


def recent_edits(session: Session, plan: Plan) -> list[Edit]:
    """The last edits of a draft, newest first."""
    kinds = (("obligation", plan.obligations), ("target", plan.targets), ("finding", plan.findings), ("plan", [plan]))
    wanted = [
        and_(JournalEntry.subject_kind == kind, JournalEntry.subject_id.in_([row.id for row in rows]))
        for kind, rows in kinds
    ]
    query = select(JournalEntry).where(or_(*wanted), JournalEntry.action.in_(EDIT_ACTIONS))
    entries = session.scalars(query.order_by(JournalEntry.seq.desc()).limit(SHOWN))
    return [_edit(plan, entry) for entry in entries]


def _edit(plan: Plan, entry: JournalEntry) -> Edit:
    row = _row(plan, entry)
    simple = entry.action in _UNDO and row is not None and _unchanged(row, entry.data)
    return Edit(entry.seq, entry.at, entry.actor, EDIT_ACTIONS[entry.action], _subject(row, entry.data), simple)


def _row(plan: Plan, entry: JournalEntry) -> Obligation | Target | Finding | None:
    rows: dict[str, Sequence[Obligation | Target | Finding]] = {
        "obligation": plan.obligations,
        "target": plan.targets,
        "finding": plan.findings,
    }
    return next((row for row in rows.get(entry.subject_kind, ()) if row.id == entry.subject_id), None)


def _unchanged(row: Obligation | Target | Finding, data: Json) -> bool:
    return row.dismissed_at is not None if isinstance(row, Finding) else state_of(row) == data.get("after")


def _subject(row: Obligation | Target | Finding | None, data: Json) -> str:
    if isinstance(row, Obligation):
        words = f"{row.ordinal or row.key}. {row.content}"
    elif isinstance(row, Target):
        words = row.name
    else:
        words = row.message if row else str((data.get("before") or {}).get("name", ""))
    return words if len(words) <= 90 else f"{words[:88]}…"


def undo(session: Session, plan: Plan, seq: int, now: datetime, actor: str) -> str:
    """Take one edit back; gives the anchor of its row. Raises Refusal when the row has changed since."""
    entry = session.get(JournalEntry, seq)
    row = _row(plan, entry) if entry else None
    if entry is None or row is None or entry.action not in _UNDO:
        raise Refusal(GONE)
    if not _unchanged(row, entry.data):
        raise Refusal(STALE)
    _UNDO[entry.action](session, entry, now, actor)
    return {"obligation": f"nv-{row.id}", "target": f"ct-{row.id}", "finding": f"ph-{row.id}"}[entry.subject_kind]


def _rewrite_duty(session: Session, entry: JournalEntry, now: datetime, actor: str) -> None:
    before = entry.data["before"]
    plain: dict[str, Any] = {
        name: before[name] or "" for name in ("ordinal", "content", "deliverable", "deadline_text")
    }
    changes = DutyChanges(
        **plain,
        section=tuple(before["section"]),
        superior_text=before.get("superior_text", ""),
        leads=_named(before, "lead"),
        coordinators=_named(before, "coordinator"),
    )
    edit_duty(session, entry.subject_id, changes, now, actor)


def _rewrite_target(session: Session, entry: JournalEntry, now: datetime, actor: str) -> None:
    before = entry.data["before"]
    plain: dict[str, Any] = {name: before[name] or "" for name in ("ordinal", "group", "name", "unit", "comparator")}
    value = before["value"] if before["value"] is not None else before["value_text"] or ""
    changes = TargetChanges(
        **plain, value=value, responsible=_named(before, "lead"), coordinators=_named(before, "coordinator")
    )
    edit_target(session, entry.subject_id, changes, now, actor)


def _named(before: Json, role: str) -> tuple[str, ...]:
    return tuple(name for of, name, _ in before["units"] if of == role)


def _take_out(session: Session, entry: JournalEntry, now: datetime, actor: str) -> None:
    drop_duty(session, entry.subject_id, UNDO_REASON, now, actor)


def _bring_back(session: Session, entry: JournalEntry, now: datetime, actor: str) -> None:
    restore_duty(session, entry.subject_id, now, actor)


def _show_again(session: Session, entry: JournalEntry, now: datetime, actor: str) -> None:
    reopen_finding(session, entry.subject_id, now, actor)


_UNDO: dict[str, Callable[[Session, JournalEntry, datetime, str], None]] = {
    "plan.edit": _rewrite_duty,
    "plan.edit_target": _rewrite_target,
    "plan.add_duty": _take_out,
    "plan.drop_duty": _bring_back,
    "finding.dismiss": _show_again,
}
