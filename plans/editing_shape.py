"""Splitting one duty of a draft into several, and joining several into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Json, Obligation, ObligationUnit, Plan
from plans.editing_questions import ask_what_is_open, forget, read_deadline
from plans.editing_rows import ORDINAL_MOST, duties_of, duty_of, duty_state, naming, note, printed
from plans.editing_words import DutyChanges, free_key, place_after, refuse_dropped, settle, write


def split_duty(
    session: Session,
    obligation_id: int,
    parts: Sequence[DutyChanges],
    now: datetime,
    actor: str,
    *,
    version: int | None = None,
) -> list[Obligation]:
    """Make several duties of one. The first keeps the key and the number followed by a, the others get new ones.

    A field that a part leaves as it is, is that of the whole. Raises Refusal for fewer than two parts or equal ones.
    """
    plan, duty = duty_of(session, obligation_id, version)
    refuse_dropped(duty)
    if len(parts) < 2:
        raise Refusal("Muốn tách nhiệm vụ, hãy ghi ít nhất hai phần.")
    if len(set(parts)) < len(parts):
        raise Refusal(f"Nhiệm vụ {duty.key}: có hai phần giống hệt nhau. Hãy ghi nội dung riêng cho từng phần.")
    before, number = duty_state(duty), duty.ordinal or ""
    twins = [_twin(plan, duty, place) for place in range(1, len(parts))]
    place_after(plan, duty, twins)
    session.flush()
    made = [duty, *twins]
    for place, (each, changes) in enumerate(zip(made, parts, strict=True)):
        write(session, plan, each, changes)
        if changes.ordinal is None:
            each.ordinal = f"{number[: ORDINAL_MOST - 2]}{_letter(place)}" if number else f"{_letter(place)})"
        ask_what_is_open(plan, each, naming(session, plan))
    settle(session, plan)
    note(session, plan, "plan.split", duty, before, [duty_state(each) for each in made], now, actor)
    return made


def _letter(place: int) -> str:
    """a, b, ... z, then a1, b1 ..."""
    return chr(ord("a") + place % 26) + (str(place // 26) if place >= 26 else "")


def _twin(plan: Plan, duty: Obligation, place: int) -> Obligation:
    """A copy of a duty under a key of its own; what was decided of the same words holds for it too."""
    twin = Obligation(
        key=free_key(plan, f"{duty.key[:50]}{_letter(place)}"),
        position=duty.position,
        origin=list(duty.origin),
        **{name: getattr(duty, name) for name in ("content", "deliverable", "standing", "quote", "deadline_text")},
        section=list(duty.section),
        source=dict(duty.source),
        rules=[dict(rule) for rule in duty.rules],
        **{name: getattr(duty, name) for name in ("regime", "cycle", "ladder", "superior_text")},
    )
    twin.units = [ObligationUnit(role=row.role, printed_name=row.printed_name, unit=row.unit) for row in duty.units]
    plan.obligations.append(twin)
    return twin


def join_duties(
    session: Session,
    obligation_ids: Sequence[int],
    now: datetime,
    actor: str,
    *,
    versions: Sequence[int | None] = (),
) -> Obligation:
    """Make one duty of several, in the order of the plan: the first takes the words and units of the others.

    Different deadline words are put together with "; " and read again. Raises Refusal for fewer than two duties, or
    duties of two plans.
    """
    wanted = dict(zip_longest(obligation_ids, versions))
    if len(wanted) < 2:
        raise Refusal("Muốn gộp, hãy chọn ít nhất hai nhiệm vụ.")
    plan, found = duties_of(session, list(wanted), list(wanted.values()))
    duties = sorted(found, key=lambda duty: duty.position)
    for duty in duties:
        refuse_dropped(duty)
    before = [duty_state(duty) for duty in duties]
    first = _joined(session, plan, duties)
    settle(session, plan)
    note(session, plan, "plan.join", first, before, duty_state(first), now, actor)
    return first


def _joined(session: Session, plan: Plan, duties: Sequence[Obligation]) -> Obligation:
    first, *others = duties
    words = list(_unlike(duty.deadline_text for duty in duties))
    decided = _decided(duties, words)
    changes = DutyChanges(
        content="\n".join(_unlike(duty.content for duty in duties)),
        deliverable="\n".join(_unlike(duty.deliverable or "" for duty in duties)),
        deadline_text="; ".join(words),
        leads=(leads := _united(duties, "lead")),
        coordinators=tuple(name for name in _united(duties, "coordinator") if name not in leads),
    )
    first.origin = list(dict.fromkeys(key for duty in duties for key in duty.origin))
    first.standing = all(duty.standing for duty in duties)
    first.quote = ("\n".join(_unlike(duty.quote or "" for duty in duties)) or None) if first.standing else None
    known = {row.printed_name: row.unit for duty in duties for row in duty.units if row.unit is not None}
    for duty in others:
        _take_away(plan, duty, first)
    write(session, plan, first, changes, known)
    if len(words) == 1:
        _agree(plan, first, decided)
    session.flush()
    return first


def _decided(duties: Sequence[Obligation], words: Sequence[str]) -> list[list[Json]]:
    """What is known of the one deadline that the duties print, each understanding once."""
    found: list[list[Json]] = []
    for duty in duties:
        if words and duty.deadline_text == words[0] and duty.rules not in found:
            found.append(duty.rules)
    return found


def _agree(plan: Plan, first: Obligation, decided: list[list[Json]]) -> None:
    """What people decided of one deadline holds for the joined duty; decided differently, it is read once more."""
    if len(decided) == 1 and decided[0]:
        first.rules = decided[0]
        forget(plan, first, "deadline")
    elif len(decided) > 1:
        read_deadline(plan, first)


def _take_away(plan: Plan, duty: Obligation, first: Obligation) -> None:
    forget(plan, duty, "deadline", "lead", "date", answered=True)
    for question in plan.questions:
        if question.obligation is duty:
            question.obligation = first
    plan.obligations.remove(duty)


def _unlike(texts: Iterable[str]) -> Iterable[str]:
    """Each text once, blanks left out; case and spaces do not tell two apart."""
    seen: set[str] = set()
    for text in texts:
        folded = " ".join(text.casefold().split())
        if folded and folded not in seen:
            seen.add(folded)
            yield text


def _united(duties: Sequence[Obligation], role: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for duty in duties for name in printed(duty.units, role)))
