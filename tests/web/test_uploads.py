"""Files that take long: kept before they are read, read behind the request, found again after a stop, never lost."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from config.days_off import load_calendar
from db.models import Plan
from db.session import reading, transaction
from plans import upload_reading, uploads
from plans.opening import PlanText, open_plan
from plans.reading.sources import ocr
from plans.reading.sources.expected import SCANNED_PAGE, expected_seconds, is_scan
from plans.upload_reading import read_upload
from plans.uploads import Upload, claimed, take_in
from tests.plans import reading_samples as samples
from tests.web.builders import NOW, Clock, make_app, make_settings, sign_in
from tests.web.review_builders import QUIET_ROWS, Desk, draft, plan_text
from web import readers

DATA = plan_text(QUIET_ROWS)


@pytest.fixture
def read(accounts_url: str, home: Path) -> Callable[[Upload], Upload]:
    """What a reader does with an upload."""
    settings = make_settings(accounts_url, home)
    given: dict[str, Any] = {"settings": settings, "calendar": load_calendar(settings), "now": NOW}
    return partial(read_upload, transaction=partial(transaction, accounts_url), **given)


def plan_codes(url: str) -> list[str]:
    """The plans that are here."""
    with reading(url) as session:
        return [plan.code for plan in session.query(Plan)]


def token_of(client: TestClient, path: str = "/ke-hoach") -> str:
    """The CSRF token of a page."""
    text: str = client.get(path).text
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def test_a_file_sent_twice_while_it_waits_is_one(home: Path) -> None:
    first = take_in(home, "a.txt", DATA, NOW, "Lan")
    assert take_in(home, "b.txt", DATA, NOW, "Mai") == first
    assert take_in(home, "a.txt", DATA, NOW, "Lan", corrects="kh-1") != first
    assert [each.data() for each in uploads.all_uploads(home)] == [DATA, DATA]
    assert uploads.find(home, "../files") is None


def test_a_draft_made_by_a_try_that_was_killed_is_found(
    home: Path, accounts_url: str, read: Callable[[Upload], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the draft was committed and before the ticket said so: the next reader makes no second one."""
    upload = take_in(home, "kế hoạch.txt", DATA, NOW, "Lan")
    changed = Upload.changed

    def stopped(self: Upload, **values: object) -> Upload:
        if values.get("state") == "done":
            raise KeyboardInterrupt
        return changed(self, **values)

    monkeypatch.setattr(Upload, "changed", stopped)
    with pytest.raises(KeyboardInterrupt):
        read(upload)
    monkeypatch.undo()
    (code,) = plan_codes(accounts_url)
    done = read(upload)
    assert (done.state, done.plan, plan_codes(accounts_url)) == ("done", code, [code])


def test_a_file_that_always_stops_the_program_is_given_up(home: Path, read: Callable[[Upload], Upload]) -> None:
    upload = take_in(home, "lạ.txt", DATA, NOW, "Lan").changed(tries=upload_reading.MOST_TRIES)
    failed = read(upload)
    assert (failed.state, "lạ.txt" in failed.fault) == ("failed", True)


