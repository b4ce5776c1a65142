"""The part of the grammar that reads frequencies: "hằng tháng, quý, năm", "3 tháng/lần", "02 lần/năm", "quarterly"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deadlines import vocabulary as v
from deadlines.atoms import Every
from deadlines.figures import NUMBER, digits, number, roman, year_number
from deadlines.patterns import Freq
from deadlines.source import Source, Words, any_of, once, opened_by


@dataclass(frozen=True)
class FreqList:
    """A list of frequencies: its end, whether it closes with "cuối năm", holds a bare "năm", is joined by "hoặc"."""

    freqs: list[Freq]
    end: int
    year_end: bool
    bare_year: bool
    either: bool


_ADVERBS: tuple[tuple[Words, Freq], ...] = (
    (Words("daily", "every day", "each day", "every working day"), "daily"),
    (Words("weekly", "every week", "each week"), "weekly"),
    (
        Words(
            "monthly",
            "every month",
            "each month",
            "once a month",
            "các tháng trong năm",
            "by the end of each month",
            "by the end of every month",
            "at the end of each month",
            "at the end of every month",
        ),
        "monthly",
    ),
    (Words("every two months", "every 2 months"), "bimonthly"),
    (Words("quarterly", "every quarter", "each quarter", "every three months", "every 3 months"), "quarterly"),
    (Words("các quý trong năm"), "quarterly"),
    (Words("semiannual", "semiannually", "every six months", "every 6 months"), "semiannual"),
    (Words("twice a year", "two times a year", "every half year", "bán niên"), "semiannual"),
    (Words("annual", "annually", "yearly", "every year", "each year", "once a year"), "annual"),
    (Words("thường niên", "hằng niên"), "annual"),
)
_UNIT = any_of(v.DAY, v.WEEK, v.MONTH, v.QUARTER, v.YEAR)
_ADVERB = any_of(*(words for words, _ in _ADVERBS), Words("semi", "half"))
UNIT_WORDS = _UNIT | _ADVERB
_HYPHENATED = (("semi", "annually"), ("semi", "annual"), ("half", "yearly"))
_MONTHS: dict[int, Freq] = {
    1: "monthly", 2: "bimonthly", 3: "quarterly", 6: "semiannual", 9: "nine_month", 12: "annual",
}  # fmt: skip
_TIMES_A_YEAR: dict[int, Freq] = {1: "annual", 2: "semiannual", 4: "quarterly", 6: "bimonthly", 12: "monthly"}
_UNITS: tuple[tuple[Words, Freq], ...] = (
    (v.DAY, "daily"), (v.WEEK, "weekly"), (v.MONTH, "monthly"), (v.QUARTER, "quarterly"), (v.YEAR, "annual"),
)  # fmt: skip
_ONCE = Words("một lần", "1 lần", "01 lần", "một kỳ", "một đợt")
_A_TIME = Words("lần", "kỳ", "đợt", "một lần", "1 lần", "01 lần")
_HALF_TAIL = Words("đầu năm", "trong năm", "một lần", "1 lần", "01 lần")
_FROM_JANUARY = Words("đầu năm", "cuối năm")
_AT_END = Words("cuối", "vào cuối", "vào ngày cuối cùng của", "the end of", "at the end of", "by the end of")
_YEAR_PARTS = Words("cuối năm", "cả năm", "tổng kết năm", "và cả năm", "tổng kết cuối năm", "báo cáo năm")
_REPORT = Words("báo cáo")
_WHOLE_YEAR = Words("cả năm", "tổng kết năm", "tổng kết cả năm")
_AT_LEAST = Words("ít nhất", "tối thiểu")
_IN_THE_YEAR = Words("trong năm", "trong cả năm", "trong suốt năm")
_HALF_YEAR = Words("6 tháng đầu năm", "06 tháng đầu năm", "sáu tháng đầu năm")
_ONE = NUMBER | _UNIT | any_of(v.PERIODIC, v.EVERY)
# What opens a frequency.
FREQUENCY = _ONE | _ADVERB | any_of(v.PER, v.FOR_REPORTS, v.BY_UNIT, _AT_END, _WHOLE_YEAR)
_CUED = any_of(v.BEFORE, v.LATEST)
_DATED = _CUED | any_of(v.DAY, kinds="dm dmy")  # what opens the date of a label


@opened_by(FREQUENCY)
@once
def every(source: Source, at: int) -> tuple[Every, int] | None:
    """A frequency or a list of them."""
    return (
        _times(source, at)
        or _report(source, at)
        or _listed(source, at)
        or _adverb(source, at)
        or _ends(source, at)
        or _whole_year(source, at)
    )


def _ends(source: Source, at: int) -> tuple[Every, int] | None:
    """Cuối mỗi quý, vào cuối hằng tháng."""
    start = _AT_END.match(source, at)
    after = v.EVERY.match(source, start) if start else None
    unit = _unit(source, after) if after else None
    return (Every((unit[0],)), unit[1]) if unit and unit[0] in ("monthly", "quarterly", "annual") else None


def _adverb(source: Source, at: int) -> tuple[Every, int] | None:
    found = _adverb_freq(source, v.PERIODIC.skip(source, at))
    if not found:
        return None
    freqs, end, either = [found[0]], found[1], False
    while True:
        sign = _sign(source, end)
        following = _adverb_freq(source, sign) if sign else None
        if not sign or not following:
            return Every(tuple(freqs), either=either), end
        either = either or _chooses(source, sign)
        freqs.append(following[0])
        end = following[1]


def _chooses(source: Source, after: int) -> bool:
    """Whether the sign that ends at a place was "hoặc"."""
    return any(v.OR.match(source, place) == after for place in (after - 2, after - 1))


def _adverb_freq(source: Source, at: int) -> tuple[Freq, int] | None:
    if not source.starts[at] & _ADVERB:
        return None
    for words, freq in _ADVERBS:
        end = words.match(source, at)
        if end:
            return freq, end
    for first, second in _HYPHENATED:
        if (
            source.keys[at : at + 1] == [first]
            and source.is_punct(at + 1, "-")
            and source.keys[at + 2 : at + 3] == [second]
        ):
            source.reach(at + 3)
            return "semiannual", at + 3
    return None


def _times(source: Source, at: int) -> tuple[Every, int] | None:
    """02 lần/năm, mỗi năm 02 lần, một năm hai lần, 4 lần trong năm."""
    start = v.PERIODIC.skip(source, at)
    counted = number(source, start)
    after = v.TIMES.match(source, counted[1]) if counted else None
    if counted and after:
        slash = after + 1 if source.is_punct(after, "/") else v.PER.match(source, after)
        return _times_a_unit(source, counted[0], slash)
    unit = _unit(source, v.EVERY.skip(source, v.PER.skip(source, start)))
    if not unit or unit[0] not in ("annual", "monthly", "quarterly", "weekly"):
        return None
    counted = number(source, _AT_LEAST.skip(source, _work(source, unit[1])))
    after = v.TIMES.match(source, counted[1]) if counted else None
    return _every_of_count(source, counted[0], unit[0], after) if counted and after else None


def _work(source: Source, at: int) -> int:
    """Mỗi quý họp một lần: the work between the period and the count."""
    return v.NOUNS.match(source, at) or v.VERBS.skip(source, at)


def _times_a_unit(source: Source, count: int, at: int | None) -> tuple[Every, int] | None:
    unit = _unit(source, v.EVERY.skip(source, v.PER.skip(source, at))) if at else None
    if unit and at:
        return _every_of_count(source, count, unit[0], unit[1])
    counted = number(source, at) if at else None
    after = v.MONTH.match(source, counted[1]) if counted else None
    if counted and after and count == 1 and counted[0] in _MONTHS:
        return Every((_MONTHS[counted[0]],)), after
    return None


def _every_of_count(source: Source, count: int, unit: Freq, end: int) -> tuple[Every, int] | None:
    if count == 1:
        return Every((unit,)), end
    if unit == "annual" and count in _TIMES_A_YEAR:
        return Every((_TIMES_A_YEAR[count],)), end
    source.complain(f"Có số lần ({count} lần mỗi kỳ) nhưng không rõ rơi vào những ngày nào.")
    return None


def _report(source: Source, at: int) -> tuple[Every, int] | None:
    """Báo cáo 6 tháng; đối với báo cáo định kỳ hằng quý; (báo cáo năm)."""
    after = v.FOR_REPORTS.match(source, at)
    if not after:
        return None
    after = after + 1 if source.is_punct(after, ":") else after
    start = v.PERIODIC.skip(source, after)
    found = _freq_list(source, start)
    if not found or _is_dated(source, found.end):
        return None
    return _build(source, start, found, report=True)


def _listed(source: Source, at: int) -> tuple[Every, int] | None:
    opener = v.BY_UNIT.match(source, v.PERIODIC.skip(source, at)) or v.PERIODIC.match(source, at)
    if opener is not None and source.is_punct(opener, ":("):
        opener += 1 if source.is_punct(opener, ":") else 0
    if opener is None:
        opener = at
    found = _freq_list(source, opener)
    if not found:
        return None
    named = opener > at or v.EVERY.match(source, opener) or _says_once(source, opener, found.end) or _is_series(found)
    end = found.end
    bracketed = source.is_punct(end, "(") and (at > 0 or v.BEFORE.match(source, end + 1) is not None)
    if not named and not bracketed and not _is_label(source, at, found):
        return None
    return _build(source, opener, replace(found, end=_in_the_year(source, found.end)))


def _is_label(source: Source, at: int, found: FreqList) -> bool:
    """Quý: trước ngày 15 tháng cuối quý; 6 tháng: trước ngày 10/6; năm: 10/12."""
    opens = at == 0 or source.kind(at - 1) in ("newline", "bullet") or source.is_punct(at - 1, ",;.)")
    opens = opens or any(v.AND.match(source, place) == at for place in (at - 2, at - 1))
    one = len(found.freqs) == 1 and found.freqs[0] not in ("daily", "weekly")
    dated = _CUED if found.freqs == ["monthly"] else _DATED  # "tháng: 12" is the blank of a form
    return opens and one and source.is_punct(found.end, ":") and bool(source.starts[found.end + 1] & dated)


def _whole_year(source: Source, at: int) -> tuple[Every, int] | None:
    """Cả năm: trước ngày 10/12; báo cáo cả năm (trước ngày 10/12)."""
    named = v.FOR_REPORTS.match(source, at)
    end = _WHOLE_YEAR.match(source, at if named is None else named)
    if not end:
        return None
    sign = source.is_punct(end, ":(")
    dated = source.starts[end + 1 if sign else end] & _DATED
    return (Every(("annual",), report=True, label=True), end) if dated and (sign or named) else None


def _in_the_year(source: Source, at: int) -> int:
    """Hằng quý trong năm: the plan's own year, when no number follows."""
    end = _IN_THE_YEAR.match(source, at)
    return end if end and not _is_dated(source, end) else at


