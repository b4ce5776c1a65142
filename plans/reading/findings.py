"""What a careful clerk would flag in a plan, and what the reader could not place; each with its place and a cure."""

from __future__ import annotations

from collections.abc import Iterator

from plans.reading.columns import DUTY_COLUMNS, TARGET_COLUMNS, Columns, Role
from plans.reading.duties import DutyTable
from plans.reading.head import Headed
from plans.reading.model import Finding, ObligationRow, Severity, StandingDuty, TargetRow
from plans.reading.ordinals import NO_ORDINAL, Ordinal, Style
from plans.reading.sections import Heading, Placed
from plans.reading.tables import Found
from plans.reading.text import flat, fold

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR


def head_findings(headed: Headed) -> Iterator[Finding]:
    """Blank number, blank date, unknown year."""
    if headed.number_blank:
        where = headed.number_place.words() if headed.number_place else "đầu văn bản"
        yield Finding(
            "number_blank", WARNING, where, "Số của văn bản để trống.", "Điền số khi kế hoạch được ban hành chính thức."
        )
    elif headed.plan.number is None and headed.plan.title:
        message = "Không thấy số, ký hiệu của văn bản."
        yield Finding("number_missing", NOTE, "đầu văn bản", message, "Kiểm tra tệp có thiếu phần đầu văn bản không.")
    if headed.date_blank:
        where = headed.date_place.words() if headed.date_place else "đầu văn bản"
        yield Finding(
            "date_blank", WARNING, where, "Ngày ban hành để trống hoặc thiếu.", "Điền đủ ngày, tháng, năm ban hành."
        )
    number, quoted = headed.plan.number, headed.quoted_number
    if number and quoted and number != quoted and number.split("/")[1] == quoted.split("/")[1]:
        message = f"Số văn bản không thống nhất: ở đầu là {number}, ở phần kèm theo là {quoted}."
        where = headed.quoted_place.words() if headed.quoted_place else "phần kèm theo"
        yield Finding("number_contradicts", WARNING, where, message, "Sửa lại cho đúng một số.")
    if headed.plan.year is None:
        message = "Không tìm thấy năm của kế hoạch, nên chưa tính được ngày cho các mốc không ghi năm."
        yield Finding("year_unknown", ERROR, "đầu văn bản", message, "Đọc lại kèm --year NĂM, ví dụ --year 2026.")
    if headed.plan.title is None:
        yield Finding(
            "title_missing",
            NOTE,
            "đầu văn bản",
            "Không thấy tên của kế hoạch.",
            "Kiểm tra tệp có thiếu trang đầu không.",
        )


def table_findings(found: list[Found]) -> Iterator[Finding]:
    """Tables whose columns cannot be told, and columns that have no place in the reading."""
    for one in found:
        if one.furniture:
            continue
        if one.columns is None or not (one.columns.holds_duties or one.columns.holds_targets):
            yield _unplaced_table(one)
        else:
            yield from _unused_columns(one, one.columns)


def _unplaced_table(one: Found) -> Finding:
    first = next((flat(text) for row in one.table.rows for text in row.texts() if text), "")
    message = (
        f"Không rõ bảng này ghi gì ({len(one.table.rows)} hàng, bắt đầu bằng “{first[:60]}”); chưa đưa vào bản đọc."
    )
    cure = "Kiểm tra hàng tiêu đề của bảng: cần có cột nội dung và cột đơn vị hoặc thời gian (hay chỉ tiêu)."
    return Finding("table_unplaced", WARNING, one.table.rows[0].place.words(), message, cure)


def _unused_columns(one: Found, columns: Columns) -> Iterator[Finding]:
    for at, role in enumerate(columns.roles):
        if role in (TARGET_COLUMNS if columns.holds_targets else DUTY_COLUMNS):
            continue
        below = one.table.rows[columns.header_rows :]
        filled = [row for row in below if at < len(row.cells) and row.texts()[at]]
        if filled:
            header = columns.headers[at] if at < len(columns.headers) and columns.headers[at] else f"cột thứ {at + 1}"
            message = f"Cột “{header}” có {len(filled)} ô ghi chữ, không thuộc bản đọc."
            yield Finding("column_unused", NOTE, filled[0].place.words(), message, "Xem cột này trong tệp gốc khi cần.")


