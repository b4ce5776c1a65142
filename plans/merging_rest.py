"""The targets and the head of a corrected file over what people corrected by hand. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from config.unit_keys import fold_name
from db.models import Json
from plans.differing import SAME_DUTY, words_of

TARGET_FIELDS = {
    "group": "nhóm",
    "name": "tên",
    "unit": "đơn vị tính",
    "comparator": "so sánh",
    "value": "giá trị",
    "responsible": "chịu trách nhiệm",
    "coordinators": "phối hợp",
}
HEAD_FIELDS = {
    "kind": "Loại văn bản",
    "number": "Số, ký hiệu",
    "title": "Tên kế hoạch",
    "issuer": "Cơ quan ban hành",
    "locality": "Địa bàn",
    "issued_on": "Ngày ban hành",
}
# A row of the plan as it stands (its place, or None for a new one) and what it is to say.
Wanted = list[tuple[int | None, Json]]


def merge_targets(base: Sequence[Json] | None, current: Sequence[Json], new: Sequence[Json]) -> Wanted:
    """The targets as they are to be. Without a base the new ones hold; with one, a person's own changes stay."""
    now_of = {after: before for before, after in pair_targets(current, new).items()}
    if base is None:
        return [(now_of.get(place), row) for place, row in enumerate(new)]
    base_of = {after: before for before, after in pair_targets(base, new).items()}
    wanted: Wanted = []
    for place, row in enumerate(new):
        before, now = base_of.get(place), now_of.get(place)
        if now is not None:
            wanted.append((now, _merged(base[before] if before is not None else row, current[now], row)))
        elif before is None or _differs(base[before], row):
            wanted.append((None, row))  # new in the file, or changed since a person took it out
    kept = {now for now, _ in wanted}
    from_base = pair_targets(current, base)
    by_hand = [place for place in range(len(current)) if place not in kept and place not in from_base]
    return [*wanted, *((place, current[place]) for place in by_hand)]


def _merged(base: Json, current: Json, new: Json) -> Json:
    changed = [name for name in ("ordinal", *TARGET_FIELDS) if words_of(base.get(name)) != words_of(new.get(name))]
    return current | {name: new[name] for name in changed}


def _differs(one: Json, other: Json) -> bool:
    return any(words_of(one.get(name)) != words_of(other.get(name)) for name in TARGET_FIELDS)


def pair_targets(old: Sequence[Json], new: Sequence[Json]) -> dict[int, int]:
    """Which target is which, each at most once: by group and name, by name, else the same number with a like name."""
    tests: tuple[Callable[[Json, Json], bool], ...] = (
        lambda one, other: _key(one) == _key(other),
        lambda one, other: fold_name(one["name"]) == fold_name(other["name"]),
        lambda one, other: bool(one["ordinal"]) and one["ordinal"] == other["ordinal"] and _alike(one, other),
    )
    pairs: dict[int, int] = {}
    for same in tests:
        free = [place for place in range(len(new)) if place not in pairs.values()]
        for before, row in enumerate(old):
            found = next((place for place in free if before not in pairs and same(row, new[place])), None)
            if found is not None:
                pairs[before] = found
                free.remove(found)
    return pairs


def _key(row: Json) -> tuple[str, str]:
    return fold_name(row.get("group") or ""), fold_name(row["name"])


def _alike(one: Json, other: Json) -> bool:
    return SequenceMatcher(None, fold_name(one["name"]), fold_name(other["name"])).ratio() >= SAME_DUTY


def target_lines(current: Sequence[Json], wanted: Wanted) -> Iterator[str]:
    """What becomes of the targets, as an officer reads it."""
    kept = {place for place, _ in wanted}
    for place, row in wanted:
        if place is None:
            yield f"+ Chỉ tiêu: {row['name']}"
    for place, row in enumerate(current):
        if place not in kept:
            yield f"- Chỉ tiêu: {row['name']}"
    for place, row in wanted:
        if place is not None and _differs(current[place], row):
            yield f"~ Chỉ tiêu: {row['name']}"
            for name, called in TARGET_FIELDS.items():
                before, after = words_of(current[place].get(name)), words_of(row.get(name))
                if before != after:
                    yield f"    {called}: «{before}» → «{after}»"


def merge_head(base: Json | None, current: Json, new: Json) -> Json:
    """The fields of the head that change. Without a base whatever differs; with one, what the file changed.

    A plan keeps its title when the file has none, and never changes its year this way.
    """
    changed: Json = {}
    for name in HEAD_FIELDS:
        by_file = base is None or (new.get(name) is not None and new.get(name) != base.get(name))
        blank = name == "title" and not new.get(name)
        if by_file and not blank and new.get(name) != current.get(name):
            changed[name] = new.get(name)
    return changed


def head_lines(current: Json, changed: Mapping[str, str | None]) -> Iterator[str]:
    """What becomes of the head, as an officer reads it."""
    for name, value in changed.items():
        yield f"~ {HEAD_FIELDS[name]}: «{words_of(current.get(name))}» → «{words_of(value)}»"
