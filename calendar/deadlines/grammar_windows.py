"""The part of the grammar that reads stretches behind a cue, lists of them, and ranges."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Cue, Day, Point, Range, Stamp, Window
from deadlines.figures import CLOCK, NUMBER, clock, number, roman, year_number
from deadlines.grammar_clauses import CUE, counts_something, cue
from deadlines.grammar_days import quarter_list, year_after
from deadlines.grammar_spans import STRETCH, dated_day, quarter_of_year, stamp
from deadlines.source import Source, Words, any_of, once, opened_by

Read = tuple[Atom, int]

_JOINING = any_of(v.FROM, v.TO)
_EVERY_YEAR = Words("hằng năm", "hàng năm", "mỗi năm")
_IN_THE_YEAR = Words("trong năm", "trong cả năm")
_DOING = Words(
    "hoàn thành", "phải hoàn thành", "phấn đấu hoàn thành", "thực hiện", "triển khai", "triển khai thực hiện",
    "tổ chức", "tổ chức thực hiện",
)  # fmt: skip
_UP_TO = Words("hết")
WINDOW = CUE | STRETCH | any_of(_IN_THE_YEAR)  # what opens a stretch or a list of them
_SIDE = CLOCK | STRETCH | NUMBER | any_of(v.DAY)
SPAN = _SIDE | any_of(v.FROM, v.IN)


@opened_by(WINDOW)
@once
def window(source: Source, at: int) -> Read | None:
    """A stretch or a list of stretches behind a cue."""
    name, start = cue(source, at)
    found = stamp(source, start) or _this_year(source, at)
    if not found or (found[0].unit == "day" and not found[0].edge):
        return None
    more, end = _more_stamps(source, found[0], found[1])
    every_year = _EVERY_YEAR.match(source, end)
    if every_year:
        return _yearly_window(name, (found[0], *more), every_year)
    unit = source.keys[source_unit] if (source_unit := _unit_word(source, start, found[1])) is not None else ""
    slashed = any(source.is_punct(place, "/") and not year_number(source, place + 1) for place in range(found[1], end))
    said_once = bool(more) and bool(unit) and unit not in source.keys[found[1] : end] and not slashed
    return Window(name, found[0], tuple(more), said_once), end


def _this_year(source: Source, at: int) -> tuple[Stamp, int] | None:
    """Trong năm, alone in its cell or behind "hoàn thành": the plan's year."""
    end = _IN_THE_YEAR.match(source, at)
    opened = at == 0 or _DOING.match(source, 0) == at
    alone = opened or source.is_punct(at - 1, ":;") or source.kind(at - 1) in ("newline", "bullet")
    closed = end and (source.kind(end) in ("end", "newline", "bullet") or source.is_punct(end, ";"))
    return (Stamp("year"), end) if end and alone and closed else None


def _unit_word(source: Source, start: int, end: int) -> int | None:
    """The place of "tháng" or "quý" in the first stretch of a list."""
    places = (place for place in range(start, end) if v.MONTH.match(source, place) or v.QUARTER.match(source, place))
    return next(places, None)


def _yearly_window(name: Cue, stamps: tuple[Stamp, ...], end: int) -> Read | None:
    """Tháng 6 và tháng 12 hằng năm; quý I hằng năm: the last day of each stretch, each year."""
    days = []
    for each in stamps:
        months = {"month": each.number, "quarter": each.number * 3, "half": each.number * 6, "nine": 9}
        month = months.get(each.unit)
        if not month or each.year or each.next_year or each.edge not in ("", "end") or name == "after":
            return None
        if name == "before":
            first = {"month": each.number, "quarter": each.number * 3 - 2, "half": each.number * 6 - 5, "nine": 1}[
                each.unit
            ]
            days.append(Day(1, "fixed", first, every_year=True))
        else:
            days.append(Day(-1, "fixed", month, every_year=True))
    return Point("ahead" if name == "before" else "latest", tuple(days)), end


def _more_stamps(source: Source, first: Stamp, end: int) -> tuple[list[Stamp], int]:
    more: list[Stamp] = []
    while True:
        after = end + 1 if source.is_punct(end, ",/") else None
        after = v.AND.match(source, after or end) or after
        following = _list_stamp(source, v.IN.skip(source, after), first) if after else None
        if not following:
            return more, end
        more.append(following[0])
        end = following[1]


