"""What waits is dated by an event, a document or a demand, as often as there is one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Occurrence, Question
from db.session import transaction
from plans.confirming import confirm
from plans.events import enter_event
from plans.questions import answer
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of

GROUP = "Các phòng chuyên môn"
OFFSET = "Trong 05 ngày làm việc kể từ ngày nhận được văn bản"


def waiting(session: Session, home: Path, *rows: Row) -> list[Question]:
    load_register(session)
    plan = draft(session, home, reading_of(*rows))
    return list(confirm(session, plan.id, CALENDAR, NOW, ACTOR).waiting)


def test_an_event_is_dated_by_the_plans_own_offset(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        (question,) = waiting(session, home, Row("1", OFFSET))
        (made,) = enter_event(session, question.id, {"event": "2026-03-06"}, CALENDAR, NOW, ACTOR)
    with transaction(database_url) as session:
        row = session.get(Occurrence, made.id)
        assert row is not None
        assert (row.period_key, row.nominal, row.state, row.kind) == ("event-1", date(2026, 3, 13), "open", "duty")
        assert (row.period_start, row.period_end) == (date(2026, 3, 6), date(2026, 3, 13))
        assert row.period_label == "Sự kiện ngày 06/03/2026"
        assert any(ACTOR in step for step in row.explanation)
        assert list(journal.verify(session)) == []


def test_every_event_makes_an_occurrence_and_the_question_stays(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        (question,) = waiting(session, home, Row("1", OFFSET, leads=(GROUP,)))
        for day in ("2026-03-06", "9/4/2026"):
            enter_event(session, question.id, {"event": day}, CALENDAR, NOW, ACTOR)
    with transaction(database_url) as session:
        rows = session.scalars(select(Occurrence).order_by(Occurrence.id)).all()
        assert [(row.unit.code, row.period_key) for row in rows] == [
            ("vp", "event-1"),
            ("kt", "event-1"),
            ("vp", "event-2"),
            ("kt", "event-2"),
        ]
        kept = session.get(Question, question.id)
        assert kept is not None
        assert kept.answer is not None
        assert [each["event"] for each in kept.answer["entered"]] == ["2026-03-06", "2026-04-09"]


def test_a_document_or_a_demand_sets_the_day(database_url: str, home: Path) -> None:
    rows = (Row("1", "Theo Kế hoạch"), Row("2", "Đột xuất khi có yêu cầu"))
    with transaction(database_url) as session:
        document, demand = waiting(session, home, *rows)
        (one,) = enter_event(session, document.id, {"due": "2026-05-30"}, CALENDAR, NOW, ACTOR)
        (two,) = enter_event(
            session,
            demand.id,
            {"event": "2026-04-01", "due": "2026-04-03", "note": "Công văn 12"},
            CALENDAR,
            NOW,
            ACTOR,
        )
        assert (one.nominal, one.due_legal, one.due_target) == (date(2026, 5, 30), date(2026, 6, 1), date(2026, 5, 29))
        assert (two.nominal, two.period_start, two.period_label) == (date(2026, 4, 3), date(2026, 4, 1), "Công văn 12")


def test_two_rules_of_one_duty_number_their_events_together(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        questions = waiting(session, home, Row("1", "Theo Kế hoạch; đột xuất khi có yêu cầu"))
        made = [
            enter_event(session, question.id, {"due": "2026-05-29"}, CALENDAR, NOW, ACTOR)[0] for question in questions
        ]
        assert [row.period_key for row in made] == ["event-1", "event-2"]


def test_the_same_event_twice_is_one_event_unless_a_note_tells_them_apart(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        (question,) = waiting(session, home, Row("1", OFFSET))
        enter_event(session, question.id, {"event": "2026-03-06"}, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="đã được nhập"):
            enter_event(session, question.id, {"event": "6/3/2026"}, CALENDAR, NOW, ACTOR)
        enter_event(session, question.id, {"event": "2026-03-06", "note": "văn bản thứ hai"}, CALENDAR, NOW, ACTOR)
        assert session.scalar(select(func.count()).select_from(Occurrence)) == 2


def test_what_was_due_before_the_plan_is_only_recorded(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        (question,) = waiting(session, home, Row("1", "Theo Kế hoạch"))
        (made,) = enter_event(session, question.id, {"due": "2026-01-05"}, CALENDAR, NOW, ACTOR)
        assert made.state == "recorded"


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "document without a day": ("Theo Kế hoạch", {"event": "2026-03-06"}, "ngày đến hạn"),
    "nothing at all": ("Khi có phát sinh", {}, "ngày xảy ra"),
    "no date": ("Khi có phát sinh", {"event": "mai"}, "không phải là ngày"),
    "wrong year": ("Khi có phát sinh", {"event": "2062-03-06"}, "quá xa"),
}


@pytest.mark.parametrize(("phrase", "given", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_dated_is_refused(
    phrase: str, given: dict[str, Any], said: str, sqlite_url: str, home: Path
) -> None:
    with transaction(sqlite_url) as session:
        (question,) = waiting(session, home, Row("1", phrase))
        with pytest.raises(Refusal, match=said):
            enter_event(session, question.id, given, CALENDAR, NOW, ACTOR)
        assert session.scalar(select(func.count()).select_from(Occurrence)) == 0


def test_only_waiting_questions_take_events(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        (question,) = waiting(session, home, Row("1", "Khi có phát sinh", coordinators=("Sở Lạ",)))
        with pytest.raises(Refusal, match="chờ một sự kiện"):
            answer(session, question.id, {"event": "2026-03-06"}, NOW, ACTOR)
        other = session.scalars(select(Question).where(Question.kind == "unit")).first()
        assert other is not None
        with pytest.raises(Refusal, match="danh sách chờ"):
            enter_event(session, other.id, {"event": "2026-03-06"}, CALENDAR, NOW, ACTOR)
