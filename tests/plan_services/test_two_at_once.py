"""Two people at one plan in the same moment: one is first, the other is told kindly, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db import journal
from db.models import Obligation, Occurrence, Plan
from db.session import reading, transaction
from plans.confirming import confirm
from plans.editing import DutyChanges, drop_duty, edit_duty, join_duties, split_duty, version_of
from plans.questions import answer
from plans.reimporting import apply_difference
from tests.plan_services.readings import ACTOR, CALENDAR, NOW, Row, draft, load_register, reading_of, settings_of

ROWS = tuple(Row(str(number), "Quý II", content=f"Việc thứ {number} của phường") for number in range(1, 5))
Deed = Callable[[Session, Plan, dict[str, int], Path], object]


def edit(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    name = threading.current_thread().name
    return edit_duty(
        session, number(plan, "1"), DutyChanges(content=f"Sửa bởi {name}"), NOW, ACTOR, version=versions["1"]
    )


def join(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    both = [number(plan, "1"), number(plan, "2")]
    return join_duties(session, both, NOW, ACTOR, versions=[versions["1"], versions["2"]])


def split(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    parts = [DutyChanges(content="Nửa đầu"), DutyChanges(content="Nửa sau")]
    return split_duty(session, number(plan, "1"), parts, NOW, ACTOR, version=versions["1"])


def drop(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    return drop_duty(session, number(plan, "1"), "Trùng", NOW, ACTOR, version=versions["1"])


def settle(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    return confirm(session, plan.id, CALENDAR, NOW, ACTOR)


def correct(session: Session, plan: Plan, versions: dict[str, int], home: Path) -> object:
    content = reading_of(replace(ROWS[0], content="Bản mới của việc đầu tiên"), *ROWS[1:])
    return apply_difference(session, plan.id, content, "m.docx", b"m", CALENDAR, NOW, ACTOR, settings_of(home))


# Which two, and how many of them may be done.
PAIRS: dict[str, tuple[Deed, Deed, set[int]]] = {
    "one duty edited twice": (edit, edit, {1}),
    "edited while it is joined": (edit, join, {1}),
    "split twice": (split, split, {1}),
    "dropped while it is split": (drop, split, {1}),
    "confirmed twice": (settle, settle, {1}),
    "edited while the plan is confirmed": (edit, settle, {1, 2}),
    "one corrected file twice": (correct, correct, {1}),
    "confirmed while it is corrected": (settle, correct, {2}),
}


def number(plan: Plan, key: str) -> int:
    return next(each.id for each in plan.obligations if each.key == key)


def both(url: str, plan_id: int, *deeds: Callable[[Session, Plan], object]) -> list[str | None]:
    """Do two deeds at the same moment; gives the refusal of each, or None."""
    ready = threading.Barrier(2)

    def work(deed: Callable[[Session, Plan], object]) -> str | None:
        ready.wait(10)
        try:
            with transaction(url) as session:
                # What each sees first may be old by the time of the deed, as at a page or a command.
                plan = session.get_one(Plan, plan_id)
                _ = [each.units for each in plan.obligations], list(plan.questions)
                deed(session, plan)
        except Refusal as refusal:
            return str(refusal)
        return None

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, deeds))


@pytest.mark.parametrize(("one", "other", "done"), PAIRS.values(), ids=PAIRS)
def test_two_at_once(database_url: str, home: Path, one: Deed, other: Deed, done: set[int]) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan_id = draft(session, home, reading_of(*ROWS)).id
    with reading(database_url) as session:
        versions = {each.key: version_of(each) for each in session.get_one(Plan, plan_id).obligations}
    said = both(
        database_url,
        plan_id,
        lambda s, plan: one(s, plan, versions, home),
        lambda s, plan: other(s, plan, versions, home),
    )
    assert said.count(None) in done, said
    with reading(database_url) as session:
        assert list(journal.verify(session)) == []
        duties = session.scalars(select(Obligation).where(Obligation.plan_id == plan_id)).all()
        assert len({each.position for each in duties if each.active}) == sum(each.active for each in duties)
        # A corrected file that came second has cancelled what the confirmation dated for the duty it replaced.
        occurrences = session.scalars(select(Occurrence).where(Occurrence.state != "cancelled")).all()
        assert len(occurrences) in (0, sum(each.active for each in duties))


def test_an_answer_in_the_moment_of_confirming_is_dated_or_refused(database_url: str, home: Path) -> None:
    with transaction(database_url) as session:
        load_register(session)
        plan = draft(session, home, reading_of(Row("1", "mát trời thì làm", content="Việc không rõ hạn")))
        plan_id, (asked,) = plan.id, [each.id for each in plan.questions if each.kind == "deadline"]
        answer(session, asked, {"phrase": "Quý II"}, NOW, ACTOR)
    said = both(
        database_url,
        plan_id,
        lambda session, _: answer(session, asked, {"phrase": "Hằng quý"}, NOW, ACTOR),
        lambda session, plan: confirm(session, plan.id, CALENDAR, NOW, ACTOR),
    )
    assert said[1] is None
    with reading(database_url) as session:
        dated = len(session.scalars(select(Occurrence)).all())
        rules = session.get_one(Plan, plan_id).obligations[0].rules
        assert (dated, rules[0]["kind"]) == ((4, "recurring") if said[0] is None else (1, "once"))
