"""The writer of RFC 5545, read back by three strangers: icalendar, recurring-ical-events and libical (C)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days_off import load_work_calendar
from deadlines.ical import FeedEvent, duration, escape, fold, working_morning_alarms, write_feed
from tests.libical import read_by_libical

ZONE = "Asia/Ho_Chi_Minh"
HOUR = timedelta(hours=1)
CHANGED = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
CALENDAR = load_work_calendar()
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('ếộữ;,\\\n:"'), max_size=200
)


def event(uid: str = "a@dondoc", day: date = date(2026, 4, 20), **more: object) -> FeedEvent:
    given: dict[str, object] = {"summary": "Báo cáo quý I", "description": "Hạn pháp lý: thứ Hai", "sequence": 0}
    return FeedEvent(uid=uid, day=day, changed_at=CHANGED, **(given | more))  # type: ignore[arg-type]


def read_by_icalendar(data: bytes) -> list[Any]:
    """The events as `icalendar` sees them; its values are of some thirty classes."""
    return [*icalendar.Calendar.from_ical(data).walk("VEVENT")]


def write(*events: FeedEvent) -> bytes:
    return write_feed("Đôn đốc: Phòng Văn hóa", ZONE, HOUR, events)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("một; hai, ba", r"một\; hai\, ba"),
        ("đường \\ dẫn", r"đường \\ dẫn"),
        ("dòng một\r\ndòng hai\rdòng ba", r"dòng một\ndòng hai\ndòng ba"),
        ("chuông\x07 và\ttab ", "chuông và\ttab"),
        ('"ngoặc": kép', '"ngoặc": kép'),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert escape(text) == written


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(hours=8), "PT8H"),
        (-timedelta(hours=16), "-PT16H"),
        (timedelta(hours=8) - timedelta(days=3), "-P2DT16H"),
        (timedelta(days=1), "P1D"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(0), "PT0S"),
    ],
)
def test_durations(span: timedelta, written: str) -> None:
    assert duration(span) == written
    reader: Any = icalendar.vDuration
    assert reader.from_ical(written) == span


@given(WORDS)
def test_a_folded_line_has_at_most_75_octets_and_whole_letters(text: str) -> None:
    line = f"SUMMARY:{escape(text)}"
    pieces = fold(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(WORDS, WORDS, st.dates(date(2000, 1, 1), date(2100, 12, 30)), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_three_strangers_read_the_same(summary: str, description: str, day: date, sequence: int) -> None:
    summary, description = summary.strip() or "x", description.strip() or "y"
    data = write(event(day=day, summary=f" {summary}", description=f"{description}\n", sequence=sequence))
    ((uid, first, after, title, words, count, alarms),) = read_by_libical(data)
    (read,) = read_by_icalendar(data)
    found: Any
    (found,) = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).at((day.year, day.month, day.day))
    assert first == read["DTSTART"].dt == found["DTSTART"].dt == day
    assert after == read["DTEND"].dt == day + timedelta(days=1)
    assert (uid, count, alarms) == (str(read["UID"]), read["SEQUENCE"], 0)
    assert title == str(read["SUMMARY"]) == summary
    assert words == str(read["DESCRIPTION"]) == description


def test_a_calendar_says_what_it_is_and_how_often_to_ask() -> None:
    data = write(event())
    calendar = icalendar.Calendar.from_ical(data)
    assert str(calendar["X-WR-CALNAME"]) == "Đôn đốc: Phòng Văn hóa"
    assert (calendar["VERSION"], calendar["X-WR-TIMEZONE"]) == ("2.0", ZONE)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in data
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_an_empty_calendar_still_holds_a_component() -> None:
    calendar = icalendar.Calendar.from_ical(write())
    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE"]
    assert read_by_libical(write()) == []


@pytest.mark.parametrize(
    ("day", "rings"),
    [
        (date(2026, 4, 21), ["20/04 08:00", "21/04 08:00"]),
        (date(2026, 4, 20), ["17/04 08:00", "20/04 08:00"]),
        (date(2026, 2, 23), ["13/02 08:00", "23/02 08:00"]),
    ],
    ids=["Tuesday", "Monday: Friday before", "after Tết: the last working day before it"],
)
def test_alarms_ring_on_working_mornings(day: date, rings: list[str]) -> None:
    alarms = working_morning_alarms(day, CALENDAR)
    (read,) = read_by_icalendar(write(event(day=day, alarms=alarms)))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    told = [midnight + alarm["TRIGGER"].dt for alarm in read.walk("VALARM")]
    assert [f"{moment:%d/%m %H:%M}" for moment in told] == rings
    assert read_by_libical(write(event(day=day, alarms=alarms)))[0][-1] == 2
