"""Header values as people wrote them, whatever a mail program made of them.

The standard library's new policy stops at some broken headers and its old one loses raw 8-bit letters, which old
Vietnamese mail programs and scanners still send. So values are taken raw and decoded here: raw bytes as UTF-8, then as
Windows-1258; encoded words (RFC 2047), also where they do not belong; parameters in parts and with a charset (RFC
2231).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value

from notifications.channels.base import one_line

AnyMessage = Message
# Bounded (RFC 5321, 4.5.3.1), because an endless word would be looked through again from each of its letters.
ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]@]{1,64}@[^\s<>,;:\"'()\[\]@]{0,254}[^\s<>,;:\"'()\[\]@.]")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
# A head of a hundred thousand addresses is an attack, not a mail.
MOST_READ = 20_000
# No mail is written in these, and a long one would take the square of the time.
SLOW = frozenset({"punycode", "idna"})


def values(part: AnyMessage, name: str) -> Iterator[str]:
    """Every value of a header, unfolded and decoded, in NFC."""
    for key, value in part.raw_items():
        if key.lower() == name.lower():
            yield decoded(str(value)[:MOST_READ])


def value(part: AnyMessage, name: str) -> str:
    """The first value of a header; empty when there is none."""
    return next(values(part, name), "")


def decoded(raw: str) -> str:
    """A raw value in words: bytes, encoded words, folding."""
    text = " ".join(raw_letters(raw).splitlines())
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, MessageError):
        pieces = [(text, None)]
    words = "".join(piece if isinstance(piece, str) else _in_words(piece, charset) for piece, charset in pieces)
    # No control sign and no half of a letter: neither a page nor PostgreSQL could take it.
    return unicodedata.normalize("NFC", one_line(words))


def _in_words(piece: bytes, charset: str | None) -> str:
    # What stood between encoded words comes back in this odd form from the standard library.
    return in_letters(piece, charset or "raw-unicode-escape")


def raw_letters(raw: str) -> str:
    """A header as the parser keeps it, its 8-bit bytes (escaped by the parser) as letters."""
    try:
        data = raw.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return raw
    return in_letters(data, "utf-8")


def in_letters(data: bytes, charset: str | None) -> str:
    """Bytes as text: the charset named, then UTF-8, then that of old Vietnamese Windows; never an error."""
    named = "utf-8" if not charset or charset.lower() in SLOW else charset
    for name in (named, "utf-8", "cp1258"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def parameter(part: AnyMessage, header: str, name: str) -> str:
    """A parameter of a header such as a file's name; empty when there is none."""
    raw = next((raw_letters(str(found)) for key, found in part.raw_items() if key.lower() == header), "")
    plain: AnyMessage = Message()
    plain[header] = " ".join(raw[:MOST_READ].splitlines())
    try:
        found = plain.get_param(name, header=header)
    except (ValueError, LookupError, TypeError):
        return ""
    if not found:
        return ""
    return decoded(_collapsed(found))


def _collapsed(found: str | tuple[str | None, str | None, str]) -> str:
    try:
        return collapse_rfc2231_value(found, errors="strict", fallback_charset="utf-8")
    except (LookupError, ValueError):
        return found[2] if isinstance(found, tuple) else found


def addresses(part: AnyMessage, *names: str) -> list[str]:
    """Every address in these headers, in order."""
    return [found for name in names for text in values(part, name) for found in ADDRESS.findall(text)]


def message_ids(part: AnyMessage, *names: str) -> list[str]:
    """Every Message-ID in these headers, in order, each once, the last place kept."""
    found = [one for name in names for text in values(part, name) for one in MESSAGE_ID.findall(text)]
    return list(dict.fromkeys(reversed(found)))[::-1]
