"""`dondoc zalo`: the consent of a Zalo Official Account, how its channels stand, and a trial message to one person."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from config.clock import ZONE, now
from config.faults import Refusal
from config.settings import Settings, load_settings

if TYPE_CHECKING:
    from db.models import Person
    from notifications.channels import Channel, Envelope, Receipt
    from notifications.channels.tokens import Standing

zalo_app = typer.Typer(
    help="Zalo: cấp quyền, xem tình trạng, gửi tin thử",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
NAMES = {
    "zalo": "tin tư vấn của Official Account",
    "zalo_template": "mẫu tin theo mã người dùng",
    "zbs": "mẫu tin theo số điện thoại (ZBS)",
    "zalo_bot": "Zalo Bot",
}


@zalo_app.callback()
def zalo() -> None:
    """Zalo: cấp quyền gửi tin, xem tình trạng các kênh, gửi tin thử."""


@zalo_app.command()
def connect(
    redirect: Annotated[str, typer.Option(help="Địa chỉ nhận kết quả, đúng như khai trong ứng dụng Zalo")] = "",
) -> None:
    """Cấp quyền: mở địa chỉ được in ra, đăng nhập, rồi dán địa chỉ trang nhận kết quả vào đây."""
    from notifications.channels.base import Delivery
    from notifications.channels.registry import build_oauth, zalo_tokens
    from notifications.channels.zalo.oauth import new_verifier

    settings = load_settings()
    if not settings.zalo_app_id or not settings.zalo_app_secret.get_secret_value():
        raise Refusal("Hãy đặt DONDOC_ZALO_APP_ID và DONDOC_ZALO_APP_SECRET (lấy ở trang ứng dụng Zalo) rồi chạy lại.")
    oauth, verifier, state = build_oauth(settings), new_verifier(), secrets.token_urlsafe(16)
    typer.echo("Mở địa chỉ sau bằng tài khoản quản trị Official Account rồi bấm đồng ý:")
    typer.echo(oauth.permission_url(redirect or f"{settings.base_url}/zalo", verifier, state))
    answer = typer.prompt("Dán địa chỉ trình duyệt chuyển tới (hoặc mã code)")
    try:
        pair = oauth.pair_from_code(consent_code(answer, state), verifier, now())
        zalo_tokens(settings).store_first_pair(pair, now())
    except Delivery as error:
        raise Refusal(f"{error.detail} Mã chỉ dùng được một lần trong 10 phút; hãy chạy lại lệnh này.") from error
    typer.echo("Đã cấp quyền. Xem lại bằng: dondoc zalo status")


def consent_code(answer: str, state: str) -> str:
    """The code in a pasted address, or the pasted code itself. Raises Refusal when the address is another consent's."""
    if "code=" not in answer:
        return answer.strip()
    query = parse_qs(urlsplit(answer.strip()).query)
    if query.get("state", [state])[0] != state:
        raise Refusal("Địa chỉ này thuộc một lần cấp quyền khác. Hãy chạy lại: dondoc zalo connect")
    return query["code"][0]


@zalo_app.command()
def status() -> None:
    """Quyền gửi tin, hạn mức mẫu tin và từng kênh Zalo; không gửi tin nào. Thoát với mã 1 nếu có điều phải sửa."""
    from notifications.channels.registry import zalo_tokens

    settings, moment = load_settings(), now()
    channels = zalo_channels(settings)
    if "zalo" in channels:
        for line in standing_lines(zalo_tokens(settings).standing(), moment):
            typer.echo(line)
    faults = 0
    for name, channel in channels.items():
        found = channel.check(moment)
        faults += len(found)
        typer.echo(f"Kênh {name} ({NAMES[name]}): {'có lỗi' if found else 'sẵn sàng'}")
        for fault in found:
            typer.echo(f"  ✗ {fault}")
    for line in quota_lines(channels, moment):
        typer.echo(line)
    raise typer.Exit(1 if faults else 0)


def zalo_channels(settings: Settings) -> dict[str, Channel]:
    """The Zalo channels that are set up. Raises Refusal when there are none."""
    from notifications.channels import Delivery, build_channels

    try:
        channels = {name: channel for name, channel in build_channels(settings).items() if name in NAMES}
    except Delivery as fault:
        raise Refusal(fault.detail) from fault
    if not channels:
        raise Refusal("Chưa thiết lập Zalo. Hãy đặt DONDOC_ZALO_APP_ID hoặc DONDOC_ZALO_BOT_TOKEN rồi chạy lại.")
    return channels


