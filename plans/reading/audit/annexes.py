"""Annexes: promised and not there, there and not named, numbered with a gap, or without the duties they should hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.reading.audit.cited import KINDS, cites_before
from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.body import loose_headers
from plans.reading.document import Paragraph
from plans.reading.ordinals import roman_value
from plans.reading.text import fold

_HEADING = re.compile(
    r"^\W*PHỤ LỤC(?:\s+(?:SỐ\s*)?(?P<mark>[IVX]{1,5}|\d{1,2}))?\b(?P<rest>.*)$", re.IGNORECASE | re.DOTALL
)
_NAMED = re.compile(r"\b[Pp]hụ lục\s+(?:số\s*)?(?P<mark>[IVX]{1,5}|\d{1,2})\b(?!\s*/)")
_ATTACHED = re.compile(
    r"\bphu luc\b[^.;]{0,25}\b(?:kem theo|dinh kem)|\b(?:kem theo|dinh kem|theo|tai) (?:cac )?phu luc\b"
)
_FOREIGN = re.compile(
    rf"\bphu luc\b[^.;]{{0,80}}\b(?:kem theo|cua|tai|thuoc|theo|trong) (?:cac )?(?:{KINDS})\b(?! nay)"
)
_OWN = re.compile(r"kem theo|dinh kem|ke hoach nay|chi tiet")
_WORK = re.compile(
    r"\b(?:noi dung|nhiem vu|cong viec|phan cong)\b[^.;]{0,60}\bphu luc\b|\bphu luc\b[^.;]{0,40}\bnhiem vu\b"
)
_ISSUED_WITH = re.compile(r"kem theo")
TITLE_LENGTH = 260


@dataclass(frozen=True, slots=True)
class _Annex:
    spot: Spot
    number: int
    mark: str
    block: int


def annex_flaws(subject: Subject) -> Iterator[Flaw]:
    """Every flaw of the annexes."""
    annexes = list(_annexes(subject))
    yield from _numbers(annexes)
    yield from _promises(subject, annexes)
    yield from _unnamed(subject, annexes)
    yield from _without_plan(subject, annexes)


def _annexes(subject: Subject) -> Iterator[_Annex]:
    for at, block in enumerate(subject.document.blocks):
        if not isinstance(block, Paragraph) or len(block.text) > TITLE_LENGTH:
            continue
        match = _HEADING.match(block.text)
        if match and _is_heading(block.text, match):
            mark = (match["mark"] or "").upper()
            yield _Annex(subject.spot(block.place), int(mark) if mark.isdigit() else roman_value(mark) or 0, mark, at)


def _is_heading(text: str, match: re.Match[str]) -> bool:
    """A heading stands alone or goes on in capitals; "Phụ lục kèm theo Kế hoạch này ..." in the prose is none."""
    rest = match["rest"].strip(" :.-–")
    if text.lstrip(" *([").startswith("PHỤ LỤC") or not rest:
        return True
    return rest[:1].isupper() and not re.match(r"kem theo|chi tiet", fold(rest))


def _numbers(annexes: list[_Annex]) -> Iterator[Flaw]:
    before = 0
    for one in annexes:
        if one.number and before and one.number == before:
            message = f"Số của phụ lục dùng hai lần: Phụ lục {one.mark}."
            yield Flaw("annex_repeated", WARNING, one.spot, message, "Đánh lại số các phụ lục.")
        elif one.number > before + 1:
            message = f"Thiếu phụ lục ở trước Phụ lục {one.mark}."
            yield Flaw("annex_number_missing", WARNING, one.spot, message, "Kiểm tra có sót phụ lục nào không.")
        before = one.number or before


def _mentions(subject: Subject) -> Iterator[tuple[Passage, str]]:
    """Sentences of the plan that speak of its own annexes, and not of those of a cited document."""
    for passage in subject.in_zones(Zone.HEAD, Zone.BODY, Zone.ROW):
        if "phu luc" not in passage.folded or (_HEADING.match(passage.text) and len(passage.text) < TITLE_LENGTH):
            continue
        for sentence in re.split(r"(?<=[.;])\s", passage.flat):
            at = fold(sentence).find("phu luc")
            if at >= 0 and not cites_before(sentence, at) and not _FOREIGN.search(fold(sentence)):
                yield passage, sentence


def _promises(subject: Subject, annexes: list[_Annex]) -> Iterator[Flaw]:
    there = {one.number for one in annexes}
    has_table = any(not one.furniture for one in subject.found)
    for passage, sentence in _mentions(subject):
        folded = fold(sentence)
        if not _OWN.search(folded):
            continue
        for match in _NAMED.finditer(sentence):
            number = int(match["mark"]) if match["mark"].isdigit() else roman_value(match["mark"]) or 0
            if number and number not in there and (there - {0} or not has_table):
                message = f"Kế hoạch dẫn Phụ lục {match['mark']} nhưng trong tệp không có."
                yield Flaw("annex_missing", WARNING, passage.spot, message, "Bổ sung phụ lục hoặc sửa chỗ dẫn.")
        if _ATTACHED.search(folded) and not _NAMED.search(sentence):
            yield from _unnumbered_promise(subject, passage, folded, bool(annexes) or has_table)


def _unnumbered_promise(subject: Subject, passage: Passage, folded: str, any_annex: bool) -> Iterator[Flaw]:
    if not any_annex:
        message = "Kế hoạch dẫn phụ lục kèm theo nhưng trong tệp không có phụ lục nào."
        yield Flaw("annex_missing", WARNING, passage.spot, message, "Bổ sung phụ lục hoặc sửa chỗ dẫn.")
    elif _WORK.search(folded) and not subject.rows and _all_tables_known(subject):
        message = "Phần này giao nội dung thực hiện theo phụ lục kèm theo, nhưng phụ lục không có nhiệm vụ nào."
        cure = "Bổ sung phụ lục nhiệm vụ (việc, đơn vị, thời hạn, sản phẩm) hoặc sửa chỗ dẫn."
        yield Flaw("annex_without_duties", WARNING, passage.spot, message, cure)


def _all_tables_known(subject: Subject) -> bool:
    """Whether no table was left unread in which the duties might stand."""
    known = all(one.furniture or (one.columns and one.columns.holds_targets) for one in subject.found)
    return known and not any(True for _ in loose_headers(subject.document.paragraphs()))


def _unnamed(subject: Subject, annexes: list[_Annex]) -> Iterator[Flaw]:
    """Annexes that the text before them never speaks of; only when the file has that text."""
    body = [passage for passage in subject.in_zones(Zone.BODY) if not annexes or passage.spot.at < annexes[0].spot.at]
    if not annexes or len(body) < 3:
        return
    words = " ".join(passage.flat for passage in subject.in_zones(Zone.HEAD, Zone.BODY, Zone.ROW))
    numbers = {match["mark"].upper() for match in _NAMED.finditer(words)}
    spoken = any(True for _ in _mentions(subject)) or re.search(
        r"\b(?:bieu|bang) (?:chi tiet|kem theo|duoi day)", fold(words)
    )
    for one in annexes:
        if (one.mark and spoken and numbers and not {one.mark, str(one.number)} & _own_numbers(subject)) or not spoken:
            name = f"Phụ lục {one.mark}".strip()
            message = f"{name} không được nhắc đến ở phần nào của kế hoạch."
            yield Flaw("annex_unnamed", NOTE, one.spot, message, "Dẫn phụ lục này ở phần nội dung liên quan.")


def _own_numbers(subject: Subject) -> set[str]:
    marks: set[str] = set()
    for _, sentence in _mentions(subject):
        for match in _NAMED.finditer(sentence):
            marks |= {match["mark"].upper(), str(roman_value(match["mark"].upper()) or match["mark"])}
        listed = re.search(r"các phụ lục ([IVX\d, và]+)", sentence, re.IGNORECASE)
        marks |= set(re.findall(r"[IVX]+|\d+", listed[1])) if listed else set()
    return marks


def _without_plan(subject: Subject, annexes: list[_Annex]) -> Iterator[Flaw]:
    """Nghị định 30/2020/NĐ-CP, Phụ lục I: every annex says under its title which document it goes with."""
    blocks = subject.document.blocks
    for one in annexes:
        near = [fold(block.text) for block in blocks[one.block : one.block + 6] if isinstance(block, Paragraph)]
        if not any(_ISSUED_WITH.search(text) for text in near):
            message = "Phụ lục thiếu dòng “(Kèm theo Kế hoạch số … ngày …)”."
            yield Flaw("annex_unattached", NOTE, one.spot, message, "Bổ sung dòng này dưới tên phụ lục.")
