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

# The lowest bits of what stands at a place are the kind of its token; the sets of words have the others.
KINDS = ("bullet", "doc", "ymd", "dmy", "my", "dm", "time", "ordinal", "num", "word", "newline", "punct", "end")
_KIND_BITS = {kind: 1 << number for number, kind in enumerate(KINDS)}


class _Node:
    """A place in the trie: the words that may follow, and how long an expression of each set is that ends on the way.

    ``mask`` holds these sets as bits.
    """

    __slots__ = ("following", "lengths", "mask")

    def __init__(self, lengths: dict[int, int]) -> None:
        self.following: dict[str, _Node] = {}
        self.lengths = dict(lengths)
        self.mask = sum(1 << number for number in lengths)

    def add(self, parts: list[str], number: int) -> None:
        """Puts an expression of a set below this node."""
        node = self
        for part in parts:
            if part not in node.following:
                node.following[part] = _Node(node.lengths)
            node = node.following[part]
        node.learn(number, len(parts))

    def learn(self, number: int, length: int) -> None:
        """Notes an expression that ends here, and that every longer one holds."""
        self.lengths[number] = max(length, self.lengths.get(number, 0))
        self.mask |= 1 << number
        for node in self.following.values():
            node.learn(number, length)


_ACCENTED, _BARE, _ROOT = _Node({}), _Node({}), _Node({})
_NOTHING: dict[int, int] = {}


class Source:
    """Tokens of one phrase. ``furthest`` is the first token that no reading got past: the word to ask about.

    ``ends`` holds for each place the sets of words of which an expression starts there, with the length of the
    longest one; ``starts`` the same sets as bits, with the kind of the token; ``present`` is the sum of all these
    bits, ``dashed`` whether a dash stands anywhere.
    """

    __slots__ = (
        "_kinds", "_padded", "bare", "complaints", "dashed", "ends", "furthest", "keys", "memory", "present", "starts",
        "text", "tokens",
    )  # fmt: skip

    def __init__(self, text: str, tokens: list[Token], keys: list[str], bare: list[bool]) -> None:
        self.text = text
        self.tokens = tokens
        self.keys = keys
        self.bare = bare
        self.furthest = 0
        self.complaints: list[str] = []
        self.memory: dict[int, object] = {}
        self._padded = tokens + _PADDING
        self._kinds = [token[0] for token in self._padded]
        self.dashed = "-" in text or "–" in text or "—" in text
        self.ends: list[dict[int, int]] = []
        self.starts: list[int] = []
        self.present = 0
        self._walk()

    def _walk(self) -> None:
        """Notes for each place the expressions that start there."""
        keys, present = [*self.keys, ""], 0  # no word is empty
        ends, starts = self.ends, self.starts
        for at, (kind, plain) in enumerate(zip(self._kinds, self.bare, strict=False)):
            node, deepest, place = (_BARE if plain else _ACCENTED).following.get(keys[at]), _ROOT, at
            while node is not None:
                deepest, place = node, place + 1
                node = node.following.get(keys[place])
            mask = deepest.mask | _KIND_BITS[kind]
            present |= mask
            ends.append(deepest.lengths)
            starts.append(mask)
        ends += _NO_ENDS
        starts += _NO_STARTS
        self.present = present

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

    def complain(self, sentence: str) -> None:
        """Notes a reason to ask that is better than naming a word."""
        if sentence not in self.complaints:
            self.complaints.append(sentence)


_PADDING, _NO_ENDS, _NO_STARTS = [END] * _BEYOND, [_NOTHING] * _BEYOND, [_KIND_BITS["end"]] * _BEYOND


def source_of(text: str) -> Source:
    """Tokenizes clean text. A part (between ";" or line breaks) without a single accent is matched without accents."""
    tokens = tokenize(text)
    if "\n" in text or ";" in text:
        bare = _bare_parts(tokens)
    else:
        bare = [all(token.kind != "word" or token.text.isascii() for token in tokens)] * len(tokens)
    keys = [bare_key(token[1]) if plain else key(token[1]) for token, plain in zip(tokens, bare, strict=True)]
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

    _count = len(KINDS)

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
        length = source.ends[at].get(self.number)
        if length is None:
            return None
        end = at + length
        if end > source.furthest:
            source.furthest = end
        return end

    def skip(self, source: Source, at: int) -> int:
        """The place after the expression, or ``at`` itself where none stands."""
        length = source.ends[at].get(self.number)
        if length is None:
            return at
        end = at + length
        if end > source.furthest:
            source.furthest = end
        return end


def any_of(*words: Words, kinds: str = "") -> int:
    """The bits of some sets of words and kinds of token.

    ``source.present & any_of(...)`` tells whether one stands anywhere, ``source.starts[at] & any_of(...)`` whether at
    a place.
    """
    mask = sum(_KIND_BITS[kind] for kind in kinds.split())
    for each in words:
        mask |= 1 << each.number
    return mask


_MISSING = object()
_MOST_READERS = 64
_readers = 0


def once(read: Callable[[Source, int], Found]) -> Callable[[Source, int], Found]:
    """Makes a reader remember its answer at each place of a phrase."""
    global _readers
    number = _readers
    _readers += 1
    if number >= _MOST_READERS:
        raise RuntimeError("two readers would share their memory: raise _MOST_READERS")

    @wraps(read)
    def remembering(source: Source, at: int) -> Found:
        place = at * _MOST_READERS + number
        known = source.memory.get(place, _MISSING)
        if known is _MISSING:
            known = source.memory[place] = read(source, at)
        return known  # type: ignore[return-value]

    return remembering


def opened_by(mask: int) -> Callable[[Callable[[Source, int], Found]], Callable[[Source, int], Found | None]]:
    """Spares a reader the places at which nothing stands that could open it; its answer there is None.

    The reader must find nothing, reach nothing and complain of nothing where none of ``mask`` stands.
    """

    def sparing(read: Callable[[Source, int], Found]) -> Callable[[Source, int], Found | None]:
        @wraps(read)
        def tried(source: Source, at: int) -> Found | None:
            return read(source, at) if source.starts[at] & mask else None

        tried.opened_by = mask  # type: ignore[attr-defined]
        return tried

    return sparing
