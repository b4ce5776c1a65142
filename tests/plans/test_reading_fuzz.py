"""Damaged files: never a crash, and never a row of a table lost without a word."""

from __future__ import annotations

import random

import pytest

from plans.reading import PlanFileError, Reading, read_bytes
from plans.reading.text import squash
from tests.plans import reading_samples as samples

SEED = 20260112
NOISE = "\t\n |<>*-.;:()0123456789IVXabcđ\u00ad\u0301¹“”"


def _mutated(text: str, chance: random.Random) -> str:
    """One to four blows: a stretch cut, doubled, shuffled, or noise thrown in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(1, 60))
        blow = chance.randrange(4)
        if blow == 0:
            text = text[:at] + text[end:]
        elif blow == 1:
            text = text[:end] + text[at:]
        elif blow == 2:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines) if chance.random() < 0.1 else text
        else:
            text = text[:at] + "".join(chance.choice(NOISE) for _ in range(chance.randint(1, 8))) + text[at:]
    return text


SHAPES = {
    "tabbed": samples.as_tabbed,
    "indented": samples.as_indented,
    "piped": samples.as_piped,
    "wrapped": samples.as_wrapped,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_damaged_text_never_breaks_the_reader(shape: str) -> None:
    chance = random.Random(f"{SEED}-{shape}")
    whole = SHAPES[shape]()
    for _ in range(60):
        text = _mutated(whole, chance)
        try:
            reading = read_bytes("a.txt", text.encode())
        except PlanFileError:
            continue
        keys = [row.key for row in reading.obligations]
        assert len(keys) == len(set(keys))
        assert all(row.status in ("read", "ask") for row in reading.obligations)
        assert all(row.rules or row.status == "ask" for row in reading.obligations)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_damaged_office_file_is_read_or_refused(kind: str) -> None:
    chance = random.Random(f"{SEED}-{kind}")
    whole = samples.as_docx() if kind == "docx" else samples.as_xlsx()
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            keys = [row.key for row in read_bytes(f"a.{kind}", bytes(data)).obligations]
        except PlanFileError:
            continue
        assert len(keys) == len(set(keys))


def _told(reading: Reading) -> str:
    """Everything the reading says, squashed: a word of the file that is nowhere in it is lost."""
    rows = [*reading.obligations, *(duty.row for duty in reading.standing)]
    texts = [text for row in rows for text in (row.content, row.deliverable or "", row.deadline_text or "", *row.leads)]
    texts += [text for row in rows for text in (*row.coordinators, *row.section)]
    texts += [target.name for target in reading.targets]
    texts += [f"{finding.where} {finding.message}" for finding in reading.findings]
    return squash(" ".join(texts))


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
            told = _told(read_bytes("a.txt", "\n".join(damaged).encode()))
        except PlanFileError:
            pytest.fail("a plan with one damaged row is still a plan")
        for column in (1, 2):
            assert squash(cells[column]) in told, (damaged[at], cells[column])
