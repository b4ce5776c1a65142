"""Which tables belong together, which hold duties or targets, and what to do with the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.reading.asides import aside_of
from plans.reading.columns import Columns, Role, header_role
from plans.reading.document import Block, Cell, Document, Paragraph, Row, Table
from plans.reading.guesses import guessed_columns
from plans.reading.headers import columns_of, is_body, is_header
from plans.reading.text import flat, fold

_FURNITURE = re.compile(
    r"noi nhan|cong hoa xa hoi|doc lap - tu do|tm\. |kt\. ?chu tich|\bchu tich\b|uy ban nhan dan|^so\W|chu ky|ky boi"
    r"|luu: ?vt"
)
_PAGE_NUMBER = re.compile(r"^\W*(?:trang\s*)?\d{0,3}\W*$", re.IGNORECASE)
_HEADING = re.compile(r"^(?P<mark>[IVX]{1,5}|[A-HĐ]|\d{1,2}(?:\.\d{1,2})?)[.)/:]?\s+(?P<rest>\D.{2,250})$")
_PERIOD = re.compile(r"^(?:quy [ivx]{1,3}|thang \d{1,2})(?:[/ ](?:nam )?\d{4})?$")
MAX_HEADINGS, MIN_WIDTH = 2, 3
BARE_HEADING, BARE_WORDS = 90, 4
_TITLE = re.compile(r"^(?:phu luc|bieu|danh muc|bang)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """One table with its columns (None when they cannot be told) and the line that stands above it.

    `aside` says in Vietnamese what a table holds that is neither duties nor targets.
    """

    table: Table
    columns: Columns | None
    above: str | None = None
    furniture: bool = False
    aside: str | None = None


def tidied(document: Document) -> Document:
    """Title rows above a header and signature rows below a table, as prose; tables cut by pages, joined."""
    blocks: list[Block] = []
    for block in document.blocks:
        pieces = _loosened(block) if isinstance(block, Table) else [block]
        for piece in pieces:
            if isinstance(piece, Table):
                piece = _with_headings(blocks, piece)
            last = blocks[-1] if blocks else None
            if isinstance(piece, Table) and isinstance(last, Table) and _carried_on(blocks, piece):
                blocks[-1] = _joined(last, piece)
            elif not (isinstance(piece, Paragraph) and _PAGE_NUMBER.match(piece.text)):
                blocks.append(piece)
    return Document(tuple(blocks), document.remarks)


def _loosened(table: Table) -> list[Block]:
    """The table without the rows that are not of it; tables that a sheet prints one below the other, apart."""
    if table.width == 1:
        return list(_prose(table.rows))
    pieces = list(_pieces(table.rows))
    if len(pieces) == 1:
        return _one_table(table)
    return [block for rows in pieces for block in _one_table(Table(_trimmed(rows), table.guessed))]


def _pieces(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """The rows up to each further header that is another than the one before it, with its title rows above it."""
    start = 0
    header = next((at for at, row in enumerate(rows) if _opens_table(row)), len(rows))
    for at in range(header + 1, len(rows)):
        cut = at
        while cut > header + 1 and len(_filled(rows[cut - 1])) == 1:
            cut -= 1
        if cut < at and _opens_table(rows[at]) and rows[at].texts() != rows[header].texts():
            yield rows[start:cut]
            start, header = cut, at
    yield rows[start:]


def _opens_table(row: Row) -> bool:
    return is_header(row) or (header_role(row.texts()[0]) is Role.NUMBER and len(_filled(row)) >= MIN_WIDTH)


def _filled(row: Row) -> list[str]:
    return [text for text in row.texts() if text]


def _trimmed(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows without the columns on the right that none of them fills."""
    last = max((at for row in rows for at, cell in enumerate(row.cells) if cell.text or cell.cover), default=0)
    return tuple(Row(row.cells[: last + 1], row.place, row.after_break) for row in rows)


def _one_table(table: Table) -> list[Block]:
    rows = table.rows
    header = next((at for at, row in enumerate(rows[:25]) if is_header(row)), None)
    if header is None:
        # A text has no title rows inside its table: a lone line that opens one is its first section.
        header = 0 if table.guessed else _first_full(rows)
    header = 0 if any(map(is_body, rows[:header])) else header
    end = next((at for at in range(header + 1, len(rows)) if _opens_signature(rows[at])), len(rows))
    blocks: list[Block] = [*_prose(rows[:header])]
    if rows[header:end]:
        blocks.append(Table(rows[header:end], table.guessed))
    return [*blocks, *_prose(rows[end:])]


