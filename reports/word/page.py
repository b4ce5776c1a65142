"""The page: A4, margins, fonts, headings, the page number (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I và II)."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from reports.packing import repack
from reports.word.runs import BODY, CENTER, FIRST_LINE, FONT, JUSTIFY, add_run, set_font, shape
from reports.wording import one_line

TEXT_WIDTH = 9354  # twips between the margins: 210 - 30 - 15 mm


def new_document(title: str, author: str, now: datetime) -> Document:
    """An empty A4 document with the decree's margins, fonts and page number."""
    document = docx.Document()
    _set_page(document.sections[0])
    _set_styles(document)
    _number_pages(document.sections[0])
    _set_properties(document, title, author, now)
    return document


def _set_page(section: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)


def landscape(document: Document) -> None:
    """What follows stands on a page of its own, on its side; its head and number stay."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False


def saved(document: Document, moment: datetime) -> bytes:
    """The bytes of a document; the same document of the same instant gives the same bytes."""
    stream = BytesIO()
    document.save(stream)
    return repack(stream.getvalue(), moment)


def _set_styles(document: Document) -> None:
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_font(defaults)
    language = defaults.find(qn("w:lang"))
    if language is not None:
        for script in ("val", "eastAsia"):
            language.set(qn(f"w:{script}"), "vi-VN")
    normal = document.styles["Normal"]
    _set_style(normal, bold=False)
    normal.paragraph_format.line_spacing = 1.1
    for level in (1, 2, 3):
        _set_style(document.styles[f"Heading {level}"], bold=True)
    _set_style(document.styles["Header"], bold=False)


def _set_style(style: ParagraphStyle, bold: bool) -> None:
    style.font.name, style.font.size = FONT, Pt(BODY)
    style.font.bold, style.font.italic = bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    set_font(style.element.get_or_add_rPr(), BODY)


def _number_pages(section: Section) -> None:
    """Arabic, from 1, centred in the top margin, not shown on the first page."""
    section.different_first_page_header_footer = True
    paragraph = shape(section.header.paragraphs[0], CENTER)
    for kind in ("begin", None, "separate", "1", "end"):
        run = add_run(paragraph, kind if kind == "1" else "", size=BODY)
        if kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = " PAGE "
            run._r.append(instruction)
        elif kind != "1":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _set_properties(document: Document, title: str, author: str, now: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author = one_line(title)[:255], one_line(author)[:255]
    properties.last_modified_by, properties.comments = one_line(author)[:255], ""
    properties.created = properties.modified = now.astimezone(UTC).replace(tzinfo=None)
    properties.language, properties.revision = "vi-VN", 1


def body(document: Document, text: str, *, marked: bool = False, bold: bool = False) -> Paragraph:
    """One justified paragraph of the text, first line indented."""
    paragraph = shape(document.add_paragraph(), JUSTIFY, after=6, indent=FIRST_LINE)
    if text:
        add_run(paragraph, text, bold=bold, marked=marked)
    return paragraph


def prompt(document: Document, text: str) -> Paragraph:
    """What the data cannot say and an officer must write: in square brackets, marked yellow."""
    return body(document, f"[{text}]", marked=True)


def heading(document: Document, text: str, level: int = 1) -> Paragraph:
    """A heading that Word's outline knows, kept with what follows."""
    paragraph = shape(document.add_paragraph(style=f"Heading {level}"), JUSTIFY, before=6, after=6, indent=FIRST_LINE)
    paragraph.paragraph_format.keep_with_next = True
    add_run(paragraph, text, bold=True)
    return paragraph
