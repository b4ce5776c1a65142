"""Rows that hold several duties: the points a), b) of one cell, with a), b) of their own in the time or the units."""

from __future__ import annotations

import re

from plans.reading.columns import Role
from plans.reading.ordinals import LETTERS, RANK, Style, readings
from plans.reading.rows import VALUE_ROLES, Fields

_POINT = re.compile(r"(?:^|(?<=\s))(?P<letter>[a-zđ])\)\s+")
LEAST_POINTS = 2
# With "đ" as the order of letters has it, and without, as many print them.
_ORDERS = (LETTERS, LETTERS.replace("đ", ""))


def lettered(rows: list[Fields]) -> list[Fields]:
    """Rows whose points are printed alike in the content and in another cell, each point a row of its own.

    Where the letters differ nothing is guessed: the row stays one, and its time is asked.
    """
    return [part for row in rows for part in _parts(row)]


def _parts(row: Fields) -> list[Fields]:
    intro, points = _points(row.content)
    if not points or row.split or not _outranks_letters(row.number):
        return [row]
    values = {role: _points(row.get(role)) for role in VALUE_ROLES if row.get(role)}
    marked = {role: found for role, (_, found) in values.items() if found}
    if not marked or any(values[role][0] or list(found) != list(points) for role, found in marked.items()):
        return [row]
    heads = [Fields({Role.NUMBER: row.number, Role.CONTENT: intro}, row.place, row.after_break)] if intro else []
    parts = [_part(row, letter, points, marked, under=bool(intro)) for letter in points]
    for part in parts[1:] if not intro else ():
        part.split = True
    (heads or parts)[0].remarks.extend(row.remarks)
    return [*heads, *parts]


def _part(
    row: Fields, letter: str, points: dict[str, str], marked: dict[Role, dict[str, str]], *, under: bool
) -> Fields:
    own = {role: found[letter] for role, found in marked.items()}
    texts = {**row.texts, **own, Role.CONTENT: points[letter]}
    return Fields({**texts, Role.NUMBER: letter if under else row.number}, row.place)


def _outranks_letters(number: str) -> bool:
    found = readings(number)
    return bool(found) and RANK[found[0].style] < RANK[Style.LOWER]


def _points(text: str) -> tuple[str, dict[str, str]]:
    """(words before, point by letter) of a text with points from a) on; no points where their letters do not run on."""
    marks = list(_POINT.finditer(text))
    letters = "".join(mark["letter"] for mark in marks)
    if len(marks) < LEAST_POINTS or not any(order.startswith(letters) for order in _ORDERS):
        return text, {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = {mark["letter"]: text[mark.end() : end].strip(" ;\n") for mark, end in zip(marks, ends, strict=True)}
    return text[: marks[0].start()].strip(), found if all(found.values()) else {}
