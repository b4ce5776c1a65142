"""The part of the grammar that reads due days: "ngày 20 của tháng đầu quý sau", "15/6 và 15/12 hằng năm".

Every function takes a source and a place and gives the piece with the place after it, or None.
"""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Day
from deadlines.figures import calendar_number, digits, numbers_in, repeated_in_words, roman, year_number
from deadlines.source import Source, Words, any_of, once, opened_by

Found = tuple[Day, int]

_LAST_DAY = Words("ngày cuối", "ngày cuối cùng", "hết ngày cuối cùng", "hết ngày cuối", "the last day", "last day")
_FIRST_DAY = Words("ngày đầu", "ngày đầu tiên", "ngày mồng một", "ngày mùng một", "the first day")
_EACH_MONTH = Words(
    "hằng tháng", "hàng tháng", "mỗi tháng", "các tháng", "của tháng", "trong tháng", "từng tháng", "của các tháng",
    "của mỗi tháng", "tháng báo cáo", "của tháng báo cáo", "của hằng tháng", "của hàng tháng", "của từng tháng",
    "các tháng trong năm", "của các tháng trong năm", "hằng tháng trong năm", "trong mỗi tháng", "vào hằng tháng",
    "of each month", "of every month", "each month", "every month", "of the month", "monthly",
)  # fmt: skip
_NEXT_MONTH = Words(
    "tháng sau", "của tháng sau", "tháng tiếp theo", "của tháng tiếp theo", "tháng kế tiếp", "của tháng kế tiếp",
    "tháng sau liền kề", "của tháng sau liền kề", "tháng liền kề", "của tháng liền kề", "tháng liền kề sau",
    "của tháng liền kề sau",
    "tháng tiếp theo liền kề", "của tháng liền sau", "tháng liền sau", "của tháng kế tiếp liền kề",
    "of the following month", "of the next month",
)  # fmt: skip
_UNKNOWN_PERIOD = Words("kỳ báo cáo", "của kỳ báo cáo", "thuộc kỳ báo cáo", "kết thúc kỳ báo cáo")
EVERY_YEAR = Words(
    "hằng năm", "hàng năm", "mỗi năm", "của mỗi năm", "của hằng năm", "của hàng năm", "các năm", "vào hằng năm",
    "thường niên", "of each year", "every year", "each year", "of every year", "annually", "yearly",
)  # fmt: skip
_ENGLISH_MONTHS = {
    name: index
    for index, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1,
    )
    for name in names.split()
}  # fmt: skip
_ENGLISH_POSITIONS = (
    (Words("of the first month"), 1),
    (Words("of the second month"), 2),
    (Words("of the third month"), 3),
    (Words("of the last month"), -1),
)
_ENGLISH_QUARTER = Words("of each quarter", "of every quarter", "of the quarter", "each quarter")
_ENGLISH_NEXT_QUARTER = Words("of the following quarter", "of the next quarter", "after the quarter")
_OF_QUARTER = Words("của quý", "của mỗi quý", "của từng quý", "mỗi quý", "hằng quý", "hàng quý")
_MONTHS = Words("tháng", "các tháng")
_THE, _ENGLISH_DAY, _NTH = Words("the"), Words("day"), Words("thứ")
ENGLISH_MONTH = any_of(Words(*_ENGLISH_MONTHS))
_EDGE_DAY = any_of(_LAST_DAY, _FIRST_DAY)
DAY = any_of(_THE, v.DAY, kinds="dmy ymd dm num ordinal") | _EDGE_DAY | ENGLISH_MONTH  # what opens a due day
_PLACE = any_of(
    v.OF, _MONTHS, v.THE_MONTHS, v.MONTH_AFTER_QUARTER, _NEXT_MONTH, _EACH_MONTH,
    *(words for words, _ in _ENGLISH_POSITIONS),
)  # fmt: skip
_BEFORE_YEAR = any_of(v.OF, v.YEAR, kinds="punct num")
_YEARLY = any_of(EVERY_YEAR, v.OF, v.REPORT_YEAR, v.NEXT_YEAR, v.THIS_YEAR, v.YEAR, kinds="punct num")


@opened_by(DAY)
@once
def day(source: Source, at: int) -> Found | None:
    """A due day, with or without "ngày"."""
    at = _THE.skip(source, at)
    return _edge_day(source, at) or _numeric_day(source, at) or _counted_day(source, at) or _english_day(source, at)


