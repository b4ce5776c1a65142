"""Text taken out of a PDF: every cell wrapped into short lines, one cell under the other, with no mark between them.

The header gives the columns and the numbers give the rows; within a row, plans.reading.sources.wrapped_cells finds
where one cell ends and the next begins. A page break may leave the ends of several cells to the next page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from plans.reading.columns import Role, header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.ordinals import Ordinal, Style, readings
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.sources.wrapped_cells import Piece, Segmenter, opens_figure
from plans.reading.text import cleaned, flat, squash

_HEADER_START = re.compile(r"^\s*(?:S?TT|Stt|Số\s*TT|SỐ\s*TT|Số thứ tự)\b\.?")
_HEADER_WORDS = (
    r"(?:Nội dung|Nhiệm vụ|Tên|Đơn vị|Cơ quan|Bộ phận|Phòng|Thời|Sản phẩm|Kết quả|Chỉ tiêu|Ghi chú|Căn cứ"
    r"|Tiến độ|Phân công|Người"
    r"|Kế hoạch(?= năm| giao)|ĐVT|Địa điểm|Hình thức|Đối tượng|Số lượng"
    r"|Mục tiêu|Hạn|Lộ trình|Dự kiến|Lãnh đạo|Kinh phí|Tỷ lệ|Công việc|Hoạt động|Trách nhiệm|Chủ trì|Phối hợp)"
)
# In capitals the second word of a name opens like a name of its own: "CƠ QUAN CHỦ TRÌ", "NỘI DUNG NHIỆM VỤ".
_HEADER_SPLIT = re.compile(
    rf"(?<!^)(?<!dự kiến )\s+(?={_HEADER_WORDS}\b)"
    rf"|(?<!^)(?<!QUAN)(?<!VỊ)(?<!PHẬN)(?<!DUNG)(?<!TÊN)(?<![,/])\s+(?={_HEADER_WORDS.upper()}\b)"
)
_NUMBERING = re.compile(r"(?:\s*\(\d{1,2}\)){3,}\s*$")
_END = re.compile(r"^\s*(?:[IVX]{1,5}\.\s+\S|PHỤ LỤC|Phụ lục|Nơi nhận|TM\.|KT\.)")
_GROUP = re.compile(r"^\s*\d{1,2}\.\s+[A-ZĐ]")
_NUMBERED = re.compile(r"^\s*(?P<mark>\d{1,4}(?:\.\d{1,2}){0,2}|[IVX]{1,5}|[a-zđA-ZĐ])[.)]?(?:\s+(?P<rest>\S.*))?$")
_LINK = re.compile(r"^\s*https?://\S+\s*$")
_FIGURE_TAIL = re.compile(r"^(?P<name>.*\w.*?)\s+(?P<figure>(?:≥\s*|>\s*)?\d{1,3}(?:[.,]\d+)?\s*%)$")
# What a number at the head of the next line belongs to.
_CITED = re.compile(r"(?:số|ngày|tháng|năm|quý|quí|Điều|khoản|mục|đến|và|từ|trước|[-–/,;(])\s*$", re.IGNORECASE)
_PAGE = re.compile(r"^\W*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W*$", re.IGNORECASE)
HEADER_LINES, LONGEST_NAME, MOST_LINES = 16, 45, 80


def looks_wrapped(text: str) -> bool:
    """Whether a header opens a table whose rows are wrapped lines."""
    lines = [line for line in lines_of(text) if not line.blank]
    return any(_header(lines, at) for at in range(len(lines)) if _HEADER_START.match(lines[at].text))


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns of a table and the index of the first line below them."""

    texts: tuple[str, ...]
    end: int

    @property
    def ends_named(self) -> bool:
        """Whether its last name is one, and has not swallowed a section line that bears no number."""
        return len(self.texts[-1]) <= LONGEST_NAME and header_role(self.texts[-1]) is not None


@dataclass(slots=True)
class _RowLines:
    """The lines of one row: its number, and its pieces page by page."""

    number: str
    place: Line
    parts: list[list[Piece]] = field(default_factory=lambda: [[]])

    def all(self) -> list[Piece]:
        """The lines of every page."""
        return [piece for part in self.parts for piece in part]


