"""Times told by the place of a mark: a column for every month, quarter or year, and an x where the work is done."""

from __future__ import annotations

import re

from plans.reading.text import flat, fold

_MARK = re.compile(r"^\W*(?:x+|v)?\W*$|^[✓✔√●■◆☑]+$", re.IGNORECASE)
_FULL = re.compile(r"^(?:quy|thang)\s*(?:[ivx]+|\d{1,2})(?:\s*[/.-]\s*20\d{2}|\s+nam\s+20\d{2})?$|^(?:nam\s*)?20\d{2}$")
_SHORT_QUARTER = re.compile(r"^q?\.?(i{1,3}|iv|[1-4])$")
_SHORT_MONTH = re.compile(r"^t?\.?\s?(0?[1-9]|1[0-2])$")
_ROMAN = ("I", "II", "III", "IV")


def grid_label(text: str, above: str) -> str | None:
    """The time that a header of a grid means, under the header `above` it: "II" under "Quý" is "Quý II"; or None."""
    word, over = flat(fold(text)), fold(above)
    if _FULL.match(word):
        return f"Năm {flat(text)}" if word.isdigit() else flat(text)
    quarter, month = _SHORT_QUARTER.match(word), _SHORT_MONTH.match(word)
    if quarter and (not word.isdigit() or "quy" in over) and (word.startswith("q") or _speaks_of_time(over)):
        return f"Quý {_quarter(quarter[1])}"
    if month and (word.startswith("t") or (_speaks_of_time(over) and "quy" not in over)):
        return f"Tháng {int(month[1])}"
    return None


def _quarter(word: str) -> str:
    return _ROMAN[int(word) - 1] if word.isdigit() else word.upper()


def _speaks_of_time(over: str) -> bool:
    return bool(re.search(r"thoi (?:gian|diem|han)|tien do|lo trinh|quy|thang|nam", over))


def is_mark(text: str) -> bool:
    """Whether a cell only marks its column: an x, a tick, a dot."""
    return bool(text.strip()) and _MARK.match(text.strip()) is not None


def marked_time(cells: list[tuple[str, str]]) -> str:
    """The time of a row from its (label, cell) pairs: the labels that are marked, or what is written in their place."""
    told = [label if is_mark(text) else flat(text) for label, text in cells if text.strip()]
    return ", ".join(told)


def span_of_time(start: str, end: str) -> str:
    """Two cells, from and to, as one phrase."""
    start, end = flat(start), flat(end)
    if not start or not end or fold(start) == fold(end):
        return end or start
    since = start if fold(start).startswith("tu ") else f"Từ {start}"
    return f"{since} {end}" if fold(end).startswith("den ") else f"{since} đến {end}"
