"""One visit to a mailbox over IMAP: what is new, the bytes of a mail, putting it away.

Nothing is marked as read and nothing is deleted: whoever looks into the mailbox by hand sees what he would see without
this program, but for the folder that a handled mail lies in.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from config.faults import Refusal
from submissions.mailbox.account import ImapAccount

SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


class MailboxFault(Refusal):
    """The mailbox cannot be read; `str()` says in Vietnamese why and what to do."""


@dataclass(frozen=True)
class Mail:
    """One mail as it lies there. `arrived` is when the server took it, if it says so; `whole` is False when only the
    head was fetched because the mail is larger than allowed; `size` in bytes."""

    uid: int
    raw: bytes
    size: int
    arrived: datetime | None
    whole: bool = True


@contextmanager
def open_mailbox(account: ImapAccount) -> Iterator[OpenMailbox]:
    """Log in and choose the folder. Raises MailboxFault; what breaks in the body for other reasons passes as it is."""
    with _told(account):
        box = _connect(account)
        try:
            _log_in(box, account)
        except BaseException:
            _leave(box)
            raise
    try:
        yield OpenMailbox(box, account)
    finally:
        _leave(box)


def _leave(box: BaseMailBox) -> None:
    # What was handled is handled, however the conversation ends.
    with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
        box.logout()


@contextmanager
def _told(account: ImapAccount) -> Iterator[None]:
    """What goes wrong on the way to the server, in words."""
    try:
        yield
    except ssl.SSLError as error:
        words = f"Không mã hóa được kết nối với hộp thư ({error.reason or error}). Hãy kiểm tra cổng và chứng thư"
        raise _fault(words, account) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        words = "Không đọc được hộp thư: mất kết nối hoặc máy chủ từ chối"
        raise _fault(f"{words} ({type(error).__name__})", account) from error


def _connect(account: ImapAccount) -> BaseMailBox:
    if account.security == "plain":
        return MailBoxUnencrypted(account.host, account.port, account.timeout)
    context = ssl.create_default_context()
    if account.ca:
        context.load_verify_locations(cafile=account.ca)
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.host, account.port, timeout=account.timeout, ssl_context=context)


def _log_in(box: BaseMailBox, account: ImapAccount) -> None:
    plain = (account.user + account.password).isascii()
    try:
        # LOGIN knows ASCII only (RFC 9051, 6.2.3); a Vietnamese password goes by AUTHENTICATE PLAIN.
        (box.login if plain else box.login_utf8)(account.user, account.password, None)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        words = "Hộp thư không nhận tên hoặc mật khẩu. Hãy kiểm tra DONDOC_IMAP_URL"
        raise _fault(words, account) from error
    try:
        box.folder.set(account.folder)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise _fault(f"Hộp thư không có thư mục «{account.folder}»", account) from error


def _fault(words: str, account: ImapAccount) -> MailboxFault:
    return MailboxFault(f"{words}. (Máy chủ {account.host}:{account.port}, theo DONDOC_IMAP_URL.)")


class OpenMailbox:
    """A folder that is open; every method may raise MailboxFault."""

    def __init__(self, box: BaseMailBox, account: ImapAccount) -> None:
        self._box = box
        self._account = account

    def validity(self) -> int:
        """UIDVALIDITY of the folder: UIDs mean nothing across a change of it (RFC 9051, 2.3.1.1)."""
        with _told(self._account):
            return int(self._box.folder.status(self._account.folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    def uids_after(self, last: int) -> list[int]:
        """UIDs above `last`, rising. A server answers "n:*" with its highest even below n (RFC 9051, 6.4.8)."""
        with _told(self._account):
            found = self._box.uids(f"UID {last + 1}:*")
        return sorted(uid for uid in map(int, found) if uid > last)

    def fetch(self, uid: int, most: int) -> Mail | None:
        """One mail, unread as before; only its head when it has more than `most` bytes; None when it is gone."""
        with _told(self._account):
            facts = self._fetch(uid, "(UID INTERNALDATE RFC822.SIZE)")
            size = int(found[1]) if (found := SIZE.search(facts.said)) else 0
            whole = size <= most
            content = self._fetch(uid, "(UID BODY.PEEK[])" if whole else "(UID BODY.PEEK[HEADER])").literal
        return None if content is None else Mail(uid, content, size, _moment(facts.said), whole)

    def _fetch(self, uid: int, parts: str) -> _Fetched:
        status, answer = self._box.client.uid("FETCH", str(uid), parts)
        if status != "OK":
            raise imaplib.IMAP4.error(f"FETCH: {status}")
        said, literal = b"", None
        for piece in answer or ():
            if isinstance(piece, tuple):
                said, literal = said + piece[0], bytes(piece[1])
            elif isinstance(piece, bytes):
                said += b" " + piece
        return _Fetched(said, literal)

    def put_away(self, uid: int, folder: str) -> bool:
        """Move a mail, making the folder when there is none; False when the server would not, and it stays."""
        try:
            return self._move(uid, folder) or (self._make(folder) and self._move(uid, folder))
        except (imaplib.IMAP4.error, ImapToolsError, OSError):
            return False

    def _move(self, uid: int, folder: str) -> bool:
        """By MOVE (RFC 6851); a server without it copies, and removes only what was copied."""
        name = encode_folder(folder)
        try:
            status, _ = self._box.client.uid("MOVE", str(uid), name)  # type: ignore[arg-type]
        except imaplib.IMAP4.error:
            copied, _ = self._box.client.uid("COPY", str(uid), name)  # type: ignore[arg-type]
            if copied == "OK":
                self._box.delete([str(uid)])
            return copied == "OK"
        return status == "OK"

    def _make(self, folder: str) -> bool:
        self._box.folder.create(folder)
        return True


@dataclass(frozen=True)
class _Fetched:
    said: bytes
    literal: bytes | None


def _moment(said: bytes) -> datetime | None:
    found = ARRIVED.search(said)
    try:
        at = parsedate_to_datetime(found[1].decode("ascii").replace("-", " ", 2).strip()) if found else None
    except (ValueError, TypeError, UnicodeError):
        return None
    return at if at is not None and at.tzinfo is not None else None
