"""A corrected file on the web: seen before it is applied, applied as it was seen, or dropped; and bad files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from db.file_store import stored_path
from db.models import JournalEntry, Occurrence, Plan
from db.session import reading, transaction
from plans.editing import DutyChanges, edit_duty
from plans.uploads import all_uploads
from tests.web.builders import NOW, sign_in
from tests.web.office_builders import Office
from tests.web.review_builders import QUIET_ROWS, Desk, draft, plan_text, rows_of

# The second duty is later, the third is gone, a new one stands last.
CORRECTED = (
    QUIET_ROWS[0],
    QUIET_ROWS[1].replace("20/12/2026", "25/12/2026"),
    *QUIET_ROWS[3:],
    "6\tNghiệm thu toàn bộ kết quả\tBiên bản\tPhòng Văn hóa - Xã hội\t\tTrước ngày 30/12/2026",
)


@dataclass
class Sent:
    """The page that follows a file that was sent."""

    status: int
    address: str
    text: str

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the button that applies it."""
        form = self.text.split("/thuc-hien", 1)[1].split("</form>", 1)[0]
        return dict(re.findall(r'name="(stamp)" value="([^"]*)"', form))


def send(desk: Desk, data: bytes, name: str = "sửa.txt", year: str = "") -> Sent:
    """Send a file as a person does."""
    page = desk.client.get(f"{desk.here}/nhap-lai").text
    token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    answer = desk.client.post(f"{desk.here}/nhap-lai", data={"csrf": token, "year": year}, files={"file": (name, data)})
    return Sent(answer.status_code, answer.request.url.path.removeprefix(desk.here), answer.text)


@pytest.fixture
def followed(officer: TestClient, office: Office, accounts_url: str, home: Path) -> Desk:
    """The officer before a plan that is followed."""
    desk = Desk(officer, draft(accounts_url, home, plan_text(QUIET_ROWS)))
    assert desk.post("/xac-nhan")[0] == 200
    return desk


def dues(url: str, code: str) -> list[tuple[str, str]]:
    """The nominal day and state of each occurrence of a plan."""
    with reading(url) as session:
        rows = session.query(Occurrence).join(Occurrence.obligation).join(Plan).filter(Plan.code == code)
        return sorted((each.nominal.isoformat(), each.state) for each in rows)


def test_a_correction_is_seen_then_applied_as_it_was_seen(followed: Desk, accounts_url: str) -> None:
    before = dues(accounts_url, followed.code)
    sent = send(followed, plan_text(CORRECTED))
    assert sent.status == 200, sent.text
    assert "1 nhiệm vụ thêm, 1 bỏ, 1 sửa" in sent.text
    assert "<del>20/12/2026</del><ins>25/12/2026</ins>" in sent.text
    assert "Đổi hạn: Phòng Kinh tế, Hạ tầng và Đô thị" in sent.text
    assert "Kỳ hạn: thêm 1, đổi ngày 1, hủy 1" in sent.text
    gone = sent.text.split('id="nhom-removed"', 1)[1].split("</section>", 1)[0]
    assert "Hủy: Phòng Văn hóa - Xã hội" in gone, "what becomes of a removed duty stands under it"
    assert dues(accounts_url, followed.code) == before, "looking changes nothing"
    status, text = followed.post(f"{sent.address}/thuc-hien", **sent.fields)
    assert (status, "thêm 1 kỳ hạn, đổi ngày 1, hủy 1" in text) == (200, True)
    after = dues(accounts_url, followed.code)
    assert ("2026-12-24", "open") in after
    assert ("2026-12-29", "open") in after
    assert [state for _, state in after].count("cancelled") == 1
    with reading(accounts_url) as session:
        assert session.query(JournalEntry).filter_by(action="plan.reimport").one().actor == "Phạm Thị Lan"


