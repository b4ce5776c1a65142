"""Files of strangers: what is taken, what is not, and what their names may do."""

from __future__ import annotations

import struct
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.files import MAX_NAME, MEGABYTE, FileRefused, Upload, check_upload, clean_name
from tests.submissions.answer_builders import PDF, make_open_document, make_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
DOCX = make_zip("[Content_Types].xml", "word/document.xml")
XLSX = make_zip("[Content_Types].xml", "xl/workbook.xml")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 20
PROGRAM = b"MZ\x90\0" + b"\0" * 200

TAKEN = {
    "pdf": ("báo cáo.pdf", PDF, "application/pdf"),
    "pdf in capitals": ("BAOCAO.PDF", PDF, "application/pdf"),
    "pdf of a scanner": ("quet.pdf", b"\r\n\r\n" + PDF, "application/pdf"),
    "doc": ("a.doc", OLE, "application/msword"),
    "xls": ("a.xls", OLE, "application/vnd.ms-excel"),
    "docx": ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "odt": ("a.odt", make_open_document("text"), "application/vnd.oasis.opendocument.text"),
    "ods": ("a.ods", make_open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "jpg": ("anh.jpg", JPG, "image/jpeg"),
    "jpeg": ("anh.jpeg", JPG, "image/jpeg"),
    "png": ("anh.png", PNG, "image/png"),
    "zip": ("ho so.zip", make_zip("bao cao.pdf", "phu luc/1.xlsx"), "application/zip"),
    "txt": ("ghi chú.txt", "Kết quả".encode(), "text/plain"),
    "txt utf-16": ("ghi chú.txt", "Kết quả".encode("utf-16"), "text/plain"),
    "csv": ("so lieu.csv", "\ufeffTên;Số\r\nA;1,5\r\n".encode(), "text/csv"),
}


@pytest.mark.parametrize(("name", "data", "mime"), TAKEN.values(), ids=TAKEN)
def test_takes_what_offices_send(name: str, data: bytes, mime: str) -> None:
    checked = check_upload(Upload(name, data), 1)
    assert (checked.name, checked.mime, checked.data) == (name, mime, data)


REFUSED = {
    "empty": ("a.pdf", b"", "rỗng"),
    "program": ("a.exe", PROGRAM, "loại không được nhận"),
    "program named pdf": ("bao cao.pdf", PROGRAM, "chương trình"),
    "program with pdf inside": ("a.pdf", PROGRAM + PDF, "chương trình"),
    "script named txt": ("a.txt", b"#!/bin/sh\nrm -rf ~\n", "chương trình"),
    "page": ("a.html", b"<script>", "loại không được nhận"),
    "drawing that can hold a script": ("a.svg", b"<svg/>", "loại không được nhận"),
    "no extension": ("baocao", PDF, "loại không được nhận"),
    "two extensions": ("bao cao.pdf.exe", PDF, "loại không được nhận"),
    "turned extension": ("bao\u202efdp.exe", PDF, "loại không được nhận"),
    "picture named pdf": ("a.pdf", PNG, "không phải là PDF"),
    "pdf named docx": ("a.docx", PDF, "không phải là Word"),
    "workbook named docx": ("a.docx", XLSX, "không phải là Word"),
    "docx with a password": ("a.docx", OLE, "mật khẩu"),
    "docx with a macro": (
        "a.docx",
        make_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        "macro",
    ),
    "macro document": ("a.docm", DOCX, "loại không được nhận"),
    "zip named odt": ("a.odt", make_zip("content.xml"), "OpenDocument"),
    "spreadsheet named odt": ("a.odt", make_open_document("spreadsheet"), "OpenDocument"),
    "broken zip": ("a.zip", make_zip("a.pdf")[:-30], "hỏng"),
    "zip with a program": ("a.zip", make_zip("tai lieu.pdf", "thu muc/Cai Dat.EXE"), "Cai Dat.EXE"),
    "zip with a hidden program": ("a.zip", make_zip("a.exe ."), "chương trình"),
    "bytes named txt": ("a.txt", b"abc\0def", "văn bản thuần"),
    "too large": ("a.pdf", PDF + b"\0" * MEGABYTE, "lớn hơn 1 MB"),
    "too many names": ("a.zip", make_zip(*(f"{n}.txt" for n in range(2001))), "quá nhiều"),
}


@pytest.mark.parametrize(("name", "data", "words"), REFUSED.values(), ids=REFUSED)
def test_refuses_and_says_why(name: str, data: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        check_upload(Upload(name, data), 1)


def make_bomb() -> bytes:
    """An archive whose table of contents owns up to 4 GB in one entry."""
    packed = bytearray(make_zip("so lieu.csv", data=b"\0" * (16 * MEGABYTE)))
    # Central directory header, uncompressed size (APPNOTE 4.3.12).
    struct.pack_into("<L", packed, packed.index(b"PK\x01\x02") + 24, 0xFFFFFFF0)
    return bytes(packed)


def test_a_bomb_is_told_by_its_label_and_never_unpacked() -> None:
    """Refused without the memory that unpacking even its first entry would take."""
    bomb = make_bomb()
    tracemalloc.start()
    with pytest.raises(FileRefused, match="sau khi giải nén"):
        check_upload(Upload("bom.zip", bomb), 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


NAMES = {
    "climbing": ("../../etc/passwd", "passwd"),
    "windows path": ("C:\\Users\\an\\báo cáo.pdf", "báo cáo.pdf"),
    "device": ("con.docx", "_con.docx"),
    "device alone": ("NUL", "_NUL"),
    "direction marks": ("bao\u202ecao\u200f.pdf", "baocao.pdf"),
    "zero width": ("bao\u200bcao.pdf", "baocao.pdf"),
    "control": ("bao\x00\ncao\x1b.pdf", "bao cao.pdf"),
    "decomposed": (unicodedata.normalize("NFD", "Tổng hợp.pdf"), "Tổng hợp.pdf"),
    "nothing": ("", "tep"),
    "dots": ("...", "tep"),
    "only a path": ("a/b/", "tep"),
    "mark-up": ("<img src=x>.pdf", "<img src=x>.pdf"),
    "wide spaces": ("a \u00a0 b.pdf", "a b.pdf"),
}


@pytest.mark.parametrize(("raw", "name"), NAMES.values(), ids=NAMES)
def test_a_name_is_only_ever_a_name(raw: str, name: str) -> None:
    assert clean_name(raw) == name


def test_a_long_name_keeps_its_extension() -> None:
    name = clean_name("bao cao " * 60 + ".docx")
    assert len(name) <= MAX_NAME
    assert name.endswith("….docx")


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_shown(raw: str) -> None:
    name = clean_name(raw)
    assert 0 < len(name) <= MAX_NAME + 1
    assert not set(name) & set("/\\")
    assert not any(unicodedata.category(char).startswith("C") for char in name)
    assert name == unicodedata.normalize("NFC", name)
    assert clean_name(name) == name, "cleaning twice changes nothing"


SOUND = {
    "a.docx": DOCX,
    "a.xlsx": XLSX,
    "a.zip": make_zip("bao cao.pdf"),
    "a.odt": make_open_document("text"),
    "a.pdf": PDF,
}


@given(st.sampled_from(sorted(SOUND)), st.data())
def test_damaged_files_are_taken_or_refused_and_never_crash(name: str, draw: st.DataObject) -> None:
    damaged = bytearray(SOUND[name])
    for _ in range(draw.draw(st.integers(1, 6), label="bytes")):
        damaged[draw.draw(st.integers(0, len(damaged) - 1), label="at")] = draw.draw(st.integers(0, 255), label="to")
    assert name in outcome(name, bytes(damaged))


def outcome(name: str, data: bytes) -> str:
    """The name of a file that is taken, or why it is not."""
    try:
        return check_upload(Upload(name, data), 1).name
    except FileRefused as refused:
        return str(refused)
