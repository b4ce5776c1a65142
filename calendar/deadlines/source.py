"""The text being parsed: tokens with look-up keys, and sets of words to match against them.

All expressions of all sets stand in one trie. A phrase is walked through it once, so that asking whether a set's
expression stands at a place is a look-up; readers that are asked again at the same place answer from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from deadlines.words import Token, bare_key, key, tokenize

END = Token("end", "", 0, 0)
_BEYOND = 8  # readers look at most this many tokens past the end, or two before the start
Found = TypeVar("Found")


class _Node:
    """A place in the trie: the words that may follow, and the sets of which an expression ends here."""

    __slots__ = ("following", "mask", "sets")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.sets: list[int] = []
        self.mask = 0

    def add(self, parts: list[str], number: int) -> None:
        node = self
        for part in parts:
            node = node.following.setdefault(part, _Node())
        if number not in node.sets:
            node.sets.append(number)
            node.mask |= 1 << number


_ACCENTED, _BARE = _Node(), _Node()
_NOTHING: dict[int, int] = {}


class Source:
    """Tokens of one phrase. ``furthest`` is the first token that no reading got past: the word to ask about.

    ``ends`` holds for each place the sets of words of which an expression starts there, with the place after the
    longest one; ``present`` is the sum of all these sets as bits, ``timed`` and ``dashed`` whether an
    hour or a dash stands anywhere.
    """

    __slots__ = (
        "_kinds", "_padded", "bare", "complaints", "dashed", "ends", "furthest", "keys", "memory", "present", "text",
        "timed", "tokens",
    )  # fmt: skip

    def __init__(self, text: str, tokens: list[Token], keys: list[str], bare: list[bool]) -> None:
        self.text = text
        self.tokens = tokens
        self.keys = keys
        self.bare = bare
        self.furthest = 0
        self.complaints: list[str] = []
        self.memory: dict[tuple[int, int], object] = {}
        self._padded = [*tokens, *[END] * _BEYOND]
        self._kinds = [token.kind for token in self._padded]
        self.present = 0
        self.timed = "time" in self._kinds
        self.dashed = "-" in text or "–" in text or "—" in text
        self.ends = [self._standing(at) for at in range(len(tokens))] + [_NOTHING] * _BEYOND

    def token(self, at: int) -> Token:
        """The token at a place; an empty end token beyond the last."""
        return self._padded[at]

    def is_bare(self, at: int) -> bool:
        """Whether the part around a place is written without any accent, so that words match without accents."""
        return self.bare[at] if 0 <= at < len(self.bare) else False

    def kind(self, at: int) -> str:
        """The kind of the token at a place."""
        return self._kinds[at]

    def is_punct(self, at: int, signs: str) -> bool:
        """Whether the token at a place is one of some punctuation signs."""
        return self._kinds[at] == "punct" and self._padded[at].text in signs

    def slice(self, start: int, end: int) -> str:
        """The words from one token up to another, as written."""
        return self.text[self.token(start).start : self.token(end - 1).end] if end > start else ""

    def reach(self, at: int) -> None:
        """Notes that everything before a place was understood."""
        if at > self.furthest:
            self.furthest = at

    def _standing(self, at: int) -> dict[int, int]:
        """The sets of which an expression starts at a place, each with the end of its longest one."""
        keys = self.keys
        node = (_BARE if self.bare[at] else _ACCENTED).following.get(keys[at])
        if node is None:
            return _NOTHING
        ends: dict[int, int] = {}
        place, last = at + 1, len(keys)
        while node is not None:
            self.present |= node.mask
            for number in node.sets:
                ends[number] = place
            node = node.following.get(keys[place]) if place < last else None
            place += 1
        return ends

    def complain(self, sentence: str) -> None:
        """Notes a reason to ask that is better than naming a word."""
        if sentence not in self.complaints:
            self.complaints.append(sentence)


def source_of(text: str) -> Source:
    """Tokenizes clean text. A part (between ";" or line breaks) without a single accent is matched without accents."""
    tokens = tokenize(text)
    bare = _bare_parts(tokens)
    keys = [bare_key(token.text) if plain else key(token.text) for token, plain in zip(tokens, bare, strict=True)]
    return Source(text, tokens, keys, bare)


def _bare_parts(tokens: list[Token]) -> list[bool]:
    flags: list[bool] = []
    plain, size = True, 0
    for token in tokens:
        size += 1
        if token.kind == "word":
            plain = plain and token.text.isascii()
        elif token.kind == "newline" or token.text == ";":
            flags += [plain] * size
            plain, size = True, 0
    return flags + [plain] * size


class Words:
    """A set of fixed expressions; matches the longest that stands at a place. Built once, at import."""

    _count = 0

    def __init__(self, *expressions: str) -> None:
        """``expressions`` are written as officials write them, words parted by blanks."""
        self.number = Words._count
        Words._count += 1
        for expression in expressions:
            _ACCENTED.add([key(word) for word in expression.split()], self.number)
            _BARE.add([bare_key(word) for word in expression.split()], self.number)

    def match(self, source: Source, at: int | None) -> int | None:
        """The place after the longest expression that stands at ``at``, or None (also where ``at`` is None)."""
        if at is None:
            return None
        end = source.ends[at].get(self.number)
        if end is not None and end > source.furthest:
            source.furthest = end
        return end

    def skip(self, source: Source, at: int) -> int:
        """The place after the expression, or ``at`` itself where none stands."""
        end = source.ends[at].get(self.number)
        if end is None:
            return at
        if end > source.furthest:
            source.furthest = end
        return end


def any_of(*words: Words) -> int:
    """The bits of some sets: ``source.present & any_of(...)`` tells whether an expression of one stands anywhere."""
    mask = 0
    for each in words:
        mask |= 1 << each.number
    return mask


_MISSING = object()
_readers = 0


def once(read: Callable[[Source, int], Found]) -> Callable[[Source, int], Found]:
    """Makes a reader remember its answer at each place of a phrase."""
    global _readers
    _readers += 1
    number = _readers

    @wraps(read)
    def remembering(source: Source, at: int) -> Found:
        known = source.memory.get((number, at), _MISSING)
        if known is _MISSING:
            known = source.memory[number, at] = read(source, at)
        return known  # type: ignore[return-value]

    return remembering
