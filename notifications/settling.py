"""What came of the messages in the hands, written all at once: states, followers, pauses, dead addresses, journal."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.settings import Settings
from db import journal
from db.models import Message
from db.queries import outbox_queries as queries
from notifications.channels import Delivery, Receipt
from notifications.hands import Result
from notifications.limits import Pause, pause_of, write_pauses
from notifications.outcomes import Outcome, Unsent, deed_of, hand_over, other_channel, settlement_of
from notifications.suppressions import bar_after, suppress

log = logging.getLogger(__name__)

ARRIVED = "Nhà cung cấp báo tin đã tới."


@dataclass
class Settling:
    """One settlement of many messages by their deliverer `owner`; `usable`: the channels that another may take over."""

    session: Session
    owner: str
    usable: Sequence[str]
    now: datetime
    settings: Settings
    changes: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    deeds: list[journal.Deed] = field(default_factory=list)

    def write(self, results: Sequence[Result]) -> list[str]:
        """Write the outcomes; the state in which each message ended that was still ours."""
        # The order of locks is that of the claim: windows, messages, journal.
        write_pauses(self.session, _pauses(results, self.now), self.now)
        outcomes = {ready.envelope.outbox_id: outcome for ready, outcome in results}
        claimed = queries.lock_claimed(self.session, outcomes)
        states = [self._settle(one, outcomes[one.id]) for one in claimed if self._is_ours(one)]
        queries.settle_many(self.session, self.owner, self.changes)
        journal.record_all(self.session, self.now, "dondoc", self.deeds)
        return states

    def _is_ours(self, one: queries.Claimed) -> bool:
        """A row that was declared `unknown` while its sender was only slow may still be settled by that sender."""
        ours = one.claimed_by == self.owner and one.state in ("sending", "unknown")
        if not ours:
            log.warning("message %s was resolved by somebody else while it was being sent", one.id)
        return ours

    def _settle(self, one: queries.Claimed, outcome: Outcome) -> str:
        if one.delivered_at is not None and not isinstance(outcome, Receipt):
            outcome = Receipt(one.provider_id, ARRIVED)
        message = self._whole(one.id) if isinstance(outcome, Delivery) else None
        other = other_channel(self.session, message, self.usable) if message else None
        settled = settlement_of(outcome, one.id, one.attempts, other is not None, self.now)
        self.changes[one.id] = settled.changes
        follows = other if settled.next_channel else None
        if message and isinstance(outcome, Delivery):
            self._follow_up(message, outcome, follows)
        if not isinstance(outcome, Unsent):
            self.deeds.append(_deed(one, outcome, settled.state, follows))
        return settled.state

    def _whole(self, number: int) -> Message:
        (message,) = queries.messages_with_items(self.session, [number])
        return message

    def _follow_up(self, message: Message, outcome: Delivery, other: str | None) -> None:
        if other:
            hand_over(self.session, message, other, self.now, self.settings)
        if source := bar_after(message.channel, outcome):
            facts: dict[str, Any] = {"source": source, "reason": outcome.detail, "code": outcome.code}
            suppress(self.session, message.channel, message.address, now=self.now, message_id=message.id, **facts)


def _pauses(results: Sequence[Result], now: datetime) -> list[Pause]:
    failed = [(ready.channel, outcome) for ready, outcome in results if isinstance(outcome, Delivery)]
    return [pause for channel, outcome in failed if (pause := pause_of(channel, outcome, now))]


def _deed(one: queries.Claimed, outcome: Receipt | Delivery, state: str, other: str | None) -> journal.Deed:
    facts: dict[str, Any] = {"channel": one.channel, "attempt": one.attempts}
    if isinstance(outcome, Delivery):
        facts |= {"kind": outcome.kind, "code": outcome.code, "error": outcome.detail}
    if other:
        facts["next"] = other
    return deed_of(one.id, f"message.{'retry' if state == 'queued' else state}", **facts)
