"""Reading an upload: a draft, a correction to be looked at, or the one sentence why not.

Every step may be done again after a stop at any place: a plan that the first try made is found by its bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.queries import plan_queries
from deadlines import WorkCalendar
from plans.importing import import_plan, refuse_twice
from plans.opening import PlanText, open_plan
from plans.uploads import FILE, Upload, claimed, find

log = logging.getLogger("dondoc.uploads")
Transaction = Callable[[], AbstractContextManager[Session]]
# A file whose reading ends the process each time must not do so for ever.
MOST_TRIES = 3
STOPPED = "Đọc tệp «{name}» làm chương trình dừng giữa chừng nhiều lần. Hãy lưu lại tệp thành .docx mới rồi nhập lại."
BROKEN = (
    "Chương trình gặp lỗi khi đọc tệp «{name}». Hãy thử lưu lại tệp thành .docx rồi nhập lại; "
    "nếu vẫn lỗi, báo quản trị xem nhật ký máy chủ."
)


def read_upload(
    home_upload: Upload, transaction: Transaction, settings: Settings, calendar: WorkCalendar, now: datetime
) -> Upload:
    """Read an upload that waits, unless another process does; gives it as it then is."""
    with claimed(home_upload) as mine:
        upload = find(settings.home, home_upload.id) or home_upload
        if not mine or upload.state != "waiting":
            return upload
        with suppress(FileNotFoundError):
            return _read(upload, transaction, settings, calendar, now)
        return upload


def _read(
    upload: Upload, transaction: Transaction, settings: Settings, calendar: WorkCalendar, now: datetime
) -> Upload:
    if upload.tries >= MOST_TRIES:
        return upload.changed(state="failed", fault=STOPPED.format(name=upload.name))
    upload = upload.changed(tries=upload.tries + 1)
    try:
        if upload.corrects:
            return _read_correction(upload, calendar)
        return _drafted(upload, transaction, settings, calendar, now)
    except Refusal as error:
        return upload.changed(state="failed", fault=str(error))
    except FileNotFoundError:
        if upload.folder.exists():
            log.exception("reading the upload %s (%s)", upload.id, upload.name)
        # Without its folder it was dropped while it was read: there is nothing to write on.
        return upload.changed(state="failed", fault=BROKEN.format(name=upload.name))
    except Exception:
        log.exception("reading the upload %s (%s)", upload.id, upload.name)
        return upload.changed(state="failed", fault=BROKEN.format(name=upload.name))


def _read_correction(upload: Upload, calendar: WorkCalendar) -> Upload:
    data = upload.data()
    text = open_plan(upload.name, data, upload.year, calendar)
    # The view lies with the upload until the plan takes the file over.
    text.keep(upload.folder, data)
    upload.keep_reading(text.reading.to_json())
    return upload.changed(state="read")


def _drafted(
    upload: Upload, transaction: Transaction, settings: Settings, calendar: WorkCalendar, now: datetime
) -> Upload:
    data = upload.data()
    code = _drafted_before(upload, data, transaction)
    if code is None:
        text = open_plan(upload.name, data, upload.year, calendar)
        if not upload.folder.exists():
            raise FileNotFoundError(upload.folder)
        code = _import(upload, text, data, transaction, settings, now)
    done = upload.changed(state="done", plan=code)
    (done.folder / FILE).unlink(missing_ok=True)
    return done


def _import(
    upload: Upload, text: PlanText, data: bytes, transaction: Transaction, settings: Settings, now: datetime
) -> str:
    with transaction() as session:
        code = import_plan(session, text.reading, upload.name, data, now, upload.sent_by, settings).code
    text.keep(settings.home, data)
    return code


def _drafted_before(upload: Upload, data: bytes, transaction: Transaction) -> str | None:
    """The plan that an earlier try made of these bytes: it was stopped before it could say so.

    Raises Refusal when they are a plan already at the first try: nobody waits minutes to be told that.
    """
    with transaction() as session:
        if upload.tries < 2:
            refuse_twice(session, data, upload.name)
        known = plan_queries.plan_by_file(session, upload.sha256)
        return known.code if known else None
