"""What stands on the first page, the month and the leaders' page, and under which heading."""

from __future__ import annotations

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from config.days_off import load_work_calendar
from db.models import Obligation, Occurrence, Unit
from db.session import transaction
from tests.web.builders import Clock, sign_in
from tests.web.office_builders import Office, make_occurrence
from web.calendar_pages import build_weeks, grid_bounds, month_asked, neighbour


def listed(text: str) -> list[int]:
    """The occurrences on a page, in order, each once."""
    return list(dict.fromkeys(int(number) for number in re.findall(r'class="duty-name" href="/ky-han/(\d+)"', text)))


def names(office: Office, numbers: list[int]) -> list[str]:
    """The builders' names of occurrences."""
    known = {number: name for name, number in office.occurrences.items()}
    return [known[number] for number in numbers]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("xem=hom-nay", ["late", "new_late", "shifted", "today", "progress"]),
        ("xem=7-ngay", ["late", "new_late", "shifted", "today", "progress", "extended"]),
        ("xem=30-ngay", ["late", "new_late", "shifted", "today", "progress", "extended", "returned"]),
        ("xem=tat-ca", ["late", "new_late", "shifted", "today", "progress", "extended", "returned", "far"]),
        ("xem=tat-ca&trang-thai=cho-duyet", ["submitted"]),
        ("xem=tat-ca&trang-thai=xong", ["accepted"]),
        ("xem=tat-ca&trang-thai=dung", ["held"]),
        ("xem=tat-ca&trang-thai=ghi-nhan", ["recorded"]),
        ("xem=tat-ca&don-vi=kinh-te", ["late", "far"]),
        ("xem=tat-ca&loai=progress_check", ["progress"]),
        ("xem=tat-ca&tim=ky nang so", ["today", "returned"]),
        ("xem=tat-ca&tim=KỸ NĂNG", ["today", "returned"]),
        ("xem=tat-ca&tim=khong co viec nay", []),
        ("xem=tat-ca&ke-hoach=kh-88", []),
        ("xem=bậy&loai=bậy&trang-thai=bậy&trang=0", ["late", "new_late", "shifted", "today", "progress", "extended"]),
        ("xem=hom-nay&trang=999999", ["late", "new_late", "shifted", "today", "progress"]),
    ],
)
def test_the_list_shows_what_was_asked_overdue_first(
    officer: TestClient, office: Office, query: str, expected: list[str]
) -> None:
    assert names(office, listed(officer.get(f"/?{query}").text)) == expected


def test_overdue_begins_when_the_legal_day_has_ended(officer: TestClient, office: Office, clock: Clock) -> None:
    page = f"/ky-han/{office.occurrences['shifted']}"
    clock.moment = clock.moment.replace(day=23, hour=23, minute=59)
    sign_in(officer, "chuyenvien")
    assert "Quá hạn" not in officer.get(page).text
    clock.advance(minutes=1)
    assert "Quá hạn 01 ngày làm việc" in officer.get(page).text


def test_a_progress_check_is_never_called_overdue(officer: TestClient, office: Office) -> None:
    text = officer.get(f"/ky-han/{office.occurrences['progress']}").text
    assert "Quá hạn" not in text
    assert "Chưa báo tiến độ" in text


def test_the_counters_are_those_of_the_ledger(officer: TestClient, office: Office) -> None:
    text = officer.get("/").text
    pairs = re.findall(r'counter-number">([\d.]+)</span>\s*<span class="counter-words">([^<]+)<', text)
    counted = {words: number for number, words in pairs}
    assert counted == {
        "Quá hạn": "2",
        "Đến hạn trong 7 ngày": "3",
        "Chờ duyệt": "1",
        "Xin gia hạn": "1",
        "Tin chưa rõ, không gửi được": "2",
        "Việc chờ ngày": "1",
        "Tin đến chờ xử lý": "0",
    }


