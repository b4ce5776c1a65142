"""Ways in which plan files go wrong on their way to an office, and the laws that a reading must keep all the same."""

from __future__ import annotations

import io
import random
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plans.reading import PlanFileError, Reading, read_bytes
from plans.reading.columns import UNIT_ROLES, Role
from plans.reading.document import Document, Row, Table
from plans.reading.leftovers import used_roles
from plans.reading.sources import open_document
from plans.reading.tables import found_tables, tidied
from plans.reading.text import squash
from tests.plans import reading_samples as samples
from tests.plans.drawn_plans import drawn_plan
from tests.plans.pdf_paper import font_file

NOISE = "\t\n |<>*-.;:()0123456789IVXabcđ\u00ad\u0301¹“”\u00a0"
TEXTS: dict[str, Callable[[], str]] = {
    "tabbed": samples.as_tabbed,
    "indented": samples.as_indented,
    "piped": samples.as_piped,
    "wrapped": samples.as_wrapped,
}
# Texts whose tables a program marked: their words are looked for in the tables alone, not line by line.
MARKED: dict[str, Callable[[], str]] = {"page.html": samples.as_html, "sheet.csv": samples.as_csv}
_STRETCH = 60


def mutated_text(text: str, chance: random.Random) -> str:
    """One to four blows to a text."""
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(_BLOWS)(text, chance)
    return text


def _cut(text: str, chance: random.Random) -> str:
    at, end = _stretch(text, chance)
    return text[:at] + text[end:]


def _doubled(text: str, chance: random.Random) -> str:
    at, end = _stretch(text, chance)
    return text[:end] + text[at:]


def _noisy(text: str, chance: random.Random) -> str:
    at, _ = _stretch(text, chance)
    return text[:at] + "".join(chance.choice(NOISE) for _ in range(chance.randint(1, 8))) + text[at:]


def _stretch(text: str, chance: random.Random) -> tuple[int, int]:
    at = chance.randrange(len(text) + 1)
    return at, min(len(text), at + chance.randint(1, _STRETCH))


def _lines(change: Callable[[list[str], int, random.Random], None]) -> Callable[[str, random.Random], str]:
    def blow(text: str, chance: random.Random) -> str:
        lines = text.split("\n")
        change(lines, chance.randrange(len(lines)), chance)
        return "\n".join(lines)

    return blow


def _drop_line(lines: list[str], at: int, chance: random.Random) -> None:
    del lines[at : at + chance.randint(1, 3)]


def _join_line(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at : at + 2] = [" ".join(lines[at : at + 2])]


def _swap_lines(lines: list[str], at: int, chance: random.Random) -> None:
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


def _break_page(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at:at] = chance.choice((["\f"], ["", str(chance.randint(1, 20)), ""], ["", "", ""]))


