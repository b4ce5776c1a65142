"""Answers to what a unit did: its report was returned or accepted, its request for more time was decided."""

from __future__ import annotations

from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from chasing import Step, after_night, cut, local, say_date
from config.settings import Settings
from db import journal
from db.models import Message, MessageItem, Occurrence
from db.queries.outbox_queries import known_keys
from notifications.composing import Composed, compose_notice, item_of
from notifications.links import make_link
from notifications.recipients import Directory, address_on, load_directory

LABELS = MappingProxyType(
    {
        "returned": "Cần bổ sung",
        "accepted": "Đã chấp nhận",
        "extension_granted": "Đồng ý gia hạn",
        "extension_refused": "Không gia hạn",
        "directive": "Ý kiến chỉ đạo",
    }
)
# A returned report costs the unit time, so it goes before the day's digests.
PRIORITY = 3
REASONS = MappingProxyType(
    {
        "returned": "Báo cáo được trả lại để bổ sung",
        "accepted": "Báo cáo được chấp nhận",
        "extension_granted": "Đề nghị gia hạn được đồng ý",
        "extension_refused": "Đề nghị gia hạn không được đồng ý",
        "directive": "Lãnh đạo có ý kiến chỉ đạo",
    }
)
# Who hears of a decision: the person who does the work, or whoever stands in.
TO_CONTACT = Step("notice", "on", 0, ("contact",))
# A superior's words go to whoever follows the duty up, never past him to the unit.
TO_OFFICER = Step("notice", "on", 0, ("officer",))


def queue_notice(
    session: Session,
    occurrence: Occurrence,
    kind: str,
    now: datetime,
    settings: Settings,
    *,
    reason: str = "",
    due: date | None = None,
    old_due: date | None = None,
    note: str = "",
) -> list[Message]:
    """Queue a notice to the unit's contact (or stand-in), in the caller's transaction.

    `kind` is one of LABELS. Queuing the same notice twice at one instant adds nothing; a night is waited out. Raises
    KeyError for another kind.
    """
    words = {
        "label": LABELS[kind],
        "reason": cut(reason, 700),
        "note": cut(note, 500),
        "due": say_date(due or occurrence.extended_due or occurrence.due_legal),
        "old_due": say_date(old_due) if old_due else "",
        "today": say_date(local(now).date()),
    }
    directory = load_directory(session, [occurrence.unit], settings)
    session.flush()
    messages: list[Message] = []
    whom = TO_OFFICER if kind == "directive" else TO_CONTACT
    for recipient in directory.recipients(occurrence.unit, whom.roles, whom):
        person = directory.people[recipient.person_id]
        url = make_link(session, occurrence.id, person.id, now, settings)
        item = item_of(1, occurrence, REASONS[kind], url, now, settings)
        message = _message(directory, recipient.person_id, recipient.channel, occurrence, kind, now)
        if known_keys(session, [message.dedupe_key]):
            continue
        _fill(message, compose_notice(kind, person, item, words, settings))
        session.add(message)
        messages.append(message)
    session.flush()
    for message in messages:
        _record(session, message, occurrence, kind, now)
    return messages


def _message(
    directory: Directory, person_id: int, channel: str, occurrence: Occurrence, kind: str, now: datetime
) -> Message:
    message = Message(
        dedupe_key=f"notice:{kind}:{occurrence.id}:{now.timestamp():.6f}:{person_id}:{channel}",
        person_id=person_id,
        channel=channel,
        address=address_on(directory.people[person_id], channel) or "",
        kind="notice",
        priority=PRIORITY,
        state="queued",
        not_before=after_night(now),
        created_at=now,
        thread=[],
    )
    message.items = [MessageItem(occurrence_id=occurrence.id, step=kind, position=1, reason=REASONS[kind])]
    return message


def _fill(message: Message, words: Composed) -> None:
    message.subject, message.text, message.facts = words.subject, words.text, dict(words.facts)
    message.html = words.html if message.channel == "email" else None


def _record(session: Session, message: Message, occurrence: Occurrence, kind: str, now: datetime) -> None:
    facts = {"message": message.id, "notice": kind, "person": message.person_id, "channel": message.channel}
    journal.record(
        session,
        at=now,
        actor="dondoc",
        action="message.queue",
        subject_kind="occurrence",
        subject_id=occurrence.id,
        data=facts,
    )