def test_pages_share_out_the_list_without_loss(officer: TestClient, office: Office, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        duty, unit = session.query(Obligation).first(), session.query(Unit).first()
        assert duty is not None
        assert unit is not None
        for number in range(120):
            session.add(make_occurrence(duty, unit, f"x-{number}", f"Kỳ {number}", "04/12/2026"))
    seen = [number for page in (1, 2, 3) for number in listed(officer.get(f"/?xem=tat-ca&trang={page}").text)]
    assert len(seen) == len(set(seen)) == 128


def test_a_line_says_what_was_sent_and_what_comes_next(officer: TestClient, office: Office) -> None:
    text = officer.get("/?xem=hom-nay&don-vi=kinh-te").text
    assert "08:05 18/11/2026" in text
    assert "nhắc Chủ tịch" in text


def test_the_filters_stay_in_the_links(officer: TestClient, office: Office) -> None:
    text = officer.get("/?xem=7-ngay&tim=ky nang&don-vi=van-phong").text
    assert "/?xem=30-ngay&amp;tim=ky+nang&amp;don-vi=van-phong" in text


@pytest.mark.parametrize(
    ("asked", "label"),
    [("2026-11", "Tháng 11/2026"), ("2026-13", "Tháng 5/2026"), ("", "Tháng 5/2026"), ("x", "Tháng 5/2026")],
)
def test_a_month_that_is_none_is_this_month(asked: str, label: str) -> None:
    assert month_asked(asked, date(2026, 5, 4)).label == label


@pytest.mark.parametrize(
    ("asked", "before", "after"), [("2026-01", "2025-12", "2026-02"), ("2026-12", "2026-11", "2027-01")]
)
def test_months_join_over_the_new_year(asked: str, before: str, after: str) -> None:
    shown = month_asked(asked, date(2026, 5, 4))
    assert (neighbour(shown, -1), neighbour(shown, 1)) == (before, after)


def test_the_grid_holds_whole_weeks_and_marks_days_off() -> None:
    calendar = load_work_calendar()
    for number in range(1, 13):
        shown = month_asked(f"2026-{number:02d}", date(2026, 1, 1))
        weeks = build_weeks(shown, [], calendar)
        days = [cell.day for week in weeks for cell in week]
        assert (days[0], days[-1]) == grid_bounds(shown)
        assert {len(week) for week in weeks} == {7}
        for cell in (cell for week in weeks for cell in week):
            assert (cell.kind in ("work", "makeup")) == calendar.is_working(cell.day)
            assert (cell.kind == "makeup") == (calendar.is_working(cell.day) and cell.day.isoweekday() > 5)
            assert bool(cell.note) == (cell.kind in ("off", "makeup"))


def test_the_month_puts_each_duty_on_the_day_to_aim_at(officer: TestClient, office: Office) -> None:
    text = officer.get("/lich?thang=2026-11").text
    assert f'href="/ky-han/{office.occurrences["extended"]}"' in text.split(">25<", 1)[1].split('cell-number">26', 1)[0]
    assert f'href="/ky-han/{office.occurrences["far"]}"' not in text


def test_leaders_see_what_was_escalated_and_what_is_near(officer: TestClient, office: Office) -> None:
    text = officer.get("/chu-tich").text
    red, coming = text.split("Đến hạn trong 3 ngày làm việc", 1)
    held = {name: f'href="/ky-han/{number}"' for name, number in office.occurrences.items()}
    assert held["late"] in red
    assert "Đã gửi 03 tin nhắc" in red or "Đã gửi 02 tin nhắc" in red
    assert all(held[name] in coming for name in ("today", "shifted", "extended"))
    assert all(held[name] not in text for name in ("far", "returned", "accepted", "new_late"))
    assert "1 việc quá hạn" in text


def test_what_was_answered_leaves_the_leaders_page(officer: TestClient, office: Office, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        late = session.get(Occurrence, office.occurrences["late"])
        assert late is not None
        late.state = "submitted"
    assert f'href="/ky-han/{office.occurrences["late"]}"' not in officer.get("/chu-tich").text
