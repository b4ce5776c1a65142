"""The part of the grammar for words that are understood and still leave the day to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Day, Doubt, Event, Every, Lasting, Point, Range, Stamp, Window
from deadlines.figures import NUMBER, WEEKDAYS, number, roman, year_number
from deadlines.grammar_clauses import CUE, POINT, cue, point
from deadlines.grammar_days import year_after
from deadlines.grammar_events import DURATION, duration
from deadlines.grammar_spans import stamp
from deadlines.grammar_weeks import (
    ENGLISH_NTH,
    NAMED_DAYS,
    NTH_DAY,
    WEEK,
    WEEK_WORDS,
    WORKING_DAYS,
    english_nth_day,
    no_day,
    nth_day,
    week_of_month,
    weekdays,
)
from deadlines.grammar_windows import WINDOW, window
from deadlines.source import Source, Words, any_of
from deadlines.words import key

Read = tuple[Atom, int]

_VAGUE_PART = Words(
    "cuối tháng", "cuối quý", "đầu tháng", "đầu quý", "đầu năm", "giữa tháng", "giữa quý", "giữa năm",
    "trong tháng", "trong quý", "trong tuần", "cuối tuần", "đầu tuần", "cuối kỳ", "các năm tiếp theo",
    "những năm tiếp theo", "các năm sau", "các năm tiếp", "đầu kỳ", "cả năm", "đầu năm học", "cuối năm học",
    "vào cuối tháng", "vào cuối quý", "vào đầu năm", "vào đầu tháng", "vào đầu quý", "năm tiếp theo", "năm sau",
    "những năm sau", "những năm tới", "thời gian tới", "trong thời gian tới", "trong năm học", "trong nhiệm kỳ",
    "cả nhiệm kỳ", "đầu nhiệm kỳ", "cuối nhiệm kỳ", "giữa nhiệm kỳ", "ngày cuối tháng", "ngày cuối quý",
    "ngày cuối cùng của năm", "vào ngày cuối tháng", "vào ngày cuối quý", "ngày đầu tháng", "những tháng cuối năm",
)  # fmt: skip
_FOLLOWING_YEARS = Words(
    "các năm tiếp theo", "những năm tiếp theo", "các năm sau", "các năm tiếp", "những năm sau", "những năm tới",
)  # fmt: skip
_TET = Words(
    "tết nguyên đán", "tết âm lịch", "tết", "dịp tết", "dịp tết nguyên đán", "tết cổ truyền",
    "tết nguyên đán cổ truyền",
)  # fmt: skip
_ABOUT = Words("khoảng", "vào khoảng", "trong khoảng", "dự kiến khoảng", "around", "about", "approximately")
_AT_LEAST = Words("ít nhất", "tối thiểu", "ít nhất là", "at least")
_LUNAR = Words("âm lịch", "âl", "(âm lịch)")
_FEASTS = Words("rằm trung thu", "tết trung thu", "tết thiếu nhi", "tết dương lịch", "rằm tháng giêng", "tết đoan ngọ")
_STEM = Words("giáp", "ất", "bính", "đinh", "mậu", "kỷ", "canh", "tân", "nhâm", "quý")
_BRANCH = Words("tý", "sửu", "dần", "mão", "thìn", "tỵ", "tị", "ngọ", "mùi", "thân", "dậu", "tuất", "hợi")
# The first day of the lunar year by the Vietnamese calendar (UTC+7), an astronomical fact.
NEW_YEARS = {
    day.year: day
    for day in (
        date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26),
        date(2029, 2, 13), date(2030, 2, 2), date(2031, 1, 23), date(2032, 2, 11),
    )
}  # fmt: skip
_HEAD, _MIDDLE = Words("đầu"), Words("giữa")
_THE_YEARS = Words("các năm", "trong các năm", "những năm")
_ONE_TIME = Words("lần", "một lần", "1 lần", "01 lần")
_OF_QUARTER = Words("quý", "của quý", "mỗi quý", "hằng quý", "hàng quý", "của mỗi quý", "của hằng quý", "trong quý")
_EACH_MONTH = Words("mỗi tháng", "hằng tháng", "hàng tháng", "các tháng", "từng tháng")
_EACH_PERIOD = Words(
    "mỗi quý", "hằng quý", "hàng quý", "các quý", "mỗi năm", "hằng năm", "hàng năm", "các năm", "mỗi tuần"
)
_EVERY_TERM = Words(
    "nửa tháng một lần",
    "nửa năm một lần",
    "every two years",
    "mỗi nhiệm kỳ một lần",
    "mỗi nhiệm kỳ",
    "một nhiệm kỳ một lần",
)


def vague(source: Source, at: int) -> Read | None:
    """Words that are understood and still name no day: Tết, the first week, a school year, a time without its start."""
    present = source.present
    best: Read | None = None
    for read, words in _opened(source.starts[at]):
        found = read(source, at) if not words or present & words else None
        if found and (best is None or found[1] > best[1]):
            best = found
    return best


@lru_cache(maxsize=4096)
def _opened(here: int) -> tuple[tuple[Callable[[Source, int], Read | None], int], ...]:
    return tuple((read, words) for read, openers, words in _READERS if openers & here)


def _confirming(source: Source, at: int) -> Read | None:
    same = v.CONFIRMING.match(source, at)
    again = point(source, same) if same else None
    if not again:
        return None
    reason = "Ngày in kèm chữ «tức» phải được đối chiếu với cách tính đứng trước."
    return Doubt(reason, ((again[0],),)), again[1]


def _tet(source: Source, at: int) -> Read | None:
    name, start = cue(source, at)
    end = _FEASTS.match(source, start) or _TET.match(source, start)
    if not end:
        return None
    named = _BRANCH.match(source, _STEM.match(source, end) or end)
    year = year_after(source, named or end)
    closed = year[1] if year else named or end
    lunar = _FEASTS.match(source, start) is None
    eve = NEW_YEARS[year[0]] - timedelta(days=1) if lunar and year and year[0] in NEW_YEARS else None
    options = (_on(eve),) if eve and name == "before" else ()
    return Doubt("Ngày lễ, Tết theo âm lịch: cần người xác định ngày dương lịch cụ thể.", options), closed


def _on(day: date) -> tuple[Atom, ...]:
    return (Point("latest", (Day(day.day, "fixed", day.month, year=day.year),)),)


def _part(source: Source, at: int) -> Read | None:
    _, start = cue(source, at)
    loose = _VAGUE_PART.match(source, at) or _VAGUE_PART.match(source, start)
    if not loose:
        return None
    month = stamp(source, loose)
    end = month[1] if month else loose
    if not month and _FOLLOWING_YEARS.match(source, start):
        return Doubt(no_day(source, at, end), ((Every(("annual",)),), (Lasting(),))), end
    named = () if month else _edge_of_period(source, at, loose)
    return Doubt(no_day(source, at, end), (named,) if named else ()), end


def _edge_of_period(source: Source, at: int, end: int) -> tuple[Atom, ...]:
    """Cuối tháng, đầu tháng, ngày cuối quý as a day of every period."""
    words = [source.keys[place] for place in range(at, end)]
    last, first, middle = (key(word) in words for word in ("cuối", "đầu", "giữa"))
    if key("tháng") in words and (last or first or middle):
        return (Point("latest", (Day(-1 if last else 1 if first else 15, "each"),)),)
    return (Point("latest", (Day(-1, "quarter", -1),)),) if key("quý") in words and last else ()


def _about(source: Source, at: int) -> Read | None:
    """Khoảng ngày 15/5; ít nhất đến 31/12: a day that is not meant to the letter."""
    start = _ABOUT.match(source, at)
    named = start or _AT_LEAST.match(source, at)
    found = (point(source, named) or window(source, named)) if named else None
    if not named or not found or (not start and getattr(found[0], "cue", "") != "until"):
        return None
    return Doubt(f"«{source.slice(at, found[1])}» chỉ là ước chừng; cần ghi ngày cụ thể.", ((found[0],),)), found[1]


def _lunar(source: Source, at: int) -> Read | None:
    """10/3 âm lịch: a day of another calendar."""
    found = point(source, at) or window(source, at)
    end = _LUNAR.match(source, found[1]) if found else None
    return (Doubt("Ngày lễ, Tết theo âm lịch: cần người xác định ngày dương lịch cụ thể."), end) if end else None


def _school_year(source: Source, at: int) -> Read | None:
    start = cue(source, at)[1]
    term = v.TERM.match(source, start)
    after = v.SCHOOL_YEAR.match(source, _numbered(source, term) if term else start)
    if not term and not after:
        return None
    end = after or _numbered(source, term or start)
    first = year_number(source, end)
    end = first[1] if first else end
    last = year_number(source, end + 1) if source.is_punct(end, "-–") else None
    reason = "Năm học bắt đầu và kết thúc theo quyết định từng năm của UBND tỉnh; cần ghi ngày cụ thể."
    return Doubt(reason), last[1] if last else end


def _numbered(source: Source, at: int) -> int:
    found = roman(source, at)
    return found[1] if found else at


def _no_start(source: Source, at: int) -> Read | None:
    """Trong 05 ngày làm việc, and nothing to count from."""
    start = v.WITHIN.match(source, at)
    found = duration(source, at if start is None else start)
    if not found or (start is None and source.kind(at) != "num"):
        return None
    end = v.WORKING.skip(source, found[1])
    if source.kind(end) not in ("end", "newline") and not source.is_punct(end, ",;.)"):
        return None
    reason = f"«{source.slice(at, end)}» nhưng không rõ tính từ ngày nào."
    return Doubt(reason, ((Event("ngày nhận việc", found[0]),),)), end


def _after_day(source: Source, at: int) -> Read | None:
    """Sau ngày 01/7/2026: a beginning and no end."""
    start = v.AFTER.match(source, at)
    found = point(source, start) if start else None
    if not found:
        return None
    return Doubt("«Sau ngày» chỉ nói lúc bắt đầu, không nói hạn.", (_from_next_day(found[0]),)), found[1]


def _from_next_day(found: Atom) -> tuple[Atom, ...]:
    day = found.days[0] if isinstance(found, Point) else None
    if not day or day.place != "fixed" or not day.year:
        return (Lasting(),)
    following = day.in_year(day.year) + timedelta(days=1)
    return (Range(Stamp("day", following.day, following.month, following.year), None),)


def _part_of_each(source: Source, at: int) -> Read | None:
    """Đầu mỗi quý, giữa hằng tháng; vào tháng cuối quý: the part of each period is said and no day."""
    name, start = cue(source, at)
    month = v.MONTH.match(source, start)
    for words, position in ((v.FIRST, 1), (v.SECOND, 2), (v.LAST, -1)):
        after = words.match(source, month) if month else None
        end = _OF_QUARTER.match(source, after) if after else None
        meant = Point("latest", (Day(-1, "quarter", position),))
        if end and position == -1 and name in ("none", "in"):  # a month that is named ends on its last day
            return meant, end
        if end:
            return Doubt(no_day(source, at, end), ((meant,),)), end
    for words, day in ((_HEAD, 1), (_MIDDLE, 15)):
        after = words.match(source, start)
        each = _EACH_MONTH.match(source, after) if after else None
        end = each or (_EACH_PERIOD.match(source, after) if after else None)
        if end:
            option: tuple[Atom, ...] = (Point("latest", (Day(day, "each"),)),) if each else ()
            return Doubt(no_day(source, at, end), (option,) if option else ()), end
    return None


def _rare(source: Source, at: int) -> Read | None:
    """2 năm một lần, 4 tháng một lần, mỗi nhiệm kỳ một lần: the year holds no whole number of them that is sure."""
    reason = "Chu kỳ này không chia đều một năm: cần ghi rõ những ngày đến hạn."
    term = _EVERY_TERM.match(source, v.PERIODIC.skip(source, at))
    if term:
        return Doubt(reason), term
    counted = number(source, v.EVERY.skip(source, v.PERIODIC.skip(source, at)))
    after = None
    for unit in (v.YEAR, v.MONTH, v.QUARTER, v.DAY, v.WEEK):
        after = after or (unit.match(source, counted[1]) if counted and counted[0] > 1 else None)
    if not after:
        return None
    slash = after + 1 if source.is_punct(after, "/") else after
    end = _ONE_TIME.match(source, slash)
    return (Doubt(reason), end) if end else None


def _bare_figures(source: Source, at: int) -> Read | None:
    """20.4, 9/10 or 24/7 alone in a cell may be a date, a number, a share, round the clock."""
    token = source.token(at)
    alone = at == 0 and source.kind(1) == "end" and token.kind == "dm"
    day, _, month = token.text.replace(".", "/").replace(" ", "").partition("/")
    if not alone or not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return None
    dated = (Point("latest", (Day(int(day), "fixed", int(month)),)),)
    others = ((Lasting(),),) if token.text == "24/7" else ()
    reason = f"«{token.text}» có thể là ngày {int(day)} tháng {int(month)}, cũng có thể là con số khác."
    return Doubt(reason, (dated, *others)), 1


def _years(source: Source, at: int) -> Read | None:
    """Các năm 2026, 2027, 2028."""
    start = _THE_YEARS.match(source, at)
    found = stamp(source, start) if start else None
    if not found or found[0].unit != "year":
        return None
    stamps, end = [found[0]], found[1]
    while True:
        comma = end + 1 if source.is_punct(end, ",") else None
        following = year_number(source, v.AND.match(source, comma or end) or comma or len(source.tokens))
        if not following:
            break
        stamps.append(Stamp("year", year=following[0]))
        end = following[1]
    each = tuple(Window("none", stamp_) for stamp_ in stamps)
    whole = Window("none", Stamp("years", year=stamps[0].year, until_year=stamps[-1].year or 0))
    return Doubt("Có nhiều năm; không rõ là một khoảng dài hay mỗi năm một lần.", (each, (whole,))), end


# Each reader with what opens it and the words without which it is not tried; 0: always.
_READERS: tuple[tuple[Callable[[Source, int], Read | None], int, int], ...] = (
    (_confirming, any_of(v.CONFIRMING), 0),
    (_tet, CUE | any_of(_TET, _FEASTS), any_of(_TET, _FEASTS)),
    (week_of_month, WEEK, WEEK_WORDS),
    (nth_day, NTH_DAY, WEEKDAYS | WORKING_DAYS),
    (english_nth_day, ENGLISH_NTH, WEEKDAYS),
    (weekdays, NAMED_DAYS, WEEKDAYS),
    (_part, CUE | any_of(_VAGUE_PART), any_of(_VAGUE_PART)),
    (_school_year, CUE | any_of(v.TERM, v.SCHOOL_YEAR), any_of(v.TERM, v.SCHOOL_YEAR)),
    (_no_start, DURATION | any_of(v.WITHIN), 0),
    (_after_day, any_of(v.AFTER), 0),
    (_rare, NUMBER | any_of(v.PERIODIC, v.EVERY, _EVERY_TERM), any_of(_ONE_TIME, _EVERY_TERM)),
    (_bare_figures, any_of(kinds="dm"), 0),
    (_about, any_of(_ABOUT, _AT_LEAST), 0),
    (_lunar, POINT | WINDOW, any_of(_LUNAR)),
    (_years, any_of(_THE_YEARS), 0),
    (_part_of_each, CUE | any_of(v.MONTH, _HEAD, _MIDDLE), any_of(_OF_QUARTER, _EACH_MONTH, _EACH_PERIOD)),
)
VAGUE = reduce(or_, (openers for _, openers, _ in _READERS))
