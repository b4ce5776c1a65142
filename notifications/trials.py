"""tin thử: one message to one named person, at once and past the outbox, to see that a channel works.

It speaks of no duty, so nothing of a chase depends on it; that it was sent stands in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from chasing import local, say_date, say_moment
from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.models import Person
from notifications.channels import Channel, Delivery, Envelope, Receipt
from notifications.composing import addressed_to
from notifications.recipients import address_on

ZALO_CHANNELS = ("zalo", "zalo_bot", "zalo_template", "zbs")
WORDS = (
    "Kính gửi {to},\n{office} gửi tin này để thử kênh {channel} lúc {moment}. Không có việc nào phải làm.\n"
    "Nếu nhận được, xin báo lại cho cán bộ phụ trách."
)


def trial_channel(person: Person, channels: Mapping[str, Channel], wanted: str | None) -> str:
    """The channel of a trial: the one wanted, or the first of Zalo's that reaches the person. Raises Refusal."""
    if wanted and wanted not in channels:
        raise Refusal(f"Kênh {wanted} chưa được thiết lập. Đang có: {', '.join(channels) or 'không kênh nào'}.")
    names = (wanted,) if wanted else ZALO_CHANNELS
    reachable = [name for name in names if name in channels and address_on(person, name)]
    if not reachable:
        cure = "Hãy thêm zalo_user_id hoặc phone vào danh bạ, hoặc để người đó liên kết với Zalo."
        raise Refusal(f"{person.name} chưa có địa chỉ trên kênh Zalo nào đang dùng. {cure}")
    return reachable[0]


def trial_envelope(person: Person, channel: str, office: str, kind: str, now: datetime, settings: Settings) -> Envelope:
    """The words of a trial; `kind` chooses the approved template on a channel that needs one."""
    to, today = addressed_to(person), say_date(local(now).date())
    text = WORDS.format(to=to, office=office, channel=channel, moment=say_moment(now))
    facts = {
        "to": to,
        "count": "01",
        "overdue": "00",
        "first": "Tin thử, không có việc phải làm",
        "period": "Tin thử",
        "due": today,
        "reason": "Thử kênh gửi tin",
        "url": settings.base_url,
        "today": today,
        "office": office,
    }
    return Envelope(
        outbox_id=0,
        to_address=address_on(person, channel) or "",
        to_name=person.name,
        subject="Tin thử kênh Zalo",
        text=text,
        message_id=f"<trial-{int(now.timestamp())}@{settings.mail_from.rpartition('@')[2] or 'localhost'}>",
        kind=kind,
        facts=facts,
    )


def record_trial(
    session: Session, person: Person, channel: str, outcome: Receipt | Delivery, now: datetime, actor: str
) -> None:
    """One journal entry: who was sent a trial, by which channel, and what came of it."""
    ended = "accepted" if isinstance(outcome, Receipt) else outcome.kind
    data = {"person": person.id, "channel": channel, "outcome": ended}
    journal.record(
        session, at=now, actor=actor, action="zalo.test", subject_kind="person", subject_id=person.id, data=data
    )
