"""Reporting periods: months, quarters, halves, nine months, years, weeks, days, and any run of days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from deadlines.patterns import last_day

ROMAN = ("I", "II", "III", "IV")


class PeriodError(ValueError):
    """Words or numbers that name no period; the message says so in Vietnamese."""


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period: ``key`` is its identity ("2026-Q1"), ``label`` its Vietnamese name; bounds included."""

    key: str
    label: str
    start: date
    end: date


def month(year: int, number: int) -> Period:
    """A calendar month."""
    _check("tháng", number, 12)
    return Period(f"{year}-{number:02d}", f"Tháng {number}/{year}", date(year, number, 1), _end(year, number))


def quarter(year: int, number: int) -> Period:
    """A calendar quarter."""
    _check("quý", number, 4)
    start = date(year, number * 3 - 2, 1)
    return Period(f"{year}-Q{number}", f"Quý {ROMAN[number - 1]}/{year}", start, _end(year, number * 3))


def half(year: int, number: int) -> Period:
    """The first or the second six months of a year."""
    _check("nửa năm", number, 2)
    label = f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}"
    return Period(f"{year}-H{number}", label, date(year, number * 6 - 5, 1), _end(year, number * 6))


def nine_months(year: int) -> Period:
    """The first nine months of a year."""
    return Period(f"{year}-9M", f"9 tháng năm {year}", date(year, 1, 1), date(year, 9, 30))


def year(number: int) -> Period:
    """A calendar year."""
    return Period(f"{number}", f"Năm {number}", date(number, 1, 1), date(number, 12, 31))


def date_range(start: date, end: date) -> Period:
    """Any run of days.

    Raises:
        PeriodError: the end is before the start.
    """
    if end < start:
        raise PeriodError(f"Kỳ báo cáo kết thúc ({end:%d/%m/%Y}) trước ngày bắt đầu ({start:%d/%m/%Y}).")
    label = f"Từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}"
    return Period(f"{start.isoformat()}..{end.isoformat()}", label, start, end)


def iso_week(day: date) -> Period:
    """The week, Monday to Sunday, that holds a day."""
    number_year, number, weekday = day.isocalendar()
    start = day - timedelta(days=weekday - 1)
    end = start + timedelta(days=6)
    return Period(f"{number_year}-W{number:02d}", f"Tuần {start:%d/%m} - {end:%d/%m/%Y}", start, end)


def single_day(day: date) -> Period:
    """One day as a period, for daily duties."""
    return Period(day.isoformat(), f"Ngày {day:%d/%m/%Y}", day, day)


@lru_cache(maxsize=4096)
def period_of_code(code: str, plan_year: int) -> Period:
    """The period that a slot's code ("M3", "B2", "Q1", "H2", "9M", "Y") means in a plan year."""
    if code == "Y":
        return year(plan_year)
    if code == "9M":
        return nine_months(plan_year)
    number = int(code[1:])
    if code[0] == "B":
        return _pair_of_months(plan_year, number)
    return {"M": month, "Q": quarter, "H": half}[code[0]](plan_year, number)


def _pair_of_months(plan_year: int, number: int) -> Period:
    first, last = number * 2 - 1, number * 2
    label = f"Tháng {first} - {last}/{plan_year}"
    return Period(f"{plan_year}-B{number}", label, date(plan_year, first, 1), _end(plan_year, last))


_YEAR = r"(?:/|\s*năm\s*|\s+|\s*-\s*)(\d{4})"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[str, str], Period]], ...] = (
    (re.compile(rf"tháng\s*0?(\d{{1,2}}){_YEAR}"), lambda a, y: month(int(y), int(a))),
    (re.compile(rf"qu[ýí]\s*(iv|i{{1,3}}|[1-4]){_YEAR}"), lambda a, y: quarter(int(y), _roman(a))),
    (re.compile(rf"0?6\s*tháng\s*(đầu|cuối){_YEAR}"), lambda a, y: half(int(y), 1 if a == "đầu" else 2)),
    (re.compile(rf"0?9\s*tháng(?:\s*đầu)?(){_YEAR}"), lambda a, y: nine_months(int(y))),
    (re.compile(r"(năm)\s*(\d{4})"), lambda a, y: year(int(y))),
    (re.compile(r"()(\d{4})"), lambda a, y: year(int(y))),
    (re.compile(r"(9m)?(\d{4})-9m"), lambda a, y: nine_months(int(y))),
)
_KEY = re.compile(r"(\d{4})-(?:(\d{2})|q([1-4])|h([12])|b([1-6])|(9m))")


def parse_period(text: str) -> Period:
    """Reads a period's label ("Quý I/2025", "6 tháng đầu năm 2025") or key ("2025-Q1", "2025-H1").

    Raises:
        PeriodError: the text names no period.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    keyed = _KEY.fullmatch(folded)
    if keyed:
        return _period_of_key(keyed)
    for form, build in _FORMS:
        found = form.fullmatch(folded)
        if found:
            return build(found[1] or "", found[2])
    return _parse_range(folded, text)


def _period_of_key(found: re.Match[str]) -> Period:
    number = int(found[1])
    if found[2]:
        return month(number, int(found[2]))
    if found[6]:
        return nine_months(number)
    letter, digit = next((name, found[at]) for at, name in ((3, "Q"), (4, "H"), (5, "B")) if found[at])
    return period_of_code(f"{letter}{digit}", number)


def _parse_range(folded: str, text: str) -> Period:
    """Reads "từ 01/02/2026 đến 15/03/2026" and "2026-02-01..2026-03-15"."""
    found = re.findall(r"(\d{1,2})/(\d{1,2})/(\d{4})", folded) or [
        (day, month_, year_) for year_, month_, day in re.findall(r"(\d{4})-(\d{2})-(\d{2})", folded)
    ]
    try:
        start, end = (date(int(y), int(m), int(d)) for d, m, y in found)
    except ValueError:
        hint = "hãy viết như «Tháng 3/2026», «Quý I/2026», «6 tháng đầu năm 2026», «9 tháng năm 2026», «Năm 2026»"
        raise PeriodError(f"Không hiểu kỳ báo cáo «{text}»; {hint}.") from None
    return date_range(start, end)


def _roman(text: str) -> int:
    return int(text) if text.isdigit() else ROMAN.index(text.upper()) + 1


def _check(name: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise PeriodError(f"Không có {name} {number}: chỉ từ 1 đến {most}.")


def _end(year_: int, month_: int) -> date:
    return date(year_, month_, last_day(year_, month_))
