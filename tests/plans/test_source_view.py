"""The plain view of a plan file: every duty of every format finds its row, and nothing of the file is lost."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordFile
from openpyxl import Workbook

from db.file_store import store_bytes
from plans.reading import read_bytes
from plans.reading.document import Cell, Cover, Document, Paragraph, Place, Row, Table
from plans.reading.sources import open_document
from plans.reading.text import fold
from plans.source_view import PAGE, Part, SourceView, keep_view, source_of, view_of, view_path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "plans"
HEADER = ("TT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Thời gian thực hiện")
ROWS = [(str(n), f"Sửa chữa tuyến mương số {n} của thôn", "Phòng Kinh tế", "Quý IV") for n in range(1, 6)]


def as_text() -> bytes:
    """Rows of a text file."""
    return "\n".join(["KẾ HOẠCH", "Thủy lợi năm 2026", *("\t".join(row) for row in [HEADER, *ROWS])]).encode()


def as_word() -> bytes:
    """A table of Word."""
    file = WordFile()
    file.add_paragraph("KẾ HOẠCH")
    file.add_paragraph("Thủy lợi năm 2026")
    table = file.add_table(rows=0, cols=4)
    for row in [HEADER, *ROWS]:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    held = BytesIO()
    file.save(held)
    return held.getvalue()


def as_workbook() -> bytes:
    """A sheet of a workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("Kế hoạch thủy lợi năm 2026",), HEADER, *ROWS]:
        sheet.append(row)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.txt", as_text()), ("a.docx", as_word()), ("a.xlsx", as_workbook())],
    ids=["txt", "docx", "xlsx"],
)
def test_each_duty_finds_its_row(name: str, data: bytes) -> None:
    view = view_of(open_document(name, data))
    for row in read_bytes(name, data, 2026).to_json()["obligations"]:
        part = view.find(row["source"], row["content"])
        assert part is not None
        assert row["content"] in view.parts[part].cells


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_every_duty_of_the_real_plans_finds_its_row(path: Path) -> None:
    data = path.read_bytes()
    view, content = view_of(open_document(path.name, data)), read_bytes(path.name, data).to_json()
    rows = [*content["obligations"], *content["standing"]]
    found = [view.find(row["source"], row["content"]) for row in rows]
    assert None not in found
    printing = [
        fold(row["content"])[:20] in fold(view.parts[part].text) for row, part in zip(rows, found, strict=True) if part
    ]
    assert sum(printing) >= 0.95 * len(rows)


PARTS = SourceView(
    (
        Part(0, Place(line=1), ("Mở đầu",), (1,)),
        Part(1, Place(line=4), ("Rà soát", "Quý I"), (1, 1), 1),
        Part(2, Place(line=9), ("Kiểm tra", "Quý II"), (1, 1), 1),
        Part(3, Place(page=2, row=1), ("Tổng kết",), (1,), 2),
        Part(4, Place(page=2, row=1), ("Sơ kết",), (1,), 3),
        Part(5, Place(sheet="Phụ lục 1", row=7), ("Chỉ tiêu",), (1,), 4),
    )
)


@pytest.mark.parametrize(
    ("source", "text", "part"),
    [
        ({"line": 4}, "", 1),
        ({"line": 6}, "", 1),
        ({"line": 6}, "Kiểm tra", 2),
        ({"page": 2, "row": 1}, "Sơ kết", 4),
        ({"page": 2, "row": 1}, "chữ đã sửa tay", 3),
        ({"page": 2}, "", 3),
        ({"page": 7}, "", None),
        ({}, "Sơ kết", 4),
        ({}, "", None),
    ],
)
def test_a_place_is_found_exactly_by_words_or_the_nearest_before(
    source: dict[str, int], text: str, part: int | None
) -> None:
    assert PARTS.find(source, text) == part


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("dòng 9", [2]),
        ("nhiệm vụ 3, dòng 9", [2]),
        ("dòng 1, 4, 9", [0, 1, 2]),
        ("trang 2, hàng 1", [3]),
        ("nhiệm vụ 4, 9 (trang 2, hàng 1; dòng 9)", [3, 2]),
        ("trang 2", [3]),
        ("trang tính Phụ lục 1, hàng 7", [5]),
        ("cả tệp", []),
    ],
)
def test_the_place_of_a_finding_is_understood(words: str, parts: list[int]) -> None:
    assert PARTS.find_words(words) == parts


def test_merged_cells_reach_over_their_columns_and_empty_rows_are_left_out() -> None:
    wide = Row((Cell("I. Thu"), Cell("", cover=Cover.LEFT), Cell("x")), Place(line=2))
    blank = Row((Cell(""), Cell(""), Cell("")), Place(line=3))
    view = view_of(Document((Paragraph("A", Place(line=1)), Table((wide, blank)))))
    assert [(part.cells, part.spans) for part in view.parts] == [(("A",), (1,)), (("I. Thu", "x"), (2, 1))]


def test_a_view_is_kept_and_read_again(tmp_path: Path) -> None:
    digest = store_bytes(tmp_path, as_text())
    first = source_of(tmp_path, digest, "a.txt")
    assert view_path(tmp_path, digest).exists()
    assert source_of(tmp_path, digest, "a.txt").parts == first.parts == view_of(open_document("a.txt", as_text())).parts


def test_a_disk_that_takes_no_view_still_shows_the_text(tmp_path: Path) -> None:
    digest = store_bytes(tmp_path, as_text())
    (tmp_path / "views").write_text("no folder")
    assert source_of(tmp_path, digest, "a.txt").parts == view_of(open_document("a.txt", as_text())).parts


def test_views_of_an_older_reader_are_dropped(tmp_path: Path) -> None:
    digest = store_bytes(tmp_path, as_text())
    old = view_path(tmp_path, digest).with_name(f"{digest}.0123.json")
    old.parent.mkdir(parents=True)
    old.write_text("[]")
    keep_view(tmp_path, digest, open_document("a.txt", as_text()))
    assert not old.exists()


def test_a_file_that_is_gone_or_cannot_be_opened_is_told(tmp_path: Path) -> None:
    assert "Không còn giữ tệp" in source_of(tmp_path, "0" * 64, "kế hoạch.docx").missing
    digest = store_bytes(tmp_path, b"\xff\xd8\xff" + b"x" * 50)
    assert "ảnh" in source_of(tmp_path, digest, "ảnh.jpg").missing


def test_a_long_file_is_shown_in_pages() -> None:
    view = SourceView(tuple(Part(n, Place(line=n), ("x",), (1,)) for n in range(PAGE * 2 + 1)))
    assert (view.pages, view.page_of(PAGE - 1), view.page_of(PAGE)) == (3, 1, 2)
    assert sum(len(view.shown(page)) for page in (1, 2, 3)) == len(view.parts)
