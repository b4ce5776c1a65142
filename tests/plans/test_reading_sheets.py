"""Workbooks and .csv as offices keep them: hidden parts, formats of numbers, text around the tables, every encoding."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest

from plans.reading import Reading, read_bytes

HEADER = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn hoàn thành")
ROWS = (
    ("1", "Nạo vét mương tiêu khu dân cư số 3", "Phòng Kinh tế", "Quý II"),
    ("2", "Kiểm tra bến khách ngang sông", "Công an xã", "Tháng 9/2026"),
)
TITLE = ("KẾ HOẠCH", "Phòng chống lụt bão năm 2026")


def _book(rows: list[tuple[Any, ...]] | None = None) -> Any:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for text in TITLE:
        sheet.append([text])
    for row in (HEADER, *(rows or ROWS)):
        sheet.append(list(row))
    return book


def _read(book: Any) -> Reading:
    target = io.BytesIO()
    book.save(target)
    return read_bytes("a.xlsx", target.getvalue())


def _remarks(reading: Reading) -> str:
    return " ".join(finding.message for finding in reading.findings if finding.code == "source_remark")


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    book = _book()
    book.active.row_dimensions[5].hidden = True
    book.active.column_dimensions["C"].hidden = True
    reading = _read(book)
    assert [row.leads for row in reading.obligations] == [("Phòng Kinh tế",), ("Công an xã",)]
    assert "hàng 5" in _remarks(reading)
    assert "cột C" in _remarks(reading)


def test_a_hidden_sheet_is_read_when_it_holds_a_table_and_told_when_not() -> None:
    book = _book()
    for title, rows in (
        ("Phụ lục 2", (HEADER, ("1", "Trực ban 24/24", "Văn phòng", "Thường xuyên"))),
        ("Tạm", (("x",),)),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden"
        for row in rows:
            sheet.append(list(row))
    reading = _read(book)
    assert [row.content for row in reading.obligations][-1] == "Trực ban 24/24"
    assert "“Phụ lục 2” đang ẩn" in _remarks(reading)
    assert "Bỏ qua trang tính ẩn “Tạm”" in _remarks(reading)


def test_dates_and_numbers_read_as_the_sheet_shows_them() -> None:
    day = datetime.date(2026, 10, 5)
    book = _book([(1.1, ROWS[0][1], "Phòng Kinh tế", day), (1.2, ROWS[1][1], "Công an xã", day)])
    book.active["D4"].number_format, book.active["D5"].number_format = "dd/mm/yyyy", "mm/yyyy"
    reading = _read(book)
    assert [row.ordinal for row in reading.obligations] == ["1.1", "1.2"]
    assert [row.deadline_text for row in reading.obligations] == ["05/10/2026", "10/2026"]


def test_percentages_read_as_the_sheet_shows_them() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (
        (TITLE[1],),
        ("TT", "Tên chỉ tiêu", "Đơn vị tính", "Chỉ tiêu năm 2026"),
        (1, "Tỷ lệ hộ có nước sạch", "%", 0.8),
    ):
        sheet.append(list(row))
    sheet["D3"].number_format = "0%"
    assert [(one.value, one.unit) for one in _read(book).targets] == [(80, "%")]


def test_a_formula_that_was_never_worked_out_is_told() -> None:
    book = _book()
    book.active["D4"] = '=CONCATENATE("Quý ","II")'
    assert "D4" in _remarks(_read(book))


def test_prose_around_the_table_is_read_as_prose() -> None:
    book = _book()
    for text in ("", "II. TỔ CHỨC THỰC HIỆN", "1. Giao Công an xã báo cáo UBND xã trước ngày 20/11/2026."):
        book.active.append([text])
    book.active.append(["Nơi nhận:", "", "TM. ỦY BAN NHÂN DÂN"])
    reading = _read(book)
    assert len(reading.obligations) == 2
    assert [duty.row.deadline_text for duty in reading.standing] == ["trước ngày 20/11/2026"]
    assert reading.plan.title == TITLE[1]


def test_a_section_row_in_the_first_column_stays_a_section() -> None:
    book = _book([("I. Trước mùa mưa",), ROWS[0], ("II. Trong mùa mưa",), ROWS[1]])
    assert [row.section for row in _read(book).obligations] == [("I Trước mùa mưa",), ("II Trong mùa mưa",)]


def _csv(delimiter: str) -> str:
    lines = [*TITLE, *(delimiter.join(f'"{cell}"' for cell in row) for row in (HEADER, *ROWS))]
    return "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_csv_is_read(delimiter: str, encoding: str) -> None:
    reading = read_bytes("a.csv", _csv(delimiter).encode(encoding))
    assert [(row.content, row.leads, row.deadline_text) for row in reading.obligations] == [
        (content, (lead,), time) for _, content, lead, time in ROWS
    ]


def test_a_csv_in_the_windows_encoding_is_read() -> None:
    """windows-1258 holds the accents of tone as signs of their own, so the letters are taken apart first."""
    tones = {chr(code) for code in (0x300, 0x301, 0x303, 0x309, 0x323)}
    data = b"".join(_in_1258(letter, tones) for letter in _csv(";"))
    assert [row.content for row in read_bytes("a.csv", data).obligations] == [row[1] for row in ROWS]


def _in_1258(letter: str, tones: set[str]) -> bytes:
    import unicodedata

    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(part for part in parts if part in tones)
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part != tone))
        return (rest + tone).encode("cp1258")


def test_a_named_delimiter_wins() -> None:
    reading = read_bytes("a.csv", ("sep=;\r\n" + _csv(";")).encode())
    assert len(reading.obligations) == 2
