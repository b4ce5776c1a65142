"""The officer's pages: what waits, accepting, returning, deciding, moving; and who may do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from db.models import Target
from db.models.occurrences import SubmissionFigure
from db.session import reading, transaction
from submissions.checks import Answer
from submissions.files import Upload
from submissions.receiving import ask_extension, submit
from submissions.review import accept
from tests.submissions.answer_builders import (
    CALENDAR,
    NOW,
    PDF,
    actions,
    get_occurrence,
    make_occurrence,
    make_settings,
)
from tests.web_answers.answer_app import Site, open_site
from web.review_pages import judge


@pytest.fixture
def settings(sqlite_url: str, home: Path) -> Settings:
    return make_settings(sqlite_url, home)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with open_site(settings) as opened:
        yield opened


def send(site: Site, value: str = "82,5", name: str = "Báo cáo.pdf", occurrence: int | None = None) -> int:
    answer = Answer("report", "Đã xong.", {site.ground.percent: value}, [Upload(name, PDF)])
    with transaction(site.settings.database_url) as session:
        return submit(session, occurrence or site.ground.occurrence, answer, "Lê Thị Hoa", "web", NOW, site.settings).id


def ask(site: Site) -> int:
    with transaction(site.settings.database_url) as session:
        wanted = date(2026, 3, 27)
        return ask_extension(session, site.ground.occurrence, wanted, "Chờ số liệu", "Hoa", NOW, CALENDAR).id


def state(site: Site) -> str:
    with reading(site.settings.database_url) as session:
        return get_occurrence(session, site.ground.occurrence).state


def test_nothing_waits(site: Site) -> None:
    site.sign_in("lan")
    assert "Không có báo cáo nào chờ duyệt" in site.client.get("/nop").text
    assert "Không có đề nghị nào" in site.client.get("/gia-han").text


def test_what_waits_is_listed_until_it_is_reviewed(site: Site) -> None:
    submission = send(site)
    site.sign_in("lan")
    page = site.client.get("/nop").text
    assert f"/nop/{submission}" in page
    assert "Đúng hạn" in page
    answer = site.client.post(f"/nop/{submission}/chap-nhan", data={"csrf": site.csrf()})
    assert "Đã chấp nhận báo cáo" in answer.text
    assert f"/nop/{submission}" not in answer.text
    assert state(site) == "accepted"


def test_a_figure_stands_beside_its_target_and_the_last_one(site: Site) -> None:
    with transaction(site.settings.database_url) as session:
        this = get_occurrence(session, site.ground.occurrence)
        before = make_occurrence(this.obligation, this.unit, "2025-Q4", "Quý IV/2025")
        session.add(before)
        session.flush()
        earlier = before.id
    accepted = send(site, "79", occurrence=earlier)
    with transaction(site.settings.database_url) as session:
        accept(session, accepted, "Lan", NOW - timedelta(days=1), site.settings)
    site.sign_in("lan")
    page = site.client.get(f"/nop/{send(site)}").text
    for words in ("82,5 %", "từ 85 %", ">79<", "Còn thiếu 2,5 điểm %"):
        assert words in page, words


VERDICTS = {
    "reached": (">=", 85.0, 85.0, "Đạt"),
    "short": (">=", 85.0, 80.0, "Còn thiếu 5 điểm %"),
    "must exceed": (">", 85.0, 85.0, "Còn thiếu 0 điểm %"),
    "equal": ("=", 100.0, 100.0, "Đạt"),
    "below a ceiling": ("<=", 5.0, 3.0, "Đạt"),
    "above a ceiling": ("<=", 5.0, 7.5, "Vượt 2,5 điểm %"),
    "words": (">=", None, 3.0, None),
}


@pytest.mark.parametrize(("comparator", "goal", "given", "words"), VERDICTS.values(), ids=VERDICTS)
def test_a_figure_against_its_target(comparator: str, goal: float | None, given: float, words: str | None) -> None:
    target = Target(name="Tỷ lệ", unit="%", comparator=comparator, value=goal)
    verdict = judge(SubmissionFigure(value=given, target=target))
    assert (verdict.text if verdict else None) == words


def test_returning_needs_words_for_the_unit(site: Site) -> None:
    submission = send(site)
    site.sign_in("lan")
    empty = site.client.post(f"/nop/{submission}/tra-lai", data={"csrf": site.csrf(), "reason": "  "})
    assert empty.status_code == 422
    assert "Hãy ghi lý do" in empty.text
    assert state(site) == "submitted"
    answer = site.client.post(f"/nop/{submission}/tra-lai", data={"csrf": site.csrf(), "reason": "Thiếu chữ ký"})
    assert "Đã trả lại" in answer.text
    assert state(site) == "returned"
    assert "Thiếu chữ ký" in site.client.get(f"/nop/{submission}").text


def test_an_old_version_points_to_the_new_one(site: Site) -> None:
    first, second = send(site), send(site, "90")
    site.sign_in("lan")
    page = site.client.get(f"/nop/{first}").text
    assert "bản mới hơn" in page
    assert "/chap-nhan" not in page
    answer = site.client.post(f"/nop/{first}/chap-nhan", data={"csrf": site.csrf()})
    assert answer.status_code == 409
    assert f"/nop/{second}" in site.client.get("/nop").text


def test_a_file_comes_back_as_a_download_under_a_safe_name(site: Site) -> None:
    submission = send(site, name="..\\Báo cáo \u202equý.pdf")
    site.sign_in("lan")
    with reading(site.settings.database_url) as session:
        file = get_occurrence(session, site.ground.occurrence).submissions[0].files[0].id
    answer = site.client.get(f"/nop/{submission}/tep/{file}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%20qu%C3%BD.pdf"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert site.client.get(f"/nop/{submission + 1}/tep/{file}").status_code == 404, "only with its own submission"


def test_a_file_missing_from_the_store_is_told(site: Site) -> None:
    submission = send(site)
    for path in (site.settings.home / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    site.sign_in("lan")
    answer = site.client.get(f"/nop/{submission}/tep/1")
    assert answer.status_code == 409
    assert "bản sao lưu" in answer.text


def test_granting_another_date(site: Site) -> None:
    extension = ask(site)
    site.sign_in("lan")
    assert "Chờ số liệu" in site.client.get("/gia-han").text
    data = {"csrf": site.csrf(), "granted_due": "2026-03-28"}
    refused = site.client.post(f"/gia-han/{extension}/dong-y", data=data)
    assert refused.status_code == 422
    assert "Ngày làm việc gần nhất là thứ Sáu, 27/3/2026" in refused.text
    granted = site.client.post(f"/gia-han/{extension}/dong-y", data=data | {"granted_due": "2026-03-25"})
    assert "Đã đồng ý gia hạn" in granted.text
    with reading(site.settings.database_url) as session:
        assert get_occurrence(session, site.ground.occurrence).extended_due == date(2026, 3, 25)


def test_refusing_needs_a_note(site: Site) -> None:
    extension = ask(site)
    site.sign_in("lan")
    data = {"csrf": site.csrf(), "note": ""}
    assert site.client.post(f"/gia-han/{extension}/tu-choi", data=data).status_code == 422
    answer = site.client.post(f"/gia-han/{extension}/tu-choi", data=data | {"note": "Tỉnh đã ấn định"})
    assert "Đã từ chối gia hạn" in answer.text
    again = site.client.post(f"/gia-han/{extension}/tu-choi", data=data | {"note": "Lần nữa"})
    assert "đã được Ngô Thị Lan từ chối" in again.text


def test_nonsense_for_a_date_is_told(site: Site) -> None:
    extension = ask(site)
    site.sign_in("lan")
    answer = site.client.post(f"/gia-han/{extension}/dong-y", data={"csrf": site.csrf(), "granted_due": "mai"})
    assert answer.status_code == 422
    assert "Không hiểu ngày «mai»" in answer.text


def test_a_leader_decides_requests_but_reviews_nothing(site: Site) -> None:
    submission, extension = send(site), 0
    site.sign_in("chu")
    page = site.client.get(f"/nop/{submission}").text
    assert "/chap-nhan" not in page
    assert "/tep/" not in page
    csrf = site.client.get("/nop").text.split('name="csrf" value="')[1].split('"')[0]
    for path in (
        f"/nop/{submission}/chap-nhan",
        f"/nop/{submission}/tra-lai",
        f"/ky-han/{site.ground.occurrence}/mien",
    ):
        assert site.client.post(path, data={"csrf": csrf, "reason": "x"}).status_code == 403, path
    assert site.client.get(f"/nop/{submission}/tep/1").status_code == 403
    assert state(site) == "submitted"
    with transaction(site.settings.database_url) as session:
        get_occurrence(session, site.ground.occurrence).state = "open"
    extension = ask(site)
    answer = site.client.post(f"/gia-han/{extension}/dong-y", data={"csrf": csrf, "granted_due": "2026-03-27"})
    assert "Đã đồng ý gia hạn" in answer.text


MOVES = {"mien": ("waived", "Đã miễn"), "tam-dung": ("on_hold", "Đã tạm dừng")}


@pytest.mark.parametrize(("move", "after", "words"), [(k, *v) for k, v in MOVES.items()], ids=MOVES)
def test_moving_and_resuming(site: Site, move: str, after: str, words: str) -> None:
    site.sign_in("lan")
    data = {"csrf": site.csrf(), "reason": "Sắp xếp lại", "tiep": "/nop"}
    answer = site.client.post(f"/ky-han/{site.ground.occurrence}/{move}", data=data)
    assert answer.url.path == "/nop"
    assert words in answer.text
    assert state(site) == after
    site.client.post(f"/ky-han/{site.ground.occurrence}/tiep-tuc", data=data)
    assert state(site) == "open"


def test_moves_that_cannot_be(site: Site) -> None:
    site.sign_in("lan")
    csrf = site.csrf()
    place = f"/ky-han/{site.ground.occurrence}"
    assert site.client.post(f"{place}/mien", data={"csrf": csrf}).status_code == 409
    assert site.client.post(f"{place}/tiep-tuc", data={"csrf": csrf, "reason": "x"}).status_code == 409
    assert site.client.post(f"{place}/xoa", data={"csrf": csrf, "reason": "x"}).status_code == 404
    assert state(site) == "open"


def test_returning_leads_only_to_our_own_pages(site: Site) -> None:
    site.sign_in("lan")
    data = {"csrf": site.csrf(), "reason": "x", "tiep": "https://example.org/"}
    answer = site.client.post(f"/ky-han/{site.ground.occurrence}/mien", data=data, follow_redirects=False)
    assert answer.headers["location"] == "/"


PAGES = ["/nop", "/nop/1", "/nop/1/tep/1", "/gia-han"]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_seen_without_signing_in(site: Site, page: str) -> None:
    send(site)
    answer = site.client.get(page, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/dang-nhap")


def test_a_forged_post_does_nothing(site: Site) -> None:
    submission = send(site)
    site.sign_in("lan")
    for path in (f"/nop/{submission}/chap-nhan", f"/ky-han/{site.ground.occurrence}/mien"):
        assert site.client.post(path, data={"reason": "x"}).status_code == 403
    with reading(site.settings.database_url) as session:
        assert "submission.accept" not in actions(session)
    assert state(site) == "submitted"


@pytest.mark.parametrize("page", ["/nop/999", "/nop/abc", "/nop/1/tep/999"])
def test_what_is_not_there(site: Site, page: str) -> None:
    site.sign_in("lan")
    assert site.client.get(page).status_code == 404
