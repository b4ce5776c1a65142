"""Duties told line by line under labels: "- Đơn vị chủ trì: ...", "- Thời gian hoàn thành: ...", "- Sản phẩm: ...".

Many plans have no table: each duty is a paragraph, and the cells that a table would give it stand below it, or in it,
behind their labels. A label stands at the head of a paragraph, after a stop, or inside a bracket, and ends in a colon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.reading.columns import Role
from plans.reading.document import NOWHERE, Paragraph, Place
from plans.reading.items import Item, opened, push
from plans.reading.model import ObligationRow
from plans.reading.phrases import dated
from plans.reading.text import flat, fold, unbulleted
from plans.reading.time_words import time_words
from plans.reading.unit_lists import opens_as_unit
from plans.reading.units_text import Units, split_names, split_units

_WHO = (
    r"(?:(?:cac )?(?:co quan|don vi|bo phan|phong|nguoi|ca nhan|to chuc)(?:\s*[,/]\s*(?:co quan|don vi|ca nhan))*\s+)"
)
_LABELS: tuple[tuple[Role, str], ...] = (
    (Role.PERFORMER, rf"{_WHO}?chu tri(?:,| va|\s*/)? phoi hop(?: thuc hien)?"),
    (Role.LEAD, rf"{_WHO}?(?:chu tri|dau moi)(?: thuc hien| tham muu| chinh| trien khai)?"),
    (Role.COORDINATOR, rf"{_WHO}?(?:cung )?phoi hop(?: thuc hien| trien khai)?"),
    (
        Role.PERFORMER,
        (
            rf"{_WHO}(?:thuc hien|chiu trach nhiem(?: chinh| thuc hien)?|phu trach|tham muu|duoc giao)"
            r"|phan cong(?: thuc hien| nhiem vu| trach nhiem)?|trach nhiem(?: thuc hien| chinh)|to chuc thuc hien"
        ),
    ),
    (
        Role.TIME,
        (
            r"(?:thoi (?:gian|han|diem)|tien do|lo trinh|han|hoan thanh)(?: (?:thuc hien|hoan thanh|trien khai"
            r"|to chuc))?"
            r"(?: (?:thuc hien|hoan thanh|du kien))?"
        ),
    ),
    (
        Role.PRODUCT,
        (
            r"(?:du kien )?(?:san pham|ket qua|dau ra)(?: (?:dau ra|du kien|thuc hien|hoan thanh|can dat|dat duoc))?"
            r"(?: cua nhiem vu)?|san pham\s*[,/]\s*ket qua(?: dau ra)?|ket qua\s*[,/]\s*san pham"
        ),
    ),
    (Role.CONTENT, r"noi dung(?: thuc hien| cong viec| nhiem vu)?|nhiem vu|ten nhiem vu"),
    (
        Role.NOTE,
        (
            r"(?:nguon )?kinh phi(?: thuc hien| du kien)?|dia diem(?: thuc hien| to chuc)?|doi tuong|thanh phan"
            r"|so luong|hinh thuc(?: thuc hien| to chuc)?|nguon luc|nguon von|quy mo|cach thuc|ghi chu"
        ),
    ),
)
_LABEL = re.compile(
    r"(?:^\W*|(?<=[.;,(:])\s*[-–+•*]?\s*|\s[-–+•]\s+)(?P<label>"
    + "|".join(f"(?P<r{at}>{words})" for at, (_, words) in enumerate(_LABELS))
    + r")\s*:\s*"
)
_CLOSING = re.compile(r"^(?:noi nhan|tm\.|kt\.|phu luc|luu:)")
_BRACKET = re.compile(r"\((?P<inside>[^()]{6,300})\)\s*[.;]*\s*$")
_LABEL_OF_WHO = re.compile(r"[^,;.]{0,40}(?:chu tri|phoi hop)[^,;.:]{0,20}:")
_LEADS = re.compile(r"\bchu tri\b|\bdau moi\b|\bchiu trach nhiem chinh\b")
_WHEN = re.compile(
    r"(?P<gap>(?:\s*[,;–-]\s*|\s+)(?:thoi (?:gian|han)\s*:?\s*)?)(?=(?:hoan thanh|xong|trong|truoc|cham nhat|den|vao"
    r"|tu)\s"
    r"(?!voi)|qu[yi]\s|thang\s\d|nam\s\d|thuong xuyen|hang\s|dinh ky|moi\s|\d{1,2}/)"
)
CONTENT_LENGTH, CLOSING_LENGTH = 3000, 10
_TRAILING = " \t;,.)("


@dataclass(frozen=True, slots=True)
class Labelled:
    """The duties found, and the places (in the order of the paragraphs) of what they were read from."""

    rows: tuple[ObligationRow, ...]
    settled: frozenset[int]


@dataclass(slots=True)
class _Record:
    """One duty while its labels are gathered."""

    content: str
    ordinal: str | None
    above: tuple[Item, ...]
    place: Place
    texts: dict[Role, str] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)

    @property
    def binds(self) -> bool:
        """A unit and something to do: a lone time or product is a remark, not a duty."""
        return bool(self.content) and (Role.LEAD in self.texts or Role.PERFORMER in self.texts)

    def add(self, role: Role, text: str) -> None:
        self.texts[role] = f"{self.texts[role]}\n{text}" if role in self.texts else text


@dataclass(slots=True)
class _Body:
    """The paragraphs since the last numbered item or the last duty: what the labels below them speak of."""

    item: Item | None = None
    place: Place = NOWHERE
    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def labelled_duties(paragraphs: list[Paragraph], year: int | None, taken: set[str]) -> Labelled:
    """Every duty whose unit stands behind a label, in order. `taken` are keys in use and is added to."""
    rows: list[ObligationRow] = []
    settled: set[int] = set()
    used: Counter[str] = Counter()
    for record in _records(paragraphs):
        if record.binds:
            rows.append(_row(record, year, _free(_key(record), taken, used)))
            settled |= record.settled
    return Labelled(tuple(rows), frozenset(settled))


def _records(paragraphs: list[Paragraph]) -> Iterator[_Record]:
    stack: list[Item] = []
    body = _Body()
    record: _Record | None = None
    for at, paragraph in enumerate(paragraphs):
        head, labels = _labels(paragraph.text)
        item = opened(paragraph.text) if head or not labels else None
        if item:
            push(stack, item)
        if _CLOSING.match(fold(paragraph.text[:CLOSING_LENGTH])):
            stack.clear()
        if item:
            head, labels = _labels(item.body)
        if head or not labels:
            if record:
                yield record
                record, body = None, _Body(body.item)
            _take(body, item, paragraph, head, at)
        if labels:
            record = record or _begun(body, stack)
            record.settled.add(at)
            for role, text in labels:
                record.add(role, text)
    if record:
        yield record


def _take(body: _Body, item: Item | None, paragraph: Paragraph, head: str, at: int) -> None:
    if item:
        body.item, body.texts, body.places = item, [], []
        body.place = paragraph.place
    elif head:
        body.place = body.place if body.texts else paragraph.place
        body.texts.append(head)
    body.places.append(at)


def _begun(body: _Body, stack: list[Item]) -> _Record:
    """The duty that the labels speak of: the paragraphs under the item, or else the item itself."""
    if body.texts or body.item is None:
        return _Record(" ".join(body.texts), None, tuple(stack), body.place, settled=set(body.places))
    head, _ = _labels(body.item.body)
    above = tuple(one for one in stack if one is not body.item)
    return _Record(head, body.item.mark or None, above, body.place, settled=set(body.places))


def _labels(text: str) -> tuple[str, list[tuple[Role, str]]]:
    """What stands before the first label, and the text behind each label."""
    matches = list(_LABEL.finditer(fold(text)))
    bracketed = _bracketed(text)
    if bracketed[1] or not matches:
        return bracketed
    ends = [*(match.start() for match in matches[1:]), len(text)]
    found = [
        (
            _role(match),
            flat(text[match.end() : end]).strip(_TRAILING)
            if "(" not in text[match.end() : end]
            else flat(text[match.end() : end]).strip(" ;,"),
        )
        for match, end in zip(matches, ends, strict=True)
    ]
    head = flat(unbulleted(text[: matches[0].start()])).rstrip(" (;,:-–")
    return (head if re.search(r"\w{2}", head) else ""), [(role, words) for role, words in found if words]


def _bracketed(text: str) -> tuple[str, list[tuple[Role, str]]]:
    """ "... (Sở A chủ trì, phối hợp với Sở B; hoàn thành trong quý II).": who and when in the bracket that closes"
    " it."""
    match = _BRACKET.search(text)
    if (
        not match
        or _LABEL_OF_WHO.match(fold(match["inside"]))
        or not opens_as_unit(match["inside"])
        or not _LEADS.search(fold(match["inside"]))
    ):
        return flat(unbulleted(text)), []
    inside = match["inside"]
    when = _WHEN.search(fold(inside))
    who, time = (inside[: when.start()], inside[when.end("gap") :]) if when else (inside, "")
    told = ((Role.PERFORMER, flat(who).strip(" ,;")), (Role.TIME, flat(time).strip(" ,;.")))
    return flat(unbulleted(text[: match.start()])), [(role, words) for role, words in told if words]