def _numeric_day(source: Source, at: int) -> Found | None:
    start = v.DAY.skip(source, at)
    kind = source.kind(start)
    if kind not in ("dmy", "ymd", "dm"):
        return None
    parts = numbers_in(source.token(start).text)
    source.reach(start + 1)
    if kind == "dm":
        return _with_year(source, Day(parts[0], "fixed", parts[1]), start + 1)
    return _dated(source, parts if kind == "dmy" else parts[::-1], start + 1)


def _dated(source: Source, parts: tuple[int, ...], end: int) -> Found | None:
    year = parts[2] if parts[2] > 99 else parts[2] + 2000
    found = Day(parts[0], "fixed", parts[1], year=year)
    return _checked(source, found, end)


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _checked(source: Source, found: Day, end: int) -> Found | None:
    """Refuses days that no year has, with a sentence for the officer."""
    wrong_month = found.place == "fixed" and not 1 <= found.month <= 12
    most = _LONGEST[found.month - 1] if found.place == "fixed" and not wrong_month else 31
    if wrong_month or not (found.day == -1 or 1 <= found.day <= most):
        source.complain(
            f"Không có ngày {found.day} tháng {found.month}." if found.month else f"Không có ngày {found.day}."
        )
        return None
    source.reach(end)
    return found, end


def _counted_day(source: Source, at: int) -> Found | None:
    """A day by its number: "ngày 18", "ngày 15 (mười lăm) tháng 12", "ngày 20 của tháng đầu quý sau"."""
    start = _ordinal(source, v.DAY.skip(source, at), at)
    found = digits(source, start, 2) or (calendar_number(source, start) if start > at else None)
    if not found or v.HOUR.match(source, found[1]) or v.TIMES.match(source, found[1]):
        return None
    dashed = _dashed(source, start, start > at)
    if dashed:
        return _with_year(source, *dashed)
    value, end = repeated_in_words(source, found)
    end = _ENGLISH_DAY.skip(source, end) if source.kind(start) == "ordinal" else end
    placed = month_place(source, Day(value, "bare"), end)
    if placed and _needs_day_word(source, placed[0], end) and start == at and source.kind(at) != "ordinal":
        return None
    if placed:
        return _checked(source, *placed)
    month = _english_month(source, v.OF.skip(source, end))
    if month:
        return _with_year(source, Day(value, "fixed", month[0]), month[1])
    if start == at and source.kind(at) != "ordinal":
        return _bare_number(source, value, at, end)
    return _checked(source, Day(value, "bare"), end)


def _ordinal(source: Source, start: int, at: int) -> int:
    """Ngày thứ 20 của tháng; up to "ngày thứ 7" it may be a day of the week."""
    after = _NTH.match(source, start) if start > at else None
    found = digits(source, after, 2) if after else None
    return after if after and found and found[0] > 8 else start


def _dashed(source: Source, at: int, worded: bool) -> tuple[Day, int] | None:
    """Ngày 30-6: a day and its month; "ngày 5-6" may be two days and is left to other readers."""
    first, sign, second = source.token(at), source.token(at + 1), source.token(at + 2)
    tight = sign.text in ("-", "–") and first.end == sign.start and sign.end == second.start
    if not worded or not tight or first.kind != "num" or second.kind != "num" or len(second.text) > 2:
        return None
    day, month = int(first.text), int(second.text)
    return (Day(day, "fixed", month), at + 3) if 31 >= day > month and 1 <= month <= 12 else None


def _needs_day_word(source: Source, found: Day, at: int) -> bool:
    """ "6 tháng cuối quý" and "6 tháng báo cáo" count months: only "25 hằng tháng", "15 tháng 6" do without "ngày"."""
    return found.place in ("quarter", "period", "next") or (found.place == "each" and not v.EVERY.match(source, at))


def _bare_number(source: Source, value: int, at: int, end: int) -> Found | None:
    """A naked number is a day only inside a list of days ("24, 25 và 26 tháng 8") or after a cue; the caller knows."""
    unit = any(each.match(source, end) for each in (v.MONTH, v.DAY, v.WEEK, v.YEAR, v.QUARTER))
    return None if unit else _checked(source, Day(value, "bare"), end)


@opened_by(_EDGE_DAY)
def _edge_day(source: Source, at: int) -> Found | None:
    for words, value in ((_LAST_DAY, -1), (_FIRST_DAY, 1)):
        end = words.match(source, at)
        placed = month_place(source, Day(value, "bare"), end) if end else None
        if placed:
            return placed
        quarter = _OF_QUARTER.match(source, end) if end and value == -1 else None
        if quarter and not roman(source, quarter):
            return _which_quarters(source, Day(-1, "quarter", -1), quarter)
    return None


