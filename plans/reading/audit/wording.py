"""Slips of typing that are certain: doubled words and marks, spaces left out, misspelt words, mixed spellings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plans.reading.audit.flaws import NOTE, Flaw, Spot, quoted
from plans.reading.audit.slips import slips
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.audit.syllables import garbled_words

_SMALL = "và|của|các|được|là|theo|với|cho|bằng|những|để|tại|trên|khi|thì|mà|bởi|hoặc|nhằm"
_DOUBLED_SMALL = re.compile(rf"\b({_SMALL}) \1\b(?! [A-ZĐ])")
_DOUBLED = re.compile(r"(?<![\w-])((?!\d)[^\W\d_]+ [^\W\d_]+(?: [^\W\d_]+){0,4}) \1(?![\w-])")
_AROUND = re.compile(r"\b(bằng) [^\W\d_]+ [^\W\d_]+ \1 (?:phương thức|hình thức|cách)\b")
_MARKS = re.compile(r"(?<![.…v])\.\.(?![.…/])|,,|;;|;\.(?!\.)|(?<!\.),\.(?!\.)|(?<=[^\W\d_]{4})\.,(?!\.)|,;|;,")
_LAST_MARK = re.compile(r"[^\W\d_]\./$")
_DIGIT_WORD = re.compile(r"(?<![\w/])\d{1,3}(?:tháng|ngày|năm|quý|giờ|tuần|lần)\b")
_GLUED = re.compile(r"(?<![\w])([a-zà-ỹđ]{2,})(UBND|HĐND|TTHC|MTTQ|PVHCC|QPPL|VPCP|CCHC|CĐS|DVC|CNTT)\b")
_MISSPELT = {
    "Chỉnh phủ": "Chính phủ", "chia sẽ": "chia sẻ", "xữ lý": "xử lý", "sữa đổi": "sửa đổi",
    "hổ trợ": "hỗ trợ", "bổ xung": "bổ sung", "sát nhập": "sáp nhập", "nghành": "ngành",
    "triển khại": "triển khai", "thực hiên": "thực hiện", "kiễm tra": "kiểm tra", "hành chình": "hành chính",
    "thủ tực": "thủ tục", "niên yết": "niêm yết", "Niên yết": "Niêm yết", "Uy ban": "Ủy ban",
    "tuyên truyên": "tuyên truyền", "kết quã": "kết quả",
    "dử liệu": "dữ liệu", "củng như": "cũng như", "bão đảm": "bảo đảm", "bão vệ": "bảo vệ", "đãm bảo": "đảm bảo",
    "nâng cáo": "nâng cao", "trách nhiêm": "trách nhiệm", "nhiêm vụ": "nhiệm vụ",
    "Nghi định": "Nghị định", "Nghi quyết": "Nghị quyết", "chổ": "chỗ", "giử": "giữ", "mổi": "mỗi", "trãi": "trải",
}  # fmt: skip
_NOT_MISSPELT = {"chia sẽ": " được", "thực hiên": " ngang"}
_MISSPELT_WORDS = re.compile(rf"(?<![\w-])(?:{'|'.join(_MISSPELT)})(?![\w-])")
_OF_WARD = re.compile(r"\b(?:UBND|nhân dân|Thống kê|Hộ tịch|Trạm Y tế) phòng\b(?! (?:chống|cháy|ngừa|bệnh|dịch|thủ))")
_CYCLE = r"(?:ngày|tuần|tháng|quý|quí|năm)\b(?! (?:người|con|hiếm))"
_QUARTER = r"(?=(?-i:[IVX\d])|năm|và)"
_MIXED = tuple(
    (re.compile(usual, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for usual, other in (
        (rf"\bhằng {_CYCLE}", rf"\bhàng {_CYCLE}"),
        (rf"\bquý {_QUARTER}", rf"\bquí {_QUARTER}"),
    )
)
_CURE = "Sửa lỗi đánh máy."
SHOWN = 6


def wording_flaws(subject: Subject) -> Iterator[Flaw]:
    """One note for each kind of slip, all its places together; mixed spellings are told once a document."""
    passages = [one for one in subject.passages if one.zone is not Zone.RECIPIENTS]
    yield from _together("word_repeated", "Chữ lặp", passages, _repeated)
    yield from _together("marks_doubled", "Dấu câu thừa hoặc lặp", passages, _doubled_marks)
    yield from _together("space_missing", "Thiếu dấu cách", passages, _spaces)
    yield from _together("misspelt", "Lỗi chính tả", passages, lambda text: _misspelt(text, subject.level))
    yield from _together("garbled", "Chữ gõ lỗi", passages, _garbled)
    yield from _slips(passages)
    yield from _mixed(subject, passages)
    yield from _end_mark(passages)


def _together(code: str, title: str, passages: list[Passage], find: Callable[[str], list[str]]) -> Iterator[Flaw]:
    told: dict[str, Spot] = {}
    spots: list[Spot] = []
    for passage in passages:
        for line in passage.lines:
            for words in find(line):
                told.setdefault(words, passage.spot)
                spots.append(passage.spot)
    if told:
        more = f" và {len(told) - SHOWN} chỗ khác" if len(told) > SHOWN else ""
        message = f"{title}: {', '.join(list(told)[:SHOWN])}{more}."
        yield from (Flaw(code, NOTE, spot, message, _CURE) for spot in dict.fromkeys(spots))


def _near(text: str, start: int, end: int) -> str:
    """The words found with one word on either side."""
    left = text.rfind(" ", 0, max(0, start - 1)) + 1
    right = text.find(" ", min(len(text), end + 1))
    return text[left : right if right >= 0 else len(text)].strip(" ,;:")


def _repeated(text: str) -> list[str]:
    found = [*_DOUBLED_SMALL.finditer(text), *_DOUBLED.finditer(text), *_AROUND.finditer(text)]
    return [quoted(match.group()) for match in found]


def _doubled_marks(text: str) -> list[str]:
    return [quoted(_near(text, match.start() - 1, match.end())) for match in _MARKS.finditer(text)]


def _spaces(text: str) -> list[str]:
    found = [quoted(match.group()) for match in _DIGIT_WORD.finditer(text)]
    return found + [
        quoted(f"{match.group()}") for match in _GLUED.finditer(text) if not match[1].isascii() or len(match[1]) > 3
    ]


def _misspelt(text: str, level: str | None) -> list[str]:
    found = [
        f"{quoted(_near(text, match.start(), match.end()))} (đúng: “{_MISSPELT[match.group()]}”)"
        for match in _MISSPELT_WORDS.finditer(text)
        if not text[match.end() :].startswith(_NOT_MISSPELT.get(match.group(), "\n"))
    ]
    if level == "phường":
        found += [f"“{match.group()}” (đúng: “phường”)" for match in _OF_WARD.finditer(text)]
    return found


def _garbled(text: str) -> list[str]:
    return [quoted(_near(text, match.start(), match.end())) for match in garbled_words(text)]


def _slips(passages: list[Passage]) -> Iterator[Flaw]:
    found = list(slips(passages))
    if found:
        told = dict.fromkeys(f"{quoted(words)} (nơi khác: {quoted(right)})" for _, words, right in found)
        message = f"Có thể gõ nhầm: {', '.join(list(told)[:SHOWN])}."
        yield from (Flaw("mistyped", NOTE, passage.spot, message, _CURE) for passage, _, _ in found)


def _mixed(subject: Subject, passages: list[Passage]) -> Iterator[Flaw]:
    pairs = []
    first: Spot | None = None
    for usual, other in _MIXED:
        seen = [(match.group(), passage.spot) for passage in passages for match in usual.finditer(passage.text)]
        odd = [(match.group(), passage.spot) for passage in passages for match in other.finditer(passage.text)]
        if seen and odd:
            pairs.append(f"{quoted(seen[0][0].strip())} và {quoted(odd[0][0].strip())}")
            first = first or min((seen, odd), key=len)[0][1]
    if pairs and first:
        message = f"Chính tả không thống nhất: {'; '.join(pairs)}."
        yield Flaw("spelling_mixed", NOTE, first, message, "Dùng một cách viết trong cả văn bản.")


def _end_mark(passages: list[Passage]) -> Iterator[Flaw]:
    for passage in passages:
        if passage.role is None and _LAST_MARK.search(passage.text.strip()):
            message = f"Dấu kết thúc văn bản thiếu: {quoted(passage.text.strip()[-24:])}."
            yield Flaw("end_mark", NOTE, passage.spot, message, "Kết thúc bằng “./.”.")
