"""mã kỳ hạn: the short code of an occurrence, printed in messages and written on files that come by hand.

"DD-128-7KQ3": the number of the occurrence and four characters that prove it was copied whole and comes from this
installation. It names an occurrence; it is no proof of who sends (a link is).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

# Digits and letters that people do not confuse stand as base32 has them; 0, 1 and 8 never occur in the check.
CODE = re.compile(r"(?<![0-9A-Za-z])DD[-_ ]?([1-9][0-9]{0,9})[-_ ]([A-Z2-7]{4})(?![0-9A-Za-z])", re.IGNORECASE)


def occurrence_code(occurrence_id: int, secret: str) -> str:
    """The code of an occurrence."""
    return f"DD-{occurrence_id}-{_check(occurrence_id, secret)}"


def read_code(text: str, secret: str) -> int | None:
    """The occurrence that a text names; None when it names none, or its check does not hold."""
    for match in CODE.finditer(text):
        occurrence_id = int(match[1])
        if hmac.compare_digest(match[2].upper(), _check(occurrence_id, secret)):
            return occurrence_id
    return None


def _check(occurrence_id: int, secret: str) -> str:
    digest = hmac.digest(secret.encode(), f"occurrence {occurrence_id}".encode(), hashlib.sha256)
    return base64.b32encode(digest)[:4].decode("ascii")
