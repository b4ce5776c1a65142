"""A one-time code says whose Zalo account it is: once, for seven days, and for nobody who tries codes."""

from __future__ import annotations

import re
import threading

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cli.unit_commands import units_app
from config.faults import Refusal
from config.settings import load_settings
from config.units import UnitsFile
from db.journal import verify
from db.models import JournalEntry, LinkCode, Person
from plans.units import sync_units
from submissions.inbound.incoming import Incoming
from submissions.inbound.linking import hash_of, make_code, unlink
from submissions.inbound.taking import take_in
from tests.inbound.inbound_world import CALENDAR, HOA_ZALO, NOW, InboundWorld
from tests.web.builders import add_users, sign_in
from web.app import create_app

FORM = re.compile(r"LK-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


def code_of(world: InboundWorld, person: int | None = None) -> str:
    with world.transaction() as session:
        found = session.get(Person, person or world.ground.stranger)
        assert found is not None
        return make_code(session, found, "Lan", NOW)


def person_of(world: InboundWorld, person: int | None = None) -> Person:
    with world.transaction() as session:
        found = session.get(Person, person or world.ground.stranger)
        assert found is not None
        return found


def test_a_code_ties_the_account_once_and_is_kept_nowhere(both_world: InboundWorld) -> None:
    world = both_world
    code = code_of(world)
    assert FORM.fullmatch(code)
    row = world.say(f"Em gửi mã {code.lower().replace('-', ' ')} ạ", sender="9001")
    assert (row.state, row.kind, row.person_id) == ("handled", "link", world.ground.stranger)
    assert person_of(world).zalo_user_id == "9001"
    (reply,) = world.replies()
    assert "Đã liên kết tài khoản này với Phạm Anh Tú" in reply.text
    assert world.say(code, sender="9002").state == "ignored"
    assert person_of(world).zalo_user_id == "9001"
    with world.transaction() as session:
        kept = session.query(LinkCode).one()
        assert (kept.code_hash, kept.address) == (hash_of(code), "9001")
        words = " ".join(str(entry.data) for entry in session.query(JournalEntry))
        assert code[3:7] not in words
        assert [entry.action for entry in session.query(JournalEntry).order_by(JournalEntry.seq)][:2] == [
            "link.code",
            "link.tie",
        ]
        assert list(verify(session)) == []
    assert all(code[3:7] not in one.text.upper() for one in world.rows())


def test_the_bot_is_linked_the_same_way(world: InboundWorld) -> None:
    world.say(code_of(world), "zalo_bot", "chat-7")
    assert (person_of(world).bot_chat_id, person_of(world).zalo_user_id) == ("chat-7", None)


def test_an_old_a_replaced_and_a_wrong_code_tie_nothing(world: InboundWorld) -> None:
    first = code_of(world)
    second = code_of(world)
    assert world.say(first, sender="9001").state == "ignored"
    assert world.say("LK-2222-2222", sender="9001").state == "ignored"
    assert world.say(second, sender="9001", minutes=7 * 24 * 60).state == "ignored"
    assert person_of(world).zalo_user_id is None
    assert all("không đúng, đã dùng hoặc đã hết hạn" in reply.text for reply in world.replies())


def test_who_tries_codes_is_not_heard_after_five(world: InboundWorld) -> None:
    for _ in range(5):
        world.say("LK-2222-2222", sender="9001")
    assert len(world.replies()) == 5
    good = code_of(world)
    assert world.say(good, sender="9001").state == "ignored"
    assert (len(world.replies()), person_of(world).zalo_user_id) == (5, None)
    world.say(good, sender="9001", minutes=62)
    assert person_of(world).zalo_user_id == "9001"


def test_an_account_of_somebody_else_is_left_to_the_officer(world: InboundWorld) -> None:
    row = world.say(code_of(world))
    assert row.state == "waiting"
    assert "Lê Thị Hoa" in row.outcome
    assert person_of(world).zalo_user_id is None
    (reply,) = world.replies()
    assert "Lê Thị Hoa" not in reply.text
    with world.transaction() as session:
        holder = session.get(Person, world.ground.person)
        assert holder is not None
        unlink(session, holder, "zalo", "Lan", NOW)
        with pytest.raises(Refusal, match="chưa liên kết"):
            unlink(session, holder, "zalo", "Lan", NOW)
    world.say(code_of(world))
    assert person_of(world).zalo_user_id == HOA_ZALO


def test_one_code_sent_from_two_accounts_at_once_ties_one(both_world: InboundWorld) -> None:
    world = both_world
    code = code_of(world)
    messages = [world.incoming(code, sender=f"90{number}") for number in range(4)]
    threads = [
        threading.Thread(target=take_in, args=(world.transaction, one, NOW, CALENDAR, world.settings))
        for one in messages
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.state for row in world.rows()].count("handled") == 1
    assert person_of(world).zalo_user_id is not None


def register(zalo: str | None) -> UnitsFile:
    person = {"code": "tu", "name": "Phạm Anh Tú", "role": "leader", "email": "tu@xa.example", "zalo_user_id": zalo}
    units = [{"code": "kt", "name": "Phòng Kinh tế", "people": [person]}]
    return UnitsFile.model_validate(
        {"office": {"name": "Ủy ban nhân dân xã Phong Lưu", "place": "Phong Lưu"}, "units": units}
    )


def test_units_yaml_unties_nobody_and_a_differing_account_is_told(world: InboundWorld) -> None:
    world.say(code_of(world), sender="9001")
    with world.transaction() as session:
        assert sync_units(session, register(None), NOW, "Lan").conflicts == []
    assert person_of(world).zalo_user_id == "9001"
    with world.transaction() as session:
        assert sync_units(session, register("8888"), NOW, "Lan").conflicts == ["tu"]
    assert person_of(world).zalo_user_id == "9001"
    with world.transaction() as session:
        person = session.get(Person, world.ground.stranger)
        assert person is not None
        unlink(session, person, "zalo", "Lan", NOW)
        assert sync_units(session, register("8888"), NOW, "Lan").conflicts == []
    assert person_of(world).zalo_user_id == "8888"
    with world.transaction() as session:
        sync_units(session, register(None), NOW, "Lan")
    # It came from the file alone, so the file may take it away.
    assert person_of(world).zalo_user_id is None


def test_the_officer_makes_a_code_on_the_persons_page_and_unties(world: InboundWorld) -> None:
    with world.transaction() as session:
        add_users(session)
    with TestClient(create_app(world.settings, lambda: NOW)) as client:
        sign_in(client, "chuyenvien")
        page = client.get("/nguoi/tu").text
        token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
        made = client.post("/nguoi/tu/ma-lien-ket", data={"csrf": token})
        found = FORM.findall(made.text)
        assert len(set(found)) == 1
        assert made.headers["cache-control"] == "no-store"
        world.say(found[0], sender="9001")
        assert person_of(world).zalo_user_id == "9001"
        client.post("/nguoi/tu/bo-lien-ket", data={"csrf": token, "kenh": "zalo"})
        assert client.post("/nguoi/tu/ma-lien-ket", data={}).status_code == 403
        assert client.post("/nguoi/no-one/ma-lien-ket", data={"csrf": token}).status_code == 404
    assert person_of(world).zalo_user_id is None


def test_the_command_makes_a_code(world: InboundWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", world.settings.database_url)
    load_settings.cache_clear()
    done = CliRunner().invoke(units_app, ["link-code", "tu"])
    assert done.exit_code == 0, done.output
    assert FORM.search(done.output)
    assert isinstance(CliRunner().invoke(units_app, ["link-code", "khong-co"]).exception, Refusal)


def test_two_codes_from_one_account_at_once_tie_one_person(both_world: InboundWorld) -> None:
    """On PostgreSQL each found the account free, and both people had it."""
    world = both_world
    people = (world.ground.stranger, world.ground.chair)
    sent = [world.incoming(code_of(world, person), sender="9001") for person in people]
    start = threading.Barrier(2)

    def run(incoming: Incoming) -> None:
        start.wait()
        take_in(world.transaction, incoming, NOW, CALENDAR, world.settings)

    threads = [threading.Thread(target=run, args=(incoming,)) for incoming in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.state for row in world.rows()) == ["handled", "waiting"]
    assert [person_of(world, person).zalo_user_id for person in people].count("9001") == 1
