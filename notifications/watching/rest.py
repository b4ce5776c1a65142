"""What came in and waits, the mailbox, the disk, the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from chasing import say_moment
from config.machine import Machine
from config.settings import Settings
from db.journal import verify_tail
from db.queries import watch_queries as queries
from deadlines import WorkCalendar
from notifications.job_runs import MAILBOX
from notifications.watching.faults import Fault

STUCK = timedelta(minutes=30)
"""What came in is acted on at once; what still lies there after so long has no worker."""
WAITED = timedelta(days=1)
TAIL = 200
SEE = "Hãy xem trang Tin đến."


def inbound_faults(session: Session, now: datetime, calendar: WorkCalendar) -> list[Fault]:
    """Inbound messages that nobody has come for, that could not be handled, or that wait for a person."""
    found = []
    number, oldest = queries.inbound_before(session, "received", now - STUCK)
    if number and oldest:
        message = f"{number:02d} tin đến chưa được xử lý, cũ nhất từ {say_moment(oldest)}."
        found.append(Fault("inbound-stuck", message, "Hãy xem tiến trình dondoc up còn chạy không."))
    number, oldest = queries.inbound_before(session, "failed", now)
    if number and oldest:
        message = f"{number:02d} tin đến xử lý không được, cũ nhất từ {say_moment(oldest)}."
        found.append(Fault("inbound-failed", message, SEE, grave=False))
    # A person has one day, and is not reminded on a day off.
    number, oldest = queries.inbound_before(session, "waiting", now - WAITED)
    if number and oldest and calendar.is_working(now.date()):
        message = f"{number:02d} tin đến chờ người xem đã quá một ngày, cũ nhất từ {say_moment(oldest)}."
        found.append(Fault("inbound-waiting", message, SEE, grave=False))
    return found


def mailbox_faults(session: Session, now: datetime, settings: Settings) -> list[Fault]:
    """The mailbox of answers cannot be read; the run of its reader says since when."""
    run = queries.newest_run(session, MAILBOX)
    if settings.imap_url is None or run is None or run.error is None:
        return []
    since = str(run.summary.get("since") or "")
    moment = say_moment(datetime.fromisoformat(since)) if since else say_moment(run.started_at)
    message = f"Không đọc được hộp thư nhận trả lời từ {moment} ({run.error.rstrip('.')})."
    return [Fault("mailbox", message, "Hãy kiểm tra DONDOC_IMAP_URL, mật khẩu và máy chủ thư.", "email")]


def machine_faults(machine: Machine | None) -> list[Fault]:
    """A disk that is nearly full: soon nothing can be written, not even that nothing can be written."""
    if machine is None or not machine.low:
        return []
    message = f"Ổ đĩa của thư mục dữ liệu chỉ còn {machine.free >> 20} MB."
    return [Fault("disk", message, "Hãy dọn bớt tệp hoặc chuyển DONDOC_HOME sang ổ lớn hơn.")]


def journal_faults(session: Session) -> list[Fault]:
    """The newest entries of the journal no longer fit each other; the whole is looked at by `dondoc journal verify`."""
    broken = verify_tail(session, TAIL)
    cure = "Hãy chạy dondoc journal verify, giữ nguyên máy và báo người phụ trách."
    return [Fault("journal", f"Nhật ký bị đứt: {broken[0]}", cure)] if broken else []