def _first_full(rows: tuple[Row, ...]) -> int:
    """Where a table without a header begins below lines of one cell each, as a sheet prints its title."""
    full = next((at for at, row in enumerate(rows) if len(_filled(row)) >= MIN_WIDTH), 0)
    return full if all(len(_filled(row)) <= 1 for row in rows[:full]) else 0


def _opens_signature(row: Row) -> bool:
    texts = [fold(text) for text in row.texts() if text]
    return bool(texts) and len(texts) <= 3 and bool(re.match(r"noi nhan|tm\.|kt\.", texts[0]))


def _prose(rows: tuple[Row, ...]) -> Iterator[Paragraph]:
    for row in rows:
        for text in row.texts():
            yield from (Paragraph(flat(line), row.place) for line in text.split("\n") if line.strip())


def _with_headings(blocks: list[Block], table: Table) -> Table:
    """The table with the section lines that stand, without cell borders, between it and the table it carries on."""
    at = len(blocks)
    while at and isinstance(blocks[at - 1], Paragraph) and len(blocks) - at < MAX_HEADINGS:
        at -= 1
    between = [block for block in blocks[at:] if isinstance(block, Paragraph)]
    before = _carried_on(blocks[:at], table)
    cells = [_heading_cells(paragraph.text) for paragraph in between]
    if not between or not all(cells) or is_header(table.rows[0]) or before is None:
        return table
    del blocks[at:]
    rows = [
        Row(_laid_out(*cell, before.roles), paragraph.place)
        for paragraph, cell in zip(between, filter(None, cells), strict=True)
    ]
    return Table((*rows, *table.rows), table.guessed)


def _laid_out(mark: str, text: str, roles: tuple[Role, ...]) -> tuple[Cell, ...]:
    """A section line as a row: number and words in their columns, both in one where no column is for numbers."""
    cells = [Cell("")] * len(roles)
    if Role.NUMBER in roles:
        cells[roles.index(Role.NUMBER)] = Cell(mark)
        cells[roles.index(Role.CONTENT)] = Cell(text, col_span=len(roles) - 1)
    else:
        cells[roles.index(Role.CONTENT)] = Cell(f"{mark}. {text}" if mark else text, col_span=len(roles))
    return tuple(cells)


def _heading_cells(text: str) -> tuple[str, str] | None:
    """(number, words) of a line that heads a section of a table: numbered, in capitals, or a month or quarter."""
    match = _HEADING.match(text)
    if match:
        return match["mark"], match["rest"]
    bare = len(text) <= BARE_HEADING and not text.endswith((".", ";", ":")) and not _TITLE.match(fold(text))
    named = text.isupper() or _PERIOD.match(fold(text)) or (text[:1].isupper() and len(text.split()) >= BARE_WORDS)
    return ("", text) if bare and named else None


def _carried_on(blocks: list[Block], table: Table) -> Columns | None:
    """The columns of the table right before, when this one carries it on: same width, no header or the same."""
    before = blocks[-1] if blocks else None
    if not isinstance(before, Table) or before.width != table.width:
        return None
    columns = columns_of(before)
    if columns is None or Role.CONTENT not in columns.roles:
        return None
    same = not is_header(table.rows[0]) or table.rows[0].texts() == before.rows[0].texts()
    return columns if same else None


def _joined(before: Table, table: Table) -> Table:
    first = Row(table.rows[0].cells, table.rows[0].place, after_break=True)
    return Table((*before.rows, first, *table.rows[1:]), before.guessed)


def found_tables(document: Document, year: int | None = None) -> list[Found]:
    """Every table with its columns; without a header, those of the table before it, or judged by its cells.

    `year` is the plan's: of figures for several years it says which are to be read.
    """
    found: list[Found] = []
    known: Columns | None = None
    above: str | None = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above = block.text
            known = None if _TITLE.match(fold(block.text)) else known
            continue
        columns = columns_of(block) or _inherited(block, known) or guessed_columns(block)
        known = columns or known
        columns = columns.for_year(year) if columns else None
        aside = aside_of(block, columns, above, year)
        furniture = columns is None and aside is None and _is_furniture(block)
        found.append(Found(block, None if aside else columns, above, furniture, aside))
    return found


def _inherited(table: Table, known: Columns | None) -> Columns | None:
    if known is None or len(known.roles) != table.width or _is_furniture(table):
        return None
    return Columns(known.roles, known.headers, 0)


def _is_furniture(table: Table) -> bool:
    """Letterhead, recipients, signature: laid out as a table, but no table."""
    words = fold(" ".join(text for row in table.rows for text in row.texts()))
    return bool(_FURNITURE.search(words)) and len(table.rows) <= 6
