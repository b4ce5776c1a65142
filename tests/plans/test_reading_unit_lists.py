"""What divides two units and what stands inside one name; roles told in words, marks and brackets."""

from __future__ import annotations

import unicodedata

import pytest

from plans.reading.units_text import split_names, split_units

# Each list of names as printed, with a bar between the names it must give.
LISTS = {
    "Công an phường Văn phòng HĐND và UBND phường": "Công an phường|Văn phòng HĐND và UBND phường",
    "Phòng Kinh tế và Hạ tầng Phòng Văn hóa - Xã hội": "Phòng Kinh tế và Hạ tầng|Phòng Văn hóa - Xã hội",
    "Phòng Kiểm soát thủ tục hành chính Văn phòng UBND tỉnh": "Phòng Kiểm soát thủ tục hành chính Văn phòng UBND tỉnh",
    "UBND phường Hội An": "UBND phường Hội An",
    "Phó Trưởng Phòng Kinh tế": "Phó Trưởng Phòng Kinh tế",
    "Văn phòng HĐND và UBND": "Văn phòng HĐND và UBND",
    "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã, Công an xã": (
        "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã|Công an xã"
    ),
    "Văn phòng HĐND&UBND, Phòng Kinh tế": "Văn phòng HĐND&UBND|Phòng Kinh tế",
    "Sở Giáo dục và Đào tạo": "Sở Giáo dục và Đào tạo",
    "Sở Giáo dục và Đào tạo và Sở Y tế": "Sở Giáo dục và Đào tạo|Sở Y tế",
    "Phòng Văn hóa, Khoa học và Thông tin": "Phòng Văn hóa, Khoa học và Thông tin",
    "Phòng Kinh tế, Hạ tầng và Đô thị": "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Ủy ban Mặt trận Tổ quốc Việt Nam và các tổ chức chính trị - xã hội": (
        "Ủy ban Mặt trận Tổ quốc Việt Nam|các tổ chức chính trị - xã hội"
    ),
    "Sở Nông nghiệp và Môi trường": "Sở Nông nghiệp và Môi trường",
    "UBND cấp huyện, cấp xã": "UBND cấp huyện|UBND cấp xã",
    "UBND cấp huyện và cấp xã": "UBND cấp huyện|UBND cấp xã",
    "UBND các xã, phường": "UBND các xã, phường",
    "UBND các xã, phường, đặc khu": "UBND các xã, phường, đặc khu",
    "Ủy ban nhân dân các xã, phường, thị trấn": "Ủy ban nhân dân các xã, phường, thị trấn",
    "Công an, Quân sự phường": "Công an|Quân sự phường",
    "các sở, ban, ngành": "các sở, ban, ngành",
    "Các sở, ban, ngành, đoàn thể tỉnh": "Các sở, ban, ngành, đoàn thể tỉnh",
    "các phòng chuyên môn": "các phòng chuyên môn",
    "Các phòng, ban, ngành, đoàn thể xã; các thôn": "Các phòng, ban, ngành, đoàn thể xã|các thôn",
    "Phòng Kinh tế; Phòng Văn hóa - Xã hội; Công an xã": "Phòng Kinh tế|Phòng Văn hóa - Xã hội|Công an xã",
    "Phòng Kinh tế\nPhòng Văn hóa - Xã hội": "Phòng Kinh tế|Phòng Văn hóa - Xã hội",
    "Phòng Văn hóa - Xã hội - Phòng Kinh tế": "Phòng Văn hóa - Xã hội|Phòng Kinh tế",
    "- Phòng Kinh tế - Công an xã": "Phòng Kinh tế|Công an xã",
    "Trung tâm Phục vụ hành chính công, Phòng Kinh tế (Hạ tầng và Đô thị)": (
        "Trung tâm Phục vụ hành chính công|Phòng Kinh tế (Hạ tầng và Đô thị)"
    ),
    "Chủ tịch UBND phường": "Chủ tịch UBND phường",
    "Đ/c Phó Chủ tịch UBND xã; đ/c Trưởng Công an xã": "Đ/c Phó Chủ tịch UBND xã|đ/c Trưởng Công an xã",
    "Đồng chí Nguyễn Văn A, Phó Chủ tịch UBND xã": "Đồng chí Nguyễn Văn A, Phó Chủ tịch UBND xã",
    "công chức Tư pháp - Hộ tịch": "công chức Tư pháp - Hộ tịch",
    "Công chức Văn phòng - Thống kê, công chức Địa chính - Xây dựng": (
        "Công chức Văn phòng - Thống kê|công chức Địa chính - Xây dựng"
    ),
    "UBND đặc khu Côn Đảo, Công an đặc khu": "UBND đặc khu Côn Đảo|Công an đặc khu",
    "Sở Văn hóa, Thể thao và Du lịch; Sở Dân tộc và Tôn giáo": "Sở Văn hóa, Thể thao và Du lịch|Sở Dân tộc và Tôn giáo",
    "Sở VHTTDL, Sở KH&CN, Sở TC": "Sở VHTTDL|Sở KH&CN|Sở TC",
    "Các Sở: Tài chính, Nội vụ, Y tế": "Sở Tài chính|Sở Nội vụ|Sở Y tế",
    "Các sở: Tài chính, Giáo dục và Đào tạo; UBND các xã": "Sở Tài chính|Sở Giáo dục và Đào tạo|UBND các xã",
    "Các phòng: Kinh tế, Văn hóa - Xã hội": "Phòng Kinh tế|Phòng Văn hóa - Xã hội",
    "Bộ Chỉ huy Quân sự tỉnh, Công an tỉnh": "Bộ Chỉ huy Quân sự tỉnh|Công an tỉnh",
    "Ban CHQS xã, Công an xã và các thôn": "Ban CHQS xã|Công an xã|các thôn",
    "Hội Liên hiệp Phụ nữ, Hội Nông dân, Đoàn TNCS Hồ Chí Minh xã": (
        "Hội Liên hiệp Phụ nữ|Hội Nông dân|Đoàn TNCS Hồ Chí Minh xã"
    ),
    "UBMTTQ Việt Nam và các đoàn thể chính trị - xã hội phường": (
        "UBMTTQ Việt Nam|các đoàn thể chính trị - xã hội phường"
    ),
    "Đài Truyền thanh, Trạm Y tế, các trường học": "Đài Truyền thanh|Trạm Y tế|các trường học",
    "Các đơn vị có liên quan": "Các đơn vị có liên quan",
    "Các cơ quan, đơn vị, địa phương": "Các cơ quan, đơn vị, địa phương",
    "Công an tỉnh và các cơ quan, đơn vị, địa phương liên quan": (
        "Công an tỉnh|các cơ quan, đơn vị, địa phương liên quan"
    ),
    "Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã, phường": (
        "Thủ trưởng các sở, ban, ngành|Chủ tịch UBND các xã, phường"
    ),
    "Văn phòng UBND tỉnh, các sở, ban, ngành, UBND cấp xã": "Văn phòng UBND tỉnh|các sở, ban, ngành|UBND cấp xã",
    "Thuế cơ sở 5, Kho bạc Nhà nước khu vực XV": "Thuế cơ sở 5|Kho bạc Nhà nước khu vực XV",
    "Thanh tra tỉnh, Ban Quản lý Khu kinh tế": "Thanh tra tỉnh|Ban Quản lý Khu kinh tế",
    "Tổ công nghệ số cộng đồng, các tổ dân phố": "Tổ công nghệ số cộng đồng|các tổ dân phố",
    "Trưởng các thôn, bí thư chi bộ": "Trưởng các thôn|bí thư chi bộ",
    "Trưởng thôn; Bí thư Chi bộ thôn": "Trưởng thôn|Bí thư Chi bộ thôn",
    "Phòng KT; VP HĐND-UBND; TT PVHCC": "Phòng KT|VP HĐND-UBND|TT PVHCC",
    "Ban Chỉ đạo 35, Ban Tuyên giáo và Dân vận": "Ban Chỉ đạo 35|Ban Tuyên giáo và Dân vận",
    "Ban Quản lý dự án đầu tư xây dựng và phát triển quỹ đất": (
        "Ban Quản lý dự án đầu tư xây dựng và phát triển quỹ đất"
    ),
    "Trường Mầm non, Tiểu học, THCS xã": "Trường Mầm non, Tiểu học, THCS xã",
    "Hợp tác xã Dịch vụ nông nghiệp, các hộ dân": "Hợp tác xã Dịch vụ nông nghiệp|các hộ dân",
    "HĐND, UBND xã": "HĐND, UBND xã",
    "Phòng Nội vụ, Phòng Tài chính - Kế hoạch và UBND các xã": "Phòng Nội vụ|Phòng Tài chính - Kế hoạch|UBND các xã",
    "Cơ quan chủ trì soạn thảo": "Cơ quan chủ trì soạn thảo",
    "Văn phòng Đăng ký đất đai tỉnh": "Văn phòng Đăng ký đất đai tỉnh",
    "Đảng ủy, HĐND, UBND, UBMTTQ xã": "Đảng ủy|HĐND, UBND, UBMTTQ xã",
}


