"""Text in which one line is one row and tabs divide the cells; page breaks repeat the header or cut a row in two."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import groupby

from plans.reading.document import Block, Cell, Document, Paragraph, Row, squared
from plans.reading.ordinals import readings
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.text import cleaned

# Stands for a line feed inside a cell while a row is kept on one line; no text holds it.
_LINE_MARK = "\x1e"
MAX_CELL_LINES = 30
_RULE = re.compile(r"^[\s\-=_|:+]*$")


def looks_tabbed(text: str) -> int:
    """How many lines look like a row of this shape."""
    return sum(1 for line in text.splitlines() if line.count("\t") >= 2 and len(_filled(line)) >= 2)


def _filled(line: str) -> list[str]:
    return [cell for cell in line.split("\t") if cell.strip()]


def read_tabbed(text: str) -> Document:
    """Rows and prose in reading order; blank lines inside a table are page breaks, not its end."""
    blocks: list[Block] = []
    for is_row, group in groupby(_mended(_bound(lines_of(text))), key=lambda line: "\t" in line.text):
        lines = list(group)
        if is_row:
            blocks.append(squared(_rows(lines), guessed=True))
        else:
            blocks.extend(paragraphs(lines))
    return Document(tuple(_without_empty(blocks)))


def _bound(lines: list[Line]) -> list[Line]:
    """Printed lines only, each knowing whether a blank line (a page break) stands before it."""
    bound: list[Line] = []
    broken = True
    for line in lines:
        if line.blank and "\t" not in line.text:
            broken = True
            continue
        bound.append(Line(line.text, line.number, line.page, broken or line.opens_page))
        broken = False
    return bound


def _mended(lines: list[Line]) -> list[Line]:
    """Rows whose cell holds a line feed, on one line again: their pieces are adjacent lines that add up to a row."""
    counts = Counter(line.text.count("\t") for line in lines if line.text.count("\t") > 1)
    wanted = counts.most_common(1)[0][0] if counts else 0
    mended: list[Line] = []
    at = 0
    while at < len(lines):
        end = _end_of_row(lines, at, wanted)
        text = _LINE_MARK.join(line.text for line in lines[at:end])
        mended.append(replace(lines[at], text=text))
        at = end
    return mended


def _end_of_row(lines: list[Line], at: int, wanted: int) -> int:
    tabs = lines[at].text.count("\t")
    if not 0 < tabs < wanted:
        return at + 1
    for end in range(at + 1, min(len(lines), at + MAX_CELL_LINES)):
        following = lines[end]
        if following.opens_page or readings(following.text.split("\t")[0]):
            break
        tabs += following.text.count("\t")
        if tabs >= wanted:
            return end + 1 if tabs == wanted else at + 1
    return at + 1


def _rows(lines: list[Line]) -> list[Row]:
    rows = []
    for line in lines:
        if not _RULE.match(line.text):
            cells = tuple(Cell(cleaned(text.replace(_LINE_MARK, "\n"))) for text in line.text.split("\t"))
            rows.append(Row(cells, line.place, line.opens_page))
    return rows


def _without_empty(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if isinstance(block, Paragraph) or block.rows]
