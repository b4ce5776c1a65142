"""Writing a plan as a workbook that a person corrects in Excel or LibreOffice and brings back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from config.faults import Refusal
from db.models import Json
from deadlines import RuleError, rule_from_json, say
from plans.workbook_columns import (
    BASED_ON,
    DUTY_COLUMNS,
    DUTY_SHEET,
    FINDING_COLUMNS,
    FINDING_SHEET,
    HEAD_FIELDS,
    HEAD_SHEET,
    LONGEST,
    MACHINE,
    MARK,
    MARK_SHEET,
    QUESTION_SHEET,
    TARGET_COLUMNS,
    TARGET_SHEET,
    VERSION,
    CellFault,
    Column,
    from_file,
    in_file,
    place_words,
    plain,
    show_text,
)

CHUNK = 30_000
FACE = "Times New Roman"
LINE_HEIGHT, TALLEST_ROW = 15.0, 300.0  # points; Excel allows 409
GUIDE = (
    "Sửa các ô trắng rồi lưu; ở trang của kế hoạch {code}, bấm «Nhập bản đã sửa» (hoặc dùng lệnh: dondoc plan reimport "
    "{code} TỆP). Ô xám chỉ để xem. Thêm nhiệm vụ: thêm hàng, để trống cột Mã. "
    "Bỏ nhiệm vụ: xóa cả hàng. Đừng gộp ô và đừng dùng công thức."
)


@dataclass(frozen=True)
class AskedRow:
    """One question as the workbook shows it; it is answered in the program, not here."""

    number: int
    key: str
    kind: str
    text: str
    choices: str
    answer: str


def write_plan(content: Json, asked: Sequence[AskedRow], code: str, fingerprint: str, now: datetime) -> bytes:
    """The bytes of the .xlsx. Raises Refusal, naming each one, when a text is longer than a cell may be."""
    duties = [(row, False) for row in content["obligations"]] + [(row, True) for row in content["standing"]]
    year = content["plan"]["year"]
    book = Workbook()
    book.remove(book.worksheets[0])
    _add_styles(book)
    _write_head(book.create_sheet(HEAD_SHEET), content["plan"], code)
    rows = [(duty_cells(row, standing), duty_machine(row, year)) for row, standing in duties]
    faults = list(_write_table(book.create_sheet(DUTY_SHEET), DUTY_COLUMNS, rows))
    figures = [(target_cells(row), {"source": row.get("source") or {}}) for row in content["targets"]]
    faults += _write_table(book.create_sheet(TARGET_SHEET), TARGET_COLUMNS, figures)
    remarks: list[tuple[Json, Json]] = [({"dismissed": None, **row}, {}) for row in content["findings"]]
    faults += _write_table(book.create_sheet(FINDING_SHEET), FINDING_COLUMNS, remarks)
    if faults:
        raise Refusal("\n".join([f"Chưa xuất được kế hoạch {code} ra bảng tính:", *(f"  {each}" for each in faults)]))
    _write_questions(book.create_sheet(QUESTION_SHEET), asked)
    _mark(book, code, fingerprint, now)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def duty_cells(row: Json, standing: bool) -> Json:
    """The fields of a duty as its row shows them."""
    settings = {"cycle": "quarterly", "regime": "nd09", "ladder": "default", "quote": None, "superior_text": ""}
    state = "đã hiểu" if row["status"] == "read" else "phải hỏi"
    said = said_of(row["rules"])
    return settings | row | {"standing": standing, "said": said, "state": state, "place": place_words(row["source"])}


def target_cells(row: Json) -> Json:
    """The fields of a target as its row shows them."""
    return row | {"place": place_words(row.get("source") or {})}


def said_of(rules: Sequence[Json]) -> str:
    """What rules mean, in Vietnamese."""
    try:
        return "; ".join(say(rule_from_json(rule)) for rule in rules)
    except RuleError:
        return ""


def duty_machine(row: Json, year: int | None) -> Json:
    """What the row of a duty means and a person does not edit; it holds while the words of the deadline stay."""
    kept = {name: row[name] for name in ("rules", "status", "question", "source")}
    return kept | {
        "words": digest(row["deadline_text"]),
        "year": year,
        "content": digest(row["content"]),
        "said": said_of(row["rules"]),
    }


def digest(text: str | None) -> str:
    """A short mark of a text, the same however its spaces stand."""
    return hashlib.sha256(" ".join(plain(text or "").split()).encode()).hexdigest()[:16]


def _write_table(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[tuple[Json, Json]]) -> Iterator[str]:
    """Write a table; gives, in words, each cell that is too long."""
    texts = [[column.show(cells.get(column.field)) for column in columns] for cells, _ in rows]
    for place, column in enumerate(columns, 1):
        _put(sheet, 1, place, column.head, "head")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        _offer(sheet, get_column_letter(place), column)
    last = len(columns)
    for number, (shown, (cells, machine)) in enumerate(zip(texts, rows, strict=True), 2):
        for place, (column, text) in enumerate(zip(columns, shown, strict=True), 1):
            _put(sheet, number, place, text, "view" if column.only_shown else "text")
            if len(in_file(text)) > LONGEST:
                yield _too_long(sheet.title, number, column, cells, text)
        raw = {
            column.field: cells[column.field]
            for column, text in zip(columns, shown, strict=True)
            if _odd(column, text, cells)
        }
        last = max(last, _put_machine(sheet, number, len(columns) + 1, machine | ({"raw": raw} if raw else {})))
        _set_height(sheet, number, shown, columns)
    for place in range(len(columns) + 1, max(last, len(columns) + 1) + 1):
        _put(sheet, 1, place, MACHINE, "head")
        sheet.column_dimensions[get_column_letter(place)].hidden = True
    _lay_out(sheet, len(columns))


def _odd(column: Column, text: str, cells: Json) -> bool:
    """Whether the cell alone would not give the field back."""
    if column.only_shown:
        return False
    try:
        return bool(column.read(from_file(text)) != cells.get(column.field))
    except CellFault:
        return True


def _too_long(title: str, number: int, column: Column, cells: Json, text: str) -> str:
    called = cells.get("key") or cells.get("ordinal") or f"hàng {number}"
    return (
        f"{title} {called}, cột «{column.head}»: {len(text)} ký tự, mà một ô bảng tính chỉ chứa {LONGEST}. "
        "Hãy viết gọn lại hoặc tách thành nhiều nhiệm vụ trước khi xuất."
    )


def _put(sheet: Worksheet, row: int, place: int, text: str, style: str) -> None:
    cell = sheet.cell(row, place)
    cell.style = f"dondoc {style}"
    if text:
        cell.value = in_file(text)[:LONGEST]
        cell.data_type = "s"  # what begins with "=" is text, no formula
        if text[0] in "=+-@'":
            cell.quotePrefix = True


def _put_machine(sheet: Worksheet, row: int, place: int, machine: Json) -> int:
    """Write the machine's own data, over several cells when it is long; gives the last column used."""
    text = json.dumps(machine, ensure_ascii=True, sort_keys=True, separators=(",", ":")).replace("_x", "\\u005fx")
    text = text.replace("x005F_", "x005F\\u005f")
    for at, start in enumerate(range(0, len(text), CHUNK)):
        _put(sheet, row, place + at, text[start : start + CHUNK], "machine")
    return place + (len(text) - 1) // CHUNK


