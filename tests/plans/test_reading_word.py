"""Word files as offices write them: every mark of Word gives the printed text, and nothing is lost in silence."""

from __future__ import annotations

import pytest

from plans.reading import PlanFileError, read_bytes
from plans.reading.document import Cover, Document, Table
from plans.reading.sources import open_document
from tests.plans import reading_samples as samples
from tests.plans.word_files import cell, font, numbered, numbering, par, row, run, table, word_file

HEADER = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian")
SPAN3, DOWN, BELOW = '<w:gridSpan w:val="3"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
PAGE_BREAK = '<w:r><w:br w:type="page"/></w:r>'
FRONT = par("Kế hoạch dọn kênh mương năm 2026 của xã Tân Bình")


def _opened(body: str, **parts: str) -> Document:
    return open_document("a.docx", word_file(body, parts))


def _texts(document: Document) -> list[str]:
    return [one.text for one in document.paragraphs()]


def _table(document: Document) -> Table:
    return next(document.tables())


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
    assert _texts(_opened(body)) == wanted


BOX = "<w:txbxContent>{0}</w:txbxContent>"
DRAWN = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{0}</wps:txbx></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize("shape", [DRAWN, "<w:r><w:pict><v:textbox>{0}</v:textbox></w:pict></w:r>"])
def test_text_of_a_box_is_read_once(shape: str) -> None:
    box = shape.format(BOX.format(par("ỦY BAN NHÂN DÂN") + par("XÃ TÂN BÌNH")))
    assert _texts(_opened(par("Đầu trang", box) + par("KẾ HOẠCH"))) == [
        "Đầu trang",
        "ỦY BAN NHÂN DÂN",
        "XÃ TÂN BÌNH",
        "KẾ HOẠCH",
    ]


