"""Heads of plans of every level as offices print them: kind, number, issuer, date, year, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from plans.reading import Reading, read_bytes

TABLE = """
TT\tNội dung\tĐơn vị chủ trì\tThời gian
1\tLập danh sách hộ tham gia\tSở Y tế\tQuý I
2\tTổng kết\tSở Y tế\tQuý II
"""


@dataclass(frozen=True)
class Head:
    """One head as printed, and what must be read from it."""

    printed: str
    kind: str | None
    number: str | None
    title: str | None
    issuer: str | None
    locality: str | None
    year: int | None
    issued_on: str | None
    based_on: tuple[str, ...] = ()


HEADS = {
    "cells of a web page on lines of their own": Head(
        """ỦY BAN NHÂN DÂN
TỈNH HÀ LÂM
-------
|
CỘNG HÒA XÃ
HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
|
Số: 1556/KH-UBND
|
Hà Lâm, ngày 25
tháng 4 năm 2026
|
KẾ HOẠCH
THỰC HIỆN CHƯƠNG TRÌNH MỖI NHÀ MỘT VƯỜN RAU (OCOP) TRÊN ĐỊA
BÀN TỈNH HÀ LÂM NĂM 2026
Căn cứ Quyết định số
919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ về việc phê duyệt
Chương trình mỗi nhà một vườn rau;
Ủy ban nhân dân tỉnh ban hành Kế hoạch với những nội dung sau:
I. MỤC ĐÍCH,
YÊU CẦU""",
        "Kế hoạch",
        "1556/KH-UBND",
        "THỰC HIỆN CHƯƠNG TRÌNH MỖI NHÀ MỘT VƯỜN RAU (OCOP) TRÊN ĐỊA BÀN TỈNH HÀ LÂM NĂM 2026",
        "UBND tỉnh Hà Lâm",
        "tỉnh Hà Lâm",
        2026,
        "2026-04-25",
        ("Quyết định 919/QĐ-TTg 2022-08-01 Thủ tướng Chính phủ",),
    ),
    "cells of a letterhead divided by pipes": Head(
        """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 983/KH-UBND | Hà Lâm, ngày 15 tháng 5 năm 2026 |
KẾ HOẠCH
THỰC HIỆN ĐỀ ÁN PHỔ BIẾN PHÁP LUẬT GIAI ĐOẠN 2026 - 2028 TRÊN ĐỊA BÀN TỈNH HÀ LÂM
Thực hiện Quyết định số 471/QĐ-TTg ngày 26/4/2026 của Thủ tướng Chính phủ phê duyệt Đề án.
Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:""",
        "Kế hoạch",
        "983/KH-UBND",
        "THỰC HIỆN ĐỀ ÁN PHỔ BIẾN PHÁP LUẬT GIAI ĐOẠN 2026 - 2028 TRÊN ĐỊA BÀN TỈNH HÀ LÂM",
        "UBND tỉnh Hà Lâm",
        "tỉnh Hà Lâm",
        2026,
        "2026-05-15",
        ("Quyết định 471/QĐ-TTg 2026-04-26 Thủ tướng Chính phủ",),
    ),
    "number, place and year wrapped": Head(
        """ỦY BAN QUỐC GIA
VỀ CHUYỂN ĐỔI SỐ
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số:
27/QĐ-UBQGCĐS
Hà
Nội, ngày 15 tháng 3 năm 2026
QUYẾT ĐỊNH
BAN
HÀNH KẾ HOẠCH HOẠT ĐỘNG CỦA ỦY BAN QUỐC GIA VỀ CHUYỂN ĐỔI SỐ NĂM
2026
CHỦ TỊCH ỦY BAN QUỐC GIA VỀ CHUYỂN ĐỔI SỐ
Căn cứ Nghị quyết số 17/NQ-CP ngày 07 tháng 3 năm 2019 của Chính phủ;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch hoạt động.""",
        "Quyết định",
        "27/QĐ-UBQGCĐS",
        "BAN HÀNH KẾ HOẠCH HOẠT ĐỘNG CỦA ỦY BAN QUỐC GIA VỀ CHUYỂN ĐỔI SỐ NĂM 2026",
        "Ủy ban quốc gia về chuyển đổi số",
        None,
        2026,
        "2026-03-15",
        ("Nghị quyết 17/NQ-CP 2019-03-07 Chính phủ",),
    ),
    "a committee of the Party": Head(
        """TỈNH ỦY HÀ LÂM
BAN TỔ CHỨC
*
Số: 45-KH/BTCTU
ĐẢNG CỘNG SẢN VIỆT NAM
Hà Lâm, ngày 3 tháng 3 năm 2026
KẾ HOẠCH
công tác chuyển đổi số của Ban Tổ chức Tỉnh ủy năm 2026
-----------
Thực hiện Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị. Ban Tổ chức xây dựng kế hoạch như sau:""",
        "Kế hoạch",
        "45-KH/BTCTU",
        "công tác chuyển đổi số của Ban Tổ chức Tỉnh ủy năm 2026",
        "Ban Tổ chức Tỉnh ủy Hà Lâm",
        "tỉnh Hà Lâm",
        2026,
        "2026-03-03",
        ("Nghị quyết 57-NQ/TW 2024-12-22 Bộ Chính trị",),
    ),
    "the motto first, number and day blank, kind and title on one line": Head(
        """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
