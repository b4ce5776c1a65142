"""Rows of a duty table made whole: page-cut rows joined, shifted cells put back, merged cells carried down.

Each step is one mechanism that is met in real files; what had to be guessed is told in a remark of the row.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.reading.cells import carried, is_total, texts_by_role, undittoed
from plans.reading.columns import UNIT_ROLES, Columns, Role
from plans.reading.document import NOWHERE, Cover, Place, Row, Table
from plans.reading.headers import is_header
from plans.reading.ordinals import inline, is_number, itemised, readings
from plans.reading.text import ends_whole, fold, is_bulleted, opens_lower, squash, unbulleted
from plans.reading.units_text import opens_as_unit

VALUE_ROLES = (Role.PRODUCT, *UNIT_ROLES, Role.TIME)


@dataclass(slots=True)
class Fields:
    """One row by role; `split` marks a further line of the row above it (same number, same content)."""

    texts: dict[Role, str]
    place: Place = NOWHERE
    after_break: bool = False
    split: bool = False
    spanned: bool = False
    remarks: list[str] = field(default_factory=list)

    def get(self, role: Role) -> str:
        """The text of a role, empty when the table has no such column."""
        return self.texts.get(role, "")

    @property
    def number(self) -> str:
        """The number cell."""
        return self.get(Role.NUMBER)

    @property
    def content(self) -> str:
        """The content cell."""
        return self.get(Role.CONTENT)

    @property
    def has_units(self) -> bool:
        """Whether any unit column is filled."""
        return any(self.get(role) for role in UNIT_ROLES)

    @property
    def has_values(self) -> bool:
        """Whether anything but number and content is filled."""
        return any(self.get(role) for role in VALUE_ROLES)

    def add(self, role: Role, text: str) -> None:
        """Append a continued cell."""
        before = self.get(role)
        listed = is_bulleted(text) and (is_bulleted(before) or ends_whole(before) or opens_as_unit(unbulleted(text)))
        self.texts[role] = f"{before}\n{text}" if before and listed else f"{before} {text}".strip()


def fields_of(table: Table, columns: Columns) -> list[Fields]:
    """The rows below the header, by role, without repeated headers and totals, merged cells carried down."""
    rows: list[Fields] = []
    above: dict[Role, str] = {}
    broken = False
    for row in carried(table, columns):
        if is_header(row):
            broken = True
            continue
        one = _by_role(row, columns, above)
        if any(one.texts.values()) and not is_total(one.texts):
            one.after_break = broken or row.after_break
            rows.append(_numbered(one))
            broken = False
    whole = _grouped(rejoined(rows) if table.guessed else _split_merged(rows))
    return _going_on(whole, columns.leading)


def _by_role(row: Row, columns: Columns, above: dict[Role, str]) -> Fields:
    texts = undittoed(texts_by_role(row, columns), above)
    covered = {role for cell, role in zip(row.cells, columns.roles, strict=False) if cell.cover is Cover.ABOVE}
    own = any(cell.text for cell in row.cells if cell.cover is Cover.NONE)
    spanned = any(cell.col_span > 2 for cell in row.cells)
    return Fields(texts if own else {}, row.place, split=Role.CONTENT in covered, spanned=spanned)


def _grouped(rows: list[Fields]) -> list[Fields]:
    """Rows below the first of a group belong to it too, until a group or a heading row comes.

    Where the number is that of the group, they are further lines of it.
    """
    group, numbered = "", False
    for row in rows:
        heading = row.content and not row.has_values and not row.get(Role.GROUP) and not row.get(Role.TARGET)
        opens = bool(row.get(Role.GROUP))
        row.split = row.split or (numbered and not opens and not row.number and bool(row.content) and not heading)
        numbered = bool(row.number) if opens else numbered and row.split
        group = "" if heading else row.get(Role.GROUP) or group
        if group:
            row.texts[Role.GROUP] = group
    return rows


def _going_on(rows: list[Fields], leading: tuple[Role, ...]) -> list[Fields]:
    """Where time or unit stands before the work, rows without a number go on with that of the row above."""
    for role in leading:
        above = ""
        for row in rows:
            above = row.get(role) or ("" if row.number else above)
            if above:
                row.texts[role] = above
    return rows


def _numbered(one: Fields) -> Fields:
    """Sort out a number cell that holds more than a number: "II Kiểm soát ..." or a stray end of the content."""
    if not one.number:
        found = itemised(one.content) if one.has_values else inline(one.content)
        if found:
            one.texts[Role.NUMBER], one.texts[Role.CONTENT] = found
        return one
    if is_number(one.number) or fold(one.number).strip("-+•*. ") == "":
        return one
    stray = one.texts.pop(Role.NUMBER)
    found = inline(stray)
    if found and not one.content:
        one.texts[Role.NUMBER], one.texts[Role.CONTENT] = found
    else:
        one.texts[Role.CONTENT] = f"{stray} {one.content}".strip()
    return one


def _split_merged(rows: list[Fields]) -> list[Fields]:
    """Lines of one merged content cell are duties of their own when they have values; rows cut by hand are joined."""
    whole: list[Fields] = []
    for row in rows:
        if whole and row.after_break and not row.number and opens_lower(row.content):
            _append(whole[-1], row)
        elif not whole or row.content or row.number:
            row.split = False
            whole.append(row)
        elif (row.split and (row.has_units or row.get(Role.TIME))) or _is_further_line(whole[-1], row):
            whole.append(_shared(whole[-1], row))
        else:
            _append(whole[-1], row)
    return whole


def rejoined(rows: list[Fields]) -> list[Fields]:
    """Rows recovered from plain text, whole again."""
    whole: list[Fields] = []
    pending: Fields | None = None
    for at, row in enumerate(rows):
        following = rows[at + 1] if at + 1 < len(rows) else None
        if pending and row.number and not row.content and not row.has_values:
            pending.texts[Role.NUMBER] = row.number
            pending = None
            continue
        pending = None
        _give_back(whole, row)
        if _is_loaded_heading(row):
            pending = _unload(whole, row, following)
        elif whole and not is_number(row.number):
            _place_unnumbered(whole, row)
        else:
            whole.append(row)
    return whole


def _give_back(whole: list[Fields], row: Fields) -> None:
    """A numbered row after a page break whose cells open in mid-sentence: those openings end the row before it."""
    first, _, rest = row.content.partition("\n")
    if not (whole and row.after_break and is_number(row.number) and rest and opens_lower(first)):
        return
    whole[-1].add(Role.CONTENT, first)
    row.texts[Role.CONTENT] = rest
    for role in VALUE_ROLES:
        if opens_lower(row.get(role)):
            whole[-1].add(role, row.texts.pop(role))
    row.remarks.append("Phần đầu của dòng này nối tiếp dòng trước qua chỗ ngắt trang; đã tách ra theo chữ viết thường.")


def _is_loaded_heading(row: Fields) -> bool:
    """A section heading and a duty that fell into one row: two paragraphs under a Roman number or a letter."""
    marks = readings(row.number)
    return bool(marks) and marks[0].style in ("roman", "upper") and row.has_values and "\n" in row.content


def _unload(whole: list[Fields], row: Fields, following: Fields | None) -> Fields | None:
    heading, _, body = row.content.partition("\n")
    values = {role: row.get(role) for role in VALUE_ROLES if row.get(role)}
    before = whole[-1] if whole else None
    told = "Các ô của dòng này nằm lẫn vào dòng tiêu đề mục kế bên; đã đặt lại chỗ, cần đối chiếu bản gốc."
    repeated = following is not None and squash(following.content).startswith(squash(body)[:60])
    owner: Fields | None = None
    if before and before.content and not before.has_units and not before.get(Role.TIME):
        before.texts.update(values)
        before.remarks.append(told)
    elif not repeated:
        owner = Fields({Role.CONTENT: body, **values}, row.place, remarks=[told])
    whole.append(Fields({Role.NUMBER: row.number, Role.CONTENT: heading}, row.place))
    if owner:
        whole.append(owner)
    return owner


def _place_unnumbered(whole: list[Fields], row: Fields) -> None:
    before = whole[-1]
    if _is_further_line(before, row):
        whole.append(_shared(before, row))
    elif _continues(before, row):
        _append(before, row)
    else:
        _return_cut_cells(before, row)
        whole.append(row)


def _is_further_line(before: Fields, row: Fields) -> bool:
    """No number and no content, but a time and a unit or product of its own: a further line of the row above."""
    if row.content or not row.get(Role.TIME) or not before.get(Role.TIME):
        return False
    own = row.has_units or bool(row.get(Role.PRODUCT))
    return own and not any(opens_lower(row.get(role)) for role in (Role.TIME, *UNIT_ROLES))


def _shared(before: Fields, row: Fields) -> Fields:
    row.texts[Role.NUMBER], row.texts[Role.CONTENT] = before.number, before.content
    row.split = True
    return row


def _continues(before: Fields, row: Fields) -> bool:
    if not row.content or opens_lower(row.content):
        return True
    if looks_like_heading(row) and not looks_like_heading(before):
        return False
    cut = row.after_break and not ends_whole(before.content)
    if not row.has_values:
        return cut
    return cut and not (row.has_units and row.get(Role.TIME))


def looks_like_heading(row: Fields) -> bool:
    """A row of words in capitals, or of one cell over the whole table."""
    return not row.has_values and (row.spanned or (row.content.isupper() and len(row.content) > 3))


def _append(before: Fields, row: Fields) -> None:
    for role, text in row.texts.items():
        if role is not Role.NUMBER:
            before.add(role, text)


def _return_cut_cells(before: Fields, row: Fields) -> None:
    """Cells that open in mid-sentence in an otherwise new row end the row before it."""
    if not row.after_break:
        return
    for role in VALUE_ROLES:
        if opens_lower(row.get(role)) and before.get(role):
            before.add(role, row.texts.pop(role))
            row.remarks.append("Một ô của dòng này nối tiếp dòng trước qua chỗ ngắt trang; đã chuyển về dòng trước.")
