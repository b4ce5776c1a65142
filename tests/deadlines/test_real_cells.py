"""Cells as plans print them, in our own words, in a plan of 2026: how each is read, or what a question about it offers.

Short forms are those of ``test_phrase_corpus.written``. Each reading was judged by eye against the regulations; an
offer is a whole answer, so its rules are joined by "+".
"""

from __future__ import annotations

import pytest

from deadlines import read_phrase
from tests.deadlines.test_phrase_corpus import written

READ: dict[str, dict[str, list[str]]] = {
    "khoảng và kỳ như in trong kế hoạch": {
        "Tháng 3 - 12 năm 2026": ["once 2026-03-01..2026-12-31"],
        "Tháng 3-Tháng 6": ["once 2026-03-01..2026-06-30"],
        "T3-T6/2026": ["once 2026-03-01..2026-06-30"],
        "Quý II.2026": ["once 2026-04-01..2026-06-30"],
        "Quý III (2026)": ["once 2026-07-01..2026-09-30"],
        "quý một năm 2026": ["once 2026-01-01..2026-03-31"],
        "Từ ngày ký đến 31/12/2026": ["once ..2026-12-31"],
        "kể từ ngày ban hành Kế hoạch đến hết ngày 31/12/2026": ["once ..2026-12-31"],
        "từ nay đến cuối năm": ["once ..2026-12-31"],
        "đến cuối năm": ["once ..2026-12-31"],
        "Từ tháng 10 đến tháng 3 năm sau": ["once 2026-10-01..2027-03-31"],
        "trước ngày 15/3/2026.": ["once ..2026-03-14"],
        "Hằng quý\nĐột xuất": ["quarterly period ends", "demand"],
        "1. Trước ngày 15/3/2026": ["once ..2026-03-14"],
        "Thường xuyên./.": ["continuous"],
        "30/6/26": ["once ..2026-06-30"],
        "ngày 30-6": ["once ..2026-06-30"],
        "30 tháng 6 năm 2026": ["once ..2026-06-30"],
        "30 . 6 . 2026": ["once ..2026-06-30"],
        "01-15/6": ["once 2026-06-01..2026-06-15"],
        "từ ngày 01 - 15/6/2026": ["once 2026-06-01..2026-06-15"],
        "01 - 15 tháng 6 năm 2026": ["once 2026-06-01..2026-06-15"],
        "ngày 15/6/2026 (thứ Hai)": ["once ..2026-06-15"],
        "07h30, ngày 15/6/2026 (thứ Hai)": ["once ..2026-06-15 07:30"],
        "thứ Hai ngày 15/6/2026": ["once ..2026-06-15"],
        "tháng 10,11,12/2026": ["once 2026-10-01..2026-12-31"],
        "Thường xuyên, từ năm 2026": ["continuous from 2026-01-01"],
        "Quý I và II/2026": ["once 2026-01-01..2026-06-30"],
    },
    "việc nêu trong ngoặc hoặc trước dấu hai chấm": {
        "Tháng 02 (ban hành Kế hoạch), tháng 11 (báo cáo)": [
            "once 2026-02-01..2026-02-28",
            "once 2026-11-01..2026-11-30",
        ],
        "Trước ngày 15/02/2026 (xây dựng kế hoạch), trước ngày 15/12/2026 (báo cáo)": [
            "once ..2026-02-14",
            "once ..2026-12-14",
        ],
        "Kế hoạch: trước ngày 15/02/2026; báo cáo: trước ngày 15/12/2026": ["once ..2026-02-14", "once ..2026-12-14"],
        "Quý I: xây dựng kế hoạch; Quý II-IV: triển khai thực hiện": [
            "once 2026-01-01..2026-03-31",
            "once 2026-04-01..2026-12-31",
        ],
        "Quý I/2026, hoàn thành trước ngày 31/3/2026": ["once 2026-01-01..2026-03-30"],
        "Đợt 1 tháng 5, đợt 2 tháng 10": ["once 2026-05-01..2026-05-31", "once 2026-10-01..2026-10-31"],
        "giai đoạn 1: 2026-2027; giai đoạn 2: 2028-2030": [
            "once 2026-01-01..2027-12-31",
            "once 2028-01-01..2030-12-31",
        ],
        "Giai đoạn 1 (2026 - 2028), giai đoạn 2 (2029 - 2030)": [
            "once 2026-01-01..2028-12-31",
            "once 2029-01-01..2030-12-31",
        ],
        "hoàn thành trước ngày 31/12/2026 và báo cáo UBND tỉnh trước ngày 15/01/2027": [
            "once ..2026-12-30",
            "once ..2027-01-14",
        ],
        "Năm 2028 (sơ kết), năm 2030 (tổng kết)": ["once 2028-01-01..2028-12-31", "once 2030-01-01..2030-12-31"],
    },
    "chế độ báo cáo": {
        "định kỳ ngày 25 tháng cuối quý": ["quarterly 2026-03-25 2026-06-25 2026-09-25 2026-12-25"],
        "Định kỳ hằng quý: ngày 10 tháng cuối quý": ["quarterly 2026-03-10 2026-06-10 2026-09-10 2026-12-10"],
        "hằng tháng (trước ngày 20), hằng quý (trước ngày 20 tháng cuối quý) và năm (trước ngày 20/12)": [
            "monthly day 19 from 2026-01-19",
            "quarterly 2026-03-19 2026-06-19 2026-09-19 2026-12-19",
            "annual 2026-12-19",
        ],
        "báo cáo tháng trước ngày 15 hằng tháng; báo cáo quý trước ngày 10 của tháng cuối quý": [
            "monthly day 14 from 2026-01-14",
            "quarterly 2026-03-09 2026-06-09 2026-09-09 2026-12-09",
        ],
        "báo cáo hằng tuần (trước 14 giờ thứ Năm), hằng tháng (trước ngày 20)": [
            "weekly on day 4 14:00",
            "monthly day 19 from 2026-01-19",
        ],
        "định kỳ 6 tháng một lần, trước ngày 15 tháng 6 và 15 tháng 12 hằng năm": ["semiannual 2026-06-14 2026-12-14"],
        "Định kỳ 06 tháng (trước ngày 10/6), năm (trước ngày 10/12) hoặc đột xuất khi có yêu cầu": [
            "semiannual 2026-06-09",
            "annual 2026-12-09",
            "demand",
        ],
        "Hằng tháng: trước ngày 20; hằng quý: trước ngày 20 tháng cuối quý; hằng năm: trước ngày 10/12": [
            "monthly day 19 from 2026-01-19",
            "quarterly 2026-03-19 2026-06-19 2026-09-19 2026-12-19",
            "annual 2026-12-09",
        ],
        "định kỳ hằng quý, 6 tháng và năm": [
            "quarterly period ends",
            "semiannual period ends",
            "annual period ends",
        ],
        "hằng quý, sơ kết 6 tháng và tổng kết năm": [
            "quarterly period ends",
            "semiannual 2026-06-30",
            "annual period ends",
        ],
        "báo cáo năm trước ngày 31/3 của năm tiếp theo năm báo cáo": ["annual 2027-03-30"],
        "trước ngày 15 tháng thứ ba của quý": ["quarterly 2026-03-14 2026-06-14 2026-09-14 2026-12-14"],
        "ngày 20 các tháng 3, 6, 9 và 12": ["quarterly 2026-03-20 2026-06-20 2026-09-20 2026-12-20"],
        "16h00 hằng ngày": ["daily 16:00"],
        "thứ Năm hàng tuần, trước 16 giờ": ["weekly on day 4 16:00"],
        "hằng tuần trước 10h sáng thứ Sáu": ["weekly on day 5 10:00"],
        "trước thứ Sáu hằng tuần": ["weekly on day 4"],
        "01 lần/6 tháng": ["semiannual period ends"],
        "4 lần/năm (hằng quý)": ["quarterly period ends"],
    },
    "việc chờ": {
        "trong 24h kể từ khi nhận được thông tin": ["event [nhận được thông tin] +24 hour"],
        "sau hội nghị 05 ngày": ["event [hội nghị] +5 day"],
        "Sau khi có kết quả 03 ngày": ["event [có kết quả] +3 day"],
        "05 ngày trước khi tổ chức": ["event [tổ chức] -5 day"],
        "trước hội nghị tổng kết 10 ngày": ["event [hội nghị tổng kết] -10 day"],
        "không quá 03 ngày kể từ khi nhận hồ sơ": ["event [nhận hồ sơ] +3 day"],
        "Hằng năm hoặc khi có thay đổi": ["annual period ends", "event [có thay đổi]"],
        "theo yêu cầu của cơ quan có thẩm quyền hoặc khi có phát sinh": ["demand", "event [có phát sinh]"],
        "trước ngày 25 hằng tháng hoặc đột xuất khi có yêu cầu": ["monthly day 24 from 2026-01-24", "demand"],
    },
}

