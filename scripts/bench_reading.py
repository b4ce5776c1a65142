"""Plan files read whole: seconds and memory after start, and the share of table rows kept whole, beside the peers.

Each reading runs in a process of its own, so that the memory is its own too. The peers, `markitdown` and
`pdfplumber` alone, give tables or Markdown; a row counts as whole when one row of theirs holds every cell of it.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts.bench_memory import peak

HEADER = ("TT", "Nội dung công việc", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành")
WIDTHS_CM = (1.1, 8.0, 4.6, 4.0, 4.0, 3.4)
ACTS = ("Rà soát, thống kê", "Xây dựng và trình ban hành", "Tổ chức kiểm tra", "Cập nhật dữ liệu về", "Tuyên truyền về")
MATTERS = (
    "các hộ kinh doanh có nguy cơ cháy nổ cao trên địa bàn, lập hồ sơ theo dõi riêng cho từng hộ",
    "hồ sơ sức khỏe điện tử của người cao tuổi, bảo đảm mỗi người có một hồ sơ dùng chung",
    "nhà vệ sinh của các điểm trường, kèm phương án sửa chữa trước năm học mới",
    "bản đồ số các tuyến kênh mương nội đồng và danh mục công trình cần nạo vét",
    "lịch tiếp công dân, quy trình phân loại đơn thư và sổ theo dõi kết quả trả lời",
)
PRODUCTS = ("Báo cáo kết quả", "Kế hoạch được phê duyệt", "Danh sách kèm biên bản kiểm tra", "Cơ sở dữ liệu cập nhật")
UNITS = ("Phòng Kinh tế", "Công an xã", "Trạm Y tế xã", "Văn phòng HĐND và UBND", "Phòng Văn hóa - Xã hội")
TIMES = ("Quý II", "Trước ngày 20/5/2026", "Thường xuyên", "Trước ngày 18 hằng tháng", "Tháng 10/2026", "Hằng quý")
Cells = tuple[str, ...]


def rows_of(count: int) -> list[Cells]:
    """So many duties, each one unlike the others, the same at every run."""
    chance = random.Random(2026)  # noqa: S311
    rows: list[Cells] = []
    for at in range(1, count + 1):
        content = f"{chance.choice(ACTS)} {chance.choice(MATTERS)}; đợt {at} tại thôn số {chance.randint(1, 40)}"
        lead, helper = chance.sample(UNITS, 2)
        rows.append((str(at), content, f"{chance.choice(PRODUCTS)} số {at}", lead, helper, chance.choice(TIMES)))
    return rows


def write_docx(path: Path, rows: Iterable[Cells]) -> None:
    """A plan as an office prints it: head, one landscape table, its header repeated, a heading every 20 rows."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    for text in ("ỦY BAN NHÂN DÂN XÃ BẮC SƠN", "Số: 21/KH-UBND", "Bắc Sơn, ngày 12 tháng 01 năm 2026", "KẾ HOẠCH"):
        document.add_paragraph(text)
    document.add_paragraph("Công tác năm 2026 trên địa bàn xã Bắc Sơn")
    printed = list(_with_headings(rows))
    table = document.add_table(rows=1 + len(printed), cols=len(HEADER), style="Table Grid")
    table.autofit = False
    grid = [list(row.cells) for row in table.rows]
    for at, cells in enumerate((HEADER, *printed)):
        for cell, text, width in zip(grid[at], cells, WIDTHS_CM, strict=True):
            cell.text, cell.width = text, Cm(width)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    document.save(str(path))


def _with_headings(rows: Iterable[Cells]) -> Iterable[Cells]:
    for at, row in enumerate(rows):
        if at % 20 == 0:
            yield ("I" * (at // 20 % 3 + 1), f"Nhóm công việc thứ {at // 20 + 1}", "", "", "", "")
        yield row


def write_pdf(source: Path) -> Path | None:
    """The Word file printed by LibreOffice; None where that is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    profile = f"-env:UserInstallation=file://{source.parent}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return source.with_suffix(".pdf")


def squash(text: str) -> str:
    """Letters and figures alone, lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _ours(path: Path) -> Callable[[], list[str]]:
    from plans.reading import read_plan

    def read() -> list[str]:
        found = read_plan(path).obligations
        return [
            "".join((r.content, r.deliverable or "", *r.leads, *r.coordinators, r.deadline_text or "")) for r in found
        ]

    return read


def _markitdown(path: Path) -> Callable[[], list[str]]:
    from markitdown import MarkItDown

    return lambda: MarkItDown().convert(str(path)).text_content.split("\n")


def _pdfplumber(path: Path) -> Callable[[], list[str]]:
    import pdfplumber

    def read() -> list[str]:
        with pdfplumber.open(path) as pdf:
            tables = [table for page in pdf.pages for table in page.extract_tables()]
        return ["".join(cell or "" for cell in row) for table in tables for row in table]

    return read


READERS: dict[str, Callable[[Path], Callable[[], list[str]]]] = {
    "dondoc": _ours, "markitdown": _markitdown, "pdfplumber": _pdfplumber,
}  # fmt: skip


def measure(reader: str, path: Path, count: int) -> dict[str, float]:
    """Seconds after start, memory at its highest in MB, and how many of `count` rows came whole; in this process."""
    read = READERS[reader](path)
    start = time.perf_counter()
    lines = [squash(line) for line in read()]
    seconds = time.perf_counter() - start
    wanted = [[squash(cell) for cell in row[1:]] for row in rows_of(count)]
    whole = sum(any(all(cell in line for cell in row) for line in lines) for row in wanted)
    return {"seconds": seconds, "mb": peak(), "whole": whole}


def _in_its_own_process(reader: str, path: Path, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, reader, str(path), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    found: dict[str, float] = json.loads(done.stdout.strip().split("\n")[-1])
    return found


def _report(path: Path, count: int, goal: float) -> None:
    for reader in READERS:
        if reader == "pdfplumber" and path.suffix != ".pdf":
            continue
        if importlib.util.find_spec(reader) is None and reader != "dondoc":
            print(f"  {reader}: not installed (`make bench` installs it)")
            continue
        got = _in_its_own_process(reader, path, count)
        aim = f"(goal {goal:g} s, 300 MB)" if reader == "dondoc" else ""
        name = f"{count}-row plan{path.suffix} by {reader}"
        print(f"{name:<36} {got['seconds']:6.2f} s {got['mb']:6.0f} MB  rows whole {got['whole']:.0f}/{count} {aim}")


def bench_reading() -> None:
    """A commune's plan of 60 rows and a province's of 500, as Word and as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        for count, word_goal, pdf_goal in ((60, 1.0, 2.0), (500, 10.0, 10.0)):
            path = Path(folder) / f"plan{count}.docx"
            write_docx(path, rows_of(count))
            _report(path, count, word_goal)
            pdf = write_pdf(path)
            if pdf is None:
                print("  no LibreOffice here: the PDF is not measured")
            else:
                _report(pdf, count, pdf_goal)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
