"""Files that are no plan: one clear Vietnamese sentence that names the file and says the cure."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from pathlib import Path

import pytest

from cli.plan_read_command import plan_read
from plans.reading import PlanFileError, read_bytes, read_plan
from plans.reading.sources import MAX_BYTES
from plans.reading.sources.archive import MAX_XML
from plans.reading.sources.pdf_size import MAX_STREAM, MAX_STREAMS
from tests.plans import reading_samples as samples


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
SCANNED = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
trailer <</Root 1 0 R>>
%%EOF"""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED = {
    "scanned pdf": ("a.pdf", SCANNED, "bản chụp"),
    "empty": ("a.txt", b"", "trống"),
    "photo under its own name": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x10" * 400, "ảnh"),
    "photo named .txt": ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 400, "ảnh"),
    "other binary": ("a.txt", b"\x00\x01\x02" * 300, "không phải là văn bản"),
    "old Word or locked": ("a.doc", OLE + b"\x00" * 512, ".docx"),
    "broken docx": ("a.docx", samples.as_docx()[:2000], "hỏng"),
    "docx that is no zip": ("a.docx", b"hello hello", "hỏng"),
    "docx with broken inside": ("a.docx", _zip({"word/document.xml": b"<w:document"}), "hỏng"),
    "zip of something else": ("a.zip", _zip({"notes.txt": b"x"}), "không phải là tệp Word hay Excel"),
    "entity expansion": ("a.docx", _zip({"word/document.xml": ENTITIES}), "không an toàn"),
    "broken pdf": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<", "PDF bị hỏng"),
    "no table and no duty": ("a.txt", "Thư mời họp mặt đầu xuân.\nKính mời các bác đến dự.".encode(), "không có bảng"),
    "spaces only": ("a.txt", b" \n\n \n", "không có bảng"),
    "locked Word": ("a.docx", OLE + "EncryptedPackage\0".encode("utf-16-le") + b"\x00" * 512, "mật khẩu"),
    "old drawing": ("a.vsd", OLE + "VisioDocument\0".encode("utf-16-le") + b"\x00" * 512, "định dạng cũ"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_plan_is_refused_with_the_cure(case: str) -> None:
    name, data, word = REFUSED[case]
    with pytest.raises(PlanFileError) as refusal:
        read_bytes(name, data)
    message = str(refusal.value)
    assert name in message
    assert word in message
    assert "Hãy" in message
    assert "\n" not in message
    assert "Error" not in message


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lon.docx"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PlanFileError, match="quá giới hạn 30 MB"):
        read_plan(path)


def test_a_zip_bomb_is_refused() -> None:
    bomb = _zip(
        {f"word/{at}.xml": b"0" * (67 * 1024 * 1024) for at in range(1)}
        | {f"word/m{at}.bin": b"0" * (67 * 1024 * 1024) for at in range(2)}
    )
    assert len(bomb) < 1024 * 1024
    with pytest.raises(PlanFileError, match="quá lớn"):
        read_bytes("a.docx", bomb)


def test_no_part_may_be_packed_too_tightly_or_swell_as_xml() -> None:
    for size in (6 * 1024 * 1024, MAX_XML + 1):
        with pytest.raises(PlanFileError, match="quá lớn"):
            read_bytes("a.docx", _zip({"word/document.xml": b" " * size}))


def _pdf_of(stream: bytes, filters: str = "/FlateDecode") -> bytes:
    """A page whose contents are a stream as it is stored."""
    head = b"%%PDF-1.4\n4 0 obj <</Length %d/Filter %s>> stream\r\n" % (len(stream), filters.encode())
    return head + stream + b"\nendstream endobj" + SCANNED.removeprefix(b"%PDF-1.4")


SWOLLEN = zlib.compress(bytes(MAX_STREAM + 2 * 1024 * 1024))
SWELLING = {
    "deflated": _pdf_of(SWOLLEN),
    "broken at its end": _pdf_of(SWOLLEN[:-9] + b"x" * 9),
    "deflated twice": _pdf_of(zlib.compress(SWOLLEN), "[/FlateDecode/FlateDecode]"),
    "in letters": _pdf_of(base64.a85encode(SWOLLEN) + b"~>", "[/ASCII85Decode/FlateDecode]"),
    "in hexadecimal": _pdf_of(SWOLLEN.hex("\n", 30).encode() + b">", "[/AHx/Fl]"),
}


@pytest.mark.parametrize("case", SWELLING)
def test_a_pdf_whose_stream_swells_is_refused_before_it_is_opened(case: str) -> None:
    assert len(SWELLING[case]) < 1024 * 1024
    with pytest.raises(PlanFileError, match="bung ra quá lớn"):
        read_bytes("a.pdf", SWELLING[case])


def test_a_pdf_of_many_streams_is_refused_by_all_of_them_together() -> None:
    stream = zlib.compress(bytes(MAX_STREAM // 2))
    many = b"".join(_pdf_of(stream) for _ in range(2 * MAX_STREAMS // MAX_STREAM + 1))
    with pytest.raises(PlanFileError, match="bung ra quá lớn"):
        read_bytes("a.pdf", many)


def test_a_picture_may_be_larger_than_a_text() -> None:
    picture = _pdf_of(SWOLLEN, "/FlateDecode/Subtype /Image")
    with pytest.raises(PlanFileError, match="bản chụp"):
        read_bytes("a.pdf", picture)


UTF16 = "\ufeff" + ENTITIES.decode()
PADDED = b"<?xml version='1.0'?><!--" + b"x" * 9000 + b"-->" + ENTITIES.partition(b"?>")[2]
EXTERNAL = b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>'
SHEET = b'<worksheet><mergeCells><mergeCell ref="%s"/></mergeCells></worksheet>'
MANIFEST = b'<manifest:encryption-data manifest:checksum=""/>'
UNSAFE = {
    "entities in UTF-16": ({"word/document.xml": UTF16.encode("utf-16-le")}, "không an toàn"),
    "entities behind a long comment": ({"word/document.xml": PADDED}, "không an toàn"),
    "an outside definition": ({"word/document.xml": EXTERNAL}, "không an toàn"),
    "white space without end": ({"word/document.xml": b" " * 2_000_000 + b"<x"}, "hỏng"),
    "a path that leads out": ({"word/document.xml": b"<x/>", "../../evil.xml": b"<x/>"}, "đường dẫn"),
    "a whole sheet merged": ({"xl/workbook.xml": b"<x/>", "xl/worksheets/a.xml": SHEET % b"A1:XFD1048576"}, "ô gộp"),
    "sheets without number": (
        {"xl/workbook.xml": b"<x/>", **{f"xl/worksheets/sheet{at}.xml": b"<x/>" for at in range(2000)}},
        "trang tính",
    ),
    "a locked OpenDocument": (
        {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": MANIFEST},
        "mật khẩu",
    ),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_what_is_made_to_harm_is_refused_at_once(case: str) -> None:
    parts, word = UNSAFE[case]
    with pytest.raises(PlanFileError, match=word):
        read_bytes("a.docx", _zip(parts))


@pytest.mark.parametrize("text", ["<table><tr>" + "<td>x" * 100_001, "x\n" * 3_000_001])
def test_a_text_without_end_is_refused_at_once(text: str) -> None:
    with pytest.raises(PlanFileError, match="dài quá mức"):
        read_bytes("a.html", text.encode())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="không có ở nơi đã chỉ"):
        read_plan(tmp_path / "khong-co.txt")


@pytest.mark.parametrize(("year", "cure"), [(2031, "--year 2026"), (1026, "--year 2026"), (99999, "--year 2026")])
def test_a_wrong_year_is_refused_with_the_right_one(year: int, cure: str) -> None:
    with pytest.raises(PlanFileError) as refusal:
        read_bytes("a.txt", samples.as_tabbed().encode(), year)
    assert cure in str(refusal.value)


def test_a_plan_without_a_year_asks_for_one_and_dates_nothing() -> None:
    rows = (("TT", "Nhiệm vụ", "Đơn vị thực hiện", "Thời gian"), ("1", "Quét dọn đường làng", "Thôn Hạ", "Quý II"))
    text = "\n".join("\t".join(row) for row in (*rows, ("2", "Trồng cây", "Thôn Thượng", "Thường xuyên")))
    reading = read_bytes("a.txt", text.encode())
    assert reading.plan.year is None
    assert "year_unknown" in {finding.code for finding in reading.findings}
    assert [row.status for row in reading.obligations] == ["ask", "read"]
    assert reading.obligations[0].rules == ()
    assert read_bytes("a.txt", text.encode(), 2026).obligations[0].rules[0]["due"] == "2026-06-30"


def test_the_command_prints_one_sentence_and_leaves_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rong.txt"
    path.write_bytes(b"")
    with pytest.raises(SystemExit) as left:
        plan_read(path, None, True)
    printed = capsys.readouterr()
    assert left.value.code == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "rong.txt" in printed.err


def test_the_command_prints_json_or_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kh.txt"
    path.write_text(samples.as_tabbed(), encoding="utf-8")
    plan_read(path, None, True)
    assert '"Công an phường"' in capsys.readouterr().out
    plan_read(path, None, False)
    shown = capsys.readouterr().out
    assert "4 nhiệm vụ trong bảng" in shown
    assert "Chủ trì: Công an phường" in shown
    assert "Traceback" not in shown


def test_the_summary_says_a_question_once_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kh.txt"
    rows = (
        "TT\tNội dung\tSản phẩm\tĐơn vị chủ trì\tThời gian",
        "I\tVệ sinh\t\t\t",
        "1\tDọn chợ\tBiên bản\tCông an xã\tTháng 13/2026",
        "2\tDọn bến\tBáo cáo\tTrạm Y tế xã\tQuý II/2026",
    )
    path.write_text("KẾ HOẠCH\nVệ sinh năm 2026\n\n" + "\n".join(rows) + "\n", encoding="utf-8")
    plan_read(path, None, False)
    shown = capsys.readouterr().out
    assert shown.count("Không có tháng 13") == 1
    assert "[1] (dòng 6) “Tháng 13/2026”" in shown
    assert "» I Vệ sinh" in shown
    assert "Sản phẩm: Biên bản" in shown
