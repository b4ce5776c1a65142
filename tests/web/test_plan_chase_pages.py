"""The page of a plan's chase: what remains is listed first, closing and a new start are one press and can be undone."""

from __future__ import annotations

from sqlalchemy import select
from starlette.testclient import TestClient

from db.models import JournalEntry, Occurrence, Plan
from db.session import reading
from tests.web.builders import sign_in
from tests.web.office_builders import Office
from tests.web.test_web_actions import post


def state_of(url: str) -> str:
    with reading(url) as session:
        return session.scalars(select(Plan.state).where(Plan.code == "kh-15")).one()


def test_a_plan_is_closed_with_what_remains_in_sight(officer: TestClient, office: Office, accounts_url: str) -> None:
    page = officer.get("/ke-hoach/kh-15/don-doc").text
    for words in ("8 kỳ hạn chưa nộp, trong đó 2 quá hạn", "1 báo cáo đã nộp, chờ duyệt", "1 việc chờ ngày"):
        assert words in page
    assert "/ke-hoach/kh-15/don-doc" in officer.get("/ke-hoach/kh-15").text
    status, text = post(officer, "/ke-hoach/kh-15/ket-thuc", reason="")
    assert (status, state_of(accounts_url)) == (409, "confirmed")
    assert "Hãy ghi lý do" in text
    status, text = post(officer, "/ke-hoach/kh-15/ket-thuc", reason="Đã tổng kết")
    assert (status, state_of(accounts_url)) == (200, "closed")
    assert "thôi nhắc việc" in text
    first = officer.get("/?xem=tat-ca").text
    assert "Quá hạn <span" not in first, "nothing of a closed plan is overdue"
    assert "Chưa nộp khi kết thúc" in officer.get(f"/ky-han/{office.occurrences['late']}").text
    assert "0 quá hạn" not in officer.get("/don-vi").text
    status, text = post(officer, "/ke-hoach/kh-15/mo-lai", reason="Kết thúc nhầm")
    assert (status, state_of(accounts_url)) == (200, "confirmed")
    assert "được nhắc tiếp" in text
    with reading(accounts_url) as session:
        done = session.scalars(select(JournalEntry.action).where(JournalEntry.subject_kind == "plan")).all()
    assert done == ["plan.close", "plan.reopen"]


def test_a_new_start_is_previewed_then_done(officer: TestClient, office: Office, accounts_url: str) -> None:
    page = officer.get("/ke-hoach/kh-15/don-doc?tu=2026-11-20").text
    assert "chuyển sang chỉ ghi nhận" in page
    assert state_of_late(accounts_url, office) == "open", "looking changes nothing"
    status, text = post(officer, "/ke-hoach/kh-15/bat-dau", tu="2026-11-20")
    assert status == 200
    assert "Đôn đốc từ 20/11/2026" in text
    assert state_of_late(accounts_url, office) == "recorded"
    assert post(officer, "/ke-hoach/kh-15/bat-dau", tu="hôm qua")[0] == 409


def state_of_late(url: str, office: Office) -> str:
    with reading(url) as session:
        return session.get_one(Occurrence, office.occurrences["late"]).state


def test_a_leader_looks_and_does_not_act(client: TestClient, office: Office, accounts_url: str) -> None:
    leader = sign_in(client, "lanhdao")
    page = leader.get("/ke-hoach/kh-15/don-doc").text
    assert "Kết thúc với" not in page
    token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    answer = leader.post("/ke-hoach/kh-15/ket-thuc", data={"csrf": token, "reason": "x"})
    assert (answer.status_code, state_of(accounts_url)) == (403, "confirmed")
    assert leader.get("/ke-hoach/kh-88/don-doc").status_code == 404, "a draft is not chased"
