"""`dondoc init`: everything a new installation needs before its first plan."""

from __future__ import annotations

import typer

from config.secret import ensure_secret
from config.settings import Settings, load_settings


def init() -> None:
    """Chuẩn bị thư mục dữ liệu, khóa bí mật và cơ sở dữ liệu. Chạy lại bao nhiêu lần cũng được."""
    if prepare():
        typer.echo("Đã tạo khóa bí mật mới. Hãy sao lưu cả thư mục dữ liệu, kể cả tệp secret.key.")
    settings = load_settings()
    typer.echo(f"Sẵn sàng. Dữ liệu nằm trong {settings.home}.")
    typer.echo("Tiếp theo: dondoc units load units.yaml, dondoc user add TÊN --role admin, rồi dondoc up.")


def _adopt_rules(settings: Settings) -> str:
    """Put the calendar and the ladders of the files into use, when none are; gives what stands in the way."""
    from config.clock import now
    from config.faults import ConfigFault
    from db.office_rules import adopt_rules
    from db.session import transaction

    try:
        with transaction() as session:
            adopt_rules(session, settings, now())
    except ConfigFault as fault:
        return str(fault)
    return ""


def prepare() -> bool:
    """Make home, secret and schema, put the office's rules into use; True when the secret was made now."""
    from db.migrate import upgrade

    made = ensure_secret(load_settings().home)
    if made:
        load_settings.cache_clear()
    settings = load_settings()
    for folder in ("config", "files", "inbox/nop", "reports"):
        (settings.home / folder).mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_url)
    if fault := _adopt_rules(settings):
        typer.echo(f"{fault}\nLịch nghỉ và thang nhắc chưa được ghi nhận; sửa tệp rồi chạy: dondoc init", err=True)
    return made
