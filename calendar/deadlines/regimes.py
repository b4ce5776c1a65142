"""How a duty's figures are cut off: the decree's 15th to 14th, whole periods, another day, or windows of its own.

A regime is kept with each duty as a short code:

    nd09                     Nghị định 09/2019/NĐ-CP điều 12: from the 15th to the 14th
    calendar                 the period itself
    day:15                   closed on the 15th of the period's last month, opened the day after the cut-off before
    ranges:0901-0115,0116-0531  windows that come back each year (school terms, 1/10 to 30/9)
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from deadlines.patterns import last_day
from deadlines.periods import Period, PeriodError

DECREE_DAY = 14
DECREE = "Nghị định 09/2019/NĐ-CP điều 12"
LONGEST = 120
_DAY = re.compile(r"day:([1-9]|[12]\d|3[01])")
_RANGE = re.compile(r"(\d{2})(\d{2})-(\d{2})(\d{2})")
_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})\s*(?:-|–|\.\.|đến|tới)\s*(\d{1,2})/(\d{1,2})")
_CUT_DAY = re.compile(r"(?:chốt\s*)?(?:số liệu\s*)?(?:vào\s*)?ngày\s*(\d{1,2})(?:\s*hằng tháng)?")

MonthDay = tuple[int, int]


@lru_cache(maxsize=8192)
def data_window(period: Period, regime: str) -> tuple[date, date]:
    """First and last day of the figures of a period's report.

    ``nd09`` is Nghị định 09/2019/NĐ-CP điều 12 (nine months by the same pattern, as provinces set it). Weeks, days and
    free ranges have no cut-off day and keep their own bounds. Of a regime's own windows the last one that ends within
    the period is taken; a period in which none ends keeps its bounds.

    Raises:
        PeriodError: the regime is unknown.
    """
    if regime == "calendar":
        return period.start, period.end
    if regime.startswith("ranges:"):
        return _last_within(period, _ranges(regime)) or (period.start, period.end)
    day = _cut_day(regime)
    if is_free(period):
        return period.start, period.end
    return _cut(period.start - timedelta(days=1), day) + timedelta(days=1), _cut(period.end, day)


def is_free(period: Period) -> bool:
    """Whether a period is a week, a day or any run of days, for which no regime names a cut-off."""
    return ".." in period.key or "-W" in period.key or period.start == period.end


def say_regime(regime: str) -> str:
    """A regime in Vietnamese, read back by ``parse_regime``. Raises PeriodError for an unknown one."""
    if regime == "nd09":
        return "ngày 15 đến ngày 14 (Nghị định 09/2019)"
    if regime == "calendar":
        return "trọn kỳ theo lịch"
    if regime.startswith("ranges:"):
        return "; ".join(f"{b:02d}/{a:02d}-{d:02d}/{c:02d}" for (a, b), (c, d) in _ranges(regime))
    return f"chốt ngày {_cut_day(regime)}"


def parse_regime(text: str) -> str:
    """The code of a regime from its code or from words ("chốt ngày 15", "01/10-30/09", "trọn kỳ").

    Raises:
        PeriodError: the text names no way of cutting figures off.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    if folded in ("nd09", "nđ09") or "09/2019" in folded:
        return "nd09"
    if folded == "calendar" or folded.startswith(("trọn kỳ", "theo lịch", "theo kỳ")):
        return "calendar"
    cut = _CUT_DAY.fullmatch(folded)
    code = f"day:{int(cut[1])}" if cut else _code_of_ranges(folded) or folded
    _check(code, text)
    return code


def window_basis(regime: str) -> str:
    """Why a window is as it is, for an explanation."""
    if regime == "nd09":
        return DECREE
    return f"cách chốt số liệu riêng của nhiệm vụ: {say_regime(regime)}"


def _check(code: str, text: str) -> None:
    if code not in ("nd09", "calendar"):
        try:
            _ranges(code) if code.startswith("ranges:") else _cut_day(code)
        except PeriodError:
            raise _unknown(text) from None
    if len(code) > LONGEST:
        raise PeriodError("Có quá nhiều khoảng số liệu; hãy ghi nhiều nhất 10 khoảng.")


def _code_of_ranges(text: str) -> str | None:
    found = _WRITTEN.findall(text)
    # Whatever stands beside the windows would be lost in silence.
    if not found or re.sub(r"[\s;,]|và", "", _WRITTEN.sub("", text)):
        return None
    return "ranges:" + ",".join(f"{int(b):02d}{int(a):02d}-{int(d):02d}{int(c):02d}" for a, b, c, d in found)


def _cut_day(regime: str) -> int:
    if regime == "nd09":
        return DECREE_DAY
    found = _DAY.fullmatch(regime)
    if not found:
        raise _unknown(regime)
    return int(found[1])


@lru_cache(maxsize=256)
def _ranges(regime: str) -> tuple[tuple[MonthDay, MonthDay], ...]:
    parts = regime.removeprefix("ranges:").split(",")
    found = [_RANGE.fullmatch(part) for part in parts]
    pairs = [((int(m[1]), int(m[2])), (int(m[3]), int(m[4]))) for m in found if m]
    if len(pairs) < len(parts) or not all(_is_day(one) and _is_day(other) for one, other in pairs):
        raise _unknown(regime)
    return tuple(pairs)


def _is_day(day: MonthDay) -> bool:
    # 29 February is taken; in a common year it means the 28th.
    return 1 <= day[0] <= 12 and 1 <= day[1] <= last_day(2024, day[0])


def _last_within(period: Period, ranges: tuple[tuple[MonthDay, MonthDay], ...]) -> tuple[date, date] | None:
    years = range(period.start.year, period.end.year + 1)
    every = (_dated(first, last, year) for first, last in ranges for year in years)
    within = [window for window in every if window and period.start <= window[1] <= period.end]
    return max(within, key=lambda window: window[1], default=None)


def _dated(first: MonthDay, last: MonthDay, year: int) -> tuple[date, date]:
    start_year = year if first <= last else year - 1
    return _clamped(start_year, *first), _clamped(year, *last)


def _cut(day: date, number: int) -> date:
    return _clamped(day.year, day.month, number)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, last_day(year, month)))


def _unknown(regime: str) -> PeriodError:
    return PeriodError(
        f"Không có cách chốt số liệu tên «{regime}». Hãy ghi «nd09» (ngày 15 đến ngày 14), «calendar» (trọn kỳ), "
        "«chốt ngày 15», hoặc các khoảng như «01/10-30/09»."
    )
