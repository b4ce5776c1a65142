"""What a corrected file changes in a plan: duties added, removed, changed. Pure.

A duty is known again by its words first and by its key second: a row put in at the top renumbers every row below it,
and what was done for a duty must not pass to its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from config.unit_keys import fold_name
from db.models import Json

FIELDS = {
    "content": "nội dung",
    "deliverable": "sản phẩm",
    "leads": "chủ trì",
    "coordinators": "phối hợp",
    "deadline_text": "thời hạn",
}
SAME_DUTY = 0.6


@dataclass(frozen=True)
class Change:
    """One duty that stands in both files: its key in each, and the fields whose words differ."""

    old_key: str
    new_key: str
    fields: tuple[str, ...]

    @property
    def moves_dates(self) -> bool:
        """Whether the deadline or who leads has changed."""
        return bool({"deadline_text", "leads"} & set(self.fields))


@dataclass
class Difference:
    """Two readings of one plan compared by duty; `old` and `new` are the rows by key."""

    old: dict[str, tuple[bool, Json]]
    new: dict[str, tuple[bool, Json]]
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)

    @property
    def changed(self) -> list[Change]:
        """The duties whose words differ."""
        return [change for change in self.kept if change.fields]

    def __bool__(self) -> bool:
        """Whether any duty was added, removed or changed."""
        return bool(self.added or self.removed or self.changed)

    def lines(self) -> Iterator[str]:
        """The difference as an officer reads it."""
        if not self:
            yield "Các nhiệm vụ không thay đổi."
        for key in self.added:
            yield f"+ {key}. {self.new[key][1]['content']}"
        for key in self.removed:
            yield f"- {key}. {self.old[key][1]['content']}"
        for change in self.changed:
            yield f"~ {change.new_key}. {self.new[change.new_key][1]['content']}"
            for name in change.fields:
                before, after = self.old[change.old_key][1][name], self.new[change.new_key][1][name]
                yield f"    {FIELDS[name]}: «{_words(before)}» → «{_words(after)}»"


def compare(old: dict[str, tuple[bool, Json]], new: dict[str, tuple[bool, Json]]) -> Difference:
    """Match the duties of two readings, each at most once: same words, then same key with like words."""
    difference = Difference(old, new)
    pairs = _same_words(old, new)
    taken = set(pairs.values())
    for key in old.keys() - pairs.keys():
        if key in new and key not in taken and _alike(old[key][1], new[key][1]):
            pairs[key] = key
    difference.kept = [
        Change(key, pairs[key], _differing(old[key][1], new[pairs[key]][1])) for key in old if key in pairs
    ]
    difference.removed = [key for key in old if key not in pairs]
    difference.added = [key for key in new if key not in set(pairs.values())]
    return difference


def _same_words(old: dict[str, tuple[bool, Json]], new: dict[str, tuple[bool, Json]]) -> dict[str, str]:
    waiting: dict[tuple[bool, str], list[str]] = {}
    for key, (standing, row) in new.items():
        waiting.setdefault((standing, fold_name(row["content"])), []).append(key)
    pairs: dict[str, str] = {}
    for key, (standing, row) in old.items():
        found = waiting.get((standing, fold_name(row["content"])), [])
        if found:
            # Of several rows with one content (two products of one duty), the one with the same number is the same.
            pairs[key] = found.pop(found.index(key) if key in found else 0)
    return pairs


def _alike(one: Json, other: Json) -> bool:
    return SequenceMatcher(None, fold_name(one["content"]), fold_name(other["content"])).ratio() >= SAME_DUTY


def _differing(old: Json, new: Json) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if _words(old[name]) != _words(new[name]))


def _words(value: str | list[str] | None) -> str:
    return "; ".join(value) if isinstance(value, list) else value or ""
