"""Look-alikes of plans of many fields and levels, in the layouts that offices print; each was read by a person first.

The files of `lookalikes/` are our own words. A sample and its reading stand side by side, `name.txt` and `name.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plans.reading import Reading, read_plan

FOLDER = Path(__file__).parent / "lookalikes"
SAMPLES = sorted(path.stem for path in FOLDER.glob("*.txt"))
TOLD = ("table_aside", "table_unplaced", "figures_other", "column_unused", "content_missing")


def summarised(reading: Reading) -> dict[str, Any]:
    """A reading as it is kept beside its sample."""
    return {
        "issuer": reading.plan.issuer,
        "title": reading.plan.title,
        "year": reading.plan.year,
        "duties": [
            [
                row.key, " > ".join(row.section), row.content, row.deliverable, list(row.leads),
                list(row.coordinators), row.deadline_text,
            ]
            for row in reading.obligations
        ],
        "targets": [
            [one.ordinal, one.group, one.name, one.unit, one.comparator, one.value, list(one.responsible)]
            for one in reading.targets
        ],
        "told": sorted(one.code for one in reading.findings if one.code in TOLD),
    }  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_look_alike_reads_as_a_person_read_it(name: str) -> None:
    reading = read_plan(FOLDER / f"{name}.txt")
    assert summarised(reading) == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    keys = [row.key for row in reading.obligations]
    assert len(keys) == len(set(keys))
    assert all(row.content for row in reading.obligations)


def test_there_are_many_look_alikes() -> None:
    assert len(SAMPLES) >= 30
