"""The page where an officer decides about what the program did not understand, and the commands that do the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from config.faults import Refusal
from db.models import InboundMessage, JournalEntry
from submissions.inbound.desk import Assignment, assign, candidates, ignore
from tests.inbound.inbound_world import CALENDAR, NOW, PDF_FILE, InboundWorld
from tests.web.builders import add_users, sign_in
from web.app import create_app


@pytest.fixture
def officer(world: InboundWorld) -> Iterator[TestClient]:
    with world.transaction() as session:
        add_users(session)
    with TestClient(create_app(world.settings, lambda: NOW + timedelta(hours=1))) as client:
        yield sign_in(client, "chuyenvien")


def csrf(page: str) -> str:
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def test_the_page_shows_words_files_and_candidates_and_takes_a_decision(
    officer: TestClient, world: InboundWorld
) -> None:
    message = world.sent([world.ground.occurrence], "email")
    row = world.say(
        "Không phát sinh <b>gì</b>", "email", "la@ngoai.example", token=world.token(message), uploads=(PDF_FILE,)
    )
    page = officer.get("/tin-den").text
    assert "Không phát sinh &lt;b&gt;gì&lt;/b&gt;" in page
    assert "thư từ la@ngoai.example" in page
    assert f"/tin-den/{row.id}/tep/0" in page
    assert 'value="report" checked' in page
    assert "Rà soát, cập nhật danh mục" in page
    file = officer.get(f"/tin-den/{row.id}/tep/0")
    assert (file.content, file.headers["content-type"]) == (PDF_FILE.data, "application/octet-stream")
    assert officer.get(f"/tin-den/{row.id}/tep/1").status_code == 404
    form = {"csrf": csrf(page), "ky-han": str(world.ground.occurrence), "la": "report"}
    answer = officer.post(f"/tin-den/{row.id}/gan", data=form, follow_redirects=False)
    assert answer.status_code == 303
    (kept,) = world.occurrence().submissions
    assert kept.sent_by.endswith("Phạm Thị Lan ghi nhận")
    assert kept.received_at == row.received_at
    again = officer.post(f"/tin-den/{row.id}/gan", data=form)
    assert again.status_code == 409
    assert len(world.occurrence().submissions) == 1
    assert "Không có tin nào chờ xử lý" in officer.get("/tin-den").text
    assert "Gán là «Báo cáo nộp»" in officer.get("/tin-den?xem=tat-ca").text


def test_a_code_names_a_duty_that_is_not_offered(officer: TestClient, world: InboundWorld) -> None:
    row = world.say("đã nhận", "email", "la@ngoai.example")
    page = officer.get("/tin-den").text
    form = {"csrf": csrf(page), "ma": world.code(world.ground.other).lower(), "la": "acknowledge"}
    assert officer.post(f"/tin-den/{row.id}/gan", data=form, follow_redirects=False).status_code == 303
    assert (
        world.occurrence(world.ground.other).acknowledged_by
        == "thư từ la@ngoai.example, chưa xác minh; Phạm Thị Lan ghi nhận"
    )
    wrong = world.say("đã nhận", "email", "la@ngoai.example")
    answer = officer.post(f"/tin-den/{wrong.id}/gan", data=form | {"ma": "DD-1-AAAA"})
    assert "Mã kỳ hạn không đúng" in answer.text


def test_an_extension_is_assigned_with_its_day_and_reason(officer: TestClient, world: InboundWorld) -> None:
    row = world.say("cho em thư thư ít hôm")
    token = csrf(officer.get("/tin-den").text)
    form = {"csrf": token, "ky-han": str(world.ground.occurrence), "la": "extension"}
    assert officer.post(f"/tin-den/{row.id}/gan", data=form).status_code == 409
    form |= {"den-ngay": "2026-03-24", "ly-do": "Chờ số liệu"}
    assert officer.post(f"/tin-den/{row.id}/gan", data=form, follow_redirects=False).status_code == 303
    assert world.occurrence().extensions[0].reason == "Chờ số liệu"


def test_a_message_is_put_aside_with_a_reason_only(officer: TestClient, world: InboundWorld) -> None:
    row = world.say("chúc mừng năm mới cả nhà")
    token = csrf(officer.get("/tin-den").text)
    assert officer.post(f"/tin-den/{row.id}/bo-qua", data={"csrf": token, "ly-do": " "}).status_code == 409
    assert officer.post(f"/tin-den/{row.id}/bo-qua", data={"csrf": token, "ly-do": "Lời chúc"}).status_code == 200
    assert world.row(row.id).outcome == "Bỏ qua: Lời chúc"
    with world.transaction() as session:
        entries = session.query(JournalEntry).filter_by(subject_kind="inbound").all()
        assert [(entry.action, entry.actor) for entry in entries] == [("inbound.ignore", "Phạm Thị Lan")]


def test_only_who_runs_the_work_decides(officer: TestClient, world: InboundWorld) -> None:
    row = world.say("chưa rõ")
    assert officer.post(f"/tin-den/{row.id}/bo-qua", data={"ly-do": "x"}).status_code == 403
    leader = sign_in(officer, "lanhdao")
    assert leader.get("/tin-den").status_code == 403
    assert "/tin-den" not in leader.get("/?xem=hom-nay").text
    assert world.row(row.id).state == "waiting"


def test_the_first_page_counts_what_waits(officer: TestClient, world: InboundWorld) -> None:
    world.say("chưa rõ")
    page = officer.get("/").text
    assert "Tin đến chờ xử lý" in page


def test_two_officers_decide_once(both_world: InboundWorld) -> None:
    world = both_world
    row = world.say("chưa rõ việc này")
    with world.transaction() as session:
        kept = session.get(InboundMessage, row.id)
        assert kept is not None
        assert [one.id for one in candidates(session, kept, world.settings)] == [world.ground.occurrence]
        ignore(session, row.id, "Không liên quan", "Lan", NOW)
    wanted = Assignment(world.ground.occurrence, "acknowledge")
    with pytest.raises(Refusal, match="đã được Lan xử lý"), world.transaction() as session:
        assign(session, row.id, wanted, "Bình", NOW, CALENDAR, world.settings)
    assert world.occurrence().acknowledged_at is None
