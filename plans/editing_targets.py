"""Correcting the yearly figures of a draft by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Plan, Target, TargetUnit
from plans.editing_questions import sync_unit_questions
from plans.editing_rows import (
    ORDINAL_MOST,
    draft_of,
    names_of,
    naming,
    needed,
    note,
    one_line,
    printed,
    prose,
    target_of,
    target_state,
)
from plans.importing import resolver

COMPARATORS = ("=", ">=", "<=")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")


@dataclass(frozen=True)
class TargetChanges:
    """What to write in a target. None leaves a field as it is; an empty text or tuple empties it.

    `value` is a number, or the words as printed; words that are one number ("98,5") are kept as that number.
    """

    ordinal: str | None = None
    group: str | None = None
    name: str | None = None
    unit: str | None = None
    comparator: str | None = None
    value: float | str | None = None
    responsible: tuple[str, ...] | None = None
    coordinators: tuple[str, ...] | None = None


def edit_target(
    session: Session, target_id: int, changes: TargetChanges, now: datetime, actor: str, *, version: int | None = None
) -> Target:
    """Write new words or a new figure into a target. Raises Refusal for words that cannot be kept."""
    plan, target = target_of(session, target_id, version)
    before = target_state(target)
    _write(session, plan, target, changes)
    _settle(session, plan)
    if (after := target_state(target)) != before:
        note(session, plan, "plan.edit_target", target, before, after, now, actor)
    return target


def add_target(session: Session, plan_id: int, changes: TargetChanges, now: datetime, actor: str) -> Target:
    """Put in a target that the reader did not find, behind the others. Raises Refusal without a name."""
    plan = draft_of(session, plan_id)
    last = max((each.position for each in plan.targets), default=-1)
    target = Target(position=last + 1, name="", comparator="=")
    plan.targets.append(target)
    _write(session, plan, target, changes)
    needed(target.name, "Tên chỉ tiêu")
    _settle(session, plan)
    note(session, plan, "plan.add_target", target, None, target_state(target), now, actor)
    return target


def drop_target(
    session: Session, target_id: int, reason: str, now: datetime, actor: str, *, version: int | None = None
) -> None:
    """Take a target out of the plan, for a reason; the journal keeps it whole."""
    plan, target = target_of(session, target_id, version)
    why = needed(one_line(reason, "Lý do bỏ chỉ tiêu", 2000), "Lý do bỏ chỉ tiêu")
    note(session, plan, "plan.drop_target", target, target_state(target), None, now, actor, reason=why)
    plan.targets.remove(target)
    _settle(session, plan)


def _settle(session: Session, plan: Plan) -> None:
    sync_unit_questions(plan, naming(session, plan))
    session.flush()


def _write(session: Session, plan: Plan, target: Target, changes: TargetChanges) -> None:
    if changes.ordinal is not None:
        target.ordinal = one_line(changes.ordinal, "Số thứ tự của chỉ tiêu", ORDINAL_MOST) or None
    if changes.group is not None:
        target.group = one_line(changes.group, "Nhóm chỉ tiêu", 2000) or None
    if changes.name is not None:
        target.name = needed(prose(changes.name, "Tên chỉ tiêu"), "Tên chỉ tiêu")
    if changes.unit is not None:
        target.unit = one_line(changes.unit, "Đơn vị tính", 64) or None
    if changes.comparator is not None:
        target.comparator = _comparator(changes.comparator)
    if changes.value is not None:
        target.value, target.value_text = figure(changes.value)
    _write_units(session, plan, target, changes)


def _comparator(typed: str) -> str:
    sign = {"≥": ">=", "≤": "<=", "": "="}.get(typed.strip(), typed.strip())
    if sign not in COMPARATORS:
        raise Refusal(f"Dấu so sánh «{typed}» không dùng được. Hãy ghi =, >= hoặc <=.")
    return sign


def figure(value: float | str) -> tuple[float | None, str | None]:
    """A figure as it is kept: a number, or the words that hold no single number."""
    if not isinstance(value, str):
        if value != value or abs(value) > 1e15:
            raise Refusal("Giá trị của chỉ tiêu không phải là một con số dùng được.")
        return float(value), None
    words = prose(value, "Giá trị của chỉ tiêu")
    if _NUMBER.fullmatch(words):
        return float(words.replace(",", ".")), None
    return None, words or None


def _write_units(session: Session, plan: Plan, target: Target, changes: TargetChanges) -> None:
    leads = _named(target, "lead", changes.responsible)
    others = [name for name in _named(target, "coordinator", changes.coordinators) if name not in leads]
    wanted = [*(("lead", name) for name in leads), *(("coordinator", name) for name in others)]
    if wanted == [(row.role, row.printed_name) for row in target.responsible]:
        return
    resolve = resolver(session, naming(session, plan))
    known = {row.printed_name: row.unit for row in target.responsible}
    target.responsible = [
        TargetUnit(role=role, printed_name=name, unit=known.get(name) or resolve(name)) for role, name in wanted
    ]


def _named(target: Target, role: str, names: Sequence[str] | None) -> list[str]:
    return printed(target.responsible, role) if names is None else names_of(names, "Tên đơn vị")
