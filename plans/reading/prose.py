"""Duties hidden in the prose: who must do what, by when, in "Tổ chức thực hiện" and the parts around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.reading.document import Paragraph
from plans.reading.items import Item, opened, push
from plans.reading.model import ObligationRow, StandingDuty
from plans.reading.ordinals import Style
from plans.reading.phrases import dated
from plans.reading.text import flat, fold, is_bulleted, unbulleted
from plans.reading.time_words import When, asks_for_reports, time_words
from plans.reading.units_in_prose import bound_unit, ordered_units, partners

_NOT_ORDERS = re.compile(
    r"muc dich|yeu cau|muc tieu|chi tieu|quan diem|can cu|su can thiet|tinh hinh|thuc trang|ket qua dat duoc"
)
_CLOSING = re.compile(r"^(?:noi nhan|tm\.|kt\.|can cu |phu luc|luu:)")
_PURPOSE_ENDS = (Style.ROMAN, Style.UPPER)
_PRODUCT = re.compile(
    r"\b(?:xây dựng|lập|gửi|trình)\s+((?:báo cáo|kế hoạch|danh mục|văn bản)[^,;.]*?)"
    r"(?=\s+(?:gửi|về|trước|theo|trong|định kỳ)\b|[,;.]|$)"
)
HEADING_LENGTH = 230


def standing_duties(
    paragraphs: Iterable[Paragraph], year: int | None, settled: frozenset[int] = frozenset()
) -> list[StandingDuty]:
    """Every sentence of the prose that binds someone to a date, an interval or a counted limit.

    `settled` are the places in the order of the paragraphs that are read otherwise already.
    """
    found: list[StandingDuty] = []
    stack: list[Item] = []
    for at, paragraph in enumerate(paragraphs):
        item = opened(paragraph.text)
        if item:
            push(stack, item)
        if _CLOSING.match(fold(paragraph.text)):
            stack.clear()
        if at in settled or not stack or any(_is_purpose(one) for one in stack):
            continue
        found.extend(_in_paragraph(paragraph, stack, item, year, len(found)))
        _note_order(stack, paragraph.text)
    return found


def _is_purpose(item: Item) -> bool:
    """Parts that say why and how much, not who does what by when."""
    words = fold(item.body[:80])
    return bool(_NOT_ORDERS.search(words) if item.style in _PURPOSE_ENDS else _NOT_ORDERS.match(words))


def _note_order(stack: list[Item], text: str) -> None:
    """ "... yêu cầu các bộ phận thực hiện các nhiệm vụ sau:" binds its unit to all that follows in the part."""
    units = ordered_units(text)
    if units:
        stack[-1].intro = units


def _in_paragraph(
    paragraph: Paragraph, stack: list[Item], item: Item | None, year: int | None, count: int
) -> Iterator[StandingDuty]:
    body = item.body if item else unbulleted(paragraph.text)
    for sentence in _sentences(body):
        when = time_words(sentence)
        if when:
            count += 1
            yield _duty(paragraph, _Found(sentence, when, body), stack, item, year, count)


@dataclass(frozen=True, slots=True)
class _Found:
    sentence: str
    when: When
    paragraph: str


def _duty(
    paragraph: Paragraph, found: _Found, stack: list[Item], item: Item | None, year: int | None, count: int
) -> StandingDuty:
    words = flat(found.when.words).strip(" ,;")
    leads = _leads(found, stack)
    when = dated(words, year)
    above = stack[:-1] if item else stack
    row = ObligationRow(
        key=f"S{count}",
        ordinal=(item.mark or None) if item else ("-" if is_bulleted(paragraph.text) else None),
        section=tuple(one.label for one in above if len(one.label) <= HEADING_LENGTH),
        content=_content(found),
        deliverable=_deliverable(found.sentence),
        leads=leads,
        coordinators=tuple(name for name in partners(found.sentence) if name not in leads),
        deadline_text=words,
        rules=when.rules,
        status=when.status,
        question=when.question,
        place=paragraph.place,
    )
    return StandingDuty(row, flat(found.paragraph if item else found.sentence))


def _leads(found: _Found, stack: list[Item]) -> tuple[str, ...]:
    """The unit in the sentence, in the paragraph, in the nearest heading, or in the order that opens the part."""
    own = bound_unit(found.sentence) or bound_unit(found.paragraph)
    if own:
        return own
    for one in reversed(stack):
        if one.units:
            return one.units
    return next((one.intro for one in reversed(stack) if one.intro), ())


def _sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[^\W\d_]{2}[.!?])\s+(?=[A-ZĐÀ-Ỹ])|(?<=\d{4}\.)\s+(?=[A-ZĐÀ-Ỹ])", text)
    return [clause for part in parts if part.strip() for clause in _clauses(part.strip())]


def _clauses(sentence: str) -> list[str]:
    """The sentence, or its clauses when several ask for a report, each at a time of its own."""
    clauses = [clause.strip() for clause in sentence.split(";")]
    timed = [clause for clause in clauses if time_words(clause)]
    return clauses if len(timed) > 1 and all(map(asks_for_reports, timed)) else [sentence]


def _content(found: _Found) -> str:
    """What is to be done: from the clause that the time opens, else the sentence without the unit before a colon."""
    sentence, start = found.sentence, found.when.start
    cut = sentence.rfind(";", 0, start)
    if cut >= 0 and fold(sentence[cut + 1 : start]).strip() in ("", "dong thoi", "dong thoi,", "va"):
        return sentence[start:].strip()
    colon = re.match(r"^[^:;]{3,160}:\s+", sentence)
    if colon and colon.end() <= start and bound_unit(sentence):
        return sentence[colon.end() :].strip()
    return sentence


def _deliverable(sentence: str) -> str | None:
    """The report asked for, where the sentence names one."""
    match = _PRODUCT.search(sentence)
    return flat(match[1]) if match else None
