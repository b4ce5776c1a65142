"""Reading a plan's workbook back: every fault of the file is said at once with its sheet, row and cure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from config.faults import Refusal
from config.phrases import read_phrase
from config.superior import read_superior
from deadlines import RuleError, rule_from_json
from plans.reading.errors import PlanFileError
from plans.reading.model import (
    BasedOn,
    Finding,
    Json,
    ObligationRow,
    PlanHead,
    Reading,
    Severity,
    StandingDuty,
    TargetRow,
)
from plans.reading.sources.archive import BROKEN, kind_of
from plans.workbook_columns import (
    BASED_ON,
    DUTY_COLUMNS,
    DUTY_SHEET,
    FINDING_COLUMNS,
    FINDING_SHEET,
    HEAD_FIELDS,
    HEAD_SHEET,
    MARK,
    MARK_SHEET,
    TARGET_COLUMNS,
    TARGET_SHEET,
    Column,
    from_file,
    place_of,
)
from plans.workbook_rows import SheetFaults, SheetRow, WorkbookFault, cell_text, machine_of, rows_of
from plans.workbook_writing import digest, show_head


@dataclass(frozen=True, slots=True)
class SheetReading(Reading):
    """What a plan's workbook says: a Reading whose keys are the plan's own, with the settings of each duty."""

    code: str = ""
    fingerprint: str = ""
    settings: dict[str, Json] = field(default_factory=dict)
    dismissed: tuple[str | None, ...] = ()

    def to_json(self) -> Json:
        """The object of a Reading; `workbook` names the plan and its state when it was exported."""
        content = Reading.to_json(self)
        for row in (*content["obligations"], *content["standing"]):
            row.update(self.settings.get(row["key"], {}))
        for row, reason in zip(content["findings"], self.dismissed, strict=False):
            row["dismissed"] = reason
        return content | {"workbook": {"code": self.code, "fingerprint": self.fingerprint}}


def is_plan_workbook(data: bytes) -> bool:
    """Whether bytes are a workbook that `dondoc plan export` wrote, as far as its mark tells."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(
                mark in archive.open(name).read(1 << 20)
                for name, mark in (
                    ("xl/workbook.xml", f'name="{MARK_SHEET}"'.encode()),
                    ("docProps/custom.xml", MARK.encode()),
                )
                if name in archive.namelist()
            )
    except BROKEN:
        return False


def read_workbook(name: str, data: bytes, year: int | None = None) -> SheetReading:
    """Read a plan's workbook. Raises WorkbookFault with every fault, PlanFileError when it cannot be opened."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    kind_of(name, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
    except (InvalidFileException, *BROKEN) as error:
        cure = "Hãy mở lại bằng Excel, lưu thành tệp .xlsx mới rồi nộp lại."
        raise PlanFileError(name, "là bảng tính bị hỏng, không mở được", cure) from error
    state = SheetFaults()
    missing = [title for title in (HEAD_SHEET, DUTY_SHEET, TARGET_SHEET) if title not in book.sheetnames]
    if missing:
        cure = "Hãy xuất lại kế hoạch và sửa trên bản mới; không xóa hay đổi tên trang tính."
        raise WorkbookFault(name, [f"Thiếu trang tính «{title}». {cure}" for title in missing])
    head = _read_head(book[HEAD_SHEET], state, year)
    duties = _checked_duties(rows_of(book[DUTY_SHEET], DUTY_COLUMNS, state), state, head.year)
    targets = [_target(row) for row in _named(rows_of(book[TARGET_SHEET], TARGET_COLUMNS, state), state)]
    remarks = rows_of(book[FINDING_SHEET], FINDING_COLUMNS, state) if FINDING_SHEET in book.sheetnames else []
    if state.faults:
        raise WorkbookFault(name, state.faults)
    found = [row.values for row in remarks]
    return SheetReading(
        plan=head,
        obligations=tuple(row for row, values in duties if not values["standing"]),
        standing=tuple(StandingDuty(row, values["quote"] or "") for row, values in duties if values["standing"]),
        targets=tuple(targets),
        findings=(*map(_finding, found), *state.remarks),
        settings={row.key: _settings(values) for row, values in duties},
        dismissed=tuple(values["dismissed"] for values in found),
        **_mark_of(book),
    )


def _settings(values: Json) -> Json:
    """What a plan file does not say of a duty; `fresh` marks a row whose key was given here."""
    kept = {name: values[name] for name in ("cycle", "regime", "ladder", "superior_text") if name in values}
    return kept | ({"fresh": True} if values.get("fresh") else {})


def _mark_of(book: Any) -> dict[str, str]:
    """The plan's code and state at the time of the export; blank when the hidden sheet is gone."""
    if MARK_SHEET not in book.sheetnames:
        return {}
    sheet = book[MARK_SHEET]
    return {"code": str(sheet["A3"].value or ""), "fingerprint": str(sheet["A4"].value or "")}