@pytest.mark.parametrize("text", LISTS)
def test_names_are_divided_between_units_only(text: str) -> None:
    assert "|".join(split_names(text)) == LISTS[text]


@pytest.mark.parametrize("text", LISTS)
def test_letters_typed_as_base_and_accent_are_divided_alike(text: str) -> None:
    assert split_names(unicodedata.normalize("NFD", text)) == split_names(text)


ROLES = {
    "Sở Nội vụ (chủ trì); Sở Tài chính (phối hợp)": ("Sở Nội vụ", "Sở Tài chính"),
    "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính, Sở Y tế": ("Sở Nội vụ", "Sở Tài chính|Sở Y tế"),
    "Sở Nội vụ là đơn vị đầu mối; các sở phối hợp": ("Sở Nội vụ", "các sở"),
    "Sở Nội vụ là cơ quan chủ trì; các sở, ngành là cơ quan phối hợp": ("Sở Nội vụ", "các sở, ngành"),
    "Phòng Kinh tế chịu trách nhiệm chính, Công an xã phối hợp": ("Phòng Kinh tế", "Công an xã"),
    "Phòng Kinh tế tham mưu; các phòng thực hiện": ("Phòng Kinh tế", "các phòng"),
    "Chủ trì: Phòng Kinh tế. Phối hợp: Công an xã, các thôn.": ("Phòng Kinh tế", "Công an xã|các thôn"),
    "Chủ trì: Phòng Kinh tế; Phối hợp: Công an xã.": ("Phòng Kinh tế", "Công an xã"),
    "* Chủ trì: Phòng Kinh tế\n* Phối hợp: Công an xã": ("Phòng Kinh tế", "Công an xã"),
    "Phòng Kinh tế chủ trì phối hợp các đơn vị liên quan": ("Phòng Kinh tế", "các đơn vị liên quan"),
    "Phòng Kinh tế chủ trì, phối hợp cùng Công an xã thực hiện": ("Phòng Kinh tế", "Công an xã"),
    "Phòng Kinh tế chủ trì; Công an xã, Trạm Y tế phối hợp thực hiện": ("Phòng Kinh tế", "Công an xã|Trạm Y tế"),
    "Phòng Kinh tế (CT); Công an xã (PH)": ("Phòng Kinh tế", "Công an xã"),
    "CT: Phòng Kinh tế; PH: Công an xã": ("Phòng Kinh tế", "Công an xã"),
    "Công an xã phối hợp với Phòng Kinh tế": ("Công an xã", "Phòng Kinh tế"),
    "Văn phòng HĐND và UBND chủ trì tham mưu; các phòng chuyên môn phối hợp": (
        "Văn phòng HĐND và UBND",
        "các phòng chuyên môn",
    ),
    "Đơn vị chủ trì: Sở Y tế\nĐơn vị phối hợp: Sở Tài chính; UBND các xã, phường": (
        "Sở Y tế",
        "Sở Tài chính|UBND các xã, phường",
    ),
    "Sở Y tế - chủ trì; Sở Tài chính - phối hợp": ("Sở Y tế", "Sở Tài chính"),
    "Sở Y tế": ("Sở Y tế", ""),
    "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính": ("Sở Y tế", "Sở Tài chính"),
}


@pytest.mark.parametrize("text", ROLES)
def test_roles_in_words(text: str) -> None:
    units = split_units(text)
    assert ("|".join(units.leads), "|".join(units.coordinators)) == ROLES[text]
