"""A text file: its encoding, and which of the shapes its tables are in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.reading.columns import header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.errors import PlanFileError
from plans.reading.legacy import Encoding, converted, evidence, has_own_letters
from plans.reading.sources.aligned import looks_aligned, read_aligned
from plans.reading.sources.barred import looks_barred, read_barred
from plans.reading.sources.indented import looks_indented, read_indented
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.sources.markup import looks_marked_up, read_markup
from plans.reading.sources.mending import DAMAGED, common_encoding
from plans.reading.sources.tabbed import looks_tabbed, read_tabbed
from plans.reading.sources.wrapped import looks_wrapped, read_wrapped
from plans.reading.text import cleaned, composed

MAX_CELL_LINES = 40
# A text for people: some thousand pages at most.
MOST_LETTERS, MOST_CELLS = 6_000_000, 100_000
# From this share of Vietnamese words on, bytes are believed to be in an encoding; foreign names take up the rest.
LEAST_SHARE = 0.6


def read_text(name: str, data: bytes) -> Document:
    """The blocks of a .txt or .md file, whatever way its table was flattened."""
    text = decoded(name, data)
    cells = text.count("<td") + text.count("<th")
    if len(text) > MOST_LETTERS or cells > MOST_CELLS:
        raise PlanFileError(name, "dài quá mức của một văn bản", "Hãy tách riêng phần kế hoạch rồi nộp lại.")
    if looks_marked_up(text):
        return read_markup(text)
    if looks_barred(text):
        return read_barred(text)
    text = _with_pipes_closed(text)
    tabbed, indented = looks_tabbed(text), looks_indented(text)
    piped = [line for line in text.splitlines() if _is_piped(line)]
    if len(piped) >= 2 and (len(piped) >= tabbed or any(map(_names_columns, piped))):
        return read_piped(text)
    if tabbed >= 2 and tabbed * 3 >= indented:
        return read_tabbed(text)
    if indented >= 4:
        return read_indented(text)
    if looks_aligned(text):
        return read_aligned(text)
    if looks_wrapped(text):
        return read_wrapped(text)
    return Document(tuple(paragraphs(lines_of(text))))


def decoded(name: str, data: bytes) -> str:
    """The text, whatever encoding it is in. Raises PlanFileError for bytes that are no text."""
    return decoded_as(name, data)[0]


def decoded_as(name: str, data: bytes) -> tuple[str, Encoding]:
    """The text in Unicode, and the old encoding that it had to be converted from. Raises PlanFileError as `decoded`."""
    text = next(_unicode_texts(data), None)
    if text is not None:
        return _modern(text)
    if data.count(b"\x00") > len(data) // 200:
        raise PlanFileError(
            name, "không phải là văn bản đọc được", "Hãy dùng bản Word (.docx), Excel (.xlsx) hoặc PDF của kế hoạch."
        )
    windows, old = _decoded_or_none(data, "cp1258"), data.decode("latin-1")
    readings = [(windows, Encoding.UNICODE)] if windows else []
    readings += [(converted(old, kind), kind) for kind in (Encoding.TCVN3, Encoding.VNI)]
    best, encoding = max(readings, key=lambda one: evidence(composed(one[0])).share)
    seen = evidence(composed(best))
    if seen.words and seen.share < LEAST_SHARE:
        cure = "Hãy lưu lại tệp với bảng mã Unicode (UTF-8) hoặc dùng bản .docx."
        raise PlanFileError(name, "dùng bảng mã không đọc được", cure)
    return best, encoding


def _unicode_texts(data: bytes) -> Iterator[str]:
    """The text, when its bytes are one of the forms of Unicode; UTF-16 also without the mark at its beginning."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = [encoding for mark, encoding in marks if data.startswith(mark)]
    halves = [data[at : at + 4000 : 2].count(b"\x00") * 8 > len(data[at : at + 4000 : 2]) for at in (1, 0)]
    if not marked and b"\x00" in data:
        marked = [name for name, found in zip(("utf-16-le", "utf-16-be"), halves, strict=True) if found]
        marked = marked if len(marked) == 1 else []
    elif not marked:
        marked = ["utf-8"]
    for encoding in marked:
        text = _decoded_or_none(data, encoding)
        if text is not None and "\x00" not in text:
            yield text
    # A few damaged bytes do not make another encoding of it.
    patched = data.decode("utf-8", "replace") if marked == ["utf-8"] else ""
    if 0 < patched.count(DAMAGED) * 200 < len(patched) and evidence(composed(patched)).share > LEAST_SHARE:
        yield patched


