"""The part of the grammar that reads dated clauses: points, windows, ranges, weekdays."""

from __future__ import annotations

from dataclasses import replace

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Cue, Day, Hour, Lasting, NoSuchDate, Point, Range, Stamp, Weekday, Window
from deadlines.figures import clock, number, roman, weekday_number, year_number
from deadlines.grammar_days import day, english_month, month_place, quarter_list, the_day, year_after, year_of
from deadlines.grammar_spans import dated_day, quarter_of_year, stamp
from deadlines.source import Source, Words, any_of, once

Read = tuple[Atom, int]

_JOINING = any_of(v.FROM, v.TO)
_WEEKLY = Words(
    "hằng tuần", "hàng tuần", "mỗi tuần", "của tuần", "trong tuần", "các tuần", "của hằng tuần", "trong các tuần",
    "từng tuần", "weekly", "of each week", "of every week", "each week", "every week",
)  # fmt: skip
DAILY = Words("hằng ngày", "hàng ngày", "mỗi ngày", "every day", "each day", "daily")
_HALF_DAY = Words(
    "sáng", "chiều", "tối", "buổi sáng", "buổi chiều", "ngày", "vào", "vào ngày", "chiều ngày", "sáng ngày"
)
_EVERY_YEAR = Words("hằng năm", "hàng năm", "mỗi năm")
_IN_THE_YEAR = Words("trong năm", "trong cả năm")
_DOING = Words(
    "hoàn thành", "phải hoàn thành", "phấn đấu hoàn thành", "thực hiện", "triển khai", "triển khai thực hiện",
    "tổ chức", "tổ chức thực hiện",
)  # fmt: skip
_ALL_YEAR = Words("trong năm", "trong cả năm", "cả năm", "trong suốt năm")
_UP_TO = Words("hết")
_PART_OF_DAY = Words("sáng", "chiều", "tối", "buổi sáng", "buổi chiều")


@once
def cue(source: Source, at: int) -> tuple[Cue, int]:
    """The word before a date that says whether the date itself counts; "chậm nhất trước" excludes it."""
    latest = v.LATEST.match(source, at)
    if latest:
        colon = latest + 1 if source.is_punct(latest, ":") else latest
        latest = v.BE.skip(source, colon)
    before = v.BEFORE.match(source, latest or at)
    if before:
        return "before", before
    if latest:
        return "latest", latest
    for words, name in ((v.UNTIL, "until"), (v.IN, "in"), (v.AFTER, "after")):
        end = words.match(source, at)
        if end:
            return name, end  # type: ignore[return-value]
    return "none", at


def point(source: Source, at: int) -> Read | None:
    """One day or a list of days behind one cue: "trước 15 giờ ngày 20/6 và 20/12 hằng năm"."""
    name, start = cue(source, at)
    hour, start = _hour_before(source, start)
    start = _after_weekday(source, _PART_OF_DAY.skip(source, start))
    first = day(source, start)
    if not first or name == "after" or _mere_number(source, name, start, first):
        return None
    if name == "before" and hour == "00:00":  # the midnight that opens a day: the day before is the last
        hour = None
    days, end = _more_days(source, [first[0]], first[1], name)
    end = _weekday_behind(source, days[-1], end)
    shared = _shared(days)
    return (Point(name, shared, hour), end) if shared else None


def _after_weekday(source: Source, at: int) -> int:
    """Thứ Sáu, ngày 15/5/2026: the week day only repeats a full date; where it contradicts it, that is asked."""
    named = weekday_number(source, at)
    comma = named[1] + 1 if named and source.is_punct(named[1], ",(") else named[1] if named else at
    found = day(source, comma) if named else None
    if not named or not found or found[0].place != "fixed" or not found[0].year:
        return at
    try:
        same = found[0].in_year(found[0].year).isoweekday() == named[0]
    except NoSuchDate:
        return at
    if not same:
        source.complain(f"«{source.slice(at, found[1])}»: thứ và ngày không khớp.")
    return comma


