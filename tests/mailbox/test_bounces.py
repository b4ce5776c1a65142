"""Notices of failure: what each server writes, what is believed, and what follows from it once."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Message
from dev.smtp_double.notices import Taken, notice
from notifications.reply_tokens import bounce_address, bounce_token
from submissions.mailbox.bounces import Bounce, read_bounce
from submissions.mailbox.parsing import parse
from tests.channels.doubles import MailDouble
from tests.mailbox.mails import settings_with, written
from tests.mailbox.office import ImapDouble, MailOffice, answer_to, post
from tests.notifications.chase_world import add_duty, at, on

SETTINGS = settings_with()
VERP = bounce_address(7, SETTINGS) or ""
MORNING, LATER = at(on("16/3"), "08:10"), at(on("16/3"), "10:00")
SENT = b"From: dondoc@xa.test\r\nSubject: Nhac viec\r\nMessage-ID: <obx-7@xa.test>\r\n\r\nbody"


def read(raw: bytes) -> Bounce | None:
    """A mail as a notice."""
    return read_bounce(parse(raw), SETTINGS)


def report(**fields: str) -> bytes:
    """A report about message 7, with a status of one's own."""
    taken = Taken(fields.pop("to", VERP), "lan+thu@xa.test", SENT, fields.pop("envid", ""), "rfc822;lan+2Bthu@xa.test")
    return notice(taken, fields.pop("status", "5.1.1"))


@pytest.mark.parametrize(
    ("status", "action"), [("5.1.1", "failed"), ("5.2.2", "failed"), ("4.2.2", "delayed"), ("4.4.1", "delayed")]
)
def test_a_report_says_what_happened_to_which_message(status: str, action: str) -> None:
    found = read(report(status=status))
    assert found is not None
    assert (found.action, found.status, found.recipient) == (action, status, "lan+thu@xa.test")
    assert (found.proven, found.claimed) == (7, 7)


def test_the_envelope_id_proves_as_much_as_the_return_path() -> None:
    found = read(report(to="dondoc@xa.test", envid=bounce_token(7, SETTINGS)))
    assert found is not None
    assert found.proven == 7


@pytest.mark.parametrize("to", ["dondoc@xa.test", VERP.replace("b7.", "b8."), "bounce+b7.aaaaaaaaaaaaaaaa@xa.test"])
def test_a_forged_report_proves_nothing(to: str) -> None:
    found = read(report(to=to, envid="obx-7"))
    assert found is not None
    assert found.proven is None


QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<lan@xa.test>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 No such user here
"""
GMAIL = "Address not found\n\nYour message wasn't delivered to lan@xa.test because the address couldn't be found.\n"
EXCHANGE = (
    "Delivery has failed to these recipients or groups:\n\nlan@xa.test\n\nRemote Server returned '550 5.1.10 no'\n"
)
VIETNAMESE = "Hệ thống thư không gửi được thư của đồng chí tới lan@xa.test.\nLỗi: 550 hộp thư không tồn tại\n"
LATE = "Message delayed: delivery to lan@xa.test was not successful, will be retried for 3 days. 451 4.4.1 timeout\n"
WITHOUT_REPORT = {
    "qmail": (QMAIL, {"From": "MAILER-DAEMON@mx.example", "Subject": "failure notice"}, "failed", "5.1.1"),
    "Gmail": (GMAIL, {"From": "mailer-daemon@googlemail.com", "X_Failed_Recipients": "lan@xa.test"}, "failed", ""),
    "Exchange": (EXCHANGE, {"From": "postmaster@co.example", "Subject": "Undeliverable: Nhắc"}, "failed", "5.1.10"),
    "Vietnamese": (VIETNAMESE, {"From": "postmaster@co.example", "Subject": "Thư bị trả lại"}, "failed", "5.0.0"),
    "delay": (LATE, {"From": "MAILER-DAEMON@mx.example", "Subject": "Undeliverable for now"}, "delayed", "4.4.1"),
}


@pytest.mark.parametrize(("text", "headers", "action", "status"), WITHOUT_REPORT.values(), ids=WITHOUT_REPORT.keys())
def test_servers_without_a_report_are_understood(text: str, headers: dict[str, str], action: str, status: str) -> None:
    found = read(written(VERP, text, **headers).as_bytes())
    assert found is not None
    assert (found.action, found.status, found.recipient, found.proven) == (action, status, "lan@xa.test", 7)


NOT_NOTICES = {
    "a person": {"From": "Lan <lan@xa.test>", "Subject": "Thư không gửi được hôm qua"},
    "a holiday notice": {"From": "lan@xa.test", "Auto_Submitted": "auto-replied", "Return_Path": "<lan@xa.test>"},
    "a holiday notice without a return path": {"From": "lan@xa.test", "Return_Path": "<>", "Subject": "Vắng mặt"},
}


@pytest.mark.parametrize("headers", NOT_NOTICES.values(), ids=NOT_NOTICES.keys())
def test_what_is_no_notice_is_none(headers: dict[str, str]) -> None:
    assert read(written(VERP, "Tôi đi vắng đến 25/3.", **headers).as_bytes()) is None


def sent_to_an(office: MailOffice, smtp: MailDouble, address: str = "an@xa.test") -> tuple[Message, dict[str, Any]]:
    """One digest for An at this address, sent."""
    office.person("An", email=address)
    add_duty(office, "19/3")
    office.chase(MORNING)
    office.deliver_mail(MORNING)
    (mail,) = smtp.mails(address)
    return office.messages()[0], mail


def test_a_dead_address_is_barred_and_the_words_take_another_channel(
    both_office: MailOffice, smtp: MailDouble, imap: ImapDouble
) -> None:
    office = both_office
    first, _ = sent_to_an(office, smtp, "later-511@xa.test")
    assert first.state == "sent"
    assert office.collect(LATER).bounces == 1

    before, after = office.messages()
    assert (before.state, before.error_code) == ("failed", "5.1.1")
    assert (after.channel, after.state, after.replaces_id) == ("zalo", "queued", before.id)
    (bar,) = office.bars()
    assert (bar.channel, bar.address, bar.source, bar.code) == ("email", "later-511@xa.test", "bounce", "5.1.1")
    (row,) = office.inbound()
    assert (row.kind, row.state, row.message_id) == ("bounce", "handled", before.id)
    assert imap.mails() == []

    # The same notice again, and another one about the same message.
    for _, raw in imap.mails("Đã xử lý"):
        imap.append(raw)
        imap.append(raw.replace(b"Message-ID: <", b"Message-ID: <x", 1))
    again = office.collect(LATER)
    assert (again.bounces, again.known) == (1, 1)
    assert len(office.messages()) == 2
    assert len(office.bars()) == 1

    office.deliver_mail(LATER)
    assert [envelope.to_name for _, envelope in office.zalo.sent].count("An") == 1
    assert len(smtp.mails("later-511@xa.test")) == 1


@pytest.mark.parametrize(
    ("local", "state", "queued"), [("later-522", "failed", 1), ("later-571", "failed", 1), ("later-422", "sent", 0)]
)
def test_what_may_pass_bars_nobody(office: MailOffice, smtp: MailDouble, local: str, state: str, queued: int) -> None:
    sent_to_an(office, smtp, f"{local}@xa.test")
    office.collect(LATER)
    assert office.messages()[0].state == state
    assert len(office.messages("queued")) == queued
    assert office.bars() == []


def test_a_forged_notice_is_kept_and_changes_nothing(office: MailOffice, smtp: MailDouble, imap: ImapDouble) -> None:
    message, mail = sent_to_an(office, smtp)
    raw = smtp.raw(mail["id"])
    for to in ("bounce@xa.test", f"bounce+b{message.id}.aaaaaaaaaaaaaaaa@xa.test"):
        imap.append(notice(Taken(to, "an@xa.test", raw, f"obx-{message.id}"), "5.1.1"))
    office.collect(LATER)
    assert [row.state for row in office.inbound()] == ["ignored", "ignored"]
    assert [one.state for one in office.messages()] == ["sent"]
    assert office.bars() == []


@pytest.mark.parametrize(("recipient", "state"), [("AN@xa.test", "failed"), ("khac@xa.test", "sent")])
def test_without_a_return_path_the_message_id_counts_with_our_own_recipient(
    office: MailOffice, smtp: MailDouble, imap: ImapDouble, recipient: str, state: str
) -> None:
    office.settings = office.settings.model_copy(update={"mail_bounce": ""})
    _, mail = sent_to_an(office, smtp)
    imap.append(notice(Taken("dondoc@xa.test", recipient, smtp.raw(mail["id"])), "5.1.1"))
    office.collect(LATER)
    assert office.messages()[0].state == state


def test_a_notice_that_comes_before_its_mail_is_settled_waits(
    office: MailOffice, smtp: MailDouble, imap: ImapDouble
) -> None:
    message, _ = sent_to_an(office, smtp, "later-511@xa.test")
    with office.transaction() as session:
        session.get_one(Message, message.id).state = "sending"
    done = office.collect(LATER)
    assert (done.bounces, done.left) == (0, 1)
    assert office.inbound() == []
    assert len(imap.mails()) == 1
    with office.transaction() as session:
        session.get_one(Message, message.id).state = "sent"
    assert office.collect(LATER).bounces == 1
    assert office.messages()[0].state == "failed"


def test_a_farewell_by_mail_bars_the_address_and_the_next_message_goes_elsewhere(
    office: MailOffice, smtp: MailDouble
) -> None:
    _, mail = sent_to_an(office, smtp)
    letter = dict(mail["headers"])["List-Unsubscribe"].split("mailto:")[1].partition("?")[0]
    farewell = answer_to(mail, "Thôi nhận thư")
    post(smtp, farewell, to=letter)
    post(smtp, farewell, to=letter)
    done = office.collect(LATER)
    assert (done.farewells, done.known) == (1, 1)
    (bar,) = office.bars()
    assert (bar.channel, bar.address, bar.source) == ("email", "an@xa.test", "left")
    add_duty(office, "20/3", content="Việc mới")
    office.chase(at(on("17/3"), "08:10"))
    office.deliver_mail(at(on("17/3"), "08:20"))
    assert len(smtp.mails("an@xa.test")) == 1
    assert [envelope.to_name for _, envelope in office.zalo.sent].count("An") == 1
