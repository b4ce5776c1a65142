"""`dondoc collect`: one run of collecting, without Prefect."""

from __future__ import annotations

from typing import Annotated

import typer

from config import clock
from config.settings import load_settings
from db.session import reading, transaction

Now = Annotated[str | None, typer.Option("--now", help="Thời điểm giả định, ví dụ 2026-03-16T08:00+07:00")]


def collect(now: Now = None) -> None:
    """Nhận báo cáo từ thư mục inbox/nop và từ hộp thư trả lời; chạy lại không nhận hai lần."""
    from db.office_rules import calendar_in_use
    from submissions.collecting import collect_folder
    from submissions.inbound.spool import drain
    from submissions.mailbox.collecting import run_mailbox

    settings, moment = load_settings(), clock.parse_now(now)
    files = collect_folder(transaction, settings, moment)
    typer.echo(f"Thư mục inbox/nop: nhận {files.taken} tệp, để riêng {files.set_aside} tệp chưa khớp.")
    with reading() as session:
        calendar = calendar_in_use(session, settings)
    if taken_up := drain(transaction, moment, calendar, settings):
        typer.echo(f"Xử lý nốt {taken_up} tin đến còn dở từ lần trước.")
    done = run_mailbox(transaction, settings, moment, calendar)
    if done is None:
        typer.echo("Chưa thiết lập hộp thư nhận trả lời (DONDOC_IMAP_URL).")
        return
    typer.echo(
        f"Hộp thư: {done.mails} thư mới, {done.bounces} thư báo không tới, {done.farewells} thư xin thôi nhận, "
        f"{done.known} thư đã xử lý từ trước."
    )
    if done.left:
        typer.echo(f"Còn {done.left} thư để lượt sau.")
