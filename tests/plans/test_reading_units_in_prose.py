"""Where the name of a unit begins and ends in a sentence, and duties outside numbered lists."""

from __future__ import annotations

import pytest

from plans.reading import Reading, read_bytes
from plans.reading.units_in_prose import after_name, bound_unit, receiver

# A sentence, and the names it binds with a bar between them ("" for none).
BOUND = {
    "Các Sở: Tài chính, Nội vụ, Y tế theo chức năng, nhiệm vụ gửi ý kiến": "Sở Tài chính|Sở Nội vụ|Sở Y tế",
    "Đoàn kiểm tra liên ngành báo cáo kết quả": "Đoàn kiểm tra liên ngành",
    "Tổ thẩm định gửi kết quả": "Tổ thẩm định",
    "Hội đồng đánh giá họp ngay trong tháng": "Hội đồng đánh giá",
    "Ban quản lý chợ nộp sổ thu": "Ban quản lý chợ",
    "Các cơ quan thông tin đại chúng đăng tin": "Các cơ quan thông tin đại chúng",
    "Ban An toàn giao thông tỉnh báo cáo": "Ban An toàn giao thông tỉnh",
    "Các đơn vị sự nghiệp công lập công khai quyết toán": "Các đơn vị sự nghiệp công lập",
    "Cán bộ, công chức xã thực hiện chấm điểm": "Cán bộ, công chức xã",
    "Văn phòng Đăng ký đất đai tỉnh cập nhật biến động": "Văn phòng Đăng ký đất đai tỉnh",
    "Sở Xây dựng tổng hợp": "Sở Xây dựng",
    "Hằng tháng, quý, năm: Chi cục Thống kê cung cấp số liệu": "Chi cục Thống kê",
    "Nhận được Kế hoạch này, yêu cầu các phòng, các thôn thực hiện": "các phòng|các thôn",
    "Chủ tịch UBND tỉnh giao Sở Y tế theo dõi": "Sở Y tế",
    "Căn cứ nhiệm vụ của cơ quan, đơn vị mình, hoàn thành sớm": "",
    "Tổ chức hội thi nấu ăn": "",
    "Hội nghị sơ kết họp vào quý III": "",
}


@pytest.mark.parametrize("sentence", BOUND)
def test_whom_a_sentence_binds(sentence: str) -> None:
    assert "|".join(bound_unit(sentence)) == BOUND[sentence]


def test_where_the_duty_begins_behind_the_name() -> None:
    told = "Giao Công an xã có trách nhiệm: gác chợ."
    assert told[after_name(told) :] == " gác chợ."
    assert after_name("Công an xã mở lớp: 02 lớp trong quý II") == 0


def test_who_compiles_what_is_sent() -> None:
    assert receiver("Các thôn gửi báo cáo về Phòng Kinh tế trước ngày 5/6") == ("Phòng Kinh tế",)
    assert receiver("Các thôn báo cáo UBND xã (qua Trạm Y tế) trước ngày 5/6") == ("Trạm Y tế",)
    assert receiver("Các thôn báo cáo trước ngày 5/6") == ()


HEAD = "UBND XÃ AN PHÚ\nSố: 31/KH-UBND\nAn Phú, ngày 9 tháng 01 năm 2026\nKẾ HOẠCH\nChuyển đổi số năm 2026\n"


def _read(body: str) -> Reading:
    return read_bytes("kế hoạch.txt", (HEAD + body).encode(), None)


def _told(body: str) -> list[tuple[tuple[str, ...], str | None]]:
    return [(duty.row.leads, duty.row.deadline_text) for duty in _read(body).standing]


def test_orders_in_a_plan_without_numbers_are_read() -> None:
    assert _told("Giao Công an xã kiểm tra bến đò, báo cáo UBND xã trước ngày 15/3/2026.\n") == [
        (("Công an xã",), "trước ngày 15/3/2026")
    ]


def test_articles_of_a_decision_are_parts() -> None:
    assert _told(
        "Điều 2. Giao Trạm Y tế xã theo dõi, định kỳ hằng quý báo cáo UBND xã.\nĐiều 3. Có hiệu lực từ nay.\n"
    ) == [(("Trạm Y tế xã",), "định kỳ hằng quý")]


def test_clauses_that_ask_for_different_work_are_different_duties() -> None:
    body = (
        "I. TỔ CHỨC THỰC HIỆN\n1. Các thôn lập danh sách hộ nuôi cá trong quý I năm 2026;"
        " định kỳ 6 tháng (trước ngày 10/6), hằng năm (trước ngày 05/12) báo cáo UBND xã.\n"
    )
    assert _told(body) == [
        (("Các thôn",), "trong quý I năm 2026"),
        (("Các thôn",), "định kỳ 6 tháng (trước ngày 10/6), hằng năm (trước ngày 05/12)"),
    ]


def test_a_clause_that_only_dates_the_one_before_stays_with_it() -> None:
    body = "I. TỔ CHỨC THỰC HIỆN\n1. Phòng Kinh tế mở lớp ghép cây cho các thôn; hoàn thành trước ngày 31/3/2026.\n"
    (duty,) = _read(body).standing
    assert duty.row.content == "Phòng Kinh tế mở lớp ghép cây cho các thôn; hoàn thành trước ngày 31/3/2026."


