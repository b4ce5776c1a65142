"""What the pieces of a phrase come to: rules, remarks, and reasons to ask with the ways each may be meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice, product
from typing import NamedTuple

from deadlines.rules import Recurring, Rule
from deadlines.spans import Unsure, Way

MOST_WAYS = 8


class Reading(NamedTuple):
    """One rule with the first and last token of its words."""

    rule: Rule
    start: int
    end: int


class Doubtful(NamedTuple):
    """The ways that one doubtful part may be meant, and how many sure rules stand before it."""

    place: int
    ways: tuple[Way, ...]


@dataclass
class Outcome:
    """What the pieces mean: rules, remarks for the explanation, reasons to ask, and what doubtful words may mean.

    ``either`` when "hoặc" stands between two of the rules, so that one of them alone may be meant; ``others`` are ways
    in which the whole phrase may be meant besides.
    """

    readings: list[Reading] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    doubts: list[Doubtful] = field(default_factory=list)
    either: bool = False
    others: list[Way] = field(default_factory=list)

    def ask(self, reason: Exception) -> None:
        """Takes note of a part that only a person can decide."""
        self.questions.append(str(reason))
        if isinstance(reason, Unsure) and reason.ways:
            self.doubts.append(Doubtful(len(self.readings), reason.ways))

    @property
    def rules(self) -> Way:
        """The sure rules in the order of their words, each once."""
        rules = [reading.rule for reading in self.readings]
        return tuple(dict.fromkeys(rules) if len(rules) > 1 else rules)

    def ways(self) -> tuple[Way, ...]:
        """The ways the whole phrase may be meant: each the sure rules and one choice of every doubt."""
        choices = islice(product(*(doubt.ways for doubt in self.doubts)), MOST_WAYS)
        whole = [self._with(choice) for choice in choices]
        singles = [(rule,) for rule in whole[0]] if self.either and whole else []
        return tuple(way for way in dict.fromkeys([*singles, *whole, *self.others]) if way)

    def _with(self, choice: tuple[Way, ...]) -> Way:
        parts: list[Way] = [(reading.rule,) for reading in self.readings]
        for doubt, way in reversed(list(zip(self.doubts, choice, strict=True))):
            parts.insert(doubt.place, way)
        rules = dict.fromkeys(chain.from_iterable(parts))
        said = {_same_days(rule) for rule in rules if isinstance(rule, Recurring) and not rule.anchor}
        return tuple(rule for rule in rules if not getattr(rule, "anchor", None) or _same_days(rule) not in said)


def _same_days(rule: Rule) -> tuple[object, ...]:
    """What "hằng tháng" and "cuối tháng" beside it have in common."""
    return (rule.freq, rule.due_dates) if isinstance(rule, Recurring) else (rule,)
