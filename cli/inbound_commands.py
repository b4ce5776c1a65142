"""`dondoc inbound`: what units wrote back by mail, Zalo and webhooks, and what a person decides about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast, get_args

import typer

from config import clock
from config.faults import Refusal
from config.settings import load_settings
from db.models import InboundMessage
from db.session import reading, transaction

inbound_app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
Number = Annotated[int, typer.Argument(metavar="SỐ", help="Số của tin đến")]
By = Annotated[str, typer.Option("--by", help="Người quyết định")]
Now = Annotated[str | None, typer.Option("--now", help="Thời điểm giả định, ví dụ 2026-03-16T08:00+07:00")]
ACTOR = "Quản trị (dòng lệnh)"
STATES = {
    "received": "đang xử lý",
    "handled": "đã ghi nhận",
    "waiting": "chờ xử lý",
    "ignored": "bỏ qua",
    "failed": "lỗi khi xử lý",
}


@inbound_app.command("list")
def list_inbound(
    everything: Annotated[bool, typer.Option("--all", help="Cả tin đã ghi nhận, mới nhất trước")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Số tin nhiều nhất")] = 50,
) -> None:
    """Các tin chờ xử lý: chương trình chưa chắc hiểu đúng hoặc chưa xác minh được người gửi."""
    from db.queries import inbound_queries as queries

    with reading() as session:
        rows = queries.newest_rows(session, limit) if everything else queries.waiting_rows(session, limit)
        for row in rows:
            typer.echo(_line(row))
            typer.echo(f"        {row.outcome}")
        typer.echo(f"{queries.count_waiting(session)} tin chờ xử lý.")


def _line(row: InboundMessage) -> str:
    at = f"{row.received_at.astimezone(clock.ZONE):%d/%m/%Y %H:%M}"
    who = row.person.name if row.person else row.sender or "không rõ"
    words = " ".join((row.text or row.subject).split())[:80]
    return f"{row.id:>6}  {at}  {STATES[row.state]:<14}{row.channel:<9} {who}: {words}"


@inbound_app.command("show")
def show(number: Number) -> None:
    """Toàn văn một tin đến, tệp kèm theo và các kỳ hạn có thể là của nó."""
    from db.queries import inbound_queries as queries
    from notifications.codes import occurrence_code
    from submissions.inbound.desk import candidates

    settings = load_settings()
    with reading() as session:
        row = queries.row_by_id(session, number)
        if row is None:
            raise Refusal(f"Không có tin đến số {number}. Hãy xem danh sách: dondoc inbound list.")
        typer.echo(_line(row))
        for part in (row.subject, row.text, row.outcome):
            if part:
                typer.echo(part)
        for file in row.data.get("files", []):
            typer.echo(f"Tệp: {file['name']} ({file['size']} byte)")
        for one in candidates(session, row, settings):
            code = occurrence_code(one.id, settings.secret_key.get_secret_value())
            typer.echo(f"{code}  {one.unit.name}: {one.obligation.content[:80]} – {one.period_label}")


@inbound_app.command("assign")
def assign_inbound(
    number: Number,
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã kỳ hạn, ví dụ DD-128-7KQ3")],
    kind: Annotated[str, typer.Option("--as", help="report, acknowledge, nil hoặc extension")] = "report",
    until: Annotated[str, typer.Option("--until", help="Xin gia hạn đến ngày, ví dụ 2026-09-25")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Lý do xin gia hạn")] = "",
    by: By = ACTOR,
    now: Now = None,
) -> None:
    """Gán một tin đến cho một kỳ hạn, tính từ lúc tin tới."""
    from db.office_rules import calendar_in_use
    from notifications.codes import read_code
    from submissions.inbound.desk import AssignedAs, Assignment, assign

    settings = load_settings()
    occurrence = read_code(code, settings.secret_key.get_secret_value())
    if occurrence is None:
        raise Refusal("Mã kỳ hạn không đúng. Hãy chép lại mã dạng DD-128-7KQ3 trong tin nhắc việc.")
    if kind not in get_args(AssignedAs):
        raise Refusal(f"Không có loại {kind!r}. Hãy chọn: {', '.join(get_args(AssignedAs))}.")
    wanted = Assignment(occurrence, cast(AssignedAs, kind), _day(until), reason)
    with transaction() as session:
        calendar = calendar_in_use(session, settings)
        row = assign(session, number, wanted, by, clock.parse_now(now), calendar, settings)
    typer.echo(row.outcome)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f"Không hiểu ngày {text!r}. Hãy viết như 2026-01-31.") from error


@inbound_app.command("ignore")
def ignore_inbound(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Lý do bỏ qua")],
    by: By = ACTOR,
    now: Now = None,
) -> None:
    """Bỏ qua một tin đến kèm lý do."""
    from submissions.inbound.desk import ignore

    with transaction() as session:
        ignore(session, number, reason, by, clock.parse_now(now))
    typer.echo(f"Đã bỏ qua tin đến số {number}.")


@inbound_app.command("take")
def take_waiting(now: Now = None) -> None:
    """Xử lý ngay những gì webhook đã nhận mà chưa kịp ghi nhận (máy chủ trang theo dõi vốn tự làm việc này)."""
    from db.office_rules import calendar_in_use
    from submissions.inbound.spool import drain

    settings = load_settings()
    with reading() as session:
        calendar = calendar_in_use(session, settings)
    done = drain(transaction, clock.parse_now(now), calendar, settings)
    typer.echo(f"Đã xử lý {done} tin đến.")