def _list_stamp(source: Source, at: int, first: Stamp) -> tuple[Stamp, int] | None:
    """The next stretch of a list: of the same unit, its unit word perhaps left out ("tháng 3, 6, 9, 12")."""
    found = stamp(source, at)
    if found and found[0].unit == first.unit and found[0].edge in ("", first.edge):
        return found
    if first.unit == "month":
        counted = number(source, at)
        if counted and 1 <= counted[0] <= 12 and not counts_something(source, counted[1]):
            year = year_after(source, counted[1])
            return Stamp("month", counted[0], year=year[0] if year else None), year[1] if year else counted[1]
    if first.unit == "quarter":
        listed = quarter_list(source, at)
        if listed and len(listed[0]) >= 1:
            return _one_quarter(source, at)
    return None


def _one_quarter(source: Source, at: int) -> tuple[Stamp, int] | None:
    found = roman(source, at)
    if not found or counts_something(source, found[1]):
        return None
    year = year_after(source, found[1])
    return Stamp("quarter", found[0], year=year[0] if year else None), year[1] if year else found[1]


@opened_by(SPAN)
@once
def span(source: Source, at: int) -> Read | None:
    """From A to B, A - B, from A on, from now to B."""
    if not source.present & _JOINING and not source.dashed:
        return None
    start = v.FROM.match(source, at)
    left = _side(source, start if start is not None else v.IN.skip(source, at))
    if start is not None and not left:
        now = v.NOW.match(source, start)
        right = _after_to(source, None, now) if now else None
        return (Range(None, right[0]), right[1]) if right else None
    if not left:
        return None
    if start is not None and left[0].unit == "years":
        return Window("none", left[0]), left[1]
    right = _after_to(source, left[0], left[1]) if start is not None or _unit_of(left) != "year" else None
    right = right or _after_dash(source, left[0], left[1])
    if right:
        return Range(left[0], right[0]), right[1]
    if start is None or _unit_of(left) == "bare":
        return None
    return Range(left[0], None), v.ONWARDS.skip(source, left[1])


def _unit_of(side: tuple[Stamp, int]) -> str:
    return "bare" if side[0].unit == "day" and not side[0].month else side[0].unit


def _after_to(source: Source, left: Stamp | None, at: int) -> tuple[Stamp, int] | None:
    comma = at + 1 if source.is_punct(at, ",") else at
    to = v.TO.match(source, comma)
    if not to or v.AND.match(source, comma):
        return None
    return _whole_year(source, to) or _right_side(source, left, to)


def _whole_year(source: Source, at: int) -> tuple[Stamp, int] | None:
    """Đến hết năm: the plan's year, where "năm" is no number five."""
    end = v.YEAR.match(source, at) if _UP_TO.match(source, at - 1) else None
    return (Stamp("year"), end) if end and source.kind(end) in ("end", "punct", "newline") else None


def _after_dash(source: Source, left: Stamp, at: int) -> tuple[Stamp, int] | None:
    if not source.is_punct(at, "-–—"):
        return None
    if left.unit == "quarter" and source.kind(at + 1) == "my":  # "Quý 2-3/2026": no month of March
        return quarter_of_year(source, at + 1)
    return _right_side(source, left, at + 1) or _one_quarter(source, at + 1)


def _right_side(source: Source, left: Stamp | None, at: int) -> tuple[Stamp, int] | None:
    """Tháng 3 - 12 năm 2026: a bare number behind a month is a month, too."""
    counted = number(source, at) if left and left.unit == "month" and source.kind(at) == "num" else None
    if left and counted and left.number < counted[0] <= 12 and not counts_something(source, counted[1]):
        year = year_after(source, counted[1])
        return Stamp("month", counted[0], year=year[0] if year else None), year[1] if year else counted[1]
    return _side(source, at)


@opened_by(_SIDE)
def _side(source: Source, at: int) -> tuple[Stamp, int] | None:
    """One side of a range: a stretch, or a day or month that borrows the rest from the other side."""
    hour = clock(source, at)
    if hour and hour[0] == "00:00":  # the midnight at which a day opens
        return None
    found = stamp(source, at) or (dated_day(source, v.OF.skip(source, hour[1])) if hour else None)
    if found:
        return found
    start = v.DAY.match(source, at)
    counted = number(source, at if start is None else start)
    if not counted or not 1 <= counted[0] <= 31 or counts_something(source, counted[1]):
        return None
    return Stamp("day", counted[0]), counted[1]
