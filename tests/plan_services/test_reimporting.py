"""A corrected file: duties are known again, what was done stays, only what is open moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Occurrence, Plan
from db.queries import plan_queries
from db.session import transaction
from plans.confirming import confirm
from plans.differing import compare
from plans.drafting import keyed_rows
from plans.questions import answer
from plans.reading import Reading, TargetRow
from plans.reimporting import Effect, apply_difference, date_late_answers, difference_of, redate
from tests.plan_services.readings import (
    ACTOR,
    CALENDAR,
    HEAD,
    NOW,
    Row,
    draft,
    load_register,
    reading_of,
    settings_of,
)

REPORT = Row("1", "Quý II", content="Rà soát thủ tục về đất đai")
CHECK = Row("2", "Hằng quý", content="Kiểm tra nơi tiếp nhận hồ sơ")
SIGNS = Row("3", "Quý III", content="Thay biển chỉ dẫn tại trụ sở")


def confirmed(session: Session, home: Path, *rows: Row) -> Plan:
    load_register(session)
    plan = draft(session, home, reading_of(*rows))
    confirm(session, plan.id, CALENDAR, NOW, ACTOR)
    return plan


def reimport(session: Session, plan: Plan, home: Path, reading: Reading, data: bytes = b"corrected") -> Effect:
    return apply_difference(session, plan.id, reading, "sua.docx", data, CALENDAR, NOW, ACTOR, settings_of(home))


def states(session: Session) -> dict[tuple[str, str], tuple[str, date]]:
    rows = session.scalars(select(Occurrence)).all()
    return {(row.obligation.content, row.period_key): (row.state, row.nominal) for row in rows}


COMPARED = {
    "nothing": ((REPORT, CHECK), (REPORT, CHECK), ([], [], [])),
    "added at the top, all renumbered": (
        (REPORT, CHECK),
        (replace(SIGNS, key="1"), replace(REPORT, key="2"), replace(CHECK, key="3")),
        (["1"], [], []),
    ),
    "removed": ((REPORT, CHECK), (CHECK,), ([], ["1"], [])),
    "new deadline": ((REPORT,), (replace(REPORT, deadline="Quý IV"),), ([], [], [("1", "1", ("deadline_text",))])),
    "reworded a little": (
        (REPORT,),
        (replace(REPORT, content="Rà soát các thủ tục về đất đai"),),
        ([], [], [("1", "1", ("content",))]),
    ),
    "another duty under the same number": ((REPORT,), (replace(SIGNS, key="1"),), (["1"], ["1"], [])),
    "changed places": ((REPORT, CHECK), (replace(CHECK, key="1"), replace(REPORT, key="2")), ([], [], [])),
    "other case and spelling of one unit": (
        (REPORT,),
        (replace(REPORT, leads=("Văn phòng",)),),
        ([], [], [("1", "1", ("leads",))]),
    ),
}


@pytest.mark.parametrize(("old", "new", "found"), COMPARED.values(), ids=COMPARED)
def test_duties_are_known_again(
    old: tuple[Row, ...],
    new: tuple[Row, ...],
    found: tuple[list[str], list[str], list[tuple[str, str, tuple[str, ...]]]],
) -> None:
    difference = compare(keyed_rows(reading_of(*old).to_json()), keyed_rows(reading_of(*new).to_json()))
    changed = [(change.old_key, change.new_key, change.fields) for change in difference.changed]
    assert (difference.added, difference.removed, changed) == found
    assert bool(difference) == any(found)
    assert len(list(difference.lines())) >= 1


def test_looking_at_a_difference_writes_nothing(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        before = states(session)
        assert difference_of(plan, reading_of(SIGNS).to_json())
        assert (states(session), plan.file_name) == (before, "kehoach.docx")


def test_only_what_is_open_moves(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = confirmed(session, home, REPORT, CHECK, SIGNS)
        done = session.scalars(select(Occurrence).where(Occurrence.period_key == "2026-Q1")).one()
        done.state = "accepted"
    later = replace(CHECK, key="1", deadline="trước ngày 25 của tháng cuối quý")
    with transaction(database_url) as session:
        reading = reading_of(
            later, replace(REPORT, key="2", deadline="Quý III"), Row("3", "Quý IV", content="Việc mới")
        )
        effect = reimport(session, plan, home, reading)
        assert (effect.added, effect.moved, effect.cancelled, effect.untouched) == (1, 4, 1, 1)
    with transaction(database_url) as session:
        found = states(session)
        assert found[CHECK.content, "2026-Q1"] == ("accepted", date(2026, 3, 31)), "what was done stays"
        assert found[CHECK.content, "2026-Q2"] == ("open", date(2026, 6, 24))
        assert found[REPORT.content, "once-1"] == ("open", date(2026, 9, 30))
        assert found[SIGNS.content, "once-1"] == ("cancelled", date(2026, 9, 30))
        assert found["Việc mới", "once-1"] == ("open", date(2026, 12, 31))
        assert [duty.key for duty in plan_queries.obligations_of(session, plan.id)] == ["1", "2", "3"]
        assert list(journal.verify(session)) == []


def test_a_moved_date_keeps_the_old_one_in_words(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        effect = reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý III")))
        row = session.scalars(select(Occurrence)).one()
        assert "hạn cũ là 30/06/2026" in row.explanation[-1]
        assert effect.moves == [{"id": row.id, "from": "2026-06-30", "to": "2026-09-30"}]


def test_a_later_date_begins_a_new_round_of_the_chase(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = confirmed(session, home, REPORT)
        row = session.scalars(select(Occurrence)).one()
        row.last_step, row.last_step_at, row.ladder = "sau-5", NOW, {"name": "default"}
        row.extended_due = date(2026, 7, 10)
        reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý III")))
    with transaction(database_url) as session:
        row = session.scalars(select(Occurrence)).one()
        assert (row.due_legal, row.extended_due) == (date(2026, 9, 30), None), (
            "an overtaken extension makes nobody late"
        )
        assert (row.last_step, row.last_step_at, row.ladder) == (None, None, None)


def test_an_extension_beyond_the_new_date_stands(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        session.scalars(select(Occurrence)).one().extended_due = date(2026, 10, 15)
        reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý III")))
        assert session.scalars(select(Occurrence)).one().extended_due == date(2026, 10, 15)


def test_what_a_correction_adds_in_the_past_is_only_recorded(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        reading = reading_of(REPORT, Row("2", "Hằng quý", content="Việc mới"))
        later = NOW.replace(month=8)
        apply_difference(session, plan.id, reading, "sua.docx", b"corrected", CALENDAR, later, ACTOR, settings_of(home))
        found = states(session)
        assert [found["Việc mới", f"2026-Q{n}"][0] for n in (1, 2, 3, 4)] == ["recorded", "recorded", "open", "open"]
        assert found[REPORT.content, "once-1"][0] == "open", "what was owed before stays owed"


def test_a_new_lead_takes_the_open_work_over(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = confirmed(session, home, REPORT)
        reimport(session, plan, home, reading_of(replace(REPORT, leads=("Văn phòng",))))
        rows = session.scalars(select(Occurrence).order_by(Occurrence.id)).all()
        assert [(row.unit.code, row.state) for row in rows] == [("hcc", "cancelled"), ("vp", "open")]


def test_an_odd_new_deadline_is_asked_and_the_old_date_holds_until_then(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        effect = reimport(session, plan, home, reading_of(replace(REPORT, deadline="mát trời thì làm")))
        (question,) = [each for each in plan_queries.open_questions(session, plan.id) if each.kind == "deadline"]
        assert effect.questions == 1
        assert states(session)[REPORT.content, "once-1"] == ("open", date(2026, 6, 30))
        answer(session, question.id, {"phrase": "Quý IV"}, NOW, ACTOR)
        redate(session, plan, [plan.obligations[0]], CALENDAR, NOW, settings_of(home))
        assert states(session)[REPORT.content, "once-1"] == ("open", date(2026, 12, 31))


HEADS = {
    "kind": "Chương trình",
    "number": "46/KH-UBND",
    "title": "Tên khác hẳn",
    "issuer": "UBND phường Khác",
    "locality": "phường Khác",
    "issued_on": "2026-01-16",
}


@pytest.mark.parametrize(("name", "words"), HEADS.items(), ids=HEADS)
def test_a_corrected_head_is_taken_over(sqlite_url: str, home: Path, name: str, words: Any) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        corrected = reading_of(REPORT, head=replace(HEAD, **{name: words}))
        difference = difference_of(plan, corrected.to_json())
        assert list(difference.head) == [name]
        reimport(session, plan, home, corrected)
        session.expire_all()
        assert str(getattr(plan, name)) == words


def test_answers_hold_for_duties_whose_words_are_unchanged(sqlite_url: str, home: Path) -> None:
    odd = replace(REPORT, deadline="mát trời thì làm")
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(odd))
        answer(session, plan.questions[0].id, {"phrase": "Quý II"}, NOW, ACTOR)
        effect = reimport(session, plan, home, reading_of(replace(SIGNS, key="1"), replace(odd, key="2")))
        assert effect.questions == 0, "nothing decided is asked again"
        assert confirm(session, plan.id, CALENDAR, NOW, ACTOR).expansion.opened == 2


def test_a_draft_asks_only_what_the_corrected_words_leave_open(sqlite_url: str, home: Path) -> None:
    rows = (
        replace(REPORT, deadline="mát trời thì làm"),
        replace(CHECK, leads=()),
        replace(SIGNS, leads=("Sở Lạ",), coordinators=("Đội Cũ",)),
    )
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*rows))
        ignored = next(each for each in plan.questions if each.subject == "Đội Cũ")
        answer(session, ignored.id, {"ignore": True}, NOW, ACTOR)
        fixed = replace(CHECK, leads=("Đơn vị chưa có tên",))
        effect = reimport(session, plan, home, reading_of(REPORT, fixed, replace(rows[2], deadline="sớm thôi")))
        asked = [(each.kind, each.subject) for each in plan_queries.open_questions(session, plan.id)]
        assert sorted(asked) == [
            ("deadline", "sớm thôi"),
            ("unit", "Sở Lạ"),
            ("unit", "Đơn vị chưa có tên"),
            ("unit", "Đội Lạ Mặt"),
        ]
        assert effect.questions == 3
        assert plan.obligations[2].rules == [], "the old dates of a draft do not outlive its words"


def test_a_late_unit_dates_every_duty_that_prints_it(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = confirmed(session, home, REPORT, SIGNS)
        rows = [replace(row, leads=("Tổ liên ngành",)) for row in (REPORT, SIGNS)]
        effect = reimport(session, plan, home, reading_of(*rows))
        assert (effect.questions, effect.cancelled, effect.added) == (1, 0, 0)
    with transaction(database_url) as session:
        (question,) = [each for each in plan_queries.open_questions(session, plan.id) if "liên" in each.subject]
        answer(session, question.id, {"unit": "kt"}, NOW, ACTOR)
        late = date_late_answers(session, [question], CALENDAR, NOW, settings_of(home))
        assert late is not None
        assert (late.added, late.cancelled, late.questions) == (2, 2, 0)
    with transaction(database_url) as session:
        open_units = session.scalars(select(Occurrence).where(Occurrence.state == "open")).all()
        assert {row.unit.code for row in open_units} == {"kt"}


def test_what_one_correction_cancelled_the_next_brings_back(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        reimport(session, plan, home, reading_of(replace(REPORT, leads=("Văn phòng",))), b"one")
        reimport(session, plan, home, reading_of(REPORT), b"two")
        rows = session.scalars(select(Occurrence).order_by(Occurrence.id)).all()
        assert [(row.unit.code, row.state) for row in rows] == [("hcc", "open"), ("vp", "cancelled")]


def test_targets_follow_the_corrected_file(database_url: str, home: Path) -> None:
    raised = TargetRow("1", None, "Hồ sơ đúng hạn", "%", ">=", 99, ("Văn phòng",))
    new = TargetRow("2", None, "Hồ sơ trực tuyến", "%", "=", 80, ())
    with transaction(database_url) as session:
        plan = confirmed(session, home, REPORT)
        first = plan.targets[0].id
        reimport(session, plan, home, replace(reading_of(REPORT), targets=(raised, new)))
    with transaction(database_url) as session:
        kept = plan_queries.plan_by_code(session, plan.code)
        assert kept is not None
        assert [(target.name, target.value) for target in kept.targets] == [
            ("Hồ sơ đúng hạn", 99),
            ("Hồ sơ trực tuyến", 80),
        ]
        assert kept.targets[0].id == first, "figures reported on it stay with it"
        assert [row.unit.code for row in kept.targets[0].responsible if row.unit] == ["vp"]


def test_a_waiting_duty_that_comes_with_a_correction_waits_too(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        reimport(session, plan, home, reading_of(REPORT, Row("2", "Khi có phát sinh", content="Việc bất ngờ")))
        assert [each.subject for each in plan_queries.waiting_questions(session, plan.id)] == ["khi có phát sinh"]


REFUSED = {
    "the same bytes": (reading_of(REPORT), b"a plan", "đã được nhập"),
    "another year": (reading_of(REPORT, head=replace(HEAD, year=2025)), b"x", "không phải năm 2026"),
    "nothing in it": (replace(reading_of(), targets=()), b"x", "không có nhiệm vụ"),
}


@pytest.mark.parametrize(("reading", "data", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_correction_is_refused(
    reading: Reading, data: bytes, said: str, sqlite_url: str, home: Path
) -> None:
    with transaction(sqlite_url) as session:
        plan = confirmed(session, home, REPORT)
        before = states(session)
        with pytest.raises(Refusal, match=said):
            reimport(session, plan, home, reading, data)
        assert states(session) == before
