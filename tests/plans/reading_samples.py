"""One plan in our own words, written out in every shape and format that the reader takes."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

HEADER = ("TT", "Nội dung công việc", "Sản phẩm", "Cơ quan, đơn vị thực hiện", "Thời gian hoàn thành")
TARGET_HEADER = ("STT", "Nội dung chỉ tiêu", "Đơn vị tính", "Chỉ tiêu năm 2026", "Cơ quan thực hiện")


@dataclass(frozen=True)
class Duty:
    """One row of the sample: what stands in its five cells, and what must be read from the unit cell."""

    number: str
    content: str
    product: str
    units: tuple[str, ...]
    time: str
    leads: tuple[str, ...]
    coordinators: tuple[str, ...] = ()
    key: str = ""


SECTIONS: tuple[tuple[str, str, tuple[Duty, ...]], ...] = (
    (
        "I",
        "Công tác chỉ đạo phòng cháy, chữa cháy",
        (
            Duty(
                "1",
                "Lập kế hoạch kiểm tra các khu nhà trọ, kho hàng có nguy cơ cháy cao trên địa bàn",
                "Kế hoạch kiểm tra",
                ("- Công an phường chủ trì.", "- Các khu phố phối hợp."),
                "Quý I",
                ("Công an phường",),
                ("Các khu phố",),
            ),
            Duty(
                "2",
                "Tổ chức diễn tập chữa cháy tại chợ và trường học",
                "Phương án diễn tập được duyệt",
                ("- Ban Chỉ huy Quân sự phường chủ trì.", "- Công an phường, Trạm Y tế phường phối hợp."),
                "Tháng 6/2026",
                ("Ban Chỉ huy Quân sự phường",),
                ("Công an phường", "Trạm Y tế phường"),
            ),
        ),
    ),
    (
        "II",
        "Tuyên truyền và báo cáo",
        (
            Duty(
                "3",
                "Phát thanh bản tin an toàn điện mùa khô trên hệ thống loa truyền thanh",
                "Bản tin phát thanh",
                ("- Phòng Văn hóa - Xã hội chủ trì.",),
                "Thường xuyên",
                ("Phòng Văn hóa - Xã hội",),
            ),
            Duty(
                "4",
                "Tổng hợp số vụ cháy, thiệt hại và kết quả xử lý vi phạm",
                "Báo cáo số liệu",
                ("- Công an phường chủ trì.", "- Văn phòng HĐND và UBND phường phối hợp."),
                "Trước ngày 20 hằng tháng",
                ("Công an phường",),
                ("Văn phòng HĐND và UBND phường",),
            ),
        ),
    ),
)
TARGETS = (
    ("1", "Tỷ lệ hộ gia đình có bình chữa cháy xách tay", "%", "Tối thiểu 70", "Công an phường"),
    ("2", "Tỷ lệ nhà trọ được kiểm tra an toàn điện", "%", "100", "Phòng Kinh tế, Hạ tầng và Đô thị"),
)
FRONT = (
    "ỦY BAN NHÂN DÂN",
    "PHƯỜNG AN SƠN",
    "Số: 17/KH-UBND",
    "An Sơn, ngày 12 tháng 01 năm 2026",
    "KẾ HOẠCH",
    "Phòng cháy, chữa cháy trên địa bàn phường An Sơn năm 2026",
    "Thực hiện nhiệm vụ được giao, Ủy ban nhân dân phường An Sơn xây dựng kế hoạch với các nội dung sau:",
    "I. MỤC ĐÍCH, YÊU CẦU",
    "Giữ an toàn cho người dân, hạn chế thấp nhất thiệt hại do cháy gây ra trong năm 2026.",
    "II. NỘI DUNG THỰC HIỆN",
    "Nhiệm vụ cụ thể theo bảng dưới đây.",
)
BACK = (
    "III. TỔ CHỨC THỰC HIỆN",
    "1. Giao Công an phường theo dõi, đôn đốc các đơn vị; định kỳ hằng quý tổng hợp kết quả, báo cáo UBND phường.",
    "2. Các khu phố: Gửi danh sách nhà trọ về Công an phường trước ngày 15/3/2026.",
)
ANNEX = "Phụ lục CHỈ TIÊU NĂM 2026 (Kèm theo Kế hoạch số 17/KH-UBND ngày 12/01/2026)"


def duties() -> list[Duty]:
    """The duties in order."""
    return [duty for _, _, rows in SECTIONS for duty in rows]


def table_rows() -> list[tuple[str, str, str, str, str]]:
    """Headings and duties as cells; a unit cell keeps its bullets on lines of their own."""
    rows = []
    for mark, heading, members in SECTIONS:
        rows.append((mark, heading, "", "", ""))
        rows.extend((one.number, one.content, one.product, "\n".join(one.units), one.time) for one in members)
    return rows


def as_tabbed() -> str:
    """Tabs between cells, a page break that repeats the header, and one row cut in two by it."""
    lines = list(FRONT)
    rows = [tuple(cell.replace("\n", " ") for cell in row) for row in table_rows()]
    lines.append("\t".join(HEADER))
    lines.extend("\t".join(row) for row in rows[:2])
    number, content, product, units, time = rows[2]
    first, rest = _cut(content)
    upper, lower = _cut(units)
    lines.append("\t".join((number, first, product, upper, time)))
    lines.extend(("", "\t".join(HEADER), "\t".join(("", rest, "", lower, ""))))
    lines.extend("\t".join(row) for row in rows[3:])
    lines.extend(("", *BACK, "", ANNEX, "\t".join(TARGET_HEADER)))
    lines.extend("\t".join(row) for row in TARGETS)
    return "\n".join(lines) + "\n"


def _cut(text: str) -> tuple[str, str]:
    """The text as a page break leaves it: four words here, the others on the next page."""
    words = text.split(" ")
    return " ".join(words[:4]), " ".join(words[4:])


def as_indented() -> str:
    """Every cell on a line of its own behind a tab; heading rows have two cells only."""
    parts = ["\n".join(FRONT) + "\n"]
    for row in (HEADER, *table_rows()):
        cells = list(row) if row[2] else list(row[:2])
        parts.append("".join(f"\t{cell}\n" for cell in cells) + "\n")
    parts.append("\n\n\n" + "\n".join(BACK) + f"\n\n\n{ANNEX}\n")
    parts.extend("".join(f"\t{cell}\n" for cell in row) + "\n" for row in (TARGET_HEADER, *TARGETS))
    return "".join(parts)


def as_piped() -> str:
    """A Markdown table."""
    rows = ["|".join(("", *HEADER, "")), "|---|---|---|---|---|"]
    rows.extend("|".join(("", *(cell.replace("\n", "<br>") for cell in row), "")) for row in table_rows())
    targets = ["|".join(("", *row, "")) for row in (TARGET_HEADER, *TARGETS)]
    return "\n".join((*FRONT, "", *rows, "", *BACK, "", ANNEX, "", *targets)) + "\n"


def as_html() -> str:
    """A saved web page: headings over all columns, a unit cell's bullets as paragraphs."""
    parts = [f"<p>{text}</p>" for text in FRONT] + [_html_table([HEADER, *table_rows()])]
    parts += [f"<p>{text}</p>" for text in (*BACK, ANNEX)] + [_html_table([TARGET_HEADER, *TARGETS])]
    return "<html><body>\n" + "\n".join(parts) + "\n</body></html>\n"


