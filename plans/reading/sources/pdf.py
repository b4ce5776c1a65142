"""A .pdf with text: ruled tables by their lines, prose by its lines, in reading order, page by page."""

from __future__ import annotations

import io
from typing import Any

from plans.reading.document import Block, Cell, Cover, Document, Paragraph, Place, Row, squared
from plans.reading.errors import PlanFileError
from plans.reading.sources.lines import Line, paragraphs
from plans.reading.text import cleaned

MAX_PAGES = 400


def read_pdf(name: str, data: bytes) -> Document:
    """Tables and prose. Raises PlanFileError for broken, locked and scanned files."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise PlanFileError(name, f"dài quá {MAX_PAGES} trang", "Hãy tách riêng phần kế hoạch rồi nộp lại.")
            blocks = [block for page in pdf.pages for block in _page(page)]
    except PlanFileError:
        raise
    except PDFPasswordIncorrect as error:
        raise _locked(name) from error
    except PdfminerException as error:
        raise (_locked(name) if "Password" in repr(error) else _broken(name)) from error
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
        OSError,
    ) as error:
        raise _broken(name) from error
    if not blocks:
        cure = "Hãy dùng bản Word hoặc PDF có chữ, hoặc nhận dạng chữ (OCR tiếng Việt) trước khi nộp."
        raise PlanFileError(name, "là bản chụp (scan), không có chữ để đọc", cure)
    return Document(tuple(_rewrapped(blocks)))


def _locked(name: str) -> PlanFileError:
    return PlanFileError(name, "đang đặt mật khẩu", "Hãy bỏ mật khẩu rồi nộp lại.")


def _broken(name: str) -> PlanFileError:
    return PlanFileError(
        name, "là tệp PDF bị hỏng, không mở được", "Hãy xuất lại PDF từ văn bản gốc hoặc dùng bản .docx."
    )


def _page(page: Any) -> list[Block]:
    """The blocks of one page from top to bottom."""
    tables = [table for table in page.find_tables() if len(table.rows) and len(table.rows[0].cells) >= 2]
    placed: list[tuple[float, Block]] = []
    for table in tables:
        rows = _rows(table, page.page_number)
        if any(cell.text for row in rows for cell in row.cells):
            placed.append((table.bbox[1], squared(rows, guessed=True)))
    place = Place(page=page.page_number)
    free = (line for line in page.extract_text_lines(return_chars=False) if not _inside(line, tables))
    placed.extend((line["top"], Paragraph(line["text"], place)) for line in free)
    return [block for _, block in sorted(placed, key=lambda item: item[0])]


def _inside(line: Any, tables: list[Any]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return any(table.bbox[1] - 1 <= middle <= table.bbox[3] + 1 for table in tables)


def _rows(table: Any, page_number: int) -> list[Row]:
    texts = table.extract(x_tolerance=1.5)
    rows = []
    for at, (line, values) in enumerate(zip(table.rows, texts, strict=True)):
        cells = [
            Cell(_joined(value or ""), cover=_cover(table, at, column, box))
            for column, (box, value) in enumerate(zip(line.cells, values, strict=True))
        ]
        rows.append(Row(tuple(cells), Place(page=page_number, row=at + 1), after_break=at == 0))
    return rows


def _cover(table: Any, at: int, column: int, box: Any) -> Cover:
    """A place without a box of its own is covered: by a wide cell of its row, or by a tall one from above."""
    if box is not None:
        return Cover.NONE
    middle = _middle(table, column)
    wide = any(other and middle is not None and other[0] <= middle <= other[2] for other in table.rows[at].cells)
    return Cover.LEFT if wide or at == 0 else Cover.ABOVE


def _middle(table: Any, column: int) -> float | None:
    boxes = [row.cells[column] for row in table.rows if column < len(row.cells) and row.cells[column]]
    narrow = min(boxes, key=lambda box: box[2] - box[0], default=None)
    return (narrow[0] + narrow[2]) / 2 if narrow else None


def _joined(text: str) -> str:
    """Wrapped lines of a cell as one, but a bullet keeps its own line."""
    lines: list[str] = []
    for line in cleaned(text).split("\n"):
        if lines and not line.startswith(("- ", "+ ", "• ", "– ")):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def _rewrapped(blocks: list[Block]) -> list[Block]:
    """Lines of prose joined into paragraphs, across pages too."""
    whole: list[Block] = []
    lines: list[Line] = []
    for at, block in enumerate([*blocks, None]):
        if isinstance(block, Paragraph):
            lines.append(Line(block.text, at, block.place.page or 1))
            continue
        whole.extend(_with_pages(lines))
        lines = []
        if block is not None:
            whole.append(block)
    return whole


def _with_pages(lines: list[Line]) -> list[Block]:
    pages = {line.number: line.page for line in lines}
    return [Paragraph(one.text, Place(page=pages.get(one.place.line or -1))) for one in paragraphs(lines)]