def read_wrapped(text: str) -> Document:
    """Prose and tables in reading order."""
    lines, gaps = _printed(lines_of(text))
    blocks: list[Block] = []
    prose: list[Line] = []
    links: list[str] = []
    at = 0
    while at < len(lines):
        header = _header(lines, at) if _HEADER_START.match(lines[at].text) else None
        if header is None:
            prose.append(lines[at])
            at += 1
            continue
        blocks.extend(paragraphs(prose))
        prose = []
        rows, at = _rows(lines, gaps, header, links)
        blocks.append(squared(_laid_out(header, rows), guessed=True))
    blocks.extend(paragraphs(prose))
    remarks = tuple(f"Bỏ qua dòng địa chỉ liên kết đứng riêng: {link}" for link in links)
    return Document(tuple(blocks), remarks)


def _printed(lines: list[Line]) -> tuple[list[Line], list[int]]:
    """Printed lines, and for each how many blank lines stand before it, counted from the usual number."""
    printed: list[Line] = []
    blanks: list[int] = []
    count = 0
    for line in lines:
        if line.blank and not line.opens_page:
            count += 1
            continue
        opens = line.opens_page or (count == 0 and line.text.startswith(" ") and bool(printed))
        printed.append(Line(line.text, line.number, line.page, opens))
        blanks.append(count)
        count = 0
    usual = Counter(blanks[1:]).most_common(1)[0][0] if len(blanks) > 1 else 0
    return printed, [blank - usual for blank in blanks]


def _header(lines: list[Line], at: int) -> _Header | None:
    end = at + 1
    while end < min(len(lines), at + HEADER_LINES) and not _opens_first_row(lines, end):
        end += 1
    whole = _named(lines, at, end) if end < len(lines) else None
    if whole is None or len(whole.texts[-1]) <= LONGEST_NAME:
        return whole
    shorter = (_named(lines, at, stop) for stop in range(end - 1, at, -1))
    return next((one for one in shorter if one and one.ends_named), whole)


def _named(lines: list[Line], at: int, end: int) -> _Header | None:
    """The header that the lines up to `end` make, when at least two of its names are known."""
    joined = _NUMBERING.sub("", flat(cleaned(" ".join(line.text for line in lines[at:end]))))
    number = _HEADER_START.match(joined)
    if number is None:
        return None
    names = [name.strip() for name in _HEADER_SPLIT.split(joined[number.end() :].strip()) if name.strip()]
    if len(names) < 2 or sum(1 for name in names if header_role(name)) < 2:
        return None
    return _Header((joined[: number.end()].strip(), *names), end)


def _opens_first_row(lines: list[Line], at: int) -> bool:
    match = _NUMBERED.match(lines[at].text.rstrip())
    found = readings(match["mark"]) if match else []
    return any(one.value == 1 for one in found) and not (match and match["rest"] and match["rest"][0].islower())


def _rows(lines: list[Line], gaps: list[int], header: _Header, links: list[str]) -> tuple[list[_RowLines], int]:
    rows: list[_RowLines] = []
    last: dict[Style, Ordinal] = {}
    at = header.end
    while at < len(lines) and not _ends(lines, at):
        repeated = _end_of_repeated(lines, at + bool(_PAGE.match(lines[at].text)), header, last)
        if repeated:
            at = repeated
            continue
        line = lines[at]
        if _LINK.match(line.text) and _already_printed(line.text, rows):
            links.append(line.text.strip())
        else:
            _take(rows, line, gaps[at], _opened(lines, at, last))
        at += 1
    return rows, at


def _end_of_repeated(lines: list[Line], at: int, header: _Header, last: dict[Style, Ordinal]) -> int | None:
    """Where a header printed once more ends: with the words it had, or where a row opens; None when none is here."""
    if at >= len(lines) or not _HEADER_START.match(lines[at].text):
        return None
    wanted, seen = squash(" ".join(header.texts)), ""
    for end in range(at, min(len(lines), at + HEADER_LINES)):
        seen += squash(lines[end].text)
        if seen == wanted:
            return end + 1
    other = _header(lines, at)
    opens = (
        other
        and other.end < len(lines)
        and (_opens_first_row(lines, other.end) or _opened(lines, other.end, dict(last)))
    )
    return other.end if other and opens else None


def _already_printed(link: str, rows: list[_RowLines]) -> bool:
    """A PDF repeats the address of a link on a line of its own, away from where it is printed."""
    return any(link.strip(" /.") in piece.text for row in rows for piece in row.all())


def _ends(lines: list[Line], at: int) -> bool:
    """The table ends at a part heading, an annex, or a numbered group line right above the next header."""
    text = lines[at].text
    if _END.match(text):
        return True
    follows = any(_HEADER_START.match(line.text) for line in lines[at + 1 : at + 4])
    return bool(_GROUP.match(text)) and follows


