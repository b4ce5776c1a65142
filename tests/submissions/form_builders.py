"""Filling a form as a unit does: in a spreadsheet program, cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.settings import Settings
from db.session import reading
from submissions.files import Upload
from submissions.form_workbook import NIL, TARGET, TEXT
from submissions.forms import form_for
from tests.submissions.answer_builders import get_occurrence

Edit = Callable[[Worksheet], None]


def blank(settings: Settings, occurrence: int) -> Upload:
    """The form as it is downloaded."""
    with reading(settings.database_url) as session:
        return Upload(*form_for(session, get_occurrence(session, occurrence), settings))


def edited(form: Upload, *edits: Edit) -> Upload:
    """The form after some edits, saved again."""
    book = load_workbook(io.BytesIO(form.data))
    for edit in edits:
        edit(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return Upload(form.name, stream.getvalue())


def row_of(sheet: Worksheet, key: str) -> int:
    """The row that bears a name in the hidden column."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == key)


def figure(target: int, value: object, style: str = "General") -> Edit:
    """Type a figure."""

    def edit(sheet: Worksheet) -> None:
        cell = sheet.cell(row_of(sheet, f"{TARGET}{target}"), 6)
        cell.value, cell.number_format = value, style  # type: ignore[assignment]

    return edit


def words(text: str) -> Edit:
    """Type the answer."""
    return _typed(TEXT, 2, text)


def nil(mark: str = "x") -> Edit:
    """Say that there was nothing."""
    return _typed(NIL, 6, mark)


def _typed(key: str, column: int, text: str) -> Edit:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(row_of(sheet, key), column).value = text

    return edit


def put(cell: str, value: object) -> Edit:
    """Write into any cell."""

    def edit(sheet: Worksheet) -> None:
        sheet[cell].value = value

    return edit
