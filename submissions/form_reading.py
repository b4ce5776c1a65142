"""Reading a filled form back: every fault names its sheet and cell, and nothing that was typed is dropped unsaid."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from db.models import Target
from notifications.codes import CODE, read_code
from submissions.figures import UnreadableFigure, parse_figure
from submissions.files import Upload
from submissions.form_workbook import CODE_WORDS, MARK, NIL, TARGET, TEXT

# What a file that is no workbook, or a broken one, makes openpyxl and its parsers raise.
BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
    IndexError, EOFError, OSError, RuntimeError,
)  # fmt: skip
# A form is some kilobytes, and the pictures that somebody put in; what unpacks to more is an attachment like any other
# and is not opened here. Two megabytes of XML are read in half a second.
MOST_UNPACKED, MOST_XML = 8 << 20, 2 << 20
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")
# The form is one sheet; a small file can name thousands that all mean the same long one.
MOST_SHEETS = 10
MOST_ROWS, MOST_COLUMNS, HEAD_ROWS = 600, 12, 12
# XML in UTF-16, in which a search for a DOCTYPE would find none; our forms and office programs write UTF-8.
WIDE_XML = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
NO_ANSWER = frozenset({"", "không", "khong", "0", "no", "-"})
OLD = "Hãy tải lại biểu mẫu ở trang nộp báo cáo rồi điền vào đó."


@dataclass(frozen=True)
class FilledForm:
    """What one form says. `figures`: as typed, by target id; `places`: the cell of each; `faults`: in Vietnamese."""

    occurrence_id: int | None
    nil: bool = False
    text: str = ""
    figures: Mapping[int, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.nil or self.text or self.figures)


@dataclass(frozen=True)
class _Row:
    """One row: its name, its values (cached results of formulas), its formulas, and the formats of its numbers."""

    number: int
    key: str
    values: tuple[Any, ...]
    formulas: tuple[Any, ...]
    formats: tuple[str, ...]


def read_form(upload: Upload, targets: Mapping[int, Target], secret: str) -> FilledForm | None:
    """What a file says when it is a form of ours; None for any other file, however broken."""
    if not upload.name.lower().endswith(".xlsx") or not _small(upload.data):
        return None
    try:
        found = _sheet_rows(upload.data)
    except BROKEN:
        # The check of files says what is wrong with it.
        return None
    return _read(*found, targets, secret) if found else None


def code_of_form(upload: Upload, secret: str) -> int | None:
    """The occurrence that a form is of, by the code within it; None for another file and for a code that fails."""
    form = read_form(upload, {}, secret)
    return form.occurrence_id if form else None


def _small(data: bytes) -> bool:
    """Whether a file may be opened: it unpacks to little, and none of its parts defines entities that could swell."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                return False
            parts = [part for each in entries if not (part := archive.read(each)).startswith(PICTURES)]
    except BROKEN:
        return False
    return sum(map(len, parts)) <= MOST_XML and not any(map(_may_swell, parts))


def _may_swell(part: bytes) -> bool:
    """Whether a part, whatever its name, could define entities."""
    return part.startswith(WIDE_XML) or b"<!DOCTYPE" in part


def _sheet_rows(data: bytes) -> tuple[str, list[_Row]] | None:
    """The first sheet that is a form: its name and its rows."""
    shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in shown.worksheets[:MOST_SHEETS]:
        head = sheet.iter_rows(max_row=HEAD_ROWS, max_col=MOST_COLUMNS, values_only=True)
        if any(_is_mark(value) for row in head for value in row):
            typed = load_workbook(io.BytesIO(data), read_only=True)[sheet.title]
            cells = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
            formulas = typed.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
            pairs = zip(cells, formulas, strict=False)
            return sheet.title, [_row(number, *pair) for number, pair in enumerate(pairs, 1)]
    return None


def _is_mark(value: object) -> bool:
    return value == MARK or (isinstance(value, str) and value.startswith(f"{CODE_WORDS}:"))


def _row(number: int, cells: tuple[Any, ...], formulas: tuple[Any, ...]) -> _Row:
    values = tuple(cell.value for cell in cells)
    formats = tuple(str(getattr(cell, "number_format", "") or "") for cell in cells)
    key = str(values[0]).strip() if values and values[0] is not None else ""
    return _Row(number, key, values, formulas, formats)


