"""`dondoc report tracking` and `dondoc report letter`: the papers of a chase."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.report_commands import read_signing, report_app, write_file
from config.clock import parse_now
from config.faults import Refusal
from config.office import load_office
from config.settings import load_settings
from db.session import reading
from notifications.codes import read_code
from reports.chase_letter import letter_signing, load_owing
from reports.chase_letter import write_letter as compose_letter
from reports.issuer import SIGNINGS
from reports.tracking import load_course, load_unit_year
from reports.tracking_sheet import sheet_signing, write_course, write_unit_year

# One application for all of `dondoc report`, with the commands of both modules.
__all__ = ["letter", "report_app", "tracking"]

Out = Annotated[Path, typer.Option("--out", help="Thư mục ghi tệp .docx")]
Sign = Annotated[str, typer.Option("--sign", help=f"Người ký: {', '.join(SIGNINGS)}")]
By = Annotated[str, typer.Option("--by", help="Tên người lập, ghi vào thuộc tính của tệp")]
Now = Annotated[str | None, typer.Option("--now", help="Thời điểm lấy tình trạng (mặc định: bây giờ)")]
CLERK = "chuyên viên (dòng lệnh)"


@report_app.command("tracking")
def tracking(
    of: Annotated[str, typer.Argument(help="Số hoặc mã kỳ hạn (DD-128-7KQ3); với --unit: mã đơn vị")],
    unit: Annotated[bool, typer.Option("--unit", help="Lập phiếu của cả đơn vị trong năm")] = False,
    out: Out = Path(),
    sign: Sign = "",
    by: By = CLERK,
    now: Now = None,
) -> None:
    """Lập phiếu theo dõi, đôn đốc (.docx) của một kỳ hạn hoặc của một đơn vị."""
    settings, moment = load_settings(), parse_now(now)
    office = load_office(settings)
    signing = read_signing(sign, "", office) if sign else sheet_signing(office)
    with reading() as session:
        if unit:
            data = write_unit_year(load_unit_year(session, of, moment), office, signing, by)
        else:
            number = _number(of, settings.secret_key.get_secret_value())
            data = write_course(load_course(session, number, moment), office, signing, by)
    stem = f"phieu-theo-doi-{'don-vi-' if unit else 'ky-han-'}{re.sub(r'[^0-9a-zA-Z]+', '-', of).lower()}"
    typer.echo(f"Đã ghi {write_file(out, stem + '.docx', data)}")


def _number(text: str, secret: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else read_code(text, secret)
    if number is None:
        raise Refusal(f"«{text}» không phải là số hay mã kỳ hạn. Mã có dạng DD-128-7KQ3, in trong tin nhắc.")
    return number


@report_app.command("letter")
def letter(
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Mã đơn vị; bỏ trống: mọi đơn vị quá hạn")] = None,
    finish_by: Annotated[str, typer.Option("--finish-by", help="Ngày phải hoàn thành, dạng 2026-04-03")] = "",
    out: Out = Path(),
    sign: Sign = "",
    by: By = CLERK,
    now: Now = None,
) -> None:
    """Lập dự thảo công văn đôn đốc (.docx) gửi một đơn vị hoặc mọi đơn vị đang quá hạn."""
    settings, moment = load_settings(), parse_now(now)
    office, wanted = load_office(settings), read_day(finish_by)
    signing = read_signing(sign, "", office) if sign else letter_signing(office)
    with reading() as session:
        owing = load_owing(session, unit or (), moment)
        data = compose_letter(owing, office, signing, by, finish_by=wanted)
        told = f"{len(owing.units)} đơn vị, {len(owing.occurrences)} nhiệm vụ, {len(owing.late)} quá hạn"
    path = write_file(out, f"cong-van-don-doc-{moment:%Y-%m-%d}.docx", data)
    typer.echo(f"Đã ghi {path} ({told}). Chỗ tô vàng là chỗ phải điền.")


def read_day(text: str) -> date | None:
    """A day as typed, or None for nothing. Raises Refusal."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f"Không hiểu ngày «{text}». Hãy viết như 2026-04-03.") from error
