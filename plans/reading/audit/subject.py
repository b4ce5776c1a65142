"""What is audited: everything read of one plan, and its text passage by passage with the spot of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from deadlines import WorkCalendar
from plans.reading.audit.flaws import Spot
from plans.reading.columns import Columns, Role
from plans.reading.document import Document, Paragraph, Place, Table
from plans.reading.duties import DutyTable
from plans.reading.head import Headed
from plans.reading.items import opened
from plans.reading.model import ObligationRow, StandingDuty, TargetRow
from plans.reading.tables import Found
from plans.reading.text import flat, fold

_RECIPIENTS = re.compile(r"noi nhan|tm\.|kt\.|tl\.|tuq\.|luu:")
_ANNEX = re.compile(r"phu luc\b|bieu (?:so|mau)|ke hoach$|de an$|chuong trinh$")
_BASIS = re.compile(r"can cu\b|theo de nghi|xet de nghi")
_PARTIAL_DATE = re.compile(r", ngay\s*(?P<day>\d{0,2})[\s.…]*thang\s*(?P<month>\d{0,2})[\s.…]*nam\s*(?P<year>\d{4})")
_LOCAL = {"phường": "phuong", "xã": "xa", "đặc khu": "dac khu", "thị trấn": "thi tran"}
_LEVELS = (*_LOCAL, "tỉnh", "thành phố", "huyện", "quận", "thị xã")


class Zone(StrEnum):
    """The part of the document a passage stands in."""

    HEAD = "head"
    BASIS = "basis"
    BODY = "body"
    ROW = "row"
    HEADING = "heading"
    RECIPIENTS = "recipients"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, or one cell of a table (then with its column's role).

    Every check looks at the same words, so they are made ready once: `flat` on one line, `folded` without accents
    (letter for letter as `flat`), and `lines`, each paragraph of a cell on one line.
    """

    text: str
    spot: Spot
    zone: Zone
    role: Role | None = None
    flat: str = field(init=False, repr=False, compare=False)
    folded: str = field(init=False, repr=False, compare=False)
    lines: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lines = tuple(map(flat, self.text.split("\n")))
        words = lines[0] if len(lines) == 1 else flat(self.text)
        object.__setattr__(self, "lines", lines)
        object.__setattr__(self, "flat", words)
        object.__setattr__(self, "folded", fold(words))


@dataclass(slots=True)
class Subject:
    """One plan to audit. `calendar` is the working calendar, where the caller has one; `level` is the issuer's."""

    document: Document
    headed: Headed
    found: list[Found] = field(default_factory=list)
    duty_tables: list[DutyTable] = field(default_factory=list)
    rows: list[ObligationRow] = field(default_factory=list)
    standing: list[StandingDuty] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    targets_have_units: bool = False
    calendar: WorkCalendar | None = None
    passages: list[Passage] = field(init=False)
    level: str | None = field(init=False)
    _order: dict[Place, int] = field(init=False)

    def __post_init__(self) -> None:
        self.level = _level(self)
        self._order = _order(self.document)
        self.passages = [one for one in _passages(self) if one.text.strip()]

    def spot(self, place: Place, name: str = "") -> Spot:
        """The spot of a place, with its order in the document."""
        return Spot(self._order.get(place, len(self._order)), place, name)

    def row_spot(self, row: ObligationRow) -> Spot:
        """The spot of a duty."""
        return self.spot(row.place, f"nhiệm vụ {row.key}")

    def target_spot(self, target: TargetRow) -> Spot:
        """The spot of a target."""
        return self.spot(target.place, target_name(target))

    def in_zones(self, *zones: Zone) -> list[Passage]:
        """The passages of some parts."""
        return [one for one in self.passages if one.zone in zones]

    @property
    def is_local(self) -> bool:
        """Whether the issuer is of the lowest level: a commune, a ward or a special zone."""
        return self.level in _LOCAL

    @property
    def issued_on(self) -> date | None:
        """The printed date of the plan."""
        printed = self.headed.plan.issued_on
        return date.fromisoformat(printed) if printed else None

    @property
    def issue_bounds(self) -> tuple[date | None, date | None]:
        """The first and the last day on which the plan can have been issued, as far as its date is printed."""
        if self.issued_on:
            return self.issued_on, self.issued_on
        if not self.headed.date_blank:
            return None, None
        heads = (fold(one.text) for one in self.passages[:60] if one.zone is Zone.HEAD and len(one.text) < 90)
        match = next((match for text in heads if (match := _PARTIAL_DATE.search(text))), None)
        return _bounds(match) if match else (None, None)


