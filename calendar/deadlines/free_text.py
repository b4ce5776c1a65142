"""Runs of free words inside a phrase: the trigger of an event, the name of a document or an office."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.figures import roman
from deadlines.grammar_days import day
from deadlines.source import Source, Words, once
from deadlines.words import is_plausible

# Words at which free text ends even without a separator, because they open a clause of their own.
_BREAKS = Words(
    "muộn hơn", "chậm hơn", "trễ nhất", "hạn cuối", "hạn chót", "không quá", "trước ngày", "chậm nhất", "muộn nhất",
    "hằng tháng", "hằng quý", "hằng năm", "hàng tháng", "hàng quý", "hàng năm", "hằng tuần", "hàng tuần", "định kỳ",
    "định kì", "đột xuất", "mỗi tháng", "mỗi quý", "mỗi năm", "tức", "tức là", "tức ngày",
)  # fmt: skip
_OPENERS = Words(
    "thường xuyên", "khi", "ngay khi", "sau khi", "ngay sau khi", "theo", "nếu có", "đến ngày", "từ ngày",
    "trong vòng", "trong thời hạn", "báo cáo", "hằng", "hàng", "đến hết", "hoàn thành", "trong năm", "trong tháng",
    "trong quý", "trong", "trước", "đảm bảo theo", "gửi", "trước khi",
)  # fmt: skip
# Words that an office's name or a demand never holds, and a swallowed deadline would.
_TIMELY = Words(
    "ngày", "tháng", "quý", "quí", "tuần", "giờ", "trước", "sau", "cuối", "đầu", "giữa", "không quá", "muộn", "trễ",
    "hạn", "chậm", "hằng", "hàng", "mỗi", "định kỳ", "day", "days", "month", "week", "year", "before", "after",
    "trừ", "ngoại trừ", "riêng", "không", "chưa", "except", "not",
)  # fmt: skip
# Offices and phrases in which a word of time means none.
_HARMLESS = Words(
    "đầu tư",
    "đầu mối",
    "đứng đầu",
    "hạn chế",
    "quyền hạn",
    "hạn hán",
    "quý vị",
    "sau đại học",
    "phòng không",
    "không gian",
    "không khí",
    "hàng không",
    "không chuyên trách",
    "không dùng tiền mặt",
)
_BUT = Words("trừ", "riêng", "ngoại trừ", "không kể")
_EXCEPT = Words("trừ trường hợp", "ngoại trừ", "trừ các", "trừ những", "trừ khi", "except", "unless")
_INTO = Words("trong", "vào", "từ", "đến", "đến hết", "kể từ", "xong", "xong trong")
_FREE_SIGNS = ",-–—/.:()[]“”\"'&%"
ROMAN_KEYS = frozenset(("i", "ii", "iii", "iv"))


@once
def free_text(source: Source, at: int) -> int | None:
    """The end of a run of free words (a trigger, a document's name); None where nothing readable stands."""
    place = at
    while place < len(source.tokens) and not _ends(source, place, at):
        token = source.token(place)
        if token.kind == "word" and not is_plausible(token.text, source.is_bare(place)):
            source.complain(f"Không đọc được chữ «{token.text}».")
            source.reach(place)
            return None
        if token.kind == "punct" and token.text not in _FREE_SIGNS:
            return None
        if source.is_punct(place, "("):
            closed = _closing(source, place)
            inside = free_text(source, place + 1) if closed else None
            if closed is None or inside != closed:
                return None
            place = closed
        place += 1
    if place > at:
        source.reach(place)
    return place if place > at else None


def _ends(source: Source, place: int, start: int) -> bool:
    token = source.token(place)
    if token.kind in ("newline", "bullet") or (token.kind == "punct" and token.text in ";)"):
        return True
    if token.kind == "punct" and token.text == ".":
        return _ends_sentence(source, place)
    if place > start and (_BREAKS.match(source, place) or _turns_to_date(source, place)):
        return True
    if source.is_punct(place, "(") and _opens_clause(source, place + 1):
        return True
    after = separator(source, place)
    return after is not None and place > start and _opens_clause(source, after)


def _turns_to_date(source: Source, at: int) -> bool:
    """Trong tháng 9/2026, vào quý IV, từ ngày 01/7: a clause of time that opens in the middle of free words."""
    start = _INTO.match(source, at)
    return start is not None and _names_date(source, start)


def _ends_sentence(source: Source, place: int) -> bool:
    following = source.token(place + 1)
    return following.kind != "word" or following.text[0].isupper()


def separator(source: Source, at: int) -> int | None:
    comma = at + 1 if source.is_punct(at, ",/") else None
    return v.AND.match(source, comma or at) or v.OR.match(source, comma or at) or comma


def _opens_clause(source: Source, at: int) -> bool:
    if _BREAKS.match(source, at) or _OPENERS.match(source, at):
        return True
    return _names_date(source, at) or (v.YEAR.match(source, at) is not None and source.kind(at + 1) == "num")


def _names_date(source: Source, at: int) -> bool:
    """Whether a numbered month, quarter or day stands here, or a date in figures."""
    after_unit = v.MONTH.match(source, at) or v.QUARTER.match(source, at) or v.DAY.match(source, at)
    if after_unit:
        return source.kind(after_unit) in ("num", "my", "dm", "dmy") or roman(source, after_unit) is not None
    return source.kind(at) in ("dmy", "my", "dm", "time")


def _closing(source: Source, at: int) -> int | None:
    depth = 0
    for place in range(at, len(source.tokens)):
        depth += source.is_punct(place, "(") - source.is_punct(place, ")")
        if depth == 0:
            return place
    return None


def speaks_of_time(source: Source, start: int, end: int) -> bool:
    """Whether words that should name an office or a demand hide a number or a word of time."""
    place = start
    while place < end:
        harmless = _HARMLESS.match(source, place)
        numbered = source.kind(place) in ("num", "dmy", "dm", "my", "ymd", "time")
        if numbered or (not harmless and _TIMELY.match(source, place)):
            return True
        place = harmless or place + 1
    return False


def has_time(source: Source, start: int, end: int) -> bool:
    """Whether free text hides a date, which must then be asked about: a cited document's own date is none."""
    place = start
    cited = False
    while place < end:
        own = _own_date(source, place) if cited else None
        cited = source.kind(place) == "doc" or (cited and not own)
        if not own and _is_date(source, place, end):
            return True
        place = own or place + 1
    return False


def _own_date(source: Source, at: int) -> int | None:
    """Ngày 12/02/2026, ngày 12 tháng 02 năm 2026 behind a document's number."""
    found = day(source, at) if v.DAY.match(source, at) else None
    return found[1] if found and found[0].place == "fixed" else None


def _is_date(source: Source, at: int, end: int) -> bool:
    if source.kind(at) in ("dmy", "dm", "my", "ymd", "time"):
        return True
    after = [found for words in (v.MONTH, v.QUARTER, v.DAY) for found in [words.match(source, at)] if found]
    return any(found < end and (source.kind(found) == "num" or source.keys[found] in ROMAN_KEYS) for found in after)


def plain_words(source: Source, at: int) -> int:
    """The end of a run of words that say what is done: no sign but a comma, no number, no word of time or condition."""
    place = at
    while source.kind(place) == "word" or source.is_punct(place, ",/-"):
        harmless = _HARMLESS.match(source, place)
        if harmless:
            place = harmless
            continue
        opens = _TIMELY.match(source, place) or _BREAKS.match(source, place) or _OPENERS.match(source, place)
        told = source.kind(place) == "word" and not is_plausible(source.token(place).text, source.is_bare(place))
        if (opens and not v.NOUNS.match(source, place)) or told or v.YEAR.match(source, place):
            return place
        place += 1
    return place


def _excepts(source: Source, at: int) -> bool:
    """Trừ trường hợp khẩn cấp; (10 ngày đối với hồ sơ phức tạp)."""
    if source.is_punct(at, ",("):
        term = source.is_punct(at, "(") and source.kind(at + 1) == "num"
        counted = term and any(unit.match(source, at + 2) for unit in (v.DAY, v.HOUR, v.MONTH, v.WEEK))
        return counted or _BUT.match(source, at + 1) is not None
    return _EXCEPT.match(source, at) is not None


def cites(source: Source, start: int, end: int) -> bool:
    """Whether a run of words names a numbered document."""
    return any(source.kind(place) == "doc" for place in range(start, end))


def refuses(source: Source, start: int, end: int) -> bool:
    """Whether free words hide a date, an exception or a second term; the reason to ask is noted."""
    if any(_excepts(source, place) for place in range(start, end)):
        source.complain(f"«{source.slice(start, end)}» có trường hợp ngoại lệ; không rõ thời hạn của trường hợp đó.")
        return True
    if not has_time(source, start, end):
        return False
    source.complain(f"«{source.slice(start, end)}» có mốc thời gian bên trong; không rõ đó có phải thời hạn không.")
    return True
