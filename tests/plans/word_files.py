"""Word files written part by part, so that a test holds exactly the marks that offices' programs write."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from plans.reading.document import Document, Table
from plans.reading.sources import open_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="{_RELATIONS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{0}+xml"
MAIN = _TYPE.format("document.main")


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def word_file(
    body: str,
    parts: dict[str, str] | None = None,
    *,
    strict: bool = False,
    content_type: str = MAIN,
    main: str = "word/document.xml",
) -> bytes:
    """A Word file of a body; further parts ("numbering", "styles", "footnotes" ...) by the inside of their root."""
    parts = parts or {}
    files = {main: f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>"}
    kinds = "".join(
        f'<Relationship Id="r{at}" Type="{_RELATIONS}/{kind}" Target="{kind}.xml"/>' for at, kind in enumerate(parts)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="m" Type="{_RELATIONS}/officeDocument"'
        f' Target="{main}"/></Relationships>'
    )
    file = main.rpartition("/")[2]
    files[f"word/_rels/{file}.rels"] = f'<Relationships xmlns="{package}/relationships">{kinds}</Relationships>'
    files |= {f"word/{kind}.xml": f"<w:{kind} {_NAMES}>{inside}</w:{kind}>" for kind, inside in parts.items()}
    overrides = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE.format(kind)}"/>' for kind in parts)
    files["[Content_Types].xml"] = (
        f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/>{overrides}</Types>'
    )
    if strict:
        files = {name: _strict(text) for name, text in files.items()}
    return zipped({name: f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode() for name, text in files.items()})


def _strict(text: str) -> str:
    text = text.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    return text.replace(_RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships")


def run(text: str, properties: str = "") -> str:
    """One run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def font(name: str) -> str:
    """The properties of a run in a font."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def par(*runs: str, properties: str = "") -> str:
    """One paragraph; a plain string is a run of its own."""
    inside = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def numbered(list_id: int, level: int = 0) -> str:
    """The properties of a paragraph that Word numbers."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def cell(*content: str, properties: str = "") -> str:
    """One cell; a plain string is a paragraph of its own."""
    inside = "".join(one if one.startswith("<w:") else par(one) for one in content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside or par()}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """One row; a plain string is a cell of its own."""
    inside = "".join(one if one.startswith("<w:") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inside}</w:tr>"


def table(*rows: str) -> str:
    """One table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def numbering(*levels: tuple[str, str], extra: str = "", lists: int = 1) -> str:
    """The inside of a numbering part: one abstract list of (form, text) levels, and lists 1.. that share it."""
    inside = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    shared = f'<w:abstractNum w:abstractNumId="0">{inside}</w:abstractNum>'
    nums = (
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="0"/>{extra if at == lists else ""}</w:num>'
        for at in range(1, lists + 1)
    )
    return shared + "".join(nums)


def opened(body: str, **parts: str) -> Document:
    """A Word file as its reader opens it."""
    return open_document("a.docx", word_file(body, parts))


def texts_of(document: Document) -> list[str]:
    """Its paragraphs."""
    return [one.text for one in document.paragraphs()]


def table_of(document: Document) -> Table:
    """Its first table."""
    return next(document.tables())
