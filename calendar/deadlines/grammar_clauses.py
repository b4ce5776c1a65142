"""The part of the grammar that reads dated clauses: points, hours, weekdays."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Cue, Day, Hour, Lasting, NoSuchDate, Point, Weekday
from deadlines.figures import CLOCK, WEEKDAYS, clock, number, weekday_number, year_number
from deadlines.grammar_days import DAY, day, english_month, month_place, the_day, year_of
from deadlines.source import Source, Words, any_of, once, opened_by

Read = tuple[Atom, int]

_WEEKLY = Words(
    "hằng tuần", "hàng tuần", "mỗi tuần", "của tuần", "trong tuần", "các tuần", "của hằng tuần", "trong các tuần",
    "từng tuần", "weekly", "of each week", "of every week", "each week", "every week",
)  # fmt: skip
DAILY = Words("hằng ngày", "hàng ngày", "mỗi ngày", "every day", "each day", "daily")
_HALF_DAY = Words(
    "sáng", "chiều", "tối", "buổi sáng", "buổi chiều", "ngày", "vào", "vào ngày", "chiều ngày", "sáng ngày"
)
_ALL_YEAR = Words("trong năm", "trong cả năm", "cả năm", "trong suốt năm")
_PART_OF_DAY = Words("sáng", "chiều", "tối", "buổi sáng", "buổi chiều")
CUE = any_of(v.LATEST, v.BEFORE, v.UNTIL, v.IN, v.AFTER)  # what opens a cue
POINT = CUE | CLOCK | WEEKDAYS | DAY | any_of(_PART_OF_DAY)
WEEKDAY = CUE | CLOCK | WEEKDAYS | any_of(_WEEKLY, v.EVERY, _HALF_DAY)


def cue(source: Source, at: int) -> tuple[Cue, int]:
    """The word before a date that says whether the date itself counts; "chậm nhất trước" excludes it."""
    return _cue(source, at) if source.starts[at] & CUE else ("none", at)


@once
def _cue(source: Source, at: int) -> tuple[Cue, int]:
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


@opened_by(POINT)
@once
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
    if source.kind(start) in ("dmy", "ymd") or v.DAY.match(source, start):
        return False
    text = source.token(start).text
    dotted = source.kind(start) == "dm" and "." in text
    loose = dotted or source.kind(start) in ("num", "word")
    told = name != "none" or not loose
    english = first[0].place != "bare" and not source.is_punct(start, "") and _english_date(source, start, first[1])
    if (
        first[0].place == "bare"
        and not the_day(source, start)
        and not _list_follows(source, first)
        and source.kind(start) == "num"
    ):
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
    if not counted or not previous.month < counted[0] <= 12 or counts_something(source, counted[1]):
        return None
    if source.kind(at) != "num" or source.token(end - 1).text.lstrip("0") != str(previous.month):
        return None
    return year_of(source, previous._replace(month=counted[0]), counted[1])


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
            each = last._replace(day=each.day)
        same = each.place == "fixed" and last.place == "fixed"
        if same and each.year is None and not each.following and not each.every_year:
            each = each._replace(year=last.year, every_year=last.every_year, this_year=last.this_year)
        out.append(each)
    return tuple(out)


@opened_by(CUE | CLOCK)
def hour_only(source: Source, at: int) -> Read | None:
    """Trước 15 giờ, with the day named elsewhere; "trước 17 giờ hằng ngày" is left to the frequency after it."""
    name, start = cue(source, at)
    found = clock(source, start) if name in ("before", "latest", "in", "until", "none") else None
    if found and name == "none" and not DAILY.match(source, found[1]):
        return None
    return (Hour(found[0]), found[1]) if found else None


def counts_something(source: Source, at: int) -> bool:
    """Whether what stands behind a number is counted by it: no month is meant in "3 tháng"."""
    if v.YEAR.match(source, at) and year_number(source, v.YEAR.skip(source, at)):
        return False
    return any(words.match(source, at) for words in (v.MONTH, v.DAY, v.TIMES, v.YEAR, v.HOUR, v.QUARTER, v.WEEK))


@opened_by(WEEKDAY)
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
