"""Who is told of a fault, by which channel, how often: once a day while it lasts, and once that it is over.

What was told stands in the newest row `alerts` of `job_runs`, which is locked while it is changed, so that the flow
and the web process never tell the same thing twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from chasing import local, say_moment
from config.settings import Settings
from db.models import Message, Person
from db.queries import chase_queries, watch_queries
from db.queries import outbox_queries as queries
from notifications.composing import Composed, compose_alert
from notifications.job_runs import ALERTS, record_run
from notifications.outcomes import record
from notifications.recipients import address_on, channel_for, usable_channels
from notifications.watching.faults import Fault
from notifications.watching.words import compose_recovery

ALERT_PRIORITY = 1
CALM = timedelta(hours=1)
"""A fault is over when it has not shown for so long; one that comes and goes is not."""

Known = dict[str, dict[str, Any]]


def settle_alerts(session: Session, faults: Sequence[Fault], now: datetime, settings: Settings) -> list[Message]:
    """Queue what is to be told of these faults and of those that are over. Returns the messages."""
    run = watch_queries.newest_run(session, ALERTS, lock=True)
    known: Known = dict(run.summary.get("faults", {})) if run else {}
    today = local(now).date().isoformat()
    broken = {name for fault in faults for name in (fault.channel, *fault.also) if name}
    fresh = [fault for fault in faults if _is_news(fault, known, today)]
    again = any(fault.code in known and known[fault.code]["over"] for fault in fresh)
    told = queue_alerts(session, fresh, now, settings, broken, again) if fresh else []
    after = _noted(known, faults, fresh if told else (), now, today)
    over = _over(after, faults, now)
    told += _queue_recoveries(session, [after[code] for code in over], now, settings, broken) if over else []
    for code in over:
        after[code]["over"] = True
    if after or known:
        kept = {code: one for code, one in after.items() if not _is_done(one, today)}
        record_run(session, ALERTS, now, now, {"faults": kept})
    return told


def known_faults(session: Session, now: datetime, codes: Collection[str]) -> list[Fault]:
    """What the last look found of these codes, without looking again; nothing that it did not see within the hour."""
    run = watch_queries.newest_run(session, ALERTS)
    known: Known = run.summary.get("faults", {}) if run else {}
    return [
        Fault(code, one["message"], "Xem trang Sức khỏe hệ thống.")
        for code, one in known.items()
        if code in codes and not one["over"] and now - datetime.fromisoformat(one["seen"]) < CALM
    ]


def _is_news(fault: Fault, known: Known, today: str) -> bool:
    one = known.get(fault.code)
    if one is None or one["told"] is None:
        return True
    # Who has read that it is over relies on that: a grave one that is back is told at once.
    return (one["told"] != today and not fault.event) or (one["over"] and fault.grave)


def _noted(known: Known, faults: Sequence[Fault], told: Sequence[Fault], now: datetime, today: str) -> Known:
    """What is known after this look."""
    after: Known = {code: dict(one) for code, one in known.items()}
    codes = {fault.code for fault in told}
    for fault in faults:
        one = after.setdefault(fault.code, {"since": now.isoformat(), "told": None, "over": False})
        if one["over"] and fault.code in codes:
            one |= {"since": now.isoformat(), "over": False}
        one |= {"seen": now.isoformat(), "message": fault.message, "event": fault.event}
        if fault.code in codes:
            one["told"] = today
    return after


def _over(known: Known, faults: Sequence[Fault], now: datetime) -> list[str]:
    """Codes of the faults that were told, are gone, and have stayed away."""
    shown = {fault.code for fault in faults}
    return [
        code
        for code, one in known.items()
        if code not in shown
        and one["told"]
        and not (one["over"] or one["event"])
        and now - datetime.fromisoformat(one["seen"]) >= CALM
    ]


def _is_done(one: Mapping[str, Any], today: str) -> bool:
    """Whether a fault may be forgotten: over, never told, or an event of an earlier day."""
    seen = local(datetime.fromisoformat(one["seen"])).date().isoformat()
    ended = one["over"] or one["event"] or not one["told"]
    return bool(ended and seen != today and one["told"] != today)


def queue_alerts(
    session: Session,
    faults: Sequence[Fault],
    now: datetime,
    settings: Settings,
    broken: Collection[str],
    again: bool = False,
) -> list[Message]:
    """One alert to each officer (or to the chairman, when there is no officer), around the broken channels.

    `again`: a fault is back that was said to be over, so the same words of this morning do not count.
    """
    codes = sorted(fault.code for fault in faults) + ([f"lại {now.isoformat()}"] if again else [])
    words = compose_alert([{"message": one.message, "cure": one.cure} for one in faults], now, settings)
    return _queue(session, "alert", codes, words, now, settings, broken)


def _queue_recoveries(
    session: Session, ended: Sequence[Mapping[str, Any]], now: datetime, settings: Settings, broken: Collection[str]
) -> list[Message]:
    said = [{"message": one["message"], "since": say_moment(datetime.fromisoformat(one["since"]))} for one in ended]
    words = compose_recovery(said, now, settings)
    codes = [f"{one['since']}{one['message']}" for one in ended]
    return _queue(session, "recovered", codes, words, now, settings, broken)


def _queue(
    session: Session,
    kind: str,
    codes: Sequence[str],
    words: Composed,
    now: datetime,
    settings: Settings,
    broken: Collection[str],
) -> list[Message]:
    mark = hashlib.sha256("\n".join(codes).encode()).hexdigest()[:16]
    queued = []
    for person in keepers(session):
        key = f"{kind}:{local(now).date().isoformat()}:{person.id}:{mark}"
        message = _message(person, key, words, now, settings, broken)
        if message is None or queries.known_keys(session, [key]):
            continue
        session.add(message)
        session.flush()
        record(session, message.id, "message.queue", now, alert=list(codes))
        queued.append(message)
    return queued


def keepers(session: Session) -> list[Person]:
    """Who looks after the system: the officers, or the chairman where there is none."""
    people = chase_queries.people_for(session, ())
    return [p for p in people if p.role == "officer"] or [p for p in people if p.role == "chair"]


def _message(
    person: Person, key: str, words: Composed, now: datetime, settings: Settings, broken: Collection[str]
) -> Message | None:
    usable = usable_channels(settings)
    channel = channel_for(person, usable - set(broken)) or channel_for(person, usable)
    if channel is None:
        return None
    return Message(
        dedupe_key=key,
        person_id=person.id,
        channel=channel,
        address=address_on(person, channel) or "",
        kind="alert",
        subject=words.subject,
        text=words.text,
        priority=ALERT_PRIORITY,
        state="queued",
        not_before=now,
        created_at=now,
        thread=[],
    )
