"""A unit that is muted for a while, and a plan or duty that is chased by another ladder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from chasing import Ladder, Step
from config.faults import Refusal
from db.models import JournalEntry, Obligation, Plan, Unit
from notifications.mutes import mute_unit, unmute_unit
from plans.ladder_choice import LadderChoice, preview_ladder, set_ladder
from tests.notifications.chase_world import World, add_duty, at, new_world, on
from tests.stories.story import Deed, Story

GENTLE = Ladder("nhe", (Step("g", "on", 0, ("contact",)),))


@pytest.fixture
def story(home: Path, sqlite_url: str) -> Story:
    """A commune with one duty due on Friday 20/3/2026, and a gentle ladder beside the default one."""
    world = new_world(home, sqlite_url)
    world.ladders["nhe"] = GENTLE
    config = world.settings.yaml_dir
    config.mkdir(parents=True, exist_ok=True)
    steps = '{key: g, when: "on", days: 0, roles: [contact]}'
    (config / "ladders.yaml").write_text(f"ladders:\n  nhe:\n    steps:\n      - {steps}\n", encoding="utf-8")
    return Story(world, number=add_duty(world, "20/3"))


def mutes(until: str, reason: str = "Tập trung phòng chống bão") -> Deed:
    return lambda session, now: mute_unit(
        session, session.scalars(select(Unit).where(Unit.code == "kt")).one(), on(until), reason, "Vy", now
    )


def unmutes(session: object, now: object) -> None:
    unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()  # type: ignore[attr-defined]
    unmute_unit(session, unit, "Vy", now)  # type: ignore[arg-type]


def chooses(world: World, name: str, duty: int | None = None) -> LadderChoice:
    with world.transaction() as session:
        subject = session.get_one(Obligation, duty) if duty else session.get_one(Plan, 1)
        return set_ladder(session, subject, name, world.now, "Vy", world.settings)


def test_a_muted_unit_hears_the_one_step_that_applies_when_the_mute_ends(story: Story) -> None:
    story.does("16/3", mutes("24/3"))
    assert story.forward("12/3", "26/3") == {
        "12/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "25/3": ["Bình: after-3#1", "Phó Chủ tịch Hà: after-3#1"],
    }


def test_a_mute_that_is_lifted_lets_the_chase_speak_the_same_day(story: Story) -> None:
    story.does("16/3", mutes("24/3"))
    story.does("18/3", unmutes)
    assert story.forward("14/3", "20/3") == {
        "16/3": ["An: before-5#1"],
        "18/3": ["An: before-2#1", "Bình: before-2#1"],
        "20/3": ["An: due-day#1", "Bình: due-day#1"],
    }


def test_what_waited_to_be_sent_when_the_mute_came_is_not_lost(story: Story) -> None:
    world = story.world
    world.chase(at(on("27/3")))
    with world.transaction() as session:
        mutes("31/3")(session, at(on("27/3"), "08:05"))
    world.deliver(at(on("27/3"), "08:10"))
    assert world.arrived() == []
    assert story.forward("28/3", "03/4") == {
        "01/4": ["Bình: after-5#1", "Chủ tịch Sơn: after-5#1", "Phó Chủ tịch Hà: after-5#1"]
    }


BAD_MUTES = {
    "yesterday": ("01/3", "Bão", "từ hôm nay"),
    "no reason": ("20/3", "  ", "lý do"),
    "a reason as long as a letter": ("20/3", "x" * 501, "500"),
}


@pytest.mark.parametrize(("until", "reason", "words"), BAD_MUTES.values(), ids=BAD_MUTES)
def test_a_mute_needs_an_end_and_a_reason(story: Story, until: str, reason: str, words: str) -> None:
    with story.world.transaction() as session, pytest.raises(Refusal, match=words):
        mutes(until, reason)(session, at(on("16/3")))


def test_a_mute_is_in_the_journal_and_a_group_cannot_be_muted(story: Story) -> None:
    with story.world.transaction() as session:
        mutes("20/3")(session, at(on("16/3")))
        unmutes(session, at(on("17/3")))
        actions = session.scalars(select(JournalEntry.action).where(JournalEntry.subject_kind == "unit")).all()
        assert actions == ["unit.mute", "unit.unmute"]
        with pytest.raises(Refusal, match="không ở trong"):
            unmutes(session, at(on("17/3")))
        group = Unit(code="nhom", name="Các phòng", is_group=True)
        with pytest.raises(Refusal, match="nhóm"):
            mute_unit(session, group, on("20/3"), "Bão", "Vy", at(on("16/3")))
        unit = session.scalars(select(Unit).where(Unit.code == "kt")).one()
        with pytest.raises(Refusal, match="đến 17/3/2027"):
            mute_unit(session, unit, on("16/3") + timedelta(days=367), "Bão", "Vy", at(on("16/3")))


def test_a_plan_is_chased_by_the_ladder_it_is_given_and_a_running_chase_keeps_its_own(story: Story) -> None:
    later = add_duty(story.world, "02/4", "Báo cáo sau")
    first = story.forward("06/3", "06/3")
    done = chooses(story.world, "nhe")
    assert (done.kept, [move.id for move in done.moves]) == (1, [later])
    assert "lần nhắc tới 19/03/2026 (đầu mối) → 02/04/2026 (đầu mối)" in "\n".join(done.lines())
    assert first | story.forward("07/3", "02/4") == {
        "06/3": ["An: before-10#1"],
        "13/3": ["An: before-5#1"],
        "18/3": ["An: before-2#1", "Bình: before-2#1"],
        "20/3": ["An: due-day#1", "Bình: due-day#1"],
        "23/3": ["Bình: after-1#1"],
        "25/3": ["Phó Chủ tịch Hà: after-3#1"],
        "27/3": ["Chủ tịch Sơn: after-5#1"],
        "02/4": ["An: g#2"],
    }


def test_a_duty_may_have_a_ladder_of_its_own(story: Story) -> None:
    done = chooses(story.world, "nhe", duty=1)
    assert (done.before, done.after, len(done.moves)) == ("default", "nhe", 1)
    assert chooses(story.world, "nhe").apart == 1
    assert chooses(story.world, "nhe", duty=1).nothing
    back = chooses(story.world, "default", duty=1)
    assert (back.before, back.after) == ("nhe", "nhe")
    assert story.forward("03/3", "30/3") == {"20/3": ["An: g#1"]}


def test_a_preview_writes_nothing_and_an_unknown_or_closed_choice_is_refused(story: Story) -> None:
    with story.world.transaction() as session:
        owner = session.get_one(Plan, 1)
        assert len(preview_ladder(session, owner, "nhe", at(on("02/3")), story.world.settings).moves) == 1
        assert (owner.ladder, session.scalars(select(JournalEntry)).all()) == ("default", [])
        with pytest.raises(Refusal, match="đã duyệt: co-phoi-hop, default, nhe"):
            set_ladder(session, owner, "gấp", at(on("02/3")), "Vy", story.world.settings)
        owner.state = "closed"
        session.flush()
        with pytest.raises(Refusal, match="kết thúc"):
            set_ladder(session, owner, "nhe", at(on("02/3")), "Vy", story.world.settings)
