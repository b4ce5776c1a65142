"""Muting a unit: until a day, for a reason, nobody is reminded of what it owes; then the one step that applies is told.

The chase reads `Unit.muted_until`; a reminder that waits in the outbox is called off when its turn comes.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from chasing import local, say_date
from config.faults import Refusal
from db import journal
from db.models import Json, Unit
from db.queries import chase_queries as queries

LONGEST = timedelta(days=366)
LONGEST_REASON = 500


def mute_unit(session: Session, unit: Unit, until: date, reason: str, by: str, now: datetime) -> Unit:
    """Keep silent about a unit up to and with `until`. Saying it anew changes the day and the reason.

    What waited to be sent about it counts as not said, so that it is said once the silence ends. Raises Refusal for a
    group, a day that is past or more than a year away, and a reason that is missing or too long.
    """
    words, today = " ".join(reason.split()), local(now).date()
    if unit.is_group:
        raise Refusal(f"«{unit.name}» là một nhóm, không nhận tin nhắc. Hãy tạm dừng nhắc từng đơn vị trong nhóm.")
    if not today <= until <= today + LONGEST:
        last = say_date(today + LONGEST)
        raise Refusal(
            f"Ngày cuối của thời gian tạm dừng nhắc phải từ hôm nay đến {last}, không phải {say_date(until)}."
        )
    if not words or len(words) > LONGEST_REASON:
        raise Refusal(f"Hãy ghi lý do tạm dừng nhắc, không quá {LONGEST_REASON} ký tự.")
    queries.lock_chase(session)
    unit.muted_until, unit.mute_reason = until, words
    unsaid = queries.unsaid_of_unit(session, unit.id)
    for occurrence in unsaid:
        occurrence.last_step = occurrence.last_step_at = None
    facts: Json = {"until": until.isoformat(), "reason": words, "unsaid": [one.id for one in unsaid]}
    _record(session, unit, "unit.mute", by, now, facts)
    return unit


def unmute_unit(session: Session, unit: Unit, by: str, now: datetime) -> Unit:
    """Let the chase speak of a unit again, from its next run on. Raises Refusal when the unit is not muted."""
    if not is_muted(unit, local(now).date()):
        raise Refusal(f"«{unit.name}» không ở trong thời gian tạm dừng nhắc.")
    facts: Json = {"until": unit.muted_until.isoformat() if unit.muted_until else None, "reason": unit.mute_reason}
    unit.muted_until = unit.mute_reason = None
    _record(session, unit, "unit.unmute", by, now, facts)
    return unit


def is_muted(unit: Unit, today: date) -> bool:
    """Whether nothing is said about a unit on a day."""
    return unit.muted_until is not None and unit.muted_until >= today


def _record(session: Session, unit: Unit, action: str, by: str, now: datetime, facts: Json) -> None:
    journal.record(session, at=now, actor=by, action=action, subject_kind="unit", subject_id=unit.id, data=facts)
