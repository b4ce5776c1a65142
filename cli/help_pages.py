"""The help of every command in Vietnamese: Typer brings the frame of such a page in English only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer.core

# Typer ends in Click's own formatter, which it does not export.
FORMATTER: Any = typer.core.TyperCommand.context_class.formatter_class
HEADINGS = {"Options": "Tùy chọn", "Commands": "Lệnh", "Arguments": "Đối số"}
# How an argument is called where its command gives no name of its own.
ARGUMENTS = {
    "code": "MÃ", "file": "TỆP", "key": "NHIỆM_VỤ", "keys": "NHIỆM_VỤ", "day": "NGÀY", "number": "SỐ", "place": "SỐ",
    "question_id": "SỐ", "group": "NHÓM", "regime": "CÁCH", "phrases": "CỤM_TỪ", "of": "SỐ_HOẶC_MÃ",
}  # fmt: skip
FRAME = (
    ("[OPTIONS]", "[TÙY CHỌN]"),
    ("COMMAND [ARGS]...", "LỆNH …"),
    ("Show this message and exit.", "Xem hướng dẫn này."),
    ("[required]", "[bắt buộc]"),
    ("; required]", "; bắt buộc]"),
    ("[default: ", "[mặc định: "),
    ("...", "…"),
    ("<list[str]>", "<chữ>"),
    ("<str>", "<chữ>"),
    ("<int range>", "<số>"),
    ("<int>", "<số>"),
    ("<float>", "<số>"),
    ("<path>", "<tệp>"),
)


def in_vietnamese(words: str) -> str:
    """Words of Typer's frame in Vietnamese; whatever else stands there as it is."""
    for english, vietnamese in FRAME:
        words = words.replace(english, vietnamese)
    return words


class VietnameseHelp(FORMATTER):  # type: ignore[misc]  # a class that has no exported type
    """Click's formatter with a frame that the office reads."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line on how to type the command."""
        super().write_usage(prog, in_vietnamese(args), prefix or "Cách gõ: ")

    def write_heading(self, heading: str) -> None:
        """The head of a list."""
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *more: int, **named: int) -> None:
        """A list of names and what they mean."""
        super().write_dl([(in_vietnamese(name), in_vietnamese(said)) for name, said in rows], *more, **named)


def speak_vietnamese(command: Any, about: str | None = None) -> Any:
    """Let a command, and all under it, show help in Vietnamese and whole; `about`: what a group without words does."""
    if about:
        command.help = f"{about}."
    for parameter in command.params:
        if parameter.param_type_name == "argument" and parameter.metavar is None:
            parameter.metavar = ARGUMENTS.get(parameter.name)
    for under in getattr(command, "commands", {}).values():
        # A list of commands would otherwise cut their sentences at forty-five letters.
        under.short_help = under.short_help or (under.help or "").split("\n\n")[0]
        speak_vietnamese(under)
    return command


typer.core.TyperCommand.context_class.formatter_class = VietnameseHelp
