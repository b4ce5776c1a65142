"""What follows from a notice of failure and from a farewell: each kept and acted on once, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import InboundMessage, Json, Message
from db.queries import outbox_queries as outbox
from db.queries.mailbox_queries import kept_mail
from notifications.channels import Delivery
from notifications.confirmations import note_delivered
from notifications.outcomes import hand_over, other_channel, record
from notifications.recipients import usable_channels
from notifications.suppressions import bar_after, normal_address, suppress
from submissions.mailbox.bounces import Bounce

NOT_OURS = "Thư báo không tới không mang dấu của thư nào do hệ thống gửi, nên không thay đổi gì."
DELAYED = "Máy chủ thư báo chậm, vẫn đang thử gửi{why}. Chưa phải làm gì."
ARRIVED = "Máy chủ thư báo đã tới."
FAILED = "Máy chủ thư báo không tới{why}."
ALREADY = "Máy chủ thư báo không tới{why}; tin này đã được xử lý từ trước."
HANDED_ON = " Đã chuyển sang kênh khác (tin số {number})."
NO_OTHER = " Người này không còn kênh nào khác, cần bổ sung danh bạ."
BARRED = " Địa chỉ {address} đã bị chặn vì không tồn tại hoặc bị khóa."
LEFT = "{name} đã yêu cầu thôi nhận thư. Địa chỉ {address} đã bị chặn; tin sau đi kênh khác hoặc tới người thay."
LEFT_REASON = "Người nhận yêu cầu thôi nhận thư."
NOBODY = "Thư xin thôi nhận không ứng với người nhận nào."
# A later word of the server settles what was sent or in doubt; what still waits or was resolved stays as it is.
SETTLED_BY_WORD = ("sent", "unknown")


class NotYet(Exception):
    """The mail that a notice is about is still being sent: its outcome must be written before it can be overruled."""


def kept_row(
    session: Session, key: str, kind: str, sender: str, subject: str, at: datetime, raw: str
) -> InboundMessage:
    """The row of what came, made when there is none, locked; `raw` is the digest of its bytes."""
    given: Json = {"channel": "email", "dedupe_key": key, "kind": kind, "received_at": at, "sender": sender[:254]}
    given |= {"subject": subject[:255], "raw_sha256": raw, "text": "", "data": {}, "state": "received", "outcome": ""}
    return kept_mail(session, given | {"attempts": 0})


def settle_bounce(session: Session, row: InboundMessage, bounce: Bounce, now: datetime, settings: Settings) -> None:
    """Act on a notice that was kept, unless that is done already. Raises NotYet; then nothing may be committed."""
    if row.state != "received":
        return
    row.text = " ".join(part for part in (bounce.status, bounce.recipient, bounce.detail) if part)
    message = _message_of(session, bounce, settings)
    if message is None:
        _close(row, "ignored", NOT_OURS, now)
        return
    if message.state == "sending":
        raise NotYet
    row.message_id, row.person_id = message.id, message.person_id
    _close(row, "handled", _act(session, message, bounce, now, settings), now)


def _message_of(session: Session, bounce: Bounce, settings: Settings) -> Message | None:
    """The mail that a notice is about, locked; a claim by Message-ID counts only where no return path is signed."""
    if bounce.proven is not None:
        return outbox.locked_message(session, ("email",), bounce.proven, "")
    if bounce.claimed is None or settings.mail_bounce:
        return None
    message = outbox.locked_message(session, ("email",), bounce.claimed, "")
    ours = message is not None and _same(message.address, bounce.recipient)
    return message if ours else None


def _same(one: str, other: str) -> bool:
    return normal_address("email", one) == normal_address("email", other)


def _act(session: Session, message: Message, bounce: Bounce, now: datetime, settings: Settings) -> str:
    why = f" ({words})" if (words := " ".join((bounce.status, bounce.detail)).strip()) else ""
    if bounce.action == "arrived":
        note_delivered(session, "email", f"obx-{message.id}", now)
        return ARRIVED
    if bounce.action == "delayed":
        record(session, message.id, "message.delayed", now, code=bounce.status, error=bounce.detail)
        return DELAYED.format(why=why)
    barred = _bar(session, message, bounce, now)
    if message.state not in SETTLED_BY_WORD:
        return ALREADY.format(why=why) + barred
    return _fail(session, message, FAILED.format(why=why), bounce.status, now, settings) + barred


def _bar(session: Session, message: Message, bounce: Bounce, now: datetime) -> str:
    """Bar the address that we wrote to when the notice says that it is dead."""
    named = "" if bounce.status.endswith(".0.0") else bounce.status
    if bar_after("email", Delivery("permanent", named or "550", bounce.detail)) is None:
        return ""
    words = FAILED.format(why=f" ({bounce.status} {bounce.detail})")
    suppress(
        session, "email", message.address, source="bounce", reason=words, now=now, code=named, message_id=message.id
    )
    return BARRED.format(address=message.address)


def _fail(session: Session, message: Message, words: str, code: str, now: datetime, settings: Settings) -> str:
    """Settle a sent mail as failed and hand its words to the next channel, which asks again whether they still hold."""
    message.state, message.error, message.error_code, message.claim_deadline = "failed", words, code or None, None
    session.flush()
    (message,) = outbox.messages_with_items(session, [message.id])
    other = other_channel(session, message, usable_channels(settings))
    follower = hand_over(session, message, other, now, settings) if other else None
    record(session, message.id, "message.bounced", now, code=code, error=words, next=other)
    return words + (HANDED_ON.format(number=follower.id) if follower else NO_OTHER)


def settle_farewell(session: Session, row: InboundMessage, message_id: int, now: datetime) -> None:
    """Act on a farewell that was kept, unless that is done already."""
    if row.state != "received":
        return
    message = outbox.locked_message(session, ("email",), message_id, "")
    row.message_id, row.person_id = (message.id, message.person_id) if message else (None, None)
    _close(row, "handled" if message else "ignored", leave(session, message, now) if message else NOBODY, now)


def leave(session: Session, message: Message, now: datetime) -> str:
    """Bar the address of a person who wants no more mail, by the mail he got; says what was done, in Vietnamese."""
    address = message.address
    suppress(session, "email", address, source="left", reason=LEFT_REASON, now=now, message_id=message.id)
    return LEFT.format(name=message.person.name if message.person else address, address=address)


def _close(row: InboundMessage, state: str, outcome: str, now: datetime) -> None:
    row.state, row.outcome, row.handled_at, row.handled_by = state, outcome, now, "dondoc"
