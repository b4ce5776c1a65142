"""An answer does what it says, once for every row, and is remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config.faults import Refusal
from config.units import UnitsFile
from db.models import JournalEntry, Plan, Question, Unit
from db.queries import plan_queries
from db.session import transaction
from plans.confirming import confirm
from plans.questions import answer, day_of, settle_known_names
from plans.units import BORN_OF_PLAN, name_book, sync_units
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, REGISTER, Row, draft, load_register, reading_of

STRANGE = "Tổ công tác liên ngành"


def asked(plan: Plan, kind: str) -> Question:
    return next(question for question in plan.questions if question.kind == kind)


def test_one_answer_settles_every_row_and_the_next_plan(database_url: str, home: Path) -> None:
    rows = [Row("1", "Quý I", leads=(STRANGE,)), Row("2", "Quý II", coordinators=(STRANGE,))]
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*rows))
        answer(session, asked(plan, "unit").id, {"unit": "kt"}, NOW, ACTOR)
    with transaction(database_url) as session:
        (plan,) = session.scalars(select(Plan))
        first, second = plan.obligations
        assert [row.unit.code for row in first.units if row.unit] == ["kt"]
        assert second.units[1].unit is not None
        again = draft(session, home, reading_of(Row("1", "Quý I", leads=("TỔ CÔNG TÁC LIÊN NGÀNH",))), b"next year")
        assert [question.subject for question in again.questions] == ["Đội Lạ Mặt"]
    with transaction(database_url) as session:
        assert not sync_units(session, REGISTER, NOW, ACTOR), "a learned name survives the next loading"
        assert name_book(session).resolve(STRANGE) == "kt"


def test_a_new_unit_is_registered_only_when_said_so(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I", leads=(STRANGE,))))
        question = answer(session, asked(plan, "unit").id, {"new_unit": " Tổ liên  ngành "}, NOW, ACTOR)
        unit = plan_queries.unit_by_code(session, f"{BORN_OF_PLAN}to-lien-nganh")
        assert unit is not None
        assert (unit.name, question.answer) == ("Tổ liên ngành", {"unit": unit.code, "new": "Tổ liên ngành"})
        assert name_book(session).resolve(STRANGE) == name_book(session).resolve("Tổ Liên Ngành") == unit.code
        assert not sync_units(session, REGISTER, NOW, ACTOR), "loading the register leaves it in use"


def test_the_register_takes_over_a_unit_born_of_a_plan(database_url: str, home: Path) -> None:
    units = REGISTER.model_dump(mode="json")["units"]
    units.append({"code": "to-ln", "name": STRANGE, "people": [{"code": "ln-1", "name": "Người Ba"}]})
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I", leads=(STRANGE,))))
        answer(session, asked(plan, "unit").id, {"new_unit": STRANGE}, NOW, ACTOR)
        count = session.scalar(select(func.count()).select_from(Unit))
        register = UnitsFile.model_validate(REGISTER.model_dump() | {"units": units})
        change = sync_units(session, register, NOW, ACTOR)
        assert (change.changed, change.added) == (["to-ln"], ["ln-1"])
        assert session.scalar(select(func.count()).select_from(Unit)) == count
        lead = plan.obligations[0].units[0].unit
        assert lead is not None
        assert lead.code == "to-ln"


def test_a_register_that_learns_a_name_answers_the_open_questions(sqlite_url: str, home: Path) -> None:
    units = REGISTER.model_dump(mode="json")["units"]
    units[2]["aliases"] = [STRANGE]
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "", leads=(STRANGE,))))
        sync_units(session, UnitsFile.model_validate(REGISTER.model_dump() | {"units": units}), NOW, ACTOR)
        settled = settle_known_names(session, name_book(session), NOW, ACTOR)
        assert [question.subject for question in settled] == [STRANGE]
        assert plan.obligations[0].units[0].unit is not None
        assert {question.kind for question in plan_queries.open_questions(session, plan.id)} == {"unit", "deadline"}


DEADLINES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a phrase": ({"phrase": "Quý III"}, ["2026-09-30"]),
    "a date": ({"due": "2026-05-20"}, ["2026-05-20"]),
    "a date as typed": ({"due": "20/5/2026"}, ["2026-05-20"]),
    "rules": ({"rules": [{"kind": "once", "start": None, "due": "2026-07-01"}]}, ["2026-07-01"]),
}


@pytest.mark.parametrize(("given", "dues"), DEADLINES.values(), ids=DEADLINES)
def test_a_deadline_can_be_answered(given: dict[str, Any], dues: list[str], sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "mát trời thì làm")))
        question = answer(session, asked(plan, "deadline").id, given, NOW, ACTOR)
        assert [rule["due"] for rule in plan.obligations[0].rules] == dues
        assert (question.answered_by, question.answered_at) == (ACTOR, NOW)
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor) == ("question.answer", ACTOR)


def test_a_candidate_can_be_chosen(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "mát trời thì làm")))
        question = asked(plan, "deadline")
        rule = {"kind": "continuous"}
        question.candidates = {"rules": [[rule]]}
        answer(session, question.id, {"candidate": 0}, NOW, ACTOR)
        assert plan.obligations[0].rules == [rule]


REFUSALS: dict[str, tuple[str, dict[str, Any], str]] = {
    "phrase not understood": ("deadline", {"phrase": "sớm nhất có thể"}, "Chưa hiểu"),
    "no such candidate": ("deadline", {"candidate": 7}, "cách hiểu"),
    "negative candidate": ("deadline", {"candidate": -1}, "cách hiểu"),
    "rules that are none": ("deadline", {"rules": [{"kind": "soon"}]}, "quy tắc"),
    "date that is none": ("deadline", {"due": "30/2/2026"}, "không phải là ngày"),
    "nothing": ("deadline", {}, "hãy chọn"),
    "unit for a deadline": ("deadline", {"unit": "kt"}, "hãy chọn"),
    "unknown unit": ("unit", {"unit": "nobody"}, "không có đơn vị mã"),
    "no unit": ("unit", {}, "hỏi về đơn vị"),
    "lead ignored": ("unit", {"ignore": True}, "không bỏ qua được"),
    "name taken": ("unit", {"new_unit": "TTPVHCC"}, "đã có đơn vị"),
    "name of no letters": ("unit", {"new_unit": "---"}, "không được để trống"),
    "lead ignored where missing": ("lead", {"ignore": True}, "hỏi về đơn vị"),
}


@pytest.mark.parametrize(("kind", "given", "said"), REFUSALS.values(), ids=REFUSALS)
def test_an_answer_that_cannot_be_used_changes_nothing(
    kind: str, given: dict[str, Any], said: str, sqlite_url: str, home: Path
) -> None:
    rows = [Row("1", "mát trời thì làm", leads=()), Row("2", "Quý I", leads=(STRANGE,))]
    with transaction(sqlite_url) as session:
        load_register(session)
        number = asked(draft(session, home, reading_of(*rows)), kind).id
    with pytest.raises(Refusal, match=said), transaction(sqlite_url) as session:
        answer(session, number, given, NOW, ACTOR)
    with transaction(sqlite_url) as session:
        question = session.get(Question, number)
        assert question is not None
        assert question.answered_at is None
        assert session.scalar(select(func.count()).select_from(Unit)) == 4


def test_a_missing_lead_is_named(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I", leads=(), coordinators=("Văn phòng",))))
        question = asked(plan, "lead")
        assert question.candidates == {"units": ["vp"]}
        answer(session, question.id, {"unit": "vp"}, NOW, ACTOR)
        answer(session, question.id, {"unit": "kt"}, NOW, ACTOR)
        leads = [row.unit.code for row in plan.obligations[0].units if row.role == "lead" and row.unit]
        assert leads == ["kt"], "a changed mind replaces the answer"


def test_a_coordinator_may_be_ignored(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I", coordinators=("Sở Lạ",))))
        answer(session, asked(plan, "unit").id, {"ignore": True}, NOW, ACTOR)
        assert plan.obligations[0].units[1].unit is None
        assert [question.subject for question in plan_queries.open_questions(session, plan.id)] == ["Đội Lạ Mặt"]


def test_a_confirmed_plan_keeps_its_decided_answers(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "mát trời thì làm", coordinators=("Sở Lạ",))))
        deadline, unit = asked(plan, "deadline"), asked(plan, "unit")
        answer(session, deadline.id, {"phrase": "Quý I"}, NOW, ACTOR)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="đã xác nhận"):
            answer(session, deadline.id, {"phrase": "Quý II"}, NOW, ACTOR)
        answer(session, unit.id, {"unit": "kt"}, NOW, ACTOR)


def test_a_question_nobody_asked_is_refused(sqlite_url: str) -> None:
    with pytest.raises(Refusal, match="Không có câu hỏi số 99"), transaction(sqlite_url) as session:
        answer(session, 99, {"unit": "kt"}, NOW, ACTOR)


@pytest.mark.parametrize("text", ["2026-03-16", "16/3/2026", "16/03/2026"])
def test_dates_are_read_as_people_type_them(text: str) -> None:
    assert day_of(text).isoformat() == "2026-03-16"


@pytest.mark.parametrize("text", ["", "16-3-2026", "31/2/2026", "hôm nay", None, "1/2/3/4"])
def test_other_words_are_no_date(text: object) -> None:
    with pytest.raises(Refusal, match="không phải là ngày"):
        day_of(text)
