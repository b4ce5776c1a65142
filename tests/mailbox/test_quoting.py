"""A person's own words, out of what each mail program makes of an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.mailbox.bounces import read_bounce
from submissions.mailbox.markup import plain_lines
from submissions.mailbox.parsing import parse
from submissions.mailbox.quoting import own_words
from tests.mailbox.mails import settings_with

SAID = "Kính gửi đồng chí,\n\nXin gửi báo cáo tháng 3.\n\nTrân trọng,\nTrần Văn Bình"
OURS = "Kính gửi: Ông Bình\n1. Báo cáo tháng 3 (mã DD-128-7KQ3)\nTrả lời: http://x/t/abc"
QUOTED = "\n".join("> " + line for line in OURS.split("\n"))
BLOCK_VI = (
    "Từ: Đôn đốc nhiệm vụ <nop+m1.a@xa.example>\nĐã gửi: Thứ Hai, 20 tháng 3, 2026 08:05\n"
    "Đến: Trần Văn Bình <binh@xa.example>\nChủ đề: Nhắc việc: 02 việc\n\n" + OURS
)
BLOCK_EN = (
    "From: Don doc <nop+m1.a@xa.example>\nSent: Monday, March 20, 2026 8:05 AM\n"
    "To: Binh <binh@xa.example>\nSubject: 02 tasks\n\n" + OURS
)
PROGRAMS = {
    "Gmail in Vietnamese": f"Vào T.2, 20 thg 3, 2026 vào lúc 08:05 Đôn đốc <nop+m1.a@xa.example> đã viết:\n\n{QUOTED}",
    "Gmail in Vietnamese, wrapped": "Vào T.2, 20 thg 3, 2026 vào lúc 08:05 Đôn đốc nhiệm vụ <\n"
    f"nop+m1.a@xa.example> đã viết:\n\n{QUOTED}",
    "Gmail in English": f"On Mon, Mar 20, 2026 at 8:05 AM Don doc <nop+m1.a@xa.example> wrote:\n\n{QUOTED}",
    "Apple in Vietnamese": f"Vào 20 thg 3, 2026, lúc 08:05, Đôn đốc <nop+m1.a@xa.example> đã viết:\n\n{QUOTED}",
    "Apple without marks": f"On 20 Mar 2026, at 08:05, Don doc <nop+m1.a@xa.example> wrote:\n\n{OURS}",
    "Thunderbird in Vietnamese": f"Vào lúc 08:05 20/03/2026, Đôn đốc viết:\n{QUOTED}",
    "Outlook in Vietnamese": BLOCK_VI,
    "Outlook under a rule": f"________________________________\n{BLOCK_VI}",
    "Outlook in English": f"-----Original Message-----\n{BLOCK_EN}",
    "Outlook in English, block alone": BLOCK_EN,
    "Outlook with thư gốc": f"-----Thư gốc-----\n{BLOCK_VI}",
    "Outlook with stars": BLOCK_VI.replace("Từ:", "*Từ:*")
    .replace("Đã gửi:", "*Đã gửi:*")
    .replace("Chủ đề:", "*Chủ đề:*"),
    "Zimbra": '----- Thư gốc -----\nTừ: "Don doc" <nop@xa.example>\nTới: "Binh" <binh@xa.example>\n'
    f"Ngày gửi: Thứ hai, 20 Tháng 3, 2026 08:05:00\nTiêu đề: Nhắc việc\n\n{OURS}",
    "forwarded": f"---------- Forwarded message ---------\n{BLOCK_EN}",
    "forwarded in Vietnamese": f"---------- Thư đã chuyển tiếp ----------\n{BLOCK_VI}",
    "plain quote": QUOTED,
    "nothing": "",
}


@pytest.mark.parametrize("tail", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_only_the_persons_words_are_left(tail: str) -> None:
    assert own_words(f"{SAID}\n\n{tail}") == SAID


SIGNATURES = {
    "dashes": "-- \nTrần Văn Bình\nPhòng Kinh tế\n0912 345 678",
    "iPhone": "Sent from my iPhone",
    "iPhone in Vietnamese": "Đã gửi từ iPhone của tôi",
    "Outlook for telephones": "Tải Outlook cho iOS <https://aka.ms/o0ukef>",
    "telephone above the quote": f"Sent from my iPhone\n\nOn 20 Mar 2026, at 08:05, X <x@xa> wrote:\n\n{QUOTED}",
}


@pytest.mark.parametrize("tail", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_what_a_program_signs_is_left_out(tail: str) -> None:
    assert own_words(f"{SAID}\n\n{tail}") == SAID


KEPT = {
    "a sentence that ends in viết": "Ngày 20/3 đồng chí Bình viết:\nbáo cáo đã gửi bản giấy.",
    "a list with Từ": "Từ: 01/3 đến 31/3\nSố hồ sơ: 12\nGhi chú: không",
    "who and when of a meeting": "Đến: 12 người\nNgày: 20/3/2026\nChủ đề: chuyển đổi số",
    "dashes in a table": "Kết quả:\n-----\n12 hồ sơ",
    "arithmetic": "12 > 10 nên đạt",
    "thanks and name": "Đã nhận. Trân trọng cảm ơn.\nNguyễn Thị Hoa",
    "dashes alone": "-- \nĐã hoàn thành",
    "gửi từ as words": "Báo cáo gửi từ hôm qua, đề nghị kiểm tra.",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_nothing_that_a_person_wrote_is_cut(text: str) -> None:
    assert own_words(text) == text


def test_words_between_quoted_lines_stay() -> None:
    head = "On Mon, Mar 20, 2026 at 8:05 AM X <x@xa.example> wrote:"
    text = "> 1. Báo cáo tháng 3\n\nđã gửi\n\n> 2. Kế hoạch\n\nxin lùi"
    assert own_words(f"{head}\n{text}") == "đã gửi\n\nxin lùi"


@given(
    st.lists(st.sampled_from([*PROGRAMS.values(), *SIGNATURES.values(), *KEPT.values(), SAID, "-- ", "> a", "", "x"]))
)
def test_cutting_twice_cuts_no_more(parts: list[str]) -> None:
    once = own_words("\n".join(parts))
    assert own_words(once) == once


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    own_words(text)
    plain_lines(text)


HTML = {
    "Gmail": '<div dir="ltr">Đã gửi <b>báo cáo</b>.<br>Trân trọng</div><br><div class="gmail_quote x">'
    '<div class="gmail_attr">Vào T.2 đã viết:<br></div><blockquote>Kính gửi</blockquote></div>',
    "Outlook": "<html><head><style>p{color:red}</style></head><body><p>Đã gửi báo cáo.</p><p>Trân trọng</p>"
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Từ: X</div><p>Kính gửi</p></body></html>',
    "Zimbra": '<div>Đã gửi báo cáo.</div><div>Trân trọng</div><hr id="zwchr"><div>Từ: X</div>',
    "Apple": '<div>Đã gửi báo&nbsp;cáo.</div><div>Trân trọng</div><blockquote type="cite">Kính gửi</blockquote>',
}


@pytest.mark.parametrize("html", HTML.values(), ids=HTML.keys())
def test_html_alone_becomes_the_same_words(html: str) -> None:
    assert " ".join(own_words(plain_lines(html)).split()) == "Đã gửi báo cáo. Trân trọng"


def test_a_word_behind_a_quote_of_html_stays() -> None:
    html = '<div class="gmail_quote"><div>Việc 1</div></div><div>Đã xong việc 1</div>'
    assert own_words(plain_lines(html)) == "Đã xong việc 1"


ENDLESS = ["<a ", "<!--", "<div>", "_", "On 1\n", "Từ: a\n", "> a\n", "a@", "<", "=?a?q?"]


@pytest.mark.parametrize("piece", ENDLESS)
def test_what_never_ends_is_read_in_time(piece: str) -> None:
    # Each took minutes or more with patterns, or a parser, that look again from every letter.
    text = piece * (200_000 // len(piece))
    own_words(text)
    plain_lines(text)
    raw = f"From: mailer-daemon@x\r\nSubject: undeliverable\r\nTo: {text[:20_000]!r}\r\n\r\n{text}".encode()
    read_bounce(parse(raw), settings_with())
