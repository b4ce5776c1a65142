"""A rule said again in Vietnamese or English; reading the words back in the same plan year gives the same rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from deadlines.patterns import LAST_DAY, Slot, last_day, slot
from deadlines.rules import IMPLIED, ByReference, Continuous, Offset, Once, OnEvent, Recurring, Rule

Language = Literal["vi", "en"]
ONE_DAY = timedelta(days=1)
ROMAN = ("I", "II", "III", "IV")
_FREQ_VI = {
    "daily": "hằng ngày",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "bimonthly": "định kỳ 2 tháng một lần",
    "quarterly": "hằng quý",
    "semiannual": "định kỳ 6 tháng",
    "nine_month": "định kỳ 9 tháng",
    "annual": "hằng năm",
}
_FREQ_EN = {
    "daily": "daily",
    "monthly": "monthly",
    "bimonthly": "every two months",
    "quarterly": "quarterly",
    "semiannual": "every six months",
    "annual": "annually",
}
_WEEKDAY_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_WEEKDAY_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNIT_VI = {"working_day": "ngày làm việc", "day": "ngày", "month": "tháng", "hour": "giờ"}
_UNIT_EN = {"working_day": "working days", "day": "days", "month": "months", "hour": "hours"}


def say(rule: Rule, lang: Language = "vi") -> str:
    """The rule in words. English falls back to Vietnamese where officials' English has no plain form for it."""
    english = _say_english(rule) if lang == "en" else None
    return english or _say_vietnamese(rule)


def _say_vietnamese(rule: Rule) -> str:
    if isinstance(rule, Once):
        return _once_vi(rule)
    if isinstance(rule, Recurring):
        return _recurring_vi(rule)
    if isinstance(rule, Continuous):
        return f"từ ngày {rule.start:%d/%m/%Y} trở đi" if rule.start else "thường xuyên"
    if isinstance(rule, OnEvent):
        return _event_vi(rule.trigger, rule.offset)
    return _reference_vi(rule.reference) if isinstance(rule, ByReference) else "đột xuất khi có yêu cầu"


def _reference_vi(reference: str) -> str:
    """ "Đúng quy định" and "đầu kỳ, cuối kỳ" are references that need no "theo"."""
    stands_alone = reference.casefold().startswith(
        ("đúng ", "đảm bảo ", "bảo đảm ", "trong thời", "đầu k", "giữa k", "cuối k")
    )
    return reference if stands_alone else f"theo {reference}"


def _once_vi(rule: Once) -> str:
    hour = f"{rule.time} " if rule.time else ""
    if rule.start is None:
        return f"chậm nhất {hour}ngày {rule.due:%d/%m/%Y}"
    named = _named_window(rule.start, rule.due)
    if named and not rule.time:
        return named
    if rule.time:
        return f"từ ngày {rule.start:%d/%m/%Y} đến ngày {rule.due:%d/%m/%Y} (trước {hour}ngày {rule.due:%d/%m/%Y})"
    return f"từ ngày {rule.start:%d/%m/%Y} đến ngày {rule.due:%d/%m/%Y}"


def _named_window(start: date, due: date) -> str | None:
    if start.day != 1 or due.day != last_day(due.year, due.month) or start.year != due.year:
        return None
    months = due.month - start.month + 1
    if months == 1:
        return f"trong tháng {due.month}/{due.year}"
    if months == 3 and due.month % 3 == 0:
        return f"trong quý {ROMAN[due.month // 3 - 1]}/{due.year}"
    return f"trong năm {due.year}" if months == 12 else None


def _recurring_vi(rule: Recurring) -> str:
    if rule.weekday is not None:
        hour = f"trước {rule.time} " if rule.time else ""
        return f"{hour}{_WEEKDAY_VI[rule.weekday - 1]} hằng tuần"
    if rule.freq == "daily":
        return f"trước {rule.time} hằng ngày" if rule.time else "hằng ngày"
    if rule.anchor == IMPLIED:
        return _FREQ_VI[rule.freq]
    hour = f"{rule.time} " if rule.time else ""
    first = _first_of_period(rule)
    if first:
        return f"{_FREQ_VI[rule.freq]} (trước {first})"
    return f"{_FREQ_VI[rule.freq]} (chậm nhất {hour}{_days_vi(rule)})"


def _first_of_period(rule: Recurring) -> str | None:
    """What a pattern that ends in the December before the year excludes: "ngày 1 của tháng", "ngày 1/1"."""
    if not rule.pattern or rule.pattern[0].month != 0 or rule.time:
        return None
    if rule.freq == "monthly":
        return "ngày 1 của tháng"
    if rule.freq == "quarterly" and len(rule.pattern) == 4:
        return "ngày 1 của tháng đầu quý"
    following = [_day_after(each) for each in rule.pattern]
    return " và ".join(f"ngày {day}/{month}" for day, month in following)


def _day_after(each: Slot) -> tuple[int, int]:
    nominal = each.on(2001)
    return (nominal + ONE_DAY).day, (nominal + ONE_DAY).month


def _days_vi(rule: Recurring) -> str:
    monthly = _monthly_day(rule.pattern)
    if rule.freq == "monthly" and monthly:
        day, later = monthly
        return f"{_day_vi(day)} của tháng{' sau' if later else ''}"
    quarterly = _quarterly_day(rule.pattern)
    if rule.freq == "quarterly" and quarterly:
        return _quarter_vi(rule.pattern, *quarterly)
    uneven = _uneven_months(rule.pattern) if rule.freq == "monthly" else None
    if uneven:
        return uneven
    fixed = [_fixed_vi(each) for each in rule.pattern]
    return ", ".join(fixed[:-1]) + " và " + fixed[-1] if len(fixed) > 1 else fixed[0]