def _offer(sheet: Worksheet, letter: str, column: Column) -> None:
    if column.choices:
        rule = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
        rule.error, rule.errorTitle = f"Hãy chọn một trong: {', '.join(column.choices)}.", column.head[:32]
        rule.add(f"{letter}2:{letter}5000")
        sheet.add_data_validation(rule)


def _set_height(sheet: Worksheet, number: int, shown: Sequence[str], columns: Sequence[Column]) -> None:
    lines = (
        sum(1 + len(part) // column.width for part in text[:4000].split("\n"))
        for text, column in zip(shown, columns, strict=True)
    )
    sheet.row_dimensions[number].height = min(LINE_HEIGHT * max(lines, default=1), TALLEST_ROW)


def _lay_out(sheet: Worksheet, width: int) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(width)}{max(sheet.max_row, 2)}"
    sheet.print_title_rows = "1:1"
    sheet.print_area = f"A1:{get_column_letter(width)}{max(sheet.max_row, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3: sixteen columns
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.row_dimensions[1].height = 45


def _write_head(sheet: Worksheet, head: Json, code: str) -> None:
    for place, (text, width) in enumerate((("Mục", 22), ("Nội dung", 90)), 1):
        _put(sheet, 1, place, text, "head")
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, (field, label) in enumerate(HEAD_FIELDS.items(), 2):
        shown = show_head(field, head[field])
        _put(sheet, number, 1, label, "view")
        _put(sheet, number, 2, shown, "text")
        if from_file(shown).strip() != (head[field] if isinstance(head[field], str) else shown) or head[field] == "":
            _put_machine(sheet, number, 3, {"raw": {field: head[field]}})
    based_on, last = head.get("based_on") or [], 2 + len(HEAD_FIELDS)
    _put(sheet, last, 1, BASED_ON, "view")
    _put(sheet, last, 2, plain("\n".join(each["words"] for each in based_on))[: LONGEST - 100], "view")
    _put_machine(sheet, last, 3, {"based_on": based_on})
    _put(sheet, last + 1, 1, "Hướng dẫn", "view")
    _put(sheet, last + 1, 2, GUIDE.format(code=code), "view")
    sheet.row_dimensions[last + 1].height = 50
    for place in range(3, max(sheet.max_column, 3) + 1):
        sheet.column_dimensions[get_column_letter(place)].hidden = True
    _lay_out(sheet, 2)


