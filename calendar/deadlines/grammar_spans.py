"""The part of the grammar that reads stretches: months, quarters, halves, years, ten-day parts, and ranges of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from operator import or_

from deadlines import vocabulary as v
from deadlines.atoms import Stamp
from deadlines.figures import calendar_number, numbers_in, roman, spelled, year_number
from deadlines.grammar_days import DAY, ENGLISH_MONTH, EVERY_YEAR, day, english_month, year_after
from deadlines.source import Source, Words, any_of, once, opened_by

Found = tuple[Stamp, int]

_TEN_DAYS = ((Words("thượng tuần"), 1), (Words("trung tuần"), 2), (Words("hạ tuần"), 3))
_EDGES = (
    (Words("cuối", "hết", "the end of", "end of", "the end of the", "vào cuối"), "end"),
    (Words("đầu", "vào đầu", "the beginning of", "the start of", "early"), "begin"),
    (Words("giữa", "vào giữa", "mid", "the middle of"), "middle"),
)
_HALVES = (
    (
        Words(
            "6 tháng đầu năm",
            "06 tháng đầu năm",
            "sáu tháng đầu năm",
            "nửa đầu năm",
            "the first half of",
            "first half of",
            "the first half of the year",
        ),
        1,
    ),
    (
        Words(
            "6 tháng cuối năm",
            "06 tháng cuối năm",
            "sáu tháng cuối năm",
            "nửa cuối năm",
            "the second half of",
            "second half of",
            "the second half of the year",
        ),
        2,
    ),
)
_THREE = (
    (Words("3 tháng đầu năm", "03 tháng đầu năm", "ba tháng đầu năm"), 1),
    (Words("3 tháng cuối năm", "03 tháng cuối năm", "ba tháng cuối năm"), 4),
    (Words("the first quarter of", "first quarter of"), 1),
    (Words("the second quarter of", "second quarter of"), 2),
    (Words("the third quarter of", "third quarter of"), 3),
    (Words("the fourth quarter of", "fourth quarter of", "the last quarter of"), 4),
)
_NINE = Words("9 tháng đầu năm", "09 tháng đầu năm", "chín tháng đầu năm", "9 tháng năm")
_THIS = Words("năm nay", "trong năm", "năm", "the year", "this year")
_T = Words("t")
_Q = any_of(Words("q", *(f"q{numeral}" for numeral in ("i", "ii", "iii", "iv"))))
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@once
def stamp(source: Source, at: int) -> Found | None:
    """A stretch, with "cuối", "đầu" or "giữa" before it."""
    if not source.starts[at] & STRETCH:
        return None
    best = _plain(source, at)
    for words, edge in _EDGES if source.starts[at] & _EDGE else ():
        after = words.match(source, at)
        found = _plain(source, v.OF.skip(source, after)) or _this_year(source, after) if after else None
        if found and (best is None or found[1] >= best[1]):
            best = found[0]._replace(edge=edge), found[1]
    return best


def _this_year(source: Source, at: int) -> Found | None:
    end = _THIS.match(source, at)
    return (Stamp("year"), end) if end else None


@once
def _plain(source: Source, at: int) -> Found | None:
    best: Found | None = None
    for read in _opened(source.starts[at]):
        found = read(source, at)
        if found and (best is None or found[1] > best[1]):
            best = found
    return best


@lru_cache(maxsize=4096)
def _opened(here: int) -> tuple[Callable[[Source, int], Found | None], ...]:
    return tuple(read for read, openers in _READERS if openers & here)


def dated_day(source: Source, at: int) -> Found | None:
    """A day of a fixed month as a stretch of one day."""
    found = day(source, at)
    if not found or found[0].place != "fixed" or found[0].following:
        return None
    one, end = found
    if one.every_year:
        yearly = (place for place in range(at, end) if EVERY_YEAR.match(source, place) == end)
        end = next(yearly, at)
    return (Stamp("day", one.day, one.month, one.year), end) if end > at else None


def _month(source: Source, at: int) -> Found | None:
    start = v.THE_MONTHS.match(source, at)
    token = source.token(at if start is None else start)
    if token.kind == "my":
        value, year = numbers_in(token.text)
        return _checked_month(source, value, year, (at if start is None else start) + 1)
    if start is None:
        return _short_month(source, at) or _english(source, at)
    counted = calendar_number(source, start)
    if not counted or v.TIMES.match(source, counted[1]):
        return None
    year_found = year_after(source, counted[1]) or _joined_year(source, counted[1])
    end = year_found[1] if year_found else _own_year(source, counted[1])
    return _of_next_year(source, _checked_month(source, counted[0], year_found[0] if year_found else None, end))


def _of_next_year(source: Source, found: Found | None) -> Found | None:
    """Tháng 3 năm sau, quý I năm sau."""
    end = v.NEXT_YEAR.match(source, v.OF.skip(source, found[1])) if found and not found[0].year else None
    return (found[0]._replace(next_year=True), end) if found and end else found


def _own_year(source: Source, at: int) -> int:
    """Skips "năm nay", "trong năm" after a month or quarter: the plan's own year."""
    end = None if v.NEXT_YEAR.match(source, v.OF.skip(source, at)) else v.THIS_YEAR.match(source, at)
    return end if end and not year_number(source, end) else at


def _checked_month(source: Source, value: int, year: int | None, end: int) -> Found | None:
    if not 1 <= value <= 12:
        source.complain(f"Không có tháng {value}.")
        return None
    source.reach(end)
    return Stamp("month", value, year=year), end


