"""A .docx: paragraphs and tables in document order, merged cells kept as merged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from plans.reading.document import Block, Cell, Cover, Document, Paragraph, Place, Row, squared
from plans.reading.errors import PlanFileError
from plans.reading.sources.archive import BROKEN
from plans.reading.text import cleaned, flat

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_BOXES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_word(name: str, data: bytes) -> Document:
    """The body of the document. Raises PlanFileError when Word's parts cannot be read."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except (PackageNotFoundError, *BROKEN) as error:
        cure = "Hãy mở lại bằng Word, lưu thành tệp .docx mới rồi nộp lại."
        raise PlanFileError(name, "là tệp Word bị hỏng, không mở được", cure) from error
    numbering = _Numbering()
    return Document(tuple(_blocks(body, numbering)))


class _Numbering:
    """Counts what stands where: paragraphs and table rows, for the place told to a person."""

    def __init__(self) -> None:
        self.paragraph = 0
        self.page = 1

    def step(self, element: Any) -> Place:
        """The place of the next paragraph or row; a page break that Word has written down turns the page."""
        self.paragraph += 1
        here = Place(page=self.page, line=self.paragraph)
        self.page += sum(1 for _ in element.iter(f"{_W}lastRenderedPageBreak"))
        return here


def _blocks(parent: Any, numbering: _Numbering) -> Iterator[Block]:
    for element in parent:
        if element.tag == f"{_W}p":
            text = flat(_paragraph_text(element))
            place = numbering.step(element)
            if text:
                yield Paragraph(text, place)
            yield from _boxed(element, numbering)
        elif element.tag == f"{_W}tbl":
            yield from _table(element, numbering)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _blocks(element, numbering)


def _boxed(paragraph: Any, numbering: _Numbering) -> Iterator[Block]:
    """Text boxes anchored in a paragraph: letterheads are often drawn so. The fallback copy is skipped."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(above.tag == _TEXT_BOXES for above in box.iterancestors()):
            yield from _blocks(box, numbering)


def _paragraph_text(paragraph: Any) -> str:
    """The text as shown: deleted runs, notes and text boxes left out, breaks and tabs kept."""
    parts: list[str] = []
    for node in _shown(paragraph):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return cleaned("".join(parts))


def _shown(element: Any) -> Iterator[Any]:
    for child in element:
        if (
            child.tag in (f"{_W}del", f"{_W}txbxContent", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr")
            or child.tag == _TEXT_BOXES
        ):
            continue
        yield child
        yield from _shown(child)


def _table(table: Any, numbering: _Numbering) -> Iterator[Block]:
    """A table, then the tables nested in its cells, so that none is lost."""
    rows: list[Row] = []
    nested: list[Any] = []
    for line in _rows_of(table):
        cells: list[Cell] = [Cell("")] * _skipped(line)
        for element in _cells_of(line):
            nested.extend(element.iterchildren(f"{_W}tbl"))
            cells.extend(_cell(element))
        rows.append(Row(tuple(cells), numbering.step(line)))
    if any(cell.text for row in rows for cell in row.cells):
        yield squared(rows, guessed=False)
    for inner in nested:
        yield from _table(inner, numbering)


def _rows_of(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _rows_of(child)


def _cells_of(line: Any) -> Iterator[Any]:
    for child in line:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _cells_of(child)


def _skipped(line: Any) -> int:
    found = line.find(f"{_W}trPr/{_W}gridBefore")
    return int(found.get(f"{_W}val", "0")) if found is not None else 0


def _cell(element: Any) -> list[Cell]:
    """The cell and, for a merge, the places it covers."""
    span = element.find(f"{_W}tcPr/{_W}gridSpan")
    width = max(1, min(int(span.get(f"{_W}val", "1")), 60)) if span is not None else 1
    merge = element.find(f"{_W}tcPr/{_W}vMerge")
    if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
        return [Cell("", cover=Cover.ABOVE)] * width
    lines = [_paragraph_text(paragraph) for paragraph in element.iter(f"{_W}p") if _nearest_cell(paragraph) is element]
    text = "\n".join(line for line in lines if line)
    return [Cell(text, col_span=width), *[Cell("", cover=Cover.LEFT)] * (width - 1)]


def _nearest_cell(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(f"{_W}tc"), None)
