"""Nothing is dated before it is decided; then every rule, unit and period is dated once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config.faults import Refusal
from config.units import UnitsFile
from db import journal
from db.models import Obligation, Occurrence, Plan
from db.queries import plan_queries
from db.session import transaction
from plans.confirming import confirm
from plans.expanding import expand_plan
from plans.occurrences import due_dates
from plans.questions import answer
from plans.units import sync_units
from tests.plan_services.readings import ACTOR, CALENDAR, HEAD, NOW, REGISTER, Row, draft, load_register, reading_of

GROUP = "Các phòng chuyên môn"
BLOCKED = {
    "deadline": Row("1", "mát trời thì làm"),
    "lead": Row("1", "Quý I", leads=()),
    "unit": Row("1", "Quý I", leads=("Sở Lạ",)),
}


def keys(session_rows: list[Occurrence]) -> list[tuple[str, str, str]]:
    return sorted((row.obligation.key, row.unit.code, row.period_key) for row in session_rows)


@pytest.mark.parametrize("row", BLOCKED.values(), ids=BLOCKED)
def test_an_open_question_blocks_and_is_named(row: Row, database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        number = draft(session, home, reading_of(row)).id
    with pytest.raises(Refusal, match="còn 1 câu hỏi"), transaction(database_url) as session:
        confirm(session, number, CALENDAR, NOW, ACTOR)
    with transaction(database_url) as session:
        plan = session.get(Plan, number)
        assert plan is not None
        assert plan.state == "draft"
        assert session.scalars(select(Occurrence)).all() == []


def test_coordinators_and_targets_do_not_block(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I", coordinators=("Sở Lạ",))))
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert (plan.state, plan.confirmed_by, plan.confirmed_at) == ("confirmed", ACTOR, NOW)
        assert done.expansion.opened == 1


def test_a_blank_date_is_needed_and_may_be_given_with_the_confirmation(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I"), head=replace(HEAD, issued_on=None)))
        with pytest.raises(Refusal, match="để trống ngày ban hành"):
            confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="quá xa năm 2026"):
            confirm(session, plan.id, CALENDAR, NOW, ACTOR, issued_on=date(2062, 1, 5))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR, issued_on=date(2026, 2, 3))
        assert plan.issued_on == date(2026, 2, 3)


def test_a_date_that_contradicts_the_document_is_refused(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I")))
        with pytest.raises(Refusal, match="khác ngày"):
            confirm(session, plan.id, CALENDAR, NOW, ACTOR, issued_on=date(2026, 2, 3))


def test_a_plan_is_confirmed_once(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I")))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="đã được xác nhận"):
            confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        with pytest.raises(Refusal, match="Không có kế hoạch"):
            confirm(session, plan.id + 1, CALENDAR, NOW, ACTOR)


def test_a_draft_is_not_expanded(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Quý I")))
        with pytest.raises(Refusal, match="đã xác nhận"):
            expand_plan(session, plan.id, CALENDAR, NOW)


EXPANDED = {
    "once": (Row("1", "Quý II"), [("hcc", "once-1")]),
    "quarters": (Row("1", "Hằng quý"), [("hcc", f"2026-Q{q}") for q in (1, 2, 3, 4)]),
    "half and year": (Row("1", "Định kỳ 06 tháng và cuối năm"), [("hcc", "2026-H1"), ("hcc", "2026")]),
    "checks": (Row("1", "Thường xuyên"), [("hcc", f"check-2026-Q{q}") for q in (1, 2, 3, 4)]),
    "waits": (Row("1", "Khi có phát sinh"), []),
    "group": (Row("1", "Quý II", leads=(GROUP,)), [("kt", "once-1"), ("vp", "once-1")]),
    "group and its member": (Row("1", "Quý II", leads=(GROUP, "Văn phòng")), [("kt", "once-1"), ("vp", "once-1")]),
    "two leads": (Row("1", "Quý II", leads=("Văn phòng", "TTPVHCC")), [("hcc", "once-1"), ("vp", "once-1")]),
    "one lead in two spellings": (Row("1", "Quý II", leads=("TTPVHCC", "TT PVHCC")), [("hcc", "once-1")]),
    "coordinators owe nothing": (Row("1", "Quý II", coordinators=("Văn phòng",)), [("hcc", "once-1")]),
}


@pytest.mark.parametrize(("row", "made"), EXPANDED.values(), ids=EXPANDED)
def test_every_rule_unit_and_period_once(row: Row, made: list[tuple[str, str]], database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(row))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        rows = list(session.scalars(select(Occurrence)))
        assert [(unit, key) for _, unit, key in keys(rows)] == sorted(made)
    with transaction(database_url) as session:
        again = expand_plan(session, plan.id, CALENDAR, NOW + timedelta(days=40))
        assert (again.added, again.known) == (0, len(made)), "expanding again adds nothing"
        assert list(journal.verify(session)) == []


def test_an_occurrence_says_all_of_its_dates_and_why(database_url: str, home: Path) -> None:
    row = Row("1", "trước ngày 18 hằng tháng", leads=(GROUP,))
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(row))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
    with transaction(database_url) as session:
        january, *_ = session.scalars(select(Occurrence).where(Occurrence.period_key == "2026-01"))
        assert (january.nominal, january.due_legal, january.due_target) == (
            date(2026, 1, 17),
            date(2026, 1, 19),
            date(2026, 1, 16),
        ), "17 January 2026 is a Saturday"
        assert (january.data_from, january.data_to) == (date(2025, 12, 15), date(2026, 1, 14))
        assert (january.kind, january.state, january.period_label) == ("report", "open", "Tháng 1/2026")
        assert january.explanation[0] == "Chữ trong kế hoạch: «trước ngày 18 hằng tháng»."
        assert any(GROUP in step for step in january.explanation)


def test_what_fell_due_before_the_plan_was_issued_is_recorded(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Hằng quý"), head=replace(HEAD, issued_on="2026-07-01")))
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert (done.expansion.recorded, done.expansion.opened) == (2, 2)
        states = {row.period_key: (row.state, row.explanation[-1]) for row in session.scalars(select(Occurrence))}
        assert states["2026-Q2"] == (
            "recorded",
            "Đến hạn trước ngày ban hành kế hoạch (01/07/2026): chỉ ghi nhận, không đôn đốc.",
        )
        assert states["2026-Q3"][0] == "open"


def test_what_falls_due_on_the_day_of_issue_is_open(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Hằng quý"), head=replace(HEAD, issued_on="2026-06-30")))
        assert confirm(session, plan.id, CALENDAR, NOW, ACTOR).expansion.recorded == 1


def test_two_rules_for_one_period_keep_the_earlier_date(sqlite_url: str, home: Path) -> None:
    phrases = ("Hằng quý", "trước ngày 25 của tháng cuối quý")
    rules = [rule for phrase in phrases for rule in Row("1", phrase).read().rules]
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Hằng quý")))
        plan.obligations[0].rules = rules
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        rows = list(session.scalars(select(Occurrence).order_by(Occurrence.nominal)))
        assert [row.nominal for row in rows] == [date(2026, month, 24) for month in (3, 6, 9, 12)]
        assert all("hai thời hạn" in row.explanation[-1] for row in rows)
        assert rows[0].rule_no == 1


TWICE = {
    "a month": ("trước ngày 05 hằng tháng", "trước ngày 20 hằng tháng", 24, ("2026-03", "2026-03-r2")),
    "a month, the later named first": (
        "trước ngày 20 hằng tháng",
        "trước ngày 05 hằng tháng",
        24,
        ("2026-03-r2", "2026-03"),
    ),
    "a week": ("thứ Hai hằng tuần", "thứ Năm hằng tuần", 105, None),
    "said twice": ("trước ngày 05 hằng tháng", "trước ngày 05 hằng tháng", 12, ("2026-03",)),
}


@pytest.mark.parametrize(("one", "other", "count", "march"), TWICE.values(), ids=TWICE)
def test_two_named_days_of_one_period_are_both_due(
    one: str, other: str, count: int, march: tuple[str, ...] | None, sqlite_url: str, home: Path
) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Hằng quý")))
        plan.obligations[0].rules = [rule for phrase in (one, other) for rule in Row("1", phrase).read().rules]
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        rows = list(session.scalars(select(Occurrence).order_by(Occurrence.nominal)))
        assert len(rows) == count
        assert len({(row.period_label, row.nominal) for row in rows}) == len({row.period_label for row in rows})
        again = [row for row in rows if row.period_key.endswith("-r2")]
        assert all("mỗi thời hạn là một kỳ hạn riêng" in " ".join(row.explanation) for row in again)
        if march:
            assert tuple(row.period_key for row in rows if row.period_key.startswith("2026-03")) == march
        assert expand_plan(session, plan.id, CALENDAR, NOW).added == 0, "keys hold"


def test_a_unit_that_joins_a_group_owes_only_what_is_still_to_come(database_url: str, home: Path) -> None:
    groups = [{"code": "phong", "name": GROUP, "members": ["vp", "kt", "hcc"]}]
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "Hằng quý", leads=(GROUP,))))
        confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        sync_units(session, UnitsFile.model_validate(REGISTER.model_dump() | {"groups": groups}), NOW, ACTOR)
    with transaction(database_url) as session:
        later = expand_plan(session, plan.id, CALENDAR, NOW.replace(month=5))
        assert (later.opened, later.recorded) == (3, 1)
        new = session.scalars(select(Occurrence).where(Occurrence.state == "recorded")).one()
        assert (new.unit.code, new.period_key) == ("hcc", "2026-Q1")


def test_a_lead_that_left_the_register_blocks_by_name(sqlite_url: str, home: Path) -> None:
    units = [unit for unit in REGISTER.model_dump(mode="json")["units"] if unit["code"] != "hcc"]
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("7", "Quý I")))
        sync_units(session, UnitsFile.model_validate(REGISTER.model_dump() | {"units": units}), NOW, ACTOR)
        with pytest.raises(Refusal, match="Nhiệm vụ 7 «Làm một việc của phường»"):
            confirm(session, plan.id, CALENDAR, NOW, ACTOR)


def test_waiting_rules_wait_where_they_are_seen(database_url: str, home: Path) -> None:
    rows = [
        Row("1", "Khi có phát sinh"),
        Row("2", "Theo Kế hoạch"),
        Row("3", "- Định kỳ 3 tháng/lần. - Đột xuất theo thời điểm yêu cầu."),
    ]
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*rows))
        for question in plan_queries.open_questions(session, plan.id):
            if question.kind == "deadline":
                answer(session, question.id, {"phrase": "Hằng quý; đột xuất khi có yêu cầu"}, NOW, ACTOR)
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert [question.candidates["rule"]["kind"] for question in done.waiting] == [
            "on_event",
            "by_reference",
            "on_demand",
        ]
        assert done.expansion.opened == 4
        assert list(plan_queries.waiting_questions(session)) == list(done.waiting)
        assert plan_queries.plan_lines(session)[0].open_questions == 1, "a waiting duty is not an open question"


PHRASES = (
    "Quý I",
    "Hằng quý",
    "Hằng tháng",
    "Thường xuyên",
    "Định kỳ 06 tháng và cuối năm",
    "chậm nhất ngày 20/5/2026",
)


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=5), st.integers(0, 365), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_days_off_move_dates_and_never_keys(phrases: list[str], first: int, length: int) -> None:
    from deadlines import DayMark, WorkCalendar

    rules = [rule for phrase in phrases for rule in Row("1", phrase).read().rules]
    duty = Obligation(key="1", content="x", deadline_text="", rules=rules, regime="nd09", cycle="quarterly")
    off = {date(2026, 1, 1) + timedelta(days=first + n): DayMark(False, "Bão") for n in range(length)}
    plain = due_dates(duty, 2026, CALENDAR)
    stormy = due_dates(duty, 2026, WorkCalendar(off, years_with_order=range(2024, 2029)))
    assert [due.date.period_key for due in plain] == [due.date.period_key for due in stormy]
    assert len({due.date.period_key for due in plain}) == len(plain)
    assert all(due.date.due_target <= due.date.nominal <= due.date.due_legal for due in stormy)
