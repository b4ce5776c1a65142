"""Laws of correcting and importing again, over plans and hands drawn by chance."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Plan
from db.session import transaction
from plans.current import content_of
from plans.editing import (
    DutyChanges,
    add_duty,
    drop_duty,
    edit_duty,
    join_duties,
    move_duty,
    restore_duty,
    set_standing,
    split_duty,
)
from plans.reading import read_bytes
from plans.reimporting import apply_difference, difference_of, preview_difference
from plans.workbook import export_plan
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of, settings_of

WORK = ("Rà soát thủ tục", "Kiểm tra hồ sơ", "Thay biển chỉ dẫn", "Tập huấn cán bộ", "Mua sắm thiết bị")
TIMES = ("Quý I", "Hằng quý", "Thường xuyên", "mát trời", "Khi có phát sinh", "")
UNITS = ("Văn phòng", "TTPVHCC", "Sở Lạ")


def row(chance: random.Random, key: str) -> Row:
    leads, others = chance.sample(UNITS, chance.randint(0, 2)), chance.sample(UNITS, chance.randint(0, 1))
    words = f"{chance.choice(WORK)} {chance.randint(1, 9)}"
    return Row(key, chance.choice(TIMES), tuple(leads), tuple(others), words)


def correct(session: Session, plan: Plan, chance: random.Random) -> None:
    """One correction by hand, drawn by chance."""
    active = [each for each in plan.obligations if each.active]
    one, another = (chance.choice(active).id for _ in range(2))
    changes = DutyChanges(content=f"{chance.choice(WORK)} sửa tay", deadline_text=chance.choice(TIMES))
    parts = [DutyChanges(content=f"phần {part} {chance.random()}") for part in range(chance.randint(2, 3))]
    hands: tuple[Callable[[], object], ...] = (
        lambda: edit_duty(session, one, changes, NOW, ACTOR),
        lambda: edit_duty(session, one, DutyChanges(leads=tuple(chance.sample(UNITS, 2))), NOW, ACTOR),
        lambda: split_duty(session, one, parts, NOW, ACTOR),
        lambda: join_duties(session, [one, another], NOW, ACTOR),
        lambda: drop_duty(session, one, "đọc nhầm", NOW, ACTOR),
        lambda: add_duty(session, plan.id, changes, chance.choice([None, one]), NOW, ACTOR),
        lambda: move_duty(session, one, None if another == one else another, NOW, ACTOR),
        lambda: set_standing(session, one, chance.random() < 0.5, NOW, ACTOR),
        lambda: [restore_duty(session, each.id, NOW, ACTOR) for each in plan.obligations if each.drop_reason],
    )
    with suppress(Refusal):
        chance.choice(hands)()


def assert_nothing_waits_unseen(plan: Plan) -> None:
    """Each duty has a deadline and a lead, or is asked for it exactly once; keys tell duties apart."""
    keys = [each.key for each in plan.obligations]
    assert len(set(keys)) == len(keys)
    for duty in (each for each in plan.obligations if each.active):
        asked = [each.kind for each in plan.questions if each.obligation is duty and each.answered_at is None]
        assert asked.count("deadline") == (not duty.rules)
        assert asked.count("lead") == (not any(unit.role == "lead" for unit in duty.units))


@pytest.mark.parametrize("seed", range(8))
def test_hand_corrections_outlive_the_same_file_and_any_other_is_taken_whole(
    seed: int, sqlite_url: str, home: Path
) -> None:
    chance, settings = random.Random(seed), settings_of(home)
    with transaction(sqlite_url) as session:
        load_register(session)
        rows = [row(chance, str(number)) for number in range(1, chance.randint(3, 7))]
        read = reading_of(*rows, standing=(row(chance, "S1"),))
        plan = draft(session, home, read)
        session.refresh(plan)
        for _ in range(6):
            correct(session, plan, chance)
        assert_nothing_waits_unseen(plan)
        before = content_of(plan)
        assert not difference_of(plan, read.to_json())
        apply_difference(session, plan.id, read, "a.docx", b"again", CALENDAR, NOW, ACTOR, settings)
        session.refresh(plan)
        assert [each["content"] for each in content_of(plan)["obligations"]] == [
            each["content"] for each in before["obligations"]
        ]
        sheet = difference_of(plan, read_bytes("a.xlsx", export_plan(session, plan.id, NOW)).to_json())
        assert not sheet
        assert sheet.notes == []
        other = [replace(each, deadline="Quý III") if chance.random() < 0.4 else each for each in rows]
        chance.shuffle(other)
        other = [replace(each, key=str(number)) for number, each in enumerate([*other[1:], row(chance, "9")], 1)]
        new, data = reading_of(*other), b"another"
        look = preview_difference(session, plan.id, new, "b.docx", data, CALENDAR, NOW, ACTOR, settings)
        done = apply_difference(session, plan.id, new, "b.docx", data, CALENDAR, NOW, ACTOR, settings)
        assert list(done.lines()) == list(look.effect.lines())
        assert_nothing_waits_unseen(plan)
        assert not difference_of(plan, new.to_json())
