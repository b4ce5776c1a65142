"""Approved templates: by user id through the Official Account, and by telephone number through ZBS (formerly ZNS).

Paths and fields from the transcribed documentation: `POST /v3.0/oa/message/template` answers with `message_id`,
`POST /message/template` on the business host with `msg_id`. Neither refuses a repetition, not even of the same
`tracking_id`, so an unknown outcome is final for the program here, too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from notifications.channels.base import Delivery, Envelope, Receipt, require_aware
from notifications.channels.quiet import NIGHT, quiet_until
from notifications.channels.zalo.account import Call, ZaloAccount
from notifications.channels.zalo.codes import Meaning
from notifications.channels.zalo.replies import Reply
from notifications.channels.zalo.template_codes import UID_MEANINGS, ZBS_MEANINGS
from notifications.channels.zalo.templates import ApprovedTemplates, Filled, template_faults
from notifications.channels.zalo.text import MAX_TEXT

log = logging.getLogger(__name__)

USER_PATH = "/v3.0/oa/message/template"
PHONE_PATH = "/message/template"
INFO_PATH = "/template/info/v2"
QUOTA_PATH = "/message/quota"
TRACKING_LENGTH = 48
SILENCED = "Zalo tắt thông báo mẫu tin từ 22 giờ đến 6 giờ; sẽ gửi sau 6 giờ."
# Mobile numbers have nine digits behind the country code and begin with 3, 5, 7, 8 or 9.
MOBILE = re.compile(r"84[35789][0-9]{8}")


def zalo_phone(written: str) -> str:
    """A number as Zalo wants it, ``84987654321``. Raises Delivery `permanent` for what is no mobile number."""
    digits = re.sub(r"[\s.()\-]", "", written).removeprefix("+")
    national = f"84{digits[1:]}" if digits.startswith("0") else digits
    if not MOBILE.fullmatch(national):
        words = f"Số điện thoại {written!r} không phải số di động Việt Nam. Hãy sửa trong danh bạ."
        raise Delivery("permanent", "phone", words)
    return national


class _TemplateChannel:
    """What both channels share: filling, the night, and the comparison with Zalo's list."""

    name: Literal["zalo_template", "zbs"]
    # The words of the outbox row are not sent; the template's own are.
    max_text = MAX_TEXT
    meanings: Mapping[int, Meaning]

    def __init__(self, account: ZaloAccount, templates: ApprovedTemplates, business_url: str) -> None:
        self._account = account
        self._templates = templates
        self._business = business_url.rstrip("/")

    def check(self, now: datetime) -> list[str]:
        """Each template of the file against Zalo's own description; sends no message."""
        require_aware(now)
        try:
            entries = {entry.template_id: entry for entry in self._templates.entries.values()}
            return [
                fault for one in entries.values() for fault in template_faults(one, self.info(one.template_id, now))
            ]
        except Delivery as fault:
            return [fault.detail]

    def info(self, template_id: str, now: datetime) -> Mapping[str, Any]:
        """Zalo's description of a template. Raises Delivery."""
        query = {"template_id": template_id}
        return self._ask(Call("GET", self._business + INFO_PATH, None, query, ZBS_MEANINGS), template_id, now).data

    def quota(self, now: datetime) -> Mapping[str, Any]:
        """How many templates may leave a day (`dailyQuota`), how many are left (`remainingQuota`). Raises Delivery."""
        return self._account.make(Call("GET", self._business + QUOTA_PATH, meanings=ZBS_MEANINGS), now).data

    def _ask(self, call: Call, template_id: str, now: datetime) -> Reply:
        """A call about one template; its failure names the template."""
        try:
            return self._account.make(call, now)
        except Delivery as fault:
            if fault.kind != "config":
                raise
            about = f"Mẫu {template_id}: {fault.detail}"
            raise Delivery("config", fault.code, about, fault.retry_at, narrow=fault.narrow) from fault

    def _filled(self, envelope: Envelope, now: datetime) -> Filled:
        if morning := quiet_until(self.name, now):
            raise Delivery("wait_until", NIGHT, SILENCED, morning)
        return self._templates.fill(envelope)


class ZaloTemplateChannel(_TemplateChannel):
    """An approved template to a follower or former follower, by his user id; no window of days."""

    name: Literal["zalo_template"] = "zalo_template"
    meanings = UID_MEANINGS

    def __init__(self, account: ZaloAccount, templates: ApprovedTemplates, business_url: str, api_url: str) -> None:
        super().__init__(account, templates, business_url)
        self._api = api_url.rstrip("/")

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt; a refused token is renewed and the refused call made once more."""
        from notifications.channels.plugin import NotifyZaloTemplate

        require_aware(now)
        return NotifyZaloTemplate(envelope.to_address).carry(envelope, now, self._deliver)

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        user_id = envelope.to_address.strip()
        if not user_id.isascii() or not user_id.isalnum():
            raise Delivery(
                "permanent", "address", f"Mã người nhận Zalo {user_id!r} không hợp lệ. Hãy sửa trong danh bạ."
            )
        filled = self._filled(envelope, now)
        body = {"user_id": user_id, "template_id": filled.template_id, "template_data": filled.data}
        call = Call("POST", self._api + USER_PATH, body, meanings=self.meanings)
        reply = self._ask(call, filled.template_id, now)
        return _receipt(reply, "message_id", "remain")


class ZbsChannel(_TemplateChannel):
    """An approved template to whoever holds a telephone number, follower or not."""

    name: Literal["zbs"] = "zbs"
    meanings = ZBS_MEANINGS

    def send(self, envelope: Envelope, now: datetime) -> Receipt:
        """One attempt; a refused token is renewed and the refused call made once more."""
        from notifications.channels.plugin import NotifyZBS

        require_aware(now)
        return NotifyZBS(envelope.to_address).carry(envelope, now, self._deliver)

    def _deliver(self, envelope: Envelope, now: datetime) -> Receipt:
        phone = zalo_phone(envelope.to_address)
        filled = self._filled(envelope, now)
        body: dict[str, Any] = {
            "phone": phone,
            "template_id": filled.template_id,
            "template_data": filled.data,
            "tracking_id": tracking_id(envelope.outbox_id),
        }
        if filled.development:
            body["mode"] = "development"
        reply = self._ask(
            Call("POST", self._business + PHONE_PATH, body, meanings=self.meanings), filled.template_id, now
        )
        return _receipt(reply, "msg_id", "remainingQuota")


def tracking_id(outbox_id: int) -> str:
    """What Zalo's delivery report names our message by: correlation only, nothing refuses it twice."""
    return f"obx-{outbox_id}"[:TRACKING_LENGTH]


def _receipt(reply: Reply, id_field: str, left_field: str) -> Receipt:
    """The provider's id and what is left of the quota; the two hosts name both differently."""
    given, quota = reply.data.get(id_field), reply.data.get("quota")
    left = quota.get(left_field) if isinstance(quota, dict) else None
    if left is not None:
        log.info("zalo templates left: %s", left)
    detail = "Zalo đã nhận mẫu tin." if left is None else f"Zalo đã nhận mẫu tin; hạn mức còn {left}."
    return Receipt(str(given) if given else None, detail)
