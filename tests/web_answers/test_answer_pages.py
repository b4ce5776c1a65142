"""The page that a unit opens from its message: what it shows, what it records, whom it turns away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import update

from config.clock import ZONE
from db.models import JournalEntry, Link, Occurrence, Person
from db.session import reading, transaction
from submissions.review import accept, decide_extension, return_for
from tests.submissions.answer_builders import (
    CALENDAR,
    NOW,
    PDF,
    actions,
    get_occurrence,
    make_settings,
)
from tests.web_answers.answer_app import Site, hidden, open_site


@pytest.fixture
def site(sqlite_url: str, home: Path) -> Iterator[Site]:
    with open_site(make_settings(sqlite_url, home)) as opened:
        yield opened


def post(site: Site, link: str, form: str, page: str | None = None, follow: bool = True, **parts: Any) -> Response:
    """Send one of the forms of the page as a browser would."""
    page = page or site.client.get(link).text
    data = {"dau": hidden(page, "dau", f"/{form}")} | parts.pop("data", {})
    answer: Response = site.client.post(f"{link}/{form}", data=data, follow_redirects=follow, **parts)
    return answer


def done(site: Site) -> list[str]:
    with reading(site.settings.database_url) as session:
        return actions(session)


def change(site: Site, occurrence: int | None = None, /, **values: object) -> None:
    with transaction(site.settings.database_url) as session:
        chosen = update(Occurrence).where(Occurrence.id == (occurrence or site.ground.occurrence))
        session.execute(chosen.values({"state": "open"} | values))


def test_shows_what_is_owed(site: Site) -> None:
    answer = site.client.get(site.link())
    assert answer.status_code == 200
    for words in (
        "Rà soát, cập nhật danh mục thủ tục hành chính",
        "Báo cáo kết quả kèm danh mục",
        "12/KH-UBND",
        "Quý I/2026",
        "từ 15/12/2025 đến 14/03/2026",
        "thứ Sáu, 20/3/2026",
        "Còn 4 ngày",
        "4 ngày làm việc",
        "Ông/Bà <strong>Lê Thị Hoa</strong>",
        "Phòng Văn hóa - Xã hội",
        "Tỷ lệ hồ sơ giải quyết đúng hạn",
        "Chỉ tiêu: từ 85 %",
        "Đã nhận",
        "Nộp báo cáo",
        "không phát sinh",
        "Xin gia hạn",
    ):
        assert words in answer.text, words
    assert "hộ kinh doanh" not in answer.text, "the target of another unit"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.text
    assert 'name="viewport"' in answer.text


def test_opening_the_page_records_nothing(site: Site) -> None:
    link = site.link()
    for _ in range(2):
        site.client.get(link)
    assert done(site) == []


def test_a_reader_does_not_wait_for_a_writer(site: Site) -> None:
    """The morning's chase holds the write lock for a while; the page opens all the same."""
    link = site.link()
    begun = time.monotonic()
    with transaction(site.settings.database_url) as session:
        get_occurrence(session, site.ground.occurrence).note = "đang ghi"
        session.flush()
        assert site.client.get(link).status_code == 200
    assert time.monotonic() - begun < 20, "the lock is waited for 30 seconds before giving up"


STANDINGS = {
    "soon": (datetime(2026, 3, 19, 8, 0, tzinfo=ZONE), {}, "Còn 1 ngày"),
    "today": (datetime(2026, 3, 20, 23, 0, tzinfo=ZONE), {}, "Đến hạn hôm nay"),
    "late": (datetime(2026, 3, 23, 8, 0, tzinfo=ZONE), {}, "Quá hạn 1 ngày làm việc"),
    "late progress check": (
        datetime(2026, 3, 23, 8, 0, tzinfo=ZONE),
        {"kind": "progress_check"},
        "Đã qua ngày rà soát",
    ),
    "extended": (datetime(2026, 3, 23, 8, 0, tzinfo=ZONE), {"extended_due": date(2026, 3, 27)}, "hạn ban đầu là"),
    "waived": (NOW, {"state": "waived"}, "Được miễn"),
    "held": (NOW, {"state": "on_hold"}, "Đang tạm dừng"),
    "accepted": (NOW, {"state": "accepted", "answered_at": NOW}, "Đã được chấp nhận"),
    "accepted without an answer": (NOW, {"state": "accepted"}, "Đã được chấp nhận"),
}


