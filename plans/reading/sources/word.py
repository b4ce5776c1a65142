"""A Word file: paragraphs and tables in document order, merged cells kept as merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from plans.reading.document import Block, Cell, Cover, Document, Paragraph, Row, Table, squared
from plans.reading.errors import PlanFileError
from plans.reading.headers import is_header
from plans.reading.sources.word_grid import WIDEST, children, column_places, place_of, width_of
from plans.reading.sources.word_numbers import lists_of
from plans.reading.sources.word_package import Package, W, is_on, number, too_deep, value
from plans.reading.sources.word_styles import styles_of
from plans.reading.sources.word_text import Context, boxes, notes_of, paragraph_text, shown
from plans.reading.text import flat

# A text for people has no wider table, no more cells in one table, and no deeper nesting.
MOST_CELLS, DEEPEST = 60_000, 8
_FOUND = {
    "hidden": "Có {n} chỗ chữ ẩn trong tệp Word; chữ ẩn không được in ra nên không đọc.",
    "object": "Có {n} đối tượng nhúng (bảng tính, công thức dạng ảnh ...) trong tệp Word; chữ bên trong chưa đọc được.",
    "symbol": "Có {n} ký hiệu của phông hình vẽ (Wingdings ...) không đọc được thành chữ.",
    "altChunk": "Có {n} phần văn bản nhúng từ tệp khác (altChunk) chưa đọc được.",
}


def read_word(name: str, data: bytes) -> Document:
    """The body of the document. Raises PlanFileError when Word's parts cannot be read."""
    package = Package(name, data)
    body = package.document
    _refuse_many_cells(name, sum(1 for _ in body.iter(f"{W}tc")))
    context = Context(name, styles_of(package.related("styles")), lists_of(package.related("numbering")))
    context.paged = next(body.iter(f"{W}lastRenderedPageBreak"), None) is not None
    context.notes = notes_of(package.related("footnotes"), package.related("endnotes"))
    try:
        blocks = (*_blocks(body, context), *context.footnotes)
    except RecursionError as error:
        raise too_deep(name) from error
    if not blocks and next(body.iter("{*}blip", "{*}imagedata"), None) is not None:
        cure = "Hãy dùng tệp Word có chữ, hoặc xuất thành PDF rồi nhận dạng chữ (OCR tiếng Việt) trước khi nộp."
        raise PlanFileError(name, "chỉ chứa ảnh chụp, không có chữ để đọc", cure)
    return Document(blocks, tuple(_remarks(body, context)))


def _remarks(body: Any, context: Context) -> Iterator[str]:
    """What the officer should know of the file before trusting its text."""
    if any(next(body.iter(W + name), None) is not None for name in ("del", "ins", "moveFrom")):
        yield "Tệp Word còn vết sửa (Track Changes) chưa chấp nhận; đã đọc theo bản đã sửa: lấy chữ thêm, bỏ chữ xóa."
    comments = sum(1 for _ in body.iter(f"{W}commentReference"))
    if comments:
        yield f"Tệp Word còn {comments} lời nhận xét (Comment); các lời này không được đọc."
    context.seen["altChunk"] += sum(1 for _ in body.iter(f"{W}altChunk"))
    yield from (words.format(n=context.seen[kind]) for kind, words in _FOUND.items() if context.seen[kind])
    for encoding in ("TCVN3 (ABC)", "VNI"):
        if context.seen[encoding]:
            yield f"Tệp Word có chữ gõ bằng bảng mã cũ {encoding}; đã chuyển sang Unicode theo tên phông chữ."


def _blocks(parent: Any, context: Context, depth: int = 0) -> Iterator[Block]:
    """Paragraphs and tables; a paragraph whose mark was struck out goes on in the next one."""
    held: list[Paragraph] = []
    for element in shown(parent):
        if element.tag == f"{W}p":
            one = Paragraph(flat(paragraph_text(element, context)), context.step(element))
            held.append(one)
            if is_on(element, "pPr/rPr/del") is None:
                yield from _whole(held)
                held = []
            for box in boxes(element):
                yield from _blocks(box, context, depth)
            continue
        yield from _whole(held)
        held = []
        if element.tag == f"{W}tbl":
            yield from _table(element, context, depth)
        elif element.tag.startswith(W):
            yield from _blocks(element, context, depth)
    yield from _whole(held)


def _whole(held: list[Paragraph]) -> Iterator[Paragraph]:
    text = " ".join(one.text for one in held if one.text)
    if text:
        yield Paragraph(text, held[0].place)


