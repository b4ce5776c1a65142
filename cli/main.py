"""Entry of the `dondoc` command.

Commands are loaded only when they are called (`dondoc deadline` must not pay for the web view), so the table below
names where each lives. What a person must know goes to standard error in Vietnamese, and the exit code is 2.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

from cli.help_pages import speak_vietnamese
from config.faults import ConfigFault, Refusal, os_words

# name -> (module, attribute, one line of help). An attribute is a function or a Typer application.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("cli.setup_commands", "init", "Chuẩn bị thư mục dữ liệu, khóa bí mật và cơ sở dữ liệu"),
    "doctor": ("cli.doctor_command", "doctor", "Kiểm tra mọi thiết lập và chỉ cách khắc phục"),
    "up": ("cli.up_command", "up", "Chạy tất cả: trang theo dõi, máy chủ Prefect và lịch nhắc việc"),
    "serve": ("cli.serve_command", "serve", "Chỉ chạy trang theo dõi"),
    "deadline": ("cli.deadline_commands", "deadline_command", "Đọc một cụm từ thời hạn"),
    "calendar": ("cli.calendar_commands", "calendar_app", "Lịch làm việc: ngày nghỉ, duyệt lịch mới, hạn từng cấp"),
    "plan": ("cli.plan_commands", "plan_app", "Kế hoạch: đọc, nhập, trả lời câu hỏi, xác nhận"),
    "units": ("cli.unit_commands", "units_app", "Danh bạ đơn vị"),
    "user": ("cli.user_commands", "user_app", "Tài khoản đăng nhập"),
    "chase": ("cli.chase_commands", "chase", "Xếp các tin nhắc việc phải gửi lúc này"),
    "deliver": ("cli.chase_commands", "deliver", "Gửi các tin đang chờ"),
    "collect": ("cli.collect_command", "collect", "Nhận báo cáo từ thư mục inbox/nop và hộp thư trả lời"),
    "simulate": ("cli.chase_commands", "simulate", "Chạy thử cả năm trên bản sao: ngày nào, ai nhận gì, vì sao"),
    "outbox": ("cli.chase_commands", "outbox_app", "Hộp gửi đi"),
    "template": ("cli.template_commands", "template_app", "Mẫu tin: xem, kiểm tra, dùng lại bản có sẵn"),
    "inbound": ("cli.inbound_commands", "inbound_app", "Tin đến từ đơn vị: xem, gán cho kỳ hạn, bỏ qua"),
    "watch": ("cli.chase_commands", "watch", "Kiểm tra xem hệ thống có im lặng bất thường không"),
    "journal": ("cli.journal_commands", "journal_app", "Nhật ký: xem, kiểm tra, chép ra tệp"),
    "report": ("cli.paper_commands", "report_app", "Báo cáo tổng hợp, phiếu theo dõi, công văn đôn đốc"),
    "zalo": ("cli.zalo_commands", "zalo_app", "Zalo: cấp quyền, xem tình trạng, gửi tin thử"),
}


# Typer shows only the ends of this family of errors; its own words are English.
USAGE: Any = typer.BadParameter.__base__
NO_COMMAND = re.compile(r"No such command '(.*)'\.")


class LazyGroup(TyperGroup):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        return as_command(cmd_name, getattr(import_module(module), attribute))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Lệnh"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


def as_command(name: str, target: Any) -> Any:
    """A function or a Typer application as a command of the group."""
    about = None
    if not isinstance(target, typer.Typer):
        function, target = target, typer.Typer(add_completion=False, rich_markup_mode=None)
        target.command(name)(function)
    elif target.registered_callback is None:
        target.callback()(_group)  # else Typer takes a group of one command for that command
        about = COMMANDS[name][2] if name in COMMANDS else None
    command = typer.main.get_command(target)
    command.name = name
    return speak_vietnamese(command, about)


def _group() -> None:
    """Nothing of its own: a callback keeps Typer from collapsing a group."""


application = typer.Typer(
    cls=LazyGroup,
    help="Đôn đốc: đọc kế hoạch, lập lịch thời hạn, nhắc việc, thu báo cáo và tổng hợp.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
application.callback()(_group)


def main() -> None:
    """Run the command line; faults are told in one clear sentence each."""
    try:
        code = application(prog_name="dondoc", standalone_mode=False)
    except (ConfigFault, Refusal) as error:
        sys.exit(tell(str(error)))
    except typer.Abort:
        sys.exit(tell("Đã dừng theo yêu cầu."))
    except Exception as error:
        cure = _usage_cure(error) or _disk_cure(error) or _database_cure(error)
        if cure is None:
            raise
        sys.exit(tell(cure))
    sys.exit(code if isinstance(code, int) else 0)


def tell(message: str) -> int:
    """Say what went wrong on standard error; gives the exit code."""
    print(message, file=sys.stderr)
    return 2


def _usage_cure(error: Any) -> str | None:
    """What is wrong with the words that were typed; None for any other error."""
    if not isinstance(error, USAGE):
        return None
    kind, context = type(error).__name__, error.ctx
    if kind == "NoArgsIsHelpError":
        return str(context.get_help())
    parameter = getattr(error, "param", None)
    hint = parameter.get_error_hint() if parameter is not None else ""
    words = {
        "NoSuchOption": f"Không có tùy chọn {getattr(error, 'option_name', '')}",
        "MissingParameter": f"Còn thiếu {hint}",
        "BadParameter": f"Giá trị của {hint} không dùng được",
    }.get(kind, NO_COMMAND.sub(r"Không có lệnh «\1»", error.message))
    return f"{words}. Xem cách gõ: {context.command_path if context else 'dondoc'} -h"


def _disk_cure(error: Exception) -> str | None:
    """What to do about a file or folder that cannot be read or written; None for any other error."""
    if not isinstance(error, OSError) or error.filename is None:
        return None
    return f"Không đọc hoặc ghi được «{error.filename}»: {os_words(error)}. Hãy kiểm tra đường dẫn, quyền và ổ đĩa."


def _database_cure(error: Exception) -> str | None:
    """The cure of a database that is not there or too old; None for any other error."""
    if not type(error).__module__.startswith("sqlalchemy"):
        return None
    text = str(error)
    if "no such table" in text or "UndefinedTable" in text or "no such column" in text or "UndefinedColumn" in text:
        return "Cơ sở dữ liệu chưa được chuẩn bị hoặc thuộc phiên bản cũ. Hãy chạy: dondoc init"
    if "not a database" in text or "malformed" in text:
        return "Tệp cơ sở dữ liệu bị hỏng. Hãy dừng dondoc, chép bản sao lưu vào chỗ cũ rồi chạy: dondoc init"
    if "database is locked" in text:
        return "Cơ sở dữ liệu đang bận quá lâu (chương trình khác đang ghi). Hãy thử lại sau ít phút."
    if "OperationalError" in type(error).__name__:
        reason = text.splitlines()[0]
        return f"Không mở được cơ sở dữ liệu: {reason}. Hãy kiểm tra DONDOC_DATABASE_URL và chạy: dondoc doctor"
    return None


if __name__ == "__main__":
    main()
