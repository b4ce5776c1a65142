"""From the bytes of a mail to what came in: whose it is by token and thread, the person's words, the files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from config.settings import Settings
from notifications.reply_tokens import read_leave_token, read_reply_token, token_of
from submissions.inbound.incoming import Incoming
from submissions.mailbox.attachments import MailFiles, files_of, is_file
from submissions.mailbox.automatic import is_automatic
from submissions.mailbox.headers import AnyMessage, addresses, in_letters, message_ids, parameter, value
from submissions.mailbox.markup import plain_lines
from submissions.mailbox.quoting import own_words

# Where the address that a mail was really sent to may stand; Cc is there for those who answer to all.
SENT_TO = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "to", "cc", "bcc")
MOST_ANSWERS = 50
LONGEST_ID = 200
# Words beyond this belong into a file. A letter with endless accents takes the square of their number.
MOST_WORDS = 40_000
LEFT_OUT = "Đã bỏ qua {parts}."


def parse(raw: bytes) -> AnyMessage:
    """The parts of a mail; broken ones as far as they can be told apart. Never raises for a broken mail but for one
    nested beyond all sense (RecursionError)."""
    return message_from_bytes(raw, policy=compat32)


def key_of(mail: AnyMessage, raw: bytes) -> str:
    """The mail's own id (of an endless one the hash); its bytes when it has none, so that it is still known again."""
    found = message_ids(mail, "message-id")
    if found and len(found[0]) <= LONGEST_ID and found[0].isascii():
        return f"mail:{found[0]}"
    return f"mail:sha256:{hashlib.sha256(found[0].encode() if found else raw).hexdigest()}"


def tokens_of(mail: AnyMessage) -> list[str]:
    """What stands behind the plus of each address that the mail was sent to."""
    found = (token_of(address) for address in addresses(mail, *SENT_TO))
    return list(dict.fromkeys(token for token in found if token))


def reply_token_of(mail: AnyMessage, settings: Settings) -> str | None:
    """The first token whose signature holds; a false one is as good as none."""
    return next((token for token in tokens_of(mail) if read_reply_token(token, settings)), None)


def leaving_of(mail: AnyMessage, settings: Settings) -> int | None:
    """The outbox row whose person writes to get no more mail (RFC 2369); None for any other mail."""
    return next((row for token in tokens_of(mail) if (row := read_leave_token(token, settings))), None)


def sender_of(mail: AnyMessage) -> str:
    """The address that the mail says it is from; proof of nothing."""
    return next(iter(addresses(mail, "from")), "")[:254].lower()


def incoming_of(raw: bytes, mail: AnyMessage, received_at: datetime, settings: Settings) -> Incoming:
    """The mail as every way in hands it over."""
    words = _words(mail)
    files = files_of(mail, words.html)
    lost = _note(files.lost)
    return Incoming(
        channel="email",
        dedupe_key=key_of(mail, raw),
        received_at=received_at,
        sender=sender_of(mail),
        # Whoever reads the words must see that they are not all: a program must not take them for the whole answer.
        text="\n\n".join(part for part in (words.own, *(f"[{note}]" for note in lost)) if part),
        raw=raw,
        subject=value(mail, "subject"),
        uploads=files.uploads,
        token=reply_token_of(mail, settings),
        answers=tuple(message_ids(mail, "references", "in-reply-to")[-MOST_ANSWERS:]),
        automatic=is_automatic(mail),
        data={
            "notes": _note(files.left_out) + lost,
            "to": addresses(mail, "to", "cc")[:20],
            "content": _content(mail, words.own, files),
        },
    )


def _note(parts: tuple[str, ...]) -> list[str]:
    return [LEFT_OUT.format(parts="; ".join(parts))] if parts else []


def _content(mail: AnyMessage, words: str, files: MailFiles) -> str:
    """What tells two mails apart that bear the same Message-ID, as some scanners send them."""
    parts = [value(mail, "from"), value(mail, "date"), value(mail, "subject"), words]
    parts += [f"{file.name}:{hashlib.sha256(file.data).hexdigest()}" for file in files.uploads]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class _Words:
    own: str
    html: str


def _words(mail: AnyMessage) -> _Words:
    texts = list(_texts(mail))
    html = "\n".join(text for kind, text in texts if kind == "html")
    shown = "\n".join(plain_lines(text) if kind == "html" else text for kind, text in _chosen(mail))
    return _Words(own_words(shown[:MOST_WORDS]), html)


def _texts(mail: AnyMessage) -> list[tuple[str, str]]:
    """(plain or html, text) of every part of words, in order; none of a mail that was forwarded as a file."""
    if mail.get_content_maintype() == "message":
        return []
    if mail.is_multipart():
        return [text for part in _children(mail) for text in _texts(part)]
    kind = mail.get_content_type()
    if kind not in ("text/plain", "text/html") or is_file(mail):
        return []
    data = mail.get_payload(decode=True)
    text = in_letters(data, parameter(mail, "content-type", "charset")) if isinstance(data, bytes) else ""
    return [(kind.partition("/")[2], text)]


def _chosen(mail: AnyMessage) -> list[tuple[str, str]]:
    """The words to read: of several forms of the same words the plain one."""
    if mail.get_content_maintype() == "message":
        return []
    if not mail.is_multipart():
        return _texts(mail)
    if mail.get_content_type() != "multipart/alternative":
        return [text for part in _children(mail) for text in _chosen(part)]
    forms = [_chosen(part) for part in _children(mail)]
    said = [form for form in forms if any(text.strip() for _, text in form)]
    plain = [form for form in said if all(kind == "plain" for kind, _ in form)]
    return next(iter(plain or said), [])


def _children(mail: AnyMessage) -> list[AnyMessage]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
