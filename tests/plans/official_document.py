"""Writes a Reading as an official document: letterhead, prose, a table with merged cells and narrow columns, targets.

The files are what offices send: a two-column letterhead without borders, section rows merged across, a unit written
once for all the rows it leads, numbers in the middle of their cells, headers repeated on every page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plans.reading import ObligationRow, Reading, TargetRow

DUTY_HEADER = ("TT", "Nội dung công việc", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành")
TARGET_HEADER = ("TT", "Nội dung chỉ tiêu", "Đơn vị tính", "Chỉ tiêu", "Đơn vị chịu trách nhiệm")


@dataclass
class Grid:
    """A table: rows below the header, rows merged across from the second column, and (column, first, last) merges."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    across: set[int] = field(default_factory=set)
    down: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Look:
    """How a document is set: page, size of letters (points), borders, where cells stand, merges of units."""

    landscape: bool = False
    size: float = 10.0
    ruled: bool = True
    middle: bool = False
    merged_units: bool = True
    widths: tuple[float, ...] = (1.2, 5.2, 3.0, 2.6, 2.6, 2.4)
    row_gap: float = 0.0
    units: str = "lines"


@dataclass
class Official:
    """Everything one document holds, in order."""

    front: tuple[str, ...]
    prose: tuple[str, ...]
    duties: Grid
    back: tuple[str, ...]
    targets: Grid


def official(reading: Reading, look: Look, prose: tuple[str, ...] = (), back: tuple[str, ...] = ()) -> Official:
    """The document of a reading; `prose` stands before the table of duties, `back` after it."""
    issuer = (reading.plan.issuer or "UBND phường An Sơn").removeprefix("UBND ")
    left = f"ỦY BAN NHÂN DÂN\n{issuer.upper()}\nSố: {reading.plan.number or '      /KH-UBND'}"
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nngày 12 tháng 01 năm"
    title = reading.plan.title or "Công tác năm"
    texts = (*prose, "Nhiệm vụ cụ thể được giao theo bảng dưới đây.")
    year = reading.plan.year or 2026
    return Official(
        (left, f"{right} {year}", "KẾ HOẠCH", title), texts,
        duty_grid(reading.obligations, look.units, merged=look.merged_units), back,
        target_grid(reading.targets, look.units),
    )  # fmt: skip


def listed(names: tuple[str, ...], how: str) -> str:
    """Units of one cell: a line each, a bullet each, or divided by semicolons."""
    if how == "bullets" and len(names) > 1:
        return "\n".join(f"- {name}" for name in names)
    return ("; " if how == "semicolons" else "\n").join(names)


def _time(row: ObligationRow) -> str:
    """The words of a time; several times stand on lines of their own."""
    words = row.deadline_text or ""
    return re.sub(r" (?=Quý |Tháng )", "\n", words) if len(row.rules) > 1 else words


def duty_grid(rows: tuple[ObligationRow, ...], units: str, *, merged: bool = True) -> Grid:
    """The table of duties under its section rows; runs of one lead, and one duty with several products, merged."""
    grid = Grid(DUTY_HEADER)
    above: tuple[str, ...] = ()
    runs: dict[int, tuple[int, tuple[str, ...]]] = {}
    before: ObligationRow | None = None
    for row in rows:
        for depth, label in enumerate(row.section):
            if row.section[: depth + 1] != above[: depth + 1]:
                _close(grid, runs)
                mark, _, words = label.partition(" ")
                grid.across.add(len(grid.rows))
                grid.rows.append((mark, words, *[""] * (len(DUTY_HEADER) - 2)))
        above = row.section
        same = before is not None and (row.ordinal, row.content) == (before.ordinal, before.content) and row.ordinal
        shown = {0: (row.ordinal or "",), 1: (row.content,), 3: row.leads}
        for column, value in shown.items():
            kept = bool(same) if column < 2 else merged and bool(value)
            if not (kept and column in runs and runs[column][1] == value):
                _close(grid, runs, column)
                runs[column] = (len(grid.rows), value)
        cells = (row.ordinal or "", row.content, row.deliverable or "", listed(row.leads, units))
        grid.rows.append((*cells, listed(row.coordinators, units), _time(row)))
        before = row
    _close(grid, runs)
    return grid


def _close(grid: Grid, runs: dict[int, tuple[int, tuple[str, ...]]], only: int | None = None) -> None:
    for column in [only] if only is not None else list(runs):
        first, _ = runs.pop(column, (len(grid.rows), ()))
        if len(grid.rows) - first > 1:
            grid.down.append((column, first, len(grid.rows) - 1))


