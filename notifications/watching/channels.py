"""Channels that fail, pause or lose their right to send, and a queue that stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from chasing import OfficeHours, cut, is_office_time, say_moment
from db.models import ChannelToken
from db.queries import outbox_queries, watch_queries
from deadlines import WorkCalendar
from notifications.history import CHANNEL_WORDS
from notifications.limits import APP
from notifications.watching.faults import Fault

LAG_LIMIT = timedelta(hours=1)
DAY = timedelta(days=1)
FAILING_SHARE, FAILING_LEAST = 0.5, 5
SAME_CODE = 10
"""So many messages a day refused for one reason are told although the channel works."""
LONG_PAUSE = timedelta(minutes=10)
REFRESH_LIFE, REFRESH_WARNING = timedelta(days=90), timedelta(days=15)
"""A refresh token of Zalo lives three months from the renewal that gave it (facts of its OAuth documentation)."""
ACCESS_GRACE = timedelta(hours=1)
ZALO_CHANNELS = ("zalo", "zalo_template", "zbs")
"""What one pair of tokens of the Official Account serves."""
CONNECT = "Người quản trị Official Account phải cấp quyền lại: dondoc zalo connect."


def _name(channel: str) -> str:
    return CHANNEL_WORDS.get(channel, channel)


def channel_faults(session: Session, now: datetime, calendar: WorkCalendar) -> list[Fault]:
    """Every fault of the channels and their queue."""
    lag = queue_lag(session, now, calendar)
    return [
        *([lag] if lag else []),
        *_failing(session, now),
        *_paused(session, now),
        *[fault for token in watch_queries.tokens(session) if (fault := _token(session, token, now))],
        *_unknown(session),
        *_barred(session, now),
        *_unreached(session, now),
    ]


def queue_lag(session: Session, now: datetime, calendar: WorkCalendar) -> Fault | None:
    """A message that could have left in office hours has waited for an hour."""
    if not is_office_time(now - LAG_LIMIT, calendar, OfficeHours()):
        return None
    oldest = outbox_queries.oldest_waiting(session, now)
    if oldest is None or oldest > now - LAG_LIMIT:
        return None
    message = f"Có tin chờ gửi từ {say_moment(oldest)} mà chưa gửi được."
    return Fault("queue-lag", message, "Hãy xem hộp gửi đi (dondoc outbox list) và kiểm tra kênh bằng dondoc doctor.")


def _failing(session: Session, now: datetime) -> list[Fault]:
    outcomes: dict[str, Counter[str]] = {}
    for channel, state, number in outbox_queries.outcomes_since(session, now - DAY):
        outcomes.setdefault(channel, Counter())[state] += number
    codes = watch_queries.failed_codes(session, now - DAY)
    failing = {channel: counts for channel, counts in outcomes.items() if _fails(counts)}
    whole = [_failing_channel(channel, counts, codes) for channel, counts in sorted(failing.items())]
    return whole + [
        _failing_code(channel, code, number)
        for channel, code, number in codes
        if code and number >= SAME_CODE and channel not in failing
    ]


def _fails(counts: Counter[str]) -> bool:
    return counts.total() >= FAILING_LEAST and counts["sent"] < counts.total() * (1 - FAILING_SHARE)


def _failing_channel(channel: str, counts: Counter[str], codes: Sequence[tuple[str, str, int]]) -> Fault:
    often = next(((code, number) for name, code, number in codes if name == channel and code), None)
    reason = f" Lý do nhiều nhất: mã {often[0]} ({often[1]} tin)." if often else ""
    missed = counts.total() - counts["sent"]
    message = f"Kênh {_name(channel)}: {missed}/{counts.total()} tin trong 24 giờ qua không tới nơi.{reason}"
    cure = "Hãy xem lý do trong hộp gửi đi và kiểm tra kênh bằng dondoc doctor."
    return Fault(f"channel-{channel}", message, cure, channel)


def _failing_code(channel: str, code: str, number: int) -> Fault:
    message = f"Kênh {_name(channel)}: {number} tin trong 24 giờ qua cùng bị từ chối với mã {code}."
    return Fault(f"code-{channel}-{code}", message, "Hãy xem lý do trong hộp gửi đi.", grave=False)


def _paused(session: Session, now: datetime) -> list[Fault]:
    """A pause of some minutes is how a limit works; a longer one holds people up."""
    return [
        Fault(
            f"paused-{window.channel}",
            f"Kênh {_name(window.channel)} tạm dừng đến {say_moment(window.paused_until)}: "
            f"{cut(window.pause_reason or 'nhà cung cấp giới hạn số tin', 160).rstrip('.')}.",
            "Tin chờ sẽ đi khi hết hạn dừng; nếu thường xuyên bị dừng, hãy nâng gói dịch vụ hoặc giảm số tin.",
            window.channel,
            ZALO_CHANNELS if window.channel == APP else (),
            grave=False,
        )
        for window in watch_queries.paused_windows(session, now + LONG_PAUSE)
        if window.paused_until
    ]


def _token(session: Session, token: ChannelToken, now: datetime) -> Fault | None:
    code = f"token-{token.channel}"
    if token.lost_at:
        message = f"Official Account Zalo mất quyền gửi tin từ {say_moment(token.lost_at)}."
        return Fault(code, message, CONNECT, "zalo", ZALO_CHANNELS)
    ends = token.updated_at + REFRESH_LIFE
    if ends <= now:
        message = f"Quyền gia hạn mã truy cập Zalo đã hết từ {say_moment(ends)}."
        return Fault(code, message, CONNECT, "zalo", ZALO_CHANNELS)
    if token.expires_at < now - ACCESS_GRACE and watch_queries.waits_on(session, ZALO_CHANNELS, now - ACCESS_GRACE):
        message = f"Mã truy cập Zalo hết hạn từ {say_moment(token.expires_at)} mà chưa gia hạn được, tin Zalo đang chờ."
        return Fault(
            code,
            message,
            "Hãy chạy dondoc doctor; nếu vẫn lỗi, hãy cấp quyền lại: dondoc zalo connect.",
            "zalo",
            ZALO_CHANNELS,
        )
    if ends - REFRESH_WARNING <= now:
        message = f"Quyền gia hạn mã truy cập Zalo sẽ hết lúc {say_moment(ends)} vì lâu không dùng tới."
        return Fault(
            f"{code}-old", message, "Hãy chạy dondoc doctor để gia hạn, hoặc dondoc zalo connect.", grave=False
        )
    return None


def _unknown(session: Session) -> list[Fault]:
    number = outbox_queries.count_unknown(session)
    cure = "Hãy chọn gửi lại hoặc coi như đã gửi trong hộp gửi đi."
    message = f"Có {number:02d} tin không rõ đã tới hay chưa."
    return [Fault("unknown", message, cure, grave=False)] if number else []


def _barred(session: Session, now: datetime) -> list[Fault]:
    """Dead addresses of the last day; each new one makes it news again."""
    bars = watch_queries.new_bars(session, now - DAY)
    if not bars:
        return []
    shown = ", ".join(f"{bar.address} ({_name(bar.channel)})" for bar in bars[:5])
    more = f" và {len(bars) - 5} địa chỉ khác" if len(bars) > 5 else ""
    message = f"{len(bars):02d} địa chỉ mới bị ngừng gửi vì không tới được: {shown}{more}."
    cure = "Hãy sửa địa chỉ trong danh bạ, hoặc cho gửi lại ở trang Hộp gửi đi."
    return [Fault(f"barred-{bars[0].id}", message, cure, grave=False, event=True)]


def _unreached(session: Session, now: datetime) -> list[Fault]:
    """Messages of the last day that failed on every channel of their reader; each new one makes it news again."""
    lost = watch_queries.lost_messages(session, now - DAY)
    if not lost:
        return []
    names = list(dict.fromkeys(name for _, name in lost))
    shown = ", ".join(names[:5]) + (f" và {len(names) - 5} người khác" if len(names) > 5 else "")
    message = f"{len(lost):02d} tin trong 24 giờ qua không tới người nhận bằng kênh nào: {shown}."
    cure = "Hãy báo cho đơn vị bằng cách khác, sửa địa chỉ trong danh bạ rồi cho gửi lại ở trang Hộp gửi đi."
    return [Fault(f"unreached-{lost[0][0]}", message, cure, grave=False, event=True)]
