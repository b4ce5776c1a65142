"""Loads the table of days off and make-up Saturdays, and reports every fault in it with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from config.faults import ConfigFault, os_words
from config.local_days import read_local_days
from config.settings import Settings
from deadlines import DayMark, WorkCalendar

DEFAULT_FILE = Path(__file__).with_name("days_off.yaml")


class DaysOffError(ConfigFault):
    """A days-off file that cannot be used. ``faults`` are Vietnamese sentences, each naming its place and the cure."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(*faults)
        self.faults = tuple(faults)


@dataclass
class _Table:
    """What one file says: marks of national orders, the office's own days, years with an order, years it replaces."""

    days: dict[date, DayMark] = field(default_factory=dict)
    local: dict[date, DayMark] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    replaced: set[int] = field(default_factory=set)


def load_calendar(settings: Settings, own: Path | None = None) -> WorkCalendar:
    """The working calendar as the files of an installation say: the shipped table, the office's days_off.yaml over it.

    A year that stands in the office's file has an order; its days win over the shipped ones, or with
    `replaces_shipped: true` take the place of the whole shipped year. The `local` days (a local holiday, a storm day)
    win over every order. `own` stands in for the office's file. Raises DaysOffError with every fault.
    """
    shipped = _read_table(DEFAULT_FILE)
    file = own or settings.yaml_dir / DEFAULT_FILE.name
    office = _read_table(file) if own or file.exists() else _Table()
    kept = {day: mark for day, mark in shipped.days.items() if day.year not in office.replaced}
    return WorkCalendar({**kept, **office.days, **office.local}, shipped.years | office.years)


def load_work_calendar(path: Path | None = None) -> WorkCalendar:
    """The working calendar of a days-off file alone (by default the one shipped with the program).

    Raises:
        DaysOffError: the file is missing, is no YAML, or holds faults; all faults are listed at once.
    """
    table = _read_table(path or DEFAULT_FILE)
    return WorkCalendar({**table.days, **table.local}, table.years)


def _read_table(file: Path) -> _Table:
    faults: list[str] = []
    table = _Table()
    content = _load(file)
    table.local = read_local_days(file.name, content.pop("local", None), faults)
    for year, body in _years(file, content, faults):
        table.years.add(year)
        table.days.update(_read_year(file.name, year, body, faults))
        if body.get("replaces_shipped") is True:
            table.replaced.add(year)
    if faults:
        raise DaysOffError(faults)
    return table


def _years(file: Path, content: dict[Any, Any], faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for year, body in content.items():
        if not isinstance(year, int) or not 1990 <= year <= 2100:
            faults.append(f"{file.name}: «{year}» không phải một năm; mỗi mục ngoài cùng là một năm như 2026.")
        elif not isinstance(body, dict) or not body.get("orders"):
            faults.append(f"{file.name}, năm {year}: thiếu «orders», số văn bản quy định lịch nghỉ.")
        else:
            yield year, body


def _load(file: Path) -> dict[Any, Any]:
    try:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        words = os_words(error) if isinstance(error, OSError) else "tệp không phải văn bản UTF-8"
        raise DaysOffError([f"Không mở được tệp lịch nghỉ {file}: {words}."]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DaysOffError([f"{file.name}: không đúng dạng YAML{_line(error)}. Hãy sửa rồi chạy lại."]) from error
    if not isinstance(loaded, dict):
        raise DaysOffError([f"{file.name}: tệp trống hoặc không có năm nào; mỗi mục ngoài cùng phải là một năm."])
    return loaded


def _line(error: Exception) -> str:
    place = getattr(error, "problem_mark", None)
    # A day that no calendar has, such as 2026-02-30, is found by the date's own check, which knows no line.
    return f" ở dòng {place.line + 1}" if place else " hoặc có một ngày không có thật trên lịch"


def _read_year(name: str, year: int, body: dict[str, Any], faults: list[str]) -> dict[date, DayMark]:
    days: dict[date, DayMark] = {}
    extra = set(body) - {"orders", "days_off", "worked_saturdays", "replaces_shipped"}
    faults += [
        f"{name}, năm {year}: không hiểu mục «{each}»; chỉ có orders, days_off, worked_saturdays, replaces_shipped."
        for each in sorted(map(str, extra))
    ]
    for section, working in (("days_off", False), ("worked_saturdays", True)):
        for day, detail in _entries(name, year, section, body.get(section), faults):
            fault = _fault(day, detail, year, working, days)
            if fault:
                faults.append(f"{name}, năm {year}, mục {section}, ngày {day}: {fault}")
            else:
                days[day] = DayMark(working, str(detail["reason"]), str(detail["order"]))
    return days


def _entries(name: str, year: int, section: str, listed: Any, faults: list[str]) -> Iterator[tuple[Any, Any]]:
    if listed is None:
        return
    if not isinstance(listed, dict):
        faults.append(
            f"{name}, năm {year}, mục {section}: phải là danh sách ngày dạng «2026-01-01: {{ reason, order }}»."
        )
        return
    yield from listed.items()


def _fault(day: Any, detail: Any, year: int, working: bool, days: dict[date, DayMark]) -> str | None:
    """What is wrong with one day of the table, or None."""
    if type(day) is not date:
        return "không phải một ngày dạng 2026-01-31."
    if day.year != year:
        return f"không thuộc năm {year}."
    if not isinstance(detail, dict) or not detail.get("reason") or not detail.get("order"):
        return "thiếu reason (lý do) hoặc order (số văn bản)."
    if day in days:
        return "vừa ghi nghỉ vừa ghi làm bù."
    if not working and day.isoweekday() > 5:
        return "là thứ Bảy hoặc Chủ nhật, vốn đã nghỉ; hãy bỏ dòng này."
    return "là ngày thường, vốn đã làm việc; hãy bỏ dòng này." if working and day.isoweekday() <= 5 else None
