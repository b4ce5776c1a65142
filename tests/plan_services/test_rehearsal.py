"""What the confirm button says it will do is what confirming does."""

from __future__ import annotations

from pathlib import Path

from db.session import transaction
from plans.confirming import confirm
from plans.rehearsal import confirmation_ahead
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of, settings_of

CENTRE, OFFICE, ALL = "Trung tâm Phục vụ hành chính công", "Văn phòng", "Các phòng chuyên môn"
ROWS = (
    Row("1", "Trước ngày 05/01/2026", (OFFICE,), content="Việc trước ngày ban hành"),
    Row("2", "Trước ngày 19/01/2026", (OFFICE,), content="Việc đã qua"),
    Row("3", "Hằng quý", (CENTRE, OFFICE), content="Việc của hai đơn vị"),
    Row("4", "Năm 2026", (ALL,), content="Việc của một nhóm"),
    Row("5", "Khi có phát sinh", (CENTRE,), content="Việc chờ sự kiện"),
)


def test_the_button_says_what_confirming_does(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        ahead = confirmation_ahead(session, plan, CALENDAR, NOW.date(), settings_of(home))
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert (ahead.opened, ahead.recorded) == (done.expansion.opened, done.expansion.recorded) == (11, 1)
        assert (ahead.past, ahead.waiting, ahead.units, ahead.unled) == (1, len(done.waiting), 3, 0)


def test_units_whose_leader_stands_in_are_reached(sqlite_url: str, home: Path) -> None:
    with transaction(sqlite_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(*ROWS))
        ahead = confirmation_ahead(session, plan, CALENDAR, NOW.date(), settings_of(home))
        assert ahead.people == 1, "the office has a leader with an address and no contact"
        assert set(ahead.unreached) == {CENTRE, "Phòng Kinh tế, Hạ tầng và Đô thị"}
