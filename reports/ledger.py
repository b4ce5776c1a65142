"""What a report is made from: the occurrences of a period with their standing, and the figures the units gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from db.models import Obligation, Occurrence, Plan, Submission, SubmissionFigure, Target
from db.queries.report_queries import active_obligations, occurrences_of_plan, targets_of_plan
from deadlines import data_window
from deadlines.periods import Period
from reports.selection import belonging_day, belongs, next_period
from reports.timeliness import Standing, judge


@dataclass(frozen=True)
class Line:
    """One occurrence, how it stands, and the submission that speaks for it (the newest not returned)."""

    occurrence: Occurrence
    standing: Standing
    submission: Submission | None

    @property
    def unit_name(self) -> str:
        """The name of the unit that owes or owed it."""
        return self.occurrence.unit.name


@dataclass(frozen=True)
class Figure:
    """One figure a unit gave for a target, with the way back to where it stands."""

    target: Target
    value: float
    occurrence: Occurrence
    submission: Submission

    @property
    def unit_name(self) -> str:
        """The unit that gave the figure."""
        return self.occurrence.unit.name

    @property
    def accepted(self) -> bool:
        """Whether an officer has accepted the submission it stands in."""
        return self.submission.state == "accepted"

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files sent with it."""
        return tuple(file.name for file in self.submission.files)

    @property
    def order(self) -> tuple[date, datetime, int]:
        """Later figures sort after earlier ones."""
        return self.occurrence.period_end, self.submission.received_at, self.submission.id


FigureKey = tuple[int, int]


@dataclass(frozen=True)
class Ledger:
    """Everything a report tells, loaded and judged at one instant.

    `obligations` are the plan's duties in force; `undated` those that no rule or officer has dated yet (they wait for
    an event, a document or a demand). `lines` belong to the period; `carried` to earlier ones and are still overdue;
    `coming` to the next one. `figures` holds the newest figure of each target and unit in the period, `earlier` the
    last accepted one before it.
    """

    plan: Plan
    period: Period
    now: datetime
    obligations: tuple[Obligation, ...]
    undated: tuple[Obligation, ...]
    lines: tuple[Line, ...]
    carried: tuple[Line, ...]
    coming: tuple[Line, ...]
    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    earlier: dict[FigureKey, Figure]

    @property
    def expected(self) -> tuple[Line, ...]:
        """The lines of which something is expected."""
        return tuple(line for line in self.lines if line.standing.expected)

    @property
    def missing(self) -> tuple[Line, ...]:
        """Overdue and not received."""
        return tuple(line for line in self.lines if line.standing.missing)

    @property
    def late(self) -> tuple[Line, ...]:
        """Received after the due date."""
        return tuple(line for line in self.lines if line.standing.late)

    @property
    def pending(self) -> tuple[Line, ...]:
        """Not yet due and not received."""
        return tuple(line for line in self.lines if line.standing.pending)

    @property
    def windows(self) -> tuple[tuple[date, date], ...]:
        """The data windows of the period, the most frequent first; several when sectors differ."""
        regimes = [line.occurrence.obligation.regime for line in self.lines]
        ordered = sorted(set(regimes), key=lambda regime: (-regimes.count(regime), regime))
        return tuple(dict.fromkeys(data_window(self.period, regime) for regime in ordered))


def build_ledger(session: Session, plan: Plan, period: Period, now: datetime) -> Ledger:
    """Load a plan's occurrences and figures and judge them at `now` (aware)."""
    occurrences = occurrences_of_plan(session, plan.id)
    following = next_period(period)
    obligations = tuple(active_obligations(session, plan.id))
    dated = {each.obligation_id for each in occurrences}
    inside = [each for each in occurrences if belongs(each, period)]
    before = [each for each in occurrences if belonging_day(each) < period.start]
    return Ledger(
        plan=plan,
        period=period,
        now=now,
        obligations=obligations,
        undated=tuple(each for each in obligations if each.id not in dated),
        lines=tuple(_lines(inside, now)),
        carried=tuple(line for line in _lines(before, now) if line.standing.missing),
        coming=tuple(_lines((each for each in occurrences if belongs(each, following)), now)),
        targets=tuple(targets_of_plan(session, plan.id)),
        figures=tuple(_newest(_figures(inside)).values()),
        earlier=_newest(figure for figure in _figures(before) if figure.accepted),
    )


def _lines(occurrences: Iterable[Occurrence], now: datetime) -> Iterable[Line]:
    return (Line(each, judge(each, now), speaking(each.submissions)) for each in occurrences)


def speaking(submissions: Sequence[Submission]) -> Submission | None:
    """The submission that speaks for an occurrence: the accepted one, else the newest that was not returned."""
    kept = [each for each in submissions if each.state != "returned"]
    return max(kept, key=lambda each: (each.state == "accepted", each.version), default=None)


def _figures(occurrences: Iterable[Occurrence]) -> Iterable[Figure]:
    for occurrence in occurrences:
        submission = speaking(occurrence.submissions)
        if submission is not None and submission.kind == "report":
            yield from (_figure(each, occurrence, submission) for each in submission.figures)


def _figure(row: SubmissionFigure, occurrence: Occurrence, submission: Submission) -> Figure:
    return Figure(row.target, row.value, occurrence, submission)


def _newest(figures: Iterable[Figure]) -> dict[FigureKey, Figure]:
    ordered = sorted(figures, key=lambda figure: figure.order)
    return {(figure.target.id, figure.occurrence.unit_id): figure for figure in ordered}
