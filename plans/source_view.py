"""The stored plan file as plain parts that a page can show beside its reading, each with its place and a number.

A part is one paragraph or one row of a table, in reading order; its number is its anchor. The view holds only text:
nothing of the file is shown as markup. It is kept beside the stored files, because opening a long PDF takes seconds;
a change of the reader's code makes it anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from config.faults import Refusal
from db.file_store import read_stored, stored_path, write_whole
from plans.reading.document import Cover, Document, Place, Row, Table
from plans.reading.sources import open_document
from plans.reading.text import flat, fold

# So many parts are shown on one page of a long file.
PAGE = 800
KEPT_VIEWS = 8
READER = Path(__file__).parent / "reading"
# "trang 2, hàng 3", "dòng 83, 85": a page or sheet holds for the lines and rows named after it.
PLACE_WORDS = re.compile(
    r"trang tính (?P<sheet>[^,;()]+)|trang (?P<page>\d+)|(?P<kind>dòng|hàng) (?P<numbers>\d+(?:, \d+)*)"
)
LIKE = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph (`cells` has one text, `table` is 0) or one row of the table of that number, from 1.

    `spans` says over how many columns each text reaches.
    """

    number: int
    place: Place
    cells: tuple[str, ...]
    spans: tuple[int, ...]
    table: int = 0

    @property
    def text(self) -> str:
        """Everything that the part prints."""
        return " ".join(self.cells)

    @property
    def short_place(self) -> str:
        """The line or row alone, for the narrow margin."""
        return str(self.place.row or self.place.line or "")


