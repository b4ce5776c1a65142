"""Numbers of a phrase: digits, words, Roman quarters, hours, years, days of the week."""

from __future__ import annotations

import re
from functools import lru_cache

from deadlines.source import Source, Words, any_of, once, opened_by
from deadlines.vocabulary import HOUR, MINUTE, YEAR
from deadlines.words import bare_key, key

_UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
_ENGLISH = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "first": 1,
    "second": 2,
}
_DIGIT_KEYS = {key(word): value for word, value in _UNITS.items()} | _ENGLISH
_BARE_KEYS = {bare_key(word): value for word, value in _UNITS.items()} | _ENGLISH
_TEN, _TENS = Words("mười"), Words("mươi")
_NUMBER_WORDS = Words(*_UNITS, *_ENGLISH)
_SPELLED = any_of(_TEN, _NUMBER_WORDS)
NUMBER = _SPELLED | any_of(kinds="num ordinal")  # what opens a number
_ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
# Scans read the Roman numeral I as a small L or a one.
_ROMAN_SLIPS = {"l": 1, "ll": 2, "lll": 3, "lv": 4, "il": 2, "li": 2}
_ROMAN = any_of(Words(*_ROMANS, *_ROMAN_SLIPS), kinds="num ordinal")

_WEEKDAYS = (
    (Words("thứ hai", "thứ 2", "thứ hai đầu tuần", "monday", "mondays"), 1),
    (Words("thứ ba", "thứ 3", "tuesday", "tuesdays"), 2),
    (Words("thứ tư", "thứ 4", "wednesday", "wednesdays"), 3),
    (Words("thứ năm", "thứ 5", "thursday", "thursdays"), 4),
    (Words("thứ sáu", "thứ 6", "friday", "fridays"), 5),
    (Words("thứ bảy", "thứ 7", "thứ bẩy", "saturday", "saturdays"), 6),
    (Words("chủ nhật", "ngày chủ nhật", "sunday", "sundays"), 7),
)
WEEKDAYS = any_of(*(words for words, _ in _WEEKDAYS))
HOURS = any_of(HOUR, kinds="time")
CLOCK = any_of(kinds="time num ordinal")  # what opens an hour of the day

Number = tuple[int, int]
_FIGURES = re.compile(r"\d+")


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers of a token such as 30/11/2026, in the order in which they stand."""
    return tuple(map(int, _FIGURES.findall(text)))


def digits(source: Source, at: int, most: int = 4) -> Number | None:
    """A number in digits, at most ``most`` of them."""
    kind = source.kind(at)
    if kind not in ("num", "ordinal"):
        return None
    written = source.token(at).text
    if kind == "num" and len(written) > most:
        return None
    source.reach(at + 1)
    return int(written if kind == "num" else written[:-2]), at + 1


@opened_by(_SPELLED)
@once
def spelled(source: Source, at: int) -> Number | None:
    """A number in words, one to thirty-nine."""
    after_ten = _TEN.match(source, at)
    if after_ten:
        unit = _unit(source, after_ten)
        return (10 + unit[0], unit[1]) if unit else (10, after_ten)
    unit = _unit(source, at)
    after_tens = _TENS.match(source, unit[1]) if unit else None
    if not unit or not after_tens:
        return unit
    tail = _unit(source, after_tens)
    return (unit[0] * 10 + tail[0], tail[1]) if tail else (unit[0] * 10, after_tens)


def _unit(source: Source, at: int) -> Number | None:
    table = _BARE_KEYS if source.is_bare(at) else _DIGIT_KEYS
    value = table.get(source.keys[at]) if source.kind(at) == "word" else None
    return (value, at + 1) if value else None


def number(source: Source, at: int) -> Number | None:
    """A number of days, months ... in digits or words; "06 (sáu)" must agree with itself."""
    if not source.starts[at] & NUMBER:
        return None
    found = digits(source, at, 3) or spelled(source, at)
    return repeated_in_words(source, found) if found else None


def calendar_number(source: Source, at: int) -> Number | None:
    """The number of a day or month. "Tháng năm 2026" is a blank left in a form, not May."""
    return None if YEAR.match(source, at) else number(source, at)


def repeated_in_words(source: Source, found: Number) -> Number:
    """Takes in the bracket that repeats a number in words; a bracket that differs is left standing."""
    value, end = found
    if not source.is_punct(end, "("):
        return found
    again = spelled(source, end + 1) or digits(source, end + 1, 3)
    if again and again[0] == value and source.is_punct(again[1], ")"):
        source.reach(again[1] + 1)
        return value, again[1] + 1
    if again and source.is_punct(again[1], ")"):
        source.complain(f"Số {value} và chữ trong ngoặc «{source.slice(end + 1, again[1])}» không khớp nhau.")
    return found


def year_number(source: Source, at: int) -> Number | None:
    """A year in four digits, 1990 to 2100."""
    written = source.token(at).text if source.kind(at) == "num" else ""
    if len(written) != 4 or not 1990 <= int(written) <= 2100:
        return None
    source.reach(at + 1)
    return int(written), at + 1


@opened_by(_ROMAN)
@once
def roman(source: Source, at: int) -> Number | None:
    """A quarter's number: I to IV, or 1 to 4; scans' "l" for "I" is mended and named."""
    token = source.token(at)
    plain = token.text.casefold()
    if token.kind == "word" and plain in _ROMANS:
        source.reach(at + 1)
        return _ROMANS[plain], at + 1
    if token.kind == "word" and plain in _ROMAN_SLIPS:
        source.reach(at + 1)
        return _ROMAN_SLIPS[plain], at + 1
    found = digits(source, at, 2)
    return found if found and 1 <= found[0] <= 4 else None


@opened_by(CLOCK)
@once
def clock(source: Source, at: int) -> tuple[str, int] | None:
    """An hour of the day as "HH:MM": 15:00, 17h30, 17 giờ 00 phút, 24 giờ."""
    if not source.present & HOURS:
        return None
    token = source.token(at)
    if token.kind == "time":
        figures = token.text.lower().replace(" ", "").rstrip("'′’")
        hour, _, minute = figures.replace("h", ":").replace("g", ":").partition(":")
        return _clock(source, int(hour), int(minute or 0), at + 1)
    found = digits(source, at, 2)
    after = HOUR.match(source, found[1]) if found else None
    if not found or not after:
        return None
    minutes = digits(source, after, 2)
    if not minutes:
        return _clock(source, found[0], 0, after)
    return _clock(source, found[0], minutes[0], MINUTE.skip(source, minutes[1]))


def _clock(source: Source, hour: int, minute: int, end: int) -> tuple[str, int] | None:
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    source.reach(end)
    return f"{hour:02d}:{minute:02d}", end


@opened_by(WEEKDAYS)
@once
def weekday_number(source: Source, at: int) -> tuple[int, int] | None:
    """A day of the week, Monday 1."""
    for words, value in _WEEKDAYS:
        end = words.match(source, at)
        if end:
            return value, end
    return None
