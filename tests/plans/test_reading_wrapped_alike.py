"""Tables pasted from a PDF as wrapped lines, of other columns and widths than the plan that showed the shape."""

from __future__ import annotations

import textwrap

import pytest

from plans.reading import ObligationRow, Reading, read_bytes
from tests.plans import reading_samples as samples
from tests.plans.test_reading_same_in_every_format import source

Columns = tuple[tuple[str, str, int], ...]
# (header, field, width in letters) of every column after the number.
LAYOUTS: dict[str, Columns] = {
    "all": (
        ("Nội dung công việc", "content", 30), ("Sản phẩm", "product", 18), ("Cơ quan chủ trì", "leads", 16),
        ("Cơ quan phối hợp", "coordinators", 18), ("Thời gian hoàn thành", "time", 12),
    ),
    "no product": (
        ("Nội dung nhiệm vụ", "content", 40), ("Đơn vị chủ trì", "leads", 18),
        ("Đơn vị phối hợp", "coordinators", 20), ("Thời gian thực hiện", "time", 12),
    ),
    "time first": (
        ("Nội dung", "content", 34), ("Thời gian thực hiện", "time", 12), ("Cơ quan chủ trì", "leads", 18),
        ("Cơ quan phối hợp", "coordinators", 20),
    ),
    "product last": (
        ("Nhiệm vụ", "content", 30), ("Đơn vị chủ trì", "leads", 16), ("Đơn vị phối hợp", "coordinators", 18),
        ("Thời hạn hoàn thành", "time", 12), ("Kết quả đầu ra", "product", 20),
    ),
    "one unit": (
        ("Nhiệm vụ, giải pháp", "content", 45), ("Cơ quan, đơn vị thực hiện", "leads", 22), ("Thời gian", "time", 14),
    ),
}  # fmt: skip
SHARE = {"000": 0.85, "004": 0.75}


def _cell(row: ObligationRow, name: str) -> str:
    return {
        "content": row.content, "product": row.deliverable or "", "leads": "; ".join(row.leads),
        "coordinators": "; ".join(row.coordinators), "time": row.deadline_text or "",
    }[name]  # fmt: skip


def _wrapped(reading: Reading, columns: Columns, *, beside: bool) -> str:
    """The plan as lines; `beside` sets the number before the first line of its row, else on a line of its own."""
    names = [line for header, _, width in columns for line in textwrap.wrap(header, max(width, 14))]
    lines = ["KẾ HOẠCH", f"Công tác năm {reading.plan.year}", "I. NỘI DUNG", f"STT {names[0]}", *names[1:]]
    above: tuple[str, ...] = ()
    for row in reading.obligations:
        for depth, label in enumerate(row.section):
            if row.section[: depth + 1] != above[: depth + 1]:
                lines.extend(textwrap.wrap(label, 80))
        above = row.section
        cells = [line for _, name, width in columns for line in textwrap.wrap(_cell(row, name), width)]
        number = row.ordinal or "-"
        lines.extend([f"{number} {cells[0]}", *cells[1:]] if beside else [number, *cells])
    return " \n\n".join([*lines, "II. TỔ CHỨC THỰC HIỆN", "Các đơn vị thực hiện Kế hoạch này."])


def _facts(reading: Reading, columns: Columns) -> list[tuple[str | None, ...]]:
    return [(row.ordinal, *(_cell(row, name) for _, name, _ in columns)) for row in reading.obligations]


@pytest.mark.parametrize(
    ("number", "layout", "beside"),
    [
        *(("000", layout, at % 2 == 0) for at, layout in enumerate(LAYOUTS)),
        ("004", "all", True),
        ("004", "one unit", False),
    ],
)
def test_most_rows_are_cut_right_whatever_the_columns(number: str, layout: str, beside: bool) -> None:
    """The lines alone do not tell every border; nine rows of ten must come whole, and no row may be lost."""
    reading, columns = source(number).reading, LAYOUTS[layout]
    got = read_bytes("a.txt", _wrapped(reading, columns, beside=beside).encode())
    wanted = _facts(reading, columns)
    assert len(set(wanted) & set(_facts(got, columns))) >= SHARE[number] * len(set(wanted))
    numbers = {row.ordinal for row in got.obligations}
    assert {row.ordinal for row in reading.obligations if row.ordinal} <= numbers


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_small_table_is_cut_right(layout: str) -> None:
    reading, columns = read_bytes("a.txt", samples.as_tabbed().encode()), LAYOUTS[layout]
    got = read_bytes("a.txt", _wrapped(reading, columns, beside=True).encode())
    wrong = [one for one in _facts(reading, columns) if one not in _facts(got, columns)]
    assert len(wrong) <= 1
    assert [row.ordinal for row in got.obligations] == ["1", "2", "3", "4"]


def test_three_columns_of_free_text_stand_side_by_side() -> None:
    lines = [
        "UBND XÃ BẮC SƠN", "KẾ HOẠCH", "Công tác năm 2026", "TT", "Nội dung", "công việc", "Sản phẩm", "Kết quả",
        "Cơ quan chủ trì", "Thời gian", "1", "Rà soát các hộ kinh doanh", "trên địa bàn xã", "Danh sách hộ",
        "Hộ được quản lý", "Phòng Kinh tế", "Quý II", "2", "Nạo vét kênh mương nội", "đồng trước mùa mưa",
        "Biên bản kiểm tra", "Kênh thông suốt", "Phòng Kinh tế", "Tháng 5", "3", "Tiêm phòng đợt một cho",
        "đàn gia súc", "Báo cáo kết quả", "Đàn an toàn", "Trạm Y tế xã", "Quý III",
    ]  # fmt: skip
    rows = read_bytes("a.txt", "\n".join(lines).encode()).obligations
    assert [(row.content, row.deliverable, row.leads) for row in rows] == [
        ("Rà soát các hộ kinh doanh trên địa bàn xã", "Danh sách hộ", ("Phòng Kinh tế",)),
        ("Nạo vét kênh mương nội đồng trước mùa mưa", "Biên bản kiểm tra", ("Phòng Kinh tế",)),
        ("Tiêm phòng đợt một cho đàn gia súc", "Báo cáo kết quả", ("Trạm Y tế xã",)),
    ]
