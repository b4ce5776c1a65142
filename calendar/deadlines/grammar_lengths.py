"""The part of the grammar that reads how long named days last: "trong 03 ngày, từ ngày 15 đến ngày 17/5/2026"."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Filler, Point, Range
from deadlines.figures import NUMBER, number
from deadlines.grammar_clauses import point
from deadlines.grammar_windows import span
from deadlines.source import Source, Words, any_of, opened_by

DAYS = Words("ngày")
LENGTH = NUMBER | any_of(v.WITHIN)  # what opens a length


@opened_by(LENGTH)
def length(source: Source, at: int) -> tuple[Atom, int] | None:
    """ "03 ngày" before three days says nothing that they do not say; before another number of days it is no length."""
    counted = number(source, v.WITHIN.skip(source, at))
    end = DAYS.match(source, counted[1]) if counted else None
    if not counted or not end:
        return None
    after = end + 1 if source.is_punct(end, ",:(") else end
    named = span(source, after) or point(source, after)
    return (Filler(), end) if named and _how_many(named[0]) == counted[0] else None


def _how_many(atom: Atom) -> int | None:
    if isinstance(atom, Point):
        return len(atom.days) if all(day.place == "fixed" for day in atom.days) else None
    if not isinstance(atom, Range) or not atom.left or not atom.right:
        return None
    first, last = atom.left, atom.right
    one_month = first.unit == last.unit == "day" and first.month in (0, last.month) and first.year in (None, last.year)
    return last.number - first.number + 1 if one_month and last.month else None
