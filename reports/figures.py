"""The ledger as pandas frames: one for each sheet of the workbook, and the sums that the document prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from config.clock import ZONE
from db.models import Obligation, Submission, Target
from reports.ledger import Figure, Ledger, Line
from reports.timeliness import Bucket, first_answer, local_date
from reports.wording import join_names, one_line, printable

COUNTS = ("expected", "received", "on_time", "late", "missing", "pending")
Row = Mapping[str, Any]

OBLIGATION_COLUMNS = [
    "ordinal", "section", "content", "deliverable", "unit", "coordinators", "kind", "period", "deadline_text",
    "data_from", "data_to", "nominal", "due", "extended", "answered_on", "standing", "bucket", "days_late",
    "submission_id", "occurrence_id",
]  # fmt: skip
UNIT_COLUMNS = ["unit", *COUNTS, "waived", "on_hold", "completeness", "timeliness"]
TARGET_COLUMNS = [
    "ordinal", "group", "name", "measure", "comparator", "planned", "planned_text", "unit", "value", "assessment",
    "previous", "accepted", "period", "submission_id", "files",
]  # fmt: skip
SUBMISSION_COLUMNS = [
    "submission_id", "unit", "content", "period", "version", "kind", "state", "received_at", "sent_by", "via", "text",
    "files", "figures", "return_reason",
]  # fmt: skip
MISSING_COLUMNS = [
    "unit", "content", "period", "due", "days_late", "standing", "state", "from_earlier", "occurrence_id",
]  # fmt: skip

UNDATED = "Chưa xác định ngày"
NO_FIGURE = "Chưa có số liệu"
KIND_WORDS = {"report": "Báo cáo", "duty": "Nhiệm vụ", "progress_check": "Kiểm tra tiến độ"}
SUBMISSION_WORDS = {"received": "Chờ xem xét", "accepted": "Đã chấp nhận", "returned": "Trả lại"}
OPEN_WORDS = {"open": "Chưa nộp", "returned": "Bị trả lại, chưa nộp lại"}


def _frame(rows: Iterable[Row], columns: list[str]) -> pd.DataFrame:
    # Kept as objects: dates stay dates, whole numbers beside blanks stay whole.
    return pd.DataFrame(list(rows), columns=columns, dtype=object)


def obligations_frame(ledger: Ledger) -> pd.DataFrame:
    """One row an occurrence of the period, in the order of the plan; then the duties that no date was set for."""
    rows = [_obligation_row(line) for line in ledger.lines] + [_undated_row(each) for each in ledger.undated]
    return _frame(rows, OBLIGATION_COLUMNS)


def _undated_row(obligation: Obligation) -> Row:
    return {
        "ordinal": one_line(obligation.ordinal or ""),
        "section": " / ".join(one_line(part) for part in obligation.section),
        "content": one_line(obligation.content),
        "deliverable": one_line(obligation.deliverable or ""),
        "unit": units_named(obligation, "lead"),
        "coordinators": units_named(obligation, "coordinator"),
        "deadline_text": one_line(obligation.deadline_text),
        "standing": UNDATED,
    }


def _obligation_row(line: Line) -> Row:
    occurrence, obligation, standing = line.occurrence, line.occurrence.obligation, line.standing
    answered = first_answer(occurrence)
    return {
        **_undated_row(obligation),
        "unit": one_line(line.unit_name),
        "kind": KIND_WORDS[occurrence.kind],
        "period": one_line(occurrence.period_label),
        "data_from": occurrence.data_from,
        "data_to": occurrence.data_to,
        "nominal": occurrence.nominal,
        "due": standing.due,
        "extended": "Có" if occurrence.extended_due else "",
        "answered_on": local_date(answered) if answered and standing.received else None,
        "standing": standing.text,
        "bucket": str(standing.bucket or ""),
        "days_late": standing.days_late or None,
        "submission_id": line.submission.id if line.submission else None,
        "occurrence_id": occurrence.id,
    }


def units_named(obligation: Obligation, role: str) -> str:
    """The units an obligation names in a role ("lead", "coordinator"), by registered name or as printed."""
    named = (each for each in obligation.units if each.role == role)
    return join_names(each.unit.name if each.unit else each.printed_name for each in named)


def units_frame(ledger: Ledger) -> pd.DataFrame:
    """One row a unit, in the order of the register: the counts of the period and two shares between 0 and 1.

    completeness = received / expected; timeliness = received by the due date / expected. Both are empty for a unit of
    which nothing is expected.
    """
    rows = [_counted(line) for line in ledger.lines]
    counted = ["unit_id", "unit", *COUNTS, "waived", "on_hold"]
    frame = pd.DataFrame(rows, columns=counted)
    sums = frame.groupby(["unit_id", "unit"], as_index=False)[counted[2:]].sum()
    sums = sums.astype(dict.fromkeys(counted[2:], int)).sort_values("unit_id")
    whole = sums["expected"].where(sums["expected"] > 0)
    shared = sums.assign(completeness=sums["received"] / whole, timeliness=sums["on_time"] / whole)
    return shared[UNIT_COLUMNS].reset_index(drop=True)


def _counted(line: Line) -> Row:
    counts = {name: int(getattr(line.standing, name)) for name in COUNTS}
    state = line.occurrence.state
    outside = {"waived": int(state == "waived"), "on_hold": int(state == "on_hold")}
    return {"unit_id": line.occurrence.unit_id, "unit": one_line(line.unit_name), **counts, **outside}


def totals(lines: Iterable[Line]) -> dict[str, int]:
    """The counts of some lines together, and how many of the received wait for review."""
    standings = [line.standing for line in lines]
    counts = {name: sum(getattr(standing, name) for standing in standings) for name in COUNTS}
    return counts | {"reviewing": sum(standing.received and standing.reviewing for standing in standings)}


def buckets(lines: Iterable[Line]) -> dict[Bucket, int]:
    """The four official counts; they add up to what is expected."""
    found = [line.standing.bucket for line in lines]
    return {bucket: found.count(bucket) for bucket in Bucket}


def targets_frame(ledger: Ledger) -> pd.DataFrame:
    """One row a target and unit that gave a figure; a target without a figure has one row with blanks."""
    rows: list[Row] = []
    for target in ledger.targets:
        figures = [figure for figure in ledger.figures if figure.target.id == target.id]
        base = {
            "ordinal": one_line(target.ordinal or ""),
            "group": one_line(target.group or ""),
            "name": one_line(target.name),
            "measure": one_line(target.unit or ""),
            "comparator": target.comparator,
            "planned": target.value,
            "planned_text": one_line(target.value_text or ""),
        }
        rows += [base | _figure_row(figure, ledger) for figure in figures] or [base | _no_figure(target)]
    return _frame(rows, TARGET_COLUMNS)


def _no_figure(target: Target) -> dict[str, Any]:
    return {"unit": responsible_names(target), "assessment": NO_FIGURE}


def responsible_names(target: Target) -> str:
    """The units that answer for a target, by registered name or as printed."""
    named = (each for each in target.responsible if each.role == "lead")
    return join_names(each.unit.name if each.unit else each.printed_name for each in named)


def _figure_row(figure: Figure, ledger: Ledger) -> dict[str, Any]:
    earlier = ledger.earlier.get((figure.target.id, figure.occurrence.unit_id))
    return {
        "unit": one_line(figure.unit_name),
        "value": figure.value,
        "assessment": assessment(figure),
        "previous": earlier.value if earlier else None,
        "accepted": "Đã chấp nhận" if figure.accepted else "Chờ xem xét",
        "period": one_line(figure.occurrence.period_label),
        "submission_id": figure.submission.id,
        "files": join_names(figure.files),
    }


def reaches(figure: Figure) -> bool | None:
    """Whether a figure reaches its target; None when the target is no single number."""
    return None if figure.target.value is None else figure.value >= figure.target.value


def is_percent(figure: Figure) -> bool:
    """Whether a figure is a share of a hundred."""
    return "%" in (figure.target.unit or "")


def is_possible(figure: Figure) -> bool:
    """Whether a figure can be true at all: not negative, no share over a hundred."""
    return figure.value >= 0 and not (is_percent(figure) and figure.value > 100)


def assessment(figure: Figure) -> str:
    """How a figure stands against the year's target."""
    if not is_possible(figure):
        return "Số liệu cần kiểm tra"
    reached = reaches(figure)
    if reached is None:
        return "Chưa đánh giá được bằng số"
    return "Đạt" if reached else "Chưa đạt mức cả năm"


