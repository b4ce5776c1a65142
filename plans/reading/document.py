"""The one table model that every format reader fills and that the interpretation above reads.

A document is paragraphs and tables in reading order. A table is a rectangle: every row has the same number of
cells, and a cell that a merged neighbour covers stands in its place, empty, saying which neighbour covers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Cover(StrEnum):
    """What hides a cell of the rectangle: nothing, the merged cell to its left, or the one above it."""

    NONE = ""
    LEFT = "left"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the file: page and line of a text, sheet and row of a workbook."""

    page: int | None = None
    line: int | None = None
    sheet: str | None = None
    row: int | None = None

    def words(self) -> str:
        """The place in Vietnamese, as an officer looks for it."""
        named = (("trang", self.page), ("dòng", self.line), ("trang tính", self.sheet), ("hàng", self.row))
        return ", ".join(f"{name} {value}" for name, value in named if value is not None)

    def to_json(self) -> dict[str, int | str]:
        """Only what is known."""
        named = {"page": self.page, "line": self.line, "sheet": self.sheet, "row": self.row}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text (paragraphs divided by a line feed), its spans, and whether a merge covers it."""

    text: str
    row_span: int = 1
    col_span: int = 1
    cover: Cover = Cover.NONE


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `after_break` marks the first row after a page break, where rows get cut in two."""

    cells: tuple[Cell, ...]
    place: Place = Place()
    after_break: bool = False

    def texts(self) -> list[str]:
        """The text of every cell of the rectangle, covered ones empty."""
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `guessed` when its cells were recovered from plain text, where a page break may cut a row."""

    rows: tuple[Row, ...]
    guessed: bool = False

    @property
    def width(self) -> int:
        """The number of columns of the rectangle."""
        return max((len(row.cells) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of prose, its line wraps joined."""

    text: str
    place: Place = Place()


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file as blocks in reading order, with what its reader could not make out (already in Vietnamese)."""

    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """The prose alone, in order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        """The tables alone, in order."""
        return (block for block in self.blocks if isinstance(block, Table))


NOWHERE = Place()


def squared(rows: list[Row], *, guessed: bool) -> Table:
    """A table whose short rows are filled up with empty cells on the right."""
    width = max((len(row.cells) for row in rows), default=0)
    full = (Row(row.cells + (Cell(""),) * (width - len(row.cells)), row.place, row.after_break) for row in rows)
    return Table(tuple(full), guessed)
