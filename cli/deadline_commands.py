"""`dondoc deadline` and `dondoc calendar`: what a phrase means, and which days are worked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.feed_commands import feed_app
from config.days_off import DaysOffError, load_calendar, load_work_calendar
from config.phrases import read_phrase
from config.settings import load_settings
from deadlines import DayStatus, PhraseReading, WorkCalendar, say

calendar_app = typer.Typer(
    help="Lịch làm việc: ngày nghỉ, ngày làm bù.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
calendar_app.add_typer(feed_app, name="feed")

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def deadline_command(
    phrases: Annotated[
        list[str] | None, typer.Argument(help="Cụm từ thời hạn; bỏ trống thì đọc từng dòng đầu vào chuẩn.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="Năm của kế hoạch.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In mỗi cụm từ một đối tượng JSON trên một dòng.")] = False,
) -> None:
    """Đọc cụm từ thời hạn và nói rõ hiểu thế nào; chỗ chưa chắc thì hỏi lại."""
    missing = False
    for text, own_year in _phrases(phrases):
        used = own_year or year
        if used is None:
            missing = True
            continue
        reading = read_phrase(text, used)
        typer.echo(json.dumps(reading.to_json(), ensure_ascii=False) if as_json else _readable(reading))
    if missing:
        typer.echo("Thiếu năm kế hoạch: thêm --year 2026, hoặc ghi năm sau dấu TAB ở cuối mỗi dòng.", err=True)
        raise typer.Exit(2)


def _phrases(given: list[str] | None) -> Iterator[tuple[str, int | None]]:
    if given:
        yield from ((text, None) for text in given)
        return
    yield from (_with_year(line) for line in _lines(sys.stdin))


def _lines(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        text = line.rstrip("\r\n")
        if text.strip():
            yield text


def _with_year(line: str) -> tuple[str, int | None]:
    """A line may end in TAB and its own plan year."""
    text, tab, tail = line.rpartition("\t")
    return (text, int(tail)) if tab and tail.strip().isdecimal() else (line, None)


def _readable(reading: PhraseReading) -> str:
    lines = [f"«{reading.text}»"]
    if reading.status == "ask":
        lines.append(f"  CẦN HỎI: {reading.question}")
        lines += [f"  Có thể là: {'; '.join(map(say, way))}" for way in reading.candidates]
    else:
        lines += [f"  - {step}" for step in reading.explanation]
    return "\n".join(lines)


@calendar_app.command("days")
def calendar_days_command(
    year: Annotated[int, typer.Option("--year", min=1990, max=2100, help="Năm cần xem.")],
    as_json: Annotated[bool, typer.Option("--json", help="In mỗi ngày một đối tượng JSON trên một dòng.")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="Tệp lịch nghỉ khác với tệp mặc định.")] = None,
) -> None:
    """In từng ngày của một năm: làm việc hay nghỉ, lý do, số văn bản."""
    calendar = _calendar(file)
    for status in _statuses(calendar, year):
        typer.echo(json.dumps(day_json(status), ensure_ascii=False) if as_json else _day_line(status))
    if year not in calendar.years_with_order:
        typer.echo(f"Năm {year} chưa có văn bản lịch nghỉ: các ngày trên là dự kiến.", err=True)


def day_json(status: DayStatus) -> dict[str, str | bool]:
    """One day as JSON; ``estimated`` when no order covers its year, ``local`` when the office's own list sets it."""
    return {
        "date": status.date.isoformat(),
        "working": status.working,
        "reason": status.reason,
        "order": status.order,
        "estimated": status.estimated,
        "local": status.local,
    }


def _calendar(file: Path | None) -> WorkCalendar:
    try:
        return load_work_calendar(file) if file else load_calendar(load_settings())
    except DaysOffError as error:
        for fault in error.faults:
            typer.echo(fault, err=True)
        raise typer.Exit(2) from error


def _statuses(calendar: WorkCalendar, year: int) -> Iterator[DayStatus]:
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return (calendar.why(first + timedelta(days=number)) for number in range(length))


def _day_line(status: DayStatus) -> str:
    state = "làm việc" if status.working else "NGHỈ"
    order = f" [{status.order}]" if status.order else ""
    guess = " (dự kiến)" if status.estimated else ""
    return f"{status.date:%d/%m/%Y} {WEEKDAYS[status.date.weekday()]}  {state:<8}  {status.reason}{order}{guess}"