def _role(match: re.Match[str]) -> Role:
    return next(role for at, (role, _) in enumerate(_LABELS) if match[f"r{at}"] is not None)


def _free(key: str, taken: set[str], used: Counter[str]) -> str:
    """The key, told apart by a count when it is taken; `used` is where the counting of each key has come to."""
    free, at = key, used[key] + 2
    while free in taken:
        free, at = f"{key}#{at}", at + 1
    used[key] = max(at - 3, 0)
    taken.add(free)
    return free


def _row(record: _Record, year: int | None, key: str) -> ObligationRow:
    words = record.texts.get(Role.TIME) or _time_told(record.content, year)
    when = dated(words, year)
    units = _units(record)
    return ObligationRow(
        key=key,
        ordinal=record.ordinal,
        section=tuple(one.label for one in record.above),
        content=flat(record.texts.get(Role.CONTENT, record.content)),
        deliverable=flat(record.texts.get(Role.PRODUCT, "")) or None,
        leads=units.leads,
        coordinators=units.coordinators,
        deadline_text=flat(words) or None,
        rules=when.rules,
        status=when.status,
        question=when.question,
        place=record.place,
    )


def _time_told(content: str, year: int | None) -> str:
    """The time in the words of the duty itself, where no label gives one."""
    when = time_words(content[:CONTENT_LENGTH], year)
    return when.words.strip(" ,;") if when else ""


def _key(record: _Record) -> str:
    """The path of numbers to the duty; a number that repeats its parent ("2" above "2.1") is told once."""
    marks = [*(one.mark for one in record.above if one.mark), *([record.ordinal] if record.ordinal else [])]
    kept = [mark for mark, below in zip(marks, [*marks[1:], ""], strict=True) if not below.startswith(f"{mark}.")]
    return ".".join(kept) or "r1"


def _units(record: _Record) -> Units:
    leads = split_names(record.texts.get(Role.LEAD, ""))
    coordinators = split_names(record.texts.get(Role.COORDINATOR, ""))
    both = split_units(record.texts.get(Role.PERFORMER, ""))
    if leads:
        rest = (name for name in (*both.leads, *both.coordinators) if name not in leads)
        return Units(leads, (*coordinators, *rest))
    return Units(both.leads, (*coordinators, *both.coordinators), both.unroled)
