"""Splitting a phrase into tokens that know where they stand.

Regular expressions are used here only to cut the text; what the tokens mean is the grammar's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from deadlines.slips import with_digits

TONES = "\u0300\u0301\u0303\u0309\u0323"
MAX_CHARS = 4000
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LINE_END = re.compile(r"[\r\n\v\f\u2028]+")
_UNUSUAL = re.compile("[\r\n\v\f\u2028\u00a0\u00ad\u200b-\u200f\u2060\ufeff]")

# Slips of scanning and typing that stand in real plans, with what was meant.
SLIPS = {
    "định kǶ": "định kỳ",
    "đinh kỳ": "định kỳ",
    "đinh kì": "định kỳ",
    "định kí": "định kỳ",
    "định ky": "định kỳ",
    "dinh kỳ": "định kỳ",
    "định kỷ": "định kỳ",
    "đinh kỷ": "định kỳ",
    "đợt xuất": "đột xuất",
    "đột suất": "đột xuất",
    "đôt xuất": "đột xuất",
    "đột xuât": "đột xuất",
    "thưởng xuyên": "thường xuyên",
    "thường xuyền": "thường xuyên",
    "thuờng xuyên": "thường xuyên",
    "thưòng xuyên": "thường xuyên",
    "thường xuyễn": "thường xuyên",
    "thường xuyến": "thường xuyên",
    "thương xuyên": "thường xuyên",
    "hăng tháng": "hằng tháng",
    "hăng quý": "hằng quý",
    "hăng năm": "hằng năm",
    "hắng năm": "hằng năm",
    "hắng tháng": "hằng tháng",
    "hắng quý": "hằng quý",
    "hẳng năm": "hằng năm",
    "truớc ngày": "trước ngày",
    "trứơc ngày": "trước ngày",
    "trước ngay": "trước ngày",
    "chậm nhât": "chậm nhất",
    "châm nhất": "chậm nhất",
}
SLIPS = {slip.casefold(): meant for slip, meant in SLIPS.items()}


def _branches(endings: Iterable[str]) -> str:
    """A regular expression for some words that tries each letter once, and not each word from its start."""
    groups: dict[str, list[str]] = {}
    for ending in endings:
        groups.setdefault(ending[:1], []).append(ending[1:])
    parts = [re.escape(letter) + _branches(rest) if letter else "" for letter, rest in sorted(groups.items())]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(reversed(parts))})"


_SLIP = re.compile(rf"(?<![^\W_]){_branches(SLIPS)}(?![^\W_])", re.IGNORECASE)

# Figures in the order in which they are tried; a word, which no figure opens, comes before them all.
_FIGURES = (
    ("doc", r"[0-9]{1,5}(?:(?:/[0-9]{4})?\s?/\s?[A-ZĐ][A-ZĐa-z]*(?:-[A-ZĐa-z0-9]+)*|-[A-ZĐ]{2,}/[A-ZĐ]+[A-ZĐa-z]*)"),
    ("ymd", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])"),
    (
        "dmy",
        r"[0-9]{1,2}\s*(?P<sep>[/.\-–])\s*[0-9]{1,2}\s*(?P=sep)\s*(?:[0-9]{4}(?![0-9])|(?<=[/-])(?:2[4-9]|3[0-5])(?![0-9/%]|[.,][0-9]))",
    ),
    ("my", r"[0-9]{1,2}(?:\s*/\s*|[.\-])[0-9]{4}(?![0-9/])"),
    ("dm", r"[0-9]{1,2}(?:\s*/\s*|\.)[0-9]{1,2}(?![0-9/])"),
    ("time", r"[0-9]{1,2}:[0-9]{2}(?![0-9])|[0-9]{1,2}\s?[hHgG](?:[0-9]{2}['′’]?|[0-9]?)(?![^\W_])"),
    ("ordinal", r"[0-9]{1,2}(?:st|nd|rd|th)(?![^\W_])"),
    ("num", r"[0-9]+"),
)
_PIECES = (
    r"(?P<word>[^\W\d_]+)",
    f"(?=[0-9])(?:{'|'.join(f'(?P<{name}>{body})' for name, body in _FIGURES)})",
    r"(?P<bullet>(?<![^\n;.:])[ \t]*[-–—+•*·‑‣●▪◦∙][ \t]+(?=\S))",
    r"(?P<newline>\s*\n\s*)",
    r"(?P<punct>\S)",
)
_SCANNER = re.compile("|".join(_PIECES))

_ITEM = re.compile(r"(?:[a-zđ]|[0-9]{1,2})\s?[).]\s")


class Token(NamedTuple):
    """One piece of the phrase: its kind, its text as written, its place (offsets into the clean text)."""

    kind: str
    text: str
    start: int
    end: int


class CleanText(NamedTuple):
    """The phrase in NFC with folded spaces and slips mended, and a note for each mended slip."""

    text: str
    notes: tuple[str, ...]


def clean(text: str) -> CleanText:
    """Composes accents, folds white space (keeping line breaks) and mends known slips, naming each."""
    composed = unicodedata.normalize("NFC", text[:MAX_CHARS])
    if not _UNUSUAL.search(composed):
        return _mend(" ".join(composed.split()))
    composed = _INVISIBLE.sub("", composed.replace("\u00a0", " "))
    lines = (" ".join(line.split()) for line in _LINE_END.split(composed))
    return _mend(_unwrapped([line for line in lines if line]))


def _unwrapped(lines: list[str]) -> str:
    """Joins a line that goes on in small letters or digits to the one before it: a narrow cell wraps there."""
    text = ""
    for line in lines:
        wrapped = text and text[-1] not in ";.:" and _goes_on(line) and not _ITEM.match(line)
        text += (" " if wrapped else "\n" if text else "") + line
    return text


def _goes_on(line: str) -> bool:
    return line[0].islower() or line[0].isdigit() or line[0] in "(/,"


def _mend(text: str) -> CleanText:
    notes: dict[str, None] = {}

    def note(slip: str, mended: str) -> None:
        notes[f"Chữ «{slip}» được hiểu là «{mended}» (lỗi gõ hoặc lỗi quét)."] = None

    def meant(found: re.Match[str]) -> str:
        mended = SLIPS[found[0].casefold()]
        note(found[0], mended)
        return mended

    return CleanText(with_digits(_SLIP.sub(meant, text), note), tuple(notes))


def tokenize(text: str) -> list[Token]:
    """Cuts clean text into tokens; only blanks fall between them."""
    # The group "sep" inside a date closes before the date does, so the last group is the kind. Every phrase makes a
    # dozen tokens: a named tuple made as a plain one takes half the time.
    return [_plain_tuple(Token, (found.lastgroup, found[0], *found.span())) for found in _SCANNER.finditer(text)]


_plain_tuple = tuple.__new__


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """A word's form for look-up: lower case, the tone mark moved to the end (hòa = hoà, quý = qúy)."""
    parts = unicodedata.normalize("NFD", word.casefold())
    tones = "".join(mark for mark in parts if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)) + tones


@lru_cache(maxsize=8192)
def bare_key(word: str) -> str:
    """A word without any accent, for phrases typed without accents at all."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(mark for mark in parts if not unicodedata.combining(mark)).replace("đ", "d")


_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
LOAN_WORDS = frozenset(
    [
        "website",
        "web",
        "email",
        "mail",
        "internet",
        "online",
        "zalo",
        "fax",
        "file",
        "video",
        "clip",
        "pano",
        "logo",
        "covid",
        "sms",
        "app",
        "facebook",
        "fanpage",
        "portal",
        "robot",
        "test",
        "box",
    ]
)


@lru_cache(maxsize=8192)
def is_plausible(word: str, bare: bool = False) -> bool:
    """Whether a word may stand in free text: a Vietnamese syllable, an abbreviation, a known loan word.

    ``bare`` text has no accents and may be English: there any word with a vowel may stand.
    """
    plain = key(word).rstrip(TONES)
    english = bare and len(plain) <= 20 and any(vowel in plain for vowel in "aeiou")
    return english or bool(_SYLLABLE.fullmatch(plain)) or word[:1].isupper() or plain in LOAN_WORDS
