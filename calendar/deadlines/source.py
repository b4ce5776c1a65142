"""The text being parsed: tokens with look-up keys, and sets of words to match against them."""

from __future__ import annotations

from dataclasses import dataclass, field

from deadlines.words import Token, bare_key, key, tokenize

END = Token("end", "", 0, 0)
Table = dict[str, list[list[str]]]


@dataclass
class Source:
    """Tokens of one phrase. ``furthest`` is the first token that no reading got past: the word to ask about."""

    text: str
    tokens: list[Token]
    keys: list[str]
    bare: list[bool]
    furthest: int = 0
    complaints: list[str] = field(default_factory=list)

    def token(self, at: int) -> Token:
        """The token at a place; an empty end token beyond the last."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else END

    def is_bare(self, at: int) -> bool:
        """Whether the part around a place is written without any accent, so that words match without accents."""
        return self.bare[at] if 0 <= at < len(self.bare) else False

    def kind(self, at: int) -> str:
        """The kind of the token at a place."""
        return self.token(at).kind

    def is_punct(self, at: int, signs: str) -> bool:
        """Whether the token at a place is one of some punctuation signs."""
        token = self.token(at)
        return token.kind == "punct" and token.text in signs

    def slice(self, start: int, end: int) -> str:
        """The words from one token up to another, as written."""
        return self.text[self.token(start).start : self.token(end - 1).end] if end > start else ""

    def reach(self, at: int) -> None:
        """Notes that everything before a place was understood."""
        self.furthest = max(self.furthest, at)

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
    part: list[Token] = []
    for token in [*tokens, END]:
        part.append(token)
        if token.kind in ("newline", "end") or token.text == ";":
            plain = all(each.text.isascii() for each in part if each.kind == "word")
            flags += [plain] * len(part)
            part = []
    return flags[: len(tokens)]


class Words:
    """A set of fixed expressions; matches the longest that stands at a place."""

    def __init__(self, *expressions: str) -> None:
        """``expressions`` are written as officials write them, words parted by blanks."""
        accented: Table = {}
        bare: Table = {}
        for expression in expressions:
            self._add(accented, tuple(map(key, expression.split())))
            self._add(bare, tuple(map(bare_key, expression.split())))
        self._tables = (accented, bare)

    @staticmethod
    def _add(table: Table, parts: tuple[str, ...]) -> None:
        ways = table.setdefault(parts[0], [])
        if list(parts) not in ways:
            ways.append(list(parts))
            ways.sort(key=len, reverse=True)

    def match(self, source: Source, at: int) -> int | None:
        """The place after the longest expression that stands at ``at``, or None."""
        keys = source.keys
        if at < 0 or at >= len(keys):
            return None
        ways = self._tables[source.bare[at]].get(keys[at])
        for parts in ways or ():
            if len(parts) == 1 or keys[at : at + len(parts)] == parts:
                source.reach(at + len(parts))
                return at + len(parts)
        return None

    def skip(self, source: Source, at: int) -> int:
        """The place after the expression, or ``at`` itself where none stands."""
        return self.match(source, at) or at
