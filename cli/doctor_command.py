"""`dondoc doctor`: looks at everything an installation needs and says, for each fault, the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from config import clock
from config.faults import ConfigFault, os_words
from config.machine import look_at_machine
from config.settings import PREFIX, Settings, load_settings

Level = Literal["ok", "warn", "bad"]
MARKS: dict[Level, str] = {"ok": "  ✓", "warn": "  !", "bad": "  ✗"}
OFFICE_CURE = "apt-get install libreoffice-writer libreoffice-calc"
OCR_CURE = "apt-get install ocrmypdf tesseract-ocr-vie"


@dataclass(frozen=True)
class Check:
    """One thing looked at: how it stands, what was seen, and the cure when it is not well."""

    level: Level
    text: str
    cure: str = ""


def doctor(
    settings: Annotated[
        bool, typer.Option("--settings", help="Chỉ liệt kê các thiết lập và giá trị đang dùng")
    ] = False,
) -> None:
    """Kiểm tra mọi thiết lập; thoát với mã 1 nếu còn điều phải sửa."""
    if settings:
        list_settings(load_settings())
        return
    checks = list(examine(load_settings(), clock.now().date()))
    for check in checks:
        typer.echo(f"{MARKS[check.level]} {check.text}")
        if check.cure:
            typer.echo(f"      → {check.cure}")
    bad = sum(check.level == "bad" for check in checks)
    typer.echo(f"\n{bad} điều phải sửa." if bad else "\nMọi thứ sẵn sàng.")
    raise typer.Exit(1 if bad else 0)


def list_settings(settings: Settings) -> None:
    """Every setting with its value in force; secrets are only said to be set."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "(đã đặt)" if "Secret" in type(value).__name__ and value else str(value) or "(chưa đặt)"
        typer.echo(f"{PREFIX}{name.upper():<18} {shown}\n{'':<25} {field.description}")


def examine(settings: Settings, today: date) -> Iterator[Check]:
    """Every check in the order in which a new installation meets it."""
    yield from check_home(settings)
    yield from check_secret(settings)
    yield from check_yaml("Thang nhắc việc", settings, _ladders)
    yield from check_yaml("Thông tin cơ quan", settings, _office)
    yield from check_templates(settings)
    yield from check_days_off(settings, today)
    database = list(check_database(settings))
    yield from database
    if all(check.level != "bad" for check in database):
        yield from check_register(settings)
        yield from check_accounts(settings)
        yield from check_journal(settings)
        yield from check_approval(settings)
    yield from check_channels(settings)
    yield from check_mailbox(settings)
    yield from check_webhooks(settings)
    yield from check_address(settings)
    yield from check_readers()


def check_home(settings: Settings) -> Iterator[Check]:
    """The data folder: there, writable, with room."""
    home = settings.home
    if not home.is_dir():
        yield Check("bad", f"Chưa có thư mục dữ liệu {home}", "dondoc init")
        return
    probe = home / ".doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Check(
            "bad", f"Không ghi được vào {home} ({os_words(error)})", f"Cấp quyền ghi cho thư mục, ví dụ: chown {home}"
        )
        return
    machine = look_at_machine(home)
    if machine.low:
        yield Check(
            "warn",
            f"Ổ đĩa của {home} chỉ còn {machine.free >> 20} MB",
            "Dọn bớt tệp hoặc chuyển DONDOC_HOME sang ổ lớn hơn",
        )
    else:
        yield Check("ok", f"Thư mục dữ liệu {home}, còn trống {machine.free >> 30} GB")


def check_secret(settings: Settings) -> Iterator[Check]:
    """The secret that signs links: set, and readable by nobody else."""
    if not settings.secret_key.get_secret_value():
        yield Check("bad", "Chưa có khóa bí mật", "dondoc init, hoặc đặt DONDOC_SECRET_KEY_FILE")
        return
    file = settings.home / "secret.key"
    if file.exists() and file.stat().st_mode & 0o077:
        yield Check("warn", f"Người khác trên máy đọc được {file}", f"chmod 600 {file}")
    else:
        yield Check("ok", "Khóa bí mật")


def check_templates(settings: Settings) -> Iterator[Check]:
    """The office's own templates of messages; a broken one is not used."""
    from notifications.templates_store import own_faults

    faults = own_faults(settings)
    cure = "Sửa tệp, hoặc xóa tệp để dùng lại mẫu có sẵn"
    yield from (Check("warn", f"Mẫu tin riêng {fault}", cure) for fault in faults)
    if not faults:
        yield Check("ok", "Mẫu tin")


