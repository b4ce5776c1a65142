"""`dondoc plan close` and `reopen`: the end of a plan's chase, and its return."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.plan_arguments import ACTOR, CodeArgument, plan_of
from config.clock import now
from db.models import Occurrence
from db.session import transaction

closing_app = typer.Typer(add_completion=False, rich_markup_mode=None)
SHOWN = 20


@closing_app.command("close")
def close(
    code: CodeArgument,
    reason: Annotated[str, typer.Option("--reason", help="Lý do; bắt buộc khi còn việc chưa xong")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Kết thúc thật (không có: chỉ xem còn lại gì)")] = False,
) -> None:
    """Kết thúc một kế hoạch: thôi nhắc, giữ nguyên mọi thứ; không có --apply thì chỉ liệt kê việc còn lại."""
    from plans.closing import close_plan, remaining

    moment = now()
    with transaction() as session:
        plan = plan_of(session, code)
        left = (
            close_plan(session, plan.id, reason, moment, ACTOR) if apply else remaining(session, plan.id, moment.date())
        )
        lines = [f"Còn {each}." for each in left.lines()] or ["Không còn việc gì chưa xong."]
        lines += [f"  {_line(each)}" for each in left.unanswered[:SHOWN]]
        if len(left.unanswered) > SHOWN:
            lines.append(f"  … và {len(left.unanswered) - SHOWN} kỳ hạn khác")
    ended = f"Đã kết thúc {code}. Mở lại: dondoc plan reopen {code} --reason LÝ_DO"
    lines.append(ended if apply else f"Chưa thay đổi gì. Để kết thúc: dondoc plan close {code} --reason LÝ_DO --apply")
    typer.echo("\n".join(lines))


def _line(one: Occurrence) -> str:
    due = one.extended_due or one.due_legal
    return f"{due:%d/%m/%Y} {one.unit.short_name or one.unit.name}: {one.obligation.content[:80]} ({one.period_label})"


@closing_app.command("reopen")
def reopen(
    code: CodeArgument,
    reason: Annotated[str, typer.Option("--reason", help="Lý do mở lại")],
    chase_from: Annotated[
        str | None, typer.Option("--chase-from", help="Chỉ đôn đốc kỳ hạn từ ngày này; kỳ đã qua chỉ ghi nhận")
    ] = None,
) -> None:
    """Mở lại một kế hoạch đã kết thúc; các kỳ hạn còn mở được nhắc tiếp."""
    from plans.closing import reopen_plan
    from plans.questions import day_of

    day = day_of(chase_from) if chase_from else None
    with transaction() as session:
        left = reopen_plan(session, plan_of(session, code).id, reason, now(), ACTOR, day)
        lines = [f"Đã mở lại {code}: {len(left.unanswered)} kỳ hạn được nhắc tiếp, {left.overdue} đang quá hạn."]
    lines.append("Nếu lịch nghỉ đã đổi trong thời gian kết thúc, hãy xem: dondoc calendar preview")
    typer.echo("\n".join(lines))
