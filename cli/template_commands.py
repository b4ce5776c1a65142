"""`dondoc template`: the templates of messages, which an office may word anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.faults import Refusal, os_words
from config.settings import load_settings
from notifications.templates_store import check_template, get_template, list_templates, own_faults

template_app = typer.Typer(
    help="Mẫu tin: xem, kiểm tra, dùng lại bản có sẵn.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
ACTOR = "chuyên viên (dòng lệnh)"
NameArgument = Annotated[str, typer.Argument(metavar="TÊN", help="Tên mẫu (xem: dondoc template list)")]


@template_app.command("list")
def list_all() -> None:
    """Mọi mẫu tin; dấu * là mẫu riêng của cơ quan."""
    for each in list_templates(load_settings()):
        mark = "!" if each.faults else ("*" if each.own is not None else " ")
        typer.echo(f"{mark} {each.name:<36} {each.title}")


@template_app.command("show")
def show(
    name: NameArgument,
    packaged: Annotated[bool, typer.Option("--packaged", help="Bản có sẵn, không phải mẫu riêng")] = False,
    made: Annotated[bool, typer.Option("--preview", help="Tin làm từ mẫu, với các việc thí dụ")] = False,
    channel: Annotated[str, typer.Option("--channel", help="Kênh của bản xem trước: zalo hoặc email")] = "zalo",
) -> None:
    """In lời văn của một mẫu, hoặc tin làm từ mẫu đó."""
    from notifications.composing import LIMITS
    from notifications.templates_store import preview

    settings = load_settings()
    each = get_template(name, settings)
    text = each.packaged if packaged else each.text
    if not made:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    if channel not in LIMITS:
        raise Refusal(f"Không có kênh «{channel}». Các kênh: {', '.join(LIMITS)}.")
    message = preview(name, text, settings, channel)
    typer.echo(f"{message.subject}\n\n{message.text}\n\n({len(message.text)}/{LIMITS[channel]} ký tự)")


@template_app.command("check")
def check(
    name: Annotated[str | None, typer.Argument(metavar="TÊN", help="Tên mẫu; để trống: mọi mẫu riêng")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Thử tệp này thay cho mẫu, không lưu")] = None,
) -> None:
    """Thử ghép mẫu thành tin; nói lỗi ở dòng nào."""
    settings = load_settings()
    if name is None:
        faults = own_faults(settings)
    else:
        faults = check_template(name, _text(file) if file else get_template(name, settings).text)
    if faults:
        raise Refusal("\n".join(faults))
    typer.echo("Không có lỗi.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"Tệp «{file}» không phải UTF-8. Hãy lưu lại bằng mã UTF-8.") from None
    except OSError as error:
        raise Refusal(f"Không đọc được «{file}»: {os_words(error)}.") from None


@template_app.command("restore")
def restore(name: NameArgument) -> None:
    """Bỏ mẫu riêng, dùng lại bản có sẵn."""
    from config.clock import now
    from db.session import transaction
    from notifications.template_changes import bring_back

    with transaction() as session:
        made = bring_back(session, load_settings(), name, now(), ACTOR)
    typer.echo(f"Từ nay dùng bản có sẵn của «{made.title}».")
