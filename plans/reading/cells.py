"""The cells of one row by what they hold: times put together, ditto marks resolved, merged cells carried down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from plans.reading.columns import UNIT_ROLES, Columns, Role
from plans.reading.document import Cover, Row, Table
from plans.reading.grids import is_mark, marked_time, span_of_time
from plans.reading.text import fold

_CARRIED = (Role.GROUP, Role.PRODUCT, *UNIT_ROLES, Role.TIME, Role.START, Role.END, Role.MEASURE, Role.TARGET)
_DITTO_ROLES = (Role.GROUP, *UNIT_ROLES, Role.TIME, Role.PRODUCT)
_DITTO = re.compile(r"^\W*(?:nt|n\.t|nhu tren)\W*$|^[\s\-–/]*(?:[\"“”″]|//|'')[\s\-–/]*$")
_TOTAL = re.compile(r"^(?:tong(?: cong| so)?|cong)(?: \([^()]*\))?[\s:.]*$")
_TIME_PARTS = (Role.START, Role.END, Role.MARK)


def carried(table: Table, columns: Columns) -> Iterator[Row]:
    """Rows in which a value cell covered from above shows the value of the merged cell."""
    above: dict[int, str] = {}
    for row in table.rows[columns.header_rows :]:
        cells = list(row.cells)
        for at, cell in enumerate(cells):
            if cell.cover is Cover.ABOVE and columns.roles[at] in _CARRIED:
                cells[at] = replace(cell, text=above.get(at, ""))
            elif cell.cover is not Cover.ABOVE:
                above[at] = cell.text
        yield Row(tuple(cells), row.place, row.after_break)


def texts_by_role(row: Row, columns: Columns) -> dict[Role, str]:
    """What a row says in each role; columns without a role are left out, the parts of a time are one text."""
    texts: dict[Role, str] = {}
    for cell, role in zip(row.cells, columns.roles, strict=False):
        if cell.text and role not in (Role.OTHER, *_TIME_PARTS):
            texts[role] = f"{texts[role]}\n{cell.text}" if role in texts else cell.text
    time = _time_of(row, columns)
    if time:
        texts[Role.TIME] = time
    return texts


def _time_of(row: Row, columns: Columns) -> str:
    """The time that two cells or marks tell; empty where one cell tells it."""
    parts = {
        role: cell.text for cell, role in zip(row.cells, columns.roles, strict=False) if role in (Role.START, Role.END)
    }
    marks = list(_marks(row, columns))
    if any(text for _, text in marks):
        return marked_time(marks)
    return span_of_time(parts.get(Role.START, ""), parts.get(Role.END, ""))


def _marks(row: Row, columns: Columns) -> Iterator[tuple[str, str]]:
    """(label, text) of the cells of a grid; a mark over several columns marks each of them."""
    over, text = 0, ""
    for at, (cell, role) in enumerate(zip(row.cells, columns.roles, strict=False)):
        if cell.text:
            over, text = at + cell.col_span, cell.text
        if role is Role.MARK:
            spread = at < over and not cell.text and is_mark(text)
            yield columns.headers[at], text if spread else cell.text


def undittoed(texts: dict[Role, str], above: dict[Role, str]) -> dict[Role, str]:
    """The texts with "nt", "như trên" and ditto marks replaced by what stands above; `above` is kept up to date."""
    for role in _DITTO_ROLES:
        text = texts.get(role, "")
        if above.get(role) and is_ditto(text):
            texts[role] = above[role]
        elif text:
            above[role] = text
    return texts


def is_ditto(text: str) -> bool:
    """Whether a cell only says "as above"."""
    return bool(text) and _DITTO.match(fold(text)) is not None


def is_total(texts: dict[Role, str]) -> bool:
    """A row that only adds up the figures above it."""
    named = [texts[role] for role in (Role.NUMBER, Role.CONTENT, *UNIT_ROLES, Role.PRODUCT) if texts.get(role)]
    return bool(named) and all(_TOTAL.match(fold(text)) for text in named)
