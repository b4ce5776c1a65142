"""How an occurrence is judged."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import ZONE
from db.models import OCCURRENCE_STATES, Occurrence, Submission
from reports.timeliness import Bucket, Standing, Word, judge
from tests.reports.report_builders import at

DUE = date(2026, 3, 17)
ON_TIME, LATE = Bucket.DONE_ON_TIME, Bucket.DONE_LATE
IN_TERM, OVERDUE = Bucket.OPEN_IN_TERM, Bucket.OPEN_OVERDUE


def occurrence(state: str, answered: datetime | None = None, extended: date | None = None) -> Occurrence:
    """An occurrence due on 17 March 2026, of the first quarter."""
    made = Occurrence(state=state, answered_at=answered, extended_due=extended, due_legal=DUE, due_target=DUE)
    made.period_start, made.period_end = date(2026, 1, 1), date(2026, 3, 31)
    return made


CASES = {
    "last_second_of_the_day": (occurrence("accepted", at(DUE, 23, 59, 59)), at(DUE, 23, 59, 59), Word.ON_TIME, ON_TIME),
    "midnight_after": (occurrence("accepted", at(date(2026, 3, 18), 0)), at(date(2026, 3, 20)), Word.LATE, LATE),
    "utc_evening_is_the_next_local_day": (
        occurrence("accepted", datetime(2026, 3, 17, 17, 0, tzinfo=UTC)), at(date(2026, 3, 20)), Word.LATE, LATE,
    ),
    "utc_afternoon_is_the_same_local_day": (
        occurrence("accepted", datetime(2026, 3, 17, 16, 59, tzinfo=UTC)), at(date(2026, 3, 20)), Word.ON_TIME, ON_TIME,
    ),
    "waiting_for_review_has_answered": (occurrence("submitted", at(DUE)), at(date(2026, 4, 1)), Word.ON_TIME, ON_TIME),
    "extension_counts": (
        occurrence("accepted", at(date(2026, 3, 25)), date(2026, 3, 31)), at(date(2026, 4, 2)), Word.ON_TIME, ON_TIME,
    ),
    "open_within_an_extension": (
        occurrence("open", None, date(2026, 3, 31)), at(date(2026, 3, 31), 23), Word.IN_TERM, IN_TERM,
    ),
    "open_on_the_day": (occurrence("open"), at(DUE, 23, 59), Word.IN_TERM, IN_TERM),
    "open_after_the_day": (occurrence("open"), at(date(2026, 3, 18), 0), Word.LATE, OVERDUE),
    "open_before_its_period": (occurrence("open"), at(date(2025, 12, 31)), Word.NOT_YET, IN_TERM),
    "returned_and_overdue_is_missing": (occurrence("returned", at(DUE)), at(date(2026, 3, 20)), Word.LATE, OVERDUE),
    "accepted_without_a_time_is_not_called_on_time": (occurrence("accepted"), at(DUE), Word.LATE, LATE),
    "waived": (occurrence("waived"), at(date(2026, 4, 1)), Word.WAIVED, None),
    "on_hold": (occurrence("on_hold"), at(date(2026, 4, 1)), Word.ON_HOLD, None),
    "recorded": (occurrence("recorded"), at(date(2026, 4, 1)), Word.RECORDED, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_standing(name: str) -> None:
    asked, now, word, bucket = CASES[name]
    standing = judge(asked, now)
    assert (standing.word, standing.bucket) == (word, bucket)


def test_the_first_answer_decides_even_when_it_was_returned() -> None:
    asked = occurrence("submitted", at(date(2026, 3, 10)))
    asked.submissions = [
        Submission(version=1, state="returned", received_at=at(date(2026, 3, 10))),
        Submission(version=2, state="received", received_at=at(date(2026, 3, 30))),
    ]
    assert judge(asked, at(date(2026, 4, 1))).on_time


def test_days_late_are_counted_to_the_answer_or_to_now() -> None:
    assert judge(occurrence("open"), at(date(2026, 3, 27))).days_late == 10
    assert judge(occurrence("accepted", at(date(2026, 3, 20))), at(date(2026, 12, 1))).days_late == 3


def test_naive_and_unknown_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        judge(occurrence("open"), datetime(2026, 3, 1))  # noqa: DTZ001 - what is refused here
    with pytest.raises(ValueError, match="cancelled"):
        judge(occurrence("cancelled"), at(DUE))


TEXTS = [
    (occurrence("open"), "Chưa hoàn thành, quá hạn 3 ngày"),
    (occurrence("submitted", at(DUE)), "Hoàn thành đúng hạn (chờ xem xét)"),
    (occurrence("accepted", at(date(2026, 3, 19))), "Hoàn thành quá hạn 2 ngày"),
    (occurrence("waived"), "Miễn"),
    (occurrence("on_hold"), "Tạm dừng"),
    (occurrence("recorded"), "Chỉ ghi nhận"),
]


@pytest.mark.parametrize(("asked", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_printed_words(asked: Occurrence, text: str) -> None:
    assert judge(asked, at(date(2026, 3, 20))).text == text


states = st.sampled_from([state for state in OCCURRENCE_STATES if state != "cancelled"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda each: each.replace(tzinfo=ZONE))  # noqa: DTZ001


@given(state=states, answered=st.none() | moments, now=moments, extra=st.none() | st.integers(0, 60))
def test_every_standing_is_exactly_one_thing(
    state: str, answered: datetime | None, now: datetime, extra: int | None
) -> None:
    extended = None if extra is None else DUE + timedelta(days=extra)
    standing = judge(occurrence(state, answered, extended), now)
    parts = (standing.on_time, standing.late, standing.missing, standing.pending)
    assert sum(parts) == int(standing.expected)
    assert standing.received == (standing.on_time or standing.late)
    assert isinstance(standing, Standing)
    assert standing.days_late >= 0
    assert standing.text
