"""What the Official Account refuses, in the double's own words and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dev.zalo_double.world import Group, Person

HOUR = 3600.0
FREE_WINDOW = 48 * HOUR
WHOLE_WINDOW = 7 * 24 * HOUR
UPLOAD_LIFE = 7 * 24 * HOUR
LONGEST_TEXT = 2000
LONGEST_ABSENCE_DAYS = 45
MENTION = re.compile(r"\[@([^\[\]\s]+)\]")


@dataclass(frozen=True)
class Refusal:
    """An application error: it leaves inside HTTP 200 [M, L]."""

    code: int
    message: str


def refuse_message(message: Any, uploads: Mapping[str, float], now: float) -> Refusal | None:
    """A text, or an uploaded file whose token lives seven days (-100 behind them) [M]."""
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if not isinstance(attachment, dict):
        return refuse_text(message)
    payload = attachment.get("payload")
    token = str(payload.get("token", "")) if isinstance(payload, dict) else ""
    if token not in uploads:
        return Refusal(-201, "attachment.payload.token is invalid")
    return Refusal(-100, "attachment is expired") if now - uploads[token] > UPLOAD_LIFE else None


def words_of(message: Any) -> str:
    """What a screen shows of a message that was taken."""
    return str(message.get("text") or "[tệp]")


def refuse_text(message: Any) -> Refusal | None:
    """Text is required and at most 2,000 characters, counted as they came, so NFD counts more than NFC [M].

    Which of -201 and -210 answers a long text is not told by any source [K].
    """
    text = message.get("text") if isinstance(message, dict) else None
    if not isinstance(text, str) or not text.strip():
        return Refusal(-201, "message.text is invalid")
    if len(text) > LONGEST_TEXT:
        return Refusal(-210, "message.text exceeds 2000 characters")
    return None


def refuse_person(person: Person | None, now: float) -> Refusal | None:
    """Consultation messages: who cannot get one [M]. The order of the checks is ours [K]."""
    if person is None:
        return Refusal(-201, "user_id is invalid")
    checks = (
        (person.banned or person.offline_days > LONGEST_ABSENCE_DAYS, -227, "User is banned or inactive for 45 days"),
        (not person.follows, -213, "User has not followed OA"),
        (person.refused_type, -244, "User has restricted this type of message"),
        (person.quota_left == 0, -218, "Recipient has reached the quota"),
        (person.last_interaction is None, -232, "User has no interaction with OA"),
        (now - (person.last_interaction or now) > WHOLE_WINDOW, -230, "User has not interacted with OA in 7 days"),
    )
    return next((Refusal(code, words) for struck, code, words in checks if struck), None)


def is_paid(person: Person, now: float) -> bool:
    """Free up to 48 hours after the last interaction, paid up to 7 days [M]."""
    return now - (person.last_interaction or now) > FREE_WINDOW


def refuse_group(group: Group | None) -> Refusal | None:
    """Groups: the asset may have ended (-237), the account may have been put out (-403) [M]."""
    if group is None:
        return Refusal(-201, "group_id is invalid")
    if not group.asset_alive:
        return Refusal(-237, "Group has been disabled")
    if not group.account_inside:
        return Refusal(-403, "OA is not a member of the group")
    return None


def called_members(group: Group, text: str) -> tuple[str, ...]:
    """Whom the mentions of a group text call: ``[@user_id]`` one, ``[@group_id]`` everybody [M]."""
    called: list[str] = []
    for mentioned in MENTION.findall(text):
        called += group.members if mentioned in (group.group_id, "all") else [mentioned]
    return tuple(dict.fromkeys(called))


def recipient(body: dict[str, Any], field: str) -> str:
    """``recipient.user_id`` or ``recipient.group_id`` of a request; ids are strings [M]."""
    to = body.get("recipient")
    value = to.get(field) if isinstance(to, dict) else None
    return value if isinstance(value, str) else ""
