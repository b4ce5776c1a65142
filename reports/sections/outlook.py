"""Sections II and III: what the data shows, why units asked for time, what falls due next."""

from __future__ import annotations

from docx.document import Document

from db.models import Target
from reports.figures import is_possible, reaches, totals
from reports.ledger import Ledger, Line
from reports.sections.missing import by_unit
from reports.sections.results import by_obligation, due_text
from reports.selection import next_period
from reports.word.page import body, prompt
from reports.word.tables import Column, grid
from reports.wording import join_names, one_line, period_phrase, share, short_date, shortened

COMING_COLUMNS = (
    Column("TT", 640, True),
    Column("Nhiệm vụ", 4414),
    Column("Đơn vị thực hiện", 2700),
    Column("Thời hạn", 1600, True),
)


def achievements(document: Document, ledger: Ledger) -> None:
    """Shares of what was received, the units that were complete and on time, the targets that were reached."""
    counts = totals(ledger.expected)
    expected = counts["expected"]
    body(
        document,
        f"Tỷ lệ nộp kết quả đạt {share(counts['received'], expected)} ({counts['received']}/{expected}); tỷ lệ đúng "
        f"hạn đạt {share(counts['on_time'], expected)} ({counts['on_time']}/{expected}).",
    )
    complete = [name for name, lines in by_unit(ledger.expected) if all(line.standing.on_time for line in lines)]
    if complete:
        body(document, f"Đơn vị nộp đủ và đúng hạn: {join_names(complete)}.")
    reached = [target.name for target in ledger.targets if is_reached(target, ledger)]
    if reached:
        body(document, f"Chỉ tiêu đạt mức giao cả năm theo số liệu đã được chấp nhận: {join_names(reached)}.")


def is_reached(target: Target, ledger: Ledger) -> bool:
    """Whether every figure given for a target is accepted, possible, and reaches it."""
    figures = [figure for figure in ledger.figures if figure.target.id == target.id]
    return bool(figures) and all(each.accepted and is_possible(each) and reaches(each) for each in figures)


def shortcomings(document: Document, ledger: Ledger) -> None:
    """What is missing, late, or without a figure, in numbers and names."""
    told = [
        _counted("Còn {n} lượt quá hạn chưa báo cáo", ledger.missing),
        _counted("Có {n} lượt báo cáo chậm", ledger.late),
        _counted("Còn {n} lượt quá hạn từ các kỳ trước", ledger.carried),
    ]
    with_figures = {figure.target.id for figure in ledger.figures}
    empty = [target.name for target in ledger.targets if target.id not in with_figures]
    if empty:
        told.append(f"Chưa có số liệu của {len(empty)} chỉ tiêu: {join_names(empty)}.")
    for text in filter(None, told):
        body(document, text)


def _counted(words: str, lines: tuple[Line, ...]) -> str:
    if not lines:
        return ""
    units = "; ".join(f"{name} ({len(owed)})" for name, owed in by_unit(lines))
    return f"{words.format(n=len(lines))}: {units}."


def reasons(document: Document, ledger: Ledger) -> None:
    """The reasons units gave when they asked for more time, in their words."""
    for line in ledger.lines:
        for extension in line.occurrence.extensions:
            content = shortened(line.occurrence.obligation.content, 110)
            body(
                document,
                f"- {one_line(line.unit_name)} xin gia hạn nhiệm vụ «{content}» đến ngày "
                f"{short_date(extension.wanted_due)} với lý do: {one_line(extension.reason)}",
            )


def coming(document: Document, ledger: Ledger) -> None:
    """What falls due in the next period, and what stays overdue until it is done."""
    following = next_period(ledger.period)
    open_lines = [line for line in ledger.coming if not line.standing.received and line.standing.expected]
    overdue = len(ledger.missing) + len(ledger.carried)
    if overdue:
        body(document, f"Đôn đốc hoàn thành dứt điểm {overdue} lượt đã quá hạn nêu tại điểm 6 mục I.")
    if not open_lines:
        body(document, f"Theo kế hoạch, không có nhiệm vụ nào đến hạn trong {period_phrase(following)}.")
        prompt(document, "Bổ sung nhiệm vụ trọng tâm khác, nếu có")
        return
    body(document, f"Các nhiệm vụ của kế hoạch đến hạn trong {period_phrase(following)}:")
    rows = [
        [str(place), one_line(obligation.content), join_names(line.unit_name for line in lines), due_text(lines)]
        for place, (obligation, lines) in enumerate(by_obligation(open_lines), 1)
    ]
    grid(document, COMING_COLUMNS, rows)
    prompt(document, "Bổ sung nhiệm vụ trọng tâm khác, nếu có")
