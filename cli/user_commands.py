"""`dondoc user`: accounts of the operations view. The first administrator is made here."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy import select

from config.clock import ZONE, now
from config.faults import Refusal
from db import accounts
from db.models import User
from db.session import reading, transaction

user_app = typer.Typer(
    help="Tài khoản đăng nhập trang theo dõi.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
ROLE_NAMES = {"admin": "quản trị", "officer": "chuyên viên tổng hợp", "leader": "lãnh đạo"}
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn")]
Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập")]


class UserRole(StrEnum):
    """What an account may do."""

    admin = "admin"
    officer = "officer"
    leader = "leader"


@user_app.command("add")
def add(
    name: Name,
    role: Annotated[UserRole, typer.Option(help="admin: quản trị; officer: chuyên viên; leader: lãnh đạo")],
    full_name: Annotated[str, typer.Option("--full-name", help="Họ và tên, hiện trong nhật ký")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Thêm một tài khoản."""
    password = ask_password(password_stdin)
    with transaction() as session:
        user = accounts.add_user(session, name, full_name, role.value, password, now(), actor())
    typer.echo(f"Đã thêm tài khoản {user.username} ({ROLE_NAMES[user.role]}).")


@user_app.command("list")
def show() -> None:
    """Liệt kê các tài khoản."""
    with reading() as session:
        users = session.scalars(select(User).order_by(User.username))
        lines = [f"{each.username}\t{ROLE_NAMES[each.role]}\t{each.full_name}\t{_standing(each)}" for each in users]
    for line in lines or ["Chưa có tài khoản nào. Hãy thêm: dondoc user add TÊN --role admin"]:
        typer.echo(line)


def _standing(user: User) -> str:
    if not user.active:
        return "đã đóng"
    if user.locked_until and user.locked_until > now():
        return f"tạm khóa đến {user.locked_until.astimezone(ZONE):%H:%M %d/%m/%Y}"
    return "đang dùng"


@user_app.command("reset")
def reset(name: Name, password_stdin: FromStdin = False) -> None:
    """Đặt mật khẩu mới, mở khóa và kết thúc mọi phiên đăng nhập của tài khoản."""
    with reading() as session:
        accounts.find_account(session, name)
    password = ask_password(password_stdin)
    with transaction() as session:
        user = accounts.reset_password(session, name, password, now(), actor())
    typer.echo(f"Đã đặt mật khẩu mới cho {user.username}; mọi phiên đăng nhập cũ đã kết thúc.")


@user_app.command("close")
def close(name: Name) -> None:
    """Đóng một tài khoản: không đăng nhập được nữa, nhật ký vẫn giữ việc đã làm."""
    with transaction() as session:
        user = accounts.close_account(session, name, now(), actor())
    typer.echo(f"Đã đóng tài khoản {user.username}.")


def ask_password(from_stdin: bool) -> str:
    """The password typed twice, or the first line of standard input. Raises Refusal when the two differ."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refusal("Không có bàn phím để hỏi mật khẩu. Hãy dùng --password-stdin và đưa mật khẩu vào đầu vào chuẩn.")
    first = getpass.getpass("Mật khẩu: ")
    if getpass.getpass("Nhập lại: ") != first:
        raise Refusal("Hai lần nhập không giống nhau. Hãy chạy lại lệnh.")
    return first


def actor() -> str:
    """Who the journal names for what is done at the command line."""
    try:
        return f"dòng lệnh ({getpass.getuser()})"
    except (OSError, KeyError):
        return "dòng lệnh"
