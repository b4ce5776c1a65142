"""The pages beside the month: approving days off, cut-offs, dates of levels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from db.models import JournalEntry, Obligation, Occurrence
from db.office_rules import adopt_rules
from db.session import reading, transaction
from tests.web.builders import NOW, Clock, make_settings, sign_in
from tests.web.office_builders import Office

STORM = "local:\n  - {from: 2026-11-23, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}\n"


@pytest.fixture
def approved(accounts_url: str, home: Path, office: Office) -> Office:
    """The filled office after `dondoc init`."""
    with transaction(accounts_url) as session:
        adopt_rules(session, make_settings(accounts_url, home), NOW)
    return office


def write_days(home: Path, text: str = STORM) -> None:
    """The office's own days_off.yaml."""
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "days_off.yaml").write_text(text, encoding="utf-8")


def fingerprint_of(page: str) -> str:
    """What the form of the page says was looked at."""
    found = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def press(client: TestClient, path: str, **fields: str) -> tuple[int, str]:
    """Press a button of a page: the status and the page that follows."""
    page = client.get("/lich/so-lieu").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    answer = client.post(path, data={"csrf": token[1], **fields})
    return answer.status_code, answer.text


def test_a_changed_file_waits_on_every_page_that_counts_by_it(
    officer: TestClient, approved: Office, home: Path
) -> None:
    assert "Đúng như trong tệp" in officer.get("/suc-khoe").text
    write_days(home)
    assert "12/CĐ-UBND" in officer.get("/lich/thay-doi").text
    assert "đang chờ duyệt" in officer.get("/suc-khoe").text
    assert "đang chờ duyệt" in officer.get("/").text
    month = officer.get("/lich").text
    assert "đang chờ duyệt" in month
    assert "Nghỉ tránh bão" not in month


def test_approving_moves_and_the_month_shows_it(
    officer: TestClient, approved: Office, home: Path, accounts_url: str
) -> None:
    write_days(home)
    page = officer.get("/lich/thay-doi").text
    assert "23/11/2026" in page
    assert "25/11/2026" in page
    status, after = press(officer, "/lich/thay-doi", fingerprint=fingerprint_of(page))
    assert (status, "Đã duyệt: đổi ngày" in after) == (200, True)
    assert "Nghỉ tránh bão (12/CĐ-UBND)" in after
    with reading(accounts_url) as session:
        moved = session.get_one(Occurrence, approved.occurrences["shifted"])
        assert moved.due_legal.isoformat() == "2026-11-25"
        assert session.scalars(select(JournalEntry).where(JournalEntry.action == "calendar.approve")).one()
    assert "Đổi hạn theo lịch nghỉ mới" in officer.get(f"/ky-han/{approved.occurrences['shifted']}").text
    assert "đúng như trong tệp" in officer.get("/lich/thay-doi").text


def test_what_was_not_looked_at_is_not_approved(officer: TestClient, approved: Office, home: Path) -> None:
    write_days(home)
    page = officer.get("/lich/thay-doi").text
    write_days(home, STORM.replace("2026-11-23", "2026-11-25"))
    status, after = press(officer, "/lich/thay-doi", fingerprint=fingerprint_of(page))
    assert status == 409 or "đã đổi sau khi xem" in after


def test_a_broken_file_is_told_and_the_pages_stay(officer: TestClient, approved: Office, home: Path) -> None:
    write_days(home, "2026: [")
    assert officer.get("/lich").status_code == 200
    assert "không đúng dạng YAML" in officer.get("/suc-khoe").text


def test_a_leader_does_not_approve(client: TestClient, approved: Office) -> None:
    assert sign_in(client, "lanhdao").get("/lich/thay-doi").status_code == 403


def test_a_year_without_an_order_is_warned_of(officer: TestClient, approved: Office, clock: Clock) -> None:
    assert "Chưa có văn bản về lịch nghỉ" not in officer.get("/lich").text
    clock.advance(days=352)  # 7 November 2027
    sign_in(officer, "chuyenvien")
    assert "Chưa có văn bản về lịch nghỉ năm 2028" in officer.get("/lich").text
    assert "các ngày nghỉ là dự kiến" in officer.get("/suc-khoe").text


def test_levels_are_dated_back(officer: TestClient) -> None:
    query = {"han": "2026-12-25", "cap": "UBND xã: 2\nSở Nội vụ: 3", "chot": "2026-12-21"}
    page = officer.get("/lich/tinh-han", params=query).text
    assert "Thứ Ba 22/12/2026" in page
    assert "UBND xã chỉ có 1 ngày làm việc (cần 2)" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"han": "mai", "cap": "xã: 2"}, "Không hiểu hạn của cấp trên"),
        ({"han": "2026-12-25", "cap": "xã"}, "Không hiểu «xã»"),
        ({"han": "2026-12-25", "cap": "xã: 2", "chot": "x"}, "ngày chốt số liệu"),
        ({}, "Chưa tính"),
    ],
)
def test_what_cannot_be_dated_is_said(officer: TestClient, query: dict[str, str], said: str) -> None:
    assert said in officer.get("/lich/tinh-han", params=query).text


def test_a_cut_off_is_changed_with_a_journal_entry(officer: TestClient, approved: Office, accounts_url: str) -> None:
    with reading(accounts_url) as session:
        duty = session.scalars(select(Obligation).where(Obligation.ordinal == "2")).one()
        number = duty.id
    status, page = press(officer, f"/lich/so-lieu/{number}", regime="chốt ngày 10")
    assert status == 200
    assert "Chốt ngày 10" in page
    with reading(accounts_url) as session:
        assert session.get_one(Obligation, number).regime == "day:10"
        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "obligation.regime")).one()
        assert (entry.data["from"], entry.data["to"]) == ("nd09", "day:10")
    status, page = press(officer, f"/lich/so-lieu/{number}", regime="vừa phải")
    assert status == 422
    assert "Không có cách chốt số liệu tên" in page


def test_a_report_sent_before_its_cut_off_is_shown(officer: TestClient, approved: Office, accounts_url: str) -> None:
    assert "hạn gửi sau ngày chốt" in officer.get("/lich/so-lieu").text
    with transaction(accounts_url) as session:
        duty = session.scalars(select(Obligation).where(Obligation.ordinal == "2")).one()
        duty.regime = "calendar"
    page = officer.get("/lich/so-lieu").text
    assert "Cần xem lại (1)" in page
    assert "không sau ngày chốt số liệu" in page
