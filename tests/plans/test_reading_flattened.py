"""One table as web pages and converters flatten it: the reading does not depend on how its cells were told apart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from plans.reading import read_bytes

HEAD = """UBND XÃ ĐỒNG TIẾN
Số: 14/KH-UBND
Đồng Tiến, ngày 12 tháng 01 năm 2026
KẾ HOẠCH
Bảo vệ môi trường năm 2026
I. NỘI DUNG
"""
TAIL = """
II. TỔ CHỨC THỰC HIỆN
1. Phòng Kinh tế theo dõi, đôn đốc việc thực hiện.
"""
ROWS = (
    ("TT", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian", "Kết quả"),
    ("I", "Tuyên truyền", "", "", ""),
    (
        "1", "Phát động phong trào chống rác thải nhựa tại các thôn, trường học và khu chợ",
        "Chủ trì: Phòng Kinh tế; Phối hợp: Hội Phụ nữ xã, các thôn", "Cả năm", "Lễ phát động",
    ),
    ("2", "Treo băng rôn, khẩu hiệu", "Phòng Văn hóa - Xã hội", "02 đợt, tháng 6 và tháng 9", "20 băng rôn"),
    ("II", "Thu gom, xử lý rác", "", "", ""),
    ("1", "Ký hợp đồng thu gom rác thải sinh hoạt", "Phòng Kinh tế", "Trước ngày 20/02/2026", "Hợp đồng"),
    ("2", "Kiểm tra các điểm tập kết rác", "Phòng Kinh tế phối hợp với Công an xã", "Tuần đầu hằng tháng", "Biên bản"),
)  # fmt: skip
DUTIES = [
    (ROWS[2][1], ("Phòng Kinh tế",), ("Hội Phụ nữ xã", "các thôn"), "Cả năm", "Lễ phát động"),
    (ROWS[3][1], ("Phòng Văn hóa - Xã hội",), (), "02 đợt, tháng 6 và tháng 9", "20 băng rôn"),
    (ROWS[5][1], ("Phòng Kinh tế",), (), "Trước ngày 20/02/2026", "Hợp đồng"),
    (ROWS[6][1], ("Phòng Kinh tế",), ("Công an xã",), "Tuần đầu hằng tháng", "Biên bản"),
]

Shape = Callable[[], str]


def _headings_short() -> list[tuple[str, ...]]:
    return [row if any(row[2:]) else row[:2] for row in ROWS]


def _bars_on_lines() -> str:
    return "\n".join(
        "\n|\n".join("\n".join(textwrap.wrap(cell, 40)) for cell in row) + "\n|" for row in _headings_short()
    )


def _bars_behind_cells() -> str:
    return "\n".join(f"{cell} |" for row in ROWS for cell in row)


def _rows_closed_by_bars() -> str:
    return "\n".join(" | ".join(row) + " |" for row in ROWS)


def _cells_on_lines() -> str:
    return "\n".join(cell for row in ROWS for cell in row if cell)


def _cells_between_blank_lines() -> str:
    return "\n\n".join(cell for row in ROWS for cell in row if cell)


def _tabs() -> str:
    return "\n".join("\t".join(row) for row in ROWS)


SHAPES: dict[str, Shape] = {
    "bars on lines of their own": _bars_on_lines,
    "bars behind every cell": _bars_behind_cells,
    "rows closed by bars": _rows_closed_by_bars,
    "cells on lines": _cells_on_lines,
    "cells between blank lines": _cells_between_blank_lines,
    "tabs": _tabs,
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_flattened_table_reads_as_the_table(name: str) -> None:
    reading = read_bytes("kế hoạch.txt", f"{HEAD}{SHAPES[name]()}\n{TAIL}".encode())
    told = [
        (row.content, row.leads, row.coordinators, row.deadline_text, row.deliverable) for row in reading.obligations
    ]
    assert told == DUTIES
    assert [row.section for row in reading.obligations[:1]] == [("I Tuyên truyền",)]


def test_an_empty_last_cell_swallows_no_part_of_the_prose() -> None:
    cells = "\n".join(" \t" + "\n\t".join(row) + "\n" for row in (ROWS[0], *ROWS[2:4]))
    text = (
        cells.replace("20 băng rôn", "") + "\nIII. TỔ CHỨC THỰC HIỆN\n1. Phòng Kinh tế báo cáo trước ngày 10/12/2026."
    )
    reading = read_bytes("kế hoạch.txt", (HEAD + text).encode())
    assert [one.row.leads for one in reading.standing] == [("Phòng Kinh tế",)]


def test_a_row_that_opens_with_an_empty_cell_keeps_its_columns() -> None:
    rows = (
        ("TT", "Nội dung", "Chủ trì", "Thời gian"),
        ("1", "Nạo vét kênh", "Phòng Kinh tế", "Quý I"),
        ("", "Trồng cây ven kênh", "Hội Phụ nữ xã", "Quý II"),
    )
    text = "\n".join(" | ".join(row) + " |" for row in rows)
    reading = read_bytes("kế hoạch.txt", f"{HEAD}{text}\n{TAIL}".encode())
    assert [row.leads for row in reading.obligations] == [("Phòng Kinh tế",), ("Hội Phụ nữ xã",)]


def test_bars_under_two_rows_of_names() -> None:
    rows = (
        ("TT", "Nội dung", "Phân công", "", "Thời gian"),
        ("", "", "Chủ trì", "Phối hợp", ""),
        ("1", "Nạo vét kênh", "Phòng Kinh tế", "Các thôn", "Quý I"),
        ("2", "Trồng cây ven kênh", "Hội Phụ nữ xã", "", "Quý II"),
    )
    text = "\n".join(f"{cell}\n|" for row in rows for cell in row)
    reading = read_bytes("kế hoạch.txt", f"{HEAD}{text}\n{TAIL}".encode())
    assert [(row.leads, row.coordinators, row.deadline_text) for row in reading.obligations] == [
        (("Phòng Kinh tế",), ("Các thôn",), "Quý I"),
        (("Hội Phụ nữ xã",), (), "Quý II"),
    ]
