"""The opening of a plan, its headings, and abbreviations used before they are explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from plans.reading.audit.flaws import NOTE, Flaw, quoted
from plans.reading.audit.likeness import core_of, said_in
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.text import fold

_CARRIES_OUT = re.compile(
    r"^(?:thuc hien|can cu|trien khai) (?:ke hoach|quyet dinh|cong van|nghi quyet|chi thi|van ban|chuong trinh)\b"
)
_ISSUES = re.compile(r"\b(?:xay dung|ban hanh|lap|trien khai)\b[\w ]{0,20}\bke hoach\b")
_OWN_CLAUSE = re.compile(
    r"(?<!cua )(?<!-)\b(?:ubnd|uy ban nhan dan)\b[^,.;]{0,60}\b(?:xay dung|ban hanh|trien khai|lap)\b"
)
_MAIN = re.compile(r"^(?:ubnd|uy ban nhan dan)\b")
_DEFINED = re.compile(r"\((?:sau đây (?:gọi|viết) (?:chung |tắt )?(?:là )?)?(?P<short>[A-ZĐ]{3,7})\)")
_WELL_KNOWN = {"UBND", "HĐND", "UBMTTQ", "MTTQ", "BCĐ", "ĐBQH"}
HEADING_LENGTH = 30


def opening_flaws(subject: Subject) -> Iterator[Flaw]:
    """A cut opening sentence, headings that repeat their row, abbreviations that come before their words."""
    yield from _cut_sentence(subject)
    yield from _repeating_headings(subject)
    yield from _late_abbreviations(subject.passages)


def _cut_sentence(subject: Subject) -> Iterator[Flaw]:
    """ "Thực hiện Kế hoạch số ... ." closed by a full stop, and the issuer's clause in a paragraph of its own."""
    front = subject.in_zones(Zone.HEAD, Zone.BASIS)
    for one, following in pairwise(front):
        words, after = fold(one.text), fold(following.text)
        if not (_CARRIES_OUT.match(words) and words.startswith("thuc hien") and one.text.rstrip().endswith(".")):
            continue
        if not _OWN_CLAUSE.search(words) and _MAIN.match(after) and _ISSUES.search(after):
            message = f"Câu mở đầu kết thúc bằng dấu chấm khi chưa có mệnh đề chính: {quoted(one.text, 60)}."
            yield Flaw("opening_cut", NOTE, one.spot, message, "Thay dấu chấm bằng dấu phẩy, nối với câu sau.")


def _repeating_headings(subject: Subject) -> Iterator[Flaw]:
    for table in subject.duty_tables:
        for placed, row in zip(table.placed, table.rows, strict=True):
            heading = placed.headings[-1] if placed.headings else None
            if heading and not placed.row.split and _repeats(heading.text, row.content):
                message = "Tiêu đề mục lặp lại gần nguyên văn nội dung nhiệm vụ dưới nó."
                cure = "Rút gọn tiêu đề hoặc nội dung nhiệm vụ."
                yield Flaw("heading_repeats_row", NOTE, subject.row_spot(row), message, cure)


def _repeats(heading: str, content: str) -> bool:
    if len(heading) < HEADING_LENGTH or not content:
        return False
    one, other = core_of(heading), core_of(content)
    return len(one) >= 10 and len(other) <= 2 * len(one) and said_in(one, other)


def _late_abbreviations(passages: list[Passage]) -> Iterator[Flaw]:
    """The first explained use of an abbreviation comes after a bare one."""
    prose = [passage for passage in passages if passage.zone in (Zone.BODY, Zone.ROW, Zone.HEADING)]
    told: set[str] = set()
    for at, passage in enumerate(prose):
        text = passage.flat
        for match in _DEFINED.finditer(text):
            short = match["short"]
            if short in told | _WELL_KNOWN or not _stands_for(text[: match.start()], short):
                continue
            told.add(short)
            bare = re.compile(rf"(?<![\w/-]){short}(?![\w/-])")
            earlier = [one for one in prose[:at] if bare.search(one.text)]
            earlier += [passage] if bare.search(text[: match.start()]) else []
            if earlier:
                message = f"Chữ viết tắt {short} dùng trước khi được giải thích."
                yield Flaw("abbreviation_late", NOTE, earlier[0].spot, message, "Giải thích ở chỗ dùng đầu tiên.")


def _stands_for(before: str, short: str) -> bool:
    """Whether the words before the bracket begin with the letters of the abbreviation."""
    words = re.findall(r"[^\W\d_]+", before)[-len(short) :]
    return "".join(word[0] for word in words).upper() == short
