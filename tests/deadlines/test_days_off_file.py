"""The days-off file: the shipped one is right, a broken one is reported whole, with places and cures."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.days_off import DaysOffError, load_calendar, load_work_calendar
from config.settings import load_settings
from deadlines import WorkCalendar, years_to_order

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


LOCAL = """local:
  - {from: 2028-09-14, to: 2028-09-15, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}
  - {from: 2027-02-04, working: true, reason: Trực đón Tết, order: 3/TB-UBND}
  - {from: 2028-10-10, working: false, reason: Lễ hội, order: 4/TB-UBND, withdrawn_by: 9/TB-UBND}
"""


def _office(home: Path, text: str) -> WorkCalendar:
    """The calendar of an installation whose own days_off.yaml says this."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "days_off.yaml").write_text(text, encoding="utf-8")
    return load_calendar(load_settings())


def test_local_days_stand_beside_the_orders(home: Path) -> None:
    calendar = _office(home, LOCAL)
    storm, tet = calendar.why(date(2028, 9, 15)), calendar.why(date(2027, 2, 4))
    assert (storm.working, storm.order, storm.local) == (False, "12/CĐ-UBND", True)
    assert (tet.working, tet.order) == (True, "3/TB-UBND")
    assert calendar.is_working(date(2028, 10, 10))
    # A storm day is no order for its year.
    assert calendar.why(date(2028, 9, 18)).estimated
    assert not calendar.is_working(date(2027, 2, 5))


def test_a_new_order_can_replace_a_shipped_year(home: Path) -> None:
    text = "2027:\n  orders: [CV 7/VPCP]\n  replaces_shipped: true\n  days_off:\n"
    calendar = _office(home, text + "    2027-02-03: { reason: Tết Đinh Mùi, order: CV 7/VPCP }\n")
    assert not calendar.is_working(date(2027, 2, 3))
    assert calendar.is_working(date(2027, 2, 4))
    assert not calendar.is_working(date(2026, 9, 2))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("storm", "phải viết như"),
        ("{from: 2028-09-14, working: no way, reason: x, order: y}", "working phải là"),
        ("{from: mai, working: false, reason: x, order: y}", "from và to"),
        ("{from: 2028-09-14, to: 2028-09-10, working: false, reason: x, order: y}", "to phải từ ngày from"),
        ("{from: 2028-09-14, working: false, reason: x}", "thiếu reason"),
        ("{from: 2028-09-14, working: false, reason: x, order: y, unit: z}", "không hiểu mục «unit»"),
    ],
)
def test_a_faulty_local_day_is_named_with_its_line(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(DaysOffError, match=said) as caught:
        load_work_calendar(_file(tmp_path, f"local:\n  - {entry}\n"))
    assert "dòng thứ 1" in caught.value.faults[0]


def test_two_local_orders_of_one_day_are_told(tmp_path: Path) -> None:
    other = "  - {from: 2028-09-15, working: true, reason: Bão tan, order: 15/CĐ-UBND}\n"
    with pytest.raises(DaysOffError, match="withdrawn_by"):
        load_work_calendar(_file(tmp_path, LOCAL + other))


def test_a_calendar_is_kept_and_read_back(home: Path) -> None:
    calendar = _office(home, LOCAL)
    assert WorkCalendar.from_json(json.loads(json.dumps(calendar.to_json()))) == calendar


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-06-01", ()), ("2027-10-31", ()), ("2027-11-02", (2028,)), ("2028-01-05", (2028,)), ("2023-12-01", (2023,))],
)
def test_a_year_without_an_order_is_warned_of_sixty_days_ahead(today: str, years: tuple[int, ...]) -> None:
    assert years_to_order(load_work_calendar(), date.fromisoformat(today)) == years


def test_every_day_is_as_the_orders_say() -> None:
    file = Path(__file__).resolve().parents[3] / "shared" / "facts" / "days_off.json"
    if not file.exists():
        pytest.skip("the table of the orders is not beside this checkout")
    calendar = load_work_calendar()
    for number, table in json.loads(file.read_text(encoding="utf-8")).items():
        off, worked = set(table["off"]), set(table["work_sat"])
        for count in range(366):
            day = date(int(number), 1, 1) + timedelta(days=count)
            if day.year == int(number):
                expected = day.isoformat() not in off and (day.isoweekday() <= 5 or day.isoformat() in worked)
                assert calendar.is_working(day) == expected, day


def _file(folder: Path, text: str) -> Path:
    path = folder / "lich.yaml"
    path.write_text(text, encoding="utf-8")
    return path