def duty_findings(table: DutyTable) -> Iterator[Finding]:
    """Numbering, units and mended rows of one table of duties."""
    yield from _heading_order(table.headings)
    yield from _duty_order(table.placed)
    has_units = table.columns.has(Role.LEAD, Role.PERFORMER)
    for one, row in zip(table.placed, table.rows, strict=True):
        yield from _unit_findings(row, has_units, row.key in table.unroled)
        if one.row.remarks:
            yield Finding(
                "row_mended", WARNING, _where(row), " ".join(one.row.remarks), "Đối chiếu dòng này với bản gốc."
            )
    for blank in table.blank:
        message = f"Dòng này không có nội dung công việc, chỉ có: {'; '.join(map(flat, blank.texts.values()))[:120]}."
        cure = "Đối chiếu bản gốc và bổ sung nội dung."
        yield Finding("content_missing", WARNING, blank.place.words(), message, cure)
    yield from _too_repeated_content(table.rows)


def _heading_order(headings: tuple[Heading, ...]) -> Iterator[Finding]:
    """Section letters and numerals: missing, repeated."""
    last: dict[tuple[Style, str], Ordinal] = {}
    parent = ""
    for one in headings:
        ordinal = one.ordinal
        where = one.row.place.words()
        if ordinal is NO_ORDINAL:
            if all(other.ordinal is NO_ORDINAL for other in headings):
                continue
            message = f"Tiêu đề mục “{one.text[:60]}” không có số hoặc chữ cái thứ tự."
            yield Finding("section_unnumbered", NOTE, where, message, "Bổ sung ký hiệu thứ tự của mục.")
            continue
        if ordinal.style is Style.UPPER:
            parent = one.label
        before = last.get((ordinal.style, parent if ordinal.style is not Style.UPPER else ""))
        yield from _series(ordinal, before, f"mục {ordinal.text}", where, "section")
        last[(ordinal.style, parent if ordinal.style is not Style.UPPER else "")] = ordinal


def _series(now: Ordinal, before: Ordinal | None, name: str, where: str, code: str) -> Iterator[Finding]:
    if before is None or now.style is not before.style or (now.value == 1 and before.value != 1):
        return
    if now.value == before.value:
        message = f"Ký hiệu “{now.text}” dùng hai lần liên tiếp ({name})."
        yield Finding(f"{code}_repeated", WARNING, where, message, "Đánh lại thứ tự cho đúng.")
    elif now.value > before.value + 1 and not _skips_a_letter(before, now):
        message = f"Thiếu số thứ tự giữa “{before.text}” và “{now.text}”."
        yield Finding(
            f"{code}_missing", WARNING, where, message, "Kiểm tra có sót dòng nào không, hoặc đánh lại thứ tự."
        )
    elif now.value < before.value:
        message = f"Số thứ tự “{now.text}” đứng sau “{before.text}”."
        yield Finding(f"{code}_disordered", WARNING, where, message, "Đánh lại thứ tự cho đúng.")


def _skips_a_letter(before: Ordinal, now: Ordinal) -> bool:
    """Lists that go d, e without đ are common and no flaw."""
    return before.style in (Style.LOWER, Style.UPPER) and before.text.lower() == "d" and now.text.lower() == "e"


def _duty_order(placed: tuple[Placed, ...]) -> Iterator[Finding]:
    before: Ordinal | None = None
    under: tuple[str, ...] = ()
    for one in placed:
        if one.row.split or one.ordinal is NO_ORDINAL:
            continue
        path = tuple(heading.label for heading in one.headings)
        restarts = path != under and one.ordinal.value == 1
        if not restarts:
            yield from _series(one.ordinal, before, "dòng nhiệm vụ", one.row.place.words(), "ordinal")
        before, under = one.ordinal, path


