"""The data behind a report as an .xlsx: one sheet a frame, dates as dates, text that is never a formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.figures import missing_frame, obligations_frame, submissions_frame, targets_frame, units_frame
from reports.findings import ReportFinding, findings_frame
from reports.ledger import Ledger
from reports.packing import repack

LONGEST_CELL = 32_000  # Excel keeps 32,767 characters
CUT = "… (còn nữa, xem bài nộp)"
LINE_HEIGHT, TALLEST_ROW = 15.0, 300.0  # points; Excel allows 409
FACE = "Times New Roman"
TEXT_FONT, HEAD_FONT = Font(name=FACE, size=11), Font(name=FACE, size=11, bold=True)
TEXT_PLACE = Alignment(vertical="top", wrap_text=True)
HEAD_PLACE = Alignment(horizontal="center", vertical="center", wrap_text=True)
FORMATS = {"instant": "dd/mm/yyyy hh:mm", "date": "dd/mm/yyyy", "share": "0.0%"}
HEAD_FILL = PatternFill("solid", start_color="DDE7F0")
THIN = Side(style="thin", color="999999")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)

# frame column -> (Vietnamese head, width in characters)
HEADS: Mapping[str, tuple[str, int]] = {
    "ordinal": ("TT", 7),
    "section": ("Mục", 24),
    "content": ("Nhiệm vụ", 60),
    "deliverable": ("Sản phẩm", 26),
    "unit": ("Đơn vị", 30),
    "coordinators": ("Đơn vị phối hợp", 28),
    "kind": ("Loại", 17),
    "period": ("Kỳ", 20),
    "deadline_text": ("Thời gian ghi trong kế hoạch", 26),
    "data_from": ("Số liệu từ ngày", 12),
    "data_to": ("Số liệu đến ngày", 12),
    "nominal": ("Ngày ghi trong kế hoạch", 13),
    "due": ("Thời hạn", 12),
    "extended": ("Gia hạn", 9),
    "answered_on": ("Ngày nộp", 12),
    "standing": ("Tình trạng", 32),
    "bucket": ("Nhóm", 26),
    "days_late": ("Số ngày quá hạn", 10),
    "submission_id": ("Bài nộp số", 9),
    "occurrence_id": ("Kỳ hạn số", 9),
    "expected": ("Phải nộp", 10),
    "received": ("Đã nộp", 10),
    "on_time": ("Đúng hạn", 10),
    "late": ("Nộp chậm", 10),
    "missing": ("Quá hạn chưa nộp", 12),
    "pending": ("Trong hạn chưa nộp", 12),
    "waived": ("Miễn", 8),
    "on_hold": ("Tạm dừng", 9),
    "completeness": ("Tỷ lệ đã nộp", 10),
    "timeliness": ("Tỷ lệ đúng hạn", 10),
    "group": ("Nhóm chỉ tiêu", 24),
    "name": ("Chỉ tiêu", 50),
    "measure": ("Đơn vị tính", 10),
    "comparator": ("So sánh", 8),
    "planned": ("Mức giao cả năm", 12),
    "planned_text": ("Mức giao (nguyên văn)", 20),
    "value": ("Kết quả", 12),
    "assessment": ("Đánh giá", 24),
    "previous": ("Kỳ trước", 12),
    "accepted": ("Xem xét", 15),
    "files": ("Tệp", 34),
    "version": ("Lần nộp", 8),
    "state": ("Trạng thái", 22),
    "received_at": ("Nhận lúc", 17),
    "sent_by": ("Người nộp", 24),
    "via": ("Qua kênh", 10),
    "text": ("Nội dung", 70),
    "figures": ("Số liệu", 40),
    "return_reason": ("Lý do trả lại", 34),
    "from_earlier": ("Từ kỳ trước", 10),
    "severity": ("Mức", 14),
    "code": ("Mã", 16),
    "message": ("Nội dung cần kiểm tra", 80),
    "target": ("Chỉ tiêu", 50),
}
SHARES = ("completeness", "timeliness")


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name and its frame."""

    name: str
    frame: pd.DataFrame


def sheets(ledger: Ledger, findings: list[ReportFinding]) -> list[Sheet]:
    """The sheets of a report's workbook, in order."""
    return [
        Sheet("Nhiệm vụ", obligations_frame(ledger)),
        Sheet("Đơn vị", units_frame(ledger)),
        Sheet("Chỉ tiêu", targets_frame(ledger)),
        Sheet("Bài nộp", submissions_frame(ledger)),
        Sheet("Còn thiếu", missing_frame(ledger)),
        Sheet("Cần kiểm tra", findings_frame(findings)),
    ]


def write_workbook(ledger: Ledger, findings: list[ReportFinding]) -> bytes:
    """The bytes of the .xlsx."""
    stream = BytesIO()
    with pd.ExcelWriter(stream, engine="openpyxl") as writer:
        _add_styles(writer.book)
        for sheet in sheets(ledger, findings):
            headed = _fitting(sheet.frame).rename(columns={name: head for name, (head, _) in HEADS.items()})
            headed.to_excel(writer, sheet_name=sheet.name, index=False)
            _dress(writer.sheets[sheet.name], list(sheet.frame.columns))
        writer.book.properties.creator = "dondoc"
        writer.book.properties.title = f"Số liệu báo cáo {ledger.period.label}"
    return repack(stream.getvalue(), ledger.now)


def _fitting(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(_fit)


def _fit(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return value[:LONGEST_CELL] + CUT
    return value


def _dress(sheet: Worksheet, names: list[str]) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.row_dimensions[1].height = 34
    _set_heights(sheet, names)
    for place, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(place)].width = HEADS[name][1]
        for (cell,) in sheet.iter_rows(min_col=place, max_col=place):
            if isinstance(cell, Cell):
                _dress_cell(cell, _kind(cell, name))


def _set_heights(sheet: Worksheet, names: list[str]) -> None:
    """Rows as high as their longest wrapped text; spreadsheets do not all measure it when they open a file."""
    widths = [HEADS[name][1] for name in names]
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        lines = (_lines(value, width) for value, width in zip(cells, widths, strict=True))
        sheet.row_dimensions[number].height = min(LINE_HEIGHT * max(lines, default=1), TALLEST_ROW)


def _lines(value: object, width: int) -> int:
    if not isinstance(value, str):
        return 1
    return sum(1 + len(part) // width for part in value[:4000].split("\n"))


def _kind(cell: Cell, name: str) -> str:
    """How a cell is to look: a head, or by what it holds."""
    if cell.row == 1:
        return "head"
    if cell.data_type == "f":
        return "typed"
    if isinstance(cell.value, datetime):
        return "instant"
    return "date" if isinstance(cell.value, date) else "share" if name in SHARES else "plain"


def _dress_cell(cell: Cell, kind: str) -> None:
    cell.style = f"dondoc {kind}"
    if kind == "typed":
        # What a unit typed stays text, even when it begins with "=".
        cell.data_type, cell.quotePrefix = "s", True


def _add_styles(book: Workbook) -> None:
    """One named style a kind of cell: openpyxl takes long over styling each cell by itself."""
    for kind in ("head", "plain", "typed", "instant", "date", "share"):
        head = kind == "head"
        style = NamedStyle(f"dondoc {kind}", number_format=FORMATS.get(kind, "General"), border=FRAME)
        style.font, style.alignment = (HEAD_FONT, HEAD_PLACE) if head else (TEXT_FONT, TEXT_PLACE)
        if head:
            style.fill = HEAD_FILL
        book.add_named_style(style)
