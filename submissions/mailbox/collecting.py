"""One run of collecting: each new mail of the mailbox becomes an answer, a settled failure, a farewell, or is kept.

The network is never waited for with a transaction open. A mail is handled, then the bookmark moves behind it, then it
is put away: whatever stops the run between two of these, the next run finds it again and its Message-ID keeps it from
counting twice.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from config.faults import ConfigFault, Refusal
from config.settings import Settings
from db.file_store import store_bytes
from db.models import Json
from db.queries.mailbox_queries import bookmark_of, content_under, move_bookmark
from db.queries.watch_queries import newest_run
from deadlines import WorkCalendar
from notifications.job_runs import MAILBOX, record_run
from submissions.inbound.incoming import Incoming
from submissions.inbound.taking import take_in
from submissions.mailbox.account import ImapAccount, read_account
from submissions.mailbox.bounces import Bounce, read_bounce
from submissions.mailbox.headers import AnyMessage, value
from submissions.mailbox.parsing import incoming_of, key_of, leaving_of, parse, sender_of
from submissions.mailbox.reading import Mail, OpenMailbox, open_mailbox
from submissions.mailbox.settling import NotYet, kept_row, settle_bounce, settle_farewell

log = logging.getLogger("dondoc.mailbox")
OpenTransaction = Callable[[], AbstractContextManager[Session]]
# A mailbox that others used before is not read back to its beginning.
FIRST_LOOK = 500
MAILS_A_RUN = 500
# Base64 makes a file a third larger; a mail may bring several.
SIZE_FACTOR = 3
TOO_LARGE = (
    "Thư quá lớn ({size} MB) nên chỉ đọc phần đầu. Hãy mở hộp thư để xem tệp, hoặc xin người gửi nộp qua liên kết."
)
UNREADABLE = "Thư có cấu trúc hỏng nên không đọc được. Hãy mở hộp thư để xem."


@dataclass(frozen=True)
class MailCollected:
    """What one run found: answers (and what else persons wrote), notices of failure, farewells; `known`: mails that had
    been handled before; `left`: mails still there for the next run."""

    mails: int = 0
    bounces: int = 0
    farewells: int = 0
    known: int = 0
    left: int = 0

    def plus(self, kind: str) -> MailCollected:
        """One more of a kind."""
        return replace(self, **{kind: asdict(self)[kind] + 1})


@dataclass(frozen=True)
class _Run:
    transaction: OpenTransaction
    settings: Settings
    now: datetime
    calendar: WorkCalendar
    account: ImapAccount


def collect_mailbox(
    transaction: OpenTransaction, settings: Settings, now: datetime, calendar: WorkCalendar
) -> MailCollected | None:
    """Read what is new in the mailbox, each mail in transactions of its own; None when no mailbox is set up.

    Must be called with no transaction open. Raises MailboxFault or ConfigFault when the mailbox cannot be read; what
    was handled until then stays handled.
    """
    if settings.imap_url is None:
        return None
    account = read_account(settings.imap_url.get_secret_value())
    run = _Run(transaction, settings, now, calendar, account)
    with open_mailbox(account) as box:
        return _collect(run, box)


def run_mailbox(
    transaction: OpenTransaction, settings: Settings, now: datetime, calendar: WorkCalendar
) -> MailCollected | None:
    """`collect_mailbox`, with a sign of life in `job_runs` by which a mailbox that cannot be read is told.

    Raises as `collect_mailbox`, after that was noted.
    """
    try:
        done = collect_mailbox(transaction, settings, now, calendar)
    except (Refusal, ConfigFault) as fault:
        _note(transaction, now, {}, str(fault))
        raise
    if done is not None:
        _note(transaction, now, asdict(done), None)
    return done


def _note(transaction: OpenTransaction, now: datetime, summary: Json, error: str | None) -> None:
    with transaction() as session:
        last = newest_run(session, MAILBOX)
        since = last.summary.get("since") if last and last.error else None
        record_run(session, MAILBOX, now, now, summary | ({"since": since or now.isoformat()} if error else {}), error)


def _collect(run: _Run, box: OpenMailbox) -> MailCollected:
    validity = box.validity()
    with run.transaction() as session:
        bookmark = bookmark_of(session, run.account.name)
    same = bookmark is not None and bookmark[0] == validity
    # With another UIDVALIDITY the numbers mean other mails: look again, what is known is told by its Message-ID.
    waiting = box.uids_after(bookmark[1]) if bookmark and same else box.uids_after(0)[-FIRST_LOOK:]
    done = MailCollected(left=max(0, len(waiting) - MAILS_A_RUN))
    for number, uid in enumerate(waiting[:MAILS_A_RUN]):
        try:
            kind = _handle(run, box.fetch(uid, _most(run.settings)))
        except NotYet:
            return replace(done, left=len(waiting) - number)
        with run.transaction() as session:
            move_bookmark(session, run.account.name, validity, uid, run.now)
        if run.settings.imap_done_folder and not box.put_away(uid, run.settings.imap_done_folder):
            log.warning("mail %s of %s could not be moved and stays where it is", uid, run.account.name)
        done = done.plus(kind) if kind else done
    return done


def _most(settings: Settings) -> int:
    return settings.upload_mb * SIZE_FACTOR << 20


def _handle(run: _Run, mail: Mail | None) -> str:
    """Do what one mail asks for; gives what it was."""
    if mail is None:
        return ""
    received_at = min(mail.arrived, run.now) if mail.arrived else run.now
    try:
        parsed = parse(mail.raw)
        bounce, leaving = read_bounce(parsed, run.settings), leaving_of(parsed, run.settings)
        incoming = incoming_of(mail.raw, parsed, received_at, run.settings)
    except Exception:  # whatever a mail does to the parser, those behind it must be read
        log.exception("mail %s of %s could not be parsed", mail.uid, run.account.name)
        return _take(run, _unread(mail.raw, received_at))
    try:
        if bounce is not None or leaving is not None:
            return _settle(run, parsed, mail.raw, received_at, bounce, leaving or 0)
        return _take(run, incoming if mail.whole else _too_large(incoming, mail.size))
    except (DataError, ValueError):
        # Something in it that the database does not take: those behind it must not wait for ever.
        log.exception("mail %s of %s could not be kept as it is", mail.uid, run.account.name)
        return _take(run, _unread(mail.raw, received_at))


def _too_large(incoming: Incoming, size: int) -> Incoming:
    note = TOO_LARGE.format(size=size >> 20)
    return replace(incoming, text=note, uploads=(), data=incoming.data | {"notes": [note]})


def _unread(raw: bytes, received_at: datetime) -> Incoming:
    key = f"mail:sha256:{hashlib.sha256(raw).hexdigest()}"
    return Incoming("email", key, received_at, "", UNREADABLE, raw, data={"notes": [UNREADABLE]})


def _take(run: _Run, incoming: Incoming) -> str:
    content = str(incoming.data.get("content") or "")
    with run.transaction() as session:
        known = content_under(session, incoming.dedupe_key)
    if known is not None and known != content:
        # Two mails under one Message-ID, as some scanners send them: neither may be lost.
        incoming = replace(incoming, dedupe_key=f"{incoming.dedupe_key}#{content[:16]}")
        with run.transaction() as session:
            known = content_under(session, incoming.dedupe_key)
    take_in(run.transaction, incoming, run.now, run.calendar, run.settings)
    return "mails" if known is None else "known"


def _settle(run: _Run, mail: AnyMessage, raw: bytes, received_at: datetime, bounce: Bounce | None, leaving: int) -> str:
    digest = store_bytes(run.settings.home, raw)
    kind = "bounce" if bounce else "unfollow"
    with run.transaction() as session:
        row = kept_row(session, key_of(mail, raw), kind, sender_of(mail), value(mail, "subject"), received_at, digest)
        known = row.state != "received"
        if bounce:
            settle_bounce(session, row, bounce, run.now, run.settings)
        else:
            settle_farewell(session, row, leaving, run.now)
    return "known" if known else "bounces" if bounce else "farewells"
