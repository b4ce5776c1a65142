"""What stands beside a series: labels that make one, months it leaves out, stretches that bound it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from deadlines.atoms import Atom, Day, Every, Except, Filler, Lasting, Mark, Point, Range, Window
from deadlines.binding import bind
from deadlines.layout import Item
from deadlines.patterns import Slot, slot
from deadlines.rules import Once, Recurring, Rule, recurring
from deadlines.spans import Unsure

_REPORTED = ("semiannual", "nine_month", "annual")


def labelled(pieces: list[Atom]) -> list[Atom]:
    """Quý I: trước ngày 10/3; năm: trước ngày 10/12: beside a dated label of a report, a dated stretch is one, too."""
    if not any(isinstance(piece, Window) for piece in pieces) or not any(
        isinstance(piece, Every) and piece.label and piece.freqs[0] in _REPORTED and _day_of(pieces, place)
        for place, piece in enumerate(pieces)
    ):
        return pieces
    return [_label(piece, _day_of(pieces, place)) for place, piece in enumerate(pieces)]


def _day_of(pieces: list[Atom], at: int) -> Point | None:
    """The days without a year that a label at a place is dated by."""
    for piece in pieces[at + 1 :]:
        if isinstance(piece, Point):
            plain = piece.cue != "until" and all(day.place == "fixed" and not day.year for day in piece.days)
            return piece if plain else None
        if not isinstance(piece, Filler) and not (isinstance(piece, Mark) and piece.sign in (":", "(", ",")):
            return None
    return None


def _label(piece: Atom, day: Point | None) -> Atom:
    stamp = piece.stamp if isinstance(piece, Window) and not piece.more and piece.cue == "none" else None
    if not day or not stamp or stamp.year or stamp.next_year or stamp.edge:
        return piece
    made = {
        "quarter": Every(("quarterly",), label=True, quarters=(stamp.number,)),
        "half": Every(("semiannual",), label=True, first_half_only=True) if stamp.number == 1 else None,
        "nine": Every(("nine_month",), label=True),
    }.get(stamp.unit)
    return made.at(piece.start, piece.end) if made else piece


def bind_label(every: Every, points: list[Point], year: int) -> Sequence[Rule]:
    """Rules for frequencies and the days beside them, where a label may name one quarter or a day of one year.

    Raises:
        Unsure: the days do not fit the frequencies.
    """
    days = [(day, point) for point in points for day in point.days]
    if every.label and not every.report and any(point.cue == "until" for point in points):
        raise Unsure("«Đến» sau tên kỳ có thể là ngày chốt số liệu, không phải hạn gửi.")
    if every.quarters:
        return [_of_quarter(every.quarters[0], days, year)]
    once = every.label and len(days) == len(every.freqs) == 1 and every.freqs[0] in _REPORTED
    day, point = days[0]
    if once and day.place == "fixed" and day.year and day.day > 0:  # "báo cáo năm: trước ngày 15/12/2026"
        return [Once(None, day.in_year(year) - timedelta(days=_excluded(point)), point.time)]
    return bind(every.freqs, points, year)


def _of_quarter(quarter: int, days: list[tuple[Day, Point]], year: int) -> Rule:
    day, point = days[0]
    if len(days) > 1 or day.following or (day.month + 2) // 3 != quarter or day.day < 1 or point.time:
        raise Unsure(f"Mốc ngày không khớp với báo cáo quý {quarter}.")
    return recurring("quarterly", year, (slot(f"Q{quarter}", day.month, day.day, excluded=_excluded(point)),))


def _excluded(point: Point) -> bool:
    return point.cue == "before" and point.time is None


def bounds_series(atom: Atom, year: int) -> bool:
    """Whether a stretch of whole years holds the plan year, so that the series falls due in all of it.

    "Giai đoạn 2026-2030", "từ năm 2026", "đến năm 2030" bound a series to years, and no day of the plan year moves.
    """
    if isinstance(atom, Window):
        stamp = atom.stamp
        if atom.more or stamp.edge or not stamp.year or stamp.unit not in ("years", "year"):
            return False
        last = stamp.until_year if stamp.unit == "years" else stamp.year
        if stamp.unit == "year":
            return atom.cue == "until" and last > year
        return atom.cue in ("none", "in") and stamp.year <= year <= last
    if not isinstance(atom, Range) or not atom.left or atom.left.unit != "year" or atom.left.edge:
        return False
    right = atom.right
    ends = right is None or (right.unit == "year" and not right.edge and year <= (right.year or 0))
    return ends and (atom.left.year or 0) <= year


def bounds_next(items: Sequence[Item], place: int, year: int) -> bool:
    """Giai đoạn 2026-2030, hằng năm; từ năm 2026 và thực hiện hằng năm: the years bound the series behind them.

    A report behind them ("từ năm 2026, báo cáo hằng năm") is another duty.

    Raises:
        Unsure: a beginning or years that do not hold the plan year stand before the series.
    """
    item, following = items[place], items[place + 1] if place + 1 < len(items) else None
    every = following.atom if following else None
    if not following or not isinstance(every, Every) or every.freqs[0] in ("daily", "weekly"):
        return False
    if every.report or following.noun or (place and isinstance(items[place - 1].atom, Lasting)):
        return False
    if isinstance(item.atom, Range):
        bounds = following.join in ("comma", "and") and (item.atom.right is None or item.atom.left is not None)
        bounds = bounds and (item.atom.right is None or item.atom.right.unit == "year")
    else:
        years = isinstance(item.atom, Window) and item.atom.stamp.unit == "years" and not following.worked
        bounds = years and (following.join == "comma" or following.inside > item.inside)
    if bounds and not bounds_series(item.atom, year):
        raise Unsure("Có kỳ lặp lại đứng sau mốc bắt đầu hoặc giai đoạn; không rõ năm nay có phải thực hiện không.")
    return bounds


def said_twice(rules: Sequence[Rule]) -> bool:
    """Hằng năm và gửi trước ngày 31/12 hằng năm: a period without a day beside days of the same period."""
    series = [rule for rule in rules if isinstance(rule, Recurring)]
    return any(one.anchor and not two.anchor and one.freq == two.freq for one in series for two in series)


def within_months(span: Range, atom: Atom | None, year: int) -> Rule | None:
    """Từ tháng 2 đến tháng 11: trước ngày 20 hằng tháng."""
    left, right = span.left, span.right
    plain = left and right and left.unit == right.unit == "month" and not (left.edge or right.edge or right.next_year)
    if not left or not right or not plain or left.year or right.year or not isinstance(atom, Point):
        return None
    if len(atom.days) != 1 or atom.days[0].place != "each" or left.number >= right.number:
        return None
    for whole in bind(("monthly",), [atom], year):
        if isinstance(whole, Recurring) and _same_month(whole):
            kept = tuple(each for each in whole.pattern if left.number <= each.month <= right.number)
            return recurring("monthly", year, kept, time=whole.time)
    return None


def _same_month(rule: Recurring) -> bool:
    return all(each.period == f"M{each.month}" for each in rule.pattern)


def except_from(rule: Rule | None, found: Except, year: int) -> Recurring:
    """The series without the months or quarters left out, or with their own day.

    Raises:
        Unsure: it is not sure which due days the exception means.
    """
    reason = "Có trường hợp ngoại lệ («trừ», «riêng») nhưng không rõ thuộc kỳ lặp lại nào."
    freq = {"month": "monthly", "quarter": "quarterly"}[found.unit]
    codes = {f"{freq[0].upper()}{number}" for number in found.numbers}
    if not isinstance(rule, Recurring) or rule.freq != freq or not codes <= {each.period for each in rule.pattern}:
        raise Unsure(reason)
    if freq == "monthly" and not _same_month(rule):
        raise Unsure(reason)
    changed = [_own_day(each, found.point, reason) for each in rule.pattern if each.period in codes]
    kept = [each for each in rule.pattern if each.period not in codes]
    own = [each for each in changed if each]
    if not kept and not own:
        raise Unsure(reason)
    return recurring(rule.freq, year, tuple(kept + own), time=rule.time)


def _own_day(each: Slot, point: Point | None, reason: str) -> Slot | None:
    """The due day of an exception, or None where the period is left out."""
    if point is None:
        return None
    day = point.days[0]
    fits = day.place == "bare" or (day.place == "fixed" and day.month == each.month and not day.year)
    if len(point.days) > 1 or not fits or day.following or day.day < 1 or point.time or point.cue in ("in", "after"):
        raise Unsure(reason)
    return slot(each.period, each.month, day.day, excluded=_excluded(point))
