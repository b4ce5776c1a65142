"""The text of a Zalo message, made safe to send."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 2000
"""Longest text of a consultation or group message, in characters after NFC."""

_MENTION = re.compile(r"\[\s*@([^\[\]]*)\]")


def prepare_text(text: str) -> str:
    """NFC, no mention syntax, no control characters but line breaks.

    Zalo counts characters, and a Vietnamese sentence in NFD is a quarter longer than in NFC. ``[@id]`` in a group
    message calls that member, or everyone; words from a plan or a unit must never do that.
    """
    folded = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in folded if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return strip_mentions(kept).strip()


def strip_mentions(text: str) -> str:
    """Take the mention brackets away and keep the words, however deep they are nested."""
    while (bare := _MENTION.sub(r"\1", text)) != text:
        text = bare
    return text