def _html_table(rows: list[tuple[str, ...]]) -> str:
    lines = []
    for row in rows:
        span = f' colspan="{len(row) - 1}"' if not any(row[2:]) else ""
        cells = [row[0], row[1]] if span else list(row)
        inside = "".join(f"<td{span if at == 1 else ''}>{_html_cell(cell)}</td>" for at, cell in enumerate(cells))
        lines.append(f"<tr>{inside}</tr>")
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _html_cell(text: str) -> str:
    return "".join(f"<p>{part}</p>" for part in text.split("\n"))


def as_csv() -> str:
    """A sheet saved as text: title lines, then the rows, cells with line breaks in quotes."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows([text] for text in FRONT)
    writer.writerows((HEADER, *table_rows()))
    return target.getvalue()


def as_wrapped() -> str:
    """Text of a PDF: cells wrapped to narrow columns, one under the other, a blank line after every line."""
    lines = [line for text in FRONT for line in textwrap.wrap(text, 82)]
    lines.extend(("TT Nội dung công việc", "Sản phẩm", "Cơ quan, đơn vị", "thực hiện", "Thời gian", "hoàn thành"))
    for number, content, product, units, time in table_rows():
        if not product:
            lines.append(f"{number} {content} của toàn phường trong cả năm kế hoạch")
            continue
        lines.append(number)
        for text, width in ((content, 30), (product, 18), (units, 22), (time, 12)):
            lines.extend(line for part in text.split("\n") for line in textwrap.wrap(part, width))
    lines.extend(line for text in BACK for line in textwrap.wrap(text, 82))
    return " \n\n".join(lines) + " \n"


def as_docx() -> bytes:
    """Word: heading rows merged across, the letterhead in a table of its own."""
    import docx

    document = docx.Document()
    letterhead = document.add_table(rows=1, cols=2)
    letterhead.cell(0, 0).text = "\n".join(FRONT[:3])
    letterhead.cell(0, 1).text = f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{FRONT[3]}"
    for text in FRONT[4:]:
        document.add_paragraph(text)
    _add_table(document, [HEADER, *table_rows()])
    for text in (*BACK, ANNEX):
        document.add_paragraph(text)
    _add_table(document, [TARGET_HEADER, *TARGETS])
    # Word ends every document with a paragraph; LibreOffice loses a last table that has none after it.
    document.add_paragraph("")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_table(document: object, rows: list[tuple[str, ...]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")  # type: ignore[attr-defined]
    for at, row in enumerate(rows):
        if not any(row[2:]):
            table.cell(at, 1).merge(table.cell(at, len(row) - 1))
            row = row[:2]
        for column, text in enumerate(row):
            table.cell(at, column).text = text


def as_xlsx() -> bytes:
    """Excel: title rows above the table, heading rows merged, the targets on a second sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for text in FRONT:
        sheet.append([text])
    for row in (HEADER, *table_rows()):
        sheet.append(list(row))
        if not any(row[2:]):
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=2, end_column=5)
    second = book.create_sheet("Chỉ tiêu")
    for row in (TARGET_HEADER, *TARGETS):
        second.append([int(cell) if cell.isdigit() else cell for cell in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_pdf(folder: Path) -> bytes | None:
    """The Word file printed by LibreOffice, or None where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    source = folder / "plan.docx"
    source.write_bytes(as_docx())
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=150)
    return (folder / "plan.pdf").read_bytes()
