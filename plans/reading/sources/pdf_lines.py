"""Letters to lines, and lines to the text that was wrapped: by whether more would have fitted on each line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plans.reading.sources.pdf_ink import GUESSED_SPACE, Glyph
from plans.reading.text import cleaned, composed, is_bulleted

# In sizes of the font: letters of one line may be set this far off its base line; a word ends at a gap this wide, at a
# narrower one where PDFium saw a space, and even between letters that nearly touch where the file writes one; a gap as
# wide as the last divides columns.
LINE_DRIFT, WORD_GAP, GUESSED_GAP, NO_GAP, COLUMN_GAP = 0.3, 0.15, 0.085, 0.03, 1.2
RAISED = 0.78
SPACE = 0.25
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CUT_SIGN = re.compile(r"[A-ZĐ\d][-/–]$")
_SIGN_GOES_ON = re.compile(r"^[A-ZĐ\d]")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$")
_ADDRESS_GOES_ON = re.compile(r"^[./]?[a-z\d]+[./?=]")
_SYLLABLE = re.compile(
    r"^(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?$"
)
_TONES = str.maketrans(
    "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ",
    "aaaaaăăăăăâââââeeeeeêêêêêiiiiioooooôôôôôơơơơơuuuuuưưưưưyyyyy",
)


@dataclass(slots=True)
class TextLine:
    """One printed line (or its piece in one column): text, sides, base line, size, width of its first word."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    head: float

    @property
    def width(self) -> float:
        """From its first letter to its last."""
        return self.x1 - self.x0


def text_lines(glyphs: Iterable[Glyph], *, columns: bool = False) -> list[TextLine]:
    """The lines from top to bottom; with `columns`, a line is divided where a gap as wide as a column's stands."""
    lines = [line for row in _with_raised(_printed_rows(glyphs)) for line in _pieces(row, columns)]
    return sorted(lines, key=lambda line: (line.y, line.x0))


def _printed_rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: one.y):
        for row in reversed(rows[-3:]):
            if abs(row[0].y - glyph.y) <= LINE_DRIFT * max(row[0].size, glyph.size):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return rows


def words(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Runs of letters that stand close to each other on one line."""
    found: list[list[Glyph]] = []
    for row in _printed_rows(glyphs):
        row.sort(key=lambda one: one.x0)
        found.append([])
        for glyph in row:
            if found[-1] and (glyph.text.isspace() or glyph.x0 - found[-1][-1].x1 > WORD_GAP * glyph.size):
                found.append([])
            found[-1].append(glyph)
    return [word for word in found if word]


def _with_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Marks of footnotes, set small and high, put back on the line they belong to."""
    whole: list[list[Glyph]] = []
    for row in rows:
        printed = [glyph for glyph in row if not glyph.text.isspace()]
        if not printed:
            continue
        whole.append(row)
    for at in range(len(whole) - 2, -1, -1):
        upper, lower = whole[at], whole[at + 1]
        marks = "".join(glyph.text for glyph in upper).strip()
        size = _size(lower)
        if (
            marks.isdigit()
            and len(marks) <= 3
            and _size(upper) < RAISED * size
            and lower[0].y - upper[0].y < 0.6 * size
        ):
            lower.extend(upper)
            del whole[at]
    return whole


def _size(row: list[Glyph]) -> float:
    sizes = sorted(glyph.size for glyph in row if not glyph.text.isspace())
    return sizes[len(sizes) // 2] if sizes else 1.0


def _pieces(row: list[Glyph], columns: bool) -> list[TextLine]:
    row.sort(key=lambda glyph: glyph.x0)
    size = _size(row)
    pieces: list[list[Glyph]] = [[]]
    for glyph in (glyph for glyph in row if not glyph.text.isspace()):
        before = pieces[-1][-1] if pieces[-1] else None
        if columns and before and glyph.x0 - before.x1 > COLUMN_GAP * size:
            pieces.append([])
        pieces[-1].append(glyph)
    spaces = [glyph for glyph in row if glyph.text.isspace()]
    return [_line(piece, spaces, size) for piece in pieces if piece]


def _line(glyphs: list[Glyph], spaces: list[Glyph], size: float) -> TextLine:
    parts: list[str] = []
    head: float | None = None
    base = max(glyphs, key=lambda glyph: glyph.size).y
    before: Glyph | None = None
    at = 0
    for glyph in glyphs:
        while at < len(spaces) and before is not None and spaces[at].x0 < before.middle:
            at += 1
        if before and glyph.x0 - before.x1 > size * _least_gap(spaces, at, glyph):
            parts.append(" ")
            head = head or before.x1 - glyphs[0].x0
        parts.append(_shown(glyph, size, base))
        before = glyph
    first, last = glyphs[0].x0, glyphs[-1].x1
    return TextLine(composed("".join(parts)), first, last, base, size, head or last - first)


def _least_gap(spaces: list[Glyph], at: int, glyph: Glyph) -> float:
    """How wide the gap before a letter must be to end a word: less where a space stands in it."""
    between = [space for space in spaces[at : at + 3] if space.x0 < glyph.middle]
    if not between:
        return WORD_GAP
    return GUESSED_GAP if all(space.text == GUESSED_SPACE for space in between) else NO_GAP


def _shown(glyph: Glyph, size: float, base: float) -> str:
    raised = glyph.size < RAISED * size and base - glyph.y > 0.15 * size
    return glyph.text.translate(_SUPERSCRIPTS) if raised and glyph.text.isdigit() else glyph.text


def joined(lines: list[TextLine], room: float) -> str:
    """The text of a cell whose letters may take `room` points across; a line feed where a paragraph ends."""
    listed = lines[0].text[0] if lines and is_bulleted(lines[0].text) else ""
    text = ""
    for at, line in enumerate(lines):
        text = join_text(text, lines[at - 1], line, room, listed=listed) if at else line.text
    return cleaned(text)


def join_text(text: str, before: TextLine, line: TextLine, room: float, *, listed: str = "") -> str:
    """`text`, which ends with the line `before`, and the next line; `listed` is its bullet if it is a list."""
    if ends_paragraph(before, line, room) or (listed == line.text[:1] and is_bulleted(line.text)):
        return f"{text}\n{line.text}"
    return text + (
        line.text if cuts_sign(before.text, line.text) or _cuts_word(before, line, room) else f" {line.text}"
    )


def ends_paragraph(before: TextLine, line: TextLine, room: float) -> bool:
    """Whether the next line begins a paragraph: its first word would have fitted on the line before, or it must."""
    if is_bulleted(line.text) and re.search(r"[.;:,]$", before.text):
        return True
    needed = before.width + line.head + SPACE * max(before.size, line.size)
    return needed < room - 1 and before.text[-2:] not in (" -", " –")


def cuts_sign(before: str, after: str) -> bool:
    """Whether the number of a document is cut at its stroke, or an address at one of its dots."""
    if _CUT_SIGN.search(before) and _SIGN_GOES_ON.match(after):
        return True
    return _ADDRESS.search(before) is not None and _ADDRESS_GOES_ON.match(after) is not None


def _cuts_word(before: TextLine, line: TextLine, room: float) -> bool:
    """A word longer than its column, broken where the column ends."""
    last, first = before.text, line.text.split(" ", 1)[0]
    if " " in last or len(last) > 9 or last.endswith((".", ",", ";", ":", "-")):
        return False
    if before.width + line.head <= room or room - before.width >= 1.3 * before.width / len(last):
        return False
    plain = (last + first).lower().translate(_TONES)
    return (last.isdigit() and first.isdigit()) or (first.islower() and _SYLLABLE.match(plain) is not None)