def _modern(text: str) -> tuple[str, Encoding]:
    """Unicode text in which letters of an old encoding stand as they were typed, line by line in Vietnamese."""
    lines = composed(text).split("\n")
    encoding = common_encoding([line for line in lines if not line.isascii()])
    if encoding is Encoding.UNICODE:
        return text, encoding
    return "\n".join(line if has_own_letters(line) else converted(line, encoding) for line in lines), encoding


def _decoded_or_none(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_piped(text: str) -> Document:
    """A text whose cells are divided by pipes; a cell may run over several lines until its row is full."""
    blocks: list[Block] = []
    rows: list[Row] = []
    prose: list[Line] = []
    lines = [line for line in lines_of(text) if not line.blank]
    at = 0
    while at < len(lines):
        width, end = _piped_row(lines, at, rows)
        if not width:
            if rows:
                blocks.append(squared(rows, guessed=True))
                rows = []
            prose.append(lines[at])
            at += 1
            continue
        blocks.extend(paragraphs(prose))
        prose = []
        joined = "\n".join(line.text for line in lines[at:end])
        if not re.fullmatch(r"[\s:|\-]*", joined):
            if rows and len(rows[-1].cells) != width and len(rows) < 2:
                blocks.append(squared(rows, guessed=True))
                rows = []
            cells = _piped_cells(joined)
            cells = ["", *cells] if len(cells) < width else cells
            rows.append(Row(tuple(Cell(cleaned(cell)) for cell in cells), lines[at].place))
        at = end
    blocks.extend([squared(rows, guessed=True)] if rows else [])
    return Document((*blocks, *paragraphs(prose)))


def _is_piped(line: str) -> bool:
    """Whether a line is a whole row: closed by a pipe, and opened or divided by another."""
    bare = line.strip()
    return len(bare) > 2 and bare.endswith("|") and bare.count("|") >= 2


def _with_pipes_closed(text: str) -> str:
    """Rows that pipes divide and do not close ("1 | việc | đơn vị"), closed: all as wide as their header."""
    lines = text.split("\n")
    open_rows = (line for line in lines if line.count("|") >= 2 and not line.rstrip().endswith("|"))
    header = next(filter(_names_columns, open_rows), "")
    wanted = header.count("|")
    if sum(1 for line in lines if line.count("|") == wanted) < 2 or not header:
        return text
    return "\n".join(f"{line.rstrip()} |" if line.count("|") == wanted else line for line in lines)


def _names_columns(line: str) -> bool:
    return len(_piped_cells(line)) >= 3 and sum(1 for cell in _piped_cells(line) if header_role(cell)) >= 2


def _piped_cells(joined: str) -> list[str]:
    bare = joined.strip()
    cells = re.split(r"(?<!\\)\|", bare)
    return cells[1 if bare.startswith("|") else 0 : -1 if bare.endswith("|") else None]


def _piped_row(lines: list[Line], at: int, rows: list[Row]) -> tuple[int, int]:
    """(cells, end) of the row that opens at a line; no cells when the line is prose."""
    if _is_piped(lines[at].text):
        cells = len(_piped_cells(lines[at].text))
        # Where rows are not opened by a pipe, a pipe at the head of a row closes an empty first cell.
        hidden = bool(rows) and lines[at].text.lstrip().startswith("|") and cells == len(rows[-1].cells) - 1
        return cells + hidden, at + 1
    wanted = len(rows[-1].cells) if len(rows) > 1 or (rows and "|" in lines[at].text) else 0
    joined = ""
    for end in range(at, min(len(lines), at + MAX_CELL_LINES)):
        if end > at and lines[end].text.lstrip().startswith("|") and _is_piped(lines[end].text):
            break
        joined = f"{joined}\n{lines[end].text}".strip()
        if wanted and joined.endswith("|") and len(_piped_cells(joined)) >= wanted:
            return (wanted, end + 1) if len(_piped_cells(joined)) == wanted else (0, at)
    return 0, at
