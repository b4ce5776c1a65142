"""What is read out of a mail: whose it is, the words, the files and their names, whether a program sent it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.reply_tokens import leave_address, reply_address, reply_token
from submissions.inbound.incoming import Incoming
from submissions.mailbox.bounces import read_bounce
from submissions.mailbox.parsing import incoming_of, leaving_of, parse
from tests.mailbox.mails import DOCX, PNG, part, settings_with, with_file, written

SETTINGS = settings_with()
NOW = datetime(2026, 3, 20, 1, 5, tzinfo=UTC)
NAME = "Báo cáo tháng 3 – Phòng Kinh tế.docx"
NOP = reply_address(12, SETTINGS) or ""


def read(raw: bytes | EmailMessage) -> Incoming:
    """A mail as it comes in."""
    data = raw if isinstance(raw, bytes) else raw.as_bytes()
    return incoming_of(data, parse(data), NOW, SETTINGS)


def test_an_answer_is_read_whole() -> None:
    mail = written(f"Đôn đốc <{NOP}>", "Xin gửi báo cáo.", In_Reply_To="<obx-12@xa.example>", References="<a@b> <c@d>")
    got = read(with_file(mail, NAME, DOCX))
    assert got.channel == "email"
    assert got.dedupe_key == f"mail:{mail['Message-ID']}"
    assert got.sender == "binh@xa.example"
    assert got.text == "Xin gửi báo cáo."
    assert got.token == reply_token(12, SETTINGS)
    assert got.answers == ("<a@b>", "<c@d>", "<obx-12@xa.example>")
    assert [(file.name, file.data) for file in got.uploads] == [(NAME, DOCX)]
    assert not got.automatic
    assert got.data["notes"] == []


@pytest.mark.parametrize("header", ["To", "Cc", "Delivered_To", "X_Original_To", "Envelope_To"])
def test_the_token_is_found_wherever_the_address_stands(header: str) -> None:
    others = {"To": NOP.upper()} if header == "To" else {header: f'"Đôn đốc, xã" <{NOP}>'}
    mail = written(others.pop("To", "van-phong@xa.example"), "x", **others)
    assert (read(mail).token or "").lower() == reply_token(12, SETTINGS)


def test_a_forged_token_is_none() -> None:
    assert read(written(NOP.replace("m12.", "m13."), "x")).token is None
    assert leaving_of(parse(written(NOP, "x").as_bytes()), SETTINGS) is None
    leave = leave_address(12, SETTINGS) or ""
    assert leaving_of(parse(written(leave, "x").as_bytes()), SETTINGS) == 12
    assert read(written(leave, "x")).token is None


def test_without_an_id_the_bytes_are_the_key() -> None:
    mail = written(NOP, "x")
    del mail["Message-ID"]
    assert read(mail).dedupe_key == read(mail).dedupe_key
    assert read(mail).dedupe_key.startswith("mail:sha256:")
    other = written(NOP, "y")
    del other["Message-ID"]
    assert read(mail).dedupe_key != read(other).dedupe_key


DISPOSITION = "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; "
NAMES = {
    "RFC 2231": f"filename*=UTF-8''{quote(NAME)}",
    "RFC 2231 in parts": "filename*0*=UTF-8''B%C3%A1o%20c%C3%A1o%20th%C3%A1ng;\r\n"
    " filename*1*=%203%20%E2%80%93%20Ph;\r\n filename*2*=%C3%B2ng%20Kinh%20t%E1%BA%BF.docx",
    "encoded word": 'filename="=?UTF-8?B?QsOhbyBjw6FvIHRow6FuZyAzIOKAkyBQaMOybmcgS2luaCB04bq/LmRvY3g=?="',
    "encoded words cut inside a letter": 'filename="=?UTF-8?B?QsOhbyBjw6FvIHRow6FuZyAzIOKA?=\r\n'
    ' =?UTF-8?B?kyBQaMOybmcgS2luaCB04bq/LmRvY3g=?="',
    "quoted encoded word": f'filename="=?utf-8?Q?{quote(NAME).replace("%20", "_").replace("%", "=")}?="',
    "raw UTF-8": f'filename="{NAME}"',
    "raw UTF-8 in NFD": f'filename="{unicodedata.normalize("NFD", NAME)}"',
    "unquoted": f"filename={NAME.replace(' ', '_')}",
}


@pytest.mark.parametrize("head", NAMES.values(), ids=NAMES.keys())
def test_a_vietnamese_name_survives_every_program(head: str) -> None:
    (file,) = read(part(DISPOSITION + head)).uploads
    assert file.name.replace("_", " ") == NAME


def test_a_name_in_old_windows_letters_is_read() -> None:
    raw = part(DISPOSITION + 'filename="@@"').replace(b"@@", "Báo cáo.docx".encode("cp1258"))
    assert read(raw).uploads[0].name == "Báo cáo.docx"


def test_the_name_may_stand_with_the_type_alone() -> None:
    assert read(part('Content-Type: application/pdf; name="kế hoạch.pdf"')).uploads[0].name == "kế hoạch.pdf"


def test_a_subject_in_raw_bytes_and_a_code_in_it() -> None:
    mail = written(NOP, "x", Subject="@@").as_bytes().replace(b"@@", "Báo cáo DD-12-ABCD".encode())
    assert read(mail).subject == "Báo cáo DD-12-ABCD"


def test_html_alone_is_read_and_its_signature_picture_is_left_out_with_a_note() -> None:
    mail = written(NOP, "bỏ")
    mail.set_content('<p>Đã <b>gửi</b>.</p><img src="cid:logo@x"><img src="cid:page@x">', subtype="html")
    mail.add_related(PNG, "image", "png", cid="<logo@x>", filename="image001.png")
    mail.add_related(PNG * 200, "image", "png", cid="<page@x>", filename="IMG_2031.png")
    got = read(mail)
    assert got.text == "Đã gửi."
    # A photograph of a page that a telephone puts into the text is an answer.
    assert [file.name for file in got.uploads] == ["IMG_2031.png"]
    assert "image001.png" in got.data["notes"][0]


def test_of_two_forms_of_the_words_one_is_read_and_both_texts_around_a_file() -> None:
    mail = written(NOP, "Chữ thường")
    mail.add_alternative("<p>Chữ đậm</p>", subtype="html")
    assert read(with_file(mail, NAME, DOCX)).text == "Chữ thường"


def test_a_file_of_outlooks_own_form_is_told_where_the_words_are_read() -> None:
    got = read(with_file(written(NOP, "Đã gửi báo cáo."), "winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef"))
    assert got.uploads == ()
    assert got.text.startswith("Đã gửi báo cáo.")
    assert "winmail.dat" in got.text
    assert "winmail.dat" in got.data["notes"][0]


def test_an_attached_mail_gives_its_files_but_not_its_words() -> None:
    outer = written(NOP, "Chuyển báo cáo của thôn.")
    outer.add_attachment(with_file(written("a@xa.example", "Lời của thôn"), NAME, DOCX))
    got = read(outer)
    assert got.text == "Chuyển báo cáo của thôn."
    assert [file.name for file in got.uploads] == [NAME]


AUTOMATIC = {
    "RFC 3834": {"Auto_Submitted": "auto-replied"},
    "RFC 3834 with a note": {"Auto_Submitted": "auto-generated; x"},
    "bulk": {"Precedence": "bulk"},
    "old autoresponder": {"X_Autoreply": "yes"},
    "a list": {"List_Id": "<tin.xa.example>"},
    "nobody to answer": {"Return_Path": "<>"},
    "a robot": {"From": "Mail System <MAILER-DAEMON@mx.example>"},
    "Outlook in Vietnamese": {"Subject": "Trả lời tự động: Nhắc việc"},
    "Outlook in English": {"Subject": "Automatic reply: Nhắc việc"},
    "away": {"Subject": "Vắng mặt đến 25/3"},
}


@pytest.mark.parametrize("headers", AUTOMATIC.values(), ids=AUTOMATIC.keys())
def test_what_a_program_sent_answers_nothing(headers: dict[str, str]) -> None:
    assert read(written(NOP, "Tôi đi vắng.", **headers)).automatic


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"Precedence": "normal"}, {"Return_Path": "<a@b>"}])
def test_what_a_person_sent_is_not_automatic(headers: dict[str, str]) -> None:
    assert not read(written(NOP, "Đã nhận.", **headers)).automatic


@given(st.binary(max_size=600))
def test_no_bytes_break_it(raw: bytes) -> None:
    read(raw)
    read_bounce(parse(raw), SETTINGS)


WHOLE = with_file(written(NOP, "Xin gửi báo cáo."), NAME, DOCX).as_bytes()


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_no_damaged_mail_breaks_it(at: int, byte: int, cut: bool) -> None:
    damaged = WHOLE[:at] + (b"" if cut else bytes([byte]) + WHOLE[at + 1 :])
    read(damaged)
    read_bounce(parse(damaged), SETTINGS)
