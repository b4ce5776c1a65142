"""Shapes of text that no sample plan has, and mixtures of shapes: each read whole, no row lost."""

from __future__ import annotations

import time

import pytest

from plans.reading import ObligationRow, PlanFileError, read_bytes

FRONT = "UBND XÃ TAM HÒA\nSố: 6/KH-UBND\nTam Hòa, ngày 9 tháng 02 năm 2026\nKẾ HOẠCH\nKhuyến học năm 2026\n"
HEADER = ("TT", "Nội dung", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian")
DUTIES = (
    ("1", "Lập danh sách học sinh khó khăn", "Phòng Văn hóa - Xã hội", "Các trường học", "Quý I/2026"),
    ("2", "Vận động quỹ khuyến học trong doanh nghiệp", "Hội Khuyến học xã", "", "Tháng 5/2026"),
    ("3", "Trao học bổng đầu năm học mới", "Hội Khuyến học xã", "Đoàn Thanh niên xã", "Trước ngày 05/9/2026"),
)
WANTED = [(one[1], (one[2],), (one[3],) if one[3] else (), one[4]) for one in DUTIES]


def _told(row: ObligationRow) -> tuple[str, tuple[str, ...], tuple[str, ...], str | None]:
    return row.content, row.leads, row.coordinators, row.deadline_text


def _aligned() -> str:
    widths = (5, 28, 16, 16, 14)
    lines = []
    for row in (HEADER, ("I", "Gây quỹ", "", "", ""), *DUTIES):
        cells = [_wrapped(text, width - 2) for text, width in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            parts = [cell[at] if at < len(cell) else "" for cell in cells]
            lines.append("".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _marked_up() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>\n" for row in DUTIES)
    head = "".join(f"<th>{text}</th>" for text in HEADER)
    return f'<table><tr>{head}</tr><tr><td>I</td><td colspan="4">Gây quỹ</td></tr>\n{rows}</table>'


def _web_page() -> str:
    return f"<html><body><table><tr><td>{_marked_up()}</td></tr></table></body></html>"


def _tabs(*lines: tuple[str, ...]) -> str:
    return "\n".join("\t".join(line) for line in lines)


SHAPES = {
    "columns kept apart by spaces": _aligned(),
    "a table of elements inside text": _marked_up(),
    "a web page laid out by a table": _web_page(),
    "a section line without cell borders": _tabs(HEADER, ("I. Gây quỹ",), *DUTIES),
    "the header comes again before its table is joined": (
        _tabs(HEADER, ("I. Gây quỹ",), *DUTIES[:2]) + "\n" + _tabs(HEADER, DUTIES[2])
    ),
    "pipes that divide and do not close": "\n".join(" | ".join(row) for row in (HEADER, *DUTIES)),
    "a letterhead with pipes above a table with tabs": "|\nSở ngành |\n|\n" + _tabs(HEADER, *DUTIES),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_duty_is_read_whatever_the_shape(name: str) -> None:
    reading = read_bytes("kế hoạch.txt", (FRONT + SHAPES[name] + "\n").encode(), None)
    assert [_told(row) for row in reading.obligations] == WANTED
    if "Gây quỹ" in SHAPES[name]:
        assert {row.section for row in reading.obligations} == {("I Gây quỹ",)}


def test_a_cell_over_two_rows_gives_its_unit_to_both() -> None:
    table = (
        "<table><tr><th>TT</th><th>Nội dung</th><th>Đơn vị chủ trì</th><th>Thời gian</th></tr>"
        "<tr><td>1</td><td>Lập quỹ</td><td rowspan=2>Hội Khuyến học xã</td><td>Quý I</td></tr>"
        "<tr><td>2</td><td>Trao học bổng</td><td>Quý III</td></tr></table>"
    )
    rows = read_bytes("kế hoạch.html", (FRONT + table).encode(), None).obligations
    assert [(row.content, row.leads) for row in rows] == [
        ("Lập quỹ", ("Hội Khuyến học xã",)),
        ("Trao học bổng", ("Hội Khuyến học xã",)),
    ]


@pytest.mark.parametrize("span", ["999999999", "-3", "hai", ""])
def test_a_senseless_span_costs_nothing(span: str) -> None:
    table = (
        "<table><tr><th>TT</th><th>Nội dung</th><th>Đơn vị chủ trì</th><th>Thời gian</th></tr>"
        f'<tr><td>1</td><td>Lập quỹ</td><td>Hội Khuyến học xã</td><td rowspan="{span}">Quý I</td></tr></table>'
    )
    (row,) = read_bytes("kế hoạch.html", (FRONT + table).encode(), None).obligations
    assert row.deadline_text == "Quý I"


WRAPPED = """TT Nội dung công việc
Cơ quan
chủ trì
Cơ quan
phối hợp
Sản phẩm
Thời gian
A GÂY QUỸ
1
Lập danh sách học sinh
khó khăn
Phòng Văn hóa
- Xã hội
Khoa Sư phạm
Danh sách
Trước ngày
30/6/2026
B TRAO HỌC BỔNG
2
Trao học bổng cho học
sinh nghèo
Phòng Văn hóa
- Xã hội
Ủy ban MTTQ Việt
Nam xã
Quy chế
Tháng 9 và tháng
10/2026
"""


def test_wrapped_cells_under_lettered_headings() -> None:
    rows = read_bytes("kế hoạch.txt", (FRONT + WRAPPED).encode(), None).obligations
    assert [(*_told(row), row.deliverable, row.section) for row in rows] == [
        (
            "Lập danh sách học sinh khó khăn",
            ("Phòng Văn hóa - Xã hội",),
            ("Khoa Sư phạm",),
            "Trước ngày 30/6/2026",
            "Danh sách",
            ("A GÂY QUỸ",),
        ),
        (
            "Trao học bổng cho học sinh nghèo",
            ("Phòng Văn hóa - Xã hội",),
            ("Ủy ban MTTQ Việt Nam xã",),
            "Tháng 9 và tháng 10/2026",
            "Quy chế",
            ("B TRAO HỌC BỔNG",),
        ),
    ]


HEADS = {
    "two columns printed on one line": (
        "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ TAM HÒA Độc lập - Tự do - Hạnh phúc\n"
        "Số: 6/KH-UBND Tam Hòa, ngày 9 tháng 02 năm 2026\nKẾ HOẠCH\nKhuyến học năm 2026\n"
    ),
    "kind and title on one line": (
        "UBND XÃ TAM HÒA\nSố: 6/KH-UBND\nTam Hòa, ngày 9 tháng 02 năm 2026\nKẾ HOẠCH Khuyến học năm 2026\n"
    ),
    "markdown titles and the name of a table below": (
        "UBND XÃ TAM HÒA\nSố: 6/KH-UBND\nTam Hòa, ngày 9 tháng 02 năm 2026\n"
        "# KẾ HOẠCH\n## Khuyến học năm 2026\n## PHỤ LỤC\n"
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_printed_otherwise(name: str) -> None:
    plan = read_bytes("kế hoạch.txt", (HEADS[name] + _tabs(HEADER, *DUTIES)).encode(), None).plan
    assert (plan.kind, plan.title) == ("Kế hoạch", "Khuyến học năm 2026")
    assert (plan.number, plan.issuer, plan.issued_on) == ("6/KH-UBND", "UBND xã Tam Hòa", "2026-02-09")


def test_a_title_may_open_with_what_the_plan_carries_out() -> None:
    head = FRONT.replace("Khuyến học năm 2026", "Thực hiện Nghị quyết số 29-NQ/TW trong năm 2026")
    plan = read_bytes("kế hoạch.txt", (head + _tabs(HEADER, *DUTIES)).encode(), None).plan
    assert plan.title == "Thực hiện Nghị quyết số 29-NQ/TW trong năm 2026"


def test_two_roles_on_one_line_of_a_cell() -> None:
    cell = "- Chủ trì: Hội Khuyến học xã - Phối hợp: Các trường học; Công an xã"
    table = _tabs(("TT", "Nội dung", "Đơn vị thực hiện", "Thời gian"), ("1", "Lập quỹ", cell, "Quý I"))
    (row,) = read_bytes(
        "kế hoạch.txt", (FRONT + table + "\n2\tTrao quỹ\tCông an xã\tQuý II").encode(), None
    ).obligations[:1]
    assert (row.leads, row.coordinators) == (("Hội Khuyến học xã",), ("Các trường học", "Công an xã"))


def test_a_name_over_two_columns_that_text_kept_as_one_cell() -> None:
    upper = ("TT", "Nội dung", "Cơ quan thực hiện", "Thời gian", "Sản phẩm")
    lower = ("", "", "Chủ trì", "Phối hợp", "", "")
    duty = ("1", "Lập quỹ khuyến học", "Hội Khuyến học xã", "Các trường học", "Quý I", "Quyết định")
    further = ("2", "Trao học bổng", "Hội Khuyến học xã", "", "Quý III", "Báo cáo")
    text = "".join("\n".join(f"\t{cell}" for cell in row) + "\n\n" for row in (upper, lower, duty, further))
    rows = read_bytes("kế hoạch.txt", f"{FRONT}\n{text}".encode(), None).obligations
    assert [(*_told(row), row.deliverable) for row in rows] == [
        ("Lập quỹ khuyến học", ("Hội Khuyến học xã",), ("Các trường học",), "Quý I", "Quyết định"),
        ("Trao học bổng", ("Hội Khuyến học xã",), (), "Quý III", "Báo cáo"),
    ]


def test_a_syllable_at_the_margin_is_no_number_of_a_row() -> None:
    duty = "\n".join(("1    Khám cho học sinh tại trạm  Trạm Y tế xã    Quý I/2026", "     y tế xã, có ghi sổ khám"))
    further = "2    Cấp thẻ                     Trạm Y tế xã    Quý II/2026"
    more = "3    Lập sổ theo dõi             Trạm Y tế xã    Quý III/2026"
    head = "TT   Nội dung                    Đơn vị chủ trì  Thời gian"
    text = "\n".join((head, duty, further, more))
    rows = read_bytes("kế hoạch.txt", f"{FRONT}{text}\n".encode(), None).obligations
    assert [row.content for row in rows] == [
        "Khám cho học sinh tại trạm y tế xã, có ghi sổ khám", "Cấp thẻ", "Lập sổ theo dõi",
    ]  # fmt: skip


def test_absurd_tables_are_answered_soon() -> None:
    wide = "<table><tr>" + '<td colspan="60" rowspan="2000">a</td>' * 200 + "</tr>" + "<tr><td>b</td></tr>" * 500
    spread = "TT   Nội dung   Đơn vị chủ trì   Thời gian\n" + ("1   " + "a   " * 800 + "\n") * 60
    began = time.monotonic()
    for text in (wide, spread):
        with pytest.raises(PlanFileError):
            read_bytes("kế hoạch.txt", text.encode(), None)
    assert time.monotonic() - began < 10


def test_a_table_that_is_not_made_out_is_told() -> None:
    annex = "PHỤ LỤC\nSTT Nội dung Đơn vị chủ trì Thời gian\n1 Trao quà Hội Khuyến học xã Quý I\n"
    text = f"{FRONT}{_tabs(HEADER, *DUTIES)}\n{annex}"
    findings = read_bytes("kế hoạch.txt", text.encode(), None).findings
    assert [one.code for one in findings].count("table_unread") == 1
