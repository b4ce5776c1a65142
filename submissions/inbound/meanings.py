"""What the words of an answer mean. Pure: a text and today's date in, a meaning out; never a guess, never an error.

A message is understood only when all of its words are. One word beside a sure one that could change it ("sắp xong",
"nhận rồi nhưng không mở được") makes it a `question`, which waits for a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from notifications.codes import CODE
from submissions.inbound.folding import Word, fold, fold_same_length, words_of
from submissions.inbound.wanted_days import Found, Wanted, find_days
from submissions.inbound.wordlists import EVERYTHING, KNOWN, LONGEST, PHRASES

Kind = Literal["acknowledge", "done", "nil", "extension", "question", "thanks", "link", "stop", "choice", "empty"]
# As many words of an ordinary answer; a longer text is a letter, which a person reads.
MOST_WORDS = 120
# A code to link a person: two blocks of the alphabet of linking.
LINK_CODE = re.compile(r"(?<![0-9A-Za-z])LK[-_ .]?([2-9A-HJKMNP-Z]{4})[-_ .]?([2-9A-HJKMNP-Z]{4})(?![0-9A-Za-z])", re.I)
_CHOICE = re.compile(r"\s*(?:so|viec|muc|chon|cau)?\s*(?:so\s*)?([1-9]\d?)\s*[.)]?\s*(?:a|nhe|ah)?\s*[.!]?\s*")
_END_OF_LETTER = re.compile(
    r"^\s*(?:--+\s*$|tran trong|kinh thu|than men|best regards|regards|sent from|duoc gui tu|gui tu)"
)
_GREETING = re.compile(r"\s*(?:kinh gui|kinh thua|kinh chao|xin chao|chao)\b")
_DOUBT = re.compile(r"\?|\b(?:chua|khong|ko|nhung)\b")
_REQUEST = re.compile(r"(?:co\s+)?duoc\s+(?:khong|ko|k|hong|chu)\b[\s\w]{0,12}\?*\W*(?:a|nhe)?\W*$")
# Before a request they make it none: "không xin gia hạn", "đã xin gia hạn".
_NO_REQUEST = frozenset(
    {"không", "khong", "ko", "k", "chưa", "chua", "đừng", "đã", "chẳng"}
    | {"rút", "rut", "hủy", "huỷ", "huy", "thôi", "thoi", "khác", "khac"}
)
# Behind a request they take it back: "xin gia hạn đến 25/9 vì mưa, à thôi khỏi".
_TAKEN_BACK = re.compile(r"\b(?:thoi\s+khoi|khoi\s+can|thoi\s+khong\s+(?:can|xin)|khong\s+can\s+nua)\b")
# "Đã nhận ❌": a sign that says no stands against the words.
_NO_SIGNS = frozenset("👎❌❎✖✗✘🚫⛔🙅😡🤬")
_REASON = re.compile(
    r"\b(?:voi )?ly do(?: la)?\b|\bli do(?: la)?\b|\bly do:|\bboi vi\b|\bboi\b|\bnguyen nhan\b|\bvi\b|\bdo\b|\btai vi\b"
)
_NOT_REASON = re.compile(r"(?:\bdon|\bpham|\bhanh|\bquan|\bchuc|\bdia)\s+$")
# "vị", "đó", "độ" are other words than "vì", "do"; where a text has accents its accents tell.
_REASON_LETTERS = frozenset(
    {"vì", "do", "vi", "lý", "lí", "bởi", "tại", "nguyên", "với", "ly", "li", "boi", "tai", "voi"}
)


@dataclass(frozen=True)
class Meaning:
    """What was understood. `sure` is False for a question only.

    extension: `wanted` and `reason`, either of which may be missing and is then asked for. link: `code`, as it is
    hashed. choice: `number` of a list that was asked about, 0 for all. question: `hint`, the kind that some of the
    words speak of, for the person who decides. done: `on`, the day it was done, when it is said.
    """

    kind: Kind
    wanted: Wanted | None = None
    reason: str = ""
    code: str = ""
    number: int = -1
    hint: str = ""
    on: date | None = None

    @property
    def sure(self) -> bool:
        """Whether something may be done without a person."""
        return self.kind != "question"


def read_meaning(text: str, today: date, names: Collection[str] = ()) -> Meaning:
    """The meaning of a person's own words (quoting stripped).

    `names` are words that say nothing here: the sender's own name and his unit's.
    """
    plain = _own_words(unicodedata.normalize("NFC", text))
    link = LINK_CODE.search(plain)
    if link:
        return Meaning("link", code=(link[1] + link[2]).upper())
    body = CODE.sub(" ", plain)
    folded = fold_same_length(body)
    if _NO_SIGNS & set(body):
        return Meaning("question")
    if not re.search(r"\w", folded):
        return Meaning("thanks" if body.strip() else "empty") if "?" not in body else Meaning("question")
    choice = _choice(folded)
    if choice is not None:
        return Meaning("choice", number=choice)
    return _by_words(body, folded, today, frozenset(part for name in names for part in re.findall(r"\w+", fold(name))))


def _own_words(text: str) -> str:
    """The text without a greeting of its own line, and without what follows the closing words of a letter."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for line in lines:
        folded = fold_same_length(line)
        closing = _END_OF_LETTER.match(folded)
        if closing and any(each.strip() for each in kept):
            break
        kept.append(line)
    rest = any(line.strip() for line in kept[1:])
    if rest and _GREETING.match(fold_same_length(kept[0])) and not _DOUBT.search(fold_same_length(kept[0])):
        return "\n".join(kept[1:])
    return "\n".join(kept)


