"""Look-alikes of plans of many fields and levels, in the layouts that offices print; each was read by a person first.

The files of `lookalikes/` are our own words. A sample and its reading stand side by side, `name.txt` and `name.json`.
"""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from plans.reading import Reading, read_bytes, read_plan

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


Blocks = list[tuple[bool, list[list[str]]]]


def _blocks(text: str) -> Blocks:
    """Tables (True) as rows of equal width, and prose (False) as rows of one cell."""
    return [(tabbed, list(_padded(lines))) for tabbed, lines in groupby(text.split("\n"), key=lambda one: "\t" in one)]


def _padded(lines: Iterator[str]) -> Iterator[list[str]]:
    rows = [line.split("\t") for line in lines]
    width = max(map(len, rows))
    yield from (row + [""] * (width - len(row)) for row in rows)


def _as_web_page(blocks: Blocks) -> bytes:
    parts = []
    for tabbed, rows in blocks:
        cells = [[html.escape(cell) for cell in row] for row in rows]
        table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
        parts.append(f"<table>{table}</table>" if tabbed else "".join(f"<p>{row[0]}</p>\n" for row in cells))
    return "\n".join(parts).encode()


def _as_pipes(blocks: Blocks) -> bytes:
    lines: list[str] = []
    for tabbed, rows in blocks:
        printed = [f"| {' | '.join(row)} |" if tabbed else row[0] for row in rows]
        rule = ["|" + "---|" * len(rows[0])] if tabbed else []
        lines.extend(("", *printed[:1], *rule, *printed[1:]) if tabbed else printed)
    return "\n".join(lines).encode()


def _as_sheet(blocks: Blocks) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for _, rows in blocks:
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _as_word(blocks: Blocks) -> bytes:
    document = docx.Document()
    for tabbed, rows in blocks:
        if tabbed:
            table = document.add_table(rows=len(rows), cols=len(rows[0]))
            for printed, row in zip(table.rows, rows, strict=True):
                for cell, text in zip(printed.cells, row, strict=True):
                    cell.text = text
        else:
            for row in rows:
                document.add_paragraph(row[0])
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


FORMATS: dict[str, Callable[[Blocks], bytes]] = {
    "a.html": _as_web_page, "a.md": _as_pipes, "a.xlsx": _as_sheet, "a.docx": _as_word,
}  # fmt: skip
# In other formats these would be other tables: a cell with line breaks, a cell on every line, pipes, web pages.
ONLY_AS_THEY_STAND = (
    "commune_environment_cells_with_breaks", "commune_procedures_cell_per_line", "ministry_reform_sections_restart",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_look_alike_reads_the_same_in_every_format(name: str) -> None:
    for sample in SAMPLES:
        text = (FOLDER / f"{sample}.txt").read_text(encoding="utf-8")
        if sample in ONLY_AS_THEY_STAND or "\t" not in text:
            continue
        wanted = json.loads((FOLDER / f"{sample}.json").read_text(encoding="utf-8"))
        mine = summarised(read_bytes(name, FORMATS[name](_blocks(text))))
        assert [row[2:] for row in mine["duties"]] == [row[2:] for row in wanted["duties"]], sample
        assert [row[2:] for row in mine["targets"]] == [row[2:] for row in wanted["targets"]], sample


WITH_SECTION_LINES = (
    "commune_work_programme_by_quarter", "commune_satisfaction_groups_as_lines",
    "commune_digital_team_no_number_column", "commune_reform_bare_section_lines",
)  # fmt: skip


def _cell_per_line(blocks: Blocks, mark: str) -> bytes:
    """A tab before every cell and a blank line after every row; section lines have `mark` before them."""
    lines: list[str] = []
    seen = False
    for tabbed, rows in blocks:
        seen = seen or tabbed
        for row in rows:
            lines += [*(f"\t{cell}" for cell in row), ""] if tabbed else [mark + row[0], ""] if seen else [row[0]]
    return "\n".join(lines).encode()


@pytest.mark.parametrize("mark", ["", "\t"])
@pytest.mark.parametrize("sample", WITH_SECTION_LINES)
def test_section_lines_stand_between_rows_of_a_cell_per_line(sample: str, mark: str) -> None:
    text = (FOLDER / f"{sample}.txt").read_text(encoding="utf-8").rstrip("\n")
    wanted = json.loads((FOLDER / f"{sample}.json").read_text(encoding="utf-8"))
    mine = summarised(read_bytes("a.txt", _cell_per_line(_blocks(text), mark)))
    assert mine["duties"] == wanted["duties"]
