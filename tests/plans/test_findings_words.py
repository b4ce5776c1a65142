"""How flaws become findings, and the measures of likeness that the audit judges by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot, gathered, where_words
from plans.reading.audit.letters import near_letters
from plans.reading.audit.likeness import common_length, same_work
from plans.reading.audit.syllables import garbled_words, is_speakable
from plans.reading.document import Place

PLACES = {
    "one row": ([Spot(3, Place(line=9), "nhiệm vụ 2")], "nhiệm vụ 2, dòng 9"),
    "rows": (
        [Spot(3, Place(line=9), "nhiệm vụ 2"), Spot(5, Place(line=14), "nhiệm vụ 4")],
        "nhiệm vụ 2, 4 (dòng 9, 14)",
    ),
    "lines": ([Spot(1, Place(line=9)), Spot(2, Place(line=14)), Spot(3, Place(line=14))], "dòng 9, 14"),
    "row and line": ([Spot(1, Place(line=9)), Spot(2, Place(line=14), "nhiệm vụ 4")], "dòng 9, 14"),
    "pages": ([Spot(1, Place(page=1, row=3)), Spot(2, Place(page=2, row=5))], "trang 1, hàng 3; trang 2, hàng 5"),
    "nowhere": ([Spot(), Spot(4)], "cả văn bản"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_places_in_words(name: str) -> None:
    spots, words = PLACES[name]
    assert where_words(spots) == words


def test_many_places_are_cut_short() -> None:
    words = where_words([Spot(at, Place(line=at)) for at in range(1, 31)])
    assert words.endswith("12 và 18 chỗ khác")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=30))
def test_the_same_flaw_is_told_once_in_the_order_of_the_document(told: list[tuple[str, int]]) -> None:
    flaws = [Flaw(code, NOTE, Spot(at, Place(line=at)), f"Lỗi {code}.", "Sửa.") for code, at in told]
    findings = gathered(flaws)
    assert sorted(one.code for one in findings) == sorted({code for code, _ in told})
    firsts = [min(at for code, at in told if code == one.code) for one in findings]
    assert firsts == sorted(firsts)


def test_two_severities_of_one_message_stay_apart() -> None:
    flaws = [Flaw("a", severity, Spot(), "Lỗi.", "Sửa.") for severity in (NOTE, WARNING, NOTE)]
    assert len(gathered(flaws)) == 2


WELL = [
    "ngườì",
    "nghiêng",
    "khuya",
    "quyển",
    "giếng",
    "thuở",
    "hoàng",
    "ôtô",
    "vắcxin",
    "huỳnh",
    "rượu",
    "khuỷu",
    "đường",
    "giữa",
    "oắt",
    "xoong",
    "ngoằn",
]
ILL = ["đươjng", "pôhanaj", "thưc1", "ngđ", "kệtr", "ưđ", "mẩkt"]


@pytest.mark.parametrize("word", WELL)
def test_vietnamese_words_can_be_spoken(word: str) -> None:
    assert is_speakable(word)


def test_words_that_no_syllable_allows_are_garbled() -> None:
    found = {match.group() for match in garbled_words(" ".join([*WELL, *ILL, "Đăk", "blog", "wifi"]))}
    assert found == {word for word in ILL if word.isalpha()}


NEAR = {
    ("trì", "trị"): True,
    ("nước", "nước"): False,
    ("phối", "phối hợp"): False,
    ("ban", "bang"): True,
    ("a", "bc"): False,
}


@pytest.mark.parametrize("pair", NEAR)
def test_near_letters(pair: tuple[str, str]) -> None:
    assert near_letters(*pair) is NEAR[pair]
    assert near_letters(*reversed(pair)) is NEAR[pair]


def test_one_work_in_two_wordings() -> None:
    short = "Định kỳ hằng tháng kiểm tra việc thu gom rác tại chợ và các khu dân cư"
    long = "Tham mưu UBND phường kiểm tra việc thu gom rác tại chợ và các khu dân cư theo Quyết định số 5/QĐ-UBND"
    assert same_work(short, long)
    assert same_work(long, short)
    assert not same_work(short, "Kiểm tra việc thu phí gửi xe tại chợ và các bãi giữ xe trong phường")
    assert not same_work("Thu gom rác", "Thu gom rác tại chợ")


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_the_common_length_is_bounded_and_the_same_both_ways(one: list[str], other: list[str]) -> None:
    length = common_length(tuple(one), tuple(other))
    assert length == common_length(tuple(other), tuple(one)) <= min(len(one), len(other))
    assert common_length(tuple(one), tuple(one)) == len(one)
