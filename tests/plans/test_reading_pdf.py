"""PDFs as the many programs make them: turned pages, thin boxes for lines, accents set apart, running lines, stamps."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from plans.reading import PlanFileError, Reading, read_bytes
from tests.plans.pdf_paper import A4, Paper

XS = [50.0, 85.0, 285.0, 420.0, 545.0]
HEADER = ("TT", "Nội dung công việc", "Cơ quan chủ trì", "Thời gian")
ROWS = (
    ("1", "Kiểm tra bếp ăn tập thể", "Trạm Y tế phường", "Quý II"),
    ("2", "Phun thuốc diệt muỗi đợt hai", "Phòng Văn hóa - Xã hội", "Tháng 8/2026"),
)
WANTED = [("1", ROWS[0][1], (ROWS[0][2],), "Quý II"), ("2", ROWS[1][1], (ROWS[1][2],), "Tháng 8/2026")]


def _facts(reading: Reading) -> list[tuple[object, ...]]:
    return [(row.ordinal, row.content, row.leads, row.deadline_text) for row in reading.obligations]


def _read(paper: Paper) -> Reading:
    return read_bytes("a.pdf", paper.bytes())


def _head(paper: Paper) -> None:
    paper.text(250, 80, "KẾ HOẠCH", 13)
    paper.text(180, 100, "Y tế dự phòng trên địa bàn phường năm 2026", 13)


def _row(paper: Paper, y: float, cells: tuple[str, ...]) -> None:
    for x, text in zip(XS, cells, strict=False):
        paper.text(x + 5, y, text)


def _table(paper: Paper, **how: bool) -> None:
    paper.grid(XS, [130, 150, 170, 190], **how)
    for y, cells in zip((144, 164, 184), (HEADER, *ROWS), strict=True):
        _row(paper, y, cells)


@pytest.mark.parametrize("how", [{}, {"as_box": True}, {"double": True}, {"as_box": True, "double": True}])
def test_lines_of_every_make_divide_the_cells(how: dict[str, bool]) -> None:
    paper = Paper()
    _head(paper)
    _table(paper, **how)
    assert _facts(_read(paper)) == WANTED


def test_sides_left_open_are_sides() -> None:
    paper = Paper()
    _head(paper)
    for x in XS[1:-1]:
        paper.line(x, 130, x, 190)
    for y in (130, 150, 170, 190):
        paper.line(XS[0], y, XS[-1], y)
    for y, cells in zip((144, 164, 184), (HEADER, *ROWS), strict=True):
        _row(paper, y, cells)
    assert _facts(_read(paper)) == WANTED


def test_an_underline_is_no_border() -> None:
    paper = Paper()
    _head(paper)
    paper.line(250, 83, 330, 83)
    _table(paper)
    paper.line(XS[1] + 5, 166, XS[1] + 110, 166)
    assert _facts(_read(paper)) == WANTED


def test_a_table_without_lines_is_read_by_the_white_between_its_columns() -> None:
    paper = Paper()
    _head(paper)
    for y, cells in zip((144, 168, 204), (HEADER, *ROWS), strict=True):
        _row(paper, y, cells)
    paper.text(XS[1] + 5, 180, "của các trường học")
    paper.text(50, 240, "III. TỔ CHỨC THỰC HIỆN")
    paper.text(50, 256, "1. Giao Trạm Y tế phường báo cáo UBND phường trước ngày 20/12/2026.")
    reading = _read(paper)
    first = ("1", f"{ROWS[0][1]} của các trường học", *WANTED[0][2:])
    assert _facts(reading) == [first, WANTED[1]]
    assert [duty.row.deadline_text for duty in reading.standing] == ["trước ngày 20/12/2026"]


@pytest.mark.parametrize("room", [1.5, 6.0])
def test_numbers_in_the_middle_of_rows_without_lines_divide_them_there(room: float) -> None:
    paper = Paper()
    _head(paper)
    _row(paper, 130, HEADER)
    top = 130.0
    rows = (
        (
            ("1",),
            ("Kiểm tra bếp ăn tập thể", "của các trường học", "và nhà hàng"),
            ("Trạm Y tế", "phường"),
            ("Quý II",),
        ),
        (("2",), ("Phun thuốc diệt muỗi", "đợt hai"), ("Phòng Văn hóa -", "Xã hội và Thể", "thao"), ("Tháng 8/2026",)),
        (("3",), ("Khám mắt",), ("Trạm Y tế", "phường"), ("Quý III",)),
    )
    for cells in rows:
        top += 13 + room
        high = max(map(len, cells))
        for x, lines in zip(XS, cells, strict=False):
            for at, words in enumerate(lines):
                paper.text(x + 5, top + (high - len(lines)) * 6.5 + at * 13, words)
        top += (high - 1) * 13
    assert _facts(_read(paper)) == [
        ("1", "Kiểm tra bếp ăn tập thể của các trường học và nhà hàng", ("Trạm Y tế phường",), "Quý II"),
        ("2", "Phun thuốc diệt muỗi đợt hai", ("Phòng Văn hóa - Xã hội và Thể thao",), "Tháng 8/2026"),
        ("3", "Khám mắt", ("Trạm Y tế phường",), "Quý III"),
    ]


def test_prose_under_a_table_without_lines_is_no_row_of_it() -> None:
    paper = Paper()
    _head(paper)
    for y, cells in zip((144, 168, 190), (HEADER, *ROWS), strict=True):
        _row(paper, y, cells)
    paper.text(
        52, 214, "Các đơn vị gửi kết quả về Trạm Y tế phường để tổng hợp chung, báo cáo Ủy ban nhân dân phường theo"
    )
    paper.text(52, 228, "quy định của pháp luật hiện hành.")
    assert _facts(_read(paper)) == WANTED


def test_a_header_alone_at_the_foot_of_a_page_names_the_columns_of_the_next() -> None:
    paper = Paper()
    _head(paper)
    _row(paper, 780, HEADER)
    paper.turn_page()
    for y, cells in zip((60, 90), ROWS, strict=True):
        _row(paper, y, cells)
    assert _facts(_read(paper)) == WANTED


def test_accents_set_as_letters_of_their_own_come_back_to_their_letters() -> None:
    paper = Paper()
    _head(paper)
    paper.grid(XS, [130, 150, 170, 190])
    for y, cells in zip((144, 164, 184), (HEADER, *ROWS), strict=True):
        _row(paper, y, tuple(unicodedata.normalize("NFD", cell) for cell in cells))
    assert _facts(_read(paper)) == WANTED


@pytest.mark.parametrize("rotation", [90, 270])
def test_a_page_turned_by_its_viewer_is_read_upright(rotation: int) -> None:
    paper = Paper()
    paper.rotate(rotation)
    _head(paper)
    _table(paper)
    assert _facts(_read(paper)) == WANTED


def test_letters_that_stand_on_their_side_are_read_upright() -> None:
    paper = Paper((842.0, 900.0))
    paper.text(80, 700, "KẾ HOẠCH", 13, upwards=True)
    paper.text(100, 760, "Y tế dự phòng trên địa bàn phường năm 2026", 13, upwards=True)
    for x in (130, 150, 170, 190):
        paper.line(x, 800 - XS[0], x, 800 - XS[-1])
    for y in XS:
        paper.line(130, 800 - y, 190, 800 - y)
    for x, cells in zip((144, 164, 184), (HEADER, *ROWS), strict=True):
        for y, text in zip(XS, cells, strict=False):
            paper.text(x, 800 - y - 5, text, upwards=True)
    assert _facts(_read(paper)) == WANTED


def _cut_over_pages(repeat_header: bool) -> Paper:
    """The second row is cut: the rest of its content and of its unit stand on the next page."""
    paper = Paper()
    _head(paper)
    paper.grid(XS, [130, 150, 170, 800])
    for y, cells in ((144, HEADER), (164, ROWS[0]), (184, ("2", "Phun thuốc diệt", "Phòng Văn hóa -", "Tháng 8/2026"))):
        _row(paper, y, cells)
    paper.text(295, 825, "1")
    paper.turn_page()
    paper.text(295, 30, "2")
    top = 60.0
    if repeat_header:
        paper.grid(XS, [60, 80])
        _row(paper, 74, HEADER)
        top = 80.0
    paper.grid(XS, [top, top + 20, top + 40])
    _row(paper, top + 14, ("", "muỗi đợt hai", "Xã hội", ""))
    _row(paper, top + 34, ("3", "Tổng kết công tác năm", "Trạm Y tế phường", "Quý IV"))
    return paper


@pytest.mark.parametrize("repeat_header", [True, False])
def test_a_row_cut_by_a_page_is_one_row(repeat_header: bool) -> None:
    reading = _read(_cut_over_pages(repeat_header))
    assert _facts(reading) == [*WANTED, ("3", "Tổng kết công tác năm", ("Trạm Y tế phường",), "Quý IV")]
    assert [row.place.page for row in reading.obligations] == [1, 1, 2]


def test_a_row_cut_within_its_unit_and_its_time_is_one_row() -> None:
    paper = Paper()
    _head(paper)
    paper.grid(XS, [130, 150, 170, 800])
    for y, cells in (
        (144, HEADER),
        (164, ROWS[0]),
        (184, ("2", "Báo cáo 6 tháng", "Phòng Văn hóa -", "Trước ngày")),
    ):
        _row(paper, y, cells)
    paper.turn_page()
    paper.grid(XS, [60, 80, 100])
    _row(paper, 74, ("", "", "Xã hội", "18/6/2026"))
    _row(paper, 94, ("3", "Khám mắt", "Trạm Y tế phường", "Quý III"))
    assert [(row.ordinal, row.leads, row.deadline_text) for row in _read(paper).obligations[1:]] == [
        ("2", ("Phòng Văn hóa - Xã hội",), "Trước ngày 18/6/2026"),
        ("3", ("Trạm Y tế phường",), "Quý III"),
    ]


def test_a_unit_merged_over_a_page_stays_with_its_rows() -> None:
    paper = Paper()
    _head(paper)
    for page, (first, second) in enumerate(
        ((ROWS[0], ROWS[1]), (("3", "Khám mắt", "", "Quý III"), ("4", "Tiêm bù", "", "Quý IV")))
    ):
        if page:
            paper.turn_page()
        top = 60.0 if page else 150.0
        if not page:
            paper.grid(XS, [130, 150])
            _row(paper, 144, HEADER)
        for x in XS:
            paper.line(x, top, x, top + 40)
        for y in (top, top + 40):
            paper.line(XS[0], y, XS[-1], y)
        for left, right in ((XS[0], XS[2]), (XS[3], XS[4])):
            paper.line(left, top + 20, right, top + 20)
        _row(paper, top + 14, first)
        _row(paper, top + 34, (second[0], second[1], "", second[3]))
    assert [row.leads for row in _read(paper).obligations] == [("Trạm Y tế phường",)] * 4


def test_running_lines_and_stamps_are_set_aside_and_told() -> None:
    paper = Paper()
    paper.text(60, 30, "Người ký: Trần Thị Mẫu, Email: mau@example.vn")
    _head(paper)
    _table(paper)
    for page in range(2, 5):
        paper.turn_page()
        paper.text(60, 40, f"Kế hoạch y tế dự phòng 2026 - trang {page}")
        paper.text(60, 120, f"{page}. Các đơn vị thực hiện nghiêm túc.")
    reading = _read(paper)
    told = " ".join(one.message for one in reading.findings if one.code == "source_remark")
    assert "dấu ký số" in told
    assert "dòng lặp lại" in told
    assert _facts(reading) == WANTED


def test_two_columns_of_a_letterhead_are_read_one_after_the_other() -> None:
    paper = Paper()
    for y, left, right in (
        (40, "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (56, "PHƯỜNG BẾN ĐÁ", "Độc lập - Tự do - Hạnh phúc"),
        (72, "Số: 41/KH-UBND", "Bến Đá, ngày 09 tháng 02 năm 2026"),
    ):
        paper.text(60, y, left)
        paper.text(290, y, right)
    paper.text(250, 100, "KẾ HOẠCH", 13)
    paper.text(180, 118, "Y tế dự phòng trên địa bàn phường năm 2026", 13)
    _table(paper)
    plan = _read(paper).plan
    assert (plan.number, plan.issuer, plan.issued_on) == ("41/KH-UBND", "UBND phường Bến Đá", "2026-02-09")


PLAIN = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 70>> stream
BT /F 12 Tf 50 700 Td <000100020003000400050006000700080009000A> Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type0/BaseFont/Nobody/Encoding/Identity-H/DescendantFonts[6 0 R]>> endobj
6 0 obj <</Type/Font/Subtype/CIDFontType2/BaseFont/Nobody
/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>> endobj
trailer <</Root 1 0 R>>
%%EOF"""