def _is_series(found: FreqList) -> bool:
    """ "Tháng, quý, năm" is a series of periods; "ngày, tháng, năm" is the head of a form."""
    freqs = found.freqs
    return len(freqs) > 1 and "daily" not in freqs and not {"quarterly", "semiannual"}.isdisjoint(freqs)


def _says_once(source: Source, start: int, end: int) -> bool:
    return any(words.match(source, place) == end for words in (_ONCE, _A_TIME) for place in range(start + 1, end))


def _build(source: Source, start: int, found: FreqList, report: bool = False) -> tuple[Every, int]:
    freqs, end, year_end = found.freqs, found.end, found.year_end
    halves = "semiannual" in freqs and "annual" in freqs
    said_first = any(_HALF_YEAR.match(source, place) for place in range(start, end))
    listed = found.bare_year if halves else report and "semiannual" in freqs
    reported = report and any(_REPORT.match(source, place) for place in range(max(start - 4, 0), start))
    bare = not _periodic_word(source, start, end)
    series = (reported and halves) or _recurs(source, start, found)
    return (
        Every(
            tuple(dict.fromkeys(freqs)),
            report=report,
            first_half_only=said_first or (halves and year_end),
            doubtful_half=listed and not (year_end or said_first or series),
            either=found.either,
            cumulative="nine_month" in freqs and _counts_three(source, start, end),
            label=bare and (report or source.is_punct(end, ":(")),
        ),
        end,
    )


