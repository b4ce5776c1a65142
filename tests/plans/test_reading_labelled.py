"""Plans without a table: duties told line by line under labels."""

from __future__ import annotations

import pytest

from plans.reading import ObligationRow, Reading, read_bytes

HEAD = """UBND XÃ LÂM HÀ
Số: 9/KH-UBND
Lâm Hà, ngày 8 tháng 01 năm 2026
KẾ HOẠCH
Bảo vệ rừng năm 2026
I. NỘI DUNG
"""


def _read(body: str) -> Reading:
    return read_bytes("kế hoạch.txt", (HEAD + body).encode(), None)


def _told(row: ObligationRow) -> tuple[str, tuple[str, ...], tuple[str, ...], str | None, str | None]:
    return row.content, row.leads, row.coordinators, row.deadline_text, row.deliverable


UNDER_THE_ITEM = """1. Tuần tra
a) Lập lịch tuần tra các cánh rừng giáp ranh
- Đơn vị chủ trì: Hạt Kiểm lâm
- Đơn vị phối hợp: Công an xã; Ban Chỉ huy Quân sự xã
- Thời gian hoàn thành: Tháng 2/2026
- Sản phẩm: Lịch tuần tra
b) Làm đường băng cản lửa
- Chủ trì: Hạt Kiểm lâm
- Kinh phí: ngân sách xã
- Thời gian: Quý I/2026
"""
IN_THE_PARAGRAPH = """1.1. Ký cam kết với chủ rừng (chủ trì: Phòng Kinh tế; phối hợp: các thôn; thời gian: Quý II/2026).
1.2. Phát tờ rơi. Đơn vị thực hiện: Phòng Văn hóa - Xã hội. Thời gian: Thường xuyên.
"""


def test_labels_under_an_item_make_one_duty_each() -> None:
    first, second = _read(UNDER_THE_ITEM).obligations
    assert _told(first) == (
        "Lập lịch tuần tra các cánh rừng giáp ranh",
        ("Hạt Kiểm lâm",),
        ("Công an xã", "Ban Chỉ huy Quân sự xã"),
        "Tháng 2/2026",
        "Lịch tuần tra",
    )
    assert _told(second) == ("Làm đường băng cản lửa", ("Hạt Kiểm lâm",), (), "Quý I/2026", None)
    assert (first.key, first.ordinal, first.section) == ("I.1.a", "a", ("I. NỘI DUNG", "1. Tuần tra"))


def test_labels_in_the_paragraph_itself() -> None:
    first, second = _read(IN_THE_PARAGRAPH).obligations
    assert _told(first) == ("Ký cam kết với chủ rừng", ("Phòng Kinh tế",), ("các thôn",), "Quý II/2026", None)
    assert _told(second) == ("Phát tờ rơi.", ("Phòng Văn hóa - Xã hội",), (), "Thường xuyên", None)
    assert first.key == "I.1.1"


def test_a_labelled_date_is_not_read_again_as_prose() -> None:
    body = "1. Kiểm kê rừng\n- Đơn vị chủ trì: Phòng Kinh tế\n- Thời gian: Trước ngày 30/9/2026\n"
    reading = _read(body)
    assert len(reading.obligations) == 1
    assert reading.standing == ()


def test_paragraphs_under_the_item_are_the_content_and_the_item_the_section() -> None:
    body = "2. Tuyên truyền\nMở hội thi tìm hiểu về rừng.\n- Chủ trì: Đoàn Thanh niên xã\n- Thời gian: Tháng 3/2026\n"
    (row,) = _read(body).obligations
    assert (row.content, row.section) == ("Mở hội thi tìm hiểu về rừng.", ("I. NỘI DUNG", "2. Tuyên truyền"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("1. Họp xóm\n- Thời gian: 19 giờ\n- Địa điểm: nhà văn hóa\n", id="time and place of a meeting"),
        pytest.param("1. Hạt Kiểm lâm chủ trì: tuần tra rừng giáp ranh.\n", id="a sentence that names who leads"),
    ],
)
def test_what_names_no_unit_behind_a_label_is_no_duty(body: str) -> None:
    reading = _read(body + "2. Công an xã báo cáo UBND xã trước ngày 5/12/2026.\n")
    assert reading.obligations == ()
    assert len(reading.standing) == 1


IN_BRACKETS = {
    "one sentence": ("Hạt Kiểm lâm chủ trì, phối hợp với các thôn, hoàn thành trong quý II/2026", ("các thôn",)),
    "partners before the word": (
        "Hạt Kiểm lâm chủ trì, Công an xã và Ban Chỉ huy Quân sự xã phối hợp; trước ngày 30/4/2026",
        ("Công an xã", "Ban Chỉ huy Quân sự xã"),
    ),
    "time behind its label": ("Hạt Kiểm lâm chủ trì; thời gian: Quý II/2026", ()),
}


@pytest.mark.parametrize("case", IN_BRACKETS)
def test_a_bracket_that_closes_the_duty_says_who_and_when(case: str) -> None:
    inside, partners = IN_BRACKETS[case]
    (row,) = _read(f"1. Phát dọn thực bì ven đường ({inside}).\n").obligations
    words = inside[inside.rindex(";" if ";" in inside else ",") + 1 :].removeprefix(" thời gian:").strip()
    assert _told(row) == ("Phát dọn thực bì ven đường", ("Hạt Kiểm lâm",), partners, words, None)


def test_a_bracket_that_names_who_guides_is_no_duty_of_its_own() -> None:
    reading = _read("1. Công an xã dựng chòi canh (theo hướng dẫn của Hạt Kiểm lâm, trước ngày 30/4/2026).\n")
    assert reading.obligations == ()


LABELS = (
    ("Đơn vị chủ trì: Hạt Kiểm lâm; đơn vị phối hợp: Công an xã; thời gian hoàn thành: Quý II/2026"),
    ("* Cơ quan/đơn vị chủ trì: Hạt Kiểm lâm.\n* Cơ quan/đơn vị phối hợp: Công an xã.\n* Thời hạn: Quý II/2026."),
    ("+ Đơn vị đầu mối: Hạt Kiểm lâm\n+ Phối hợp: Công an xã\n+ Hoàn thành: Quý II/2026"),
    ("- Phân công: Hạt Kiểm lâm chủ trì, phối hợp với Công an xã\n- Thời gian: Quý II/2026"),
    ("1.1. Đơn vị chủ trì: Hạt Kiểm lâm\n1.2. Đơn vị phối hợp: Công an xã\n1.3. Thời gian: Quý II/2026"),
)


@pytest.mark.parametrize("labels", LABELS)
def test_labels_however_they_are_worded_and_laid_out(labels: str) -> None:
    (row,) = _read(f"1. Dựng chòi canh\n{labels}\n").obligations
    assert _told(row) == ("Dựng chòi canh", ("Hạt Kiểm lâm",), ("Công an xã",), "Quý II/2026", None)


def test_thousands_of_duties_under_one_number_keep_keys_of_their_own() -> None:
    body = "".join(f"a) Phát tờ rơi đợt {at}\n- Chủ trì: Hạt Kiểm lâm\n" for at in range(300))
    keys = [row.key for row in _read(body).obligations]
    assert len(set(keys)) == 300
    assert keys[:3] == ["I.a", "I.a#2", "I.a#3"]
