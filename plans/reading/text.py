"""Cleaning of printed Vietnamese: one Unicode form, no markup, no soft hyphens, white space folded."""

from __future__ import annotations

import re
import unicodedata

from plans.reading.legacy import has_own_letters

_SOFT_HYPHEN = "\u00ad"
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f]")
_SPACES = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKING_TAG = re.compile(r"</?(?:p|ul|ol|li|br|div|tr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"</?(?:i|b|u|em|strong|sup|sub|span|font|a|s|td|th|small)\b[^<>]*>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_TITLE_MARK = re.compile(r"^[ ]{0,3}#{1,6}[ ]+", re.MULTILINE)
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]", re.IGNORECASE)
# The raised figure of m², km³ is no mark of a footnote.
_NOTE_MARK = re.compile("(?<=[^\\W\\d_])(?<!\\bm)(?<!\\b[kcdm]m)[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
# Signs that TCVN3 uses for letters, a raised one among them.
_AS_LETTER = re.compile("[\u00a8-\u00b8\u00bb-\u00be]|\u00b9[^\\W\\d_]")
_BULLET = re.compile(r"^\s*[-–—+•*]\s+|^\s*[-–—+•](?=[^\W\d])")
_FOOTNOTE = re.compile("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+\\s*\\S")
_LETTERS = str.maketrans({"đ": "d", "Đ": "d"})


def composed(text: str) -> str:
    """The text in Unicode form C, so that a letter typed as base plus accent equals the ready-made letter."""
    return unicodedata.normalize("NFC", text)


def unmarked(text: str) -> str:
    """The text without HTML, Markdown bold, Word bookmarks and marks of footnotes; tags of blocks break the line."""
    if "<" in text:
        text = _OTHER_TAG.sub("", _BREAKING_TAG.sub("\n", text))
    text = _BOOKMARK.sub("", _BOLD.sub("", text))
    text = _TITLE_MARK.sub("", text)
    return text if _AS_LETTER.search(text) and not has_own_letters(text) else _NOTE_MARK.sub("", text)


def cleaned(text: str) -> str:
    """Composed, unmarked, invisible signs gone, runs of spaces folded; line feeds stay as paragraph marks.

    A soft hyphen stays where it may be the letter "ư" of TCVN3, for plans.reading.sources.mending to judge.
    """
    text = unmarked(_INVISIBLE.sub("", composed(text)))
    if _SOFT_HYPHEN in text and has_own_letters(text):
        text = text.replace(_SOFT_HYPHEN, "")
    lines = (_SPACES.sub(" ", line.replace("\t", " ")).strip() for line in re.split(r"[\r\n\v\f\u2028\u2029]+", text))
    return "\n".join(line for line in lines if line)


def flat(text: str) -> str:
    """The text on one line: what is printed in a cell, line wraps joined."""
    return " ".join(text.split())


class _Folding(dict[int, int]):
    """Letter to folded letter, each worked out once."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0].translate(_LETTERS).lower()
        self[code] = ord(base) if len(base) == 1 else code
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case without accents, letter for letter: an index in the result is the same index in the text."""
    return text.translate(_FOLDING)


def squash(text: str) -> str:
    """Letters and digits only, folded: for comparing two writings of one thing."""
    return re.sub(r"[\W_]+", "", fold(composed(text)))


def is_footnote(text: str) -> bool:
    """Whether the text opens with the raised figure of a footnote: it explains, it gives no order."""
    return _FOOTNOTE.match(text) is not None


def unbulleted(text: str) -> str:
    """The text without the dash or dot that opens a list item."""
    return _BULLET.sub("", text, count=1)


def is_bulleted(text: str) -> bool:
    """Whether the text opens as a list item."""
    return _BULLET.match(text) is not None


def opens_lower(text: str) -> bool:
    """Whether the first letter is lower case: the sign of a sentence cut before it."""
    stripped = text.lstrip(" \"'“(")
    return bool(stripped) and stripped[0].islower()


def ends_whole(text: str) -> bool:
    """Whether the text ends as a sentence or a list item does."""
    return text.rstrip().endswith((".", ";", ":", "!", "…", "./"))