UBND PHƯỜNG TÂN LẬP
TỔ CÔNG TÁC ĐỀ ÁN 06
Tân Lập, ngày … tháng … năm 2026
Số: ……/KH-TCT
KẾ HOẠCH TRIỂN KHAI ĐỀ ÁN 06
NĂM 2026 TRÊN ĐỊA BÀN PHƯỜNG
Căn cứ Luật số 20/2023/QH15 ngày 22/6/2023 của Quốc hội; Luật Căn cước năm 2023;
Căn cứ Quyết định 06/QĐ-TTg ngày 06/01/2022 của Thủ tướng Chính phủ;""",
        "Kế hoạch",
        None,
        "TRIỂN KHAI ĐỀ ÁN 06 NĂM 2026 TRÊN ĐỊA BÀN PHƯỜNG",
        "Tổ công tác đề án 06 phường Tân Lập",
        "phường Tân Lập",
        2026,
        None,
        (
            "Luật 20/2023/QH15 2023-06-22 Quốc hội",
            "Luật Căn cước 2023",
            "Quyết định 06/QĐ-TTg 2022-01-06 Thủ tướng Chính phủ",
        ),
    ),
    "a school under a ministry, a number with a letter": Head(
        """BỘ CÔNG THƯƠNG
TRƯỜNG CAO ĐẲNG KỸ THUẬT
Số: 12a/KH-CĐKT
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
Hà Lâm, ngày 05/9/2025
KẾ HOẠCH
ĐÀO TẠO NĂM HỌC 2025 – 2026
Căn cứ Quyết định số 234/QĐ-BCT, ngày 20 tháng 8 năm 2025 của Bộ trưởng Bộ Công Thương về việc giao chỉ tiêu;""",
        "Kế hoạch",
        "12a/KH-CĐKT",
        "ĐÀO TẠO NĂM HỌC 2025 – 2026",
        "Trường cao đẳng kỹ thuật",
        None,
        2025,
        "2025-09-05",
        ("Quyết định 234/QĐ-BCT 2025-08-20 Bộ trưởng Bộ Công Thương",),
    ),
    "two columns on one line, a year to come in the title": Head(
        """ỦY BAN NHÂN DÂN
THÀNH PHỐ BIỂN XANH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG        Độc lập - Tự do - Hạnh phúc
Số: 77 /KH-SNNMT          Biển Xanh, ngày 2 tháng 02 năm 2026
KẾ HOẠCH
Thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới
đến năm 2030 trên địa bàn thành phố, tầm nhìn đến năm 2045
Thực hiện Luật Đất đai năm 2024 và Nghị quyết 12-NQ/TU của Thành ủy;
Sở Nông nghiệp và Môi trường ban hành kế hoạch như sau:""",
        "Kế hoạch",
        "77/KH-SNNMT",
        "Thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới "
        "đến năm 2030 trên địa bàn thành phố, tầm nhìn đến năm 2045",
        "Sở Nông nghiệp và Môi trường thành phố Biển Xanh",
        "thành phố Biển Xanh",
        2026,
        "2026-02-02",
        ("Luật Đất đai 2024", "Nghị quyết 12-NQ/TU Thành ủy"),
    ),
    "a council of the people": Head(
        """HỘI ĐỒNG NHÂN DÂN XÃ MỸ HÒA
THƯỜNG TRỰC
Số: 03/KH-HĐND
Mỹ Hòa, ngày 12 tháng 3 năm 2026
KẾ HOẠCH
Giám sát chuyên đề năm 2026 của Thường trực Hội đồng nhân dân xã
Căn cứ Nghị quyết số 88/NQ-HĐND ngày 30/12/2025 của HĐND xã;""",
        "Kế hoạch",
        "03/KH-HĐND",
        "Giám sát chuyên đề năm 2026 của Thường trực Hội đồng nhân dân xã",
        "HĐND xã Mỹ Hòa",
        "xã Mỹ Hòa",
        2026,
        "2026-03-12",
        ("Nghị quyết 88/NQ-HĐND 2025-12-30 HĐND xã",),
    ),
    "a letter": Head(
        """UBND TỈNH HÀ LÂM
