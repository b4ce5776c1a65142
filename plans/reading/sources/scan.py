"""A page of a PDF that is one picture: the rules of its tables are found in the picture, since no line is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from plans.reading.sources.pdf_ink import Glyph, Ink, Rule

# The part of the page that a picture covers to be the page itself; fewer letters than these on it are a stamp's.
COVERS, FEW_LETTERS = 0.6, 250
_SCALE = 150 / 72
_DARK = 150
# Points: the shortest rule each way (a tall capital is shorter), how far two ends may lie apart, how thick one may be.
_SHORTEST = {False: 30.0, True: 16.0}
_APART, _THICKEST = 4.0, 5.0
_BARS = ("|", "¦", "[", "]")
_NEAR, _SAME_PLACE = 9.0, 1.5


@dataclass(slots=True)
class _Run:
    """Dark pixels in a row, grown by the rows under it."""

    first: int
    last: int
    start: int
    end: int


def is_scanned(ink: Ink) -> bool:
    """Whether a page is a picture without text, but for the stamp of a digital signature."""
    return ink.pictured and sum(1 for glyph in ink.glyphs if not glyph.text.isspace()) < FEW_LETTERS


def with_scan(ink: Ink, page: Any) -> Ink:
    """The ink of a page that is one picture, with the rules in the picture; any other page as it is."""
    import pypdfium2.raw as raw

    area = sum(_area(one) for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if area < COVERS * ink.width * ink.height:
        return ink
    if not ink.glyphs:
        return replace(ink, pictured=True)
    rules = rules_of(page, ink)
    glyphs = _without_bars(ink.glyphs, rules)
    return replace(ink, pictured=True, rules=(*ink.rules, *rules), glyphs=glyphs, unreadable=0)


def _area(picture: Any) -> float:
    left, bottom, right, top = picture.get_bounds()
    return float(abs(right - left) * abs(top - bottom))


def _without_bars(glyphs: tuple[Glyph, ...], rules: tuple[Rule, ...]) -> tuple[Glyph, ...]:
    """The letters without those that are a border taken for a letter; a bar elsewhere is the numeral I."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text in _BARS and _on_a_rule(glyph, rules):
            continue
        kept.append(replace(glyph, text="I") if glyph.text == "|" else glyph)
    return tuple(kept)


def _on_a_rule(glyph: Glyph, rules: tuple[Rule, ...]) -> bool:
    return any(
        rule.upright and abs(rule.at - glyph.middle) < _NEAR and rule.start - 2 <= glyph.y <= rule.end + glyph.size
        for rule in rules
    )


def rules_of(page: Any, ink: Ink) -> tuple[Rule, ...]:
    """The straight lines of a rendered page, in points from its top left corner."""
    image = page.render(scale=_SCALE, grayscale=True).to_numpy()
    dark = image.reshape(image.shape[0], image.shape[1]) < _DARK
    if abs(dark.shape[1] / _SCALE - ink.width) > 3 or abs(dark.shape[0] / _SCALE - ink.height) > 3:
        return ()
    return (*_lines(dark, upright=False), *_lines(dark.T, upright=True))


def _lines(dark: Any, *, upright: bool) -> list[Rule]:
    """Rules along the rows of a picture; a line a little askew goes on in the next row."""
    shortest = _SHORTEST[upright] * _SCALE
    open_runs: list[_Run] = []
    closed: list[_Run] = []
    for row in range(dark.shape[0]):
        fresh = _runs(dark, row, shortest)
        for start, end in fresh:
            known = next((run for run in open_runs if start <= run.end + _APART and end >= run.start - _APART), None)
            if known is None:
                open_runs.append(_Run(row, row, start, end))
            else:
                known.last, known.start, known.end = row, min(known.start, start), max(known.end, end)
        closed.extend(run for run in open_runs if run.last < row - 1)
        open_runs = [run for run in open_runs if run.last >= row - 1]
    runs = [run for run in (*closed, *open_runs) if run.last - run.first <= _THICKEST * _SCALE]
    rules: list[Rule] = []
    for run in sorted(runs, key=lambda run: run.first + run.last):
        at = (run.first + run.last) / 2 / _SCALE
        # Borders of one column, a pixel apart in two tables, stand at one place.
        at = rules[-1].at if rules and at - rules[-1].at < _SAME_PLACE else at
        rules.append(Rule(upright, at, run.start / _SCALE, run.end / _SCALE))
    return rules


def _runs(dark: Any, row: int, shortest: float) -> list[tuple[int, int]]:
    """The runs of dark pixels of a row and the one above it that are long enough for a rule."""
    import numpy as np

    line = dark[row] | dark[row - 1] if row else dark[row]
    if line.sum() < shortest:
        return []
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(np.int8), [0]))))
    return [
        (int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= shortest
    ]
