"""The days-off file: the shipped one is right, a broken one is reported whole, with places and cures."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.days_off import DaysOffError, load_work_calendar

GOOD = "2031:\n  orders: [CV 1/VPCP]\n  days_off:\n    2031-01-01: { reason: Tết Dương lịch, order: CV 1/VPCP }\n"


def test_shipped_file_covers_its_years() -> None:
    calendar = load_work_calendar()
    assert calendar.years_with_order == {2024, 2025, 2026, 2027}
    assert all(mark.order and mark.reason for mark in calendar.days.values())


def test_another_file_can_be_loaded(tmp_path: Path) -> None:
    assert load_work_calendar(_file(tmp_path, GOOD)).years_with_order == {2031}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "tệp trống"),
        ("[1, 2]", "tệp trống"),
        ("2031: [", "YAML"),
        ("xyz: {}", "không phải một năm"),
        ("2031: {}", "thiếu «orders»"),
        (GOOD.replace("2031-01-01", "2030-01-01"), "không thuộc năm 2031"),
        (GOOD.replace("2031-01-01", "2031-01-04"), "vốn đã nghỉ"),
        (GOOD.replace("reason: Tết Dương lịch, ", ""), "thiếu reason"),
        (GOOD.replace("days_off", "worked_saturdays"), "vốn đã làm việc"),
        (GOOD.replace("days_off", "off_days"), "không hiểu mục"),
        (GOOD.replace("2031-01-01", "ngay mai"), "không phải một ngày"),
        ("2031:\n  orders: [CV 1]\n  days_off: [2031-01-01]\n", "phải là danh sách ngày"),
    ],
)
def test_fault_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DaysOffError, match=said) as caught:
        load_work_calendar(_file(tmp_path, text))
    assert all("lich.yaml" in fault for fault in caught.value.faults)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("2031-01-01", "2031-01-04") + "2032: {}\n"
    with pytest.raises(DaysOffError) as caught:
        load_work_calendar(_file(tmp_path, text))
    assert len(caught.value.faults) == 2


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DaysOffError, match="Không mở được"):
        load_work_calendar(tmp_path / "lich.yaml")


def _file(folder: Path, text: str) -> Path:
    path = folder / "lich.yaml"
    path.write_text(text, encoding="utf-8")
    return path
