"""The clock gives plain, aware datetimes in the office's zone, whatever was typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.clock import ZONE, now, parse_now
from config.faults import ConfigFault

EIGHT = datetime(2026, 3, 16, 8, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-16T08:00+07:00",
        "2026-03-16T08:00",
        "2026-03-16T01:00Z",
        "2026-03-16 08:00:00",
        "2026-03-15T20:00-05:00",
    ],
)
def test_an_instant_may_be_typed_in_many_ways(typed: str) -> None:
    assert parse_now(typed) == EIGHT
    assert parse_now(typed).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("typed", ["hôm nay", "2026-13-01", "P1D", "2026-03-16/2026-03-17"])
def test_what_is_no_instant_is_told_with_an_example(typed: str) -> None:
    with pytest.raises(ConfigFault, match="Hãy viết như 2026-03-16T08:00"):
        parse_now(typed)


@pytest.mark.parametrize("moment", [now(), parse_now("2026-03-16T08:00"), parse_now(None)])
def test_arithmetic_never_loses_the_zone(moment: datetime) -> None:
    assert type(moment) is datetime
    assert (moment.astimezone(UTC) + timedelta(days=45)).tzinfo is not None
