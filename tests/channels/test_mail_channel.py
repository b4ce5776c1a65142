"""E-mail against a real SMTP server: what arrives, and what each fault is called."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest

from notifications.channels import Attachment, Delivery, Envelope
from notifications.channels.mail.channel import MailChannel
from notifications.channels.mail.server import read_server
from tests.channels.doubles import MailDouble

Build = Callable[..., Envelope]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def header(mail: dict[str, list[list[str]]], name: str) -> list[str]:
    """Every value of one header."""
    return [value for key, value in mail["headers"] if key.lower() == name.lower()]


def test_a_mail_arrives_once_and_whole(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    html = "<p>Kính gửi <b>đồng chí</b></p>"
    files = (Attachment("báo cáo tiến độ.docx", DOCX, b"PK\x03\x04" + bytes(range(256)) * 30),)

    receipt = mail_channel.send(envelope("ubnd@xa.example", html=html, attachments=files), now)

    (got,) = mail.mails("ubnd@xa.example")
    assert receipt.provider_id
    assert receipt.provider_id.startswith("DBL")
    assert got["message_ids"] == ["<obx-12.0@xa.example>"]
    assert got["subject"] == "Nhắc nộp báo cáo quý I/2026"
    assert "đến hạn ngày 31/3/2026" in got["text"]
    assert got["html"].strip() == html
    assert got["attachments"] == [{"name": "báo cáo tiến độ.docx", "mime": DOCX, "size": 7684}]
    assert header(got, "Auto-Submitted") == ["auto-generated"]
    assert header(got, "List-Id") == ["Don doc nhiem vu <dondoc.xa.example>"]
    assert header(got, "Date") == ["Tue, 17 Mar 2026 09:30:00 +0700"]
    assert "Nguyễn Thị Hoàng Anh" in header(got, "To")[0]
    assert not header(got, "In-Reply-To")
    assert not header(got, "References")


def test_every_header_stands_once_and_no_line_is_too_long(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    subject = "Đôn đốc thực hiện Kế hoạch chuyển đổi số của Ủy ban nhân dân " * 4
    reply_to = "nhiem-vu+" + "k3x9" * 12 + "@xa.example"
    sent = envelope(
        "ubnd@xa.example",
        subject=subject,
        reply_to=reply_to,
        thread_root="<task-5@xa.example>",
        references=("<obx-3.0@xa.example>", "<obx-9.0@xa.example>"),
    )
    mail_channel.send(sent, now)

    (got,) = mail.mails("ubnd@xa.example")
    raw = mail.raw(got["id"])
    names = [name.lower() for name, _ in got["headers"]]
    assert len(names) == len(set(names))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()
    assert got["subject"] == " ".join(subject.split())
    assert header(got, "Reply-To") == [reply_to]
    assert header(got, "In-Reply-To") == ["<task-5@xa.example>"]
    assert header(got, "References") == ["<task-5@xa.example> <obx-3.0@xa.example> <obx-9.0@xa.example>"]


def test_the_first_mail_of_a_duty_answers_nothing(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    mail_channel.send(envelope("ubnd@xa.example", thread_root="<obx-12.0@xa.example>"), now)
    (got,) = mail.mails("ubnd@xa.example")
    assert not header(got, "In-Reply-To")
    assert not header(got, "References")


def test_a_mail_never_refers_to_itself(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    chain = ("<task-5@xa.example>", "<obx-12.0@xa.example>")
    mail_channel.send(envelope("ubnd@xa.example", thread_root="<task-5@xa.example>", references=chain), now)
    (got,) = mail.mails("ubnd@xa.example")
    assert header(got, "References") == ["<task-5@xa.example>"]


@pytest.mark.parametrize(
    "lines",
    [["Tiến độ nhiệm vụ", ".", "..hai chấm", "hết"], ["plain", ".", "..two", "...", "From here", "end."]],
    ids=["encoded", "as it is"],
)
def test_text_in_nfd_arrives_in_nfc_and_dots_survive(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime, lines: list[str]
) -> None:
    text = unicodedata.normalize("NFD", "\n".join(lines))
    mail_channel.send(envelope("ubnd@xa.example", text=text), now)
    (got,) = mail.mails("ubnd@xa.example")
    assert got["text"].splitlines() == lines


@pytest.mark.parametrize("field", ["subject", "to_name"])
def test_no_text_opens_a_header(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime, field: str
) -> None:
    mail_channel.send(envelope("ubnd@xa.example", **{field: "Nhắc\r\nBcc: la@xa.example\r\n\r\nxin"}), now)
    (got,) = mail.mails("ubnd@xa.example")
    assert not header(got, "Bcc")
    assert mail.mails("la@xa.example") == []


FAULTS = [
    pytest.param("fault-550", "permanent", "550", 0, id="unknown mailbox"),
    pytest.param("fault-451", "temporary", "451", 0, id="greylisted"),
    pytest.param("fault-452", "temporary", "452", 0, id="mailbox full"),
    pytest.param("fault-554-data", "permanent", "554", 0, id="content refused"),
    pytest.param("fault-451-data", "temporary", "451", 0, id="content later"),
    pytest.param("fault-drop-rcpt", "temporary", None, 0, id="dropped before the content"),
    pytest.param("fault-drop-data", "unknown", None, 0, id="dropped after the content, not kept"),
    pytest.param("fault-drop-kept", "unknown", None, 1, id="dropped after the content, kept"),
]


@pytest.mark.parametrize(("local", "kind", "code", "copies"), FAULTS)
def test_each_fault_has_its_kind_and_is_not_repeated(
    mail: MailDouble,
    mail_channel: MailChannel,
    envelope: Build,
    now: datetime,
    local: str,
    kind: str,
    code: str | None,
    copies: int,
) -> None:
    with pytest.raises(Delivery) as caught:
        mail_channel.send(envelope(f"{local}@xa.example"), now)
    assert caught.value.kind == kind
    assert code is None or caught.value.code == code
    assert caught.value.detail
    assert len(mail.mails(f"{local}@xa.example")) == copies


def test_an_answer_that_comes_too_late_is_unknown(mail: MailDouble, envelope: Build, now: datetime) -> None:
    hasty = MailChannel(read_server(f"{mail.smtp_url}?timeout=0.5", "dondoc@xa.example"))
    with pytest.raises(Delivery) as caught:
        hasty.send(envelope("fault-slow@xa.example"), now)
    assert caught.value.kind == "unknown"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("421", "temporary"), ("451", "temporary"), ("530", "auth"), ("550", "config"), ("552", "permanent")],
)
def test_a_refused_sender_never_blames_the_address(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime, code: str, kind: str
) -> None:
    mail.arm(stage="mail", code=code)
    with pytest.raises(Delivery) as caught:
        mail_channel.send(envelope("ubnd@xa.example"), now)
    assert (caught.value.kind, caught.value.code) == (kind, code)
    assert mail.mails("ubnd@xa.example") == []


def test_no_server_is_temporary(envelope: Build, now: datetime) -> None:
    nobody = MailChannel(read_server("smtp://127.0.0.1:9?timeout=2", "dondoc@xa.example"))
    with pytest.raises(Delivery) as caught:
        nobody.send(envelope("ubnd@xa.example"), now)
    assert caught.value.kind == "temporary"
    assert nobody.check(now) == ["Không kết nối được máy chủ thư. (Máy chủ 127.0.0.1:9, theo DONDOC_SMTP_URL.)"]


ADDRESSES = [
    "",
    "địa-chỉ@xa.example",
    "khong-co-a-cong",
    "a@",
    "@b",
    "a b@xa.example",
    "a@xa.example, b@xa.example",
    "a@xa.example\r\nBcc: c@d",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address_is_permanent_and_sends_nothing(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime, address: str
) -> None:
    with pytest.raises(Delivery) as caught:
        mail_channel.send(envelope(address), now)
    assert caught.value.kind == "permanent"
    assert "Chưa có thư nào" in mail.page("/")


def test_the_same_row_sent_twice_bears_the_same_id(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    for _ in range(2):
        mail_channel.send(envelope("ubnd@xa.example"), now)
    ids = [got["message_ids"] for got in mail.mails("ubnd@xa.example")]
    assert ids == [["<obx-12.0@xa.example>"]] * 2


def test_a_naive_now_is_refused(mail_channel: MailChannel, envelope: Build) -> None:
    with pytest.raises(ValueError, match="aware"):
        mail_channel.send(envelope("ubnd@xa.example"), datetime(2026, 3, 17))  # noqa: DTZ001


def test_attachments_of_odd_types_still_arrive(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    files = (
        Attachment("a\r\nX: y.txt", "text/plain", "đủ dấu".encode()),
        Attachment("b.eml", "message/rfc822", b"From: a\r\n\r\nb"),
        Attachment("", "no type at all", b"\x00\xff"),
    )
    mail_channel.send(envelope("ubnd@xa.example", attachments=files), now)
    (got,) = mail.mails("ubnd@xa.example")
    assert [(one["name"], one["size"]) for one in got["attachments"]] == [
        ("a X: y.txt", 11),
        ("b.eml", 12),
        ("tep-dinh-kem", 2),
    ]
    assert message_from_bytes(mail.raw(got["id"]))["X"] is None


def test_the_reader_sees_the_mail(mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime) -> None:
    mail_channel.send(envelope("ubnd@xa.example", text="Mở <b>http://127.0.0.1:8000/t/abc</b>."), now)
    assert "Nhắc nộp báo cáo quý I/2026" in mail.page("/")
    shown = mail.page("/thu/1")
    assert '<a href="http://127.0.0.1:8000/t/abc">' in shown
    assert "<b>http" not in shown


def test_a_connection_serves_several_mails_and_a_dead_one_is_replaced(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    for _ in range(3):
        mail_channel.send(envelope("ubnd@xa.example"), now)
    assert mail.connections() == 1
    # The server closes the kept connection at the next sender; nothing of the mail has been written yet.
    mail.arm(stage="mail", action="drop")
    mail_channel.send(envelope("ubnd@xa.example"), now)
    assert mail.connections() == 2
    mail.arm(stage="mail", code="421")
    mail_channel.send(envelope("ubnd@xa.example"), now)
    assert mail.connections() == 3
    mail_channel.send(envelope("ubnd@xa.example"), now + timedelta(minutes=5))
    assert mail.connections() == 4
    assert len(mail.mails("ubnd@xa.example")) == 6


def test_a_refusal_on_a_kept_connection_is_not_asked_again(
    mail: MailDouble, mail_channel: MailChannel, envelope: Build, now: datetime
) -> None:
    mail_channel.send(envelope("ubnd@xa.example"), now)
    mail.arm(stage="data", action="drop_kept")
    with pytest.raises(Delivery) as caught:
        mail_channel.send(envelope("ubnd@xa.example"), now)
    assert caught.value.kind == "unknown"
    assert len(mail.mails("ubnd@xa.example")) == 2
