"""trả lời xác nhận: what the program says back, at once and on the same channel, to somebody who wrote to it.

One reply a message that came in (its key is the dedupe key), so that neither a redelivery nor two processes answer
twice. A sender who writes on and on gets no more than MOST_AN_HOUR, which ends any talk between two programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from chasing import cut, say_date
from config.settings import Settings
from db import journal
from db.models import Message, MessageItem, Occurrence, Person
from db.queries import inbound_queries as queries
from db.queries.outbox_queries import known_keys
from notifications.codes import occurrence_code
from notifications.links import make_link
from notifications.templating import by_own_templates, render

LABELS = MappingProxyType(
    {
        "acknowledged": "Đã ghi nhận",
        "submitted": "Đã nhận báo cáo",
        "nil": "Đã ghi nhận không phát sinh",
        "extension": "Đã nhận đề nghị gia hạn",
        "fill_in": "Cần gửi báo cáo",
        "which": "Xin cho biết việc nào",
        "ask_back": "Cần thêm thông tin",
        "refused": "Chưa ghi nhận được",
        "waiting": "Đã nhận tin",
        "linked": "Đã liên kết",
        "unlinked": "Chưa liên kết",
    }
)
PRIORITY = 2
STEP = "reply"
MOST_AN_HOUR = 12
# What a list of duties shows of each, in characters, and how many.
SHORT, MOST_LISTED = 110, 9
LIMIT = 1900


@dataclass(frozen=True)
class Reply:
    """What is to be said back: `kind` is one of LABELS; `words` are what its template names besides the duties."""

    kind: str
    occurrences: Sequence[Occurrence] = ()
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a reply goes: the channel and the address that the message came from, and whose they are."""

    channel: str
    address: str
    person: Person | None = None
    # Message-IDs of the mail that is answered, oldest first.
    thread: Sequence[str] = ()


def queue_reply(
    session: Session, key: str, reply: Reply, place: Place, now: datetime, settings: Settings
) -> Message | None:
    """Queue a reply in the caller's transaction; None when `key` was answered before or the sender had his share.

    It leaves at any hour, because it answers somebody who has just written (a consultation message of Zalo, 24/24).
    """
    dedupe_key = f"reply:{key}"[:160]
    if known_keys(session, [dedupe_key]):
        return None
    if queries.count_replies(session, place.channel, place.address, now - timedelta(hours=1)) >= MOST_AN_HOUR:
        return None
    message = Message(
        dedupe_key=dedupe_key,
        person_id=place.person.id if place.person else None,
        channel=place.channel,
        address=place.address,
        kind="notice",
        subject=_subject(reply),
        text=compose(session, reply, place.person, now, settings),
        priority=PRIORITY,
        state="queued",
        not_before=now,
        created_at=now,
        thread=list(place.thread),
    )
    message.items = [
        MessageItem(occurrence_id=one.id, step=STEP, position=number, reason=LABELS[reply.kind])
        for number, one in enumerate(reply.occurrences, 1)
    ]
    session.add(message)
    session.flush()
    _record(session, message, reply, now)
    return message


def _subject(reply: Reply) -> str:
    label = f"[{LABELS[reply.kind]}]"
    if len(reply.occurrences) != 1:
        return f"{label} Trả lời tin của Ông/Bà"
    one = reply.occurrences[0]
    return f"{label} {cut(one.obligation.content, 90)} ({cut(one.period_label, 40)})"


def compose(session: Session, reply: Reply, person: Person | None, now: datetime, settings: Settings) -> str:
    """The words of a reply, short enough for a telephone and for Zalo."""
    items = [_item(session, one, person, now, settings) for one in reply.occurrences]
    shown = items[:MOST_LISTED]
    known = {"items": shown, "item": shown[0] if shown else None, "hidden": len(items) - len(shown)}
    name, words = f"reply_{reply.kind}.txt.j2", known | dict(reply.words)
    text, _ = by_own_templates(settings, lambda templates: render(templates, name, words))
    return cut_text("\n".join(line.rstrip() for line in text.split("\n") if line.strip()))


def cut_text(text: str) -> str:
    """The text within what Zalo takes; only words that a person wrote can make it longer."""
    return text if len(text) <= LIMIT else text[: LIMIT - 1].rstrip() + "…"


def _item(
    session: Session, one: Occurrence, person: Person | None, now: datetime, settings: Settings
) -> dict[str, str]:
    own = person is not None and person.unit_id == one.unit_id
    return {
        "code": occurrence_code(one.id, settings.secret_key.get_secret_value()),
        "content": cut(one.obligation.content, SHORT),
        "period": one.period_label,
        "due": say_date(one.extended_due or one.due_legal),
        "url": make_link(session, one.id, person.id, now, settings) if person and own else "",
    }


def _record(session: Session, message: Message, reply: Reply, now: datetime) -> None:
    facts = {"message": message.id, "notice": reply.kind, "person": message.person_id, "channel": message.channel}
    for one in reply.occurrences[:1] if len(reply.occurrences) == 1 else ():
        journal.record(
            session,
            at=now,
            actor="dondoc",
            action="message.queue",
            subject_kind="occurrence",
            subject_id=one.id,
            data=facts,
        )
