"""Text in which every cell opens with a tab on a line of its own and a blank line may end a row.

A cell may hold blank lines itself, so a blank line is only a hint: pieces of a row are put together until the
row is as wide as the table, unless the next piece opens with a number of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.ordinals import readings
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.text import cleaned

_AFTER_TABLE = re.compile(r"^\s*(?:PHỤ LỤC|Phụ lục|(?:Bảng|Biểu)\s\d|Nơi nhận|TM\.|(?:[IVX]{1,5})\.\s|Điều \d)")

# After an empty cell only these end the table: the text of a cell may stand below blank lines.
_ANNEX = re.compile(r"^(?:PHỤ LỤC|Phụ lục|(?:Bảng|Biểu)\s\d|Nơi nhận|TM\.|[IVX]{1,5}\s?[.–-]\s?[A-ZĐÀ-Ỹ\s,-]{8,}\W*$)")


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
    rows = _joined([piece for piece in pieces if piece])
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


def _numbered(piece: list[_OpenCell]) -> bool:
    return bool(readings(piece[0].text))


def _row(cells: list[_OpenCell]) -> Row:
    printed = next((line for cell in cells for line in cell.lines if not line.blank), cells[0].lines[0])
    return Row(tuple(Cell(cell.text) for cell in cells), printed.place)
