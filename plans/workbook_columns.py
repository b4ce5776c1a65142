"""The columns of a plan's workbook: how each field is shown in a cell, and how a cell is understood again.

What a cell cannot show exactly (a control character, an empty text beside none) stands besides in the hidden machine
column, and holds as long as nobody changes the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deadlines import PeriodError, parse_regime, say_regime
from plans.reading.document import Place

LONGEST = 32_767  # characters in a cell of Excel
MACHINE = "Dữ liệu máy (đừng sửa)"
MARK, MARK_SHEET, VERSION = "dondoc-ke-hoach", "_dondoc", 1
HEAD_SHEET, DUTY_SHEET, TARGET_SHEET = "Kế hoạch", "Nhiệm vụ", "Chỉ tiêu"
FINDING_SHEET, QUESTION_SHEET = "Phát hiện", "Câu hỏi"
CYCLES = {
    "monthly": "Hằng tháng",
    "bimonthly": "Hai tháng",
    "quarterly": "Hằng quý",
    "semiannual": "Sáu tháng",
    "annual": "Hằng năm",
}
REGIMES = {"nd09": "Từ ngày 15 tháng trước", "calendar": "Theo tháng dương lịch"}
SEVERITIES = {"error": "Lỗi", "warning": "Cần xem", "note": "Ghi chú"}
YES, NO = "Có", "Không"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HEXED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class CellFault(Exception):
    """A cell that cannot be used; the words say why and what to do."""


@dataclass(frozen=True)
class Column:
    """One column: field, Vietnamese head, width in characters, how its cells are shown and read."""

    field: str
    head: str
    width: int
    show: Callable[[Any], str]
    read: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    only_shown: bool = False
    most: int = 0
    # A workbook that was exported before the column was there is read without it.
    may_miss: bool = False


def plain(text: str) -> str:
    """Text without what a cell cannot hold."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_file(text: str) -> str:
    """Text as it is written into the file: "_x0041_" stays these letters, as spreadsheets would read "A" there."""
    return _HEXED.sub("_x005F_", text)


def from_file(text: str) -> str:
    """Text without the guard of `in_file`, which openpyxl itself takes away from shared strings."""
    return text.replace("x005F_", "")


def show_text(value: str | None) -> str:
    """A text as its cell shows it."""
    return plain(value or "")


def read_text(cell: str) -> str | None:
    """A text from its cell; a blank cell is none."""
    return cell.strip("\n ") or None


def show_words(value: str) -> str:
    """A text that is never none."""
    return plain(value)


def read_words(cell: str) -> str:
    """A text that may be empty."""
    return cell.strip("\n ")


def show_lines(value: list[str]) -> str:
    """Names one a line."""
    return "\n".join(" ".join(plain(each).split()) for each in value)


def read_lines(cell: str) -> list[str]:
    """Names one a line, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in cell.split("\n") if line.strip()))


def chosen(choices: dict[str, str], default: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """How to show and read one of several words; a blank cell is the default."""
    known = {label.casefold(): value for value, label in choices.items()}

    def read(cell: str) -> str:
        if not cell.strip():
            return default
        if (found := known.get(" ".join(cell.split()).casefold())) is None:
            raise CellFault(f"«{cell}» không dùng được. Hãy chọn một trong: {', '.join(choices.values())}.")
        return found

    return lambda value: choices.get(value, value), read


def read_yes(cell: str) -> bool:
    """Có or Không; blank is Không."""
    word = " ".join(cell.split()).casefold()
    if word not in ("", YES.casefold(), NO.casefold()):
        raise CellFault(f"«{cell}» không dùng được. Hãy ghi {YES} hoặc {NO}.")
    return word == YES.casefold()


def place_words(source: dict[str, Any]) -> str:
    """Where a row stands in the file, in Vietnamese."""
    return place_of(source).words()


def place_of(source: dict[str, Any]) -> Place:
    """The place that a source tells of; what it does not know of places is left out."""
    known = {name: source[name] for name in Place.__dataclass_fields__ if source.get(name) is not None}
    return Place(**known)


_SHOW_CYCLE, _READ_CYCLE = chosen(CYCLES, "quarterly")
_SHOW_NAMED, _READ_NAMED = chosen(REGIMES, "nd09")
_SHOW_WEIGHT, _READ_WEIGHT = chosen(SEVERITIES, "note")


def _show_regime(value: str) -> str:
    return _SHOW_NAMED(value) if value in REGIMES else say_regime(value)


def _read_regime(cell: str) -> str:
    """One of the choices, or a duty's own way ("chốt ngày 15", "01/10-30/09")."""
    try:
        return parse_regime(cell) if cell.strip() and not _is_named(cell) else _READ_NAMED(cell)
    except PeriodError as error:
        raise CellFault(str(error)) from error


