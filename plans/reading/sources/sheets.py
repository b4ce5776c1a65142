"""Workbooks (.xlsx) and .csv: one table a sheet, merged cells kept as merged."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

from plans.reading.document import Block, Cell, Cover, Document, Place, Row, squared
from plans.reading.errors import PlanFileError
from plans.reading.sources.archive import BROKEN
from plans.reading.sources.plain import decoded
from plans.reading.text import cleaned

# A sheet may claim a million formatted rows; the plan ends well before this many blank ones.
MAX_ROWS, MAX_COLUMNS, MAX_BLANK_ROWS = 20_000, 60, 300


def read_workbook(name: str, data: bytes) -> Document:
    """Every visible sheet as one table. Raises PlanFileError when the workbook cannot be read."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        blocks = [block for sheet in book.worksheets if sheet.sheet_state == "visible" for block in _sheet(sheet)]
    except (InvalidFileException, *BROKEN) as error:
        cure = "Hãy mở lại bằng Excel, lưu thành tệp .xlsx mới rồi nộp lại."
        raise PlanFileError(name, "là bảng tính bị hỏng, không mở được", cure) from error
    return Document(tuple(blocks))


def _sheet(sheet: Any) -> list[Block]:
    merged = _merges(sheet)
    rows: list[Row] = []
    last_row, last_column = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
    for number, values in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column), start=1):
        cells = [_cell(cell, merged) for cell in values]
        if any(cell.text for cell in cells):
            rows.append(Row(tuple(cells), Place(sheet=sheet.title, row=number)))
        elif number - (rows[-1].place.row or 0 if rows else 0) > MAX_BLANK_ROWS:
            break
    return [squared(_trimmed(rows), guessed=False)] if rows else []


def _merges(sheet: Any) -> dict[tuple[int, int], Cell]:
    """What each cell of a merged range is: the first holds the spans, the others are covered."""
    found: dict[tuple[int, int], Cell] = {}
    for area in list(sheet.merged_cells.ranges)[:5000]:
        spans = (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
        for row in range(area.min_row, min(area.max_row, MAX_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
                cover = Cover.ABOVE if row > area.min_row else Cover.LEFT
                found[row, column] = Cell("", cover=cover)
        found[area.min_row, area.min_col] = Cell("", *spans)
    return found


def _cell(cell: Any, merged: dict[tuple[int, int], Cell]) -> Cell:
    known = merged.get((cell.row, cell.column))
    if known is not None and known.cover is not Cover.NONE:
        return known
    spans = (known.row_span, known.col_span) if known else (1, 1)
    return Cell(_shown(cell.value, str(cell.number_format or "")), *spans)


def _shown(value: object, number_format: str) -> str:
    """The value as the sheet shows it: 0.6 formatted as per cent is "60%", a date is written day first."""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        shown = round(value * 100, 6) if "%" in number_format else value
        plain = str(int(shown)) if float(shown).is_integer() else str(shown).replace(".", ",")
        return f"{plain}%" if "%" in number_format else plain
    return cleaned(str(value))


def _trimmed(rows: list[Row]) -> list[Row]:
    """Rows without the empty columns on the right."""
    width = max(at + 1 for row in rows for at, cell in enumerate(row.cells) if cell.text)
    return [Row(row.cells[:width], row.place) for row in rows]


def read_csv(name: str, data: bytes) -> Document:
    """A .csv whose fields are divided by comma, semicolon or tab."""
    text = decoded(name, data)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows: list[Row] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), dialect), start=1):
            if any(value.strip() for value in values) and number <= MAX_ROWS:
                rows.append(Row(tuple(Cell(cleaned(value)) for value in values[:MAX_COLUMNS]), Place(row=number)))
    except csv.Error as error:
        raise PlanFileError(
            name, "là tệp .csv không đúng khuôn dạng", "Hãy mở bằng Excel, lưu thành .xlsx rồi nộp lại."
        ) from error
    return Document((squared(rows, guessed=False),) if rows else ())
