"""How a message addresses its reader and counts what it names: as an office writes, nothing twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.models import Person, Unit
from notifications.composing import Item, addressed_to, compose_chase
from notifications.history import told_line
from tests.notifications.chase_world import at, settings_for

NOW = at(date(2026, 3, 25))


def item(number: int, overdue: bool) -> Item:
    """One duty of a unit."""
    return Item(number, f"DD-{number}-AAAA", "Báo cáo nhanh", "Quý I/2026", "Phòng A", "Kế hoạch số 1", "Lý do",
                "https://x.test/t/1", overdue)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "unit", "said"),
    [
        ("Trưởng phòng", "Phòng Kinh tế", "Ông/Bà Hà (Trưởng phòng, Phòng Kinh tế)"),
        ("Chánh Văn phòng", "Văn phòng", "Ông/Bà Hà (Chánh Văn phòng)"),
        (None, "Văn phòng", "Ông/Bà Hà (Văn phòng)"),
        ("Chủ tịch UBND xã", None, "Ông/Bà Hà (Chủ tịch UBND xã)"),
        (None, None, "Ông/Bà Hà"),
    ],
)
def test_a_title_that_names_the_unit_says_it_once(title: str | None, unit: str | None, said: str) -> None:
    assert addressed_to(Person(name="Hà", title=title, unit=Unit(name=unit) if unit else None)) == said


@pytest.mark.parametrize(
    ("kind", "late", "subject", "opening"),
    [
        (
            "digest",
            (True, True),
            "[Đôn đốc] 02 việc quá hạn –",
            "đề nghị khẩn trương thực hiện 02 việc đã quá hạn sau:",
        ),
        ("digest", (True, False), "trong đó 01 việc quá hạn –", "thực hiện 02 việc sau (quá hạn 01 việc):"),
        ("digest", (False, False), "[Đôn đốc] 02 việc –", "đề nghị quan tâm thực hiện 02 việc sau:"),
        ("escalation", (True, True), "[Báo cáo việc quá hạn] 02 việc –", "Xin báo cáo 02 việc quá hạn chưa hoàn thành"),
    ],
)
def test_lateness_is_said_once(tmp_path: Path, kind: str, late: tuple[bool, ...], subject: str, opening: str) -> None:
    items = [item(number, each) for number, each in enumerate(late, 1)]
    made = compose_chase(kind, "Bà Hà", items, "email", NOW, settings_for(tmp_path, "sqlite:///x.db"))
    assert subject in made.subject
    assert opening in made.text
    assert opening in (made.html or "")


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ([], "Chưa nhắc lần nào trước tin này."),
        ([("An", "contact")], "Đã gửi 01 tin nhắc: An (25/3)."),
        ([("Hà", "vice_chair")], "Chưa nhắc đơn vị lần nào; đã báo cáo Hà (25/3)."),
        ([("An", "contact"), ("Hà", "vice_chair")], "Đã gửi 01 tin nhắc: An (25/3); đã báo cáo Hà (25/3)."),
    ],
)
def test_a_report_to_a_superior_is_no_reminder_of_the_unit(sent: list[tuple[str, str]], line: str) -> None:
    assert told_line([(NOW, name, role) for name, role in sent]) == line
