"""Duties hidden in the prose: who must do what, by when, in "Tổ chức thực hiện" and the parts around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.reading.document import Paragraph
from plans.reading.heads import leave_heads, open_head, unnumbered_head
from plans.reading.items import Item, opened, push
from plans.reading.model import ObligationRow, StandingDuty
from plans.reading.ordinals import Style
from plans.reading.phrases import dated
from plans.reading.text import flat, fold, is_bulleted, is_footnote, unbulleted
from plans.reading.time_bonds import asks_for_work
from plans.reading.time_words import When, dated_spans, time_words
from plans.reading.units_in_prose import after_name, bound_unit, compilers, is_order, ordered_units, partners, receiver

_NOT_ORDERS = re.compile(
    r"muc dich|muc tieu|chi tieu|quan diem|su can thiet|tinh hinh|thuc trang|ket qua dat duoc|yeu cau|can cu"
)
_ORDERS_TOO = re.compile(r"nhiem vu|giai phap|to chuc thuc hien|trach nhiem|phan cong")
# "1. Yêu cầu", "2. Căn cứ pháp lý" are headings of no order; "1. Yêu cầu các thôn ..." is one.
_BARE_HEADING = re.compile(
    r"(?:muc dich|muc tieu|chi tieu|quan diem|su can thiet|tinh hinh|thuc trang|ket qua dat duoc)"
    r"|(?:yeu cau|can cu)(?:\s+(?:chung|cu the|phap ly|xay dung|thuc tien|ve|doi voi ke hoach))?\s*(?:[,:.]|$)"
)
_CLOSING = re.compile(r"^(?:noi nhan|tm\.|kt\.|phu luc|luu:)")
_CITED_GROUND = re.compile(r"^can cu .*[;,]$", re.DOTALL)
_PURPOSE_ENDS = (Style.ROMAN, Style.UPPER)
_PRODUCT = re.compile(
    r"\b(?:xây dựng|lập|gửi|trình)\s+((?:báo cáo|kế hoạch|danh mục|văn bản)[^,;.]*?)"
    r"(?=\s+(?:gửi|về|trước|theo|trong|định kỳ)\b|[,;.]|$)"
)
_RELAY = re.compile(r"(?P<link>[,;]?\s+(?:de|va|dong thoi))\s+(?:[\w\s-]{3,80}?\s)?(?:kip thoi )?tong hop\b")
_TIME_LABEL = re.compile(r"\W*(?:thoi gian|thoi han|tien do)(?: (?:thuc hien|hoan thanh|to chuc|trien khai))?\s*:")
HEADING_LENGTH = 230
TIME_ALONE = 2
SENTENCE_LENGTH = 3000


def standing_duties(
    paragraphs: Iterable[Paragraph], year: int | None, settled: frozenset[int] = frozenset()
) -> list[StandingDuty]:
    """Every sentence of the prose that binds someone to a date, an interval or a counted limit.

    `settled` are the places in the order of the paragraphs that are read otherwise already.
    """
    found: list[StandingDuty] = []
    stack: list[Item] = []
    for at, paragraph in enumerate(paragraphs):
        if is_footnote(paragraph.text):
            continue
        item = opened(paragraph.text)
        if item:
            push(stack, item)
        elif stack:
            _place_unnumbered(stack, paragraph.text)
        if _closes(paragraph.text):
            stack.clear()
        if at in settled or any(_is_purpose(one) for one in stack) or not (stack or is_order(paragraph.text)):
            continue
        found.extend(_in_paragraph(paragraph, stack, item, year, len(found)))
        _note_order(stack, paragraph.text)
    return found


def _place_unnumbered(stack: list[Item], text: str) -> None:
    head = unnumbered_head(text)
    if head:
        open_head(stack, head)
    else:
        leave_heads(stack, text)


def _closes(text: str) -> bool:
    folded = fold(text)
    return bool(_CLOSING.match(folded) or _CITED_GROUND.match(folded))


def _is_purpose(item: Item) -> bool:
    """Parts that say why and how much, not who does what by when."""
    words = fold(item.body[:80])
    if item.style in _PURPOSE_ENDS:
        return bool(_NOT_ORDERS.search(words)) and not _ORDERS_TOO.search(words) and not item.units
    return bool(_BARE_HEADING.match(words))


def _note_order(stack: list[Item], text: str) -> None:
    """ "... yêu cầu các bộ phận thực hiện các nhiệm vụ sau:" binds its unit to all that follows in the part."""
    units = ordered_units(text)
    if units and stack:
        stack[-1].intro = units


def _in_paragraph(
    paragraph: Paragraph, stack: list[Item], item: Item | None, year: int | None, count: int
) -> Iterator[StandingDuty]:
    body = item.body if item else unbulleted(paragraph.text)
    named: tuple[str, ...] = ()
    for sentence in _sentences(body, year):
        own = bound_unit(sentence.text)
        named = own or named
        when = time_words(sentence.text, year)
        if when:
            count += 1
            leads = own or sentence.receiver or named
            yield _duty(paragraph, _Found(sentence.text, when, body, leads), stack, item, year, count)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence or clause; `receiver` is who compiles what the clause before it asks to be sent."""

    text: str
    receiver: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    sentence: str
    when: When
    paragraph: str
    leads: tuple[str, ...]