def _ladders(settings: Settings) -> str:
    from config.ladders import load_ladders

    return ", ".join(load_ladders(settings))


def _office(settings: Settings) -> str:
    from config.office import load_office

    return load_office(settings).name


def check_yaml(name: str, settings: Settings, load: Callable[[Settings], str]) -> Iterator[Check]:
    """One of the YAML files: every fault of it."""
    try:
        yield Check("ok", f"{name}: {load(settings)}")
    except ConfigFault as fault:
        for message in fault.messages:
            yield Check("bad", f"{name}: {message}", "Sửa tệp theo mẫu units.example.yaml hoặc docs/huong-dan-nhanh.md")


def check_days_off(settings: Settings, today: date) -> Iterator[Check]:
    """The calendar: an order for this year, and for the next when it starts within 60 days."""
    from config.days_off import load_calendar
    from deadlines import years_to_order

    try:
        calendar = load_calendar(settings)
    except ConfigFault as fault:
        for message in fault.messages:
            yield Check("bad", f"Ngày nghỉ: {message}", "Sửa days_off.yaml")
        return
    waiting = years_to_order(calendar, today)
    for year in waiting:
        text = f"Năm {year} chưa có văn bản về ngày nghỉ; lịch đang là dự kiến"
        yield Check("warn", text, f"Khi có thông báo, ghi vào {settings.yaml_dir / 'days_off.yaml'}")
    if today.year not in waiting:
        yield Check("ok", f"Lịch nghỉ năm {today.year} có văn bản")


def check_approval(settings: Settings) -> Iterator[Check]:
    """Whether the days off and the ladders of the files are those that were approved."""
    from db.office_rules import is_waiting
    from db.session import reading

    try:
        with reading(settings.database_url) as session:
            waiting = is_waiting(session, settings)
    except ConfigFault:
        return  # told where the file itself is looked at
    if waiting:
        text = "Tệp lịch nghỉ hoặc thang nhắc đã đổi, chưa được duyệt; việc nhắc vẫn theo bản đã duyệt"
        yield Check("warn", text, "dondoc calendar preview, rồi dondoc calendar apply")
    else:
        yield Check("ok", "Lịch nghỉ và thang nhắc đúng như bản đã duyệt")


def check_database(settings: Settings) -> Iterator[Check]:
    """The database: reachable, with the newest schema."""
    from sqlalchemy.exc import SQLAlchemyError

    from db.migrate import is_current
    from db.session import engine_for

    url = engine_for(settings.database_url).url
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if file is not None and not file.exists():
        yield Check("bad", "Chưa có cơ sở dữ liệu", "dondoc init")
        return
    try:
        current = is_current(settings.database_url)
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        yield Check(
            "bad", f"Không mở được cơ sở dữ liệu: {reason}", "Kiểm tra DONDOC_DATABASE_URL và máy chủ cơ sở dữ liệu"
        )
        return
    shown = url.render_as_string(hide_password=True)
    yield (
        Check("ok", f"Cơ sở dữ liệu {shown}") if current else Check("bad", f"{shown} thuộc phiên bản cũ", "dondoc init")
    )


def check_register(settings: Settings) -> Iterator[Check]:
    """The register: units, a chair, and for each unit somebody who can be reached."""
    from db.queries.register_queries import register_counts, units_without_contact
    from db.session import reading

    with reading(settings.database_url) as session:
        units, chairs = register_counts(session)
        silent = units_without_contact(session)
    if not units:
        yield Check("bad", "Chưa có đơn vị nào", "dondoc units load units.yaml (mẫu: config/units.example.yaml)")
        return
    yield Check("ok", f"{units} đơn vị trong danh bạ")
    if not chairs:
        yield Check("warn", "Danh bạ chưa có Chủ tịch; việc quá hạn không báo lên được", "Thêm người với role: chair")
    for name in silent:
        yield Check("warn", f"{name} chưa có ai nhận được tin", "Thêm email hoặc zalo_user_id trong units.yaml")


def check_accounts(settings: Settings) -> Iterator[Check]:
    """At least one administrator."""
    from db.queries.register_queries import active_administrators
    from db.session import reading

    with reading(settings.database_url) as session:
        count = active_administrators(session)
    if count:
        yield Check("ok", f"{count} tài khoản quản trị")
    else:
        yield Check("bad", "Chưa có tài khoản quản trị", "dondoc user add TÊN --role admin")


