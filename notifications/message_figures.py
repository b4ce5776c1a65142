"""How many messages a finished duty took, beside what its ladder calls for at the least.

Counting takes about a second for some hundred duties, so the watcher counts now and then and pages read what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from chasing import CaseView, Ladder, LadderError
from chasing.lowest import lowest_count
from config.clock import ZONE
from db.models import Occurrence
from db.queries import figure_queries as queries
from db.queries.watch_queries import newest_run
from deadlines import WorkCalendar, quarter
from notifications.job_runs import FIGURES, record_run

MOST = 200
"""The newest finished duties that are counted: enough for a mean, in a province as well."""
FRESH = timedelta(hours=1)

OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class MessageFigure:
    """Of the duties finished in a span: how often each was spoken of, in how many messages, and the fewest possible."""

    label: str
    finished: int
    reminders: int
    messages: int
    lowest: int

    @property
    def each(self) -> str:
        """Reminders a finished duty, with a decimal comma."""
        return _mean(self.reminders, self.finished)

    @property
    def least(self) -> str:
        """The fewest that the ladders called for, a finished duty."""
        return _mean(self.lowest, self.finished)

    @property
    def capped(self) -> bool:
        """Whether only the newest duties were counted."""
        return self.finished >= MOST


def refresh_figures(
    open_reading: OpenSession, open_transaction: OpenSession, now: datetime, calendar: WorkCalendar
) -> None:
    """Count anew and keep it, unless that was done within the hour; to be called with no transaction open.

    Nothing is locked while it counts.
    """
    with open_reading() as session:
        last = newest_run(session, FIGURES)
        if last and timedelta(0) <= now - last.started_at < FRESH:
            return
        counted = [asdict(each) for each in message_figures(session, now, calendar)]
    with open_transaction() as session:
        record_run(session, FIGURES, now, now, {"figures": counted})


def kept_figures(session: Session) -> list[MessageFigure]:
    """What was counted last; nothing before the first count."""
    last = newest_run(session, FIGURES)
    return [MessageFigure(**each) for each in last.summary.get("figures", ())] if last else []


def message_figures(session: Session, now: datetime, calendar: WorkCalendar) -> list[MessageFigure]:
    """The figures of the current quarter and year; none before the first duty is finished."""
    today = now.astimezone(ZONE).date()
    spans = [quarter(today.year, (today.month + 2) // 3)]
    found = queries.finished_since(session, _midnight(date(today.year, 1, 1)), MOST)
    ids = [one.id for one in found]
    pairs = queries.reminders_of(session, ids) if ids else []
    granted = queries.granted_at(session, ids) if ids else {}
    lowest = {one.id: _lowest(one, granted.get(one.id), calendar) for one in found}
    begun = [(spans[0].label, _midnight(spans[0].start)), (f"năm {today.year}", _midnight(date(today.year, 1, 1)))]
    figures = [
        _figure(label, [one for one in found if _answered(one) >= since], pairs, lowest) for label, since in begun
    ]
    return [figure for figure in figures if figure.finished]


def _figure(
    label: str, finished: Sequence[Occurrence], pairs: Sequence[tuple[int, int]], lowest: dict[int, int]
) -> MessageFigure:
    ids = {one.id for one in finished}
    mine = [(occurrence, message) for occurrence, message in pairs if occurrence in ids]
    messages = len({message for _, message in mine})
    return MessageFigure(label, len(ids), len(mine), messages, sum(lowest[number] for number in ids))


def _lowest(one: Occurrence, granted: datetime | None, calendar: WorkCalendar) -> int:
    """The fewest reminders of one duty; none when no chase of it had begun."""
    if one.ladder is None:
        return 0
    plan = one.obligation.plan
    try:
        ladder = Ladder.from_json(one.ladder)
    except LadderError:
        return 0
    case = CaseView(
        id=one.id,
        kind=one.kind,
        state="open",
        due_target=one.due_target,
        due_legal=one.due_legal,
        ladder=ladder,
        extended_due=one.extended_due,
        restarted_at=granted,
        acknowledged_at=one.acknowledged_at,
        quiet_until=one.quiet_until,
    )
    return lowest_count(case, plan.confirmed_at or plan.imported_at, _answered(one), calendar)


def _answered(one: Occurrence) -> datetime:
    moment = one.answered_at or one.accepted_at
    if moment is None:
        raise ValueError("a finished occurrence has an answer")
    return moment


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _mean(total: int, number: int) -> str:
    return f"{total / number:.1f}".replace(".", ",") if number else "0"
