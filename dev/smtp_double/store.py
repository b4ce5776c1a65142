"""Mails on disk: the exact bytes in ``mails/000001.eml``, the envelope in ``index.jsonl``."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kept:
    """The envelope of a kept mail; ``at`` in epoch seconds, ``options`` those of RFC 3461 by name."""

    id: int
    at: float
    sender: str
    recipient: str
    options: dict[str, str] = field(default_factory=dict)


class MailStore:
    """Every mail that was taken, in order, once per recipient and per attempt: nothing is deduplicated."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "mails").mkdir(parents=True, exist_ok=True)
        self._index = folder / "index.jsonl"
        self._lock = threading.Lock()
        self._kept = [Kept(**json.loads(line)) for line in self._lines()]

    def _lines(self) -> list[str]:
        return self._index.read_text(encoding="utf-8").splitlines() if self._index.exists() else []

    def keep(
        self, sender: str, recipient: str, content: bytes, at: float, options: dict[str, str] | None = None
    ) -> Kept:
        """Write the mail, then the line that makes it visible."""
        with self._lock:
            kept = Kept(len(self._kept) + 1, at, sender, recipient, options or {})
            self._path(kept.id).write_bytes(content)
            with self._index.open("a", encoding="utf-8") as index:
                index.write(json.dumps(asdict(kept), ensure_ascii=False) + "\n")
            self._kept.append(kept)
        return kept

    def all(self) -> list[Kept]:
        """Oldest first."""
        return list(self._kept)

    def find(self, number: int) -> Kept | None:
        """One mail's envelope."""
        return self._kept[number - 1] if 0 < number <= len(self._kept) else None

    def content(self, number: int) -> bytes:
        """The exact bytes of one mail."""
        return self._path(number).read_bytes()

    def clear(self) -> None:
        """Forget every mail."""
        with self._lock:
            for kept in self._kept:
                self._path(kept.id).unlink(missing_ok=True)
            self._index.unlink(missing_ok=True)
            self._kept = []

    def _path(self, number: int) -> Path:
        return self._folder / "mails" / f"{number:06d}.eml"


def parsed(content: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    return message_from_bytes(content, policy=default)


def body(mail: EmailMessage, kind: str) -> str:
    """The plain or HTML text; empty when there is none."""
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def attachments(mail: EmailMessage) -> Iterator[tuple[str, str, bytes]]:
    """Name, type and bytes of each attached file."""
    for part in mail.iter_attachments():
        payload = part.get_payload(decode=True)
        yield part.get_filename() or "", part.get_content_type(), payload if isinstance(payload, bytes) else b""


def described(kept: Kept, content: bytes) -> dict[str, Any]:
    """A mail as JSON: every header with its repetitions, both bodies, the files by name and size."""
    mail = parsed(content)
    return {
        **asdict(kept),
        "subject": str(mail["Subject"] or ""),
        "headers": [[name, str(value)] for name, value in mail.items()],
        "message_ids": [str(value) for value in mail.get_all("Message-ID", [])],
        "text": body(mail, "plain"),
        "html": body(mail, "html"),
        "attachments": [{"name": name, "mime": mime, "size": len(data)} for name, mime, data in attachments(mail)],
    }