def standing_lines(standing: Standing | None, moment: datetime) -> Iterator[str]:
    """How the consent stands, in Vietnamese."""
    if standing is None:
        yield "Chưa cấp quyền cho Official Account. Hãy chạy: dondoc zalo connect"
        return
    if standing.lost_at:
        yield f"Quyền gửi tin đã mất từ {_say(standing.lost_at)}. Hãy chạy: dondoc zalo connect"
    hours = int((moment - standing.renewed_at).total_seconds() // 3600)
    yield f"Mã truy cập: làm mới lần cuối {_say(standing.renewed_at)} ({hours} giờ trước), lần thứ {standing.version}"
    ended = "đã hết hạn, sẽ tự làm mới khi gửi" if standing.expires_at <= moment else "còn hạn"
    yield f"  {ended}: {_say(standing.expires_at)}"
    yield f"  nếu không gửi tin nào, phải cấp quyền lại sau {_say(standing.consent_ends)}"


def quota_lines(channels: dict[str, Channel], moment: datetime) -> Iterator[str]:
    """What is left of the day's quota of templates, when there are templates and Zalo tells it."""
    from notifications.channels import Delivery
    from notifications.channels.zalo.template_channels import ZbsChannel

    zbs = channels.get("zbs")
    if not isinstance(zbs, ZbsChannel):
        return
    try:
        quota = zbs.quota(moment)
    except Delivery as fault:
        yield f"Không đọc được hạn mức mẫu tin: {fault.detail}"
        return
    yield f"Hạn mức mẫu tin hôm nay: còn {quota.get('remainingQuota', '?')} trên {quota.get('dailyQuota', '?')}"


def _say(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%H:%M ngày %d/%m/%Y}"


@zalo_app.command("test")
def send_trial(
    person: Annotated[str, typer.Argument(metavar="NGƯỜI", help="Mã hoặc họ tên đúng như trong danh bạ")],
    channel: Annotated[str | None, typer.Option(help="Kênh: zalo, zalo_bot, zalo_template, zbs")] = None,
    kind: Annotated[str, typer.Option(help="Loại tin, để chọn mẫu đã duyệt")] = "digest",
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại")] = False,
) -> None:
    """Gửi một tin thử tới đúng một người, ngay bây giờ."""
    from config.office import find_office
    from db.queries.trial_queries import people_called
    from db.session import reading
    from notifications.trials import trial_channel, trial_envelope

    settings, moment = load_settings(), now()
    channels = zalo_channels(settings)
    with reading(settings.database_url) as session:
        found = the_one(people_called(session, person), person)
        name = trial_channel(found, channels, channel)
        office = find_office(settings)
        sender = office.name if office else "Hệ thống đôn đốc"
        person_id, envelope = found.id, trial_envelope(found, name, sender, kind, moment, settings)
    question = f"Gửi tin thử tới {envelope.to_name} qua {NAMES[name]}, địa chỉ {envelope.to_address}?"
    if not yes and not typer.confirm(question):
        raise Refusal("Chưa gửi gì.")
    typer.echo(make_trial(settings, channels[name], person_id, envelope, moment))


def the_one(found: list[Person], words: str) -> Person:
    """The one person meant. Raises Refusal for nobody, and for namesakes."""
    if not found:
        raise Refusal(f"Danh bạ không có ai mã hoặc tên {words!r}. Hãy xem tên bằng: dondoc units list")
    if len(found) > 1:
        codes = ", ".join(f"{one.code} ({one.unit.name if one.unit else one.role})" for one in found)
        raise Refusal(f"Có {len(found)} người tên {words}. Hãy dùng mã: {codes}.")
    return found[0]


def make_trial(settings: Settings, channel: Channel, person_id: int, envelope: Envelope, moment: datetime) -> str:
    """Send and keep it in the journal; what to tell. Raises Refusal with what went wrong."""
    from cli.user_commands import actor
    from db.models import Person
    from db.session import transaction
    from notifications.channels import Delivery
    from notifications.trials import record_trial

    outcome: Receipt | Delivery
    try:
        outcome = channel.send(envelope, moment)
    except Delivery as failure:
        outcome = failure
    with transaction(settings.database_url) as session:
        record_trial(session, session.get_one(Person, person_id), channel.name, outcome, moment, actor())
    if isinstance(outcome, Delivery):
        raise Refusal(outcome.detail)
    return f"{outcome.detail} Mã tin: {outcome.provider_id or 'không có'}."
