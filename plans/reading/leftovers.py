"""The last look over the tables that were read: a cell whose words came out nowhere is said, not dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plans.reading.cells import is_ditto, is_total, texts_by_role
from plans.reading.columns import DUTY_COLUMNS, TARGET_COLUMNS, UNIT_ROLES, Columns, Role
from plans.reading.document import Row
from plans.reading.model import Finding, ObligationRow, Severity, TargetRow
from plans.reading.tables import Found
from plans.reading.text import flat, fold

_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that say a role or a bound: the reading keeps their meaning, not the words.
_KEPT_AS_MEANING = frozenset(
    _WORD.findall(
        "chu tri phoi hop thuc hien toi thieu it nhat tro len tren duoi khong qua dat tu cua va co quan don vi"
    )
)


def leftover_findings(
    found: list[Found], rows: Iterable[ObligationRow], targets: Iterable[TargetRow], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """One warning a cell of a table of duties or targets that stands neither in the reading nor in a finding."""
    told = _words(" ".join((*_texts_of_rows(rows), *_texts_of_targets(targets), *(one.message for one in findings))))
    for one in found:
        if one.furniture or one.columns is None or not (one.columns.holds_duties or one.columns.holds_targets):
            continue
        headers = _words(" ".join(text for row in one.table.rows[: one.columns.header_rows] for text in row.texts()))
        for row in one.table.rows[one.columns.header_rows :]:
            yield from _of_row(row, one.columns, headers, told)


def _of_row(row: Row, columns: Columns, headers: set[str], told: set[str]) -> Iterator[Finding]:
    if is_total(texts_by_role(row, columns)):
        return
    read = used_roles(columns)  # other columns are spoken of once for all their rows
    filled = [(role, text) for role, text in zip(columns.roles, row.texts(), strict=False) if text and role in read]
    alone = [role for role, _ in filled if role is not Role.NUMBER] == [Role.CONTENT]
    for role, text in filled:
        if not is_ditto(text) and _is_lost(
            role, _words(text) - headers, told
        ):  # a header printed again says nothing new
            yield _finding(flat(text), row, alone=alone and role is Role.CONTENT)


def used_roles(columns: Columns) -> frozenset[Role]:
    """The columns of a table that the reading takes up."""
    return TARGET_COLUMNS if columns.holds_targets else DUTY_COLUMNS


def _is_lost(role: Role, words: set[str], told: set[str]) -> bool:
    """Of a unit only the name is kept, not what the cell says of its part; of other cells every word."""
    lost = words - told
    return len(lost) * 2 > len(words) if role in UNIT_ROLES else bool(lost)


def _finding(text: str, row: Row, *, alone: bool) -> Finding:
    shown = f"{text[:90]}…" if len(text) > 90 else text
    where = row.place.words()
    if alone:
        message = f"Dưới tiêu đề “{shown}” không có dòng nào."
        cure = "Kiểm tra có sót dòng nào không, hoặc bỏ tiêu đề."
        return Finding("section_empty", Severity.WARNING, where, message, cure)
    message = f"Ô ghi “{shown}” chưa vào bản đọc."
    cure = "Đối chiếu dòng này với bản gốc và bổ sung bằng tay."
    return Finding("cell_left_over", Severity.WARNING, where, message, cure)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text))) - _KEPT_AS_MEANING


def _texts_of_rows(rows: Iterable[ObligationRow]) -> Iterator[str]:
    for row in rows:
        yield from (row.ordinal or "", row.content, row.deliverable or "", row.deadline_text or "")
        yield from (*row.leads, *row.coordinators, *row.section)


def _texts_of_targets(targets: Iterable[TargetRow]) -> Iterator[str]:
    for target in targets:
        yield from (target.name, target.group or "", target.unit or "", str(target.value or ""))
        yield from (*target.responsible, *target.coordinators)
