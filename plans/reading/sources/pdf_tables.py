"""Ruled tables of a PDF: their cells filled with the letters inside, and the pieces that pages cut put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from plans.reading.columns import Role
from plans.reading.document import Cell, Cover, Place, Row, Table
from plans.reading.headers import columns_of, is_header
from plans.reading.ordinals import readings
from plans.reading.sources.pdf_grid import Grid
from plans.reading.sources.pdf_ink import Glyph
from plans.reading.sources.pdf_lines import TextLine, ends_paragraph, joined, text_lines
from plans.reading.text import ends_whole, opens_lower, squash

# The space that programs leave between the border of a cell and its letters, both sides together, in points.
PADDING = 8.0
SAME_EDGE = 6.0
_VALUES = (Role.LEAD, Role.COORDINATOR, Role.PERFORMER, Role.TIME, Role.PRODUCT, Role.MEASURE, Role.TARGET)

# The first rows, the header among them, tell what the columns of a table hold, however many pages follow.
TELLING_ROWS = 100
# How far down the header may begin, and how many of its rows a page may repeat.
HEAD_ROWS, MOST_REPEATED = 6, 4
# Of recognized letters a line counts as full from this share of its room on.
ROUGH_ROOM = 0.75
# A time that ends in one of these words is not told to its end: the page cut it.
_OPEN_TIME = re.compile(
    r"(?:\b(?:trước|sau|từ|đến|ngày|tháng|quý|năm|tuần|đầu|cuối|giữa|hằng|hàng|của|và)|[-–,/])$", re.I
)


@dataclass(slots=True)
class PdfCell:
    """A cell while pages are joined: its lines, the room they had, and what covers it."""

    lines: list[TextLine] = field(default_factory=list)
    room: float = 0.0
    row_span: int = 1
    col_span: int = 1
    cover: Cover = Cover.NONE
    text: str = ""

    def take(self, other: PdfCell) -> None:
        """Put what stands on the next page behind what stands on this one."""
        if not other.lines:
            return
        if self.lines:
            self.room = max(self.room, other.room)
            self.text = joined([*self.lines, *other.lines], self.room)
        else:
            self.text = other.text
        self.lines = [*self.lines, *other.lines]


@dataclass(slots=True)
class PdfTable:
    """One ruled table: its columns' edges, its rows, and the pages and heights between which it stands."""

    page: int
    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: list[list[PdfCell]]
    places: list[Place]
    last_page: int = 0

    def texts(self, most: int) -> list[list[str]]:
        """The text of every cell of so many rows at its head."""
        return [[cell.text for cell in row] for row in self.rows[:most]]

    def table(self, most: int | None = None) -> Table:
        """The table, or at most so many of its first rows, as the model has it."""
        rows = (
            Row(tuple(Cell(cell.text, cell.row_span, cell.col_span, cell.cover) for cell in row), place)
            for row, place in zip(self.rows[:most], self.places[:most], strict=True)
        )
        return Table(tuple(rows))


def filled(grid: Grid, glyphs: list[Glyph], page: int, *, rough: bool = False) -> PdfTable:
    """The table of a grid and the letters inside it; `rough` where the widths of letters are only about right."""
    inside: list[list[Glyph]] = [[] for _ in grid.fields]
    for glyph in glyphs:
        at = grid.field_at(glyph.middle, glyph.y - glyph.size * 0.25)
        if at is not None:
            inside[at].append(glyph)
    lines = [text_lines(one) for one in inside]
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    rows = [[PdfCell() for _ in range(width)] for _ in range(height)]
    for at, one in enumerate(grid.fields):
        room = _room(grid, at, lines) * (ROUGH_ROOM if rough else 1)
        for row in range(one.row, one.row + one.row_span):
            for column in range(one.column, one.column + one.col_span):
                rows[row][column].cover = Cover.ABOVE if row > one.row else Cover.LEFT
        text = joined(lines[at], room)
        rows[one.row][one.column] = PdfCell(lines[at], room, one.row_span, one.col_span, Cover.NONE, text)
    places = [Place(page=page, row=at + 1) for at in range(height)]
    return PdfTable(page, grid.top, grid.bottom, grid.xs, rows, places, page)


def _room(grid: Grid, at: int, lines: list[list[TextLine]]) -> float:
    """How wide a line of a cell may be: what its column shows, or the cell without its usual padding."""
    one = grid.fields[at]
    left, _, right, _ = grid.sides(one)
    same = (
        line.width
        for other, field in enumerate(grid.fields)
        if (field.column, field.col_span) == (one.column, one.col_span)
        for line in lines[other]
    )
    return max(right - left - 2 * PADDING, *same, 0.0)


def is_blank(table: PdfTable) -> bool:
    """Whether nothing is written in it."""
    return not any(cell.text for row in table.rows for cell in row)


def carries_on(before: PdfTable, table: PdfTable) -> bool:
    """Whether a table at the head of a page is the one that the page before ended in: the same columns."""
    if len(before.xs) != len(table.xs) or table.page != before.last_page + 1:
        return False
    shift = table.xs[0] - before.xs[0]
    if any(abs(one - other - shift) > SAME_EDGE for one, other in zip(table.xs, before.xs, strict=True)):
        return False
    return not _has_other_header(before, table)


