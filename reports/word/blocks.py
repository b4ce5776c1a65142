"""The head and the foot of a document (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II and IV; cells 1-5, 7, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from docx.document import Document
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from reports.issuer import IssuingOffice, Signing, issuer_lines
from reports.word.page import TEXT_WIDTH
from reports.word.runs import BODY, CENTER, FIRST_LINE, JUSTIFY, LEFT, add_run, border_line, shape
from reports.word.tables import bare
from reports.wording import month_and_year, one_line

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
HEAD_WIDTHS = (3834, 5520)
FOOT_WIDTHS = (4534, 4820)
NATION_SIZE = 13.0
# Width of the motto in Times New Roman Bold, in ems (sum of its advance widths).
MOTTO_EMS = 11.585
# A capital letter of the bold face takes about 0.7 em; good enough for a line of a third to a half of a text.
CAPITAL_EMS, SMALL_EMS = 0.7, 0.5
BLANK = "\u00a0"


def head(document: Document, office: IssuingOffice, type_symbol: str, day: date) -> None:
    """Issuing organ and number left, state name and date right. Number and day stay blank for the clerk."""
    left, right = bare(document, HEAD_WIDTHS).rows[0].cells
    _issuer(left, office)
    _state(right)
    left, right = bare(document, HEAD_WIDTHS).rows[0].cells
    number = shape(left.paragraphs[0], CENTER, before=4)
    add_run(number, f"Số:{BLANK * 8}/{type_symbol}-{one_line(office.symbol)}", size=13)
    dated = shape(right.paragraphs[0], CENTER, before=4)
    add_run(dated, f"{one_line(office.place)}, ngày{BLANK * 6}{month_and_year(day)}", italic=True)


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


def addressee(document: Document, superior: str | None) -> None:
    """Kính gửi, for a report to a higher level."""
    paragraph = shape(document.add_paragraph(), CENTER, before=12, after=12)
    add_run(paragraph, "Kính gửi: ")
    if superior:
        add_run(paragraph, f"{one_line(superior)}.")
    else:
        add_run(paragraph, "[tên cơ quan nhận báo cáo].", marked=True)


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
