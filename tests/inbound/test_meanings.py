"""What an answer means: named sentences, the days that are asked for, and laws that hold for every text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.inbound.folding import fold
from submissions.inbound.meanings import Meaning, read_meaning
from submissions.inbound.wordlists import KNOWN
from tests.submissions.answer_builders import CALENDAR

TODAY = date(2026, 9, 14)
NAMES = ("Lê Thị Hoa", "Phòng Văn hóa - Xã hội", "P. VHXH")


def cases() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("meaning_cases.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines if line and not line.startswith("#")]
    return [(kind.strip(), text.strip().replace("\\n", "\n")) for kind, text in pairs]


def read(text: str) -> Meaning:
    return read_meaning(text, TODAY, NAMES)


def test_every_named_sentence_means_what_it_says() -> None:
    named = cases()
    assert len(named) > 190
    wrong = [(kind, read(text).kind, text) for kind, text in named if read(text).kind != kind]
    assert wrong == []


def test_the_way_of_typing_changes_nothing() -> None:
    ways: dict[str, Callable[[str], str]] = {
        "NFD": lambda text: unicodedata.normalize("NFD", text),
        "capitals": str.upper,
        "no accents": lambda text: "".join(fold(char) if char.isalpha() else char for char in text),
        "spaces": lambda text: f"  {text.replace(' ', '  ')}\r\n",
        "politeness": lambda text: f"Dạ {text} ạ",
        "emoji": lambda text: f"{text} 🙏",
    }
    plain = [(kind, text) for kind, text in cases() if kind in ("acknowledge", "done", "nil", "extension", "question")]
    wrong = [
        (name, kind, way(text))
        for name, way in ways.items()
        for kind, text in plain
        if read(way(text)).kind != kind and "\n" not in text
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("xin gia hạn đến 25/9 vì chờ số liệu các thôn", "2026-09-25", "chờ số liệu các thôn"),
        ("xin gia hạn đến ngày 25/9/2026 do mưa bão.", "2026-09-25", "mưa bão"),
        ("xin gia hạn đến hết ngày 25/9, lý do: mất điện", "2026-09-25", "mất điện"),
        ("xin gia hạn đến 17h ngày 25/9 vì mất điện", "2026-09-25", "mất điện"),
        ("xin lùi sang 25-9 vì mất điện", "2026-09-25", "mất điện"),
        ("xin lùi đến 25.9 vì mất điện", "2026-09-25", "mất điện"),
        ("xin lùi đến 25 tháng 9 vì mất điện", "2026-09-25", "mất điện"),
        ("xin lùi đến ngày 25 tháng 9 năm 2026 vì mất điện", "2026-09-25", "mất điện"),
        ("xin gia hạn đến thứ Sáu tuần sau vì mất điện", "2026-09-25", "mất điện"),
        ("xin gia hạn đến thứ 6 vì mất điện", "2026-09-18", "mất điện"),
        ("xin gia hạn đến thứ sáu tuần này vì mất điện", "2026-09-18", "mất điện"),
        ("xin gia hạn đến thứ Hai tuần tới vì mất điện", "2026-09-21", "mất điện"),
        ("xin gia hạn đến cuối tuần sau vì mất điện", "2026-09-25", "mất điện"),
        ("xin gia hạn đến cuối tuần vì mất điện", "2026-09-18", "mất điện"),
        ("xin gia hạn đến hết tháng 9 vì mất điện", "2026-09-30", "mất điện"),
        ("xin gia hạn đến cuối tháng vì mất điện", "2026-09-30", "mất điện"),
        ("xin gia hạn đến hết tháng sau vì mất điện", "2026-10-31", "mất điện"),
        ("xin gia hạn đến hết quý III vì mất điện", "2026-09-30", "mất điện"),
        ("xin gia hạn đến ngày mai vì mất điện", "2026-09-15", "mất điện"),
        ("xin gia hạn đến ngày 25 vì mất điện", "2026-09-25", "mất điện"),
        ("xin gia hạn đến ngày 5 vì mất điện", "2026-10-05", "mất điện"),
        ("xin gia hạn đến ngày 5 tháng sau vì mất điện", "2026-10-05", "mất điện"),
        ("xin gia hạn đến 5/1 vì mất điện", "2027-01-05", "mất điện"),
        ("xin gia hạn từ 20/9 đến 25/9 vì mất điện", "2026-09-25", "mất điện"),
        ("vì bão từ 20/9, đơn vị xin gia hạn đến 25/9", "2026-09-25", "bão từ 20/9"),
        ("Vì mất điện nên đơn vị xin gia hạn đến 25/9", "2026-09-25", "mất điện"),
        ("don vi xin gia han den 25/9 vi mat dien", "2026-09-25", "mat dien"),
        ("đơn vị xin gia hạn đến 25/9 vì mất điện", "2026-09-25", "mất điện"),
        # The 15th is said, and the 25th, and nothing tells which.
        ("xin gia hạn 15/9 25/9 vì mất điện", None, "mất điện"),
        ("xin gia hạn đến 31/9 vì mất điện", None, "mất điện"),
        ("xin gia hạn ít hôm vì mất điện", None, "mất điện"),
        ("xin gia hạn đến 25/9", "2026-09-25", ""),
        ("địa phương xin gia hạn đến 25/9", "2026-09-25", ""),
    ],
)
def test_a_request_for_time_says_its_day_and_its_reason(text: str, day: str | None, reason: str) -> None:
    meaning = read(text)
    assert meaning.kind == "extension"
    assert meaning.wanted == (None if day is None else meaning.wanted)
    assert (day is None) == (meaning.wanted is None)
    if meaning.wanted is not None:
        assert meaning.wanted.day == date.fromisoformat(str(day))
    assert meaning.reason == reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        # The date in force is Friday 20/3/2026; Monday 30/3 is a day off there.
        ("xin thêm 3 ngày làm việc vì ốm", "2026-03-25"),
        ("xin thêm 3 ngày vì ốm", "2026-03-23"),
        ("xin thêm ba ngày làm việc vì ốm", "2026-03-25"),
        ("xin thêm 1 tuần vì ốm", "2026-03-27"),
        ("xin gia hạn thêm 10 ngày vì ốm", "2026-03-31"),
        ("xin gia hạn 2 ngày làm việc vì ốm", "2026-03-24"),
        ("xin phép nộp chậm hai tuần vì ốm", "2026-04-03"),
    ],
)
def test_days_that_are_asked_for_count_from_the_date_in_force(text: str, day: str) -> None:
    wanted = read(text).wanted
    assert wanted is not None
    assert wanted.day_after(date(2026, 3, 20), CALENDAR) == date.fromisoformat(day)


WORDS = st.sampled_from([*sorted(KNOWN), "chưa", "không", "25/9", "?", "thứ sáu", "đến", "vì", "\n", "DD-1-ABCD", "1"])


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=14).map(" ".join)))
def test_any_text_has_a_meaning(text: str) -> None:
    meaning = read(text)
    assert meaning.sure == (meaning.kind != "question")


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from([text for kind, text in cases() if kind in ("done", "nil", "acknowledge") and "\n" not in text]),
    st.text("bcdghklmpqvx", min_size=5, max_size=9).filter(lambda word: word not in KNOWN),
    st.booleans(),
)
def test_a_word_that_nobody_knows_makes_a_sure_message_unsure(text: str, word: str, before: bool) -> None:
    assert read(f"{word} {text}" if before else f"{text} {word}").kind == "question"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([text for kind, text in cases() if kind in ("done", "nil", "acknowledge") and "\n" not in text]),
    st.sampled_from(["chưa {}", "{} chưa", "{}?", "sắp {}", "không {}", "nếu {}", "mai sẽ {}", "{} nhưng còn thiếu"]),
)
def test_a_denied_asked_or_promised_deed_is_none(text: str, frame: str) -> None:
    assert read(frame.format(text)).kind in ("question", "nil") if "phát sinh" in text else True
    if "phát sinh" not in text and "phat sinh" not in text:
        assert read(frame.format(text)).kind == "question"
