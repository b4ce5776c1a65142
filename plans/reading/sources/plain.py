"""A text file: its encoding, and which of the shapes its tables are in."""

from __future__ import annotations

import re

from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.errors import PlanFileError
from plans.reading.sources.indented import looks_indented, read_indented
from plans.reading.sources.lines import lines_of, paragraphs
from plans.reading.sources.tabbed import looks_tabbed, read_tabbed
from plans.reading.sources.wrapped import looks_wrapped, read_wrapped
from plans.reading.text import cleaned

_PIPED = re.compile(r"^\s*\|.*\|\s*$")


def read_text(name: str, data: bytes) -> Document:
    """The blocks of a .txt or .md file, whatever way its table was flattened."""
    text = decoded(name, data)
    if sum(1 for line in text.splitlines() if _PIPED.match(line)) >= 2:
        return read_piped(text)
    tabbed, indented = looks_tabbed(text), looks_indented(text)
    if tabbed >= 2 and tabbed * 3 >= indented:
        return read_tabbed(text)
    if indented >= 4:
        return read_indented(text)
    if looks_wrapped(text):
        return read_wrapped(text)
    return Document(tuple(paragraphs(lines_of(text))))


def decoded(name: str, data: bytes) -> str:
    """The text, whatever Unicode or Windows encoding it is in. Raises PlanFileError for bytes that are no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(name, data, encoding)
    if b"\x00" in data:
        raise PlanFileError(
            name, "không phải là văn bản đọc được", "Hãy dùng bản Word (.docx), Excel (.xlsx) hoặc PDF của kế hoạch."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(name, data, "cp1258")


def _strict(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cure = "Hãy lưu lại tệp với bảng mã Unicode (UTF-8) hoặc dùng bản .docx."
        raise PlanFileError(name, "dùng bảng mã không đọc được", cure) from error


def read_piped(text: str) -> Document:
    """A Markdown text whose tables are drawn with pipes."""
    blocks: list[Block] = []
    rows: list[Row] = []
    prose = []
    for line in lines_of(text):
        if _PIPED.match(line.text):
            blocks.extend(paragraphs(prose))
            prose = []
            cells = tuple(Cell(cleaned(cell)) for cell in re.split(r"(?<!\\)\|", line.text.strip())[1:-1])
            if not all(re.fullmatch(r"[\s:\-]*", cell.text) for cell in cells) or (
                not any(cell.text for cell in cells) and not rows
            ):
                rows.append(Row(cells, line.place))
        elif not line.blank:
            if rows:
                blocks.append(squared(rows, guessed=True))
                rows = []
            prose.append(line)
    blocks.extend([squared(rows, guessed=True)] if rows else [])
    return Document((*blocks, *paragraphs(prose)))
