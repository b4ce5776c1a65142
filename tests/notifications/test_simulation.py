"""A rehearsal on a copy: it says what the real chase would say, and touches nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from db.models import Base, Message
from db.session import reading
from notifications.simulation import Simulation, simulate, write_workbook
from tests.notifications.chase_world import World, add_duty, add_unit, at, days, on


def rehearse(world: World, first: str, last: str) -> Simulation:
    return simulate(world.url, on(first), on(last), world.calendar, world.ladders, world.settings)


def counts(world: World) -> dict[str, int]:
    with reading(world.url) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_it_says_what_the_real_chase_then_says(both_world: World) -> None:
    add_duty(both_world, "20/3")
    add_duty(both_world, "24/3", "Rà soát thủ tục")
    both_world.chase(at(on("10/3")))
    both_world.deliver(at(on("10/3"), "08:10"))
    before = counts(both_world)
    said = [
        (item.day, item.person, item.content, item.step, item.reason)
        for item in rehearse(both_world, "11/3", "31/3").items
    ]
    assert counts(both_world) == before
    assert len(both_world.arrived()) == 1, "a rehearsal sends nothing"
    real = []
    for day in days("11/3", "31/3"):
        both_world.chase(at(day))
        for message in both_world.messages("queued"):
            content = {1: "Báo cáo kết quả chuyển đổi số", 2: "Rà soát thủ tục"}
            for item in message.items:
                name = message.person.name if message.person else ""
                real.append((day, name, content[item.occurrence_id], item.step, item.reason))
        both_world.deliver(at(day, "08:10"))
    assert said == real
    assert said


def test_the_text_names_day_person_duty_and_reason(world: World) -> None:
    add_duty(world, "20/3")
    lines = list(rehearse(world, "16/3", "23/3").lines())
    assert lines[0] == "Ngày 16/3/2026"
    assert lines[1] == "  An (đầu mối, Phòng Kinh tế) qua Zalo"
    assert "Còn 04 ngày làm việc (hạn 20/3/2026) [before-5]" in lines[2]
    assert lines[-1] == "Tổng cộng từ 16/3/2026 đến 23/3/2026: 6 tin trong 4 ngày, 6 lượt việc được nhắc."


def test_a_superior_reads_the_unit_beside_each_duty(world: World) -> None:
    add_duty(world, "20/3")
    lines = list(rehearse(world, "24/3", "27/3").lines())
    told = [number for number, line in enumerate(lines) if "Phó Chủ tịch) qua" in line or "Chủ tịch) qua" in line]
    assert told
    assert all("(Phòng Kinh tế) – " in lines[number + 1] for number in told)


def test_it_warns_of_units_without_anybody_once(world: World) -> None:
    add_unit(world, "vh", "Phòng Văn hóa")
    add_duty(world, "20/3", unit="vh")
    lines = list(rehearse(world, "16/3", "23/3").lines())
    assert [line for line in lines if line.startswith("Lưu ý")] == [
        "Lưu ý: Đơn vị Phòng Văn hóa chưa có ai nhận được tin nhắc; tin được chuyển lên cấp trên."
    ]


def test_the_workbook_holds_the_same_lines_and_no_formula(world: World, tmp_path: Path) -> None:
    add_duty(world, "20/3", '=HYPERLINK("http://xau")')
    simulation = rehearse(world, "16/3", "23/3")
    write_workbook(simulation, tmp_path / "thu.xlsx")
    sheet = load_workbook(tmp_path / "thu.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(simulation.items)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 3, 2), date(2026, 3, 1)), (date(2026, 1, 1), date(2030, 1, 1))], ids=["back", "long"]
)
def test_a_span_that_makes_no_sense_is_refused(world: World, start: date, end: date) -> None:
    with pytest.raises(ValueError, match="ngày kết thúc"):
        simulate(world.url, start, end, world.calendar, world.ladders, world.settings)
    assert counts(world)[Message.__tablename__] == 0
