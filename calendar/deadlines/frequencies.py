"""Rules for frequencies whose day is not said, and what to ask where the frequency itself is in doubt."""

from __future__ import annotations

from dataclasses import replace

from deadlines import atoms as a
from deadlines.rules import Rule, recurring
from deadlines.spans import Unsure, Way


def period_ends(every: a.Every, freq: str, year: int) -> Rule:
    """The rule of one frequency whose day is not said: the last day of each period."""
    if freq == "weekly":  # only as a proposal: the week of an office ends on Friday
        return recurring("weekly", year, weekday=5)
    rule = recurring(freq, year)  # type: ignore[arg-type]
    if freq == "semiannual" and every.first_half_only:
        return recurring("semiannual", year, tuple(each for each in rule.pattern if each.period == "H1"))
    return rule


def doubtful_half(every: a.Every, year: int) -> Unsure:
    """ "6 tháng, năm" as the first half and the year, or as every six months and the year; so "báo cáo 6 tháng"."""
    firsts, alls = (each_alone(every, first, year) for first in (True, False))
    reason = "«6 tháng, năm»: chưa rõ là 6 tháng đầu năm và cả năm, hay sáu tháng một lần và thêm báo cáo năm."
    if "annual" not in every.freqs:
        reason = "«6 tháng»: chưa rõ là chỉ 6 tháng đầu năm, hay sáu tháng một lần."
    return Unsure(reason, [firsts, alls])


def each_alone(every: a.Every, first_half_only: bool, year: int) -> Way:
    """Every frequency of a list by itself, with six months as the first half or as both halves."""
    meant = replace(every, first_half_only=first_half_only)
    return tuple(period_ends(meant, freq, year) for freq in every.freqs)


def no_weekday(every: a.Every, year: int) -> Unsure:
    """Hằng tuần without a day of the week."""
    reason = "«Hằng tuần» nhưng không ghi thứ mấy; cần chọn một ngày trong tuần."
    return Unsure(reason, [each_alone(every, every.first_half_only, year)])


def first_three_months(every: a.Every, year: int) -> Unsure:
    """ "3 tháng, 6 tháng, 9 tháng", each perhaps counted from January."""
    reason = "«3 tháng» đứng cùng «9 tháng»: không rõ là hằng quý hay chỉ ba tháng đầu năm."
    return Unsure(reason, [each_alone(every, True, year)])


def either(every: a.Every, year: int) -> Unsure:
    """Hằng quý hoặc hằng năm."""
    both = each_alone(every, every.first_half_only, year)
    reason = "Chữ «hoặc» giữa các kỳ: không rõ chọn một trong các kỳ hay làm đủ các kỳ."
    return Unsure(reason, [*((rule,) for rule in both), both])
