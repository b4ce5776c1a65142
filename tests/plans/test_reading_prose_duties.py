"""Duties in the prose: whom a sentence binds to which time, and sentences that bind nobody."""

from __future__ import annotations

import pytest

from plans.reading import ObligationRow, read_bytes

HEAD = "UBND XÃ VĨNH AN\nSố: 3/KH-UBND\nVĩnh An, ngày 9 tháng 01 năm 2026\nKẾ HOẠCH\nVệ sinh môi trường năm 2026\n"
# A plan must hold one duty to be read at all; this one stands last and is taken off.
LAST = "\nIX. KHÁC\n1. Tổ Mốc báo cáo trước ngày 30/12/2026.\n"

Duty = tuple[tuple[str, ...], str]


def _standing(body: str) -> list[ObligationRow]:
    reading = read_bytes("kế hoạch.txt", (HEAD + body + LAST).encode(), None)
    assert reading.obligations == ()
    return [duty.row for duty in reading.standing][:-1]


BINDING: dict[str, tuple[str, list[Duty]]] = {
    "heading names the unit": (
        (
            "1. Văn phòng HĐND và UBND xã\n- Theo dõi, đôn đốc các đơn vị thực hiện.\n- Định kỳ hằng quý tổng hợp kết"
            " quả, báo cáo Chủ tịch UBND xã trước ngày 20 của tháng cuối quý."
        ),
        [(("Văn phòng HĐND và UBND xã",), "trước ngày 20 của tháng cuối quý")],
    ),
    "order head without a number": (
        (
            "1. Triển khai\nGiao Phòng Kinh tế:\n- Hướng dẫn các thôn đăng ký diện tích gieo sạ.\n- Báo cáo kết quả"
            " gieo sạ về UBND xã trước ngày 15/12/2026."
        ),
        [(("Phòng Kinh tế",), "trước ngày 15/12/2026")],
    ),
    "responsible units above a list": (
        (
            "Các phòng, ban, đơn vị thuộc UBND xã có trách nhiệm:\n- Lập danh sách hộ tham gia, gửi về Phòng Kinh tế"
            " trước ngày 10/3/2026.\n- Vận động người dân tham gia."
        ),
        [(("Các phòng, ban, đơn vị thuộc UBND xã",), "trước ngày 10/3/2026")],
    ),
    "order then second order": (
        (
            "Giao Công an xã:\n- Kiểm tra các bến đò trước ngày 30/4/2026.\nGiao Trạm Y tế xã:\n- Cấp túi thuốc cho các"
            " bến đò trước ngày 15/5/2026."
        ),
        [(("Công an xã",), "trước ngày 30/4/2026"), (("Trạm Y tế xã",), "trước ngày 15/5/2026")],
    ),
    "asks a body outside": (
        (
            "4. Đề nghị Ủy ban MTTQ Việt Nam xã và các tổ chức chính trị - xã hội vận động hội viên thu gom rơm rạ; gửi"
            " kết quả về UBND xã trước ngày 10/11/2026."
        ),
        [(("Ủy ban MTTQ Việt Nam xã", "các tổ chức chính trị - xã hội"), "trước ngày 10/11/2026")],
    ),
    "committee orders a unit": (
        "1. UBND xã giao Phòng Văn hóa - Xã hội tham mưu kế hoạch ngày hội đọc sách, hoàn thành trong tháng 3/2026.",
        [(("Phòng Văn hóa - Xã hội",), "hoàn thành trong tháng 3/2026")],
    ),
    "committee requires units": (
        (
            "Ủy ban nhân dân tỉnh yêu cầu các sở, ban, ngành, UBND các xã, phường báo cáo kết quả kiểm kê kè đập trước"
            " ngày 25/9/2026."
        ),
        [(("các sở, ban, ngành", "UBND các xã, phường"), "trước ngày 25/9/2026")],
    ),
    "given for": (
        "2. Giao cho Ban Chỉ huy Quân sự xã kiểm tra kho vật tư, báo cáo UBND xã chậm nhất ngày 05/5/2026.",
        [(("Ban Chỉ huy Quân sự xã",), "chậm nhất ngày 05/5/2026")],
    ),
    "responsibility given": (
        (
            "3. Giao trách nhiệm cho Phòng Nông nghiệp và Môi trường tổng hợp số liệu hồ đập, báo cáo trước ngày"
            " 20/8/2026."
        ),
        [(("Phòng Nông nghiệp và Môi trường",), "trước ngày 20/8/2026")],
    ),
    "passive: is given": (
        "1. Phòng Kinh tế được giao chủ trì kiểm tra chợ đêm, báo cáo kết quả trước ngày 12/6/2026.",
        [(("Phòng Kinh tế",), "trước ngày 12/6/2026")],
    ),
    "numbered requirement of a unit": (
        "1. Yêu cầu các trường học rà soát cây xanh trong sân, hoàn thành trước ngày 15/5/2026.",
        [(("các trường học",), "hoàn thành trước ngày 15/5/2026")],
    ),
    "on the ground of this plan": (
        "1. Căn cứ Kế hoạch này, các thôn xây dựng kế hoạch nạo vét kênh gửi Phòng Kinh tế trước ngày 10/02/2026.",
        [(("các thôn",), "trước ngày 10/02/2026")],
    ),
    "ground opens an unnumbered paragraph": (
        (
            "1. Công an xã giữ trật tự chợ.\nCăn cứ nội dung Kế hoạch này, UBND các xã, phường tổ chức thực hiện, báo"
            " cáo kết quả trước ngày 01/12/2026."
        ),
        [(("UBND các xã, phường",), "trước ngày 01/12/2026")],
    ),
    "time opens with commas": (
        "Định kỳ 6 tháng, năm, các cơ quan, đơn vị gửi báo cáo về Sở Xây dựng để tổng hợp.",
        [(("các cơ quan, đơn vị",), "Định kỳ 6 tháng, năm")],
    ),
    "days open": (
        "Trước ngày 05/6 và 05/12 hằng năm, Sở Xây dựng tổng hợp tình hình cấp nước, báo cáo UBND tỉnh.",
        [(("Sở Xây dựng",), "Trước ngày 05/6 và 05/12 hằng năm")],
    ),
    "two units, one sentence": (
        (
            "Các cơ quan, đơn vị gửi báo cáo về Sở Công Thương trước ngày 15 của tháng cuối quý để tổng hợp, báo cáo"
            " UBND tỉnh trước ngày 20 của tháng cuối quý."
        ),
        [
            (("Các cơ quan, đơn vị",), "trước ngày 15 của tháng cuối quý"),
            (("Sở Công Thương",), "trước ngày 20 của tháng cuối quý"),
        ],
    ),
    "two units, two clauses": (
        "Các thôn gửi báo cáo trước ngày 10/6/2026; Phòng Kinh tế tổng hợp, báo cáo UBND xã trước ngày 15/6/2026.",
        [(("Các thôn",), "trước ngày 10/6/2026"), (("Phòng Kinh tế",), "trước ngày 15/6/2026")],
    ),
    "two units, through one": (
        (
            "1. UBND các xã, phường: Báo cáo kết quả (qua Sở Y tế) trước ngày 10/11/2026 để Sở Y tế tổng hợp, báo cáo"
            " UBND tỉnh trước ngày 20/11/2026."
        ),
        [(("UBND các xã, phường",), "trước ngày 10/11/2026"), (("Sở Y tế",), "trước ngày 20/11/2026")],
    ),
    "unit in the sentence before": (
        (
            "Trên cơ sở Kế hoạch này, các trường tiểu học lập danh sách học sinh học bơi. Danh sách gửi về Phòng Văn"
            " hóa - Xã hội trước ngày 25/4/2026."
        ),
        [(("các trường tiểu học",), "trước ngày 25/4/2026")],
    ),
    "bullet with its unit": (
        (
            "1. Các đơn vị\n- Trạm Y tế xã: Tiêm vắc xin dại cho đàn chó, hoàn thành trong quý II/2026.\n- Công an xã:"
            " Xử lý chó thả rông."
        ),
        [(("Trạm Y tế xã",), "hoàn thành trong quý II/2026")],
    ),
    "sub-bullets under a bulleted unit": (
        (
            "1. Các đơn vị\n- Phòng Kinh tế:\n+ Cấp giống lúa cho các hộ trước ngày 20/4/2026.\n+ Hướng dẫn lịch thời"
            " vụ.\n- Hội Nông dân xã:\n+ Vay vốn cho hội viên, báo cáo trước ngày 10/5/2026."
        ),
        [(("Phòng Kinh tế",), "trước ngày 20/4/2026"), (("Hội Nông dân xã",), "trước ngày 10/5/2026")],
    ),
    "responsibility of": (
        "1. Trách nhiệm của Sở Giáo dục và Đào tạo\n- Định kỳ hằng quý báo cáo UBND tỉnh số học sinh bỏ học.",
        [(("Sở Giáo dục và Đào tạo",), "Định kỳ hằng quý")],
    ),
    "for the units": (
        (
            "2. Đối với UBND các xã, phường\n- Gửi danh sách hộ nghèo về Sở Nông nghiệp và Môi trường trước ngày"
            " 15/10/2026."
        ),
        [(("UBND các xã, phường",), "trước ngày 15/10/2026")],
    ),
    "capitals": (
        "1. SỞ KHOA HỌC VÀ CÔNG NGHỆ\n- Tham mưu sơ kết 6 tháng trước ngày 30/6/2026.",
        [(("SỞ KHOA HỌC VÀ CÔNG NGHỆ",), "trước ngày 30/6/2026")],
    ),
    "standing office in brackets": (
        "1. Sở Tư pháp (cơ quan thường trực)\n- Báo cáo UBND tỉnh kết quả phổ biến pháp luật trước ngày 20/11/2026.",
        [(("Sở Tư pháp",), "trước ngày 20/11/2026")],
    ),
    "a person": (
        (
            "5. Chủ tịch UBND các xã, phường chịu trách nhiệm toàn diện, báo cáo kết quả xóa nhà dột nát trước ngày"
            " 31/8/2026."
        ),
        [(("Chủ tịch UBND các xã, phường",), "trước ngày 31/8/2026")],
    ),
    "comrade": (
        "1. Đồng chí Phó Chủ tịch UBND phường chỉ đạo kiểm tra các hồ bơi, hoàn thành trước ngày 15/5/2026.",
        [(("Đồng chí Phó Chủ tịch UBND phường",), "hoàn thành trước ngày 15/5/2026")],
    ),
    "bracketed days of three reports": (
        (
            "Chế độ báo cáo: Các đơn vị báo cáo quý (trước ngày 15 tháng cuối quý), báo cáo 6 tháng (trước ngày 15/6),"
            " báo cáo năm (trước ngày 15/12) về Sở Du lịch."
        ),
        [
            (
                ("Các đơn vị",),
                "quý (trước ngày 15 tháng cuối quý), báo cáo 6 tháng (trước ngày 15/6), báo cáo năm (trước ngày 15/12)",
            )
        ],
    ),
    "four rhythms": (
        (
            "3. Phòng Nội vụ: Định kỳ hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), 6 tháng (trước"
            " ngày 10/6), năm (trước ngày 10/12) báo cáo kết quả."
        ),
        [
            (
                ("Phòng Nội vụ",),
                (
                    "Định kỳ hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), 6 tháng (trước ngày 10/6),"
                    " năm (trước ngày 10/12)"
                ),
            )
        ],
    ),
    "regular without interval": (
        "2. Sở Tài chính theo dõi, đôn đốc việc giải ngân; định kỳ tổng hợp, báo cáo UBND tỉnh theo quy định.",
        [(("Sở Tài chính",), "định kỳ")],
    ),
    "yearly building of a plan": (
        "3. Hằng năm, UBND các xã, phường xây dựng kế hoạch trồng cây xanh và lập danh sách tuyến phố cần trồng.",
        [(("UBND các xã, phường",), "Hằng năm")],
    ),
    "rhythm after the verb": (
        "1. Văn phòng UBND tỉnh tham mưu giao ban, báo cáo Chủ tịch UBND tỉnh tiến độ cấp phép hằng tuần.",
        [(("Văn phòng UBND tỉnh",), "hằng tuần")],
    ),
    "done within the year": (
        "1. Trạm Y tế xã lập hồ sơ sức khỏe cho người cao tuổi, hoàn thành trong năm 2026.",
        [(("Trạm Y tế xã",), "hoàn thành trong năm 2026")],
    ),
    "at the latest by the end of the year": (
        "1. Phòng Kinh tế đo đạc lại mốc giới chợ Gò, chậm nhất đến hết năm 2026 phải xong.",
        [(("Phòng Kinh tế",), "chậm nhất đến hết năm 2026")],
    ),
    "counted days": (
        "2. Công an xã phản hồi bằng văn bản trong thời hạn 03 ngày làm việc kể từ khi nhận được đề nghị.",
        [(("Công an xã",), "trong thời hạn 03 ngày làm việc kể từ khi nhận được đề nghị")],
    ),
    "day of the month without a bound": (
        "2. Các thôn nộp bảng kê tiền điện về Văn phòng HĐND và UBND xã ngày 25 hằng tháng.",
        [(("Các thôn",), "ngày 25 hằng tháng")],
    ),
    "hour and day": (
        "1. Công an phường báo cáo tình hình trật tự trước 16 giờ thứ Sáu hằng tuần.",
        [(("Công an phường",), "trước 16 giờ thứ Sáu hằng tuần")],
    ),
    "two quarters": (
        "1. Phòng Kinh tế tổ chức hội chợ nông sản, thực hiện trong Quý II, III năm 2026.",
        [(("Phòng Kinh tế",), "trong Quý II, III năm 2026")],
    ),
    "from day to day": (
        "1. Đoàn Thanh niên xã mở lớp dạy bơi từ ngày 01/6 đến ngày 15/8/2026.",
        [(("Đoàn Thanh niên xã",), "từ ngày 01/6 đến ngày 15/8/2026")],
    ),
    "first half of the year": (
        "1. Phòng Kinh tế kiểm kê giếng khoan, hoàn thành trong 6 tháng đầu năm 2026.",
        [(("Phòng Kinh tế",), "hoàn thành trong 6 tháng đầu năm 2026")],
    ),
    "list head in the opening": (
        (
            "Yêu cầu các đồng chí Trưởng thôn thực hiện một số nội dung sau:\n- Treo cờ tại các tuyến đường trước ngày"
            " 28/4/2026."
        ),
        [(("các đồng chí Trưởng thôn",), "trước ngày 28/4/2026")],
    ),
    "report after the count": (
        (
            "1. Sở Ngoại vụ là cơ quan đầu mối, theo dõi việc thực hiện Kế hoạch; tham mưu UBND tỉnh tổng kết trước"
            " ngày 15/12/2026."
        ),
        [(("Sở Ngoại vụ",), "trước ngày 15/12/2026")],
    ),
    "coordinate": (
        "1. Sở Y tế phối hợp với Sở Nội vụ, Bảo hiểm xã hội tỉnh rà soát nhân lực trạm y tế trước ngày 30/9/2026.",
        [(("Sở Y tế",), "trước ngày 30/9/2026")],
    ),
    "special zone": (
        "1. UBND đặc khu Phú Sơn báo cáo số tàu cá trước ngày 10/7/2026.",
        [(("UBND đặc khu Phú Sơn",), "trước ngày 10/7/2026")],
    ),
    "centre of public service": (
        (
            "3. Trung tâm Phục vụ hành chính công phường\nĐịnh kỳ hằng tháng công khai hồ sơ trễ hạn trên trang thông"
            " tin phường."
        ),
        [(("Trung tâm Phục vụ hành chính công phường",), "Định kỳ hằng tháng")],
    ),
    "star head": (
        (
            "1. Phân công\n* Công an xã:\n- Cấp căn cước lưu động, hoàn thành trước ngày 30/10/2026.\n* Trạm Y tế"
            " xã:\n- Khám cho người cao tuổi trong tháng 10/2026."
        ),
        [(("Công an xã",), "hoàn thành trước ngày 30/10/2026"), (("Trạm Y tế xã",), "trong tháng 10/2026")],
    ),
    "letters": (
        (
            "a) Phòng Văn hóa - Xã hội\n- Tổ chức hội thi nấu ăn trong tháng 3/2026.\nb) Công an xã\n- Tuần tra các đêm"
            " hội, báo cáo trước ngày 30/3/2026."
        ),
        [(("Phòng Văn hóa - Xã hội",), "trong tháng 3/2026"), (("Công an xã",), "trước ngày 30/3/2026")],
    ),
}


