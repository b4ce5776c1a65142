"""Our own Apprise plugins: ``govmail://``, ``zalooa://`` and ``govhook://``, one recipient a call.

Apprise gives the address URL and the plugin contract; reliability stays in the outbox. So each send takes a fresh
instance (Apprise keeps state and a pause a sending instance), the pause is nil, and ``notify()`` is called on the
plugin itself: ``Apprise.notify()`` would turn a typed :class:`Delivery` into a bare "failed", and retry it.
Importing this module imports Apprise; the channels do it at their first send.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from apprise import NotifyFormat
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase

from notifications.channels.base import Delivery, Envelope, Receipt
from notifications.channels.zalo.text import MAX_TEXT

Deliver = Callable[[Envelope, datetime], Receipt]

# Apprise ships type hints that call the attributes a plugin must set `None`; as Any they can be set.
_AppriseBase: Any = NotifyBase
_registry: Any = NotificationManager


class EnvelopePlugin(_AppriseBase):  # type: ignore[misc]
    """Carries one envelope to one recipient; ``send`` is one provider call and raises Delivery."""

    request_rate_per_sec = 0
    attachment_support = True
    # The words pass as they are: no title merged into them, no splitting, no restyling.
    notify_format = NotifyFormat.TEXT
    title_maxlen = 998
    body_maxlen = 10_000_000
    templates = ("{schema}://{target}",)
    schema: ClassVar[str]

    def __init__(self, target: str, **options: Any) -> None:
        super().__init__(**options)
        self.target = target
        self._mission: tuple[Envelope, datetime, Deliver] | None = None
        self._receipt: Receipt | None = None

    def carry(self, envelope: Envelope, now: datetime, deliver: Deliver) -> Receipt:
        """Send the envelope through Apprise's contract. Raises Delivery."""
        if not envelope.text.strip():
            raise Delivery("permanent", "empty", "Tin không có nội dung.")
        self._mission = (envelope, now, deliver)
        self.notify(body=envelope.text, title=envelope.subject, body_format=NotifyFormat.TEXT)
        if self._receipt is None:
            raise Delivery("unknown", "plugin", "Phần gửi tin không trả kết quả; cần người xem.")
        return self._receipt

    def send(self, body: str, title: str = "", **options: Any) -> bool:
        """Called by Apprise. Raises Delivery `config` when no channel filled the instance."""
        del body, title, options
        if self._mission is None:
            words = "Địa chỉ này chỉ gửi được qua hộp tin đi của dondoc, không qua Apprise trực tiếp."
            raise Delivery("config", "plugin", words)
        envelope, now, deliver = self._mission
        self._receipt = deliver(envelope, now)
        return True

    def url(self, privacy: bool = False, *args: Any, **options: Any) -> str:
        """The address URL; it never holds a secret."""
        del args, options
        target = self.pprint(self.target, privacy, safe="") if privacy else quote(self.target, safe="@:")
        return f"{self.schema}://{target}"

    @classmethod
    def parse_url(cls, url: str, *args: Any, **options: Any) -> dict[str, Any] | None:
        """``schema://target`` to constructor arguments; None when it is not ours."""
        del args, options
        schema, _, rest = url.partition("://")
        target = unquote(rest.split("?", 1)[0].strip("/"))
        return {"schema": schema, "target": target} if schema == cls.schema and target else None


class NotifyGovMail(EnvelopePlugin):
    """``govmail://address@host``: one mail to one address."""

    service_name = "dondoc e-mail"
    schema = "govmail"
    secure_protocol = "govmail"


class NotifyZaloOA(EnvelopePlugin):
    """``zalooa://user-id`` or ``zalooa://group:id``: one Official Account message.

    The scheme is not ``zalo``: Apprise 2.1 and later use that for Zalo's Bot Platform.
    """

    service_name = "dondoc Zalo Official Account"
    schema = "zalooa"
    secure_protocol = "zalooa"
    attachment_support = False
    body_maxlen = MAX_TEXT * 4


class NotifyWebhook(EnvelopePlugin):
    """``govhook://telephone-or-address``: one message by the office's own gateway."""

    service_name = "dondoc gateway"
    schema = "govhook"
    secure_protocol = "govhook"
    attachment_support = False


class NotifyZaloTemplate(NotifyZaloOA):
    """``zalotemplate://user-id``: one approved template to one follower."""

    service_name = "dondoc Zalo template"
    schema = "zalotemplate"
    secure_protocol = "zalotemplate"


class NotifyZBS(NotifyZaloOA):
    """``zbs://84987654321``: one approved template to one telephone number."""

    service_name = "dondoc ZBS template"
    schema = "zbs"
    secure_protocol = "zbs"


class NotifyZaloBot(NotifyZaloOA):
    """``dondocbot://chat-id``: one message of the Bot Platform; the bot's token is never part of the address."""

    service_name = "dondoc Zalo Bot"
    schema = "dondocbot"
    secure_protocol = "dondocbot"


PLUGINS = (NotifyGovMail, NotifyZaloOA, NotifyWebhook, NotifyZaloTemplate, NotifyZBS, NotifyZaloBot)


def register_plugins() -> None:
    """Make the schemes known to Apprise in this process (loads all of Apprise's plugins once)."""
    registry = _registry()
    for plugin in PLUGINS:
        registry.add(plugin, force=True)
