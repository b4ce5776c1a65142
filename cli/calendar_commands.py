"""`dondoc calendar`: approve a new order of days off, check cut-offs, plan levels back from the superior's date."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.deadline_commands import calendar_app
from cli.plan_arguments import ACTOR, plan_of
from config import clock
from config.days_off import load_calendar
from config.faults import Refusal
from config.settings import load_settings

Now = Annotated[str | None, typer.Option("--now", help="Thời điểm giả định, ví dụ 2026-03-16T08:00+07:00")]
AsJson = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON")]
__all__ = ["calendar_app"]


@calendar_app.command("preview")
def preview_command(
    file: Annotated[Path | None, typer.Option("--file", help="Tệp lịch nghỉ dự kiến, chưa đưa vào dùng")] = None,
    ladders: Annotated[Path | None, typer.Option("--ladders", help="Tệp thang nhắc dự kiến")] = None,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Xem kỳ hạn nào sẽ đổi, từ ngày nào sang ngày nào, vì sao, báo cho ai. Không thay đổi gì."""
    from config.ladders import load_ladders
    from db.office_rules import rules_of_files
    from db.session import reading
    from plans.replanning import preview

    settings, moment = load_settings(), clock.parse_now(now)
    proposed = rules_of_files(settings)
    if file:
        proposed = replace(proposed, calendar=load_calendar(settings, file))
    if ladders:
        proposed = replace(proposed, ladders=load_ladders(settings, ladders))
    with reading() as session:
        seen = preview(session, settings, moment, proposed)
    if as_json:
        typer.echo(json.dumps(_json_of(seen), ensure_ascii=False))
        return
    typer.echo("\n".join(seen.lines()))
    if not seen.nothing:
        place = f"Chép tệp vào {settings.yaml_dir} rồi áp dụng" if file or ladders else "Để áp dụng"
        typer.echo(f"Chưa thay đổi gì. {place}: dondoc calendar apply")


@calendar_app.command("apply")
def apply_command(
    yes: Annotated[bool, typer.Option("--yes", help="Áp dụng ngay, không hỏi lại")] = False, now: Now = None
) -> None:
    """Đưa lịch nghỉ và thang nhắc trong tệp vào dùng: đổi ngày kỳ hạn còn mở, mỗi người một tin."""
    from db.session import reading, transaction
    from plans.replanning import apply, preview

    settings, moment = load_settings(), clock.parse_now(now)
    with reading() as session:
        seen = preview(session, settings, moment)
    typer.echo("\n".join(seen.lines()))
    if seen.nothing:
        return
    if not yes:
        typer.confirm("Áp dụng các thay đổi trên?", abort=True)
    with transaction() as session:
        done = apply(session, settings, moment, ACTOR, seen.fingerprint)
    typer.echo(f"Đã áp dụng: đổi ngày {len(done.moves)} kỳ hạn, báo cho {done.people} người.")


def _json_of(seen: Any) -> dict[str, Any]:
    """The preview for other programs."""
    return {
        "fingerprint": seen.fingerprint,
        "waiting": seen.waiting,
        "days": [each.words() for each in seen.days],
        "moves": [_move_json(each) for each in seen.moves],
        "ladders": list(seen.ladders),
        "reminders": [{"occurrence": each.id, "change": each.words()} for each in seen.ladder_moves],
        "told": list(seen.told),
    }


def _move_json(move: Any) -> dict[str, Any]:
    return {
        "occurrence": move.id,
        "plan": move.plan,
        "unit": move.unit,
        "period": move.period,
        "from": _dates_json(move.before),
        "to": _dates_json(move.after) if move.after else None,
        "why": move.why,
        "told": list(move.told),
    }


def _dates_json(dates: Any) -> dict[str, str | None]:
    every = {name: getattr(dates, name) for name in ("nominal", "legal", "target", "extended")}
    return {name: day.isoformat() if day else None for name, day in every.items()}


