"""The words of what is over; an alert itself has a template (`notifications.composing`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chasing import cut, fit, say_moment
from config.settings import Settings
from notifications.composing import Composed

LONGEST = 2000
"""Characters: the shortest limit of any channel."""


def compose_recovery(ended: Sequence[Mapping[str, str]], now: datetime, settings: Settings) -> Composed:
    """That faults are over: `message` as it was told, `since` in words."""

    def write(shown: int) -> str:
        lines = [f"- Đã khỏi: {one['message']} (báo từ {one['since']})" for one in ended[:shown]]
        more = [f"… và {len(ended) - shown} lỗi khác."] if shown < len(ended) else []
        head = f"Hệ thống đôn đốc đã trở lại bình thường ở những điểm sau (lúc {say_moment(now)}):"
        return "\n".join([head, "", *lines, *more, "", f"Trang theo dõi: {settings.base_url}"])

    subject = f"[Hệ thống đôn đốc] Đã khỏi: {cut(ended[0]['message'], 140)}"
    return Composed(subject, fit(len(ended), write, LONGEST)[0], None)
