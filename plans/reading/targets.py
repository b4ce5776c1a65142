"""Tables of yearly figures to target rows."""

from __future__ import annotations

import re

from plans.reading.columns import UNIT_ROLES, Columns, Role
from plans.reading.document import Table
from plans.reading.guesses import is_measure
from plans.reading.handing import lent
from plans.reading.model import TargetRow
from plans.reading.rows import Fields, fields_of
from plans.reading.sections import Placed, outline
from plans.reading.text import flat, fold
from plans.reading.units_text import split_names, split_units

_TARGET_ROLES = (Role.TARGET, Role.MEASURE, Role.LEAD, Role.PERFORMER, Role.COORDINATOR)
_AT_LEAST = (
    r"toi thieu|it nhat|tu|tren|khong (?:duoi|thap hon|it hon)|dat (?:tu|tren|toi thieu|it nhat)|>=|≥|>|lon hon"
    r"|phan dau (?:dat )?(?:tu|tren)"
)
_AT_MOST = (
    r"toi da|nhieu nhat|khong (?:qua|vuot qua|vuot|tren|cao hon)|duoi|<=|≤|<|nho hon|giam (?:xuong )?(?:con )?duoi"
)
_EXACTLY = r"dat|phan dau(?: dat)?|hoan thanh|="
_FIGURE = re.compile(
    rf"^(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?:{_EXACTLY}))?\s*"
    r"(?P<figure>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)\s*(?P<unit>[%‰]|[^\d;()]{0,24}?)"
    r"(?:\s*(?P<up>tro len)|\s*(?P<down>tro xuong))?[\s.]*$"
)
_MEASURE_IN_NAME = re.compile(r"\((%|‰|[^\W\d][^()\d]{0,18})\)\s*$")


def read_targets(table: Table, columns: Columns, group: str | None = None) -> list[TargetRow]:
    """Every target of a table, in order; `group` is the heading that stands above the whole table.

    A table that gives one figure to each unit names its targets by the header of the figures and the unit.
    """
    rows = fields_of(table, columns)
    if Role.CONTENT not in columns.roles:
        header = columns.headers[columns.roles.index(Role.TARGET)]
        for row in rows:
            units = [flat(row.get(role)) for role in UNIT_ROLES if row.get(role)]
            row.texts[Role.CONTENT] = " - ".join((header, *units[:1]))
            row.texts.setdefault(Role.MEASURE, _measure_of(header) or "")
    return [_target(one, group) for one in lent(outline(rows, _TARGET_ROLES).duties, columns)]


def _target(one: Placed, group: str | None) -> TargetRow:
    row = one.row
    comparator, value, unit = figure(row.get(Role.TARGET))
    units = _responsible(row)
    return TargetRow(
        ordinal=one.ordinal.text or None,
        group=one.section[-1] if one.section else group,
        name=flat(row.content),
        unit=flat(row.get(Role.MEASURE)) or unit or _measure_of(row.content),
        comparator=comparator,
        value=value,
        responsible=units[0],
        coordinators=units[1],
        place=row.place,
    )


def _measure_of(name: str) -> str | None:
    """The unit of measure that closes a name: "Tỷ lệ hộ nghèo (%)"."""
    match = _MEASURE_IN_NAME.search(flat(name))
    return match[1] if match and (match[1] in "%‰" or is_measure(match[1])) else None


def figure(text: str) -> tuple[str, int | float | str | None, str | None]:
    """(comparator, value, unit) of a target cell; words that hold no single figure are given back as they are.

    The comparator is "<=" where the cell sets a ceiling ("Không quá 5", "Dưới 2"): ">=" or "=" would say the opposite.
    """
    words = flat(text)
    match = _FIGURE.match(fold(words))
    if not match:
        return ("=", words or None, None)
    value = _number(match["figure"])
    unit = words[match.start("unit") : match.end("unit")].strip() or None
    if match["most"] or match["down"]:
        return ("<=", value, unit)
    return (">=" if match["least"] or match["up"] else "=", value, unit)


def _number(digits: str) -> int | float:
    thousands = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
    value = float(digits.replace(".", "").replace(",", ".") if thousands else digits.replace(",", "."))
    return int(value) if value.is_integer() else value


def _responsible(row: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who answers for a figure: whoever is named, unless only said to coordinate beside someone else."""
    leads = split_names(row.get(Role.LEAD))
    coordinators = split_names(row.get(Role.COORDINATOR))
    cell = row.get(Role.PERFORMER)
    if not cell:
        return leads, coordinators
    both = split_units(cell)
    said = re.search(r"phoi hop", fold(cell)) is not None
    if not said:
        return (*leads, *both.leads, *both.coordinators), coordinators
    return (
        ((*leads, *both.leads), (*coordinators, *both.coordinators))
        if both.leads
        else ((*leads, *both.coordinators), coordinators)
    )
