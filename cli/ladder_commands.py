"""`dondoc plan ladder`: which ladder a plan or a duty is chased by."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.plan_arguments import ACTOR, CodeArgument, plan_of
from cli.plan_edit_commands import duty_of
from config.clock import now
from config.settings import load_settings
from db.session import transaction

ladder_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@ladder_app.command("ladder")
def ladder(
    code: CodeArgument,
    name: Annotated[str, typer.Argument(metavar="THANG", help="Tên thang nhắc; default: theo kế hoạch")],
    duty: Annotated[str | None, typer.Option("--duty", help="Chỉ nhiệm vụ mã này (xem: dondoc plan show MÃ)")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Chọn thang, không chỉ xem trước")] = False,
) -> None:
    """Xem trước rồi chọn thang nhắc cho cả kế hoạch hoặc một nhiệm vụ; việc đang nhắc giữ thang của lúc bắt đầu."""
    from plans.ladder_choice import preview_ladder, set_ladder

    settings, moment = load_settings(), now()
    with transaction() as session:
        plan = plan_of(session, code)
        subject = duty_of(plan, duty) if duty else plan
        done = (
            set_ladder(session, subject, name, moment, ACTOR, settings)
            if apply
            else preview_ladder(session, subject, name, moment, settings)
        )
    typer.echo("\n".join(done.lines()))
    if not apply and not done.nothing:
        typer.echo("Chưa đổi gì. Thêm --apply để chọn thang này.")
