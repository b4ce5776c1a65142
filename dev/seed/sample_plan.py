"""Writes the sample plan as a .docx in the form of Nghị định 30/2020/NĐ-CP, as an office would have typed it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentFile
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from dev.seed.sample_rows import (
    AIMS,
    CLOSING,
    ODD_ANSWER,
    ODD_PHRASE,
    OPENING,
    ORGANISING,
    SECTIONS,
    TARGETS,
    Duty,
)

FONT = "Times New Roman"
ROMAN = ("I", "II", "III", "IV", "V")
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
DUTY_HEADER = ("TT", "Nội dung nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện")
DUTY_WIDTHS = (12, 82, 38, 42, 42, 41)
TARGET_HEADER = ("TT", "Chỉ tiêu", "Đơn vị tính", "Chỉ tiêu năm", "Cơ quan thực hiện")
TARGET_WIDTHS = (12, 120, 30, 35, 60)


def odd_answer(year: int) -> tuple[str, str]:
    """The phrase of the sample that must be asked, and a phrase that answers it."""
    return ODD_PHRASE, ODD_ANSWER.format(year=year)


def write_sample_plan(path: Path, year: int) -> Path:
    """Write the sample plan of a year to `path` (.docx); gives the path."""
    document = Document()
    _set_page(document)
    _letterhead(document, year)
    _opening(document, year)
    _duties(document, year)
    _targets(document, year)
    _organising(document)
    _signature(document)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def _set_page(document: DocumentFile) -> None:
    """A4 landscape (the table is wide), with the margins of the decree's annex I."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    normal = document.styles.element.find(qn("w:docDefaults"))
    for fonts in normal.iter(qn("w:rFonts")) if normal is not None else ():
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)


def _write(
    paragraph: Paragraph,
    text: str,
    align: WD_ALIGN_PARAGRAPH | None = None,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 13,
) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(3)
    return paragraph


def _cell(cell: _Cell, lines: Sequence[tuple[str, bool]], size: int = 13, italic: bool = False) -> None:
    """Centred lines in a cell of the letterhead, each bold or not."""
    for number, (text, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _write(paragraph, text, CENTER, bold=bold, italic=italic, size=size)


def _letterhead(document: DocumentFile, year: int) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    _cell(left, [("ỦY BAN NHÂN DÂN", True), ("PHƯỜNG AN HÒA", True)])
    _cell(right, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True), ("Độc lập - Tự do - Hạnh phúc", True)])
    for cell in (left, right):
        _rule_below(cell.paragraphs[-1])
    _cell(table.rows[1].cells[0], [("Số: 07/KH-UBND", False)])
    _cell(table.rows[1].cells[1], [(f"An Hòa, ngày 06 tháng 01 năm {year}", False)], italic=True)


def _rule_below(paragraph: Paragraph) -> None:
    """The short line under the names of the nation and the office."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(28)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")):
        line.set(qn(name), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _opening(document: DocumentFile, year: int) -> None:
    document.add_paragraph()
    _write(document.add_paragraph(), "KẾ HOẠCH", CENTER, bold=True, size=14)
    title = f"Cải cách và kiểm soát thủ tục hành chính năm {year} trên địa bàn phường An Hòa"
    _write(document.add_paragraph(), title, CENTER, bold=True, size=14)
    _write(document.add_paragraph(), OPENING.format(year=year), JUSTIFY)
    _heading(document, "I. MỤC ĐÍCH, YÊU CẦU")
    for number, aim in enumerate(AIMS, 1):
        _write(document.add_paragraph(), f"{number}. {aim}", JUSTIFY)


def _heading(document: DocumentFile, text: str) -> None:
    paragraph = _write(document.add_paragraph(), text, bold=True)
    paragraph.paragraph_format.keep_with_next, paragraph.paragraph_format.space_before = True, Pt(6)


def _duties(document: DocumentFile, year: int) -> None:
    _heading(document, "II. NHIỆM VỤ CỤ THỂ")
    table = _ruled_table(document, DUTY_HEADER, DUTY_WIDTHS)
    number = 0
    for roman, (title, duties) in zip(ROMAN, SECTIONS, strict=False):
        head = _new_row(table)
        _write(head[0].paragraphs[0], roman, CENTER, bold=True, size=12)
        merged = head[1].merge(head[-1])
        _write(merged.paragraphs[0], title, bold=True, size=12)
        for duty in duties:
            number += 1
            _duty_row(table, number, duty, year)
    _fix_widths(table, DUTY_WIDTHS)


def _duty_row(table: Table, number: int, duty: Duty, year: int) -> None:
    texts = (str(number), duty.content, duty.product, duty.lead, duty.coordinator, duty.time.format(year=year))
    for place, (cell, text) in enumerate(zip(_new_row(table), texts, strict=True)):
        _write(cell.paragraphs[0], text, CENTER if place in (0, 5) else None, size=12)


def _new_row(table: Table) -> tuple[_Cell, ...]:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _keep_whole(row)
    return row.cells


def _keep_whole(row: _Row) -> None:
    """A row that no page break cuts."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _ruled_table(document: DocumentFile, header: Sequence[str], widths: Sequence[int]) -> Table:
    table: Table = document.add_table(rows=1, cols=len(widths))
    table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        _write(cell.paragraphs[0], text, CENTER, bold=True, size=12)
    # The header is repeated on each page, as a typist would set it.
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    return table


def _fix_widths(table: Table, widths: Sequence[int]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        if len({id(cell._tc) for cell in row.cells}) == len(widths):
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)


def _targets(document: DocumentFile, year: int) -> None:
    _heading(document, f"III. CHỈ TIÊU NĂM {year}")
    table = _ruled_table(document, TARGET_HEADER, TARGET_WIDTHS)
    for number, texts in enumerate(TARGETS, 1):
        for place, (cell, text) in enumerate(zip(_new_row(table), (str(number), *texts), strict=True)):
            _write(cell.paragraphs[0], text, None if place in (1, 4) else CENTER, size=12)
    _fix_widths(table, TARGET_WIDTHS)


def _organising(document: DocumentFile) -> None:
    _heading(document, "IV. TỔ CHỨC THỰC HIỆN")
    for unit, duty in ORGANISING:
        _write(document.add_paragraph(), unit, bold=True)
        _write(document.add_paragraph(), duty, JUSTIFY)
    _write(document.add_paragraph(), CLOSING, JUSTIFY)


def _signature(document: DocumentFile) -> None:
    table = document.add_table(rows=1, cols=2)
    _keep_whole(table.rows[0])
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for receiver in ("- Ủy ban nhân dân tỉnh;", "- Các đơn vị thuộc phường;", "- Lưu: VT, TTPVHCC."):
        _write(left.add_paragraph(), receiver, size=11)
    _cell(right, [("TM. ỦY BAN NHÂN DÂN", True), ("CHỦ TỊCH", True), ("", False), ("", False)])
    _write(right.add_paragraph(), "Nguyễn Thanh Bình", CENTER, bold=True)
