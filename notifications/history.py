"""What was sent about a case and what came back, in short Vietnamese lines: the proof beneath an escalation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from chasing import local, say_date
from db.models import Occurrence
from db.queries import chase_queries as queries

ROLE_WORDS = {
    "contact": "đầu mối",
    "deputy": "cấp phó",
    "leader": "thủ trưởng đơn vị",
    "officer": "chuyên viên tổng hợp",
    "vice_chair": "Phó Chủ tịch",
    "chair": "Chủ tịch",
}
CHANNEL_WORDS = {"zalo": "Zalo", "email": "thư điện tử"}
EXTENSION_WORDS = {"asked": "chưa có quyết định", "granted": "được đồng ý", "refused": "không được đồng ý"}


def histories(session: Session, occurrences: Collection[Occurrence]) -> dict[int, list[str]]:
    """By occurrence: each event in order, and as the last line a summary short enough for a telephone."""
    ids = {one.id for one in occurrences}
    sent = queries.told_about(session, ids)
    events = _events(session, occurrences)
    lines: dict[int, list[str]] = {}
    for one in ids:
        told = [
            (at, f"{_day(at)}: nhắc {name} ({ROLE_WORDS[role]}) qua {CHANNEL_WORDS[channel]}")
            for at, name, role, channel in sent[one]
        ]
        ordered = [words for _, words in sorted(told + events[one], key=lambda event: event[0])]
        lines[one] = [*ordered, summary([at for at, *_ in sent[one]], len(events[one]))]
    return lines


def summary(sent_at: Collection[datetime], answers: int) -> str:
    """How often and when the case was spoken of."""
    if not sent_at:
        return "Chưa nhắc lần nào trước tin này."
    days = list(dict.fromkeys(_day(at) for at in sent_at))
    shown = ", ".join(days if len(days) <= 5 else [days[0], "…", *days[-3:]])
    back = "" if answers else "; đơn vị chưa phản hồi"
    return f"Đã gửi {len(sent_at):02d} tin nhắc ({shown}){back}."


def _events(session: Session, occurrences: Collection[Occurrence]) -> dict[int, list[tuple[datetime, str]]]:
    events: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for one in occurrences:
        if one.acknowledged_at:
            events[one.id].append((one.acknowledged_at, f"{_day(one.acknowledged_at)}: đơn vị báo đã nhận"))
    ids = {one.id for one in occurrences}
    for ask in queries.extensions_of(session, ids):
        words = f"{_day(ask.asked_at)}: xin gia hạn đến {say_date(ask.wanted_due)}, {EXTENSION_WORDS[ask.state]}"
        events[ask.occurrence_id].append((ask.asked_at, words))
    for answer in queries.submissions_of(session, ids):
        returned = ", đã trả lại để bổ sung" if answer.state == "returned" else ""
        events[answer.occurrence_id].append((answer.received_at, f"{_day(answer.received_at)}: nộp báo cáo{returned}"))
    return events


def _day(at: datetime) -> str:
    return say_date(local(at).date())
