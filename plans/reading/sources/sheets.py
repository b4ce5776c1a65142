"""Workbooks (.xlsx) and .csv: the tables of every sheet, merged cells kept as merged, the prose around them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from plans.reading.document import Block, Cell, Cover, Document, Place, Row
from plans.reading.errors import PlanFileError
from plans.reading.headers import is_header
from plans.reading.sources.archive import BROKEN
from plans.reading.sources.plain import decoded
from plans.reading.sources.sheet_parts import parts
from plans.reading.text import cleaned

# A sheet may claim a million formatted rows; the plan ends well before this many blank ones.
MAX_ROWS, MAX_COLUMNS, MAX_BLANK_ROWS, MAX_MERGES = 20_000, 60, 300, 5000
_DELIMITERS = "\t;,|"


def read_workbook(name: str, data: bytes) -> Document:
    """Every sheet. Raises PlanFileError when the workbook cannot be read."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    remarks: list[str] = []
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        blocks = [block for sheet in book.worksheets for block in _sheet(sheet, remarks)]
        remarks.extend(_uncounted(data, book))
    except (InvalidFileException, *BROKEN) as error:
        cure = "Hãy mở lại bằng Excel, lưu thành tệp .xlsx mới rồi nộp lại."
        raise PlanFileError(name, "là bảng tính bị hỏng, không mở được", cure) from error
    return Document(tuple(blocks), tuple(remarks))


@dataclass(slots=True)
class _Hidden:
    """What of a sheet is hidden and yet holds text."""

    rows: list[int] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)


def _sheet(sheet: Any, remarks: list[str]) -> list[Block]:
    hidden = _Hidden()
    rows = list(_rows(sheet, hidden))
    if not rows:
        return []
    if sheet.sheet_state != "visible":
        if not any(map(is_header, rows)):
            remarks.append(
                f"Bỏ qua trang tính ẩn “{sheet.title}” ({len(rows)} hàng): không có bảng nhiệm vụ, chỉ tiêu."
            )
            return []
        remarks.append(f"Trang tính “{sheet.title}” đang ẩn; vẫn đọc.")
    if hidden.rows:
        numbers = ", ".join(map(str, hidden.rows[:12]))
        remarks.append(f"Trang tính “{sheet.title}” có {len(hidden.rows)} hàng ẩn vẫn đọc: hàng {numbers}.")
    if hidden.columns:
        letters = ", ".join(sorted(hidden.columns))
        remarks.append(f"Trang tính “{sheet.title}” có cột ẩn vẫn đọc: cột {letters}.")
    return list(parts(rows))


def _rows(sheet: Any, hidden: _Hidden) -> Iterator[Row]:
    """The rows that hold text, from the first to the last before a long blank stretch."""
    merged = _merges(sheet)
    hidden_columns = _hidden_columns(sheet)
    last_row, last_column = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
    blank = 0
    for number, values in enumerate(sheet.iter_rows(max_row=last_row, max_col=last_column), start=1):
        cells = [_cell(cell, merged) for cell in values]
        filled = [at for at, cell in enumerate(cells, start=1) if cell.text]
        blank = 0 if filled else blank + 1
        if blank > MAX_BLANK_ROWS:
            return
        if not filled:
            continue
        if number in sheet.row_dimensions and sheet.row_dimensions[number].hidden:
            hidden.rows.append(number)
        hidden.columns.update(hidden_columns[at] for at in filled if at in hidden_columns)
        yield Row(tuple(cells), Place(sheet=sheet.title, row=number))


def _hidden_columns(sheet: Any) -> dict[int, str]:
    from openpyxl.utils import get_column_letter

    return {
        at: get_column_letter(at)
        for one in sheet.column_dimensions.values()
        if one.hidden
        for at in range(one.min or 1, min(one.max or 1, MAX_COLUMNS) + 1)
    }


def _merges(sheet: Any) -> dict[tuple[int, int], Cell]:
    """What each cell of a merged range is: the first holds the spans, the others are covered."""
    found: dict[tuple[int, int], Cell] = {}
    for area in list(sheet.merged_cells.ranges)[:MAX_MERGES]:
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
        whole = "d" in number_format.lower() or "y" not in number_format.lower()
        return value.strftime("%d/%m/%Y" if whole else "%m/%Y" if "m" in number_format.lower() else "%Y")
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        shown = round(value * 100, 6) if "%" in number_format else round(value, 9)
        plain = str(int(shown)) if float(shown).is_integer() else str(shown).replace(".", ",")
        return f"{plain}%" if "%" in number_format else plain
    return cleaned(str(value).replace("_x000D_", "\n"))


def _uncounted(data: bytes, book: Any) -> Iterator[str]:
    """Cells whose formula no program has worked out: they look blank here, and are told."""
    import openpyxl

    if not _has_formulas(data):
        return
    written = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in written.worksheets:
        values = book[sheet.title]
        cells = (cell for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS) for cell in row)
        blank = [cell.coordinate for cell in cells if cell.data_type == "f" and values[cell.coordinate].value is None]
        if blank:
            named = ", ".join(blank[:12])
            yield (
                f"Trang tính “{sheet.title}” có {len(blank)} ô công thức chưa tính nên đọc là trống: {named}. "
                "Mở bằng Excel và lưu lại để có kết quả."
            )


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        return any(b"<f>" in content or b"<f " in content for content in map(archive.read, sheets))


def read_csv(name: str, data: bytes) -> Document:
    """A .csv whose fields are divided by comma, semicolon, tab or pipe."""
    text = decoded(name, data)
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    delimiter = told[4:5] if told.startswith("sep=") else ""
    text = rest if delimiter else text
    delimiter = delimiter or max(_DELIMITERS, key=lambda one: _full_rows(text, one))
    try:
        rows = list(_fields(text, delimiter))
    except csv.Error as error:
        raise PlanFileError(
            name, "là tệp .csv không đúng khuôn dạng", "Hãy mở bằng Excel, lưu thành .xlsx rồi nộp lại."
        ) from error
    return Document(tuple(parts(rows, ", " if delimiter == "," else "")) if rows else ())


def _full_rows(text: str, delimiter: str) -> int:
    """How many rows have three cells or more, if this sign divides them."""
    try:
        return sum(1 for row in _fields(text, delimiter) if sum(1 for one in row.texts() if one) >= 3)
    except csv.Error:
        return -1


def _fields(text: str, delimiter: str) -> Iterator[Row]:
    for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        if number > MAX_ROWS:
            return
        if any(value.strip() for value in values):
            yield Row(tuple(Cell(cleaned(value)) for value in values[:MAX_COLUMNS]), Place(row=number))
