"""Correcting a draft by hand: words of a duty, split, join, add, drop, bring back, move; the head, targets, findings.

Only a draft is edited; a confirmed plan is exported, corrected and imported again. Every edit is journalled with what
was there before and after, and is refused when somebody else changed the row since the page was made.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Obligation
from plans.editing_head import HeadChanges, dismiss_finding, edit_head, reopen_finding
from plans.editing_presence import add_duty, drop_duty, move_duty, restore_duty, set_standing
from plans.editing_rows import duty_of, duty_state, note, version_of
from plans.editing_shape import join_duties, split_duty
from plans.editing_targets import TargetChanges, add_target, drop_target, edit_target
from plans.editing_words import DutyChanges, refuse_dropped, settle, write

__all__ = [
    "DutyChanges",
    "HeadChanges",
    "TargetChanges",
    "add_duty",
    "add_target",
    "dismiss_finding",
    "drop_duty",
    "drop_target",
    "edit_duty",
    "edit_head",
    "edit_target",
    "join_duties",
    "move_duty",
    "reopen_finding",
    "restore_duty",
    "set_standing",
    "split_duty",
    "version_of",
]


def edit_duty(
    session: Session,
    obligation_id: int,
    changes: DutyChanges,
    now: datetime,
    actor: str,
    *,
    version: int | None = None,
) -> Obligation:
    """Write new words into a duty. New deadline words are read again; unknown names and what is open are asked.

    Raises Refusal for a plan that is no draft, a duty that changed since `version`, or words that cannot be kept.
    """
    plan, duty = duty_of(session, obligation_id, version)
    refuse_dropped(duty)
    before = duty_state(duty)
    write(session, plan, duty, changes)
    settle(session, plan)
    if (after := duty_state(duty)) != before:
        note(session, plan, "plan.edit", duty, before, after, now, actor)
    return duty
