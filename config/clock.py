"""The clock and the zone. Only the edges (cli, web, tasks, flows) ask what time it is; a test holds this."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pendulum

from config.faults import ConfigFault

ZONE_NAME = "Asia/Ho_Chi_Minh"
ZONE = ZoneInfo(ZONE_NAME)


def now() -> datetime:
    """This instant, in the zone of the office."""
    return _plain(pendulum.now(ZONE_NAME))


def _plain(moment: datetime) -> datetime:
    # pendulum's own class loses its zone in arithmetic across stdlib zones; below the edges only datetime is known.
    return datetime.fromtimestamp(moment.timestamp(), ZONE)


def parse_now(text: str | None) -> datetime:
    """An instant typed by a person ("2026-03-16T08:00+07:00"; without an offset: local time), or this instant.

    Raises ConfigFault when the words are no instant.
    """
    if not text:
        return now()
    try:
        moment = pendulum.parse(text, tz=ZONE_NAME)
    except ValueError as error:
        raise ConfigFault(
            f"Không hiểu thời điểm {text!r}. Hãy viết như 2026-03-16T08:00 hoặc 2026-03-16T08:00+07:00."
        ) from error
    if not isinstance(moment, datetime):
        raise ConfigFault(f"{text!r} không phải là một thời điểm. Hãy viết như 2026-03-16T08:00.")
    return _plain(moment)
