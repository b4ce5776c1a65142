"""The text of one Word paragraph as it is printed: what was deleted or hidden is left out, old fonts are converted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from plans.reading.document import Paragraph, Place
from plans.reading.legacy import Encoding, converted, encoding_of_font, evidence, has_own_letters
from plans.reading.sources.word_numbers import Lists
from plans.reading.sources.word_package import W, is_on, number, value
from plans.reading.sources.word_styles import Styles, font_named
from plans.reading.text import cleaned

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CHOICE, FALLBACK, ALTERNATE = f"{_MC}Choice", f"{_MC}Fallback", f"{_MC}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
BOX = f"{W}txbxContent"
# What is struck out or moved away is not part of the document any more; properties are no text.
LEFT_OUT = frozenset(W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "txbxContent", "rt"))
# The private codes of the font Symbol that stand for signs of a target (Word: Insert, Symbol).
_SYMBOLS = {0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB7: "•", 0x2D: "-", 0xB9: "≠", 0xBB: "≈", 0xBA: "≡"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIMPLE = {
    f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "\u00ad",
}  # fmt: skip


@dataclass(slots=True)
class Context:
    """What paragraphs need of the rest of the document, and what they leave behind for its remarks."""

    name: str
    styles: Styles
    lists: Lists
    paged: bool = False
    page: int = 1
    line: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
    footnotes: list[Paragraph] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def step(self, element: Any) -> Place:
        """The place of the next paragraph or row; a page break that Word has written down turns the page."""
        self.line += 1
        here = Place(page=self.page if self.paged else None, line=self.line)
        self.page += sum(1 for _ in element.iter(f"{W}lastRenderedPageBreak"))
        return here


def shown(element: Any) -> Iterator[Any]:
    """The children that are printed; of two copies for old and new programs only the first."""
    for child in element:
        if child.tag == ALTERNATE:
            chosen = child.find(CHOICE)
            chosen = chosen if chosen is not None else child.find(FALLBACK)
            yield from shown(chosen) if chosen is not None else ()
        elif child.tag not in LEFT_OUT and not _is_placeholder(child):
            yield child


def _is_placeholder(element: Any) -> bool:
    """A content control that shows only its invitation to type."""
    return element.tag == f"{W}sdt" and bool(is_on(element, "sdtPr/showingPlcHdr"))


def boxes(element: Any) -> Iterator[Any]:
    """The text boxes anchored in an element, outermost only."""
    for child in element:
        if child.tag == ALTERNATE:
            chosen = child.find(CHOICE)
            found = list(boxes(chosen)) if chosen is not None else []
            other = child.find(FALLBACK)
            yield from found or (boxes(other) if other is not None else ())
        elif child.tag == BOX:
            yield child
        elif child.tag not in (f"{W}del", f"{W}moveFrom"):
            yield from boxes(child)


def paragraph_text(paragraph: Any, context: Context) -> str:
    """What is printed of a paragraph: its number, then its text, breaks kept. Footnotes are gathered in the context."""
    style = value(paragraph, "pPr/pStyle") or context.styles.usual
    pieces = [_piece(run, style, context) for run in _runs(paragraph)]
    text = "".join(_as_unicode(encoding, "".join(words for _, words in group), context) for encoding, group in groupby(
        (piece for piece in pieces if piece[1]), key=lambda piece: piece[0]
    ))  # fmt: skip
    text = cleaned(text)
    label = _label(paragraph, style, context)
    return f"{label} {text}".strip() if label else text


def _label(paragraph: Any, style: str | None, context: Context) -> str:
    list_id, level = value(paragraph, "pPr/numPr/numId"), value(paragraph, "pPr/numPr/ilvl")
    by_style = context.styles.list_of(style)
    if list_id is None and by_style is None:
        return ""
    owner = list_id if list_id is not None else (by_style[0] if by_style else "")
    deep = by_style[1] if by_style else 0
    if level is not None:
        deep = number(level)
    elif list_id is None:
        deep = context.lists.level_of_style(owner, style, deep)
    return context.lists.next_label(owner, deep)


def _runs(element: Any) -> Iterator[Any]:
    for child in shown(element):
        if child.tag in (f"{W}r", f"{_MATH}r"):
            yield child
        else:
            yield from _runs(child)


def _piece(run: Any, style: str | None, context: Context) -> tuple[Encoding, str]:
    run_style = value(run, "rPr/rStyle")
    words = "".join(_words(run, context))
    if _is_hidden(run, run_style, style, context):
        context.seen["hidden"] += bool(words.strip())
        return Encoding.UNICODE, ""
    fonts, styles = font_named(run), context.styles
    font = fonts or styles.font_of(run_style) or styles.font_of(style) or styles.font
    if value(run, "rPr/vertAlign") == "superscript" and words.strip().isdigit():
        words = words.translate(_RAISED)
    return encoding_of_font(font), words


def _is_hidden(run: Any, run_style: str | None, style: str | None, context: Context) -> bool:
    own = is_on(run, "rPr/vanish")
    return own if own is not None else context.styles.hides(run_style) or context.styles.hides(style)


def _words(run: Any, context: Context) -> Iterator[str]:
    for child in shown(run):
        if child.tag in (f"{W}t", f"{_MATH}t"):
            yield child.text or ""
        elif child.tag in _SIMPLE:
            yield _SIMPLE[child.tag]
        elif child.tag == f"{W}sym":
            yield _symbol(child, context)
        elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            _keep_note(child, context)
        elif child.tag == f"{W}object":
            context.seen["object"] += 1
        elif child.tag == f"{W}ruby":
            yield from _words_below(child, context)


def _words_below(element: Any, context: Context) -> Iterator[str]:
    for run in _runs(element):
        yield from _words(run, context)


def _symbol(element: Any, context: Context) -> str:
    code = int(element.get(f"{W}char", "0"), 16) if _is_hex(element.get(f"{W}char", "")) else 0
    if code & 0xF000 != 0xF000:
        return chr(code) if 32 < code < 0xD800 else ""
    if element.get(f"{W}font", "").lower() == "symbol" and code & 0xFF in _SYMBOLS:
        return _SYMBOLS[code & 0xFF]
    context.seen["symbol"] += 1
    return ""


def _is_hex(text: str) -> bool:
    return 0 < len(text) <= 4 and all(sign in "0123456789abcdefABCDEF" for sign in text)


def _as_unicode(encoding: Encoding, text: str, context: Context) -> str:
    """Text in an old font converted; text that has letters of Unicode Vietnamese is what it says, whatever its font."""
    if encoding is Encoding.UNICODE or has_own_letters(text):
        return text
    mended = converted(text, encoding)
    if text.isascii() or evidence(mended).share < evidence(text).share:
        return text if encoding is not Encoding.TCVN3_CAPITALS else mended
    context.seen[encoding.value.partition(",")[0]] += 1
    return mended


def _keep_note(reference: Any, context: Context) -> None:
    """A footnote is told after the document, under the mark it would have in print: never amid the text."""
    note = context.notes.get(reference.tag.rpartition("}")[2].removesuffix("Reference") + reference.get(f"{W}id", ""))
    if note is None:
        return
    place = Place(page=context.page if context.paged else None, line=context.line)
    text = " ".join(filter(None, (paragraph_text(one, context) for one in note.iter(f"{W}p")))).replace("\n", " ")
    if text:
        mark = str(len(context.footnotes) + 1).translate(_RAISED)
        context.footnotes.append(Paragraph(f"{mark} {text}", place))


def notes_of(*roots: Any | None) -> dict[str, Any]:
    """The footnotes and endnotes by kind and id; separators are none."""
    found = {}
    for root in roots:
        for note in root if root is not None else ():
            if note.get(f"{W}type") in (None, "normal"):
                found[note.tag.rpartition("}")[2] + note.get(f"{W}id", "")] = note
    return found
