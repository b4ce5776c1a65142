"""One occurrence as an event of a calendar: its day, its words, its alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from db.queries.feed_queries import FeedRow
from deadlines import WorkCalendar
from deadlines.ical import FeedEvent, Status, working_morning_alarms
from deadlines.workdays import WEEKDAY_NAMES

NAMESPACE = UUID("8f1f5a46-5d5c-4f8e-9d55-0b5f0c1c7a11")
LONGEST_TITLE = 120
KINDS = {"report": "Báo cáo", "duty": "Nhiệm vụ", "progress_check": "Kiểm tra tiến độ"}
STATES = {
    "open": "Đang chờ thực hiện",
    "returned": "Báo cáo bị trả lại, phải nộp lại",
    "submitted": "Đã nộp, chờ duyệt",
    "accepted": "Hoàn thành",
    "waived": "Được miễn",
    "on_hold": "Tạm dừng",
    "cancelled": "Đã hủy",
    "recorded": "Chỉ ghi nhận, không đôn đốc",
}
# What stands before the title, so that a month seen at a glance tells what is still to be done.
MARKS = {"submitted": "[Đã nộp] ", "accepted": "[Đã xong] ", "on_hold": "[Tạm dừng] ", "returned": "[Nộp lại] "}
GONE = "[Không phải làm nữa] "
WAITING = ("open", "returned")
ENDED = ("waived", "cancelled", "recorded")


def event_of(row: FeedRow, changed_at: datetime, calendar: WorkCalendar, names_unit: bool) -> FeedEvent:
    """An occurrence on its target day, or on the last working day of the time it was given more."""
    status = status_of(row)
    day = day_of(row, calendar)
    waits = row.state in WAITING and status == "CONFIRMED"
    return FeedEvent(
        uid=uid_of(row),
        day=day,
        summary=_title(row, status, names_unit),
        description="\n".join(_lines(row, status)),
        # A closed plan cancels what is open without touching its row.
        sequence=row.revision + (row.plan_state == "closed"),
        changed_at=changed_at,
        status=status,
        categories=(KINDS[row.kind],),
        alarms=_alarms(day, calendar) if waits else (),
    )


def uid_of(row: FeedRow) -> str:
    """Obligation, unit and period, never a date; the moment of the plan's import tells installations apart."""
    identity = f"{row.imported_at.timestamp():.6f}/{row.obligation_id}/{row.unit_id}/{row.period_key}"
    return f"{uuid5(NAMESPACE, identity)}@dondoc"


def day_of(row: FeedRow, calendar: WorkCalendar) -> date:
    """The day a unit should be done: the target day, or the last working day of an extension."""
    return calendar.previous_working(row.extended_due) if row.extended_due else row.due_target


def status_of(row: FeedRow) -> Status:
    """CANCELLED for what nobody has to do any more: waived, cancelled, recorded, or open in a plan that was closed."""
    ended = row.plan_state == "closed" and row.state in (*WAITING, "on_hold")
    if ended or row.state in ENDED:
        return "CANCELLED"
    return "TENTATIVE" if row.state == "on_hold" else "CONFIRMED"


def _alarms(day: date, calendar: WorkCalendar) -> tuple[timedelta, ...]:
    return working_morning_alarms(day, calendar)


def _title(row: FeedRow, status: Status, names_unit: bool) -> str:
    mark = GONE if status == "CANCELLED" else MARKS.get(row.state, "")
    unit = f"{row.unit_short or row.unit_name}: " if names_unit else ""
    return f"{mark}{unit}{_shortened(row.content)} ({row.period_label})"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= LONGEST_TITLE:
        return words
    return f"{words[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def _lines(row: FeedRow, status: Status) -> Iterator[str]:
    yield row.content
    if row.deliverable:
        yield f"Sản phẩm: {row.deliverable}"
    yield f"Đơn vị: {row.unit_name}"
    yield f"Kỳ: {row.period_label}"
    yield from _dates(row)
    yield f"Tình trạng: {'Kế hoạch đã kết thúc' if _closed(row, status) else STATES[row.state]}"
    yield f"Kế hoạch: {' '.join(filter(None, (row.plan_number, row.plan_title)))}"


def _closed(row: FeedRow, status: Status) -> bool:
    return status == "CANCELLED" and row.state not in ENDED


def _dates(row: FeedRow) -> Iterator[str]:
    legal, target = _said(row.due_legal), _said(row.due_target)
    if row.extended_due:
        yield f"Đã gia hạn đến hết {_said(row.extended_due)}; hạn pháp lý cũ là {legal}."
    elif row.kind == "progress_check":
        yield f"Ngày hẹn kiểm tra: {target}"
    else:
        yield f"Hạn nên xong: {target}"
        yield f"Hạn pháp lý: hết {legal}"
    if row.nominal != row.due_legal:
        yield f"Hạn theo văn bản: {_said(row.nominal)} (không làm việc)"


def _said(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {day:%d/%m/%Y}"
