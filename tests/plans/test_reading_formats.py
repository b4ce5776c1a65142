"""One plan in every shape and format gives one reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plans.reading import Reading, read_bytes, read_plan
from tests.plans import reading_samples as samples

FORMATS: dict[str, Callable[[], bytes]] = {
    "tabbed.txt": lambda: samples.as_tabbed().encode(),
    "indented.txt": lambda: samples.as_indented().encode(),
    "piped.md": lambda: samples.as_piped().encode(),
    "wrapped.txt": lambda: samples.as_wrapped().encode(),
    "word.docx": samples.as_docx,
    "sheet.xlsx": samples.as_xlsx,
}


def _rows(reading: Reading) -> list[tuple[object, ...]]:
    return [
        (row.ordinal, row.content, row.deliverable, row.leads, row.coordinators, row.deadline_text)
        for row in reading.obligations
    ]


WANTED = [(one.number, one.content, one.product, one.leads, one.coordinators, one.time) for one in samples.duties()]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_duties(name: str) -> None:
    reading = read_bytes(name, FORMATS[name]())
    assert _rows(reading) == WANTED
    assert [row.key for row in reading.obligations] == ["1", "2", "3", "4"]
    assert all(row.status == "read" and row.rules for row in reading.obligations)
    assert [row.section[0][:2] for row in reading.obligations] == ["I ", "I ", "II", "II"]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "wrapped.txt"])
def test_every_format_gives_the_same_targets(name: str) -> None:
    targets = read_bytes(name, FORMATS[name]()).targets
    assert [(one.name, one.comparator, one.value, one.unit) for one in targets] == [
        (samples.TARGETS[0][1], ">=", 70, "%"),
        (samples.TARGETS[1][1], "=", 100, "%"),
    ]
    assert targets[1].responsible == ("Phòng Kinh tế, Hạ tầng và Đô thị",)


@pytest.mark.parametrize("name", FORMATS)
def test_the_head_is_read(name: str) -> None:
    plan = read_bytes(name, FORMATS[name]()).plan
    assert (plan.kind, plan.number, plan.year, plan.issued_on) == ("Kế hoạch", "17/KH-UBND", 2026, "2026-01-12")
    assert (plan.title, plan.issuer) == (samples.FRONT[5], "UBND phường An Sơn")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "sheet.xlsx"])
def test_prose_duties_name_the_unit_they_bind(name: str) -> None:
    standing = read_bytes(name, FORMATS[name]()).standing
    assert [(duty.row.leads, duty.row.deadline_text) for duty in standing] == [
        (("Công an phường",), "định kỳ hằng quý"),
        (("Các khu phố",), "trước ngày 15/3/2026"),
    ]
    assert standing[1].row.rules[0]["due"] == "2026-03-14"
    assert "2026" not in standing[0].row.content


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_plan_has_no_findings(name: str) -> None:
    assert read_bytes(name, FORMATS[name]()).findings == ()


def test_a_printed_pdf_reads_like_its_word_file(sample_pdf: bytes) -> None:
    reading = read_bytes("plan.pdf", sample_pdf)
    assert _rows(reading) == WANTED
    assert len(reading.targets) == 2
    assert len(reading.standing) == 2
    assert reading.obligations[0].place.page == 1


def test_a_file_is_read_from_disk_and_prints_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "kế hoạch.txt"
    path.write_text(samples.as_tabbed(), encoding="utf-8")
    printed = read_plan(path, year=2026).to_json()
    assert list(printed) == ["plan", "obligations", "standing", "targets", "findings"]
    row = printed["obligations"][0]
    assert {"key", "ordinal", "section", "content", "deliverable", "leads", "coordinators"} <= set(row)
    assert {"deadline_text", "rules", "status", "question", "source"} <= set(row)
    assert row["source"]["line"] > 0
    assert printed["standing"][0]["quote"].startswith("Giao Công an phường")


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_unicode_encoding_is_understood(encoding: str) -> None:
    assert _rows(read_bytes("a.txt", samples.as_tabbed().encode(encoding))) == WANTED


def test_decomposed_letters_and_soft_hyphens_are_folded() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", samples.as_tabbed()).replace("diễn", "diễ\u00adn")
    assert _rows(read_bytes("a.txt", text.encode())) == WANTED
