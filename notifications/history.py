"""What was sent about a case and what came back, in two short Vietnamese lines: the proof beneath an escalation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from chasing import SUPERIOR_ROLES, local, say_date
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
ANSWERED = "nộp báo cáo"
# How many people, days and answers a line names.
MOST = 4
CHANNEL_WORDS = {
    "zalo": "Zalo",
    "zalo_template": "Zalo (mẫu tin)",
    "zbs": "Zalo (số điện thoại)",
    "zalo_bot": "Zalo Bot",
    "email": "thư điện tử",
    "webhook": "cổng tin của cơ quan",
}
EXTENSION_WORDS = {"asked": "chưa có quyết định", "granted": "được đồng ý", "refused": "không được đồng ý"}


def histories(session: Session, occurrences: Collection[Occurrence]) -> dict[int, list[str]]:
    """By occurrence two lines, short enough for a telephone: who was told when, and what the unit answered."""
    sent = queries.told_about(session, {one.id for one in occurrences})
    events = _events(session, occurrences)
    return {
        one.id: [told_line([(at, name, role) for at, name, role, _ in sent[one.id]]), answer_line(events[one.id])]
        for one in occurrences
    }


def told_line(sent: Sequence[tuple[datetime, str, str]]) -> str:
    """How often the unit was reminded and to whom it was reported (instant, name, role), the oldest first."""
    below = [(at, name) for at, name, role in sent if role not in SUPERIOR_ROLES]
    above = [(at, name) for at, name, role in sent if role in SUPERIOR_ROLES]
    reported = f"báo cáo {_people(above)}" if above else ""
    if not below:
        return f"Chưa nhắc đơn vị lần nào; đã {reported}." if above else "Chưa nhắc lần nào trước tin này."
    return f"Đã gửi {len(below):02d} tin nhắc: {_people(below)}{f'; đã {reported}' if above else ''}."


def _people(sent: Sequence[tuple[datetime, str]]) -> str:
    by_name: dict[str, list[str]] = defaultdict(list)
    for at, name in sent:
        by_name[name].append(short_day(at))
    people = [f"{name} ({_few(days)})" for name, days in by_name.items()]
    return ", ".join(
        people if len(people) <= MOST else [*people[: MOST - 1], f"và {len(people) - MOST + 1} người khác"]
    )


def _few(days: Sequence[str]) -> str:
    """Days without repetition; of many the first and the last ones."""
    known = list(dict.fromkeys(days))
    return ", ".join(known if len(known) <= MOST else [known[0], "…", *known[-2:]])


def answer_line(events: Sequence[tuple[datetime, str]]) -> str:
    """What the unit said of the case, the oldest first; of much the last."""
    if not events:
        return "Đơn vị chưa phản hồi."
    ordered = [words for _, words in sorted(events, key=lambda event: event[0])]
    unanswered = [] if any(ANSWERED in words for words in ordered) else [f"chưa {ANSWERED}"]
    return f"Đơn vị: {'; '.join([*ordered[-MOST:], *unanswered])}."


def _events(session: Session, occurrences: Collection[Occurrence]) -> dict[int, list[tuple[datetime, str]]]:
    events: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for one in occurrences:
        if one.acknowledged_at:
            events[one.id].append((one.acknowledged_at, f"{short_day(one.acknowledged_at)} báo đã nhận"))
    ids = {one.id for one in occurrences}
    for ask in queries.extensions_of(session, ids):
        words = f"{short_day(ask.asked_at)} xin gia hạn đến {say_date(ask.wanted_due)}, {EXTENSION_WORDS[ask.state]}"
        events[ask.occurrence_id].append((ask.asked_at, words))
    for answer in queries.submissions_of(session, ids):
        returned = ", đã trả lại để bổ sung" if answer.state == "returned" else ""
        words = f"{short_day(answer.received_at)} {ANSWERED}{returned}"
        events[answer.occurrence_id].append((answer.received_at, words))
    return events


def short_day(at: datetime) -> str:
    """A day without its year, as said of what was done lately: "20/3"."""
    return say_date(local(at).date()).rpartition("/")[0]
