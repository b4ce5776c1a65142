"""Puts the pieces of the grammar together: every token of a phrase must fall into a piece, or nothing is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deadlines import vocabulary as v
from deadlines.atoms import Atom
from deadlines.figures import WEEKDAYS
from deadlines.grammar_clauses import hour_only, lasting, point, span, weekday, window
from deadlines.grammar_events import event
from deadlines.grammar_every import UNIT_WORDS, every
from deadlines.grammar_lengths import DAYS, length
from deadlines.grammar_vague import vague
from deadlines.grammar_waiting import demand, filler, mark, reference
from deadlines.source import Source, Words, any_of

Reader = Callable[[Source, int], tuple[Atom, int] | None]

_FILLING = (v.VERBS, v.NOUNS, v.RECIPIENT, v.ROUND, v.IN_ORDER, v.PERIODIC, v.DOCUMENTS)
_REFERRING = (v.PHASES_OF_WORK, v.STANDING_REFERENCE, v.BY_REFERENCE, v.PERIODIC)


@dataclass(frozen=True)
class Rule:
    """A reader with what it takes to try it: words that open it (None: other words may), words that stand anywhere."""

    read: Reader
    openers: frozenset[int] | None = None
    needs: int = 0


def _opened_by(*words: Words) -> frozenset[int]:
    return frozenset(each.number for each in words)


# Where two readings take equally many words the earlier wins.
READERS = (
    Rule(mark),
    Rule(demand, _opened_by(v.SUDDEN, v.DEMAND, v.IF_ANY, v.WHEN)),
    Rule(lasting, _opened_by(v.LASTING)),
    Rule(weekday, needs=WEEKDAYS),
    Rule(point),
    Rule(span),
    Rule(window),
    Rule(every, needs=UNIT_WORDS),
    Rule(length, needs=any_of(DAYS)),
    Rule(vague),
    Rule(event, needs=any_of(v.COUNTED_FROM, v.COUNTED_TO, v.WHEN, v.AFTER)),
    Rule(reference, _opened_by(*_REFERRING)),
    Rule(hour_only),
    Rule(filler, _opened_by(*_FILLING)),
)
_MARK_ONLY = (READERS[0],)


def parse(source: Source) -> list[Atom] | None:
    """The pieces of a phrase in order, or None when some word fits nowhere.

    Longer pieces are tried first; a place from which no reading reaches the end is remembered and never tried twice, so
    the work is linear in tokens times readers.
    """
    dead: set[int] = set()
    path: list[tuple[Atom, list[tuple[Atom, int]]]] = []
    options = pieces_at(source, 0)
    at = 0
    while True:
        while options and options[0][1] in dead:
            options.pop(0)
        if options:
            atom, end = options.pop(0)
            path.append((atom.at(at, end), options))
            if end >= len(source.tokens):
                return [piece for piece, _ in path]
            at, options = end, pieces_at(source, end)
            continue
        dead.add(at)
        if not path:
            return None
        piece, options = path.pop()
        at = piece.start


def pieces_at(source: Source, at: int) -> list[tuple[Atom, int]]:
    """Every piece that may start at a place, the longest first; of equally long ones the earlier reader's."""
    found = []
    last = len(source.tokens)
    here, present = source.ends[at].keys(), source.present
    sign = source.kind(at) in ("punct", "newline", "bullet")  # a sign opens no piece but a mark
    for rule in _MARK_ONLY if sign else READERS:
        if (rule.openers is not None and rule.openers.isdisjoint(here)) or (rule.needs and not rule.needs & present):
            continue
        piece = rule.read(source, at)
        if piece and piece[1] > at:
            found.append(piece)
            if piece[1] >= last:  # nothing can be longer
                break
    return sorted(found, key=_length) if len(found) > 1 else found


def _length(pair: tuple[Atom, int]) -> int:
    return -pair[1]
