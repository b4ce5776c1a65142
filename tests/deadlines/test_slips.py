"""Slips of scanning and typing in the words and figures that matter: understood and told where sure, else asked."""

from __future__ import annotations

import pytest

from deadlines import read_phrase

YEAR = 2026
SAME = {
    "trước ngày l5/6/2026": "trước ngày 15/6/2026",
    "trước ngày I5/6": "trước ngày 15/6",
    "trước ngày 3O/6": "trước ngày 30/6",
    "Chậm nhất ngày 15/l0/2026": "Chậm nhất ngày 15/10/2026",
    "Tháng O6/2026": "Tháng 06/2026",
    "Tháng 1O năm 2026": "Tháng 10 năm 2026",
    "trước ngày l8 hằng tháng": "trước ngày 18 hằng tháng",
    "trước ngày 15/6/2O26": "trước ngày 15/6/2026",
    "Trong năm 2O26": "Trong năm 2026",
    "Định kỷ hằng quý": "Định kỳ hằng quý",
    "Định kǶ 06 tháng": "Định kỳ 06 tháng",
    "Thưởng xuyên": "Thường xuyên",
    "Thuờng xuyên": "Thường xuyên",
    "Đợt xuất": "Đột xuất",
}


@pytest.mark.parametrize("slip", SAME)
def test_a_sure_slip_reads_as_what_was_meant_and_is_told(slip: str) -> None:
    read, meant = read_phrase(slip, YEAR), read_phrase(SAME[slip], YEAR)
    assert meant.status == "read"
    assert (read.status, read.rules) == (meant.status, meant.rules)
    assert any("được hiểu là" in line for line in read.explanation)


UNTOUCHED = [
    "Quý II/2026", "Quý I/2026", "Q2/2026", "01/QĐ-UBND", "Io/6", "ngày 4l/6/2026", "Mục lO", "OO/6",
]  # fmt: skip


@pytest.mark.parametrize("phrase", UNTOUCHED)
def test_what_may_be_something_else_is_left_alone(phrase: str) -> None:
    assert not any("được hiểu là" in line for line in read_phrase(phrase, YEAR).explanation)


def test_spaces_and_signs_that_cannot_be_seen_change_nothing() -> None:
    odd = read_phrase("Trước\u00a0ngày\u3000 20\u2009hằng\u200c th\u00adáng", YEAR)
    assert odd.rules == read_phrase("Trước ngày 20 hằng tháng", YEAR).rules != ()