def check_journal(settings: Settings) -> Iterator[Check]:
    """The journal's chain."""
    from db.journal import verify
    from db.session import reading

    with reading(settings.database_url) as session:
        faults = list(verify(session))
    if not faults:
        yield Check("ok", "Nhật ký liền mạch")
    for fault in faults[:5]:
        yield Check("bad", fault, "Khôi phục từ bản sao lưu gần nhất và báo người phụ trách")


def check_channels(settings: Settings) -> Iterator[Check]:
    """Each channel that is set up, by its own check; none at all is a fault."""
    from notifications.channels.base import Delivery
    from notifications.channels.registry import build_channels

    try:
        channels = build_channels(settings)
    except Delivery as error:
        yield Check("bad", error.detail, "Sửa thiết lập của kênh rồi chạy lại dondoc doctor")
        return
    if not channels:
        yield Check(
            "bad", "Chưa có kênh gửi nào", "Đặt DONDOC_SMTP_URL, hoặc DONDOC_ZALO_APP_ID và dondoc zalo connect"
        )
    for name, channel in channels.items():
        faults = channel.check(clock.now())
        if not faults:
            yield Check("ok", f"Kênh {name} sẵn sàng")
        for fault in faults:
            yield Check("bad", f"Kênh {name}: {fault}")


def check_webhooks(settings: Settings) -> Iterator[Check]:
    """What comes in over webhooks: which form of Zalo's signature held first, and keys that can be used."""
    from submissions.inbound import calibration
    from submissions.inbound.signatures import key_fault

    if words := calibration.words(settings):
        yield Check("ok" if calibration.known(settings.home).variant else "warn", words)
    secret = settings.webhook_in_secret.get_secret_value()
    if secret and (fault := key_fault(secret)):
        yield Check("bad", f"DONDOC_WEBHOOK_IN_SECRET không dùng được. {fault}", "Tạo khóa mới rồi đặt lại")


def check_mailbox(settings: Settings) -> Iterator[Check]:
    """The mailbox of answers: readable when there is one, and never promised where nobody reads it."""
    from config.faults import Refusal
    from submissions.mailbox.account import read_account
    from submissions.mailbox.reading import open_mailbox

    if settings.imap_url is None:
        if settings.mail_reply_to or settings.mail_bounce:
            words = "Thư trả lời và thư báo không tới chưa được đọc: có địa chỉ nhận mà chưa có hộp thư"
            yield Check("warn", words, "Đặt DONDOC_IMAP_URL, hoặc bỏ DONDOC_MAIL_REPLY_TO và DONDOC_MAIL_BOUNCE")
        return
    try:
        account = read_account(settings.imap_url.get_secret_value())
        with open_mailbox(account) as box:
            box.validity()
    except (ConfigFault, Refusal) as fault:
        yield Check("bad", str(fault), "Sửa DONDOC_IMAP_URL rồi chạy lại dondoc doctor")
        return
    yield Check("ok", f"Hộp thư nhận trả lời {account.name} đọc được")
    if "@" not in settings.mail_reply_to:
        yield Check(
            "warn", "Thư gửi đi chưa ghi địa chỉ nhận trả lời", "Đặt DONDOC_MAIL_REPLY_TO, ví dụ nop@co-quan.vn"
        )


def check_address(settings: Settings) -> Iterator[Check]:
    """The address in messages: one that a reader outside this machine can open."""
    if "://127.0.0.1" in settings.base_url or "://localhost" in settings.base_url:
        yield Check(
            "warn",
            f"Liên kết trong tin nhắn chỉ mở được trên máy này ({settings.base_url})",
            "Đặt DONDOC_BASE_URL thành địa chỉ mà điện thoại của các đơn vị mở được",
        )
    else:
        yield Check("ok", f"Liên kết trong tin nhắn: {settings.base_url}")


def check_readers() -> Iterator[Check]:
    """The programs that open older files and scans: useful, never needed."""
    from plans.reading.sources.ocr import recognizer
    from plans.reading.sources.office import office_program

    if office_program():
        yield Check("ok", "LibreOffice: đọc được .doc, .rtf, .odt, .xls, .ods")
    else:
        yield Check("warn", "Chưa có LibreOffice: không đọc được .doc, .rtf, .odt, .xls, .ods", OFFICE_CURE)
    if recognizer():
        yield Check("ok", "Nhận dạng chữ (OCR): đọc được PDF scan và ảnh chụp")
    else:
        yield Check("warn", "Chưa có chương trình nhận dạng chữ (OCR): không đọc được PDF scan và ảnh chụp", OCR_CURE)
