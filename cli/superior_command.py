"""`dondoc plan superior`: by when the office itself owes a duty to its superior."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.plan_arguments import ACTOR, CodeArgument, plan_of
from cli.plan_edit_commands import duty_of
from config.clock import now
from config.faults import Refusal
from config.settings import load_settings
from db.office_rules import calendar_in_use
from db.session import transaction

superior_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@superior_app.command("superior")
def superior(
    code: CodeArgument,
    key: Annotated[str, typer.Argument(metavar="MÃ_NHIỆM_VỤ", help="Xem: dondoc plan show MÃ")],
    words: Annotated[str | None, typer.Argument(metavar="HẠN", help="«trước ngày 25 hằng tháng», «30/6/2026»")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Bỏ hạn cấp trên của nhiệm vụ")] = False,
) -> None:
    """Xem, ghi hoặc bỏ hạn cấp trên của một nhiệm vụ: gia hạn không bao giờ vượt hạn này."""
    from plans.superior import set_superior, superior_warnings

    if clear and words:
        raise Refusal("Hãy chọn một: ghi hạn mới, hoặc --clear để bỏ.")
    with transaction() as session:
        plan = plan_of(session, code)
        duty = duty_of(plan, key)
        said = set_superior(session, duty, words or "", now(), ACTOR) if words or clear else ""
        lines = [_line(key, duty.superior_text, said)]
        lines += [f"CẢNH BÁO: {each}" for each in superior_warnings(plan, calendar_in_use(session, load_settings()))]
    typer.echo("\n".join(lines))


def _line(key: str, words: str, said: str) -> str:
    meaning = f" → {said}" if said else ""
    return f"Nhiệm vụ {key}: hạn cấp trên {f'«{words}»{meaning}' if words else 'chưa ghi'}."
