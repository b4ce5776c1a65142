"""Tables of a PDF that have no lines: columns by the white between them."""

from __future__ import annotations

from dataclasses import dataclass

from plans.reading.sources.pdf_ink import Glyph, Ink
from plans.reading.sources.pdf_lines import TextLine
from plans.reading.sources.pdf_tables import PdfTable


@dataclass(slots=True)
class Unruled:
    """What the pages before have told of a table that goes on."""

    edges: tuple[float, ...] = ()


def unruled_tables(
    ink: Ink, loose: list[Glyph], lines: list[TextLine], state: Unruled
) -> tuple[list[PdfTable], list[TextLine]]:
    """The tables without lines on a page, and the lines left over."""
    return [], lines
