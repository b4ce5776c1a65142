"""The part of the grammar that reads how many days: "trong 03 ngày, từ ngày 15 đến 17/5", "trong 5 ngày đầu tháng"."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Day, Filler, Point, Range
from deadlines.figures import NUMBER, number
from deadlines.grammar_clauses import point
from deadlines.grammar_days import month_place, quarter_place
from deadlines.grammar_windows import span
from deadlines.source import Source, Words, any_of, opened_by

DAYS = Words("ngày")
_FIRST_DAYS = Words("ngày đầu", "ngày đầu tiên", "ngày đầu của", "days")
_FIRST = Words("the first")
FIRST_DAYS = any_of(_FIRST_DAYS)
LENGTH = NUMBER | any_of(v.WITHIN, _FIRST)  # what opens a length


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


@opened_by(LENGTH)
def first_days(source: Source, at: int) -> tuple[Atom, int] | None:
    """Trong 05 ngày đầu tháng, within the first 5 days of each month: due on the last of them."""
    inside = v.WITHIN.skip(source, at)
    start = _FIRST.skip(source, inside)
    counted = number(source, start)
    end = _FIRST_DAYS.match(source, counted[1]) if counted else None
    english = end is not None and source.keys[end - 1] == "days"
    if not counted or not end or counted[0] > 28 or english != (start > inside):
        return None
    first = Day(counted[0], "bare")
    found = month_place(source, first, end) or quarter_place(source, first, end)
    month = v.MONTH.match(source, end)
    if not found and month and (source.kind(month) in ("end", "newline") or source.is_punct(month, ",;.)")):
        found = Day(counted[0], "each"), month
    return (Point("latest", (found[0],)), found[1]) if found else None


def _how_many(atom: Atom) -> int | None:
    if isinstance(atom, Point):
        return len(atom.days) if all(day.place == "fixed" for day in atom.days) else None
    if not isinstance(atom, Range) or not atom.left or not atom.right:
        return None
    first, last = atom.left, atom.right
    one_month = first.unit == last.unit == "day" and first.month in (0, last.month) and first.year in (None, last.year)
    return last.number - first.number + 1 if one_month and last.month else None
