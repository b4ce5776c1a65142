"""Plan files that were sent, kept on disk until they are read and decided on.

Each is a folder under HOME/uploads, named by what was asked: the bytes, a ticket, and (for a correction that waits
for a decision) what was read of it. A file is here from the moment the officer sent it, so that a stop of the
program, even by `kill -9`, loses none: whoever finds an unread ticket reads it, and a lock that dies with its
process keeps two from reading one file at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from db.file_store import HASH, write_whole
from db.models import Json

# Days that a file stays which nobody decided on, or which could not be read.
KEEP_DAYS = 7
NAME_MOST = 200
State = Literal["waiting", "failed", "done", "read"]
FILE, TICKET, READING, LOCK = "file", "ticket.json", "reading.json", "lock"


@dataclass(frozen=True)
class Upload:
    """One file that was sent: to become a plan, or (with `corrects`, the code of a plan) to be laid over one.

    `waiting` to be read; `failed` for `fault`, one Vietnamese sentence; `done`: it is the draft `plan`; `read`: a
    correction that waits for a decision. `tries` counts the times that reading began.
    """

    id: str
    name: str
    sha256: str
    sent_at: datetime
    sent_by: str
    year: int | None = None
    corrects: str = ""
    state: State = "waiting"
    fault: str = ""
    plan: str = ""
    tries: int = 0
    home: Path = field(default=Path(), compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """Where everything of it lies."""
        return _room(self.home) / self.id

    def data(self) -> bytes:
        """The bytes that were sent. Raises FileNotFoundError when they are gone."""
        return (self.folder / FILE).read_bytes()

    def reading(self) -> Json | None:
        """What was read of a correction."""
        try:
            found: Json = json.loads((self.folder / READING).read_bytes())
        except FileNotFoundError:
            return None
        return found

    def keep_reading(self, content: Json) -> None:
        """Keep what was read of it."""
        write_whole(self.folder / READING, json.dumps(content, ensure_ascii=False).encode())

    def changed(self, **values: object) -> Upload:
        """The same with some values changed, written down. Raises FileNotFoundError when it was dropped meanwhile."""
        new = replace(self, **values)  # type: ignore[arg-type]  # the names are those of the fields
        write_whole(self.folder / TICKET, _packed(new))
        return new


def _room(home: Path) -> Path:
    return home / "uploads"


def _packed(upload: Upload) -> bytes:
    values = asdict(upload) | {"sent_at": upload.sent_at.isoformat()}
    del values["home"]
    return json.dumps(values, ensure_ascii=False).encode()


def take_in(
    home: Path, name: str, data: bytes, now: datetime, by: str, year: int | None = None, corrects: str = ""
) -> Upload:
    """Keep a file to be read. The same file sent again while it waits is the same upload; else it is read anew."""
    digest = hashlib.sha256(data).hexdigest()
    number = hashlib.sha256(f"{digest}|{year}|{corrects}".encode()).hexdigest()
    known = find(home, number)
    if known is not None and known.state == "waiting":
        return known
    drop(home, number)
    upload = Upload(number, name[:NAME_MOST], digest, now, by, year, corrects, home=home)
    _room(home).mkdir(parents=True, exist_ok=True)
    # Made aside and renamed: the folder is there with everything in it, or not at all.
    aside = Path(tempfile.mkdtemp(prefix=".", dir=_room(home)))
    try:
        write_whole(aside / FILE, data)
        write_whole(aside / TICKET, _packed(upload))
        aside.rename(upload.folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        # Somebody else sent it in the same moment.
        if (known := find(home, number)) is None:
            raise
        return known
    return upload


def find(home: Path, number: str) -> Upload | None:
    """An upload by its id; None for one that is not here, or for anything that is no id."""
    if not HASH.fullmatch(number):
        return None
    try:
        values = json.loads((_room(home) / number / TICKET).read_bytes())
    except FileNotFoundError:
        return None
    return Upload(**values | {"sent_at": datetime.fromisoformat(values["sent_at"]), "home": home})


def all_uploads(home: Path) -> list[Upload]:
    """Every upload, the oldest first."""
    names = [path.name for path in _room(home).iterdir()] if _room(home).is_dir() else []
    found = (find(home, name) for name in names)
    return sorted((each for each in found if each is not None), key=lambda each: (each.sent_at, each.id))


def drop(home: Path, number: str) -> None:
    """Keep nothing more of an upload. Raises ValueError for anything that is no id."""
    if not HASH.fullmatch(number):
        raise ValueError(f"not an upload: {number!r}")
    shutil.rmtree(_room(home) / number, ignore_errors=True)


@contextmanager
def claimed(upload: Upload) -> Iterator[bool]:
    """Whether this process alone may read an upload now; the claim ends with the block, or with the process."""
    try:
        handle = os.open(upload.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        mine = False
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = True
        yield mine
    finally:
        os.close(handle)


def sweep(home: Path, now: datetime) -> int:
    """Remove what was decided on, and what nobody decided on for KEEP_DAYS; gives how many. What waits stays."""
    old = [
        each
        for each in all_uploads(home)
        if each.state != "waiting" and now - each.sent_at > timedelta(days=1 if each.state == "done" else KEEP_DAYS)
    ]
    for each in old:
        drop(home, each.id)
    return len(old)
