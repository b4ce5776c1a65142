"""One digest a person a channel, the latest first, cut at an item."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chasing import Action, Recipient, cut, digests, fit
from tests.chasing.chase_cases import step

AN, BINH = Recipient(1, "zalo"), Recipient(2, "email")


def action(case_id: int, lateness: int = 0) -> Action:
    return Action(case_id, step("s"), ("contact",), "lý do", lateness)


def test_each_person_gets_one_digest_with_the_latest_first() -> None:
    made = digests({1: [AN, BINH], 2: [AN], 3: [AN]}, [action(1, -5), action(2, 3), action(3, -1)])
    assert [(d.recipient, [a.case_id for a in d.actions]) for d in made] == [(AN, [2, 3, 1]), (BINH, [1])]


def test_who_is_not_told_gets_nothing() -> None:
    assert digests({1: []}, [action(1)]) == []


@given(st.lists(st.text("ắb ", min_size=1, max_size=30), max_size=30), st.integers(40, 400))
def test_a_text_is_cut_at_an_item_and_says_how_many_are_left(items: list[str], limit: int) -> None:
    def render(shown: int) -> str:
        rest = f"\nvà {len(items) - shown} việc khác" if shown < len(items) else ""
        return "Đầu\n" + "\n".join(items[:shown]) + rest

    text, shown = fit(len(items), render, limit)
    assert len(text) <= limit
    assert text == unicodedata.normalize("NFC", render(shown))
    assert shown == len(items) or len(unicodedata.normalize("NFC", render(shown + 1))) > limit


def test_a_limit_that_holds_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="over 3"):
        fit(2, lambda shown: "dài quá", 3)


def test_words_are_cut_between_words() -> None:
    assert cut("Rà soát  thủ tục\nhành chính", 18) == "Rà soát thủ tục…"
    assert cut(unicodedata.normalize("NFD", "Rà soát"), 7) == "Rà soát"