def _unit_findings(row: ObligationRow, has_units: bool, unroled: bool) -> Iterator[Finding]:
    if not row.leads and has_units:
        yield Finding(
            "lead_missing",
            WARNING,
            _where(row),
            "Chưa ghi đơn vị chủ trì.",
            "Xác định một đơn vị chủ trì cho nhiệm vụ này.",
        )
    if unroled:
        message = "Nhiều đơn vị cùng ghi, không rõ đơn vị nào chủ trì."
        yield Finding("role_unclear", NOTE, _where(row), message, "Ghi rõ “chủ trì” và “phối hợp”.")
    both = {fold(name) for name in row.leads} & {fold(name) for name in row.coordinators}
    for name in sorted(both):
        printed = next(lead for lead in row.leads if fold(lead) == name)
        yield Finding(
            "lead_and_coordinator",
            WARNING,
            _where(row),
            f"“{printed}” vừa chủ trì vừa phối hợp.",
            "Bỏ một trong hai vai.",
        )


def _too_repeated_content(rows: list[ObligationRow]) -> Iterator[Finding]:
    seen: dict[tuple[str, str | None], ObligationRow] = {}
    for row in rows:
        mark = (fold(row.content), row.deliverable)
        if row.content and mark in seen and (row.ordinal is None or row.ordinal != seen[mark].ordinal):
            message = f"Nội dung trùng với nhiệm vụ {seen[mark].key}."
            yield Finding("duty_repeated", WARNING, _where(row), message, "Bỏ dòng trùng hoặc phân biệt hai nhiệm vụ.")
        seen.setdefault(mark, row)


def deadline_findings(rows: list[ObligationRow], standing: list[StandingDuty]) -> Iterator[Finding]:
    """Deadlines that a person must decide, and prose duties that bind nobody by name."""
    for row in (*rows, *(duty.row for duty in standing)):
        if row.status == "ask":
            code = "deadline_asks" if row.deadline_text else "deadline_missing"
            question = row.question or "Chưa hiểu chắc chắn thời hạn này."
            printed = f"“{row.deadline_text}”: {question}" if row.deadline_text else question
            yield Finding(code, WARNING, _where(row), printed, "Trả lời câu hỏi này khi xác nhận kế hoạch.")
    for duty in standing:
        if not duty.row.leads:
            message = f"Câu giao việc không nêu đơn vị: “{duty.quote[:90]}”."
            yield Finding("lead_missing", WARNING, _where(duty.row), message, "Xác định đơn vị phải thực hiện.")


def early_findings(rows: list[ObligationRow], issued_on: str | None) -> Iterator[Finding]:
    """Deadlines that had passed when the plan was issued: they can never be met."""
    for row in rows if issued_on else []:
        dues = [str(rule["due"]) for rule in row.rules if rule.get("kind") == "once" and rule.get("due")]
        if dues and issued_on and max(dues) < issued_on:
            printed = f"“{row.deadline_text}” đã qua trước ngày ban hành {_day(issued_on)}."
            yield Finding(
                "deadline_before_issue", WARNING, _where(row), printed, "Xem lại thời hạn hoặc ngày ban hành."
            )


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def target_findings(targets: list[TargetRow], has_units: bool) -> Iterator[Finding]:
    """Figures that hold no single number."""
    for target in targets:
        where = f"chỉ tiêu {target.ordinal or target.name[:30]}, {target.place.words()}".rstrip(", ")
        if not target.name:
            message = "Dòng chỉ tiêu này không có tên."
            yield Finding("content_missing", WARNING, where, message, "Đối chiếu bản gốc và bổ sung tên chỉ tiêu.")
        if target.value is None:
            yield Finding("target_blank", WARNING, where, "Chỉ tiêu không có con số.", "Bổ sung mức phải đạt.")
        elif isinstance(target.value, str):
            message = f"Mức “{target.value[:80]}” không phải là một con số."
            yield Finding("target_unread", NOTE, where, message, "Tách thành từng chỉ tiêu có một con số khi theo dõi.")
        if has_units and not target.responsible:
            yield Finding(
                "lead_missing", NOTE, where, "Chỉ tiêu chưa ghi đơn vị chịu trách nhiệm.", "Xác định đơn vị thực hiện."
            )


def _where(row: ObligationRow) -> str:
    return ", ".join(part for part in (f"nhiệm vụ {row.key}", row.place.words()) if part)