CÔNG AN TỈNH
V/v đôn đốc thực hiện Kế hoạch số 12/KH-UBND về an toàn giao thông năm 2026
Số: 456/CAT-PC08
Kính gửi: Các sở, ban, ngành""",
        "Công văn",
        "456/CAT-PC08",
        "đôn đốc thực hiện Kế hoạch số 12/KH-UBND về an toàn giao thông năm 2026",
        "Công an tỉnh Hà Lâm",
        "tỉnh Hà Lâm",
        2026,
        None,
        (),
    ),
}


def _read(head: str, year: int | None = None) -> Reading:
    return read_bytes("kế hoạch.txt", f"{head}\n{TABLE}".encode(), year)


@pytest.mark.parametrize("name", HEADS)
def test_a_head_is_read(name: str) -> None:
    want, plan = HEADS[name], _read(HEADS[name].printed).plan
    assert (plan.kind, plan.number, plan.title) == (want.kind, want.number, want.title)
    assert (plan.issuer, plan.locality, plan.year, plan.issued_on) == (
        want.issuer, want.locality, want.year, want.issued_on,
    )  # fmt: skip
    based = [(one.kind, one.number or one.name, one.issued_on, one.issuer) for one in plan.based_on]
    assert [" ".join(filter(None, one)) for one in based] == list(want.based_on)


YEARS = {
    "Trồng cây giai đoạn 2026 - 2030": (2026, 2026),
    "Trồng cây năm 2027 và giai đoạn 2026 - 2030": (2027, 2026),
    "Trồng cây giai đoạn 2021 - 2025": (2024, 2024),
    "Thực hiện Luật Đất đai năm 2013": (2026, 2026),
    "Năm học 2025 - 2026": (2025, 2026),
    "Trồng cây đến năm 2030, tầm nhìn đến năm 2045": (2026, 2026),
}


@pytest.mark.parametrize("title", YEARS)
def test_the_year_of_a_title(title: str) -> None:
    year, issued = YEARS[title]
    reading = _read(f"UBND XÃ HẠ\nSố: 1/KH-UBND\nXã Hạ, ngày 4 tháng 3 năm {issued}\nKẾ HOẠCH\n{title}\n")
    assert reading.plan.year == year
    several = [one.message for one in reading.findings if one.code == "years_several"]
    assert len(several) == ("giai đoạn" in title or "Năm học" in title)


TITLES = {
    "Trồng cây\ntrên địa bàn xã Hạ\nnăm 2026\nXã Hạ có nhiều đồi trọc.": "Trồng cây trên địa bàn xã Hạ năm 2026",
    "TRỒNG CÂY NĂM 2026\nTRÊN ĐỊA BÀN XÃ HẠ\nNăm nay xã trồng nhiều cây.": "TRỒNG CÂY NĂM 2026 TRÊN ĐỊA BÀN XÃ HẠ",
    "Chương trình trồng cây năm 2026\n-----\nĐể phủ xanh đồi trọc": "Chương trình trồng cây năm 2026",
    "Trồng cây năm 2026\nBảng 1. Phân công": "Trồng cây năm 2026",
}


@pytest.mark.parametrize("below", TITLES)
def test_a_title_ends_where_it_ends(below: str) -> None:
    assert _read(f"UBND XÃ HẠ\nSố: 1/KH-UBND\nKẾ HOẠCH\n{below}\n").plan.title == TITLES[below]


def test_documents_inside_the_title_of_another_are_no_basis() -> None:
    opening = (
        "Căn cứ Nghị định số 1/2025/NĐ-CP ngày 2/3/2025 của Chính phủ sửa đổi Nghị định số 9/2019/NĐ-CP; "
        "Quyết định số 5/QĐ-UBND ngày 31/02/2025 của UBND tỉnh (thay thế Quyết định số 4/QĐ-UBND);"
    )
    body = "I. MỤC ĐÍCH\nThực hiện Kế hoạch số 7/KH-UBND."
    plan = _read(f"UBND XÃ HẠ\nKẾ HOẠCH\nTrồng cây năm 2026\n{opening}\n{body}").plan
    assert [(one.number, one.issued_on) for one in plan.based_on] == [
        ("1/2025/NĐ-CP", "2025-03-02"),
        ("5/QĐ-UBND", None),
    ]
    assert plan.to_json()["based_on"][0]["words"] == "Nghị định số 1/2025/NĐ-CP ngày 2/3/2025 của Chính phủ"


@pytest.mark.parametrize(
    ("letterhead", "issuer"),
    [
        ("UBND THÀNH PHỐ HẢI VÂN\nPHƯỜNG ĐÔNG KHÊ", "UBND phường Đông Khê"),
        ("ỦY BAN NHÂN DÂN TỈNH HÀ LÂM\nXÃ SUỐI MƠ", "UBND xã Suối Mơ"),
        ("ỦY BAN NHÂN DÂN\nPHƯỜNG ĐÔNG KHÊ", "UBND phường Đông Khê"),
    ],
)
def test_a_ward_under_the_committee_of_its_city_is_the_issuer(letterhead: str, issuer: str) -> None:
    head = f"{letterhead}\nSố: 7/KH-UBND\n\nKẾ HOẠCH\nPhòng cháy năm 2026\n"
    assert _read(head).plan.issuer == issuer
