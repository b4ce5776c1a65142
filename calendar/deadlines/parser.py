"""Puts the pieces of the grammar together: every token of a phrase must fall into a piece, or nothing is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from deadlines import vocabulary as v
from deadlines.atoms import Atom
from deadlines.figures import CLOCK, HOURS, WEEKDAYS
from deadlines.grammar_clauses import CUE, POINT, WEEKDAY, hour_only, lasting, point, weekday
from deadlines.grammar_events import EVENT, event
from deadlines.grammar_every import FREQUENCY, UNIT_WORDS, every
from deadlines.grammar_except import EXCEPT, exception
from deadlines.grammar_lengths import DAYS, FIRST_DAYS, LENGTH, first_days, length
from deadlines.grammar_vague import VAGUE, vague
from deadlines.grammar_waiting import MARK, demand, filler, mark, reference
from deadlines.grammar_windows import SPAN, WINDOW, span, window
from deadlines.source import Source, any_of

Reader = Callable[[Source, int], tuple[Atom, int] | None]


@dataclass(frozen=True)
class Rule:
    """A reader with what it takes to try it: what opens it at the place, what must stand anywhere (0: nothing)."""

    read: Reader
    openers: int
    needs: int = 0


_EVENTS = any_of(v.COUNTED_FROM, v.COUNTED_TO, v.WHEN, v.AFTER)
# Where two readings take equally many words the earlier wins.
READERS = (
    Rule(mark, MARK),
    Rule(demand, any_of(v.SUDDEN, v.DEMAND, v.IF_ANY, v.WHEN)),
    Rule(lasting, any_of(v.LASTING)),
    Rule(weekday, WEEKDAY, WEEKDAYS),
    Rule(point, POINT),
    Rule(span, SPAN),
    Rule(window, WINDOW),
    Rule(every, FREQUENCY, UNIT_WORDS),
    Rule(exception, EXCEPT),
    Rule(length, LENGTH, any_of(DAYS)),
    Rule(first_days, LENGTH, FIRST_DAYS),
    Rule(vague, VAGUE),
    Rule(event, EVENT, _EVENTS),
    Rule(reference, any_of(v.PHASES_OF_WORK, v.STANDING_REFERENCE, v.BY_REFERENCE, v.PERIODIC)),
    Rule(hour_only, CUE | CLOCK, HOURS),
    Rule(filler, any_of(v.VERBS, v.NOUNS, v.RECIPIENT, v.ROUND, v.IN_ORDER, v.PERIODIC, v.DOCUMENTS)),
)
_SIGNS = any_of(kinds="punct newline bullet")


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
    here, present = source.starts[at], source.present
    for read, needs in _opened(here & _SIGNS or here):  # a sign opens no piece but a mark
        if needs and not needs & present:
            continue
        piece = read(source, at)
        if piece and piece[1] > at:
            found.append(piece)
            if piece[1] >= last:  # nothing can be longer
                break
    return sorted(found, key=_length) if len(found) > 1 else found


@lru_cache(maxsize=4096)
def _opened(here: int) -> tuple[tuple[Reader, int], ...]:
    """The readers that what stands at a place opens, each with its needs; few places differ."""
    return tuple((rule.read, rule.needs) for rule in READERS if rule.openers & here)


def _length(pair: tuple[Atom, int]) -> int:
    return -pair[1]
