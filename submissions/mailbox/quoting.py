"""A person's own words, without what his mail program put around them: the quoted mail, the signature after "-- ".

Nothing is cut on a guess about words: "Trân trọng" and a name stay, since a person wrote them. What is cut has the form
that a program gives it: quoted lines, the line that names the quoted mail (Gmail, Apple, Thunderbird), the block of its
headers (Outlook, Zimbra), the marks of a forwarded mail, the line of a telephone.
"""

from __future__ import annotations

import re
import unicodedata

# "Vào T.2, 20 thg 3, 2026 vào lúc 08:05 Đôn đốc <nop@...> đã viết:" and its English, also wrapped over lines.
WROTE = re.compile(r"^(?:On|Vào|Lúc|Ngày|Trong)\b.{4,400}?\b(?:wrote|đã viết|viết)\s*:$", re.IGNORECASE)
CLOCK = re.compile(r"\d{1,2}\s?(?:[:.h]|giờ)\s?\d{0,2}", re.IGNORECASE)
WROTE_LINES = 4
# No program marks a quote with a longer line; patterns need not run over one.
LONGEST_MARK = 500
ORIGINAL = re.compile(
    r"^[\s*_]*[-–—_]{2,}\s*(?:original message|original appointment|thư gốc|thư ban đầu|tin nhắn gốc|forwarded message"
    r"|thư (?:được )?chuyển tiếp|tin nhắn (?:được )?chuyển tiếp|thư đã chuyển tiếp)\s*[-–—_]{2,}[\s*_]*$"
    r"|^(?:begin forwarded message|bắt đầu thư (?:được )?chuyển tiếp)\s*:$",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^[\s*_>]*(?P<label>from|sent|date|to|cc|subject|importance|từ|người gửi|gửi từ|đã gửi|ngày gửi|thời gian gửi"
    r"|gửi lúc|ngày|gửi|đến|tới|người nhận|gửi tới|gửi đến|đồng gửi|chủ đề|tiêu đề|v/v)\s*\**\s*:\s*\S?",
    re.IGNORECASE,
)
FIRST_LABELS = frozenset({"from", "từ", "người gửi", "gửi từ"})
SUBJECT_LABELS = frozenset({"subject", "chủ đề", "tiêu đề", "v/v"})
HEADER_LINES = 8
RULE = re.compile(r"^[\s]*[_\-–—=*]{5,}\s*$")
TELEPHONE = re.compile(
    r"^\s*(?:sent from (?:my |the )?[\w .,'-]{2,40}|(?:đã )?(?:được )?gửi từ (?:iphone|ipad|điện thoại|thiết bị|samsung"
    r"|android|zalo|outlook|yahoo|gmail|hộp thư)[\w .,'-]{0,40}|get outlook for (?:ios|android)[\s<\w:/.>-]*"
    r"|(?:tải|nhận) outlook (?:cho|dành cho) (?:ios|android)[\s<\w:/.>-]*)\s*$",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^-- ?$")


def own_words(text: str) -> str:
    """What the person wrote, in NFC, blank lines folded. Pure; own_words(own_words(x)) == own_words(x)."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before, now = None, _tidy(_step(lines))
    while now != before:
        before, now = now, _tidy(_step(now))
    return "\n".join(now)


def _step(lines: list[str]) -> list[str]:
    kept = _without_quotes(lines)
    return _without_telephone(_without_signature(kept))


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if lines[at].lstrip().startswith(">"):
            at += 1
            continue
        if span := _naming_line(lines, at):
            if not _quoted_next(lines, at + span):
                break
            at += span
            continue
        if len(lines[at]) <= LONGEST_MARK and (ORIGINAL.match(lines[at]) or _is_header_block(lines, at)):
            break
        kept.append(lines[at])
        at += 1
    while kept and (_is_rule(kept[-1]) or not kept[-1].strip()) and at < len(lines):
        kept.pop()
    return kept


def _is_rule(line: str) -> bool:
    return len(line) <= LONGEST_MARK and RULE.match(line) is not None


def _naming_line(lines: list[str], at: int) -> int:
    """How many lines from here name the quoted mail ("Vào ... đã viết:"); none when they do not."""
    for span in range(1, WROTE_LINES + 1):
        part = lines[at : at + span]
        if len(part) < span or not part[-1].strip() or sum(map(len, part)) > LONGEST_MARK:
            return 0
        whole = " ".join(line.strip() for line in part)
        if WROTE.match(whole) and _names_a_mail(whole, lines, at + span):
            return span
    return 0


def _names_a_mail(whole: str, lines: list[str], after: int) -> bool:
    """Not a sentence of the person's own that ends in "viết:": an address, a time of day, or a quote under it."""
    dated = any(char.isdigit() for char in whole)
    return dated and ("@" in whole or bool(CLOCK.search(whole)) or _quoted_next(lines, after))


def _quoted_next(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at:] if line.strip()), "")
    return following.lstrip().startswith(">")


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether the headers of a quoted mail begin here: who, and then at least two more, the subject among them."""
    first = LABEL.match(lines[at])
    if first is None or first["label"].lower() not in FIRST_LABELS:
        return False
    below = [line[:LONGEST_MARK] for line in lines[at : at + HEADER_LINES]]
    found = [match["label"].lower() for line in below if (match := LABEL.match(line))]
    return len(found) >= 3 and any(label in SUBJECT_LABELS for label in found)


def _without_signature(lines: list[str]) -> list[str]:
    at = next((number for number, line in enumerate(lines) if SIGNATURE.match(line)), len(lines))
    # A person who begins with two dashes has still written something.
    return lines[:at] if any(line.strip() for line in lines[:at]) else lines


def _without_telephone(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or (len(kept[-1]) <= LONGEST_MARK and TELEPHONE.match(kept[-1]))):
        kept.pop()
    return kept


def _tidy(lines: list[str]) -> list[str]:
    """No trailing blanks, never two empty lines together, none at either end."""
    trimmed = [line.rstrip() if not SIGNATURE.match(line) else line for line in lines]
    folded = [line for number, line in enumerate(trimmed) if line or (number and trimmed[number - 1])]
    while folded and not folded[0]:
        folded.pop(0)
    while folded and not folded[-1].strip():
        folded.pop()
    return folded