def _day_vi(day: int) -> str:
    return "ngày cuối cùng" if day == LAST_DAY else f"ngày {day}"


def _fixed_vi(each: Slot) -> str:
    month, following = (each.month, "") if each.month <= 12 else (each.month - 12, " năm sau")
    if each.day == LAST_DAY:
        return f"ngày cuối cùng của tháng {month}{following}"
    return f"ngày {each.day}/{month}{following}"


def _monthly_day(pattern: tuple[Slot, ...]) -> tuple[int, int] | None:
    """The common day of a monthly pattern and by how many months it lies after the period, if it has one."""
    if len(pattern) != 12:
        return None
    later = pattern[0].month - 1
    for day in {each.day for each in pattern} | {LAST_DAY}:
        if later in (0, 1) and pattern == tuple(slot(f"M{m}", m + later, day) for m in range(1, 13)):
            return day, later
    return None


def _uneven_months(pattern: tuple[Slot, ...]) -> str | None:
    """A day of every month, with the months that are left out or have their own day."""
    named = [int(each.period[1:]) for each in pattern]
    if any(each.month != number for each, number in zip(pattern, named, strict=True)):
        return None
    days = sorted({each.day for each in pattern} | {LAST_DAY})
    fits = {day: [each.month for each in pattern if each == slot(each.period, each.month, day)] for day in days}
    common = max(days, key=lambda day: (len(fits[day]), day))
    own = [each for each in pattern if each.month not in fits[common]]
    if any(each.day == LAST_DAY for each in own):
        return None
    left_out = [month for month in range(1, 13) if month not in named]
    words = [f"{_day_vi(common)} của tháng"]
    words += ["trừ " + ", ".join(f"tháng {month}" for month in left_out)] if left_out else []
    return "; ".join(words + [f"riêng tháng {each.month} ngày {each.day}" for each in own])


def _quarterly_day(pattern: tuple[Slot, ...]) -> tuple[int, int] | None:
    """The common day of a quarterly pattern, and its month counted from the quarter's first (4: the next quarter)."""
    quarters = [int(each.period[1]) for each in pattern if each.period[0] == "Q"]
    if not quarters or len(quarters) != len(pattern):
        return None
    position = pattern[0].month - quarters[0] * 3 + 3
    for day in sorted({each.day for each in pattern} | {LAST_DAY}, reverse=True):
        if pattern == tuple(slot(f"Q{q}", q * 3 - 3 + position, day) for q in quarters) and 1 <= position <= 6:
            return day, position
    return None


def _quarter_vi(pattern: tuple[Slot, ...], day: int, position: int) -> str:
    inside = position if position <= 3 else position - 3
    month = {1: "đầu", 2: "thứ hai", 3: "cuối"}[inside]
    if position > 3:
        return f"{_day_vi(day)} của tháng {month} quý sau"
    if len(pattern) == 4:
        return f"{_day_vi(day)} của tháng {month} quý"
    quarters = [f"quý {ROMAN[int(each.period[1]) - 1]}" for each in pattern]
    return f"{_day_vi(day)} của tháng {month} " + ", ".join(quarters)


def _event_vi(trigger: str, offset: Offset | None) -> str:
    if offset is None:
        return f"khi {trigger}"
    unit = _UNIT_VI[offset.unit]
    if offset.n < 0:
        return f"chậm nhất {-offset.n} {unit} trước {trigger}"
    return f"trong vòng {offset.n} {unit} kể từ {trigger}"


def _say_english(rule: Rule) -> str | None:
    if isinstance(rule, Once):
        return _once_en(rule)
    if isinstance(rule, Recurring):
        return _recurring_en(rule)
    if isinstance(rule, Continuous):
        return f"from {_date_en(rule.start)} onwards" if rule.start else "ongoing"
    if isinstance(rule, OnEvent):
        return _event_en(rule.trigger, rule.offset)
    return f"according to {rule.reference}" if isinstance(rule, ByReference) else "on request"


def _date_en(day: date) -> str:
    return f"{day.day} {_MONTH_EN[day.month - 1]} {day.year}"


def _once_en(rule: Once) -> str | None:
    if rule.time:
        return None
    if rule.start is None:
        return f"no later than {_date_en(rule.due)}"
    return f"from {_date_en(rule.start)} to {_date_en(rule.due)}"


def _recurring_en(rule: Recurring) -> str | None:
    if rule.weekday is not None:
        hour = f"before {rule.time} " if rule.time else ""
        return f"{hour}every {_WEEKDAY_EN[rule.weekday - 1]}"
    if rule.anchor == IMPLIED or (rule.freq == "daily" and not rule.time):
        return _FREQ_EN.get(rule.freq)
    monthly = _monthly_day(rule.pattern)
    if rule.freq == "monthly" and monthly and monthly[1] == 0 and not rule.time:
        day = "the last day" if monthly[0] == LAST_DAY else f"the {_ordinal(monthly[0])}"
        return f"no later than {day} of each month"
    return None


def _ordinal(number: int) -> str:
    tail = "th" if 10 <= number <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def _event_en(trigger: str, offset: Offset | None) -> str:
    if offset is None:
        return f"when {trigger}"
    if offset.n < 0:
        return f"at least {-offset.n} {_UNIT_EN[offset.unit]} before {trigger}"
    return f"within {offset.n} {_UNIT_EN[offset.unit]} from {trigger}"