def test_what_is_done_is_told_apart_and_stays(followed: Desk, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        done = session.query(Occurrence).join(Occurrence.obligation).join(Plan)
        done.filter(
            Plan.code == followed.code, Occurrence.nominal == NOW.date().replace(month=12, day=19)
        ).one().state = "accepted"
    sent = send(followed, plan_text(CORRECTED))
    assert "đổi ngày 0, hủy 1; giữ nguyên 1 kỳ đã làm" in sent.text
    followed.post(f"{sent.address}/thuc-hien", **sent.fields)
    assert ("2026-12-19", "accepted") in dues(accounts_url, followed.code)


def test_a_dropped_correction_leaves_nothing(followed: Desk, accounts_url: str, home: Path) -> None:
    before, data = dues(accounts_url, followed.code), plan_text(CORRECTED)
    sent = send(followed, data)
    assert [each.data() for each in all_uploads(home)] == [data]
    assert not stored_path(home, hashlib.sha256(data).hexdigest()).exists(), "the store holds only what was taken over"
    status, text = followed.post(f"{sent.address}/bo")
    assert (status, "kế hoạch không thay đổi" in text) == (200, True)
    assert all_uploads(home) == []
    assert dues(accounts_url, followed.code) == before
    status, text = followed.post(f"{sent.address}/thuc-hien", **sent.fields)
    assert (status, "Hãy gửi lại tệp" in text) == (409, True)


def test_dropping_keeps_the_bytes_of_another_plan(followed: Desk, home: Path) -> None:
    digest = hashlib.sha256(plan_text(QUIET_ROWS)).hexdigest()
    followed.post(f"/nhap-lai/{digest}/bo")
    assert stored_path(home, digest).exists()


def test_a_plan_that_changed_meanwhile_is_compared_again(
    officer: TestClient, office: Office, accounts_url: str, home: Path
) -> None:
    desk = Desk(officer, draft(accounts_url, home, plan_text(QUIET_ROWS)))
    sent = send(desk, plan_text(CORRECTED))
    assert "Bản nháp sẽ được thay" in sent.text
    assert desk.post(f"{sent.address}/thuc-hien", **(sent.fields | {"stamp": "x"}))[0] == 409
    with transaction(accounts_url) as session:
        edit_duty(session, rows_of(accounts_url, desk.code)[0].id, DutyChanges(ordinal="1a"), NOW, "người khác")
    assert len(rows_of(accounts_url, desk.code)) == len(QUIET_ROWS), "nothing was applied"
    assert desk.post(f"{sent.address}/thuc-hien", **sent.fields)[0] in (200, 409)


@pytest.mark.parametrize(
    ("data", "name", "year", "words"),
    [
        (b"", "sửa.txt", "", "trống"),
        (b"\xff\xd8\xff\xe0" + b"x" * 200, "ảnh.jpg", "", "ảnh"),
        (b"PK\x03\x04" + b"x" * 200, "sửa.docx", "", "hỏng"),
        (plan_text(QUIET_ROWS), "sửa.txt", "", "đã được nhập trước đây"),
        (plan_text(CORRECTED).replace(b"2026", b"2027"), "sửa.txt", "", "2027"),
        (plan_text(CORRECTED), "sửa.txt", "hai nghìn", "bốn chữ số"),
    ],
    ids=["empty", "photo", "broken", "same", "other year", "no year"],
)
def test_a_file_that_cannot_be_taken_gets_one_sentence(
    followed: Desk, accounts_url: str, data: bytes, name: str, year: str, words: str
) -> None:
    before = dues(accounts_url, followed.code)
    sent = send(followed, data, name, year)
    assert sent.status == 409
    alert = sent.text.split('role="alert">', 1)[1].split("</div>", 1)[0]
    assert words in alert
    assert "\n" not in alert.strip()
    assert dues(accounts_url, followed.code) == before


def test_only_those_who_run_the_work_may_send_a_correction(followed: Desk) -> None:
    address = send(followed, plan_text(CORRECTED)).address
    sign_in(followed.client, "lanhdao")
    for path in ("/nhap-lai", address):
        assert followed.client.get(followed.here + path).status_code == 403
    for path in ("/nhap-lai", f"{address}/thuc-hien", f"{address}/bo"):
        assert followed.client.post(followed.here + path).status_code == 403
    sign_in(followed.client, "chuyenvien")
    assert followed.client.get(f"{followed.here}/nhap-lai/..%2F..%2Fdondoc.db").status_code == 404
    assert followed.client.get(f"{followed.here}/nhap-lai/abc").status_code == 404
