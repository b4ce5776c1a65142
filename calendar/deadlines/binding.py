"""Joining days to frequencies: which due day belongs to which period."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from deadlines.atoms import Day, Point
from deadlines.patterns import Freq, Slot, slot
from deadlines.rules import Once, Rule, recurring
from deadlines.spans import Unsure, Way

Dated = tuple[tuple[Day, bool], ...]  # days, each with whether it is itself excluded
_PERIOD_MONTHS: dict[str, int] = {
    "monthly": 1,
    "bimonthly": 2,
    "quarterly": 3,
    "semiannual": 6,
    "nine_month": 9,
    "annual": 12,
}
_BY_COUNT: dict[int, Freq] = {1: "annual", 2: "semiannual", 4: "quarterly", 6: "bimonthly", 12: "monthly"}


def bind(freqs: Sequence[Freq], points: list[Point], year: int) -> list[Rule]:
    """Rules for frequencies and the days named beside them.

    Raises:
        Unsure: the days do not fit the frequencies.
    """
    if len(freqs) == 1:
        monthly = freqs[0] == "monthly" and all(day.place in ("bare", "each") for each in points for day in each.days)
        if monthly and len({day.day for each in points for day in each.days}) > 1:
            return _several("monthly", [(day, each) for each in points for day in each.days], year)
        days = [(day, point) for point in points for day in point.days]
        return [_bound(freqs[0], days, year)]
    if points[0].cue == "before" and any(point.cue == "none" and not point.time for point in points[1:]):
        raise Unsure("Chữ «trước» ở mốc đầu không rõ có áp dụng cho mốc sau không.")
    flat = [(day, point) for point in points for day in point.days]
    if len(flat) != len(freqs):
        raise Unsure(f"Có {len(freqs)} kỳ báo cáo nhưng {len(flat)} mốc ngày; không rõ mốc nào của kỳ nào.")
    fixed = [(day.following, day.month, day.day) for day, _ in flat if day.place == "fixed"]
    if fixed != sorted(fixed):
        raise Unsure("Các mốc ngày không xếp theo thứ tự các kỳ; không rõ mốc nào của kỳ nào.")
    return [_bound(freq, [pair], year) for freq, pair in zip(freqs, flat, strict=True)]


def _bound(freq: Freq, days: list[tuple[Day, Point]], year: int) -> Rule:
    time = days[0][1].time
    placed = [(day, _excludes(point)) for day, point in days]
    if any(day.year for day, _ in placed):
        raise Unsure("Việc lặp lại nhưng mốc ngày lại ghi một năm cụ thể.", [_onces(placed, year)])
    if any(day.day == -1 and excluded for day, excluded in placed):
        raise Unsure("«Trước ngày cuối cùng» không chỉ ra ngày cuối được tính.")
    slots = _slots(freq, tuple(placed))
    if slots is None:
        raise Unsure(f"Mốc ngày không khớp với kỳ {FREQ_NAMES[freq]}.")
    parts = freq == "annual" and slots[0].period[0] in "HQ"
    named: Freq = _BY_COUNT[len(slots)] if parts else freq
    return recurring(named, year, slots, time=time)


FREQ_NAMES: dict[str, str] = {
    "daily": "hằng ngày",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "bimonthly": "2 tháng",
    "quarterly": "hằng quý",
    "semiannual": "6 tháng",
    "nine_month": "9 tháng",
    "annual": "hằng năm",
}


def _excludes(point: Point) -> bool:
    """ "Trước ngày" excludes the day; "trước 15 giờ ngày" does not."""
    return point.cue in ("before", "ahead") and point.time is None


@lru_cache(maxsize=4096)
def _slots(freq: Freq, days: Dated) -> tuple[Slot, ...] | None:
    places = {day.place for day, _ in days}
    if places == {"fixed"}:
        return _fixed(freq, days)
    if len(days) != 1:
        return None
    day, excluded = days[0]
    if day.place in ("bare", "each", "next") and freq == "monthly":
        later = 1 if day.place == "next" else 0
        return tuple(slot(f"M{m}", m + later, day.day, excluded=excluded) for m in range(1, 13))
    if day.place == "quarter" and freq == "quarterly":
        return _quarter_slots(day, excluded)
    if day.place == "period" and freq in _PERIOD_MONTHS:
        return _period_slots(freq, day, excluded)
    return None


def _quarter_slots(day: Day, excluded: bool) -> tuple[Slot, ...]:
    position = 3 if day.month == -1 else day.month
    later = 3 if day.following else 0
    quarters = day.quarters or (1, 2, 3, 4)
    return tuple(slot(f"Q{q}", q * 3 - 3 + position + later, day.day, excluded=excluded) for q in quarters)


def _period_slots(freq: Freq, day: Day, excluded: bool) -> tuple[Slot, ...] | None:
    """The last month of the reporting period, or the month after it, whatever the period's length."""
    if day.month != -1 and not day.following:
        return None
    ends = recurring(freq, 2001).pattern
    later = int(day.following)
    return tuple(slot(each.period, each.month + later, day.day, excluded=excluded) for each in ends)


