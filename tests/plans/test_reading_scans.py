"""Scanned pages: recognized where the programs are, left out with a word where not, never dropped in silence."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdfium2
import pytest

from cli.doctor_command import check_readers
from plans.reading import PlanFileError, read_bytes
from plans.reading.sources import ocr, office, open_document
from tests.plans import reading_samples as samples


def _scan(data: bytes, pages: set[int]) -> bytes:
    """The PDF with some of its pages (from 1) turned into pictures, as a scanner makes them."""
    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    for at, page in enumerate(source):
        if at + 1 not in pages:
            target.import_pages(source, [at])
            continue
        width, height = page.get_size()
        picture = pypdfium2.PdfImage.new(target)
        picture.set_bitmap(page.render(scale=200 / 72))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        fresh = target.new_page(width, height)
        fresh.insert_obj(picture)
        fresh.gen_content()
    out = io.BytesIO()
    target.save(out)
    return out.getvalue()


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the programs that recognize letters."""
    monkeypatch.setattr(ocr, "recognizer", lambda: None)


def test_a_scanned_plan_is_recognized_row_by_row(sample_pdf: bytes) -> None:
    if ocr.recognizer() is None and os.environ.get("CI"):
        pytest.fail("ocrmypdf and tesseract with Vietnamese must be installed in CI (scripts/services.sh)")
    if ocr.recognizer() is None:
        pytest.skip("ocrmypdf or tesseract with Vietnamese is not installed")
    reading = read_bytes("scan.pdf", _scan(sample_pdf, {1}))
    wanted = [(one.number, one.content, one.leads, one.time) for one in samples.duties()]
    assert [(row.ordinal, row.content, row.leads, row.deadline_text) for row in reading.obligations] == wanted
    assert [one.value for one in reading.targets] == [70, 100]
    told = [one.message for one in reading.findings if one.code == "source_remark"]
    assert any("Trang 1 là bản chụp" in one and "đối chiếu" in one for one in told)


@pytest.mark.usefixtures("no_ocr")
def test_without_the_programs_a_scan_is_refused_with_the_cure(sample_pdf: bytes) -> None:
    with pytest.raises(PlanFileError, match=r"bản chụp.*Hãy dùng bản Word"):
        read_bytes("scan.pdf", _scan(sample_pdf, {1, 2}))


@pytest.mark.usefixtures("no_ocr")
def test_scanned_pages_among_others_are_told(sample_pdf: bytes) -> None:
    document = open_document("mixed.pdf", _scan(sample_pdf, {2}))
    assert [one for one in document.remarks if "Trang 2" in one and "chưa đọc được" in one]
    assert "KẾ HOẠCH" in [one.text for one in document.paragraphs()]


def test_only_the_scanned_pages_are_taken_from_the_recognized_file(
    sample_pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(name: str, data: bytes, kind: str, options: list[str], pages: int) -> bytes:
        asked.append([kind, *options])
        return sample_pdf

    monkeypatch.setattr(ocr, "recognizer", lambda: "ocrmypdf")
    monkeypatch.setattr(ocr, "_run", run)
    document = open_document("mixed.pdf", _scan(sample_pdf, {2}))
    assert asked == [["pdf", "--force-ocr", "--deskew", "--pages", "2"]]
    assert [one.text for one in document.paragraphs()] == [
        one.text for one in open_document("a.pdf", sample_pdf).paragraphs()
    ]
    assert any("Trang 2 là bản chụp; chữ do máy nhận dạng" in one for one in document.remarks)


def test_a_picture_is_recognized_at_the_size_of_a_page(sample_pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(name: str, data: bytes, kind: str, options: list[str], pages: int) -> bytes:
        asked.append([kind, *options])
        return sample_pdf

    monkeypatch.setattr(ocr, "recognizer", lambda: "ocrmypdf")
    monkeypatch.setattr(ocr, "_run", run)
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + (1654).to_bytes(4, "big") + (2339).to_bytes(4, "big")
    jpeg = b"\xff\xd8\xff\xe0" + b"\x10" * 20 + b"\xff\xc0\x00\x11\x08" + (3508).to_bytes(2, "big") + b"\x09\xb0\x03"
    for name, data in (("a.png", png), ("a.jpg", jpeg)):
        assert open_document(name, data).remarks[0].startswith("Trang 1 là bản chụp")
    assert asked == [["png", "--deskew", "--image-dpi", "200"], ["jpg", "--deskew", "--image-dpi", "300"]]


def test_too_many_scanned_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "recognizer", lambda: "ocrmypdf")
    with pytest.raises(PlanFileError, match="quá nhiều để nhận dạng"):
        ocr.recognized("a.pdf", b"", range(1, 60))


def test_recognition_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ocrmypdf"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(ocr, "recognizer", lambda: str(program))
    monkeypatch.setattr(ocr, "SECONDS", 0.3)
    monkeypatch.setattr(ocr, "SECONDS_A_PAGE", 0.0)
    with pytest.raises(PlanFileError, match="quá lâu"):
        ocr.recognized("a.pdf", b"%PDF", [1])


SPANS = {(1,): "1", (1, 2, 3): "1-3", (1, 3, 4, 9): "1,3-4,9"}


@pytest.mark.parametrize("pages", SPANS)
def test_pages_are_named_in_spans(pages: tuple[int, ...]) -> None:
    assert ocr._span(pages, ",") == SPANS[pages]


@pytest.mark.parametrize("there", [True, False])
def test_the_doctor_says_what_this_machine_can_open(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((ocr, "recognizer"), (office, "office_program")):
        monkeypatch.setattr(module, name, lambda: "program" if there else None)
    checks = list(check_readers())
    assert [check.level for check in checks] == ["ok" if there else "warn"] * 2
    assert [check.cure.startswith("apt-get install") for check in checks] == [not there] * 2