def _lose_tab(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = lines[at].replace("\t", chance.choice(("", " ", "\t\t")), 1)


def _long_cell(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] += " rà soát hồ sơ" * chance.randint(50, 400)


def _decomposed(text: str, chance: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def _other_ends(text: str, chance: random.Random) -> str:
    return text.replace("\n", "\r\n")


_BLOWS: tuple[Callable[[str, random.Random], str], ...] = (
    _cut, _doubled, _noisy, _cut, _doubled, _noisy, _decomposed, _other_ends,
    *map(_lines, (_drop_line, _join_line, _swap_lines, _break_page, _lose_tab, _long_cell)),
)  # fmt: skip


def mutated_zip(data: bytes, chance: random.Random) -> bytes:
    """An office file whose parts are whole zip entries with damaged XML: what a bad converter writes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            if re.search(r"document\.xml$|sheet\d\.xml$|sharedStrings\.xml$", name):
                content = _mutated_xml(content.decode(), chance).encode()
            copy.writestr(name, content)
    return target.getvalue()


_ELEMENTS = {
    "w:tc": r"<w:tc>.*?</w:tc>", "w:tr": r"<w:tr>.*?</w:tr>", "w:p": r"<w:p>.*?</w:p>", "w:t": r"<w:t[ >].*?</w:t>",
    "w:r": r"<w:r>.*?</w:r>", "w:numPr": r"<w:numPr>.*?</w:numPr>", "c": r"<c .*?</c>",
    "row": r"<row .*?</row>", "si": r"<si>.*?</si>", "merge": r"<mergeCell .*?/>",
}  # fmt: skip
_SPANS = ('<w:gridSpan w:val="{n}"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>')


def _mutated_xml(xml: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 5)):
        spots = list(re.finditer(chance.choice(list(_ELEMENTS.values())), xml, re.DOTALL))
        if not spots:
            continue
        spot = chance.choice(spots)
        blow = chance.randrange(5)
        start, end, piece = spot.start(), spot.end(), spot.group()
        if blow == 0:
            xml = xml[:start] + xml[end:]
        elif blow == 1:
            xml = xml[:end] + piece + xml[end:]
        elif blow == 2:
            xml = re.sub(r'(gridSpan w:val=")\d+', rf"\g<1>{chance.randint(0, 99)}", xml, count=chance.randint(1, 3))
        elif blow == 3 and "<w:tcPr>" in piece:
            span = chance.choice(_SPANS).format(n=chance.randint(2, 9))
            xml = xml[:start] + piece.replace("<w:tcPr>", f"<w:tcPr>{span}", 1) + xml[end:]
        else:
            other = chance.choice(spots)
            xml = xml[:start] + other.group() + xml[end:]
    return xml


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """A file damaged in transit: bytes overwritten, or its end lost."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    if chance.random() < 0.2:
        del damaged[chance.randrange(len(damaged)) :]
    return bytes(damaged)


# A plan drawn afresh each time: nearly every byte of a PDF is packed, so blows to its bytes hardly reach the tables.
DRAWN = "drawn.pdf"


@dataclass(frozen=True)
class Mutant:
    """A damaged file under the name it came with."""

    name: str
    data: bytes


def mutants(seed: str, count: int, binaries: dict[str, bytes]) -> Iterator[Mutant]:
    """So many damaged files, the same for the same seed; `binaries` maps names of files to their bytes."""
    chance = random.Random(seed)
    texts = {f"{shape}.txt": write() for shape, write in TEXTS.items()}
    texts |= {name: write() for name, write in MARKED.items()}
    if font_file():
        binaries = binaries | {DRAWN: b""}
    for _ in range(count):
        name = chance.choice((*TEXTS, *texts, *binaries))
        name = f"{name}.txt" if name in TEXTS else name
        if name in texts:
            yield Mutant(name, mutated_text(texts[name], chance).encode("utf-8", "surrogatepass"))
        elif name == DRAWN:
            yield Mutant(name, drawn_plan(chance))
        elif name.endswith(("docx", "xlsx")) and chance.random() < 0.8:
            yield Mutant(name, mutated_zip(binaries[name], chance))
        else:
            yield Mutant(name, mutated_bytes(binaries[name], chance))


def fault_of(mutant: Mutant) -> str | None:
    """What is wrong with the reading of a damaged file, or None; raises whatever the reader raises beside refusals."""
    try:
        reading = read_bytes(mutant.name, mutant.data)
    except PlanFileError:
        return None
    keys = [row.key for row in reading.obligations]
    if len(keys) != len(set(keys)):
        return "two duties bear one key"
    if any(not row.rules and row.status != "ask" for row in reading.obligations):
        return "a duty without a date is not asked about"
    document = open_document(mutant.name, mutant.data)
    lost = _lost_line(_whole_text(mutant), document)
    return f"a line is not in the document: “{lost}”" if lost else _lost_row(tidied(document), reading)


def _whole_text(mutant: Mutant) -> str:
    """The words that must stand in the document: of a drawn plan those of the sample, of marked text none."""
    if mutant.name == DRAWN:
        rows = (cell for row in samples.table_rows() for cell in row)
        return "\n".join((*samples.FRONT, *rows, *samples.BACK))
    return mutant.data.decode(errors="replace") if mutant.name.endswith(".txt") else ""


def told(reading: Reading) -> str:
    """Everything the reading says, squashed: a word of the file that is nowhere in it is lost."""
    rows = [*reading.obligations, *(duty.row for duty in reading.standing)]
    texts = [
        text
        for row in rows
        for text in (row.ordinal or "", row.content, row.deliverable or "", row.deadline_text or "")
    ]
    texts += [text for row in rows for text in (*row.leads, *row.coordinators, *row.section)]
    for target in reading.targets:
        texts += [
            target.name,
            target.group or "",
            target.unit or "",
            str(target.value or ""),
            *target.responsible,
            *target.coordinators,
        ]
    texts += [f"{finding.where} {finding.message}" for finding in reading.findings]
    return _held(" ".join(texts))


def _held(text: str) -> str:
    """Squashed, without the marks that no word is made of: those of notes, and soft hyphens."""
    return squash(re.sub("[¹\u00ad]", "", unicodedata.normalize("NFC", text)))


_SAID_BY_THE_SHAPE = {squash(word) for word in re.findall(r"\w+", " ".join(samples.HEADER + samples.TARGET_HEADER))}
_SAID_BY_THE_SHAPE |= {squash(word) for word in ("chủ", "trì", "phối", "hợp", "tối", "thiểu", "br")}


def _words(text: str) -> list[str]:
    """The words that tell one row from another: not those of headers and roles, which the shape of a reading says."""
    text = re.sub("[¹\u00ad]", "", unicodedata.normalize("NFC", text))
    words = (squash(word) for word in re.findall(r"[^\W\d_]{2,}", text))
    return [word for word in words if word not in _SAID_BY_THE_SHAPE]


def _lost_row(document: Document, reading: Reading) -> str | None:
    """A row of a table of duties or targets of which a cell is neither read nor spoken of."""
    said = told(reading)
    places = [finding.where for finding in reading.findings]
    for one in found_tables(document):
        if one.furniture or one.columns is None or not (one.columns.holds_duties or one.columns.holds_targets):
            continue
        read = used_roles(one.columns)  # of other columns one finding speaks for all their rows
        headers = squash(" ".join(text for row in one.table.rows[: one.columns.header_rows] for text in row.texts()))
        for row in _rows_of(one.table, one.columns.header_rows):
            cells = [(role, text) for role, text in zip(one.columns.roles, row.texts(), strict=False) if role in read]
            lost = next((text[:80] for role, text in cells if _is_lost(role, text, said + headers)), None)
            if lost and not any(row.place.words() in where for where in places if row.place.words()):
                return f"{row.place.words()}: “{lost}” is nowhere in the reading"
    return None


def _rows_of(table: Table, header_rows: int) -> Iterator[Row]:
    return (row for row in table.rows[header_rows:] if sum(bool(text) for text in row.texts()) > 1)


def _is_lost(role: Role, text: str, said: str) -> bool:
    """Whether words of a cell are told nowhere; of a unit's cell only the names are kept, so half may be missing."""
    words = _words(text)
    lost = [word for word in words if word not in said]
    return len(lost) * 2 > len(words) if role in UNIT_ROLES else bool(lost)


def _lost_line(text: str, document: Document) -> str | None:
    """A line of a text of which a word stands nowhere in the blocks made of it."""
    blocks = [block.text for block in document.paragraphs()]
    blocks += [cell for table in document.tables() for row in table.rows for cell in row.texts()]
    held = _held(" ".join((*blocks, *document.remarks)))
    return next((line[:80] for line in text.split("\n") if any(word not in held for word in _words(line))), None)