def _fixed(freq: Freq, days: Dated) -> tuple[Slot, ...] | None:
    months = [day.month + (12 if day.following else 0) for day, _ in days]
    codes = _codes(freq, months)
    if codes is None or months != sorted(months):
        return None
    return tuple(
        slot(code, month, day.day, excluded=excluded)
        for code, month, (day, excluded) in zip(codes, months, days, strict=True)
    )


def _codes(freq: Freq, months: list[int]) -> list[str] | None:
    """The period that each fixed day reports on, in order."""
    count = len(months)
    if freq == "annual":
        return _annual_codes(count, months)
    if freq == "semiannual":
        return _half_codes(months)
    if freq == "nine_month" and count == 1 and 8 <= months[0] <= 11:
        return ["9M"]
    if freq == "quarterly" and count == 4:
        fits = all(q * 3 <= month + 1 <= q * 3 + 3 for q, month in zip((1, 2, 3, 4), months, strict=True))
        return ["Q1", "Q2", "Q3", "Q4"] if fits else None
    if freq == "bimonthly" and count == 6:
        fits = all(pair * 2 <= month <= pair * 2 + 2 for pair, month in enumerate(months, 1))
        return [f"B{pair}" for pair in range(1, 7)] if fits else None
    if freq == "monthly" and months in (list(range(1, 13)), list(range(2, 14))):
        return [f"M{number}" for number in range(1, 13)]
    return None


def _annual_codes(count: int, months: list[int]) -> list[str] | None:
    if count == 1:
        return ["Y"]
    halves = _half_codes(months) if count == 2 else None
    if halves:
        return halves
    if count == 4 and all(q * 3 <= month + 1 <= q * 3 + 3 for q, month in zip((1, 2, 3, 4), months, strict=True)):
        return ["Q1", "Q2", "Q3", "Q4"]
    distinct = len(set(months)) == count and max(months) <= 12
    return [f"M{month}" for month in months] if distinct else None


def _half_codes(months: list[int]) -> list[str] | None:
    if len(months) == 1:
        return ["H1"] if 4 <= months[0] <= 8 else ["H2"] if 10 <= months[0] <= 14 else None
    fits = len(months) == 2 and months[0] <= 8 and 9 <= months[1] <= 14
    return ["H1", "H2"] if fits else None


def free_point(point: Point, year: int, *, periodic: bool) -> list[Rule]:
    """Rules for days that stand without a frequency.

    Raises:
        Unsure: the days alone do not make a date.
    """
    days = [(day, _excludes(point)) for day in point.days]
    places = [day.place for day in point.days]
    if "bare" in places or "period" in places:
        raise _unplaced(point, year)
    if set(places) in ({"each"}, {"next"}):
        return _several("monthly", [(day, point) for day in point.days], year)
    if set(places) == {"each", "next"}:
        return [_single("monthly", days, year, point)]
    if any(len(day.quarters) == 1 for day in point.days):
        raise Unsure("Chỉ nêu một quý; không rõ chỉ một lần hay lặp lại hằng năm.")
    if set(places) == {"quarter"}:
        return [_single("quarterly", days, year, point)]
    if set(places) == {"quarter", "fixed"}:
        return _quarter_half_year(days, year, point)
    if set(places) != {"fixed"}:
        return _each_period(days, year, point)
    if all(day.every_year for day in point.days) or (
        periodic and len(days) > 1 and not any(day.year for day in point.days)
    ):
        return [_bound("annual", [(day, point) for day in point.days], year)]
    if any(day.following for day in point.days):
        raise Unsure("«Năm sau» nhưng không rõ là báo cáo năm lặp lại hay chỉ một lần.", _next_year(days, year, point))
    return _once(days, year, point)


