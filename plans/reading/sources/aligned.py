"""Text in which spaces keep the columns of a printed table apart, as a PDF is written out line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.reading.columns import UNIT_ROLES, Role, header_role
from plans.reading.document import Block, Cell, Document, Row, squared
from plans.reading.guesses import is_time
from plans.reading.ordinals import readings
from plans.reading.sources.lines import Line, lines_of, paragraphs
from plans.reading.text import cleaned, flat, fold, opens_lower
from plans.reading.units_text import opens_as_unit

_HEADER = re.compile(r"^\s*(?:S?TT|Stt|Số\s*TT|SỐ\s*TT)\.?\s{2,}\S.*\S\s{2,}\S")
_END = re.compile(r"^\s*(?:[IVX]{1,5}\.\s\S|PHỤ LỤC|Phụ lục|Nơi nhận|TM\.|KT\.)")
_GAP = re.compile(r"\s{2,}")
_STRAY = 0.03
MOST_COLUMNS, LEAST_NAMES = 40, 3


def looks_aligned(text: str) -> bool:
    """Whether a header with wide gaps opens a table, and lines with such gaps follow."""
    lines = text.splitlines()
    rows = sum(1 for line in lines if len(_GAP.split(line.strip())) >= 3)
    return rows >= 4 and any(map(_opens_table, lines))


def _opens_table(line: str) -> bool:
    """Whether a line is a header: it names the number and two columns more, or nothing but columns."""
    return (_HEADER.match(line) is not None and _names_columns(line)) or _names_only_columns(line)


def _names_columns(line: str) -> bool:
    return sum(1 for name in _GAP.split(line.strip()) if header_role(name)) >= 2


def _names_only_columns(line: str) -> bool:
    """Whether a table without numbers opens: the work, and by whom or by when, each name one that is known."""
    roles = [header_role(name) for name in _GAP.split(line.strip())]
    told = set(roles) & {Role.TIME, *UNIT_ROLES}
    return len(roles) >= LEAST_NAMES and roles[0] is Role.CONTENT and None not in roles and bool(told)


def read_aligned(text: str) -> Document:
    """Prose and tables in reading order."""
    blocks: list[Block] = []
    prose: list[Line] = []
    lines = lines_of(text)
    at = 0
    while at < len(lines):
        if not _opens_table(lines[at].text):
            prose.append(lines[at])
            at += 1
            continue
        start = _top(lines, at)
        del prose[len(prose) - (at - start) :]
        blocks.extend(paragraphs(prose))
        prose = []
        end = next((k for k in range(at + 1, len(lines)) if _END.match(lines[k].text)), len(lines))
        numbered = _HEADER.match(lines[at].text) is not None
        blocks.append(squared(list(_rows(lines[start:end], numbered=numbered)), guessed=True))
        at = end
    return Document((*blocks, *paragraphs(prose)))


def _top(lines: list[Line], at: int) -> int:
    """Where the header begins: names of two lines may reach above the line that holds the number's name."""
    start = at
    while start and not lines[start - 1].blank and len(_GAP.split(lines[start - 1].text.strip())) >= 2:
        start -= 1
    return start


@dataclass(slots=True)
class _Open:
    """One row being read, a list of lines for each column."""

    line: Line
    cells: list[list[str]]
    broken: bool = False

    def row(self) -> Row:
        texts = (" ".join(flat(part) for part in parts if part.strip()) for parts in self.cells)
        return Row(tuple(Cell(cleaned(text)) for text in texts), self.line.place, self.broken)


def _rows(lines: list[Line], *, numbered: bool) -> Iterator[Row]:
    printed = [line for line in lines if not line.blank]
    edges = _edges([line.text for line in printed])
    row: _Open | None = None
    broken = False
    for line in printed:
        broken = broken or line.opens_page
        heading = _heading(line.text, edges) if numbered else _lone(line.text, edges)
        cells = heading or _sliced(line.text, edges)
        opens = row is None or _opens_row(cells, numbered=numbered) or _opens_table(line.text) or broken
        if row and (opens or heading):
            yield row.row()
            row = None
        if row is None:
            row, broken = _Open(line, [[] for _ in cells], broken), False
        for parts, text in zip(row.cells, cells, strict=False):
            parts.append(text)
        if heading:
            yield row.row()
            row = None
    if row:
        yield row.row()


def _opens_row(cells: list[str], *, numbered: bool) -> bool:
    """Whether a line is the first of a row: it has a number, or, where none has, work and a time or a unit begin."""
    if numbered:
        return bool(readings(cells[0]))
    begins = bool(cells[0]) and not opens_lower(cells[0])
    return begins and any(is_time(fold(text)) or opens_as_unit(text) for text in cells[1:])


def _lone(text: str, edges: list[tuple[int, int]]) -> list[str] | None:
    """One run of words from the margin on, in capitals or across the columns: a heading of a table without numbers."""
    words = text.strip()
    if len(_GAP.split(words)) > 1 or len(text) - len(text.lstrip()) >= edges[0][1] or len(edges) < LEAST_NAMES:
        return None
    return [words, *[""] * (len(edges) - 1)] if words.isupper() or len(text.rstrip()) > edges[1][0] + 1 else None


def _sliced(text: str, edges: list[tuple[int, int]]) -> list[str]:
    """The cells of one line; where a word lies across an edge, the edge gives way to the left."""
    cuts = [0]
    for _, end in edges[:-1]:
        cut = min(end, len(text))
        while cut > cuts[-1] and cut < len(text) and not text[cut - 1].isspace() and not text[cut].isspace():
            cut -= 1
        cuts.append(cut)
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _heading(text: str, edges: list[tuple[int, int]]) -> list[str] | None:
    """A number and one run of words that lies across the columns: a section heading."""
    parts = _GAP.split(text.strip())
    mark, _, rest = text.strip().partition(" ")
    if len(text) - len(text.lstrip()) >= edges[0][1]:
        return None
    if len(parts) > 2 or not readings(mark) or not rest.strip() or len(edges) < 3:
        return None
    crosses = len(text.rstrip()) > edges[1][1] + 1 and bool(text[edges[1][1] - 1 : edges[1][1] + 1].strip())
    section = readings(mark)[0].style in ("roman", "upper")
    return [mark, rest.strip(), *[""] * (len(edges) - 2)] if crosses or (section and len(parts) <= 2) else None


def _edges(texts: list[str]) -> list[tuple[int, int]]:
    """The columns as (start, end): between them run gutters that (almost) no line prints on."""
    rows = [text for text in texts if len(_GAP.split(text.strip())) >= 3] or texts
    width = max(len(text) for text in texts)
    printed = [sum(1 for text in rows if at < len(text) and not text[at].isspace()) for at in range(width)]
    free = [count <= _STRAY * len(rows) for count in printed]
    starts = [at for at in range(width) if not free[at] and (at == 0 or free[at - 1])]
    joined = starts[:1] or [0]
    joined += [start for start in starts[1:] if start - _end_before(free, start) >= 2]
    joined = joined[:MOST_COLUMNS]
    return list(zip(joined, [*joined[1:], width], strict=True))


def _end_before(free: list[bool], start: int) -> int:
    at = start
    while at and free[at - 1]:
        at -= 1
    return at
