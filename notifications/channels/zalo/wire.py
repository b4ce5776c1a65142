"""HTTP to Zalo, sorted by one question: can the request have arrived?"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx

from notifications.channels.base import Delivery

TIMEOUT = httpx.Timeout(connect=5.0, read=15.0, write=10.0, pool=10.0)
# Shorter than any server's own limit, so that a request is rarely written into a connection that just closed: such a
# request would have to be called unknown.
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=4.0)

# Raised before the first byte of the request is written.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def open_client(timeout: httpx.Timeout = TIMEOUT) -> httpx.Client:
    """A client that follows no redirect (a redirect would carry the token away) and ignores proxy files."""
    return httpx.Client(timeout=timeout, limits=LIMITS, follow_redirects=False, verify=trusted())


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """The certificates we trust, read once: it takes longer than a message."""
    return httpx.create_ssl_context()


def request(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
    """One request, never repeated.

    Raises Delivery: `temporary` when it was not sent, `unknown` when it may have been, `config` for a wrong address.
    """
    try:
        return client.request(method, url, **options)
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise Delivery("config", None, f"Địa chỉ Zalo không hợp lệ: {error}.") from error
    except NOT_SENT as error:
        raise Delivery(
            "temporary", type(error).__name__, "Không kết nối được máy chủ Zalo. Hãy kiểm tra mạng và địa chỉ API Zalo."
        ) from error
    except httpx.TransportError as error:
        words = "Mất kết nối khi Zalo chưa trả lời; chưa rõ tin đã tới hay chưa."
        raise Delivery("unknown", type(error).__name__, words) from error


def lower_headers(response: httpx.Response) -> Mapping[str, str]:
    """The response headers, names in lower case."""
    return {name.lower(): value for name, value in response.headers.items()}
