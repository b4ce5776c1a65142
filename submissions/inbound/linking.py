"""liên kết Zalo: a one-time code, given by the officer and sent from Zalo, says whose account that is.

Zalo tells no telephone number with a message, so nothing else ties an account to a person of the register. The code is
shown once; only its hash is kept. It lives 7 days and serves once; a new one voids the old. Whoever tries codes gets
five wrong ones an hour.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import InboundMessage, LinkCode, Person
from db.queries import linking_queries as queries
from notifications.replies import Reply
from notifications.suppressions import come_back

# Without 0, 1, I, L and O, which people mistake for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BLOCK = 4
LIVES = timedelta(days=7)
MOST_WRONG = 5
WRONG_WITHIN = timedelta(hours=1)
COLUMNS = {"zalo": "zalo_user_id", "zalo_bot": "bot_chat_id"}
WRONG = (
    "Mã liên kết không đúng, đã dùng hoặc đã hết hạn. Đề nghị kiểm tra lại mã, "
    "hoặc liên hệ chuyên viên tổng hợp để được cấp mã mới (mã có giá trị 7 ngày, dùng một lần)."
)
TAKEN = (
    "Tài khoản này đang liên kết với một người khác trong danh bạ nên chưa liên kết lại. "
    "Chuyên viên tổng hợp sẽ xem và quyết định."
)


def make_code(session: Session, person: Person, by: str, now: datetime) -> str:
    """A new code of a person, shown this once; the one before is void. Raises Refusal for who left the register."""
    if not person.active:
        raise Refusal(f"{person.name} không còn trong danh bạ nên không cấp mã liên kết.")
    voided = queries.void_codes(session, person.id, now)
    letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * BLOCK))
    code = LinkCode(
        person_id=person.id, code_hash=hash_of(letters), made_at=now, made_by=by[:120], expires_at=now + LIVES
    )
    session.add(code)
    session.flush()
    _record(session, person, "link.code", by, now, voided=voided, expires=code.expires_at.isoformat())
    return f"LK-{letters[:BLOCK]}-{letters[BLOCK:]}"


def hash_of(code: str) -> str:
    """What is kept of a code: the hash of its letters, whatever signs and case it was typed with."""
    letters = re.sub(r"[^0-9A-Z]", "", code.upper()).removeprefix("LK" if code.upper().startswith("LK") else "")
    return hashlib.sha256(letters.encode()).hexdigest()


def use_code(session: Session, row: InboundMessage, code: str, now: datetime) -> Reply | None:
    """Tie the sender's account to the person of the code; what to say back, or None to one who only tries codes.

    Sets the row's state and outcome.
    """
    row.kind = "link"
    # The words hold the code; they are needed by nobody any more.
    row.text = "(mã liên kết)"
    queries.lock_linking(session)
    if queries.count_wrong(session, row.channel, row.sender, now - WRONG_WITHIN) >= MOST_WRONG:
        row.state, row.outcome, row.data = "ignored", "Thử sai mã liên kết quá nhiều lần.", row.data | {"wrong": True}
        return None
    found = queries.locked_code(session, hash_of(code))
    if found is None or found.used_at is not None or found.expires_at <= now or not found.person.active:
        row.state, row.outcome, row.data = "ignored", "Mã liên kết không dùng được.", row.data | {"wrong": True}
        return Reply("unlinked", words={"reason": WRONG})
    return _tie(session, row, found, now)


def _tie(session: Session, row: InboundMessage, code: LinkCode, now: datetime) -> Reply:
    person, column = code.person, COLUMNS[row.channel]
    others = [one for one in queries.holders(session, column, row.sender) if one.id != person.id]
    row.person_id = person.id
    if others:
        row.state = "waiting"
        row.outcome = f"Tài khoản này đang liên kết với {others[0].name}, nay gửi mã liên kết của {person.name}."
        return Reply("unlinked", words={"reason": TAKEN})
    before = getattr(person, column)
    setattr(person, column, row.sender)
    code.used_at, code.channel, code.address = now, row.channel, row.sender[:64]
    come_back(session, row.channel, row.sender, person.name, row.received_at, now)
    _record(session, person, "link.tie", person.name, now, channel=row.channel, address=row.sender, before=before)
    row.state, row.outcome = "handled", f"Đã liên kết với {person.name}."
    return Reply("linked", words={"name": person.name})


def unlink(session: Session, person: Person, channel: str, by: str, now: datetime) -> None:
    """Untie a person's account, because the officer says so. Raises Refusal when there is none."""
    column = COLUMNS[channel]
    before = getattr(person, column)
    if not before:
        raise Refusal(f"{person.name} chưa liên kết tài khoản nào, nên không có gì để bỏ.")
    setattr(person, column, None)
    _record(session, person, "link.untie", by, now, channel=channel, before=before)


def _record(session: Session, person: Person, action: str, by: str, now: datetime, **facts: object) -> None:
    journal.record(
        session, at=now, actor=by, action=action, subject_kind="person", subject_id=person.id, data=dict(facts)
    )
