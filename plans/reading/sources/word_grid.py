"""The columns of a Word table as a reader sees them: borders that a hand drew a hair apart are one border.

Word counts a column of its grid between any two borders of any rows. Where the borders of two rows miss each other by a
millimetre, the same printed column has another number in each row; the cells would fall under the wrong headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from plans.reading.sources.word_package import W, number, value
from plans.reading.sources.word_text import shown

WIDEST = 120
# Borders nearer than this are one (twentieths of a point: some three millimetres); no text has a narrower column.
SAME_BORDER = 180


def children(parent: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, through content controls and tracked changes."""
    for child in shown(parent):
        if child.tag == W + name:
            yield child
        elif child.tag not in (f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}p"):
            yield from children(child, name)


def width_of(cell: Any) -> int:
    """How many columns of the grid a cell spans."""
    return max(1, number(value(cell, "tcPr/gridSpan"), 1, most=WIDEST + 1))


def column_places(table: Any, lines: list[Any]) -> list[int]:
    """For each border of the grid the column that begins there; as counted by Word when its widths cannot be used."""
    widths = [number(one.get(f"{W}w")) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
    as_counted = list(range(len(widths) + 1))
    if len(widths) > WIDEST or min(widths, default=SAME_BORDER) >= SAME_BORDER:
        return as_counted
    places, last = [0], 0
    for border in accumulate(widths):
        apart = border - last >= SAME_BORDER
        last = border if apart else last
        places.append(places[-1] + apart)
    return as_counted if any(_vanishes(line, places) for line in lines) else places


def place_of(border: int, places: list[int]) -> int:
    """The column that begins at a border, also beyond the grid."""
    return places[border] if border < len(places) else places[-1] + border - len(places) + 1


def _vanishes(line: Any, places: list[int]) -> bool:
    """Whether a cell with text would lose its column."""
    at = number(value(line, "trPr/gridBefore"), most=WIDEST)
    for cell in children(line, "tc"):
        start, at = at, at + width_of(cell)
        written = any((text.text or "").strip() for text in cell.iter(f"{W}t"))
        if written and place_of(at, places) == place_of(start, places):
            return True
    return False
