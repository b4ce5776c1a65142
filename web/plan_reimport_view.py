"""What the re-import page shows: the difference by duty, word by word, and what becomes of each occurrence."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

from db.models import Json
from plans.differing import FIELDS
from plans.redating import Moved
from plans.reimporting import Preview

WORDS = re.compile(r"\S+|\s+")
FATES = {"moved": "Đổi hạn", "cancelled": "Hủy", "added": "Thêm", "recorded": "Chỉ ghi nhận"}


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
    fates: list[Moved]


def duty_changes(preview: Preview) -> list[DutyChange]:
    """Every duty that the new file changes: added, removed, changed, then those of which only dates move."""
    difference, fates = preview.difference, _fates(preview)
    made = [
        *(_whole("added", difference.new[key][1], key, fates) for key in difference.added),
        *(_whole("removed", difference.old[key][1], key, fates) for key in difference.removed),
    ]
    for change in difference.kept:
        moved = fates.get(change.new_key, [])
        if change.fields or moved:
            row = difference.new[change.new_key][1]
            fields = [FieldChange(name, list(pieces(old, new))) for name, old, new in difference.details(change)]
            number = str(row["ordinal"] or change.new_key)
            made.append(DutyChange("changed" if fields else "dated", number, row["content"], [], fields, moved))
    return made


def _fates(preview: Preview) -> dict[str, list[Moved]]:
    """What becomes of occurrences by key of their duty; a removed duty has given its key away and bears a mark."""
    found: dict[str, list[Moved]] = defaultdict(list)
    for each in preview.effect.rows:
        found[each.key if each.key in preview.difference.new else each.key.rpartition("~")[0] or each.key].append(each)
    return dict(found)


def _whole(kind: str, row: Json, key: str, fates: Mapping[str, list[Moved]]) -> DutyChange:
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


def stamp_of(preview: Preview) -> str:
    """Changes when applying the file would do something else than what was shown."""
    shown = [*preview.difference.lines(), *(asdict(each) for each in preview.effect.rows)]
    return hashlib.sha256(json.dumps(shown, default=str, ensure_ascii=False).encode()).hexdigest()[:24]
