"""Files of older and other office programs read as the same plan; a machine without LibreOffice says what to do."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from plans.reading import PlanFileError, Reading, read_bytes
from plans.reading.sources import office
from tests.plans import reading_samples as samples
from tests.plans.shared_work import made_once
from tests.plans.word_files import cell, font, par, row, run, table, word_file


def _needs_office() -> None:
    if office.office_program() is None and os.environ.get("CI"):
        pytest.fail("LibreOffice must be installed in CI (scripts/services.sh)")
    if office.office_program() is None:
        pytest.skip("LibreOffice is not installed")


def _facts(reading: Reading) -> list[object]:
    rows = [
        (one.ordinal, one.content, one.deliverable, one.leads, one.coordinators, one.deadline_text)
        for one in reading.obligations
    ]
    targets = [(one.name, one.comparator, one.value) for one in reading.targets]
    return [rows, targets, [(one.row.leads, one.row.deadline_text) for one in reading.standing]]


OLD_FONTS = word_file(
    par("Kế hoạch dọn kênh năm 2026 của xã Tân Bình")
    + table(
        row("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian"),
        row("1", cell(par(run("N¹o vÐt kªnh m­¬ng", font(".VnTime")))), "Công an xã", "Quý I"),
    )
    + par("Hết")
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample plan in each old format, written by LibreOffice."""
    _needs_office()
    folder = made_once(tmp_path_factory, "old-formats", _make_all)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _make_all(folder: Path) -> None:
    word, sheets = samples.as_docx(), samples.as_xlsx()
    files = {f"plan.{kind}": office.convert({"plan.docx": word}, to=kind)["plan.docx"] for kind in ("odt", "rtf")}
    both = office.convert({"plan.docx": word, "fonts.docx": OLD_FONTS}, to="doc")
    files |= {"plan.doc": both["plan.docx"], "fonts.doc": both["fonts.docx"]}
    files |= {f"plan.{kind}": office.convert({"plan.xlsx": sheets}, to=kind)["plan.xlsx"] for kind in ("xls", "ods")}
    for name, data in files.items():
        (folder / name).write_bytes(data)


def test_files_of_old_formats_read_as_the_same_plan(made: dict[str, bytes]) -> None:
    wanted = {"docx": _facts(read_bytes("plan.docx", samples.as_docx()))}
    wanted["xlsx"] = _facts(read_bytes("plan.xlsx", samples.as_xlsx()))
    new = office.convert(made)
    assert set(new) == set(made)
    for name in ("plan.doc", "plan.odt", "plan.rtf"):
        assert _facts(read_bytes("plan.docx", new[name])) == wanted["docx"], name
    for name in ("plan.xls", "plan.ods"):
        assert _facts(read_bytes("plan.xlsx", new[name])) == wanted["xlsx"], name


def test_an_old_file_is_read_whole_by_its_bytes_whatever_its_name(made: dict[str, bytes]) -> None:
    reading = read_bytes("ke-hoach.docx", made["fonts.doc"])
    assert [one.content for one in reading.obligations] == ["Nạo vét kênh mương"]
    assert any("TCVN3" in one.message for one in reading.findings)
    for name, kind in (("plan.doc", "doc"), ("plan.xls", "xls"), ("plan.rtf", "rtf")):
        assert office.old_kind("a", made[name]) == kind


WORD_2003 = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>
<w:p><w:r><w:t>Kế hoạch năm 2026 của xã Tân Bình</w:t></w:r></w:p><w:p><w:r><w:t>II. TỔ CHỨC THỰC HIỆN</w:t></w:r></w:p>
<w:p><w:r><w:t>1. Giao Công an xã báo cáo hằng quý.</w:t></w:r></w:p></w:body></w:wordDocument>"""


def test_a_document_that_word_of_2003_wrote_as_xml_is_read() -> None:
    _needs_office()
    assert [one.row.leads for one in read_bytes("a.doc", WORD_2003.encode()).standing] == [("Công an xã",)]


RTF = b"{\\rtf1 Quy I}"


def test_without_libreoffice_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "office_program", lambda: None)
    with pytest.raises(PlanFileError, match=r"chưa có LibreOffice.*lưu lại thành \.docx"):
        read_bytes("a.rtf", RTF)


def _fake_office(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _is_gone(process: int) -> bool:
    """Whether a process has ended; its parent is dead, so it may wait as a zombie for whoever takes it over."""
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] in "ZX"


def test_libreoffice_that_hangs_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "child"
    program = _fake_office(tmp_path, f"sleep 60 & echo $! > {mark}; wait")
    monkeypatch.setattr(office, "office_program", lambda: program)
    monkeypatch.setattr(office, "TIME_LIMIT", 0.5)
    begun = time.monotonic()
    with pytest.raises(PlanFileError, match="LibreOffice không mở được"):
        read_bytes("a.rtf", RTF)
    assert time.monotonic() - begun < 10
    assert _is_gone(int(mark.read_text()))


def test_libreoffice_runs_without_macros_and_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    copied = '"${one#*file://}/user/registrymodifications.xcu"'
    program = _fake_office(tmp_path, f'for one in "$@"; do case $one in -env:*) cp {copied} {seen};; esac; done')
    monkeypatch.setattr(office, "office_program", lambda: program)
    assert office.convert({"a.rtf": RTF}) == {}
    settings = seen.read_text()
    assert 'oor:name="DisableMacrosExecution" oor:op="fuse"><value>true' in settings
    assert "ooInetHTTPProxyName" in settings