def _duty(
    paragraph: Paragraph, found: _Found, stack: list[Item], item: Item | None, year: int | None, count: int
) -> StandingDuty:
    words = flat(found.when.words).strip(" ,;")
    leads = found.leads or _leads_above(stack)
    when = dated(words, year)
    helpers = (*partners(found.sentence), *compilers(found.sentence))
    above = stack[:-1] if item else stack
    row = ObligationRow(
        key=f"S{count}",
        ordinal=(item.mark or None) if item else ("-" if is_bulleted(paragraph.text) else None),
        section=tuple(one.label for one in above if len(one.label) <= HEADING_LENGTH),
        content=_item_dated(found, above) or _content(found),
        deliverable=_deliverable(found.sentence),
        leads=leads,
        coordinators=tuple(dict.fromkeys(name for name in helpers if name not in leads)),
        deadline_text=words,
        rules=when.rules,
        status=when.status,
        question=when.question,
        place=paragraph.place,
    )
    return StandingDuty(row, flat(found.paragraph if item else found.sentence))


def _leads_above(stack: list[Item]) -> tuple[str, ...]:
    """The unit in the nearest heading, or in the order that opens the part."""
    for one in reversed(stack):
        if one.units:
            return one.units
    return next((one.intro for one in reversed(stack) if one.intro), ())


def _sentences(text: str, year: int | None) -> list[_Sentence]:
    parts = re.split(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[A-ZĐÀ-Ỹ])|(?<=\d{4}\.)\s+(?=[A-ZĐÀ-Ỹ])", text)
    short = (piece for part in parts if part.strip() for piece in _bounded(part.strip()))
    clauses = (clause for piece in short for clause in _clauses(piece, year))
    return [one for clause in clauses for one in _relayed(clause, year)]


def _bounded(sentence: str) -> list[str]:
    """The sentence, in pieces where it is longer than anybody writes one: a page without a full stop."""
    pieces = []
    while len(sentence) > SENTENCE_LENGTH:
        cut = max(sentence.rfind(sign, 1, SENTENCE_LENGTH) for sign in ";, ")
        cut = cut if cut > 0 else SENTENCE_LENGTH
        pieces.append(sentence[: cut + 1].strip())
        sentence = sentence[cut + 1 :]
    return [*pieces, sentence]


def _clauses(sentence: str, year: int | None) -> list[str]:
    """The sentence, or its clauses when several ask for something, each at a time of its own."""
    clauses = [clause.strip() for clause in sentence.split(";")]
    timed = [clause for clause in clauses if time_words(clause, year)]
    return clauses if len(timed) > 1 and all(map(asks_for_work, timed)) else [sentence]


def _relayed(clause: str, year: int | None) -> list[_Sentence]:
    """ "gửi về Sở A trước ngày 15 để tổng hợp, báo cáo UBND tỉnh trước ngày 20" binds the senders and Sở A."""
    folded = fold(clause)
    for match in _RELAY.finditer(folded):
        first, second = clause[: match.start()].rstrip(" ,;"), clause[match.end("link") :].lstrip(" ,;")
        compiler = bound_unit(second) or receiver(first)
        if compiler and dated_spans(fold(first), year) and dated_spans(fold(second), year):
            return [_Sentence(first), _Sentence(second, compiler)]
    return [_Sentence(clause)]


def _item_dated(found: _Found, above: list[Item]) -> str:
    """The item that a line of its own dates: "2. Kiểm tra chợ" above "- Thời gian: Từ ngày 15/3 ..."."""
    if not _TIME_LABEL.match(fold(found.sentence)) or not above or above[-1].style in _PURPOSE_ENDS:
        return ""
    return above[-1].body.strip()


def _content(found: _Found) -> str:
    """What is to be done: from the clause that the time opens, else the sentence without the unit before a colon."""
    sentence, start = found.sentence, found.when.start
    cut = sentence.rfind(";", 0, start)
    told = len(sentence[found.when.end :].split()) > TIME_ALONE
    if cut >= 0 and told and fold(sentence[cut + 1 : start]).strip() in ("", "dong thoi", "dong thoi,", "va"):
        return sentence[start:].strip()
    name = after_name(sentence)
    if 0 < name <= start:
        return sentence[name:].strip()
    return sentence


def _deliverable(sentence: str) -> str | None:
    """The report asked for, where the sentence names one."""
    match = _PRODUCT.search(sentence)
    return flat(match[1]) if match else None
