"""The .docx: the form of Nghị định 30/2020, the order of its parts, the names in it, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from db.models import Base, TargetUnit
from deadlines import periods
from reports.document import write_report
from reports.findings import find_all
from reports.issuer import SIGNINGS, Signing, issuer_lines, usual_signing
from reports.ledger import Ledger, build_ledger
from reports.sections.targets import planned_text
from tests.reports.report_builders import (
    CENTRE,
    CULTURE,
    ECONOMY,
    NOW,
    OFFICE,
    POLICE,
    TestOffice,
    World,
    fill_sample,
    make_world,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Q1 = periods.quarter(2026, 1)


def ledger_of(world: World) -> Ledger:
    """The ledger of the first quarter as the database has it."""
    world.session.flush()
    world.session.expire_all()
    return build_ledger(world.session, world.plan, Q1, NOW)


def write(world: World, office: TestOffice | None = None, signing: Signing | None = None) -> bytes:
    """The report of the first quarter."""
    ledger, office = ledger_of(world), office or TestOffice()
    return write_report(ledger, find_all(ledger), office, signing or usual_signing(office), "Lê Thị Tổng Hợp")


@pytest.fixture(scope="module")
def report() -> Iterator[bytes]:
    """The sample's report, written once for all tests that only read it."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        sample = make_world(session)
        fill_sample(sample)
        yield write(sample)
    engine.dispose()


def part(data: bytes, name: str) -> Any:
    """The root of a part of the package."""
    with ZipFile(BytesIO(data)) as archive:
        return parse_xml(archive.read(name))


def paragraphs(data: bytes) -> list[str]:
    """The text of every paragraph in the order of the page, table cells too."""
    body = part(data, "word/document.xml")
    found = ("".join(text.text or "" for text in each.iter(f"{W}t")) for each in body.iter(f"{W}p"))
    return [text for text in found if text]


def whole(data: bytes) -> str:
    """All text."""
    return "\n".join(paragraphs(data))


def run_with(data: bytes, text: str) -> Any:
    """The first run that holds a text."""
    body = part(data, "word/document.xml")
    return next(run for run in body.iter(f"{W}r") if text in "".join(t.text or "" for t in run.iter(f"{W}t")))


def size_of(run: Any) -> tuple[float, float]:
    """Size for Latin and for complex scripts, in points."""
    sizes = [run.find(f"{W}rPr/{W}{name}").get(f"{W}val") for name in ("sz", "szCs")]
    return int(sizes[0]) / 2, int(sizes[1]) / 2


def has(run: Any, flag: str) -> bool:
    """Whether a run is bold ("b") or italic ("i")."""
    return run.find(f"{W}rPr/{W}{flag}") is not None


def test_page_is_a4_with_the_margins_of_the_decree(report: bytes) -> None:
    section = part(report, "word/document.xml").find(f"{W}body/{W}sectPr")
    page, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert (int(page.get(f"{W}w")), int(page.get(f"{W}h"))) == (11906, 16838)
    bounds = {"top": (1134, 1417), "bottom": (1134, 1417), "left": (1701, 1984), "right": (850, 1134)}
    for side, (least, most) in bounds.items():
        assert least <= int(margins.get(f"{W}{side}")) <= most, side
    assert page.get(f"{W}orient") in (None, "portrait")


@pytest.mark.parametrize("name", ["word/document.xml", "word/header1.xml"])
def test_every_run_is_times_new_roman_for_every_script(report: bytes, name: str) -> None:
    runs = list(part(report, name).iter(f"{W}r"))
    assert runs
    for run in runs:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
        assert not any("Theme" in key for key in fonts.attrib)
        assert size_of(run)[0] == size_of(run)[1]


STYLES = {
    "state": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, True, False),
    "motto": ("Độc lập - Tự do - Hạnh phúc", 14, True, False),
    "issuer": ("ỦY BAN NHÂN DÂN", 13, True, False),
    "number": ("Số:", 13, False, False),
    "place_and_date": ("Sông Trong, ngày", 14, False, True),
    "type": ("BÁO CÁO", 14, True, False),
    "subject": ("Kết quả quý I năm 2026 thực hiện", 14, True, False),
    "addressee": ("Kính gửi: ", 14, False, False),
    "receivers": ("Nơi nhận:", 12, True, True),
    "receiver": ("- Như trên;", 11, False, False),
    "authority": ("TM. ỦY BAN NHÂN DÂN", 14, True, False),
}


