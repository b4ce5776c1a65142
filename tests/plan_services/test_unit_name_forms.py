"""Every way offices write one name, what must stay apart, and what is suggested for a name nobody registered."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.unit_keys import Tail, fold_name
from plans.unit_names import NameBook

TAIL = Tail("phường", "An Hòa")

SAME = (
    ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
    ("Phòng Văn hoá", "Phòng Văn hóa"),
    ("HĐND phường", "Hội đồng nhân dân"),
    ("UBND phường", "Ủy ban nhân dân phường An Hoà"),
    ("VP HĐND và UBND", "Văn phòng HĐND và UBND"),
    ("VP.HĐND&UBND", "Văn phòng HĐND và UBND"),
    ("VP HĐND-UBND phường", "Văn phòng HĐND và UBND"),
    ("Văn phòng HĐND-UBND", "Văn phòng HĐND và UBND"),
    ("Văn phòng HĐND, UBND", "Văn phòng HĐND và UBND"),
    ("TT PVHCC", "Trung tâm Phục vụ hành chính công"),
    ("Trung tâm PV HCC", "Trung tâm Phục vụ hành chính công"),
    ("Trung tâm HCC", "Trung tâm Hành chính công"),
    ("TT Phục vụ HCC phường", "Trung tâm Phục vụ hành chính công"),
    ("TTPVHCC", "Trung tâm Phục vụ Hành chính công phường An Hòa"),
    ("TT.PVHCC", "Trung tâm PVHCC"),
    ("P. Kinh tế", "Phòng Kinh tế"),
    ("P.Kinh tế", "Phòng Kinh tế"),
    ("Phòng Kinh tế phường An Hòa", "Phòng Kinh tế"),
    ("Phòng Kinh tế P. An Hòa", "Phòng Kinh tế"),
    ("Phòng KTHT&ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ("Phòng KT, HT&ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ("P. KT-HT&ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ("Phòng Kinh tế - Hạ tầng - Đô thị", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ("Phòng VHXH", "Phòng Văn hóa - Xã hội"),
    ("P.VHXH", "Phòng Văn hóa - Xã hội"),
    ("Phòng VH - XH", "Phòng Văn hóa và Xã hội"),
    ("Phòng Văn hóa – Xã hội", "Phòng Văn hóa - Xã hội"),
    ("CA phường", "Công an phường"),
    ("Công an P. An Hòa", "Công an phường"),
    ("BCH QS phường", "Ban Chỉ huy Quân sự phường"),
    ("Ban CHQS", "Ban Chỉ huy Quân sự phường An Hòa"),
    ("BCHQS phường", "Ban Chỉ huy Quân sự"),
    ("UBMTTQVN phường", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    ("UBMTTQ Việt Nam phường", "Ủy ban Mặt trận Tổ quốc Việt Nam"),
    ("UB MTTQ VN", "Ủy ban MTTQ Việt Nam"),
    ("Mặt trận Tổ quốc", "MTTQ"),
    ("Hội LHPN", "Hội Liên hiệp Phụ nữ"),
    ("Hội CCB", "Hội Cựu chiến binh"),
    ("Đoàn TNCS HCM", "Đoàn Thanh niên Cộng sản Hồ Chí Minh"),
    ("Đoàn TNCSHCM", "Đoàn Thanh niên Cộng sản Hồ Chí Minh"),
    ("Hội ND", "Hội Nông dân"),
    ("Trạm Y tế P. An Hòa", "Trạm Y tế"),
    ("TYT phường", "Trạm Y tế"),
    ("Bộ phận TN&TKQ", "Bộ phận Tiếp nhận và Trả kết quả"),
    ("BP TN&TKQ", "Bộ phận Tiếp nhận và Trả kết quả"),
    ("Bộ phận 1 cửa", "Bộ phận Một cửa"),
    ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo"),
    ("Sở GDĐT", "Sở Giáo dục và Đào tạo"),
    ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
    ("Sở KHCN", "Sở Khoa học và Công nghệ"),
    ("Sở NN&MT", "Sở Nông nghiệp và Môi trường"),
    ("Sở NNMT", "Sở Nông nghiệp và Môi trường"),
    ("Sở VHTTDL", "Sở Văn hóa, Thể thao và Du lịch"),
    ("Sở VH,TT&DL", "Sở Văn hóa, Thể thao và Du lịch"),
    ("Phòng TC-KH", "Phòng Tài chính - Kế hoạch"),
    ("Phòng LĐ-TB&XH", "Phòng Lao động - Thương binh và Xã hội"),
    ("Phòng TNMT", "Phòng Tài nguyên và Môi trường"),
    ("Kho bạc NN", "Kho bạc Nhà nước"),
    ("BHXH", "Bảo hiểm xã hội"),
    ("Chi cục QLTT", "Chi cục Quản lý thị trường"),
    ("Công chức TP-HT", "Công chức Tư pháp - Hộ tịch"),
    ("Ban QLDA", "Ban Quản lý dự án"),
    ("Các phòng, ban chuyên môn thuộc UBND phường", "Các phòng, ban chuyên môn"),
    ("Các phòng chuyên môn phường", "Các phòng chuyên môn"),
    ("Trung tâm Phục vụ Hành chính công", "Trung tâm phục vụ hành chính công"),
    ("Phòng Kinh tế (Hạ tầng và Đô thị)", "Phòng Kinh tế, Hạ tầng và Đô thị"),
)
APART = (
    ("Trạm Y tế phường Bình An", "Trạm Y tế"),
    ("Công an xã", "Công an phường"),
    ("Văn phòng Đảng ủy", "Văn phòng"),
    ("Phòng Kinh tế", "Phòng Văn hóa - Xã hội"),
    ("UBND tỉnh", "UBND phường"),
    ("Sở Y tế", "Trạm Y tế"),
    ("Hội Nông dân", "Hội Nhân dân"),
    ("Công an tỉnh", "Công an phường"),
    ("Phòng Kinh tế", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ("Trung tâm Y tế", "Trạm Y tế"),
    ("Sở Tài chính", "Sở Tư pháp"),
    ("UBND thành phố", "UBND phường"),
    ("HĐND phường", "UBND phường"),
    ("Chủ tịch UBND phường", "UBND phường"),
    ("Tổ dân phố 1", "Tổ dân phố 2"),
    ("Phòng Nội vụ", "Sở Nội vụ"),
    ("Ban Chỉ đạo", "Ban Chỉ huy"),
)


@pytest.mark.parametrize(("printed", "registered"), SAME)
def test_one_organ_however_it_is_written(printed: str, registered: str) -> None:
    assert NameBook({fold_name(registered, TAIL): "unit"}, TAIL).resolve(printed) == "unit"


@pytest.mark.parametrize(("printed", "registered"), APART)
def test_another_organ_is_never_taken_for_it(printed: str, registered: str) -> None:
    assert NameBook({fold_name(registered, TAIL): "unit"}, TAIL).resolve(printed) is None


REGISTER = (
    "Trung tâm Phục vụ hành chính công",
    "Văn phòng HĐND và UBND",
    "Trạm Y tế",
    "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Phòng Văn hóa - Xã hội",
    "Công an phường",
    "Ủy ban MTTQ Việt Nam phường",
    "Hội Liên hiệp Phụ nữ",
    "Các phòng, ban chuyên môn",
    "Tổ dân phố 1",
    "Tổ dân phố 2",
)
BOOK = NameBook({fold_name(name, TAIL): name for name in REGISTER}, TAIL)
# The name a plan prints, and the candidate that must stand first in the question ("" for none).
NEAR = {
    "Trung tâm Phục vụ hàng chính công": "Trung tâm Phục vụ hành chính công",
    "Trung tâm Phục vụ vụ hành chính công": "Trung tâm Phục vụ hành chính công",
    "Trạm Ytế": "Trạm Y tế",
    "Trạm Y té xã": "Trạm Y tế",
    "Phòng KT": "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Phòng Kinh tế": "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Phòng Văn hóa": "Phòng Văn hóa - Xã hội",
    "Phòng Văn hóa - Thông tin": "Phòng Văn hóa - Xã hội",
    "Công chức Văn hóa - Xã hội": "Phòng Văn hóa - Xã hội",
    "Văn phòng UBND": "Văn phòng HĐND và UBND",
    "Cán bộ Trung tâm PVHCC": "Trung tâm Phục vụ hành chính công",
    "các phòng chuyên môn": "Các phòng, ban chuyên môn",
    "Hội phụ nữ": "Hội Liên hiệp Phụ nữ",
    "Mặt trận": "Ủy ban MTTQ Việt Nam phường",
    "TDP 2": "Tổ dân phố 2",
    "Công na phường": "Công an phường",
    "Sở Khoa học và Công nghệ": "",
    "Cảng vụ hàng không": "",
}


@pytest.mark.parametrize("printed", NEAR)
def test_a_name_nobody_registered_is_asked_with_the_nearest_first(printed: str) -> None:
    assert BOOK.resolve(printed) is None
    assert (BOOK.nearest(printed) or [""])[0] == NEAR[printed]


def test_a_slip_of_the_keyboard_is_told_from_another_unit() -> None:
    assert BOOK.misspelt("Trung tâm Phục vụ hàng chính công") == "Trung tâm Phục vụ hành chính công"
    assert BOOK.misspelt("Tổ dân phố 3") is None, "a number is never a slip"
    assert BOOK.misspelt("Phòng Kinh tế") is None, "a part of a name is another name"


def test_a_name_kept_before_an_abbreviation_was_known_still_answers() -> None:
    assert NameBook({fold_name("Sở GD&ĐT"): "so"}).resolve("Sở Giáo dục và Đào tạo") == "so"


NAMES = st.sampled_from([*REGISTER, *(printed for printed, _ in SAME)])


@given(NAMES)
def test_a_registered_name_resolves_to_itself(name: str) -> None:
    assert NameBook({fold_name(name, TAIL): "unit"}, TAIL).resolve(name) == "unit"
    assert NameBook({fold_name(name): "unit"}, TAIL).resolve(name) == "unit", "as a name learned from an answer is kept"


@given(NAMES, st.sampled_from(["NFC", "NFD"]), st.sampled_from([" ", "  ", "\u00a0"]), st.booleans())
def test_letters_spaces_and_case_never_matter(name: str, form: str, space: str, capitals: bool) -> None:
    written = unicodedata.normalize("NFD", name) if form == "NFD" else name
    written = f" {written.replace(' ', space)}. "
    assert fold_name(written.upper() if capitals else written, TAIL) == fold_name(name, TAIL)


@given(NAMES)
def test_where_the_tone_stands_never_matters(name: str) -> None:
    moved = name.replace("óa", "oá").replace("òa", "oà").replace("Ủy", "Uỷ").replace("ủy", "uỷ")
    assert fold_name(moved, TAIL) == fold_name(name, TAIL)


@given(st.text(max_size=40))
def test_nearest_of_anything_names_known_units_once(name: str) -> None:
    found = BOOK.nearest(name)
    assert len(found) == len(set(found)) <= 4
    assert set(found) <= set(REGISTER)
