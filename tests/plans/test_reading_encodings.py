"""Old and damaged encodings give the same plan as Unicode and are told; right Unicode text is never touched."""

from __future__ import annotations

import io
import unicodedata
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.reading import PlanFileError, Reading, read_bytes
from plans.reading.document import Cell, Document, Paragraph, Row, Table
from plans.reading.legacy import (
    Encoding,
    encoding_of_font,
    encoding_of_text,
    from_tcvn3,
    from_vni,
    read_once,
)
from plans.reading.sources.mending import mended
from plans.reading.syllables import is_syllable
from plans.reading.text import cleaned
from tests.plans import reading_samples as samples
from tests.plans.old_letters import LETTERS, SMALL, as_tcvn3, as_vni, as_windows_1258, read_twice

TEXT = samples.as_tabbed()
PROSE = "Trung tâm Phục vụ hành chính công chủ trì, phối hợp với các phòng chuyên môn tổ chức thực hiện."


def test_vietnamese_has_134_letters_beyond_ascii() -> None:
    assert len({letter for letter in LETTERS if not letter.isascii()}) == 134


@pytest.mark.parametrize("letter", SMALL)
def test_every_letter_of_tcvn3(letter: str) -> None:
    assert from_tcvn3(as_tcvn3(letter)) == letter
    assert from_tcvn3(as_tcvn3(letter.upper()), capitals=True) == letter.upper()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_vni_and_of_text_read_twice(letter: str) -> None:
    assert from_vni(as_vni(letter)) == letter
    assert read_once(read_twice(letter)) == letter


@given(st.text(alphabet=[*LETTERS, *"bcdghklmnpqrstvx 0123456789.,"], max_size=40))
@settings(max_examples=60, deadline=None)
def test_old_letters_come_back_in_any_company(text: str) -> None:
    assert from_tcvn3(as_tcvn3(text), capitals=True) == text.upper()
    assert read_once(read_twice(text)) == text


FONTS = {
    ".VnTime": Encoding.TCVN3,
    ".VnTimeH": Encoding.TCVN3_CAPITALS,
    ".VnArial NarrowH": Encoding.TCVN3_CAPITALS,
    ".vntime": Encoding.TCVN3,
    "VNI-Times": Encoding.VNI,
    "VNI-Helve": Encoding.VNI,
    "Times New Roman": Encoding.UNICODE,
    "": Encoding.UNICODE,
}


@pytest.mark.parametrize("name", FONTS)
def test_a_font_says_its_encoding(name: str) -> None:
    assert encoding_of_font(name) is FONTS[name]


def _facts(reading: Reading) -> list[object]:
    rows = [(one.ordinal, one.content, one.leads, one.coordinators, one.deadline_text) for one in reading.obligations]
    return [rows, [one.name for one in reading.targets], len(reading.standing), reading.plan.number]


BYTES: dict[str, tuple[bytes, str | None]] = {
    "UTF-8": (TEXT.encode(), None),
    "UTF-8 with its letters apart": (unicodedata.normalize("NFD", TEXT).encode(), None),
    "UTF-16 with a mark": (TEXT.encode("utf-16"), None),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), None),
    "UTF-16, large end first": (TEXT.encode("utf-16-be"), None),
    "Windows-1258": (as_windows_1258(TEXT), None),
    "TCVN3": (as_tcvn3(TEXT).encode("latin-1"), "TCVN3"),
    "TCVN3 saved as UTF-8": (as_tcvn3(TEXT).encode(), "TCVN3"),
    "VNI": (as_vni(TEXT).encode("latin-1"), "VNI"),
    "VNI saved as UTF-8": (as_vni(TEXT).encode(), "VNI"),
    "UTF-8 read as Windows-1252": (read_twice(TEXT).encode(), "UTF-8"),
    "read wrong twice": (read_twice(read_twice(TEXT)).encode(), "UTF-8"),
}


@pytest.mark.parametrize("case", BYTES)
def test_a_text_in_any_encoding_is_the_same_plan(case: str) -> None:
    data, told = BYTES[case]
    wanted, reading = read_bytes("a.txt", TEXT.encode()), read_bytes("a.txt", data)
    assert _facts(reading) == _facts(wanted)
    remarks = [one.message for one in reading.findings if one.code == "source_remark"]
    assert len(remarks) == (told is not None)
    assert (told or "") in "".join(remarks)


def test_capitals_of_tcvn3_text_are_capitals_again() -> None:
    assert from_tcvn3(as_tcvn3("ỦY BAN NHÂN DÂN XÃ\nvà Bà Đỗ, Ý kiến")) == "ỦY BAN NHÂN DÂN XÃ\nvà Bà Đỗ, ý kiến"


