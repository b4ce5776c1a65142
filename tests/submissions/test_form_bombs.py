"""Small workbooks that would swell in memory or keep a reader busy for hours: attachments like any other file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from submissions import form_reading
from submissions.files import Upload
from submissions.form_reading import MOST_SHEETS, MOST_XML, code_of_form
from tests.submissions.test_forms import PAPER, SECRET

Change = Callable[[str, bytes], bytes]
SHEET, BOOK, RELATIONS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"


def changed(change: Change, **more: bytes) -> Upload:
    """The form with its parts changed, and parts added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PAPER.data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, data in more.items():
            new.writestr(f"xl/media/{name}", data)
    return Upload("bieu-mau.xlsx", stream.getvalue())


def in_utf_16(name: str, data: bytes) -> bytes:
    """The sheet with an entity that grows a thousandfold, in letters that a search by bytes does not see."""
    if name != SHEET:
        return data
    text = data.decode().split("?>", 1)[-1].replace("</t>", "&b;" * 1000 + "</t>", 1)
    return f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "{"b" * 9}">]>{text}'.encode("utf-16")


def in_relations(name: str, data: bytes) -> bytes:
    """An entity in a part whose name does not end in .xml."""
    entity = b'<!DOCTYPE a [<!ENTITY b "b">]><Relationships'
    return data.replace(b"<Relationships", entity, 1) if name == RELATIONS else data


def long_sheet(name: str, data: bytes) -> bytes:
    """Spaces that compress to nothing and must all be read."""
    return data.replace(b"<sheetData>", b" " * MOST_XML + b"<sheetData>", 1) if name == SHEET else data


@pytest.mark.parametrize("change", [in_utf_16, in_relations, long_sheet], ids=["utf-16", "relations", "long"])
def test_a_part_that_swells_is_not_opened(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_reading, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert code_of_form(changed(change), SECRET) is None


def test_a_thousand_names_of_one_long_sheet_are_not_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seventeen kilobytes of mail kept the collector busy for hours."""

    def many(name: str, data: bytes) -> bytes:
        if name == SHEET:
            return re.sub(rb"(?s)<sheetData>.*</sheetData>", b"<sheetData><row><c/></row></sheetData>", data)
        return re.sub(rb"(<sheet [^>]*/>)", rb"\1" * 1000, data) if name == BOOK else data

    looked: list[int] = []
    real: Any = ReadOnlyWorksheet.iter_rows

    def counting(sheet: ReadOnlyWorksheet, **which: Any) -> object:
        looked.append(1)
        return real(sheet, **which)

    monkeypatch.setattr(ReadOnlyWorksheet, "iter_rows", counting)
    assert code_of_form(changed(many), SECRET) is None
    assert 0 < len(looked) <= MOST_SHEETS


def test_a_form_with_a_photograph_in_it_is_read() -> None:
    assert code_of_form(changed(lambda _, data: data, anh=b"\xff\xd8\xff" + b"j" * (3 << 20)), SECRET) == 1
