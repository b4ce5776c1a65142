"""What a corrected file changes in a plan: duties added, removed, changed. Pure.

A duty is known again by its words first and by its key second: a row put in at the top renumbers every row below it,
and what was done for a duty must not pass to its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from config.unit_keys import fold_name
from db.models import Json

# Key to (standing, row).
Rows = dict[str, tuple[bool, Json]]
FIELDS = {
    "content": "nội dung",
    "deliverable": "sản phẩm",
    "leads": "chủ trì",
    "coordinators": "phối hợp",
    "deadline_text": "thời hạn",
}
# What a plan file does not say and a workbook does.
SETTINGS = {
    "cycle": "kỳ kiểm tra tiến độ",
    "regime": "cách chốt số liệu",
    "ladder": "thang nhắc",
    "superior_text": "hạn cấp trên",
}
STANDING = "nhiệm vụ thuộc"
KINDS = {False: "bảng", True: "lời văn"}
SAME_DUTY = 0.6


@dataclass(frozen=True)
class Change:
    """One duty that stands in both files: its key in each, and the fields whose words differ."""

    old_key: str
    new_key: str
    fields: tuple[str, ...]

    @property
    def moves_dates(self) -> bool:
        """Whether the deadline, who leads, or how it is dated has changed."""
        return bool({"deadline_text", "leads", "cycle", "regime"} & set(self.fields))


@dataclass
class Difference:
    """Two readings of one plan compared by duty; `old` and `new` are the rows by key."""

    old: Rows
    new: Rows
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    # New key to the rows of the file the duty is made of; key of a dropped duty to the same.
    origins: dict[str, list[str]] = field(default_factory=dict)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    # Remarks on what people had corrected by hand.
    notes: list[str] = field(default_factory=list)
    # What changes beside the duties: head and targets, one line each; the targets and head to be.
    others: list[str] = field(default_factory=list)
    targets: list[tuple[int | None, Json]] = field(default_factory=list)
    head: Json = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each duty in the plan as it is to be, by new key."""
        return {key: place for place, key in enumerate(self.new)}

    @property
    def changed(self) -> list[Change]:
        """The duties whose words differ."""
        return [change for change in self.kept if change.fields]

    def __bool__(self) -> bool:
        """Whether any duty, target or part of the head was added, removed or changed."""
        return bool(self.added or self.removed or self.changed or self.others)

    def lines(self) -> Iterator[str]:
        """The difference as an officer reads it."""
        if not (self.added or self.removed or self.changed):
            yield "Các nhiệm vụ không thay đổi."
        for key in self.added:
            yield f"+ {key}. {self.new[key][1]['content']}"
        for key in self.removed:
            yield f"- {key}. {self.old[key][1]['content']}"
        for change in self.changed:
            yield f"~ {change.new_key}. {self.new[change.new_key][1]['content']}"
            for called, before, after in self.details(change):
                yield f"    {called}: «{before}» → «{after}»"
        yield from self.others
        yield from (f"Lưu ý: {note}" for note in self.notes)

    def details(self, change: Change) -> Iterator[tuple[str, str, str]]:
        """Each changed field of a duty: its name in Vietnamese, the words before and after."""
        (was, old), (now, new) = self.old[change.old_key], self.new[change.new_key]
        for name in change.fields:
            if name == "standing":
                yield STANDING, KINDS[was], KINDS[now]
            else:
                yield {**FIELDS, **SETTINGS}[name], words_of(old.get(name)), words_of(new.get(name))


def compare(old: Rows, new: Rows, known: Mapping[str, str] | None = None) -> Difference:
    """Match the duties of two readings, each at most once: as `known`, else same words, else same key with like words.

    With `known` (old key to new key) the matching is settled, and only what it leaves out is matched by words.
    """
    difference = Difference(old, new)
    pairs = dict(known or {})
    settled = set(pairs.values())
    left = {key: row for key, row in old.items() if key not in pairs}
    pairs |= _matched(left, {key: row for key, row in new.items() if key not in settled})
    found = set(pairs.values())
    difference.kept = [Change(key, pairs[key], _differing(old[key], new[pairs[key]])) for key in old if key in pairs]
    difference.removed = [key for key in old if key not in pairs]
    difference.added = [key for key in new if key not in found]
    return difference


def _matched(old: Rows, new: Rows) -> dict[str, str]:
    pairs = _same_words(old, new)
    taken = set(pairs.values())
    for key in old.keys() - pairs.keys():
        if key in new and key not in taken and _alike(old[key][1], new[key][1]):
            pairs[key] = key
    return pairs


def _same_words(old: Rows, new: Rows) -> dict[str, str]:
    waiting: dict[tuple[bool, str], list[str]] = {}
    for key, (standing, row) in new.items():
        waiting.setdefault((standing, fold_name(row["content"])), []).append(key)
    pairs: dict[str, str] = {}
    # Of several rows with one content (two products of one duty), the one with the same number is the same.
    for key, (standing, row) in old.items():
        found = waiting.get((standing, fold_name(row["content"])), [])
        if key in found:
            pairs[key] = found.pop(found.index(key))
    for key, (standing, row) in old.items():
        found = waiting.get((standing, fold_name(row["content"])), [])
        if key not in pairs and found:
            pairs[key] = found.pop(0)
    return pairs


def same_words(row: Json, folded: str) -> bool:
    """Whether the content of a row is these folded words."""
    return bool(folded and fold_name(row["content"]) == folded)


def _alike(one: Json, other: Json) -> bool:
    return SequenceMatcher(None, fold_name(one["content"]), fold_name(other["content"])).ratio() >= SAME_DUTY


def _differing(old: tuple[bool, Json], new: tuple[bool, Json]) -> tuple[str, ...]:
    printed = tuple(name for name in FIELDS if words_of(old[1].get(name)) != words_of(new[1].get(name)))
    settings = tuple(name for name in SETTINGS if name in new[1] and name in old[1] and old[1][name] != new[1][name])
    return (*printed, *settings, *(("standing",) if old[0] != new[0] else ()))


def words_of(value: Any) -> str:
    """A field as it is compared and shown."""
    return "; ".join(value) if isinstance(value, list | tuple) else str(value or "")
