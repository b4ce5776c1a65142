"""What a section line says for all its rows: the unit or the time printed beside the heading and on none of them."""

from __future__ import annotations

from dataclasses import dataclass

from plans.reading.columns import UNIT_ROLES, Columns, Role
from plans.reading.guesses import is_time
from plans.reading.ordinals import RANK, Style, readings
from plans.reading.rows import Fields
from plans.reading.sections import Placed
from plans.reading.text import flat, fold, is_bulleted
from plans.reading.units_in_prose import heading_units

MAX_TIME = 25
_HANDED = (*UNIT_ROLES, Role.TIME)


@dataclass(frozen=True, slots=True)
class _Rank:
    """The rank of a row by its number; rows without a number stand below all others."""

    row: Fields
    rank: int


def hand_down(rows: list[Fields]) -> list[Fields]:
    """Rows under a section line that alone says who or when get its words; the line is a heading then."""
    ranked = [_Rank(row, _rank(row)) for row in rows]
    for at, one in enumerate(ranked):
        members = _members(ranked, at)
        if members and _speaks_for(one.row, members):
            for role in _HANDED:
                words = one.row.texts.pop(role, "")
                for member in members if words else ():
                    member.texts[role] = words
    return rows


def _rank(row: Fields) -> int:
    found = readings(row.number)
    return RANK[found[0].style] if found else RANK[Style.NONE]


def _members(ranked: list[_Rank], at: int) -> list[Fields]:
    """The rows below a section line, as far as they rank lower; none when one of them may be no row of its own."""
    own = ranked[at].rank
    if own > RANK[Style.NUMBER]:
        return []
    members: list[Fields] = []
    for one in ranked[at + 1 :]:
        if one.rank <= own:
            break
        if one.rank == RANK[Style.NONE] and not is_bulleted(one.row.content):
            return []
        members.append(one.row)
    return members


def _speaks_for(row: Fields, members: list[Fields]) -> bool:
    said = [role for role in _HANDED if row.get(role)]
    if not said or row.get(Role.PRODUCT) or not row.content:
        return False
    return all(member.content and not member.split and not any(member.get(role) for role in said) for member in members)


def lent(placed: tuple[Placed, ...], columns: Columns) -> tuple[Placed, ...]:
    """Rows that do not say by whom or when, with what the headings above them say of it.

    A heading says it in its own cells, or, where the table has no column for it, in its words.
    """
    for one in placed:
        if one.headings and not one.row.split:
            _lend_cells(one.row, one.headings[-1].row)
        for heading in reversed(one.headings):
            _lend_words(one.row, heading.text, columns)
    return placed


def _lend_cells(row: Fields, lender: Fields) -> None:
    if not row.has_units:
        row.texts.update({role: lender.get(role) for role in UNIT_ROLES if lender.get(role)})


def _lend_words(row: Fields, text: str, columns: Columns) -> None:
    if not columns.has(*UNIT_ROLES) and not row.has_units and heading_units(text):
        row.texts[Role.LEAD] = "; ".join(heading_units(text))
    if not columns.holds_time and not row.get(Role.TIME) and len(text) < MAX_TIME and is_time(fold(text)):
        row.texts[Role.TIME] = flat(text)
