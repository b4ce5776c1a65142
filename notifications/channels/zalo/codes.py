"""Every error code of the Official Account API, what it means for a message, and what the officer reads.

Zalo publishes the codes only inside a JavaScript application; the table follows two independent transcriptions of its
documentation that agree ("Zalo Platform API - Integration Specification" 14.2 and "Zalo Platform Integration Guide"),
with -216/-220/-32/-204/-205/-212/-219 confirmed by a third. A code that stands in no source is never guessed at: it is
`unknown`, so a person sees it and the program does not repeat the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from notifications.channels.base import Delivery, DeliveryKind

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT_ENDS = time(6, 0)
RATE_WINDOW = timedelta(seconds=60)

Wait = Literal["minute", "morning", "tomorrow"]


@dataclass(frozen=True)
class Meaning:
    """What one code means: the kind of failure, the words for the officer, and when to try again.

    ``refresh`` marks the codes that a fresh access token cures; they become `auth` only when it did not.
    """

    kind: DeliveryKind
    words: str
    wait: Wait | None = None
    refresh: bool = False


def _stop(words: str) -> Meaning:
    return Meaning("config", words)


def _elsewhere(words: str) -> Meaning:
    return Meaning("other_channel", words)


def _wrong(words: str) -> Meaning:
    return Meaning("permanent", words)


_TOKEN = Meaning("auth", "Zalo không nhận mã truy cập. Hãy cấp quyền lại cho Official Account.", refresh=True)

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        # Refresh the token and try once more. Reports disagree on -216 or -220 for an expired token: both.
        -216: _TOKEN,
        -220: _TOKEN,
        -124: _TOKEN,
        # Later. -32 speaks of the app or of the OA; only the message tells which.
        -32: Meaning("temporary", "Zalo báo gửi quá nhanh; phải chờ một phút.", "minute"),
        # "send message failed": the server does not say whether it went out.
        -200: Meaning("unknown", "Zalo báo gửi không thành công mà không nói rõ tin đã đi hay chưa."),
        # Not now.
        -234: Meaning("wait_until", "Zalo không nhận loại tin này ban đêm; sẽ gửi sau 6 giờ.", "morning"),
        -133: Meaning("wait_until", "Zalo không nhận loại tin này ban đêm; sẽ gửi sau 6 giờ.", "morning"),
        -211: Meaning("wait_until", "Đã hết hạn mức gửi tin của Official Account; sẽ gửi lại ngày sau.", "tomorrow"),
        -144: Meaning("wait_until", "Đã hết hạn mức gửi tin trong ngày; sẽ gửi lại ngày sau.", "tomorrow"),
        -147: Meaning("wait_until", "Mẫu tin đã hết hạn mức trong ngày; sẽ gửi lại ngày sau.", "tomorrow"),
        # This person, by another way.
        -213: _elsewhere("Người nhận chưa quan tâm Official Account."),
        -230: _elsewhere("Người nhận không tương tác với Official Account trong 7 ngày qua."),
        -232: _elsewhere("Người nhận chưa từng tương tác với Official Account, hoặc lượt tương tác đã hết hạn."),
        -227: _elsewhere("Tài khoản Zalo của người nhận bị khóa, hoặc không hoạt động quá 45 ngày."),
        -217: _elsewhere("Người nhận không nhận tin của Official Account."),
        -218: _elsewhere("Người nhận đã nhận đủ số tin cho phép."),
        -244: _elsewhere("Người nhận đã chặn loại tin này."),
        # The message itself.
        -201: _wrong("Zalo báo dữ liệu của tin không hợp lệ. Hãy kiểm tra mã người nhận Zalo."),
        -210: _wrong("Nội dung tin vượt quá độ dài Zalo cho phép."),
        -233: _wrong("Zalo không cho phép loại tin này. Hãy sửa nội dung tin."),
        -248: _wrong("Nội dung tin vi phạm chính sách của Zalo. Hãy sửa nội dung tin."),
        -249: _wrong("Mẫu tin không gửi được theo mã người dùng Zalo."),
        -100: _wrong("Tệp gửi kèm đã hết hạn trên Zalo. Hãy tải tệp lên lại."),
        # Stop the channel and call the administrator.
        -204: _stop("Official Account đã bị xóa."),
        -205: _stop("Official Account không tồn tại. Hãy kiểm tra cấu hình Zalo."),
        -209: _stop("Ứng dụng Zalo chưa được kích hoạt."),
        -212: _stop("Ứng dụng Zalo chưa được đăng ký dùng chức năng này."),
        -219: _stop("Ứng dụng Zalo đã bị khóa."),
        -221: _stop("Official Account chưa được xác thực."),
        # Also "article quota" in one place: the provider's own words are kept beside ours.
        -223: _stop("Official Account chưa cấp quyền cho ứng dụng, hoặc đã hết hạn mức."),
        -224: _stop("Gói dịch vụ của Official Account không có chức năng này."),
        -235: _stop("Official Account không được gửi tin vào nhóm này."),
        -237: _stop("Nhóm Zalo đã hết hạn hoặc bị khóa. Hãy gia hạn gói nhóm."),
        -238: _stop("Gói nhóm của Official Account không dùng được."),
        -241: _stop("Gói nhóm của Official Account không dùng được."),
        -240: _stop("Zalo đã ngừng cách gửi tin này."),
        -242: _stop("Zalo không nhận chữ ký appsecret_proof. Hãy kiểm tra khóa bí mật của ứng dụng."),
        -320: _stop("Chưa liên kết tài khoản ZBS để trả phí gửi tin."),
        -321: _stop("Tài khoản ZBS không đủ tiền gửi tin."),
        -403: _stop("Official Account không ở trong nhóm Zalo này."),
    }
)


def refreshes(code: int) -> bool:
    """Whether a fresh access token is the cure for this code."""
    meaning = MEANINGS.get(code)
    return meaning is not None and meaning.refresh


def failure_for(code: int, message: str, now: datetime) -> Delivery:
    """The typed failure of one code; ``message`` is Zalo's own text, kept because two codes have two meanings."""
    meaning = MEANINGS.get(code)
    said = f" (Zalo: {message})" if message else ""
    if meaning is None:
        words = f"Zalo trả mã lỗi {code} chưa có trong bảng; chưa rõ tin đã tới hay chưa, cần người xem."
        return Delivery("unknown", str(code), words + said)
    return Delivery(meaning.kind, str(code), meaning.words + said, retry_time(meaning.wait, now))


def retry_time(wait: Wait | None, now: datetime) -> datetime | None:
    """When a wait is over. Night rules name no zone; Asia/Ho_Chi_Minh is assumed."""
    if wait is None:
        return None
    if wait == "minute":
        return now + RATE_WINDOW
    local = now.astimezone(ZONE)
    morning = datetime.combine(local.date(), NIGHT_ENDS, ZONE)
    if wait == "tomorrow" or local >= morning:
        morning = datetime.combine(local.date() + timedelta(days=1), NIGHT_ENDS, ZONE)
    return morning
