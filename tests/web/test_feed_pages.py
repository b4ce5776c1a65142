"""Calendars for telephones over HTTP: no login to read, the officer's page to make and revoke, the command line."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import icalendar
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cli.deadline_commands import calendar_app
from db.models import CalendarFeed, Occurrence
from db.session import reading, transaction
from submissions.review import waive
from tests.web.builders import NOW, Clock, sign_in
from tests.web.office_builders import Office

SUBJECTS = {"don-vi/van-hoa": "VH-XH", "nguoi/dm1": "Nguyễn Đầu Mối 1", "ke-hoach/kh-15": "15/KH-UBND"}


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def make(officer: TestClient, place: str = "don-vi/van-hoa") -> str:
    """The path of a new calendar, as the page shows it once."""
    page = officer.get(f"/dang-ky-lich/{place}").text
    answer = officer.post(f"/dang-ky-lich/{place}", data={"csrf": csrf(page)})
    assert answer.status_code == 200
    found = re.search(r'value="http://testserver(/lich/[\w-]{40,}\.ics)"', answer.text)
    assert found
    assert f"webcal://testserver{found[1]}" in html.unescape(answer.text)
    return found[1]


@pytest.mark.parametrize("place", SUBJECTS)
def test_an_officer_makes_an_address_that_a_telephone_reads(office: Office, officer: TestClient, place: str) -> None:
    path = make(officer, place)
    assert path not in officer.get(f"/dang-ky-lich/{place}").text, "shown once"
    officer.cookies.clear()
    answer = officer.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in answer.headers
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert str(calendar["X-WR-CALNAME"]).startswith("Đôn đốc: ")
    assert len(calendar.walk("VEVENT")) > 0


def test_what_has_not_changed_is_not_sent_again(
    office: Office, officer: TestClient, accounts_url: str, clock: Clock
) -> None:
    path = make(officer)
    clock.advance(minutes=1)
    first = officer.get(path)
    tag = first.headers["etag"]
    assert parsedate_to_datetime(first.headers["last-modified"]) <= NOW
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = officer.get(path, headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert officer.head(path).headers["etag"] == tag
    assert officer.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    with transaction(accounts_url) as session:
        waive(session, office.occurrences["new_late"], "Sở đã cho miễn", "Lan", NOW)
    changed = officer.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert b"STATUS:CANCELLED" in changed.content


def test_a_reader_that_knows_only_the_date_is_answered_by_it(
    office: Office, officer: TestClient, accounts_url: str, clock: Clock
) -> None:
    path = make(officer)
    assert "last-modified" not in officer.get(path).headers, "within its second more may change"
    clock.advance(minutes=1)
    seen = officer.get(path).headers["last-modified"]
    assert officer.get(path, headers={"If-Modified-Since": seen}).status_code == 304
    older = format_datetime(parsedate_to_datetime(seen) - timedelta(seconds=1), usegmt=True)
    for given in (older.encode(), b"h\xf4m qua", b"Fri, 20 Nov 2026 10:00:00", b""):
        assert officer.get(path, headers={b"If-Modified-Since": given}).status_code == 200, given
    both = {"If-Modified-Since": seen, "If-None-Match": '"other"'}
    assert officer.get(path, headers=both).status_code == 200, "the tag decides where both are given"
    with transaction(accounts_url) as session:
        waive(session, office.occurrences["new_late"], "Sở đã cho miễn", "Lan", clock.moment)
    assert officer.get(path, headers={"If-Modified-Since": seen}).status_code == 200


def test_a_revoked_address_is_gone(office: Office, officer: TestClient) -> None:
    path, other = make(officer), make(officer)
    page = officer.get("/dang-ky-lich/don-vi/van-hoa").text
    number = min(int(each) for each in re.findall(r'name="number" value="(\d+)"', page))
    sent = {"csrf": csrf(page), "number": str(number), "back": "don-vi/van-hoa"}
    assert "Đã thu hồi" in officer.post("/dang-ky-lich/thu-hoi", data=sent).text
    assert officer.get(path).status_code == 404
    assert officer.get(other).status_code == 200
    assert officer.get("/lich/" + "x" * 43 + ".ics").status_code == 404


@pytest.mark.parametrize("place", ["don-vi/khong-co", "la/van-hoa", "ke-hoach/kh-88"])
def test_what_has_no_calendar(office: Office, officer: TestClient, place: str) -> None:
    assert officer.get(f"/dang-ky-lich/{place}").status_code == 404


def test_only_an_officer_makes_them(office: Office, client: TestClient) -> None:
    asked = "/dang-ky-lich/don-vi/van-hoa"
    assert client.get(asked, follow_redirects=False).headers["location"].startswith("/dang-nhap")
    leader = sign_in(client, "lanhdao")
    assert leader.get(asked).status_code == 403
    assert "/dang-ky-lich/" not in leader.get("/don-vi").text
    assert leader.post(asked, data={}).status_code == 403


def test_the_pages_lead_to_it(office: Office, officer: TestClient) -> None:
    units, plan = officer.get("/don-vi").text, officer.get("/ke-hoach/kh-15").text
    assert "/dang-ky-lich/don-vi/van-hoa" in units
    assert "/dang-ky-lich/nguoi/dm1" in units
    assert "/dang-ky-lich/ke-hoach/kh-15" in plan


def test_the_command_line_makes_lists_and_revokes(
    office: Office, accounts_url: str, client: TestClient, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", accounts_url)
    monkeypatch.setenv("DONDOC_SECRET_KEY", "khóa thử dài đủ dùng")
    run = CliRunner()
    made = run.invoke(calendar_app, ["feed", "add", "--unit", "kinh-te"])
    address = made.stdout.split()[0]
    assert address.startswith("http://127.0.0.1:8000/lich/")
    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in run.invoke(calendar_app, ["feed", "list"]).stdout
    with reading(accounts_url) as session:
        number = session.scalars(select(CalendarFeed.id)).one()
    assert "Đã thu hồi" in run.invoke(calendar_app, ["feed", "revoke", str(number)]).stdout
    assert client.get(path).status_code == 404
    assert "thu hồi" in run.invoke(calendar_app, ["feed", "list"]).stdout
    assert "đúng một trong ba" in str(run.invoke(calendar_app, ["feed", "add"]).exception)


def test_reading_leaves_the_database_as_it_was(office: Office, officer: TestClient, accounts_url: str) -> None:
    path = make(officer, "ke-hoach/kh-15")
    with reading(accounts_url) as session:
        before = [(row.id, row.revision, row.state) for row in session.scalars(select(Occurrence))]
    changes = Path(accounts_url.removeprefix("sqlite:///") + "-wal")
    size = changes.stat().st_size if changes.exists() else 0
    for _ in range(5):
        officer.get(path)
    assert (changes.stat().st_size if changes.exists() else 0) == size
    with reading(accounts_url) as session:
        assert [(row.id, row.revision, row.state) for row in session.scalars(select(Occurrence))] == before