def _short_month(source: Source, at: int) -> Found | None:
    """T3/2025, T11."""
    token, following = source.token(at), source.token(at + 1)
    if token.text != "T" or following.start != token.end:
        return None
    if following.kind == "my":
        value, year = numbers_in(following.text)
        return _checked_month(source, value, year, at + 2)
    return _checked_month(source, int(following.text), None, at + 2) if following.kind == "num" else None


def _english(source: Source, at: int) -> Found | None:
    month = english_month(source, at)
    if not month:
        return None
    year = year_after(source, month[1])
    return Stamp("month", month[0], year=year[0] if year else None), year[1] if year else month[1]


def _quarter(source: Source, at: int) -> Found | None:
    found = _quarter_number(source, at)
    if not found:
        return None
    year = year_after(source, found[1]) or _joined_year(source, found[1])
    end = year[1] if year else _own_year(source, found[1])
    return _of_next_year(source, (Stamp("quarter", found[0], year=year[0] if year else None), end))


def _joined_year(source: Source, at: int) -> tuple[int, int] | None:
    """Quý IV-2025."""
    return year_number(source, at + 1) if source.is_punct(at, "-–") else None


def _quarter_number(source: Source, at: int) -> tuple[int, int] | None:
    start = v.QUARTER.match(source, at)
    if start:
        token = source.token(start)
        if token.kind == "my":
            return _split_quarter(source, start)
        return roman(source, start) or _quarter_in_words(source, start)
    return _letter_quarter(source, at)


def _quarter_in_words(source: Source, at: int) -> tuple[int, int] | None:
    """Quý một năm 2026; "mỗi quý một lần" has no year behind the number."""
    found = spelled(source, at)
    return found if found and 1 <= found[0] <= 4 and year_after(source, found[1]) else None


def _split_quarter(source: Source, at: int) -> tuple[int, int] | None:
    """Quý 4/2025 is one numeric token; the reader of the year takes it apart again."""
    value = numbers_in(source.token(at).text)[0]
    return (value, -at - 1) if 1 <= value <= 4 else None


@opened_by(_Q)
def _letter_quarter(source: Source, at: int) -> tuple[int, int] | None:
    """Q2, QIV, Q.III."""
    numeral = source.keys[at][1:]
    if numeral:
        source.reach(at + 1)
        return _QUARTERS[numeral], at + 1
    following = at + 2 if source.is_punct(at + 1, ".") else at + 1
    if source.token(following).kind == "my":
        return _split_quarter(source, following)
    return roman(source, following)


def _quarter_whole(source: Source, at: int) -> Found | None:
    found = _quarter_number(source, at)
    if found and found[1] < 0:
        return quarter_of_year(source, -found[1] - 1)
    return _quarter(source, at)


def quarter_of_year(source: Source, at: int) -> Found | None:
    """The quarter in "4/2025", one numeric token."""
    value, year = numbers_in(source.token(at).text)
    source.reach(at + 1)
    return (Stamp("quarter", value, year=year), at + 1) if 1 <= value <= 4 else None


def _half(source: Source, at: int) -> Found | None:
    for words, value in _HALVES:
        end = words.match(source, at)
        if end:
            return _with_plan_year(source, Stamp("half", value), end)
    for words, value in _THREE:
        end = words.match(source, at)
        if end:
            return _with_plan_year(source, Stamp("quarter", value), end)
    end = _NINE.match(source, at)
    return _with_plan_year(source, Stamp("nine"), end) if end else None


def _with_plan_year(source: Source, found: Stamp, at: int) -> Found:
    year = year_number(source, at) or year_after(source, at)
    return (found._replace(year=year[0]), year[1]) if year else (found, at)


def _third(source: Source, at: int) -> Found | None:
    """Thượng tuần, trung tuần, hạ tuần tháng 3."""
    for words, value in _TEN_DAYS:
        after = words.match(source, at)
        month = _month(source, v.OF.skip(source, after)) if after else None
        if month:
            return Stamp("third", value, month[0].number, month[0].year), month[1]
    return None


def _year(source: Source, at: int) -> Found | None:
    start = v.YEAR.match(source, at)
    found = year_number(source, at if start is None else start)
    if not found:
        return None
    return Stamp("year", year=found[0]), found[1]


def _phase(source: Source, at: int) -> Found | None:
    """Giai đoạn 2026 - 2030, năm 2026-2027, 2025 - 2035, các năm 2026, 2027."""
    first = year_number(source, v.PHASE.skip(source, at))
    if not first:
        return None
    if not source.is_punct(first[1], "-–—"):
        return None
    last = year_number(source, v.YEAR.skip(source, first[1] + 1))
    if not last or last[0] < first[0] or v.SCHOOL_YEAR.match(source, at):
        return None
    return Stamp("years", year=first[0], until_year=last[0]), last[1]


# Each reader with what opens it.
_READERS: tuple[tuple[Callable[[Source, int], Found | None], int], ...] = (
    (_month, any_of(v.THE_MONTHS, _T, kinds="my") | ENGLISH_MONTH),
    (_quarter_whole, any_of(v.QUARTER) | _Q),
    (_half, any_of(*(words for words, _ in (*_HALVES, *_THREE)), _NINE)),
    (_third, any_of(*(words for words, _ in _TEN_DAYS))),
    (_year, any_of(v.YEAR, kinds="num")),
    (_phase, any_of(v.PHASE, kinds="num")),
    (dated_day, DAY),
)
_EDGE = any_of(*(words for words, _ in _EDGES))
_PLAIN = reduce(or_, (openers for _, openers in _READERS))
STRETCH = _PLAIN | _EDGE  # what opens a stretch
