"""Where the rows of a table without lines begin: by its numbers, and by the white between its lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from plans.reading.ordinals import readings
from plans.reading.sources.pdf_lines import TextLine

# Rows stand apart when a gap between lines is so many times the pitch of the lines within a cell.
ROW_GAP = 1.3
# A line fills a column when it prints so many sizes of its font into it.
LEAST_INK = 0.8
# In pitches: lines nearer than this are of cells that stand in the middle of their row, and no border is between them.
NEAR = 0.9
# How many numbers of a table show that they stand in the middle, and what a gap is worth beside the middle.
CENTRED_SHARE, GAP_WORTH, LEFT_OUT = 0.1, 2.0, 0.6
_Rows = list[list[TextLine]]


def row_starts(body: _Rows, edges: tuple[float, ...]) -> list[int]:
    """The lines at which a row begins, the first line of all left out."""
    pitch = _pitch(body, edges)
    numbered = [at for at, row in enumerate(body) if row[0].x0 < edges[1] and readings(row[0].text.split(" ", 1)[0])]
    if _is_centred(body, numbered, pitch):
        cuts = _centred(body, numbered, pitch)
    else:
        cuts = {_cut(body, before, at, pitch) for before, at in pairwise([0, *numbered])}
    cuts |= {at for at in range(1, len(body)) if _stands_apart(body, at, edges, pitch)}
    return sorted(cuts - {0, len(body)})


def _pitch(body: _Rows, edges: tuple[float, ...]) -> float:
    """From line to line within a cell: a small gap between lines that begin in one column."""
    last: dict[int, float] = {}
    gaps: list[float] = []
    for line in (line for row in body for line in row):
        column = bisect_right(edges, line.x0)
        if column in last and line.y - last[column] > line.size * NEAR:
            gaps.append(line.y - last[column])
        last[column] = line.y
    return sorted(gaps)[len(gaps) // 5] if gaps else 0.0


def _stands_apart(body: _Rows, at: int, edges: tuple[float, ...], pitch: float) -> bool:
    """Whether a line below a wide gap begins a row without a number: two columns at least begin again there."""
    if _gap(body, at) <= ROW_GAP * pitch:
        return False
    columns = (
        any(min(line.x1, right) - max(line.x0, left) > line.size * LEAST_INK for line in body[at])
        for left, right in pairwise(edges)
    )
    return sum(columns) >= 2


def _cut(body: _Rows, before: int, at: int, pitch: float) -> int:
    """Where the row with a number begins: below the last wide gap above it, or at the number itself."""
    return next((one for one in range(at, before, -1) if _gap(body, one) > ROW_GAP * pitch), at)


def _gap(body: _Rows, at: int) -> float:
    return body[at][0].y - body[at - 1][0].y


def _is_centred(body: _Rows, numbered: Sequence[int], pitch: float) -> bool:
    """Whether the numbers stand in the middle of their rows: between the lines of the cells beside them."""
    between = sum(any(_gap(body, one) < NEAR * pitch for one in (at, at + 1) if 0 < one < len(body)) for at in numbered)
    return between > 0 and between >= CENTRED_SHARE * len(numbered)


def _centred(body: _Rows, numbered: Sequence[int], pitch: float) -> set[int]:
    """The borders between which every number stands nearest to the middle, wide gaps before narrow ones.

    The best way to divide the lines up to each border, number by number. What is left above the first number is the
    rest of a row that a page cut; such a row begins at its number.
    """
    ways = {at: (LEFT_OUT * (at > 0), [at]) for at in _borders(body, 0, numbered[0], pitch)}
    for number, following in pairwise([*numbered, len(body)]):
        further: dict[int, tuple[float, list[int]]] = {}
        ends = _borders(body, number + 1, following, pitch) if following < len(body) else [following]
        for end in ends:
            costs = ((cost + _off(body, start, end, number, pitch), start) for start, (cost, _) in ways.items())
            cost, start = min(costs)
            further[end] = (cost - _worth(body, end, pitch), [*ways[start][1], end])
        ways = further
    return set(min(ways.values())[1])


def _borders(body: _Rows, first: int, last: int, pitch: float) -> list[int]:
    """Where a border may be; one must be."""
    wide = [at for at in range(first, last) if at == 0 or _gap(body, at) >= NEAR * pitch]
    always = not wide or last == 0 or _gap(body, last) >= NEAR * pitch
    return [*wide, last] if always else wide


def _off(body: _Rows, start: int, end: int, number: int, pitch: float) -> float:
    """How many pitches a number stands off the middle of its row; of a row that the page may have cut, off its head."""
    if end == len(body) and start == number:
        return 0.0
    return abs((body[start][0].y + body[end - 1][0].y) / 2 - body[number][0].y) / pitch


def _worth(body: _Rows, at: int, pitch: float) -> float:
    return GAP_WORTH * min(1.0, _gap(body, at) / pitch - 1) if at < len(body) else 0.0