def test_a_box_inside_a_cell_belongs_to_the_cell() -> None:
    box = DRAWN.format(BOX.format(par("DỰ THẢO")))
    assert _table(_opened(table(row(cell(par("Số: 5", box)), "Nơi gửi")))).rows[0].texts() == [
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
    read = _table(_opened(table(row(*HEADER), *rows), numbering=numbering(*levels)))
    assert [one.texts()[0] for one in read.rows[1:]] == wanted


def test_levels_count_by_themselves_and_start_anew() -> None:
    body = "".join(par("x", properties=numbered(1, level)) for level in (0, 1, 1, 2, 0, 1))
    levels = numbering(("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3"))
    assert _texts(_opened(body, numbering=levels)) == ["I. x", "1. x", "2. x", "2.1 x", "II. x", "1. x"]


def test_lists_share_a_count_unless_one_starts_anew() -> None:
    shared = par("a", properties=numbered(1)) + par("b", properties=numbered(2)) + par("c", properties=numbered(1))
    assert _texts(_opened(shared, numbering=numbering(("decimal", "%1."), lists=2))) == ["1. a", "2. b", "3. c"]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    again = numbering(("decimal", "%1."), lists=2, extra=anew)
    assert _texts(_opened(shared, numbering=again)) == ["1. a", "1. b", "2. c"]


def test_a_style_numbers_its_paragraphs_and_zero_takes_it_back() -> None:
    styles = f'<w:style w:styleId="Muc"><w:pPr>{numbered(1)}</w:pPr></w:style>'
    styles += '<w:style w:styleId="Con"><w:basedOn w:val="Muc"/></w:style>'
    body = "".join(
        par("x", properties=f'<w:pStyle w:val="{name}"/>{more}')
        for name, more in (("Muc", ""), ("Con", ""), ("Muc", numbered(0)), ("Muc", ""))
    )
    opened = _opened(body, styles=styles, numbering=numbering(("upperRoman", "%1.")))
    assert _texts(opened) == ["I. x", "II. x", "x", "III. x"]


def test_a_deleted_paragraph_and_a_bullet_take_no_number() -> None:
    deleted = f"<w:del>{par('x', properties=numbered(1))}</w:del>"
    body = par("a", properties=numbered(1)) + deleted + par("b", properties=numbered(1))
    assert _texts(_opened(body, numbering=numbering(("decimal", "%1.")))) == ["1. a", "2. b"]
    assert _texts(_opened(par("a", properties=numbered(1)), numbering=numbering(("bullet", "-")))) == ["- a"]
    assert _texts(_opened(par("a", properties=numbered(1)), numbering=numbering(("bullet", "\uf0b7")))) == ["• a"]


def test_automatic_numbers_are_the_ordinals_of_the_duties() -> None:
    duties = [row(cell(par(properties=numbered(1))), f"Nạo vét kênh số {at}", "Công an xã", "Quý I") for at in "abc"]
    read = read_bytes(
        "a.docx", word_file(FRONT + table(row(*HEADER), *duties), {"numbering": numbering(("decimal", "%1"))})
    )
    assert [one.ordinal for one in read.obligations] == ["1", "2", "3"]
    assert not [one for one in read.findings if "ordinal" in one.code]


def test_merges_across_and_down_keep_their_places() -> None:
    read = _table(
        _opened(
            table(
                row(*HEADER),
                row("I", cell("Thủy lợi", properties=SPAN3)),
                row("1", "Nạo vét", cell("Phòng Kinh tế", properties=DOWN), "Quý I"),
                row("2", "Kiên cố", cell(properties=BELOW), "Quý II"),
                row("3", "Kiểm tra", cell(properties=BELOW), "Quý III"),
                row("Cộng", "3 việc", properties='<w:gridBefore w:val="2"/>'),
            )
        )
    )
    assert {len(one.cells) for one in read.rows} == {4}
    assert read.rows[1].cells[1].col_span == 3
    assert [one.cells[2].cover for one in read.rows[1:5]] == [Cover.LEFT, Cover.NONE, Cover.ABOVE, Cover.ABOVE]
    assert read.rows[2].cells[2].row_span == 3
    assert read.rows[5].texts() == ["", "", "Cộng", "3 việc"]


def test_a_lead_merged_over_many_rows_leads_every_one() -> None:
    rows = [row("1", "Nạo vét kênh chính", cell("Phòng Kinh tế", properties=DOWN), "Quý I")]
    rows += [row(str(at), f"Kiểm tra cống số {at}", cell(properties=BELOW), "Quý II") for at in range(2, 9)]
    read = read_bytes("a.docx", word_file(FRONT + table(row(*HEADER), *rows)))
    assert [one.leads for one in read.obligations] == [("Phòng Kinh tế",)] * 8


def test_a_deleted_row_is_gone_and_an_inserted_one_is_there() -> None:
    rows = [row("1", "cũ", properties="<w:del/>"), row("1", "mới", properties="<w:ins/>")]
    assert [one.texts() for one in _table(_opened(table(*rows))).rows] == [["1", "mới"]]


def test_a_small_table_inside_a_cell_is_text_of_the_cell() -> None:
    inside = table(row("UBND XÃ", "TÂN BÌNH"), row("Số: 12", "/KH-UBND"))
    read = _opened(table(row(cell("Trên", inside, "Dưới"), "Bên phải")))
    assert _table(read).rows[0].texts() == ["Trên\nUBND XÃ TÂN BÌNH\nSố: 12 /KH-UBND\nDưới", "Bên phải"]
    assert len(list(read.tables())) == 1


def test_a_table_of_duties_inside_a_frame_stays_a_table() -> None:
    duties = table(row(*HEADER), row("1", "Nạo vét kênh", "Công an xã", "Quý I"))
    one_column = _opened(table(row(cell("Trước bảng", duties, "Sau bảng"))))
    assert [type(block).__name__ for block in one_column.blocks] == ["Paragraph", "Table", "Paragraph"]
    two_columns = _opened(table(row(cell("Trước", duties), "bên cạnh")))
    assert [block.width for block in two_columns.tables()] == [2, 4]


def test_footnotes_stand_after_the_document_and_never_amid_it() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    notes += f'<w:footnote w:id="2">{par("Kế hoạch trước đây của phường Khác")}</w:footnote>'
    body = table(row(*HEADER), row("1", cell(par("Nạo vét", mark, " kênh")), "Công an xã", "Quý I")) + par("Kết thúc")
    read = _opened(body, footnotes=notes)
    assert _table(read).rows[1].texts()[1] == "Nạo vét kênh"
    assert _texts(read) == ["Kết thúc", "¹ Kế hoạch trước đây của phường Khác"]


def test_a_row_that_a_person_cut_for_the_page_is_one_duty() -> None:
    rows = [
        row("1", cell(par("Nạo vét kênh và"), par(PAGE_BREAK)), "Công an xã", "Quý I"),
        row(*HEADER),
        row("", "sửa cống qua đường", "", ""),
        row("2", "Trồng cây", "Thôn Hạ", "Quý II"),
    ]
    read = read_bytes("a.docx", word_file(FRONT + table(row(*HEADER), *rows)))
    assert [one.content for one in read.obligations] == ["Nạo vét kênh và sửa cống qua đường", "Trồng cây"]


def test_tracked_changes_comments_and_hidden_text_are_told() -> None:
    body = par(f"<w:ins>{run('x')}</w:ins>", run("ẩn", "<w:vanish/>"), '<w:r><w:commentReference w:id="1"/></w:r>')
    told = " ".join(_opened(body).remarks)
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
    assert _texts(open_document(name, KINDS[kind])) == ["Quý I"]


def test_pages_are_told_only_when_word_wrote_them_down() -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    assert [one.place.page for one in _opened(par("a") + par("b", turn) + par("c")).paragraphs()] == [1, 1, 2]
    assert [one.place.page for one in _opened(par("a")).paragraphs()] == [None]


def _deep(levels: int) -> str:
    inside = par("x")
    for _ in range(levels):
        inside = table(row(cell(inside), cell("y")))
    return inside


HUGE = {
    "tables nested without end": (_deep(12), "lồng"),
    "tables nested deeper than XML may go": (_deep(120), "lồng"),
    "a span of a million columns": (table(row(cell("x", properties='<w:gridSpan w:val="1000000"/>'))) * 2, ""),
    "a span of a million columns beside a cell": (
        table(row("a", cell("x", properties='<w:gridSpan w:val="1000000"/>'))),
        "bảng quá lớn",
    ),
    "a row shifted by a billion": (
        table(row("x", "y", properties='<w:gridBefore w:val="999999999"/>')),
        "bảng quá lớn",
    ),
    "more cells than a text has": (table(*[row(*["x"] * 100)] * 610), "bảng quá lớn"),
}


@pytest.mark.parametrize("case", HUGE)
def test_absurd_tables_are_refused_or_read_but_never_swell(case: str) -> None:
    body, word = HUGE[case]
    if not word:
        assert _texts(_opened(body)) == ["x", "x"]
        return
    with pytest.raises(PlanFileError, match=word):
        _opened(body)


def test_a_word_file_of_pictures_is_told_so() -> None:
    picture = '<w:r><w:pict><v:shape><v:imagedata r:id="r9"/></v:shape></w:pict></w:r>'
    with pytest.raises(PlanFileError, match="chỉ chứa ảnh"):
        _opened(par(picture))


def test_runs_in_old_fonts_are_converted_and_told() -> None:
    old = par(run("KÕ ho¹ch n¨m 2026 cña x· ", font(".VnTime")), run("hµ néi", font(".VnTimeH")))
    new = par(run("và phường ", font("Times New Roman")), run("Đã gõ đúng", font(".VnTime")))
    vni = par(run("Keá hoaïch ñöôïc", font("VNI-Times")))
    read = _opened(old + new + vni)
    assert _texts(read) == ["Kế hoạch năm 2026 của xã HÀ NỘI", "và phường Đã gõ đúng", "Kế hoạch được"]
    assert [word in " ".join(read.remarks) for word in ("TCVN3", "VNI", "Unicode")] == [True, True, True]


def test_an_old_font_may_come_from_a_style_or_the_defaults() -> None:
    styles = f"<w:docDefaults><w:rPrDefault><w:rPr>{font('.VnTime')}</w:rPr></w:rPrDefault></w:docDefaults>"
    styles += f'<w:style w:styleId="U" w:type="paragraph"><w:rPr>{font("Arial")}</w:rPr></w:style>'
    body = par("N¹o vÐt kªnh m­¬ng") + par("à la carte", properties='<w:pStyle w:val="U"/>')
    assert _texts(_opened(body, styles=styles)) == ["Nạo vét kênh mương", "à la carte"]


def test_a_plain_file_leaves_no_remark() -> None:
    assert open_document("a.docx", samples.as_docx()).remarks == ()


def test_a_footnote_gives_no_order() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{par("Giao Công an xã gửi báo cáo trước ngày 20/5/2026.")}</w:footnote>'
    body = FRONT + par("II. TỔ CHỨC THỰC HIỆN") + par("1. Giao Trạm Y tế xã báo cáo hằng quý", mark, ".")
    read = read_bytes("a.docx", word_file(body, {"footnotes": note}))
    assert [one.quote for one in read.standing] == ["Giao Trạm Y tế xã báo cáo hằng quý."]
