"""Phrases that must be asked about: vague, doubtful and unreadable ones, and look-alikes that are no deadlines."""

from __future__ import annotations

import pytest

from deadlines import read_phrase

ASKED: dict[str, list[str]] = {
    "kỳ không rõ ngày": [
        "Hằng tuần",
        "Trước ngày 18",
        "cuối tháng",
        "Đầu năm 2026",
        "giữa quý II",
        "vào đầu tháng 5",
        "tuần đầu tháng 3",
        "trước Tết Nguyên đán",
        "Năm học 2026 - 2027",
        "03 lần/năm",
        "trong tháng",
        "trong quý",
        "Trước 15 giờ",
        "từ ngày 25 đến ngày 10 hằng tháng",
        "từ ngày 15 đến ngày 14 hằng tháng",
        "trước ngày 20 tháng cuối kỳ báo cáo",
        "ngày làm việc cuối cùng của tháng",
    ],
    "kỳ không rõ lặp": [
        "Quý I, Quý III",
        "quý I, II, III",
        "Quý III và Quý IV năm 2026",
        "Quý IV, hằng năm",
        "Tháng 11/hằng năm",
        "Tháng 4, 9",
        "tháng 3 và tháng 10 năm 2026",
        "Định kỳ",
        "định kỳ hoặc đột xuất",
        "6 tháng, năm",
        "trước 25/01 năm sau",
        "hằng quý trước ngày 20",
        "hằng năm (trước ngày 15/12/2026)",
        "Trước ngày 10/6 và ngày 10/12",
    ],
    "ngày không có": [
        "trước ngày 31/02/2026",
        "ngày 30/02 hằng năm",
        "Tháng 13",
        "Quý V",
        "ngày 32 tháng 5",
        "trước ngày 29/02/2026",
        "từ ngày 15/11 đến ngày 15/3",
        "05 (sáu) ngày làm việc kể từ ngày nhận",
    ],
    "chữ lạ": [
        "Thường xuyên xyzzy",
        "trước ngày 18 blah hằng tháng",
        "Quý IV qwrt",
        "khoai lang",
        "abc",
        "12",
        "10 ngày",
        "05 ngày làm việc",
        "trong 6 tháng",
        "1.1",
    ],
    "không phải thời hạn": [
        "tính từ ngày 01/12/2025 đến ngày 20/3/2026",
        "từ ngày 15/12/2025 đến ngày 14/3/2026",
        "Từ ngày 15 tháng 12 năm trước đến ngày 14 tháng 12 của năm báo cáo",
        "niên độ ngân sách 2026",
        "có hiệu lực kể từ ngày 01/7/2026",
        "Số liệu tính từ ngày 15/12/2025 đến ngày 14/3/2026",
        "số liệu chốt đến ngày 14 hằng tháng",
        "kỳ số liệu quý I/2026",
        "Công văn số 25/UBND-VP ngày 03/02/2026",
        "Căn cứ Nghị định ngày 24/01/2019",
        "ban hành ngày 28/01/2026",
        "báo cáo năm 2025",
        "báo cáo quý I/2026",
        "Tổng kết năm 2025",
        "Dự toán năm 2027",
        "kinh phí giai đoạn 2026 - 2030",
        "nhiệm kỳ 2026 - 2031",
        "ngân sách năm 2026",
        "so với cùng kỳ năm 2025",
        "9/10",
        "Luật sửa đổi, bổ sung năm 2025",
        "sửa đổi, bổ sung năm 2025",
        "giải ngân năm 2025",
        "áp dụng từ ngày 01/7/2026",
        "3/4",
        "Căn cứ Thông tư số 12/2024/TT-BNV ngày 10 tháng 9 năm 2024",
        "as soon as possible",
        "bi-monthly",
        "bimonthly",
        "ngay sau Tết Nguyên đán",
        "Định kỳ theo yêu cầu",
        "theo yêu cầu, công việc được phân công",
        "Theo Quyết định số 7/QĐ-UBND ngày 05/3/2026 xong trong tháng 8/2026",
        "Luật có hiệu lực từ ngày 01/7/2026",
        "đạt 95% trong năm 2026",
        "kết quả 6 tháng đầu năm 2026",
        "Đề án đến năm 2030, tầm nhìn 2045",
        "sinh ngày 02/9/1960",
        "rà soát văn bản ban hành trước ngày 01/7/2025",
        "hồ sơ tiếp nhận trước ngày 01/3/2026",
        "tồn đọng trước ngày 30/6/2025",
        "từ ngày 15 tháng trước đến ngày 14 của tháng thuộc kỳ báo cáo",
        "thời gian lấy số liệu: từ 01/01/2026 đến 30/6/2026",
        "Kỳ họp thường lệ cuối năm 2026",
        "kế hoạch 5 năm",
        "vốn đầu tư công trung hạn 2026-2030",
        "trong 05 ngày làm việc kể từ ngày nhận, trừ trường hợp phức tạp",
        "trong 05 ngày kể từ ngày nhận (10 ngày đối với trường hợp phức tạp)",
        "Theo quy định, trừ quý IV",
        "tối thiểu 30 ngày kể từ ngày đăng tải",
        "ít nhất 15 ngày sau khi niêm yết",
        "sau ít nhất 15 ngày kể từ ngày niêm yết",
        "sau hằng quý",
        "báo cáo 3 tháng đầu năm",
        "kết quả 3 tháng đầu năm 2026",
        "không trước ngày 15/6/2026",
        "chưa hoàn thành trước ngày 15/6/2026",
        "tạm dừng từ ngày 15/6/2026 đến ngày 30/6/2026",
        "gia hạn đến ngày 15/6/2026",
        "không quá 02 lần/năm",
        "hoàn thành trong năm học",
        "Báo cáo 6 tháng",
        "sơ kết 6 tháng",
        "có trong năm",
        "gửi về Phòng Kinh tế trừ trước ngày 20 hằng tháng",
        "họp ngày 12/5/2026",
    ],
    "hai mốc dính nhau": [
        "Thường xuyên Quý I",
        "Năm 2026, thường xuyên",
        "Thường xuyên (Quý II)",
        "định kỳ 6 tháng, năm (trước ngày 15/12 và 15/6)",
        "hằng tháng (trước ngày 20), quý II/2026",
        "thứ Sáu hằng tuần, trong quý II",
        "thứ Sáu hằng tuần, tháng 6/2026",
        "trước ngày 20 hằng tháng, hằng quý, hằng năm",
        "ngày 20 hằng tháng, hằng quý",
        "trước ngày 15/6/2026 (20/6/2026)",
        "hằng quý trong năm 2027",
        "trước ngày 20 hằng tháng, trước ngày 25 của tháng sau",
        "từ 0h00 ngày 15/5/2026 đến 0h00 ngày 16/5/2026",
        "Quý II theo kế hoạch",
        "Hằng năm theo quy định",
        "Quý III/2026, báo cáo trước ngày 15/9/2026",
        "Quý II (trước ngày 15/9)",
        "thứ Hai, ngày 15/5/2026",
        "Năm 2026, trong quý III",
        "Quý II, tháng 5/2026",
        "Bắt đầu ngày 10/6/2026, kết thúc ngày 12/8/2026",
        "bắt đầu từ ngày 10/6/2026 và hoàn thành trước ngày 12/8/2026",
        "trước 20/6/2026 hoặc 20/12/2026",
        "trước ngày làm việc cuối cùng của tháng",
        "trước ngày 15/6/2026 để họp ngày 20/6/2026",
        "chậm nhất 20 ngày trước ngày bầu cử (tức ngày 23/02/2026)",
        "Khi có văn bản yêu cầu",
        "Theo kế hoạch trong tháng 10/2026",
        "Quý II (trước ngày 15/6",
        "Khi hoàn thành trong quý IV/2026",
    ],
    "những con số đánh lừa": [
        "trước /2026 ( trừ tháng 12 trừ tháng 12 ngày /2026 và",  # equal pieces, which once read on for ever
        "trước 6 tháng báo cáo",
        "đến 6 tháng cuối quý",
        "6 tháng 03",
        "Ngày tháng năm 2026",
        "ngày, tháng, năm",
        "tháng năm 2026",
        "năm lần",
        "hằng tháng hết 03",
        "ngày 25 tháng cuối quý I",
        "cuối năm 2026 15/12/2026",
        "hết năm 2026 trước ngày 15/6",
        "trước ngày 15/6, hằng năm",
        "trước ngày 15/6 và tháng 12 hằng năm",
        "ngày 1 và 15/6 định kỳ 6 tháng",
        "trước ngày cuối cùng của tháng",
        "trước ngày tháng cuối quý",
        "hằng quý (trước ngày của tháng cuối quý)",
        "Trước ngày hoặc 15/6/2026",
        "trước hằng 25 tháng",
        "sau định kỳ 6 tháng, năm",
        "định kỳ 6 tháng, năm (trước ngày 15/6 ngày 15/12)",
        "Từ ngày ký",
        "trong vòng 05 ngày",
        "Năm 2026 và các năm tiếp theo",
    ],
}

