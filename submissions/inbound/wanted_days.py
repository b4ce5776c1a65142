"""The day that somebody asks for: "đến 25/9", "thứ Sáu tuần sau", "thêm 3 ngày làm việc"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deadlines import Once, WorkCalendar, read_phrase

# A date without a year that lies further back than ahead is next year's.
AHEAD = timedelta(days=200)
MOST_DAYS = 400
_NUMBERS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {str(day): day - 2 for day in range(2, 8)}
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_YEAR = r"(?:\s*(?:[/.\-]|nam)\s*\d{4})?"
# Dates that the reader of deadlines knows, folded; the order decides which of two at one place is taken.
_FIXED = re.compile(
    rf"(?<![\d/.\-])(?:(?:truoc|het)\s+)?(?:(?:ngay|hom)\s+)?\d{{1,2}}\s*(?:[/.\-]\s*|\s+thang\s+)\d{{1,2}}{_YEAR}(?![\d/.\-]*\d)"
    rf"|(?:het|cuoi)\s+(?:thang\s+\d{{1,2}}|quy\s+(?:[1-4]|iv|i{{1,3}})){_YEAR}(?!\d)"
)
_WEEKDAY = re.compile(
    r"(?:thu\s+(?P<day>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat|cn))"
    r"(?:\s+(?P<week>tuan nay|tuan sau|tuan toi|nay|toi))?\b"
)
_WEEK = re.compile(r"(?P<part>dau|giua|cuoi|het)\s+tuan(?:\s+(?P<which>nay|sau|toi))?\b")
_MONTH = re.compile(r"(?:cuoi|het)\s+thang(?:\s+(?P<which>nay|sau|toi))?(?!\s*\d)\b")
_DAY_ONLY = re.compile(
    r"(?:ngay|mung|mong)\s+(?P<day>\d{1,2})(?:\s+thang\s+(?P<which>nay|sau|toi))?\b(?!\s*[/.\-]?\s*\d)"
)
_SOON = re.compile(r"\b(?:ngay\s+)?(?P<word>mai|kia)\b")
_MORE = re.compile(
    r"(?:them\s+|trong\s+|lui\s+(?:lai\s+)?|han\s+|cham\s+|khat\s+)(?:khoang\s+)?"
    rf"{_COUNT}\s+(?P<unit>ngay|hom|tuan)\b(?P<working>\s+lam viec)?"
)


@dataclass(frozen=True)
class Wanted:
    """What was asked for: a day, or so many days after the date that binds now.

    Counted days are working days when the words say so; else calendar days.
    """

    day: date | None = None
    days: int = 0
    working: bool = False

    def day_after(self, due: date, calendar: WorkCalendar) -> date:
        """The day, counted from the date in force where days were asked for; a day off gives the next working day."""
        if self.day is not None:
            return self.day
        if self.working:
            return calendar.add_working_days(due, self.days)
        return calendar.next_working(due + timedelta(days=self.days))


@dataclass(frozen=True)
class Found:
    """A wanted day and where its words stand; `aimed`: "đến", "tới", "sang" stand before them."""

    wanted: Wanted
    start: int
    end: int
    aimed: bool = False


_AIM = re.compile(
    r"\b(?:den|toi|sang|qua|vao|la|het)\s*(?:het\s*)?(?:\d{1,2}\s*(?:h|gio)\s*(?:\d{2})?\s*)?(?:ngay\s*)?$"
)


def find_days(folded: str, today: date) -> list[Found]:
    """Every day that a folded text names, in order, none inside another."""
    found: list[Found] = []
    for one in sorted(_all(folded, today), key=lambda each: (each.start, -each.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return [Found(o.wanted, o.start, o.end, bool(_AIM.search(folded[: o.start]))) for o in found]


def _all(folded: str, today: date) -> Iterator[Found]:
    readers = (
        (_FIXED, _fixed),
        (_WEEKDAY, _weekday),
        (_WEEK, _week),
        (_MONTH, _month),
        (_DAY_ONLY, _day_only),
        (_SOON, _soon),
        (_MORE, _more),
    )
    for pattern, read in readers:
        for match in pattern.finditer(folded):
            wanted = read(match, today)
            if wanted is not None:
                yield Found(wanted, match.start(), match.end())


def _fixed(match: re.Match[str], today: date) -> Wanted | None:
    # The reader of deadlines takes "25.9" and "25 tháng 9" for doubtful cells; in a request for time they are dates.
    words = match[0].replace("hom ", "ngay ")
    words = re.sub(r"(\d)\s*(?:[.\-]\s*|\s+thang\s+)(?=\d)", r"\1/", words)
    words = re.sub(r"(\d)\s+nam\s+(?=\d)", r"\1/", words)
    day = _read(words, today.year)
    if day is not None and day < today and not re.search(r"\d{4}", words):
        later = _read(words, today.year + 1)
        day = later if later is not None and later - today <= AHEAD else day
    return Wanted(day) if day else None


def _read(words: str, year: int) -> date | None:
    reading = read_phrase(words, year)
    rules = reading.rules
    return rules[0].due if len(rules) == 1 and isinstance(rules[0], Once) else None


def _monday(today: date, which: str | None) -> date:
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7) if which in ("sau", "toi") else monday


def _weekday(match: re.Match[str], today: date) -> Wanted | None:
    number = 6 if match["sunday"] else _WEEKDAYS[match["day"]]
    week = match["week"]
    if week and "tuan" in week:
        return Wanted(_monday(today, week.removeprefix("tuan ")) + timedelta(days=number))
    return Wanted(today + timedelta(days=(number - today.weekday() - 1) % 7 + 1))


def _week(match: re.Match[str], today: date) -> Wanted | None:
    offset = {"dau": 0, "giua": 2}.get(match["part"], 4)
    return Wanted(_monday(today, match["which"]) + timedelta(days=offset))


def _month(match: re.Match[str], today: date) -> Wanted | None:
    ahead = 2 if match["which"] in ("sau", "toi") else 1
    return Wanted(_first_of(today, ahead) - timedelta(days=1))


def _first_of(today: date, months_ahead: int) -> date:
    count = today.year * 12 + today.month - 1 + months_ahead
    return date(count // 12, count % 12 + 1, 1)


def _day_only(match: re.Match[str], today: date) -> Wanted | None:
    number, which = int(match["day"]), match["which"]
    first = 1 if which in ("sau", "toi") else 0
    # "Ngày 5" said on the 20th is the next month's.
    if which is None and number <= today.day:
        first = 1
    try:
        return Wanted(_first_of(today, first).replace(day=number))
    except ValueError:
        return None


def _soon(match: re.Match[str], today: date) -> Wanted | None:
    return Wanted(today + timedelta(days={"mai": 1, "kia": 2}[match["word"]]))


def _more(match: re.Match[str], today: date) -> Wanted | None:
    del today
    words = match["count"]
    count = int(words) if words.isdecimal() else _NUMBERS[words]
    days = count * 7 if match["unit"] == "tuan" else count
    return Wanted(days=days, working=bool(match["working"])) if 0 < days <= MOST_DAYS else None