def _opened(lines: list[Line], at: int, last: dict[Style, Ordinal]) -> tuple[str, str] | None:
    """(number, rest) when the line opens a row: its number continues a series begun, or begins one."""
    text = lines[at].text
    match = _NUMBERED.match(text.rstrip())
    if not match:
        return None
    rest = match["rest"] or ""
    for one in readings(match["mark"]):
        before = last.get(one.style)
        step = one.value - (before.value if before else 0)
        expected = step == 1 or one.value == 1 or (not rest and 0 < step <= 3)
        expected |= one.style in (Style.ROMAN, Style.UPPER) and before is None and step == 2
        expected |= step in (2, 3) and before is not None and _goes_on_later(lines, at, one)
        if (
            expected
            and not (rest and _is_item(line_mark=text, one=one))
            and (not rest or rest[0].isupper() or rest[0] in '“"')
        ):
            _begin(last, one)
            return one.text, rest
    return None


def _goes_on_later(lines: list[Line], at: int, one: Ordinal) -> bool:
    """Whether the number after this one opens a line further down: then a number was left out, and this one is real."""
    if _CITED.search(lines[at - 1].text):
        return False
    marks = (_NUMBERED.match(line.text.rstrip()) for line in lines[at + 1 : at + MOST_LINES])
    opening = (match for match in marks if match and (not match["rest"] or match["rest"][0].isupper()))
    return any(
        other.style is one.style and other.value == one.value + 1
        for match in opening
        for other in readings(match["mark"])
    )


def _is_item(line_mark: str, one: Ordinal) -> bool:
    """Whether a letter opens an item within a cell ("a) ...") and no row."""
    letter = line_mark.lstrip()[:2]
    return one.style in (Style.LOWER, Style.UPPER) and letter[1:] in (")", ".")


def _begin(last: dict[Style, Ordinal], one: Ordinal) -> None:
    if one.style in (Style.NUMBER, Style.ROMAN, Style.UPPER):
        last.pop(Style.LOWER, None)
    last[one.style] = one


def _take(rows: list[_RowLines], line: Line, gap: int, opened: tuple[str, str] | None) -> None:
    if opened is not None:
        rows.append(_RowLines(opened[0], line))
        text = opened[1]
    else:
        text = line.text
    if not rows:
        rows.append(_RowLines("", line))
    if line.opens_page and opened is None and rows[-1].all():
        rows[-1].parts.append([])
    if flat(text):
        rows[-1].parts[-1].append(Piece(flat(cleaned(text)), gap, opened is not None))


def _laid_out(header: _Header, rows: list[_RowLines]) -> list[Row]:
    roles = [header_role(name) or Role.OTHER for name in header.texts[1:]]
    if Role.CONTENT not in roles and Role.TARGET in roles:
        roles[roles.index(Role.TARGET)] = Role.CONTENT
    for row in rows:
        if Role.TARGET in roles:
            row.parts = [[piece for whole in part for piece in _with_figure(whole)] for part in row.parts]
    segmenter = Segmenter(tuple(roles))
    segmenter.learn([row.all() for row in rows if len(row.parts) == 1])
    laid = [Row(tuple(Cell(text) for text in header.texts), rows[0].place.place if rows else lines_of("")[0].place)]
    for row in rows:
        laid.extend(_cells(row, segmenter))
    return laid


def _with_figure(piece: Piece) -> list[Piece]:
    """A name and its figure printed on one line."""
    match = _FIGURE_TAIL.match(piece.text)
    if not match or opens_figure(match["name"]):
        return [piece]
    return [Piece(match["name"], piece.gap, piece.opens), Piece(match["figure"], -1)]


def _cells(row: _RowLines, segmenter: Segmenter) -> list[Row]:
    """A heading, a duty, or a heading with an unnumbered duty under it."""
    heading, body = segmenter.heading_lines(row.parts[0])
    if heading and not body:
        texts = [" ".join(piece.text for part in row.parts for piece in part)]
        return [_row(row, [row.number, *texts])]
    rows = [_row(row, [row.number, " ".join(piece.text for piece in heading)])] if heading else []
    cells = segmenter.cells([body, *row.parts[1:]])
    return [*rows, _row(row, ["" if heading else row.number, *cells])]


def _row(row: _RowLines, texts: list[str]) -> Row:
    return Row(tuple(Cell(cleaned(text)) for text in texts), row.place.place)