def target_grid(targets: tuple[TargetRow, ...], units: str) -> Grid:
    """The table of targets; a group becomes a row merged across."""
    grid = Grid(TARGET_HEADER)
    group: str | None = None
    for one in targets:
        mark, _, words = (one.group or "").partition(" ")
        if one.group != group and words:
            grid.across.add(len(grid.rows))
            grid.rows.append((mark, words, "", "", ""))
        group = one.group
        bound = "Tối thiểu " if one.comparator == ">=" else ""
        value = f"{one.value:g}".replace(".", ",") if isinstance(one.value, int | float) else (one.value or "")
        cells = (one.ordinal or "", one.name, one.unit or "", f"{bound}{value}")
        leads, others = listed(one.responsible, units), listed(one.coordinators, "semicolons")
        grid.rows.append((*cells, f"- {leads} chủ trì.\n- {others} phối hợp." if others else leads))
    return grid


def as_docx(document: Official, look: Look) -> bytes:
    """A Word file."""
    import docx
    from docx.shared import Cm, Pt

    word = docx.Document()
    page = word.sections[0]
    if look.landscape:
        page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin = page.right_margin = Cm(2)
    style = word.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(look.size + 2)
    letterhead = word.add_table(rows=1, cols=2)
    for cell, text in zip(letterhead.rows[0].cells, document.front, strict=False):
        cell.text = text
    for text in (*document.front[2:], *document.prose):
        word.add_paragraph(text)
    _word_table(word, document.duties, look)
    for text in document.back:
        word.add_paragraph(text)
    if document.targets.rows:
        word.add_paragraph("Phụ lục CHỈ TIÊU").paragraph_format.page_break_before = True
        _word_table(word, document.targets, look)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _word_table(word: Any, grid: Grid, look: Look) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Cm, Pt

    count = len(grid.header)
    table = word.add_table(rows=len(grid.rows) + 1, cols=count, style="Table Grid" if look.ruled else "Normal Table")
    table.autofit = False
    cells = [list(row.cells) for row in table.rows]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    wide = 1.5 if look.landscape else 1.0
    widths = (*look.widths[: count - 1], look.widths[-1])
    for at, row in enumerate((grid.header, *grid.rows)):
        for column, text in enumerate(row):
            cell = cells[at][column]
            cell.width = Cm(widths[column] * wide)
            cell.text = text
            cell.vertical_alignment = 1 if look.middle else 0
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(look.row_gap)
                for run in paragraph.runs:
                    run.font.size = Pt(look.size)
    for column, first, last in grid.down:
        for at in range(first + 1, last + 1):
            cells[at + 1][column].text = ""
        _word_merge(cells[first + 1][column], cells[last + 1][column])
    for at in grid.across:
        _word_merge(cells[at + 1][1], cells[at + 1][count - 1])


def _word_merge(first: Any, last: Any) -> None:
    """Merge and take away the blank paragraphs that python-docx leaves behind the text."""
    whole = first.merge(last)
    for paragraph in whole.paragraphs[1:]:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


def as_xlsx(document: Official, *, one_sheet: bool = False) -> bytes:
    """A workbook; the targets on a sheet of their own unless `one_sheet`."""
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append([document.front[0], "", "", document.front[1]])
    for text in (*document.front[2:], *document.prose):
        sheet.append([text])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=6)
    _sheet_table(sheet, document.duties)
    for text in document.back:
        sheet.append([text])
    if document.targets.rows:
        if not one_sheet:
            sheet = book.create_sheet("Chỉ tiêu")
        sheet.append([])
        sheet.append(["Phụ lục CHỈ TIÊU"])
        _sheet_table(sheet, document.targets)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_table(sheet: Any, grid: Grid) -> None:
    sheet.append(list(grid.header))
    first = sheet.max_row + 1
    for row in grid.rows:
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    for column, start, end in grid.down:
        for at in range(start + 1, end + 1):
            sheet.cell(first + at, column + 1).value = None
        sheet.merge_cells(
            start_row=first + start, end_row=first + end, start_column=column + 1, end_column=column + 1
        )  # fmt: skip
    for at in sorted(grid.across):
        sheet.merge_cells(start_row=first + at, end_row=first + at, start_column=2, end_column=len(grid.header))


def rows_of(reading: Reading) -> list[tuple[object, ...]]:
    """What must be the same in every format, duty by duty."""
    return [
        (
            row.ordinal, row.section, row.content, row.deliverable, row.leads, row.coordinators, row.deadline_text,
            [dict(rule) for rule in row.rules], row.status,
        )
        for row in reading.obligations
    ]  # fmt: skip


def targets_of(reading: Reading) -> list[tuple[object, ...]]:
    """What must be the same in every format, target by target."""
    return [(one.ordinal, one.name, one.unit, one.comparator, one.value, one.responsible) for one in reading.targets]


def standing_of(reading: Reading) -> Iterator[tuple[object, ...]]:
    """What must be the same in every format, prose duty by prose duty."""
    return ((duty.row.leads, duty.row.content, duty.row.deadline_text) for duty in reading.standing)
