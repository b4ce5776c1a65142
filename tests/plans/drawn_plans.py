"""The sample plan drawn as a PDF by a careless hand: lines missing, cells shifted, rows cut by pages, pages turned."""

from __future__ import annotations

import random
import textwrap

from tests.plans import reading_samples as samples
from tests.plans.pdf_paper import Paper

# Of the five columns: their edges in points, and how many letters a line of each holds.
EDGES = [40.0, 70.0, 250.0, 340.0, 460.0, 555.0]
LETTERS = (4, 34, 15, 21, 16)
_LEADING, _SIZE, _HIGHEST, _LOWEST = 13.0, 9.5, 60.0, 790.0


def drawn_plan(chance: random.Random) -> bytes:
    """A PDF with up to four faults of drawing; no word of the plan is left out."""
    paper = Paper()
    faults = chance.sample(("gaps", "boxes", "double", "shift", "narrow", "turned", "unruled", "raised"), 4)
    faults = faults[: chance.randint(0, 4)]
    if "turned" in faults:
        paper.rotate(chance.choice((90, 180, 270)))
    y = _prose(paper, samples.FRONT, _HIGHEST)
    y = _rows(paper, [samples.HEADER, *samples.table_rows()], y, faults, chance)
    _prose(paper, samples.BACK, y + 20)
    return paper.bytes()


def _prose(paper: Paper, texts: tuple[str, ...], y: float) -> float:
    for text in texts:
        for line in textwrap.wrap(text, 90):
            y = _lower(paper, y, _LEADING)
            paper.text(EDGES[0], y, line, 10)
    return y + _LEADING


def _lower(paper: Paper, y: float, by: float) -> float:
    """The next height, on a new page when this one is full."""
    if y + by < _LOWEST:
        return y + by
    paper.turn_page()
    return _HIGHEST


def _rows(paper: Paper, rows: list[tuple[str, ...]], y: float, faults: list[str], chance: random.Random) -> float:
    y = chance.choice((y, _LOWEST - 90))
    for row in rows:
        cells = [
            [line for part in text.split("\n") for line in textwrap.wrap(part, width)]
            for text, width in zip(row, LETTERS, strict=True)
        ]
        tallest = max(map(len, cells))
        at = 0
        while at < tallest:
            room = max(1, int((_LOWEST - y) / _LEADING) - 1)
            piece = [cell[at : at + room] for cell in cells]
            y = _row(paper, piece, y, faults, chance)
            at += room
            if at < tallest or y > _LOWEST - 2 * _LEADING:
                paper.turn_page()
                y = _HIGHEST
    return y


def _row(paper: Paper, cells: list[list[str]], y: float, faults: list[str], chance: random.Random) -> float:
    """One row, or the piece of it that the page holds; the height below it."""
    below = y + _LEADING * max(1, *map(len, cells)) + 5
    if "unruled" not in faults:
        _rules(paper, y, below, faults, chance)
    shift = chance.uniform(-2, 2) if "shift" in faults else 0.0
    for left, cell in zip(EDGES, cells, strict=False):
        for at, line in enumerate(cell):
            up = chance.choice((0.0, 2.0)) if "raised" in faults else 0.0
            paper.text(left + 4 + shift, y + _LEADING * (at + 1) - 2 - up, line, 7 if "narrow" in faults else _SIZE)
    return below


def _rules(paper: Paper, top: float, bottom: float, faults: list[str], chance: random.Random) -> None:
    box, lost = "boxes" in faults, 0.3 if "gaps" in faults else 0.0
    for move in (0.0, 1.6) if "double" in faults else (0.0,):
        for x in EDGES:
            if chance.random() >= lost:
                paper.line(x + move, top, x + move, bottom, as_box=box)
        for y in (top, bottom):
            if chance.random() >= lost:
                paper.line(EDGES[0], y + move, EDGES[-1], y + move, as_box=box)
