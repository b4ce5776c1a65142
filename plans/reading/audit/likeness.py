"""How alike two wordings of one work are."""

from __future__ import annotations

import re
from functools import lru_cache

from plans.reading.audit.cited import KINDS
from plans.reading.text import fold

_CITING = re.compile(
    rf"\b(?:theo|tai|thuc hien)\s+(?:quy dinh (?:cua|tai) )?(?:{KINDS})\s+(?:so\s)?[^,;]*"
    rf"|\b(?:{KINDS})\s+so\s*:?\s*\d[^,;]*"
)
_DAYS = re.compile(r"(?:truoc |cham nhat )?(?:ngay \d[\d/ ]*|dinh ky\b|hang (?:thang|quy|nam)\b)")


def words_of(text: str) -> tuple[str, ...]:
    """The syllables of a text without accents or marks."""
    return tuple(re.findall(r"[a-z0-9]+", fold(text)))


@lru_cache(maxsize=4096)
def core_of(text: str) -> tuple[str, ...]:
    """The syllables of a duty without the documents it cites and its times."""
    return words_of(_DAYS.sub("", _CITING.sub("", fold(text))))


def same_work(one: str, other: str) -> bool:
    """Whether the shorter wording is said in the longer, in order and nearly whole; short wordings never count."""
    first, second = sorted((core_of(one), core_of(other)), key=len)
    if len(first) < 9 or len(second) > 4 * len(first):
        return False
    return said_in(first, second)


def said_in(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether nearly all of one wording stands in the other, in order."""
    enough = 0.92 * len(first)
    # Cheap before dear: words that are not there at all cannot stand there in order.
    return len(set(first) & set(second)) >= 0.9 * len(set(first)) and common_length(first, second) >= enough


def common_length(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for word in first:
        before = row
        row = [0]
        for at, other in enumerate(second):
            row.append(before[at] + 1 if word == other else max(row[at], before[at + 1]))
    return row[-1]
