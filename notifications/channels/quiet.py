"""Which channel keeps silent at which hours, by the provider's own rule; the office's own night is another matter.

Transcribed documentation, 15.3: consultation and group messages 24 hours a day; a template by user id is accepted at
night but the telephone stays silent from 22:00 to 06:00; a template by telephone number is refused then (-133). No page
names a time zone, Asia/Ho_Chi_Minh is assumed. For bots no rule was found.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.channels.base import ChannelName, require_aware

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
NIGHT = "night"
"""The code of a Delivery that only waits for the morning: an urgent message may take another channel instead."""
SILENT_AT_NIGHT: frozenset[ChannelName] = frozenset({"zalo_template", "zbs"})


def quiet_until(channel: ChannelName, now: datetime) -> datetime | None:
    """When the channel will be heard again, or None when it is heard now. Raises ValueError for a naive instant."""
    here = require_aware(now).astimezone(ZONE)
    if channel not in SILENT_AT_NIGHT or NIGHT_ENDS <= here.time() < NIGHT_BEGINS:
        return None
    day = here.date() + timedelta(days=here.time() >= NIGHT_BEGINS)
    return datetime.combine(day, NIGHT_ENDS, ZONE)
