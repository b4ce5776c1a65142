"""`dondoc calendar feed`: calendars that a telephone subscribes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from config.faults import Refusal

if TYPE_CHECKING:  # `dondoc deadline` loads this table of commands and must not pay for the database
    from db.models import CalendarFeed
    from plans.feeds import SubjectKind

feed_app = typer.Typer(
    help="Lịch đăng ký cho điện thoại: tạo, xem, thu hồi địa chỉ.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
ACTOR = "quản trị (dòng lệnh)"


@feed_app.command("add")
def add(
    unit: Annotated[str | None, typer.Option("--unit", metavar="MÃ", help="Lịch của một đơn vị hoặc nhóm.")] = None,
    person: Annotated[str | None, typer.Option("--person", metavar="MÃ", help="Lịch của một người nhận.")] = None,
    plan: Annotated[str | None, typer.Option("--plan", metavar="MÃ", help="Lịch của một kế hoạch.")] = None,
) -> None:
    """Tạo một địa chỉ lịch bí mật; địa chỉ chỉ in ra một lần."""
    from config.clock import now
    from config.settings import load_settings
    from db.session import transaction
    from plans.feeds import make_feed

    kind, code = _subject(unit, person, plan)
    with transaction() as session:
        made = make_feed(session, kind, code, now(), ACTOR, load_settings())
    typer.echo(made.address)
    typer.echo(f"Lịch số {made.feed.id}. Ai có địa chỉ đều xem được lịch; thu hồi bằng:", err=True)
    typer.echo(f"dondoc calendar feed revoke {made.feed.id}", err=True)


def _subject(unit: str | None, person: str | None, plan: str | None) -> tuple[SubjectKind, str]:
    asked: list[tuple[SubjectKind, str]] = []
    asked += [("unit", unit)] if unit else []
    asked += [("person", person)] if person else []
    asked += [("plan", plan)] if plan else []
    if len(asked) != 1:
        raise Refusal("Hãy chọn đúng một trong ba: --unit MÃ, --person MÃ, --plan MÃ.")
    return asked[0]


@feed_app.command("list")
def list_feeds() -> None:
    """Xem các lịch đã tạo; địa chỉ không được lưu nên không in lại được."""
    from db.queries.feed_queries import feeds
    from db.session import reading
    from plans.feeds import feed_name

    with reading() as session:
        lines = [_line(each, feed_name(each)) for each in feeds(session)]
    for line in lines or ["Chưa có lịch nào. Tạo bằng: dondoc calendar feed add --unit MÃ"]:
        typer.echo(line)


def _line(feed: CalendarFeed, name: str) -> str:
    from config.clock import ZONE

    made = f"tạo {feed.created_at.astimezone(ZONE):%d/%m/%Y} bởi {feed.created_by}"
    gone = f", thu hồi {feed.revoked_at.astimezone(ZONE):%d/%m/%Y}" if feed.revoked_at else ""
    return f"{feed.id:>4}  {name}  ({made}{gone})"


@feed_app.command("revoke")
def revoke(number: Annotated[int, typer.Argument(metavar="SỐ", help="Số của lịch, xem bằng: feed list")]) -> None:
    """Thu hồi một địa chỉ: từ nay không mở được nữa."""
    from config.clock import now
    from db.session import transaction
    from plans.feeds import feed_name, revoke_feed

    with transaction() as session:
        feed = revoke_feed(session, number, now(), ACTOR)
        name = feed_name(feed)
    typer.echo(f"Đã thu hồi lịch số {number} ({name}).")
