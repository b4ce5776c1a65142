"""One unit with a linked contact, some duties, and ways to let messages come in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import InboundMessage, Message, MessageItem, Obligation, Occurrence, Person
from db.session import transaction
from notifications.codes import occurrence_code
from notifications.reply_tokens import reply_token
from submissions.files import Upload
from submissions.inbound.incoming import Incoming
from submissions.inbound.taking import take_in
from tests.submissions.answer_builders import CALENDAR, NOW, PDF, Ground, get_occurrence, lay_ground, make_occurrence
from tests.submissions.answer_builders import make_settings as plain_settings

HOA_ZALO, HOA_BOT = "246845883529197922", "bot-chat-1"
PDF_FILE = Upload("bao-cao.pdf", PDF)


@dataclass
class InboundWorld:
    """The database with its ground, and a counter that makes each message its own."""

    settings: Settings
    ground: Ground
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def transaction(self) -> AbstractContextManager[Session]:
        """A writing transaction."""
        return transaction(self.settings.database_url)

    def incoming(self, text: str, channel: str = "zalo", sender: str = HOA_ZALO, **more: object) -> Incoming:
        """A message that nobody sent before; `minutes` after NOW."""
        number = next(self.numbers)
        minutes = more.pop("minutes", 0)
        assert isinstance(minutes, int)
        values: dict[str, object] = {
            "channel": channel,
            "dedupe_key": f"{channel}:msg-{number}",
            "received_at": NOW + timedelta(minutes=minutes, seconds=number),
            "sender": sender,
            "text": text,
            "raw": f"raw {number} {text}".encode(),
        }
        return Incoming(**(values | more))  # type: ignore[arg-type]  # the names are those of the fields

    def say(self, text: str, channel: str = "zalo", sender: str = HOA_ZALO, **more: object) -> InboundMessage:
        """Let a message come in and be acted on; the row as it then is."""
        incoming = self.incoming(text, channel, sender, **more)
        return take_in(self.transaction, incoming, incoming.received_at, CALENDAR, self.settings)

    def occurrence(self, occurrence_id: int | None = None) -> Occurrence:
        """An occurrence with what was sent for it."""
        with self.transaction() as session:
            one = get_occurrence(session, occurrence_id or self.ground.occurrence)
            for submission in one.submissions:
                _ = submission.files
            _ = one.extensions
            return one

    def replies(self) -> list[Message]:
        """What was queued to be said back, in order."""
        with self.transaction() as session:
            statement = select(Message).where(Message.dedupe_key.like("reply:%")).order_by(Message.id)
            return list(session.scalars(statement))

    def row(self, row_id: int) -> InboundMessage:
        """A row as it is now."""
        with self.transaction() as session:
            found = session.get(InboundMessage, row_id)
            assert found is not None
            return found

    def rows(self) -> list[InboundMessage]:
        """All rows, in order."""
        with self.transaction() as session:
            return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))

    def code(self, occurrence_id: int | None = None) -> str:
        """The code of an occurrence."""
        return occurrence_code(occurrence_id or self.ground.occurrence, self.settings.secret_key.get_secret_value())

    def token(self, message_id: int) -> str:
        """The signed part of the reply address of an outbox row."""
        return reply_token(message_id, self.settings)

    def second_duty(self, kind: str = "duty", deliverable: str | None = None, label: str = "Tháng 3/2026") -> int:
        """Another duty of the same unit, without targets of its own kind; its occurrence's id."""
        with self.transaction() as session:
            first = get_occurrence(session, self.ground.occurrence)
            number = next(self.numbers)
            duty = Obligation(
                plan_id=self.ground.plan,
                position=number + 1,
                key=str(number + 1),
                content=f"Tổ chức ra quân vệ sinh môi trường lần {number}",
                deliverable=deliverable,
                deadline_text="31/3/2026",
            )
            session.add(duty)
            one = make_occurrence(duty, first.unit, f"2026-{number}", label, date(2026, 3, 27))
            one.kind = kind
            session.add(one)
            session.flush()
            return one.id

    def without_targets(self) -> None:
        """Take the plan's targets away, so that nothing but words is asked for."""
        with self.transaction() as session:
            for target in get_occurrence(session, self.ground.occurrence).obligation.plan.targets:
                session.delete(target)

    def sent(self, occurrences: Sequence[int], channel: str = "zalo", person: int | None = None, **more: object) -> int:
        """A reminder that left an hour ago; its id."""
        with self.transaction() as session:
            holder = session.get(Person, person or self.ground.person)
            assert holder is not None
            values: dict[str, object] = {
                "dedupe_key": f"digest:{next(self.numbers)}",
                "person_id": holder.id,
                "channel": channel,
                "address": holder.email if channel == "email" else HOA_ZALO,
                "kind": "digest",
                "subject": "[Đôn đốc]",
                "text": "Kính gửi ...",
                "state": "sent",
                "not_before": NOW,
                "created_at": NOW - timedelta(hours=1),
                "sent_at": NOW - timedelta(hours=1),
                "thread": [],
            }
            message = Message(**(values | more))
            message.items = [
                MessageItem(occurrence_id=one, step="soon", position=at, reason="Sắp đến hạn")
                for at, one in enumerate(occurrences, 1)
            ]
            session.add(message)
            session.flush()
            return message.id


def new_world(url: str, home: Path) -> InboundWorld:
    """A fresh world: the unit's leader is linked to Zalo."""
    keys = {"zalo_app_id": "3608465248940903967", "zalo_oa_secret": SecretStr("oa-secret-for-tests")}
    keys |= {"zalo_bot_secret": SecretStr("bot-secret-for-tests"), "mail_reply_to": "nop@xa.example"}
    settings = plain_settings(url, home).model_copy(update=keys)
    with transaction(url) as session:
        ground = lay_ground(session)
        person = session.get(Person, ground.person)
        assert person is not None
        person.zalo_user_id, person.bot_chat_id = HOA_ZALO, HOA_BOT
    return InboundWorld(settings, ground)


__all__ = ["CALENDAR", "HOA_BOT", "HOA_ZALO", "NOW", "PDF_FILE", "InboundWorld", "datetime", "new_world"]
