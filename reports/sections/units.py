"""Section I.3: expected, received, on time, by unit."""

from __future__ import annotations

from docx.document import Document

from reports.figures import totals, units_frame
from reports.ledger import Ledger
from reports.word.page import body
from reports.word.tables import Column, grid
from reports.wording import share

UNIT_COLUMNS = (
    Column("TT", 600, True),
    Column("Đơn vị", 2754),
    Column("Phải nộp", 800, True),
    Column("Đã nộp", 800, True),
    Column("Đúng hạn", 800, True),
    Column("Nộp chậm", 900, True),
    Column("Quá hạn chưa nộp", 1000, True),
    Column("Tỷ lệ đã nộp", 850, True),
    Column("Tỷ lệ đúng hạn", 850, True),
)
SHOWN = ("expected", "received", "on_time", "late", "missing")


def units_table(document: Document, ledger: Ledger) -> None:
    """The counts of each unit, their sum in the last row, and what the shares mean."""
    rows = []
    for number, unit in enumerate(units_frame(ledger).to_dict("records"), 1):
        rows.append([str(number), str(unit["unit"]), *_counts({name: int(unit[name]) for name in SHOWN})])
    rows.append(["", "Tổng số", *_counts(totals(ledger.expected))])
    grid(document, UNIT_COLUMNS, rows, bold_last=True)
    body(
        document,
        "Tỷ lệ đã nộp = số đã nộp / số phải nộp; tỷ lệ đúng hạn = số nộp đúng hạn / số phải nộp. Số phải nộp gồm cả "
        f"{len(ledger.pending)} lượt còn trong hạn.",
    )


def _counts(counts: dict[str, int]) -> list[str]:
    expected = counts["expected"]
    shares = [share(counts["received"], expected), share(counts["on_time"], expected)]
    return [*(str(counts[name]) for name in SHOWN), *shares]