def target_name(target: TargetRow) -> str:
    """How a finding names a target."""
    group = re.match(r"[IVXLA-ZĐ]{1,6}(?=[.\s])", target.group or "")
    mark = f"{group.group()}.{target.ordinal}" if group and target.ordinal else target.ordinal
    return f"chỉ tiêu {mark or target.name[:30]}".strip()


def _level(subject: Subject) -> str | None:
    """The level of the issuer ("phường", "tỉnh" ...), from its name, else from the units that are named."""
    issuer = (subject.headed.plan.issuer or "").removeprefix("UBND ").strip()
    named = next((level for level in _LEVELS if issuer.casefold().startswith(level)), None)
    return named or _named_level(subject)


def _named_level(subject: Subject) -> str | None:
    names = [name for row in subject.rows for name in (*row.leads, *row.coordinators)]
    names += [name for target in subject.targets for name in target.responsible]
    ends = (fold(name).rsplit(" ", 1)[-1] for name in names)
    counts = Counter(word for word in ends if word in ("phuong", "xa", "tinh"))
    (word, count), *others = counts.most_common(2) or [("", 0)]
    sure = count >= 1 and (not others or others[0][1] * 4 < count)
    return {"phuong": "phường", "xa": "xã", "tinh": "tỉnh"}.get(word) if sure else None


def _bounds(match: re.Match[str]) -> tuple[date | None, date | None]:
    year, month = int(match["year"]), int(match["month"] or 0)
    if not 1 <= month <= 12:
        return date(year, 1, 1), date(year, 12, 31)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, 1), last


def _order(document: Document) -> dict[Place, int]:
    order: dict[Place, int] = {}
    for block in document.blocks:
        for piece in block.rows if isinstance(block, Table) else (block,):
            order.setdefault(piece.place, len(order))
    return order


def _passages(subject: Subject) -> Iterator[Passage]:
    zone = Zone.HEAD
    found, duties = {id(one.table): one for one in subject.found}, iter(subject.duty_tables)
    for block in subject.document.blocks:
        if isinstance(block, Paragraph):
            zone = _next_zone(zone, block.text)
            yield Passage(block.text, subject.spot(block.place), zone)
            continue
        one = found.get(id(block))
        if one is None or one.columns is None:
            yield from _loose_cells(subject, block)
        elif one.columns.holds_duties:
            yield from _duty_cells(subject, next(duties))
        else:
            yield from _target_cells(subject, block, one.columns)


def _next_zone(zone: Zone, text: str) -> Zone:
    words = fold(text).strip(" *-")
    if _RECIPIENTS.match(words):
        return Zone.RECIPIENTS
    if zone is Zone.RECIPIENTS:
        return Zone.HEAD if _ANNEX.match(words) else zone
    if _BASIS.match(words) and zone is not Zone.BODY:
        return Zone.BASIS
    item = opened(text)
    if zone is Zone.BODY or (item and len(text) > 3) or words.startswith("dieu 1"):
        return Zone.BODY
    return Zone.HEAD


def _loose_cells(subject: Subject, table: Table) -> Iterator[Passage]:
    """Letterheads and signatures: read for their date and names only."""
    for row in table.rows:
        for text in row.texts():
            zone = Zone.RECIPIENTS if _RECIPIENTS.search(fold(text)) else Zone.HEAD
            yield from (Passage(flat(line), subject.spot(row.place), zone) for line in text.split("\n"))


def _duty_cells(subject: Subject, table: DutyTable) -> Iterator[Passage]:
    headings = iter(table.headings)
    heading = next(headings, None)
    for placed, row in zip(table.placed, table.rows, strict=True):
        while heading and (
            heading in placed.headings or subject.spot(heading.row.place).at < subject.spot(row.place).at
        ):
            yield Passage(heading.text, subject.spot(heading.row.place), Zone.HEADING, Role.CONTENT)
            heading = next(headings, None)
        for role, text in placed.row.texts.items():
            if not (placed.row.split and role is Role.CONTENT):
                yield Passage(text, subject.row_spot(row), Zone.ROW, role)


def _target_cells(subject: Subject, table: Table, columns: Columns) -> Iterator[Passage]:
    names = {target.place: target_name(target) for target in subject.targets}
    for row in table.rows[columns.header_rows :]:
        name = names.get(row.place)
        zone = Zone.ROW if name else Zone.HEADING
        for text, role in zip(row.texts(), columns.roles, strict=False):
            yield Passage(text, subject.spot(row.place, name or ""), zone, role)
