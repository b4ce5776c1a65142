"""`dondoc units`: the register of units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from config.clock import ZONE, now
from config.faults import Refusal
from config.office import keep_register, office_of
from config.settings import load_settings
from config.units import load_units_file
from db.models import Person, Unit
from db.queries import plan_queries
from db.session import reading, transaction

units_app = typer.Typer(
    help="Danh bạ đơn vị: nạp từ units.yaml, xem, tạm dừng nhắc.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
ACTOR = "quản trị (dòng lệnh)"


@units_app.command("load")
def load(file: Annotated[Path, typer.Argument(help="Tệp units.yaml")]) -> None:
    """Nạp danh bạ: thêm, đổi tên, ngừng dùng; không xóa gì. Nạp lại bao nhiêu lần cũng được."""
    from plans.questions import settle_known_names
    from plans.units import name_book, sync_units

    register, settings, moment = load_units_file(file), load_settings(), now()
    with transaction() as session:
        change = sync_units(session, register, moment, ACTOR)
        settled = settle_known_names(session, name_book(session, office_of(register).tail), moment, ACTOR)
        kept = keep_register(settings, file)
    typer.echo(
        f"Danh bạ có {len(register.units)} đơn vị, {len(register.groups)} nhóm, "
        f"{sum(1 for _ in register.everybody())} người (giữ tại {kept})."
    )
    for label, codes in (("Thêm", change.added), ("Đổi", change.changed), ("Ngừng dùng", change.deactivated)):
        if codes:
            typer.echo(f"{label}: {', '.join(codes)}")
    if not change:
        typer.echo("Không có gì thay đổi.")
    for code in change.conflicts:
        typer.echo(
            f"Lưu ý: {code} đã tự liên kết một tài khoản Zalo khác với zalo_user_id trong tệp; "
            "chương trình giữ tài khoản đã liên kết. "
            f"Nếu tệp đúng, hãy chạy: dondoc units unlink {code} rồi nạp lại."
        )
    if settled:
        typer.echo(f"Đã tự trả lời {len(settled)} câu hỏi về đơn vị mà danh bạ nay đã biết tên.")


@units_app.command("link-code")
def link_code(person: Annotated[str, typer.Argument(metavar="NGƯỜI", help="Mã người trong units.yaml")]) -> None:
    """Cấp mã liên kết Zalo cho một người: dùng một lần, có giá trị 7 ngày, mã cũ hết hiệu lực."""
    from submissions.inbound.linking import make_code

    with transaction() as session:
        found = _person(session, person)
        code = make_code(session, found, ACTOR, now())
    typer.echo(f"Mã liên kết của {found.name}: {code}")
    typer.echo("Mã chỉ hiện một lần này. Người nhận bấm Quan tâm Official Account (hoặc mở Zalo Bot) rồi gửi mã đó.")


@units_app.command("unlink")
def unlink_person(
    person: Annotated[str, typer.Argument(metavar="NGƯỜI", help="Mã người trong units.yaml")],
    bot: Annotated[bool, typer.Option("--bot", help="Bỏ liên kết Zalo Bot thay vì Official Account")] = False,
) -> None:
    """Bỏ liên kết tài khoản Zalo của một người."""
    from submissions.inbound.linking import unlink

    with transaction() as session:
        found = _person(session, person)
        unlink(session, found, "zalo_bot" if bot else "zalo", ACTOR, now())
    typer.echo(f"Đã bỏ liên kết Zalo của {found.name}.")


def _person(session: Session, code: str) -> Person:
    from db.queries.linking_queries import person_by_code

    found = person_by_code(session, code)
    if found is None:
        raise Refusal(f"Không có người nào mã «{code}». Hãy xem mã trong units.yaml.")
    return found


@units_app.command("list")
def list_units() -> None:
    """Xem danh bạ: mã, tên, tên gọi khác, người nhận."""
    with reading() as session:
        units = plan_queries.units_with_people(session)
        if not units:
            typer.echo("Danh bạ trống. Hãy chạy: dondoc units load units.yaml")
        for unit in units:
            typer.echo("\n".join(_lines(unit)))


def _lines(unit: Unit) -> list[str]:
    state = "" if unit.active else " (ngừng dùng)"
    lines = [f"{unit.code:<28} {unit.name}{state}"]
    others = [alias.alias for alias in unit.aliases if alias.alias != unit.name]
    if others:
        lines.append(f"{'':<28} tên khác: {'; '.join(others)}")
    if unit.is_group:
        lines.append(f"{'':<28} gồm: {', '.join(member.code for member in unit.members)}")
    if unit.muted_until and unit.muted_until >= now().astimezone(ZONE).date():
        lines.append(f"{'':<28} tạm dừng nhắc đến hết {unit.muted_until:%d/%m/%Y}: {unit.mute_reason}")
    people = [f"{person.name} ({person.title or person.role})" for person in unit.people if person.active]
    if people:
        lines.append(f"{'':<28} người: {', '.join(people)}")
    return lines


@units_app.command("mute")
def mute(
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã đơn vị (xem: dondoc units list)")],
    until: Annotated[str, typer.Option("--until", help="Ngày cuối không nhắc, ví dụ 30/9/2026")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, được ghi vào nhật ký")],
) -> None:
    """Tạm dừng nhắc một đơn vị đến hết một ngày; hết thời gian đó thì nhắc tiếp nấc đang áp dụng."""
    from chasing import say_date
    from notifications.mutes import mute_unit
    from plans.questions import day_of

    with transaction() as session:
        unit = mute_unit(session, unit_of(session, code), day_of(until), reason, ACTOR, now())
        line = f"Không nhắc {unit.name} đến hết ngày {say_date(day_of(until))}. Xem lại: dondoc units list"
    typer.echo(line)


@units_app.command("unmute")
def unmute(code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã đơn vị (xem: dondoc units list)")]) -> None:
    """Nhắc lại một đơn vị đang được tạm dừng nhắc."""
    from notifications.mutes import unmute_unit

    with transaction() as session:
        line = f"Từ lần nhắc tới, {unmute_unit(session, unit_of(session, code), ACTOR, now()).name} được nhắc trở lại."
    typer.echo(line)


def unit_of(session: Session, code: str) -> Unit:
    """The unit of a code. Raises Refusal naming where to look."""
    unit = plan_queries.unit_by_code(session, code)
    if unit is None:
        raise Refusal(f"Danh bạ không có đơn vị mã «{code}». Hãy xem: dondoc units list")
    return unit