def show_head(field: str, value: Any) -> str:
    """A field of the head as its cell shows it."""
    if field == "issued_on" and value:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return show_text(None if value is None else str(value))


def _write_questions(sheet: Worksheet, asked: Sequence[AskedRow]) -> None:
    heads = (
        ("Số", 7),
        ("Nhiệm vụ", 10),
        ("Hỏi về", 14),
        ("Câu hỏi (chỉ để xem)", 70),
        ("Có thể là", 40),
        ("Câu trả lời", 34),
    )
    for place, (text, width) in enumerate(heads, 1):
        _put(sheet, 1, place, text, "head")
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(asked, 2):
        values = (str(row.number), row.key, row.kind, row.text, row.choices, row.answer)
        for place, text in enumerate(values, 1):
            _put(sheet, number, place, plain(text)[: LONGEST - 100], "view")
    _lay_out(sheet, len(heads))


def _mark(book: Workbook, code: str, fingerprint: str, now: datetime) -> None:
    """What tells this workbook from any other: a hidden sheet and, should that be lost, a property of the file."""
    sheet = book.create_sheet(MARK_SHEET)
    for number, text in enumerate((MARK, str(VERSION), code, fingerprint, now.isoformat()), 1):
        _put(sheet, number, 1, text, "machine")
    sheet.sheet_state = "hidden"
    book.custom_doc_props.append(  # type: ignore[attr-defined]  # newer than its stubs
        StringProperty(name=MARK, value=f"{VERSION};{code};{fingerprint}")
    )
    book.properties.creator, book.properties.title = "dondoc", f"Kế hoạch {code}"
    book.properties.created = book.properties.modified = now.replace(tzinfo=None, microsecond=0)


def _add_styles(book: Workbook) -> None:
    """One named style a kind of cell: openpyxl takes long over styling each cell by itself."""
    thin = Side(style="thin", color="999999")
    top, middle = (
        Alignment(vertical="top", wrap_text=True),
        Alignment(horizontal="center", vertical="center", wrap_text=True),
    )
    looks: Mapping[str, tuple[Font, Alignment, str | None]] = {
        "head": (Font(name=FACE, size=11, bold=True), middle, "DDE7F0"),
        "text": (Font(name=FACE, size=11), top, None),
        "view": (Font(name=FACE, size=11, color="555555"), top, "F2F2F2"),
        "machine": (Font(name=FACE, size=8, color="999999"), Alignment(vertical="top"), "F2F2F2"),
    }
    for name, (font, place, fill) in looks.items():
        # "@" keeps what a person types as typed: a spreadsheet would make a date of "1/2" and a number of "2.10".
        style = NamedStyle(f"dondoc {name}", number_format="@", border=Border(thin, thin, thin, thin))
        style.font, style.alignment = font, place
        if fill:
            style.fill = PatternFill("solid", start_color=fill)
        book.add_named_style(style)
