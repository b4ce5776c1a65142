"""Jobs that stay away, the watcher itself among them, and a clock that cannot be right.

A job is held to its own schedule (prefect.yaml). A machine that was off is no stopped worker: what was due before the
watcher came back to life is not missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from chasing import OfficeHours, cut, is_office_time, local, say_moment
from config.schedules import last_due
from db.queries import watch_queries as queries
from deadlines import WorkCalendar
from notifications.job_runs import CHASE, DELIVER, UP, WATCH, WEB
from notifications.watching.faults import Fault

CHASE_BY = time(9)
"""By this hour of a working day the daily run must have been made."""
DELIVER_WITHIN = timedelta(minutes=30)
WATCH_WITHIN = timedelta(hours=2)
WEB_WITHIN = timedelta(minutes=45)
"""The web process leaves its sign every quarter of an hour."""
GRACE = timedelta(hours=2)
FORGET_WEB = timedelta(days=7)
AHEAD = timedelta(minutes=10)
RESTARTS = 3

NAMES = {
    "read_plan": "đọc kế hoạch",
    "expand_calendar": "lập kỳ hạn",
    "collect_submissions": "thu báo cáo",
    "consolidate_report": "tổng hợp báo cáo",
}
LOOK = "Hãy xem tiến trình dondoc up còn chạy không và xem logs/runner.log."

Ends = Mapping[str, datetime]


def job_faults(session: Session, now: datetime, calendar: WorkCalendar, at_work: bool) -> list[Fault]:
    """Every job that stays away. `at_work`: there is something that a daily run could be late with."""
    ends = queries.last_good_ends(session)
    others = [_late_others(session, ends, now), _stopped_web(session, ends, now), _restarts(session, now)]
    return [*late_runs(ends, now, calendar, at_work), *[fault for fault in others if fault is not None]]


def late_runs(ends: Ends, now: datetime, calendar: WorkCalendar, at_work: bool) -> list[Fault]:
    """The faults that the last ends of the jobs show by themselves: the chase stands still, or the clock is wrong."""
    found = [clock_back(ends, now)]
    if at_work:
        found += [late_chase(ends, now, calendar), late_delivery(ends, now, calendar), late_watch(ends, now)]
    return [fault for fault in found if fault is not None]


def late_chase(ends: Ends, now: datetime, calendar: WorkCalendar) -> Fault | None:
    """The daily run of a working day has not been made by nine."""
    here, last = local(now), ends.get(CHASE)
    if not calendar.is_working(here.date()) or here.time() < CHASE_BY:
        return None
    if last and local(last).date() >= here.date():
        return None
    since = f"lần cuối lúc {say_moment(last)}" if last else "chưa chạy lần nào"
    cure = "Hãy chạy dondoc chase và xem tiến trình dondoc up còn chạy không."
    return Fault("chase-late", f"Lượt nhắc việc hôm nay chưa chạy ({since}).", cure)


def late_delivery(ends: Ends, now: datetime, calendar: WorkCalendar) -> Fault | None:
    """In office hours nobody has come for the queue for half an hour."""
    last = ends.get(DELIVER)
    if not is_office_time(now - DELIVER_WITHIN, calendar, OfficeHours()) or (last and last >= now - DELIVER_WITHIN):
        return None
    minutes = int(DELIVER_WITHIN.total_seconds() // 60)
    cure = "Hãy chạy dondoc deliver và xem tiến trình dondoc up còn chạy không."
    return Fault("delivery-late", f"Đã quá {minutes} phút không có lượt gửi tin nào.", cure)


def late_watch(ends: Ends, now: datetime) -> Fault | None:
    """The watcher itself is gone, at any hour; one that never ran is not missed."""
    last = ends.get(WATCH)
    if last is None or last >= now - WATCH_WITHIN:
        return None
    return Fault("watch-late", f"Lượt canh chừng hệ thống không chạy từ {say_moment(last)}.", LOOK)


def alive_since(session: Session, now: datetime) -> datetime:
    """Since when the watcher has run without a gap; a run of the watcher hands it on in its summary."""
    last = queries.newest_run(session, WATCH)
    if last is None or last.finished_at is None or not now - WATCH_WITHIN <= last.finished_at <= now:
        return now
    since = last.summary.get("since")
    return datetime.fromisoformat(since) if since else last.finished_at


def _late_others(session: Session, ends: Ends, now: datetime) -> Fault | None:
    """The jobs that have run before and missed a time of their schedule, in one fault."""
    since = alive_since(session, now)
    late = [
        f"{name} (lần cuối {say_moment(ends[job])})"
        for job, name in NAMES.items()
        if job in ends and (due := last_due(job, now - GRACE)) and since <= due and ends[job] < due
    ]
    return Fault("jobs-late", f"Việc tự động quá giờ chưa chạy: {', '.join(late)}.", LOOK) if late else None


def failed_jobs(session: Session) -> list[Fault]:
    """Jobs whose newest run ended in an error; the chase and the delivery are missed by their lateness."""
    return [
        Fault(
            f"failed-{run.job}",
            f"Lượt {NAMES[run.job]} gần nhất bị lỗi: {cut(run.error or '', 200).rstrip('.')}.",
            LOOK,
            grave=False,
        )
        for run in queries.failed_runs(session, NAMES)
    ]


def _stopped_web(session: Session, ends: Ends, now: datetime) -> Fault | None:
    last = ends.get(WEB)
    if last is None or last < now - FORGET_WEB or max(last, alive_since(session, now)) >= now - WEB_WITHIN:
        return None
    cure = "Hãy chạy lại dondoc up (hoặc dondoc serve) và xem logs/web.log. Liên kết trong tin nhắn không mở được."
    return Fault("web-stopped", f"Trang theo dõi không có dấu hiệu hoạt động từ {say_moment(last)}.", cure)


def _restarts(session: Session, now: datetime) -> Fault | None:
    """Children of `dondoc up` that died again and again today."""
    run = queries.newest_run(session, UP)
    if run is None or local(run.started_at).date() != local(now).date():
        return None
    often = [f"{name} {number} lần" for name, number in run.summary.get("deaths", {}).items() if number >= RESTARTS]
    if not often:
        return None
    message = f"Tiến trình dừng bất thường nhiều lần trong hôm nay: {', '.join(often)}."
    return Fault("restarts", message, "Hãy xem thư mục logs và bộ nhớ của máy.")


def clock_back(ends: Ends, now: datetime) -> Fault | None:
    """Something was done in the future: this clock, or that one, was wrong."""
    newest = max(ends.values(), default=now)
    if newest <= now + AHEAD:
        return None
    message = f"Đồng hồ của máy bị lùi hoặc từng chạy nhanh: có lượt chạy ghi lúc {say_moment(newest)}."
    return Fault("clock-back", message, "Hãy chỉnh giờ của máy (bật đồng bộ NTP) rồi xem lại trang này.")
