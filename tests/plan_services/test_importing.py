"""A file becomes a draft whole, or nothing of it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.faults import Refusal
from db import journal
from db.file_store import read_stored
from db.models import JournalEntry, Obligation, Plan, Question, Target, Unit
from db.queries import plan_queries
from db.session import transaction
from plans import drafting
from plans.importing import tail_of_issuer
from tests.plan_services.readings import HEAD, Row, draft, load_register, reading_of

RELATED = "Các cơ quan, đơn vị có liên quan"
PLAIN = Row("1", "Quý II", coordinators=(RELATED, "Văn phòng HĐND và UBND phường"))


def test_a_draft_holds_everything_the_reader_saw(database_url: str, home: Path) -> None:
    standing = Row("S1", "trước ngày 18 hằng tháng", content="Gửi báo cáo về Trung tâm")
    with transaction(database_url) as session:
        load_register(session)
        draft(session, home, reading_of(PLAIN, standing=(standing,)))
    with transaction(database_url) as session:
        (plan,) = session.scalars(select(Plan))
        assert (plan.code, plan.state, plan.year, str(plan.issued_on)) == ("kh-45-2026", "draft", 2026, "2026-01-15")
        duty, prose = plan.obligations
        assert (duty.key, duty.section, duty.standing, duty.rules[0]["due"]) == (
            "1",
            ["I", "VIỆC CHUNG"],
            False,
            "2026-06-30",
        )
        assert (prose.standing, prose.quote, prose.position) == (True, "Gửi báo cáo về Trung tâm", 1)
        named = [(row.role, row.unit.code if row.unit else None) for row in duty.units]
        assert named == [("lead", "hcc"), ("coordinator", None), ("coordinator", "vp")]
        figure, words = plan.targets
        assert (figure.value, figure.value_text, figure.comparator) == (98.5, None, ">=")
        assert (words.value, words.value_text, words.group) == (None, "ít nhất một nửa", "Khác")
        assert figure.responsible[0].unit is not None
        assert [(found.code, found.place) for found in plan.findings] == [("blank_number", "trang 1")]
        assert read_stored(home, plan.file_sha256) == b"a plan"
        assert plan.reading["obligations"][0]["content"] == duty.content
        assert list(journal.verify(session)) == []


QUESTIONS = {
    "everything known": (Row("1", "Quý II"), []),
    "vague coordinator": (Row("1", "Quý II", coordinators=(RELATED,)), []),
    "odd deadline": (Row("1", "mát trời thì làm"), [("deadline", True)]),
    "blank deadline": (Row("1", ""), [("deadline", True)]),
    "no lead": (Row("1", "Quý II", leads=()), [("lead", True)]),
    "unknown lead": (Row("1", "Quý II", leads=("Trung tâm PVHCCC",)), [("unit", True)]),
    "vague lead": (Row("1", "Quý II", leads=(RELATED,)), [("unit", True)]),
    "unknown coordinator": (Row("1", "Quý II", coordinators=("Sở Lạ",)), [("unit", False)]),
    "unknown in both roles": (Row("1", "Quý II", leads=("Sở Lạ",), coordinators=("Sở Lạ",)), [("unit", True)]),
}


@pytest.mark.parametrize(("row", "asked"), QUESTIONS.values(), ids=QUESTIONS)
def test_what_is_asked(row: Row, asked: list[tuple[str, bool]], sqlite_url: str, home: Path) -> None:
    from plans.asking import blocks

    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, replace(reading_of(row), targets=()))
        assert [(question.kind, blocks(question)) for question in plan.questions] == asked
        assert all(question.text.endswith("?") for question in plan.questions)
        assert session.scalar(select(func.count()).select_from(Unit)) == 4, "an unknown name never becomes a unit"


def test_one_unknown_name_is_asked_once_with_the_nearest_units(sqlite_url: str, home: Path) -> None:
    rows = [
        Row("1", "Quý I", leads=("Trung tâm Phục vụ vụ hành chính công",)),
        Row("2", "Quý II", leads=("Trung tâm phục vụ vụ hành chính công phường",)),
        Row("3", "Quý III", coordinators=("Trung tâm Phục vụ vụ hành chính công",)),
    ]
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, replace(reading_of(*rows), targets=()))
        (question,) = plan.questions
        assert question.candidates["units"][0] == "hcc"
        assert question.candidates["role"] == "lead"
        assert len(question.candidates["names"]) == 2
        assert question.obligation is plan.obligations[0]


def test_a_blank_date_is_asked(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(PLAIN, head=replace(HEAD, issued_on=None)))
        first = plan.questions[0]
        assert (first.kind, first.obligation_id, first.subject) == ("date", None, "Ngày ban hành kế hoạch")


def test_the_same_bytes_are_refused_and_named(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        draft(session, home, reading_of(PLAIN))
    with pytest.raises(Refusal, match="kh-45-2026"), transaction(database_url) as session:
        draft(session, home, reading_of(PLAIN), name="doi-ten.docx")
    with transaction(database_url) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_a_second_plan_of_one_number_gets_a_code_of_its_own(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        codes = [draft(session, home, reading_of(PLAIN), data).code for data in (b"1", b"2", b"3")]
        assert codes == ["kh-45-2026", "kh-45-2026-2", "kh-45-2026-3"]


REFUSED = {
    "no year": (reading_of(PLAIN, head=replace(HEAD, year=None)), "--year"),
    "absurd year": (reading_of(PLAIN, head=replace(HEAD, year=20260)), "không hợp lệ"),
    "nothing in it": (replace(reading_of(), targets=()), "không có nhiệm vụ"),
}


@pytest.mark.parametrize(("reading", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_plan_is_refused(reading: object, said: str, sqlite_url: str, home: Path) -> None:
    with pytest.raises(Refusal, match=said), transaction(sqlite_url) as session:
        draft(session, home, reading)  # type: ignore[arg-type]
    with transaction(sqlite_url) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0


def _import_and_fail(url: str, home: Path) -> None:
    with transaction(url) as session:
        draft(session, home, reading_of(PLAIN, Row("2", "")))
        raise RuntimeError("the power fails before the commit")


def test_nothing_is_half_imported(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        before = session.scalar(select(func.count()).select_from(JournalEntry))
    with pytest.raises(RuntimeError, match="power"):
        _import_and_fail(database_url, home)
    with transaction(database_url) as session:
        for table in (Plan, Obligation, Question, Target):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == before
        assert list(journal.verify(session)) == []


def test_words_too_long_for_a_column_lose_nothing(database_url: str, home: Path) -> None:
    long = Row("k" * 90, "Quý I", leads=("Đơn vị có tên rất dài " * 40,))
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(long, long, head=replace(HEAD, number="9" * 80, issuer="UBND " * 90)))
        assert len({duty.key for duty in plan.obligations}) == 2
        assert plan.reading["obligations"][0]["leads"] == list(long.leads)
        assert len(plan.obligations[0].units[0].printed_name) <= 500


CODES = {
    "number": ({"kind": "Kế hoạch", "number": "45/KH-UBND"}, "kh-45-2026"),
    "leading zero": ({"kind": "Kế hoạch", "number": "07/KH-UBND"}, "kh-7-2026"),
    "blank number": ({"kind": "Kế hoạch", "number": None}, "ke-hoach-2026"),
    "unsigned symbol": ({"kind": "Quyết định", "number": "/QĐ-UBND"}, "quiet-dinh-2026"),
    "no kind": ({"kind": None, "number": "3"}, "kh-3-2026"),
}


@pytest.mark.parametrize(("head", "code"), CODES.values(), ids=CODES)
def test_codes_are_readable(head: dict[str, str | None], code: str) -> None:
    assert drafting.code_base(head, 2026) == code


def test_the_cycle_of_progress_checks_is_the_plans_own() -> None:
    monthly = Row("S1", "trước ngày 18 hằng tháng", content="Gửi báo cáo tháng")
    quarterly = Row("S2", "Hằng quý", content="Gửi báo cáo quý")
    other = Row("S3", "Hằng tháng", content="Họp giao ban")
    assert drafting.plan_cycle(reading_of(standing=(monthly,)).to_json()) == "monthly"
    assert drafting.plan_cycle(reading_of(standing=(monthly, quarterly)).to_json()) == "quarterly"
    assert drafting.plan_cycle(reading_of(standing=(other,)).to_json()) == "quarterly"


def test_the_issuer_says_which_tail_its_units_may_leave_out() -> None:
    tail = tail_of_issuer("UBND phường Thống Nhất")
    assert tail is not None
    assert (tail.kind, tail.place) == ("phường", "thống nhất")
    assert tail_of_issuer("Ủy ban nhân dân tỉnh Bình Minh") is None
    assert tail_of_issuer("") is None


def test_the_list_counts_what_is_open(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        draft(session, home, reading_of(PLAIN, Row("2", "")))
        (line,) = plan_queries.plan_lines(session)
        assert (line.obligations, line.open_questions, line.occurrences, line.next_due) == (2, 2, 0, None)
