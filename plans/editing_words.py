"""Writing the words and units of one duty of a draft: what every edit of a duty has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.superior import read_superior, tidy_superior
from db.models import Obligation, ObligationUnit, Plan, Unit
from plans.asking import call
from plans.editing_questions import call_anew, read_deadline, settle_lead, sync_unit_questions
from plans.editing_rows import ORDINAL_MOST, names_of, naming, needed, one_line, printed, prose
from plans.importing import resolver


@dataclass(frozen=True)
class DutyChanges:
    """What to write in a duty. None leaves a field as it is; an empty text or tuple empties it."""

    ordinal: str | None = None
    section: tuple[str, ...] | None = None
    content: str | None = None
    deliverable: str | None = None
    deadline_text: str | None = None
    leads: tuple[str, ...] | None = None
    coordinators: tuple[str, ...] | None = None
    superior_text: str | None = None


def settle(session: Session, plan: Plan) -> None:
    """Bring the questions about unknown names to what the plan now prints."""
    sync_unit_questions(plan, naming(session, plan))
    session.flush()


def refuse_dropped(duty: Obligation) -> None:
    """Raises Refusal for a duty that was dropped."""
    if not duty.active:
        raise Refusal(f"Nhiệm vụ {duty.key} đã bỏ khỏi kế hoạch. Hãy khôi phục nó trước khi sửa.")


def write(
    session: Session,
    plan: Plan,
    duty: Obligation,
    changes: DutyChanges,
    known: Mapping[str, Unit] | None = None,
) -> None:
    """Write words into a duty; `known` are units that people said other names of it are. Raises Refusal."""
    called, before = f"của nhiệm vụ {duty.key}", call(duty)
    if changes.ordinal is not None:
        duty.ordinal = one_line(changes.ordinal, f"Số thứ tự {called}", ORDINAL_MOST) or None
    if changes.section is not None:
        duty.section = [kept for each in changes.section if (kept := one_line(each, "Tên mục", 2000))]
    if changes.content is not None:
        duty.content = needed(_newer(changes.content, duty.content, f"Nội dung {called}"), f"Nội dung {called}")
    if changes.deliverable is not None:
        duty.deliverable = _newer(changes.deliverable, duty.deliverable or "", f"Sản phẩm {called}") or None
    call_anew(plan, duty, before)
    if changes.deadline_text is not None:
        words = _newer(changes.deadline_text, duty.deadline_text, f"Thời hạn {called}")
        if words != duty.deadline_text:
            duty.deadline_text = words
            read_deadline(plan, duty)
    if changes.superior_text is not None and (kept := tidy_superior(changes.superior_text)) != duty.superior_text:
        read_superior(kept, plan.year)
        duty.superior_text = kept
    _write_units(session, plan, duty, changes, known or {})


def _newer(typed: str, old: str, called: str) -> str:
    """The typed text, or the old one when only its spaces differ (a form gives back other line ends)."""
    kept = prose(typed, called)
    return old if kept.split() == old.split() and kept.count("\n") == old.count("\n") else kept


def _write_units(
    session: Session, plan: Plan, duty: Obligation, changes: DutyChanges, said: Mapping[str, Unit]
) -> None:
    """Bring the units to the names given. A name that stays keeps the unit that a person said it is."""
    leads = _named(duty, "lead", changes.leads, "Tên đơn vị chủ trì")
    others = _named(duty, "coordinator", changes.coordinators, "Tên đơn vị phối hợp")
    if changes.coordinators is None and changes.leads is not None:
        others = [name for name in others if name not in leads]  # who is told to lead coordinates no more
    wanted = [*(("lead", name) for name in leads), *(("coordinator", name) for name in others)]
    if wanted == [(row.role, row.printed_name) for row in duty.units]:
        return
    if both := sorted(set(leads) & set(others)):
        raise Refusal(f"«{both[0]}» không thể vừa chủ trì vừa phối hợp một nhiệm vụ. Hãy bỏ một trong hai.")
    book = naming(session, plan)
    resolve = resolver(session, book)
    known = {**said, **{row.printed_name: row.unit for row in duty.units if row.unit is not None}}
    led = printed(duty.units, "lead")
    duty.units = [
        ObligationUnit(role=role, printed_name=name, unit=known.get(name) or resolve(name)) for role, name in wanted
    ]
    if leads != led:
        settle_lead(plan, duty, book)


def _named(duty: Obligation, role: str, names: Sequence[str] | None, called: str) -> list[str]:
    """The names of a role: as they are, or as typed, where a name that stands already keeps its printed spaces."""
    if names is None:
        return printed(duty.units, role)
    as_printed = {" ".join(row.printed_name.split()): row.printed_name for row in duty.units}
    return [as_printed.get(name, name) for name in names_of(names, called)]


def free_key(plan: Plan, base: str) -> str:
    """The base, or the base with the first number that no duty of the plan has, active or not."""
    taken = {each.key for each in plan.obligations}
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def place_after(plan: Plan, after: Obligation | None, moved: Sequence[Obligation]) -> None:
    """Number the duties anew with `moved` behind `after`, or first of all."""
    others = [each for each in sorted(plan.obligations, key=lambda each: each.position) if each not in moved]
    at = others.index(after) + 1 if after is not None else 0
    for position, each in enumerate([*others[:at], *moved, *others[at:]]):
        each.position = position