@pytest.mark.parametrize(("now", "values", "words"), STANDINGS.values(), ids=STANDINGS)
def test_says_where_it_stands(site: Site, now: datetime, values: dict[str, object], words: str) -> None:
    link = site.link()
    change(site, **values)
    site.clock.moment = now
    page = site.client.get(link).text
    assert words in page
    assert ("Quá hạn" in page) is (words == "Quá hạn 1 ngày làm việc")
    assert ("<form" in page) is (values.get("state") not in ("waived", "accepted"))


def test_received(site: Site) -> None:
    answer = post(site, site.link(), "nhan")
    assert answer.status_code == 200
    assert "đơn vị đã nhận việc" in answer.text
    assert "08:05 ngày 16/3/2026" in answer.text
    assert "Lê Thị Hoa (P. VHXH)" in answer.text
    assert done(site) == ["occurrence.acknowledge"]
    assert "đã báo nhận lúc" in site.client.get(site.link()).text


def test_received_may_be_said_again_after_the_next_reminder(site: Site) -> None:
    link = site.link()
    post(site, link, "nhan")
    assert f'action="{link}/nhan"' not in site.client.get(link).text
    change(site, last_step_at=NOW + timedelta(days=1))
    assert f'action="{link}/nhan"' in site.client.get(link).text


def test_what_else_waits_for_the_same_person_is_listed_with_its_links(site: Site) -> None:
    link, other = site.link(), site.link(occurrence=site.ground.other)
    page = site.client.get(link).text
    assert "Việc khác đang chờ (1)" in page
    assert other in page
    assert site.link(person=site.ground.stranger) not in page
    change(site, site.ground.other, state="submitted")
    assert "Việc khác đang chờ" not in site.client.get(link).text


def test_a_report_is_confirmed_exactly(site: Site) -> None:
    figures = {f"figure-{site.ground.percent}": "87,25", f"figure-{site.ground.count}": "3"}
    files = [("files", ("Báo cáo quý.pdf", PDF, "application/x-msdownload")), ("files", ("", b"", ""))]
    answer = post(site, site.link(), "nop", data=figures | {"text": "Đã niêm yết đủ."}, files=files)
    for words in ("Đã nhận báo cáo", "08:05 ngày 16/3/2026", "Báo cáo quý.pdf", "87,25 %", "3 buổi", "Đã niêm yết đủ."):
        assert words in answer.text, words
    with reading(site.settings.database_url) as session:
        occurrence = get_occurrence(session, site.ground.occurrence)
        assert occurrence.state == "submitted"
        assert occurrence.submissions[0].files[0].mime == "application/pdf"
        assert occurrence.submissions[0].sent_by == "Lê Thị Hoa (P. VHXH)"
    page = site.client.get(site.link()).text
    assert "Đã nộp, chờ xem" in page
    assert "/tep/" not in page, "files are not given back here"


def test_faults_are_told_beside_their_fields_and_nothing_typed_is_lost(site: Site) -> None:
    name = f"figure-{site.ground.percent}"
    data = {name: "khoảng 80", "text": "Đã làm xong"}
    answer = post(site, site.link(), "nop", data=data, files=[("files", ("a.pdf", b"MZ", ""))])
    assert answer.status_code == 422
    assert "Có 2 chỗ cần sửa" in answer.text
    assert f'id="loi-{name}"' in answer.text
    assert 'id="loi-files"' in answer.text
    assert 'value="khoảng 80"' in answer.text
    assert "Đã làm xong" in answer.text
    assert done(site) == []


def test_hostile_words_are_shown_as_words(site: Site) -> None:
    evil = "<script>alert(1)</script>"
    answer = post(site, site.link(), "nop", data={"text": evil}, files=[("files", (f"{evil}.pdf", PDF, ""))])
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_file_over_the_limit_is_named(site: Site) -> None:
    answer = post(site, site.link(), "nop", files=[("files", ("to.pdf", PDF + b"\0" * (1 << 20), ""))])
    assert answer.status_code == 422
    assert "lớn hơn 1 MB" in answer.text
    assert done(site) == []


def test_a_request_over_the_whole_limit_is_refused_before_it_is_read(site: Site) -> None:
    answer = post(site, site.link(), "nop", files=[("files", ("to.pdf", PDF + b"\0" * (7 << 20), ""))])
    assert answer.status_code == 413
    assert "quá lớn" in answer.text
    assert done(site) == []


def test_nil(site: Site) -> None:
    answer = post(site, site.link(), "khong-phat-sinh")
    assert "không phát sinh" in answer.text
    with reading(site.settings.database_url) as session:
        assert get_occurrence(session, site.ground.occurrence).submissions[0].kind == "nil"


