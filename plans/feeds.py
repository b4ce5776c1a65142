"""Calendars to subscribe to: secret addresses that an officer makes and revokes, and what they show."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from config.clock import ZONE, ZONE_NAME
from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.accounts import token_digest
from db.models import CalendarFeed, Person, Plan, Unit
from db.queries import feed_queries, plan_queries
from db.queries.feed_queries import FeedRow
from deadlines import WorkCalendar
from deadlines.ical import write_feed
from plans.feed_events import event_of

SubjectKind = Literal["unit", "person", "plan"]
KIND_NAMES: dict[SubjectKind, str] = {"unit": "đơn vị", "person": "người nhận", "plan": "kế hoạch"}
# How often a telephone should ask again; most ask less often whatever they are told.
REFRESH = timedelta(hours=1)
# Raised whenever the same rows are written in other words, so that readers fetch them anew.
FORM = "1"


@dataclass(frozen=True)
class MadeFeed:
    """A feed just made. `address` is shown once: the database keeps only the hash of its token."""

    feed: CalendarFeed
    address: str


@dataclass(frozen=True)
class FeedContent:
    """What a feed shows now; `etag` is the same exactly while that is."""

    name: str
    rows: tuple[FeedRow, ...]
    changes: dict[int, datetime]
    modified_at: datetime
    etag: str


def subject_of(session: Session, kind: SubjectKind, code: str) -> Unit | Person | Plan:
    """The unit, person or plan of a code. Raises Refusal when there is none that a calendar can be made for."""
    finders = {
        "unit": plan_queries.unit_by_code,
        "person": feed_queries.person_by_code,
        "plan": plan_queries.plan_by_code,
    }
    found = finders[kind](session, code)
    if found is None:
        raise Refusal(f"Không có {KIND_NAMES[kind]} mã «{code}». Hãy xem mã bằng: dondoc units list, dondoc plan list")
    if isinstance(found, Plan) and found.state == "draft":
        raise Refusal(f"Kế hoạch {code} còn là bản nháp, chưa có kỳ hạn. Hãy xác nhận kế hoạch rồi tạo lịch.")
    if not isinstance(found, Plan) and not found.active:
        raise Refusal(f"«{found.name}» đã thôi dùng trong danh bạ nên không tạo lịch được.")
    return found


def make_feed(
    session: Session, kind: SubjectKind, code: str, now: datetime, actor: str, settings: Settings
) -> MadeFeed:
    """A new secret address for a unit, person or plan; older ones go on. Raises Refusal for an unknown subject."""
    subject = subject_of(session, kind, code)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(token_hash=token_digest(token), created_at=now, created_by=actor, **{kind: subject})
    session.add(feed)
    session.flush()
    _record(session, feed, "feed.add", now, actor, {"kind": kind, "code": code})
    return MadeFeed(feed, f"{settings.base_url}/lich/{token}.ics")


def revoke_feed(session: Session, feed_id: int, now: datetime, actor: str) -> CalendarFeed:
    """Close an address for good. Raises Refusal for an unknown number; revoking twice changes nothing."""
    feed = session.get(CalendarFeed, feed_id, with_for_update=True, populate_existing=True)
    if feed is None:
        raise Refusal(f"Không có lịch đăng ký số {feed_id}. Hãy xem: dondoc calendar feed list")
    if feed.revoked_at is None:
        feed.revoked_at, feed.revoked_by = now, actor
        _record(session, feed, "feed.revoke", now, actor, {})
    return feed


def _record(
    session: Session, feed: CalendarFeed, action: str, now: datetime, actor: str, data: dict[str, object]
) -> None:
    journal.record(session, at=now, actor=actor, action=action, subject_kind="feed", subject_id=feed.id, data=data)


def open_feed(session: Session, token: str) -> CalendarFeed | None:
    """The feed of an address; None for one that never was, was revoked, or belongs to somebody who left."""
    feed = feed_queries.feed_of_token(session, token_digest(token))
    if feed is None or feed.revoked_at is not None:
        return None
    if feed.person is not None and not feed.person.active:
        return None
    return feed


def feed_name(feed: CalendarFeed) -> str:
    """What the calendar is called on a telephone."""
    subject = feed.plan or feed.unit or feed.person
    words = (subject.number or subject.title) if isinstance(subject, Plan) else subject.name if subject else ""
    return f"Đôn đốc: {words}"


def feed_content(session: Session, feed: CalendarFeed, calendar: WorkCalendar, now: datetime) -> FeedContent:
    """What a feed shows: from the beginning of last year on. Nothing is written."""
    rows = tuple(feed_queries.feed_rows(session, feed, date(now.astimezone(ZONE).year - 1, 1, 1)))
    changes = feed_queries.changed_at(session, rows)
    name = feed_name(feed)
    # Alarms ring on working days, so the calendar is part of what is shown.
    marks = sorted((day, mark.working) for day, mark in calendar.days.items())
    known = (marks, sorted(calendar.years_with_order))
    seen = repr((FORM, name, rows, sorted(changes.items()), known))
    turned = datetime(now.astimezone(ZONE).year, 1, 1, tzinfo=ZONE)  # when the year before last left the feed
    modified = min(max(feed_queries.last_act(session) or feed.created_at, feed.created_at, turned), now)
    return FeedContent(name, rows, changes, modified, hashlib.sha256(seen.encode()).hexdigest()[:32])


def write_content(content: FeedContent, feed: CalendarFeed, calendar: WorkCalendar) -> bytes:
    """The feed as text/calendar. Events of several units begin with the unit's name."""
    several = feed.plan_id is not None or len({row.unit_id for row in content.rows}) > 1
    events = (
        event_of(row, content.changes.get(row.id, row.imported_at), calendar, names_unit=several)
        for row in content.rows
    )
    return write_feed(content.name, ZONE_NAME, REFRESH, events)
