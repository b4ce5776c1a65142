"""Every page: with data, without any, for each role; nothing from outside; hostile words stay words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from db.models import Obligation, Occurrence, Unit
from db.session import engine_for, transaction
from tests.web.builders import Clock, add_users, make_app, sign_in
from tests.web.office_builders import Office, fill, make_occurrence
from web.rendering import OWN_STATIC, say_ordinal

# path -> (words that stand on it, who is refused)
PAGES = {
    "/": ("Việc cần theo dõi", set[str]()),
    "/?xem=hom-nay": ("Quá hạn", set()),
    "/?xem=30-ngay&trang-thai=tat-ca": ("Việc cần theo dõi", set()),
    "/lich": ("Tháng 11/2026", set()),
    "/lich?thang=2026-02": ("Tháng 2/2026", set()),
    "/ke-hoach": ("Kế hoạch", set()),
    "/cho-ngay": ("Việc chờ ngày", set()),
    "/hop-gui": ("Hộp gửi đi", {"lanhdao"}),
    "/don-vi": ("Đơn vị", set()),
    "/bao-cao": ("Báo cáo tổng hợp", set()),
    "/chu-tich": ("Việc cần chỉ đạo", set()),
    "/suc-khoe": ("Sức khỏe hệ thống", {"lanhdao"}),
    "/nop": ("Chờ duyệt", set()),
    "/gia-han": ("Gia hạn", set()),
}
FILLED = {
    "/ky-han/{late}": ("Quá hạn 08 ngày làm việc", set[str]()),
    "/ky-han/{extended}": ("Gia hạn đến", set()),
    "/ky-han/{submitted}": ("Xem và duyệt", set()),
    "/ky-han/{recorded}": ("Chỉ ghi nhận", set()),
    "/nhiem-vu/2": ("trước ngày 18 hằng tháng", set()),
    "/ke-hoach/kh-15": ("Kế hoạch cải cách hành chính năm 2026", set()),
    "/ke-hoach/kh-88": ("Câu hỏi cần trả lời", set()),
}
OUTSIDE = re.compile(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_over_an_empty_database(officer: TestClient, path: str) -> None:
    answer = officer.get(path)
    assert answer.status_code == 200
    assert "None" not in answer.text


@pytest.mark.parametrize("path", [*PAGES, *FILLED])
def test_a_page_opens_over_a_full_database(officer: TestClient, office: Office, path: str) -> None:
    answer = officer.get(path.format(**office.occurrences))
    assert answer.status_code == 200
    assert (PAGES | FILLED)[path][0] in answer.text
    assert "None" not in answer.text


@pytest.mark.parametrize("path", [*PAGES, *FILLED])
def test_nobody_sees_a_page_without_signing_in(client: TestClient, office: Office, path: str) -> None:
    answer = client.get(path.format(**office.occurrences), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/dang-nhap")


@pytest.mark.parametrize("name", ["quantri", "chuyenvien", "lanhdao"])
def test_each_role_sees_its_pages(client: TestClient, office: Office, name: str) -> None:
    sign_in(client, name)
    refused = {path for path, (_, shut) in PAGES.items() if client.get(path).status_code == 403}
    assert refused == {path for path, (_, shut) in PAGES.items() if name in shut}


def test_a_leader_comes_home_to_the_leaders_page(client: TestClient, office: Office) -> None:
    sign_in(client, "lanhdao")
    answer = client.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/chu-tich")
    assert "/hop-gui" not in client.get("/chu-tich").text


@pytest.mark.parametrize("path", [*PAGES, *FILLED, "/dang-nhap", "/khong-co"])
def test_nothing_comes_from_outside_and_nothing_runs_inline(officer: TestClient, office: Office, path: str) -> None:
    text = officer.get(path.format(**office.occurrences)).text
    assert not OUTSIDE.search(text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_our_own_static_files_fetch_nothing_from_outside() -> None:
    for file in OWN_STATIC.iterdir():
        assert not OUTSIDE.search(file.read_text(encoding="utf-8")), file.name


def test_every_answer_carries_the_security_headers(officer: TestClient) -> None:
    for path in ("/", "/dang-nhap", "/khong-co", "/healthz"):
        headers = officer.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_hostile_words_stay_words(officer: TestClient, office: Office, accounts_url: str) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    with transaction(accounts_url) as session:
        for duty in session.query(Obligation):
            duty.content = duty.deadline_text = duty.deliverable = hostile
        for unit in session.query(Unit):
            unit.name = unit.short_name = hostile[:60]
        for occurrence in session.query(Occurrence):
            occurrence.period_label = hostile
            occurrence.explanation = [hostile]
    for path in [*PAGES, *FILLED, f"/?tim={hostile}", f"/?don-vi={hostile}&ke-hoach={hostile}"]:
        text = officer.get(path.format(**office.occurrences)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_the_first_page_costs_a_fixed_number_of_queries(accounts_url: str, office: Office, officer: TestClient) -> None:
    few = count_queries(accounts_url, officer)
    add_many(accounts_url, 300)
    many = count_queries(accounts_url, officer)
    assert many <= few <= 22


def add_many(url: str, count: int) -> None:
    """Many more occurrences of one duty, all overdue."""
    with transaction(url) as session:
        duty, units = session.query(Obligation).first(), session.query(Unit).all()
        assert duty is not None
        for number in range(count):
            unit = units[number % len(units)]
            session.add(make_occurrence(duty, unit, f"x-{number}", f"Kỳ {number}", "06/11/2026"))


def count_queries(url: str, client: TestClient) -> int:
    """SELECTs that one opening of the first page makes."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    engine = engine_for(url)
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get("/?xem=tat-ca").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)


