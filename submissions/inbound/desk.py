"""tin chờ xử lý: what the officer decides about messages that the program did not understand or could not trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.file_store import read_stored
from db.models import InboundMessage, Occurrence
from db.queries import inbound_queries as queries
from deadlines.workdays import WorkCalendar
from submissions.checks import Answer, require_reason
from submissions.files import Upload
from submissions.inbound.figures_in import figures_of
from submissions.inbound.matching import Speaker, may_answer, read_codes, speaker_of
from submissions.inbound.meanings import read_meaning
from submissions.receiving import acknowledge, ask_extension, submit
from submissions.terms import local_day

AssignedAs = Literal["acknowledge", "report", "nil", "extension"]
AS_WORDS: dict[str, str] = {
    "report": "Báo cáo nộp",
    "acknowledge": "Đã nhận",
    "nil": "Không phát sinh",
    "extension": "Xin gia hạn",
}
MOST_CANDIDATES = 40


@dataclass(frozen=True)
class Assignment:
    """What a message is taken for: of which occurrence, as what; an extension has its day and reason."""

    occurrence_id: int
    kind: AssignedAs
    wanted_due: date | None = None
    reason: str = ""


def candidates(session: Session, row: InboundMessage, settings: Settings) -> list[Occurrence]:
    """What a message may speak of, the likeliest first: what it names, what was asked about, what its sender owes."""
    ids = read_codes([row.text, row.subject], settings)
    ids += [row.occurrence_id] if row.occurrence_id else []
    ids += row.data.get("asked", {}).get("ids", [])
    message = queries.message_with_items(session, row.message_id) if row.message_id else None
    ids += [item.occurrence_id for item in message.items] if message else []
    person = row.person
    owed = queries.owed_by(session, person.unit_id, MOST_CANDIDATES) if person and person.unit_id else []
    named = queries.occurrences_by_ids(session, ids)
    return list({one.id: one for one in [*named, *owed]}.values())[:MOST_CANDIDATES]


def likely_kind(row: InboundMessage) -> str:
    """What a message may be meant as, for the form to start with; empty when nothing speaks for anything."""
    if row.data.get("files"):
        return "report"
    meaning = read_meaning(row.text, local_day(row.received_at))
    kind = meaning.hint or meaning.kind
    return "report" if kind == "done" else kind if kind in AS_WORDS else ""


def assign(
    session: Session,
    row_id: int,
    wanted: Assignment,
    by: str,
    now: datetime,
    calendar: WorkCalendar,
    settings: Settings,
) -> InboundMessage:
    """Take a waiting message for what the officer says it is, as of the moment it came.

    Raises Refusal when it was decided already or the service refuses.
    """
    row = _waiting(session, row_id)
    one = next(iter(queries.occurrences_by_ids(session, [wanted.occurrence_id])), None)
    if one is None:
        raise Refusal("Không tìm thấy kỳ hạn này. Hãy chọn lại trong danh sách.")
    speaker = speaker_of(session, row, settings)
    sender = _sender(speaker, one, by)
    at, once = min(row.received_at, now), f"inbound:{row.id}:{by[:40]}"
    if wanted.kind == "acknowledge":
        acknowledge(session, one.id, sender, at, once)
    elif wanted.kind == "extension":
        _extend(session, one, wanted, sender, at, calendar, once)
    else:
        answer = _answer(session, row, one, wanted, settings)
        kept = submit(session, one.id, answer, sender, row.channel, at, settings, once)
        row.data = row.data | {"submission": kept.id}
    row.occurrence_id = one.id
    _close(session, row, "handled", f"Gán là «{AS_WORDS[wanted.kind]}» của kỳ hạn số {one.id}.", by, now)
    return row


def _sender(speaker: Speaker, one: Occurrence, by: str) -> str:
    """Who the record says sent it: the person when he is of the unit, and always who decided so."""
    own = speaker.person is not None and may_answer(speaker.person, one)
    name = speaker.by if own or speaker.person is None else speaker.person.name
    return f"{name[:70]}; {by[:30]} ghi nhận"[:120]


def _extend(
    session: Session, one: Occurrence, wanted: Assignment, by: str, at: datetime, calendar: WorkCalendar, once: str
) -> None:
    if wanted.wanted_due is None:
        raise Refusal("Chưa chọn ngày xin gia hạn đến.")
    ask_extension(session, one.id, wanted.wanted_due, wanted.reason, by, at, calendar, once)


def _answer(session: Session, row: InboundMessage, one: Occurrence, wanted: Assignment, settings: Settings) -> Answer:
    if wanted.kind == "nil":
        return Answer("nil")
    files = row.data.get("files", [])
    uploads = [Upload(file["name"], read_stored(settings.home, file["sha256"])) for file in files]
    return Answer("report", row.text, figures_of(session, row, one), uploads)


def ignore(session: Session, row_id: int, reason: str, by: str, now: datetime) -> InboundMessage:
    """Put a message aside with a reason. Raises Refusal."""
    row = _waiting(session, row_id)
    _close(session, row, "ignored", f"Bỏ qua: {require_reason(reason, 'bỏ qua')[:500]}", by, now)
    return row


def _waiting(session: Session, row_id: int) -> InboundMessage:
    found = queries.row_by_id(session, row_id)
    if found is None:
        raise Refusal(f"Không có tin đến số {row_id}. Hãy xem danh sách: dondoc inbound list.")
    row = queries.locked_row(session, row_id)
    if row.state not in queries.FOR_A_PERSON:
        who = row.handled_by or "chương trình"
        raise Refusal(f"Tin đến số {row_id} đã được {who} xử lý: {row.outcome} Hãy tải lại trang.")
    return row


def _close(session: Session, row: InboundMessage, state: str, outcome: str, by: str, now: datetime) -> None:
    row.state, row.outcome, row.handled_by, row.handled_at = state, outcome, by[:120], now
    facts = {"state": state, "outcome": outcome, "occurrence": row.occurrence_id, "channel": row.channel}
    action = "inbound.assign" if state == "handled" else "inbound.ignore"
    journal.record(session, at=now, actor=by, action=action, subject_kind="inbound", subject_id=row.id, data=facts)
