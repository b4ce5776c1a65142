"""Lines of a text file, and how wrapped or page-cut lines join into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.reading.document import Paragraph, Place
from plans.reading.text import cleaned, ends_whole, flat, opens_lower

# A line that opens a new paragraph whatever stood before it: a number, a letter with a stop, a bullet, a known opening.
_OPENING = re.compile(
    r"^\s*(?:[IVX]+\.|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[-–+•]\s|Điều \d|Căn cứ |Theo đề nghị|Nơi nhận|PHỤ LỤC"
    r"|Phụ lục|TM\.|KT\.|\()"
)
_FOOTNOTE = re.compile("^\\s*[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+\\s*\\.?\\s*\\S")
WIDE = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One raw line with its number (from 1), its page (from 1) and whether it is the first of a page."""

    text: str
    number: int
    page: int
    opens_page: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.text.strip()

    @property
    def place(self) -> Place:
        """Its place; the page is told only when the file marks pages."""
        return Place(line=self.number)


def lines_of(text: str) -> list[Line]:
    """The lines of a text; a form feed opens a page."""
    lines: list[Line] = []
    page = 1
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        opens = "\f" in raw
        page += raw.count("\f")
        lines.append(Line(raw.replace("\f", ""), number, page, opens))
    return lines


def paragraphs(lines: Iterable[Line], *, wrapped: bool = False) -> Iterator[Paragraph]:
    """Join page-cut lines, and in `wrapped` text all lines of a paragraph; footnotes come after what they interrupt."""
    pending: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        if line.blank:
            continue
        if _FOOTNOTE.match(line.text):
            notes.append(line)
        elif pending and _continues(pending[-1].text, line.text, wrapped):
            pending.append(line)
        else:
            yield from _closed(pending, notes)
            pending, notes = [line], []
    yield from _closed(pending, notes)


def _closed(pending: list[Line], notes: list[Line]) -> Iterator[Paragraph]:
    if pending:
        yield Paragraph(flat(cleaned(" ".join(line.text for line in pending))), pending[0].place)
    for note in notes:
        yield Paragraph(flat(cleaned(note.text)), note.place)


def _continues(before: str, after: str, wrapped: bool) -> bool:
    if _OPENING.match(after) or ends_whole(before):
        return False
    full = wrapped and len(before.strip()) >= WIDE and not before.isupper() and not after.strip().isupper()
    return full or opens_lower(after)
