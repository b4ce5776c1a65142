"""Signed links: one opens one occurrence for one person, without a password, until it expires or is revoked.

The token carries the ids of the link, the occurrence and the person under a signature; expiry and revocation stand in
the row, so both can change after the message has left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from chasing import local, say_date
from config.faults import ConfigFault, Refusal
from config.settings import Settings
from db.models import Link, Occurrence
from db.queries.link_queries import live_links, open_links

SALT = "dondoc.answer-link.1"
# A link that is used again in a later message must still live long enough to be answered.
MIN_LEFT = timedelta(days=15)

ASK_AGAIN = "Hãy mở liên kết trong tin nhắn mới nhất, hoặc liên hệ chuyên viên tổng hợp để được gửi lại."


class LinkRefused(Refusal):
    """A link that opens nothing. `gone`: it was a true one that expired or was revoked, else it never was one."""

    def __init__(self, reason: str, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


Pair = tuple[int, int]
"""(occurrence id, person id)"""


def make_link(session: Session, occurrence_id: int, person_id: int, now: datetime, settings: Settings) -> str:
    """The address that opens one occurrence for one person. Raises ConfigFault without a secret key."""
    pair = (occurrence_id, person_id)
    return make_links(session, {pair}, now, settings)[pair]


def make_links(session: Session, pairs: Collection[Pair], now: datetime, settings: Settings) -> dict[Pair, str]:
    """Addresses for many pairs in a fixed number of statements; a link that lives long enough is used again."""
    signer = _signer(settings)
    links = _usable(session, pairs, now, settings)
    wanted = set(pairs)
    missing = sorted(wanted - set(links))
    expires = now + timedelta(days=settings.link_days)
    made = [Link(occurrence_id=o, person_id=p, created_at=now, expires_at=expires) for o, p in missing]
    session.add_all(made)
    session.flush()
    links |= {(link.occurrence_id, link.person_id): link for link in made}
    return {pair: address(link, signer, settings) for pair, link in links.items() if pair in wanted}


def _usable(session: Session, pairs: Collection[Pair], now: datetime, settings: Settings) -> dict[Pair, Link]:
    until = now + min(MIN_LEFT, timedelta(days=settings.link_days) / 2)
    found = live_links(session, {p for _, p in pairs}, sorted({o for o, _ in pairs}))
    return {(link.occurrence_id, link.person_id): link for link in found if link.expires_at >= until}


def address(link: Link, signer: URLSafeSerializer, settings: Settings) -> str:
    """The address of a link."""
    token = signer.dumps([link.id, link.occurrence_id, link.person_id])
    return f"{settings.base_url}/t/{token if isinstance(token, str) else token.decode('ascii')}"


def open_link(session: Session, token: str, now: datetime, settings: Settings) -> Link:
    """The link of a token, its use noted. Raises LinkRefused with the reason in Vietnamese."""
    link = session.get(Link, _read(token, settings)[0])
    if link is None or [link.id, link.occurrence_id, link.person_id] != _read(token, settings):
        raise LinkRefused(f"Liên kết này không còn trong hệ thống. {ASK_AGAIN}")
    if link.revoked_at is not None:
        raise LinkRefused(f"Liên kết này đã bị thu hồi. {ASK_AGAIN}", gone=True)
    if link.expires_at <= now:
        day = say_date(local(link.expires_at).date())
        raise LinkRefused(f"Liên kết này đã hết hiệu lực từ ngày {day}. {ASK_AGAIN}", gone=True)
    link.last_used_at = now
    return link


def _read(token: str, settings: Settings) -> list[int]:
    try:
        ids = _signer(settings).loads(token)
    except BadData:
        ids = None
    if not isinstance(ids, list) or len(ids) != 3:
        raise LinkRefused(f"Liên kết không đúng hoặc bị sao chép thiếu. {ASK_AGAIN}")
    return ids


def other_links(session: Session, link: Link, now: datetime, settings: Settings) -> list[tuple[Occurrence, str]]:
    """What else waits for the person of a link, with the address of each, the nearest date first.

    The link of a digest that had to be cut leads here. Writes nothing: every duty of a digest has its link already.
    """
    signer = _signer(settings)
    return [(other.occurrence, address(other.link, signer, settings)) for other in open_links(session, link, now)]


def revoke_links(session: Session, person_id: int, now: datetime) -> int:
    """Revoke every link of a person (who left, or lost a telephone); how many those were."""
    links = session.scalars(select(Link).where(Link.person_id == person_id, Link.revoked_at.is_(None))).all()
    for link in links:
        link.revoked_at = now
    return len(links)


def _signer(settings: Settings) -> URLSafeSerializer:
    secret = settings.secret_key.get_secret_value()
    if not secret:
        raise ConfigFault("Chưa có khóa bí mật để ký liên kết. Hãy chạy dondoc init hoặc đặt DONDOC_SECRET_KEY.")
    return URLSafeSerializer(secret, salt=SALT)