def test_more_time(site: Site) -> None:
    answer = post(site, site.link(), "gia-han", data={"wanted_due": "2026-03-27", "reason": "Chờ số liệu của tỉnh"})
    for words in ("Đã nhận đề nghị gia hạn", "thứ Sáu, 27/3/2026", "Chờ số liệu của tỉnh", "hạn cũ vẫn giữ nguyên"):
        assert words in answer.text, words
    page = site.client.get(site.link()).text
    assert "Chờ quyết định" in page
    assert 'action="' + site.link() + '/gia-han"' not in page, "one open request at a time"


BAD_WISHES = {
    "no date": ("", "Vì bận", "Chưa chọn ngày"),
    "nonsense": ("mai", "Vì bận", "Chưa chọn ngày"),
    "saturday": ("2026-03-28", "Vì bận", "Ngày làm việc gần nhất là thứ Sáu, 27/3/2026"),
    "too early": ("2026-03-20", "Vì bận", "phải sau thời hạn"),
    "no reason": ("2026-03-27", " ", "Chưa có lý do"),
}


@pytest.mark.parametrize(("wanted", "reason", "words"), BAD_WISHES.values(), ids=BAD_WISHES)
def test_wishes_that_cannot_be(site: Site, wanted: str, reason: str, words: str) -> None:
    answer = post(site, site.link(), "gia-han", data={"wanted_due": wanted, "reason": reason})
    assert answer.status_code == 422
    assert words in answer.text
    assert done(site) == []


