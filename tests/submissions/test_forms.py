"""The form that is filled in offline: what it says becomes the answer, every fault names its cell, nothing is lost."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from config.settings import Settings
from db.models import Obligation, Plan, Submission, Target, Unit
from db.queries.submission_queries import cells_of
from db.session import reading, transaction
from notifications.codes import occurrence_code
from submissions.checks import Answer, AnswerRefused
from submissions.collecting import collect_folder, inbox
from submissions.figures import parse_figure
from submissions.files import Upload
from submissions.form_reading import MOST_UNPACKED, code_of_form, read_form
from submissions.form_workbook import write_form
from submissions.receiving import submit
from tests.submissions.answer_builders import NOW, PDF, Ground, get_occurrence, make_occurrence
from tests.submissions.form_builders import blank, edited, figure, nil, put, row_of, words

SECRET = "khóa của phép thử"
PERCENT = Target(id=7, name="Tỷ lệ hồ sơ giải quyết đúng hạn", unit="%", comparator=">=", value=85.0)
COUNT = Target(id=9, name="Số buổi tập huấn kỹ năng số", unit="buổi", comparator="=", value=12.0)
TARGETS = {each.id: each for each in (PERCENT, COUNT)}


def paper() -> Upload:
    """A form that no database has seen: what a cell means needs none."""
    duty = Obligation(content="Báo cáo kết quả", plan=Plan(title="Kế hoạch năm 2026"))
    one = make_occurrence(duty, Unit(name="Phòng Văn hóa"), "2026-Q1", "Quý I/2026")
    return Upload("form.xlsx", write_form(one, [PERCENT, COUNT], occurrence_code(1, SECRET), {}))


PAPER = paper()


def send(settings: Settings, ground: Ground, *files: Upload, **more: Any) -> dict[str, Any]:
    """Answer with files; what was kept."""
    answer = Answer(**({"kind": "report", "files": files} | more))
    with transaction(settings.database_url) as session:
        made = submit(session, ground.occurrence, answer, "Lê Thị Hoa", "web", NOW, settings)
        return {
            "kind": made.kind,
            "text": made.text,
            "figures": {each.target_id: each.value for each in made.figures},
            "files": [each.name for each in made.files],
        }


def refused(settings: Settings, ground: Ground, *files: Upload, **more: Any) -> str:
    """What an answer is refused for; nothing is kept of it."""
    with pytest.raises(AnswerRefused) as caught:
        send(settings, ground, *files, **more)
    with reading(settings.database_url) as session:
        assert session.scalars(select(Submission)).all() == []
    return str(caught.value)


def test_a_filled_form_becomes_the_answer(settings: Settings, ground: Ground) -> None:
    form = blank(settings, ground.occurrence)
    code = occurrence_code(ground.occurrence, settings.secret_key.get_secret_value())
    assert form.name.startswith(code)
    filled = edited(
        form, figure(ground.percent, 85.5), figure(ground.count, "1.234"), words("Đã làm xong.\nThiếu máy.")
    )
    kept = send(settings, ground, filled, Upload("kem.pdf", PDF))
    assert kept["figures"] == {ground.percent: 85.5, ground.count: 1234.0}
    assert kept["text"] == "Đã làm xong.\nThiếu máy."
    assert kept["files"] == ["kem.pdf", form.name], "the form itself is kept"
    with reading(settings.database_url) as session:
        cells = cells_of(session, session.scalars(select(Submission)).one())
        assert cells == {
            ground.percent: f"{form.name}, trang «Báo cáo», ô F11",
            ground.count: f"{form.name}, trang «Báo cáo», ô F12",
        }


def test_a_figure_that_no_unit_answers_for_is_not_offered(light: Settings, light_ground: Ground) -> None:
    sheet = load_workbook(io.BytesIO(blank(light, light_ground.occurrence).data)).worksheets[0]
    keys = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert f"chi-tieu:{light_ground.percent}" in keys
    assert f"chi-tieu:{light_ground.foreign}" not in keys
    assert sheet.column_dimensions["A"].hidden


@pytest.mark.parametrize(
    ("value", "style", "kept"),
    [
        (85, "General", 85.0),
        (85.25, "0.00", 85.25),
        (0.855, "0.0%", 85.5),
        ("85,5", "General", 85.5),
        ("85,5%", "@", 85.5),
        ("1.000,5", "@", 1000.5),
        (0, "General", 0.0),
        ("  90 ", "General", 90.0),
    ],
)
def test_figures_are_read_as_a_person_meant_them(value: object, style: str, kept: float) -> None:
    form = read_form(edited(PAPER, figure(PERCENT.id, value, style)), TARGETS, SECRET)
    assert form is not None
    assert form.faults == ()
    assert parse_figure(form.figures[PERCENT.id], "%") == kept


@pytest.mark.parametrize(
    ("value", "style", "said"),
    [
        ("nhiều", "General", "không phải là một con số"),
        ("85.500", "@", "hai cách"),
        (datetime(2026, 5, 1), "d-mmm", "đổi số thành ngày"),  # noqa: DTZ001 - as a spreadsheet keeps it
        ("=SUM(B1:B2)", "General", "công thức chưa được tính"),
        ("#REF!", "General", "Hãy gõ thẳng con số"),
        (True, "General", "không phải là một con số"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_cell(value: object, style: str, said: str) -> None:
    form = read_form(edited(PAPER, figure(PERCENT.id, value, style)), TARGETS, SECRET)
    assert form is not None
    (fault,) = form.faults
    assert said in fault
    assert fault.startswith("trang «Báo cáo», ô F11: ")


def test_a_percentage_is_not_taken_for_a_count() -> None:
    form = read_form(edited(PAPER, figure(COUNT.id, 0.5, "0%")), TARGETS, SECRET)
    assert form is not None
    assert "là phần trăm" in form.faults[0]


def test_nothing_to_report_is_a_nil_return(light: Settings, light_ground: Ground) -> None:
    kept = send(light, light_ground, edited(blank(light, light_ground.occurrence), nil()))
    assert (kept["kind"], kept["figures"], len(kept["files"])) == ("nil", {}, 1)


def test_no_is_not_nil(light: Settings, light_ground: Ground) -> None:
    form = blank(light, light_ground.occurrence)
    kept = send(light, light_ground, edited(form, nil("không"), words("Đang làm")))
    assert kept["kind"] == "report"


def other_code(light: Settings, ground: Ground) -> Upload:
    return edited(blank(light, ground.other), words("Của đơn vị khác"))


def spoilt(form: Upload) -> Upload:
    return edited(form, put("A3", "DD-1-AAAA"), put("B3", "Mã kỳ hạn: DD-1-AAAA"), words("x"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda s, g: blank(s, g.occurrence), "chưa điền gì"),
        (other_code, "của một kỳ hạn khác"),
        (lambda s, g: spoilt(blank(s, g.occurrence)), "mã kỳ hạn «DD-1-AAAA» không đúng"),
        (
            lambda s, g: edited(blank(s, g.occurrence), put("A3", None), put("B3", "?"), words("x")),
            "không còn mã kỳ hạn",
        ),
        (lambda s, g: edited(blank(s, g.occurrence), lambda sheet: sheet.delete_cols(1)), "cột A (ẩn)"),
        (lambda s, g: edited(blank(s, g.occurrence), nil(), words("Có việc")), "vừa ghi không phát sinh"),
        (
            lambda s, g: edited(blank(s, g.occurrence), put("A11", f"chi-tieu:{g.foreign}"), put("F11", 5)),
            "không (còn) giao cho đơn vị",
        ),
        (
            lambda s, g: edited(blank(s, g.occurrence), lambda sheet: sheet.insert_rows(11), put("D11", "thêm")),
            "hàng 11: «thêm»",
        ),
    ],
    ids=["empty", "another", "wrong code", "no code", "no names", "nil with words", "foreign target", "stray words"],
)
def test_forms_that_cannot_be_taken_say_why(light: Settings, light_ground: Ground, make: Any, said: str) -> None:
    assert said in refused(light, light_ground, make(light, light_ground))


def test_page_and_form_may_not_contradict_each_other(light: Settings, light_ground: Ground) -> None:
    filled = edited(blank(light, light_ground.occurrence), figure(light_ground.percent, 86))
    message = refused(light, light_ground, filled, figures={light_ground.percent: "85"})
    assert "trang này ghi 85" in message
    assert (
        send(light, light_ground, filled, figures={light_ground.percent: "86,0"})["figures"][light_ground.percent] == 86
    )


def test_a_form_corrects_what_the_page_filled_in_by_itself(light: Settings, light_ground: Ground) -> None:
    first = edited(blank(light, light_ground.occurrence), figure(light_ground.percent, 85), words("Bản đầu"))
    send(light, light_ground, first)
    again = blank(light, light_ground.occurrence)
    sheet = load_workbook(io.BytesIO(again.data)).worksheets[0]
    assert sheet.cell(row_of(sheet, f"chi-tieu:{light_ground.percent}"), 6).value == 85, "the newest version is in it"
    second = edited(again, figure(light_ground.percent, 87), words("Bản sửa"))
    kept = send(light, light_ground, second, figures={light_ground.percent: "85"}, text="Bản đầu")
    assert (kept["figures"], kept["text"]) == ({light_ground.percent: 87.0}, "Bản sửa")
    third = edited(blank(light, light_ground.occurrence), figure(light_ground.percent, None), words(""), nil())
    kept = send(light, light_ground, third, figures={light_ground.percent: "87"}, text="Bản sửa")
    assert (kept["kind"], kept["text"]) == ("nil", "")


def test_words_below_the_last_cell_belong_to_the_answer(light: Settings, light_ground: Ground) -> None:
    def more(sheet: Any) -> None:
        sheet.cell(sheet.max_row + 2, 2, "Kiến nghị: thêm máy")

    kept = send(light, light_ground, edited(blank(light, light_ground.occurrence), words("Xong"), more))
    assert kept["text"] == "Xong\nKiến nghị: thêm máy"


def test_words_that_begin_like_a_formula_stay_words(light: Settings, light_ground: Ground) -> None:
    send(light, light_ground, text="=1+1 là hai")
    again = blank(light, light_ground.occurrence)
    assert send(light, light_ground, edited(again, figure(light_ground.count, 1)))["text"] == "=1+1 là hai"


def bombs() -> list[bytes]:
    """Files that only look like a workbook."""

    def zipped(name: str, data: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        return stream.getvalue()

    entity = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    plain = io.BytesIO()
    Workbook().save(plain)
    return [b"", b"PK\x03\x04", zipped("xl/workbook.xml", b"0" * (MOST_UNPACKED + 1)),
            zipped("xl/workbook.xml", entity), zipped("x", b"y"), plain.getvalue()]  # fmt: skip


@pytest.mark.parametrize("data", bombs(), ids=["empty", "head", "large", "entity", "zip", "another workbook"])
def test_other_files_are_left_alone(data: bytes) -> None:
    assert read_form(Upload("x.xlsx", data), {}, "khóa") is None
    assert read_form(Upload("x.docx", data), {}, "khóa") is None


def test_a_form_put_into_the_folder_finds_its_occurrence_by_itself(light: Settings, light_ground: Ground) -> None:
    filled = edited(blank(light, light_ground.occurrence), figure(light_ground.percent, 91), words("Nộp tay"))
    secret = light.secret_key.get_secret_value()
    assert code_of_form(filled, secret) == light_ground.occurrence
    assert code_of_form(filled, "another installation") is None
    folder = inbox(light)
    folder.mkdir(parents=True)
    (folder / "bao cao quy 1.xlsx").write_bytes(filled.data)
    late = datetime.fromtimestamp((folder / "bao cao quy 1.xlsx").stat().st_mtime + 60, NOW.tzinfo)
    assert collect_folder(lambda: transaction(light.database_url), light, late).taken == 1
    with reading(light.database_url) as session:
        occurrence = get_occurrence(session, light_ground.occurrence)
        assert occurrence.state == "submitted"
        assert {each.target_id: each.value for each in occurrence.submissions[0].figures} == {
            light_ground.percent: 91.0
        }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_a_form_saved_by_libreoffice_says_the_same(light: Settings, light_ground: Ground, tmp_path: Path) -> None:
    filled = edited(
        blank(light, light_ground.occurrence),
        figure(light_ground.percent, 0.855, "0.0%"),
        figure(light_ground.count, "=10+2"),
        words("Đã làm xong.\nThiếu máy."),
    )
    (tmp_path / "form.xlsx").write_bytes(filled.data)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        "out",
        "form.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    saved = Upload(filled.name, (tmp_path / "out" / "form.xlsx").read_bytes())
    kept = send(light, light_ground, saved)
    assert kept["figures"] == {light_ground.percent: 85.5, light_ground.count: 12.0}, (
        "a formula counts once it is computed"
    )
    assert kept["text"] == "Đã làm xong.\nThiếu máy."
