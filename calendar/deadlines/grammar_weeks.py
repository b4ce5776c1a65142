"""The part of the grammar that reads weeks of a month and days of a week: "tuần đầu tháng 5", "thứ Ba, thứ Năm"."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Day, Doubt, Nth, Point, Stamp, Weekday
from deadlines.figures import CLOCK, WEEKDAYS, clock, number, weekday_number
from deadlines.free_text import separator
from deadlines.grammar_clauses import CUE, cue
from deadlines.grammar_spans import stamp
from deadlines.patterns import Freq
from deadlines.source import Source, Words, any_of

Read = tuple[Atom, int]

_ORDERS = (
    (Words("đầu", "đầu tiên", "nhất", "thứ nhất"), 1), (Words("hai", "thứ hai"), 2), (Words("ba", "thứ ba"), 3),
    (Words("tư", "bốn", "thứ tư"), 4), (Words("cuối", "cuối cùng"), -1),
)  # fmt: skip
_WEEKS = Words(
    "hằng tuần", "hàng tuần", "mỗi tuần", "trong tuần", "tuần sau", "tuần kế tiếp", "tuần tiếp theo", "tuần liền kề",
    "cuối tuần",
)  # fmt: skip
_PART_OF_DAY = Words("ngày", "vào ngày", "sáng", "chiều", "vào", "vào sáng", "vào chiều", "buổi sáng", "buổi chiều")
_OF_WEEK = Words("tuần", "của tuần", "trong tuần")
_THE_DAYS = Words("các ngày", "vào các ngày")
_WORKING_DAY = Words("ngày làm việc", "ngày công tác")
_IN_PERIOD: tuple[tuple[Words, Freq], ...] = (
    (Words(*(f"{of}{each}tháng" for of in ("", "của ", "trong ") for each in ("", "hằng ", "hàng ", "mỗi ", "từng "))),
     "monthly"),
    (Words(*(f"{of}{each}quý" for of in ("", "của ", "trong ") for each in ("", "hằng ", "hàng ", "mỗi ", "từng "))),
     "quarterly"),
)  # fmt: skip
_THE = Words("the")
_ENGLISH_ORDERS = (
    (Words("first"), 1), (Words("second"), 2), (Words("third"), 3), (Words("fourth"), 4), (Words("last"), -1),
)  # fmt: skip
_ENGLISH_PERIODS: tuple[tuple[Words, Freq], ...] = (
    (Words("of each month", "of every month", "of the month", "each month", "every month"), "monthly"),
    (Words("of each quarter", "of every quarter", "of the quarter", "each quarter", "every quarter"), "quarterly"),
)
_WEEK, _ORDINAL, _TIME = Words("tuần"), Words("thứ"), Words("lần")
# What opens each reader, and the words without which it finds nothing.
WEEK_WORDS, WORKING_DAYS = any_of(_WEEK), any_of(_WORKING_DAY)
WEEK = CUE | WEEK_WORDS
NTH_DAY = CUE | CLOCK | WEEKDAYS | WORKING_DAYS | any_of(_PART_OF_DAY)
ENGLISH_NTH = CUE | any_of(_THE, *(words for words, _ in _ENGLISH_ORDERS))
NAMED_DAYS = CUE | CLOCK | WEEKDAYS | any_of(_THE_DAYS, _PART_OF_DAY)


def no_day(source: Source, at: int, end: int) -> str:
    """The question about words that name no day."""
    return f"«{source.slice(at, end)}» không chỉ ra ngày nào; cần ghi ngày cụ thể."


def week_of_month(source: Source, at: int) -> Read | None:
    """Tuần đầu tháng 5; tuần thứ 2 của tháng 9/2026; tuần cuối hằng tháng."""
    start = cue(source, at)[1]
    after = _WEEK.match(source, start)
    order = _order(source, after) if after else None
    if not order:
        return None
    nth, end = order
    month = stamp(source, v.OF.skip(source, end))
    if month and month[0].unit == "month":
        return Doubt(no_day(source, at, month[1]), _days_of_week(nth, month[0])), month[1]
    each = _period(source, end)
    return Doubt(no_day(source, at, each[1] if each else end), _monthly_week(nth, each)), each[1] if each else end


def _order(source: Source, at: int) -> tuple[int, int] | None:
    ordinal = _ORDINAL.skip(source, at)
    counted = number(source, ordinal)
    if counted and 1 <= counted[0] <= 5 and source.kind(ordinal) == "num":
        return counted
    for words, nth in _ORDERS:
        end = words.match(source, at)
        if end:
            return nth, end
    return None


def _period(source: Source, at: int) -> tuple[Freq, int] | None:
    for words, freq in _IN_PERIOD:
        end = words.match(source, at)
        if end and source.kind(end) not in ("num", "my"):
            return freq, end
    return None


def _days_of_week(nth: int, month: Stamp) -> tuple[tuple[Atom, ...], ...]:
    """The nth seven days of a month: 1-7, 8-14 ... or its last seven days."""
    last = -1 if nth == -1 or nth > 4 else nth * 7
    return ((Point("latest", (Day(last, "fixed", month.number, year=month.year),)),),)


def _monthly_week(nth: int, each: tuple[Freq, int] | None) -> tuple[tuple[Atom, ...], ...]:
    if not each or each[0] != "monthly":
        return ()
    return ((Point("latest", (Day(-1 if nth == -1 or nth > 4 else nth * 7, "each"),)),),)


def nth_day(source: Source, at: int) -> Read | None:
    """Thứ Hai đầu tiên của tháng; thứ Sáu tuần cuối hằng tháng; ngày làm việc cuối cùng của mỗi quý."""
    start = cue(source, at)[1]
    hour = clock(source, start)
    start = hour[1] if hour else start
    working = _WORKING_DAY.match(source, start)
    start = _PART_OF_DAY.skip(source, start)
    named = weekday_number(source, start)
    if not named and not working:
        return None
    end = working or (named[1] if named else start)
    week = _OF_WEEK.skip(source, end)
    order = _order(source, week) or _order(source, _TIME.skip(source, week))
    each = _period(source, order[1]) if order else None
    if not order or not each:
        return None
    return Nth(order[0], named[0] if named else 0, each[0]), each[1]


def english_nth_day(source: Source, at: int) -> Read | None:
    """The first Monday of each month; by the last Friday of every quarter."""
    start = _THE.skip(source, cue(source, at)[1])
    for words, nth in _ENGLISH_ORDERS:
        after = words.match(source, start)
        named = weekday_number(source, after) if after else None
        for period, freq in _ENGLISH_PERIODS if named else ():
            end = period.match(source, named[1] if named else None)
            if named and end:
                return Nth(nth, named[0], freq), end
    return None


def weekdays(source: Source, at: int) -> Read | None:
    """Thứ Ba, thứ Năm hằng tuần; chiều thứ Sáu: several days a week, or one of which week is not said."""
    name, start = cue(source, at)
    hour = clock(source, start)
    days: list[int] = []
    place: int | None = _THE_DAYS.skip(source, hour[1] if hour else start)
    end = at
    while place is not None:
        named = weekday_number(source, _PART_OF_DAY.skip(source, place))
        if not named:
            break
        days.append(named[0])
        end = named[1]
        place = separator(source, end)
    if not days:
        return None
    week = _WEEKS.match(source, end)
    alone = at == 0 and source.kind(end) == "end"
    if not week and (len(days) > 1 or not alone):
        return None
    option = tuple(Weekday(name, day, hour[0] if hour else None) for day in days)
    reason = (
        "Có nhiều ngày trong một tuần; cần xác nhận mỗi tuần mấy lần."
        if len(days) > 1
        else (f"«{source.slice(at, week or end)}» nhưng không rõ là tuần nào, hay hằng tuần.")
    )
    return Doubt(reason, (option,)), week or end
