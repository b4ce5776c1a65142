"""Section I.6: who has not reported or reported late, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docx.document import Document

from reports.ledger import Ledger, Line
from reports.word.page import body
from reports.wording import one_line, short_date, shortened


def missing_units(document: Document, ledger: Ledger) -> None:
    """Overdue and not received, received late, and what earlier periods left behind; each unit with its duties."""
    _named(document, "a) Quá hạn chưa báo cáo", ledger.missing, "Không có đơn vị nào quá hạn chưa báo cáo.")
    _named(document, "b) Báo cáo chậm", ledger.late, "Không có đơn vị nào báo cáo chậm.")
    if ledger.carried:
        _named(document, "c) Quá hạn từ các kỳ trước, đến nay chưa báo cáo", ledger.carried, "")


def _named(document: Document, head: str, lines: Sequence[Line], none: str) -> None:
    if not lines:
        body(document, f"{head}: {none}")
        return
    opening = body(document, f"{head}: {len(lines)} lượt của {len(by_unit(lines))} đơn vị.")
    opening.paragraph_format.keep_with_next = True
    for name, owed in by_unit(lines):
        body(document, f"- {name}: {'; '.join(_owed(line) for line in owed)}.")


def by_unit(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Lines grouped by unit, units in the order of the register."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.occurrence.unit_id, []).append(line)
    return [(one_line(owed[0].unit_name), owed) for _, owed in sorted(found.items())]


def _owed(line: Line) -> str:
    due, days = short_date(line.standing.due), line.standing.days_late
    told = f"chậm {days} ngày" if line.standing.received else f"quá {days} ngày"
    period = "" if line.occurrence.kind == "duty" else f"{one_line(line.occurrence.period_label)}; "
    return f"«{shortened(line.occurrence.obligation.content, 110)}» ({period}hạn {due}, {told})"
