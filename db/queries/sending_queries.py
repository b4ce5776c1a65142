"""Named queries of what bounds sending: barred addresses, and what each channel has sent in its current minute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import CursorResult, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models import ChannelWindow, Message, Suppression

CHUNK = 500


def bar_in_force(session: Session, channel: str, address: str) -> Suppression | None:
    """The bar in force on an address (as `suppressions` keeps it); None when there is none."""
    return session.scalar(
        select(Suppression).where(
            Suppression.channel == channel, Suppression.address == address, Suppression.lifted_at.is_(None)
        )
    )


def bars_in_force(session: Session, addresses: Collection[str]) -> set[tuple[str, str]]:
    """(channel, address) of the bars in force on any of these addresses."""
    ordered = sorted(set(addresses))
    return {
        (channel, address)
        for start in range(0, len(ordered), CHUNK)
        for channel, address in session.execute(
            select(Suppression.channel, Suppression.address).where(
                Suppression.lifted_at.is_(None), Suppression.address.in_(ordered[start : start + CHUNK])
            )
        )
    }


def newest_bars(session: Session, limit: int) -> Sequence[Suppression]:
    """The bars in force, newest first."""
    query = select(Suppression).where(Suppression.lifted_at.is_(None)).order_by(Suppression.id.desc())
    return session.scalars(query.limit(limit)).all()


def count_bars(session: Session) -> int:
    """How many addresses take nothing now."""
    return session.scalar(select(func.count()).where(Suppression.lifted_at.is_(None))) or 0


def end_bar(session: Session, suppression_id: int, by: str, now: datetime) -> bool:
    """Lift a bar; False when it is not in force any more."""
    statement = update(Suppression).where(Suppression.id == suppression_id, Suppression.lifted_at.is_(None))
    result = session.execute(statement.values(lifted_at=now, lifted_by=by))
    return isinstance(result, CursorResult) and result.rowcount == 1


def locked_windows(session: Session, names: Iterable[str], now: datetime) -> dict[str, ChannelWindow]:
    """The windows of these buckets, made when missing, locked in one order until the transaction ends."""
    wanted = sorted(names)
    query = select(ChannelWindow).where(ChannelWindow.channel.in_(wanted)).order_by(ChannelWindow.channel)
    locked = query.with_for_update().execution_options(populate_existing=True)
    windows = {window.channel: window for window in session.scalars(locked)}
    if missing := [name for name in wanted if name not in windows]:
        _make_windows(session, missing, now)
        windows = {window.channel: window for window in session.scalars(locked)}
    return windows


def _make_windows(session: Session, names: Iterable[str], now: datetime) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"channel": name, "began_at": now, "taken": 0, "slots": {}} for name in names]
    session.execute(dialect.insert(ChannelWindow).on_conflict_do_nothing(), rows)


def write_window(session: Session, window: ChannelWindow, slots: dict[str, int], now: datetime) -> bool:
    """Keep what a window holds now; False when somebody wrote it since it was read."""
    unchanged = update(ChannelWindow).where(
        ChannelWindow.channel == window.channel,
        ChannelWindow.began_at == window.began_at,
        ChannelWindow.taken == window.taken,
    )
    result = session.execute(unchanged.values(began_at=now, taken=sum(slots.values()), slots=slots))
    return isinstance(result, CursorResult) and result.rowcount == 1


def sent_times(session: Session, people: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When what left (or may have left) to these people after an instant did so; for a doubt, when its claim ended."""
    lately = or_(
        and_(Message.state == "sent", Message.sent_at > since),
        and_(Message.state.in_(("sending", "unknown")), Message.claim_deadline > since),
    )
    moment = func.coalesce(Message.sent_at, Message.claim_deadline)
    times: dict[int, list[datetime]] = {}
    for person_id, at in session.execute(
        select(Message.person_id, moment).where(Message.person_id.in_(sorted(people)), lately)
    ):
        times.setdefault(person_id, []).append(at)
    return times