def _table(table: Any, context: Context, depth: int) -> Iterator[Block]:
    """A table, then those tables inside its cells that are tables of duties by themselves."""
    if depth >= DEEPEST:
        raise too_deep(context.name)
    lines = list(children(table, "tr"))
    if all(len(list(children(line, "tc"))) == 1 for line in lines):
        # One column is a frame around text, not a table: what it holds stands in its own order.
        for line in lines:
            for cell in children(line, "tc"):
                yield from _blocks(cell, context, depth + 1)
        return
    rows: list[Row] = []
    inner: list[Block] = []
    columns = column_places(table, lines)
    broken = False
    for line in lines:
        if is_on(line, "trPr/del") is not None:
            continue
        cells = _laid(list(_cells(line, context, inner, depth)), columns)
        broken = broken or _opens_page(line)
        rows.append(Row(tuple(cells), context.step(line), after_break=broken))
        broken = _ends_page(line)
        _refuse_huge(rows, context)
    if any(cell.text for row in rows for cell in row.cells):
        yield _spanned(squared(rows, guessed=False))
    yield from inner


def _refuse_huge(rows: list[Row], context: Context) -> None:
    width = len(rows[-1].cells)
    if width > WIDEST:
        what = f"có bảng quá lớn ({width} cột)"
        raise PlanFileError(context.name, what, "Hãy tách riêng bảng nhiệm vụ, lưu lại rồi nộp lại.")
    _refuse_many_cells(context.name, width * len(rows))


def _refuse_many_cells(name: str, cells: int) -> None:
    if cells > MOST_CELLS:
        what = f"có bảng quá lớn ({cells} ô)"
        raise PlanFileError(name, what, "Hãy tách riêng bảng nhiệm vụ, lưu lại rồi nộp lại.")


def _opens_page(line: Any) -> bool:
    first = next(line.iter(f"{W}p"), None)
    return first is not None and bool(is_on(first, "pPr/pageBreakBefore"))


def _ends_page(line: Any) -> bool:
    return any(one.get(f"{W}type") == "page" for one in line.iter(f"{W}br"))


def _laid(cells: list[tuple[Cell, int]], columns: list[int]) -> list[Cell]:
    """The cells of a row, each with its width in the grid, in the columns that a reader sees."""
    laid: list[Cell] = []
    at = 0
    for cell, width in cells:
        start, at = place_of(at, columns), at + width
        span = min(place_of(at, columns) - start, WIDEST + 1)
        if span and cell.cover is not Cover.NONE:
            laid.extend([cell] * span)
        elif span:
            laid.extend([replace(cell, col_span=span), *[Cell("", cover=Cover.LEFT)] * (span - 1)])
        if len(laid) > WIDEST:
            break
    return laid


def _cells(line: Any, context: Context, inner: list[Block], depth: int) -> Iterator[tuple[Cell, int]]:
    """What stands in a row from left to right, with its width in the grid of the table."""
    for _ in range(number(value(line, "trPr/gridBefore"), most=WIDEST + 1)):
        yield Cell(""), 1
    for element in children(line, "tc"):
        if is_on(element, "tcPr/cellDel") is None:
            yield _cell(element, context, inner, depth), width_of(element)


def _cell(element: Any, context: Context, inner: list[Block], depth: int) -> Cell:
    for name, cover in (("vMerge", Cover.ABOVE), ("hMerge", Cover.LEFT)):
        merge = element.find(f"{W}tcPr/{W}{name}")
        if merge is not None and merge.get(f"{W}val", "continue") == "continue":
            return Cell("", cover=cover)
    return Cell("\n".join(_lines(element, context, inner, depth)))


def _lines(element: Any, context: Context, inner: list[Block], depth: int) -> Iterator[str]:
    """The paragraphs of a cell with the text of the boxes and the small tables inside it."""
    held = ""
    for child in shown(element):
        if child.tag == f"{W}p":
            held = f"{held} {paragraph_text(child, context)}".strip()
            if is_on(child, "pPr/rPr/del") is None:
                yield from filter(None, (held,))
                held = ""
            for box in boxes(child):
                yield from _lines(box, context, inner, depth)
        elif child.tag == f"{W}tbl":
            yield from _nested(child, context, inner, depth)
        elif child.tag.startswith(W):
            yield from _lines(child, context, inner, depth)
    yield from filter(None, (held,))


def _nested(table: Any, context: Context, inner: list[Block], depth: int) -> Iterator[str]:
    """A table inside a cell: one with a header of its own is kept as a table, any other is text of the cell."""
    for block in _table(table, context, depth + 1):
        if isinstance(block, Paragraph):
            yield block.text
        elif any(map(is_header, block.rows[:3])):
            inner.append(block)
        else:
            yield from filter(None, (" ".join(filter(None, map(flat, row.texts()))) for row in block.rows))


def _spanned(table: Table) -> Table:
    """The table with the height of each cell that is merged downwards."""
    heights: dict[tuple[int, int], int] = {}
    owner: dict[int, int] = {}
    for at, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            if cell.cover is Cover.ABOVE and column in owner:
                heights[owner[column], column] = at - owner[column] + 1
            elif cell.cover is not Cover.ABOVE:
                owner[column] = at
    if not heights:
        return table
    rows = list(table.rows)
    for (at, column), height in heights.items():
        cells = list(rows[at].cells)
        cells[column] = replace(cells[column], row_span=height)
        rows[at] = replace(rows[at], cells=tuple(cells))
    return replace(table, rows=tuple(rows))
