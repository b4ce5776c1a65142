"""Columns, numbering, merged cells, cut rows, targets: the mechanisms one by one."""

from __future__ import annotations

import io

import pytest

from plans.reading import PlanFileError, Reading, read_bytes
from plans.reading.columns import Role, header_role
from plans.reading.grids import grid_label
from plans.reading.ordinals import Style, chosen, inline, itemised, readings, roman_value
from plans.reading.targets import figure
from plans.reading.text import cleaned, fold
from plans.reading.time_words import time_words

HEADERS = {
    "TT": Role.NUMBER, "Số TT": Role.NUMBER, "STT": Role.NUMBER, "Nội dung công việc": Role.CONTENT,
    "NHIỆM VỤ, GIẢI PHÁP": Role.CONTENT, "Tên nhiệm vụ": Role.CONTENT, "Sản phẩm đầu ra": Role.PRODUCT,
    "Kết quả công việc": Role.PRODUCT, "Đơn vị chủ trì": Role.LEAD, "Bộ phận phối hợp": Role.COORDINATOR,
    "Cơ quan chủ trì, phối hợp": Role.PERFORMER, "Cơ quan, đơn vị thực hiện": Role.PERFORMER,
    "Phân công thực hiện": Role.PERFORMER, "Thời hạn hoàn\nthành": Role.TIME, "Tiến độ": Role.TIME,
    "Đơn vị tính": Role.MEASURE, "ĐVT": Role.MEASURE, "Chỉ tiêu năm 2026": Role.TARGET,
    "Nội dung thực hiện": Role.CONTENT, "Tên nhiệm vụ, dự án": Role.CONTENT, "Hoạt động": Role.CONTENT,
    "Đơn vị chuẩn bị nội dung": Role.PERFORMER, "Cán bộ phụ trách": Role.PERFORMER, "Bộ phận tham mưu": Role.PERFORMER,
    "Thôn, tổ dân phố": Role.PERFORMER, "Tên đơn vị": Role.PERFORMER, "Trách nhiệm thực hiện": Role.PERFORMER,
    "Cơ quan soạn thảo": Role.LEAD, "Cơ quan đầu mối": Role.LEAD, "Cơ quan thẩm định": None,
    "Đơn vị được kiểm tra": None, "Lãnh đạo UBND phụ trách": Role.SUPERVISOR,
    "Cơ quan theo dõi, đánh giá": Role.SUPERVISOR,
    "Bắt đầu": Role.START, "Ngày kết thúc": Role.END, "Tháng": Role.TIME, "Thời gian trình": Role.TIME,
    "Kế hoạch năm 2026": Role.TARGET, "KH 2026": Role.TARGET, "Mức độ cần đạt": Role.TARGET, "Ngày ban hành": None,
    "Kết quả dự kiến": Role.PRODUCT, "Lĩnh vực": Role.GROUP, "Thành tiền": None,
    "Căn cứ thực hiện": Role.BASIS, "Ghi chú": Role.NOTE, "Kinh phí": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_header_words(header: str) -> None:
    assert header_role(header) == HEADERS[header]


def test_ordinals_by_series_and_by_look() -> None:
    assert [one.style for one in readings("IV.")] == [Style.ROMAN]
    assert readings("3, 4.") == []
    assert readings("2025") == []
    assert (roman_value("XIV"), roman_value("IIX"), roman_value("")) == (14, None, None)
    last = {Style.UPPER: readings("B")[0]}
    assert (third := chosen("C", last)) is not None
    assert third.style is Style.UPPER
    assert (lone := chosen("V", {})) is not None
    assert (lone.style, lone.value) == (Style.ROMAN, 5)
    assert inline("II Kiểm soát việc") == ("II", "Kiểm soát việc")
    assert inline("A lô") is None


FIGURES = {
    "Tối thiểu 60": (">=", 60, None), "100%": ("=", 100, "%"), "≥ 95,5": (">=", 95.5, None),
    "≤ 2": ("<=", 2, None), "Không quá 0,5": ("<=", 0.5, None), "Dưới 3%": ("<=", 3, "%"), "> 80 %": (">=", 80, "%"),
    "Từ 90% trở lên": (">=", 90, "%"), "Phấn đấu đạt 95%": ("=", 95, "%"), "10 trở xuống": ("<=", 10, None),
    "1.250.000,5": ("=", 1250000.5, None), "80 - 90": ("=", "80 - 90", None), "Giảm 10%": ("=", "Giảm 10%", None),
    "Trên 100 hộ": (">=", 100, "hộ"), "Đạt từ 70%": (">=", 70, "%"), "Không dưới 4 buổi": (">=", 4, "buổi"),
    "1.250 con trở lên": (">=", 1250, "con"), "Ít nhất 3 lớp": (">=", 3, "lớp"), "": ("=", None, None),
    "5% cấp mới; 10% cấp lại": ("=", "5% cấp mới; 10% cấp lại", None),
}  # fmt: skip


@pytest.mark.parametrize("text", FIGURES)
def test_figures_of_targets(text: str) -> None:
    assert figure(text) == FIGURES[text]


TIMES = {
    "Báo cáo về xã trước ngày 18 hằng tháng.": "trước ngày 18 hằng tháng",
    "Gửi danh sách trong Quý III năm 2026.": "trong Quý III năm 2026",
    "định kỳ (hằng quý) tổng hợp": "định kỳ (hằng quý)",
    "Báo cáo định kỳ hằng năm (trước ngày 15/11).": "định kỳ hằng năm (trước ngày 15/11)",
    "Họp vào thứ Sáu hằng tuần.": "vào thứ Sáu hằng tuần",
    "Trả lời trong vòng 05 ngày làm việc kể từ ngày nhận đơn.": "trong vòng 05 ngày làm việc kể từ ngày nhận đơn",
    "Ra quân từ ngày 01/3 đến ngày 15/3/2026 tại các thôn.": "từ ngày 01/3 đến ngày 15/3/2026",
    "Định kỳ hằng tháng gửi số liệu về xã trước ngày 20.": "Định kỳ hằng tháng (trước ngày 20)",
    "Định kỳ 6 tháng, năm gửi về xã trước ngày 10/6 và 10/12.": "Định kỳ 6 tháng, năm (trước ngày 10/6 và 10/12)",
    "Bố trí trong dự toán ngân sách hằng năm.": None,
    "Theo Quyết định số 12/QĐ-UBND ngày 23 tháng 6 năm 2022.": None,
    "Hoàn thành mục tiêu đề ra trong năm 2026.": None,
}


@pytest.mark.parametrize("sentence", TIMES)
def test_time_words_of_prose(sentence: str) -> None:
    when = time_words(sentence)
    assert (when.words if when else None) == TIMES[sentence]


def test_cleaning_keeps_words_and_drops_marks() -> None:
    assert cleaned("<p>Một</p><p>hai **ba** <i>bốn</i></p>") == "Một\nhai ba bốn"
    assert cleaned("nội bộ¹ và 25 m") == "nội bộ và 25 m"
    assert cleaned("a < b, 5 > 3") == "a < b, 5 > 3"
    assert len(fold("Đường ỷ İ")) == len("Đường ỷ İ")


GRIDS = {
    ("II", "Thời gian thực hiện"): "Quý II", ("Q3", "Năm 2026"): "Quý III", ("1", "Quý"): "Quý I",
    ("Quý IV", ""): "Quý IV",
    ("T5", ""): "Tháng 5", ("12", "Tháng"): "Tháng 12", ("07", "Thời gian"): "Tháng 7", ("2027", ""): "Năm 2027",
    ("Tháng 3/2026", ""): "Tháng 3/2026", ("I", "Nội dung"): None, ("13", "Tháng"): None, ("Tổng", "Quý"): None,
}  # fmt: skip


@pytest.mark.parametrize(("header", "above"), GRIDS)
def test_headers_of_grids(header: str, above: str) -> None:
    assert grid_label(header, above) == GRIDS[header, above]


def test_a_grid_under_a_header_that_text_kept_as_one_cell() -> None:
    upper, lower = "TT\tNội dung\tĐơn vị\tThời gian thực hiện\tGhi chú", "\t\t\tI\tII\tIII\tIV"
    reading = _text(upper, lower, "1\tHọp\tXã\t\tx\t\t\tSân xã", "2\tĐo\tThôn\t\t\t\tx", "3\tVẽ\tThôn\tx\t\tx\t")
    assert [row.deadline_text for row in reading.obligations] == ["Quý II", "Quý IV", "Quý I, Quý III"]


def test_of_two_times_the_one_that_says_when() -> None:
    header = "TT\tNội dung\tThời hạn thanh tra\tThời gian triển khai\tĐơn vị chủ trì"
    reading = _text(header, "1\tĐo đất\t45 ngày\tQuý II\tXã", "2\tKiểm chợ\t30 ngày\tQuý III\tXã")
    assert [row.deadline_text for row in reading.obligations] == ["Quý II", "Quý III"]


def test_numbers_printed_with_their_section_or_a_letter() -> None:
    assert [(one.style, one.value) for mark in ("I.2", "A.1.3", "2b", "II.a") for one in readings(mark)] == [
        (Style.DOTTED, 2), (Style.DOTTED, 3), (Style.DOTTED, 2), (Style.DOTTED, 1),
    ]  # fmt: skip
    assert (itemised("a) Khối Đảng"), itemised("a) một b) hai"), itemised("Khối Đảng")) == (
        ("a", "Khối Đảng"), None, None,
    )  # fmt: skip


def _text(*rows: str) -> Reading:
    return read_bytes("a.txt", "\n".join(rows).encode(), 2026)


HEADER = "TT\tNhiệm vụ\tSản phẩm\tĐơn vị chủ trì\tThời gian"


def test_a_further_line_of_a_row_is_a_duty_of_its_own() -> None:
    reading = _text(HEADER, "1\tTẩy giun\ta) Đợt một\tTrạm Y tế\tQuý II", "\t\tb) Đợt hai\tTrạm Y tế\tQuý IV")
    assert [(row.key, row.ordinal, row.content, row.deliverable) for row in reading.obligations] == [
        ("1.a", "1", "Tẩy giun", "a) Đợt một"),
        ("1.b", "1", "Tẩy giun", "b) Đợt hai"),
    ]


def test_a_cell_with_a_line_feed_stays_one_cell() -> None:
    reading = _text(
        HEADER, "1\tHọp\tBiên bản", "có chữ ký\tXã\tQuý I", "2\tĐo\tSổ\tThôn\tQuý II", "3\tVẽ\tSơ đồ\tThôn\tQuý II"
    )
    assert [(row.ordinal, row.deliverable, row.leads) for row in reading.obligations] == [
        ("1", "Biên bản có chữ ký", ("Xã",)),
        ("2", "Sổ", ("Thôn",)),
        ("3", "Sơ đồ", ("Thôn",)),
    ]


def test_columns_without_a_place_are_told() -> None:
    header = f"{HEADER}\tKinh phí\tĐơn vị tính"
    reading = _text(header, "1\tHọp\tBiên bản\tXã\tQuý I\t5 triệu\tCuộc", "2\t\tSổ\tThôn\tQuý II\t\t")
    codes = [finding.code for finding in reading.findings]
    assert codes.count("column_unused") == 2
    assert codes.count("row_mended") == 1
    assert reading.obligations[1].content == "Sổ"


def test_a_year_that_the_tables_speak_of_is_accepted_and_another_refused() -> None:
    rows = ("TT\tChỉ tiêu\tĐơn vị tính\tThực hiện năm 2025\tKế hoạch năm 2026", "1\tThu phí\tTriệu đồng\t1.500\t1.800")
    (target,) = _text(*rows).targets
    assert (target.value, target.unit) == (1800, "Triệu đồng")
    assert read_bytes("a.txt", "\n".join(rows).encode()).plan.year == 2026
    with pytest.raises(PlanFileError, match="--year 2026"):
        read_bytes("a.txt", "\n".join(rows).encode(), 2031)


def test_headings_without_number_rows_with_dashes_and_deeper_numbers() -> None:
    reading = _text(
        HEADER, "VIỆC CHUNG\t\t\t\t", "1\tHọp\tBiên bản\tXã\tQuý I", "-\tGhi sổ\tSổ\tThôn\tQuý I",
        "VIỆC RIÊNG\t\t\t\t", "2\tĐo\tSổ\tThôn\tQuý II", "2.1\tVẽ\tBản vẽ\tThôn\tQuý III",
    )  # fmt: skip
    assert [row.ordinal for row in reading.obligations] == ["1", None, "2", "2.1"]
    assert [row.section for row in reading.obligations] == [("VIỆC CHUNG",)] * 2 + [("VIỆC RIÊNG",)] * 2
    assert len({row.key for row in reading.obligations}) == 4
    assert "section_unnumbered" not in {finding.code for finding in reading.findings}


def test_numbers_that_start_again_make_keys_of_paths() -> None:
    reading = _text(
        HEADER, "I\tChung\t\t\t", "1\tHọp\t\tXã\tQuý I", "II\tRiêng\t\t\t", "1\tNhóm\t\t\t", "a\tĐo\t\tXã\tQuý I"
    )
    assert [row.key for row in reading.obligations] == ["I.1", "II.1.a"]
    assert reading.obligations[1].section == ("II Riêng", "1 Nhóm")


def test_findings_of_numbering_and_units() -> None:
    reading = _text(
        HEADER,
        "A\tMột\t\t\t",
        "1\tHọp\t\tXã\tQuý I",
        "A\tHai\t\t\t",
        "3\tĐo đất\t\t\tQuý I",
        "3\tVẽ\t\tXã\tCố gắng sớm",
    )
    codes = [finding.code for finding in reading.findings]
    for code in ("section_repeated", "ordinal_missing", "ordinal_repeated", "lead_missing", "deadline_asks"):
        assert codes.count(code) == 1, code
    assert [row.key for row in reading.obligations] == ["1", "3", "3#2"]


def test_a_table_that_is_no_plan_table_is_told() -> None:
    reading = _text(HEADER, "1\tHọp\tBiên bản\tXã\tQuý I", "", "Bảng giá", "Mặt hàng\tGiá", "Gạo\t20\t", "Muối\t5\t")
    assert len(reading.obligations) == 1
    assert [finding.code for finding in reading.findings if "table" in finding.code] == ["table_unplaced"]


def test_merged_cells_of_word_are_carried_and_split() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Y tế học đường năm 2026")
    table = document.add_table(rows=5, cols=5)
    rows = (
        ("TT", "Nhiệm vụ", "Đơn vị", "", "Thời gian"),
        ("", "", "Chủ trì", "Phối hợp", ""),
        ("1", "Tẩy giun", "Trạm Y tế", "Trường Hạ", "Tháng 4"),
        ("", "", "", "", "Tháng 10"),
        ("2", "Khám mắt", "", "Trường Thượng", "Tháng 11"),
    )
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4):
        table.cell(0, column).merge(table.cell(1, column))
    for column in (0, 1, 3):
        table.cell(2, column).merge(table.cell(3, column))
    table.cell(2, 2).merge(table.cell(4, 2))
    target = io.BytesIO()
    document.save(target)
    read = read_bytes("a.docx", target.getvalue()).obligations
    assert [(row.key, row.leads, row.coordinators, row.deadline_text) for row in read] == [
        ("1.a", ("Trạm Y tế",), ("Trường Hạ",), "Tháng 4"),
        ("1.b", ("Trạm Y tế",), ("Trường Hạ",), "Tháng 10"),
        ("2", ("Trạm Y tế",), ("Trường Thượng",), "Tháng 11"),
    ]


