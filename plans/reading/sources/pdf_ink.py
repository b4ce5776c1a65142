"""What is printed on one page of a PDF: letters with their boxes, and the rules (thin lines) between them.

Coordinates are points from the top left corner of the page as it is read: a page whose letters stand sideways (a
landscape annex) is turned until they stand upright.
"""

from __future__ import annotations

import ctypes
import math
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# PDFium serves one thread of a process at a time; whoever opens a file with it holds this meanwhile.
PDFIUM = threading.RLock()
# A filled or stroked shape thinner than this is a rule; Word draws borders as rectangles half a point thin.
THIN = 3.0
SHORTEST_RULE = 6.0
# A page of drawings (a map, a logo) holds more shapes than any table; beyond this they are not looked at.
MAX_SHAPES, MAX_DEPTH = 20_000, 4
# A space that is not in the file: PDFium saw a gap there.
GUESSED_SPACE = "\u2009"
_WHITE = 245
_HYPHEN_SIGN = 0x02


@dataclass(slots=True)
class Glyph:
    """One letter: its sides, its base line, and the size of its font."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> float:
        """Its middle, across."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along the page: `at` is its fixed coordinate, it runs from `start` to `end`."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ink:
    """Everything on one page; `unreadable` counts letters whose font does not say which letters they are.

    `pictured` marks a page that is one picture (plans.reading.sources.scan).
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    unreadable: int = 0
    pictured: bool = False


Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def ink_of(page: Any, number: int) -> Ink:
    """The ink of a pypdfium2 page, turned upright. `number` counts from 1."""
    left, bottom, right, top = page.get_mediabox()
    raw, angles, unreadable = _letters(page)
    turn = angles.most_common(1)[0][0] if angles else 0
    corners = [_turned(x, y, turn) for x, y in ((left, bottom), (right, top))]
    x_low, y_high = min(x for x, _ in corners), max(y for _, y in corners)
    width, height = abs(corners[0][0] - corners[1][0]), abs(corners[0][1] - corners[1][1])

    def placed(x: float, y: float) -> tuple[float, float]:
        across, up = _turned(x, y, turn)
        return across - x_low, y_high - up

    glyphs = [_glyph(one, placed) for one in raw]
    rules = [rule for box in _shapes(page) for rule in _rules(*placed(box[0], box[1]), *placed(box[2], box[3]))]
    return Ink(number, width, height, tuple(_with_marks(glyphs)), tuple(rules), unreadable)


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point after the page is turned back by `turn` degrees, clockwise as PDFium counts."""
    return {0: (x, y), 90: (-y, x), 180: (-x, -y), 270: (y, -x)}[turn]


_RawGlyph = tuple[str, float, float, float, float, float, float, float]


def _letters(page: Any) -> tuple[list[_RawGlyph], Counter[int], int]:
    """Every letter as (text, four sides, origin, size); how many face each way; how many are unknown."""
    import pypdfium2.raw as raw

    text_page = page.get_textpage()
    letters = text_page.raw
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    found: list[_RawGlyph] = []
    angles: Counter[int] = Counter()
    unreadable = 0
    for at in range(raw.FPDFText_CountChars(letters)):
        code = raw.FPDFText_GetUnicode(letters, at)
        if code in (0x0D, 0x0A):
            continue
        unreadable += raw.FPDFText_HasUnicodeMapError(letters, at) == 1 or code in (0, 0xFFFD) or _private(code)
        if not raw.FPDFText_GetLooseCharBox(letters, at, box):
            continue
        raw.FPDFText_GetCharOrigin(letters, at, x, y)
        text = "-" if code == _HYPHEN_SIGN else chr(code) if 0 < code < 0x110000 else "\ufffd"
        text = GUESSED_SPACE if text == " " and raw.FPDFText_IsGenerated(letters, at) == 1 else text
        raw.FPDFText_GetMatrix(letters, at, matrix)
        size = raw.FPDFText_GetFontSize(letters, at) * math.hypot(matrix.c, matrix.d)
        found.append((text, box.left, box.bottom, box.right, box.top, x.value, y.value, size))
        if not text.isspace():
            angle = raw.FPDFText_GetCharAngle(letters, at)
            angles[round(math.degrees(angle) / 90) * 90 % 360] += 1
    text_page.close()
    return found, angles, unreadable