@calendar_app.command("check")
def check_command(
    code: Annotated[str | None, typer.Argument(help="Mã kế hoạch; bỏ trống: mọi kế hoạch đang theo dõi")] = None,
) -> None:
    """Kiểm tra: từ ngày chốt số liệu đến hạn gửi có ít nhất một ngày làm việc; mỗi cấp một hạn."""
    from db.office_rules import calendar_in_use
    from db.queries import plan_queries
    from db.session import reading
    from plans.windows import window_faults

    with reading() as session:
        plans = [plan_of(session, code)] if code else list(plan_queries.confirmed_plans(session))
        calendar = calendar_in_use(session, load_settings())
        found = [fault.words() for plan in plans for fault in window_faults(session, plan, calendar)]
    typer.echo("\n".join(found) or f"Đã xem {len(plans)} kế hoạch: thời hạn gửi đều sau ngày chốt số liệu.")


@calendar_app.command("regime")
def regime_command(
    code: Annotated[str, typer.Argument(help="Mã kế hoạch")],
    key: Annotated[str, typer.Argument(help="Số thứ tự hoặc khóa của nhiệm vụ")],
    regime: Annotated[str | None, typer.Argument(help="nd09, calendar, «chốt ngày 15», «01/10-30/09»")] = None,
    now: Now = None,
) -> None:
    """Xem hoặc đổi cách chốt số liệu của một nhiệm vụ; hạn gửi không đổi."""
    from db.office_rules import calendar_to_date_by
    from db.queries import plan_queries
    from db.session import transaction
    from deadlines import say_regime
    from plans.windows import set_regime

    with transaction() as session:
        duties = plan_queries.obligations_of(session, plan_of(session, code).id)
        found = [each for each in duties if key in (each.key, each.ordinal)]
        if len(found) != 1:
            raise Refusal(f"Kế hoạch {code} có {len(found)} nhiệm vụ «{key}». Hãy xem khóa: dondoc plan show {code}")
        changed = None
        if regime:
            calendar = calendar_to_date_by(session, load_settings())
            changed = set_regime(session, found[0], regime, calendar, clock.parse_now(now), ACTOR)
        line = f"Nhiệm vụ {key}: số liệu {say_regime(found[0].regime)}."
    typer.echo(line)
    if changed is not None:
        typer.echo(f"Đã đổi khoảng số liệu của {changed} kỳ hạn còn mở.")


@calendar_app.command("back-plan")
def back_plan_command(
    due: Annotated[str, typer.Option("--due", help="Hạn của cấp trên, ví dụ 2026-12-25")],
    level: Annotated[list[str], typer.Option("--level", help="«UBND xã: 2», từ cấp thấp nhất; ghi nhiều lần")],
    cut_off: Annotated[str | None, typer.Option("--cut-off", help="Ngày chốt số liệu")] = None,
) -> None:
    """Tính hạn của từng cấp, lùi từ hạn của cấp trên theo số ngày làm việc mỗi cấp cần."""
    from db.office_rules import calendar_in_use
    from db.session import reading
    from deadlines.levels import LevelError, back_plan, read_levels

    with reading() as session:
        calendar = calendar_in_use(session, load_settings())
    try:
        plan = back_plan(_day(due), read_levels(";".join(level)), calendar, _day(cut_off) if cut_off else None)
    except LevelError as error:
        raise Refusal(str(error)) from error
    for each in plan.levels:
        typer.echo(f"{each.name}: chậm nhất {each.due:%d/%m/%Y} (cần {each.needs} ngày làm việc)")
    for warning in plan.warnings:
        typer.echo(f"CẢNH BÁO: {warning}")
    if plan.warnings:
        raise typer.Exit(1)


def _day(text: str) -> date:
    for parts in (text.split("-"), text.split("/")[::-1]):
        try:
            return date(*map(int, parts))
        except (ValueError, TypeError):
            continue
    raise Refusal(f"Không hiểu ngày «{text}». Hãy viết như 2026-12-25 hoặc 25/12/2026.")
