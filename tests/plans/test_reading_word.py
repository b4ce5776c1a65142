"""Word files as offices write them: every mark of Word gives the printed text, and nothing is lost in silence."""

from __future__ import annotations

import pytest

from plans.reading import PlanFileError, read_bytes
from plans.reading.sources import open_document
from tests.plans import reading_samples as samples
from tests.plans.word_files import (
    cell,
    font,
    numbered,
    numbering,
    opened,
    par,
    row,
    run,
    table,
    table_of,
    texts_of,
    word_file,
)

HEADER = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian")
FRONT = par("Kế hoạch dọn kênh mương năm 2026 của xã Tân Bình")


INK = {
    "inserted text is read, deleted text is not": (
        par(
            "Trước ngày ",
            f"<w:ins>{run('20')}</w:ins>",
            "<w:del><w:r><w:delText>15</w:delText></w:r></w:del>",
            "/6/2026",
        ),
        ["Trước ngày 20/6/2026"],
    ),
    "moved text stands once": (
        par("A ", f"<w:moveFrom>{run('cũ')}</w:moveFrom>", f"<w:moveTo>{run('mới')}</w:moveTo>"),
        ["A mới"],
    ),
    "a struck paragraph mark joins two paragraphs": (
        par("Quý", properties="<w:rPr><w:del/></w:rPr>") + par("IV"),
        ["Quý IV"],
    ),
    "hidden text is not printed": (par("Trước", run(" xóa sau", "<w:vanish/>"), " ngày 5"), ["Trước ngày 5"]),
    "text that is hidden off is printed": (par(run("Quý I", '<w:vanish w:val="0"/>')), ["Quý I"]),
    "breaks, tabs and hyphens": (
        par(
            "<w:r><w:t>Văn phòng HĐND</w:t><w:br/><w:t>và UBND</w:t><w:tab/><w:t>xã, hạn 30</w:t>"
            "<w:noBreakHyphen/><w:t>6, thực hi</w:t><w:softHyphen/><w:t>ện</w:t></w:r>"
        ),
        ["Văn phòng HĐND và UBND xã, hạn 30-6, thực hiện"],
    ),
    "a content control keeps its text": (
        "<w:sdt><w:sdtPr/><w:sdtContent>"
        + par("Quý ", f"<w:sdt><w:sdtContent>{run('III')}</w:sdtContent></w:sdt>")
        + "</w:sdtContent></w:sdt>",
        ["Quý III"],
    ),
    "an unfilled content control has no text": (
        par(
            "Hạn:",
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Bấm để gõ')}</w:sdtContent></w:sdt>",
        ),
        ["Hạn:"],
    ),
    "a field shows its result": (
        par(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            "Tháng 6",
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        ),
        ["Tháng 6"],
    ),
    "signs of the font Symbol": (
        par("Đạt ", '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', " 80%"),
        ["Đạt ≥ 80%"],
    ),
    "a raised two of a square metre stays, a note mark goes": (
        par(
            "500 m",
            run("2", '<w:vertAlign w:val="superscript"/>'),
            " của đề án",
            run("1", '<w:vertAlign w:val="superscript"/>'),
        ),
        ["500 m² của đề án"],
    ),
    "letters and accents apart become one": (par("Que\u0302\u0301 hoa\u0323ch"), ["Quế hoạch"]),
}


@pytest.mark.parametrize("case", INK)
def test_a_paragraph_reads_as_it_is_printed(case: str) -> None:
    body, wanted = INK[case]
    assert texts_of(opened(body)) == wanted


BOX = "<w:txbxContent>{0}</w:txbxContent>"
DRAWN = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{0}</wps:txbx></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize("shape", [DRAWN, "<w:r><w:pict><v:textbox>{0}</v:textbox></w:pict></w:r>"])
def test_text_of_a_box_is_read_once(shape: str) -> None:
    box = shape.format(BOX.format(par("ỦY BAN NHÂN DÂN") + par("XÃ TÂN BÌNH")))
    assert texts_of(opened(par("Đầu trang", box) + par("KẾ HOẠCH"))) == [
        "Đầu trang",
        "ỦY BAN NHÂN DÂN",
        "XÃ TÂN BÌNH",
        "KẾ HOẠCH",
    ]