def _unplaced(point: Point, year: int) -> Unsure:
    """Ngày 18; ngày 20 của tháng cuối kỳ báo cáo: the month, or the length of the period, is not said."""
    named = [day for day in point.days if day.place in ("bare", "period")]
    only = len(point.days) == 1
    if any(day.place == "period" for day in named):
        freqs: tuple[Freq, ...] = ("quarterly", "semiannual", "annual") if only else ()
        month = "sau" if named[0].following else "cuối"
        reason = f"«Tháng {month} kỳ báo cáo» nhưng không rõ kỳ là quý, 6 tháng hay năm."
    else:
        freqs = ("monthly",) if only else ()
        reason = f"Có ngày {named[0].day} nhưng không rõ tháng nào."
    ways: list[Way] = []
    for freq in freqs:
        with suppress(Unsure):
            ways.append((_bound(freq, [(named[0], point)], year),))
    return Unsure(reason, ways)


def _several(freq: Freq, days: Sequence[tuple[Day, Point]], year: int) -> list[Rule]:
    """Ngày 5 và ngày 20 hằng tháng: both days fall due in every month."""
    return [_bound(freq, [pair], year) for pair in dict.fromkeys(days)]


def _single(freq: Freq, days: list[tuple[Day, bool]], year: int, point: Point) -> Rule:
    if len(days) > 1:
        ways = [tuple(_bound(freq, [(day, point)], year) for day, _ in days)]
        raise Unsure("Có nhiều ngày trong một kỳ; cần xác nhận mỗi kỳ nộp mấy lần.", ways)
    return _bound(freq, [(days[0][0], point)], year)


def _quarter_half_year(days: list[tuple[Day, bool]], year: int, point: Point) -> list[Rule]:
    """Ngày ... tháng cuối của quý, ngày ... tháng 6 và ngày ... tháng 12 hằng năm: quarter, half year, year."""
    rules: list[Rule] = []
    for day, _ in days:
        freq: Freq | None = "quarterly" if day.place == "quarter" else {6: "semiannual", 12: "annual"}.get(day.month)  # type: ignore[assignment]
        if freq is None or (day.place == "fixed" and not day.every_year):
            raise Unsure("Các mốc vừa theo quý vừa theo ngày cố định; không rõ mốc nào của kỳ nào.")
        rules.append(_bound(freq, [(day, point)], year))
    return rules


def _each_period(days: list[tuple[Day, bool]], year: int, point: Point) -> list[Rule]:
    """Ngày 20 hằng tháng, ngày 15 của tháng cuối quý: each day says its own period, and each period comes once."""
    freqs: dict[str, Freq] = {"each": "monthly", "next": "monthly", "quarter": "quarterly"}
    named = [freqs.get(day.place, "annual" if day.every_year else None) for day, _ in days]
    if None in named or len(set(named)) < len(named):
        raise Unsure("Các mốc ngày theo nhiều loại kỳ khác nhau; không rõ mốc nào của kỳ nào.")
    return [_bound(freq, [(day, point)], year) for freq, (day, _) in zip(named, days, strict=True) if freq]


def _next_year(days: list[tuple[Day, bool]], year: int, point: Point) -> tuple[Way, ...]:
    return _onces(days, year), (_bound("annual", [(day, point) for day, _ in days], year),)


def _onces(days: list[tuple[Day, bool]], year: int) -> Way:
    return tuple(Once(None, day.in_year(year) - timedelta(days=int(excluded))) for day, excluded in days)


def _once(days: list[tuple[Day, bool]], year: int, point: Point) -> list[Rule]:
    if point.cue == "after":
        raise Unsure("«Sau ngày» chỉ nói lúc bắt đầu, không nói hạn.")
    if any(day.day == -1 and excluded for day, excluded in days):
        raise Unsure("«Trước ngày cuối cùng» không chỉ ra ngày cuối được tính.")
    dates = [day.in_year(year) for day, _ in days]
    if point.time == "00:00":
        either = (Once(None, dates[0] - timedelta(days=1)), Once(None, dates[0]))
        raise Unsure("0 giờ là lúc ngày bắt đầu; không rõ hạn là hết ngày hôm trước hay trong ngày đó.", either)
    if len(days) == 1:
        return [Once(None, dates[0] - timedelta(days=int(days[0][1])), point.time)]
    follows = all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates))
    if follows and point.cue in ("none", "in"):
        return [Once(dates[0], dates[-1])]
    if all(day.year for day in point.days) and len({*dates}) == len(dates):
        return list(_onces(days, year))
    ways: list[Way] = [_onces(days, year)]
    if not any(day.year for day in point.days):
        with suppress(Unsure):
            ways.append((_bound("annual", [(day, point) for day in point.days], year),))
    raise Unsure("Có nhiều mốc ngày; không rõ là nhiều lần trong năm nay hay lặp lại hằng năm.", ways)