def _recurs(source: Source, start: int, found: FreqList) -> bool:
    """Whether "định kỳ", "hằng" make "6 tháng" come again."""
    opened = start - 1 if source.is_punct(start - 1, "(:") else start
    before = any(v.PERIODIC.match(source, place) == opened for place in range(max(start - 5, 0), opened))
    return before or _says_once(source, start, found.end) or _periodic_word(source, start, found.end)


def _periodic_word(source: Source, start: int, end: int) -> bool:
    return any(words.match(source, place) for words in (v.PERIODIC, v.EVERY) for place in range(start, end))


def _counts_three(source: Source, start: int, end: int) -> bool:
    """Whether "quarterly" was written as "3 tháng"."""
    counts = ((place, number(source, place)) for place in range(start, end))
    return any(found and found[0] == 3 and v.MONTH.match(source, found[1]) for _, found in counts)


def _freq_list(source: Source, at: int) -> FreqList | None:
    """Frequencies joined by commas, "và", "/": the list, its end, whether it ends in "cuối năm", in a bare "năm"."""
    first = _one(source, at)
    if not first:
        return None
    freqs, end, year_end, either = [first[0]], first[1], False, False
    bare_year = first[0] == "annual" and not v.EVERY.match(source, at)
    while True:
        after = _sign(source, end)
        if not after:
            return FreqList(freqs, end, year_end, bare_year, either)
        closing = _YEAR_PARTS.match(source, after)
        following = ("annual", closing) if closing and not _is_dated(source, closing) else _next_one(source, after)
        if not following:
            return FreqList(freqs, end, year_end, bare_year, either)
        either = either or _chooses(source, after)
        year_end = year_end or following[1] == closing
        bare_year = bare_year or (following[0] == "annual" and not v.EVERY.match(source, after) and not closing)
        freqs.append(following[0])  # type: ignore[arg-type]
        end = following[1]


