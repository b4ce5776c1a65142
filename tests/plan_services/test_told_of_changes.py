"""A corrected plan whose old dates somebody was told of: each such person gets one message, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Message, MessageItem, Occurrence, Plan
from db.session import transaction
from plans.confirming import confirm
from plans.questions import answer
from plans.reimporting import Effect, apply_difference, date_late_answers, preview_difference
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of, settings_of

OFFICE = ("Văn phòng",)
REPORT = Row("1", "Quý II", OFFICE, content="Rà soát thủ tục về đất đai")
SIGNS = Row("2", "Quý III", OFFICE, content="Thay biển chỉ dẫn tại trụ sở")
NEW = (replace(REPORT, deadline="Quý IV"), SIGNS)


def told_plan(session: Session, home: Path, *rows: Row) -> Plan:
    """A confirmed plan; the office was sent a message about every occurrence of it."""
    load_register(session)
    plan = draft(session, home, reading_of(*rows))
    confirm(session, plan.id, CALENDAR, NOW, ACTOR)
    occurrences = session.scalars(select(Occurrence).order_by(Occurrence.id)).all()
    people = [person for each in occurrences[:1] for person in each.unit.people]
    for person in people:
        sent = Message(
            dedupe_key=f"day:{person.id}", person_id=person.id, channel="email", address=person.email or "", thread=[]
        )
        sent.kind, sent.subject, sent.text, sent.state = "digest", "Nhắc", "Nhắc việc", "sent"
        sent.not_before = sent.created_at = NOW
        sent.items = [
            MessageItem(occurrence_id=each.id, step="before-5", position=place, reason="Còn 05 ngày")
            for place, each in enumerate(occurrences)
        ]
        session.add(sent)
    session.flush()
    return plan


def queued(session: Session) -> Sequence[Message]:
    return session.scalars(select(Message).where(Message.state == "queued")).all()


def corrected(session: Session, plan: Plan, home: Path, *rows: Row, data: bytes = b"corrected") -> Effect:
    reading = reading_of(*rows)
    return apply_difference(session, plan.id, reading, "sua.docx", data, CALENDAR, NOW, ACTOR, settings_of(home))


def change(session: Session, content: str, **values: object) -> None:
    for each in session.scalars(select(Occurrence)).all():
        if each.obligation.content == content:
            for name, value in values.items():
                setattr(each, name, value)
    session.flush()


CASES: dict[str, tuple[dict[str, object], tuple[Row, ...], str]] = {
    "moved": ({}, NEW, "Hạn cũ 30/6/2026, hạn mới 31/12/2026: kế hoạch được sửa ngày 20/01/2026."),
    "taken out": (
        {},
        (SIGNS,),
        "Không còn phải thực hiện (hạn cũ 30/6/2026): kế hoạch được sửa ngày 20/01/2026, nhiệm vụ không còn",
    ),
    "given to another unit": (
        {},
        (replace(REPORT, leads=("Trung tâm Phục vụ hành chính công",)), SIGNS),
        "(hạn cũ 30/6/2026): kế hoạch được sửa ngày 20/01/2026, nhiệm vụ giao cho đơn vị khác.",
    ),
    "one day for every quarter": (
        {},
        (replace(REPORT, deadline="Hằng quý"), SIGNS),
        "nhiệm vụ nay đến hạn ngày 31/03/2026, 30/06/2026, 30/09/2026, 31/12/2026.",
    ),
    "no day any more": ({}, (replace(REPORT, deadline="Khi có yêu cầu"), SIGNS), "nhiệm vụ chưa có ngày đến hạn."),
    "on hold": ({"state": "on_hold"}, NEW, "Hạn cũ 30/6/2026, hạn mới 31/12/2026"),
    "returned": ({"state": "returned"}, NEW, "Hạn cũ 30/6/2026, hạn mới 31/12/2026"),
    "acknowledged": ({"acknowledged_at": NOW}, NEW, "Hạn cũ 30/6/2026, hạn mới 31/12/2026"),
    "an extension that the new date reaches": (
        {"extended_due": date(2026, 7, 15)},
        NEW,
        "Hạn cũ 15/7/2026, hạn mới 31/12/2026",
    ),
}


@pytest.mark.parametrize(("before", "rows", "words"), CASES.values(), ids=CASES)
def test_who_was_told_of_the_old_date_hears_of_the_new_one(
    sqlite_url: str, home: Path, before: dict[str, object], rows: tuple[Row, ...], words: str
) -> None:
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        change(session, REPORT.content, **before)
        effect = corrected(session, plan, home, *rows)
        (message,) = queued(session)
        assert effect.told == 1
        assert "Đã xếp tin báo đổi hạn cho 1 người" in "\n".join(effect.lines())
        assert words in message.text
        assert "Thay biển chỉ dẫn" not in message.text, "what did not move is not spoken of"


SILENT: dict[str, tuple[dict[str, object], tuple[Row, ...]]] = {
    "submitted": ({"state": "submitted"}, NEW),
    "accepted": ({"state": "accepted"}, NEW),
    "waived": ({"state": "waived"}, (SIGNS,)),
    "an extension beyond the new date": ({"extended_due": date(2027, 1, 15)}, NEW),
    "only words": ({}, (replace(REPORT, coordinators=("Phòng Kinh tế, Hạ tầng và Đô thị",)), SIGNS)),
    "only renumbered": ({}, (replace(SIGNS, key="1"), replace(REPORT, key="2"))),
}


@pytest.mark.parametrize(("before", "rows"), SILENT.values(), ids=SILENT)
def test_a_day_that_stays_as_it_was_told_is_not_told_again(
    sqlite_url: str, home: Path, before: dict[str, object], rows: tuple[Row, ...]
) -> None:
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        change(session, REPORT.content, **before)
        assert corrected(session, plan, home, *rows).told == 0
        assert not queued(session)


def test_a_preview_says_how_many_would_be_told_and_queues_nothing(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        given = (reading_of(*NEW), "sua.docx", b"corrected", CALENDAR, NOW, ACTOR, settings_of(home))
        effect = preview_difference(session, plan.id, *given).effect
        assert effect.told == 1
        assert "Sẽ báo đổi hạn cho 1 người" in "\n".join(effect.preview_lines())
        assert not queued(session)


def test_what_was_taken_out_and_comes_back_is_told_both_times(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        corrected(session, plan, home, SIGNS)
        (message,) = queued(session)
        assert "Không còn phải thực hiện" in message.text
        corrected(session, plan, home, REPORT, SIGNS, data=b"once more")
        (message,) = queued(session)
        assert "Phải thực hiện trở lại, hạn 30/6/2026" in message.text
        assert "Không còn" not in message.text, "one instant, one message, its last word"


@pytest.mark.parametrize("state", ["open", "accepted", "on_hold"])
def test_what_was_done_is_still_done_when_a_row_comes_back(sqlite_url: str, home: Path, state: str) -> None:
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        change(session, REPORT.content, state=state)
        corrected(session, plan, home, replace(SIGNS, key="1"))
        effect = corrected(session, plan, home, SIGNS, replace(REPORT, key="5"), data=b"once more")
        found = [
            each for each in session.scalars(select(Occurrence)).all() if each.obligation.content == REPORT.content
        ]
        alive = {"open": "open", "on_hold": "open"}.get(state, state)
        assert [(each.state, each.obligation.key, each.obligation.active) for each in found] == [(alive, "5", True)]
        assert effect.added == (alive == "open")
        assert len(plan.obligations) == 2


def test_a_date_that_a_correction_puts_into_the_past_is_pointed_out(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        rows = (replace(REPORT, deadline="Trước ngày 19/01/2026"), replace(SIGNS, deadline="Quý IV"))
        given = (reading_of(*rows), "sua.docx", b"corrected", CALENDAR, NOW, ACTOR, settings_of(home))
        before = "\n".join(preview_difference(session, plan.id, *given).effect.preview_lines())
        effect = apply_difference(session, plan.id, *given)
        assert (effect.moved, effect.late) == (2, 1)
        for said in (before, "\n".join(effect.lines())):
            assert "1 kỳ hạn có hạn mới đã qua, sẽ bị tính là quá hạn ngay" in said


def test_answers_to_several_questions_are_one_message(sqlite_url: str, home: Path) -> None:
    odd = "mát trời thì làm"
    with transaction(sqlite_url) as session:
        plan = told_plan(session, home, REPORT, SIGNS)
        effect = corrected(session, plan, home, replace(REPORT, deadline=odd), replace(SIGNS, deadline=odd))
        assert effect.told == 0, "the old dates hold until the question is answered"
        asked = [each for each in plan.questions if each.kind == "deadline" and each.answered_at is None]
        done = [answer(session, each.id, {"phrase": "Tháng 11"}, NOW, ACTOR) for each in asked]
        late = date_late_answers(session, done, CALENDAR, NOW, settings_of(home))
        assert late is not None
        assert (len(done), late.moved, late.told) == (2, 2, 1)
        (message,) = queued(session)
        assert message.text.count("hạn mới 30/11/2026") == 2