CASES = [pytest.param(phrase, id=f"{section}: {phrase}") for section, phrases in ASKED.items() for phrase in phrases]


@pytest.mark.parametrize("phrase", CASES)
def test_phrase_is_asked(phrase: str) -> None:
    reading = read_phrase(phrase, 2026)
    assert reading.status == "ask"
    assert reading.rules == ()
    assert reading.question


@pytest.mark.parametrize(
    ("phrase", "named"),
    [
        ("Thường xuyên xyzzy", "«xyzzy»"),
        ("trước ngày 31/02/2026", "31 tháng 2"),
        ("Hằng tuần", "thứ mấy"),
        ("Trước ngày 18", "tháng nào"),
        ("Quý I, Quý III", "nhiều kỳ"),
        ("", "để trống"),
        ("từ ngày 15/11 đến ngày 15/3", "ghi rõ năm"),
        ("05 (sáu) ngày làm việc kể từ ngày nhận", "không khớp"),
        ("x" * 5000, "ký tự"),
    ],
)
def test_question_says_what_is_wrong(phrase: str, named: str) -> None:
    assert named in (read_phrase(phrase, 2026).question or "")


def test_question_offers_what_the_words_may_mean() -> None:
    reading = read_phrase("Quý I, Quý III", 2026)
    both, whole, series = reading.candidates
    assert [str(rule.to_json()["due"]) for rule in both] == ["2026-03-31", "2026-09-30"]
    assert [str(rule.to_json()["due"]) for rule in whole] == ["2026-09-30"]
    assert [rule.to_json()["freq"] for rule in series] == ["semiannual"]
    assert "candidates" in reading.to_json()


@pytest.mark.parametrize("year", [-1, 0, 99999])
def test_impossible_plan_year_is_asked(year: int) -> None:
    assert read_phrase("Quý I", year).status == "ask"