def _next_one(source: Source, at: int) -> tuple[Freq, int] | None:
    """A further frequency of a list, where "01 năm" needs no "lần"."""
    found = _one(source, at)
    if found or source.kind(at) != "num":
        return found
    counted = number(source, at)
    year = v.YEAR.match(source, counted[1]) if counted and counted[0] == 1 else None
    return ("annual", year) if year and not _is_dated(source, year) else None


def _sign(source: Source, at: int) -> int | None:
    comma = at + 1 if source.is_punct(at, ",/") else None
    return v.AND.match(source, comma or at) or v.OR.match(source, comma or at) or comma


@opened_by(_ONE)
@once
def _one(source: Source, at: int) -> tuple[Freq, int] | None:
    """One frequency: "hằng quý", "quý", "06 tháng", "6 tháng/lần", "ba tháng một lần"."""
    start = v.PERIODIC.skip(source, at)
    start = v.EVERY.skip(source, start)
    months = _months(source, start)
    if months:
        return months
    unit = _unit(source, start)
    numbered = source.kind(unit[1]) in ("num", "ordinal") if unit else False
    if not unit or (unit[0] == "daily" and numbered) or _is_dated(source, unit[1]):
        return None
    return unit[0], _once_tail(source, unit[1])


def _months(source: Source, at: int) -> tuple[Freq, int] | None:
    counted = number(source, at)
    after = v.MONTH.match(source, counted[1]) if counted else None
    if not counted or not after or counted[0] not in _MONTHS:
        return _counted_unit(source, at)
    tail = _once_tail(source, after)
    if tail == after:
        tail = _HALF_TAIL.skip(source, after) if counted[0] >= 6 else _once_tail(source, after)
        if tail == after and _FROM_JANUARY.match(source, after):
            return None
    return None if _is_dated(source, tail) else (_MONTHS[counted[0]], tail)


def _counted_unit(source: Source, at: int) -> tuple[Freq, int] | None:
    """01 năm, 1 quý, một tuần: only when "lần" follows."""
    counted = number(source, at)
    unit = _unit(source, counted[1]) if counted and counted[0] == 1 else None
    if not unit:
        return None
    end = _once_tail(source, unit[1])
    dated = unit[0] == "annual" and source.is_punct(end, "(") and v.BEFORE.match(source, end + 1) is not None
    return (unit[0], end) if end > unit[1] or dated else None


def _once_tail(source: Source, at: int) -> int:
    """Takes in "/lần", "/1 lần", "một lần"; "năm lần" alone may be five times."""
    if source.is_punct(at, "/"):
        return _A_TIME.match(source, at + 1) or at
    return _ONCE.match(source, at) or at


def _unit(source: Source, at: int) -> tuple[Freq, int] | None:
    if not source.starts[at] & _UNIT:
        return None
    for words, freq in _UNITS:
        end = words.match(source, at)
        if end:
            return freq, end
    return None


def _is_dated(source: Source, at: int) -> bool:
    """Whether a number follows, so that "tháng", "quý", "năm" names one of them and is no frequency."""
    counted = number(source, at)
    months = v.MONTH.match(source, counted[1]) if counted else None
    named = months is not None and source.kind(months) in ("num", "my")  # "ngày 20 tháng 12" counts no months
    if counted and (v.TIMES.match(source, counted[1]) or (months and not named)):
        return False
    if source.kind(at) in ("num", "my", "dm", "dmy", "doc") or roman(source, at) or year_number(source, at):
        return True
    return v.FIRST.match(source, at) is not None or v.LAST.match(source, at) is not None or bool(digits(source, at))
