"""The real plans, and ours, written as office documents: every format gives the reading of the text."""

from __future__ import annotations

import functools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from plans.reading import Reading, read_bytes
from plans.reading.document import Document, Paragraph
from plans.reading.sources import open_document
from plans.reading.tables import tidied
from tests.plans import official_document as office
from tests.plans import reading_samples as samples
from tests.plans.shared_work import made_once

SHARED = Path(__file__).resolve().parents[3] / "shared" / "plans"
NUMBERS = ("own", "000", "001", "002", "003", "004")
LOOKS = {
    "portrait": office.Look(size=9, units="semicolons"),
    "landscape": office.Look(landscape=True, size=11, middle=True, units="bullets"),
}
# Each plan is printed in one look and kept as Word in the other: a page set takes LibreOffice half a second.
PRINTED = tuple((number, ("portrait", "landscape")[at % 2]) for at, number in enumerate(NUMBERS))
WRITTEN = tuple((number, ("landscape", "portrait")[at % 2]) for at, number in enumerate(NUMBERS))
# Without lines nothing tells how far a unit written once reaches down, so every row bears its own.
UNRULED = office.Look(landscape=True, ruled=False, merged_units=False, row_gap=6, units="semicolons")
UNRULED_NUMBERS = ("own", "001")


@dataclass(frozen=True)
class Source:
    """One plan: its reading from text, and the prose before and after its tables."""

    reading: Reading
    prose: tuple[str, ...]
    back: tuple[str, ...]

    def document(self, look: office.Look) -> office.Official:
        return office.official(self.reading, look, self.prose, self.back)


@functools.cache
def source(number: str) -> Source:
    found = sorted(SHARED.glob(f"{number}_*.txt"))
    if number != "own" and not found:
        pytest.skip("the shared plans are not beside this checkout")
    data = found[0].read_bytes() if found else samples.as_tabbed().encode()
    before, after = _prose(open_document("a.txt", data))
    return Source(read_bytes("a.txt", data), before, after)


def _prose(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: list[str] = []
    after: list[str] = []
    seen = False
    for block in tidied(document).blocks:
        if isinstance(block, Paragraph):
            (after if seen else before).append(block.text)
        seen = seen or not isinstance(block, Paragraph)
    return tuple(before), tuple(after)


def _same(got: Reading, wanted: Reading) -> None:
    assert office.rows_of(got) == office.rows_of(wanted)
    assert office.targets_of(got) == office.targets_of(wanted)
    assert list(office.standing_of(got)) == list(office.standing_of(wanted))


@pytest.mark.parametrize(("number", "look"), WRITTEN)
def test_word_reads_like_the_text(number: str, look: str) -> None:
    one = source(number)
    _same(read_bytes("a.docx", office.as_docx(one.document(LOOKS[look]), LOOKS[look])), one.reading)


@pytest.mark.parametrize(("at", "number"), list(enumerate(NUMBERS)))
def test_a_workbook_reads_like_the_text(at: int, number: str) -> None:
    one, one_sheet = source(number), at % 2 == 0
    _same(read_bytes("a.xlsx", office.as_xlsx(one.document(LOOKS["portrait"]), one_sheet=one_sheet)), one.reading)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every Word file as LibreOffice prints it, all in one call: it takes seconds to start."""
    command = shutil.which("soffice")
    if command is None:
        pytest.skip("LibreOffice is not installed, so no PDF can be made here")
    return made_once(tmp_path_factory, "printed-plans", lambda folder: _print_all(command, folder))


def _print_all(command: str, folder: Path) -> None:
    for number, name in PRINTED if SHARED.is_dir() else PRINTED[:1]:
        look = LOOKS[name]
        (folder / f"{number}-{name}.docx").write_bytes(office.as_docx(source(number).document(look), look))
    for number in UNRULED_NUMBERS if SHARED.is_dir() else ("own",):
        (folder / f"{number}-unruled.docx").write_bytes(office.as_docx(source(number).document(UNRULED), UNRULED))
    words = [command, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    files = sorted(map(str, folder.glob("*.docx")))
    subprocess.run([*words, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=150)


@pytest.mark.parametrize(("number", "look"), PRINTED)
def test_a_printed_pdf_reads_like_the_text(number: str, look: str, printed: Path) -> None:
    one = source(number)
    _same(read_bytes("a.pdf", (printed / f"{number}-{look}.pdf").read_bytes()), one.reading)


@pytest.mark.parametrize("number", UNRULED_NUMBERS)
def test_a_printed_table_without_lines_reads_like_the_text(number: str, printed: Path) -> None:
    one = source(number)
    _same(read_bytes("a.pdf", (printed / f"{number}-unruled.pdf").read_bytes()), one.reading)
