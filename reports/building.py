"""Build a report: load, judge, write the two files, keep them, say so in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.file_store import store_bytes
from db.journal import record
from db.models import Json, Plan, ReportFile
from db.queries.report_queries import occurrences_of_plan, plan_by_id
from deadlines.periods import Period
from reports.document import write_report
from reports.figures import totals
from reports.findings import ReportFinding, find_all
from reports.issuer import IssuingOffice, Signing, usual_signing
from reports.ledger import Ledger, Line, build_ledger
from reports.sections.missing import by_unit
from reports.selection import periods_present
from reports.wording import one_line, short_date
from reports.workbook import write_workbook


@dataclass(frozen=True)
class BuiltReport:
    """A report that was built and kept. `summary` is plain JSON: the counts and the missing by name."""

    docx: bytes
    xlsx: bytes
    summary: Json
    report_id: int


def build_report(
    session: Session,
    plan_id: int,
    period: Period,
    now: datetime,
    by: str,
    settings: Settings,
    office: IssuingOffice,
    signing: Signing | None = None,
) -> BuiltReport:
    """Build, keep and journal the report of a plan's period as things stand at `now` (aware).

    Raises:
        Refusal: there is no such plan, it is not confirmed, or nothing of it belongs to the period.
    """
    plan = _confirmed_plan(session, plan_id)
    ledger = build_ledger(session, plan, period, now)
    if not ledger.lines:
        raise _nothing_in(session, plan, period)
    findings = find_all(ledger)
    docx = write_report(ledger, findings, office, signing or usual_signing(office), by)
    xlsx = write_workbook(ledger, findings)
    summary = summarize(ledger, findings)
    kept = _keep(session, ledger, by, settings, (docx, xlsx), summary)
    return BuiltReport(docx, xlsx, summary, kept.id)


def _confirmed_plan(session: Session, plan_id: int) -> Plan:
    plan = plan_by_id(session, plan_id)
    if plan is None:
        raise Refusal(f"Không có kế hoạch số {plan_id}. Hãy xem danh sách kế hoạch rồi chọn lại.")
    if plan.state == "draft":
        raise Refusal(
            f"Kế hoạch {plan.code} còn là bản nháp nên chưa có thời hạn để báo cáo. Hãy trả lời các câu hỏi rồi "
            f"xác nhận bằng lệnh: dondoc plan confirm {plan.code}"
        )
    return plan


def _nothing_in(session: Session, plan: Plan, period: Period) -> Refusal:
    present = periods_present(occurrences_of_plan(session, plan.id))
    if not present:
        return Refusal(
            f"Kế hoạch {plan.code} chưa có nhiệm vụ nào có thời hạn. Hãy nhập ngày cho các nhiệm vụ đang chờ."
        )
    labels = ", ".join(each.label for each in present)
    return Refusal(
        f"Kế hoạch {plan.code} không có nhiệm vụ nào thuộc kỳ {period.label}. Hãy chọn kỳ có dữ liệu: {labels}."
    )


def summarize(ledger: Ledger, findings: list[ReportFinding]) -> Json:
    """The counts, the missing and late units by name, and the findings, as plain JSON."""
    return totals(ledger.expected) | {
        "missing_units": _owing(ledger.missing),
        "late_units": _owing(ledger.late),
        "carried_units": _owing(ledger.carried),
        "targets": len(ledger.targets),
        "targets_with_figures": len({figure.target.id for figure in ledger.figures}),
        "findings": [finding.message for finding in findings if finding.severity != "note"],
    }


def _owing(lines: tuple[Line, ...]) -> list[Json]:
    return [
        {"unit": name, "duties": [f"{one_line(line.occurrence.obligation.content)} ({_when(line)})" for line in owed]}
        for name, owed in by_unit(lines)
    ]


def _when(line: Line) -> str:
    return f"{one_line(line.occurrence.period_label)}, hạn {short_date(line.standing.due)}"


def _keep(
    session: Session, ledger: Ledger, by: str, settings: Settings, files: tuple[bytes, bytes], summary: Json
) -> ReportFile:
    docx_hash, xlsx_hash = (store_bytes(settings.home, data) for data in files)
    kept = ReportFile(
        plan_id=ledger.plan.id,
        period_key=ledger.period.key,
        period_label=ledger.period.label,
        built_at=ledger.now,
        built_by=by,
        docx_sha256=docx_hash,
        xlsx_sha256=xlsx_hash,
        summary=summary,
    )
    session.add(kept)
    session.flush()
    data = {"plan": ledger.plan.code, "period": ledger.period.key, "docx": docx_hash, "xlsx": xlsx_hash}
    record(
        session, at=ledger.now, actor=by, action="report.build", subject_kind="report", subject_id=kept.id, data=data
    )
    return kept
