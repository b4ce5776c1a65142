"""địa chỉ chết: addresses that nothing is sent to until a person lifts the bar.

A mailbox that does not exist costs the office its good name with the servers that count such mails, and a person whose
address is dead hears nothing while the outbox says "sent". So a dead address is barred on its channel, and the next
channel or the stand-in is chosen instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Json, Suppression
from db.queries import sending_queries as queries
from notifications.channels import Delivery

Source = Literal["bounce", "refused", "left", "person"]
"""bounce: a report came back; refused: the server said so at once; left: unsubscribed, unfollowed; person: an officer
barred it."""
Pair = tuple[str, str]

# RFC 3463, 3.2 and 3.3: no such mailbox, no such host, bad form, moved away, disabled; RFC 7505: a host without mail.
DEAD_MAIL = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
ENHANCED = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
# 550 and 553 without such a code are policy as often as not: then the server's words decide.
NOBODY = re.compile(
    r"user unknown|unknown (user|recipient|mailbox)|no such (user|mailbox|recipient|address)"
    r"|(user|mailbox|recipient|address)\b.{0,40}?\b(does not exist|doesn't exist|not found)",
    re.IGNORECASE,
)
_ZALO: Mapping[str, Source] = MappingProxyType({"-227": "refused", "-217": "left"})
_BY_PHONE: Mapping[str, Source] = MappingProxyType(
    {
        # No such number, no Zalo behind it, one that cannot receive.
        "-108": "refused",
        "-118": "refused",
        "-114": "refused",
        "-119": "refused",
        # The person wants none of these.
        "-139": "left",
        "-140": "left",
        "-141": "left",
    }
)
PROVEN: Mapping[str, tuple[str, ...]] = MappingProxyType({"zalo": ("zalo", "zalo_template"), "zalo_bot": ("zalo_bot",)})
"""By the channel on which somebody speaks, those that reach the same account."""
DEAD_CODES: Mapping[str, Mapping[str, Source]] = MappingProxyType(
    {"zalo": _ZALO, "zalo_template": {**_ZALO, **_BY_PHONE}, "zbs": _BY_PHONE}
)
"""Zalo's codes that say the address takes nothing any more (facts: error tables of the Official Account and of ZBS).
Not here: what passes by itself, as a window that is over (-230), a quota (-218), night (-133)."""


def bar_after(channel: str, outcome: Delivery) -> Source | None:
    """Why an outcome shows that an address is dead; None when it does not. Pure; what may pass never bars."""
    if outcome.kind not in ("permanent", "other_channel"):
        return None
    if channel != "email":
        return DEAD_CODES.get(channel, {}).get(outcome.code or "")
    named = ENHANCED.findall(f"{outcome.code} {outcome.detail}")
    refused = (outcome.code or "").startswith("5")
    dead = any(code in DEAD_MAIL for code in named) if named else bool(NOBODY.search(outcome.detail))
    return "refused" if refused and dead else None


def normal_address(channel: str, address: str) -> str:
    """An address as bars are kept and looked up. Mail servers tell no upper from lower case apart, in practice."""
    bare = address.strip()
    return bare.casefold() if channel == "email" else bare


def suppress(
    session: Session,
    channel: str,
    address: str,
    *,
    source: Source,
    reason: str,
    now: datetime,
    code: str | None = None,
    message_id: int | None = None,
) -> Suppression:
    """Bar an address on a channel and write it into the journal; the bar in force when there is one already.

    `reason` is Vietnamese and shown to the officer; `code` is the provider's own; `message_id`: the outbox row that met
    it. Two at once make one bar.
    """
    kept = normal_address(channel, address)
    if there := queries.bar_in_force(session, channel, kept):
        return there
    bar = Suppression(
        channel=channel,
        address=kept,
        source=source,
        code=code and code[:64],
        reason=reason,
        message_id=message_id,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(bar)
    except IntegrityError:
        # Another deliverer barred it between our look and our write.
        if there := queries.bar_in_force(session, channel, kept):
            return there
        raise
    facts = {"channel": channel, "address": kept, "source": source, "code": code, "reason": reason[:300]}
    _record(session, bar.id, "address.bar", now, "dondoc", facts | {"message": message_id})
    return bar


def lift(session: Session, suppression_id: int, by: str, now: datetime) -> Suppression:
    """Let an address be written to again, because a person says so. Raises Refusal."""
    bar = session.get(Suppression, suppression_id)
    if bar is None:
        raise Refusal(f"Không có địa chỉ chết số {suppression_id}. Hãy xem danh sách: dondoc outbox dead.")
    if not queries.end_bar(session, suppression_id, by, now):
        raise Refusal(f"Địa chỉ {bar.address} đã được mở lại rồi, nên không phải làm gì nữa.")
    session.refresh(bar)
    _record(session, bar.id, "address.lift", now, by, {"channel": bar.channel, "address": bar.address})
    return bar


def barred(session: Session, pairs: Iterable[Pair]) -> set[Pair]:
    """Which of these (channel, address) pairs take nothing now, each as it was given."""
    wanted = {pair: (pair[0], normal_address(*pair)) for pair in pairs}
    there = queries.bars_in_force(session, {address for _, address in wanted.values()})
    return {pair for pair, kept in wanted.items() if kept in there}


def _record(session: Session, bar_id: int, action: str, now: datetime, actor: str, facts: Json) -> None:
    journal.record(
        session, at=now, actor=actor, action=action, subject_kind="suppression", subject_id=bar_id, data=facts
    )


def lift_address(session: Session, channel: str, address: str, by: str, now: datetime) -> bool:
    """Lift the bar on an address, if there is one: the person has come back. What an officer barred stays barred."""
    bar = queries.bar_in_force(session, channel, normal_address(channel, address))
    if bar is None or bar.source == "person":
        return False
    return lift(session, bar.id, by, now).lifted_at is not None


def come_back(session: Session, channel: str, address: str, by: str, at: datetime, now: datetime) -> None:
    """Let somebody be written to again who follows or writes to us by himself at `at`, whatever barred him before.

    Only where the provider proves who speaks: a mail's sender is easily forged.
    """
    for name in PROVEN.get(channel, ()):
        bar = queries.bar_in_force(session, name, normal_address(name, address))
        if bar is not None and bar.made_at <= at:
            lift_address(session, name, address, by, now)
