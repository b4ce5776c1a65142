"""Text of a web page in which a bar at the end of a line, or alone on it, closes every cell, and nothing closes a row.

The names of the header, one after the other, say how wide the table is; a heading of a section that lies across the
table gives fewer cells, and is told by the number that comes right after its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, islice

from plans.reading.columns import UNIT_ROLES, Role, header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.guesses import is_time, mostly
from plans.reading.ordinals import readings
from plans.reading.sources.lines import Line, lines_of, opens_paragraph, paragraphs
from plans.reading.text import cleaned, flat, fold, is_bulleted
from plans.reading.units_text import opens_as_unit

_BAR = re.compile(r"^(?P<text>[^|]*)\|\s*$")
_AFTER_TABLE = re.compile(r"^\s*(?:PHỤ LỤC|Phụ lục|Nơi nhận|TM\.|KT\.|[IVX]{1,5}\.\s|Điều \d)")
# What the first column of a table may hold when none of them counts the rows.
_FIRST_NAMES = (Role.CONTENT, Role.GROUP, Role.TIME, *UNIT_ROLES)
LEAST_BARS, LEAST_COLUMNS, LONGEST_MARK = 6, 3, 10
MOST_NAMES, TRIED_ROWS = 12, 8

Segment = list[Line]
# A column by its place, and whether a text is one of its cells.
Telling = tuple[int, Callable[[str], bool]]


def looks_barred(text: str) -> bool:
    """Whether bars that close one cell each divide a table with a header."""
    lines = lines_of(text)
    rows = sum(1 for line in lines if line.text.count("|") > 1)
    return rows * 4 < sum(1 for line in lines if _BAR.match(line.text)) >= LEAST_BARS and any(
        _width(segments, at) for segments in [_segments(lines)] for at in range(len(segments))
    )


def read_barred(text: str) -> Document:
    """Prose and tables in reading order."""
    segments = _segments(lines_of(text))
    blocks: list[Block] = []
    prose: list[Line] = []
    at = 0
    while at < len(segments):
        width = _width(segments, at)
        prose += segments[at][:-1] if width else segments[at]
        if not width:
            at += 1
            continue
        segments[at] = segments[at][-1:]
        rows, at = _rows(segments, at, width)
        blocks.extend((*paragraphs(prose), squared(rows, guessed=True)))
        prose = []
    return Document((*blocks, *paragraphs(prose)))


def _segments(lines: list[Line]) -> list[Segment]:
    """The lines between the bars."""
    found: list[Segment] = [[]]
    for line in lines:
        closed = _BAR.match(line.text)
        if not closed or closed["text"].strip():
            found[-1].append(replace(line, text=closed["text"]) if closed else line)
        if closed:
            found.append([])
    return found


def _width(segments: list[Segment], at: int) -> int:
    """How many names of columns stand one after the other from here; 0 where no header opens."""
    if _opening_role(segments, at) is not Role.NUMBER:
        return _unnumbered_width(segments, at)
    end = at + 1
    while end < len(segments) and (header_role(_text(segments[end])) or (end > at + 2 and not _text(segments[end]))):
        end += 1
    names = [bool(_text(segment)) for segment in segments[at:end]]
    # Two rows of names: the second opens with the empty cells below the first ones.
    half = len(names) // 2
    width = half if len(names) == half * 2 and names[half : half + 2] == [False, False] else len(names)
    return width if width >= LEAST_COLUMNS and sum(names) >= LEAST_COLUMNS else 0


def _opening_role(segments: list[Segment], at: int) -> Role | None:
    """What the last line before a bar names: prose may stand above the first name."""
    return header_role(segments[at][-1].text) if segments[at] else None


def _unnumbered_width(segments: list[Segment], at: int) -> int:
    """How many names open a table without a column of numbers: as many as put times or units where they are named."""
    if _opening_role(segments, at) not in _FIRST_NAMES:
        return 0
    roles = [_opening_role(segments, at)]
    while roles[-1] and len(roles) <= MOST_NAMES and at + len(roles) < len(segments):
        roles.append(header_role(_text(segments[at + len(roles)])))
    names = roles[: roles.index(None)] if None in roles else roles
    widths = range(len(names), LEAST_COLUMNS - 1, -1)
    return next((width for width in widths if _keeps_columns(segments, at, names[:width])), 0)


def _keeps_columns(segments: list[Segment], at: int, roles: list[Role | None]) -> bool:
    """Whether the rows below names of these roles hold what the names say."""
    telling = _telling(roles)
    if telling is None or Role.CONTENT not in roles:
        return False
    widths = list(islice(_unnumbered_widths(segments, at, len(roles), telling), 1, TRIED_ROWS))
    starts = accumulate(widths, initial=at + len(roles))
    rows = [start for start, width in zip(starts, widths, strict=False) if width > 1]
    cells = [_text(segments[start + telling[0]]) for start in rows]
    return mostly([cell for cell in cells if cell], telling[1])


def _telling(roles: list[Role | None]) -> Telling | None:
    """The column whose cells show by themselves that they are of it, and how."""
    if Role.TIME in roles:
        return roles.index(Role.TIME), lambda text: is_time(fold(text))
    unit = next((at for at, role in enumerate(roles) if role in UNIT_ROLES), None)
    return None if unit is None else (unit, opens_as_unit)


def _unnumbered_widths(segments: list[Segment], at: int, width: int, telling: Telling) -> Iterator[int]:
    """How many cells each row has, the header first: one where the row is a line that heads those below it."""
    column, holds = telling
    yield width
    at += width
    while at + width < len(segments) and any(map(_text, segments[at : at + width])) and not _leaves(segments[at]):
        shifted = at + column + 1 < len(segments) and holds(_text(segments[at + column + 1]))
        count = 1 if shifted and not holds(_text(segments[at + column])) else width
        yield count
        at += count


def _leaves(segment: Segment) -> bool:
    """Whether the lines before a bar are prose that follows the table."""
    return any(_AFTER_TABLE.match(line.text) for line in segment)


def _filled(segment: Segment) -> list[str]:
    return [line.text for line in segment if not line.blank]


def _text(segment: Segment) -> str:
    """What a cell says: the wraps of its lines joined, its list items on lines of their own."""
    items: list[str] = []
    for line in _filled(segment):
        if items and not (is_bulleted(line) or opens_paragraph(line)):
            items[-1] = f"{items[-1]} {line}"
        else:
            items.append(line)
    return cleaned("\n".join(flat(item) for item in items))


def _roles(segments: list[Segment], at: int, width: int) -> list[Role | None]:
    return [header_role(_text(segment)) for segment in segments[at : at + width]]


def _rows(segments: list[Segment], at: int, width: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    telling = None if _opening_role(segments, at) is Role.NUMBER else _telling(_roles(segments, at, width))
    counts = _unnumbered_widths(segments, at, width, telling) if telling else _widths(segments, at, width)
    for count in counts:
        cells = [Cell(_text(segment)) for segment in segments[at : at + count]]
        place = next((line.place for segment in segments[at : at + count] for line in segment if not line.blank), None)
        rows.append(Row((*cells, *[Cell("")] * (width - count)), place or rows[-1].place))
        at += count
    return rows, at


def _widths(segments: list[Segment], at: int, width: int) -> Iterator[int]:
    """How many cells each row has, until what follows is no row."""
    while (
        at + 1 < len(segments)
        and any(map(_text, segments[at : at + width]))
        and len(_text(segments[at])) <= LONGEST_MARK
        and "\n" not in _text(segments[at])
    ):
        heads = bool(_mark(segments, at) and _mark(segments, at + 2) and not _mark(segments, at + 1))
        count = 2 if heads and width > LEAST_COLUMNS else width
        if at + count > len(segments):
            return
        yield count
        at += count


def _mark(segments: list[Segment], at: int) -> bool:
    return at < len(segments) and bool(readings(_text(segments[at])))
