"""One thing that came in, as every way in hands it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from db.models import Json
from submissions.files import Upload


@dataclass(frozen=True)
class Incoming:
    """What came in, before anybody knows what it means.

    `dedupe_key` names the sender's own id of it ("mail:<Message-ID>", "zalo:<msg_id>"). `sender` is a mail address, a
    Zalo user id or a bot's chat id: it says who claims to speak, never of what. `token` is the signed part of the
    address it was sent to; `answers` are Message-IDs or provider ids that it replies to, the nearest last. `text` is
    the person's own words, quoting stripped. `automatic`: sent by a program (RFC 3834), so it answers nothing.
    """

    channel: str
    dedupe_key: str
    received_at: datetime
    sender: str
    text: str
    raw: bytes
    subject: str = ""
    uploads: tuple[Upload, ...] = ()
    token: str | None = None
    answers: tuple[str, ...] = ()
    automatic: bool = False
    data: Json = field(default_factory=dict)
