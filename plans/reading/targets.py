"""Tables of yearly figures to target rows."""

from __future__ import annotations

import re

from plans.reading.columns import Columns, Role
from plans.reading.document import Table
from plans.reading.model import TargetRow
from plans.reading.rows import Fields, fields_of
from plans.reading.sections import Placed, outline
from plans.reading.text import flat, fold
from plans.reading.units_text import split_names, split_units

_TARGET_ROLES = (Role.TARGET, Role.MEASURE, Role.LEAD, Role.PERFORMER, Role.COORDINATOR)
_FIGURE = re.compile(
    r"^(?P<bound>toi thieu|it nhat|tu|tren|khong duoi|khong thap hon|dat tu|dat toi thieu|dat it nhat|dat tren"
    r"|dat|>=|≥|>|=)?\s*"
    r"(?P<figure>\d{1,3}(?:\.\d{3})+|\d+(?:[.,]\d+)?)\s*(?P<unit>%|[^\d;()]{0,24}?)(?P<up>\s*tro len)?[\s.]*$"
)
_AT_LEAST = (
    "toi thieu",
    "it nhat",
    "tu",
    "tren",
    "khong duoi",
    "khong thap hon",
    "dat tu",
    "dat toi thieu",
    "dat it nhat",
    "dat tren",
    ">=",
    "≥",
    ">",
)


def read_targets(table: Table, columns: Columns, group: str | None = None) -> list[TargetRow]:
    """Every target of a table, in order; `group` is the heading that stands above the whole table."""
    rows = fields_of(table, columns)
    return [_target(one, group) for one in outline(rows, _TARGET_ROLES).duties]


def _target(one: Placed, group: str | None) -> TargetRow:
    row = one.row
    comparator, value, unit = figure(row.get(Role.TARGET))
    units = _responsible(row)
    return TargetRow(
        ordinal=one.ordinal.text or None,
        group=one.headings[-1].label if one.headings else group,
        name=flat(row.content),
        unit=flat(row.get(Role.MEASURE)) or unit,
        comparator=comparator,
        value=value,
        responsible=units[0],
        coordinators=units[1],
        place=row.place,
    )


def figure(text: str) -> tuple[str, int | float | str | None, str | None]:
    """(comparator, value, unit) of a target cell; words that hold no single figure are given back as they are."""
    words = flat(text)
    match = _FIGURE.match(fold(words))
    if not match:
        return ("=", words or None, None)
    digits = match["figure"]
    plain = digits.replace(".", "") if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits) else digits.replace(",", ".")
    value = float(plain)
    at_least = match["bound"] in _AT_LEAST or bool(match["up"])
    unit = words[match.start("unit") : match.end("unit")].strip() or None
    return (">=" if at_least else "=", int(value) if value.is_integer() else value, unit)


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
