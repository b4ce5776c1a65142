"""When a job was last to run, as prefect.yaml says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.faults import ConfigFault
from config.schedules import last_due, load_schedules, read_cron
from tests.notifications.chase_world import at, on

NOON = at(on("18/3"), "12:00")

# line -> moment, the newest time at or before it
CRONS = {
    "every quarter": ("*/15 7-17 * * 1-6", "18/3 12:07", "18/3 12:00"),
    "before its hours": ("*/15 7-17 * * 1-6", "18/3 06:59", "17/3 17:45"),
    "over a Sunday": ("*/15 7-17 * * 1-6", "23/3 06:59", "21/3 17:45"),
    "at the minute": ("30 1 * * *", "18/3 01:30", "18/3 01:30"),
    "a list": ("0,30 7-16 * * *", "18/3 16:59", "18/3 16:30"),
    "a day of the month": ("0 6 1 * *", "18/3 12:00", "1/3 06:00"),
    "a day or a weekday": ("0 6 1 * 1", "18/3 12:00", "16/3 06:00"),
    "Sunday as 7": ("0 6 * * 7", "18/3 12:00", "15/3 06:00"),
}


@pytest.mark.parametrize(("line", "moment", "due"), CRONS.values(), ids=CRONS)
def test_when_a_schedule_was_last_due(line: str, moment: str, due: str) -> None:
    asked, expected = (at(on(one.split()[0]), one.split()[1]) for one in (moment, due))
    assert read_cron(line).last_due(asked) == expected


@pytest.mark.parametrize("line", ["", "* * * *", "60 * * * *", "5-1 * * * *", "a * * * *", "* * * * * *"])
def test_a_line_that_is_no_schedule_is_told(line: str) -> None:
    with pytest.raises(ConfigFault, match=r"prefect\.yaml"):
        read_cron(line)


def test_every_deployment_has_its_times() -> None:
    assert {"chase_units", "deliver_messages", "read_plan", "watch_silence"} <= set(load_schedules())
    assert last_due("deliver_messages", NOON + timedelta(minutes=3)) == NOON
    assert last_due("web", NOON) is None