def _private(code: int) -> bool:
    return 0xE000 <= code <= 0xF8FF and not 0xF000 <= code <= 0xF0FF


def _glyph(one: _RawGlyph, placed: Any) -> Glyph:
    text, left, bottom, right, top, origin_x, origin_y, size = one
    (x0, _), (x1, _) = placed(left, bottom), placed(right, top)
    _, base = placed(origin_x, origin_y)
    return Glyph(text, min(x0, x1), max(x0, x1), base, size or 1.0)


def _with_marks(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Accents that the producer set as letters of their own, put back on the letter they stand over."""
    whole: list[Glyph] = []
    for glyph in glyphs:
        if unicodedata.combining(glyph.text[0]):
            base = _carrier(whole, glyph)
            if base is not None:
                base.text = unicodedata.normalize("NFC", base.text + glyph.text)
                continue
        whole.append(glyph)
    return iter(whole)


def _carrier(before: list[Glyph], mark: Glyph) -> Glyph | None:
    near = [one for one in before[-3:] if not one.text.isspace() and abs(one.y - mark.y) < mark.size]
    return min(near, key=lambda one: (abs(one.middle - mark.middle), -before.index(one)), default=None)


def _shapes(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """(left, bottom, right, top) of every drawn line and edge, in page space."""
    import pypdfium2.raw as raw

    count = raw.FPDFPage_CountObjects(page)
    if count <= MAX_SHAPES:
        for at in range(count):
            yield from _object_shapes(raw.FPDFPage_GetObject(page, at), _IDENTITY, 0)


def _object_shapes(shape: Any, above: Matrix, depth: int) -> Iterator[tuple[float, float, float, float]]:
    import pypdfium2.raw as raw

    kind = raw.FPDFPageObj_GetType(shape)
    if kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        matrix = _product(_matrix(shape), above)
        for at in range(min(raw.FPDFFormObj_CountObjects(shape), MAX_SHAPES)):
            yield from _object_shapes(raw.FPDFFormObj_GetObject(shape, at), matrix, depth + 1)
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(shape, fill, stroke)
        if (fill.value or stroke.value) and not _is_white(shape, bool(stroke.value)):
            yield from _path_edges(shape, _product(_matrix(shape), above), bool(stroke.value))


def _is_white(shape: Any, stroked: bool) -> bool:
    import pypdfium2.raw as raw

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    asked = raw.FPDFPageObj_GetStrokeColor if stroked else raw.FPDFPageObj_GetFillColor
    known = asked(shape, red, green, blue, alpha)
    return bool(known) and (min(red.value, green.value, blue.value) >= _WHITE or alpha.value == 0)


def _matrix(shape: Any) -> Matrix:
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, matrix)
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _product(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _path_edges(shape: Any, matrix: Matrix, stroked: bool) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of a stroked path; of a filled one, each closed part as a whole when it is thin."""
    for part in _parts(shape, matrix):
        if stroked:
            for (x0, y0), (x1, y1) in pairwise(part):
                yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        else:
            across, up = [x for x, _ in part], [y for _, y in part]
            yield (min(across), min(up), max(across), max(up))


def _parts(shape: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The subpaths of a path as points in page space; a closed one ends where it began."""
    import pypdfium2.raw as raw

    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    part: list[tuple[float, float]] = []
    for at in range(min(raw.FPDFPath_CountSegments(shape), MAX_SHAPES)):
        segment = raw.FPDFPath_GetPathSegment(shape, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and part:
            yield part
            part = []
        part.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            part.append(part[0])
    if part:
        yield part


def _rules(x0: float, y0: float, x1: float, y1: float) -> Iterator[Rule]:
    """A thin box as a rule; anything thicker is a picture or a shade."""
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    wide, high = right - left, bottom - top
    if high <= THIN and wide >= SHORTEST_RULE:
        yield Rule(False, (top + bottom) / 2, left, right)
    elif wide <= THIN and high >= SHORTEST_RULE:
        yield Rule(True, (left + right) / 2, top, bottom)
