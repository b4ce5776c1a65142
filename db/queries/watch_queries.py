"""What the watcher asks: signs of life, the queue, channels, dead addresses, what came in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import ChannelToken, ChannelWindow, InboundMessage, JobRun, JournalHead, Message, Person, Suppression

LONGEST_WAIT = timedelta(days=7)


def last_good_ends(session: Session) -> dict[str, datetime]:
    """When each job last ended without an error."""
    query = select(JobRun.job, func.max(JobRun.finished_at)).where(JobRun.error.is_(None)).group_by(JobRun.job)
    return {job: ended for job, ended in session.execute(query) if ended is not None}


def newest_run(session: Session, job: str, *, lock: bool = False) -> JobRun | None:
    """The newest run of a job, whatever became of it; `lock` holds its row until the transaction ends."""
    query = select(JobRun).where(JobRun.job == job).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(1)
    return session.scalars(query.with_for_update() if lock else query).first()


def journal_head(session: Session) -> JournalHead | None:
    """The row that names the newest entry of the journal."""
    return session.get(JournalHead, 1)


def tokens(session: Session) -> Sequence[ChannelToken]:
    """The tokens of channels, still encrypted."""
    return session.scalars(select(ChannelToken).order_by(ChannelToken.channel)).all()


def paused_windows(session: Session, beyond: datetime) -> Sequence[ChannelWindow]:
    """Channels that a provider told us to pause until after an instant."""
    query = select(ChannelWindow).where(ChannelWindow.paused_until > beyond)
    return session.scalars(query.order_by(ChannelWindow.channel)).all()


def waits_on(session: Session, channels: Collection[str], since: datetime) -> bool:
    """Whether a message could have left through one of these channels since an instant, and still waits."""
    query = select(Message.id).where(
        Message.state == "queued", Message.not_before <= since, Message.channel.in_(sorted(channels))
    )
    return session.scalars(query.limit(1)).first() is not None


def failed_codes(session: Session, since: datetime) -> Sequence[tuple[str, str, int]]:
    """(channel, code, number) of the messages that could leave since then and were refused, the most frequent first."""
    code = func.coalesce(Message.error_code, "")
    query = (
        select(Message.channel, code, func.count())
        .where(Message.state.in_(("failed", "unknown")), Message.not_before >= since)
        .group_by(Message.channel, code)
        .order_by(func.count().desc(), Message.channel, code)
    )
    return [(channel, word, number) for channel, word, number in session.execute(query)]


def lost_messages(session: Session, since: datetime) -> Sequence[tuple[int, str]]:
    """(id, name) of the messages to people that could leave since then, failed, and were replaced by no other; newest
    first."""
    after = aliased(Message)
    query = (
        select(Message.id, Person.name)
        .join(Message.person)
        .where(
            Message.state == "failed",
            Message.kind != "alert",
            Message.not_before >= since,
            ~exists().where(after.replaces_id == Message.id),
        )
    )
    return [(number, name) for number, name in session.execute(query.order_by(Message.id.desc()))]


def new_bars(session: Session, since: datetime) -> Sequence[Suppression]:
    """Addresses barred since an instant and not lifted, the newest first."""
    query = select(Suppression).where(Suppression.lifted_at.is_(None), Suppression.made_at >= since)
    return session.scalars(query.order_by(Suppression.id.desc())).all()


def inbound_before(session: Session, state: str, until: datetime) -> tuple[int, datetime | None]:
    """How many inbound messages in a state came at or before an instant, and when the oldest of them came."""
    query = select(func.count(), func.min(InboundMessage.received_at)).where(
        InboundMessage.state == state, InboundMessage.received_at <= until
    )
    number, oldest = session.execute(query).one()
    return number, oldest


def inbound_since(session: Session, since: datetime) -> int:
    """How many messages came in since an instant."""
    return session.scalar(select(func.count()).where(InboundMessage.received_at >= since)) or 0


def ended_by_channel(session: Session, since: datetime) -> dict[tuple[str, str], int]:
    """(channel, state) to how many messages were sent since an instant, and how many of its own failed or are unknown.

    What waited over a week before it left is not counted: the look stays within the newest rows.
    """
    left = and_(Message.state == "sent", Message.sent_at >= since, Message.not_before >= since - LONGEST_WAIT)
    missed = and_(Message.state.in_(("failed", "unknown")), Message.not_before >= since)
    query = select(Message.channel, Message.state, func.count()).where(or_(left, missed))
    rows = session.execute(query.group_by(Message.channel, Message.state))
    return {(channel, state): number for channel, state, number in rows}


def failed_runs(session: Session, jobs: Collection[str]) -> Sequence[JobRun]:
    """The newest run of each of these jobs, where it ended in an error."""
    newest = select(func.max(JobRun.id)).where(JobRun.job.in_(sorted(jobs))).group_by(JobRun.job)
    query = select(JobRun).where(JobRun.id.in_(newest), JobRun.error.is_not(None))
    return session.scalars(query.order_by(JobRun.job)).all()


def due_alerts(session: Session, now: datetime, channels: Collection[str]) -> Sequence[int]:
    """Ids of the alerts that may leave now, oldest first."""
    query = select(Message.id).where(
        Message.state == "queued",
        Message.kind == "alert",
        Message.not_before <= now,
        Message.channel.in_(sorted(channels)),
    )
    return session.scalars(query.order_by(Message.id)).all()