@pytest.mark.parametrize("name", STYLES)
def test_sizes_and_styles_of_the_blocks(report: bytes, name: str) -> None:
    text, size, bold, italic = STYLES[name]
    run = run_with(report, text)
    assert (size_of(run)[0], has(run, "b"), has(run, "i")) == (size, bold, italic)


ORDER = [
    "ỦY BAN NHÂN DÂN", "XÃ SÔNG TRONG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:",
    "Sông Trong, ngày", "BÁO CÁO", "Kết quả quý I năm 2026", "Kính gửi: Ủy ban nhân dân tỉnh Đồi Xanh.",
    "Thực hiện Kế hoạch số 07/KH-UBND ngày 08 tháng 01 năm 2026", "I. KẾT QUẢ THỰC HIỆN",
    "(Số liệu từ ngày 15/12/2025 đến ngày 14/03/2026", "1. Tình hình chung", "II. ĐÁNH GIÁ CHUNG",
    "III. NHIỆM VỤ TRỌNG TÂM KỲ TỚI", "IV. KIẾN NGHỊ, ĐỀ XUẤT", "Trên đây là báo cáo", "Nơi nhận:", "- Như trên;",
    "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH",
]  # fmt: skip


def test_the_parts_stand_in_the_order_of_the_model(report: bytes) -> None:
    texts = paragraphs(report)
    places: list[int] = []
    for wanted in ORDER:
        start = places[-1] + 1 if places else 0
        places.append(next(place for place in range(start, len(texts)) if texts[place].startswith(wanted)))
    assert places == sorted(places)
    assert texts[places[ORDER.index("Trên đây là báo cáo")]].endswith("kính báo cáo./.")
    assert sum(text.endswith("./.") for text in texts) == 1


def test_number_and_day_are_left_to_the_clerk(report: bytes) -> None:
    number = next(text for text in paragraphs(report) if text.startswith("Số:"))
    assert re.fullmatch(r"Số:\s+/BC-UBND", number)
    dated = next(text for text in paragraphs(report) if text.startswith("Sông Trong, ngày"))
    assert re.fullmatch(r"Sông Trong, ngày\s+tháng 3 năm 2026", dated)


def test_page_number_is_centred_above_and_not_on_the_first_page(report: bytes) -> None:
    section = part(report, "word/document.xml").find(f"{W}body/{W}sectPr")
    assert section.find(f"{W}titlePg") is not None
    references = [each.get(f"{W}type") for each in section.iter(f"{W}headerReference")]
    assert references == ["default"]
    header = part(report, "word/header1.xml")
    assert [each.text.strip() for each in header.iter(f"{W}instrText")] == ["PAGE"]
    assert header.find(f"{W}p/{W}pPr/{W}jc").get(f"{W}val") == "center"


def test_rules_are_drawn_and_the_one_under_the_motto_is_as_long_as_the_motto(report: bytes) -> None:
    body = part(report, "word/document.xml")
    ruled = [each for each in body.iter(f"{W}p") if each.find(f"{W}pPr/{W}pBdr/{W}top") is not None]
    assert len(ruled) == 3  # under the issuer, the motto, the subject
    indents = ruled[1].find(f"{W}pPr/{W}ind")
    length = 5860 - int(indents.get(qn("w:left"))) - int(indents.get(qn("w:right")))
    assert length / 20 == pytest.approx(162.2, abs=1)  # the motto at 14 points, bold
    assert not re.search(r"^[-_]{3,}", whole(report), re.MULTILINE)


