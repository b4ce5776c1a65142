"""What stands in a number column: 1, 01, 1.2, I, A, a, đ; and which of them follows which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_FORM = re.compile(r"^(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})$")
# The order of letters in the lists of a document (Nghị định 30/2020/NĐ-CP: points a, b, c, d, đ, e ...).
LETTERS = "abcdđeghiklmnopqrstuvxy"
_INLINE = re.compile(
    r"^(?P<mark>(?:[IVX]{1,5}|[A-HĐ])(?:\.\d{1,2}){1,3}|[IVXL]{1,7}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3}){0,3}|[a-zđ])(?P<stop>[.)/:]*)\s+(?P<rest>\S.*)$",
    re.DOTALL,
)


# Numbers above 999 are numbers too, but four digits that may be a year are one only where a series comes to them.
_COUNTED = re.compile(r"^\d{1,3}$|^(?!19|20)[1-9]\d{3}$")
_FOUR_DIGITS = re.compile(r"^[1-9]\d{3}$")
_THOUSANDS = re.compile(r"^[1-9]\d?\.?\d{3}$")

# "I.1", "A.2.3", "1a", "II.b": a number under a section, printed with that of the section.
_MIXED = re.compile(
    rf"^(?:(?:[IVX]{{1,5}}|[A-HĐ])(?:\.\d{{1,2}})*\.|\d{{1,2}}\.?(?=[a-zđ]))(?P<last>\d{{1,2}}|[{LETTERS}])$"
)


class Style(StrEnum):
    """A kind of numbering, outermost first."""

    UPPER = "upper"
    ROMAN = "roman"
    NUMBER = "number"
    DOTTED = "dotted"
    LOWER = "lower"
    NONE = "none"


RANK = {Style.UPPER: 0, Style.ROMAN: 1, Style.NUMBER: 2, Style.DOTTED: 3, Style.LOWER: 4, Style.NONE: 5}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """One number of a row or a section: as printed (without closing marks), its style and its place in the series."""

    text: str
    style: Style
    value: int

    def follows(self, other: Ordinal) -> bool:
        """Whether this is the next one after `other` in the same series."""
        return self.style == other.style and self.value == other.value + 1


NO_ORDINAL = Ordinal("", Style.NONE, 0)


def roman_value(text: str) -> int | None:
    """The value of a Roman numeral up to 89, or None."""
    if not text or not _ROMAN_FORM.match(text):
        return None
    values = [_ROMAN[sign] for sign in text]
    return sum(
        -value if any(value < later for later in values[at + 1 : at + 2]) else value for at, value in enumerate(values)
    )


def readings(text: str) -> list[Ordinal]:
    """Every way to read the text of a number cell; empty when it is none (then it is text that went astray)."""
    mark = _mark(text)
    if _COUNTED.match(mark):
        return [Ordinal(mark, Style.NUMBER, int(mark))]
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){1,3}", mark):
        return [Ordinal(mark, Style.DOTTED, int(mark.rsplit(".", 1)[1]))]
    mixed = _MIXED.match(mark)
    if mixed:
        last = mixed["last"]
        return [Ordinal(mark, Style.DOTTED, int(last) if last.isdigit() else LETTERS.index(last.lower()) + 1)]
    return _letter_readings(mark)


def is_number(text: str) -> bool:
    """Whether the cell of a number column holds a number; there 2026 is one, for a table may have so many rows."""
    return bool(readings(text)) or _FOUR_DIGITS.match(_mark(text)) is not None


def _mark(text: str) -> str:
    return text.strip().strip("*().:/- ").rstrip(")")


def _letter_readings(mark: str) -> list[Ordinal]:
    found: list[Ordinal] = []
    roman = roman_value(mark)
    if roman:
        found.append(Ordinal(mark, Style.ROMAN, roman))
    if len(mark) == 1 and mark.lower() in LETTERS:
        style = Style.LOWER if mark.islower() else Style.UPPER
        found.append(Ordinal(mark, style, LETTERS.index(mark.lower()) + 1))
    return found


def chosen(text: str, last: dict[Style, Ordinal]) -> Ordinal | None:
    """The reading that continues a series begun before (C after B, not one hundred), else the likeliest one."""
    found = [*_counted_on(text, last), *readings(text)]
    for one in found:
        if one.style in last and one.follows(last[one.style]):
            return one
    if len(found) > 1 and found[0].value >= 50:
        return found[1]
    return found[0] if found else None


def _counted_on(text: str, last: dict[Style, Ordinal]) -> list[Ordinal]:
    """The number, above 999, that comes next in the series: "2026" after 2025, "1.000" after 999."""
    mark, before = _mark(text), last.get(Style.NUMBER)
    value = int(mark.replace(".", "")) if _THOUSANDS.match(mark) else 0
    return [Ordinal(mark, Style.NUMBER, value)] if before and value == before.value + 1 else []


def inline(text: str) -> tuple[str, str] | None:
    """A number printed in the same cell before its text ("II Kiểm soát ..."): (number, text), or None."""
    match = _INLINE.match(text)
    if not match or not readings(match["mark"]):
        return None
    bare_letter = match["mark"].isalpha() and roman_value(match["mark"]) is None
    if bare_letter and not match["stop"]:
        return None
    return match["mark"], match["rest"]


def itemised(text: str) -> tuple[str, str] | None:
    """The number that opens the text of a row without a number cell ("a) Khối ...", "2.1. Lập ..."), or None.

    A text that goes on with further items of the same kind ("a) ... b) ...") is one text and keeps its marks.
    """
    match = _INLINE.match(text)
    if not match or not match["stop"] or not readings(match["mark"]):
        return None
    style = readings(match["mark"])[0].style
    further = re.findall(r"(?:^|\s)([a-zđ]|\d{1,2}(?:\.\d{1,2})*|[IVX]{1,4})[.)](?=\s)", match["rest"])
    if any(one.style is style for mark in further for one in readings(mark)):
        return None
    return match["mark"], match["rest"]
