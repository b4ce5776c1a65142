"""iCalendar (RFC 5545): due days as a feed that a telephone's calendar subscribes to.

Written here and not through a library: a province's plan has thousands of events, and a feed is asked for every hour
(docs/decisions/0007).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from deadlines.workdays import WorkCalendar

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
LONGEST_LINE = 75
ALARM_HOUR = timedelta(hours=8)
DAY = timedelta(days=1)
# What RFC 5545 allows in no value: control characters but the tab and the line break.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SPECIAL = re.compile(r"[\\;,\n]")
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
# A calendar must hold at least one component; Vietnam keeps one offset the whole year.
EMPTY = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One due day. ``uid`` never holds a date that may move; ``sequence`` grows with each change of it.

    ``alarms`` are distances from the midnight that opens ``day``.
    """

    uid: str
    day: date
    summary: str
    description: str
    sequence: int
    changed_at: datetime
    status: Status = "CONFIRMED"
    categories: tuple[str, ...] = ()
    alarms: tuple[timedelta, ...] = ()


def write_feed(name: str, zone: str, refresh: timedelta, events: Iterable[FeedEvent]) -> bytes:
    """A whole calendar, ready to be sent as text/calendar in UTF-8."""
    return "".join(f"{fold(line)}\r\n" for line in _calendar(name, zone, refresh, events)).encode()


def working_morning_alarms(day: date, calendar: WorkCalendar) -> tuple[timedelta, ...]:
    """Eight in the morning of the working day before, when something can still be done, and of the day itself."""
    before = calendar.previous_working(day - DAY)
    return (before - day + ALARM_HOUR, ALARM_HOUR)


def _calendar(name: str, zone: str, refresh: timedelta, events: Iterable[FeedEvent]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dondoc//Don Doc//VI", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}", f"X-WR-TIMEZONE:{zone}")
    yield from (f"REFRESH-INTERVAL;VALUE=DURATION:{duration(refresh)}", f"X-PUBLISHED-TTL:{duration(refresh)}")
    written = False
    for event in events:
        written = True
        yield from _event(event)
    if not written:
        yield from EMPTY
    yield "END:VCALENDAR"


def _event(event: FeedEvent) -> Iterator[str]:
    changed = f"{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}")
    yield from (f"SEQUENCE:{event.sequence}", f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}")
    yield from (f"DTEND;VALUE=DATE:{event.day + DAY:%Y%m%d}", f"STATUS:{event.status}", "TRANSP:TRANSPARENT")
    yield from (f"SUMMARY:{escape(event.summary)}", f"DESCRIPTION:{escape(event.description)}")
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escape, event.categories))}"
    for distance in event.alarms:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escape(event.summary)}")
        yield from (f"TRIGGER:{duration(distance)}", "END:VALARM")
    yield "END:VEVENT"


def escape(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11); line breaks of any kind become one kind, other control characters go.

    Readers differ on blanks at either end, so none are written.
    """
    plain = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return SPECIAL.sub(lambda found: ESCAPED[found[0]], plain)


def duration(span: timedelta) -> str:
    """A DURATION value in days, hours and minutes (RFC 5545, 3.3.6): ``-P2DT16H``."""
    sign, size = ("-", -span) if span < timedelta(0) else ("", span)
    hours, minutes = divmod(size.seconds // 60, 60)
    days = f"{size.days}D" if size.days else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets (RFC 5545, 3.1); no letter is cut in two."""
    data = line.encode()
    if len(data) <= LONGEST_LINE:
        return line
    pieces, start, room = [], 0, LONGEST_LINE
    while start < len(data):
        end = _letter_end(data, start + room)
        pieces.append(data[start:end].decode())
        # The space that marks a continuation counts as one octet.
        start, room = end, LONGEST_LINE - 1
    return "\r\n ".join(pieces)


def _letter_end(data: bytes, end: int) -> int:
    """The nearest end of a UTF-8 letter at or before a place."""
    while end < len(data) and data[end] & 0xC0 == 0x80:
        end -= 1
    return end
