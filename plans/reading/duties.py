"""Tables of duties to obligation rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.reading.columns import Columns, Role
from plans.reading.document import Table
from plans.reading.handing import hand_down, lent
from plans.reading.lettered import lettered
from plans.reading.model import ObligationRow
from plans.reading.phrases import dated
from plans.reading.rows import VALUE_ROLES, Fields, fields_of
from plans.reading.sections import Heading, Outline, Placed, keys, outline
from plans.reading.text import flat
from plans.reading.units_text import Units, split_names, split_units


@dataclass(slots=True)
class DutyTable:
    """One table of duties read: the rows, and what the audit needs to know of them; `blank` rows say nothing to do."""

    columns: Columns
    rows: list[ObligationRow] = field(default_factory=list)
    placed: tuple[Placed, ...] = ()
    headings: tuple[Heading, ...] = ()
    unroled: set[str] = field(default_factory=set)
    blank: list[Fields] = field(default_factory=list)


def read_duties(table: Table, columns: Columns, year: int | None, taken: set[str]) -> DutyTable:
    """Every duty of a table, in order. `taken` are the keys of the tables before it and is added to."""
    whole: Outline = outline(hand_down(lettered(fields_of(table, columns))), VALUE_ROLES)
    placed = lent(tuple(one for one in whole.duties if _has_content(one.row)), columns)
    read = DutyTable(columns, placed=placed, headings=whole.headings)
    read.blank.extend(one.row for one in whole.duties if not one.row.content)
    for one, key in zip(placed, keys(placed, taken), strict=True):
        units = units_of(one.row)
        if units.unroled:
            read.unroled.add(key)
        read.rows.append(_obligation(one, key, units, year))
    return read


def _has_content(row: Fields) -> bool:
    """Whether a row says what is to be done; a row that names only its product is a duty to make that product."""
    if not row.content and row.get(Role.PRODUCT):
        row.texts[Role.CONTENT] = row.get(Role.PRODUCT)
        row.remarks.append("Ô nội dung để trống; đã lấy theo ô sản phẩm.")
    return bool(row.content)


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
        section=one.section,
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
