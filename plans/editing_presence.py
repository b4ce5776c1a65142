"""What stands in a draft and where: adding, moving, dropping and bringing back duties, table or prose."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Obligation, Plan
from plans.editing_questions import ask_what_is_open, forget
from plans.editing_rows import ORDINAL_MOST, draft_of, duty_of, duty_state, naming, needed, note, one_line, prose
from plans.editing_words import DutyChanges, place_after, refuse_dropped, settle, write


def add_duty(
    session: Session,
    plan_id: int,
    changes: DutyChanges,
    after_id: int | None,
    now: datetime,
    actor: str,
    *,
    standing: bool = False,
) -> Obligation:
    """Put in a duty that the reader did not find, behind another one or (None) first.

    Raises Refusal without content.
    """
    plan = draft_of(session, plan_id)
    needed(prose(changes.content or "", "Nội dung nhiệm vụ"), "Nội dung nhiệm vụ")
    after = _neighbour(plan, after_id)
    cycle = next((each.cycle for each in plan.obligations), "quarterly")
    duty = Obligation(key=_added_key(plan, changes), position=0, content="", deadline_text="", cycle=cycle, origin=[])
    duty.section, duty.source, duty.rules = list(after.section) if after else [], {}, []
    duty.standing, duty.quote = standing, (changes.content if standing else None)
    plan.obligations.append(duty)
    place_after(plan, after, [duty])
    session.flush()
    write(session, plan, duty, changes)
    ask_what_is_open(plan, duty, naming(session, plan))
    settle(session, plan)
    note(session, plan, "plan.add_duty", duty, None, duty_state(duty), now, actor)
    return duty


def _added_key(plan: Plan, changes: DutyChanges) -> str:
    """The number as key where it is free, else "bs1", "bs2" (bổ sung) ..."""
    taken = {each.key for each in plan.obligations}
    number = one_line(changes.ordinal or "", "Số thứ tự", ORDINAL_MOST)
    if number and number not in taken:
        return number
    return next(key for key in (f"bs{n}" for n in count(1)) if key not in taken)


def _neighbour(plan: Plan, after_id: int | None) -> Obligation | None:
    if after_id is None:
        return None
    found = next((each for each in plan.obligations if each.id == after_id), None)
    if found is None:
        raise Refusal("Nhiệm vụ đứng trước không có trong kế hoạch này. Hãy mở lại trang kế hoạch rồi chọn lại.")
    return found


def move_duty(
    session: Session,
    obligation_id: int,
    after_id: int | None,
    now: datetime,
    actor: str,
    *,
    version: int | None = None,
) -> Obligation:
    """Put a duty behind another one, or (None) first. Its number and section stay as printed."""
    plan, duty = duty_of(session, obligation_id, version)
    after = _neighbour(plan, after_id)
    if after is duty:
        raise Refusal(f"Nhiệm vụ {duty.key} không thể đứng sau chính nó.")
    before = duty.position
    place_after(plan, after, [duty])
    session.flush()
    behind = after.key if after else None
    if duty.position != before:
        note(
            session,
            plan,
            "plan.move",
            duty,
            {"position": before},
            {"position": duty.position},
            now,
            actor,
            after_key=behind,
        )
    return duty


def drop_duty(
    session: Session,
    obligation_id: int,
    reason: str,
    now: datetime,
    actor: str,
    *,
    version: int | None = None,
) -> Obligation:
    """Take a duty out of the plan, for a reason. It stays on record and can be brought back."""
    plan, duty = duty_of(session, obligation_id, version)
    refuse_dropped(duty)
    before = duty_state(duty)
    duty.drop_reason = needed(one_line(reason, "Lý do bỏ nhiệm vụ", 2000), "Lý do bỏ nhiệm vụ")
    duty.active = False
    forget(plan, duty, "deadline", "lead")
    settle(session, plan)
    note(session, plan, "plan.drop_duty", duty, before, duty_state(duty), now, actor, reason=duty.drop_reason)
    return duty


def restore_duty(session: Session, obligation_id: int, now: datetime, actor: str) -> Obligation:
    """Bring a dropped duty back to where it stood, with the questions that are still open."""
    plan, duty = duty_of(session, obligation_id)
    if duty.active:
        raise Refusal(f"Nhiệm vụ {duty.key} đang có trong kế hoạch, không cần khôi phục.")
    if duty.drop_reason is None:
        raise Refusal(f"Nhiệm vụ {duty.key} không còn trong văn bản đã nhập lại. Nếu vẫn cần, hãy thêm nhiệm vụ mới.")
    before = duty_state(duty)
    duty.active, duty.drop_reason = True, None
    ask_what_is_open(plan, duty, naming(session, plan))
    settle(session, plan)
    note(session, plan, "plan.restore_duty", duty, before, duty_state(duty), now, actor)
    return duty


def set_standing(
    session: Session,
    obligation_id: int,
    standing: bool,
    now: datetime,
    actor: str,
    *,
    quote: str | None = None,
    version: int | None = None,
) -> Obligation:
    """Count a duty among those of the prose (with the sentence it stands in), or among those of the table."""
    plan, duty = duty_of(session, obligation_id, version)
    refuse_dropped(duty)
    before = duty_state(duty)
    duty.standing = standing
    duty.quote = prose(quote or duty.quote or duty.content, "Câu trích") if standing else None
    session.flush()
    if (after := duty_state(duty)) != before:
        note(session, plan, "plan.set_standing", duty, before, after, now, actor)
    return duty