def _checked_duties(rows: list[SheetRow], state: SheetFaults, year: int | None) -> list[tuple[ObligationRow, Json]]:
    for row in rows:
        if not row.values["content"]:
            cure = "thiếu nội dung nhiệm vụ. Hãy ghi nội dung, hoặc xóa cả hàng."
            state.fault(DUTY_SHEET, row.number, DUTY_COLUMNS[3].head, cure)
        _refuse_edited_views(row, state)
        _refuse_unclear_superior(row, state, year)
    _settle_keys(rows, state)
    return [(_duty(row, year), row.values) for row in rows]


def _refuse_edited_views(row: SheetRow, state: SheetFaults) -> None:
    """A column that only shows was written over: the words would be lost in silence."""
    kept, meaning = row.machine.get("said"), row.values.get("said")
    if kept is not None and meaning is not None and " ".join(str(meaning).split()) != " ".join(str(kept).split()):
        cure = "cột này chỉ để xem nên chữ mới không được nhập. Hãy sửa cột «Thời hạn», và khôi phục ô này."
        state.fault(DUTY_SHEET, row.number, "Cách hiểu thời hạn (chỉ để xem)", cure)


def _refuse_unclear_superior(row: SheetRow, state: SheetFaults, year: int | None) -> None:
    """The superior's date must be understood, or an extension could pass it."""
    try:
        read_superior(row.values.get("superior_text") or "", year or 2000)
    except Refusal as refusal:
        state.fault(DUTY_SHEET, row.number, "Hạn cấp trên", str(refusal))


def _settle_keys(rows: list[SheetRow], state: SheetFaults) -> None:
    """Each row a key of its own. Of rows with one key the one with the exported content keeps it; others are new."""
    owner: dict[str, SheetRow] = {}
    for row in rows:
        known = owner.get(row.values["key"])
        if known is None or (not _original(known) and _original(row)):
            owner[row.values["key"]] = row
    taken = {key for key in owner if key}
    spare = (key for key in map("bs{}".format, count(1)) if key not in taken)
    for row in rows:
        key = row.values["key"]
        if not key or owner[key] is not row:
            if key:
                words = f"Mã {key} lặp lại; hàng này được coi là một nhiệm vụ mới."
                state.remark(DUTY_SHEET, row.number, words, "Nếu là nhiệm vụ cũ, hãy xóa hàng kia.")
            ordinal = row.values["ordinal"]
            row.values["key"] = ordinal if ordinal and ordinal not in taken else next(spare)
            row.values["fresh"] = True
            taken.add(row.values["key"])


def _original(row: SheetRow) -> bool:
    return bool(row.machine.get("content") == digest(row.values["content"]))


def _duty(row: SheetRow, year: int | None) -> ObligationRow:
    values = row.values
    rules, status, question = _deadline(row, year)
    source = row.machine.get("source")
    return ObligationRow(
        key=values["key"],
        ordinal=values["ordinal"],
        section=tuple(values["section"]),
        content=values["content"],
        deliverable=values["deliverable"],
        leads=tuple(values["leads"]),
        coordinators=tuple(values["coordinators"]),
        deadline_text=values["deadline_text"],
        rules=tuple(rules),
        status=status,
        question=question,
        place=place_of(source if isinstance(source, dict) else {}),
    )


