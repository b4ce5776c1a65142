"""Calendars to subscribe to: who sees what, how an event changes, and that reading writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import CalendarFeed, JournalEntry, Occurrence, Person, Plan
from db.session import reading, transaction
from deadlines import WorkCalendar
from plans.chase_start import set_chase_start
from plans.confirming import confirm
from plans.feed_events import uid_of
from plans.feeds import FeedContent, SubjectKind, feed_content, make_feed, open_feed, revoke_feed, write_content
from submissions.receiving import ask_extension
from submissions.review import decide_extension, hold, resume, waive
from tests.libical import read_by_libical
from tests.plan_services.readings import (
    ACTOR,
    CALENDAR,
    HEAD,
    NOW,
    Row,
    draft,
    load_register,
    reading_of,
    settings_of,
)

LONG = "Rà soát, cập nhật; công khai danh mục thủ tục hành chính giải quyết theo cơ chế một cửa " * 3
ROWS = (
    Row("1", "trước ngày 18 hằng tháng", content=LONG),
    Row("2", "Quý III", leads=("Văn phòng",)),
    Row("3", "Hằng quý", leads=("Các phòng chuyên môn",)),
    Row("4", "Thường xuyên", leads=("Phòng Kinh tế, Hạ tầng và Đô thị",)),
)


@pytest.fixture
def followed(database_url: str, home: Path) -> str:
    """A database of either kind with one confirmed plan; gives its code."""
    return follow(database_url, home)


@pytest.fixture
def small(sqlite_url: str, home: Path) -> str:
    """A confirmed plan on SQLite alone, for what no database decides; gives its code."""
    return follow(sqlite_url, home)


def follow(url: str, home: Path) -> str:
    with transaction(url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        return plan.code


def made(session: Session, home: Path, kind: SubjectKind, code: str) -> str:
    """The secret of a new address."""
    address = make_feed(session, kind, code, NOW, ACTOR, settings_of(home)).address
    return address.rsplit("/", 1)[1].removesuffix(".ics")


def read(session: Session, token: str) -> tuple[FeedContent, bytes]:
    feed = open_feed(session, token)
    assert feed is not None
    content = feed_content(session, feed, CALENDAR, NOW)
    return content, write_content(content, feed, CALENDAR)


def events(data: bytes) -> dict[str, Any]:
    """Each event by its identity."""
    found: list[Any] = [*icalendar.Calendar.from_ical(data).walk("VEVENT")]
    return {str(each["UID"]): each for each in found}


SEEN: dict[str, tuple[SubjectKind, str, set[str], int]] = {
    "a unit": ("unit", "hcc", {"hcc"}, 12),
    "a unit in a group": ("unit", "kt", {"kt"}, 8),
    "a group": ("unit", "phong", {"vp", "kt"}, 13),
    "a leader of a unit": ("person", "vp-1", {"vp"}, 5),
    "the vice-chair in charge": ("person", "pct", {"vp"}, 5),
    "a plan": ("plan", "kh-45-2026", {"hcc", "vp", "kt"}, 25),
}


def test_each_sees_his_own(database_url: str, home: Path, followed: str) -> None:
    with transaction(database_url) as session:
        for who, (kind, code, units, count) in SEEN.items():
            content, data = read(session, made(session, home, kind, code))
            rows = session.scalars(select(Occurrence).where(Occurrence.id.in_([row.id for row in content.rows]))).all()
            assert {each.unit.code for each in rows} == units, who
            assert len(events(data)) == len(content.rows) == count, who


def test_three_strangers_see_the_days_that_the_database_has(database_url: str, home: Path, followed: str) -> None:
    with transaction(database_url) as session:
        _, data = read(session, made(session, home, "plan", followed))
        days = sorted(session.scalars(select(Occurrence.due_target)))
    expanded: list[Any] = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between("20250101", "20280101")
    assert sorted(each["DTSTART"].dt for each in events(data).values()) == days
    assert sorted(each["DTSTART"].dt for each in expanded) == days
    assert sorted(start for _, start, *_ in read_by_libical(data)) == days
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert {alarms for *_, alarms in read_by_libical(data)} == {2}


def test_words_tell_both_dates_and_the_whole_duty(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "unit", "hcc")
        moved = session.scalars(select(Occurrence).where(Occurrence.due_legal != Occurrence.due_target)).all()
        day = next(each for each in moved if each.unit.code == "hcc")
        found = [each for each in events(read(session, token)[1]).values() if each["DTSTART"].dt == day.due_target]
    (event,) = found
    words = str(event["DESCRIPTION"])
    assert words.startswith(" ".join(LONG.split()))
    assert f"{day.due_legal:%d/%m/%Y}" in words
    assert f"{day.due_target:%d/%m/%Y}" in words
    assert str(event["SUMMARY"]).endswith(f"({day.period_label})")
    assert "TTPVHCC" not in str(event["SUMMARY"]), "a unit's own calendar need not name it"
    assert len(str(event["SUMMARY"])) < 160


def one(session: Session, unit: str = "hcc", key: str = "2026-06") -> Occurrence:
    rows = session.scalars(select(Occurrence).where(Occurrence.period_key == key)).all()
    return next(row for row in rows if row.unit.code == unit)


def test_an_event_keeps_its_uid_and_counts_its_changes(database_url: str, home: Path, followed: str) -> None:
    with transaction(database_url) as session:
        token = made(session, home, "unit", "hcc")
        before = events(read(session, token)[1])
        known = one(session)
        (uid,) = [name for name, each in before.items() if each["DTSTART"].dt == known.due_target]
    steps: list[tuple[int, str, date]] = [(0, "CONFIRMED", known.due_target)]
    later = known.due_legal + timedelta(days=7)
    with transaction(database_url) as session:
        asked = ask_extension(session, known.id, later, "Chờ số liệu của tỉnh", "An", NOW, CALENDAR)
        decide_extension(session, asked.id, True, None, "", "Bình", NOW, CALENDAR, settings_of(home))
    for act in (None, hold, resume, waive):
        with transaction(database_url) as session:
            if act is not None:
                act(session, known.id, "Chờ hướng dẫn mới", "Bình", NOW)
        with reading(database_url) as session:
            now = events(read(session, token)[1])
        assert set(now) == set(before)
        steps.append((now[uid]["SEQUENCE"], str(now[uid]["STATUS"]), now[uid]["DTSTART"].dt))
        assert all(each["SEQUENCE"] == 0 for name, each in now.items() if name != uid), "others did not change"
    assert [count for count, _, _ in steps] == [0, 1, 2, 3, 4]
    assert [state for _, state, _ in steps] == ["CONFIRMED", "CONFIRMED", "TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert [day for _, _, day in steps[1:]] == [CALENDAR.previous_working(later)] * 4
    assert now[uid].walk("VALARM") == []


def test_a_plan_that_was_closed_cancels_what_was_still_open(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "plan", small)
        done = one(session)
        done.state, done.accepted_at = "accepted", NOW
        plan = session.scalars(select(Plan)).one()
        plan.state = "closed"
        session.flush()
        found = events(read(session, token)[1])
        assert sorted(str(each["STATUS"]) for each in found.values()) == ["CANCELLED"] * 24 + ["CONFIRMED"]


def test_what_is_only_recorded_after_all_is_struck_out(database_url: str, home: Path, followed: str) -> None:
    with transaction(database_url) as session:
        token = made(session, home, "plan", followed)
        before = events(read(session, token)[1])
        plan_id = session.scalars(select(Plan.id)).one()
    with transaction(database_url) as session:
        moved = set_chase_start(session, plan_id, date(2026, 7, 1), NOW, ACTOR).recorded
    with transaction(database_url) as session:
        struck = events(read(session, token)[1])
        set_chase_start(session, plan_id, date(2026, 1, 16), NOW, ACTOR)
    with reading(database_url) as session:
        back = events(read(session, token)[1])
    assert set(struck) == set(before) == set(back), "an event that leaves without a word stays on some telephones"
    gone = {uid for uid, each in struck.items() if str(each["STATUS"]) == "CANCELLED"}
    assert len(gone) == moved > 0
    assert {struck[uid]["SEQUENCE"] for uid in gone} == {1}
    assert {(back[uid]["SEQUENCE"], str(back[uid]["STATUS"])) for uid in gone} == {(2, "CONFIRMED")}
    assert all("Chỉ ghi nhận" in str(struck[uid]["DESCRIPTION"]) for uid in gone)


def test_what_was_recorded_from_the_first_is_not_shown(sqlite_url: str, home: Path) -> None:
    head = replace(HEAD, issued_on="2026-07-03")
    with transaction(sqlite_url) as session:
        load_register(session)
        confirm(session, draft(session, home, reading_of(*ROWS, head=head)).id, CALENDAR, NOW, ACTOR)
        found = events(read(session, made(session, home, "plan", "kh-45-2026"))[1])
        recorded = session.scalars(select(Occurrence).where(Occurrence.state == "recorded")).all()
    assert recorded
    assert {str(each["STATUS"]) for each in found.values()} == {"CONFIRMED"}


def test_the_tag_changes_exactly_with_what_is_shown(database_url: str, home: Path, followed: str) -> None:
    with transaction(database_url) as session:
        token = made(session, home, "unit", "hcc")
    with transaction(database_url) as session:
        first, data = read(session, token)
        assert read(session, token) == (first, data)
        other = one(session, "kt", "2026-Q2")
        waive(session, other.id, "Đã có văn bản cho miễn", "Bình", NOW)
    with transaction(database_url) as session:
        assert read(session, token)[0].etag == first.etag, "another unit's change is none of this calendar"
        waive(session, one(session).id, "Đã có văn bản cho miễn", "Bình", NOW)
    with reading(database_url) as session:
        assert read(session, token)[0].etag != first.etag


def test_reading_writes_nothing(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "plan", small)
    with transaction(sqlite_url) as session:
        entries = len(session.scalars(select(JournalEntry)).all())
        read(session, token)
        assert [*session.new, *session.dirty, *session.deleted] == []
        assert len(session.scalars(select(JournalEntry)).all()) == entries


def test_only_the_hash_is_kept_and_a_revoked_address_opens_nothing(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token, second = made(session, home, "unit", "hcc"), made(session, home, "unit", "hcc")
        feed = open_feed(session, token)
        assert feed is not None
        assert token not in repr([feed.token_hash, *(each.data for each in session.scalars(select(JournalEntry)))])
        revoke_feed(session, feed.id, NOW, ACTOR)
        revoke_feed(session, feed.id, NOW, ACTOR)
        assert open_feed(session, token) is None
        assert open_feed(session, second) is not None, "each address is revoked by itself"
        assert open_feed(session, "không có") is None
        entries = select(JournalEntry.action).where(JournalEntry.subject_kind == "feed").order_by(JournalEntry.seq)
        assert list(session.scalars(entries)) == ["feed.add", "feed.add", "feed.revoke"]


def test_who_left_reads_no_more(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "person", "vp-1")
        session.scalars(select(Person).where(Person.code == "vp-1")).one().active = False
        session.flush()
        assert open_feed(session, token) is None


def test_whoever_has_no_unit_sees_nobody_elses_work(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "person", "vp-1")
        person = session.scalars(select(Person).where(Person.code == "vp-1")).one()
        for role in ("contact", "deputy", "leader"):
            person.unit_id, person.role = None, role
            session.flush()
            assert read(session, token)[0].rows == (), role


def test_a_plan_that_closes_counts_as_a_change_of_what_it_cancels(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        token = made(session, home, "plan", small)
        before = events(read(session, token)[1])
        session.scalars(select(Plan).where(Plan.code == small)).one().state = "closed"
        session.flush()
        after = events(read(session, token)[1])
    assert {after[uid]["SEQUENCE"] - before[uid]["SEQUENCE"] for uid in before} == {1}
    assert {str(each["STATUS"]) for each in after.values()} == {"CANCELLED"}


def test_an_order_for_a_year_is_part_of_what_is_known(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        feed = open_feed(session, made(session, home, "unit", "hcc"))
        assert feed is not None
        ordered = WorkCalendar(CALENDAR.days, {*CALENDAR.years_with_order, 2031})
        assert feed_content(session, feed, CALENDAR, NOW).etag != feed_content(session, feed, ordered, NOW).etag


def test_what_no_calendar_is_made_for(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        plan = draft(session, home, reading_of(ROWS[1]), b"another", "khac.docx")
        session.scalars(select(Person).where(Person.code == "vp-1")).one().active = False
        session.flush()
        asked: list[tuple[SubjectKind, str, str]] = [
            ("unit", "la", "Không có đơn vị mã «la»"),
            ("plan", plan.code, "bản nháp"),
            ("person", "vp-1", "thôi dùng"),
        ]
        for kind, code, words in asked:
            with pytest.raises(Refusal, match=words):
                make_feed(session, kind, code, NOW, ACTOR, settings_of(home))
        with pytest.raises(Refusal, match="Không có lịch đăng ký số 99"):
            revoke_feed(session, 99, NOW, ACTOR)
        assert session.scalars(select(CalendarFeed)).all() == []


def test_two_installations_never_share_an_identity(sqlite_url: str, home: Path, small: str) -> None:
    with transaction(sqlite_url) as session:
        row = read(session, made(session, home, "plan", small))[0].rows[0]
    moved = row._replace(nominal=date(2027, 1, 1), due_legal=date(2027, 1, 1), due_target=date(2027, 1, 1))
    assert uid_of(moved) == uid_of(row), "never the date"
    others = [
        row._replace(imported_at=row.imported_at + timedelta(microseconds=1)),
        row._replace(unit_id=row.unit_id + 1),
        row._replace(obligation_id=row.obligation_id + 1),
        row._replace(period_key="2026-07"),
    ]
    assert len({uid_of(each) for each in [row, *others]}) == 5