def test_a_deadline_before_the_plan_and_two_numbers_are_told() -> None:
    front = ("Số: 14/QĐ-UBND", "Xã Hạ, ngày 10 tháng 5 năm 2026", "KẾ HOẠCH", "Trồng cây năm 2026")
    attached = "(Kèm theo Quyết định số 4/QĐ-UBND ngày 10/5/2026)"
    reading = _text(*front, attached, HEADER, "1\tTrồng cây\tCây\tThôn Hạ\tQuý I", "2\tTưới\tCây\tThôn Hạ\tQuý III")
    codes = [finding.code for finding in reading.findings]
    assert codes.count("deadline_before_issue") == 1
    assert codes.count("number_contradicts") == 1


def test_prose_in_the_purpose_part_is_no_duty() -> None:
    reading = _text(
        "I. MỤC ĐÍCH", "1. Các thôn báo cáo trước ngày 5 hằng tháng được tốt hơn.",
        "II. TỔ CHỨC THỰC HIỆN", "1. Trạm Y tế", "- Gửi số liệu về xã trước ngày 5 hằng tháng.",
        "- Các thôn báo cáo Trạm Y tế vào ngày 30/6/2026; giữ vệ sinh chung.",
    )  # fmt: skip
    assert [(duty.row.leads, duty.row.deadline_text) for duty in reading.standing] == [
        (("Trạm Y tế",), "trước ngày 5 hằng tháng"),
        (("Các thôn",), "vào ngày 30/6/2026"),
    ]
    assert reading.standing[0].row.section == ("II. TỔ CHỨC THỰC HIỆN", "1. Trạm Y tế")


