"""The words of a message without what telephones do to them: accents, capitals, emoji, unfinished Telex."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
_TELEX_DOUBLE = re.compile(r"aa|ee|oo|dd")
_TELEX_TONE = re.compile(r"(?<=[aeiouyncgmpth])[sfrxj](?=[aeiouycghmnpt]{0,3}$)")


COURTESY = "vang"


@dataclass(frozen=True)
class Word:
    """One word: its folded key, and where it stands in the text."""

    key: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case without accents, "đ" as "d"."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(char for char in plain if not unicodedata.combining(char))


def fold_same_length(text: str) -> str:
    """Folded so that each character keeps its place; `text` is in NFC."""
    return "".join((fold(char) or char)[:1] for char in text)


def words_of(text: str, known: Collection[str]) -> list[Word]:
    """The words of a text in NFC; one that is not `known` is read as unfinished Telex when that gives a known one."""
    return [Word(_key(match[0], known), match.start(), match.end()) for match in WORD.finditer(text)]


def _key(word: str, known: Collection[str]) -> str:
    # "Dạ" is a yes of courtesy and "đã" the past: without accents they are one, with them they are not.
    plain = COURTESY if word.casefold() in ("dạ", "dà") else fold(word)
    if plain in known:
        return plain
    # "ddax nhaanj": double letters and tone letters that the keyboard did not turn into accents.
    untyped = _TELEX_TONE.sub("", _TELEX_DOUBLE.sub(lambda pair: pair[0][0], plain).replace("w", ""))
    return untyped if untyped in known else plain