def _english_day(source: Source, at: int) -> Found | None:
    """May 20, 2025."""
    month = _english_month(source, at)
    found = digits(source, month[1], 2) if month else None
    if not month or not found:
        return None
    return _with_year(source, Day(found[0], "fixed", month[0]), found[1])


@opened_by(ENGLISH_MONTH)
def _english_month(source: Source, at: int) -> tuple[int, int] | None:
    if not source.is_bare(at) or source.keys[at] not in _ENGLISH_MONTHS:
        return None
    source.reach(at + 1)
    return _ENGLISH_MONTHS[source.keys[at]], at + 1


def the_day(source: Source, at: int) -> bool:
    """Whether an English "the last day", "the 18th" or a Vietnamese "hết ngày cuối cùng" opens here."""
    return any(words.match(source, _THE.skip(source, at)) for words in (_LAST_DAY, _FIRST_DAY))


def english_month(source: Source, at: int) -> tuple[int, int] | None:
    """An English month's name."""
    return _english_month(source, at)


def month_place(source: Source, found: Day, at: int) -> Found | None:
    """Which month a day belongs to: fixed, each, next, or a month of a quarter or of the reporting period."""
    if not source.starts[at] & _PLACE:
        return None
    return (
        _quarter_place(source, found, at)
        or _fixed_place(source, found, at)
        or _next_place(source, found, at)
        or _each_place(source, found, at)
    )


def _fixed_place(source: Source, found: Day, at: int) -> Found | None:
    start = v.THE_MONTHS.match(source, v.OF.skip(source, at))
    if not start:
        return None
    found = found._replace(every_year=start - v.OF.skip(source, at) > 1)
    token = source.token(start)
    if token.kind == "my":
        month, year = numbers_in(token.text)
        source.reach(start + 1)
        return _checked(source, found._replace(place="fixed", month=month, year=year), start + 1)
    value = calendar_number(source, start)
    if not value:
        return None
    return _with_year(source, found._replace(place="fixed", month=value[0]), value[1])


def _with_year(source: Source, found: Day, at: int) -> Found | None:
    """Takes in the year that follows a day and its month, if one does."""
    if not source.starts[at] & _YEARLY:
        return _checked(source, found, at)
    every = EVERY_YEAR.match(source, at)
    if every:
        return _checked(source, found._replace(every_year=True), every)
    of = v.OF.skip(source, at)
    report = v.REPORT_YEAR.match(source, of)
    if report:
        return _checked(source, found._replace(every_year=True), report)
    following = v.NEXT_YEAR.match(source, of)
    if following:
        after = v.REPORT_YEAR.match(source, v.OF.skip(source, following))
        return _checked(source, found._replace(following=True, every_year=after is not None), after or following)
    year = year_after(source, at)
    if year:
        return _checked(source, found._replace(year=year[0]), year[1])
    this = v.THIS_YEAR.match(source, at) or v.THIS_YEAR.match(source, of)
    if this and not year_number(source, this):
        return _checked(source, found._replace(this_year=True), this)
    return _checked(source, found, at)


def year_of(source: Source, found: Day, at: int) -> Found | None:
    """A day with the year that follows it."""
    return _with_year(source, found, at)


def year_after(source: Source, at: int) -> tuple[int, int] | None:
    """A year that follows a day, month or quarter: "năm 2025", "/2025", ", 2025", "2025"."""
    if not source.starts[at] & _BEFORE_YEAR:
        return None
    if source.is_punct(at, "(") and source.is_punct(at + 2, ")"):
        bracketed = year_number(source, at + 1)
        return (bracketed[0], at + 3) if bracketed else None
    start = at + 1 if source.is_punct(at, "/,.") else at
    if source.is_punct(at, "-–") and start == at:
        start = at + 1
    worded = v.YEAR.skip(source, v.OF.skip(source, start))
    found = year_number(source, worded)
    tight = source.is_punct(at, ".") and source.token(at).end == source.token(at + 1).start
    if not found or (worded == start and source.is_punct(at, "-–.") and not tight):
        return None
    return found


