"""What a superior's page tells beside the duty: who was told when, what the unit answered, whom to telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chasing import say_date
from db.models import JournalEntry, Occurrence, Person
from db.queries import office_queries, view_queries
from submissions.directing import ACTION
from submissions.terms import due_in_force
from web.labels import EXTENSION_CHIPS, SUBMISSION_CHIPS

SUPERIORS = ("vice_chair", "chair")
SHOWN = 30


def is_superior(person: Person) -> bool:
    """Whether the person hears of what is late, and reads it on a page of his own."""
    return person.role in SUPERIORS


def superior_context(
    session: Session, occurrence: Occurrence, person: Person, others: Sequence[tuple[Occurrence, str]], today: date
) -> dict[str, Any]:
    """What the page shows beside the answer page's view; reads only."""
    items = view_queries.message_lines(session, [occurrence.id])[occurrence.id]
    own = next((item.reason for item in items if item.message.person_id == person.id), "")
    told = [
        (item.message.sent_at, f"Đã nhắc {item.message.person.name}: {item.reason}")
        for item in items
        if item.message.sent_at and item.message.person
    ]
    entries = office_queries.journal_of(session, [("occurrence", occurrence.id)])
    history = sorted([*told, *_answers(occurrence), *_directions(entries)], key=lambda line: line[0], reverse=True)
    leaders = [one for one in occurrence.unit.people if one.active and one.role in ("leader", "deputy", "contact")]
    return {
        "reason": own,
        "history": history[:SHOWN],
        "leaders": sorted(leaders, key=lambda one: ("leader", "deputy", "contact").index(one.role)),
        "others": [(one, url) for one, url in others if due_in_force(one) < today],
    }


def _answers(occurrence: Occurrence) -> list[tuple[datetime, str]]:
    lines = [
        (one.received_at, f"Đơn vị nộp lần {one.version}: {SUBMISSION_CHIPS[one.state].text.lower()}")
        for one in occurrence.submissions
    ]
    for one in occurrence.extensions:
        chip = EXTENSION_CHIPS[one.state].text.lower()
        lines.append((one.asked_at, f"Xin gia hạn đến {say_date(one.wanted_due)} ({chip}). Lý do: {one.reason}"))
    if occurrence.acknowledged_at:
        lines.append((occurrence.acknowledged_at, f"{occurrence.acknowledged_by} báo đã nhận việc"))
    return lines


def _directions(entries: Sequence[JournalEntry]) -> list[tuple[datetime, str]]:
    return [(one.at, f"Ý kiến của {one.actor}: {one.data['reason']}") for one in entries if one.action == ACTION]
