"""Puts the pieces of the grammar together: every token of a phrase must fall into a piece, or nothing is read."""

from __future__ import annotations

from collections.abc import Callable

from deadlines.atoms import Atom
from deadlines.grammar_clauses import hour_only, lasting, point, span, weekday, window
from deadlines.grammar_every import every
from deadlines.grammar_vague import vague
from deadlines.grammar_waiting import demand, event, filler, mark, reference
from deadlines.source import Source

Reader = Callable[[Source, int], tuple[Atom, int] | None]

# Where two readings take equally many words the earlier wins.
READERS: tuple[Reader, ...] = (
    mark, demand, lasting, weekday, point, span, window, every, vague, event, reference, hour_only, filler,
)  # fmt: skip


def parse(source: Source) -> list[Atom] | None:
    """The pieces of a phrase in order, or None when some word fits nowhere.

    Longer pieces are tried first; a place from which no reading reaches the end is remembered and never tried twice, so
    the work is linear in tokens times readers.
    """
    dead: set[int] = set()
    path: list[tuple[Atom, list[tuple[Atom, int]]]] = []
    options = _options(source, 0)
    at = 0
    while True:
        while options and options[0][1] in dead:
            options.pop(0)
        if options:
            atom, end = options.pop(0)
            path.append((atom.at(at, end), options))
            if end >= len(source.tokens):
                return [piece for piece, _ in path]
            at, options = end, _options(source, end)
            continue
        dead.add(at)
        if not path:
            return None
        piece, options = path.pop()
        at = piece.start


def _options(source: Source, at: int) -> list[tuple[Atom, int]]:
    found = [each for read in READERS for each in [read(source, at)] if each and each[1] > at]
    return sorted(found, key=lambda pair: -pair[1])
