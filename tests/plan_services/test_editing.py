"""Correcting a draft by hand: words, questions and answers stay together; nobody overwrites another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import JournalEntry, Obligation, Plan
from db.queries import plan_queries
from db.session import transaction
from plans.confirming import confirm
from plans.editing import (
    DutyChanges,
    HeadChanges,
    TargetChanges,
    add_duty,
    add_target,
    dismiss_finding,
    drop_duty,
    drop_target,
    edit_duty,
    edit_head,
    edit_target,
    join_duties,
    move_duty,
    reopen_finding,
    restore_duty,
    set_standing,
    split_duty,
    version_of,
)
from plans.questions import answer
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of

HCC = "Trung tâm Phục vụ hành chính công"
ODD = Row("1", "mát trời thì làm", content="Rà soát thủ tục về đất đai")
CHECK = Row("2", "Hằng quý", content="Kiểm tra nơi tiếp nhận hồ sơ", coordinators=("Văn phòng",))
SIGNS = Row("3", "Quý III", content="Thay biển chỉ dẫn tại trụ sở", leads=("Sở Lạ",))


def drafted(session: Session, home: Path, *rows: Row) -> Plan:
    load_register(session)
    return draft(session, home, reading_of(*(rows or (ODD, CHECK, SIGNS))))


def duty(plan: Plan, key: str) -> Obligation:
    return next(each for each in plan.obligations if each.key == key)


def asked(session: Session, plan: Plan) -> set[tuple[str, str]]:
    return {(each.kind, each.subject) for each in plan_queries.open_questions(session, plan.id)}


def actions(session: Session) -> list[str]:
    return [entry.action for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.seq))]


def last_entry(session: Session) -> JournalEntry:
    return session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()  # type: ignore[return-value]


def test_new_words_of_a_deadline_are_read_and_no_longer_asked(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        assert ("deadline", ODD.deadline) in asked(session, plan)
        edit_duty(session, duty(plan, "1").id, DutyChanges(deadline_text="Quý II"), NOW, ACTOR)
        assert ("deadline", ODD.deadline) not in asked(session, plan)
        assert [rule["due"] for rule in duty(plan, "1").rules] == ["2026-06-30"]
        entry = last_entry(session)
        assert (entry.action, entry.data["before"]["deadline_text"], entry.data["after"]["deadline_text"]) == (
            "plan.edit",
            "mát trời thì làm",
            "Quý II",
        )


def test_an_answer_holds_until_its_words_change(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        first = duty(plan, "1")
        question = next(each for each in plan.questions if each.kind == "deadline")
        answer(session, question.id, {"phrase": "Quý II"}, NOW, ACTOR)
        edit_duty(
            session,
            first.id,
            DutyChanges(content="Rà soát\r\nthủ tục", deadline_text=" mát  trời thì làm\r\n"),
            NOW,
            ACTOR,
        )
        assert (first.content, first.rules[0]["due"]) == ("Rà soát\nthủ tục", "2026-06-30")
        assert ("deadline", ODD.deadline) not in asked(session, plan)
        edit_duty(session, first.id, DutyChanges(deadline_text="lúc rảnh"), NOW, ACTOR)
        assert first.rules == []
        assert ("deadline", "lúc rảnh") in asked(session, plan)


def test_a_question_calls_its_duty_as_it_is_called_now(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        number = next(each.id for each in plan.questions if each.kind == "deadline")
        edit_duty(session, duty(plan, "1").id, DutyChanges(content="Việc khác hẳn"), NOW, ACTOR)
        question = next(each for each in plan.questions if each.id == number)
        assert "«Việc khác hẳn»" in question.text


def test_unknown_names_are_asked_and_known_ones_are_not(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        kept = next(each.id for each in plan.questions if each.subject == "Đội Lạ Mặt")
        edit_duty(session, duty(plan, "3").id, DutyChanges(leads=("TTPVHCC",), coordinators=("Hội Mới",)), NOW, ACTOR)
        assert [row.unit.code if row.unit else None for row in duty(plan, "3").units] == ["hcc", None]
        assert {("unit", "Hội Mới"), ("unit", "Đội Lạ Mặt")} <= asked(session, plan)
        assert ("unit", "Sở Lạ") not in asked(session, plan)
        assert kept in {each.id for each in plan.questions}, "a question that still stands keeps its number"


def test_a_duty_without_lead_is_asked_who_leads(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        edit_duty(session, duty(plan, "2").id, DutyChanges(leads=()), NOW, ACTOR)
        assert ("lead", CHECK.content) in asked(session, plan)
        edit_duty(session, duty(plan, "2").id, DutyChanges(leads=(HCC,)), NOW, ACTOR)
        assert ("lead", CHECK.content) not in asked(session, plan)


def test_what_was_said_of_a_name_holds_when_the_names_around_it_change(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, replace(SIGNS, coordinators=("Hội Bạn",)))
        question = next(each for each in plan.questions if each.subject == "Sở Lạ")
        answer(session, question.id, {"unit": "kt"}, NOW, ACTOR)
        edit_duty(session, plan.obligations[0].id, DutyChanges(coordinators=()), NOW, ACTOR)
        assert [row.unit.code for row in plan.obligations[0].units if row.unit] == ["kt"]


def test_two_who_edit_one_duty_do_not_overwrite_each_other(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        number, version = duty(plan, "1").id, version_of(duty(plan, "1"))
    with transaction(database_url) as session:
        edit_duty(session, number, DutyChanges(content="Bản của người thứ nhất"), NOW, "một", version=version)
    with transaction(database_url) as session, pytest.raises(Refusal, match="vừa được người khác sửa"):
        edit_duty(session, number, DutyChanges(content="Bản của người thứ hai"), NOW, "hai", version=version)
    with transaction(database_url) as session:
        kept = session.get(Obligation, number)
        assert kept is not None
        assert kept.content == "Bản của người thứ nhất"


def test_an_edit_that_changes_nothing_leaves_no_trace(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        before = actions(session)
        same = DutyChanges(content=CHECK.content, leads=CHECK.leads, deadline_text=CHECK.deadline, ordinal="2")
        edit_duty(session, duty(plan, "2").id, same, NOW, ACTOR)
        assert actions(session) == before


def test_a_confirmed_plan_is_not_edited(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, CHECK)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="dondoc plan export"):
            edit_duty(session, plan.obligations[0].id, DutyChanges(content="Khác"), NOW, ACTOR)


REFUSED_WORDS = {
    "no content": (DutyChanges(content=" \n "), "không được để trống"),
    "one unit in both roles": (DutyChanges(leads=("A",), coordinators=("A",)), "vừa chủ trì vừa phối hợp"),
    "too long a number": (DutyChanges(ordinal="1" * 40), "quá 32"),
    "too long a text": (DutyChanges(content="x" * 40_000), "quá 30000"),
}


@pytest.mark.parametrize(("changes", "said"), REFUSED_WORDS.values(), ids=REFUSED_WORDS)
def test_words_that_cannot_be_kept_are_refused(changes: DutyChanges, said: str, sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        with pytest.raises(Refusal, match=said):
            edit_duty(session, duty(plan, "2").id, changes, NOW, ACTOR)


def test_one_duty_becomes_several(database_url: str, home: Path) -> None:
    parts = [
        DutyChanges(content="Rà soát"),
        DutyChanges(content="Trình ban hành", deadline_text="Quý IV", leads=("Văn phòng",), coordinators=()),
        DutyChanges(content="Công bố"),
    ]
    with transaction(database_url) as session:
        plan = drafted(session, home)
        made = split_duty(session, duty(plan, "2").id, parts, NOW, ACTOR)
        assert [(each.key, each.ordinal, each.content) for each in made] == [
            ("2", "2a", "Rà soát"),
            ("2b", "2b", "Trình ban hành"),
            ("2c", "2c", "Công bố"),
        ]
        assert [each.rules[0]["kind"] for each in made] == ["recurring", "once", "recurring"]
        assert [each.units[0].printed_name for each in made] == [HCC, "Văn phòng", HCC]
        assert {tuple(each.origin) for each in made} == {("2",)}
    with transaction(database_url) as session:
        rows = plan_queries.obligations_of(session, plan.id)
        assert [row.key for row in rows] == ["1", "2", "2b", "2c", "3"]


def test_parts_of_an_unread_duty_are_asked_each(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        split_duty(session, duty(plan, "1").id, [DutyChanges(content="A"), DutyChanges(content="B")], NOW, ACTOR)
        open_ones = [each for each in plan_queries.open_questions(session, plan.id) if each.kind == "deadline"]
        assert [each.subject for each in open_ones] == [ODD.deadline] * 2


@pytest.mark.parametrize("parts", [[], [DutyChanges(content="A")], [DutyChanges(content="A")] * 2])
def test_a_split_needs_two_different_parts(parts: list[DutyChanges], sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        with pytest.raises(Refusal):
            split_duty(session, duty(plan, "1").id, parts, NOW, ACTOR)


def test_several_duties_become_one(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        numbers = [duty(plan, key).id for key in ("3", "2")]
        made = join_duties(session, numbers, NOW, ACTOR)
        assert (made.key, made.content) == ("2", f"{CHECK.content}\n{SIGNS.content}")
        assert (made.deliverable, made.deadline_text) == ("Báo cáo", "Hằng quý; Quý III")
        assert [(row.role, row.printed_name) for row in made.units] == [
            ("lead", HCC),
            ("lead", "Sở Lạ"),
            ("coordinator", "Văn phòng"),
        ]
        assert made.origin == ["2", "3"]
        entry = last_entry(session)
        assert [each["key"] for each in entry.data["before"]] == ["2", "3"]
    with transaction(database_url) as session:
        assert [row.key for row in plan_queries.obligations_of(session, plan.id)] == ["1", "2"]
        assert list(journal.verify(session)) == []


def test_joined_duties_with_one_deadline_keep_what_was_answered(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, ODD, replace(ODD, key="2", content="Việc thứ hai"))
        second = next(each for each in plan.questions if each.kind == "deadline")
        answer(session, second.id, {"phrase": "Quý II"}, NOW, ACTOR)
        made = join_duties(session, [each.id for each in plan.obligations], NOW, ACTOR)
        assert made.rules == [], "answered in one row and open in the other: asked once more"
        assert [each.kind for each in plan_queries.open_questions(session, plan.id)].count("deadline") == 1


def test_joining_needs_two_duties_of_one_plan(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        other = draft(session, home, reading_of(CHECK), b"another plan")
        first = plan.obligations[0].id
        with pytest.raises(Refusal, match="ít nhất hai"):
            join_duties(session, [first, first], NOW, ACTOR)
        with pytest.raises(Refusal, match="cùng một kế hoạch"):
            join_duties(session, [first, other.obligations[0].id], NOW, ACTOR)


def test_a_duty_is_added_moved_dropped_and_brought_back(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        changes = DutyChanges(content="Việc bị đọc sót", leads=(HCC,), deadline_text="Quý IV")
        made = add_duty(session, plan.id, changes, duty(plan, "1").id, NOW, ACTOR)
        assert (made.key, made.section, made.rules[0]["due"]) == ("bs1", ["I", "VIỆC CHUNG"], "2026-12-31")
        move_duty(session, made.id, None, NOW, ACTOR)
        assert [row.key for row in plan_queries.obligations_of(session, plan.id)] == ["bs1", "1", "2", "3"]
        drop_duty(session, duty(plan, "1").id, "Trùng việc của năm trước", NOW, ACTOR)
        assert ("deadline", ODD.deadline) not in asked(session, plan)
        with pytest.raises(Refusal, match="đã bỏ"):
            edit_duty(session, duty(plan, "1").id, DutyChanges(content="X"), NOW, ACTOR)
        restore_duty(session, duty(plan, "1").id, NOW, ACTOR)
        assert ("deadline", ODD.deadline) in asked(session, plan)
        assert [row.key for row in plan_queries.obligations_of(session, plan.id)] == ["bs1", "1", "2", "3"]
        assert actions(session)[-4:] == ["plan.add_duty", "plan.move", "plan.drop_duty", "plan.restore_duty"]


def test_a_dropped_duty_is_not_dated(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, CHECK, SIGNS)
        drop_duty(session, duty(plan, "3").id, "Không thuộc phường", NOW, ACTOR)
        assert confirm(session, plan.id, CALENDAR, NOW, ACTOR).expansion.opened == 4


def test_a_duty_moves_between_table_and_prose(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        made = set_standing(session, duty(plan, "2").id, True, NOW, ACTOR, quote="Giao Trung tâm kiểm tra.")
        assert (made.standing, made.quote) == (True, "Giao Trung tâm kiểm tra.")
        assert set_standing(session, made.id, False, NOW, ACTOR).quote is None


def test_a_new_year_reads_every_deadline_again(database_url: str, home: Path) -> None:
    rows = (ODD, CHECK, replace(ODD, key="4", content="Có ngày riêng"), replace(ODD, key="5", content="Chọn cách hiểu"))
    with transaction(database_url) as session:
        plan = drafted(session, home, *rows)
        numbers = [each.id for each in plan.questions if each.kind == "deadline"]
        answer(session, numbers[0], {"phrase": "Quý II"}, NOW, ACTOR)
        answer(session, numbers[1], {"due": "2026-05-20"}, NOW, ACTOR)
        answer(session, numbers[2], {"rules": [{"kind": "once", "start": None, "due": "2026-05-21"}]}, NOW, ACTOR)
        edit_head(session, plan.id, HeadChanges(year=2027, title="Việc năm 2027"), NOW, ACTOR)
        assert duty(plan, "1").rules[0]["due"] == "2027-06-30", "an answer in words is read in the new year"
        assert duty(plan, "2").rules[0]["due_dates"][0].startswith("2027")
        assert duty(plan, "4").rules[0]["due"] == "2026-05-20", "a day that a person named is that day"
        assert duty(plan, "5").rules == []
        assert (plan.title, last_entry(session).data["before"]["year"]) == ("Việc năm 2027", 2026)


def test_the_date_of_the_plan_answers_its_question(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        edit_head(session, plan.id, HeadChanges(issued_on=""), NOW, ACTOR)
        assert ("date", "Ngày ban hành kế hoạch") in asked(session, plan)
        edit_head(session, plan.id, HeadChanges(issued_on="16/1/2026"), NOW, ACTOR)
        assert ("date", "Ngày ban hành kế hoạch") not in asked(session, plan)
        for wrong in (HeadChanges(year=1990), HeadChanges(issued_on="1/1/2020"), HeadChanges(title=" ")):
            with pytest.raises(Refusal):
                edit_head(session, plan.id, wrong, NOW, ACTOR)


def test_targets_are_corrected(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        first = edit_target(session, plan.targets[0].id, TargetChanges(value="99,5", unit=""), NOW, ACTOR)
        assert (first.value, first.value_text, first.unit) == (99.5, None, None)
        edit_target(session, first.id, TargetChanges(value="từ 30 đến 40", comparator="≥"), NOW, ACTOR)
        assert (first.value, first.value_text, first.comparator) == (None, "từ 30 đến 40", ">=")
        with pytest.raises(Refusal, match="Dấu so sánh"):
            edit_target(session, first.id, TargetChanges(comparator=">"), NOW, ACTOR)
        with pytest.raises(Refusal, match="vừa được người khác sửa"):
            edit_target(session, first.id, TargetChanges(name="X"), NOW, ACTOR, version=1)
        made = add_target(session, plan.id, TargetChanges(name="Mới", value=5, responsible=("Hội Xa",)), NOW, ACTOR)
        assert ("unit", "Hội Xa") in asked(session, plan)
        drop_target(session, made.id, "Đọc nhầm", NOW, ACTOR)
        assert ("unit", "Hội Xa") not in asked(session, plan)
        assert [target.name for target in plan.targets] == ["Hồ sơ đúng hạn", "Chi phí"]


def test_a_finding_is_set_aside_and_taken_up_again(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        finding = drafted(session, home).findings[0]
        with pytest.raises(Refusal, match="Lý do"):
            dismiss_finding(session, finding.id, " ", NOW, ACTOR)
        dismiss_finding(session, finding.id, "Số sẽ ghi khi ký", NOW, ACTOR)
        assert (finding.dismissed_by, finding.dismissed_reason) == (ACTOR, "Số sẽ ghi khi ký")
        with pytest.raises(Refusal, match="đã được"):
            dismiss_finding(session, finding.id, "Lại", NOW, ACTOR)
        reopen_finding(session, finding.id, NOW, ACTOR)
        assert finding.dismissed_at is None
        assert actions(session)[-2:] == ["finding.dismiss", "finding.reopen"]
