"""Dates of stretches: windows, ranges, and a finer day inside a stretch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from deadlines.atoms import Atom, Day, Point, Range, Stamp, Window
from deadlines.patterns import Freq, slot
from deadlines.rules import Continuous, Once, Rule, recurring

ONE_DAY = timedelta(days=1)


Way = tuple[Rule, ...]


class Unsure(ValueError):
    """Understood words that leave a choice to a person; each of ``ways`` is a set of rules that they may mean."""

    def __init__(self, reason: str, ways: Iterable[Rule | Way] = ()) -> None:
        super().__init__(reason)
        self.ways: tuple[Way, ...] = tuple(way if isinstance(way, tuple) else (way,) for way in ways)


def dated_window(window: Window, year: int) -> Rule:
    """The rule of one stretch behind its cue.

    Raises:
        Unsure: "đầu", "giữa" and the like, which name no last day.
    """
    start, end = window.stamp.bounds(year)
    if window.stamp.next_year:
        raise Unsure("«Năm sau» nhưng không rõ là chỉ một lần hay lặp lại hằng năm.", (Once(start, end),))
    edge = window.stamp.edge
    if edge in ("begin", "middle"):
        raise _vague_edge(edge, start, end)
    if window.cue == "after":
        return Continuous(end + ONE_DAY)
    if window.cue == "before":
        if edge:
            raise Unsure("«Trước cuối kỳ» không chỉ ra ngày cuối cùng được tính.", (Once(None, end),))
        return Once(None, start - ONE_DAY)
    if edge == "end" or window.cue in ("latest", "until"):
        return Once(None, end)
    return Once(start, end)


def plain(window: Window, year: int) -> Way:
    """The stretch from its first day to its last, whatever its cue."""
    return (Once(*window.stamp.bounds(year)),)


def _middle(start: date, end: date) -> date:
    """Giữa tháng is the 15th, giữa năm the last day of June (BLDS điều 146); a quarter's middle is not in the law."""
    if (end - start).days < 31:
        return start.replace(day=15)
    return date(start.year, 6, 30) if (end - start).days > 300 else start + (end - start) // 2


def _vague_edge(edge: str, start: date, end: date) -> Unsure:
    if edge == "middle":
        middle = _middle(start, end)
        return Unsure("«Giữa kỳ» không chỉ ra ngày nào; cần ghi ngày cụ thể.", (Once(start, middle),))
    whole_month = date(start.year, start.month, 1) == start and (end - start).days < 31
    first_part = start + timedelta(days=9) if whole_month else (start + timedelta(days=31)).replace(day=1) - ONE_DAY
    reason = (
        "«Đầu kỳ» không chỉ ra ngày nào: Bộ luật Dân sự điều 146 lấy ngày đầu tiên, "
        "còn thực tế thường hiểu là những ngày đầu; cần ghi ngày cụ thể."
    )
    return Unsure(reason, (Once(start, first_part), Once(None, start)))


def window_list(window: Window, year: int, *, periodic: bool) -> list[Rule]:
    """The rules of several stretches: yearly dates when "định kỳ" stands beside them, else a question.

    Raises:
        Unsure: nothing says whether the list recurs.
    """
    stamps = _with_last_year((window.stamp, *window.more))
    spans = [stamp.bounds(year) for stamp in stamps]
    ends = [end for _, end in spans]
    freq: Freq | None = {2: "semiannual", 4: "quarterly", 12: "monthly"}.get(len(ends))  # type: ignore[assignment]
    onces = [Once(start, end) for start, end in spans]
    named_years = [stamp.year for stamp in stamps if stamp.year]
    if periodic and freq and not named_years and window.cue in ("none", "in", "latest") and window.stamp.unit != "year":
        return [_series(freq, ends, year)]
    follows = all(later[0] - earlier[1] == ONE_DAY for earlier, later in pairwise(spans))
    few = len(spans) <= (2 if window.stamp.unit == "quarter" else 3)  # "quý I, II, III" may be three reports
    if window.said_once and follows and few and window.cue in ("none", "in", "latest", "until"):
        return [Once(spans[0][0], spans[-1][1])]
    ways: list[Way] = [tuple(onces)]
    if spans[0][0] < spans[-1][1]:
        ways.append((Once(spans[0][0], spans[-1][1]),))
    if freq and not named_years and window.stamp.unit != "year":
        ways.append((_series(freq, ends, year),))
    raise Unsure("Có nhiều kỳ liền nhau; không rõ là nhiều lần, một khoảng dài, hay lặp lại.", ways)


def _series(freq: Freq, ends: list[date], year: int) -> Rule:
    """The stretches as one duty that comes back every year, due on the last day of each."""
    codes = [each.period for each in recurring(freq, year).pattern]
    return recurring(freq, year, tuple(slot(code, end.month, -1) for code, end in zip(codes, ends, strict=True)))


def _with_last_year(stamps: tuple[Stamp, ...]) -> list[Stamp]:
    year = stamps[-1].year
    return [stamp if stamp.year else stamp._replace(year=year) for stamp in stamps]


def dated_range(found: Range, year: int) -> Rule:
    """The rule of "từ A đến B"; each side borrows from the other what it lacks.

    Raises:
        Unsure: the sides do not make a stretch.
    """
    if found.right is None:
        return _open_range(found.left, year)
    if found.right.edge in ("begin", "middle"):
        raise Unsure("Ngày kết thúc chỉ ghi «đầu» hoặc «giữa»; cần ghi ngày cụ thể.")
    if found.left is None:
        return Once(None, _whole(found.right, year)[1])
    left, right = _lent(found.left, found.right)
    if right.next_year:
        right = right._replace(year=(left.year or year) + 1, next_year=False)
    if left.edge in ("end", "middle"):
        raise Unsure(
            "Ngày bắt đầu chỉ ghi «giữa» hoặc «cuối»; cần ghi ngày cụ thể.", (Once(None, _whole(right, year)[1]),)
        )
    return _stretch(left, right, found.left, year)