def test_a_font_that_does_not_name_its_letters_is_told_with_the_cure() -> None:
    with pytest.raises(PlanFileError, match="OCR"):
        read_bytes("a.pdf", PLAIN)


def test_a_blank_after_the_number_keeps_its_line_whole() -> None:
    paper = Paper(A4)
    paper.text(60, 40, "ỦY BAN NHÂN DÂN")
    paper.text(290, 40, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    paper.text(60, 56, "PHƯỜNG BẾN ĐÁ")
    paper.text(60, 72, "Số:")
    paper.text(120, 72, "/KH-UBND")
    _head(paper)
    _table(paper)
    assert "number_blank" in {one.code for one in _read(paper).findings}


@pytest.mark.parametrize(("password", "opens"), [("", True), ("mat-khau", False)])
def test_a_locked_file_opens_without_a_password_or_is_told(password: str, opens: bool) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    paper = Paper(encrypted=StandardEncryption(password, ownerPassword="chu", canPrint=0))
    _head(paper)
    _table(paper)
    if opens:
        assert _facts(_read(paper)) == WANTED
    else:
        with pytest.raises(PlanFileError, match="mật khẩu"):
            _read(paper)


def _drawing(paper: Paper) -> None:
    for step in range(400):
        paper.line(60 + step, 500, 60 + step, 520 + step % 7)


@pytest.mark.parametrize("extra", [_drawing, lambda paper: paper.line(20, 20, 575, 20)])
def test_drawings_beside_a_table_do_no_harm(extra: Callable[[Paper], None]) -> None:
    paper = Paper()
    _head(paper)
    _table(paper)
    extra(paper)
    assert _facts(_read(paper)) == WANTED