def _has_other_header(before: PdfTable, table: PdfTable) -> bool:
    first = Row(tuple(Cell(cell.text) for cell in table.rows[0]))
    return is_header(first) and _repeated(before, table) == 0


def _repeated(before: PdfTable, table: PdfTable) -> int:
    """How many rows at the head of a page repeat the header of the table."""
    texts, below = before.texts(HEAD_ROWS + MOST_REPEATED), table.texts(MOST_REPEATED)
    head = next((at for at, row in enumerate(texts[:HEAD_ROWS]) if is_header(Row(tuple(map(Cell, row))))), None)
    if head is None:
        return 0
    same = (list(map(squash, one)) == list(map(squash, other)) for one, other in zip(texts[head:], below, strict=False))
    return sum(takewhile(bool, same))


def carry_on(before: PdfTable, table: PdfTable) -> None:
    """Put the rows of the next page under those of this one; a row that the page cut becomes one again."""
    skip = _repeated(before, table)
    rows, places = table.rows[skip:], table.places[skip:]
    before.last_page = table.page
    if not rows:
        return
    columns = columns_of(before.table(TELLING_ROWS))
    roles = list(columns.roles) if columns else [Role.OTHER] * len(before.rows[0])
    if _is_cut(before.rows[-1], rows[0], roles):
        _close_cut(before.rows[-1], rows[0])
        rows, places = rows[1:], places[1:]
    elif rows:
        _carry_merges(before.rows, rows, roles)
    before.rows.extend(rows)
    before.places.extend(places)


def _cell(row: list[PdfCell], roles: list[Role], role: Role) -> PdfCell:
    return row[roles.index(role)] if role in roles else PdfCell()


def _is_cut(last: list[PdfCell], first: list[PdfCell], roles: list[Role]) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before it."""
    number, content = _cell(first, roles, Role.NUMBER), _cell(first, roles, Role.CONTENT)
    above = _cell(last, roles, Role.CONTENT)
    values = [cell for cell, role in zip(first, roles, strict=True) if role in _VALUES and cell.text]
    if number.text and readings(number.text):
        unnumbered = Role.NUMBER in roles and not _cell(last, roles, Role.NUMBER).text and above.text
        return bool(unnumbered) and opens_lower(content.text) and not ends_whole(above.text)
    if number.text or any(cell.col_span > 1 for cell in first):
        return False
    if not content.text:
        return not _is_further_line(last, first, roles)
    if opens_lower(content.text) and not ends_whole(above.text):
        return True
    if not values:
        return bool(above.text)
    runs_on = bool(above.lines) and not ends_paragraph(above.lines[-1], content.lines[0], above.room)
    complete = any(cell.text for cell, role in zip(first, roles, strict=True) if role is Role.TIME)
    return runs_on and not complete and not ends_whole(above.text)


def _is_further_line(last: list[PdfCell], first: list[PdfCell], roles: list[Role]) -> bool:
    """A time and something else of its own under a number and a content that go on: a further line of that duty."""
    time, filled_cells = _cell(first, roles, Role.TIME), [cell for cell in first if cell.text]
    above = _cell(last, roles, Role.TIME)
    whole = not _OPEN_TIME.search(above.text) and all(not opens_lower(cell.text) for cell in filled_cells)
    return bool(time.text and above.text) and len(filled_cells) >= 2 and whole


def _close_cut(last: list[PdfCell], first: list[PdfCell]) -> None:
    for cell, rest in zip(last, first, strict=True):
        cell.take(rest)


def _carry_merges(above: list[list[PdfCell]], rows: list[list[PdfCell]], roles: list[Role]) -> None:
    """A merged cell that the page cut: its piece on this page is blank, or ends what stands on the other."""
    for column, role in enumerate(roles):
        cell = rows[0][column]
        if role is Role.NUMBER or cell.cover is not Cover.NONE or cell.col_span > 1:
            continue
        owner = _owner(above, column)
        pieces = (row[column].cover is Cover.ABOVE for row in (*above, *rows))
        merged = owner is not above[-1][column] or cell.row_span > 1 or any(pieces)
        goes_on = not cell.text or opens_lower(cell.text)
        own_duty = role is Role.CONTENT and _cell(rows[0], roles, Role.NUMBER).text
        if owner is None or not (merged and goes_on and owner.text) or own_duty:
            continue
        owner.take(cell)
        rows[0][column] = PdfCell(cover=Cover.ABOVE)
    _carry_number(rows, roles)


def _owner(above: list[list[PdfCell]], column: int) -> PdfCell | None:
    """The cell that holds the last row's place in a column."""
    return next((row[column] for row in reversed(above) if row[column].cover is Cover.NONE), None)


def _carry_number(rows: list[list[PdfCell]], roles: list[Role]) -> None:
    """A blank number beside a content that was carried is carried with it."""
    if Role.NUMBER not in roles or Role.CONTENT not in roles:
        return
    number = rows[0][roles.index(Role.NUMBER)]
    if rows[0][roles.index(Role.CONTENT)].cover is Cover.ABOVE and not number.text:
        number.cover = Cover.ABOVE