def _is_named(cell: str) -> bool:
    return " ".join(cell.split()).casefold() in {label.casefold() for label in REGIMES.values()}


def _text(field: str, head: str, width: int, most: int = 0) -> Column:
    return Column(field, head, width, show_text, read_text, most=most)


def _lines(field: str, head: str, width: int, most: int = 500) -> Column:
    return Column(field, head, width, show_lines, read_lines, most=most)


def _view(field: str, head: str, width: int) -> Column:
    return Column(field, head, width, show_text, read_text, only_shown=True)


DUTY_COLUMNS = (
    Column("key", "Mã", 8, show_words, lambda cell: " ".join(cell.split()), most=56),
    _text("ordinal", "TT", 7, 32),
    _lines("section", "Mục (mỗi cấp một dòng)", 24, 2000),
    Column("content", "Nội dung nhiệm vụ", 60, show_words, read_words),
    _text("deliverable", "Sản phẩm", 26),
    _lines("leads", "Chủ trì (mỗi đơn vị một dòng)", 28),
    _lines("coordinators", "Phối hợp (mỗi đơn vị một dòng)", 28),
    _text("deadline_text", "Thời hạn", 24),
    _view("said", "Cách hiểu thời hạn (chỉ để xem)", 34),
    _view("state", "Tình trạng (chỉ để xem)", 13),
    Column("standing", "Trong lời văn", 9, lambda value: YES if value else NO, read_yes, (YES, NO)),
    _text("quote", "Câu trích", 40),
    Column("cycle", "Kỳ kiểm tra tiến độ", 13, _SHOW_CYCLE, _READ_CYCLE, tuple(CYCLES.values())),
    Column("regime", "Chốt số liệu", 16, _show_regime, _read_regime, tuple(REGIMES.values())),
    Column("ladder", "Thang nhắc", 11, show_words, lambda cell: " ".join(cell.split()) or "default", most=64),
    Column("superior_text", "Hạn cấp trên", 22, show_words, lambda cell: " ".join(cell.split()), may_miss=True),
    _view("place", "Chỗ trong tệp (chỉ để xem)", 18),
)
TARGET_COLUMNS = (
    _text("ordinal", "TT", 7, 32),
    _text("group", "Nhóm chỉ tiêu", 30),
    Column("name", "Chỉ tiêu", 60, show_words, read_words),
    _text("unit", "Đơn vị tính", 14, 64),
    Column("comparator", "So sánh", 9, show_words, lambda cell: _comparator(cell), ("=", ">=", "<=")),
    Column("value", "Giá trị", 18, lambda value: show_figure(value), lambda cell: read_figure(cell)),
    _lines("responsible", "Chịu trách nhiệm (mỗi đơn vị một dòng)", 30),
    _lines("coordinators", "Phối hợp (mỗi đơn vị một dòng)", 30),
    _view("place", "Chỗ trong tệp (chỉ để xem)", 18),
)
FINDING_COLUMNS = (
    Column("severity", "Mức", 10, _SHOW_WEIGHT, _READ_WEIGHT, tuple(SEVERITIES.values())),
    Column("code", "Mã", 18, show_words, lambda cell: " ".join(cell.split()) or "note", most=64),
    Column("where", "Chỗ", 20, show_words, read_words),
    Column("message", "Phát hiện", 60, show_words, read_words),
    Column("suggestion", "Gợi ý", 40, show_words, read_words),
    _text("dismissed", "Bỏ qua vì", 30),
)
HEAD_FIELDS = {
    "kind": "Loại văn bản",
    "number": "Số, ký hiệu",
    "title": "Tên kế hoạch",
    "issuer": "Cơ quan ban hành",
    "locality": "Địa bàn",
    "year": "Năm",
    "issued_on": "Ngày ban hành",
}
BASED_ON = "Căn cứ (chỉ để xem)"


def _comparator(cell: str) -> str:
    sign = {"": "=", "≥": ">=", "≤": "<="}.get(cell.strip(), cell.strip())
    if sign not in ("=", ">=", "<="):
        raise CellFault(f"«{cell}» không dùng được. Hãy ghi =, >= hoặc <=.")
    return sign


def show_figure(value: float | str | None) -> str:
    """A figure as Vietnamese officials write it: a decimal comma, no needless zero."""
    if value is None or isinstance(value, str):
        return plain(value or "")
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")


def read_figure(cell: str) -> float | str | None:
    """A figure from its cell: a number, or the words that hold no single number."""
    words = cell.strip("\n ")
    if re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{1,17})?", words):
        return float(words.replace(",", "."))
    return words or None
