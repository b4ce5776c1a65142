"""Of which duty a message speaks, who may bind the unit, and what is asked when neither is said."""

from __future__ import annotations

import pytest

from db.models import Person
from submissions.files import Upload
from submissions.forms import form_for
from tests.inbound.inbound_world import HOA_ZALO, PDF_FILE, InboundWorld
from tests.submissions.answer_builders import PDF, get_occurrence

HOA = "hoa@xa.example"


def test_a_signed_address_names_the_message_and_its_person(both_world: InboundWorld) -> None:
    world = both_world
    message = world.sent([world.ground.occurrence], "email")
    row = world.say("Không phát sinh", "email", "HOA@xa.example", token=world.token(message).upper())
    assert (row.state, row.message_id, row.person_id) == ("handled", message, world.ground.person)
    assert world.occurrence().submissions[0].sent_by == "Lê Thị Hoa (P. VHXH, thư điện tử)"
    (reply,) = world.replies()
    assert (reply.channel, reply.address) == ("email", HOA)


@pytest.mark.parametrize("text", ["Không phát sinh", "Đã xong", "Xin gia hạn đến 24/3 vì ốm"])
def test_another_sender_with_the_signed_address_binds_nobody(world: InboundWorld, text: str) -> None:
    message = world.sent([world.ground.occurrence], "email")
    row = world.say(text, "email", "ai-do@ngoai.example", token=world.token(message))
    assert row.state == "waiting"
    assert "chưa được xác minh" in row.outcome
    one = world.occurrence()
    assert (one.state, one.submissions, one.extensions) == ("open", [], [])
    # What is said back goes to the person of the register, never to whoever wrote.
    assert {reply.address for reply in world.replies()} == {HOA}


def test_a_file_of_another_sender_with_the_signed_address_is_taken_and_says_so(world: InboundWorld) -> None:
    message = world.sent([world.ground.occurrence], "email")
    world.say("Gửi báo cáo", "email", "dong-nghiep@xa.example", token=world.token(message), uploads=(PDF_FILE,))
    assert world.occurrence().submissions[0].sent_by == (
        "dong-nghiep@xa.example (trả lời thư gửi Lê Thị Hoa, chưa xác minh)"
    )


def test_from_is_not_proof(world: InboundWorld) -> None:
    """A thread's id can be guessed and a name in From written by anybody: neither binds a unit nor stops its mails."""
    message = world.sent([world.ground.occurrence], "email")
    thread = ("<task-1@xa.example>", f"<obx-{message}@xa.example>")
    row = world.say("Không phát sinh", "email", HOA, answers=thread)
    assert (row.state, row.message_id, row.occurrence_id) == ("waiting", message, world.ground.occurrence)
    assert world.occurrence().state == "open"
    assert world.say("đã nhận", "email", HOA, answers=thread).state == "waiting"
    assert world.say("Gửi báo cáo", "email", HOA, answers=thread, uploads=(PDF_FILE,)).state == "waiting"
    assert (world.occurrence().acknowledged_at, world.occurrence().submissions) == (None, [])
    stranger = world.say("", "email", "ai-do@ngoai.example", answers=thread, uploads=(PDF_FILE,))
    assert stranger.state == "waiting"
    assert world.occurrence().submissions == []


@pytest.mark.parametrize("token", ["m1.aaaaaaaaaaaaaaaa", "", "b1", "m999999.k7q3xd2mvfh5w6ta"])
def test_a_forged_address_names_nothing(world: InboundWorld, token: str) -> None:
    world.sent([world.ground.occurrence], "email")
    assert world.say("Không phát sinh", "email", HOA, token=token).state == "waiting"
    assert world.occurrence().state == "open"


def test_received_in_answer_to_a_digest_holds_for_all_of_it(world: InboundWorld) -> None:
    other = world.second_duty()
    message = world.sent([world.ground.occurrence, other], "email")
    world.say("Đã nhận", "email", HOA, token=world.token(message))
    assert all(world.occurrence(one).acknowledged_at for one in (world.ground.occurrence, other))
    (reply,) = world.replies()
    assert "đã nhận 2 việc" in reply.text


@pytest.mark.parametrize("where", ["text", "subject", "file"])
def test_a_code_names_the_duty_wherever_it_stands(world: InboundWorld, where: str) -> None:
    other = world.second_duty()
    world.sent([world.ground.occurrence])
    code = world.code(other)
    upload = Upload(f"{code} bao cao.pdf" if where == "file" else "bao-cao.pdf", PDF)
    text = f"Báo cáo {code.lower()}" if where == "text" else ""
    row = world.say(text, uploads=(upload,), subject=f"Re: {code}" if where == "subject" else "")
    assert (row.occurrence_id, world.occurrence(other).state) == (other, "submitted")
    assert world.occurrence().state == "open"


