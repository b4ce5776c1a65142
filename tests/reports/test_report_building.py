"""Building, keeping and refusing; the figures agree with the ledger; the workbook agrees with the frames."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.file_store import read_stored
from db.journal import verify
from db.models import OCCURRENCE_STATES, Base, JournalEntry, ReportFile
from db.session import transaction
from deadlines import periods
from reports.building import BuiltReport, build_report
from reports.figures import buckets, missing_frame, submissions_frame, totals, units_frame
from reports.findings import find_all
from reports.ledger import Ledger, build_ledger
from reports.workbook import sheets, write_workbook
from tests.reports.report_builders import ECONOMY, NOW, OFFICE, POLICE, TestOffice, World, fill_sample, make_world

Q1 = periods.quarter(2026, 1)


def build(world: World, settings: Settings, period: periods.Period = Q1) -> BuiltReport:
    """The report of a period."""
    world.session.flush()
    world.session.expire_all()
    return build_report(world.session, world.plan.id, period, NOW, "chuyen-vien", settings, TestOffice())


def ledger_of(world: World, now: datetime = NOW) -> Ledger:
    """The ledger of the first quarter as the database has it."""
    world.session.flush()
    world.session.expire_all()
    return build_ledger(world.session, world.plan, Q1, now)


def test_the_report_is_kept_and_journaled(sample: World, settings: Settings) -> None:
    built = build(sample, settings)
    kept = sample.session.get_one(ReportFile, built.report_id)
    assert read_stored(settings.home, kept.docx_sha256) == built.docx
    assert read_stored(settings.home, kept.xlsx_sha256) == built.xlsx
    assert (kept.period_key, kept.period_label, kept.built_by) == ("2026-Q1", "Quý I/2026", "chuyen-vien")
    assert kept.built_at == NOW
    entry = sample.session.scalars(select(JournalEntry)).one()
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("report.build", "report", built.report_id)
    assert entry.data["docx"] == kept.docx_sha256
    assert list(verify(sample.session)) == []


def test_the_summary_names_who_is_missing(sample: World, settings: Settings) -> None:
    summary = build(sample, settings).summary
    assert {name: summary[name] for name in ("expected", "received", "on_time", "late", "missing", "pending")} == {
        "expected": 18, "received": 14, "on_time": 12, "late": 2, "missing": 3, "pending": 1,
    }  # fmt: skip
    assert [each["unit"] for each in summary["missing_units"]] == [OFFICE, POLICE]
    assert [len(each["duties"]) for each in summary["missing_units"]] == [1, 2]
    assert [each["unit"] for each in summary["carried_units"]] == [POLICE]


def test_building_changes_nothing_of_what_units_sent(sample: World, settings: Settings) -> None:
    before = [(line.occurrence.id, line.occurrence.state) for line in ledger_of(sample).lines]
    build(sample, settings)
    assert [(line.occurrence.id, line.occurrence.state) for line in ledger_of(sample).lines] == before


@pytest.mark.parametrize("number", [3, 4])
def test_an_empty_period_is_refused_with_the_periods_that_exist(sample: World, settings: Settings, number: int) -> None:
    with pytest.raises(Refusal, match=r"Quý IV/2025, Quý I/2026, Quý II/2026\.$"):
        build(sample, settings, periods.quarter(2026, number))
    assert sample.session.scalars(select(ReportFile)).all() == []
    assert not (settings.home / "files").exists()


def test_a_plan_without_dates_a_draft_and_no_plan_are_refused(world: World, settings: Settings) -> None:
    with pytest.raises(Refusal, match="chưa có nhiệm vụ nào có thời hạn"):
        build(world, settings)
    world.plan.state = "draft"
    with pytest.raises(Refusal, match="dondoc plan confirm cchc-2026"):
        build(world, settings)
    with pytest.raises(Refusal, match="Không có kế hoạch số 999"):
        build_report(world.session, 999, Q1, NOW, "x", settings, TestOffice())


def test_it_works_on_both_databases(database_url: str, settings: Settings) -> None:
    with transaction(database_url) as session:
        world = make_world(session)
        fill_sample(world)
        plan_id = world.plan.id
    with transaction(database_url) as session:
        built = build_report(session, plan_id, Q1, NOW, "x", settings, TestOffice())
    with transaction(database_url) as session:
        assert session.get_one(ReportFile, built.report_id).summary == built.summary


def test_the_same_state_and_instant_give_the_same_bytes(sample: World, settings: Settings) -> None:
    first, again = build(sample, settings), build(sample, settings)
    assert (first.docx, first.xlsx) == (again.docx, again.xlsx)
    assert first.report_id != again.report_id


def test_the_number_of_statements_does_not_grow(sample: World) -> None:
    def count() -> int:
        told: list[Any] = []
        sample.session.expire_all()
        bind = sample.session.get_bind()

        def note(*arguments: Any) -> None:
            told.append(arguments[2])

        event.listen(bind, "before_cursor_execute", note)
        write_workbook(ledger := build_ledger(sample.session, sample.plan, Q1, NOW), find_all(ledger))
        event.remove(bind, "before_cursor_execute", note)
        return len(told)

    before = count()
    for number in range(30):
        duty = sample.obligation(f"Việc thêm {number}", coordinators=["Một bên"])
        sample.submit(sample.occurrence(duty, f"Đơn vị {number}"), files=["a.pdf"])
    assert count() == before


def read_back(sheet: Worksheet) -> list[list[Any]]:
    """The rows of a sheet below its head."""
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def plain(value: Any) -> Any:
    """A value of a frame as a workbook gives it back."""
    if value is None or value == "" or (isinstance(value, float) and pd.isna(value)):
        return None
    return datetime(value.year, value.month, value.day) if type(value) is date else value  # noqa: DTZ001 - Excel has no zones


def test_the_workbook_reads_back_as_the_frames(sample: World) -> None:
    ledger = ledger_of(sample)
    findings = find_all(ledger)
    book = load_workbook(BytesIO(write_workbook(ledger, findings)))
    assert book.sheetnames == ["Nhiệm vụ", "Đơn vị", "Chỉ tiêu", "Bài nộp", "Còn thiếu", "Cần kiểm tra"]
    for sheet in sheets(ledger, findings):
        expected = [[plain(value) for value in row] for row in sheet.frame.astype(object).to_numpy().tolist()]
        assert read_back(book[sheet.name]) == expected, sheet.name
        assert expected, sheet.name


def test_every_sheet_can_be_filtered_and_its_dates_are_dates(sample: World) -> None:
    ledger = ledger_of(sample)
    book = load_workbook(BytesIO(write_workbook(ledger, find_all(ledger))))
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(dimension.width >= 6 for dimension in sheet.column_dimensions.values())
        heads = [cell.value for cell in sheet[1]]
        assert all((isinstance(head, str) and not head.isascii()) or head == "TT" for head in heads), heads
    due = [cell for row in book["Còn thiếu"].iter_rows(min_row=2) for cell in row if isinstance(cell.value, datetime)]
    assert len(due) == 4
    assert {cell.number_format for cell in due} == {"dd/mm/yyyy"}


HOSTILE = {
    "formula": '=HYPERLINK("http://xau.example","bấm")',
    "formula_by_plus": "+1+1",
    "control": "a\x01\x0bb",
    "very_long": "dài " * 20_000,
    "error_word": "#REF!",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_the_workbook(world: World, name: str) -> None:
    duty = world.obligation(HOSTILE[name][:900])
    world.submit(world.occurrence(duty, OFFICE), text=HOSTILE[name], files=["=1+1.xlsx"])
    ledger = ledger_of(world)
    book = load_workbook(BytesIO(write_workbook(ledger, find_all(ledger))))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows(min_row=2) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all(len(cell.value) <= 32_767 for cell in cells if isinstance(cell.value, str))


def test_all_versions_stand_in_the_workbook_and_only_one_speaks(world: World) -> None:
    asked = world.occurrence(world.obligation("Báo cáo quý"), OFFICE)
    world.submit(asked, text="lần một", state="returned")
    world.submit(asked, text="lần hai", state="accepted")
    ledger = ledger_of(world)
    assert list(submissions_frame(ledger)["text"]) == ["lần một", "lần hai"]
    speaking = ledger.lines[0].submission
    assert speaking is not None
    assert speaking.version == 2


def test_shares_of_a_unit_of_which_nothing_is_expected_are_empty(world: World) -> None:
    world.occurrence(world.obligation("Báo cáo quý"), ECONOMY, state="waived")
    frame = units_frame(ledger_of(world))
    assert list(frame["expected"]) == [0]
    assert frame["completeness"].isna().all()


cases = st.lists(
    st.tuples(
        st.sampled_from([state for state in OCCURRENCE_STATES if state != "cancelled"]),
        st.integers(0, 3),
        st.dates(Q1.start, Q1.end),
        st.integers(-30, 60),
        st.none() | st.integers(0, 60),
    ),
    min_size=1,
    max_size=12,
)


def add_case(world: World, case: tuple[str, int, date, int, int | None], number: int) -> None:
    """One occurrence in a random state."""
    state, unit, due, answer, extra = case
    asked = world.occurrence(world.plan.obligations[0], f"Đơn vị {unit}", due, state=state, key=f"k{number}")
    asked.answered_at = NOW + timedelta(days=answer)
    asked.extended_due = None if extra is None else due + timedelta(days=extra)


@limits(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=cases, days=st.integers(-90, 120))
def test_the_counts_always_agree(found: list[tuple[str, int, date, int, int | None]], days: int) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        world = make_world(session)
        world.obligation("Báo cáo")
        for number, case in enumerate(found):
            add_case(world, case, number)
        check_counts(ledger_of(world, NOW + timedelta(days=days)), len(found))
    engine.dispose()


def check_counts(ledger: Ledger, size: int) -> None:
    """expected = received + missing + pending, received = on time + late, and every view gives the same sums."""
    frame, counts = units_frame(ledger), totals(ledger.expected)
    assert len(ledger.lines) == size
    assert counts["expected"] == counts["received"] + counts["missing"] + counts["pending"]
    assert counts["received"] == counts["on_time"] + counts["late"]
    assert sum(buckets(ledger.expected).values()) == counts["expected"]
    for name in ("expected", "received", "on_time", "late", "missing", "pending"):
        assert int(frame[name].sum()) == counts[name]
    assert len(missing_frame(ledger)) == counts["missing"]
    shares = frame[frame["expected"] > 0]
    assert ((shares["timeliness"] <= shares["completeness"]) & (shares["completeness"] <= 1)).all()


def test_a_cancelled_occurrence_is_nowhere(world: World) -> None:
    duty = world.obligation("Báo cáo quý")
    world.occurrence(duty, OFFICE)
    world.occurrence(duty, ECONOMY, state="cancelled")
    assert [line.unit_name for line in ledger_of(world).lines] == [OFFICE]
