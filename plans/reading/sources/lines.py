"""Lines of a text file, and how wrapped or page-cut lines join into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.reading.document import Paragraph, Place
from plans.reading.text import cleaned, ends_whole, flat, opens_lower

# A line that opens a new paragraph whatever stood before it: a number, a letter with a stop, a bullet, a known opening.
_OPENING = re.compile(
    r"^\s*(?:[IVX]+\s?[.–-]|\d{1,2}-\s?(?=[A-ZĐÀ-Ỹ])|\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ](?:\)|\.\s+(?=[A-ZĐÀ-Ỹ]))|[-–+•*]\s|[-–+•](?=[A-ZĐÀ-Ỹ])"
    r"|Điều \d|Căn cứ |Theo đề nghị"
    r"|Thực hiện (?:Quyết|Kế|Nghị|Chỉ|Công|Luật)|Số\s*:|Nơi nhận|PHỤ LỤC|Phụ lục|TM\.|KT\.|\()"
)
# Two columns of a letterhead on one line: such a line ends where it ends.
_GAP = re.compile(r"\S {4,}\S")
_FOOTNOTE = re.compile("^\\s*[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+\\s*\\.?\\s*\\S")
# Text set to a margin: this many lines at least, none longer than any page prints, most longer than a list of names.
WRAPPED_LINES, WIDEST_MARGIN, NARROWEST_MARGIN = 8, 125, 45
# A line of a name ("Phó Chủ tịch,") is shorter than a line that a page breaks at a comma.
SHORTEST_WRAP = 30


def opens_paragraph(text: str) -> bool:
    """Whether a line opens a paragraph whatever stood before it: a number, a bullet, a known opening."""
    return _OPENING.match(text) is not None


def is_footnote(text: str) -> bool:
    """Whether a line is a footnote: it opens with a raised number."""
    return _FOOTNOTE.match(text) is not None


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


def paragraphs(lines: Iterable[Line]) -> Iterator[Paragraph]:
    """Join page-cut lines, and in wrapped text all lines of a paragraph; footnotes come after what they interrupt."""
    lines = list(lines)
    full = _full_line(lines)
    pending: list[Line] = []
    notes: list[Line] = []
    for line in lines:
        if line.blank:
            continue
        if is_footnote(line.text):
            notes.append(line)
        elif pending and _continues(pending[-1].text, line.text, full):
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


def _full_line(lines: list[Line]) -> int | None:
    """From what length a line may have been broken by its margin; None when the lines are whole paragraphs."""
    lengths = sorted(len(line.text.strip()) for line in lines if not line.blank)
    if len(lengths) < WRAPPED_LINES or lengths[-1] > WIDEST_MARGIN:
        return None
    margin = lengths[(len(lengths) * 9) // 10]
    return (margin * 8) // 10 if margin >= NARROWEST_MARGIN else None


def _continues(before: str, after: str, full: int | None) -> bool:
    if opens_paragraph(after) or ends_whole(before) or _GAP.search(before.strip()):
        return False
    if before.rstrip().endswith(",") and len(before) >= SHORTEST_WRAP:
        return True
    broken = full is not None and len(before.strip()) >= full and not before.isupper() and not after.strip().isupper()
    return broken or opens_lower(after)
