"""One digest a person a channel a day: what goes together, in which order, and how much of it fits."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chasing.deciding import Action


@dataclass(frozen=True)
class Recipient:
    """A person and the channel by which he is reached first."""

    person_id: int
    channel: str


@dataclass(frozen=True)
class Digest:
    """All that one person is told through one channel today, the latest duty first."""

    recipient: Recipient
    actions: tuple[Action, ...]


def digests(told: Mapping[int, Iterable[Recipient]], actions: Iterable[Action]) -> list[Digest]:
    """Group actions by recipient. `told` names, by case id, who hears of it; the order is stable."""
    groups: dict[Recipient, dict[int, Action]] = defaultdict(dict)
    for action in actions:
        for recipient in told.get(action.case_id, ()):
            groups[recipient][action.case_id] = action
    order = sorted(groups, key=lambda recipient: (recipient.person_id, recipient.channel))
    return [Digest(recipient, by_lateness(groups[recipient].values())) for recipient in order]


def by_lateness(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The most overdue first, then the nearest."""
    return tuple(sorted(actions, key=lambda action: (-action.lateness, action.case_id)))


def fit(count: int, render: Callable[[int], str], limit: int) -> tuple[str, int]:
    """The text with as many items as the limit allows, and how many those are.

    `render(shown)` writes the whole text with the first `shown` items and names the number left out. The length is
    counted in NFC characters. Raises ValueError when not even a text without items fits.
    """
    low, high, best = 0, count, ""
    while low < high:
        middle = (low + high + 1) // 2
        text = unicodedata.normalize("NFC", render(middle))
        low, high, best = (middle, high, text) if len(text) <= limit else (low, middle - 1, best)
    if best:
        return best, low
    text = unicodedata.normalize("NFC", render(0))
    if len(text) > limit:
        raise ValueError(f"a text without items has {len(text)} characters, over {limit}")
    return text, 0


def cut(words: str, limit: int) -> str:
    """The words in one line, shortened at a word to `limit` characters with an ellipsis."""
    line = " ".join(unicodedata.normalize("NFC", words).split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
