"""The parts of a Word file: which of them is the document, and the parts it is bound to."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from plans.reading.errors import PlanFileError
from plans.reading.sources.archive import BROKEN

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Strict Office Open XML (ISO/IEC 29500-1) writes the same elements under other names.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
_CURE = "Hãy mở lại bằng Word, lưu thành tệp .docx mới rồi nộp lại."


class Package:
    """A Word file, by its parts. Raises PlanFileError when one that is asked for cannot be read."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data
        self._main = self._target("_rels/.rels", "", "officeDocument") or "word/document.xml"
        folder, file = posixpath.split(self._main)
        self._folder, self._relations = folder, posixpath.join(folder, "_rels", f"{file}.rels")

    @property
    def document(self) -> Any:
        """The body of the document."""
        root = self._parsed(self._main)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise PlanFileError(self.name, "là tệp Word bị hỏng, không mở được", _CURE)
        return body

    def related(self, kind: str) -> Any | None:
        """The root of a part that the document is bound to ("numbering", "styles", "footnotes" ...), or None."""
        path = self._target(self._relations, self._folder, kind)
        return self._parsed(path) if path else None

    def _target(self, relations: str, folder: str, kind: str) -> str | None:
        root = self._parsed(relations)
        for one in root.iter(_RELATION) if root is not None else ():
            if one.get("Type", "").rpartition("/")[2] == kind and one.get("TargetMode") != "External":
                target = one.get("Target", "")
                return (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(f"{folder}/{target}").strip("/")
                )
        return None

    def _parsed(self, path: str) -> Any | None:
        from docx.oxml.parser import parse_xml

        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                if path not in archive.namelist():
                    return None
                xml = archive.read(path)
            for strict, usual in _STRICT:
                xml = xml.replace(strict, usual)
            return parse_xml(xml)
        except BROKEN as error:
            if "depth" in str(error).lower():
                raise too_deep(self.name) from error
            raise PlanFileError(self.name, "là tệp Word bị hỏng, không mở được", _CURE) from error


def too_deep(name: str) -> PlanFileError:
    """The refusal of tables inside tables without end."""
    return PlanFileError(
        name, "có bảng lồng trong bảng quá sâu", "Hãy đưa bảng nhiệm vụ ra ngoài, lưu lại rồi nộp lại."
    )


def value(element: Any, path: str, default: str | None = None) -> str | None:
    """The w:val of what stands at a path ("pPr/numPr/numId") below an element, or the default."""
    found = element.find("/".join(W + step for step in path.split("/")))
    return found.get(f"{W}val", default) if found is not None else default


def number(text: str | None, default: int = 0, most: int = 1_000_000) -> int:
    """A whole number of an attribute; the default for what is none."""
    bare = (text or "").strip()
    return min(int(bare), most) if bare.isascii() and bare.isdigit() and len(bare) < 10 else default


def is_on(element: Any, path: str) -> bool | None:
    """Whether a switch such as w:vanish is on; None where it is not set."""
    found = element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(f"{W}val", "1") not in ("0", "false", "off")
