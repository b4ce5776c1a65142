"""Text of a web page in which a bar at the end of a line, or alone on it, closes every cell, and nothing closes a row.

The names of the header, one after the other, say how wide the table is; a heading of a section that lies across the
table gives fewer cells, and is told by the number that comes right after its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from plans.reading.columns import Role, header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.ordinals import readings
from plans.reading.sources.lines import Line, lines_of, opens_paragraph, paragraphs
from plans.reading.text import cleaned, flat, is_bulleted

_BAR = re.compile(r"^(?P<text>[^|]*)\|\s*$")
LEAST_BARS, LEAST_COLUMNS, LONGEST_MARK = 6, 3, 10

Segment = list[Line]


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
    last = [line.text for line in segments[at][-1:]]
    if not last or header_role(last[0]) is not Role.NUMBER:
        return 0
    end = at + 1
    while end < len(segments) and (header_role(_text(segments[end])) or (end > at + 2 and not _text(segments[end]))):
        end += 1
    names = [bool(_text(segment)) for segment in segments[at:end]]
    # Two rows of names: the second opens with the empty cells below the first ones.
    half = len(names) // 2
    width = half if len(names) == half * 2 and names[half : half + 2] == [False, False] else len(names)
    return width if width >= LEAST_COLUMNS and sum(names) >= LEAST_COLUMNS else 0


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


def _rows(segments: list[Segment], at: int, width: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    for count in _widths(segments, at, width):
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
