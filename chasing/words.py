"""The one line that says why somebody is written to."""

from __future__ import annotations

from datetime import date

from chasing.case import CaseView
from chasing.hours import say_date
from deadlines import WorkCalendar


def describe(case: CaseView, today: date, calendar: WorkCalendar) -> str:
    """Where a case stands today, in one Vietnamese line with its date and the number of working days."""
    words = _standing(case, today, calendar)
    return f"{words}; đề nghị gia hạn chưa có quyết định" if case.asked_at else words


def _standing(case: CaseView, today: date, calendar: WorkCalendar) -> str:
    if case.kind == "progress_check":
        return _progress(case, today, calendar)
    target, legal = case.target(calendar), case.legal
    granted = ", đã gia hạn" if case.extended_due else ""
    if today > legal:
        late = max(1, calendar.working_days_between(legal, today))
        return f"Quá hạn {say_days(late)} (hạn {say_date(legal)}{granted})"
    if today > target:
        return f"Đã tới hạn, chậm nhất hết ngày {say_date(legal)}{granted}"
    if today == target:
        return f"Đến hạn hôm nay ({say_date(target)}{granted})"
    left = calendar.working_days_between(today, target)
    return f"Còn {say_days(left)} (hạn {say_date(target)}{granted})"


def describe_for_coordinator(case: CaseView, today: date, calendar: WorkCalendar) -> str:
    """What a unit that only takes part is told: the date of the one that answers, never that anything is late."""
    target = case.target(calendar)
    what = "ngày hẹn báo tiến độ" if case.kind == "progress_check" else "hạn"
    words = f"Đơn vị tham gia phối hợp; {what} của đơn vị chủ trì là {say_date(max(target, min(today, case.legal)))}"
    left = calendar.working_days_between(today, target) if today < target else 0
    return f"{words} (còn {say_days(left)})" if left else words


def _progress(case: CaseView, today: date, calendar: WorkCalendar) -> str:
    target = case.target(calendar)
    if today > target:
        return f"Chưa thấy thông tin tiến độ (ngày hẹn {say_date(target)})"
    if today == target:
        return f"Hôm nay là ngày hẹn báo tiến độ ({say_date(target)})"
    left = calendar.working_days_between(today, target)
    return f"Còn {say_days(left)} đến ngày hẹn báo tiến độ ({say_date(target)})"


def say_days(count: int) -> str:
    """A number of working days, with the leading zero of official writing."""
    return f"{count:02d} ngày làm việc"
