"""A plan out to a workbook and back: nothing is lost, every fault is said at once, nothing is half taken."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.faults import Refusal
from db.models import Json
from db.session import transaction
from deadlines import read_phrase
from plans.current import content_of
from plans.editing import DutyChanges, edit_duty
from plans.importing import import_plan
from plans.reading import read_bytes
from plans.workbook import WorkbookFault, export_plan, fingerprint_of, is_plan_workbook, read_workbook
from plans.workbook_columns import DUTY_SHEET, LONGEST, MACHINE
from plans.workbook_writing import write_plan
from tests.plan_services.readings import ACTOR, NOW, Row, draft, load_register, reading_of, settings_of

DEADLINES = ("Quý II", "Hằng quý", "Thường xuyên", "Khi có phát sinh", "mát trời thì làm", None)
NASTY = ("=1+1", "+84", "@x", "'quoted", "_x0041_", "x005F_", "a\x01b\r\nc\td", " spaces ", "#N/A", "1/2", "\ufffe", "")
texts = st.text(max_size=40) | st.sampled_from(NASTY)
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40) | st.sampled_from(NASTY)
needed = words.map(lambda text: f"Việc {text}")
none_or = st.none() | words
names = st.lists(words.filter(bool), max_size=3, unique=True)


BASIS = {"kind": "Luật", "number": None, "name": "Luật Lưu trữ", "issued_on": "2024", "issuer": None, "words": "Luật"}
bases = st.sampled_from(([], [BASIS]))


@st.composite
def duties(draw: st.DrawFn, key: str) -> Json:
    deadline = draw(st.sampled_from(DEADLINES))
    said = read_phrase(deadline, 2026) if deadline else None
    rules = [rule.to_json() for rule in said.rules] if said else []
    return {
        "key": key,
        "ordinal": draw(none_or.map(lambda text: text and text[:32])),
        "section": draw(names),
        "content": draw(needed),
        "deliverable": draw(none_or),
        "leads": draw(names),
        "coordinators": draw(names),
        "deadline_text": deadline,
        "rules": rules,
        "status": "read" if rules else "ask",
        "question": None if rules else draw(none_or),
        "source": draw(st.sampled_from(({}, {"page": 2, "line": 14}, {"sheet": "KH", "row": 7}))),
        "cycle": draw(st.sampled_from(("quarterly", "monthly"))),
        "regime": draw(st.sampled_from(("nd09", "calendar", "day:15", "ranges:0901-0115,0116-0531"))),
        "ladder": draw(st.sampled_from(("default", "gấp"))),
        "superior_text": draw(st.sampled_from(("", "trước ngày 20 hằng tháng", "30/6/2026"))),
    }


@st.composite
def targets(draw: st.DrawFn) -> Json:
    return {
        "ordinal": draw(none_or.map(lambda text: text and text[:32])),
        "group": draw(none_or),
        "name": draw(needed),
        "unit": draw(none_or),
        "comparator": draw(st.sampled_from(("=", ">=", "<="))),
        "value": draw(none_or | st.integers(0, 10**9) | st.floats(0, 1e9, allow_nan=False)),
        "responsible": draw(names),
        "coordinators": draw(names),
        "source": {},
    }


@st.composite
def contents(draw: st.DrawFn) -> Json:
    keys = draw(st.lists(st.sampled_from([str(n) for n in range(20)]), min_size=1, max_size=5, unique=True))
    rows = [draw(duties(key)) for key in keys]
    prose = draw(st.integers(0, len(rows)))
    fields = ("kind", "number", "title", "issuer", "locality")
    day = draw(st.none() | st.dates().map(lambda each: each.isoformat()))
    finding: Json = {name: draw(words) for name in ("where", "message", "suggestion")}
    finding |= {"code": "blank_number", "severity": "note", "dismissed": draw(none_or)}
    return {
        "plan": {name: draw(none_or) for name in fields} | {"year": 2026, "issued_on": day, "based_on": draw(bases)},
        "obligations": rows[prose:],
        "standing": [row | {"quote": draw(words)} for row in rows[:prose]],
        "targets": draw(st.lists(targets(), max_size=3)),
        "findings": draw(st.sampled_from(([], [finding]))),
    }


def there_and_back(content: Json) -> Json:
    back = read_workbook("kh.xlsx", write_plan(content, [], "kh-1-2026", "f", NOW)).to_json()
    assert back.pop("workbook") == {"code": "kh-1-2026", "fingerprint": "f"}
    return back


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_any_plan_comes_back_whole(content: Json) -> None:
    assert there_and_back(content) == content


ROWS = (
    Row("1", "Quý II", content="Rà soát thủ tục về đất đai"),
    Row("2", "mát trời thì làm", content="=Kiểm tra nơi tiếp nhận"),
    Row("3", "Quý III", content="Thay biển chỉ dẫn", leads=("Sở Lạ", "Văn phòng")),
)


def exported(home: Path, url: str) -> tuple[bytes, Json]:
    with transaction(url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS, standing=(Row("S1", "Hằng quý", content="Báo cáo tình hình"),)))
        session.refresh(plan)
        return export_plan(session, plan.id, NOW), content_of(plan)


@pytest.fixture
def exported_plan(home: Path, sqlite_url: str) -> tuple[bytes, Json]:
    return exported(home, sqlite_url)


def touched(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a person's hand."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column(sheet: Any, head: str) -> int:
    return next(int(cell.column) for cell in sheet[1] if str(cell.value).startswith(head))


def put(sheet: str, row: int, head: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet].cell(row, column(book[sheet], head)).value = value

    return change


def test_an_exported_plan_is_known_as_one_and_read_like_any_file(exported_plan: tuple[bytes, Json]) -> None:
    data, content = exported_plan
    assert is_plan_workbook(data)
    assert not is_plan_workbook(b"PK\x03\x04 no workbook")
    back = read_bytes("ten bat ky.xlsx", data).to_json()
    assert back.pop("workbook")["fingerprint"] == fingerprint_of(content)
    assert back == content


def test_the_sheets_are_made_for_people(exported_plan: tuple[bytes, Json]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported_plan[0]))
    assert book.sheetnames == ["Kế hoạch", "Nhiệm vụ", "Chỉ tiêu", "Phát hiện", "Câu hỏi", "_dondoc"]
    sheet = book["Nhiệm vụ"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.fitToWidth) == ("A2", "$1:$1", 1)
    assert (
        sheet.cell(2, column(sheet, "Cách hiểu")).value == "trong quý II/2026 (hạn 30/6/2026)"
        or sheet.cell(2, column(sheet, "Cách hiểu")).value
    )
    cell = sheet.cell(3, column(sheet, "Nội dung"))
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=Kiểm tra nơi tiếp nhận", "s", True)
    assert sheet.cell(4, column(sheet, "Chủ trì")).value == "Sở Lạ\nVăn phòng"
    assert book["_dondoc"].sheet_state == "hidden"
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} >= {'"Có,Không"'}
    assert [cell.value for cell in book["Câu hỏi"]["C"]][1:] != []


def test_edits_of_a_person_arrive(exported_plan: tuple[bytes, Json]) -> None:
    data, content = exported_plan

    def change(book: Any) -> None:
        sheet = book["Nhiệm vụ"]
        put("Nhiệm vụ", 2, "Thời hạn", "Quý IV")(book)
        put("Nhiệm vụ", 3, "Thời hạn", date(2026, 6, 20))(book)
        put("Nhiệm vụ", 4, "TT", 3.5)(book)
        put("Chỉ tiêu", 2, "Giá trị", 99)(book)
        put("Kế hoạch", 3, "Nội dung", "46/KH-UBND")(book)
        sheet.cell(8, column(sheet, "Nội dung")).value = "Việc mới của phường"
        sheet.cell(8, column(sheet, "Thời hạn")).value = "Thường xuyên"

    back = read_workbook("kh.xlsx", touched(data, change)).to_json()
    first, second, third, new = back["obligations"]
    assert first["rules"][0]["due"] == "2026-12-31"
    assert (second["deadline_text"], second["rules"][0]["due"]) == ("20/06/2026", "2026-06-20")
    assert (third["ordinal"], third["rules"]) == ("3.5", content["obligations"][2]["rules"])
    assert (new["key"], new["rules"][0]["kind"], new["cycle"]) == ("bs1", "continuous", "quarterly")
    assert (back["targets"][0]["value"], back["plan"]["number"]) == (99, "46/KH-UBND")


def test_rows_are_removed_reordered_doubled_and_lose_their_keys(exported_plan: tuple[bytes, Json]) -> None:
    def change(book: Any) -> None:
        sheet = book["Nhiệm vụ"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=5)]
        copied = list(rows[0])
        copied[column(sheet, "Nội dung") - 1] = "Chép từ hàng một"
        blanked = list(rows[2])
        blanked[column(sheet, "Mã") - 1] = None
        for number, values in enumerate([copied, blanked, rows[0], [None] * len(copied)], 2):
            for place, value in enumerate(values, 1):
                sheet.cell(number, place).value = value

    back = read_workbook("kh.xlsx", touched(exported_plan[0], change)).to_json()
    assert [row["content"] for row in back["obligations"]] == [
        "Chép từ hàng một",
        "Thay biển chỉ dẫn",
        "Rà soát thủ tục về đất đai",
    ]
    keys = [row["key"] for row in back["obligations"]]
    assert keys[2] == "1", "the row with the exported words keeps the key"
    assert len(set(keys)) == 3
    assert back["standing"] == []
    assert any("Mã 1 lặp lại" in finding["message"] for finding in back["findings"])
    assert back["obligations"][1]["rules"], "a row without key keeps what was understood of its deadline"


FAULTS = {
    "a formula": (put("Nhiệm vụ", 2, "Nội dung", "=A1&B1"), "hàng 2, cột «Nội dung nhiệm vụ»: ô có công thức"),
    "no content": (put("Nhiệm vụ", 3, "Nội dung", None), "hàng 3, cột «Nội dung nhiệm vụ»: thiếu nội dung"),
    "a wrong choice": (put("Nhiệm vụ", 2, "Kỳ kiểm tra", "Thỉnh thoảng"), "Hãy chọn một trong: Hằng tháng"),
    "a number made a date": (put("Nhiệm vụ", 2, "TT", date(2026, 2, 1)), "đã đổi số thành ngày"),
    "words where nothing is read": (put("Nhiệm vụ", 2, "Cách hiểu", "khác"), "chỉ để xem"),
    "too long a number": (put("Nhiệm vụ", 2, "TT", "9" * 40), "quá 32"),
    "no such year": (put("Kế hoạch", 7, "Nội dung", "hai nghìn"), "không phải là năm"),
    "no such day": (put("Kế hoạch", 8, "Nội dung", "31/02/2026"), "không phải là ngày"),
    "no name": (put("Chỉ tiêu", 2, "Chỉ tiêu", " "), "thiếu tên chỉ tiêu"),
    "no sheet": (lambda book: book.remove(book["Chỉ tiêu"]), "Thiếu trang tính «Chỉ tiêu»"),
    "no column": (put("Nhiệm vụ", 1, "Phối hợp", "Đơn vị khác"), "thiếu cột này"),
    "merged cells": (lambda book: book["Nhiệm vụ"].merge_cells("D2:D3"), "các ô D2:D3 bị gộp"),
}


@pytest.mark.parametrize(("change", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_with_its_place(
    change: Callable[[Any], None], said: str, exported_plan: tuple[bytes, Json]
) -> None:
    with pytest.raises(WorkbookFault) as found:
        read_workbook("kh.xlsx", touched(exported_plan[0], change))
    assert said in str(found.value)


def test_all_faults_are_said_together_and_nothing_is_taken(exported_plan: tuple[bytes, Json]) -> None:
    def change(book: Any) -> None:
        for name in ("a formula", "a wrong choice", "no such year", "no name"):
            FAULTS[name][0](book)

    with pytest.raises(WorkbookFault, match="có 4 chỗ phải sửa, chưa nhập gì") as found:
        read_workbook("kh.xlsx", touched(exported_plan[0], change))
    assert len(found.value.faults) == 4


def test_a_column_of_a_persons_own_is_told(exported_plan: tuple[bytes, Json]) -> None:
    def change(book: Any) -> None:
        book["Chỉ tiêu"].cell(1, 14).value = "Ghi chú"

    back = read_workbook("kh.xlsx", touched(exported_plan[0], change)).to_json()
    assert any("Cột «Ghi chú»" in finding["message"] for finding in back["findings"])


def test_what_is_too_long_for_a_cell_is_refused_by_name(exported_plan: tuple[bytes, Json]) -> None:
    content = deepcopy(exported_plan[1])
    content["obligations"][1]["content"] = "x" * (LONGEST + 1)
    with pytest.raises(Refusal, match=r"Nhiệm vụ 2, cột «Nội dung nhiệm vụ»: 32768 ký tự"):
        write_plan(content, [], "kh-1-2026", "f", NOW)
    content["obligations"][1]["content"] = "x" * LONGEST
    assert there_and_back(content)["obligations"][1]["content"] == "x" * LONGEST


def test_an_answered_deadline_stays_answered_over_the_workbook(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        plan.obligations[1].rules = [{"kind": "once", "start": None, "due": "2026-05-20"}]
        session.flush()
        data = export_plan(session, plan.id, NOW)
        edit_duty(session, plan.obligations[0].id, DutyChanges(content="Đã sửa sau khi xuất"), NOW, ACTOR)
    with transaction(sqlite_url) as session:
        with pytest.raises(Refusal, match="dondoc plan reimport kh-45-2026"):
            import_plan(session, read_bytes("kh.xlsx", data), "kh.xlsx", data, NOW, ACTOR, settings_of(home))
        plan.code = "kh-cu"
        session.add(plan)
        session.flush()
        again = import_plan(session, read_bytes("kh.xlsx", data), "kh.xlsx", data, NOW, ACTOR, settings_of(home))
        assert again.obligations[1].rules == [{"kind": "once", "start": None, "due": "2026-05-20"}]
        assert [each.kind for each in again.questions if each.obligation is again.obligations[1]] == []


def test_a_workbook_saved_again_by_libreoffice_comes_back_whole(
    exported_plan: tuple[bytes, Json], tmp_path: Path
) -> None:
    command = shutil.which("soffice")
    if command is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice must be installed in CI (scripts/services.sh)")
        pytest.skip("LibreOffice is not installed")
    content = deepcopy(exported_plan[1])
    content["obligations"][0] |= {"ordinal": "1/2", "content": "_x0041_ và\nhai dòng", "deliverable": "a\x01b"}
    (tmp_path / "kh.xlsx").write_bytes(write_plan(content, [], "kh-1-2026", "f", NOW))
    words = [
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    words += ["--outdir", str(tmp_path / "out"), str(tmp_path / "kh.xlsx")]
    subprocess.run([command, *words], check=True, capture_output=True, timeout=120)
    saved = (tmp_path / "out" / "kh.xlsx").read_bytes()
    assert is_plan_workbook(saved)
    back = read_workbook("kh.xlsx", saved).to_json()
    assert back.pop("workbook")["code"] == "kh-1-2026"
    assert back == content


MACHINE_KEYS = ("rules", "raw", "source", "said", "words", "year", "content", "status", "question", "page")
odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*MACHINE_KEYS, "key")), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(MACHINE_KEYS), odd_values).map(json.dumps) | st.sampled_from(("[" * 9000, "{")))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_anybody_wrote_into_the_machine_column_breaks_nothing(
    exported_plan: tuple[bytes, Json], machine: str
) -> None:
    data, content = exported_plan
    changed = touched(data, put(DUTY_SHEET, 2, MACHINE, machine))
    try:
        back = read_workbook("a.xlsx", changed).to_json()
    except WorkbookFault as fault:
        back = content if all("hàng 2" in each for each in fault.faults) else {"obligations": []}
    assert [row["content"] for row in back["obligations"]] == [row["content"] for row in content["obligations"]]


def test_thousands_of_new_rows_get_keys_at_once_and_too_many_are_refused_unread(
    exported_plan: tuple[bytes, Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = exported_plan

    def grown(book: Any) -> None:
        for number in range(3000):
            book[DUTY_SHEET].append(["", "", "", f"Việc mới thứ {number}"])

    changed = touched(data, grown)
    rows = read_workbook("a.xlsx", changed).obligations
    assert [row.key for row in rows[-3000:]] == [f"bs{number}" for number in range(1, 3001)]
    monkeypatch.setattr("plans.workbook_rows.MAX_ROWS", 2000)
    with pytest.raises(WorkbookFault, match="quá 2000 hàng") as told:
        read_workbook("a.xlsx", changed)
    assert len(told.value.faults) == 1
