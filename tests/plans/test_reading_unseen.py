"""Plans that the reader had not seen, of many fields and levels, scored by readings written before it read them.

The files of `unseen/` are our own words. A plan and its reading stand side by side; fields are compared as the score of
gold readings compares them: letters and digits count, the order of units and of rules does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plans.reading import read_plan
from plans.reading.text import squash

FOLDER = Path(__file__).parent / "unseen"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")

Json = dict[str, Any]


def _rule(rule: Json) -> str:
    """What of a rule is scored: its kind and its dates."""
    return f"{rule['kind']} {rule.get('due') or ' '.join(rule.get('due_dates') or [])}"


def _plain(field: str, value: Any) -> Any:
    if field in ("leads", "coordinators"):
        return sorted(squash(name) for name in value)
    if field == "rules":
        return sorted(map(_rule, value))
    return squash(str(value or ""))


def _misses(wanted: list[Json], mine: list[Json]) -> Iterator[str]:
    """Where the rows read differ from those of the reading, told as a person would look for them."""
    if len(wanted) != len(mine):
        yield f"{len(wanted)} rows wanted, {len(mine)} read: {[row.get('content') or row['name'] for row in mine]}"
    for want, got in zip(wanted, mine, strict=False):
        asked = want.pop("asked", False)
        if asked != (got.get("status") == "ask"):
            yield f"{want['content'][:40]}: asked is {got.get('status')}"
        for field, value in want.items():
            if field == "rules" and asked:
                continue
            if _plain(field, value) != _plain(field, got[field]):
                yield f"{field}: {value!r} wanted, {got[field]!r} read"


def _without_borderline(wanted: list[Json], mine: list[Json]) -> tuple[list[Json], list[Json]]:
    """The rows without those that a reader may take or leave."""
    open_to_both = {squash(row["content"]) for row in wanted if row.get("borderline")}
    return (
        [row for row in wanted if not row.get("borderline")],
        [row for row in mine if squash(row["content"]) not in open_to_both],
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_unseen_plan_reads_as_it_was_read_by_hand(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    mine = json.loads(json.dumps(read_plan(path).to_json()))
    standing = _without_borderline(wanted["standing"], mine["standing"])
    missed = {
        "obligations": list(_misses(wanted["obligations"], mine["obligations"])),
        "standing": list(_misses(*standing)),
        "targets": list(_misses(wanted["targets"], mine["targets"])),
    }
    assert missed == {"obligations": [], "standing": [], "targets": []}


def test_eight_plans_are_held() -> None:
    assert len(SAMPLES) == 8