def test_head_and_foot_have_no_lines_and_tables_repeat_their_head(report: bytes) -> None:
    tables = list(part(report, "word/document.xml").iter(f"{W}tbl"))
    styles = [(each.find(f"{W}tblPr/{W}tblStyle")) for each in tables]
    lined = [style is not None and style.get(f"{W}val") == "TableGrid" for style in styles]
    assert [lined[0], lined[1], lined[-1]] == [False, False, False]
    assert sum(lined) == 4
    for table, has_lines in zip(tables, lined, strict=True):
        rows = list(table.iter(f"{W}tr"))
        assert (rows[0].find(f"{W}trPr/{W}tblHeader") is not None) == has_lines
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert sum(int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")) == 9354


def test_missing_and_late_units_stand_by_name(report: bytes) -> None:
    texts = paragraphs(report)
    start = texts.index("6. Đơn vị chưa báo cáo, báo cáo chậm")
    section = texts[start : texts.index("II. ĐÁNH GIÁ CHUNG")]
    late = next(place for place, text in enumerate(section) if text.startswith("b) Báo cáo chậm"))
    carried = next(place for place, text in enumerate(section) if text.startswith("c) Quá hạn từ các kỳ trước"))
    assert [text.split(":")[0] for text in section[2:late]] == [f"- {OFFICE}", f"- {POLICE}"]
    assert [text.split(":")[0] for text in section[late + 1 : carried]] == [f"- {ECONOMY}", f"- {CULTURE}"]
    assert [text.split(":")[0] for text in section[carried + 1 :]] == [f"- {POLICE}"]
    assert not any(CENTRE in text for text in section)


def test_texts_stand_under_their_duty_with_their_unit(report: bytes) -> None:
    text = whole(report)
    assert f"- {CULTURE} (Quý I/2026; nộp ngày 20/03/2026): không phát sinh." in text
    assert f"- {ECONOMY} (Quý I/2026; nộp ngày 16/03/2026, chờ xem xét): Đã làm xong." in text
    assert "Hồ sơ đúng hạn 1.176/1.200 hồ sơ, đạt 98,0%." in text
    assert "với lý do: Giảng viên của Sở chưa xếp được lịch." in text


def test_a_target_without_a_figure_names_who_answers_for_it(world: World) -> None:
    target = world.target("Tỷ lệ hài lòng", 95)
    target.responsible = [TargetUnit(printed_name=CULTURE), TargetUnit(printed_name=POLICE, role="coordinator")]
    world.occurrence(world.obligation("Báo cáo quý"), OFFICE)
    texts = paragraphs(write(world))
    row = texts[texts.index("Tỷ lệ hài lòng") :][:5]
    assert row == ["Tỷ lệ hài lòng", "≥ 95%", "-", CULTURE, "Chưa có số liệu"]


def test_duties_without_a_date_are_not_forgotten(report: bytes) -> None:
    assert "Xử lý phản ánh, kiến nghị của người dân" in paragraphs(report)
    assert "Chưa xác định ngày: 1 nhiệm vụ" in whole(report)


def test_no_figure_is_invented(world: World) -> None:
    world.target("Tỷ lệ hài lòng", 95)
    world.occurrence(world.obligation("Báo cáo quý"), OFFICE)
    text = whole(write(world))
    assert set(re.findall(r"[\d.,]*\d%", text)) == {"95%", "0%", "100%"}  # the target; received; not received
    assert "Chưa có số liệu" in text
    assert "Chưa có đơn vị nào nộp kết quả trong kỳ." in text
    assert "Đơn vị nộp đủ và đúng hạn" not in text
    assert "Chỉ tiêu đạt" not in text


def test_what_the_data_cannot_say_is_a_marked_prompt(report: bytes) -> None:
    body = part(report, "word/document.xml")
    marked = [run for run in body.iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None]
    prompts = ["".join(text.text or "" for text in run.iter(f"{W}t")) for run in marked]
    assert all(text.startswith("[") and text.endswith("]") for text in prompts)
    assert "[Nêu nguyên nhân khách quan, chủ quan]" in prompts
    assert any("170% lớn hơn 100%" in text and "bài nộp số" in text for text in prompts)
    bracketed = re.findall(r"\[[^\]]+\]", whole(report))
    assert bracketed == prompts


def test_an_impossible_or_disputed_figure_is_not_praised(report: bytes) -> None:
    assert "Chỉ tiêu đạt mức giao cả năm" not in whole(report)


def test_returned_texts_do_not_speak(world: World) -> None:
    returned = world.occurrence(world.obligation("Báo cáo quý"), OFFICE)
    world.submit(returned, text="Bản sai đã bị trả lại", state="returned")
    assert "Bản sai" not in whole(write(world))


HOSTILE = {
    "control_characters": "a\x00b\x08c\x0bd\x1fe\ufffef",
    "lone_surrogate": "x" + chr(0xD800) + "y",
    "markup": "<w:p>&amp;</w:p> ]]> <!--",
    "very_long_word": "w" * 50_000,
    "many_lines": "dòng\n" * 500,
    "right_to_left": "\u202eabc\u200f",
    "emoji": "👍" * 50,
    "only_spaces": " \u00a0\t\n ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_does_not_break_the_document(world: World, name: str) -> None:
    hostile = HOSTILE[name]
    storable = hostile.encode("utf-8", "ignore").decode().replace("\x00", "")
    duty = world.obligation("Nhiệm vụ " + storable[:5000])
    world.submit(world.occurrence(duty, OFFICE), text=storable, files=[storable[:60]])
    world.submit(world.occurrence(duty, f"Đơn vị {storable[:40]}"), text="")
    world.plan.title = f"Kế hoạch {storable[:300]}"
    world.session.flush()
    data = write(world, TestOffice(place=hostile[:30], superior=hostile[:30]))
    opened = docx.Document(BytesIO(data))
    assert opened.tables
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", whole(data))


def test_a_row_longer_than_a_page_may_break(world: World) -> None:
    world.occurrence(world.obligation("dài " * 2000), OFFICE)
    every_row = part(write(world), "word/document.xml").iter(f"{W}tr")
    rows = [row for row in every_row if "dài dài" in "".join(row.itertext())]
    assert rows
    assert all(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows)


@pytest.mark.parametrize("choice", SIGNINGS)
def test_signature_blocks(sample: World, choice: str) -> None:
    text = paragraphs(write(sample, signing=Signing(SIGNINGS[choice], "Trần Thị Ký", ("Như trên", "Lưu: VT, VP"))))
    assert text[-len(SIGNINGS[choice]) - 1 :] == [*SIGNINGS[choice], "Trần Thị Ký"]
    assert "- Lưu: VT, VP." in text


OFFICES = {
    "commune": (TestOffice(), ([], ["ỦY BAN NHÂN DÂN", "XÃ SÔNG TRONG"])),
    "old_spelling": (TestOffice(name="Uỷ ban nhân dân phường Mới"), ([], ["ỦY BAN NHÂN DÂN", "PHƯỜNG MỚI"])),
    "short_form": (TestOffice(name="UBND đặc khu Đảo"), ([], ["ỦY BAN NHÂN DÂN", "ĐẶC KHU ĐẢO"])),
    "division": (
        TestOffice(name="Phòng Kinh tế", superior="UBND xã Sông Trong"),
        (["UBND XÃ SÔNG TRONG"], ["PHÒNG KINH TẾ"]),
    ),
}


@pytest.mark.parametrize("name", OFFICES)
def test_issuing_organ(name: str) -> None:
    office, lines = OFFICES[name]
    assert issuer_lines(office) == lines
    assert usual_signing(office).lines[0].startswith("TM." if not lines[0] else "THỦ TRƯỞNG")


def test_an_office_without_a_superior_gets_a_prompt_not_a_guess(sample: World) -> None:
    assert "Kính gửi: [tên cơ quan nhận báo cáo]." in paragraphs(write(sample, TestOffice(superior=None)))


def test_sectors_with_their_own_window_are_told(sample: World) -> None:
    sample.plan.obligations[0].regime = "calendar"
    text = next(each for each in paragraphs(write(sample)) if each.startswith("(Số liệu"))
    assert "15/12/2025" in text
    assert "01/01/2026" in text


def test_a_target_that_is_no_number_is_printed_as_written(world: World) -> None:
    target = world.target("Cắt giảm", None, text="30% thủ tục;\n ít nhất 30% chi phí")
    assert planned_text(target) == "30% thủ tục; ít nhất 30% chi phí"
