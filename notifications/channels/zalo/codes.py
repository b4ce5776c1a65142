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

    ``refresh`` marks the codes that a fresh access token cures; they become `auth` only when it did not. ``narrow``
    marks the settings of one template or group, which say nothing about the channel.
    """

    kind: DeliveryKind
    words: str
    wait: Wait | None = None
    refresh: bool = False
    narrow: bool = False


def amiss(words: str) -> Meaning:
    """A template or a group is set up wrongly: a person is called, and the channel serves all others."""
    return Meaning("config", words, narrow=True)


def stop(words: str) -> Meaning:
    """Nobody's address is at fault: the channel stops and a person is called."""
    return Meaning("config", words)


def elsewhere(words: str) -> Meaning:
    """This person cannot be reached here: the next channel."""
    return Meaning("other_channel", words)


def wrong(words: str) -> Meaning:
    """This message will never be taken."""
    return Meaning("permanent", words)


TOKEN = Meaning("auth", "Zalo không nhận mã truy cập. Hãy cấp quyền lại cho Official Account.", refresh=True)

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        # Refresh the token and try once more. Reports disagree on -216 or -220 for an expired token: both.
        -216: TOKEN,
        -220: TOKEN,
        -124: TOKEN,
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
        -213: elsewhere("Người nhận chưa quan tâm Official Account."),
        -230: elsewhere("Người nhận không tương tác với Official Account trong 7 ngày qua."),
        -232: elsewhere("Người nhận chưa từng tương tác với Official Account, hoặc lượt tương tác đã hết hạn."),
        -227: elsewhere("Tài khoản Zalo của người nhận bị khóa, hoặc không hoạt động quá 45 ngày."),
        -217: elsewhere("Người nhận không nhận tin của Official Account."),
        -218: elsewhere("Người nhận đã nhận đủ số tin cho phép."),
        -244: elsewhere("Người nhận đã chặn loại tin này."),
        # The message itself.
        -201: wrong("Zalo báo dữ liệu của tin không hợp lệ. Hãy kiểm tra mã người nhận Zalo."),
        -210: wrong("Nội dung tin vượt quá độ dài Zalo cho phép."),
        -233: wrong("Zalo không cho phép loại tin này. Hãy sửa nội dung tin."),
        -248: wrong("Nội dung tin vi phạm chính sách của Zalo. Hãy sửa nội dung tin."),
        -249: wrong("Mẫu tin không gửi được theo mã người dùng Zalo."),
        -100: wrong("Tệp gửi kèm đã hết hạn trên Zalo. Hãy tải tệp lên lại."),
        # Stop the channel and call the administrator.
        -204: stop("Official Account đã bị xóa."),
        -205: stop("Official Account không tồn tại. Hãy kiểm tra cấu hình Zalo."),
        -209: stop("Ứng dụng Zalo chưa được kích hoạt."),
        -212: stop("Ứng dụng Zalo chưa được đăng ký dùng chức năng này."),
        -219: stop("Ứng dụng Zalo đã bị khóa."),
        -221: stop("Official Account chưa được xác thực."),
        -223: stop("Official Account chưa cấp quyền này cho ứng dụng. Hãy cấp quyền lại: dondoc zalo connect."),
        -224: stop("Gói dịch vụ của Official Account không có chức năng này."),
        -235: amiss("Official Account không được gửi tin vào nhóm này."),
        -237: amiss("Nhóm Zalo đã hết hạn hoặc bị khóa. Hãy gia hạn gói nhóm."),
        -238: amiss("Gói nhóm của Official Account không dùng được."),
        -241: amiss("Gói nhóm của Official Account không dùng được."),
        -240: stop("Zalo đã ngừng cách gửi tin này."),
        -242: stop("Zalo không nhận chữ ký appsecret_proof. Hãy kiểm tra khóa bí mật của ứng dụng."),
        -320: stop("Chưa liên kết tài khoản ZBS để trả phí gửi tin."),
        -321: stop("Tài khoản ZBS không đủ tiền gửi tin."),
        -403: amiss("Official Account không ở trong nhóm Zalo này."),
    }
)


# Codes that speak of two things. Only Zalo's words tell which, and nobody has published them exactly, so a word decides
# and without it the meaning of the table stands.
VARIANTS: Mapping[int, tuple[tuple[tuple[str, ...], Meaning], ...]] = MappingProxyType(
    {
        -32: (
            (("app",), Meaning("temporary", "Ứng dụng Zalo gửi quá nhanh (giới hạn chung của ứng dụng).", "minute")),
            (("oa",), Meaning("temporary", "Official Account gửi quá nhanh (giới hạn của gói dịch vụ).", "minute")),
        ),
        -223: (
            (
                ("quota", "hạn mức"),
                Meaning("wait_until", "Đã hết hạn mức của Official Account; sẽ gửi lại ngày sau.", "tomorrow"),
            ),
        ),
    }
)


def refreshes(code: int, meanings: Mapping[int, Meaning] = MEANINGS) -> bool:
    """Whether a fresh access token is the cure for this code."""
    meaning = meanings.get(code)
    return meaning is not None and meaning.refresh


def meaning_of(code: int, message: str, meanings: Mapping[int, Meaning] = MEANINGS) -> Meaning | None:
    """What a code means beside Zalo's own words; None for a code that stands in no source."""
    said = message.lower()
    fitting = (told for words, told in VARIANTS.get(code, ()) if any(word in said for word in words))
    return next(fitting, None) or meanings.get(code)


def failure_for(
    code: int, message: str, now: datetime, meanings: Mapping[int, Meaning] = MEANINGS, about: str = ""
) -> Delivery:
    """The typed failure of one code; ``message`` is Zalo's own text, ``about`` what it is told of (a template)."""
    meaning = meaning_of(code, message, meanings)
    said = f" (Zalo: {message})" if message else ""
    if meaning is None:
        words = f"Zalo trả mã lỗi {code} chưa có trong bảng; chưa rõ tin đã tới hay chưa, cần người xem."
        return Delivery("unknown", str(code), about + words + said)
    when = retry_time(meaning.wait, now)
    return Delivery(meaning.kind, str(code), about + meaning.words + said, when, narrow=meaning.narrow)


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
