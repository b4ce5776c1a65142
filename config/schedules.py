"""When each job is to run, as prefect.yaml says: read here, so that a job that stays away is missed without Prefect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from config.clock import ZONE
from config.faults import ConfigFault

ROOT = Path(__file__).resolve().parents[1]
# The wheel carries a copy beside the flows; a checkout has it in the root.
PLACES = (ROOT / "flows" / "prefect.yaml", ROOT / "prefect.yaml")
# Fields of a cron line with the bounds of each (crontab(5)); 7 is Sunday as well as 0.
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
LONGEST_GAP = 366


@dataclass(frozen=True)
class Schedule:
    """One cron line on the office's clock, each field as the numbers that it allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """Day and weekday are both named: then either makes a day (crontab(5))."""

    def last_due(self, moment: datetime) -> datetime | None:
        """The newest instant of the schedule at or before `moment`; None when there was none within a year."""
        here = moment.astimezone(ZONE)
        for back in range(LONGEST_GAP):
            day = here.date() - timedelta(days=back)
            if self._on(day):
                until = here.time() if back == 0 else time.max
                if found := next((one for one in self._times() if one <= until), None):
                    return datetime.combine(day, found, ZONE)
        return None

    def _on(self, day: date) -> bool:
        named, weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (named or weekday if self.either_day else named and weekday)

    def _times(self) -> Iterator[time]:
        """Times of a day, the latest first."""
        for hour in sorted(self.hours, reverse=True):
            for minute in sorted(self.minutes, reverse=True):
                yield time(hour, minute)


def read_cron(line: str) -> Schedule:
    """A line of five fields with *, lists, ranges and steps. Raises ConfigFault for anything else."""
    fields = line.split()
    try:
        minutes, hours, days, months, weekdays = (
            _numbers(field, *bounds) for field, bounds in zip(fields, BOUNDS, strict=True)
        )
    except ValueError as error:
        raise ConfigFault(f"prefect.yaml: không hiểu lịch chạy «{line}».") from error
    weekdays = frozenset(number % 7 for number in weekdays)
    return Schedule(minutes, hours, days, months, weekdays, "*" not in (fields[2], fields[4]))


def _numbers(field: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("", "", "") if span == "*" else span.partition("-")
        start = int(first) if first else low
        end = int(last) if last else (start if first and not step else high)
        if not low <= start <= end <= high:
            raise ValueError(part)
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


@lru_cache(maxsize=1)
def load_schedules() -> dict[str, tuple[Schedule, ...]]:
    """The schedules of each job by its name. Raises ConfigFault."""
    path = next(place for place in PLACES if place.exists())
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]
    return {entry["name"]: tuple(read_cron(each["cron"]) for each in entry["schedules"]) for entry in entries}


def last_due(job: str, moment: datetime) -> datetime | None:
    """When a job was last to run at or before an instant; None for a job without a schedule."""
    found = [due for one in load_schedules().get(job, ()) if (due := one.last_due(moment))]
    return max(found, default=None)
