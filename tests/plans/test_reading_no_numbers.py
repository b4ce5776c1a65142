"""Tables that count no rows, tables that count thousands of them, and rows that hold several duties."""

from __future__ import annotations

import textwrap
from itertools import zip_longest

import pytest

from plans.reading import ObligationRow, read_bytes

FRONT = """UBND XÃ ĐỒNG TIẾN
Số: 14/KH-UBND
Đồng Tiến, ngày 12 tháng 01 năm 2026
KẾ HOẠCH
Bảo vệ môi trường năm 2026
I. NỘI DUNG
"""
TAIL = "\nII. TỔ CHỨC THỰC HIỆN\n1. Phòng Kinh tế theo dõi, đôn đốc việc thực hiện.\n"
HEADER = ("Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian")
ROWS: tuple[tuple[str, ...], ...] = (
    HEADER,
    ("VIỆC TUYÊN TRUYỀN TRONG NHÂN DÂN",),
    ("Phát động phong trào chống rác thải nhựa tại thôn, trường học", "Phòng Kinh tế", "Hội Phụ nữ xã", "Cả năm"),
    ("Treo băng rôn, khẩu hiệu", "Phòng Văn hóa - Xã hội", "", "Tháng 6 và tháng 9"),
    ("VIỆC THU GOM, XỬ LÝ RÁC THẢI",),
    ("Ký hợp đồng thu gom rác thải sinh hoạt", "Phòng Kinh tế", "Công an xã", "Trước ngày 20/02/2026"),
    ("Kiểm tra các điểm tập kết rác", "Phòng Kinh tế", "Công an xã", "Tuần đầu hằng tháng"),
)


def _aligned() -> str:
    widths = (34, 18, 18, 18)
    lines: list[str] = []
    for row in ROWS:
        wrapped = [textwrap.wrap(cell, width - 2) for cell, width in zip(row, widths, strict=False)]
        lines += row if len(row) == 1 else (_line(parts, widths) for parts in zip_longest(*wrapped, fillvalue=""))
    return "\n".join(lines)


def _line(parts: tuple[str, ...], widths: tuple[int, ...]) -> str:
    return "".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _padded() -> list[tuple[str, ...]]:
    return [(*row, *[""] * (len(HEADER) - len(row))) for row in ROWS]


SHAPES = {
    "tabs": "\n".join("\t".join(row) for row in ROWS),
    "a cell on every line": "\n".join("".join(f"\t{cell}\n" for cell in row) for row in ROWS),
    "columns kept apart by spaces": _aligned(),
    "bars on lines of their own": "\n".join(
        "\n|\n".join("\n".join(textwrap.wrap(cell, 40)) for cell in row) + "\n|" for row in ROWS
    ),
    "bars behind every cell": "\n".join(f"{cell} |" for row in _padded() for cell in row),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_without_numbers_is_read_in_every_shape(name: str) -> None:
    rows = read_bytes("kế hoạch.txt", f"{FRONT}{SHAPES[name]}\n{TAIL}".encode()).obligations
    duties = [row for row in ROWS[1:] if len(row) > 1]
    assert [row.section for row in rows] == [ROWS[1]] * 2 + [ROWS[4]] * 2
    assert [(row.content, row.leads, row.coordinators, row.deadline_text) for row in rows] == [
        (content, (lead,), (other,) if other else (), time) for content, lead, other, time in duties
    ]


def _table(*rows: tuple[str, ...]) -> list[ObligationRow]:
    lines = ("\t".join(row) for row in (("TT", "Nội dung", "Đơn vị chủ trì", "Thời gian"), *rows))
    return list(read_bytes("kế hoạch.txt", (FRONT + "\n".join(lines)).encode()).obligations)


@pytest.mark.parametrize(("first", "mark"), [(997, "{}"), (1896, "{}"), (998, "{:,}")])
def test_rows_are_numbered_past_a_thousand_and_through_the_years(first: int, mark: str) -> None:
    numbers = [mark.format(number).replace(",", ".") for number in range(first, first + 8)]
    rows = _table(*((number, f"Dọn vệ sinh ngõ số {number}", "Thôn Đoài", "Quý I") for number in numbers))
    assert [(row.ordinal, row.content) for row in rows] == [(one, f"Dọn vệ sinh ngõ số {one}") for one in numbers]


LETTERED = {
    "points under words of their own": (
        ("Lập báo cáo: a) Báo cáo quý; b) Báo cáo năm", "a) Trước ngày 20/3/2026; b) Trước ngày 10/12/2026"),
        [("1.a", "Báo cáo quý", "Trước ngày 20/3/2026"), ("1.b", "Báo cáo năm", "Trước ngày 10/12/2026")],
    ),
    "points alone": (
        ("a) Treo cờ; b) Thu dọn", "a) Quý I; b) Quý II"),
        [("1.a", "Treo cờ", "Quý I"), ("1.b", "Thu dọn", "Quý II")],
    ),
    "one time for all points": (
        ("a) Treo cờ; b) Thu dọn", "Quý I"),
        [("1", "a) Treo cờ; b) Thu dọn", "Quý I")],
    ),
    "fewer times than points": (
        ("a) Treo cờ; b) Thu dọn; c) Báo cáo", "a) Quý I; b) Quý II"),
        [("1", "a) Treo cờ; b) Thu dọn; c) Báo cáo", "a) Quý I; b) Quý II")],
    ),
    "times without letters": (
        ("a) Treo cờ; b) Thu dọn", "Quý I; Quý II"),
        [("1", "a) Treo cờ; b) Thu dọn", "Quý I; Quý II")],
    ),
}


@pytest.mark.parametrize("name", LETTERED)
def test_points_of_a_cell_are_duties_only_when_the_times_bear_the_same_letters(name: str) -> None:
    (content, time), wanted = LETTERED[name]
    rows = _table(("1", content, "Công an xã", time), ("2", "Sơ kết", "Công an xã", "Tháng 7"))
    assert [(row.key, row.content, row.deadline_text) for row in rows[:-1]] == wanted
    assert rows[-1].key == "2"
