"""The watcher of the watcher: is the system itself silent? Faults are told through whatever still works.

A job leaves its sign of life in `job_runs`; nothing here trusts that a job that did not run would have said so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import httpx
from sqlalchemy.orm import Session

from chasing import OfficeHours, is_office_time, local, say_moment
from config.settings import Settings
from db.models import Message, Person
from db.queries import chase_queries
from db.queries import outbox_queries as queries
from deadlines import WorkCalendar
from notifications.composing import compose_alert
from notifications.job_runs import CHASE, DELIVER
from notifications.outcomes import record
from notifications.recipients import address_on, channel_for, usable_channels

CHASE_BY = time(9)
"""By this hour of a working day the daily run must have been made."""
DELIVER_WITHIN = timedelta(minutes=30)
LAG_LIMIT = timedelta(hours=1)
FAILING_SHARE, FAILING_LEAST = 0.5, 5
ALERT_PRIORITY = 1


@dataclass(frozen=True)
class Fault:
    """One sign that something is wrong: what, and the cure. `channel` names the channel at fault, if one is."""

    code: str
    message: str
    cure: str
    channel: str | None = None

    @property
    def text(self) -> str:
        """The whole in one line."""
        return f"{self.message} {self.cure}"


def check_silence(session: Session, now: datetime, calendar: WorkCalendar, settings: Settings) -> list[Fault]:
    """Every fault that shows now; none means that the chase can be trusted. Writes nothing."""
    at_work = _has_begun(session, now)
    found = [
        _late_chase(session, now, calendar) if at_work else None,
        _late_delivery(session, now, calendar) if at_work else None,
        _lag(session, now, calendar),
        *_failing_channels(session, now),
        *_lost_tokens(session),
        _unknown(session),
    ]
    return [fault for fault in found if fault is not None]


def _has_begun(session: Session, now: datetime) -> bool:
    """Whether a plan was confirmed before today: until then there is nothing that a daily run could be late with."""
    first = queries.first_confirmation(session)
    return first is not None and local(first).date() < local(now).date()


def _late_chase(session: Session, now: datetime, calendar: WorkCalendar) -> Fault | None:
    here = local(now)
    if not calendar.is_working(here.date()) or here.time() < CHASE_BY:
        return None
    last = queries.last_good_run(session, CHASE)
    if last and last.finished_at and local(last.finished_at).date() >= here.date():
        return None
    at = last.finished_at if last else None
    since = f"lần cuối lúc {say_moment(at)}" if at else "chưa chạy lần nào"
    cure = "Hãy chạy dondoc chase và xem tiến trình dondoc up còn chạy không."
    return Fault("chase-late", f"Lượt nhắc việc hôm nay chưa chạy ({since}).", cure)


def _late_delivery(session: Session, now: datetime, calendar: WorkCalendar) -> Fault | None:
    if not is_office_time(now - DELIVER_WITHIN, calendar, OfficeHours()):
        return None
    last = queries.last_good_run(session, DELIVER)
    if last and last.finished_at and last.finished_at >= now - DELIVER_WITHIN:
        return None
    minutes = int(DELIVER_WITHIN.total_seconds() // 60)
    cure = "Hãy chạy dondoc deliver và xem tiến trình dondoc up còn chạy không."
    return Fault("delivery-late", f"Đã quá {minutes} phút không có lượt gửi tin nào.", cure)


def _lag(session: Session, now: datetime, calendar: WorkCalendar) -> Fault | None:
    if not is_office_time(now - LAG_LIMIT, calendar, OfficeHours()):
        return None
    oldest = queries.oldest_waiting(session, now)
    if oldest is None or oldest > now - LAG_LIMIT:
        return None
    message = f"Có tin chờ gửi từ {say_moment(oldest)} mà chưa gửi được."
    return Fault("queue-lag", message, "Hãy xem hộp gửi đi (dondoc outbox list) và kiểm tra kênh bằng dondoc doctor.")


def _failing_channels(session: Session, now: datetime) -> list[Fault]:
    outcomes: dict[str, Counter[str]] = {}
    for channel, state, number in queries.outcomes_since(session, now - timedelta(days=1)):
        outcomes.setdefault(channel, Counter())[state] += number
    return [
        Fault(
            f"channel-{channel}",
            f"Kênh {channel}: {counts.total() - counts['sent']}/{counts.total()} tin trong 24 giờ qua không tới nơi.",
            "Hãy xem lý do trong hộp gửi đi và kiểm tra kênh bằng dondoc doctor.",
            channel,
        )
        for channel, counts in sorted(outcomes.items())
        if counts.total() >= FAILING_LEAST and counts["sent"] < counts.total() * (1 - FAILING_SHARE)
    ]


def _lost_tokens(session: Session) -> list[Fault]:
    return [
        Fault(
            f"token-{token.channel}",
            f"Official Account Zalo mất quyền gửi tin từ {say_moment(token.lost_at)}.",
            "Người quản trị Official Account phải cấp quyền lại: dondoc zalo connect.",
            "zalo",
        )
        for token in queries.lost_tokens(session)
        if token.lost_at
    ]


def _unknown(session: Session) -> Fault | None:
    number = queries.count_unknown(session)
    cure = "Hãy chọn gửi lại hoặc coi như đã gửi trong hộp gửi đi."
    return Fault("unknown", f"Có {number:02d} tin không rõ đã tới hay chưa.", cure) if number else None


def alert_silence(session: Session, now: datetime, calendar: WorkCalendar, settings: Settings) -> list[Fault]:
    """Look for faults and queue the alerts in the caller's transaction, each fault once a day. Returns the faults."""
    faults = check_silence(session, now, calendar, settings)
    if faults:
        queue_alerts(session, faults, now, settings)
    return faults


def queue_alerts(session: Session, faults: Sequence[Fault], now: datetime, settings: Settings) -> list[Message]:
    """One alert to each officer (or to the chairman, when there is no officer), around the channels at fault.

    The same set of faults is told once a day.
    """
    broken = {fault.channel for fault in faults if fault.channel}
    people = chase_queries.people_for(session, ())
    keepers = [p for p in people if p.role == "officer"] or [p for p in people if p.role == "chair"]
    queued = []
    for person in keepers:
        if message := _alert(session, person, faults, broken, now, settings):
            session.add(message)
            session.flush()
            record(session, message.id, "message.queue", now, alert=[fault.code for fault in faults])
            queued.append(message)
    return queued


def _alert(
    session: Session,
    person: Person,
    faults: Sequence[Fault],
    broken: set[str],
    now: datetime,
    settings: Settings,
) -> Message | None:
    usable = usable_channels(settings)
    channel = channel_for(person, usable - broken) or channel_for(person, usable)
    codes = sorted(fault.code for fault in faults)
    key = f"alert:{local(now).date().isoformat()}:{person.id}:{','.join(codes)}"[:160]
    if channel is None or queries.known_keys(session, [key]):
        return None
    words = compose_alert([{"message": one.message, "cure": one.cure} for one in faults], now, settings)
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


def ping_outside(settings: Settings, faults: Sequence[Fault], client: httpx.Client | None = None) -> str | None:
    """Tell the outside watcher that all is well; with faults, stay silent so that it raises the alarm.

    To be called with no transaction open. Returns what went wrong, in Vietnamese, or None.
    """
    if settings.ping_url is None or faults:
        return None
    try:
        with client or httpx.Client(timeout=10) as caller:
            caller.get(settings.ping_url).raise_for_status()
    except httpx.HTTPError as error:
        return f"Không báo được tới {settings.ping_url} ({type(error).__name__}). Hãy kiểm tra DONDOC_PING_URL và mạng."
    return None
