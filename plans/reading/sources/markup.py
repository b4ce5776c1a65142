"""Text that holds its tables as HTML: a saved web page, or a scan recognized into paragraphs and <table> elements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from plans.reading.document import Block, Cell, Cover, Document, Place, Row, Table, squared
from plans.reading.sources.lines import Line, paragraphs
from plans.reading.text import cleaned

_BREAKING = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "section", "article", "hr"}
_UNSEEN = {"script", "style", "head", "title", "noscript", "template"}
_PAGE = re.compile(r"<(?:html|body|!doctype)\b", re.IGNORECASE)
WIDEST, TALLEST = 60, 2000


def looks_marked_up(text: str) -> bool:
    """Whether a table stands in the text as HTML elements."""
    return bool(re.search(r"<table\b", text, re.IGNORECASE) and re.search(r"<t[dh]\b", text, re.IGNORECASE))


def archived_page(data: bytes) -> bytes | None:
    """The page inside a web archive (.mht, and the .doc that office systems of the web export); None for no archive."""
    if b"MIME-Version:" not in data[:2000] or b"multipart/" not in data[:2000]:
        return None
    from email import message_from_bytes

    for part in message_from_bytes(data.lstrip()).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else None
    return None


def read_markup(text: str) -> Document:
    """Prose and tables in reading order. Outside a whole web page, a line feed in the prose ends a paragraph."""
    reader = _Reader(folds_lines=bool(_PAGE.search(text)))
    reader.feed(text)
    reader.close()
    return Document(tuple(reader.finished()))


@dataclass(slots=True)
class _OpenCell:
    """A cell being read."""

    line: int
    row_span: int = 1
    col_span: int = 1
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Gathers paragraphs and tables; the tables inside a cell come after the table that holds them."""

    def __init__(self, *, folds_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.folds_lines = folds_lines
        self.blocks: list[Block] = []
        self.prose: list[Line] = []
        self.rows: list[list[_OpenCell]] = []
        self.outer: list[list[list[_OpenCell]]] = []
        self.inner: list[Table] = []
        self.unseen = 0
        self.fresh = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell, or break the line."""
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "table":
            if not self.depth:
                self._close_prose()
            self.outer.append(self.rows)
            self.rows = []
        elif self.depth and tag == "tr":
            self.rows.append([])
        elif self.depth and tag in ("td", "th"):
            self.rows = self.rows or [[]]
            self.rows[-1].append(_OpenCell(self.getpos()[0], _span(attrs, "rowspan"), _span(attrs, "colspan")))
        elif tag in _BREAKING:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """Close a table, or break the line."""
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag == "table" and self.depth:
            self._close_table()
        elif tag in _BREAKING:
            self._break()

    def handle_data(self, data: str) -> None:
        """Take the words where they stand."""
        if self.unseen:
            return
        if self.depth:
            cells = self.rows[-1] if self.rows else []
            if cells:
                cells[-1].parts.append(re.sub(r"\s+", " ", data))
            return
        lines = [re.sub(r"\s+", " ", data)] if self.folds_lines else data.split("\n")
        for at, text in enumerate(lines):
            if at:
                self.fresh = True
            self._say(text, self.getpos()[0] + at)

    def finished(self) -> list[Block]:
        """The blocks; an unclosed table is closed by the end of the file."""
        while self.depth:
            self._close_table()
        self._close_prose()
        return self.blocks

    @property
    def depth(self) -> int:
        """How many tables are open, one inside the other."""
        return len(self.outer)

    def _say(self, text: str, line: int) -> None:
        if self.fresh or not self.prose:
            self.prose.append(Line(text, line, 1))
        else:
            last = self.prose[-1]
            self.prose[-1] = Line(last.text + text, last.number, 1)
        self.fresh = False

    def _break(self) -> None:
        if not self.depth:
            self.fresh = True
        elif self.rows and self.rows[-1]:
            self.rows[-1][-1].parts.append("\n")

    def _close_prose(self) -> None:
        self.blocks.extend(paragraphs(self.prose))
        self.prose, self.fresh = [], True

    def _close_table(self) -> None:
        table = _table([row for row in self.rows if row])
        self.rows = self.outer.pop()
        if table.rows:
            self.inner.insert(0, table)
        if not self.depth:
            self.blocks.extend(self.inner)
            self.inner = []


def _span(attrs: list[tuple[str, str | None]], name: str) -> int:
    value = dict(attrs).get(name) or "1"
    limit = WIDEST if name == "colspan" else TALLEST
    return min(max(int(value), 1), limit) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _table(rows: list[list[_OpenCell]]) -> Table:
    """The rectangle, covered cells in their places; spans end with the table; what is past WIDEST joins the last."""
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    for at, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column in grid[at]:
                column += 1
            if column >= WIDEST:
                told = " ".join(part for part in (grid[at][WIDEST - 1].text, cleaned("".join(cell.parts))) if part)
                grid[at][WIDEST - 1] = Cell(told)
                continue
            _lay(grid, at, column, cell)
            column += cell.col_span
    laid = [
        Row(tuple(line.get(column, Cell("")) for column in range(max(line, default=-1) + 1)), Place(line=cells[0].line))
        for line, cells in zip(grid, rows, strict=True)
    ]
    return squared(laid, guessed=True)


def _lay(grid: list[dict[int, Cell]], at: int, column: int, cell: _OpenCell) -> None:
    for down in range(min(cell.row_span, len(grid) - at)):
        for right in range(min(cell.col_span, WIDEST - column)):
            cover = Cover.ABOVE if down else (Cover.LEFT if right else Cover.NONE)
            grid[at + down].setdefault(column + right, Cell("", cover=cover))
    grid[at][column] = Cell(cleaned("".join(cell.parts)), cell.row_span, cell.col_span)