def _read(title: str, rows: list[_Row], targets: Mapping[int, Target], secret: str) -> FilledForm:
    head = " ".join(str(value) for row in rows[:HEAD_ROWS] for value in row.values if isinstance(value, str))
    faults: list[str] = []
    if not any(row.key == MARK for row in rows):
        faults.append(f"trang «{title}»: cột A (ẩn) của biểu mẫu đã bị xóa nên không biết ô nào là gì. {OLD}")
        return FilledForm(_code(head, secret, title, faults), faults=tuple(faults))
    figures, places = _figures(title, rows, targets, faults)
    return FilledForm(
        occurrence_id=_code(head, secret, title, faults),
        nil=_nil(title, rows, faults),
        text=_text(title, rows, faults),
        figures=figures,
        places=places,
        faults=tuple(faults),
    )


def _code(head: str, secret: str, title: str, faults: list[str]) -> int | None:
    number = read_code(head, secret)
    if number is None:
        wrong = CODE.search(head)
        what = f"mã kỳ hạn «{wrong[0]}» không đúng" if wrong else "không còn mã kỳ hạn"
        faults.append(f"trang «{title}»: {what}. {OLD}")
    return number


def _figures(
    title: str, rows: list[_Row], targets: Mapping[int, Target], faults: list[str]
) -> tuple[dict[int, str], dict[int, str]]:
    figures: dict[int, str] = {}
    places: dict[int, str] = {}
    for row in rows:
        if not row.key.startswith(TARGET):
            continue
        place, text = _place(title, row, 5), ""
        target = targets.get(int(number)) if (number := row.key.removeprefix(TARGET)).isdecimal() else None
        try:
            text = _typed(row, 5, target.unit if target else None)
            if text and target:
                parse_figure(text, target.unit)
        except UnreadableFigure as error:
            faults.append(f"{place}: {error}")
            continue
        if text and target is None:
            faults.append(f"{place}: chỉ tiêu ở hàng này không (còn) giao cho đơn vị. {OLD}")
        elif text and target and figures.setdefault(target.id, text) != text:
            faults.append(f"{place}: chỉ tiêu «{target.name}» có hai số khác nhau trong biểu mẫu. Hãy để lại một số.")
        elif text and target:
            places.setdefault(target.id, place)
    return figures, places


def _nil(title: str, rows: list[_Row], faults: list[str]) -> bool:
    for row in rows:
        if row.key == NIL:
            try:
                return _typed(row, 5, None).casefold() not in NO_ANSWER
            except UnreadableFigure as error:
                faults.append(f"{_place(title, row, 5)}: {error}")
    return False


def _text(title: str, rows: list[_Row], faults: list[str]) -> str:
    """The answer in words; lines that were typed below its cell belong to it."""
    lines: list[str] = []
    below = False
    for row in rows:
        words = [str(value).strip() for value in row.values[1:] if value is not None and str(value).strip()]
        if row.key == TEXT:
            below = True
            lines += words
        elif not row.key and words and below:
            lines.append(" ".join(words))
        elif not row.key and words:
            faults.append(
                f"trang «{title}», hàng {row.number}: «{words[0][:40]}» không thuộc ô nào của biểu mẫu. "
                "Hãy chuyển vào ô kết quả ở cuối."
            )
    return "\n".join(lines)


def _typed(row: _Row, column: int, unit: str | None) -> str:
    """What a cell says, as a person would have typed it on the page. Raises UnreadableFigure."""
    value = row.values[column] if column < len(row.values) else None
    formula = row.formulas[column] if column < len(row.formulas) else None
    if value is None and isinstance(formula, str) and formula.startswith("="):
        raise UnreadableFigure("công thức chưa được tính. Hãy mở tệp, lưu lại, hoặc gõ thẳng con số.")
    if isinstance(value, (datetime, date, time, timedelta)):
        raise UnreadableFigure("bảng tính đã đổi số thành ngày giờ. Hãy định dạng ô là Văn bản rồi gõ lại con số.")
    if isinstance(value, bool) or (isinstance(value, str) and value.startswith("#")):
        raise UnreadableFigure(f"«{value}» không phải là một con số. Hãy gõ thẳng con số.")
    if isinstance(value, (int, float)):
        return _number(value, "%" in row.formats[column], unit)
    return "" if value is None else str(value).strip()


def _number(value: float, percent: bool, unit: str | None) -> str:
    """A number with a decimal comma; a cell shown as 85% holds 0,85."""
    shown = value * 100 if percent else value
    digits = f"{shown:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{digits}%" if percent and not (unit and "%" in unit) else digits


def _place(title: str, row: _Row, column: int) -> str:
    return f"trang «{title}», ô {'ABCDEFGHIJKL'[column]}{row.number}"


def all_faults(name: str, form: FilledForm) -> Iterator[str]:
    """The faults of a form, each with the name of its file."""
    yield from (f"Biểu mẫu «{name}», {fault}" for fault in form.faults)
