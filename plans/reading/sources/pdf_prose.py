"""Lines of a PDF outside its tables: two columns told apart, running lines set aside, wrapped lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from plans.reading.document import Block, Paragraph, Place
from plans.reading.sources.lines import is_footnote, opens_paragraph
from plans.reading.sources.pdf_lines import COLUMN_GAP, LINE_DRIFT, SPACE, TextLine, cuts_sign
from plans.reading.text import cleaned, ends_whole, flat, fold, opens_lower

# The share of a page's height at its head and foot where running lines stand.
EDGE = 0.1
INDENT = 8.0
NARROWEST_GUTTER = 6.0
# Two pieces alone are one line with a blank in it.
LEAST_IN_BAND = 3
_STAMP = re.compile(
    r"^\W*(?:(?:nguoi|co quan|don vi|thoi gian|ngay|gio) ky|ky boi|signature|signed by|email|digitally)\b.*[:@]"
)
_STAMP_GOES_ON = re.compile(r"^\W*(?:co quan|to chuc|email|chuc vu|ngay ky|thoi gian ky)\s*:")
_PAGE_NUMBER = re.compile(r"^\W*(?:[Tt]rang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W*$")


@dataclass(slots=True)
class Printed:
    """One line of prose on a page; `alone` when it stands in a column of a letterhead, and joins no other."""

    line: TextLine
    page: int
    alone: bool = False


def running_lines(pages: list[list[TextLine]], heights: list[float]) -> set[str]:
    """What stands at the head or the foot of at least half of three or more pages, numbers aside."""
    counts: Counter[str] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        counts.update({_mark(line.text) for line in lines if _at_edge(line, height)})
    return {mark for mark, count in counts.items() if mark and count >= 3 and count * 2 >= len(pages)}


def _mark(text: str) -> str:
    return re.sub(r"\d+", "#", flat(fold(text))).strip("# .-–/")


def _at_edge(line: TextLine, height: float) -> bool:
    return line.y < height * EDGE or line.y > height * (1 - EDGE)


def without_furniture(
    lines: list[TextLine], height: float, running: set[str], dropped: dict[str, None]
) -> Iterator[TextLine]:
    """The lines without page numbers, running lines and stamps of signatures; the last two are told in `dropped`."""
    stamped = False
    for line in lines:
        folded = fold(line.text)
        stamped = bool(_STAMP.match(folded)) or (stamped and bool(_STAMP_GOES_ON.match(folded)))
        if stamped:
            dropped[f"Bỏ qua dấu ký số: “{line.text[:80]}”."] = None
        elif _at_edge(line, height) and _PAGE_NUMBER.match(line.text):
            continue
        elif _at_edge(line, height) and _mark(line.text) in running:
            dropped[f"Bỏ qua dòng lặp lại ở đầu hoặc cuối trang: “{line.text[:80]}”."] = None
        else:
            yield line


def in_order(lines: list[TextLine], page: int) -> list[Printed]:
    """The lines of a page as they are read: of two columns side by side, the left one first."""
    ordered: list[Printed] = []
    at = 0
    while at < len(lines):
        end, gutter = _band(lines, at)
        if gutter is None:
            ordered.append(Printed(lines[at], page))
            at += 1
            continue
        band = lines[at:end]
        left = [Printed(line, page, True) for line in band if line.x1 <= gutter]
        ordered.extend([*left, *(Printed(line, page, True) for line in band if line.x1 > gutter)])
        at = end
    return _with_blanks(ordered)


def _with_blanks(printed: list[Printed]) -> list[Printed]:
    """Pieces of one line with a blank between them that is to be filled in by hand ("Số:      /KH-UBND"), as one."""
    whole: list[Printed] = []
    for one in printed:
        before = whole[-1].line if whole else None
        if before and abs(before.y - one.line.y) <= LINE_DRIFT * before.size and before.x1 <= one.line.x0:
            text = f"{before.text} {one.line.text}"
            whole[-1].line = replace(before, text=text, x1=one.line.x1)
        else:
            whole.append(one)
    return whole


def _band(lines: list[TextLine], at: int) -> tuple[int, float | None]:
    """(end, where the gutter begins) of two columns that open at a line; None when the line stands alone."""
    first = lines[at]
    beside = [line for line in lines[at + 1 : at + 4] if line.y - first.y < first.size]
    other = next((line for line in beside if _apart(first, line)), None)
    if other is None:
        return at + 1, None
    start, stop = min(first.x1, other.x1), max(first.x0, other.x0)
    end, last = at, first.y
    for line in lines[at:]:
        if line.y - last > 3.2 * line.size:
            break
        if line.x1 <= (start + stop) / 2:
            start = max(start, line.x1)
        elif line.x0 >= (start + stop) / 2:
            stop = min(stop, line.x0)
        else:
            break
        if stop - start < NARROWEST_GUTTER:
            break
        end, last = end + 1, line.y
    if end - at < LEAST_IN_BAND:
        return at + 1, None
    held = max((line.x1 for line in lines[at:end] if line.x1 <= stop), default=start)
    return max(end, at + 1), held


def _apart(one: TextLine, other: TextLine) -> bool:
    gap = max(other.x0 - one.x1, one.x0 - other.x1)
    return gap > COLUMN_GAP * max(one.size, other.size)


def joined_paragraphs(printed: Iterable[Printed]) -> Iterator[Block]:
    """Wrapped lines as paragraphs, over pages too; a footnote comes after the paragraph it interrupts."""
    lines = list(printed)
    margins = _margins(lines)
    pending: list[Printed] = []
    notes: list[Printed] = []
    for one in lines:
        if is_footnote(one.line.text):
            notes.append(one)
        elif pending and _goes_on(pending, one, margins):
            pending.append(one)
        else:
            yield from _closed(pending, notes)
            pending, notes = [one], []
    yield from _closed(pending, notes)


def _margins(lines: list[Printed]) -> dict[int, float]:
    """The right margin of every page: where its longest line ends."""
    right: dict[int, float] = {}
    for one in lines:
        if not one.alone:
            right[one.page] = max(right.get(one.page, 0.0), one.line.x1)
    return right


def _goes_on(pending: list[Printed], one: Printed, margins: dict[int, float]) -> bool:
    before, line = pending[-1].line, one.line
    bracket = line.text[:1] == "(" and opens_lower(line.text)
    if (opens_paragraph(line.text) and not bracket) or (ends_whole(before.text) and not opens_lower(line.text)):
        return False
    if one.alone or pending[-1].alone:
        return one.alone is pending[-1].alone and opens_lower(line.text) and abs(line.x0 - before.x0) < line.size * 4
    if opens_lower(line.text):
        return not ends_whole(before.text)
    room = margins.get(pending[-1].page, before.x1) - before.x1
    fits = line.head + SPACE * line.size < room - 1
    indented = line.x0 > min(one.line.x0 for one in pending) + INDENT
    upper = before.text.isupper() or line.text.isupper()
    return not (fits or indented or upper)


def _closed(pending: list[Printed], notes: list[Printed]) -> Iterator[Block]:
    if pending:
        text = pending[0].line.text
        for before, one in pairwise(pending):
            text += one.line.text if cuts_sign(before.line.text, one.line.text) else f" {one.line.text}"
        yield Paragraph(flat(cleaned(text)), Place(page=pending[0].page))
    for note in notes:
        yield Paragraph(flat(cleaned(note.line.text)), Place(page=note.page))
