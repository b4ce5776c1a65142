"""Questions that are alike are answered at once; a refused one leaves nothing behind and hides no good one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from db.models import JournalEntry
from db.queries import plan_queries
from db.session import transaction
from plans.bulk import answer_group, groups_of
from tests.plan_services.readings import ACTOR, NOW, Row, draft, load_register, reading_of

BY_PLAN = Row("1", "mát trời thì làm", content="Việc thứ nhất")
ROWS = (
    BY_PLAN,
    replace(BY_PLAN, key="2", content="Việc thứ hai", deadline="Mát trời  thì làm"),
    Row("3", "Quý I", content="Việc thứ ba", leads=()),
    Row("4", "Quý I", content="Việc thứ tư", leads=()),
    Row("5", "", content="Việc thứ năm", leads=("Sở Lạ",)),
    Row("6", "Quý I", content="Việc thứ sáu", leads=("Sở Lạ",), coordinators=("Hội Bạn",)),
)


def test_alike_questions_stand_together_under_plain_words(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        groups = groups_of(plan.questions)
        assert [(group.label, len(group.ids), group.must) for group in groups] == [
            ("2 nhiệm vụ ghi “mát trời thì làm”", 2, True),
            ("2 nhiệm vụ thiếu đơn vị chủ trì", 2, True),
            ("1 nhiệm vụ để trống thời hạn", 1, True),
            ("2 lần tên đơn vị chủ trì “Sở Lạ”", 1, True),
            ("1 lần tên đơn vị phối hợp “Hội Bạn”", 1, False),
            ("1 lần tên đơn vị phối hợp “Đội Lạ Mặt”", 1, False),
        ]


def test_one_answer_settles_a_group(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        by_label = {group.label: group for group in groups_of(plan.questions)}
        words = by_label["2 nhiệm vụ ghi “mát trời thì làm”"]
        outcome = answer_group(session, words.ids, {"phrase": "Quý II"}, NOW, ACTOR)
        assert (len(outcome.answered), outcome.refused) == (2, [])
        leads = by_label["2 nhiệm vụ thiếu đơn vị chủ trì"]
        new = answer_group(session, leads.ids, {"new_unit": "Ban Mới"}, NOW, ACTOR)
        assert len(new.answered) == 2, "the unit is registered once and leads both"
    with transaction(database_url) as session:
        rows = {row.key: row for row in plan_queries.obligations_of(session, plan.id)}
        assert rows["1"].rules == rows["2"].rules != []
        assert {row.unit.name for key in "34" for row in rows[key].units if row.unit} == {"Ban Mới"}
        entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "question.answer")).all()
        assert len(entries) == 4


def test_good_answers_stay_and_refused_ones_are_named(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        numbers = [each.id for each in plan.questions if each.kind in ("deadline", "lead")]
        outcome = answer_group(session, [*numbers, 9999], {"unit": "kt"}, NOW, ACTOR)
        assert len(outcome.answered) == 2
        assert len(outcome.refused) == 4
        lines = list(outcome.lines())
        assert lines[0] == "Đã ghi câu trả lời cho 2 câu hỏi."
        assert "Câu 9999 chưa ghi được: Không có câu hỏi số 9999" in lines[-1]
    with transaction(database_url) as session:
        assert [each.kind for each in plan_queries.open_questions(session, plan.id)].count("lead") == 0