def test_a_double_tap_is_one_version_and_a_corrected_one_is_two(site: Site) -> None:
    link = site.link()
    page = site.client.get(link).text
    places = [post(site, link, "nop", page, False, data={"text": "xong"}).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    again = post(site, link, "nop", page, False, data={"text": "xong, kèm số liệu"}).headers["location"]
    assert again != places[0], "another content from the same old page is never swallowed"
    assert done(site) == ["submission.receive"] * 2
    assert "lần 1" in site.client.get(places[0]).text


def test_a_returned_report_stands_on_top_with_its_reason(site: Site) -> None:
    link = site.link()
    figures = {f"figure-{site.ground.percent}": "80"}
    post(site, link, "nop", data=figures | {"text": "Bản đầu"}, files=[("files", ("a.pdf", PDF, ""))])
    with transaction(site.settings.database_url) as session:
        submission = get_occurrence(session, site.ground.occurrence).submissions[0]
        return_for(session, submission.id, "Thiếu phụ lục 2", "Ngô Thị Lan", NOW, site.settings)
        kept = submission.files[0].id
    page = site.client.get(link).text
    assert page.index("Thiếu phụ lục 2") < page.index("Hạn:") < page.index("Sản phẩm")
    assert "Gửi lại báo cáo" in page
    assert 'value="80"' in page, "what was right need not be typed again"
    assert f'value="{kept}" checked' in page
    post(site, link, "nop", data=figures | {"text": "Bản sau", "keep": str(kept)})
    with reading(site.settings.database_url) as session:
        versions = get_occurrence(session, site.ground.occurrence).submissions
        assert [[file.name for file in one.files] for one in versions] == [["a.pdf"], ["a.pdf"]]


def test_the_third_request_is_announced(site: Site) -> None:
    link = site.link()
    for hours, wanted in enumerate((date(2026, 3, 25), date(2026, 3, 26))):
        post(site, link, "gia-han", data={"wanted_due": wanted.isoformat(), "reason": "Chờ"})
        with transaction(site.settings.database_url) as session:
            asked = get_occurrence(session, site.ground.occurrence).extensions[-1].id
            decided = NOW + timedelta(hours=hours)
            decide_extension(session, asked, True, None, "", "Lan", decided, CALENDAR, site.settings)
    page = site.client.get(link).text
    assert "Đề nghị lần 3 sẽ được đánh dấu" in page
    assert "hạn cũ" in page


def test_an_accepted_report_is_locked_kindly(site: Site) -> None:
    link = site.link()
    page = site.client.get(link).text
    post(site, link, "nop", page, data={"text": "xong"})
    with transaction(site.settings.database_url) as session:
        submission = get_occurrence(session, site.ground.occurrence).submissions[0].id
        accept(session, submission, "Lan", NOW, site.settings)
    answer = post(site, link, "nop", page, data={"text": "sửa"})
    assert answer.status_code == 409
    assert "khóa lại" in answer.text
    assert done(site)[-1] == "submission.accept"


def _expire(site: Site) -> None:
    site.clock.moment = NOW + timedelta(days=60)


def _revoke(site: Site) -> None:
    with transaction(site.settings.database_url) as session:
        session.execute(update(Link).values(revoked_at=NOW))


@pytest.mark.parametrize("spoil", [_expire, _revoke], ids=["expired", "revoked"])
def test_a_dead_link_says_what_to_do_and_shows_nothing(site: Site, spoil: Any) -> None:
    link = site.link()
    page = site.client.get(link).text
    spoil(site)
    for answer in (site.client.get(link), post(site, link, "nhan", page), site.client.get(f"{link}/xong/x")):
        assert answer.status_code == 410
        assert "tin nhắn đôn đốc mới nhất" in answer.text
        assert "Rà soát" not in answer.text
        assert "Lê Thị Hoa" not in answer.text
    assert done(site) == []


@pytest.mark.parametrize("token", ["x", "a.b.c", "WzEsMSwxXQ.AAAA", "%00", "a" * 3000])
def test_a_link_that_never_was_is_not_found(site: Site, token: str) -> None:
    answer = site.client.get(f"/t/{token}")
    assert answer.status_code == 404
    assert "Rà soát" not in answer.text


def test_nothing_that_is_sent_to_a_link_that_never_was_is_read(site: Site) -> None:
    """The body here is no form at all; reading it would be told as a fault of the form."""
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = site.client.post("/t/abc/nop", content=b"no form", headers=headers)
    assert answer.status_code == 404
    assert "Liên kết không mở được" in answer.text


def test_the_confirmation_of_another_occurrence_is_not_shown(site: Site) -> None:
    place = post(site, site.link(), "nop", follow=False, data={"text": "bí mật"}).headers["location"]
    other = site.link(site.ground.stranger, site.ground.other)
    answer = site.client.get(f"{other}/xong/{place.rsplit('/', 1)[1]}")
    assert "bí mật" not in answer.text
    assert answer.url.path == other


OUTSIDERS = ["chair", "stranger"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_is_not_of_the_unit_only_reads(site: Site, who: str) -> None:
    mark = hidden(site.client.get(site.link()).text, "dau", "/nhan")
    link = site.link(getattr(site.ground, who))
    page = site.client.get(link).text
    assert "chỉ để xem" in page
    # A superior may say what he thinks; no form answers for the unit.
    assert page.count("<form") == page.count("/y-kien") == (who == "chair")
    answer = site.client.post(f"{link}/nhan", data={"dau": mark})
    assert answer.status_code == 403, "the mark of one link is worth nothing on another"
    assert done(site) == []


def test_who_has_left_only_reads(site: Site) -> None:
    with transaction(site.settings.database_url) as session:
        session.execute(update(Person).where(Person.id == site.ground.person).values(active=False))
    assert "<form" not in site.client.get(site.link()).text


def _no_mark(page: str) -> dict[str, str]:
    return {}


def _other_form(page: str) -> dict[str, str]:
    return {"dau": hidden(page, "dau", "/khong-phat-sinh")}


def _made_up(page: str) -> dict[str, str]:
    return {"dau": "abc.def"}


@pytest.mark.parametrize("forge", [_no_mark, _other_form, _made_up], ids=["none", "of another form", "made up"])
def test_a_post_without_the_forms_own_mark_is_refused(site: Site, forge: Any) -> None:
    link = site.link()
    answer = site.client.post(f"{link}/nhan", data=forge(site.client.get(link).text))
    assert answer.status_code == 403
    assert done(site) == []


def test_a_post_from_another_site_is_refused(site: Site) -> None:
    answer = post(site, site.link(), "nhan", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert done(site) == []


def test_nonsense_in_fields_is_no_crash(site: Site) -> None:
    data = {"figure-abc": "1", "figure-99999999999999999999": "1", "keep": "x", "text": "a\x00b"}
    answer = post(site, site.link(), "nop", data=data, files=[("files", ("a.pdf", PDF, "")), ("other", ("b", b"", ""))])
    assert answer.status_code == 422
    assert "không được giao chỉ tiêu" in answer.text


def test_the_journal_names_the_person(site: Site) -> None:
    post(site, site.link(), "nhan")
    with reading(site.settings.database_url) as session:
        assert session.query(JournalEntry).first().actor == "Lê Thị Hoa (P. VHXH)"  # type: ignore[union-attr]
