"""Prose that gives several times, a count per period, or its unit in a bare order above the list."""

from __future__ import annotations

from plans.reading import ObligationRow, read_bytes

HEAD = "UBND XÃ VĨNH AN\nSố: 3/KH-UBND\nVĩnh An, ngày 9 tháng 01 năm 2026\nKẾ HOẠCH\nVệ sinh môi trường năm 2026\n"


def _standing(body: str) -> list[ObligationRow]:
    reading = read_bytes("kế hoạch.txt", f"{HEAD}I. TỔ CHỨC THỰC HIỆN\n{body}\n".encode(), None)
    return [duty.row for duty in reading.standing]


def test_each_report_of_a_sentence_has_its_own_day() -> None:
    rows = _standing(
        "1. Các thôn: báo cáo rác thải quý I gửi trước ngày 20/3; báo cáo 6 tháng gửi trước ngày 15/6;"
        " báo cáo năm gửi trước ngày 10/12."
    )
    assert [row.deadline_text for row in rows] == ["trước ngày 20/3", "trước ngày 15/6", "trước ngày 10/12"]
    assert [[rule["due"] for rule in row.rules] for row in rows] == [["2026-03-19"], ["2026-06-14"], ["2026-12-09"]]
    assert {row.leads for row in rows} == {("Các thôn",)}


def test_days_that_stand_apart_in_one_duty_are_all_kept() -> None:
    (row,) = _standing("1. Phòng Kinh tế thu gom rác đợt đầu trước ngày 30/4/2026, đợt sau trước ngày 02/9/2026.")
    assert [rule["due"] for rule in row.rules] == ["2026-04-29", "2026-09-01"]


def test_a_count_per_period_is_a_regular_duty() -> None:
    (row,) = _standing("1. Trạm Y tế xã phun thuốc diệt muỗi ít nhất 01 lần/quý.")
    assert row.deadline_text == "ít nhất 01 lần/quý"
    assert [rule["freq"] for rule in row.rules] == ["quarterly"]


def test_a_bare_order_binds_the_list_below_it() -> None:
    rows = _standing("1. Giao Công an xã\n- Kiểm tra các bãi rác, hoàn thành trong tháng 8/2026.")
    assert [row.leads for row in rows] == [("Công an xã",)]
