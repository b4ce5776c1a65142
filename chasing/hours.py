"""The office's zone and hours, and how its dates are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deadlines import WorkCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT_ENDS, NIGHT_BEGINS = time(6), time(22)
"""Nobody's telephone rings outside these hours; Zalo itself silences some messages then (facts/channels.md 1.3)."""


@dataclass(frozen=True)
class OfficeHours:
    """From `start` up to, not with, `end`, local time."""

    start: time = time(7, 30)
    end: time = time(17)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("giờ làm việc phải bắt đầu trước khi kết thúc")

    def covers(self, now: datetime) -> bool:
        """Whether the office is open at this time of day."""
        return self.start <= local(now).time() < self.end


def local(now: datetime) -> datetime:
    """An instant on the office's clock. Raises ValueError for a naive datetime."""
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return now if now.tzinfo is ZONE else now.astimezone(ZONE)


def is_office_time(now: datetime, calendar: WorkCalendar, hours: OfficeHours) -> bool:
    """Whether now lies on a working day within the hours."""
    return hours.covers(now) and calendar.is_working(local(now).date())


def after_night(now: datetime) -> datetime:
    """Now, or the next morning at 06:00 when it is night."""
    here = local(now)
    if NIGHT_ENDS <= here.time() < NIGHT_BEGINS:
        return now
    day = here.date() if here.time() < NIGHT_ENDS else here.date() + timedelta(days=1)
    return datetime.combine(day, NIGHT_ENDS, ZONE)


def start_of_day(day: date) -> datetime:
    """00:00 of a day on the office's clock."""
    return datetime.combine(day, time(), ZONE)


def say_date(day: date) -> str:
    """A date as documents write it (Nghị định 30/2020, Phụ lục I): a zero before days under 10 and months 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def say_moment(moment: datetime) -> str:
    """An instant on the office's clock, in words: "08:05 ngày 20/3/2026"."""
    here = local(moment)
    return f"{here:%H:%M} ngày {say_date(here.date())}"