@dataclass(frozen=True)
class SourceView:
    """A whole file in parts. `missing` says, in Vietnamese, why there are none."""

    parts: tuple[Part, ...] = ()
    missing: str = ""

    @cached_property
    def _by_place(self) -> dict[Place, list[int]]:
        found: dict[Place, list[int]] = defaultdict(list)
        for part in self.parts:
            found[part.place].append(part.number)
        return dict(found)

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(flat(part.text)) for part in self.parts]

    @property
    def pages(self) -> int:
        """How many pages of parts there are, at least 1."""
        return max(1, -(-len(self.parts) // PAGE))

    def page_of(self, number: int) -> int:
        """The page, from 1, on which a part is shown."""
        return number // PAGE + 1

    def shown(self, page: int) -> tuple[Part, ...]:
        """The parts of one page."""
        return self.parts[(page - 1) * PAGE : page * PAGE]

    def find(self, source: Mapping[str, Any], text: str = "") -> int | None:
        """The part that a place of a reading means; of several at one place, the one that prints `text`.

        None when the place is unknown and no part prints the text.
        """
        at = self._by_place.get(_place_of(source), []) if source else []
        if len(at) == 1:
            return at[0]
        printing = self._printing(text, at)
        if printing is not None:
            return printing
        return at[0] if at else self._before(source)

    def find_words(self, words: str) -> list[int]:
        """The parts that the words of a finding's place mean: "trang 2, hàng 3; trang 4, hàng 1", "dòng 83, 85"."""
        found = (self.find(source) for source in _places_in(words))
        return list(dict.fromkeys(part for part in found if part is not None))

    def _printing(self, text: str, among: Sequence[int]) -> int | None:
        start = fold(flat(text))[:LIKE]
        if not start:
            return None
        numbers = among or range(len(self.parts))
        return next((number for number in numbers if start in self._folded[number]), None)

    def _before(self, source: Mapping[str, Any]) -> int | None:
        """The last part that begins at or before a line, or the first part of a page."""
        line, page = source.get("line"), source.get("page")
        if line is not None:
            return max((part.number for part in self.parts if (part.place.line or line + 1) <= line), default=None)
        return next((part.number for part in self.parts if page is not None and part.place.page == page), None)


def _places_in(words: str) -> Iterator[dict[str, Any]]:
    around: dict[str, Any] = {}
    alone = True
    for match in PLACE_WORDS.finditer(words):
        if match["numbers"]:
            name = {"dòng": "line", "hàng": "row"}[match["kind"]]
            yield from ({**around, name: int(number)} for number in match["numbers"].split(", "))
            alone = False
            continue
        if around and alone:
            yield around
        around, alone = ({"sheet": match["sheet"].strip()} if match["sheet"] else {"page": int(match["page"])}), True
    if around and alone:
        yield around


def _place_of(source: Mapping[str, Any]) -> Place:
    return Place(source.get("page"), source.get("line"), source.get("sheet"), source.get("row"))


def view_of(document: Document) -> SourceView:
    """The parts of an opened file."""
    return SourceView(tuple(_numbered(document)))


def _numbered(document: Document) -> Iterator[Part]:
    number = tables = 0
    for block in document.blocks:
        if isinstance(block, Table):
            tables += 1
            rows = [row for row in block.rows if any(cell.text for cell in row.cells)]
        else:
            rows = []
            yield Part(number, block.place, (block.text,), (1,))
            number += 1
        for row in rows:
            yield Part(number, row.place, *_cells(row), table=tables)
            number += 1


def _cells(row: Row) -> tuple[tuple[str, ...], tuple[int, ...]]:
    texts: list[str] = []
    spans: list[int] = []
    for cell in row.cells:
        if cell.cover is Cover.LEFT and texts:
            spans[-1] += 1
        else:
            texts.append(cell.text)
            spans.append(1)
    return tuple(texts), tuple(spans)


def view_path(home: Path, digest: str) -> Path:
    """Where the view of a stored file is kept, for the reader as it is now. Raises ValueError for no SHA-256."""
    return stored_path(home / "views", digest).with_suffix(f".{_reader_stamp()}.json")


@lru_cache(maxsize=1)
def _reader_stamp() -> str:
    """Changes with the code that opens files."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(READER.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def keep_view(home: Path, digest: str, document: Document) -> None:
    """Keep the view of a file that was just opened, and drop those that an older reader made.

    It only saves time: a full disk leaves the page without it, not without its text.
    """
    path = view_path(home, digest)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{digest}.*.json"):
            old.unlink(missing_ok=True)
        write_whole(path, json.dumps(_packed(view_of(document)), ensure_ascii=False).encode())


def adopt_view(home: Path, folder: Path, digest: str) -> None:
    """Take over the view that was kept in the folder of an upload, where the same reader made it."""
    old, new = view_path(folder, digest), view_path(home, digest)
    with suppress(OSError):
        new.parent.mkdir(parents=True, exist_ok=True)
        old.replace(new)


def _packed(view: SourceView) -> list[list[Any]]:
    return [[part.place.to_json(), part.cells, part.spans, part.table] for part in view.parts]


def _unpacked(rows: list[list[Any]]) -> SourceView:
    parts = (
        Part(number, _place_of(place), tuple(cells), tuple(spans), table)
        for number, (place, cells, spans, table) in enumerate(rows)
    )
    return SourceView(tuple(parts))


def source_of(home: Path, digest: str, name: str) -> SourceView:
    """The view of a stored file, opened now when no view of it is kept."""
    try:
        path = view_path(home, digest)
        if path.exists():
            return _read_view(path)
        document = open_document(name, read_stored(home, digest))
    except (FileNotFoundError, ValueError):
        return SourceView(missing=f"Không còn giữ tệp «{name}» trên máy này, nên không có văn bản gốc để đối chiếu.")
    except Refusal as error:
        return SourceView(missing=str(error))
    keep_view(home, digest, document)
    return view_of(document)


@lru_cache(maxsize=KEPT_VIEWS)
def _read_view(path: Path) -> SourceView:
    return _unpacked(json.loads(path.read_bytes()))


def duties_by_part(placed: Mapping[int, int | None]) -> dict[int, list[int]]:
    """The duties that were read from each part."""
    found: dict[int, list[int]] = defaultdict(list)
    for duty, part in placed.items():
        if part is not None:
            found[part].append(duty)
    return dict(found)
