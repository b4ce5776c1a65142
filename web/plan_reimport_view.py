"""What the re-import page shows: the difference by duty, word by word, and the fate of each occurrence."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

from plans.differing import FIELDS
from plans.rehearsal import Fate, Rehearsal

WORDS = re.compile(r"\S+|\s+")
FATES = {
    "moved": "Đổi hạn",
    "cancelled": "Hủy",
    "added": "Thêm",
    "back": "Mở lại",
}
DONE = {"accepted": "đã hoàn thành", "submitted": "đã nộp", "recorded": "chỉ ghi nhận"}


@dataclass(frozen=True)
class Piece:
    """A run of words that stands in both texts, only in the old one ("del") or only in the new one ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    """One field of a duty that reads otherwise in the new file."""

    name: str
    pieces: list[Piece]


@dataclass(frozen=True)
class DutyChange:
    """One duty of the difference: `kind` is added, removed, changed or dated (only its dates move)."""

    kind: str
    number: str
    content: str
    facts: list[str]
    fields: list[FieldChange]
    fates: list[Fate]


def duty_changes(rehearsal: Rehearsal) -> list[DutyChange]:
    """Every duty that the new file changes: added, removed, changed, then those whose dates alone move."""
    difference = rehearsal.difference
    made = [
        *(_whole("added", difference.new[key][1], key, rehearsal.fates) for key in difference.added),
        *(_whole("removed", difference.old[key][1], key, rehearsal.fates) for key in difference.removed),
    ]
    for change in difference.changed:
        old, new = difference.old[change.old_key][1], difference.new[change.new_key][1]
        fields = [FieldChange(FIELDS[name], list(pieces(said(old[name]), said(new[name])))) for name in change.fields]
        number = new["ordinal"] or change.new_key
        made.append(DutyChange("changed", number, new["content"], [], fields, rehearsal.of(change)))
    for change in difference.kept:
        if not change.fields and rehearsal.of(change):
            new = difference.new[change.new_key][1]
            number = new["ordinal"] or change.new_key
            made.append(DutyChange("dated", number, new["content"], [], [], rehearsal.of(change)))
    return made


def _whole(kind: str, row: dict[str, object], key: str, fates: dict[str, list[Fate]]) -> DutyChange:
    facts = [f"{FIELDS[name].capitalize()}: {said(row[name])}" for name in FIELDS if name != "content" and row[name]]
    return DutyChange(kind, str(row["ordinal"] or key), str(row["content"]), facts, [], fates.get(key, []))


def said(value: object) -> str:
    """A field in words; the names of units with semicolons between them."""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Two texts held against each other word by word."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("", "".join(before[a:b]))
            continue
        yield from _piece("del", before[a:b])
        yield from _piece("ins", after[c:d])


def _piece(kind: str, words: Iterable[str]) -> Iterator[Piece]:
    text = "".join(words)
    if text:
        yield Piece(kind, text)


def stamp_of(rehearsal: Rehearsal) -> str:
    """Changes when applying the file would do something else than what was shown."""
    shown = [list(rehearsal.difference.lines()), {key: [asdict(each) for each in fates] for key, fates in
             sorted(rehearsal.fates.items())}]  # fmt: skip
    return hashlib.sha256(json.dumps(shown, default=str, ensure_ascii=False).encode()).hexdigest()[:24]
