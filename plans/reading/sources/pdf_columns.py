"""Tables of a PDF that have no lines: a header names the columns, the white between the letters divides them.

Where its rows begin is told by plans.reading.sources.pdf_rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from plans.reading.columns import Role, header_role
from plans.reading.document import Cover, Place
from plans.reading.ordinals import readings
from plans.reading.sources.pdf_ink import Glyph, Ink
from plans.reading.sources.pdf_lines import LINE_DRIFT, SPACE, TextLine, joined, text_lines, words
from plans.reading.sources.pdf_rows import row_starts
from plans.reading.sources.pdf_tables import PdfCell, PdfTable

_END = re.compile(r"^\s*(?:[IVX]{1,5}\.\s\S|PHỤ LỤC|Phụ lục|Nơi nhận|TM\.|KT\.)")
# In sizes of the font: how far the names of a header stand from the name of the numbers, and its lines from each other.
HEADER_REACH, HEADER_PITCH = 2.8, 1.5
MAX_COLUMNS = 20
# Among how many lines below its header the first number is looked for; gaps that differ by less are one, in points.
HEADER_LINES, SAME_GAP = 12, 0.5


@dataclass(slots=True)
class Unruled:
    """The edges of the columns of a table that the page before ended in; empty when none is open.

    `names` are the middles of the names where a header stood alone at the foot of its page: its columns end where the
    rows of the next pages say.
    """

    edges: tuple[float, ...] = ()
    names: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Band:
    """A stretch of a page: its lines one under the other, each as its pieces from left to right."""

    rows: list[list[TextLine]]
    top: float
    bottom: float


def unruled_tables(
    ink: Ink, loose: list[Glyph], lines: list[TextLine], state: Unruled
) -> tuple[list[PdfTable], list[TextLine]]:
    """The tables without lines on a page, and the lines left over."""
    tables: list[PdfTable] = []
    left: list[TextLine] = []
    rows = _rows(lines)
    at = 0
    while at < len(rows):
        header = _header(rows, at)
        if header is None and not (state.edges and at == 0 and not _ends(rows[0], state.edges)):
            left.extend(rows[at])
            at += 1
            continue
        start = header[0] if header else at
        left = left[: len(left) - sum(len(row) for row in rows[start:at])]
        edges, names = state.edges, header[1] if header else state.names
        if names:
            rest = _Band(rows[start:], rows[start][0].y, rows[-1][0].y)
            edges = _edges(names, [glyph for glyph in loose if _within(glyph, rest)])
        end = _end(rows, header[2] if header else at, edges)
        band = _Band(rows[start:end], rows[start][0].y, rows[end - 1][0].y)
        glyphs = [glyph for glyph in loose if _within(glyph, band)]
        same = state.edges if header is None or _fits(header[1], state.edges) else edges
        tables.append(_table(ink, band, glyphs, edges, same, header[2] - start if header else 0))
        state.edges = same if end == len(rows) else ()
        state.names = names if state.edges and (header is None or end == header[2]) else ()
        at = end
    if not tables:
        state.edges = ()
    return tables, left


def _fits(middles: tuple[float, ...], edges: tuple[float, ...]) -> bool:
    """Whether the names stand over the columns of the page before: one under each."""
    columns = pairwise(edges)
    return len(edges) == len(middles) + 1 and all(
        left < middle < right for middle, (left, right) in zip(middles, columns, strict=True)
    )


def _rows(lines: list[TextLine]) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in lines:
        if rows and abs(rows[-1][0].y - line.y) <= LINE_DRIFT * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


_Header = tuple[int, tuple[float, ...], int]


def _header(rows: list[list[TextLine]], at: int) -> _Header | None:
    """(first row, the middles of the names, row after) of a header whose column of numbers is named on a row."""
    number = next((line for line in rows[at] if header_role(line.text) is Role.NUMBER), None)
    if number is None or number is not rows[at][0]:
        return None
    start, end = at, at + 1
    while start and number.y - rows[start - 1][0].y < HEADER_REACH * number.size and len(rows[start - 1]) > 1:
        start -= 1
    while end < len(rows) and rows[end][0].y - number.y < HEADER_REACH * number.size and not _opens_row(rows[end]):
        if rows[end][0].y - rows[end - 1][0].y > HEADER_PITCH * number.size:
            break
        end += 1
    end = min(end, _first_border(rows, at, number))
    names: list[list[TextLine]] = []
    for line in sorted((line for row in rows[start:end] for line in row), key=lambda line: line.x0):
        if names and line.x0 < max(one.x1 for one in names[-1]):
            names[-1].append(line)
        else:
            names.append([line])
    known = [header_role(" ".join(line.text for line in sorted(one, key=lambda line: line.y))) for one in names]
    if not 3 <= len(names) <= MAX_COLUMNS or sum(1 for role in known if role) < 3:
        return None
    middles = tuple((min(line.x0 for line in one) + max(line.x1 for line in one)) / 2 for one in names)
    return start, middles, end


def _first_border(rows: list[list[TextLine]], at: int, number: TextLine) -> int:
    """Where the rows under a header begin at the latest: below the widest gap above the first number near it."""
    near = range(at + 1, min(at + 1 + HEADER_LINES, len(rows)))
    opening = next((one for one in near if rows[one][0].x0 < number.x1 and _is_numbered(rows[one])), None)
    if opening is None:
        return len(rows)
    gaps = [rows[one][0].y - rows[one - 1][0].y for one in range(at + 1, opening + 1)]
    return at + 1 + next(one for one, gap in enumerate(gaps) if gap > max(gaps) - SAME_GAP)


def _is_numbered(row: list[TextLine]) -> bool:
    return bool(readings(row[0].text.split(" ", 1)[0]))


def _opens_row(row: list[TextLine]) -> bool:
    return any(one.value == 1 for one in readings(row[0].text.split(" ", 1)[0]))


def _end(rows: list[list[TextLine]], at: int, edges: tuple[float, ...]) -> int:
    """The first row that is not of the table any more: it ends one, or from it on only prose runs over the columns."""
    end = next((one for one in range(at, len(rows)) if _ends(rows[one], edges)), len(rows))
    alone = end
    while alone > at and len(rows[alone - 1]) == 1:
        alone -= 1
    return next((one for one in range(alone, end) if _is_prose(rows[one:end], edges)), end)


def _is_prose(rows: list[list[TextLine]], edges: tuple[float, ...]) -> bool:
    """Whether lines begin with one that runs from the column of numbers over two borders, and end a sentence."""
    first = rows[0][0]
    runs_on = first.x0 + first.head < edges[1] - 1 and first.x1 > edges[2] + first.size
    return runs_on and any(row[0].text.endswith((".", ";", ":", ",")) for row in rows)


def _ends(row: list[TextLine], edges: tuple[float, ...]) -> bool:
    """A part heading, an annex or a signature whose words begin before the border of the numbers."""
    first = row[0]
    words = first.x0 + first.head + first.size * SPACE
    return _END.match(first.text) is not None and (words < edges[1] - 1 or not readings(first.text.split(" ", 1)[0]))


def _within(glyph: Glyph, band: _Band) -> bool:
    return band.top - glyph.size <= glyph.y <= band.bottom + glyph.size * LINE_DRIFT


def _edges(middles: tuple[float, ...], glyphs: list[Glyph]) -> tuple[float, ...]:
    """Between the middles of two names, the strip that the fewest letters print on."""
    left = min(middles[0], *(glyph.x0 for glyph in glyphs))
    right = max(middles[-1], *(glyph.x1 for glyph in glyphs))
    printed = [0] * (int(right) + 3)
    for glyph in glyphs:
        for point in range(int(glyph.x0), int(glyph.x1) + 1):
            printed[point] += not glyph.text.isspace()
    inner = (_strip(printed, int(one), int(other)) for one, other in pairwise(middles))
    return (left - 2, *inner, right + 2)


def _strip(printed: list[int], start: int, end: int) -> float:
    """The middle of the widest stretch where the least is printed."""
    least = min(printed[start : end + 1])
    runs: list[list[int]] = []
    for point in range(start, end + 1):
        if printed[point] > least:
            continue
        if runs and runs[-1][-1] == point - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    widest = max(runs, key=len)
    return (widest[0] + widest[-1] + 1) / 2


def _table(
    ink: Ink, band: _Band, glyphs: list[Glyph], edges: tuple[float, ...], same: tuple[float, ...], header: int
) -> PdfTable:
    """The table of a band; `same` are the edges of the page where it began, by which its pages know each other."""
    groups = list(_groups(band.rows, edges, header))
    rows = [_cells(group, glyphs, edges, heading) for group, heading in groups]
    for column in range(len(edges) - 1):
        room = _room([row[column] for row in rows if row[column].col_span == 1])
        for row in rows:
            cell = row[column]
            cell.room = room if cell.col_span == 1 else edges[-1] - edges[column]
            cell.text = joined(cell.lines, cell.room)
    places = [Place(page=ink.number, row=at + 1) for at in range(len(rows))]
    return PdfTable(ink.number, band.top, band.bottom, same, rows, places, ink.number)


def _room(cells: list[PdfCell]) -> float:
    """How wide the lines of a column may be: as those of cells that had to wrap; a short heading may be wider."""
    wrapped = [line.width for cell in cells if len(cell.lines) > 1 for line in cell.lines]
    return max(wrapped or [line.width for cell in cells for line in cell.lines], default=0.0)


def _groups(
    rows: list[list[TextLine]], edges: tuple[float, ...], header: int
) -> Iterator[tuple[list[list[TextLine]], bool]]:
    """The lines of every row of the table, and whether it is a heading that runs over the columns."""
    if header:
        yield rows[:header], False
    body = rows[header:]
    if not body:  # a header at the foot of a page, its rows on the next
        return
    for start, end in pairwise([0, *row_starts(body, edges), len(body)]):
        group = body[start:end]
        yield group, all(_runs_over(row, edges) for row in group[:1]) and len(group) <= 4


def _runs_over(row: list[TextLine], edges: tuple[float, ...]) -> bool:
    """Whether a line prints its words over the border of the second column, beside a number alone or without one."""
    return len(row) <= 2 and any(line.x0 < edges[2] - line.size < line.x1 - 2 * line.size for line in row)


def _cells(group: list[list[TextLine]], glyphs: list[Glyph], edges: tuple[float, ...], heading: bool) -> list[PdfCell]:
    ys = (group[0][0].y, group[-1][0].y)
    inside = [one for one in glyphs if ys[0] - one.size * LINE_DRIFT <= one.y <= ys[1] + one.size * LINE_DRIFT]
    count = len(edges) - 1
    bounds = (edges[0], edges[1], edges[-1]) if heading else edges
    held: list[list[Glyph]] = [[] for _ in pairwise(bounds)]
    for word in words(inside):
        middle = (word[0].x0 + word[-1].x1) / 2
        held[min(len(held), max(1, bisect_right(bounds, middle))) - 1].extend(word)
    cells = [PdfCell(text_lines(one)) for one in held]
    if heading:
        cells[1].col_span = count - 1
        cells.extend(PdfCell(cover=Cover.LEFT) for _ in range(count - 2))
    return cells