def test_a_labelled_duty_without_a_time_label_keeps_the_time_in_its_words() -> None:
    (row,) = _read("I. NỘI DUNG\n1. Dựng cột phát sóng trước ngày 30/9/2026 (Phòng Kinh tế chủ trì).\n").obligations
    assert (row.leads, row.deadline_text, row.status) == (("Phòng Kinh tế",), "trước ngày 30/9/2026", "read")


QUIET = (
    "5. Đến nay, các thôn đã gửi danh sách trước ngày 10/01/2026.",
    "5. Trong những năm qua, hằng năm xã đều tổ chức hội đua ghe.",
    "5. Thời gian thực hiện: Từ tháng 01/2026 đến tháng 12/2026.",
    "5. Đến tháng 12/2025, toàn xã có 54 trạm phát sóng.",
    "5. Phấn đấu trong năm 2026 có 80% hộ dân dùng chữ ký số.",
)


@pytest.mark.parametrize("sentence", QUIET)
def test_periods_and_figures_bind_nobody(sentence: str) -> None:
    body = f"I. TỔ CHỨC THỰC HIỆN\n{sentence}\n6. Công an xã báo cáo trước ngày 5/12/2026.\n"
    assert _told(body) == [(("Công an xã",), "trước ngày 5/12/2026")]


REPORTS = """V. CHẾ ĐỘ BÁO CÁO
Các đơn vị gửi báo cáo về Phòng Nội vụ như sau:
- Báo cáo tháng: trước ngày 15 của tháng.
- Báo cáo quý gửi trước ngày 05 tháng cuối cùng của mỗi quý.
- Báo cáo năm: trước ngày 25/11 hằng năm.
- Thời gian chốt số liệu báo cáo quý I tính từ ngày 15 tháng 12 năm trước đến ngày 14 tháng 3 của năm báo cáo.
"""


def test_a_list_of_reports_binds_those_its_head_names_and_data_windows_bind_nobody() -> None:
    assert _told(REPORTS) == [
        (("Các đơn vị",), "trước ngày 15 của tháng"),
        (("Các đơn vị",), "trước ngày 05 tháng cuối cùng của mỗi quý"),
        (("Các đơn vị",), "trước ngày 25/11 hằng năm"),
    ]


REPORTING = {
    "Báo cáo của các thôn gửi về Văn phòng trước ngày 05/6/2026.": [(("các thôn",), "trước ngày 05/6/2026")],
    "Các thôn gửi số liệu trước 14 giờ, ngày 05/12/2026.": [(("Các thôn",), "trước 14 giờ, ngày 05/12/2026")],
    "Trạm Y tế xã: Báo cáo tuần vào thứ Năm hằng tuần; báo cáo tháng trước ngày 20.": [
        (("Trạm Y tế xã",), "vào thứ Năm hằng tuần"),
        (("Trạm Y tế xã",), "báo cáo tháng trước ngày 20"),
    ],
    "Định kỳ từ ngày 01 đến ngày 05 hằng tháng, các phòng cập nhật tiến độ; từ ngày 05 đến ngày 10 hằng tháng,"
    " Văn phòng kiểm tra, tổng hợp.": [
        (("các phòng",), "Định kỳ từ ngày 01 đến ngày 05 hằng tháng"),
        (("Văn phòng",), "từ ngày 05 đến ngày 10 hằng tháng"),
    ],
}


@pytest.mark.parametrize("sentence", REPORTING)
def test_rhythms_of_reports(sentence: str) -> None:
    assert _told(f"I. TỔ CHỨC THỰC HIỆN\n1. {sentence}\n") == REPORTING[sentence]


def test_a_line_of_time_alone_dates_the_item_it_stands_under() -> None:
    body = "I. NỘI DUNG\n1. Kiểm tra chợ đêm\n- Thời gian: Từ ngày 15/3/2026 đến ngày 30/4/2026.\n"
    (duty,) = _read(body).standing
    assert (duty.row.content, duty.row.deadline_text) == (
        "Kiểm tra chợ đêm",
        "Từ ngày 15/3/2026 đến ngày 30/4/2026",
    )


def test_a_page_without_a_full_stop_is_read_in_pieces() -> None:
    body = "I. TỔ CHỨC THỰC HIỆN\n1. Các thôn " + "báo cáo hằng quý (trước ngày 20), " * 600
    rows = _told(body + "\n")
    assert len(rows) >= len(body) // 3100
    assert rows[0][0] == ("Các thôn",)


def test_letters_with_a_stop_open_their_paragraphs() -> None:
    body = "I. TỔ CHỨC THỰC HIỆN\na. Trạm Y tế xã\n-Phun thuốc trước ngày 30/3/2026.\nb. Công an xã\n- Gác chợ.\n"
    assert _told(body) == [(("Trạm Y tế xã",), "trước ngày 30/3/2026")]
