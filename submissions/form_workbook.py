"""biểu mẫu .xlsx: what a unit fills in offline and sends back; its cells, and writing it.

Each row bears its name in the hidden column A, so that a row keeps its meaning wherever an office moves it. The code of
the occurrence stands in that column, in a cell that people see, and in the name of the file: any one of them is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from db.models import Occurrence, Target
from submissions.figures import format_figure
from submissions.files import clean_name
from submissions.terms import due_in_force, say_date

SHEET = "Báo cáo"
MARK = "dondoc-nop-1"
NIL, TEXT, TARGET, NOTE = "khong-phat-sinh", "noi-dung", "chi-tieu:", "-"
CODE_WORDS = "Mã kỳ hạn"
GUIDE = (
    "Điền các ô màu vàng rồi lưu lại (vẫn là .xlsx). Gửi tệp này ở trang nộp báo cáo, trả lời thư nhắc việc kèm tệp, "
    "hoặc gửi tệp qua Zalo. Đừng xóa hàng, cột hay đổi mã kỳ hạn."
)
WIDTHS = {"A": 3, "B": 6, "C": 58, "D": 18, "E": 14, "F": 20}
FACE = "Times New Roman"
YELLOW = PatternFill("solid", fgColor="FFF6CC")
GREY = PatternFill("solid", fgColor="EEF1F5")
EDGE = Side(style="thin", color="9AA8BA")
LINE = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
WRAP = Alignment(wrap_text=True, vertical="top")
COMPARATORS = {"=": "", ">=": "từ ", "<=": "không quá ", ">": "trên ", "<": "dưới "}


def form_name(occurrence: Occurrence, code: str) -> str:
    """The name of the file: it begins with the code, so that the file finds its occurrence by its name too."""
    return clean_name(f"{code} {occurrence.period_label.replace('/', '-')}.xlsx")


def write_form(
    occurrence: Occurrence, targets: Sequence[Target], code: str, figures: Mapping[int, float], text: str = ""
) -> bytes:
    """The bytes of the form of an occurrence, with the figures and the text of its newest version filled in."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _shape(sheet)
    sheet.append([MARK, "BIỂU MẪU NỘP BÁO CÁO"])
    sheet.append([NOTE, GUIDE])
    for words in _facts(occurrence, code):
        sheet.append([NOTE, words])
    sheet.cell(3, 1, code)
    for row in range(1, sheet.max_row + 1):
        _wide(sheet, row, bold=row in (1, 3))
    _ask_nil(sheet)
    if targets:
        _ask_figures(sheet, targets, figures)
    _ask_text(sheet, text)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _shape(sheet: Worksheet) -> None:
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["A"].hidden = True
    # Kept from slips only: no password, and rows may be made higher.
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = sheet.protection.formatCells = False
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.6, right=0.4, top=0.6, bottom=0.6)


def _facts(occurrence: Occurrence, code: str) -> Iterator[str]:
    duty, plan = occurrence.obligation, occurrence.obligation.plan
    yield f"{CODE_WORDS}: {code}"
    yield f"Đơn vị: {occurrence.unit.name}"
    yield f"Căn cứ: {plan.kind or 'Kế hoạch'}{f' số {plan.number}' if plan.number else ''}: {plan.title}"
    yield f"Nhiệm vụ: {duty.content}"
    window = ""
    if occurrence.data_from and occurrence.data_to:
        window = f"; số liệu từ {occurrence.data_from:%d/%m/%Y} đến {occurrence.data_to:%d/%m/%Y}"
    yield f"Kỳ: {occurrence.period_label}{window}"
    yield f"Hạn: {say_date(due_in_force(occurrence))}"


def _wide(sheet: Worksheet, row: int, *, bold: bool = False) -> None:
    """A line of words over the whole width, as high as it needs."""
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    cell = sheet.cell(row, 2)
    _plain(cell, str(cell.value))
    cell.font, cell.alignment = Font(name=FACE, size=12, bold=bold), WRAP
    sheet.row_dimensions[row].height = 16 * (1 + len(str(cell.value)) // 105)


def _plain(cell: object, text: str) -> None:
    """Words are words, though they begin as a formula does."""
    cell.value, cell.data_type = text, "s"  # type: ignore[attr-defined]


def _ask_nil(sheet: Worksheet) -> None:
    sheet.append([NIL, None, "Kỳ này không phát sinh (ghi x vào ô vàng nếu đúng, rồi bỏ trống phần dưới)"])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=5)
    sheet.cell(row, 3).alignment, sheet.cell(row, 3).font = WRAP, Font(name=FACE, size=12)
    sheet.row_dimensions[row].height = 20
    _fill(sheet, row)


def _fill(sheet: Worksheet, row: int, value: float | None = None) -> None:
    cell = sheet.cell(row, 6)
    cell.fill, cell.border, cell.protection = YELLOW, LINE, Protection(locked=False)
    cell.font, cell.value = Font(name=FACE, size=12), value


def _ask_figures(sheet: Worksheet, targets: Sequence[Target], figures: Mapping[int, float]) -> None:
    sheet.append([NOTE, "TT", "Chỉ tiêu của đơn vị", "Phải đạt", "Đơn vị tính", "Số liệu kỳ này"])
    for cell in sheet[sheet.max_row][1:]:
        cell.font, cell.fill, cell.border = Font(name=FACE, size=12, bold=True), GREY, LINE
    for target in targets:
        sheet.append([f"{TARGET}{target.id}"])
        row = sheet.max_row
        for column, words in enumerate((target.ordinal or "", target.name, _goal(target), target.unit or ""), 2):
            _plain(sheet.cell(row, column), words)
            cell = sheet.cell(row, column)
            cell.border, cell.alignment, cell.font = LINE, WRAP, Font(name=FACE, size=12)
        sheet.row_dimensions[row].height = 17 * (1 + len(target.name) // 52)
        _fill(sheet, row, figures.get(target.id))


def _goal(target: Target) -> str:
    if target.value is None:
        return target.value_text or ""
    return f"{COMPARATORS.get(target.comparator, '')}{format_figure(target.value)}"


def _ask_text(sheet: Worksheet, text: str) -> None:
    sheet.append([NOTE, "Kết quả thực hiện, khó khăn, kiến nghị:"])
    _wide(sheet, sheet.max_row, bold=True)
    sheet.append([TEXT])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    cell = sheet.cell(row, 2)
    if text:
        _plain(cell, text)
    cell.fill, cell.border, cell.alignment, cell.protection = YELLOW, LINE, WRAP, Protection(locked=False)
    cell.font = Font(name=FACE, size=12)
    sheet.row_dimensions[row].height = 220
