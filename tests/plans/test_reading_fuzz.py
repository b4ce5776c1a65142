"""Damaged files: never a crash, and never a row of a table lost without a word."""

from __future__ import annotations

import random

import pytest

from plans.reading import PlanFileError, read_bytes
from plans.reading.text import squash
from tests.plans import reading_samples as samples
from tests.plans.marked_plans import marked_plan
from tests.plans.mutations import fault_of, mutants, told

SEED = 20260112


@pytest.mark.parametrize("batch", range(4))
def test_a_damaged_file_is_read_or_refused_and_no_row_is_lost_in_silence(batch: int) -> None:
    """A sample of what `make fuzz` does to ten thousand files."""
    whole = {"a.docx": samples.as_docx(), "marked.docx": marked_plan(), "a.xlsx": samples.as_xlsx()}
    for mutant in mutants(f"{SEED}-{batch}", 120, whole):
        assert fault_of(mutant) is None, mutant.name


def test_no_row_is_lost_in_silence_when_cells_go_missing() -> None:
    """Cells are emptied one at a time; the content of every duty must still stand in a duty, a heading or a finding."""
    chance = random.Random(SEED)
    lines = samples.as_tabbed().split("\n")
    rows = [at for at, line in enumerate(lines) if line.count("\t") == 4 and line[:1].isdigit()]
    for _ in range(80):
        damaged = list(lines)
        at = chance.choice(rows)
        cells = damaged[at].split("\t")
        for column in chance.sample(range(5), chance.randint(1, 3)):
            cells[column] = ""
        damaged[at] = "\t".join(cells)
        try:
            said = told(read_bytes("a.txt", "\n".join(damaged).encode()))
        except PlanFileError:
            pytest.fail("a plan with one damaged row is still a plan")
        for column in (1, 2):
            assert squash(cells[column]) in said, (damaged[at], cells[column])
