"""Ladders in words, and choosing one for a plan or a duty: what changes is shown first, running chases keep theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chasing import Step
from db.models import JournalEntry, Obligation, Plan
from db.session import reading
from tests.web.builders import sign_in
from tests.web.office_builders import Office
from tests.web.test_web_actions import post
from web.ladder_pages import say_rung

OWN = """
ladders:
  gap:
    office_hours: ["08:00", "16:00"]
    quiet_days: 1
    steps:
      - {key: b1, when: before, days: 1, roles: [contact], channels: [zalo, email]}
      - {key: a1, when: after, days: 1, roles: [chair], any_hour: true}
"""


@pytest.fixture
def own_ladder(home: Path) -> Path:
    """An office with a ladder of its own; before any approval the files count."""
    file = home / "config" / "ladders.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(OWN, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("step", "mark", "when"),
    [
        (Step("a", "before", 10, ("contact",)), "−10", "trước ngày nên xong 10 ngày làm việc"),
        (Step("a", "on", 0, ("contact",)), "0", "đúng ngày nên xong"),
        (Step("a", "after", 3, ("vice_chair",)), "+3", "sau khi hết hạn 3 ngày làm việc"),
    ],
)
def test_a_step_is_said_in_words(step: Step, mark: str, when: str) -> None:
    rung = say_rung(step)
    assert (rung.mark, rung.when) == (mark, when)


def test_a_progress_check_is_never_called_overdue(officer: TestClient, office: Office) -> None:
    checks = (
        officer.get("/thang-nhac").text.split('id="default"')[1].split("Kiểm tra tiến độ</h3>")[1].split("</ol>")[0]
    )
    assert "hết hạn" not in checks
    assert "Sau ngày hẹn 3 ngày làm việc" in checks


def test_the_page_tells_who_hears_what(officer: TestClient, own_ladder: Path, office: Office) -> None:
    page = officer.get("/thang-nhac").text
    own = page.split('id="gap"')[1].split("</section>")[0]
    for words in ("Trước ngày nên xong 1 ngày làm việc", "Chủ tịch", "qua Zalo, Thư điện tử", "cả ngoài giờ làm việc"):
        assert words in own
    assert "chưa kế hoạch nào" in own
    assert "15/KH-UBND" in page.split('id="default"')[1].split("</section>")[0]
    assert str(own_ladder) in page


def test_a_plan_changes_its_ladder_after_a_look(
    officer: TestClient, own_ladder: Path, office: Office, accounts_url: str
) -> None:
    page = officer.get("/thang-nhac/chon?plan=kh-15&thang=gap").text
    assert "kỳ hạn đổi lần nhắc tới" in page
    with reading(accounts_url) as session:
        assert session.get_one(Plan, office.plan_id).ladder == "default", "looking changes nothing"
    status, text = post(officer, "/thang-nhac/chon", plan="kh-15", thang="gap")
    assert status == 200
    assert "Đã chọn gap" in text
    with reading(accounts_url) as session:
        assert session.get_one(Plan, office.plan_id).ladder == "gap"
        entry = session.query(JournalEntry).filter_by(action="plan.ladder").one()
        assert (entry.data["from"], entry.data["to"]) == ("default", "gap")
    assert "15/KH-UBND" in officer.get("/thang-nhac").text.split('id="gap"')[1].split("</section>")[0]


def test_one_duty_leaves_and_comes_back(
    officer: TestClient, own_ladder: Path, office: Office, accounts_url: str
) -> None:
    assert "/thang-nhac/chon?nv=2" in officer.get("/nhiem-vu/2").text
    assert post(officer, "/thang-nhac/chon", nv="2", thang="gap")[0] == 200
    assert "Thang nhắc riêng: gap" in officer.get("/nhiem-vu/2").text
    assert "1 nhiệm vụ riêng" in officer.get("/thang-nhac").text
    assert post(officer, "/thang-nhac/chon", nv="2", thang="default")[0] == 200
    with reading(accounts_url) as session:
        assert session.get_one(Obligation, 2).ladder == "default"


def test_what_is_not_there(officer: TestClient, office: Office) -> None:
    cases = {"plan=kh-15&thang=khong-co": 409, "plan=kh-88": 404, "nv=999": 404, "nv=x": 404, "": 404}
    found = {address: officer.get(f"/thang-nhac/chon?{address}").status_code for address in cases}
    assert found == cases


def test_a_closed_plan_keeps_its_ladder_and_a_leader_only_looks(
    officer: TestClient, office: Office, client: TestClient
) -> None:
    post(officer, "/ke-hoach/kh-15/ket-thuc", reason="Xong")
    assert post(officer, "/thang-nhac/chon", plan="kh-15", thang="default")[0] == 409
    leader = sign_in(client, "lanhdao")
    assert leader.get("/thang-nhac").status_code == 200
    assert leader.get("/thang-nhac/chon?plan=kh-15").status_code == 403
