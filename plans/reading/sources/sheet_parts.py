"""The rows of one sheet as blocks: what stands above its header, its tables, and the prose between and below them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from plans.reading.columns import Role, header_role
from plans.reading.document import Block, Cell, Paragraph, Row, Table, squared
from plans.reading.headers import is_header
from plans.reading.text import flat, fold

_CLOSING = re.compile(r"\W*(?:noi nhan|tm\.|kt\.|tl\.)")
_DECIMAL = re.compile(r"^\d{1,2},\d{1,2}$")
_DAY = re.compile(r"^(\d{2})/(\d{2})/\d{4}$")


def parts(rows: list[Row], glue: str = "") -> Iterator[Block]:
    """The blocks in order. `glue` joins the cells of a line of prose that commas have divided; empty: a line each."""
    heads = _heads(rows)
    if not heads:
        yield squared(rows, guessed=False)
        return
    yield from prose(rows[: heads[0]], glue)
    for at, end in zip(heads, [*heads[1:], len(rows)], strict=True):
        last = _last_row(rows, at, end)
        yield _table(rows[at:last])
        yield from prose(rows[last:end], glue)


def _heads(rows: list[Row]) -> list[int]:
    """Where a table begins; the second line of a header begins none."""
    found: list[int] = []
    for at, row in enumerate(rows):
        if is_header(row) and not (found and at - found[-1] <= 2 and not row.texts()[0]):
            found.append(at)
    return found


def _last_row(rows: list[Row], at: int, end: int) -> int:
    """The end of a table: after its last row of several cells; recipients and signature are not of it."""
    closing = next((k for k in range(at + 1, end) if _closes(rows[k])), end)
    several = [k for k in range(at, closing) if sum(1 for text in rows[k].texts() if text) >= 2]
    return several[-1] + 1


def _closes(row: Row) -> bool:
    first = next((fold(text) for text in row.texts() if text), "")
    return _CLOSING.match(first) is not None


def _table(rows: list[Row]) -> Table:
    """The rows as wide as anything is written in them, their numbers as a person writes them."""
    width = max(at + 1 for row in rows for at, cell in enumerate(row.cells) if cell.text)
    cut = [
        replace(row, cells=tuple(_within(cell, at, width) for at, cell in enumerate(row.cells[:width]))) for row in rows
    ]
    numbers = [at for at, text in enumerate(cut[0].texts()) if header_role(text) is Role.NUMBER]
    return squared([_numbered(row, numbers) for row in cut], guessed=False)


def _within(cell: Cell, at: int, width: int) -> Cell:
    return replace(cell, col_span=min(cell.col_span, width - at))


def _numbered(row: Row, columns: list[int]) -> Row:
    """ "1.2" in the column of numbers, which a workbook keeps as the number 1,2 or takes for the first of February."""
    cells = list(row.cells)
    for at in columns:
        text = _DAY.sub(lambda day: f"{int(day[1])}.{int(day[2])}", cells[at].text)
        cells[at] = replace(cells[at], text=text.replace(",", ".") if _DECIMAL.match(text) else text)
    return replace(row, cells=tuple(cells))


def prose(rows: list[Row], glue: str) -> Iterator[Paragraph]:
    """Lines of rows that are of no table, cell by cell."""
    for row in rows:
        texts = [text for text in row.texts() if text]
        for text in [glue.join(texts)] if glue else texts:
            yield from (Paragraph(flat(line), row.place) for line in text.split("\n") if line.strip())
