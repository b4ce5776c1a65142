"""`dondoc journal`: read it, check that nothing was changed or cut off, take it out for an inspection."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select

from config.clock import ZONE
from config.faults import Refusal, os_words
from db.journal import Anchor, newest_anchor, read_anchor, verify
from db.models import JournalEntry
from db.session import reading

journal_app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
FIELDS = ("seq", "at", "actor", "action", "subject_kind", "subject_id", "data", "previous_hash", "hash")
HEADS = ("số", "lúc", "ai", "việc", "loại", "số của loại", "nội dung", "mã mục trước", "mã mục này")
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@journal_app.command("show")
def journal_show(
    plan: Annotated[str | None, typer.Option("--plan", help="Chỉ những mục của kế hoạch mã này")] = None,
    last: Annotated[int, typer.Option("--last", min=1, help="Số mục cuối")] = 40,
) -> None:
    """Những việc đã làm, cũ trước mới sau: lúc nào, ai, việc gì, từ gì thành gì."""
    from cli.journal_pages import journal_lines

    with reading() as session:
        lines = list(journal_lines(session, plan, last))
    typer.echo("\n".join(lines))


@journal_app.command("verify")
def journal_verify(
    anchor: Annotated[str, typer.Option("--anchor", help="Mã kiểm tra đã ghi lại trước đây, dạng 1234:9f86d0…")] = "",
) -> None:
    """Kiểm tra chuỗi mã băm của nhật ký: có mục nào bị sửa, bị bớt, bị đổi chỗ không; chỗ đầu tiên ở đâu."""
    known = _anchor(anchor)
    with reading() as session:
        faults, newest = list(verify(session, known)), newest_anchor(session)
    for fault in faults:
        typer.echo(fault)
    if faults:
        typer.echo(
            "Chỗ đứt đầu tiên là dòng trên cùng. Hãy giữ nguyên máy, đối chiếu bản sao lưu, báo người phụ trách."
        )
        raise typer.Exit(1)
    typer.echo(f"Nhật ký nguyên vẹn. Mã kiểm tra lúc này: {newest}")
    typer.echo(f"Ghi mã này ở nơi khác; lần sau: dondoc journal verify --anchor {newest}")


def _anchor(text: str) -> Anchor | None:
    if not text:
        return None
    known = read_anchor(text)
    if known is None:
        raise Refusal(f"«{text}» không phải mã kiểm tra. Mã có dạng 1234:9f86d081884c7d65, in ở cuối phiếu theo dõi.")
    return known


@journal_app.command("export")
def journal_export(
    file: Annotated[Path, typer.Argument(help="Tệp .csv (mở bằng Excel) hoặc .jsonl (mỗi dòng một mục)")],
) -> None:
    """Chép toàn bộ nhật ký ra tệp để kiểm tra, thanh tra."""
    if file.suffix not in (".csv", ".jsonl"):
        raise Refusal("Chỉ ghi được tệp .csv hoặc .jsonl. Hãy đặt lại tên tệp.")
    try:
        number = _write_csv(file) if file.suffix == ".csv" else _write_lines(file)
    except OSError as error:
        raise Refusal(f"Không ghi được {file} ({os_words(error)}).") from error
    typer.echo(f"Đã ghi {number} mục vào {file}.")


def _rows() -> Iterator[dict[str, Any]]:
    with reading() as session:
        for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.seq)).yield_per(500):
            row = {name: getattr(entry, name) for name in FIELDS}
            yield row | {"at": entry.at.astimezone(ZONE).isoformat()}
            session.expunge(entry)


def _write_lines(file: Path) -> int:
    number = 0
    with file.open("w", encoding="utf-8") as stream:
        for row in _rows():
            number += 1
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return number


def _write_csv(file: Path) -> int:
    number = 0
    # Excel knows UTF-8 by its mark.
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADS)
        for row in _rows():
            number += 1
            row["data"] = json.dumps(row["data"], ensure_ascii=False)
            writer.writerow([_inert(value) for value in row.values()])
    return number


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