def _weekday_behind(source: Source, last: Day, at: int) -> int:
    """Ngày 15/6/2026 (thứ Hai): the same check where the week day stands behind."""
    named = weekday_number(source, at + 1) if source.is_punct(at, "(") and last.year and last.place == "fixed" else None
    if not named or not source.is_punct(named[1], ")"):
        return at
    try:
        same = last.in_year(last.year or 0).isoweekday() == named[0]
    except NoSuchDate:
        return at
    if not same:
        source.complain(f"«{source.slice(at - 1, named[1] + 1)}»: thứ và ngày không khớp.")
    return named[1] + 1


def _mere_number(source: Source, name: Cue, start: int, first: tuple[Day, int]) -> bool:
    """A number without "ngày" or a cue is a day only in a list: "24, 25 và 26 tháng 8", but not "6 tháng 1 lần"."""
    text = source.token(start).text
    dotted = source.kind(start) == "dm" and "." in text
    loose = dotted or source.kind(start) in ("num", "word")
    told = name != "none" or not loose or v.DAY.match(source, start) is not None
    english = first[0].place != "bare" and not source.is_punct(start, "") and _english_date(source, start, first[1])
    worded = v.DAY.match(source, start) is not None or the_day(source, start)
    if first[0].place == "bare" and not worded and not _list_follows(source, first) and source.kind(start) == "num":
        return True
    if name == "in" and source.kind(start) == "num" and first[0].place != "fixed":
        return True
    alone = start == 0 and source.kind(first[1]) == "end" and source.kind(start) == "dm"
    if alone and (dotted or text == "24/7" or first[0].day < first[0].month):  # "9/10" may be nine tenths
        return True
    spelled_out = source.kind(start) == "num" and first[0].year is not None  # "30 tháng 6 năm 2026"
    return (
        not told and not english and not spelled_out and not (first[0].place == "bare" and _list_follows(source, first))
    )


def _english_date(source: Source, start: int, end: int) -> bool:
    return any(english_month(source, place) for place in range(start, end)) or the_day(source, start)


def _hour_before(source: Source, at: int) -> tuple[str | None, int]:
    found = clock(source, at)
    if not found:
        return None, at
    comma = found[1] + 1 if source.is_punct(found[1], ",") else found[1]
    return found[0], v.OF.skip(source, comma)


def _list_follows(source: Source, first: tuple[Day, int]) -> bool:
    return source.is_punct(first[1], ",") or v.AND.match(source, first[1]) is not None


def _more_days(source: Source, days: list[Day], end: int, name: Cue) -> tuple[list[Day], int]:
    while True:
        after = (source.is_punct(end, ",;") and source.token(end).text == "," and end + 1) or None
        after = v.AND.match(source, after or end) or after
        if not after:
            return days, end
        again, start = cue(source, after)
        if again not in (name, "none") and not (again == "in" and name != "none"):
            return days, end
        following = (
            _next_month(source, start, days[-1], end) or day(source, start) or _same_day(source, after, days[-1], end)
        )
        if not following or (following[0].place == "bare" and not _list_follows(source, following)):
            return days, end
        days.append(following[0])
        end = following[1]


def _next_month(source: Source, at: int, previous: Day, end: int) -> tuple[Day, int] | None:
    """Ngày 15 tháng 3, 6, 9, 12: numbers that go up after a month said in words are months of the same day."""
    if previous.place != "fixed" or previous.year or source.kind(end - 1) != "num":
        return None
    counted = number(source, at)
    if not counted or not previous.month < counted[0] <= 12 or _counts_something(source, counted[1]):
        return None
    if source.kind(at) != "num" or source.token(end - 1).text.lstrip("0") != str(previous.month):
        return None
    return year_of(source, replace(previous, month=counted[0]), counted[1])


def _same_day(source: Source, at: int, previous: Day, end: int) -> tuple[Day, int] | None:
    """Ngày 20 tháng 6 và tháng 12: the day is said once for both months."""
    worded = previous.place == "fixed" and previous.year is None and source.kind(end - 1) == "num"
    following = month_place(source, Day(previous.day, "bare"), at) if worded else None
    return following if following and following[0].place == "fixed" and following[0].year is None else None


