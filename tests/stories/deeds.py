"""What people do in the stories, each through the service that a page or a reply calls."""

from __future__ import annotations

from datetime import date

from submissions.checks import Answer
from submissions.receiving import acknowledge, ask_extension, submit
from submissions.review import accept, decide_extension, return_for
from tests.notifications.chase_world import CALENDAR, World
from tests.stories.story import Deed, occurrence


def acknowledges(number: int) -> Deed:
    return lambda session, now: acknowledge(session, number, "An", now)


def answers(world: World, number: int) -> Deed:
    answer = Answer("report", text="Đã hoàn thành các nội dung được giao.")
    return lambda session, now: submit(session, number, answer, "An", "web", now, world.settings)


def last_submission(number: int, world: World, verdict: str) -> Deed:
    def deed(session: object, now: object) -> None:
        submission = occurrence(session, number).submissions[-1]  # type: ignore[arg-type]
        if verdict == "accept":
            accept(session, submission.id, "Vy", now, world.settings)  # type: ignore[arg-type]
        else:
            return_for(session, submission.id, "Thiếu phụ lục", "Vy", now, world.settings)  # type: ignore[arg-type]

    return deed


def asks(number: int, until: date) -> Deed:
    return lambda session, now: ask_extension(session, number, until, "Chờ số liệu của tỉnh", "An", now, CALENDAR)


def decides(world: World, number: int, granted: bool, due: date | None = None) -> Deed:
    def deed(session: object, now: object) -> None:
        extension = occurrence(session, number).extensions[-1]  # type: ignore[arg-type]
        note = "" if granted else "Phải kịp kỳ họp"
        decide_extension(
            session,  # type: ignore[arg-type]
            extension.id,
            granted,
            due,
            note,
            "Vy",
            now,  # type: ignore[arg-type]
            CALENDAR,
            world.settings,
        )

    return deed
