"""Whether "hằng năm" beside one day holds for the day before it, too."""

from __future__ import annotations

from dataclasses import replace

from deadlines import atoms as a
from deadlines.layout import Item, Segment


def is_yearly(point: a.Point) -> bool:
    """Whether a day says that it comes back every year, or says its year."""
    fixed = [day for day in point.days if day.place == "fixed" and not day.year]
    return not fixed or any(day.every_year for day in fixed)


def yearly_is_shared(first: Segment, second: Segment) -> bool:
    """Ngày 15/6; ngày 15/12 hằng năm (and "Hằng năm: 15/6; 15/12"): "hằng năm" may hold for both sides of the ";"."""
    points = [[item.atom for item in part.items if isinstance(item.atom, a.Point)] for part in (first, second)]
    before, after = points
    lone = len(first.items) == 1 and len(before) == 1 and len(before[0].days) == 1 and not is_yearly(before[0])
    carried = len(second.items) == len(after) == 1 and after[0].cue == "none" and not is_yearly(after[0])
    head = first.items[0].atom if len(first.items) == 2 and not first.items[1].inside else None
    opened = isinstance(head, a.Every) and head.freqs == ("annual",)
    said = bool(after) and len(after[0].days) == 1 and after[0].days[0].every_year
    return (lone and said and after[0].cue in ("none", before[0].cue)) or (opened and bool(before) and carried)


def lends_year(first: a.Window | a.Range, second: Item | None) -> bool:
    """Tháng 6 và ngày 15/12 hằng năm: whether "hằng năm" behind the second may hold for the first, too."""
    stamps = (first.stamp, *first.more) if isinstance(first, a.Window) else (first.left, first.right)
    named = any(stamp and (stamp.year or stamp.next_year) for stamp in stamps)
    if named or not second or second.inside or second.worked or second.join == "direct":
        return False
    return isinstance(second.atom, a.Point) and any(day.every_year for day in second.atom.days)


def every_year(pieces: list[a.Atom]) -> list[a.Atom]:
    """The pieces with every day without a year taken as one that comes back each year."""
    return [_yearly(piece) if isinstance(piece, a.Point) else piece for piece in pieces]


def _yearly(point: a.Point) -> a.Point:
    return replace(point, days=tuple(day._replace(every_year=day.year is None) for day in point.days))
