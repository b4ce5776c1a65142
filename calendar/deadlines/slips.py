"""Letters that scanning put for digits in a date ("l5/6", "O6/2026"): mended where nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Callable

_DIGITS = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"})
# Two signs of which one is a digit, before or behind the stroke of a date, or behind "ngày" or "tháng"; a year.
_SIGNS = r"(?=[0-9lI|Oo]{2}(?![^\W_]))(?:[0-9][lI|Oo]|[lI|Oo][0-9])"
_DAY = re.compile(
    rf"(?<![^\W_/]){_SIGNS}(?=\s?[/.]\s?[0-9lI|Oo]{{1,2}}(?:[/.]|(?![^\W_])))"
    rf"|(?<=[0-9l][/.]){_SIGNS}"
    rf"|(?<![^\W_]){_SIGNS}(?=/20[0-9Oo]{{2}}(?![^\W_]))"
    rf"|(?<=ngày\s){_SIGNS}|(?<=tháng\s){_SIGNS}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<=[/.])2[0Oo][0-9OolI|]{2}(?![^\W_])|(?<=năm\s)2[0Oo][0-9OolI|]{2}(?![^\W_])")
# Next to no cell holds such a sign beside a digit, and the patterns above cost more than the rest of the cleaning.
_MIXED = re.compile(r"[0-9][lLiI|Oo]|[lLiI|Oo][0-9]")
LAST_DAY = 31

Note = Callable[[str, str], None]


def with_digits(text: str, note: Note) -> str:
    """The text with such letters as digits; `note` is told each change. What makes no day or month stays."""

    def meant(found: re.Match[str]) -> str:
        digits = found[0].translate(_DIGITS)
        if digits == found[0] or not digits.isdigit() or not (len(digits) == 4 or 1 <= int(digits) <= LAST_DAY):
            return found[0]
        note(found[0], digits)
        return digits

    return _YEAR.sub(meant, _DAY.sub(meant, text)) if _MIXED.search(text) else text
