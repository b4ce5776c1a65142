"""Headers as readers get them: every letter and every space of a name and a subject."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr

from hypothesis import given
from hypothesis import strategies as st

from notifications.channels import Envelope
from notifications.channels.base import one_line
from notifications.channels.mail.composing import compose_mail
from notifications.channels.mail.server import read_server

SERVER = read_server("smtp://127.0.0.1", "Đôn đốc <dondoc@xa.example>")
NOW = datetime(2026, 3, 16, 1, 10, tzinfo=UTC)
SAID = "[Đôn đốc] Phát thanh, đăng tin về quyền phản ánh (Tháng 11/2026) 03 việc – ngày report a, : ;"
WORDS = st.sampled_from([*SAID.split(" "), "\\", '"'])
TITLES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)


def composed(subject: str, name: str) -> bytes:
    """A mail with this subject to a person of this name."""
    envelope = Envelope(1, "lan@xa.example", name, subject, "chữ", "<obx-1@xa.example>")
    return compose_mail(envelope, SERVER, NOW).as_bytes()


def decoded(raw: str) -> str:
    """A header in words."""
    return str(make_header(decode_header(raw)))


@given(subject=TITLES | st.text(min_size=1, max_size=150), name=TITLES | st.text(max_size=60))
def test_nothing_of_a_subject_or_a_name_is_lost(subject: str, name: str) -> None:
    subject, name = (unicodedata.normalize("NFC", one_line(text)) for text in (subject, name))
    raw = composed(subject, name)
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(len(line) for line in head.split(b"\r\n")) <= 250
    assert str(message_from_bytes(raw, policy=default)["Subject"] or "") == subject
    # A second reader, which knows nothing of the first one's habits; the first one cannot read such names.
    old = message_from_bytes(raw, policy=compat32)
    assert decoded(old["Subject"] or "") == subject
    shown, address = parseaddr("".join(old["To"].splitlines()))
    assert (decoded(shown), address) == (name, "lan@xa.example")


def test_a_long_vietnamese_subject_keeps_its_spaces_on_short_lines() -> None:
    subject = "[Đôn đốc] Phát thanh, đăng tin về dịch vụ công trực tuyến và quyền phản ánh, kiến nghị (Tháng 11/2026)"
    raw = composed(subject, "Nguyễn Thị Hoàng Anh")
    assert message_from_bytes(raw, policy=default)["Subject"] == subject
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in lines) <= 76