@pytest.mark.parametrize(
    ("printed", "said"),
    [("3", "3. "), ("1.2", "1.2. "), ("b", "b. "), ("-", "- "), ("c)", "c) "), ("", ""), (None, "")],
)
def test_a_printed_number_before_a_duty(printed: str | None, said: str) -> None:
    assert say_ordinal(printed) == said


def test_questions_that_may_wait_stand_apart(officer: TestClient, office: Office) -> None:
    text = officer.get("/ke-hoach/kh-88").text
    assert "Câu hỏi cần trả lời (2)" in text
    assert text.count("Không bắt buộc trả lời trước khi xác nhận (1)") == 1


def test_the_banner_shows_when_the_daily_run_is_late(
    accounts_url: str, home: Path, clock: Clock, office: Office, officer: TestClient
) -> None:
    assert "Lượt nhắc việc hôm nay chưa chạy" not in officer.get("/").text
    assert officer.get("/healthz").json()["status"] == "ok"
    clock.advance(days=3, hours=2)
    with TestClient(make_app(accounts_url, home, clock)) as client:
        sign_in(client, "chuyenvien")
        assert "Lượt nhắc việc hôm nay chưa chạy" in client.get("/ke-hoach").text
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "late")


def test_the_pages_open_on_sqlite_and_postgresql(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        add_users(session)
    with transaction(database_url) as session:
        office = fill(session)
    with TestClient(make_app(database_url, home)) as client:
        sign_in(client, "quantri")
        for path in [*PAGES, *FILLED, "/?xem=tat-ca&tim=ky nang&don-vi=van-phong&loai=duty&ke-hoach=kh-15", "/healthz"]:
            assert client.get(path.format(**office.occurrences)).status_code == 200, path


def test_an_officer_hands_a_form_on(officer: TestClient, office: Office) -> None:
    number = office.occurrences["late"]
    assert f"/ky-han/{number}/bieu-mau" in officer.get(f"/ky-han/{number}").text
    answer = officer.get(f"/ky-han/{number}/bieu-mau")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert officer.get("/ky-han/999/bieu-mau").status_code == 404