def submissions_frame(ledger: Ledger) -> pd.DataFrame:
    """Every version of every submission of the period, returned ones too."""
    rows = [_submission_row(line, each) for line in ledger.lines for each in line.occurrence.submissions]
    return _frame(rows, SUBMISSION_COLUMNS)


def _submission_row(line: Line, submission: Submission) -> Row:
    return {
        "submission_id": submission.id,
        "unit": one_line(line.unit_name),
        "content": one_line(line.occurrence.obligation.content),
        "period": one_line(line.occurrence.period_label),
        "version": submission.version,
        "kind": "Không phát sinh" if submission.kind == "nil" else "Báo cáo",
        "state": SUBMISSION_WORDS[submission.state],
        "received_at": submission.received_at.astimezone(ZONE).replace(tzinfo=None),
        "sent_by": one_line(submission.sent_by),
        "via": submission.via,
        "text": printable(submission.text),
        "files": join_names(file.name for file in submission.files),
        "figures": "; ".join(f"{one_line(each.target.name)}: {each.value:g}" for each in submission.figures),
        "return_reason": one_line(submission.return_reason or ""),
    }


def missing_frame(ledger: Ledger) -> pd.DataFrame:
    """What is overdue and not received: of this period, then of earlier ones."""
    rows = [_missing_row(line, "") for line in ledger.missing]
    rows += [_missing_row(line, "Có") for line in ledger.carried]
    return _frame(rows, MISSING_COLUMNS)


def _missing_row(line: Line, from_earlier: str) -> Row:
    return {
        "unit": one_line(line.unit_name),
        "content": one_line(line.occurrence.obligation.content),
        "period": one_line(line.occurrence.period_label),
        "due": line.standing.due,
        "days_late": line.standing.days_late,
        "standing": line.standing.text,
        "state": OPEN_WORDS[line.occurrence.state],
        "from_earlier": from_earlier,
        "occurrence_id": line.occurrence.id,
    }
