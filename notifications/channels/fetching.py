"""Downloads of what others name, such as the file of a Zalo message: guarded, bounded in bytes and in time."""

from __future__ import annotations

import time
from contextlib import closing

import requests
from urllib3.exceptions import HTTPError

from config.faults import Refusal
from notifications.channels.guard import BarredAddress, GuardSettings, guarded_request

CHUNK = 1 << 16
LONGEST_SECONDS = 60.0
"""A server that drips bytes keeps a worker no longer than this."""
PASSING = (408, 425, 429, 500, 502, 503, 504)


class NotFetched(Refusal):
    """The file did not come. ``temporary``: asking again may help; else the address is refused for good."""

    def __init__(self, message: str, *, temporary: bool) -> None:
        super().__init__(message)
        self.temporary = temporary


def fetch(url: str, limit_bytes: int, settings: GuardSettings) -> bytes:
    """The bytes behind an address; to be called with no transaction open. Raises NotFetched, in Vietnamese.

    Never follows a redirect, never reaches into the own network (see `guard`), never holds more than `limit_bytes`.
    """
    try:
        with closing(guarded_request("GET", url, settings, headers={"Accept-Encoding": "identity"})) as response:
            _refuse_unwanted(response, limit_bytes)
            return _body(response, limit_bytes)
    except BarredAddress as error:
        raise NotFetched(f"Không tải được tệp. {error}", temporary=False) from error
    except (requests.RequestException, HTTPError, OSError) as error:
        # urllib3's own errors come while the body is read, a body cut short among them.
        words = f"Không tải được tệp vì mất kết nối ({type(error).__name__}). Hãy thử lại sau ít phút."
        raise NotFetched(words, temporary=True) from error


def _refuse_unwanted(response: requests.Response, limit_bytes: int) -> None:
    if 300 <= response.status_code < 400:
        raise NotFetched("Không tải được tệp: địa chỉ chuyển hướng sang nơi khác.", temporary=False)
    if response.status_code != 200:
        passing = response.status_code in PASSING
        raise NotFetched(f"Không tải được tệp (máy chủ trả lời {response.status_code}).", temporary=passing)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotFetched("Không tải được tệp: máy chủ nén nội dung dù không được yêu cầu.", temporary=False)
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > limit_bytes:
        raise _too_large(limit_bytes)


def _body(response: requests.Response, limit_bytes: int) -> bytes:
    """The body as it arrives. `read1` gives what is there, so that the time is looked at between two small pieces."""
    until = time.monotonic() + LONGEST_SECONDS
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(CHUNK, decode_content=False):
        size += len(piece)
        pieces.append(piece)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        if time.monotonic() > until:
            raise NotFetched("Không tải được tệp: máy chủ gửi quá chậm. Hãy thử lại sau.", temporary=True)
    return b"".join(pieces)


def _too_large(limit_bytes: int) -> NotFetched:
    return NotFetched(f"Tệp lớn hơn {limit_bytes / (1 << 20):.3g} MB nên không được tải về.", temporary=False)