def _open_range(left: Stamp | None, year: int) -> Rule:
    if left is None or left.edge:
        raise Unsure("Thời điểm bắt đầu không rõ ngày và không có ngày kết thúc.")
    return Continuous(_whole(left, year)[0])


def _stretch(left: Stamp, right: Stamp, printed: Stamp, year: int) -> Rule:
    start, end = _whole(left, year)[0], _whole(right, year)[1]
    if start > end and printed.year is None and right.year and printed.unit in (right.unit, "day"):
        start = _whole(left._replace(year=right.year - 1), year)[0]
    if start > end:
        reason = f"Ngày bắt đầu ({start:%d/%m/%Y}) sau ngày kết thúc ({end:%d/%m/%Y}); cần ghi rõ năm."
        crosses = right.unit == printed.unit in ("day", "month", "quarter")
        later = _whole(right._replace(year=start.year + 1), year)[1] if crosses else None
        raise Unsure(reason, (Once(start, later),) if later else ())
    if (start.day, end.day) == (15, 14):
        reason = "Khoảng từ ngày 15 đến ngày 14 giống thời gian chốt số liệu (Nghị định 09/2019/NĐ-CP điều 12)."
        raise Unsure(reason, (Once(start, end),))
    return Once(start, end)


def _lent(left: Stamp, right: Stamp) -> tuple[Stamp, Stamp]:
    if left.unit == "day" and not left.month:
        left = _day_of(left, right)
    if left.year is None:
        left = left._replace(year=right.year)
    return left, right


def _day_of(left: Stamp, right: Stamp) -> Stamp:
    """A naked number on the left counts what the right side counts: "24 đến 30/5", "11 - 12/2025"."""
    if right.unit == "day":
        return left._replace(month=right.month)
    if right.unit == "month" and left.number <= 12:
        return Stamp("month", left.number)
    if right.unit == "quarter" and left.number <= 4:
        return Stamp("quarter", left.number)
    return left


def _whole(stamp: Stamp, year: int) -> tuple[date, date]:
    if stamp.unit == "day" and not stamp.month:
        raise Unsure(f"Có ngày {stamp.number} nhưng không rõ tháng nào.")
    return stamp.bounds(year)


def refined(rule: Rule, atom: Atom, year: int) -> Rule | None:
    """The rule of a stretch once a finer day inside it is named; None when the finer day lies outside."""
    if not isinstance(rule, Once) or rule.start is None:
        return None
    due = _finer_due(rule, atom, year)
    if due is None or not rule.start <= due <= rule.due:
        return None
    return Once(rule.start, due, atom.time if isinstance(atom, Point) else None)


def as_point(atom: Atom) -> Point | None:
    """A piece as due days for a frequency beside it; "tháng 11" beside "hằng năm" is its last day."""
    if isinstance(atom, Point):
        return atom
    if isinstance(atom, Range):
        return _range_end(atom)
    months = {"month": lambda n: (n, n), "quarter": lambda n: (n * 3 - 2, n * 3), "half": lambda n: (n * 6 - 5, n * 6)}
    if not isinstance(atom, Window) or atom.cue not in ("none", "in", "latest", "until", "before"):
        return None
    stamps = (atom.stamp, *atom.more)
    if any(each.unit not in months or each.year or each.next_year or each.edge not in ("", "end") for each in stamps):
        return None
    spans = [months[each.unit](each.number) for each in stamps]
    if atom.cue == "before":
        return Point("ahead", tuple(Day(1, "fixed", first) for first, _ in spans))
    return Point("latest", tuple(Day(-1, "fixed", last) for _, last in spans))


def _range_end(found: Range) -> Point | None:
    """Từ ngày 5 đến ngày 10 (hằng tháng), từ 15/11 đến 15/12 (hằng năm): the stretch is over on its last day."""
    left, right = found.left, found.right
    if left is None or right is None or left.year or right.year or right.next_year or left.edge or right.edge:
        return None
    if left.unit == right.unit == "month" and left.number < right.number:
        return Point("latest", (Day(-1, "fixed", right.number),))
    if left.unit != "day" or right.unit != "day":
        return None
    start, end = (left.month or right.month, left.number), (right.month, right.number)
    data_window = (left.number, right.number) == (15, 14)
    if start >= end or data_window or (left.month and not right.month):
        return None
    return Point("latest", (Day(right.number, "fixed" if right.month else "bare", right.month),))


def _finer_due(rule: Once, atom: Atom, year: int) -> date | None:
    if isinstance(atom, Point) and len(atom.days) == 1:
        day = _finer_day(atom.days[0], rule)
        excluded = atom.cue == "before" and atom.time is None
        return (
            day.in_year(rule.due.year if day.year is None else day.year) - timedelta(days=int(excluded))
            if day
            else None
        )
    if isinstance(atom, Window) and atom.cue in ("latest", "until", "before") and not atom.more:
        stamp = atom.stamp if atom.stamp.year else atom.stamp._replace(year=rule.due.year)
        finer = dated_window(replace(atom, stamp=stamp), year)
        return finer.due if isinstance(finer, Once) else None
    return None


def _finer_day(day: Day, rule: Once) -> Day | None:
    if day.place == "fixed" and not day.every_year and not day.following:
        return day
    one_month = rule.start is not None and (rule.start.year, rule.start.month) == (rule.due.year, rule.due.month)
    if day.place in ("bare", "each") and one_month and not day.every_year:
        return day._replace(place="fixed", month=rule.due.month, year=rule.due.year)
    return None