@pytest.mark.parametrize("case", BINDING)
def test_whom_the_prose_binds_to_which_time(case: str) -> None:
    body, expected = BINDING[case]
    assert [(row.leads, row.deadline_text) for row in _standing("I. TỔ CHỨC THỰC HIỆN\n" + body)] == expected


NOBODY = {
    "cites a document": "1. Công an xã thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2026 của UBND tỉnh.",
    "goal in per cent": "1. Phấn đấu đến ngày 31/12/2026 đạt 95% hộ dân dùng nước sạch.",
    "goal by a year": "1. Đến năm 2030, trên 90% tuyến đường có cây xanh.",
    "goal opens with its day": "1. Đến hết tháng 6/2026, 100% số thôn có điểm thu gom pin cũ.",
    "effect of the plan": "Kế hoạch này có hiệu lực từ ngày 15/01/2026.",
    "issued before": "1. Các văn bản ban hành trước ngày 01/7/2025 tiếp tục được rà soát.",
    "was done": "1. Năm 2025, xã đã hoàn thành việc đánh số nhà trước ngày 15/12/2025.",
    "window of figures": "1. Số liệu báo cáo tính từ ngày 15/12/2025 đến ngày 14/6/2026.",
    "figures up to a day": "1. Tính đến ngày 31/12/2025, toàn xã có 1.240 hộ chăn nuôi.",
    "yearly budget": "1. Kinh phí thực hiện từ ngân sách hằng năm của xã.",
    "yearly plan": "1. Phòng Kinh tế đưa nội dung này vào kế hoạch hằng năm của đơn vị.",
    "no time": "1. Phòng Kinh tế hướng dẫn các thôn thực hiện.",
    "continuous only": "1. Công an xã thường xuyên tuần tra.",
    "closing formula": "Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị báo cáo UBND xã xem xét, quyết định.",
    "closing of the plan": "Trên đây là Kế hoạch phòng, chống đuối nước năm 2026.",
    "emulation": "1. Kết quả thực hiện là căn cứ xếp loại thi đua hằng năm.",
    "born before": "1. Chính sách áp dụng với người sinh trước ngày 01/01/1960.",
    "files received before": "1. Hồ sơ tiếp nhận trước ngày 01/3/2026 được giải quyết theo quy định cũ.",
    "days of a festival": "1. Công an xã bảo vệ lễ hội Đền Thượng (diễn ra ngày 10/3/2026).",
    "duration": "1. Mỗi lớp học trong 05 ngày, giảng viên do Sở mời.",
    "year alone": "1. Phòng Kinh tế tiếp tục thực hiện chương trình năm 2026.",
    "period of the plan": "1. Các thôn tổ chức thực hiện Đề án giai đoạn 2026 - 2030.",
    "monthly pay": "1. Mức hỗ trợ hằng tháng cho cộng tác viên là 300.000 đồng.",
    "working rules": "1. Các xã đã gửi báo cáo quý III và báo cáo 9 tháng.",
}


