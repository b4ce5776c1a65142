"""A plan file to a Reading: open, find the tables, read them, read the prose, audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from deadlines import WorkCalendar
from plans.reading.audit import Subject
from plans.reading.columns import Role
from plans.reading.document import Document
from plans.reading.duties import DutyTable, read_duties
from plans.reading.errors import PlanFileError
from plans.reading.findings import findings_of
from plans.reading.head import FIRST_YEAR, LAST_YEAR, Headed, read_head, with_year
from plans.reading.labelled import labelled_duties
from plans.reading.model import ObligationRow, Reading, StandingDuty, TargetRow
from plans.reading.prose import standing_duties
from plans.reading.sources import check_size, open_document
from plans.reading.tables import Found, found_tables, tidied
from plans.reading.targets import read_targets


def read_plan(path: Path, *, year: int | None = None, calendar: WorkCalendar | None = None) -> Reading:
    """Read a plan file. Raises PlanFileError, in one Vietnamese sentence with the cure, when that cannot be done."""
    try:
        check_size(path.name, path.stat().st_size)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PlanFileError(path.name, "không có ở nơi đã chỉ", "Hãy kiểm tra lại đường dẫn.") from error
    except OSError as error:
        raise PlanFileError(path.name, "không mở được", "Hãy kiểm tra quyền đọc và thử lại.") from error
    return read_bytes(path.name, data, year, calendar)


def read_bytes(name: str, data: bytes, year: int | None = None, calendar: WorkCalendar | None = None) -> Reading:
    """Read a plan from its bytes; `name` is used only for its extension and in messages. Raises PlanFileError.

    With a `calendar`, deadlines that fall on days off are among the findings.
    """
    _refuse_absurd_year(name, year)
    if data.startswith(b"PK\x03\x04"):
        # A plan that was exported says what it is, field by field; imported here, as it stands on this package.
        from plans.workbook_reading import is_plan_workbook, read_workbook

        if is_plan_workbook(data):
            return read_workbook(name, data, year)
    return read_opened(name, open_document(name, data), year, calendar)


def read_opened(
    name: str, document: Document, year: int | None = None, calendar: WorkCalendar | None = None
) -> Reading:
    """Read a plan from a file that is open already: opening a long PDF takes most of the time. As `read_bytes`."""
    _refuse_absurd_year(name, year)
    document = tidied(document)
    headed = read_head(document)
    _refuse_other_year(name, headed, year)
    headed = with_year(headed, year)
    parts = _read_tables(found_tables(document, headed.plan.year), headed.plan.year)
    paragraphs = list(document.paragraphs())
    labelled = labelled_duties(paragraphs, headed.plan.year, {row.key for row in parts.rows})
    parts.rows.extend(labelled.rows)
    parts.standing = standing_duties(paragraphs, headed.plan.year, labelled.settled)
    if not (parts.rows or parts.standing or parts.targets):
        cure = "Hãy kiểm tra có chọn đúng văn bản không; kế hoạch cần có bảng phân công nhiệm vụ."
        raise PlanFileError(name, "không có bảng nhiệm vụ, chỉ tiêu hay câu giao việc có thời hạn nào", cure)
    findings = findings_of(_subject(document, headed, parts, calendar))
    return Reading(headed.plan, tuple(parts.rows), tuple(parts.standing), tuple(parts.targets), tuple(findings))


@dataclass(slots=True)
class _Parts:
    """What the tables and the prose gave."""

    found: list[Found]
    duty_tables: list[DutyTable] = field(default_factory=list)
    rows: list[ObligationRow] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    standing: list[StandingDuty] = field(default_factory=list)
    targets_have_units: bool = False


def _read_tables(found: list[Found], year: int | None) -> _Parts:
    parts = _Parts(found)
    taken: set[str] = set()
    for one in found:
        if one.columns is None:
            continue
        if one.columns.holds_duties:
            table = read_duties(one.table, one.columns, year, taken)
            parts.duty_tables.append(table)
            parts.rows.extend(table.rows)
        elif one.columns.holds_targets:
            parts.targets.extend(read_targets(one.table, one.columns, one.above))
            parts.targets_have_units |= one.columns.has(Role.PERFORMER, Role.LEAD)
    return parts


def _refuse_absurd_year(name: str, year: int | None) -> None:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise PlanFileError(
            name, f"không đọc được với năm {year}", f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}, ví dụ --year 2026."
        )


def _refuse_other_year(name: str, headed: Headed, year: int | None) -> None:
    if year is None or not headed.years or year in headed.years:
        return
    own = headed.plan.year
    raise PlanFileError(
        name, f"là kế hoạch của năm {own}, không phải năm {year}", f"Hãy bỏ --year hoặc dùng --year {own}."
    )


def _subject(document: Document, headed: Headed, parts: _Parts, calendar: WorkCalendar | None) -> Subject:
    read = (parts.found, parts.duty_tables, parts.rows, parts.standing, parts.targets, parts.targets_have_units)
    return Subject(document, headed, *read, calendar)
