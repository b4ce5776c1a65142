"""Tables of duties to obligation rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.reading.columns import Columns, Role
from plans.reading.document import Table
from plans.reading.model import ObligationRow
from plans.reading.phrases import dated
from plans.reading.rows import VALUE_ROLES, Fields, fields_of
from plans.reading.sections import Heading, Outline, Placed, keys, outline
from plans.reading.text import flat
from plans.reading.units_text import Units, split_names, split_units

_DUTY_ROLES = (*VALUE_ROLES,)


@dataclass(slots=True)
class DutyTable:
    """One table of duties read: the rows, and what the audit needs to know of them."""

    columns: Columns
    rows: list[ObligationRow] = field(default_factory=list)
    placed: tuple[Placed, ...] = ()
    headings: tuple[Heading, ...] = ()
    unroled: set[str] = field(default_factory=set)


def read_duties(table: Table, columns: Columns, year: int | None, taken: set[str]) -> DutyTable:
    """Every duty of a table, in order. `taken` are the keys of the tables before it and is added to."""
    whole: Outline = outline(fields_of(table, columns), _DUTY_ROLES)
    read = DutyTable(columns, placed=whole.duties, headings=whole.headings)
    for one, key in zip(whole.duties, keys(whole.duties, taken), strict=True):
        units = units_of(one.row)
        if units.unroled:
            read.unroled.add(key)
        read.rows.append(_obligation(one, key, units, year))
    return read


def units_of(row: Fields) -> Units:
    """Leads and coordinators of a row, from a column each, or from one column for both."""
    leads = list(split_names(row.get(Role.LEAD)))
    coordinators = list(split_names(row.get(Role.COORDINATOR)))
    both = split_units(row.get(Role.PERFORMER))
    if Role.LEAD in row.texts:
        coordinators += [name for name in (*both.leads, *both.coordinators) if name not in leads]
        return Units(tuple(leads), tuple(coordinators))
    return Units((*leads, *both.leads), (*coordinators, *both.coordinators), both.unroled)


def _obligation(one: Placed, key: str, units: Units, year: int | None) -> ObligationRow:
    words = one.row.get(Role.TIME)
    when = dated(words, year)
    return ObligationRow(
        key=key,
        ordinal=one.ordinal.text or None,
        section=tuple(heading.label for heading in one.headings),
        content=flat(one.row.content),
        deliverable=flat(one.row.get(Role.PRODUCT)) or None,
        leads=units.leads,
        coordinators=units.coordinators,
        deadline_text=flat(words) or None,
        rules=when.rules,
        status=when.status,
        question=when.question,
        place=one.row.place,
    )