@pytest.mark.parametrize("case", NOBODY)
def test_sentences_that_bind_nobody(case: str) -> None:
    assert _standing("I. TỔ CHỨC THỰC HIỆN\n" + NOBODY[case]) == []


PURPOSES = {
    "aims": "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\n- Hoàn thành việc đánh số nhà trước ngày 30/6/2026.",
    "requirement": "I. MỤC ĐÍCH, YÊU CẦU\n2. Yêu cầu\n- Việc đánh giá thực hiện hằng quý, báo cáo đúng thực chất.",
    "goals": "II. MỤC TIÊU, CHỈ TIÊU\n1. Cấp thẻ cho 500 hộ trước ngày 30/9/2026.",
    "state": "I. TÌNH HÌNH NĂM 2025\n1. Các thôn báo cáo hằng tháng đầy đủ.",
    "basis": "II. CĂN CỨ PHÁP LÝ\n1. Nghị quyết giao báo cáo định kỳ hằng quý.",
    "recipients": "IV. TỔ CHỨC THỰC HIỆN\n1. Công an xã gác chợ.\nNơi nhận:\n- Các thôn (báo cáo trước ngày 5/5/2026);",
}


@pytest.mark.parametrize("case", PURPOSES)
def test_parts_of_purpose_bind_nobody(case: str) -> None:
    assert _standing(PURPOSES[case]) == []


