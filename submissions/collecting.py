"""Reports that come by hand: files put into HOME/inbox/nop, matched to an occurrence by the code in their name.

A file is taken only when its name bears a code that holds; what cannot be taken is moved to `chua-khop/` with a note
that says why, so nothing waits unseen and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.models import Occurrence
from notifications.codes import read_code
from submissions.checks import Answer
from submissions.files import Upload
from submissions.form_reading import code_of_form
from submissions.receiving import submit

OpenTransaction = Callable[[], AbstractContextManager[Session]]
# A file that is still being copied in is left for the next run.
SETTLED = timedelta(seconds=20)
BY_HAND = "Tệp nộp trực tiếp"
UNREADABLE = "Không có quyền đọc tệp. Hãy cấp quyền đọc cho tài khoản chạy dondoc rồi chép lại vào thư mục nop."


@dataclass(frozen=True)
class Collected:
    """What one run took in and set aside."""

    taken: int = 0
    set_aside: int = 0


def inbox(settings: Settings) -> Path:
    """Where the officer puts files that came by hand."""
    return settings.home / "inbox" / "nop"


def collect_folder(transaction: OpenTransaction, settings: Settings, now: datetime) -> Collected:
    """Take in every settled file of the inbox, each in a transaction of its own."""
    folder = inbox(settings)
    folder.mkdir(parents=True, exist_ok=True)
    waiting = sorted(path for path in folder.iterdir() if path.is_file() and _settled(path, now))
    taken = sum(_collect(path, transaction, settings, now) for path in waiting)
    return Collected(taken, len(waiting) - taken)


def _settled(path: Path, now: datetime) -> bool:
    return not path.name.startswith(".") and now.timestamp() - path.stat().st_mtime >= SETTLED.total_seconds()


def _collect(path: Path, transaction: OpenTransaction, settings: Settings, now: datetime) -> bool:
    try:
        with transaction() as session:
            _take(session, path, settings, now)
    except (Refusal, PermissionError) as fault:
        # A file that may not be opened must not hold up those behind it.
        _set_aside(path, str(fault) if isinstance(fault, Refusal) else UNREADABLE)
        return False
    # The bytes are in the file store and the row is committed; a crash before this line finds the same bytes again,
    # and `once` keeps them from becoming a second version.
    path.unlink()
    return True


def _take(session: Session, path: Path, settings: Settings, now: datetime) -> None:
    if path.stat().st_size > settings.upload_mb << 20:
        raise Refusal(f"Tệp lớn hơn {settings.upload_mb} MB. Hãy nén hoặc tách tệp.")
    upload, secret = Upload(path.name, path.read_bytes()), settings.secret_key.get_secret_value()
    # A form bears its code within, too: an office may have named the file anew.
    occurrence_id = read_code(path.name, secret) or code_of_form(upload, secret)
    if occurrence_id is None or session.get(Occurrence, occurrence_id) is None:
        raise Refusal(
            "Tên tệp không có mã kỳ hạn đúng (dạng DD-128-7KQ3, ghi trong tin nhắc việc). "
            "Hãy đổi tên tệp cho bắt đầu bằng mã rồi chép lại vào thư mục nop."
        )
    answer = Answer(kind="report", text="", figures={}, files=(upload,))
    once = f"inbox:{path.name}:{path.stat().st_mtime_ns}"
    submit(session, occurrence_id, answer, BY_HAND, "folder", now, settings, once=once)


def _set_aside(path: Path, reason: str) -> None:
    folder = path.parent / "chua-khop"
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem} ({number}){path.suffix}"
    path.replace(target)
    target.with_name(target.name + ".ly-do.txt").write_text(reason + "\n", encoding="utf-8")
