"""Words mistyped once that the plan itself writes right elsewhere, in the very same words before them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from plans.reading.audit.letters import near_letters
from plans.reading.audit.subject import Passage

BEFORE, RIGHT_IN_PLACE, RIGHT_ANYWHERE = 3, 3, 3
_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


@dataclass(slots=True)
class _Words:
    """How often each word stands in the plan, and which words follow which three."""

    counts: Counter[str] = field(default_factory=Counter)
    following: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def slips(passages: Iterable[Passage]) -> Iterator[tuple[Passage, str, str]]:
    """(passage, word, right word): the word stands once in the plan, the right one often, both after the same three."""
    runs = [(passage, run.split()) for passage in passages for run in _RUN.findall(passage.flat.lower())]
    known = _Words()
    for _, words in runs:
        known.counts.update(words)
        for at in range(BEFORE, len(words)):
            known.following[tuple(words[at - BEFORE : at])][words[at]] += 1
    for passage, words in runs:
        for at in range(BEFORE, len(words)):
            right = _right(known, tuple(words[at - BEFORE : at]), words[at])
            if right:
                yield passage, f"{words[at - 1]} {words[at]}", f"{words[at - 1]} {right}"


def _right(known: _Words, before: tuple[str, ...], word: str) -> str | None:
    if known.counts[word] > 1 or len(word) < BEFORE:
        return None
    others = known.following[before]
    return next(
        (
            other
            for other, often in others.most_common()
            if often >= RIGHT_IN_PLACE and known.counts[other] >= RIGHT_ANYWHERE and near_letters(word, other)
        ),
        None,
    )