ASKED: dict[str, dict[str, list[str]]] = {
    "chọn một hay cả hai": {
        "hằng quý hoặc hằng năm": [
            "quarterly period ends",
            "annual period ends",
            "quarterly period ends + annual period ends",
        ],
        "6 tháng đầu năm hoặc cuối năm": [
            "semiannual 2026-06-30",
            "annual period ends",
            "semiannual 2026-06-30 + annual period ends",
        ],
        "định kỳ 6 tháng hoặc hằng năm": [
            "semiannual period ends",
            "annual period ends",
            "semiannual period ends + annual period ends",
        ],
        "Quý III hoặc quý IV": [
            "once 2026-07-01..2026-09-30",
            "once 2026-10-01..2026-12-31",
            "once 2026-07-01..2026-09-30 + once 2026-10-01..2026-12-31",
        ],
        "Tháng 10 hoặc 11/2026": [
            "once 2026-10-01..2026-10-31",
            "once 2026-11-01..2026-11-30",
            "once 2026-10-01..2026-10-31 + once 2026-11-01..2026-11-30",
        ],
        "quarterly or annually": [
            "quarterly period ends",
            "annual period ends",
            "quarterly period ends + annual period ends",
        ],
        "thường xuyên, hằng ngày": ["continuous", "daily", "continuous + daily"],
        "Thường xuyên, hoàn thành trong quý IV": [
            "continuous",
            "once 2026-10-01..2026-12-31",
            "continuous + once 2026-10-01..2026-12-31",
        ],
        "hằng ngày, thường xuyên": ["daily", "continuous", "daily + continuous"],
    },
    "mấy lần mỗi kỳ": {
        "6 tháng, năm": ["semiannual 2026-06-30 + annual period ends", "semiannual period ends + annual period ends"],
        "quý, 6 tháng và năm": [
            "quarterly period ends + semiannual 2026-06-30 + annual period ends",
            "quarterly period ends + semiannual period ends + annual period ends",
        ],
        "Hằng tuần, tháng, quý": ["weekly on day 5 + monthly period ends + quarterly period ends"],
        "thứ Ba, thứ Năm hằng tuần": ["weekly on day 2 + weekly on day 4"],
        "báo cáo 3 tháng, 6 tháng, 9 tháng và cả năm": [
            "quarterly period ends + semiannual 2026-06-30 + nine_month period ends + annual period ends"
        ],
        "tháng 3, 6, 9, 12": [
            (
                "once 2026-03-01..2026-03-31 + once 2026-06-01..2026-06-30 + once "
                "2026-09-01..2026-09-30 + once 2026-12-01..2026-12-31"
            ),
            "once 2026-03-01..2026-12-31",
            "quarterly 2026-03-31 2026-06-30 2026-09-30 2026-12-31",
        ],
        "trước ngày 15/6 và 15/12": ["once ..2026-06-14 + once ..2026-12-14", "semiannual 2026-06-14 2026-12-14"],
        "Các năm 2026, 2027, 2028": [
            "once 2026-01-01..2026-12-31 + once 2027-01-01..2027-12-31 + once 2028-01-01..2028-12-31",
            "once 2026-01-01..2028-12-31",
        ],
        "Quý III/IV": [
            "once 2026-07-01..2026-09-30 + once 2026-10-01..2026-12-31",
            "once 2026-07-01..2026-12-31",
            "semiannual 2026-09-30 2026-12-31",
        ],
    },
    "ngày nào trong kỳ": {
        "thứ Hai đầu tiên của tháng": [
            (
                "monthly 2026-01-05 2026-02-02 2026-03-02 2026-04-06 2026-05-04 2026-06-01 "
                "2026-07-06 2026-08-03 2026-09-07 2026-10-05 2026-11-02 2026-12-07"
            ),
        ],
        "first Monday of each month": [
            (
                "monthly 2026-01-05 2026-02-02 2026-03-02 2026-04-06 2026-05-04 2026-06-01 "
                "2026-07-06 2026-08-03 2026-09-07 2026-10-05 2026-11-02 2026-12-07"
            ),
        ],
        "thứ Sáu tuần cuối cùng hằng tháng": [
            (
                "monthly 2026-01-30 2026-02-27 2026-03-27 2026-04-24 2026-05-29 2026-06-26 "
                "2026-07-31 2026-08-28 2026-09-25 2026-10-30 2026-11-27 2026-12-25"
            ),
        ],
        "ngày làm việc cuối cùng của tháng": [
            (
                "monthly 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 "
                "2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31"
            ),
        ],
        "ngày làm việc đầu tiên của tháng": ["monthly day 1 from 2026-01-01"],
        "tuần đầu tháng": ["monthly day 7 from 2026-01-07"],
        "tuần đầu tháng 5": ["once ..2026-05-07"],
        "tuần thứ 2 tháng 9/2026": ["once ..2026-09-14"],
        "đầu tháng 5/2026": ["once 2026-05-01..2026-05-10", "once ..2026-05-01"],
        "giữa mỗi tháng": ["monthly day 15 from 2026-01-15"],
        "ngày cuối quý": ["quarterly 2026-03-31 2026-06-30 2026-09-30 2026-12-31"],
        "Chiều thứ Sáu": ["weekly on day 5"],
        "trước Tết Nguyên đán 2027": ["once ..2027-02-05"],
        "10/3 âm lịch": [],
    },
    "một con số": {
        "20.4": ["once ..2026-04-20"],
        "24/7": ["once ..2026-07-24", "continuous"],
        "trước 16h30": [],
        "05 ngày làm việc": ["event [ngày nhận việc] +5 working_day"],
        "trong vòng 24h": ["event [ngày nhận việc] +24 hour"],
        "10/3 âm lịch": [],
    },
    "mốc kéo theo": {
        "trước ngày 05/6 (báo cáo 6 tháng) và 05/12 (báo cáo năm)": ["semiannual 2026-06-04 + annual 2026-12-04"],
        "15/6; 15/12 hằng năm": ["once ..2026-06-15 + annual 2026-12-15", "annual 2026-06-15 + annual 2026-12-15"],
        "hằng năm: 15/6; 15/12": ["annual 2026-06-15 + once ..2026-12-15", "annual 2026-06-15 + annual 2026-12-15"],
        "hoàn thành trong năm 2026, chậm nhất quý I/2027": ["once 2026-01-01..2026-12-31 + once ..2027-03-31"],
        "trước 25/01 năm sau": ["once ..2027-01-24", "annual 2027-01-24"],
        "từ 25/12 đến 05/01": ["once 2026-12-25..2027-01-05"],
        "Chậm nhất 15 ngày trước khi kết thúc quý": [
            "quarterly 2026-03-16 2026-06-15 2026-09-15 2026-12-16",
            "event [kết thúc quý] -15 day",
        ],
        "trước khi hết quý": ["quarterly 2026-03-31 2026-06-30 2026-09-30 2026-12-31", "event [hết quý] -1 day"],
        "trước ngày 20 của tháng cuối kỳ báo cáo": [
            "quarterly 2026-03-19 2026-06-19 2026-09-19 2026-12-19",
            "semiannual 2026-06-19 2026-12-19",
            "annual 2026-12-19",
        ],
    },
    "không có thời hạn rõ": {
        "định kỳ 2 năm một lần": [],
        "4 tháng một lần": [],
        "mỗi nhiệm kỳ một lần": [],
        "Theo tình hình thực tế": ["demand", "reference [tình hình thực tế]"],
        ".../3/2026": ["once 2026-03-01..2026-03-31"],
        "thời gian chốt số liệu: đến ngày 14/12/2026": ["once ..2026-12-14"],
        "Kế hoạch: năm 2027": ["once 2027-01-01..2027-12-31"],
        "Báo cáo: quý I/2026": ["once 2026-01-01..2026-03-31"],
        "Báo cáo quý I trước ngày 15/3": ["once ..2026-03-14"],
        "báo cáo quý I (trước ngày 15/3)": ["once ..2026-03-14"],
        "15/6/2026 (chủ nhật)": ["once ..2026-06-15"],
        "sau ngày 01/7/2026": ["continuous from 2026-07-02"],
        "thời điểm 0 giờ ngày 01/7/2026": ["once ..2026-06-30", "once ..2026-07-01"],
        "quý I năm sau": ["once 2027-01-01..2027-03-31"],
        "khoảng ngày 15/5/2026": ["once ..2026-05-15"],
        "ít nhất đến 31/12/2026": ["once ..2026-12-31"],
        "10 ngày một lần": [],
        "tình hình thực hiện quý I": ["once 2026-01-01..2026-03-31"],
    },
}

READINGS = [
    pytest.param(phrase, readings, id=f"{section}: {phrase}")
    for section, phrases in READ.items()
    for phrase, readings in phrases.items()
]
OFFERS = [
    pytest.param(phrase, offers, id=f"{section}: {phrase}")
    for section, phrases in ASKED.items()
    for phrase, offers in phrases.items()
]


@pytest.mark.parametrize(("phrase", "readings"), READINGS)
def test_cell_is_read(phrase: str, readings: list[str]) -> None:
    reading = read_phrase(phrase, 2026)
    assert reading.question is None
    assert [written(rule) for rule in reading.rules] == readings


@pytest.mark.parametrize(("phrase", "offers"), OFFERS)
def test_cell_is_asked_about_with_what_it_may_mean(phrase: str, offers: list[str]) -> None:
    reading = read_phrase(phrase, 2026)
    assert (reading.status, reading.rules) == ("ask", ())
    assert [" + ".join(map(written, way)) for way in reading.candidates] == offers