def _deadline(row: SheetRow, year: int | None) -> tuple[list[Json], str, str | None]:
    """What the deadline means: as it was when exported while its words stay, else as its new words read."""
    words, machine = row.values["deadline_text"], row.machine
    if machine.get("words") == digest(words) and machine.get("year") == year:
        try:
            rules = [rule_from_json(rule).to_json() for rule in machine.get("rules") or ()]
        except (RuleError, AttributeError, TypeError):
            rules = []
        if rules or machine.get("status") == "ask":
            return rules, "read" if rules else "ask", machine.get("question")
    said = read_phrase(words, year) if words and year else None
    if said is None or said.status != "read":
        return [], "ask", said.question if said else None
    return [rule.to_json() for rule in said.rules], "read", None


def _named(rows: list[SheetRow], state: SheetFaults) -> Iterator[SheetRow]:
    for row in rows:
        if not row.values["name"]:
            state.fault(TARGET_SHEET, row.number, "Chỉ tiêu", "thiếu tên chỉ tiêu. Hãy ghi tên, hoặc xóa cả hàng.")
        yield row


def _target(row: SheetRow) -> TargetRow:
    values = row.values
    plain = ("ordinal", "group", "name", "unit", "comparator", "value")
    source = row.machine.get("source")
    return TargetRow(
        **{name: values[name] for name in plain},
        responsible=tuple(values["responsible"]),
        coordinators=tuple(values["coordinators"]),
        place=place_of(source if isinstance(source, dict) else {}),
    )


def _finding(values: Json) -> Finding:
    weight = Severity(values["severity"])
    return Finding(values["code"], weight, values["where"], values["message"], values["suggestion"])


def _read_head(sheet: Any, state: SheetFaults, year: int | None) -> PlanHead:
    values: Json = dict.fromkeys(HEAD_FIELDS)
    labels = {label: name for name, label in HEAD_FIELDS.items()}
    column = Column("head", "Nội dung", 90, str, str)
    for cells in sheet.iter_rows(min_row=2, max_row=min(sheet.max_row, 60)):
        label = str(cells[0].value or "").strip()
        name = labels.pop(label, None)
        if label == BASED_ON:
            values["based_on"] = _based_on(machine_of(cells[2:]).get("based_on"))
        if name is not None and len(cells) > 1:
            text = cell_text(cells[1], column, state, HEAD_SHEET)
            raw = machine_of(cells[2:]).get("raw")
            kept = isinstance(raw, dict) and name in raw and text == from_file(show_head(name, raw[name]))
            values[name] = raw[name] if kept and raw else _head_value(name, text, cells[0].row, state)
    for label in labels:
        state.fault(HEAD_SHEET, 2, label, "thiếu hàng này. Hãy chép lại hàng từ bản xuất.")
    if year is not None:
        values["year"] = year
    return PlanHead(**values)


def _based_on(kept: Any) -> tuple[BasedOn, ...]:
    """What the plan rests on, as it was exported; nothing when a person has touched it."""
    try:
        return tuple(BasedOn(**each) for each in kept or ())
    except TypeError:
        return ()


def _head_value(name: str, text: str, number: int, state: SheetFaults) -> Any:
    words = text.strip()
    if name == "year" and words:
        if not (words.isascii() and words.isdigit() and 2000 <= int(words) <= 2100):
            state.fault(HEAD_SHEET, number, "Năm", f"«{words}» không phải là năm. Hãy ghi bốn chữ số, ví dụ 2026.")
            return None
        return int(words)
    if name == "issued_on" and words:
        return _issued(words, number, state)
    return words or None


def _issued(words: str, number: int, state: SheetFaults) -> str | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(words, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    state.fault(HEAD_SHEET, number, "Ngày ban hành", f"«{words}» không phải là ngày. Hãy ghi như 16/03/2026.")
    return None
