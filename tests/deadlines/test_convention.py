"""What an office may set: whether "trước ngày 18" lets the 18th count; and the words that leave no choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.phrases import read_phrase as read_as_office
from config.settings import load_settings
from deadlines import Convention, Once, Recurring, read_phrase

INCLUSIVE = Convention(before_includes_day=True)


def due_days(phrase: str, convention: Convention = INCLUSIVE) -> list[str]:
    """The first due day of each rule."""
    rules = read_phrase(phrase, 2026, convention).rules
    dated = [rule for rule in rules if isinstance(rule, (Once, Recurring))]
    return [(rule.due if isinstance(rule, Once) else rule.due_dates[0]).isoformat() for rule in dated]


@pytest.mark.parametrize(
    ("phrase", "days"),
    [
        ("Trước ngày 15/3/2026", ["2026-03-15"]),
        ("trước ngày 18 hằng tháng", ["2026-01-18"]),
        ("trước ngày 01/7/2026", ["2026-07-01"]),
        ("chậm nhất trước ngày 20/4/2026", ["2026-04-20"]),
        ("Tháng 5/2026 (trước ngày 20/5/2026)", ["2026-05-20"]),
        ("trước thứ Sáu hằng tuần", ["2026-01-02"]),
        ("trước ngày 10/6 và ngày 10/12 hằng năm", ["2026-06-10"]),
    ],
)
def test_the_named_day_counts_where_the_office_says_so(phrase: str, days: list[str]) -> None:
    assert due_days(phrase) == days
    assert due_days(phrase, Convention()) != days


@pytest.mark.parametrize(
    "phrase",
    [
        "chậm nhất ngày 20/5/2026",
        "trước tháng 6/2026",
        "trước quý III/2026",
        "trước tháng 6 hằng năm",
        "Hằng năm (trước tháng 11)",
        "trước 15 giờ ngày 20/5/2026",
        "trước khi khai mạc ít nhất 10 ngày",
    ],
)
def test_words_on_which_all_agree_do_not_change(phrase: str) -> None:
    assert read_phrase(phrase, 2026, INCLUSIVE).rules == read_phrase(phrase, 2026).rules != ()


def test_the_explanation_names_the_reading_in_use() -> None:
    phrase = "trước ngày 18 hằng tháng"
    assert any("không tính chính ngày đó" in step for step in read_phrase(phrase, 2026).explanation)
    assert any("tính cả chính ngày đó" in step for step in read_phrase(phrase, 2026, INCLUSIVE).explanation)


def test_a_question_offers_what_the_office_would_mean() -> None:
    (onces, _) = read_phrase("Trước ngày 10/6 và ngày 10/12", 2026, INCLUSIVE).candidates
    assert [str(rule.to_json()["due"]) for rule in onces] == ["2026-06-10", "2026-12-10"]


@pytest.fixture
def inclusive_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    monkeypatch.setenv("DONDOC_BEFORE_INCLUDES_DAY", "true")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()


@pytest.mark.usefixtures("inclusive_office")
def test_the_setting_of_the_office_is_used() -> None:
    (rule,) = read_as_office("trước ngày 18/5/2026", 2026).rules
    assert isinstance(rule, Once)
    assert rule.due.isoformat() == "2026-05-18"
