"""Text in which every cell opens with a tab on a line of its own and a blank line may end a row.

A cell may hold blank lines itself, so a blank line is only a hint: pieces of a row are put together until the
row is as wide as the table, unless the next piece opens with a number of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from plans.reading.columns import Role, header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.ordinals import inline, readings
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.text import cleaned, flat, fold, is_bulleted, opens_lower

_AFTER_TABLE = re.compile(r"^\s*(?:PHỤ LỤC|Phụ lục|(?:Bảng|Biểu)\s\d|Nơi nhận|TM\.|(?:[IVX]{1,5})\.\s|Điều \d)")

# After an empty cell only these end the table: the text of a cell may stand below blank lines.
_ANNEX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|(?:Bảng|Biểu)\s\d|Nơi nhận|TM\.|[IVX]{1,5}\s?[.–-]\s?[A-ZĐÀ-Ỹ\s,-]{8,}\W*$)")

_PERIOD = re.compile(r"^(?:quy [ivx]{1,3}|thang \d{1,2})(?:[/ ](?:nam )?\d{4})?$")
LEAST_NAMES, MOST_SECTIONS, LONGEST_SECTION = 2, 2, 90


@dataclass(slots=True)
class _OpenCell:
    """A cell being read: its lines, the first of them already without its tab."""

    lines: list[Line] = field(default_factory=list)

    @property
    def ends_row(self) -> bool:
        """Whether a blank line closes the cell, and so perhaps its row."""
        return len(self.lines) > 1 and self.lines[-1].blank

    @property
    def text(self) -> str:
        """What the cell says."""
        return cleaned("\n".join(line.text for line in self.lines))

    def lines_below(self) -> list[Line]:
        """The printed lines below the first blank line under its words."""
        at = next((at for at, line in enumerate(self.lines) if line.blank and at and not self.lines[0].blank), None)
        return [line for line in self.lines[at:] if not line.blank] if at else []

    def without(self, cut: list[Line]) -> _OpenCell:
        """The cell without lines that are not of it."""
        return _OpenCell([line for line in self.lines if line not in cut])

    def split_prose(self) -> list[Line]:
        """Cut off and return the prose that follows the table's last cell."""
        seen_text, gap = False, 0
        for at, line in enumerate(self.lines):
            if line.blank:
                gap += 1
                continue
            ended = gap >= 2 or (gap and _AFTER_TABLE.match(line.text)) if seen_text else _ANNEX.match(line.text)
            if ended and at:
                prose, self.lines = self.lines[at:], self.lines[:at]
                return prose
            seen_text, gap = True, 0
        return []


def looks_indented(text: str) -> int:
    """How many lines look like a cell of this shape."""
    return sum(1 for line in text.splitlines() if re.match(r"^\s?\t[^\t]*\t*$", line))


def read_indented(text: str) -> Document:
    """Cells and prose in reading order."""
    blocks: list[Block] = []
    prose: list[Line] = []
    cells: list[_OpenCell] = []
    for line in lines_of(text):
        if re.match(r"^\s?\t", line.text):
            tail = cells[-1].split_prose() if cells else []
            if tail:
                blocks.extend(_table(cells))
                prose, cells = tail, []
            if not cells:
                blocks.extend(paragraphs(prose))
                prose = []
            cells.append(_OpenCell([Line(line.text.strip(), line.number, line.page)]))
        elif cells:
            cells[-1].lines.append(line)
        else:
            prose.append(line)
    tail = cells[-1].split_prose() if cells else []
    return Document((*blocks, *_table(cells), *paragraphs(prose), *paragraphs(tail)))


def _table(cells: list[_OpenCell]) -> list[Block]:
    pieces: list[list[_OpenCell]] = [[]]
    for cell in cells:
        pieces[-1].append(cell)
        if cell.ends_row:
            pieces.append([])
    rows = list(_with_sections(_joined([piece for piece in pieces if piece])))
    return [squared([_row(row) for row in rows], guessed=True)] if rows else []


def _joined(pieces: list[list[_OpenCell]]) -> list[list[_OpenCell]]:
    widths = Counter(len(piece) for piece in pieces if len(piece) > 2)
    width = widths.most_common(1)[0][0] if widths else 0
    rows: list[list[_OpenCell]] = []
    for piece in pieces:
        fits = bool(rows) and len(rows[-1]) + len(piece) <= width
        if fits and _numbered(rows[-1]) and piece[0].text and not _numbered(piece):
            rows[-1].extend(piece)
        else:
            rows.append(list(piece))
    return rows


def _with_sections(rows: list[list[_OpenCell]]) -> Iterator[list[_OpenCell]]:
    """The rows, and between them the section lines that stand without a tab below the last cell of a whole row.

    A cell may hold blank lines too: a section line is told by its capitals, by the month or quarter it names, by a
    number that follows that of the row, or by opening like the line that stands right below the header.
    """
    header = rows[0] if rows else []
    opening = ""
    for row, following in pairwise(rows):
        below = row[-1].lines_below() if len(row) == len(header) and len(following) > 1 else []
        if row is header:
            below = below if _names_columns(row) else []
            opening = flat(below[0].text).partition(" ")[0] if below else ""
        telling = row is header or all(_heads(line, row, header, opening) for line in below)
        if not (0 < len(below) <= MOST_SECTIONS and telling and all(map(_is_short, below))):
            yield row
            continue
        yield [*row[:-1], row[-1].without(below)]
        yield from ([_OpenCell([line])] for line in below)
    yield from rows[-1:]


def _names_columns(row: list[_OpenCell]) -> bool:
    return sum(1 for cell in row if header_role(flat(cell.lines[0].text))) >= LEAST_NAMES


def _is_short(line: Line) -> bool:
    text = flat(line.text)
    return (
        len(text) <= LONGEST_SECTION
        and not opens_lower(text)
        and not is_bulleted(text)
        and not text.endswith((".", ";", ",", ":"))
    )


def _heads(line: Line, row: list[_OpenCell], header: list[_OpenCell], opening: str) -> bool:
    """Whether a line in the last cell of a row is none of it, but heads the rows below."""
    text, own = flat(line.text), flat(row[-1].lines[0].text)
    if text.isupper():
        return not own.isupper()
    if _PERIOD.match(fold(text)):
        return header_role(flat(header[-1].lines[0].text)) is not Role.TIME
    if opening and text.partition(" ")[0] == opening:
        return own.partition(" ")[0] != opening
    number, before = inline(text), inline(row[0].text)
    if not number or not before or inline(own):
        return False
    return readings(number[0])[0].follows(readings(before[0])[0])


def _numbered(piece: list[_OpenCell]) -> bool:
    return bool(readings(piece[0].text))


def _row(cells: list[_OpenCell]) -> Row:
    printed = next((line for cell in cells for line in cell.lines if not line.blank), cells[0].lines[0])
    return Row(tuple(Cell(cell.text) for cell in cells), printed.place)
