"""Bringing the rows of a plan to what a corrected file says: duties, targets, head, findings, and their questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.unit_keys import fold_name
from db.models import Json, Obligation, Plan, Target
from db.queries import plan_queries
from plans import asking, drafting
from plans.current import duty_row
from plans.differing import SETTINGS, Change, Difference, compare
from plans.editing_questions import ask_what_is_open, call_anew, forget, sync_unit_questions
from plans.importing import ask_about, resolver
from plans.unit_names import NameBook

DROPPED_IN_SHEET = "Bỏ khi sửa kế hoạch bằng bảng tính."


def take_over(session: Session, plan: Plan, difference: Difference, book: NameBook, *, sheet: bool) -> list[Obligation]:
    """Bring the duties to the new words; gives those whose dates may change. `sheet`: the file is a workbook."""
    by_key = {each.key: each for each in plan.obligations if each.active or each.drop_reason is not None}
    resolve = resolver(session, book)
    for key, obligation in by_key.items():
        # Keys are unique in a plan and may change places: first out of the way, then to their new names.
        obligation.key = f"{key[:40]}~{obligation.id}"
    session.flush()
    gone = [each for each in plan.obligations if not each.active and (sheet or each.drop_reason is None)]
    removed = [by_key[key] for key in difference.removed]
    for obligation in removed:
        obligation.active = False
        obligation.drop_reason = DROPPED_IN_SHEET if sheet else None
        forget(plan, obligation, "deadline", "lead")
    for change in difference.kept:
        _change(plan, by_key[change.old_key], change, difference, resolve)
    back = _bring_back(plan, gone, difference, resolve)
    added = _add(plan, difference, resolve, next((each.cycle for each in by_key.values()), "quarterly"), set(back))
    _keep_dropped(plan, by_key, difference, sheet=sheet)
    session.flush()
    for change in difference.kept:
        _ask_again(plan, by_key[change.old_key], change, difference, book)
    for obligation in back.values():
        ask_what_is_open(plan, obligation, book)
    for obligation in added:
        row = difference.new[obligation.key][1]
        ask_about(plan, obligation, row["question"], book, deadline=not obligation.rules)
    sync_unit_questions(plan, book)
    moved = [by_key[change.old_key] for change in difference.kept if change.moves_dates]
    return [*removed, *moved, *back.values(), *added]


def _bring_back(
    plan: Plan, gone: Sequence[Obligation], difference: Difference, resolve: drafting.Resolve
) -> dict[str, Obligation]:
    """Duties that an earlier file left out and this one has again, by new key: what was done for them is theirs.

    `gone` are those that may come back. What a person dropped by hand is among them for a workbook only, which says
    what the plan is to be.
    """
    left = {(each.standing, fold_name(each.content)): each for each in gone}
    back: dict[str, Obligation] = {}
    for key in difference.added:
        standing, row = difference.new[key]
        if (duty := left.pop((standing, fold_name(row["content"])), None)) is None:
            continue
        old = {duty.key: (duty.standing, duty_row(duty, plan.year))}
        duty.active, duty.drop_reason = True, None
        (change,) = compare(old, {key: difference.new[key]}, {duty.key: key}).kept
        _change(plan, duty, change, difference, resolve)
        back[key] = duty
    return back


def _add(
    plan: Plan, difference: Difference, resolve: drafting.Resolve, cycle: str, known: set[str]
) -> list[Obligation]:
    fresh = [key for key in difference.added if key not in known]
    added = [drafting.draft_obligation(key, difference.places[key], *difference.new[key], cycle) for key in fresh]
    for obligation in added:
        obligation.origin = difference.origins.get(obligation.key, [])
        obligation.units = drafting.draft_units(difference.new[obligation.key][1], resolve)
    plan.obligations.extend(added)
    return added


def _keep_dropped(plan: Plan, by_key: dict[str, Obligation], difference: Difference, *, sheet: bool) -> None:
    """What people dropped by hand stays dropped, under its old key where no row of the file has it now."""
    taken = {each.key for each in plan.obligations}
    for key, obligation in by_key.items():
        if obligation.active:
            continue
        if key not in difference.removed and not sheet:
            obligation.origin = difference.dropped.get(key, [])
        if obligation.drop_reason is not None and key not in taken:
            obligation.key = key
            taken.add(key)


def _change(
    plan: Plan, obligation: Obligation, change: Change, difference: Difference, resolve: drafting.Resolve
) -> None:
    standing, row = difference.new[change.new_key]
    fresh = drafting.draft_obligation(
        change.new_key, difference.places[change.new_key], standing, row, obligation.cycle
    )
    before = asking.call(obligation).replace(obligation.key, change.old_key, 1)
    settings = tuple(name for name in SETTINGS if name in row)
    for name in (
        "key",
        "position",
        "ordinal",
        "section",
        "content",
        "deliverable",
        "standing",
        "quote",
        "source",
        *settings,
    ):
        setattr(obligation, name, getattr(fresh, name))
    obligation.origin = difference.origins.get(change.new_key, obligation.origin)
    call_anew(plan, obligation, before)
    if "deadline_text" in change.fields:
        forget(plan, obligation, "deadline", answered=True)
        obligation.deadline_text = fresh.deadline_text
        # Not understood: in a confirmed plan the old dates hold until the question is answered.
        obligation.rules = fresh.rules or (obligation.rules if plan.state == "confirmed" else [])
    if {"leads", "coordinators"} & set(change.fields):
        _change_units(plan, obligation, change, row, resolve)


def _change_units(plan: Plan, obligation: Obligation, change: Change, row: Json, resolve: drafting.Resolve) -> None:
    """The units as the new row prints them. A name that stays keeps the unit that a person said it is."""
    if "leads" in change.fields:
        forget(plan, obligation, "lead", answered=True)
    known = {each.printed_name: each.unit for each in obligation.units if each.unit is not None}
    units = drafting.draft_units(row, resolve)
    for each in units:
        each.unit = each.unit or known.get(each.printed_name)
    obligation.units = units


def _ask_again(plan: Plan, obligation: Obligation, change: Change, difference: Difference, book: NameBook) -> None:
    row = difference.new[change.new_key][1]
    if "deadline_text" in change.fields and not (row["status"] == "read" and row["rules"]):
        plan.questions.append(asking.ask_deadline(obligation, row["question"], plan.year))
    if "leads" in change.fields:
        plan.questions.extend(asking.ask_lead(obligation, book))


def replace_targets(session: Session, plan: Plan, difference: Difference, book: NameBook) -> None:
    """The yearly figures as they are to be; one that units have reported on stays even when it is gone."""
    present, kept = list(plan.targets), set()
    rows = [row for _, row in difference.targets]
    drafted = list(drafting.draft_targets({"targets": rows}, resolver(session, book)))
    for (place, _), fresh in zip(difference.targets, drafted, strict=True):
        if place is None:
            plan.targets.append(fresh)
        else:
            kept.add(place)
            _write_target(present[place], fresh)
    reported = plan_queries.reported_targets(session, plan.id)
    for place, target in enumerate(present):
        if place not in kept and target.id not in reported:
            plan.targets.remove(target)


def _write_target(target: Target, fresh: Target) -> None:
    for name in ("position", "ordinal", "group", "name", "unit", "comparator", "value", "value_text"):
        setattr(target, name, getattr(fresh, name))
    known = {row.printed_name: row.unit for row in target.responsible if row.unit is not None}
    units, fresh.responsible = list(fresh.responsible), []
    for row in units:
        row.unit = row.unit or known.get(row.printed_name)
    if [(row.role, row.printed_name) for row in units] != [(row.role, row.printed_name) for row in target.responsible]:
        target.responsible = units


def replace_head(plan: Plan, difference: Difference, content: Json, name: str, data: bytes, *, sheet: bool) -> None:
    """The head and, unless it is a workbook of the plan, the file that the plan is shown beside."""
    for field, value in difference.head.items():
        setattr(plan, field, _head_value(field, value))
    if plan.issued_on is not None:
        asked = [each for each in plan.questions if each.kind == "date" and each.obligation_id is None]
        plan.questions = [each for each in plan.questions if each not in asked or each.answered_at is not None]
    if not sheet:
        plan.file_name, plan.file_sha256 = drafting.clip(name, 255) or "", hashlib.sha256(data).hexdigest()
        plan.reading = content


def _head_value(field: str, value: str | None) -> str | date | None:
    if field == "issued_on":
        return drafting.day_or_none(value)
    return value if field == "title" else drafting.clip(value, 255 if field in ("issuer", "locality") else 64)


def replace_findings(plan: Plan, content: Json, now: datetime, actor: str, *, sheet: bool) -> None:
    """The findings of the new file; what a person set aside stays so where the same is found again.

    A workbook says itself which are set aside.
    """
    dismissed = {(each.code, each.message): each for each in plan.findings if each.dismissed_at is not None}
    fresh = list(drafting.draft_findings(content, now, actor))
    for finding in fresh:
        known = dismissed.get((finding.code, finding.message))
        if known is not None and (not sheet or finding.dismissed_reason == known.dismissed_reason):
            finding.dismissed_at, finding.dismissed_by = known.dismissed_at, known.dismissed_by
            finding.dismissed_reason = known.dismissed_reason
    plan.findings = fresh
