"""The rows of a plan's workbook, understood cell by cell; each fault is noted with its sheet, row and column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from plans.reading.errors import PlanFileError
from plans.reading.model import Finding, Json, Severity
from plans.workbook_columns import MACHINE, CellFault, Column, from_file

MAX_ROWS, SHOWN_FAULTS = 20_000, 40


class WorkbookFault(PlanFileError):
    """A plan's workbook cannot be taken; one line a fault. Nothing has been stored when it is raised."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        shown = [f"  {fault}" for fault in faults[:SHOWN_FAULTS]]
        if len(faults) > SHOWN_FAULTS:
            shown.append(f"  … và {len(faults) - SHOWN_FAULTS} chỗ nữa.")
        super().__init__(name, f"có {len(faults)} chỗ phải sửa, chưa nhập gì", "\n".join(["Hãy sửa:", *shown]))
        self.faults = tuple(faults)


@dataclass
class SheetRow:
    """One row of a sheet: its number, its cells as text by field, and the machine's data."""

    number: int
    cells: dict[str, str]
    machine: Json
    values: Json = field(default_factory=dict)

    @property
    def raw(self) -> Json:
        """What the cells alone could not show, by field."""
        kept = self.machine.get("raw")
        return kept if isinstance(kept, dict) else {}


@dataclass
class SheetFaults:
    """The workbook under way: faults found, and remarks that become findings."""

    faults: list[str] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    places: set[tuple[str, int, str]] = field(default_factory=set)

    def fault(self, sheet: str, number: int, column: str, words: str) -> None:
        """Note a fault with its place; of one cell the first fault is enough."""
        if column and (sheet, number, column) in self.places:
            return
        self.places.add((sheet, number, column))
        where = f", cột «{column}»" if column else ""
        self.faults.append(f"Trang tính «{sheet}», hàng {number}{where}: {words}")

    def remark(self, sheet: str, number: int, words: str, cure: str) -> None:
        """Note what was taken differently than it stands."""
        self.remarks.append(Finding("workbook", Severity.NOTE, f"trang tính {sheet}, hàng {number}", words, cure))


def rows_of(sheet: Any, columns: Sequence[Column], state: SheetFaults) -> list[SheetRow]:
    """The rows of a sheet, understood cell by cell; faults are noted."""
    for area in sheet.merged_cells.ranges:
        state.fault(sheet.title, area.min_row, "", f"các ô {area.coord} bị gộp. Hãy bỏ gộp ô và ghi đủ từng hàng.")
    places, machine = _columns_of(sheet, columns, state)
    if sheet.max_row > MAX_ROWS:
        state.fault(sheet.title, MAX_ROWS, "", f"trang tính quá {MAX_ROWS} hàng. Hãy xóa các hàng trống ở cuối.")
        return []
    rows: list[SheetRow] = []
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_row=min(sheet.max_row, MAX_ROWS)), 2):
        texts = {column.field: cell_text(cells[at], column, state, sheet.title) for at, column in places.items()}
        if any(texts[column.field].strip() for column in columns if column.field in texts and not _derived(column)):
            row = SheetRow(number, texts, machine_of([cells[at] for at in machine]))
            _understand(row, columns, state, sheet.title)
            rows.append(row)
    return rows


def _derived(column: Column) -> bool:
    """Whether a filled cell of the column does not make a row: it has a default or is only shown."""
    return column.only_shown or bool(column.choices) or column.field == "ladder"


def _columns_of(sheet: Any, columns: Sequence[Column], state: SheetFaults) -> tuple[dict[int, Column], list[int]]:
    """Where each column stands, by its head; columns may be moved. A missing one is a fault, a strange one a remark."""
    heads = [" ".join(str(cell.value or "").split()) for cell in next(sheet.iter_rows(min_row=1, max_row=1), ())]
    by_head = {column.head: column for column in columns}
    places = {at: by_head[head] for at, head in enumerate(heads) if head in by_head}
    for column in columns:
        seen = heads.count(column.head)
        if not seen and not (column.only_shown or column.may_miss):
            state.fault(sheet.title, 1, column.head, "thiếu cột này. Hãy chép lại tiêu đề cột từ bản xuất.")
        if seen > 1:
            state.fault(sheet.title, 1, column.head, "cột này có hai lần. Hãy xóa bớt một cột.")
    for head in heads:
        if head and head not in by_head and head != MACHINE:
            state.remark(
                sheet.title, 1, f"Cột «{head}» không thuộc bảng nên không được nhập.", "Chuyển nội dung vào cột có sẵn."
            )
    return places, [at for at, head in enumerate(heads) if head == MACHINE]


def cell_text(cell: Any, column: Column, state: SheetFaults, title: str) -> str:
    """The text of a cell, whatever type a spreadsheet gave it."""
    value = cell.value
    if cell.data_type == "f":
        state.fault(title, cell.row, column.head, "ô có công thức. Hãy chép rồi dán giá trị.")
        return ""
    if cell.data_type == "e":
        state.fault(title, cell.row, column.head, f"ô báo lỗi {value}. Hãy ghi lại nội dung.")
        return ""
    if isinstance(value, datetime | date):
        if column.field in ("key", "ordinal"):
            state.fault(
                title, cell.row, column.head, "bảng tính đã đổi số thành ngày. Hãy định dạng ô là Văn bản rồi ghi lại."
            )
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""), column)
    return "" if value is None else from_file(str(value))


def _number(value: float, number_format: str, column: Column) -> str:
    """A number as the sheet shows it; a figure of a target keeps its value, per cent counted as hundreds."""
    shown = round(value * 100, 9) if "%" in number_format else value
    text = str(int(shown)) if float(shown).is_integer() else repr(shown)
    return text.replace(".", ",") if column.field == "value" else text


def machine_of(cells: Sequence[Any]) -> Json:
    """The machine's own data of a row; none when a person has touched it."""
    try:
        kept = json.loads("".join(str(cell.value or "") for cell in cells) or "{}")
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _understand(row: SheetRow, columns: Sequence[Column], state: SheetFaults, title: str) -> None:
    for column in columns:
        text = row.cells.get(column.field, "")
        try:
            value = column.read(text)
        except CellFault as fault:
            state.fault(title, row.number, column.head, str(fault))
            value = column.read("")
        if column.field in row.raw and text == _shown(column, row.raw[column.field]):
            value = row.raw[column.field]
        row.values[column.field] = value
        if column.most and (long := [each for each in _parts(value) if len(each) > column.most]):
            state.fault(
                title, row.number, column.head, f"dài {len(long[0])} ký tự, quá {column.most}. Hãy viết gọn lại."
            )


def _shown(column: Column, raw: Any) -> str | None:
    """How a cell shows what the machine kept of it; None for something that no export writes."""
    try:
        return from_file(column.show(raw))
    except (AttributeError, TypeError, ValueError):
        return None


def _parts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