def test_parts_without_a_number_hold_duties_too() -> None:
    reading = _text(
        "MỤC ĐÍCH, YÊU CẦU", "Các thôn báo cáo trước ngày 5 hằng tháng được tốt hơn.",
        "TỔ CHỨC THỰC HIỆN", "Công an xã gửi số liệu về xã trước ngày 5 hằng tháng.",
        "Nơi nhận:", "- Sở Y tế (báo cáo định kỳ hằng quý);",
    )  # fmt: skip
    (duty,) = reading.standing
    assert (duty.row.leads, duty.row.section) == (("Công an xã",), ("TỔ CHỨC THỰC HIỆN",))


def test_prose_wrapped_at_a_margin_is_joined() -> None:
    import textwrap

    order = (
        "1. Trạm Y tế xã phối hợp với các thôn rà soát trẻ chưa tiêm đủ mũi, gửi danh sách về Phòng Văn hóa - Xã hội"
    )
    parts = [
        "II. TỔ CHỨC THỰC HIỆN",
        f"{order} chậm nhất ngày 20/3/2026 để tổng hợp.",
        *["2. Kinh phí do ngân sách xã bảo đảm."] * 3,
    ]
    lines = [line for part in parts for line in textwrap.wrap(part, 46)]
    (duty,) = _text(*lines).standing
    assert (duty.row.leads, duty.row.coordinators) == (("Trạm Y tế xã",), ("các thôn", "Phòng Văn hóa - Xã hội"))
    assert duty.row.rules[0]["due"] == "2026-03-20"
    assert duty.quote.endswith("để tổng hợp.")
