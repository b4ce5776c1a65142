"""A corrected file over hand corrections, previews, files and workbooks: nothing a person did is lost in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import JournalEntry, Occurrence, Plan, PlanFile
from db.queries import plan_queries
from db.session import transaction
from plans.confirming import confirm
from plans.current import content_of
from plans.editing import (
    DutyChanges,
    HeadChanges,
    TargetChanges,
    add_duty,
    dismiss_finding,
    drop_duty,
    drop_target,
    edit_duty,
    edit_head,
    edit_target,
    join_duties,
    split_duty,
)
from plans.events import enter_event
from plans.importing import add_file
from plans.questions import answer
from plans.reading import Reading, TargetRow, read_bytes
from plans.reimporting import Effect, apply_difference, difference_of, preview_difference
from plans.workbook import export_plan
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
ROWS = (REPORT, CHECK, SIGNS)


def drafted(session: Session, home: Path, *rows: Row) -> Plan:
    load_register(session)
    return draft(session, home, reading_of(*(rows or ROWS)))


def reimport(session: Session, plan: Plan, home: Path, reading: Reading, data: bytes = b"corrected") -> Effect:
    return apply_difference(session, plan.id, reading, "sua.docx", data, CALENDAR, NOW, ACTOR, settings_of(home))


def shown(session: Session, plan: Plan) -> list[tuple[str, str]]:
    return [(row.key, row.content) for row in plan_queries.obligations_of(session, plan.id)]


def number(plan: Plan, key: str) -> int:
    return next(each.id for each in plan.obligations if each.key == key)


def test_what_only_a_person_changed_stays_and_what_the_file_changed_comes(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        edit_duty(
            session, number(plan, "1"), DutyChanges(content="Rà soát thủ tục đất đai", leads=("Văn phòng",)), NOW, ACTOR
        )
        edit_duty(session, number(plan, "2"), DutyChanges(deadline_text="Hằng tháng"), NOW, ACTOR)
        reading = reading_of(replace(REPORT, deadline="Quý IV"), replace(CHECK, deadline="Quý I"), SIGNS)
        difference = difference_of(plan, reading.to_json())
        assert [(change.new_key, change.fields) for change in difference.changed] == [
            ("1", ("deadline_text",)),
            ("2", ("deadline_text",)),
        ]
        assert "đã sửa tay thành «Hằng tháng», tệp mới ghi «Quý I»" in difference.notes[0]
        reimport(session, plan, home, reading)
        first = plan.obligations[0]
        assert (first.content, first.deadline_text, first.units[0].printed_name) == (
            "Rà soát thủ tục đất đai",
            "Quý IV",
            "Văn phòng",
        )


def test_split_joined_added_and_dropped_rows_outlive_a_new_file(database_url: str, home: Path) -> None:
    rows = (*ROWS, Row("4", "Quý IV", content="Tổ chức tập huấn"), Row("5", "Quý I", content="Mua thiết bị"))
    with transaction(database_url) as session:
        plan = drafted(session, home, *rows)
        split_duty(
            session, number(plan, "1"), [DutyChanges(content="Phần một"), DutyChanges(content="Phần hai")], NOW, ACTOR
        )
        join_duties(session, [number(plan, "2"), number(plan, "3")], NOW, ACTOR)
        drop_duty(session, number(plan, "4"), "Đã làm năm trước", NOW, ACTOR)
        add_duty(session, plan.id, DutyChanges(content="Việc đọc sót"), number(plan, "5"), NOW, ACTOR)
        before = shown(session, plan)
        fixed = [replace(row, key=str(place)) for place, row in enumerate(rows, 2)]
        reading = reading_of(
            Row("1", "Quý I", content="Việc chen vào đầu"), *fixed[:-1], replace(fixed[-1], deadline="Quý II")
        )
        assert [change.fields for change in difference_of(plan, reading.to_json()).changed] == [("deadline_text",)]
        reimport(session, plan, home, reading)
    with transaction(database_url) as session:
        after = shown(session, plan)
        assert [words for _, words in after] == ["Việc chen vào đầu", *(words for _, words in before)]
        assert len({key for key, _ in after}) == len(after)
        dropped = [each for each in plan_queries.plan_by_code(session, plan.code).obligations if each.drop_reason]  # type: ignore[union-attr]
        assert [each.content for each in dropped] == ["Tổ chức tập huấn"]


def test_a_split_row_that_the_file_changes_is_one_again_and_it_is_said(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        split_duty(session, number(plan, "1"), [DutyChanges(content="Một"), DutyChanges(content="Hai")], NOW, ACTOR)
        reading = reading_of(replace(REPORT, deadline="Quý IV"), CHECK, SIGNS)
        assert "tách hoặc gộp bằng tay" in difference_of(plan, reading.to_json()).notes[0]
        reimport(session, plan, home, reading)
        assert shown(session, plan) == [("1", REPORT.content), ("2", CHECK.content), ("3", SIGNS.content)]


def test_the_same_file_under_another_name_changes_nothing(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        edit_duty(session, number(plan, "1"), DutyChanges(content="Sửa tay"), NOW, ACTOR)
        edit_target(session, plan.targets[0].id, TargetChanges(value=50), NOW, ACTOR)
        edit_head(session, plan.id, HeadChanges(number="99/KH-UBND"), NOW, ACTOR)
        before = content_of(plan)
        assert not difference_of(plan, reading_of(*ROWS).to_json())
        reimport(session, plan, home, reading_of(*ROWS))
        assert content_of(plan) == before


def test_targets_with_one_name_in_two_groups_are_kept_apart(sqlite_url: str, home: Path) -> None:
    one, two = (TargetRow(str(n), f"Nhóm {n}", "Tỷ lệ đúng hạn", "%", "=", 90 + n, ()) for n in (1, 2))
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, replace(reading_of(REPORT), targets=(one, two)))
        kept = [target.id for target in plan.targets]
        reading = replace(reading_of(REPORT), targets=(two, replace(one, value=95)))
        lines = list(difference_of(plan, reading.to_json()).lines())
        assert "    giá trị: «91.0» → «95»" in lines
        reimport(session, plan, home, reading)
        session.refresh(plan)
        assert [(target.id, target.value) for target in plan.targets] == [(kept[1], 92), (kept[0], 95)]


def test_a_target_taken_out_by_hand_stays_out(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        drop_target(session, plan.targets[1].id, "Không phải chỉ tiêu", NOW, ACTOR)
        reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý I"), CHECK, SIGNS))
        assert [target.name for target in plan.targets] == ["Hồ sơ đúng hạn"]


def test_a_finding_set_aside_stays_so(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        dismiss_finding(session, plan.findings[0].id, "Biết rồi", NOW, ACTOR)
        reimport(session, plan, home, reading_of(*ROWS))
        assert [each.dismissed_reason for each in plan.findings] == ["Biết rồi"]


def test_a_date_that_the_corrected_file_names_is_no_longer_asked(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(REPORT, head=replace(HEAD, issued_on=None)))
        reimport(session, plan, home, reading_of(REPORT))
        assert plan.issued_on == date(2026, 1, 15)
        assert confirm(session, plan.id, CALENDAR, NOW, ACTOR).expansion.opened == 1


def test_a_preview_shows_every_open_occurrence_and_writes_nothing(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        plan_id, entries = plan.id, len(session.scalars(select(JournalEntry)).all())
    reading = reading_of(replace(REPORT, deadline="Quý III"), CHECK, Row("4", "Quý IV", content="Việc mới"))
    with transaction(database_url) as session:
        preview = preview_difference(
            session, plan_id, reading, "sua.docx", b"x", CALENDAR, NOW, ACTOR, settings_of(home)
        )
        lines = list(preview.effect.preview_lines())
        assert lines[0] == "Sẽ thêm 1 kỳ hạn, đổi ngày 1, hủy 1; giữ nguyên 0 kỳ hạn đã làm."
        assert {(row.kind, row.key, row.before, row.after) for row in preview.effect.rows} == {
            ("moved", "1", date(2026, 6, 30), date(2026, 9, 30)),
            ("added", "4", None, date(2026, 12, 31)),
            ("cancelled", "3", date(2026, 9, 30), None),
        }
        assert "1 kỳ hạn được nhắc theo hạn mới; 1 kỳ hạn được nhắc thêm; 1 kỳ hạn không còn bị nhắc" in lines[-1]
        assert len(session.scalars(select(JournalEntry)).all()) == entries
    with transaction(database_url) as session:
        assert {row.state for row in session.scalars(select(Occurrence))} == {"open"}
        assert [row.name for row in session.scalars(select(PlanFile))] == ["kehoach.docx"]
        effect = reimport(session, session.get(Plan, plan_id), home, reading)  # type: ignore[arg-type]
        assert [row.words() for row in effect.rows] == [row.words() for row in preview.effect.rows]


def test_what_was_past_and_is_due_again_is_chased(sqlite_url: str, home: Path) -> None:
    early = replace(REPORT, deadline="Trước ngày 10/01/2026")
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, early)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        row = session.scalars(select(Occurrence)).one()
        assert row.state == "recorded"
        reimport(session, plan, home, reading_of(REPORT))
        assert (row.state, row.due_legal) == ("open", date(2026, 6, 30))


def test_what_is_on_hold_follows_its_plan(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, REPORT)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        row = session.scalars(select(Occurrence)).one()
        row.state = "on_hold"
        reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý III")))
        assert (row.state, row.due_legal) == ("on_hold", date(2026, 9, 30))


def test_a_duty_waits_no_longer_for_what_it_no_longer_says(sqlite_url: str, home: Path) -> None:
    event = Row("2", "Khi có phát sinh", content="Xử lý sự cố")
    with transaction(sqlite_url) as session:
        plan = drafted(session, home, event)
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        (waiting,) = plan_queries.waiting_questions(session, plan.id)
        enter_event(session, waiting.id, {"due": "2026-03-10"}, CALENDAR, NOW, ACTOR)
        reimport(session, plan, home, reading_of(replace(event, deadline="Quý II")))
        assert plan_queries.waiting_questions(session, plan.id) == []
        found = {row.period_key: row.state for row in session.scalars(select(Occurrence))}
        assert found == {"event-1": "open", "once-1": "open"}, "what was entered stays owed"


def test_an_earlier_file_of_the_plan_may_come_back_and_no_other_plan_takes_it(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        plan = drafted(session, home)
        reimport(session, plan, home, reading_of(replace(REPORT, deadline="Quý IV"), CHECK, SIGNS), b"second")
        for data in (b"a plan", b"second"):
            with pytest.raises(Refusal, match=f"thành kế hoạch {plan.code}"):
                draft(session, home, reading_of(REPORT), data)
        other = draft(session, home, reading_of(REPORT), b"other")
        with pytest.raises(Refusal, match=f"thành kế hoạch {plan.code}"):
            reimport(session, other, home, reading_of(SIGNS), b"a plan")
        reimport(session, plan, home, reading_of(*ROWS), b"a plan")
        assert plan.obligations[0].deadline_text == "Quý II"


def test_a_closed_plan_is_not_corrected(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        plan.state = "closed"
        with pytest.raises(Refusal, match="đã đóng"):
            reimport(session, plan, home, reading_of(SIGNS))


def test_a_confirmed_plan_is_corrected_by_its_workbook(database_url: str, home: Path) -> None:
    import io

    import openpyxl

    odd = replace(SIGNS, deadline="mát trời thì làm")
    with transaction(database_url) as session:
        plan = drafted(session, home, REPORT, CHECK, odd)
        answer(
            session,
            next(each.id for each in plan.questions if each.kind == "deadline"),
            {"phrase": "Quý III"},
            NOW,
            ACTOR,
        )
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        data = export_plan(session, plan.id, NOW)
        assert not difference_of(plan, read_bytes("kh.xlsx", data).to_json())
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book["Nhiệm vụ"]
        sheet["H2"], sheet["A4"], sheet["D4"] = "Quý IV", None, "Thay các biển chỉ dẫn tại trụ sở"
        sheet.delete_rows(3)
        stream = io.BytesIO()
        book.save(stream)
        reading = read_bytes("kh.xlsx", stream.getvalue())
        effect = reimport(session, plan, home, reading, stream.getvalue())
        assert (effect.moved, effect.cancelled, effect.added, effect.questions) == (1, 4, 0, 0)
        assert [each.content for each in plan_queries.obligations_of(session, plan.id)] == [
            REPORT.content,
            "Thay các biển chỉ dẫn tại trụ sở",
        ]
        assert plan.file_name == "kehoach.docx", "the plan is still shown beside its document"
    with transaction(database_url) as session:
        rows = session.scalars(select(Occurrence).where(Occurrence.state == "open")).all()
        assert sorted(row.nominal for row in rows) == [date(2026, 9, 30), date(2026, 12, 31)]


def test_a_workbook_of_another_plan_or_an_older_state_is_told(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        plan = drafted(session, home)
        other = draft(session, home, reading_of(REPORT), b"other")
        data = export_plan(session, plan.id, NOW)
        with pytest.raises(Refusal, match=f"xuất từ kế hoạch {plan.code}, không phải {other.code}"):
            difference_of(other, read_bytes("kh.xlsx", data).to_json())
        edit_duty(session, number(plan, "1"), DutyChanges(content="Sửa sau khi xuất"), NOW, ACTOR)
        difference = difference_of(plan, read_bytes("kh.xlsx", data).to_json())
        assert "đã được sửa sau khi xuất" in difference.notes[0]
        again = export_plan(session, plan.id, NOW)
        dismiss_finding(session, plan.findings[0].id, "Đã biết", NOW, ACTOR)
        same = difference_of(plan, read_bytes("kh.xlsx", again).to_json())
        assert (bool(same), same.notes) == (False, []), "what changes nothing warns of nothing"
        assert [change.fields for change in difference.changed] == [("content",)]


def test_two_who_import_one_file_at_once_make_one_plan(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        first, second = (draft(session, home, reading_of(REPORT), data) for data in (b"one", b"two"))
        add_file(session, first, b"the same", "kehoach.docx", NOW, ACTOR)
        with pytest.raises(Refusal, match=f"thành kế hoạch {first.code}"):
            add_file(session, second, b"the same", "kehoach.docx", NOW, ACTOR)
        assert [each.name for each in session.scalars(select(PlanFile))] == ["kehoach.docx"] * 3
