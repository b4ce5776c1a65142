"""What comes in by Zalo does what it means, once, and is said back once on the same channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.models import Message, Person
from db.session import transaction
from notifications.delivery import deliver_due
from submissions.files import Upload
from submissions.inbound.taking import take_in
from tests.inbound.inbound_world import CALENDAR, HOA_ZALO, NOW, PDF_FILE, InboundWorld
from tests.notifications.chase_world import RecordingChannel
from tests.submissions.answer_builders import PDF, get_occurrence


def texts(messages: list[Message]) -> str:
    return "\n---\n".join(message.text for message in messages)


def test_received_is_noted_and_said_back_once(both_world: InboundWorld) -> None:
    world = both_world
    world.sent([world.ground.occurrence])
    row = world.say("Dạ em đã nhận ạ")
    assert (row.state, row.occurrence_id, row.person_id) == ("handled", world.ground.occurrence, world.ground.person)
    assert world.occurrence().acknowledged_by == "Lê Thị Hoa (P. VHXH, Zalo)"
    (reply,) = world.replies()
    assert (reply.channel, reply.address, reply.kind, reply.state) == ("zalo", HOA_ZALO, "notice", "queued")
    assert reply.not_before == row.received_at
    assert "đã nhận việc «Rà soát" in reply.text
    assert world.code() in reply.text


def test_thanks_does_nothing_and_is_not_answered(world: InboundWorld) -> None:
    world.sent([world.ground.occurrence])
    row = world.say("Vâng, cảm ơn anh ạ 🙏")
    assert row.state == "handled"
    assert world.replies() == []
    assert world.occurrence().acknowledged_at is None


def test_done_of_a_report_is_answered_with_the_link(world: InboundWorld) -> None:
    row = world.say("Đã xong")
    assert row.state == "handled"
    assert world.occurrence().state == "open"
    assert "http://testserver/t/" in texts(world.replies())


def test_done_of_a_duty_that_needs_no_report_is_a_submission(both_world: InboundWorld) -> None:
    world = both_world
    world.without_targets()
    duty = world.second_duty()
    world.sent([duty])
    row = world.say("Dạ đơn vị đã hoàn thành ạ")
    kept = world.occurrence(duty)
    assert (kept.state, kept.submissions[0].text, kept.submissions[0].via) == ("submitted", row.text, "zalo")
    assert row.data["submission"] == kept.submissions[0].id
    again = world.say("xong")
    assert "đang chờ chuyên viên xem" in texts(world.replies())
    assert (again.occurrence_id, len(world.occurrence(duty).submissions)) == (duty, 1)


def test_a_file_is_submitted_and_said_back(both_world: InboundWorld) -> None:
    world = both_world
    row = world.say("Em gửi báo cáo quý I", uploads=(PDF_FILE,))
    one = world.occurrence()
    assert (row.state, one.state, one.submissions[0].files[0].name) == ("handled", "submitted", "bao-cao.pdf")
    assert one.submissions[0].text == "Em gửi báo cáo quý I"
    assert "Tệp: bao-cao.pdf." in texts(world.replies())


def test_files_sent_one_by_one_stand_together_in_the_newest_version(world: InboundWorld) -> None:
    world.say("", uploads=(PDF_FILE,))
    world.say("", uploads=(Upload("phu-luc.pdf", PDF + b"2"),), minutes=4)
    world.say("", uploads=(PDF_FILE,), minutes=5)
    versions = world.occurrence().submissions
    assert [[file.name for file in one.files] for one in versions] == [
        ["bao-cao.pdf"],
        ["bao-cao.pdf", "phu-luc.pdf"],
    ]
    world.say("", uploads=(Upload("sau.pdf", PDF + b"3"),), minutes=40)
    # Nothing is open any more, and the burst is over: of which duty is it?
    assert world.rows()[-1].state == "waiting"
    assert len(world.occurrence().submissions) == 2


def test_a_file_that_may_not_be_sent_is_told(world: InboundWorld) -> None:
    row = world.say("", uploads=(Upload("chay.exe", b"MZ" + b"0" * 100),))
    assert world.occurrence().state == "open"
    assert "loại không được nhận" in texts(world.replies())
    assert "loại không được nhận" in row.outcome


def test_nil_is_submitted(world: InboundWorld) -> None:
    world.say("Kỳ này đơn vị không phát sinh ạ".replace("Kỳ này ", ""))
    one = world.occurrence()
    assert (one.state, one.submissions[0].kind) == ("submitted", "nil")
    assert "không phát sinh" in texts(world.replies())


def test_an_extension_is_asked_for_and_said_back(both_world: InboundWorld) -> None:
    world = both_world
    world.say("Đơn vị xin gia hạn đến 24/3 vì chờ số liệu các thôn")
    (asked,) = world.occurrence().extensions
    assert (asked.wanted_due.isoformat(), asked.reason, asked.state) == ("2026-03-24", "chờ số liệu các thôn", "asked")
    said = texts(world.replies())
    assert "Đề nghị lùi đến: thứ Ba, 24/3/2026" in said
    assert "thời hạn hiện nay vẫn có hiệu lực" in said


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Xin gia hạn đến 24/3", "do chờ số liệu các thôn"),
        ("Xin gia hạn đến 24/3", "Chờ số liệu các thôn"),
        ("Xin gia hạn vì chờ số liệu các thôn", "đến 24/3"),
        ("Xin gia hạn", "đến 24/3 vì chờ số liệu các thôn"),
        ("Xin gia hạn", "Xin gia hạn đến 24/3 vì chờ số liệu các thôn"),
    ],
)
def test_what_an_extension_lacks_is_asked_for_and_taken_from_the_next_message(
    world: InboundWorld, first: str, then: str
) -> None:
    row = world.say(first)
    assert row.state == "waiting"
    assert world.occurrence().extensions == []
    assert "xin cho biết thêm" in texts(world.replies())
    world.say(then, minutes=3)
    (asked,) = world.occurrence().extensions
    assert (asked.wanted_due.isoformat(), asked.reason.casefold()) == ("2026-03-24", "chờ số liệu các thôn")
    assert [one.state for one in world.rows()] == ["handled", "handled"]


def test_an_extension_on_a_day_off_is_answered_with_the_nearest_working_day(world: InboundWorld) -> None:
    world.say("xin gia hạn đến 22/3 vì mưa bão")
    assert world.occurrence().extensions == []
    assert "Ngày làm việc gần nhất" in texts(world.replies())


@pytest.mark.parametrize(
    "text", ["chưa xong", "xong chưa?", "không nhận được tệp", "Mẫu báo cáo ở đâu ạ", "123 thôn 4"]
)
def test_what_is_not_sure_waits_for_a_person_and_is_told_once(world: InboundWorld, text: str) -> None:
    world.sent([world.ground.occurrence])
    row = world.say(text)
    world.say(text + " ạ", minutes=30)
    assert row.state == "waiting"
    one = world.occurrence()
    assert (one.state, one.acknowledged_at, one.submissions) == ("open", None, [])
    (reply,) = world.replies()
    assert "chưa ghi nhận thay đổi nào" in reply.text


def test_stop_waits_for_a_person_and_ends_nothing(world: InboundWorld) -> None:
    assert world.say("STOP").state == "waiting"
    assert "không tự dừng bằng tin nhắn" in texts(world.replies())


def test_an_automatic_mail_does_nothing_and_is_not_answered(world: InboundWorld) -> None:
    message = world.sent([world.ground.occurrence], "email")
    row = world.say("Đã nhận", "email", "hoa@xa.example", token=world.token(message), automatic=True)
    assert row.state == "ignored"
    assert world.replies() == []
    assert world.occurrence().acknowledged_at is None


def test_two_programs_do_not_talk_for_ever(world: InboundWorld) -> None:
    for number in range(15):
        world.say("xong", minutes=number)
    assert len(world.replies()) == 12


def test_a_queue_that_stood_still_makes_nobody_late(world: InboundWorld) -> None:
    incoming = world.incoming("", uploads=(PDF_FILE,))
    take_in(world.transaction, incoming, incoming.received_at + timedelta(days=9), CALENDAR, world.settings)
    assert world.occurrence().answered_at == incoming.received_at


def test_the_words_of_a_superior_change_nothing_for_the_unit(world: InboundWorld) -> None:
    with transaction(world.settings.database_url) as session:
        chair = session.get(Person, world.ground.chair)
        assert chair is not None
        chair.zalo_user_id = "chair-1"
    world.sent([world.ground.occurrence], person=world.ground.chair)
    row = world.say("đã nhận", sender="chair-1")
    assert row.state == "waiting"
    assert world.occurrence().acknowledged_at is None


def test_replies_leave_at_once_and_also_at_night_to_linked_and_unlinked(world: InboundWorld) -> None:
    world.say("đã nhận", minutes=15 * 60)
    world.say(f"đã xong {world.code()}", sender="unlinked", minutes=15 * 60)
    channel, night = RecordingChannel("zalo"), NOW + timedelta(hours=15, minutes=1)
    deliver_due(world.transaction, {"zalo": channel}, lambda: night, world.settings, calendar=CALENDAR)
    assert sorted(envelope.to_address for _, envelope in channel.sent) == [HOA_ZALO, "unlinked"]
    assert {reply.state for reply in world.replies()} == {"sent"}
    assert max(len(envelope.text) for _, envelope in channel.sent) < 2000


@pytest.mark.parametrize("state", ["accepted", "waived", "cancelled"])
@pytest.mark.parametrize("text", ["đã xong", "xin gia hạn", "xin gia hạn đến 25/3", "đã nhận", "không phát sinh"])
def test_a_closed_duty_asks_nobody_for_anything(world: InboundWorld, state: str, text: str) -> None:
    with world.transaction() as session:
        get_occurrence(session, world.ground.occurrence).state = state
    row = world.say(f"{text} {world.code()}")
    (reply,) = world.replies()
    assert reply.subject.startswith("[Chưa ghi nhận được]")
    assert (row.state, world.occurrence().state) == ("handled", state)


def test_a_number_after_a_newer_list_is_not_taken_for_the_older_one(world: InboundWorld) -> None:
    world.without_targets()
    first, second, third = (world.second_duty() for _ in range(3))
    world.sent([first, second])
    world.say("đã xong")
    assert "xin cho biết" in texts(world.replies())
    world.sent([second, third], created_at=NOW + timedelta(minutes=5))
    row = world.say("2", minutes=9)
    assert (row.state, [world.occurrence(one).state for one in (first, second, third)]) == ("waiting", ["open"] * 3)
    assert world.say(world.code(third), minutes=10).occurrence_id == third