def test_a_code_of_another_unit_waits_for_a_person(world: InboundWorld) -> None:
    row = world.say(f"đã xong {world.code(world.ground.other)}")
    assert row.state == "waiting"
    assert "không thuộc đơn vị" in row.outcome
    assert world.occurrence(world.ground.other).state == "open"


def test_the_only_duty_of_the_last_message_is_meant(world: InboundWorld) -> None:
    other = world.second_duty()
    world.sent([other])
    assert world.say("đã nhận").occurrence_id == other


def test_the_only_open_duty_is_meant_without_any_message(world: InboundWorld) -> None:
    assert world.say("đã nhận").occurrence_id == world.ground.occurrence


@pytest.mark.parametrize("written_to", [True, False])
def test_received_behind_the_report_it_was_sent_before_is_understood(world: InboundWorld, written_to: bool) -> None:
    if written_to:
        world.sent([world.ground.occurrence])
    world.say("", uploads=(PDF_FILE,))
    late = world.say("đã nhận")
    assert (late.state, late.occurrence_id) == ("handled", world.ground.occurrence)
    assert world.occurrence().state == "submitted"


@pytest.mark.parametrize("answer", ["2", "số 2", "việc 2 ạ", "{code}", "{code} ạ"])
def test_of_several_it_is_asked_which_and_a_number_or_the_code_answers(world: InboundWorld, answer: str) -> None:
    other = world.second_duty()
    world.sent([world.ground.occurrence, other])
    row = world.say("", uploads=(PDF_FILE,))
    assert row.state == "waiting"
    (asked,) = world.replies()
    assert "1. Rà soát" in asked.text
    assert "2. Tổ chức ra quân" in asked.text
    assert world.occurrence(other).state == "open"
    choice = world.say(answer.format(code=world.code(other)), minutes=5)
    assert (choice.state, world.row(row.id).state) == ("handled", "handled")
    assert world.occurrence(other).state == "submitted"
    # As of the moment the file came, not of the choice.
    assert world.occurrence(other).answered_at == row.received_at
    assert world.occurrence().state == "open"
    assert len(world.replies()) == 2


def test_all_of_them_is_an_answer_for_what_was_received_only(world: InboundWorld) -> None:
    other = world.second_duty()
    world.say("đã nhận")
    assert "tất cả" in world.replies()[0].text
    world.say("tất cả", minutes=1)
    assert all(world.occurrence(one).acknowledged_at for one in (world.ground.occurrence, other))
    world.say("không phát sinh", minutes=2)
    assert "tất cả" not in world.replies()[-1].text
    assert world.say("tất cả", minutes=3).state == "waiting"
    assert world.occurrence().state == world.occurrence(other).state == "open"


@pytest.mark.parametrize("answer", ["1", "7", "0"])
def test_a_number_that_answers_nothing_waits_for_a_person(world: InboundWorld, answer: str) -> None:
    world.second_duty()
    if answer != "1":
        world.say("đã nhận")
    assert world.say(answer, minutes=1).state == "waiting"
    assert world.occurrence().acknowledged_at is None


def test_a_number_answers_a_question_for_three_days(world: InboundWorld) -> None:
    world.second_duty()
    world.say("đã nhận")
    assert world.say("1", minutes=4 * 24 * 60).state == "waiting"


def test_the_message_that_is_quoted_counts_before_the_last_one(world: InboundWorld) -> None:
    other = world.second_duty()
    world.sent([other], provider_id="zm-1")
    world.sent([world.ground.occurrence], provider_id="zm-2")
    assert world.say("đã nhận", answers=("zm-1",)).occurrence_id == other


def test_two_people_with_one_account_are_nobody(world: InboundWorld) -> None:
    with world.transaction() as session:
        other = session.get(Person, world.ground.stranger)
        assert other is not None
        other.zalo_user_id = HOA_ZALO
    assert world.say("đã nhận").state in ("ignored", "waiting")
    assert world.occurrence().acknowledged_at is None


def test_a_closed_duty_is_told_as_it_is(world: InboundWorld) -> None:
    with world.transaction() as session:
        get_occurrence(session, world.ground.occurrence).state = "waived"
    row = world.say(f"đã nhận {world.code()}")
    assert row.state == "handled"
    assert "đã được miễn" in world.replies()[0].text


def test_a_linking_code_by_mail_does_nothing(world: InboundWorld) -> None:
    message = world.sent([world.ground.occurrence], "email")
    assert world.say("LK-7KQ3-9XM2", "email", HOA, token=world.token(message)).state == "waiting"
    assert world.occurrence().submissions == []


def test_a_form_of_ours_names_its_duty_by_itself(world: InboundWorld) -> None:
    other = world.second_duty()
    with world.transaction() as session:
        name, data = form_for(session, get_occurrence(session, other), world.settings)
    row = world.say("", uploads=(Upload("khong-co-ma.xlsx", data),))
    assert row.occurrence_id == other
    assert name
