"""Notices that a mail did not arrive: read from their report (RFC 3464), or from the words of servers without one.

Which message a notice is about is believed only when it bears what we alone can make: the signed return path or the
signed ENVID. Anybody may send a notice, and our Message-IDs can be guessed; where no return path is set up, the
Message-ID counts together with the address that we wrote to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from config.settings import Settings
from notifications.channels.base import one_line
from notifications.reply_tokens import read_bounce_token
from submissions.mailbox.attachments import leaves
from submissions.mailbox.headers import ADDRESS, AnyMessage, addresses, in_letters, message_ids, parameter, value
from submissions.mailbox.parsing import tokens_of

Action = Literal["failed", "delayed", "arrived"]
ACTIONS: dict[str, Action] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "arrived",
    "relayed": "arrived",
    "expanded": "arrived",
}
# RFC 3463: class.subject.detail, as servers also write it into their words.
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
XTEXT = re.compile(r"\+([0-9A-F]{2})")
SMTP_CODE = re.compile(r"(?<!\d)([45]\d\d)[ -]")
OUR_ID = re.compile(r"<obx-([1-9][0-9]{0,17})@[^<>\s]+>")
ROBOT = re.compile(r"(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]*)@", re.IGNORECASE)
# qmail ("I'm afraid I wasn't able to deliver"), Exchange, Gmail, Exim, Zimbra, and what Vietnamese servers say.
FAILURE_WORDS = re.compile(
    r"undeliver|not be delivered|wasn't able to deliver|delivery (?:has )?failed|delivery status notification"
    r"|failure notice|returned (?:mail|to sender)|could ?n[o']t be (?:found|delivered)|rejected your message"
    r"|không (?:gửi|chuyển|phát) được|không thể (?:gửi|chuyển|phát)|gửi (?:thư )?thất bại|thư bị trả lại",
    re.IGNORECASE,
)
DELAY_WORDS = re.compile(r"delayed|will (?:be )?(?:retried|retry|keep trying)|bị (?:chậm|hoãn)", re.IGNORECASE)
MOST_TEXT = 100_000


@dataclass(frozen=True)
class Bounce:
    """What a notice says: of which message it is sure, and of which one it only claims to speak.

    `status` is that of RFC 3463 ("5.1.1"), empty when the notice gives none. `claimed` is an outbox row by Message-ID.
    """

    action: Action
    status: str
    recipient: str
    detail: str
    proven: int | None = None
    claimed: int | None = None


def read_bounce(mail: AnyMessage, settings: Settings) -> Bounce | None:
    """The notice that a mail is; None when it is none."""
    report = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    is_report = parameter(mail, "content-type", "report-type").lower() == "delivery-status" or report is not None
    found = _from_report(report) if report is not None else _from_words(mail, is_report)
    if found is None:
        return None
    envids = [] if report is None else [field for block in _blocks(report) for field in _field(block, ENVID)]
    tokens = [*tokens_of(mail), *envids]
    proven = next((row for token in tokens if (row := read_bounce_token(token, settings))), None)
    return Bounce(found.action, found.status, found.recipient, found.detail, proven, _claimed(mail))


ENVID = "original-envelope-id"


def _blocks(report: AnyMessage) -> list[AnyMessage]:
    """The blocks of a report: the first about the mail, each other about a recipient (RFC 3464, 2.1)."""
    parts = report.get_payload()
    return [part for part in parts if not isinstance(part, str)] if isinstance(parts, list) else []


def _field(block: AnyMessage, name: str) -> Iterator[str]:
    """A field without its type ("rfc822; a@b" gives "a@b"); what we wrote as xtext (RFC 3461, 4) as it was."""
    if text := value(block, name):
        bare = text.rpartition(";")[2].strip() if name.endswith("-recipient") else text.strip()
        yield XTEXT.sub(lambda found: chr(int(found[1], 16)), bare) if name == "original-recipient" else bare


def _from_report(report: AnyMessage) -> Bounce | None:
    about = [block for block in _blocks(report) if value(block, "action") or value(block, "status")]
    read = [_from_block(block) for block in about]
    # A list of addresses behind ours may fail in part: what failed must be seen.
    order: list[Action] = ["failed", "delayed", "arrived"]
    return min(read, key=lambda bounce: order.index(bounce.action), default=None)


def _from_block(block: AnyMessage) -> Bounce:
    status = STATUS.search(value(block, "status"))
    written = status[0] if status else ""
    by_status: Action = {"2": "arrived", "4": "delayed"}.get(written[:1], "failed")  # type: ignore[assignment]
    action = ACTIONS.get(value(block, "action").strip().lower(), by_status)
    recipient = next((one for name in ("original-recipient", "final-recipient") for one in _field(block, name)), "")
    return Bounce(action, written, recipient[:254], value(block, "diagnostic-code")[:300])


def _from_words(mail: AnyMessage, is_report: bool) -> Bounce | None:
    """A notice without a report: from a mail server itself, and in the words of one."""
    failed = addresses(mail, "x-failed-recipients")
    sender = next(iter(addresses(mail, "from")), "")
    robot = bool(ROBOT.match(sender)) or value(mail, "return-path") == "<>"
    said = f"{value(mail, 'subject')}\n{_text(mail)}"
    if not (failed or is_report or (robot and FAILURE_WORDS.search(said))):
        return None
    status = _status_in(said)
    delayed = status.startswith("4") or (not status and bool(DELAY_WORDS.search(said)) and not failed)
    recipient = next(iter(failed or ADDRESS.findall(said)), "")
    return Bounce("delayed" if delayed else "failed", status, recipient[:254], _line_of(said, status)[:300])


def _status_in(said: str) -> str:
    found = STATUS.search(said)
    if found:
        return found[0]
    code = SMTP_CODE.search(said)
    # A bare SMTP code says whether it is final, not why (RFC 5321, 4.2.1).
    return f"{code[1][0]}.0.0" if code else ""


def _line_of(said: str, status: str) -> str:
    return next((one_line(line) for line in said.split("\n") if status and status in line), "")


def _text(mail: AnyMessage) -> str:
    pieces = []
    for part in leaves(mail):
        data = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
        if isinstance(data, bytes):
            pieces.append(in_letters(data[:MOST_TEXT], parameter(part, "content-type", "charset")))
    return "\n".join(pieces)[:MOST_TEXT]


def _claimed(mail: AnyMessage) -> int | None:
    """The outbox row of the mail that was returned, by its Message-ID in the headers that came back."""
    ids = [one for part in mail.walk() if part is not mail for one in message_ids(part, "message-id")]
    ids += message_ids(mail, "references", "in-reply-to")
    found = OUR_ID.search("\n".join(ids)) or OUR_ID.search(_text(mail))
    return int(found[1]) if found else None