def _choice(folded: str) -> int | None:
    found = _CHOICE.fullmatch(folded)
    if found:
        return int(found[1])
    return 0 if " ".join(re.findall(r"\w+", folded)) in EVERYTHING else None


@dataclass(frozen=True)
class _Part:
    kind: str
    start: int
    end: int


def _by_words(body: str, folded: str, today: date, names: Collection[str]) -> Meaning:
    words = words_of(body, KNOWN)
    if len(words) > MOST_WORDS:
        return Meaning("question")
    days = find_days(folded, today)
    # The words of a date ("thứ Sáu", "ngày 12/9") say nothing else.
    parts = _parts([word for word in words if not _inside(word, days)], names)
    kinds = {part.kind for part in parts}
    if "extension" in kinds:
        asked = next(part for part in parts if part.kind == "extension")
        before = [part for part in parts if part.end <= asked.start][-3:]
        denied = any(body[part.start : part.end].casefold() in _NO_REQUEST for part in before)
        if denied or kinds & {"done", "nil", "stop"}:
            return Meaning("question", hint="extension")
        return _extension(body, folded, today, asked)
    deeds = kinds & {"acknowledge", "done", "nil", "stop"}
    if "unknown" in kinds or "?" in body or _mixed(deeds):
        return Meaning("question", hint=_hint(deeds))
    return _of_deeds(deeds, kinds, days, today)


def _of_deeds(deeds: set[str], kinds: set[str], days: list[Found], today: date) -> Meaning:
    """All words are known; what do they say together?"""
    if "stop" in deeds:
        return Meaning("stop")
    if "done" in deeds:
        # "Hoàn thành ngày 25/9" said before that day is a promise, and so is "xong" beside one.
        on = [found.wanted.day for found in days]
        promised = "promise" in kinds or len(on) > 1 or any(day is None or day > today for day in on)
        return Meaning("question", hint="done") if promised else Meaning("done", on=on[0] if on else None)
    if "nil" in deeds:
        return Meaning("nil") if not days else Meaning("question", hint="nil")
    if "acknowledge" in deeds:
        return Meaning("acknowledge")
    return Meaning("thanks") if kinds <= {"polite"} and not days else Meaning("question")


def _mixed(deeds: set[str]) -> bool:
    """Whether two things are said that exclude each other; whoever is done or has nothing has also received."""
    return len(deeds - {"acknowledge"}) > 1 or ("stop" in deeds and len(deeds) > 1)


def _hint(deeds: set[str]) -> str:
    return next((kind for kind in ("done", "nil", "stop", "acknowledge") if kind in deeds), "")


def _inside(word: Word, days: list[Found]) -> bool:
    # "thêm 3 ngày" is a request and stays; "ngày 12/9" is a date.
    return any(found.wanted.day and found.start <= word.start and word.end <= found.end for found in days)


def _parts(words: list[Word], names: Collection[str]) -> list[_Part]:
    """The text cut into known phrases, the longest first; what no list has is "unknown"."""
    parts: list[_Part] = []
    at = 0
    while at < len(words):
        length, kind = _phrase_at(words, at)
        if not length:
            length, kind = 1, "polite" if words[at].key in names else "unknown"
        parts.append(_Part(kind, words[at].start, words[at + length - 1].end))
        at += length
    return parts


def _phrase_at(words: list[Word], at: int) -> tuple[int, str]:
    for length in range(min(LONGEST, len(words) - at), 0, -1):
        kind = PHRASES.get(tuple(word.key for word in words[at : at + length]))
        if kind:
            return length, kind
    return 0, ""


def _extension(body: str, folded: str, today: date, asked: _Part) -> Meaning:
    """A request for more time: its day and its reason, each where it can be read."""
    polite_end = _REQUEST.search(folded)
    if "?" in (folded[: polite_end.start()] if polite_end else folded) or _TAKEN_BACK.search(folded, asked.end):
        return Meaning("question", hint="extension")
    reason, span = _reason(body, folded, asked, polite_end.start() if polite_end else len(body))
    days = [day for day in find_days(folded, today) if not _within_reason(day, span)] or find_days(folded, today)
    return Meaning("extension", wanted=_one_day(days), reason=reason)


def _within_reason(day: Found, span: tuple[int, int]) -> bool:
    return span[0] <= day.start < span[1] and not day.aimed


def _one_day(days: list[Found]) -> Wanted | None:
    aimed = [day for day in days if day.aimed] or days
    different = {day.wanted for day in aimed}
    return different.pop() if len(different) == 1 else None


def _reason(body: str, folded: str, asked: _Part, end: int) -> tuple[str, tuple[int, int]]:
    """The words behind "vì", "do", "lý do" to the end of the text, or to the request that stands behind them."""
    for match in _REASON.finditer(folded):
        if _NOT_REASON.search(folded[: match.start()]) or not _is_reason(body[match.start() : match.end()], body):
            continue
        stop = asked.start if match.start() < asked.start else end
        words = body[match.end() : stop].strip(" \t\n,.;:-–")
        # "vì ... nên đơn vị xin": the words that lead on to the request are not the reason.
        words = re.sub(
            r"[\s,;]+(?:nên|nen|do đó|vì vậy|vi vay)?[\s,]*(?:đơn vị|don vi|em|tôi|toi|chúng tôi|phòng)?$", "", words
        )
        if len(words) >= 2:
            return words, (match.start(), stop)
    return "", (0, 0)


def _is_reason(letters: str, body: str) -> bool:
    if body.isascii():
        return True
    return letters.casefold().split()[0].strip(":") in _REASON_LETTERS
