"""Section I.4: targets against figures."""

from __future__ import annotations

from docx.document import Document

from db.models import Target
from reports.figures import NO_FIGURE, assessment, responsible_names
from reports.findings import ReportFinding
from reports.ledger import Figure, Ledger
from reports.timeliness import local_date
from reports.word.page import body, prompt
from reports.word.tables import Column, grid, join_rows
from reports.wording import number, one_line, short_date

TARGET_COLUMNS = (
    Column("TT", 640, True),
    Column("Chỉ tiêu", 2814),
    Column("Mức giao cả năm", 1200, True),
    Column("Kết quả", 1000, True),
    Column("Đơn vị (ngày báo cáo)", 2300),
    Column("Đánh giá", 1400),
)
COMPARATORS = {"=": "", ">=": "≥ ", "<=": "≤ "}


def targets_table(document: Document, ledger: Ledger, findings: list[ReportFinding]) -> None:
    """One row a target and unit; then, marked for the officer, what must be looked at before signing."""
    if not ledger.targets:
        body(document, "Kế hoạch không giao chỉ tiêu bằng số.")
        return
    groups = [_rows(place, target, ledger) for place, target in enumerate(ledger.targets, 1)]
    table = grid(document, TARGET_COLUMNS, [row for group in groups for row in group])
    join_rows(table, [len(group) for group in groups], range(3))
    for finding in findings:
        if finding.severity != "note":
            prompt(document, f"Kiểm tra trước khi ký: {finding.message} Nguồn: {finding.source}")


def _rows(place: int, target: Target, ledger: Ledger) -> list[list[str]]:
    ordinal = one_line(target.ordinal or "") or str(place)
    head = [ordinal, one_line(target.name), planned_text(target)]
    figures = [figure for figure in ledger.figures if figure.target.id == target.id]
    if not figures:
        return [[*head, "-", responsible_names(target), NO_FIGURE]]
    first, *rest = [_figure_cells(figure) for figure in figures]
    return [[*head, *first], *(["", "", "", *cells] for cells in rest)]


def _figure_cells(figure: Figure) -> list[str]:
    day = short_date(local_date(figure.submission.received_at))
    waiting = "" if figure.accepted else ", chờ xem xét"
    source = f"{one_line(figure.unit_name)} (nộp {day}{waiting})"
    return [measured(figure.value, figure.target), source, assessment(figure)]


def planned_text(target: Target) -> str:
    """The year's target as printed, or from its number."""
    if target.value is None or target.value_text:
        return one_line(target.value_text or "")
    return COMPARATORS.get(target.comparator, "") + measured(target.value, target)


def measured(value: float, target: Target) -> str:
    """A number with the target's unit of measure."""
    measure = one_line(target.unit or "")
    return f"{number(value)}{measure}" if measure == "%" else f"{number(value)} {measure}".strip()
