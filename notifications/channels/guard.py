"""Calls to addresses that a stranger or a setting names, kept out of the office's own network (SSRF).

The library resolves a name once, refuses private, loopback, link-local, shared (RFC 6598) and translated addresses,
and connects to the very address that it looked at; a name that answers differently a moment later (DNS rebinding)
gains nothing. Only https on port 443, no redirect, no proxy and no `.netrc` of this machine. `allow_private_hosts`
lifts the guard as a whole, for trials on one machine.
"""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.exceptions import InvalidURL, MissingSchema
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and to wait for the next bytes (Standard Webhooks 1.0.0 asks for 15 to 30)."""
AGENT = "dondoc"
INWARD = "Địa chỉ {host} nằm trong mạng nội bộ nên không được gọi tới."
NOT_PUBLIC = "Chỉ được gọi tới địa chỉ https:// ở cổng 443, không phải {url}."

__all__ = ["AGENT", "TIMEOUT", "BarredAddress", "GuardSettings", "InvalidIPAddress", "guarded_request"]


class GuardSettings(Protocol):
    """The setting that the guard reads; ``config.settings.Settings`` has it."""

    @property
    def allow_private_hosts(self) -> bool: ...


class BarredAddress(requests.RequestException):
    """An address that may not be called; ``str()`` says why in Vietnamese, without the path, which may be a secret."""


def guarded_request(method: str, url: str, settings: GuardSettings, **options: Any) -> requests.Response:
    """One request, never repeated or redirected; the body is not read yet, so close the response.

    Raises BarredAddress, or another requests.RequestException as the network has it.
    """
    with _manager(settings.allow_private_hosts).get_session() as session:
        session.trust_env = False
        try:
            prepared = session.prepare_request(requests.Request(method, url, **options))
            _refuse_unsafe(prepared.url or "", settings)
            response: requests.Response = session.send(prepared, stream=True)
        except InvalidIPAddress as error:
            raise BarredAddress(INWARD.format(host=urlsplit(url).hostname)) from error
        except (InvalidURL, MissingSchema, ValueError) as error:
            raise BarredAddress("Địa chỉ không hợp lệ.") from error
        return response


def _manager(unguarded: bool) -> Manager:
    return Manager(
        Config(
            ip_filter_enable=not unguarded,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=TIMEOUT,
            user_agent_override=AGENT,
        )
    )


def _refuse_unsafe(url: str, settings: GuardSettings) -> None:
    """Looks at the address as requests will use it, not as it was written. Raises BarredAddress."""
    parts = urlsplit(url)
    if settings.allow_private_hosts and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or parts.port not in (None, 443):
        raise BarredAddress(NOT_PUBLIC.format(url=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"))