def test_a_report_without_a_unit_is_kept_for_a_person_to_place() -> None:
    (row,) = _standing("V. CHẾ ĐỘ BÁO CÁO\nBáo cáo năm gửi trước ngày 10/12/2026.")
    assert (row.leads, row.deadline_text, row.status) == ((), "trước ngày 10/12/2026", "read")


def test_a_regular_duty_without_an_interval_is_asked() -> None:
    (row,) = _standing("I. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính định kỳ tổng hợp, báo cáo UBND tỉnh.")
    assert (row.status, row.rules) == ("ask", ())


def test_each_of_two_units_has_its_own_part_of_the_sentence() -> None:
    first, second = _standing(
        "I. TỔ CHỨC THỰC HIỆN\n1. Các thôn gửi số liệu về Phòng Kinh tế trước ngày 05/7/2026 để tổng hợp,"
        " báo cáo UBND xã trước ngày 10/7/2026."
    )
    assert first.content == "Các thôn gửi số liệu về Phòng Kinh tế trước ngày 05/7/2026"
    assert second.content == "tổng hợp, báo cáo UBND xã trước ngày 10/7/2026."
    assert [rule["due"] for row in (first, second) for rule in row.rules] == ["2026-07-04", "2026-07-09"]


def test_a_list_under_a_head_ends_where_its_bullets_end() -> None:
    rows = _standing(
        "I. TỔ CHỨC THỰC HIỆN\n1. Phân công\n- Công an xã:\n+ Tuần tra trước ngày 02/5/2026.\n"
        "- Rà soát lại bến bãi, hoàn thành trước ngày 05/5/2026."
    )
    assert [row.leads for row in rows] == [("Công an xã",), ()]
