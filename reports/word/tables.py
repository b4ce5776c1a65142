"""Tables of a .docx: fixed widths, a header row on every page, rows that stay whole; and tables without lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import Table, _Cell, _Row

from reports.word.runs import CENTER, LEFT, TABLE, add_run, shape

# A row with more text than this may break over pages: kept whole it would leave an empty page before it.
LONGEST_WHOLE_ROW = 1200


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its width in twips, whether its cells are centred."""

    head: str
    width: int
    centred: bool = False


def grid(
    document: Document, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, bold_last: bool = False
) -> Table:
    """A table with lines. Widths should add up to the width of the text."""
    table = _table(document, [column.width for column in columns], len(rows) + 1)
    table.style = document.styles["Table Grid"]
    _cell_margins(table, 60)
    written = table.rows
    _write_row(written[0], columns, [column.head for column in columns], head=True)
    for number, (row, cells) in enumerate(zip(list(written)[1:], rows, strict=True), 1):
        _write_row(row, columns, cells, bold=bold_last and number == len(rows))
    shape(document.add_paragraph(), after=0).paragraph_format.line_spacing = 0.6
    return table


def join_rows(table: Table, heights: Sequence[int], columns: Sequence[int]) -> None:
    """Join the cells of some columns downwards: the rows below the head fall into groups of these heights."""
    rows, top = list(table.rows), 1
    for height in heights:
        if height > 1:
            for column in columns:
                rows[top].cells[column].merge(rows[top + height - 1].cells[column])
        top += height


def bare(document: Document, widths: Sequence[int]) -> Table:
    """A table of one row without lines and without cell margins, for the head and the foot of a document."""
    table = _table(document, widths, 1)
    _cell_margins(table, 0)
    _keep_whole(table.rows[0])
    return table


def _table(document: Document, widths: Sequence[int], rows: int) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)
    return table


def _write_row(
    row: _Row, columns: Sequence[Column], cells: Sequence[str], *, head: bool = False, bold: bool = False
) -> None:
    if head:
        _flag(row, "w:tblHeader")
    if sum(map(len, cells)) <= LONGEST_WHOLE_ROW:
        _keep_whole(row)
    for cell, column, text in zip(row.cells, columns, cells, strict=True):
        _write_cell(cell, text, centred=head or column.centred, bold=head or bold)


def _write_cell(cell: _Cell, text: str, *, centred: bool, bold: bool) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = shape(cell.paragraphs[0], CENTER if centred else LEFT, before=2, after=2)
    paragraph.paragraph_format.line_spacing = 1.0
    if text:
        add_run(paragraph, text, size=TABLE, bold=bold)


def _keep_whole(row: _Row) -> None:
    _flag(row, "w:cantSplit")


def _flag(row: _Row, name: str) -> None:
    # cantSplit comes before tblHeader in the schema.
    properties = row._tr.get_or_add_trPr()
    element = OxmlElement(name)
    if name == "w:cantSplit":
        properties.insert(0, element)
    else:
        properties.append(element)


def _cell_margins(table: Table, side: int) -> None:
    margins = OxmlElement("w:tblCellMar")
    for name in ("left", "right"):
        margin = OxmlElement(f"w:{name}")
        margin.set(qn("w:w"), str(side))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)