def test_a_fault_of_our_own_is_said_and_the_file_kept(
    home: Path, read: Callable[[Upload], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> PlanText:
        raise ZeroDivisionError

    monkeypatch.setattr(upload_reading, "open_plan", broken)
    failed = read(take_in(home, "lạ.txt", DATA, NOW, "Lan"))
    assert (failed.state, "Chương trình gặp lỗi" in failed.fault, failed.data()) == ("failed", True, DATA)


def test_what_another_process_reads_is_left_to_it(home: Path, read: Callable[[Upload], Upload]) -> None:
    upload = take_in(home, "a.txt", DATA, NOW, "Lan")
    with claimed(upload) as mine:
        assert mine
        assert read(upload).state == "waiting"
    assert read(upload).state == "done"


def test_a_file_dropped_while_it_is_read_becomes_no_plan(
    home: Path, accounts_url: str, read: Callable[[Upload], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = take_in(home, "a.txt", DATA, NOW, "Lan")

    def dropped(*given: object) -> PlanText:
        uploads.drop(home, upload.id)
        return open_plan("a.txt", DATA)

    monkeypatch.setattr(upload_reading, "open_plan", dropped)
    read(upload)
    assert (plan_codes(accounts_url), uploads.all_uploads(home)) == ([], [])


def test_what_nobody_decides_on_is_removed_and_what_waits_is_not(home: Path) -> None:
    waiting = take_in(home, "chờ.txt", DATA, NOW, "Lan")
    take_in(home, "sửa.txt", DATA, NOW, "Lan", corrects="kh-1").changed(state="read")
    take_in(home, "hỏng.txt", DATA, NOW, "Lan", year=2026).changed(state="failed")
    assert uploads.sweep(home, NOW + timedelta(days=uploads.KEEP_DAYS)) == 0
    assert uploads.sweep(home, NOW + timedelta(days=uploads.KEEP_DAYS, hours=1)) == 2
    assert uploads.all_uploads(home) == [waiting]


class Gate:
    """Holds every reading until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened = threading.Event()
        monkeypatch.setattr(upload_reading, "open_plan", self._read)
        monkeypatch.setattr(readers, "PATIENCE", 0.05)

    def _read(self, *given: object) -> PlanText:
        assert self.opened.wait(20)
        return open_plan(*given)  # type: ignore[arg-type]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Every file takes long, until the gate is opened."""
    made = Gate(monkeypatch)
    yield made
    made.opened.set()


def test_the_officer_sees_at_once_that_it_takes_long_then_the_draft(
    officer: TestClient, gate: Gate, accounts_url: str, home: Path
) -> None:
    sent = officer.post("/ke-hoach", data={"csrf": token_of(officer)}, files={"file": ("kế hoạch.txt", DATA)})
    assert "Đang đọc, khoảng 1 phút; trang tự cập nhật" in sent.text
    assert 'http-equiv="refresh"' in sent.text
    address = sent.request.url.path
    assert "Đang đọc" in officer.get("/ke-hoach").text
    gate.opened.set()
    (upload,) = uploads.all_uploads(home)
    officer.app.state.readers.read(upload, 20)  # type: ignore[attr-defined]
    page = officer.get(address)
    assert page.request.url.path == f"/ke-hoach/{plan_codes(accounts_url)[0]}"
    assert "Kiểm đếm hồ sơ" in page.text


def test_a_correction_that_takes_long_goes_on_to_the_comparison(
    officer: TestClient, gate: Gate, accounts_url: str, home: Path
) -> None:
    desk = Desk(officer, draft(accounts_url, home, DATA))
    new = DATA.replace(b"20/12/2026", b"25/12/2026")
    path = f"{desk.here}/nhap-lai"
    sent = officer.post(path, data={"csrf": token_of(officer, path)}, files={"file": ("sửa.txt", new)})
    gate.opened.set()
    (upload,) = uploads.all_uploads(home)
    officer.app.state.readers.read(upload, 20)  # type: ignore[attr-defined]
    assert "chờ bạn xem so sánh" in officer.get("/ke-hoach").text
    assert "<del>20/12/2026</del>" in officer.get(sent.request.url.path).text


def test_what_a_stopped_server_left_is_read_by_the_next(accounts_url: str, home: Path, clock: Clock) -> None:
    left = take_in(home, "kế hoạch.txt", DATA, NOW, "Lan")
    with TestClient(make_app(accounts_url, home, clock)) as client:
        client.app.state.readers.read(left, 20)  # type: ignore[attr-defined]
    assert len(plan_codes(accounts_url)) == 1


def test_a_file_that_failed_behind_the_page_says_why_and_can_be_put_away(officer: TestClient, home: Path) -> None:
    upload = take_in(home, "<b>ảnh</b>.jpg", b"x", NOW, "Lan").changed(state="failed", fault="Tệp là ảnh. Hãy gõ lại.")
    address = f"/tep-dang-doc/{upload.id}"
    page = officer.get(address).text
    assert "Tệp là ảnh. Hãy gõ lại." in page
    assert "<b>ảnh" not in page + officer.get("/ke-hoach").text
    sign_in(officer, "lanhdao")
    assert officer.get(address).status_code == 403
    assert "Tệp đã gửi" not in officer.get("/ke-hoach").text
    sign_in(officer, "chuyenvien")
    officer.post(f"{address}/bo", data={"csrf": token_of(officer)})
    assert uploads.all_uploads(home) == []
    assert officer.get(address).status_code == 404


@pytest.mark.xdist_group("office")
def test_a_scanned_plan_is_read_behind_the_page(
    home: Path, accounts_url: str, read: Callable[[Upload], Upload], tmp_path: Path
) -> None:
    printed = samples.as_pdf(tmp_path)
    if printed is None or ocr.recognizer() is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice, ocrmypdf and tesseract must be installed in CI (scripts/services.sh)")
        pytest.skip("LibreOffice, ocrmypdf or tesseract with Vietnamese is not installed")
    import pypdfium2

    scan = io.BytesIO()
    pypdfium2.PdfDocument(printed)[0].render(scale=200 / 72).to_pil().convert("L").save(scan, "PDF", resolution=200)
    assert expected_seconds(scan.getvalue()) > SCANNED_PAGE
    assert is_scan(scan.getvalue())
    assert not is_scan(printed)
    upload = take_in(home, "scan.pdf", scan.getvalue(), NOW, "Lan")
    assert (read(upload).state, len(plan_codes(accounts_url))) == ("done", 1)
    assert any(path.suffix == ".json" for path in (home / "views").rglob("*")), "its first page opens no file"


def test_any_bytes_have_an_expected_time() -> None:
    picture = io.BytesIO()
    Image.new("L", (20, 20)).save(picture, "PNG")
    for data in (b"", b"%PDF-1.4 x", picture.getvalue(), b"{\\rtf"):
        assert 0 < expected_seconds(data) < 60


def test_bytes_that_are_a_plan_are_refused_before_they_are_read(
    home: Path, accounts_url: str, read: Callable[[Upload], Upload], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(accounts_url, home, DATA)

    def unread(*_: object) -> PlanText:
        raise AssertionError("read in vain")

    monkeypatch.setattr(upload_reading, "open_plan", unread)
    failed = read(take_in(home, "lại.txt", DATA, NOW, "Lan"))
    assert (failed.state, "đã được nhập trước đây" in failed.fault) == ("failed", True)