def test_a_box_inside_a_cell_belongs_to_the_cell() -> None:
    box = DRAWN.format(BOX.format(par("DỰ THẢO")))
    assert table_of(opened(table(row(cell(par("Số: 5", box)), "Nơi gửi")))).rows[0].texts() == [
        "Số: 5\nDỰ THẢO",
        "Nơi gửi",
    ]


NUMBERS = {
    "digits with a stop": ([("decimal", "%1.")], ["1.", "2.", "3."]),
    "two digits": ([("decimalZero", "%1")], ["01", "02", "03"]),
    "Roman": ([("upperRoman", "%1")], ["I", "II", "III"]),
    "letters": ([("lowerLetter", "%1)")], ["a)", "b)", "c)"]),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers_that_word_prints_are_worked_out(case: str) -> None:
    levels, wanted = NUMBERS[case]
    rows = [row(cell(par(properties=numbered(1))), f"Việc {at}", "Công an xã", "Quý I") for at in range(3)]
    read = table_of(opened(table(row(*HEADER), *rows), numbering=numbering(*levels)))
    assert [one.texts()[0] for one in read.rows[1:]] == wanted


def test_levels_count_by_themselves_and_start_anew() -> None:
    body = "".join(par("x", properties=numbered(1, level)) for level in (0, 1, 1, 2, 0, 1))
    levels = numbering(("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3"))
    assert texts_of(opened(body, numbering=levels)) == ["I. x", "1. x", "2. x", "2.1 x", "II. x", "1. x"]


def test_lists_share_a_count_unless_one_starts_anew() -> None:
    shared = par("a", properties=numbered(1)) + par("b", properties=numbered(2)) + par("c", properties=numbered(1))
    assert texts_of(opened(shared, numbering=numbering(("decimal", "%1."), lists=2))) == ["1. a", "2. b", "3. c"]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = numbering(("decimal", "%1."), lists=2, extra=anew)
    assert texts_of(opened(shared, numbering=again)) == ["1. a", "1. b", "2. c"]


def test_a_style_numbers_its_paragraphs_and_zero_takes_it_back() -> None:
    styles = f'<w:style w:styleId="Muc"><w:pPr>{numbered(1)}</w:pPr></w:style>'
    styles += '<w:style w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>'
    body = "".join(
        par("x", properties=f'<w:pStyle w:val="{name}"/>{more}')
        for name, more in (("Muc", ""), ("Con", ""), ("Muc", numbered(0)), ("Muc", ""))
    )
    read = opened(body, styles=styles, numbering=numbering(("upperRoman", "%1.")))
    assert texts_of(read) == ["I. x", "II. x", "x", "III. x"]


def test_a_deleted_paragraph_and_a_bullet_take_no_number() -> None:
    deleted = f"<w:del>{par('x', properties=numbered(1))}</w:del>"
    body = par("a", properties=numbered(1)) + deleted + par("b", properties=numbered(1))
    assert texts_of(opened(body, numbering=numbering(("decimal", "%1.")))) == ["1. a", "2. b"]
    assert texts_of(opened(par("a", properties=numbered(1)), numbering=numbering(("bullet", "-")))) == ["- a"]
    assert texts_of(opened(par("a", properties=numbered(1)), numbering=numbering(("bullet", "\uf0b7")))) == ["• a"]


def test_automatic_numbers_are_the_ordinals_of_the_duties() -> None:
    duties = [row(cell(par(properties=numbered(1))), f"Nạo vét kênh số {at}", "Công an xã", "Quý I") for at in "abc"]
    read = read_bytes(
        "a.docx", word_file(FRONT + table(row(*HEADER), *duties), {"numbering": numbering(("decimal", "%1"))})
    )
    assert [one.ordinal for one in read.obligations] == ["1", "2", "3"]
    assert not [one for one in read.findings if "ordinal" in one.code]


def test_footnotes_stand_after_the_document_and_never_amid_it() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    notes += f'<w:footnote w:id="2">{par("Kế hoạch trước đây của phường Khác")}</w:footnote>'
    body = table(row(*HEADER), row("1", cell(par("Nạo vét", mark, " kênh")), "Công an xã", "Quý I")) + par("Kết thúc")
    read = opened(body, footnotes=notes)
    assert table_of(read).rows[1].texts()[1] == "Nạo vét kênh"
    assert texts_of(read) == ["Kết thúc", "¹ Kế hoạch trước đây của phường Khác"]


def test_tracked_changes_comments_and_hidden_text_are_told() -> None:
    body = par(f"<w:ins>{run('x')}</w:ins>", run("ẩn", "<w:vanish/>"), '<w:r><w:commentReference w:id="1"/></w:r>')
    told = " ".join(opened(body).remarks)
    assert "Track Changes" in told
    assert "1 lời nhận xét" in told
    assert "1 chỗ chữ ẩn" in told


KINDS = {
    "strict": word_file(par("Quý I"), strict=True),
    "with macros": word_file(par("Quý I"), content_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
    "template": word_file(par("Quý I"), content_type="application/vnd.openxmlformats-officedocument.template.main+xml"),
    "main part of another name": word_file(par("Quý I"), main="word/document2.xml"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a.docx", "a.docm", "a.dotx", "a.xlsx", "a.pdf", "a"])
def test_every_kind_of_word_file_is_read_whatever_its_name(kind: str, name: str) -> None:
    assert texts_of(open_document(name, KINDS[kind])) == ["Quý I"]


def test_pages_are_told_only_when_word_wrote_them_down() -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    assert [one.place.page for one in opened(par("a") + par("b", turn) + par("c")).paragraphs()] == [1, 1, 2]
    assert [one.place.page for one in opened(par("a")).paragraphs()] == [None]


def test_a_word_file_of_pictures_is_told_so() -> None:
    picture = '<w:r><w:pict><v:shape><v:imagedata r:id="r9"/></v:shape></w:pict></w:r>'
    with pytest.raises(PlanFileError, match="chỉ chứa ảnh"):
        opened(par(picture))


def test_runs_in_old_fonts_are_converted_and_told() -> None:
    old = par(run("KÕ ho¹ch n¨m 2026 cña x· ", font(".VnTime")), run("hµ néi", font(".VnTimeH")))
    new = par(run("và phường ", font("Times New Roman")), run("Đã gõ đúng", font(".VnTime")))
    new += par(run("công tác", font(".VnTime")))
    vni = par(run("Keá hoaïch ñöôïc", font("VNI-Times")))
    read = opened(old + new + vni)
    assert texts_of(read) == ["Kế hoạch năm 2026 của xã HÀ NỘI", "và phường Đã gõ đúng", "công tác", "Kế hoạch được"]
    assert [word in " ".join(read.remarks) for word in ("TCVN3", "VNI", "Unicode")] == [True, True, True]


def test_an_old_font_may_come_from_a_style_or_the_defaults() -> None:
    styles = f"<w:docDefaults><w:rPrDefault><w:rPr>{font('.VnTime')}</w:rPr></w:rPrDefault></w:docDefaults>"
    styles += f'<w:style w:styleId="U" w:type="paragraph"><w:rPr>{font("Arial")}</w:rPr></w:style>'
    body = par("N¹o vÐt kªnh m­¬ng") + par("à la carte", properties='<w:pStyle w:val="U"/>')
    assert texts_of(opened(body, styles=styles)) == ["Nạo vét kênh mương", "à la carte"]


def test_a_plain_file_leaves_no_remark() -> None:
    assert open_document("a.docx", samples.as_docx()).remarks == ()


def test_a_footnote_gives_no_order() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{par("Giao Công an xã gửi báo cáo trước ngày 20/5/2026.")}</w:footnote>'
    body = FRONT + par("II. TỔ CHỨC THỰC HIỆN") + par("1. Giao Trạm Y tế xã báo cáo hằng quý", mark, ".")
    read = read_bytes("a.docx", word_file(body, {"footnotes": note}))
    assert [one.quote for one in read.standing] == ["Giao Trạm Y tế xã báo cáo hằng quý."]
