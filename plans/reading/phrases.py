"""Deadline words of a row to rules, through the one deadline reader; without a sure year, nothing is dated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from config.phrases import read_phrase
from deadlines import PhraseReading
from plans.reading.model import Json
from plans.reading.text import flat, unbulleted

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_UNDATED = {"continuous", "on_event", "on_demand", "by_reference"}


@dataclass(frozen=True, slots=True)
class Dated:
    """What the deadline reader said: "read" with rules, or "ask" with the question."""

    rules: tuple[Json, ...]
    status: str
    question: str | None


NO_DEADLINE = "Văn bản không ghi thời gian thực hiện; cần xác định thời hạn."


def dated(text: str, year: int | None) -> Dated:
    """Read the words of a time cell. An empty cell, and a date whose year is not known, is a question."""
    if not text:
        return Dated((), "ask", NO_DEADLINE)
    read = _read(_plain(text), year or 2000)
    rules = tuple(rule.to_json() for rule in read.rules)
    if read.status == "read" and year is None and not _year_free(text, rules):
        return Dated((), "ask", "Không rõ năm của kế hoạch nên chưa tính được ngày; đọc lại với --year NĂM.")
    return Dated(rules, str(read.status), read.question or None)


@lru_cache(maxsize=4096)
def _read(text: str, year: int) -> PhraseReading:
    """Plans repeat their deadlines in hundreds of rows, and the same words of the same year mean the same."""
    return read_phrase(text, year)


def _plain(text: str) -> str:
    """The words on one line, each list item closed by a semicolon as one sentence would have it."""
    items = [unbulleted(part).strip() for line in text.split("\n") for part in re.split(r"(?<=[.;])\s+[-–+•]\s+", line)]
    return flat("; ".join(item.rstrip(" .;") for item in items if item))


def _year_free(text: str, rules: tuple[Json, ...]) -> bool:
    return bool(_YEAR.search(text)) or all(rule["kind"] in _UNDATED for rule in rules)
