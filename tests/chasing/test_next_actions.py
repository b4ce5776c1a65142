"""What the chase says at an instant, case by case; silence is asserted as carefully as speech."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from chasing import CaseView, Ladder, next_actions, next_step
from chasing.hours import after_night
from tests.chasing.chase_cases import CALENDAR, DEFAULT, at, case, on, step


def told(view: CaseView, now: datetime) -> list[tuple[str, tuple[str, ...]]]:
    return [(action.step.key, action.roles) for action in next_actions(view, now, CALENDAR)]


# Due Friday 20/3/2026; Saturday 14/3 is worked, so the fifth working day before is Saturday 14/3.
SPEAKS = {
    "ten working days before": ("09/3", {}, "before-10", ("contact",)),
    "five before, on a make-up Saturday": ("14/3", {"last_step": "before-10"}, "before-5", ("contact",)),
    "two before, the leader too": ("18/3", {"last_step": "before-5"}, "before-2", ("contact", "leader")),
    "the day itself": ("20/3", {"last_step": "before-2"}, "due-day", ("contact", "leader")),
    "one working day late": ("23/3", {"last_step": "due-day"}, "after-1", ("leader",)),
    "three late": ("25/3", {"last_step": "after-1"}, "after-3", ("vice_chair",)),
    "five late": ("27/3", {"last_step": "after-3"}, "after-5", ("chair",)),
    "a returned answer is chased": ("23/3", {"state": "returned", "last_step": "due-day"}, "after-1", ("leader",)),
    "an extension counts anew": (
        "06/4",
        {"extended_due": on("08/4"), "last_step": "after-1", "last_step_at": at("23/3"), "restarted_at": at("24/3")},
        "before-2",
        ("contact", "leader"),
    ),
    "quiet is over": ("25/3", {"acknowledged_at": at("18/3"), "last_step": "after-1"}, "after-3", ("vice_chair",)),
    "mute is over": ("20/3", {"muted_until": on("19/3")}, "due-day", ("contact", "leader")),
    "five days of outage: one step, and nobody is passed over": (
        "27/3",
        {"last_step": "due-day"},
        "after-5",
        ("leader", "vice_chair", "chair"),
    ),
    "an outage before the date": ("18/3", {}, "before-2", ("contact", "leader")),
    "progress check": ("17/3", {"kind": "progress_check"}, "check-3", ("contact",)),
    "progress check not answered": ("25/3", {"kind": "progress_check"}, "check-after", ("leader",)),
}


@pytest.mark.parametrize(("day", "changes", "key", "roles"), SPEAKS.values(), ids=SPEAKS)
def test_speaks(day: str, changes: dict[str, Any], key: str, roles: tuple[str, ...]) -> None:
    assert told(case(**changes), at(day)) == [(key, roles)]


SILENT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "too early": ("06/3", "08:00", {}),
    "the step was told": ("10/3", "08:00", {"last_step": "before-10"}),
    "a higher step was told": ("10/3", "08:00", {"last_step": "before-5"}),
    "submitted": ("27/3", "08:00", {"state": "submitted"}),
    "accepted": ("27/3", "08:00", {"state": "accepted"}),
    "waived": ("27/3", "08:00", {"state": "waived"}),
    "on hold": ("27/3", "08:00", {"state": "on_hold"}),
    "recorded before the plan": ("27/3", "08:00", {"state": "recorded"}),
    "cancelled": ("27/3", "08:00", {"state": "cancelled"}),
    "Sunday": ("22/3", "08:00", {}),
    "Saturday": ("21/3", "08:00", {}),
    "a day of Tết": ("17/2", "08:00", {"due_target": on("23/2"), "due_legal": on("23/2")}),
    "before office hours": ("20/3", "07:29", {}),
    "after office hours": ("20/3", "17:00", {}),
    "the last quiet day": ("20/3", "08:00", {"acknowledged_at": at("17/3")}),
    "a quiet date set by hand": ("20/3", "08:00", {"quiet_until": on("20/3"), "acknowledged_at": at("02/3")}),
    "returned yesterday": ("24/3", "08:00", {"state": "returned", "returned_at": at("23/3"), "last_step": "due-day"}),
    "muted": ("20/3", "08:00", {"muted_until": on("20/3")}),
    "the legal day has not ended": ("23/3", "16:59", {"due_legal": on("23/3"), "last_step": "due-day"}),
    "extended": ("27/3", "08:00", {"extended_due": on("30/4"), "last_step": "before-2"}),
    "after the last step": ("30/4", "08:00", {"last_step": "after-5", "last_step_at": at("27/3")}),
    "progress checks never climb": ("30/4", "08:00", {"kind": "progress_check", "last_step": "check-after"}),
}


@pytest.mark.parametrize(("day", "clock", "changes"), SILENT.values(), ids=SILENT)
def test_is_silent(day: str, clock: str, changes: dict[str, Any]) -> None:
    assert told(case(**changes), at(day, clock)) == []


def test_an_acknowledged_case_does_not_end_in_silence_after_the_last_step() -> None:
    forgotten = case(last_step="after-5", last_step_at=at("27/3"), acknowledged_at=at("30/3"))
    assert told(forgotten, at("02/4")) == []
    assert told(forgotten, at("03/4")) == [("after-5", ("leader",))]
    assert told(replace(forgotten, last_step_at=at("03/4")), at("06/4")) == []


def test_overdue_begins_at_midnight_after_the_legal_day() -> None:
    view = case(due_legal=on("23/3"))
    assert not view.is_overdue(at("23/3", "23:59"))
    assert view.is_overdue(at("24/3", "00:00"))
    assert not replace(view, extended_due=on("25/3")).is_overdue(at("25/3", "23:59"))
    assert not replace(view, kind="progress_check").is_overdue(at("30/4"))


REASONS = {
    "days left": ("18/3", {}, "Còn 02 ngày làm việc (hạn 20/3/2026)"),
    "today": ("20/3", {}, "Đến hạn hôm nay (20/3/2026)"),
    "between target and legal": (
        "20/3",
        {"due_target": on("19/3"), "due_legal": on("23/3")},
        "Đã tới hạn, chậm nhất hết ngày 23/3/2026",
    ),
    "late": ("25/3", {}, "Quá hạn 03 ngày làm việc (hạn 20/3/2026)"),
    "late after an extension": (
        "10/4",
        {"extended_due": on("09/4")},
        "Quá hạn 01 ngày làm việc (hạn 09/4/2026, đã gia hạn)",
    ),
    "progress, before": (
        "17/3",
        {"kind": "progress_check"},
        "Còn 03 ngày làm việc đến ngày hẹn báo tiến độ (20/3/2026)",
    ),
    "progress, after": (
        "25/3",
        {"kind": "progress_check"},
        "Chưa thấy thông tin tiến độ (ngày hẹn 20/3/2026)",
    ),
}


@pytest.mark.parametrize(("day", "changes", "reason"), REASONS.values(), ids=REASONS)
def test_the_reason_is_one_true_line(day: str, changes: dict[str, Any], reason: str) -> None:
    (action,) = next_actions(case(**changes), at(day), CALENDAR)
    assert action.reason == reason
    assert changes.get("kind") != "progress_check" or "quá hạn" not in action.reason.lower()


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_actions(case(), datetime(2026, 3, 20, 8), CALENDAR)  # noqa: DTZ001


def test_a_step_of_any_hour_speaks_on_sunday_night() -> None:
    ladder = Ladder("khẩn", (step("now", "on", 0, any_hour=True),))
    assert told(case("20/3", ladder=ladder), at("22/3", "23:00")) == [("now", ("contact",))]


def test_pages_can_show_what_comes_next() -> None:
    view = case(last_step="before-5")
    assert next_step(view, at("16/3"), CALENDAR) == (DEFAULT.step("report", "before-2"), on("18/3"))
    assert next_step(replace(view, state="submitted"), at("16/3"), CALENDAR) is None
    # After an outage the page names the one step that will be told, not those leapt over.
    assert next_step(view, at("27/3"), CALENDAR) == (DEFAULT.step("report", "after-5"), on("27/3"))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("21:59", at("20/3", "21:59")), ("22:00", at("21/3", "06:00")), ("03:00", at("20/3", "06:00"))],
)
def test_night_is_waited_out(clock: str, expected: datetime) -> None:
    assert after_night(at("20/3", clock)) == expected


def test_dates_keep_the_form_of_official_writing() -> None:
    from chasing import say_date

    assert [say_date(date(2026, 2, 5)), say_date(date(2026, 3, 20))] == ["05/02/2026", "20/3/2026"]
