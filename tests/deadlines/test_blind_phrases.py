"""Phrases with readings given by hand before the reader saw them: right, or asked, never wrong.

How ``blind_phrases.txt`` and ``more_blind_phrases.txt`` write a reading, in a plan of 2026: ``o6-30`` once due 30 June
(``o2027-1-4`` in 2027); ``M19`` monthly, ``N4`` monthly on that day of the month after, ``Q20`` in the last month of
every quarter (a month that lacks the day: its last); ``R6-14,12-14`` recurring on those days; ``W5`` weekly on Friday;
``ME QE HE YE`` the ends of months, quarters, halves, the year; ``daily``; ``C`` continuous, ``E`` on event, ``D`` on
demand, ``B`` by reference; ``ask`` where no reading would be right.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from deadlines import read_phrase

YEAR = 2026
Meaning = frozenset[tuple[object, ...]]
_WAITING = {"C": "continuous", "E": "on_event", "D": "on_demand", "B": "by_reference"}
_ENDS = {"ME": range(1, 13), "QE": (3, 6, 9, 12), "HE": (6, 12), "YE": (12,)}
_FIRST_MONTHS = {"M": 0, "N": 1, "Q": 0}


def sections() -> dict[str, list[tuple[str, str]]]:
    """The phrases with their readings, by the heading that they stand under."""
    found: dict[str, list[tuple[str, str]]] = {}
    heading = ""
    lists = (Path(__file__).parent / name for name in ("blind_phrases.txt", "more_blind_phrases.txt"))
    for line in [line for each in lists for line in each.read_text(encoding="utf-8").splitlines()]:
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            phrase, _, reading = line.rpartition(" | ") if " | " in line else (line, "", "")
            found.setdefault(heading, []).append((phrase, reading))
    return found


def expected(reading: str) -> Meaning:
    return frozenset(_rule(word) for word in reading.split() if word != "ask")


def _rule(word: str) -> tuple[object, ...]:
    sign, rest = word[0], word[1:]
    if word in _WAITING:
        return (_WAITING[word],)
    if word == "daily":
        return "recurring", ()
    if word in _ENDS:
        return "recurring", tuple(_day(month, 31) for month in _ENDS[word])
    if sign == "o":
        return "once", _named(rest)
    if sign == "W":
        first = next(day for day in (date(YEAR, 1, number) for number in range(1, 8)) if day.isoweekday() == int(rest))
        return "recurring", tuple((first + timedelta(weeks=week)).isoformat() for week in range(4))
    if sign == "R":
        return "recurring", tuple(_named(each) for each in rest.split(","))
    months = (3, 6, 9, 12) if sign == "Q" else range(1, 13)
    return "recurring", tuple(_day(month + _FIRST_MONTHS[sign], int(rest)) for month in months)


def _day(month: int, day: int) -> str:
    year, month = YEAR + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1])).isoformat()


def _named(words: str) -> str:
    parts = [int(part) for part in words.split("-")]
    return date(*(parts if len(parts) == 3 else (YEAR, *parts))).isoformat()


def meant(rules: list[dict[str, Any]]) -> Meaning:
    return frozenset(_meant(rule) for rule in rules)


def _meant(rule: dict[str, Any]) -> tuple[object, ...]:
    if rule["kind"] == "once":
        return "once", rule["due"]
    if rule["kind"] == "recurring":
        dates = rule.get("due_dates") or []
        return "recurring", tuple(dates[:4] if rule["freq"] == "weekly" else dates)
    return (str(rule["kind"]),)


PHRASES = sections()


@pytest.mark.parametrize(("phrase", "reading"), PHRASES["read"], ids=lambda text: str(text))
def test_phrase_is_read_as_by_hand(phrase: str, reading: str) -> None:
    answer = read_phrase(phrase, YEAR).to_json()
    assert answer["question"] is None
    assert meant(answer["rules"]) == expected(reading)


@pytest.mark.parametrize(("phrase", "reading"), PHRASES["doubtful"], ids=lambda text: str(text))
def test_doubtful_phrase_is_asked_or_read_as_by_hand(phrase: str, reading: str) -> None:
    answer = read_phrase(phrase, YEAR).to_json()
    assert answer["status"] == "ask" or meant(answer["rules"]) == expected(reading)


@pytest.mark.parametrize("phrase", [phrase for phrase, _ in PHRASES["no deadline"]])
def test_look_alike_is_asked(phrase: str) -> None:
    answer = read_phrase(phrase, YEAR).to_json()
    assert (answer["status"], answer["rules"]) == ("ask", [])
    assert answer["question"]
