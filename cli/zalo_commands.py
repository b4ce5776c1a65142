"""`dondoc zalo`: the consent of a Zalo Official Account, given once in a browser by its administrator."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from config.clock import now
from config.faults import Refusal
from config.settings import load_settings

zalo_app = typer.Typer(
    help="Quyền gửi tin qua Zalo Official Account", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@zalo_app.callback()
def zalo() -> None:
    """Quyền gửi tin qua Zalo Official Account."""


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
    typer.echo("Đã cấp quyền. Kiểm tra lại bằng: dondoc doctor")


def consent_code(answer: str, state: str) -> str:
    """The code in a pasted address, or the pasted code itself. Raises Refusal when the address is another consent's."""
    if "code=" not in answer:
        return answer.strip()
    query = parse_qs(urlsplit(answer.strip()).query)
    if query.get("state", [state])[0] != state:
        raise Refusal("Địa chỉ này thuộc một lần cấp quyền khác. Hãy chạy lại: dondoc zalo connect")
    return query["code"][0]
