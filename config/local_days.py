"""The `local` part of days_off.yaml: days that one authority sets for itself beside the national orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from deadlines import DayMark

KEYS = {"from", "to", "working", "reason", "order", "withdrawn_by"}
LONGEST = 60
SHAPE = "- {from: 2026-09-15, to: 2026-09-16, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}"


def read_local_days(name: str, listed: Any, faults: list[str]) -> dict[date, DayMark]:
    """The days of the `local` list; what is wrong is added to `faults`, each with its place.

    An entry covers the days `from` .. `to` (one day without `to`); `withdrawn_by` names the later order that took it
    back: the entry stays on record and no longer counts.
    """
    days: dict[date, DayMark] = {}
    if listed is None:
        return days
    if not isinstance(listed, list):
        faults.append(f"{name}, mục local: phải là danh sách, mỗi dòng như «{SHAPE}».")
        return days
    for number, entry in enumerate(listed, 1):
        place = f"{name}, mục local, dòng thứ {number}"
        found = list(_faults(entry))
        faults += [f"{place}: {fault}" for fault in found]
        if not found and not entry.get("withdrawn_by"):
            _take(days, entry, place, faults)
    return days


def _faults(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"phải viết như «{SHAPE}»."
        return
    for extra in sorted(map(str, set(entry) - KEYS)):
        yield f"không hiểu mục «{extra}»; chỉ có {', '.join(sorted(KEYS))}."
    first, last = entry.get("from"), entry.get("to", entry.get("from"))
    if type(first) is not date or type(last) is not date:
        yield "from và to phải là ngày dạng 2026-01-31."
    elif not timedelta() <= last - first < timedelta(days=LONGEST):
        yield f"to phải từ ngày from trở đi và không quá {LONGEST} ngày."
    if not isinstance(entry.get("working"), bool):
        yield "working phải là true (làm việc) hoặc false (nghỉ)."
    if not entry.get("reason") or not entry.get("order"):
        yield "thiếu reason (lý do) hoặc order (số văn bản)."


def _take(days: dict[date, DayMark], entry: dict[str, Any], place: str, faults: list[str]) -> None:
    first, last = entry["from"], entry.get("to", entry["from"])
    mark = DayMark(entry["working"], str(entry["reason"]), str(entry["order"]), local=True)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day in days and days[day] != mark:
            faults.append(f"{place}: ngày {day:%d/%m/%Y} đã có ở dòng khác. Hãy ghi withdrawn_by cho dòng cũ.")
        days[day] = mark
