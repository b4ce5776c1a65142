"""What a careful clerk would flag in a plan, and what the reader could not place; each with its place and a cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plans.reading.audit import Flaw, Spot, Subject, audit, gathered
from plans.reading.audit.flaws import ERROR, NOTE, WARNING
from plans.reading.body import loose_headers, part_findings
from plans.reading.columns import DUTY_COLUMNS, TARGET_COLUMNS, Columns, Role
from plans.reading.document import Place
from plans.reading.duties import DutyTable
from plans.reading.head import Headed
from plans.reading.leftovers import leftover_findings
from plans.reading.model import Finding, ObligationRow, TargetRow
from plans.reading.tables import Found
from plans.reading.text import flat, fold

HEAD = Spot(name="đầu văn bản")
_COMPARE = "Đối chiếu với bản gốc."


def findings_of(subject: Subject) -> list[Finding]:
    """Every finding of a plan: what was not placed and what a clerk would flag, in the order of the document."""
    flaws = list(_flaws(subject))
    left = leftover_findings(subject.found, subject.rows, subject.targets, gathered(flaws))
    return gathered([*flaws, *_told(subject, left)])


def _flaws(subject: Subject) -> Iterator[Flaw]:
    for remark in subject.document.remarks:
        yield Flaw("source_remark", NOTE, Spot(name="cả tệp"), remark, _COMPARE)
    yield from _head_flaws(subject)
    yield from _told(subject, part_findings(subject.document.paragraphs()))
    yield from _told(subject, loose_headers(subject.document.paragraphs()))
    for one in subject.found:
        yield from _table_flaws(subject, one)
    for table in subject.duty_tables:
        yield from _duty_flaws(subject, table)
    yield from _deadline_flaws(subject)
    for target in subject.targets:
        yield from _target_flaws(subject, target)
    yield from audit(subject)


def _told(subject: Subject, findings: Iterable[Finding]) -> Iterator[Flaw]:
    """Findings of the other readers of the prose as flaws, at the place that their words name."""
    spots = {passage.spot.place.words(): passage.spot.at for passage in reversed(subject.passages)}
    for one in findings:
        yield Flaw(one.code, one.severity, Spot(spots.get(one.where, -1), name=one.where), one.message, one.suggestion)


def _head_flaws(subject: Subject) -> Iterator[Flaw]:
    """Blank number, blank date, unknown year, and what the head does not have at all."""
    headed, plan = subject.headed, subject.headed.plan
    if headed.number_blank:
        cure = "Điền số khi kế hoạch được ban hành chính thức."
        yield Flaw("number_blank", WARNING, _at(subject, headed.number_place), "Số của văn bản để trống.", cure)
    if headed.date_blank:
        spot, message = _at(subject, headed.date_place), "Ngày ban hành để trống hoặc thiếu."
        yield Flaw("date_blank", WARNING, spot, message, "Điền đủ ngày, tháng, năm ban hành.")
    number, quoted = plan.number, headed.quoted_number
    if number and quoted and number != quoted and _share_a_part(number, quoted):
        message = f"Số văn bản không thống nhất: ở đầu là {number}, ở phần kèm theo là {quoted}."
        spot = _at(subject, headed.quoted_place)
        yield Flaw("number_contradicts", WARNING, spot, message, "Sửa lại cho đúng một số.")
    if plan.year is None:
        message = "Không tìm thấy năm của kế hoạch, nên chưa tính được ngày cho các mốc không ghi năm."
        yield Flaw("year_unknown", ERROR, HEAD, message, "Đọc lại kèm --year NĂM, ví dụ --year 2026.")
    if headed.span and plan.year:
        message = (
            f"Kế hoạch cho nhiều năm ({headed.span[0]}-{headed.span[1]}); mốc không ghi năm tính theo {plan.year}."
        )
        yield Flaw("years_several", NOTE, HEAD, message, f"Đọc lại kèm --year nếu theo dõi năm khác {plan.year}.")
    missing = _missing_in_head(headed)
    if missing:
        message = f"Phần đầu văn bản không có {', '.join(missing)}."
        yield Flaw("head_missing", NOTE, HEAD, message, "Kiểm tra tệp có thiếu phần đầu văn bản không.")


def _share_a_part(one: str, other: str) -> bool:
    """Whether two numbers are meant for one document: the same figure, or the same symbol."""
    (figure, _, symbol), (other_figure, _, other_symbol) = one.partition("/"), other.partition("/")
    return symbol == other_symbol or figure.strip() == other_figure.strip()


def _at(subject: Subject, place: Place | None) -> Spot:
    return subject.spot(place) if place else HEAD


def _missing_in_head(headed: Headed) -> list[str]:
    plan = headed.plan
    parts = (
        ("tên kế hoạch", plan.title),
        ("số, ký hiệu", plan.number or headed.number_blank),
        ("ngày ban hành", plan.issued_on or headed.date_blank),
    )
    return [name for name, there in parts if not there]


def _table_flaws(subject: Subject, one: Found) -> Iterator[Flaw]:
    """A table whose columns cannot be told, and columns that have no place in the reading."""
    if one.furniture:
        return
    if one.aside:
        message = f"Bảng {one.aside} ({len(one.table.rows)} hàng) không thuộc bản đọc."
        yield Flaw("table_aside", NOTE, subject.spot(one.table.rows[0].place), message, "Xem trong tệp gốc khi cần.")
    elif one.columns is None or not (one.columns.holds_duties or one.columns.holds_targets):
        yield _unplaced_table(subject, one)
    else:
        yield from _unused_columns(subject, one, one.columns)


def _unplaced_table(subject: Subject, one: Found) -> Flaw:
    first = next((flat(text) for row in one.table.rows for text in row.texts() if text), "")
    message = (
        f"Không rõ bảng này ghi gì ({len(one.table.rows)} hàng, bắt đầu bằng “{first[:60]}”); chưa đưa vào bản đọc."
    )
    cure = "Kiểm tra hàng tiêu đề của bảng: cần có cột nội dung và cột đơn vị hoặc thời gian (hay chỉ tiêu)."
    return Flaw("table_unplaced", WARNING, subject.spot(one.table.rows[0].place), message, cure)


def _unused_columns(subject: Subject, one: Found, columns: Columns) -> Iterator[Flaw]:
    others = columns.other_figures
    if others:
        read = columns.headers[columns.roles.index(Role.TARGET)]
        message = f"Chỉ đọc mức ở cột “{read}”; không đọc cột {', '.join(f'“{columns.headers[at]}”' for at in others)}."
        yield Flaw("figures_other", NOTE, subject.spot(one.table.rows[0].place), message, "Xem trong tệp gốc khi cần.")
    for at, role in enumerate(columns.roles):
        if role in (TARGET_COLUMNS if columns.holds_targets else DUTY_COLUMNS) or at in others:
            continue
        below = one.table.rows[columns.header_rows :]
        filled = [row for row in below if at < len(row.cells) and row.texts()[at]]
        if filled:
            header = columns.headers[at] if at < len(columns.headers) and columns.headers[at] else f"cột thứ {at + 1}"
            message = f"Cột “{header}” có {len(filled)} ô ghi chữ, không thuộc bản đọc."
            spot = subject.spot(filled[0].place)
            yield Flaw("column_unused", NOTE, spot, message, "Xem cột này trong tệp gốc khi cần.")


def _duty_flaws(subject: Subject, table: DutyTable) -> Iterator[Flaw]:
    """Units, mended and blank rows of one table of duties."""
    has_units = table.columns.has(Role.LEAD, Role.PERFORMER)
    for one, row in zip(table.placed, table.rows, strict=True):
        yield from _unit_flaws(subject, row, has_units)
        if one.row.remarks:
            message = " ".join(one.row.remarks)
            yield Flaw("row_mended", WARNING, subject.row_spot(row), message, "Đối chiếu dòng này với bản gốc.")
    for blank in table.blank:
        message = f"Dòng này không có nội dung công việc, chỉ có: {'; '.join(map(flat, blank.texts.values()))[:120]}."
        cure = "Đối chiếu bản gốc và bổ sung nội dung."
        yield Flaw("content_missing", WARNING, subject.spot(blank.place), message, cure)
    yield from _repeated_duties(subject, table.rows)


def _unit_flaws(subject: Subject, row: ObligationRow, has_units: bool) -> Iterator[Flaw]:
    spot = subject.row_spot(row)
    if not row.leads and has_units:
        cure = "Xác định một đơn vị chủ trì cho nhiệm vụ này."
        yield Flaw("lead_missing", WARNING, spot, "Chưa ghi đơn vị chủ trì.", cure)
    both = {fold(name) for name in row.leads} & {fold(name) for name in row.coordinators}
    for name in sorted(both):
        printed = next(lead for lead in row.leads if fold(lead) == name)
        message = f"“{printed}” vừa chủ trì vừa phối hợp."
        yield Flaw("lead_and_coordinator", WARNING, spot, message, "Bỏ một trong hai vai.")


def _repeated_duties(subject: Subject, rows: list[ObligationRow]) -> Iterator[Flaw]:
    seen: dict[tuple[str, str | None], ObligationRow] = {}
    for row in rows:
        mark = (fold(row.content), row.deliverable)
        if row.content and mark in seen and (row.ordinal is None or row.ordinal != seen[mark].ordinal):
            message = f"Nội dung trùng với nhiệm vụ {seen[mark].key}."
            cure = "Bỏ dòng trùng hoặc phân biệt hai nhiệm vụ."
            yield Flaw("duty_repeated", WARNING, subject.row_spot(row), message, cure)
        seen.setdefault(mark, row)


def _deadline_flaws(subject: Subject) -> Iterator[Flaw]:
    """Deadlines that a person must decide, and prose duties that bind nobody by name."""
    for row in (*subject.rows, *(duty.row for duty in subject.standing)):
        if row.status == "ask":
            code = "deadline_asks" if row.deadline_text else "deadline_missing"
            question = row.question or "Chưa hiểu chắc chắn thời hạn này."
            printed = f"“{row.deadline_text}”: {question}" if row.deadline_text else question
            yield Flaw(code, WARNING, subject.row_spot(row), printed, "Trả lời câu hỏi này khi xác nhận kế hoạch.")
    for duty in subject.standing:
        if not duty.row.leads:
            message = f"Câu giao việc không nêu đơn vị: “{duty.quote[:90]}”."
            spot = subject.row_spot(duty.row)
            yield Flaw("lead_missing", WARNING, spot, message, "Xác định đơn vị phải thực hiện.")


def _target_flaws(subject: Subject, target: TargetRow) -> Iterator[Flaw]:
    """Figures that hold no single number, names and units left out."""
    spot = subject.target_spot(target)
    if not target.name:
        message = "Dòng chỉ tiêu này không có tên."
        yield Flaw("content_missing", WARNING, spot, message, "Đối chiếu bản gốc và bổ sung tên chỉ tiêu.")
    if target.value is None:
        yield Flaw("target_blank", WARNING, spot, "Chỉ tiêu không có con số.", "Bổ sung mức phải đạt.")
    elif isinstance(target.value, str):
        message = f"Mức “{target.value[:80]}” không phải là một con số."
        yield Flaw("target_unread", NOTE, spot, message, "Tách thành từng chỉ tiêu có một con số khi theo dõi.")
    if subject.targets_have_units and not target.responsible:
        message = "Chỉ tiêu chưa ghi đơn vị chịu trách nhiệm."
        yield Flaw("lead_missing", NOTE, spot, message, "Xác định đơn vị thực hiện.")
