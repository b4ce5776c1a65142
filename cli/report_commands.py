"""`dondoc report`: build the consolidated report of a plan's period."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from config.clock import parse_now
from config.faults import Refusal, os_words
from config.office import load_office
from config.settings import load_settings
from db.models import Json, Plan
from db.queries.report_queries import plan_by_code, plan_codes
from db.session import transaction
from deadlines.periods import Period, PeriodError, parse_period
from reports.building import build_report
from reports.issuer import SIGNINGS, IssuingOffice, Signing, usual_signing

report_app = typer.Typer(help="Báo cáo tổng hợp", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@report_app.callback()
def report() -> None:
    """Báo cáo tổng hợp của một kế hoạch theo kỳ."""


@report_app.command("build")
def build(
    plan: Annotated[str, typer.Option("--plan", help="Mã kế hoạch")],
    period: Annotated[str, typer.Option("--period", help="Kỳ báo cáo, ví dụ «Quý I/2026», «6 tháng đầu năm 2026»")],
    out: Annotated[Path, typer.Option("--out", help="Thư mục ghi hai tệp .docx và .xlsx")] = Path(),
    signing: Annotated[str, typer.Option("--sign", help=f"Người ký: {', '.join(SIGNINGS)}")] = "",
    to: Annotated[str, typer.Option("--to", help="Nơi nhận báo cáo (Kính gửi), nếu khác cơ quan cấp trên")] = "",
    by: Annotated[str, typer.Option("--by", help="Tên người lập báo cáo, ghi vào nhật ký")] = "chuyên viên (dòng lệnh)",
    now: Annotated[str | None, typer.Option("--now", help="Thời điểm chốt tình trạng (mặc định: bây giờ)")] = None,
) -> None:
    """Lập báo cáo tổng hợp (.docx theo Nghị định 30/2020 và .xlsx) và nêu tên đơn vị còn thiếu."""
    settings, office, moment = load_settings(), load_office(load_settings()), parse_now(now)
    wanted, signed = read_period(period), read_signing(signing, to, office)
    with transaction() as session:
        found = _plan(session, plan)
        built = build_report(session, found.id, wanted, moment, by, settings, office, signed)
    stem = file_stem(plan, wanted)
    for suffix, data in ((".docx", built.docx), (".xlsx", built.xlsx)):
        typer.echo(f"Đã ghi {write_file(out, stem + suffix, data)}")
    for line in told(built.summary):
        typer.echo(line)


def read_period(text: str) -> Period:
    """The period of an officer's words. Raises Refusal in Vietnamese."""
    try:
        return parse_period(text)
    except PeriodError as error:
        raise Refusal(str(error)) from error


def read_signing(choice: str, addressee: str, office: IssuingOffice) -> Signing:
    """The signature block of a choice, by default the usual one of the office. Raises Refusal for an unknown choice."""
    if not choice:
        return replace(usual_signing(office), addressee=addressee)
    if choice not in SIGNINGS:
        raise Refusal(f"Không có cách ký «{choice}». Hãy chọn một trong: {', '.join(SIGNINGS)}.")
    return Signing(SIGNINGS[choice], addressee=addressee)


def _plan(session: Session, code: str) -> Plan:
    found = plan_by_code(session, code)
    if found is None:
        known = ", ".join(plan_codes(session)) or "chưa có kế hoạch nào, hãy nhập bằng: dondoc plan import TỆP"
        raise Refusal(f"Không có kế hoạch mã «{code}». Các mã hiện có: {known}.")
    return found


def file_stem(code: str, period: Period) -> str:
    """bao-cao-<plan>-<period>, of letters, digits and hyphens only."""
    return re.sub(r"[\W_]+", "-", f"bao-cao-{code}-{period.key}").strip("-").lower()


def write_file(folder: Path, name: str, data: bytes) -> Path:
    """Write a paper into a folder; gives its path. Raises Refusal with the cure."""
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise Refusal(
            f"Báo cáo đã lập nhưng không ghi được tệp {path} ({os_words(error)}). Hãy chọn thư mục khác bằng --out."
        ) from error
    return path


def told(summary: Json) -> list[str]:
    """What an officer should know of a report, line by line."""
    counts = (
        f"Phải nộp {summary['expected']}, đã nộp {summary['received']} (đúng hạn {summary['on_time']}, chậm "
        f"{summary['late']}), quá hạn chưa nộp {summary['missing']}, còn trong hạn {summary['pending']}."
    )
    lines = [counts]
    for key, head in (("missing_units", "Còn thiếu"), ("carried_units", "Còn thiếu từ các kỳ trước")):
        lines += [f"{head}: {each['unit']}: {duty}" for each in summary[key] for duty in each["duties"]]
    return lines + [f"Cần kiểm tra trước khi ký: {message}" for message in summary["findings"]]
