"""How an occurrence stands: expected, received, on time, late, missing; in the words that offices use.

An occurrence ends with the last instant of its day in the office's zone: an answer at 23:59:59 is on time, one at
00:00:00 of the next day is late. Which of several answers counts: the first (a unit is not late because its report was
sent back and came again).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from config.clock import ZONE
from db.models import OPEN_STATES, Occurrence

ANSWERED_STATES = ("submitted", "accepted")


class Word(StrEnum):
    """The state of an occurrence in one word."""

    ON_TIME = "đúng hạn"
    LATE = "quá hạn"
    IN_TERM = "trong hạn"
    NOT_YET = "chưa đến hạn"
    WAIVED = "miễn"
    ON_HOLD = "tạm dừng"
    RECORDED = "không theo dõi"


class Bucket(StrEnum):
    """The four counts of official follow-up reports (the form used under Quyết định 42/2014/QĐ-TTg)."""

    DONE_ON_TIME = "Đã hoàn thành đúng hạn"
    DONE_LATE = "Đã hoàn thành quá hạn"
    OPEN_IN_TERM = "Chưa hoàn thành, trong hạn"
    OPEN_OVERDUE = "Chưa hoàn thành, quá hạn"


OUTSIDE_WORDS = {"waived": Word.WAIVED, "on_hold": Word.ON_HOLD, "recorded": Word.RECORDED}


@dataclass(frozen=True)
class Standing:
    """How one occurrence stands at an instant.

    `bucket` is None when nothing is expected (waived, on hold, recorded). `days_late` counts calendar days after the
    due date, to the answer or to now. `reviewing`: received, and nobody has accepted it yet.
    """

    word: Word
    bucket: Bucket | None
    due: date
    days_late: int = 0
    reviewing: bool = False

    @property
    def expected(self) -> bool:
        """Whether something is expected at all."""
        return self.bucket is not None

    @property
    def received(self) -> bool:
        """Whether the unit has answered and was not sent back."""
        return self.bucket in (Bucket.DONE_ON_TIME, Bucket.DONE_LATE)

    @property
    def on_time(self) -> bool:
        """Received by the end of the due date."""
        return self.bucket is Bucket.DONE_ON_TIME

    @property
    def late(self) -> bool:
        """Received after the due date."""
        return self.bucket is Bucket.DONE_LATE

    @property
    def missing(self) -> bool:
        """Not received although the due date has ended."""
        return self.bucket is Bucket.OPEN_OVERDUE

    @property
    def pending(self) -> bool:
        """Not received and not yet due."""
        return self.bucket is Bucket.OPEN_IN_TERM

    @property
    def text(self) -> str:
        """The state as it is printed in the report."""
        if self.bucket is None:
            return {Word.WAIVED: "Miễn", Word.ON_HOLD: "Tạm dừng"}.get(self.word, "Chỉ ghi nhận")
        if self.received:
            told = f"Hoàn thành {self.word}" + (f" {self.days_late} ngày" if self.days_late else "")
            return told + (" (chờ xem xét)" if self.reviewing else "")
        if self.missing:
            return f"Chưa hoàn thành, quá hạn {self.days_late} ngày"
        return "Chưa đến hạn" if self.word is Word.NOT_YET else "Chưa hoàn thành, trong hạn"


def effective_due(occurrence: Occurrence) -> date:
    """The day at whose end the occurrence is late: the granted extension, else the legal date."""
    return occurrence.extended_due or occurrence.due_legal


def first_answer(occurrence: Occurrence) -> datetime | None:
    """When the unit first answered, from the occurrence or, failing that, from its oldest submission."""
    if occurrence.answered_at is not None:
        return occurrence.answered_at
    return min((each.received_at for each in occurrence.submissions), default=occurrence.accepted_at)


def judge(occurrence: Occurrence, now: datetime) -> Standing:
    """How an occurrence stands at `now` (aware).

    Raises:
        ValueError: `now` has no time zone.
    """
    today = local_date(now)
    due = effective_due(occurrence)
    if occurrence.state in OUTSIDE_WORDS:
        return Standing(OUTSIDE_WORDS[occurrence.state], None, due)
    if occurrence.state in ANSWERED_STATES:
        return _answered(occurrence, due)
    if occurrence.state not in OPEN_STATES:
        raise ValueError(f"state {occurrence.state!r} is not judged")
    return _unanswered(occurrence, due, today)


def _answered(occurrence: Occurrence, due: date) -> Standing:
    moment = first_answer(occurrence)
    reviewing = occurrence.state == "submitted"
    # An answer whose time nobody wrote down cannot be called on time.
    day = local_date(moment) if moment else None
    if day is not None and day <= due:
        return Standing(Word.ON_TIME, Bucket.DONE_ON_TIME, due, reviewing=reviewing)
    return Standing(Word.LATE, Bucket.DONE_LATE, due, (day - due).days if day else 0, reviewing)


def _unanswered(occurrence: Occurrence, due: date, today: date) -> Standing:
    if today > due:
        return Standing(Word.LATE, Bucket.OPEN_OVERDUE, due, (today - due).days)
    word = Word.NOT_YET if today < occurrence.period_start else Word.IN_TERM
    return Standing(word, Bucket.OPEN_IN_TERM, due)


def local_date(moment: datetime) -> date:
    """The calendar day of an instant in Asia/Ho_Chi_Minh. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime refused: give it a time zone")
    return moment.astimezone(ZONE).date()
