"""Cells of units to leads and coordinators."""

from __future__ import annotations

import pytest

from plans.reading.units_in_prose import bound_unit, heading_units, ordered_units
from plans.reading.units_text import split_names, split_units

BOTH = {
    "bullets": ("- Sở Nội vụ chủ trì.\n- Các sở, ngành phối hợp.", ["Sở Nội vụ"], ["Các sở, ngành"]),
    "bullets on one line": ("- Sở Nội vụ chủ trì. - Thanh tra tỉnh phối hợp.", ["Sở Nội vụ"], ["Thanh tra tỉnh"]),
    "one sentence": ("Trạm Y tế chủ trì, phối hợp với Công an xã tổ chức thực hiện", ["Trạm Y tế"], ["Công an xã"]),
    "prefixes": ("Chủ trì: Công an xã\nPhối hợp:\n- Xã đội\n- Các thôn", ["Công an xã"], ["Xã đội", "Các thôn"]),
    "prefixes on one line": ("Cơ quan chủ trì: Sở Y tế; phối hợp: Sở Tài chính", ["Sở Y tế"], ["Sở Tài chính"]),
    "role in brackets": ("Công an xã (chủ trì), Trạm Y tế (phối hợp)", ["Công an xã"], ["Trạm Y tế"]),
    "a list shares its role": (
        "- Kho bạc tỉnh chủ trì\n- Sở Y tế; Sở Nội vụ phối hợp",
        ["Kho bạc tỉnh"],
        ["Sở Y tế", "Sở Nội vụ"],
    ),
    "both lead": ("Sở Y tế phối hợp với Sở Nội vụ chủ trì", ["Sở Y tế", "Sở Nội vụ"], []),
    "one name alone leads": ("Ủy ban nhân dân xã", ["Ủy ban nhân dân xã"], []),
    "no role beside a lead coordinates": ("- Sở Y tế chủ trì.\n- Các xã thực hiện.", ["Sở Y tế"], ["Các xã"]),
    "coordinator alone": ("Phòng Kinh tế phối hợp", [], ["Phòng Kinh tế"]),
    "a capital belongs to the name": ("Sở Xây dựng chủ trì", ["Sở Xây dựng"], []),
    "given work is part of the name": (
        "Phòng được giao chủ trì soạn thảo văn bản phối hợp",
        [],
        ["Phòng được giao chủ trì soạn thảo văn bản"],
    ),
    "misread accent": ("- Văn phòng chủ trị.\n- Các phòng phối hợp", ["Văn phòng"], ["Các phòng"]),
    "empty": ("", [], []),
    "dashes only": ("- \n-", [], []),
}


@pytest.mark.parametrize("case", BOTH)
def test_one_column_for_both_roles(case: str) -> None:
    text, leads, coordinators = BOTH[case]
    units = split_units(text)
    assert (list(units.leads), list(units.coordinators)) == (leads, coordinators)


NAMES = {
    "group with commas is one": ("Các cơ quan, đơn vị có liên quan", ["Các cơ quan, đơn vị có liên quan"]),
    "group then unit": ("Các sở, ban ngành và UBND cấp xã", ["Các sở, ban ngành", "UBND cấp xã"]),
    "two levels are two": ("UBND cấp huyện, cấp xã", ["UBND cấp huyện", "UBND cấp xã"]),
    "an office of two bodies is one": ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
    "a ministry's name holds và": ("Sở Khoa học và Công nghệ, Sở Y tế", ["Sở Khoa học và Công nghệ", "Sở Y tế"]),
    "department with comma": ("Phòng Kinh tế, Hạ tầng và Đô thị", ["Phòng Kinh tế, Hạ tầng và Đô thị"]),
    "posts with a dash": ("- Văn phòng - Thống kê - Tư pháp - Hộ tịch", ["Văn phòng - Thống kê", "Tư pháp - Hộ tịch"]),
    "brackets hide commas": ("Công chức xã (phụ trách y tế, trẻ em)", ["Công chức xã (phụ trách y tế, trẻ em)"]),
    "others concerned": ("Công an xã và các đơn vị liên quan", ["Công an xã", "các đơn vị liên quan"]),
    "semicolons": ("Thôn Hạ; Thôn Thượng;", ["Thôn Hạ", "Thôn Thượng"]),
    "stray stops": ("Trạm Y tế..", ["Trạm Y tế"]),
    "no name twice": ("Trạm Y tế; trạm y tế", ["Trạm Y tế"]),
    "companies": ("VNPT, Viettel", ["VNPT", "Viettel"]),
}


@pytest.mark.parametrize("case", NAMES)
def test_lists_of_names(case: str) -> None:
    text, names = NAMES[case]
    assert list(split_names(text)) == names


BOUND = {
    "given": ("Giao Phòng Kinh tế hướng dẫn các thôn", ("Phòng Kinh tế",)),
    "colon": ("Công an xã, Trạm Y tế: Gửi số liệu", ("Công an xã", "Trạm Y tế")),
    "verb": ("Các thôn định kỳ báo cáo", ("Các thôn",)),
    "time first": ("Hằng quý, Trạm Y tế tổng hợp số liệu", ("Trạm Y tế",)),
    "no unit: assure": ("Bảo đảm đủ thuốc, thực hiện trước ngày 5", ()),
    "no unit: organise": ("Tổ chức thực hiện tốt", ()),
    "no unit: prevention": ("Phòng, chống dịch phải thực hiện sớm", ()),
    "no unit: time only": ("Định kỳ hằng tháng báo cáo", ()),
}


@pytest.mark.parametrize("case", BOUND)
def test_whom_a_sentence_binds(case: str) -> None:
    sentence, units = BOUND[case]
    assert bound_unit(sentence) == units


def test_whom_a_heading_and_an_order_bind() -> None:
    assert heading_units("Trạm Y tế xã; Công an xã.") == ("Trạm Y tế xã", "Công an xã")
    assert heading_units("Kinh phí thực hiện") == ()
    assert ordered_units("Nay yêu cầu các thôn tập trung thực hiện các việc như sau:") == ("các thôn",)
    assert ordered_units("Nay yêu cầu các thôn thực hiện tốt.") == ()