def test_a_page_of_the_web_in_an_old_encoding_is_read() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in
                   (samples.HEADER, *samples.table_rows()))  # fmt: skip
    page = f"<html><body>{''.join(f'<p>{one}</p>' for one in samples.FRONT)}<table>{rows}</table></body></html>"
    wanted = read_bytes("a.html", page.encode())
    assert len(wanted.obligations) == 4
    assert _facts(read_bytes("a.html", as_tcvn3(page).encode("latin-1"))) == _facts(wanted)
    named = as_tcvn3(page).encode("ascii", "xmlcharrefreplace")
    assert _facts(read_bytes("a.html", named)) == _facts(wanted)


def test_a_web_archive_is_read_as_its_page() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in
                   (samples.HEADER, *samples.table_rows()))  # fmt: skip
    page = MIMEText(f"<html><body><p>Kế hoạch năm 2026</p><table>{rows}</table></body></html>", "html", "utf-8")
    archive = MIMEMultipart("related")
    archive.attach(page)
    reading = read_bytes("ke-hoach.doc", archive.as_bytes())
    assert [one.content for one in reading.obligations] == [one.content for one in samples.duties()]


def test_a_workbook_in_tcvn3_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Kế hoạch của xã năm 2026",), samples.HEADER, *samples.table_rows()):
        sheet.append([as_tcvn3(text) for text in row])
    target = io.BytesIO()
    book.save(target)
    reading = read_bytes("a.xlsx", target.getvalue())
    assert [one.content for one in reading.obligations] == [one.content for one in samples.duties()]
    assert any("TCVN3" in one.message for one in reading.findings)


def _mended(*texts: str) -> list[str]:
    document = Document((*map(Paragraph, texts[1:]), Table((Row((Cell(cleaned(texts[0])),)),))))
    changed = mended(document)
    return [next(changed.tables()).rows[0].cells[0].text, *(one.text for one in changed.paragraphs())]


def test_only_the_old_parts_of_a_mixed_file_are_converted() -> None:
    assert _mended(as_tcvn3(PROSE), PROSE, PROSE, "và có là") == [PROSE, PROSE, PROSE, "và có là"]
    assert _mended(as_vni(PROSE), PROSE, PROSE, "hết") == [PROSE, PROSE, PROSE, "hết"]


RIGHT = {
    "short words in letters that Latin has too": "và có là bà về nhà",
    "names of other languages": "Café de la Paix, Düsseldorf, São Paulo, naïve, Ångström",
    "signs": "± 5 °C, § 3, © 2026, « trích », ½ phần, 20 m² ¹",
    "capitals": "ỦY BAN NHÂN DÂN XÃ ĐÔNG HÒA",
    "abbreviations": "UBND, HĐND, QĐ-TTg, NĐ-CP",
}


@pytest.mark.parametrize("case", RIGHT)
def test_right_text_stays_as_it_is(case: str) -> None:
    text = RIGHT[case]
    assert encoding_of_text(text) is Encoding.UNICODE
    assert mended(Document((Paragraph(text),))).blocks == (Paragraph(text),)


def test_soft_hyphens_and_odd_spaces_are_gone_from_unicode() -> None:
    odd = "Trước\u00a0ngày\u3000 20\u2009hằng\u200b tháng, thực hi\u00adện"
    assert cleaned(odd) == "Trước ngày 20 hằng tháng, thực hiện"
    assert mended(Document((Paragraph("Thanh tra\u00ad xe"),))).blocks == (Paragraph("Thanh tra xe"),)


def test_a_few_damaged_bytes_are_told_and_the_rest_is_read() -> None:
    data = TEXT.encode().replace("diễn tập".encode(), b"di\xe1\xbbn t\xe1p", 1)
    reading = read_bytes("a.txt", data)
    assert len(reading.obligations) == 4
    assert any("bị hỏng" in one.message for one in reading.findings)


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(PlanFileError, match="bảng mã không đọc được"):
        read_bytes("a.txt", bytes(range(128, 256)) * 40)


SYLLABLES = {"nghiêng": True, "Quý": True, "ĐẨY": True, "khuỷu": True, "gì": True, "quyết": True, "giữ": True,
             "hoàng": True, "ưu": True, "rượu": True, "Keá": False, "kÕ": False, "hàt": False, "áà": False,
             "bộ¹": False, "thệch": True}  # fmt: skip


@pytest.mark.parametrize("word", SYLLABLES)
def test_what_can_be_a_syllable(word: str) -> None:
    assert is_syllable(word) is SYLLABLES[word]
