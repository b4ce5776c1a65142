"""The header of a table: which rows it takes, and the role it gives to every column."""

from __future__ import annotations

import re
from dataclasses import replace

from plans.reading.columns import TIME_ROLES, UNIT_ROLES, Columns, Role, header_role, latest_year
from plans.reading.document import Cover, Row, Table
from plans.reading.grids import grid_label, is_mark
from plans.reading.guesses import is_figure, is_measure, is_time, mostly
from plans.reading.ordinals import readings
from plans.reading.text import flat, fold

# Dates of papers and people, not of work to be done.
_PAST = re.compile(r"ban hanh|ky hieu|ngay (?:ky|sinh)")
# "Tên tiêu chí", "Lĩnh vực" beside "Nội dung thực hiện": what the work belongs to, not the work.
_BELONGS_TO = re.compile(r"^(?:ten )?(?:cac )?(?:tieu chi|linh vuc|nhom|hang muc|chuyen de|de an|du an|chuong trinh)\b")
_REPEATABLE = (Role.OTHER, Role.NOTE, Role.BASIS, Role.COORDINATOR, Role.MARK)


def is_header(row: Row) -> bool:
    """Whether a row is a table's header: names at least two columns, one of them what is to be done or reached."""
    texts = [text for text in row.texts() if text]
    roles = {role for role in map(header_role, texts) if role}
    if len(roles) < 2 or not roles & {Role.CONTENT, Role.TARGET, Role.NUMBER}:
        return False
    first = row.texts()[0]
    if header_role(first) is Role.NUMBER:
        return True
    unknown = [text for text in texts if not header_role(text) and not grid_label(text, "")]
    return not readings(first) and len(unknown) <= max(1, len(texts) // 3)


def _is_lower_header(row: Row, upper: Row) -> bool:
    texts = row.texts()
    filled = [at for at, text in enumerate(texts) if text]
    if not filled or (texts[0] and header_role(texts[0]) is not Role.NUMBER):
        return False
    upper = _spread(upper, row)
    above = upper.texts()
    repeats = all(texts[at] == above[at] for at in filled if header_role(texts[at]) is Role.CONTENT)
    return repeats and all(header_role(texts[at]) or _divides_time(texts[at], _above(upper, at)) for at in filled)


def _divides_time(text: str, above: str) -> bool:
    """Whether a lower header is a month, quarter or year of the time or the figures that the upper one names."""
    return header_role(above) in (None, Role.TIME, Role.TARGET) and grid_label(text, above) is not None


def _above(upper: Row, at: int) -> str:
    """The header over a column; a cell to the left that lies across, or left its neighbours empty, counts too."""
    texts = upper.texts()
    while at > 0 and not texts[at] and upper.cells[at].cover is not Cover.ABOVE:
        at -= 1
    return texts[at]


def _is_numbering(row: Row) -> bool:
    """The row (1) (2) (3) that some tables print under the header."""
    texts = [text.strip("() .[]") for text in row.texts() if text]
    if len(texts) < 3 or not all(text.isdigit() or not any(map(str.isalpha, text)) or len(text) < 3 for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) >= len(texts) - 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def columns_of(table: Table) -> Columns | None:
    """The columns named by the header that opens the table (title rows above it allowed), or None."""
    for at, row in enumerate(table.rows[:4]):
        if is_header(row):
            named = _named(table, at)
            return replace(named, header_rows=0) if any(map(is_body, table.rows[:at])) else named
    return None


def is_body(row: Row) -> bool:
    """Whether a row above a header is no title but a duty, left there by a page break that repeats the header."""
    filled = [text for text in row.texts() if text]
    numbered = bool(readings(row.texts()[0])) or not row.texts()[0]
    return not is_header(row) and numbered and len(filled) >= 2 + bool(row.texts()[0])


def _named(table: Table, at: int) -> Columns:
    upper = table.rows[at]
    end = at + 1
    lowers: list[Row] = []
    while end < len(table.rows) and len(lowers) < 2 and _is_lower_header(table.rows[end], upper):
        lowers.append(table.rows[end])
        end += 1
    upper = _spread(upper, lowers[0]) if lowers else upper
    if end < len(table.rows) and _is_numbering(table.rows[end]):
        end += 1
    headers = tuple(_header_text(upper, lowers, column) for column in range(table.width))
    named = [_role(text) for text in headers]
    figures = tuple(column for column, role in enumerate(named) if role is Role.TARGET)
    roles = _settled(named, headers, table.rows[end:])
    figures = tuple(column for column in figures if roles[column] in (Role.TARGET, Role.OTHER))
    return Columns(tuple(roles), headers, end, figures)


def _role(header: str) -> Role:
    return header_role(header) or (Role.MARK if grid_label(header, "") else Role.OTHER)


def _spread(upper: Row, lower: Row) -> Row:
    """The upper header over all columns, where text kept one cell for a name that lies across several below it."""
    names = [cell for cell in upper.cells if cell.text]
    below = lower.texts()
    groups = [at for at, text in enumerate(below) if not text or at == 0 or not below[at - 1]]
    if not all(upper.texts()[: len(names)]) or len(groups) != len(names) or len(names) == len(below):
        return upper
    cells = [names[sum(1 for first in groups if first <= at) - 1] for at in range(len(below))]
    return replace(upper, cells=tuple(cells))


def _header_text(upper: Row, lowers: list[Row], column: int) -> str:
    """The nearest header above the cells: a lower one wins, as it divides the upper one."""
    for row in reversed(lowers):
        text = row.texts()[column]
        if text:
            return grid_label(text, _above(upper, column)) or flat(text)
    text = flat(upper.texts()[column])
    return grid_label(text, "") or text


def _settled(roles: list[Role], headers: tuple[str, ...], rows: tuple[Row, ...]) -> list[Role]:
    """Mend what a word alone cannot tell: "Chỉ tiêu" may be name or figure, "Đơn vị" a measure, "Ghi chú" a time."""
    for at in range(len(roles)):
        values = [flat(row.texts()[at]) for row in rows if row.texts()[at]]
        if roles[at] in (Role.PERFORMER, Role.TARGET, Role.OTHER) and mostly(values, is_measure):
            roles[at] = Role.MEASURE
        elif roles[at] in (Role.MARK, Role.TARGET, Role.TIME) and grid_label(headers[at], ""):
            roles[at] = _in_grid(headers[at], values, roles[at])
    if Role.CONTENT not in roles and Role.TARGET in roles:
        named = roles.index(Role.TARGET)
        figures = mostly([flat(row.texts()[named]) for row in rows if row.texts()[named]], is_figure)
        roles[named] = Role.TARGET if figures else Role.CONTENT
    _settle_units(roles)
    _settle_spans(roles)
    if not any(role in TIME_ROLES for role in roles) and Role.TARGET not in roles:
        _find_time(roles, headers, rows)
    _choose_target(roles, headers)
    return _without_repeats(roles, headers, rows)


def _in_grid(header: str, values: list[str], role: Role) -> Role:
    """A column named after a month, quarter or year: marks make it a time, figures a target, else it is unknown."""
    if not values:
        return Role.MARK
    if all(map(is_mark, values)) or mostly([fold(value) for value in values], is_time):
        return Role.MARK
    return role if role is Role.TARGET and latest_year(header) else Role.OTHER


def _settle_units(roles: list[Role]) -> None:
    """Who leads from above is told only where nobody else is; a person in charge beside a lead unit is no partner."""
    alone = not any(role in UNIT_ROLES for role in roles)
    for at, role in enumerate(roles):
        if role is Role.SUPERVISOR:
            roles[at] = Role.PERFORMER if alone else Role.OTHER
            alone = False


def _settle_spans(roles: list[Role]) -> None:
    """Of "bắt đầu" and "kết thúc" one alone is simply the time."""
    ends = [role for role in (Role.START, Role.END) if role in roles]
    if len(ends) == 2 and Role.TIME not in roles:
        return
    for at, role in enumerate(roles):
        if role in (Role.START, Role.END):
            roles[at] = Role.OTHER if Role.TIME in roles else Role.TIME


def _find_time(roles: list[Role], headers: tuple[str, ...], rows: tuple[Row, ...]) -> None:
    for at, role in enumerate(roles):
        values = [fold(row.texts()[at]) for row in rows if row.texts()[at]]
        if _PAST.search(fold(headers[at])):
            continue
        if role in (Role.NOTE, Role.OTHER) and mostly(values, is_time):
            roles[at] = Role.TIME
            return


def _choose_target(roles: list[Role], headers: tuple[str, ...]) -> None:
    """Of several figure columns, until the plan's year is known, the latest year's, and the office's own."""
    figures = tuple(at for at, role in enumerate(roles) if role is Role.TARGET)
    best = max((latest_year(headers[at]) for at in figures), default=0)
    chosen = Columns(tuple(roles), headers, figures=figures).for_year(best or 1)
    roles[:] = chosen.roles


def _without_repeats(roles: list[Role], headers: tuple[str, ...], rows: tuple[Row, ...]) -> list[Role]:
    """One column a role: of two, the first holds it; a second content column is the product, or the first a group."""
    _settle_contents(roles, headers, rows)
    _settle_times(roles, rows)
    seen: set[Role] = set()
    for at, role in enumerate(roles):
        if role in seen and role not in _REPEATABLE:
            roles[at] = Role.OTHER
        seen.add(roles[at])
    return roles


def _settle_times(roles: list[Role], rows: tuple[Row, ...]) -> None:
    """Of several times the one that says when: "45 ngày" says how long."""
    times = [at for at, role in enumerate(roles) if role is Role.TIME]
    telling = max(times, key=lambda at: sum(is_time(fold(row.texts()[at])) for row in rows), default=0)
    for at in times:
        roles[at] = Role.TIME if at == telling else Role.OTHER


def _settle_contents(roles: list[Role], headers: tuple[str, ...], rows: tuple[Row, ...]) -> None:
    contents = [at for at, role in enumerate(roles) if role is Role.CONTENT]
    if len(contents) != 2 or not headers[contents[1]]:
        return
    first, second = contents
    fewer = _filled(rows, first) <= _filled(rows, second)
    grouped = bool(_BELONGS_TO.match(fold(headers[first])))
    if Role.TARGET in roles or (fewer and (Role.PRODUCT in roles or grouped)):
        roles[first] = Role.GROUP
    elif Role.PRODUCT not in roles and not fold(headers[first]).startswith("ten"):
        roles[second] = Role.PRODUCT


def _filled(rows: tuple[Row, ...], at: int) -> int:
    return sum(1 for row in rows if row.texts()[at])
