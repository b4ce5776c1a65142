"""Mail that a program sent: it answers nothing, whatever it says.

RFC 3834 (2, 5) names Auto-Submitted; the other signs are those of mail servers and office programs that came before it
or do not keep it.
"""

from __future__ import annotations

import re

from submissions.mailbox.headers import AnyMessage, addresses, parameter, value

BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
SIGNS = ("x-autoreply", "x-autorespond", "x-auto-response", "x-failed-recipients", "x-vacation", "list-id")
ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+-].*)?@.*", re.IGNORECASE)
# The words that office programs put before the subject of a holiday notice.
SUBJECT = re.compile(
    r"^\s*(?:trả lời tự động|tự động trả lời|thư trả lời tự động|automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|out of (?:the )?office|vắng mặt|đang nghỉ phép|không có mặt (?:tại|ở) (?:cơ quan|văn phòng))\b",
    re.IGNORECASE,
)


def is_automatic(mail: AnyMessage) -> bool:
    """Whether a program sent a mail."""
    submitted = value(mail, "auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if value(mail, "precedence").lower() in BULK or any(value(mail, name) for name in SIGNS):
        return True
    if value(mail, "return-path") == "<>" or parameter(mail, "content-type", "report-type"):
        return True
    sender = next(iter(addresses(mail, "from")), "")
    return bool(ROBOTS.fullmatch(sender) or SUBJECT.match(value(mail, "subject")))
