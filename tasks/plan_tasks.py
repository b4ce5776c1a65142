"""The edge of plans: files of the inbox become drafts, confirmed plans become occurrences."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prefect import task

from config.clock import now as read_clock
from config.clock import parse_now
from config.faults import Refusal
from config.settings import Settings, load_settings
from db.office_rules import calendar_in_use, calendar_to_date_by
from db.queries import plan_queries
from db.session import reading, transaction
from deadlines import WorkCalendar
from plans.expanding import PLANS_A_BATCH, expand_plans
from plans.importing import import_plan
from plans.opening import open_plan
from plans.reading.sources import check_size
from plans.upload_reading import read_upload
from plans.uploads import all_uploads, find, sweep

BY = "Thư mục inbox"
SETTLED = timedelta(minutes=1)
UNREADABLE = "Không có quyền đọc tệp. Hãy cấp quyền đọc cho tài khoản chạy dondoc rồi chép lại vào thư mục inbox."


def inbox(settings: Settings) -> Path:
    """Where the officer puts plan files to be read."""
    return settings.home / "inbox"


def waiting_plan_files() -> list[str]:
    """Names of the files in the inbox, settled for some seconds."""
    folder, moment = inbox(load_settings()), read_clock().timestamp()
    folder.mkdir(parents=True, exist_ok=True)
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return sorted(path.name for path in files if moment - path.stat().st_mtime > 20)


@task(name="import_plan_file")
def import_plan_file(name: str, now: str | None = None) -> str:
    """Import one file as a draft, then move it to da-nhap/ or, with the reason beside it, to khong-doc-duoc/."""
    settings, moment = load_settings(), parse_now(now)
    path, calendar = inbox(settings) / name, _calendar(settings)
    try:
        check_size(name, path.stat().st_size)
        data = path.read_bytes()
        text = open_plan(name, data, None, calendar)
        with transaction() as session:
            code = import_plan(session, text.reading, name, data, moment, BY, settings).code
        text.keep(settings.home, data)
    except (Refusal, PermissionError) as fault:
        # A file that may not be opened must not hold up those behind it.
        reason = str(fault) if isinstance(fault, Refusal) else UNREADABLE
        _move(path, "khong-doc-duoc", reason)
        return reason
    _move(path, "da-nhap", f"Đã nhập thành bản nháp {code}.")
    return code


def waiting_uploads() -> list[str]:
    """Ids of the files that were sent by the web pages and not read there; what nobody decided on is removed."""
    home, moment = load_settings().home, read_clock()
    sweep(home, moment)
    # The web server reads what it was sent at once; a minute later nobody does.
    return [each.id for each in all_uploads(home) if each.state == "waiting" and moment - each.sent_at > SETTLED]


@task(name="read_sent_file")
def read_sent_file(number: str, now: str | None = None) -> str:
    """Read one of them, unless the web server does meanwhile; gives what became of it."""
    settings, moment = load_settings(), parse_now(now)
    upload = find(settings.home, number)
    if upload is None:
        return "đã bỏ"
    done = read_upload(upload, transaction, settings, _calendar(settings), moment)
    return done.fault or done.plan or done.state


def _calendar(settings: Settings) -> WorkCalendar:
    """The approved calendar: a file of days off that broke in mid-year must not hold up what is to be read."""
    with reading() as session:
        return calendar_in_use(session, settings)


def _move(path: Path, folder: str, note: str) -> None:
    target = path.parent / folder / path.name
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem} ({number}){path.suffix}")
    path.replace(target)
    target.with_name(target.name + ".ghi-chu.txt").write_text(note + "\n", encoding="utf-8")


def confirmed_plans() -> list[dict[str, int]]:
    """Code and number of each plan whose calendar is kept, as many in each batch as are read and written together."""
    with reading() as session:
        found = [(plan.code, plan.id) for plan in plan_queries.confirmed_plans(session)]
    return [dict(found[start : start + PLANS_A_BATCH]) for start in range(0, len(found), PLANS_A_BATCH)]


@task(name="expand_plan_calendars", retries=2, retry_delay_seconds=30)
def expand_plan_calendars(plans: dict[str, int], now: str | None = None) -> dict[str, int]:
    """Make the occurrences that some plans (code and number of each) still lack; gives how many, by code.

    A plan that was closed meanwhile gains nothing and holds up none of the others.
    """
    settings, moment = load_settings(), parse_now(now)
    with transaction() as session:
        calendar = calendar_to_date_by(session, settings)
        followed = {plan.id for plan in plan_queries.confirmed_plans(session)}
        numbers = [number for number in plans.values() if number in followed]
        done = expand_plans(session, numbers, calendar, moment)
    return {code: done[number].added for code, number in plans.items() if number in done}
