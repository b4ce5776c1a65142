"""One organ, however it is written, and never another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.unit_keys import Tail, fold_name
from plans.unit_names import NameBook, is_vague

TAIL = Tail("phường", "An Hòa")
SAME = {
    "accent placed on the other vowel": ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
    "abbreviation of the committee": ("UBND", "Ủy ban nhân dân"),
    "ampersand for and": ("VP HĐND&UBND", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân"),
    "hyphen for and": ("VP HĐND - UBND", "Văn phòng HĐND và UBND"),
    "public service centre": ("TT PVHCC", "Trung tâm Phục vụ hành chính công"),
    "one word abbreviation": ("TTPVHCC phường", "Trung tâm Phục vụ hành chính công"),
    "own ward as tail": ("Trung tâm PVHCC phường An Hoà", "Trung tâm Phục vụ hành chính công"),
    "bare ward as tail": ("Văn phòng HĐND và UBND phường", "Văn phòng HĐND và UBND"),
    "own committee": ("Ủy ban nhân dân phường An Hòa", "UBND phường"),
    "dotted department": ("P. KT-HT-ĐT", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    "dash and case": ("PHÒNG VĂN HÓA – XÃ HỘI", "Phòng Văn hoá - Xã hội"),
    "short culture": ("Phòng VH-XH", "Phòng Văn hóa và Xã hội"),
    "one stop desk": ("Bộ phận TN&TKQ", "Bộ phận Tiếp nhận và Trả kết quả"),
    "i for y": ("Trạm I tế", "Trạm Y tế"),
}
DIFFERENT = {
    "another ward": ("Trạm Y tế phường Bình An", "Trạm Y tế"),
    "a commune is no ward": ("Công an xã", "Công an phường"),
    "office and party": ("Văn phòng Đảng ủy", "Văn phòng"),
    "two departments": ("Phòng Kinh tế", "Phòng Văn hóa - Xã hội"),
    "province": ("UBND tỉnh", "UBND phường"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_one_organ_has_one_key(one: str, other: str) -> None:
    assert fold_name(one, TAIL) == fold_name(other, TAIL) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_organs_have_two_keys(one: str, other: str) -> None:
    assert fold_name(one, TAIL) != fold_name(other, TAIL)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(name: str) -> None:
    once = fold_name(name, TAIL)
    assert fold_name(once) == fold_name(fold_name(once))
    assert once == once.strip().casefold()


@given(st.sampled_from(sorted(pair[0] for pair in SAME.values())))
def test_case_never_matters(name: str) -> None:
    assert fold_name(name.upper(), TAIL) == fold_name(name.lower(), TAIL) == fold_name(name, TAIL)


def book(*names: str) -> NameBook:
    return NameBook({fold_name(name, TAIL): f"u{number}" for number, name in enumerate(names)}, TAIL)


def test_an_exact_name_resolves_and_a_typo_only_suggests() -> None:
    known = book("Trung tâm Phục vụ hành chính công", "Văn phòng HĐND và UBND", "Trạm Y tế")
    assert known.resolve("TTPVHCC phường An Hòa") == "u0"
    assert known.resolve("Trung tâm Phục vụ vụ hành chính công") is None
    assert known.nearest("Trung tâm Phục vụ vụ hành chính công")[0] == "u0"


def test_a_name_like_nothing_has_no_candidates() -> None:
    assert book("Trạm Y tế").nearest("Sở Khoa học và Công nghệ") == []


def test_candidates_name_a_unit_once_and_are_at_most_four() -> None:
    keys = {fold_name(f"Phòng Kinh tế {n}"): f"u{n % 6}" for n in range(20)}
    found = NameBook(keys).nearest("Phòng Kinh tế")
    assert len(found) == len(set(found)) == 4


VAGUE = ("Các cơ quan, đơn vị có liên quan", "các bộ phận chuyên môn", "Các Sở, ngành của tỉnh", "Đơn vị liên quan")


@pytest.mark.parametrize("name", VAGUE)
def test_words_for_nobody_in_particular_are_vague(name: str) -> None:
    assert is_vague(name)


@pytest.mark.parametrize("name", ["Văn phòng HĐND và UBND", "Cảng vụ", "Công an phường", "Sở Y tế"])
def test_names_of_organs_are_not_vague(name: str) -> None:
    assert not is_vague(name)
