"""Text of a .docx: every run in Times New Roman, for every script."""

from __future__ import annotations

from typing import Final

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports.wording import printable

FONT: Final = "Times New Roman"
BODY: Final = 14.0
TABLE: Final = 12.0
FIRST_LINE: Final = Twips(720)  # 1.27 cm
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY


def set_font(properties: BaseOxmlElement, size: float | None = None) -> None:
    """Name Times New Roman for all four scripts in a run's or a style's properties; a size also for complex scripts."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    if size is not None:
        _set_complex_size(properties, size)


def _set_complex_size(properties: BaseOxmlElement, size: float) -> None:
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(round(size * 2)))
    plain = properties.find(qn("w:sz"))
    if plain is None:
        properties.append(complex_size)
    else:
        plain.addnext(complex_size)


def add_run(
    paragraph: Paragraph,
    text: str,
    *,
    size: float = BODY,
    bold: bool = False,
    italic: bool = False,
    marked: bool = False,
) -> Run:
    """Add text; newlines become line breaks. `marked` gives the yellow of what an officer must still write."""
    run = paragraph.add_run(printable(text))
    run.font.size = Pt(size)
    run.bold = bold or None
    run.italic = italic or None
    if marked:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    set_font(run._r.get_or_add_rPr(), size)
    return run


def shape(
    paragraph: Paragraph,
    alignment: WD_ALIGN_PARAGRAPH = LEFT,
    *,
    before: float = 0,
    after: float = 0,
    indent: Twips | None = None,
) -> Paragraph:
    """Set alignment, the gaps before and after (points) and the first line's indent."""
    layout = paragraph.paragraph_format
    layout.alignment, layout.first_line_indent = alignment, indent
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    return paragraph


def border_line(paragraph: Paragraph, side: int, other: int) -> None:
    """Draw a solid line under a tiny empty paragraph, `side` and `other` twips in from the left and the right."""
    shape(paragraph, before=3)
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Twips(side), Twips(other)
    layout.line_spacing = Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
