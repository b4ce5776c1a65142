"""What a phiếu theo dõi tells, as plain values: the course of one occurrence, or the year of one unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.clock import ZONE
from config.faults import Refusal
from db.journal import Anchor, newest_anchor
from db.models import JournalEntry, MessageItem, Occurrence, Unit
from db.queries import tracking_queries as queries
from db.queries.view_queries import message_lines
from notifications.history import CHANNEL_WORDS
from reports.timeliness import judge
from reports.wording import join_names, one_line

DEEDS = {
    "occurrence.acknowledge": "Đơn vị báo đã nhận",
    "occurrence.waive": "Miễn thực hiện",
    "occurrence.hold": "Tạm dừng theo dõi",
    "occurrence.resume": "Tiếp tục theo dõi",
}
OUTCOMES = {
    "queued": "chờ gửi",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "failed": "không gửi được",
    "unknown": "chưa rõ kết quả",
    "cancelled": "đã hủy",
    "suppressed": "không cần gửi",
}
UNJUDGED = {"cancelled": "Đã hủy"}


@dataclass(frozen=True)
class Course:
    """One occurrence with everything that was said and done about it, and the journal's newest entry as an anchor."""

    occurrence: Occurrence
    items: Sequence[MessageItem]
    deeds: Sequence[JournalEntry]
    anchor: Anchor
    now: datetime

    @property
    def told(self) -> int:
        """How many reminders and escalations left, or may have left."""
        sent = [one for one in self.items if one.message.state in queries.REACHED]
        return sum(one.message.kind in ("digest", "escalation") for one in sent)


@dataclass(frozen=True)
class UnitYear:
    """What a unit owes in a year, and how many messages each took."""

    unit: Unit
    year: int
    occurrences: Sequence[Occurrence]
    told: dict[int, int]
    anchor: Anchor
    now: datetime


def load_course(session: Session, occurrence_id: int, now: datetime) -> Course:
    """Everything about an occurrence. Raises Refusal when no followed plan has it."""
    occurrence = queries.tracked(session, occurrence_id)
    if occurrence is None:
        raise Refusal(f"Không có kỳ hạn số {occurrence_id} trong kế hoạch đang theo dõi.")
    items = list(reversed(message_lines(session, [occurrence_id])[occurrence_id]))
    deeds = queries.deeds_about(session, occurrence_id, DEEDS)
    return Course(occurrence, items, deeds, newest_anchor(session), now)


def load_unit_year(session: Session, code: str, now: datetime) -> UnitYear:
    """What a unit owes this year and still owes from before. Raises Refusal for a code that is none."""
    unit = queries.unit_of_code(session, code)
    if unit is None:
        raise Refusal(f"Không có đơn vị mã «{code}». Hãy xem danh sách: dondoc units list.")
    year = now.astimezone(ZONE).year
    found = queries.unit_year(session, unit.id, date(year, 1, 1), date(year, 12, 31))
    told = queries.messages_counted(session, [one.id for one in found])
    return UnitYear(unit, year, found, told, newest_anchor(session), now)


def standing_text(occurrence: Occurrence, now: datetime) -> str:
    """How an occurrence stands, as printed."""
    return UNJUDGED.get(occurrence.state) or judge(occurrence, now).text


def coordinators(occurrence: Occurrence) -> str:
    """The coordinating units as the plan prints them."""
    return join_names(each.printed_name for each in occurrence.obligation.units if each.role == "coordinator")


def moment_text(moment: datetime) -> str:
    """ "08:05 20/11/2026" in the zone of the office."""
    return f"{moment.astimezone(ZONE):%H:%M %d/%m/%Y}"


def message_row(item: MessageItem) -> list[str]:
    """When, to whom, how, why, what came of it."""
    message = item.message
    person = one_line(message.person.name) if message.person else message.address
    outcome = OUTCOMES[message.state]
    if message.seen_at:
        outcome += f", đã xem {moment_text(message.seen_at)}"
    elif message.delivered_at:
        outcome += f", đã tới {moment_text(message.delivered_at)}"
    when = message.sent_at or message.not_before
    channel = CHANNEL_WORDS.get(message.channel, message.channel)
    return [moment_text(when), person, channel[:1].upper() + channel[1:], one_line(item.reason), outcome]
