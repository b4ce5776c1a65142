"""The head and the foot of a document (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II and IV; cells 1-5, 7, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from docx.document import Document
from docx.shared import Pt, Twips
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reports.issuer import IssuingOffice, Signing, issuer_lines
from reports.word.page import TEXT_WIDTH
from reports.word.runs import BODY, CENTER, FIRST_LINE, JUSTIFY, LEFT, add_run, border_line, shape
from reports.word.tables import bare
from reports.wording import month_and_year, one_line

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
# The name of the state must stay on one line, in a stand-in for Times New Roman too (Phụ lục I, mục II, khoản 1).
HEAD_WIDTHS = (3494, 5860)
FOOT_WIDTHS = (4534, 4820)
NATION_SIZE = 13.0
# Width of the motto in Times New Roman Bold, in ems (sum of its advance widths).
MOTTO_EMS = 11.585
# A capital letter of the bold face takes about 0.7 em; good enough for a line of a third to a half of a text.
CAPITAL_EMS, SMALL_EMS = 0.7, 0.5
BLANK = "\u00a0"
ADDRESSEE_INDENT = Twips(2600)


def head(document: Document, office: IssuingOffice, type_symbol: str | None, day: date) -> None:
    """Issuing organ and number left, state name and date right. Number and day stay blank for the clerk.

    Without `type_symbol` there is no number: a paper of the office's own, such as a sheet.
    """
    number = f"Số:{BLANK * 8}/{type_symbol}-{one_line(office.symbol)}" if type_symbol else ""
    _head(document, office, number, day)


def letter_head(document: Document, office: IssuingOffice, subject: str, day: date) -> None:
    """The head of a công văn: its number has no letters of a type but the drafting part, its subject stands below."""
    left = _head(document, office, f"Số:{BLANK * 8}/{one_line(office.symbol)}-VP", day)
    add_run(shape(left.add_paragraph(), CENTER, before=2), subject, size=12)


def _head(document: Document, office: IssuingOffice, number: str, day: date) -> _Cell:
    """Both rows; gives the cell of the number."""
    left, right = bare(document, HEAD_WIDTHS).rows[0].cells
    _issuer(left, office)
    _state(right)
    left, right = bare(document, HEAD_WIDTHS).rows[0].cells
    add_run(shape(left.paragraphs[0], CENTER, before=4), number, size=13)
    dated = shape(right.paragraphs[0], CENTER, before=4)
    add_run(dated, f"{one_line(office.place)}, ngày{BLANK * 6}{month_and_year(day)}", italic=True)
    return left


def _issuer(cell: _Cell, office: IssuingOffice) -> None:
    above, own = issuer_lines(office)
    lines = [(text, False) for text in above] + [(text, True) for text in own]
    for number, (text, bold) in enumerate(lines):
        add_run(_line_of(cell, number), text, size=NATION_SIZE, bold=bold)
    width = len(own[-1]) * CAPITAL_EMS * NATION_SIZE * 20
    _rule(cell.add_paragraph(), HEAD_WIDTHS[0], max(500, min(width * 0.4, 1600)))


def _state(cell: _Cell) -> None:
    add_run(_line_of(cell, 0), NATION, size=NATION_SIZE, bold=True)
    add_run(_line_of(cell, 1), MOTTO, size=BODY, bold=True)
    _rule(cell.add_paragraph(), HEAD_WIDTHS[1], MOTTO_EMS * BODY * 20)


def _line_of(cell: _Cell, number: int) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
    shape(paragraph, CENTER).paragraph_format.line_spacing = 1.0
    return paragraph


def _rule(paragraph: Paragraph, room: int, width: float) -> None:
    """A drawn line of a width, in the middle of the room (twips)."""
    side = max(0, round((room - width) / 2))
    border_line(paragraph, side, side)


def title(document: Document, kind: str, subject: str) -> None:
    """The type of document, what it is about, and the short line under it."""
    add_run(shape(document.add_paragraph(), CENTER, before=14), kind, bold=True)
    add_run(shape(document.add_paragraph(), CENTER), subject, bold=True)
    width = min(len(subject) * SMALL_EMS * BODY * 20, TEXT_WIDTH) * 0.35
    _rule(document.add_paragraph(), TEXT_WIDTH, max(1200, min(width, 2600)))


def annex_title(document: Document, title: str, issuer: str) -> None:
    """The head of an annex: its title, and the document that it goes with (its number and day are not known yet)."""
    add_run(shape(document.add_paragraph(), CENTER), title, bold=True)
    line = shape(document.add_paragraph(), CENTER, after=8)
    attached = f"(Kèm theo Công văn số{BLANK * 8}ngày{BLANK * 6}tháng{BLANK * 6}năm{BLANK * 8}của {issuer})"
    add_run(line, attached, italic=True)


def addressee(document: Document, superior: str | None) -> None:
    """Kính gửi, for a report to a higher level."""
    paragraph = shape(document.add_paragraph(), CENTER, before=12, after=12)
    add_run(paragraph, "Kính gửi: ")
    if superior:
        add_run(paragraph, f"{one_line(superior)}.")
    else:
        add_run(paragraph, "[tên cơ quan nhận báo cáo].", marked=True)


def addressees(document: Document, names: Sequence[str]) -> None:
    """Kính gửi one organ on the line, or several below it, each with a dash."""
    paragraph = shape(document.add_paragraph(), CENTER, before=12, after=12 if len(names) == 1 else 0)
    add_run(paragraph, f"Kính gửi: {one_line(names[0])}." if len(names) == 1 else "Kính gửi:")
    if len(names) > 1:
        for text in _receiver_lines(names):
            lines = shape(document.add_paragraph(), LEFT)
            lines.paragraph_format.left_indent = ADDRESSEE_INDENT
            add_run(lines, text)
        lines.paragraph_format.space_after = Pt(12)


def marked(paragraph: Paragraph, text: str) -> None:
    """More text of a paragraph that an officer must still write."""
    add_run(paragraph, text, marked=True)


def plain(paragraph: Paragraph, text: str) -> None:
    """More text of a paragraph."""
    add_run(paragraph, text)


def signatures(document: Document, maker: str, signing: Signing) -> None:
    """Who made a sheet on the left, who signs on the right; no list of receivers."""
    left, right = bare(document, FOOT_WIDTHS).rows[0].cells
    add_run(_line_of(left, 0), maker, bold=True)
    for number, text in enumerate(signing.lines):
        add_run(_line_of(right, number), text, bold=True)
    for _ in range(4):
        add_run(shape(right.add_paragraph(), CENTER), "")
    name = one_line(signing.name)
    add_run(shape(right.add_paragraph(), CENTER), name or "[Họ và tên]", bold=True, marked=not name)


def foot(document: Document, signing: Signing) -> None:
    """Nơi nhận on the left, the authority and title of who signs on the right."""
    left, right = bare(document, FOOT_WIDTHS).rows[0].cells
    add_run(shape(left.paragraphs[0], LEFT), "Nơi nhận:", size=12, bold=True, italic=True)
    for text in _receiver_lines(signing.receivers):
        add_run(shape(left.add_paragraph(), LEFT), text, size=11)
    for number, text in enumerate(signing.lines):
        add_run(_line_of(right, number), text, bold=True)
    for _ in range(4):
        add_run(shape(right.add_paragraph(), CENTER), "")
    if signing.name:
        add_run(shape(right.add_paragraph(), CENTER), one_line(signing.name), bold=True)
    else:
        add_run(shape(right.add_paragraph(), CENTER), "[Họ và tên]", bold=True, marked=True)


def _receiver_lines(receivers: Sequence[str]) -> list[str]:
    last = len(receivers) - 1
    return [f"- {one_line(text)}{'.' if number == last else ';'}" for number, text in enumerate(receivers)]


def closing(document: Document, text: str) -> None:
    """The last sentence with its "./.", kept on one page with the signature."""
    paragraph = shape(document.add_paragraph(), JUSTIFY, before=6, after=12, indent=FIRST_LINE)
    paragraph.paragraph_format.keep_with_next = True
    add_run(paragraph, f"{text}./.")