def _shared(days: list[Day]) -> tuple[Day, ...] | None:
    """Lets earlier days of a list take the month, year and "hằng năm" of the last: "24, 25 và 26 tháng 8 năm 2026"."""
    last = days[-1]
    out = []
    for each in days:
        if each.place == "bare" and len(days) > 1:
            each = replace(last, day=each.day)
        same = each.place == "fixed" and last.place == "fixed"
        if same and each.year is None and not each.following and not each.every_year:
            each = replace(each, year=last.year, every_year=last.every_year, this_year=last.this_year)
        out.append(each)
    return tuple(out)


def hour_only(source: Source, at: int) -> Read | None:
    """Trước 15 giờ, with the day named elsewhere; "trước 17 giờ hằng ngày" is left to the frequency after it."""
    name, start = cue(source, at)
    found = clock(source, start) if name in ("before", "latest", "in", "until", "none") else None
    if found and name == "none" and not DAILY.match(source, found[1]):
        return None
    return (Hour(found[0]), found[1]) if found else None


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
    if found and found[0].unit == first.unit and not found[0].edge:
        return found
    if first.unit == "month":
        counted = number(source, at)
        if counted and 1 <= counted[0] <= 12 and not _counts_something(source, counted[1]):
            year = year_after(source, counted[1])
            return Stamp("month", counted[0], year=year[0] if year else None), year[1] if year else counted[1]
    if first.unit == "quarter":
        listed = quarter_list(source, at)
        if listed and len(listed[0]) >= 1:
            return _one_quarter(source, at)
    return None


def _one_quarter(source: Source, at: int) -> tuple[Stamp, int] | None:
    found = roman(source, at)
    if not found or _counts_something(source, found[1]):
        return None
    year = year_after(source, found[1])
    return Stamp("quarter", found[0], year=year[0] if year else None), year[1] if year else found[1]


def _counts_something(source: Source, at: int) -> bool:
    if v.YEAR.match(source, at) and year_number(source, v.YEAR.skip(source, at)):
        return False
    return any(words.match(source, at) for words in (v.MONTH, v.DAY, v.TIMES, v.YEAR, v.HOUR, v.QUARTER, v.WEEK))


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
    if left and counted and left.number < counted[0] <= 12 and not _counts_something(source, counted[1]):
        year = year_after(source, counted[1])
        return Stamp("month", counted[0], year=year[0] if year else None), year[1] if year else counted[1]
    return _side(source, at)


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
    if not counted or not 1 <= counted[0] <= 31 or _counts_something(source, counted[1]):
        return None
    return Stamp("day", counted[0]), counted[1]


def weekday(source: Source, at: int) -> Read | None:
    """Thứ Sáu hằng tuần; trước 15:00 ngày thứ Sáu hàng tuần; hằng tuần vào chiều thứ Sáu; every Friday."""
    name, start = cue(source, at)
    opened = _WEEKLY.match(source, start) or v.EVERY.match(source, start)
    if opened:
        comma = opened + 1 if source.is_punct(opened, ",(") else opened
        name, start = cue(source, comma) if name == "none" else (name, comma)
    hour, start = _hour_before(source, start)
    start = _HALF_DAY.skip(source, v.EVERY.skip(source, _HALF_DAY.skip(source, start)))
    found = weekday_number(source, start)
    if not found:
        return None
    closed = _WEEKLY.match(source, found[1])
    if not opened and not closed and not v.EVERY.match(source, start - 1):
        return None
    end = closed or found[1]
    if opened and source.is_punct(opened, "("):
        return (Weekday(name, found[0], hour), end + 1) if source.is_punct(end, ")") else None
    return Weekday(name, found[0], hour), end


def lasting(source: Source, at: int) -> Read | None:
    """Thường xuyên, with "trong năm" or "liên tục" beside it."""
    end = v.LASTING.match(source, at)
    if not end:
        return None
    again = v.LASTING.match(source, v.AND.skip(source, end + 1 if source.is_punct(end, ",") else end))
    end = again or end
    this = _ALL_YEAR.match(source, end)
    if this:
        year = year_number(source, this)
        end = year[1] if year else this
    return Lasting(), end


__all__ = ["cue", "dated_day", "hour_only", "lasting", "point", "span", "weekday", "window"]
