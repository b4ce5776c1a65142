"""From a digest to an answered duty, and back from a dead address, through real servers."""

from __future__ import annotations

from typing import Any

from db.file_store import read_stored
from notifications.codes import occurrence_code
from tests.channels.doubles import MailDouble
from tests.mailbox.mails import with_file
from tests.mailbox.office import DONE, ImapDouble, MailOffice, answer_to, post
from tests.notifications.chase_world import add_duty, at, on

NAME = "Báo cáo tháng 3 – Phòng Kinh tế.docx"
MORNING, LATER, NEXT = at(on("16/3"), "08:10"), at(on("16/3"), "10:00"), at(on("17/3"), "08:10")


def document() -> bytes:
    """A real Word document."""
    import io

    from docx import Document

    made = Document()
    made.add_paragraph("Báo cáo kết quả tháng 3")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def digest_for_an(office: MailOffice, smtp: MailDouble, *duties: str) -> tuple[dict[str, Any], list[int]]:
    """The one mail that An gets about his duties, and their occurrences."""
    numbers = [add_duty(office, "16/3", content=content) for content in duties]
    office.chase(MORNING)
    office.deliver_mail(MORNING)
    (mail,) = smtp.mails("an@xa.test")
    return mail, numbers


def test_an_answer_by_mail_becomes_a_submission_once_and_stops_the_chase(
    both_office: MailOffice, smtp: MailDouble, imap: ImapDouble
) -> None:
    office = both_office
    mail, (number,) = digest_for_an(office, smtp, "Báo cáo chuyển đổi số")
    content = document()
    answer = with_file(answer_to(mail, "Phòng Kinh tế xin gửi báo cáo tháng 3."), NAME, content)
    post(smtp, answer)
    post(smtp, answer)  # a server that lost our 250 sends again

    done = office.collect(LATER)
    assert (done.mails, done.known, done.left) == (1, 1, 0)
    (row,) = office.inbound()
    assert (row.state, row.occurrence_id) == ("handled", number)
    (submission,) = office.submissions()
    assert [(file.name, read_stored(office.settings.home, file.sha256)) for file in submission.files] == [
        (NAME, content)
    ]
    assert submission.occurrence_id == number
    assert "Kính gửi" not in submission.text
    assert office.occurrence(number).state == "submitted"

    # The same mails once more, under other numbers: as after a server was restored.
    for _, raw in imap.mails(DONE):
        imap.append(raw)
    again = office.collect(LATER)
    assert (again.mails, again.known) == (0, 2)
    assert len(office.submissions()) == 1

    office.deliver_mail(LATER)
    confirmed = smtp.mails("an@xa.test")[1:]
    assert len(confirmed) == 1
    head = dict(confirmed[0]["headers"])
    assert head["In-Reply-To"] == dict(mail["headers"])["Message-ID"] or head["In-Reply-To"] == answer["Message-ID"]
    office.chase(NEXT)
    office.deliver_mail(NEXT)
    assert len(smtp.mails("an@xa.test")) == 2


def test_an_answer_to_several_duties_without_a_code_waits_for_a_person(office: MailOffice, smtp: MailDouble) -> None:
    mail, numbers = digest_for_an(office, smtp, "Báo cáo chuyển đổi số", "Báo cáo cải cách hành chính")
    post(smtp, with_file(answer_to(mail, "Xin gửi báo cáo."), NAME, document()))
    office.collect(LATER)
    (row,) = office.inbound()
    assert row.state == "waiting"
    assert office.submissions() == []
    assert {office.occurrence(number).state for number in numbers} == {"open"}


def test_a_confirmation_stands_under_the_mail_that_it_answers(office: MailOffice, smtp: MailDouble) -> None:
    mail, numbers = digest_for_an(office, smtp, "Báo cáo chuyển đổi số", "Báo cáo cải cách hành chính")
    answer = answer_to(mail, "Đã nhận ạ.")
    post(smtp, answer)
    office.collect(LATER)
    office.deliver_mail(LATER)
    assert all(office.occurrence(number).acknowledged_at for number in numbers)
    (confirmed,) = smtp.mails("an@xa.test")[1:]
    references = dict(confirmed["headers"])["References"].split()
    assert references == [dict(mail["headers"])["Message-ID"], answer["Message-ID"]]


def test_a_code_in_the_subject_names_the_duty(office: MailOffice, smtp: MailDouble) -> None:
    mail, numbers = digest_for_an(office, smtp, "Báo cáo chuyển đổi số", "Báo cáo cải cách hành chính")
    code = occurrence_code(numbers[1], office.settings.secret_key.get_secret_value())
    post(smtp, with_file(answer_to(mail, "Xin gửi báo cáo.", f"Re: báo cáo {code}"), NAME, document()))
    office.collect(LATER)
    assert [one.occurrence_id for one in office.submissions()] == [numbers[1]]


def test_a_holiday_notice_answers_nothing(office: MailOffice, smtp: MailDouble) -> None:
    mail, (number,) = digest_for_an(office, smtp, "Báo cáo chuyển đổi số")
    notice = answer_to(mail, "Đã nhận. Tôi đi công tác đến 25/3.", "Trả lời tự động: Nhắc việc")
    notice["Auto-Submitted"] = "auto-replied"
    post(smtp, notice)
    post(smtp, answer_to(mail, "Đã nhận, tôi đi vắng.", "Vắng mặt"), to=str(mail["sender"]))
    office.collect(LATER)
    assert [row.state for row in office.inbound()] == ["ignored", "ignored"]
    assert office.occurrence(number).acknowledged_at is None
    assert office.bars() == []
    office.deliver_mail(LATER)
    assert len(smtp.mails("an@xa.test")) == 1
