"""Ways to reach a person: e-mail and Zalo Official Account, behind one contract.

Apprise is imported here alone, and only at the first send.
"""

from __future__ import annotations

from notifications.channels.base import (
    KIND_LABELS,
    Attachment,
    Channel,
    Delivery,
    DeliveryKind,
    Envelope,
    Receipt,
)
from notifications.channels.registry import ChannelSettings, build_channels, build_oauth, zalo_tokens

__all__ = [
    "KIND_LABELS",
    "Attachment",
    "Channel",
    "ChannelSettings",
    "Delivery",
    "DeliveryKind",
    "Envelope",
    "Receipt",
    "build_channels",
    "build_oauth",
    "zalo_tokens",
]
