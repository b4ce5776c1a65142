"""The sample of the demo: read whole, one thing asked, something due at any time of the year."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.units import load_units_file
from db.models import Occurrence
from db.session import transaction
from dev.seed.sample_plan import odd_answer, write_sample_plan
from plans.confirming import confirm
from plans.importing import import_plan
from plans.questions import answer
from plans.reading import read_plan
from plans.units import sync_units
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, settings_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_the_sample_is_read_whole(year: int, tmp_path: Path) -> None:
    reading = read_plan(write_sample_plan(tmp_path / "mau" / "ke-hoach.docx", year))
    assert (len(reading.obligations), len(reading.standing), len(reading.targets)) == (18, 2, 6)
    assert (reading.plan.year, reading.plan.number, reading.plan.issued_on) == (year, "07/KH-UBND", f"{year}-01-06")
    assert len({duty.section for duty in reading.obligations}) == 4
    assert [duty.deadline_text for duty in reading.questions()] == [odd_answer(year)[0]]


def test_the_sample_asks_one_question_and_fills_the_year(database_url: str, home: Path, tmp_path: Path) -> None:
    file = write_sample_plan(tmp_path / "ke-hoach.docx", 2026)
    with transaction(database_url) as session:
        sync_units(session, load_units_file(ROOT / "dev" / "seed" / "units.yaml"), NOW, ACTOR)
        plan = import_plan(session, read_plan(file), file.name, file.read_bytes(), NOW, ACTOR, settings_of(home))
        (question,) = plan.questions
        phrase, said = odd_answer(2026)
        assert question.subject == phrase
        answer(session, question.id, {"phrase": said}, NOW, ACTOR)
        done = confirm(session, plan.id, CALENDAR, NOW, ACTOR)
        assert (done.expansion.recorded, len(done.waiting)) == (0, 3)
        dues = sorted(session.scalars(select(Occurrence.due_target)))
        days = [date(2026, 1, 10) + timedelta(days=n) for n in range(340)]
        assert all(any(0 <= (due - day).days <= 20 for due in dues) for day in days), "a demo always has something due"


def test_dev_knows_nothing_of_the_program() -> None:
    code = "import sys, dev.seed.sample_plan; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert not {"plans", "config", "db", "deadlines"} & set(loaded.split())
