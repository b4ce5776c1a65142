"""Tables of Word files: merges, nesting, borders drawn by hand, rows cut by hand, and what is made to swell."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from plans.reading import PlanFileError, read_bytes
from plans.reading.document import Cover
from plans.reading.sources import open_document
from tests.plans.word_files import (
    cell,
    numbered,
    numbering,
    opened,
    par,
    row,
    table,
    table_of,
    texts_of,
    word_file,
    zipped,
)

HEADER = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian")
SPAN3, DOWN, BELOW = '<w:gridSpan w:val="3"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
PAGE_BREAK = '<w:r><w:br w:type="page"/></w:r>'
FRONT = par("Kế hoạch dọn kênh mương năm 2026 của xã Tân Bình")


def test_merges_across_and_down_keep_their_places() -> None:
    read = table_of(
        opened(
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
    assert [one.texts() for one in table_of(opened(table(*rows))).rows] == [["1", "mới"]]


def test_a_small_table_inside_a_cell_is_text_of_the_cell() -> None:
    inside = table(row("UBND XÃ", "TÂN BÌNH"), row("Số: 12", "/KH-UBND"))
    read = opened(table(row(cell("Trên", inside, "Dưới"), "Bên phải")))
    assert table_of(read).rows[0].texts() == ["Trên\nUBND XÃ TÂN BÌNH\nSố: 12 /KH-UBND\nDưới", "Bên phải"]
    assert len(list(read.tables())) == 1


def test_a_table_of_duties_inside_a_frame_stays_a_table() -> None:
    duties = table(row(*HEADER), row("1", "Nạo vét kênh", "Công an xã", "Quý I"))
    one_column = opened(table(row(cell("Trước bảng", duties, "Sau bảng"))))
    assert [type(block).__name__ for block in one_column.blocks] == ["Paragraph", "Table", "Paragraph"]
    two_columns = opened(table(row(cell("Trước", duties), "bên cạnh")))
    assert [block.width for block in two_columns.tables()] == [2, 4]


def test_a_row_that_a_person_cut_for_the_page_is_one_duty() -> None:
    rows = [
        row("1", cell(par("Nạo vét kênh và"), par(PAGE_BREAK)), "Công an xã", "Quý I"),
        row(*HEADER),
        row("", "sửa cống qua đường", "", ""),
        row("2", "Trồng cây", "Thôn Hạ", "Quý II"),
    ]
    read = read_bytes("a.docx", word_file(FRONT + table(row(*HEADER), *rows)))
    assert [one.content for one in read.obligations] == ["Nạo vét kênh và sửa cống qua đường", "Trồng cây"]


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
        assert texts_of(opened(body)) == ["x", "x"]
        return
    with pytest.raises(PlanFileError, match=word):
        opened(body)


def _grid(*widths: int) -> str:
    columns = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def test_borders_drawn_a_hair_apart_are_one() -> None:
    two = '<w:gridSpan w:val="2"/>'
    rows = [
        row("TT", "Nội dung công việc", cell("Đơn vị chủ trì", properties=two), cell("Thời gian", properties=two)),
        row("1", cell("Nạo vét kênh", properties=two), "Công an xã", cell("Quý I", properties=two)),
        row("2", "Trồng cây", cell("Thôn Hạ", properties='<w:gridSpan w:val="3"/>'), "Quý II"),
    ]
    read = table_of(opened(table(_grid(600, 3000, 40, 1500, 60, 1400), *rows)))
    assert [one.texts() for one in read.rows] == [
        ["TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian"],
        ["1", "Nạo vét kênh", "Công an xã", "Quý I"],
        ["2", "Trồng cây", "Thôn Hạ", "Quý II"],
    ]
    assert {one.col_span for line in read.rows for one in line.cells} == {1}


def test_a_narrow_column_with_text_stays_a_column() -> None:
    read = table_of(opened(table(_grid(150, 3000, 1500), row("1", "Nạo vét", "Quý I"))))
    assert read.rows[0].texts() == ["1", "Nạo vét", "Quý I"]


def test_a_damaged_file_is_read_or_refused() -> None:
    rows = [
        row("1", cell("a", table(row("b", "c"))), cell("e", properties=DOWN)),
        row("2", "f", cell(properties=BELOW)),
    ]
    marks = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:footnoteReference w:id="2"/></w:r>'
    whole = word_file(
        par("A", properties='<w:pStyle w:val="M"/>') + table(_grid(600, 40, 3000), *rows) + par(marks),
        {
            "numbering": numbering(("upperRoman", "%1."), ("decimal", "%2.")),
            "styles": f'<w:style w:styleId="M" w:type="paragraph"><w:pPr>{numbered(1)}</w:pPr></w:style>',
            "footnotes": f'<w:footnote w:id="2">{par("x")}</w:footnote>',
        },
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(2026)
    outcomes = {_outcome(parts, chance) for _ in range(250)}
    assert outcomes == {"read", "refused"}


def _outcome(parts: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice([one for one in parts if one.startswith("word/") and one.endswith(".xml")])
    data = bytearray(parts[name])
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[at] = chance.choice(b'0123456789<>"/ abw:-')
        else:
            del data[at : at + chance.randint(1, 30)]
    try:
        open_document("a.docx", zipped({**parts, name: bytes(data)}))
    except PlanFileError:
        return "refused"
    return "read"
