"""The outbox by state, channel, person and day; one message whole; dead addresses; two officers at one message."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from config.faults import Refusal
from db.models import JournalEntry, Message, Suppression
from db.session import reading, transaction
from notifications.decisions import mark_sent, resend
from notifications.suppressions import suppress
from tests.notifications.chase_world import World, add_duty, at, new_world, on
from tests.web.builders import NOW
from tests.web.office_builders import Office
from tests.web.test_web_actions import post

DAY = f"{NOW:%Y-%m-%d}"


def subjects(officer: TestClient, query: str) -> int:
    """How many messages a view shows."""
    page: str = officer.get(f"/hop-gui?{query}").text
    return page.count('<li class="mail')


def test_the_outbox_is_filtered_by_state_channel_person_and_day(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    with reading(accounts_url) as session:
        rows = session.query(Message).all()
        total, zalo = len(rows), sum(row.channel == "zalo" for row in rows)
        name = next(row.person.name for row in rows if row.person)
        theirs = sum(bool(row.person) and row.person.name == name for row in rows if row.person)
    assert subjects(officer, "") == total
    assert subjects(officer, "kenh=zalo") == zalo
    assert subjects(officer, "trang-thai=unknown") == 1
    assert subjects(officer, f"nguoi={name.split()[-1]}") >= theirs
    assert subjects(officer, "nguoi=@khong-co.test") == 0
    assert subjects(officer, f"ngay={DAY}") + subjects(officer, "ngay=2031-01-01") <= total
    assert subjects(officer, "ngay=2031-01-01") == 0
    assert subjects(officer, "ngay=hom-qua&kenh=fax&trang-thai=la") == total, "what is not known counts as nothing"
    text = officer.get(f"/hop-gui?kenh=zalo&nguoi=An&ngay={DAY}").text
    assert all(words in text for words in ('value="An"', f'value="{DAY}"', 'value="zalo" selected', "Bỏ lọc"))


def test_a_message_opens_to_its_words_duties_reason_and_history(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    number = office.message_ids["unknown"]
    told = "người nhận đọc hai lần"  # what a press of each button brings stands beside them
    assert told in officer.get(f"/hop-gui/{number}").text
    assert post(officer, f"/hop-gui/{number}/gui-lai")[0] == 200
    assert told not in officer.get(f"/hop-gui/{number}").text
    text = officer.get(f"/hop-gui/{number}").text
    with reading(accounts_url) as session:
        message = session.get_one(Message, number)
        follower = session.query(Message).filter_by(replaces_id=number).one().id
        for words in (
            message.text,
            message.items[0].reason,
            message.person.name if message.person else "",
            "Cho gửi lại",
        ):
            assert words in text
    assert f'href="/hop-gui/{follower}"' in text
    assert "Số lần thử" in text
    assert f'href="/hop-gui/{number}"' in officer.get(f"/hop-gui/{follower}").text
    assert officer.get("/hop-gui/99999").status_code == 409
    assert "Không có tin số 99999" in officer.get("/hop-gui/99999").text


def test_a_dead_address_is_shown_and_lifted_once(officer: TestClient, office: Office, accounts_url: str) -> None:
    assert "Không có địa chỉ chết" in officer.get("/hop-gui/dia-chi-chet").text
    with transaction(accounts_url) as session:
        facts = {"source": "refused", "reason": "Không có hộp thư này.", "code": "550", "now": NOW}
        bar = suppress(session, "email", "an@xa.test", message_id=office.message_ids["failed"], **facts).id  # type: ignore[arg-type]
    assert "Có 1 địa chỉ chết" in officer.get("/hop-gui").text
    page = officer.get("/hop-gui/dia-chi-chet").text
    for words in ("an@xa.test", "Không có hộp thư này.", "bị từ chối", f"/dia-chi-chet/{bar}/mo-lai"):
        assert words in page
    status, text = post(officer, f"/hop-gui/dia-chi-chet/{bar}/mo-lai")
    assert (status, "Đã mở lại địa chỉ an@xa.test" in text) == (200, True)
    assert post(officer, f"/hop-gui/dia-chi-chet/{bar}/mo-lai")[0] == 409
    assert post(officer, "/hop-gui/dia-chi-chet/999/mo-lai")[0] == 409
    with reading(accounts_url) as session:
        assert session.query(Suppression).one().lifted_by == "Phạm Thị Lan"


def an_unknown(world: World) -> int:
    add_duty(world, "25/3")
    world.chase(at(on("18/3")))
    with world.transaction() as session:
        message = session.query(Message).one()
        message.state, message.attempts = "unknown", 1
        return message.id


@pytest.mark.parametrize("decision", ["both send again", "one each way"])
@pytest.mark.postgres
def test_of_two_officers_at_one_message_the_first_is_heard(home: Path, postgres_url: str, decision: str) -> None:
    world, here = new_world(home, postgres_url), threading.Barrier(2)
    number = an_unknown(world)
    refused: list[str] = []

    def decide(name: str, again: bool) -> None:
        with world.transaction() as session:
            here.wait()
            try:
                (resend if again else mark_sent)(session, number, at(on("18/3")) + timedelta(minutes=1), name)
            except Refusal as refusal:
                refused.append(str(refusal))

    ways = [("Vy", True), ("Lan", decision == "both send again")]
    threads = [threading.Thread(target=decide, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with reading(world.url) as session:
        followers = session.query(Message).filter_by(replaces_id=number).count()
        deeds = [e.action for e in session.query(JournalEntry) if e.action != "message.queue"]
        state = session.get_one(Message, number).state
    assert deeds == ["message.resend" if followers else "message.mark_sent"]
    assert (state, followers) in (("failed", 1), ("sent", 0))
