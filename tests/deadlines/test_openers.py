"""What the reader leaves out for speed would have found nothing, and what it remembers is what it would read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deadlines import Convention, read_phrase
from deadlines import grammar_clauses as clauses
from deadlines import grammar_days as days
from deadlines import grammar_events as events
from deadlines import grammar_every as frequencies
from deadlines import grammar_except as exceptions
from deadlines import grammar_lengths as lengths
from deadlines import grammar_vague as vague
from deadlines import grammar_waiting as waiting
from deadlines import grammar_windows as windows
from deadlines.parser import READERS, parse
from deadlines.phrases import read_anew, remembered
from deadlines.source import Source, source_of
from deadlines.words import clean
from tests.deadlines.test_blind_phrases import PHRASES
from tests.deadlines.test_phrase_corpus import CORPUS

ALL = [
    *(phrase for part in PHRASES.values() for phrase, _ in part),
    *(phrase for part in CORPUS.values() for phrase in part),
]
SPARING: tuple[Any, ...] = (
    clauses.point, clauses.weekday, clauses.hour_only, windows.window, windows.span, days.day, frequencies.every,
    events.event, events.duration, waiting.mark, exceptions.exception, lengths.length, lengths.first_days,
)  # fmt: skip


def without_openers(source: Source) -> Iterator[tuple[str, int, Any]]:
    """Every reader that says what opens it, tried where none of that stands."""
    for at in range(len(source.tokens)):
        for read in SPARING:
            if not source.starts[at] & read.opened_by:
                yield read.__name__, at, read.__wrapped__(source, at)


def state(source: Source) -> tuple[int, list[str]]:
    return source.furthest, list(source.complaints)


def assert_nothing_is_left_out(phrase: str) -> None:
    source = source_of(clean(phrase).text)
    parse(source)  # which reaches the words that a question names
    before = state(source)
    for name, at, found in without_openers(source):
        nothing = found is None and state(source) == before
        assert nothing, f"{name} finds {found} at {at} of {phrase!r}, where nothing stands that opens it"


def test_reader_finds_nothing_where_nothing_opens_it() -> None:
    for phrase in ALL:
        assert_nothing_is_left_out(phrase)


@given(st.lists(st.sampled_from(sorted({word for phrase in ALL for word in phrase.split()})), min_size=1, max_size=6))
def test_the_same_holds_of_words_in_any_order(words: list[str]) -> None:
    assert_nothing_is_left_out(" ".join(words))


@pytest.mark.parametrize("word", ["Qİ", "Qı", "quý Qİ/2026", "Qﬁ", "Ⅳ/2026", "quý Ⅳ"])
def test_letters_that_only_look_like_a_quarter_are_asked(word: str) -> None:
    assert read_phrase(word, 2026).status == "ask"


def test_remembered_answer_is_the_one_read_anew() -> None:
    for inclusive in (False, True):
        convention = Convention(before_includes_day=inclusive)
        for phrase in ALL[::7]:
            said = remembered(phrase, 2026, convention)
            again = read_phrase(phrase, 2026, convention)
            assert again is said
            assert said.to_json() == read_anew(phrase, 2026, convention).to_json()


def test_each_year_and_each_convention_has_its_own_answer() -> None:
    inclusive = Convention(before_includes_day=True)
    asked = [("trước ngày 15/6", year, convention) for year in (2026, 2027) for convention in (Convention(), inclusive)]
    assert len({str(read_phrase(*each).to_json()["rules"]) for each in asked}) == len(asked)


def test_long_text_is_not_remembered() -> None:
    size = remembered.cache_info().currsize
    read_phrase("thường xuyên " * 50, 2026)
    assert remembered.cache_info().currsize == size


def test_every_reader_says_what_opens_it() -> None:
    assert all(rule.openers for rule in READERS)
    assert vague.VAGUE
