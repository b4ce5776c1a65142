"""A corrected file over what people corrected by hand. Pure.

Three states of a plan are compared: the file as it was read before (base), the plan as it stands (current), the new
file. What the new file changed is taken; what only a person changed stays; where both changed the same field the file
wins, and it is said. Rows that a person split or joined stay so until the file changes one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from config.unit_keys import fold_name
from db.models import Json
from plans.differing import FIELDS, Change, Difference, Rows, compare, same_words, words_of

PRINTED = ("ordinal", "section", "content", "deliverable", "leads", "coordinators", "deadline_text", "quote")
MEANING = ("rules", "status", "question")


@dataclass(frozen=True)
class Standing:
    """One duty as it stands: its key, the base rows it is made of, and whether a person dropped it."""

    key: str
    origin: tuple[str, ...]
    standing: bool
    row: Json
    dropped: bool = False


@dataclass(frozen=True)
class _Entry:
    rank: tuple[int, int]
    old_key: str | None
    key: str
    duty: tuple[bool, Json]
    origin: list[str]
    of_file: bool


@dataclass
class _Merge:
    base: Rows
    new: Rows
    moved: dict[str, Change]
    ranks: dict[str, int]
    entries: list[_Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def merge(base: Rows, current: Sequence[Standing], new: Rows) -> Difference:
    """What the plan is to become, as a difference from what it is."""
    moved = {change.old_key: change for change in compare(base, new).kept}
    state = _Merge(base, new, moved, {key: place for place, key in enumerate(new)})
    places = {duty.key: place for place, duty in enumerate(current)}
    by_hand: list[Standing] = []
    base_places = {key: place for place, key in enumerate(base)}
    for group in _groups(current):
        keys = sorted({key for duty in group for key in duty.origin if key in base}, key=base_places.__getitem__)
        if not keys:
            by_hand += group
        elif len(group) == 1 and len(keys) == 1:
            _single(state, group[0], keys[0])
        elif all(key in moved and not moved[key].fields for key in keys):
            _stay(state, group)
        else:
            _undo(state, group, keys)
    for duty in by_hand:
        _hand_added(state, duty, current, places)
    for key, duty_row in new.items():
        if key not in state.used:
            state.entries.append(_Entry((state.ranks[key], 0), None, key, duty_row, [key], True))
    return _difference(state, current)


def _groups(current: Sequence[Standing]) -> list[list[Standing]]:
    """Duties that share a row of the base stand in one group."""
    groups: dict[int, list[Standing]] = {}
    group_of: dict[str, int] = {}
    for number, duty in enumerate(current):
        linked = dict.fromkeys(group_of[key] for key in duty.origin if key in group_of)
        groups[number] = [*(other for each in linked for other in groups.pop(each)), duty]
        group_of |= {key: number for other in groups[number] for key in other.origin}
    return list(groups.values())


def _single(state: _Merge, duty: Standing, key: str) -> None:
    """A duty that is one row of the base: field by field the file's change or the person's."""
    change = state.moved.get(key)
    if change is None:
        return
    state.used.add(change.new_key)
    if duty.dropped:
        state.dropped[duty.key] = [change.new_key]
        if change.fields:
            state.notes.append(f"Nhiệm vụ {duty.key} đã bỏ bằng tay; tệp mới có đổi nhưng vẫn bỏ.")
        return
    row = _merged(state, duty, state.base[key], state.new[change.new_key])
    state.entries.append(
        _Entry((state.ranks[change.new_key], 0), duty.key, change.new_key, row, [change.new_key], True)
    )


def _merged(state: _Merge, duty: Standing, old: tuple[bool, Json], new: tuple[bool, Json]) -> tuple[bool, Json]:
    row = dict(duty.row)
    for name in PRINTED:
        before, after, now = (words_of(each.get(name)) for each in (old[1], new[1], duty.row))
        if before == after:
            continue
        row[name] = new[1].get(name)
        if name in FIELDS and now not in (before, after):
            words = f"đã sửa tay thành «{now}», tệp mới ghi «{after}»; lấy theo tệp mới"
            state.notes.append(f"Nhiệm vụ {duty.key}, {FIELDS[name]}: {words}.")
        if name == "deadline_text" and now != after:
            row.update({each: new[1][each] for each in MEANING})
    row["source"] = new[1]["source"]
    return (new[0] if new[0] != old[0] else duty.standing), row


def _stay(state: _Merge, group: Iterable[Standing]) -> None:
    """Rows split or joined by hand, of which the file changed nothing."""
    for place, duty in enumerate(group):
        origin = [state.moved[key].new_key for key in duty.origin if key in state.moved]
        state.used.update(origin)
        if duty.dropped:
            state.dropped[duty.key] = origin
            continue
        rank = (min(state.ranks[key] for key in origin), place)
        state.entries.append(_Entry(rank, duty.key, duty.key, (duty.standing, dict(duty.row)), origin, False))


def _undo(state: _Merge, group: Sequence[Standing], keys: Sequence[str]) -> None:
    """Rows split or joined by hand, of which the file changed one: they are again as the file has them."""
    left = [duty for duty in group if not duty.dropped]
    called = ", ".join(duty.key for duty in left) or ", ".join(keys)
    state.notes.append(f"Nhiệm vụ {called} đã tách hoặc gộp bằng tay; tệp mới đổi nội dung nên lấy lại theo tệp mới.")
    for key in keys:
        change = state.moved.get(key)
        if change is None:
            continue
        owner = next((duty for duty in left if duty.key == key), None)
        owner = owner or next((duty for duty in left if key in duty.origin), None)
        if owner is not None:
            left.remove(owner)
        state.used.add(change.new_key)
        rank, row = (state.ranks[change.new_key], 0), state.new[change.new_key]
        old_key = owner.key if owner else None
        state.entries.append(_Entry(rank, old_key, change.new_key, row, [change.new_key], True))


def _hand_added(state: _Merge, duty: Standing, current: Sequence[Standing], places: dict[str, int]) -> None:
    """A duty that a person put in: the file may have it now, else it stays behind its neighbour."""
    if duty.dropped:
        return
    words = fold_name(duty.row["content"])
    found = next((key for key, (_, row) in state.new.items() if key not in state.used and same_words(row, words)), None)
    if found is not None:
        known = next((change.old_key for change in state.moved.values() if change.new_key == found), None)
        if known is None:
            state.used.add(found)
            rank = (state.ranks[found], 0)
            state.entries.append(_Entry(rank, duty.key, found, state.new[found], [found], True))
            return
    before = {other.key for other in current[: places[duty.key]]}
    last = max((entry.rank for entry in state.entries if entry.old_key in before), default=(-1, 0))
    rank = (last[0], last[1] + 1)
    state.entries.append(_Entry(rank, duty.key, duty.key, (duty.standing, dict(duty.row)), [], False))


def _difference(state: _Merge, current: Sequence[Standing]) -> Difference:
    """Keys are given out, rows of the file first, and the duties compared as they stand with as they will be."""
    entries = _ordered(state, current)
    taken = {entry.key for entry in entries if entry.of_file}
    keyed: list[tuple[str, _Entry]] = []
    for entry in entries:
        key = entry.key
        if not entry.of_file:
            key = next(each for each in _variants(entry.key) if each not in taken)
            taken.add(key)
        keyed.append((key, entry))
    difference = compare(
        {duty.key: (duty.standing, duty.row) for duty in current if not duty.dropped},
        {key: entry.duty for key, entry in keyed},
        {entry.old_key: key for key, entry in keyed if entry.old_key is not None},
    )
    difference.origins = {key: entry.origin for key, entry in keyed}
    difference.dropped, difference.notes = state.dropped, state.notes
    return difference


def _ordered(state: _Merge, current: Sequence[Standing]) -> list[_Entry]:
    """The order of the file; where it has not changed, the order that people gave the plan, new rows put in."""
    entries = sorted(state.entries, key=lambda entry: entry.rank)
    places = [state.ranks[change.new_key] for change in state.moved.values()]
    if places != sorted(places):
        return entries
    by_key = {entry.old_key: entry for entry in entries if entry.old_key is not None}
    ordered = [by_key[duty.key] for duty in current if duty.key in by_key]
    file_order = list(state.new)
    for entry in (each for each in entries if each.old_key is None):
        before = set(file_order[: state.ranks[entry.key]])
        last = max((at for at, other in enumerate(ordered) if before & set(other.origin)), default=-1)
        ordered.insert(last + 1, entry)
    return ordered


def _variants(key: str) -> Iterable[str]:
    yield key
    number = 2
    while True:
        yield f"{key[:50]}-{number}"
        number += 1