def _quarter_place(source: Source, found: Day, at: int) -> Found | None:
    """A month of a quarter: "tháng cuối quý", "tháng đầu tiên của quý sau", "tháng cuối kỳ báo cáo"."""
    start = _MONTHS.match(source, v.OF.skip(source, at))
    position = _position(source, start) if start else _english_position(source, at)
    if not position:
        return None
    month, end = position
    english = _ENGLISH_QUARTER.match(source, end)
    if english:
        return _checked(source, found._replace(place="quarter", month=month), english)
    english = _ENGLISH_NEXT_QUARTER.match(source, end)
    if english:
        return _checked(source, found._replace(place="quarter", month=month, following=True), english)
    quarter_at = v.EVERY.skip(source, v.OF.skip(source, end))
    after = v.QUARTER.match(source, quarter_at)
    if after:
        return _which_quarters(source, found._replace(place="quarter", month=month), after)
    period = v.REPORT_PERIOD.match(source, v.OF.skip(source, end))
    return _checked(source, found._replace(place="period", month=month), period) if period else None


def quarter_place(source: Source, found: Day, at: int) -> Found | None:
    """A day of a quarter's first month: "(05 ngày đầu) quý sau"."""
    after = v.QUARTER.match(source, v.EVERY.skip(source, v.OF.skip(source, at)))
    return _which_quarters(source, found._replace(place="quarter", month=1), after) if after else None


def _english_position(source: Source, at: int) -> tuple[int, int] | None:
    for words, value in _ENGLISH_POSITIONS:
        end = words.match(source, at)
        if end:
            return value, end
    return None


def _position(source: Source, at: int) -> tuple[int, int] | None:
    for words, value in ((v.FIRST, 1), (v.SECOND, 2), (v.THIRD, 3), (v.LAST, -1)):
        end = words.match(source, at)
        if end:
            return value, end
    return None


def _which_quarters(source: Source, found: Day, at: int) -> Found | None:
    listed = quarter_list(source, at)
    if listed:
        year = year_after(source, listed[1])
        if year:
            return None
        end = EVERY_YEAR.skip(source, listed[1])
        return _checked(source, found._replace(quarters=listed[0]), end)
    following = v.NEXT.match(source, at)
    if following:
        end = v.REPORT_PERIOD.skip(source, following)
        return _checked(source, found._replace(following=True), end)
    end = v.REPORT_PERIOD.skip(source, at)
    for words in (EVERY_YEAR, v.THIS_YEAR):
        end = words.skip(source, end)
    return _checked(source, found, end)


def quarter_list(source: Source, at: int) -> tuple[tuple[int, ...], int] | None:
    """Quarter numbers after "quý": "II, quý III và quý IV", "I, II, III"."""
    first = roman(source, at)
    if not first:
        return None
    values, end = [first[0]], first[1]
    while True:
        after = _list_sign(source, end)
        following = roman(source, v.QUARTER.skip(source, after)) if after else None
        if not following or v.MONTH.match(source, following[1]) or v.TIMES.match(source, following[1]):
            return tuple(values), end
        values.append(following[0])
        end = following[1]


def _list_sign(source: Source, at: int) -> int | None:
    comma = at + 1 if source.is_punct(at, ",/;") else None
    joined = v.AND.match(source, comma or at)
    return joined or comma


def _next_place(source: Source, found: Day, at: int) -> Found | None:
    quarter = _after_quarter(source, at)
    if quarter:
        return _checked(source, found._replace(place="quarter", month=1, following=True), quarter)
    end = _NEXT_MONTH.match(source, at)
    if not end:
        return None
    after = v.REPORT_PERIOD.skip(source, end)
    if any(v.QUARTER.match(source, place) for place in range(end, after)):
        return None
    if _UNKNOWN_PERIOD.match(source, end) == after > end:  # "tháng tiếp theo kỳ báo cáo": of which length?
        return _checked(source, found._replace(place="period", month=1, following=True), after)
    return _checked(source, found._replace(place="next"), after)


def _after_quarter(source: Source, at: int) -> int | None:
    """Tháng sau quý, tháng kế tiếp sau khi kết thúc quý, tháng đầu tiên sau quý báo cáo."""
    end = v.MONTH_AFTER_QUARTER.match(source, at)
    if not end or roman(source, end) or source.kind(end) in ("num", "my"):
        return None
    return end


def _each_place(source: Source, found: Day, at: int) -> Found | None:
    end = _EACH_MONTH.match(source, at)
    if not end or source.kind(end) in ("num", "my"):
        return None
    period = v.REPORT_PERIOD.match(source, end)
    # "Hằng tháng báo cáo UBND tỉnh" reports to someone: the word is no part of the month.
    end = period if period and not v.ORGAN.match(source, period) else end
    return _checked(source, found._replace(place="each"), v.THIS_YEAR.skip(source, end))
