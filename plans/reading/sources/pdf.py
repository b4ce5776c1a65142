"""A .pdf with text: its tables by their lines or by the space between columns, its prose, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plans.reading.document import Block, Document
from plans.reading.errors import PlanFileError
from plans.reading.sources.ocr import left_out, recognized, scanned, told
from plans.reading.sources.pdf_columns import Unruled, unruled_tables
from plans.reading.sources.pdf_grid import Grid, grids_of
from plans.reading.sources.pdf_ink import PDFIUM, Glyph, Ink, ink_of
from plans.reading.sources.pdf_lines import TextLine, text_lines
from plans.reading.sources.pdf_prose import Printed, in_order, joined_paragraphs, running_lines, without_furniture
from plans.reading.sources.pdf_size import refuse_swelling
from plans.reading.sources.pdf_tables import PdfTable, carries_on, carry_on, filled, is_blank
from plans.reading.sources.scan import FEW_LETTERS, is_scanned, with_scan

MAX_PAGES = 400
# A page turned to text by a producer that left out which letters its font holds: from this share on, it is no text.
UNREADABLE, MOST_UNREADABLE = 0.02, 0.2


@dataclass(slots=True)
class _Page:
    """One page: its ruled tables, and the letters and lines outside them."""

    ink: Ink
    tables: list[PdfTable] = field(default_factory=list)
    loose: list[Glyph] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)


def read_pdf(name: str, data: bytes) -> Document:
    """Tables and prose. Raises PlanFileError for broken, locked, swelling, scanned files, letters without a code."""
    refuse_swelling(name, data)
    inks, remarks = _with_scans(name, data)
    letters = sum(len(ink.glyphs) for ink in inks)
    if not any(glyph.text.strip() for ink in inks for glyph in ink.glyphs):
        raise scanned(name)
    unreadable = sum(ink.unreadable for ink in inks)
    if unreadable > MOST_UNREADABLE * letters:
        cure = "Hãy dùng bản Word, xuất lại PDF từ Word, hoặc nhận dạng chữ (OCR tiếng Việt) trước khi nộp."
        raise PlanFileError(name, "dùng phông chữ không cho biết mặt chữ, nên chữ lấy ra bị sai", cure)
    dropped: dict[str, None] = {}
    if unreadable > UNREADABLE * letters:
        dropped[f"Có {unreadable} chữ mà phông chữ trong tệp không cho biết mặt chữ."] = None
    blocks = tuple(_blocks([_page(ink) for ink in inks], dropped))
    return Document(blocks, (*remarks, *dropped))


def _with_scans(name: str, data: bytes) -> tuple[list[Ink], tuple[str, ...]]:
    """The ink of every page, scanned ones recognized, and what must be said of those."""
    inks = _inks(name, data)
    pages = [ink.number for ink in inks if is_scanned(ink)]
    if not pages:
        return inks, ()
    with_text = recognized(name, data, pages)
    if with_text is None and sum(len(ink.glyphs) for ink in inks if ink.number not in pages) < FEW_LETTERS:
        raise scanned(name)
    if with_text is None:
        return inks, (left_out(pages),)
    again = {ink.number: ink for ink in _inks(name, with_text)}
    return [again.get(ink.number, ink) if ink.number in pages else ink for ink in inks], (told(pages),)


def _inks(name: str, data: bytes) -> list[Ink]:
    with PDFIUM:
        return _inks_alone(name, data)


def _inks_alone(name: str, data: bytes) -> list[Ink]:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise (_locked(name) if locked else _broken(name)) from error
    try:
        count = len(pdf)
        if count > MAX_PAGES:
            raise PlanFileError(name, f"dài quá {MAX_PAGES} trang", "Hãy tách riêng phần kế hoạch rồi nộp lại.")
        return [_ink(pdf, at) for at in range(count)]
    except pypdfium2.PdfiumError as error:
        raise _broken(name) from error
    finally:
        pdf.close()


def _ink(pdf: Any, at: int) -> Ink:
    page = pdf[at]
    try:
        return with_scan(ink_of(page, at + 1), page)
    finally:
        page.close()


def _locked(name: str) -> PlanFileError:
    return PlanFileError(name, "đang đặt mật khẩu", "Hãy bỏ mật khẩu rồi nộp lại.")


def _broken(name: str) -> PlanFileError:
    return PlanFileError(
        name, "là tệp PDF bị hỏng, không mở được", "Hãy xuất lại PDF từ văn bản gốc hoặc dùng bản .docx."
    )


def _page(ink: Ink) -> _Page:
    grids = grids_of(ink.rules)
    inside: list[list[Glyph]] = [[] for _ in grids]
    page = _Page(ink)
    for glyph in ink.glyphs:
        at = _grid_of(grids, glyph)
        (page.loose if at is None else inside[at]).append(glyph)
    tables = (filled(grid, glyphs, ink.number, rough=ink.pictured) for grid, glyphs in zip(grids, inside, strict=True))
    page.tables = [table for table in tables if not is_blank(table)]
    page.lines = text_lines(page.loose, columns=True)
    return page


def _grid_of(grids: list[Grid], glyph: Glyph) -> int | None:
    """The smallest table that holds a letter."""
    y = glyph.y - glyph.size * 0.25
    holding = [at for at, grid in enumerate(grids) if grid.field_at(glyph.middle, y) is not None]
    return min(holding, key=lambda at: grids[at].bottom - grids[at].top, default=None)


def _blocks(pages: list[_Page], dropped: dict[str, None]) -> Iterator[Block]:
    heights = [page.ink.height for page in pages]
    running = running_lines([page.lines for page in pages], heights)
    prose: list[Printed] = []
    open_table: PdfTable | None = None
    unruled = Unruled()
    for page in pages:
        page.lines = list(without_furniture(page.lines, page.ink.height, running, dropped))
        found, lines = unruled_tables(page.ink, page.loose, page.lines, unruled)
        for one in _flow([*page.tables, *found], lines):
            if isinstance(one, list):
                prose.extend(in_order(one, page.ink.number))
                continue
            if open_table is not None and not prose and carries_on(open_table, one):
                carry_on(open_table, one)
                continue
            if open_table is not None:
                yield open_table.table()
            yield from joined_paragraphs(prose)
            prose, open_table = [], one
    yield from [open_table.table()] if open_table is not None else []
    yield from joined_paragraphs(prose)


def _flow(tables: list[PdfTable], lines: list[TextLine]) -> Iterator[PdfTable | list[TextLine]]:
    """Tables and the runs of lines between them, from top to bottom."""
    rest = list(lines)
    for table in sorted(tables, key=lambda one: (one.top, one.xs[0])):
        above = [line for line in rest if line.y <= table.top + line.size * 0.5]
        rest = rest[len(above) :]
        if above:
            yield above
        yield table
    if rest:
        yield rest
