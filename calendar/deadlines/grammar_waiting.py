"""The part of the grammar that reads duties which wait: events, demands, references; and words without time."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Demand, Doubt, Event, Filler, Mark, Reference
from deadlines.figures import number, roman
from deadlines.free_text import cites, free_text, has_time, plain_words, separator, speaks_of_time
from deadlines.grammar_every import every
from deadlines.rules import Offset, OffsetUnit
from deadlines.source import Source, Words

Read = tuple[Atom, int]

# "As soon as possible", "sau Tết": no event that anyone could enter.
_NO_EVENT = Words("possible", "practicable", "tết", "dịp tết")
_AS_SOON = Words("khi", "ngay khi")
_WORKING_DAY = Words("ngày làm việc")
_NAMED = Words(
    "khi", "thời điểm", "ngày", "kỳ họp", "phiên họp", "cuộc họp", "hội nghị", "các kỳ họp", "mỗi kỳ họp",
    "các phiên họp", "mỗi phiên họp", "các cuộc họp", "mỗi cuộc họp", "từng kỳ họp",
)  # fmt: skip
_UNITS: tuple[tuple[Words, OffsetUnit, int], ...] = (
    (Words("ngày làm việc", "working days", "working day", "business days", "ngày công tác"), "working_day", 1),
    (Words("ngày", "days", "day", "ngày lịch"), "day", 1),
    (Words("giờ", "tiếng", "hours", "hour", "giờ đồng hồ"), "hour", 1),
    (Words("tháng", "months", "month"), "month", 1),
    (Words("tuần", "weeks", "week"), "day", 7),
    (Words("năm", "years", "year"), "month", 12),
)
_ASKING = Words("yêu cầu", "đề nghị")
_LEGAL_GROUNDS = Words("căn cứ")
_LAYOUT = Words("a", "b", "c", "d", "đ", "e", "g")


def demand(source: Source, at: int) -> Read | None:
    """Đột xuất, khi có yêu cầu (của ai)."""
    sudden = v.SUDDEN.match(source, at)
    if sudden:
        tail = v.DEMAND.match(source, sudden) or v.DEMAND_TAIL.match(source, sudden)
        return Demand(), _tail(source, tail) if tail else sudden
    asked = v.DEMAND.match(source, at)
    if asked:
        return Demand(), _tail(source, asked)
    any_ = v.IF_ANY.match(source, at)
    return (Demand(), any_) if any_ and not free_text(source, any_) else _asked_by(source, at)


def _asked_by(source: Source, at: int) -> Read | None:
    """Khi cấp trên yêu cầu, khi cơ quan có thẩm quyền đề nghị."""
    start = _AS_SOON.match(source, at)
    end = free_text(source, start) if start and v.ORGAN.match(source, start) else None
    if not start or not end or _ASKING.match(source, end - 2) != end or speaks_of_time(source, start, end):
        return None
    return Demand(), end


def _tail(source: Source, at: int) -> int:
    """Who asks, or for what: "của Ủy ban nhân dân tỉnh", "nhiệm vụ"."""
    at = v.DEMAND_OBJECT.skip(source, at)
    start = v.ASKED_BY.match(source, at)
    end = free_text(source, start) if start else None
    return end if end and not speaks_of_time(source, at, end) else at


def event(source: Source, at: int) -> Read | None:
    """Khi X; trong 05 ngày làm việc kể từ X; trước X ít nhất 3 ngày; chậm nhất 30 ngày trước X."""
    return _counted_event(source, at) or _event_before(source, at) or _plain_event(source, at)


def _plain_event(source: Source, at: int) -> Read | None:
    start = v.WHEN.match(source, v.PROMPTLY.skip(source, at)) or v.WHEN.match(source, at) or _after_named(source, at)
    end = free_text(source, start) if start else None
    if not start or not end or _NO_EVENT.match(source, start):
        return None
    trigger = source.slice(start, end)
    if _refuses(source, start, end):
        return None
    if _asks(source, start, end):
        source.complain(f"«{source.slice(at, end)}»: chưa rõ là việc phát sinh hay theo yêu cầu.")
        return None
    return Event(trigger), end


def _after_named(source: Source, at: int) -> int | None:
    """Sau hội nghị, sau kỳ họp: only before a word that is no date."""
    start = v.AFTER.match(source, at)
    named = start is not None and source.kind(start) == "word"
    dated = start is not None and any(
        words.match(source, start) for words in (v.MONTH, v.QUARTER, v.YEAR, v.DAY, v.WEEK)
    )
    return start if named and not dated else None


def _asks(source: Source, start: int, end: int) -> bool:
    return any(_ASKING.match(source, place) for place in range(start, end))


def duration(source: Source, at: int) -> tuple[Offset, int] | None:
    """05 ngày làm việc, 10 ngày, 24 giờ, 3 tháng, two weeks as days."""
    counted = number(source, at)
    if not counted:
        return None
    value, after = counted
    for words, unit, factor in _UNITS:
        end = words.match(source, after)
        if end:
            return Offset(value * factor, unit), end
    return None


def _counted_event(source: Source, at: int) -> Read | None:
    """[trong vòng | chậm nhất] N ngày [làm việc] (kể từ | sau | trước) X."""
    start = v.WITHIN.match(source, at)
    if start is None:
        start = v.BE.skip(source, v.AT_LEAST.skip(source, v.LATEST.skip(source, at)))
    found = duration(source, start)
    if not found:
        return None
    offset, end = found
    end = v.WORKING.skip(source, end)
    end = end + 1 if source.is_punct(end, ",") else end
    return _event_after(source, offset, end) or _event_ahead(source, offset, end)


def _event_after(source: Source, offset: Offset, at: int) -> Read | None:
    start = v.COUNTED_FROM.match(source, at)
    end = free_text(source, start) if start else None
    if not start or not end or _refuses(source, start, end):
        return None
    return Event(source.slice(start, end), offset), end


def _event_ahead(source: Source, offset: Offset, at: int) -> Read | None:
    start = v.COUNTED_TO.match(source, at)
    end = free_text(source, start) if start else None
    if not start or not end or _refuses(source, start, end):
        return None
    return Event(source.slice(start, end), Offset(-offset.n, offset.unit)), end


def _event_before(source: Source, at: int) -> Read | None:
    """Trước (khi) X [ít nhất N ngày]; without a number the day before X is the last good one."""
    start = v.COUNTED_TO.match(source, v.LATEST.skip(source, at))
    if start is None or start >= len(source.tokens) or source.kind(start) not in ("word",):
        return None
    if _WORKING_DAY.match(source, start):
        return None
    named = v.DAY.match(source, start)
    if named is not None and source.kind(named) != "word":
        return None
    end = free_text(source, start)
    if not end:
        return None
    return _with_least(source, start, end) or _least_after(source, start, end) or _named_event(source, start, end)


def _least_after(source: Source, start: int, end: int) -> Read | None:
    """Trước khi khai mạc kỳ họp chậm nhất 20 ngày."""
    least = v.AT_LEAST.match(source, end)
    found = duration(source, least) if least else None
    if not found or has_time(source, start, end):
        return None
    return Event(source.slice(start, end), Offset(-found[0].n, found[0].unit)), found[1]


def _with_least(source: Source, start: int, end: int) -> Read | None:
    for place in range(start + 1, end):
        found = duration(source, v.AT_LEAST.skip(source, place))
        if found and found[1] == end:
            return Event(source.slice(start, place), Offset(-found[0].n, found[0].unit)), end
    return None


def _named_event(source: Source, start: int, end: int) -> Read | None:
    """Only an event that is clearly one: "trước khi ...", "trước ngày khai giảng"."""
    if not _NAMED.match(source, start) and not _NAMED.match(source, start - 1):
        return None
    if _refuses(source, start, end):
        return None
    return Event(source.slice(start, end), Offset(-1, "day")), end


def reference(source: Source, at: int) -> Read | None:
    """Theo kế hoạch; định kỳ theo quy định; đầu kỳ, giữa kỳ, cuối kỳ; đúng thời gian quy định."""
    phases = _phases(source, at)
    if phases:
        return phases
    fixed = v.STANDING_REFERENCE.match(source, at)
    if fixed:
        end = free_text(source, fixed) or fixed
        return Reference(source.slice(at, end)), end
    named = v.BY_REFERENCE.match(source, v.PERIODIC.skip(source, at))
    if named is None or every(source, named - 1) or every(source, named):
        return None
    closed = free_text(source, named)
    if not closed or _refuses(source, named, closed) or _ASKING.match(source, named):
        return None
    if v.LOOSE_GROUNDS.match(source, named):
        return _loose_ground(source, at, named, closed)
    if _LEGAL_GROUNDS.match(source, at) and cites(source, named, closed):
        source.complain(f"«{source.slice(at, closed)}» là căn cứ ban hành, không phải thời hạn.")
        return None
    return Reference(source.slice(named, closed)), closed


def _loose_ground(source: Source, at: int, named: int, closed: int) -> Read:
    """Theo tình hình thực tế: no document sets the date, and nobody is named who would ask."""
    reason = f"«{source.slice(at, closed)}»: không rõ văn bản hay người nào ấn định thời hạn."
    return Doubt(reason, ((Demand(),), (Reference(source.slice(named, closed)),))), closed


def _refuses(source: Source, start: int, end: int) -> bool:
    if not has_time(source, start, end):
        return False
    source.complain(f"«{source.slice(start, end)}» có mốc thời gian bên trong; không rõ đó có phải thời hạn không.")
    return True


def _phases(source: Source, at: int) -> Read | None:
    end = v.PHASES_OF_WORK.match(source, at)
    while end:
        after = separator(source, end)
        following = v.PHASES_OF_WORK.match(source, after) if after else None
        if not following:
            return Reference(source.slice(at, end)), end
        end = following
    return None


def filler(source: Source, at: int) -> Read | None:
    """Words that say what is done, or to whom, and not when."""
    return (
        _recipient(source, at)
        or _work(source, at)
        or _round(source, at)
        or _purpose(source, at)
        or _longest_filler(source, at)
    )


def _work(source: Source, at: int) -> Read | None:
    """What is done, in a bracket or beside a colon: "(xây dựng kế hoạch)", "Ban hành Kế hoạch: ...", "Quý I: ..."."""
    head = at == 0 or source.kind(at - 1) in ("newline", "bullet") or source.is_punct(at - 1, ";")
    opened = source.token(at - 1).text if at and source.is_punct(at - 1, "(:") else ""
    start = (
        (v.VERBS.match(source, at) or v.NOUNS.match(source, at) or v.DOCUMENTS.match(source, at))
        if head or opened
        else None
    )
    if not start:
        return None
    end = plain_words(source, start)
    if end == start and not opened:  # the verb or noun alone is a plain filler
        return None
    closing = {"(": ")", ":": ";", "": ":"}[opened]
    ended = source.is_punct(end, closing) or (opened == ":" and source.kind(end) in ("newline", "end", "bullet"))
    other = any(v.NO_DUTY.match(source, place) for place in range(at, end))
    return (Filler(noun=not opened), end) if ended and not other else None


def _purpose(source: Source, at: int) -> Read | None:
    """Để tổng hợp, để xem xét, quyết định: what the report is for."""
    start = v.IN_ORDER.match(source, at)
    done = v.PURPOSE.match(source, start) if start and at > 0 else None
    if not done:
        return None
    end = free_text(source, done) or done
    return (Filler(), done if speaks_of_time(source, done, end) else end)


def _longest_filler(source: Source, at: int) -> Read | None:
    periodic = v.PERIODIC.match(source, at)
    if periodic:
        return Filler(periodic=True), periodic
    verb, noun = v.VERBS.match(source, at), v.NOUNS.match(source, at)
    if not verb and not noun:
        return None
    finishing = verb is not None and v.FINISHING.match(source, at) == verb
    return Filler(noun=(noun or 0) > (verb or 0), finishing=finishing), _before_recipient(
        source, at, max(verb or 0, noun or 0)
    )


def _before_recipient(source: Source, at: int, end: int) -> int:
    """Tổng hợp báo cáo Chủ tịch UBND: the last word of the work already turns to whom it is sent."""
    if not v.ORGAN.match(source, end):
        return end
    starts = (place for place in range(at + 1, end) if v.RECIPIENT.match(source, place) == end)
    return next(starts, end)


def _recipient(source: Source, at: int) -> Read | None:
    start = v.RECIPIENT.match(source, at)
    organ = v.ORGAN.match(source, start) if start else None
    if not start or not organ:
        return None
    end = free_text(source, start)
    return (Filler(), end) if end and not speaks_of_time(source, start, end) else None


def mark(source: Source, at: int) -> Read | None:
    """A separator, a bracket, a bullet."""
    token = source.token(at)
    if token.kind in ("newline", "bullet"):
        return Mark(";"), at + 1
    if _is_blank(source, at):
        source.complain(f"Văn bản còn để trống: «{source.text}».")
        return None
    if token.kind == "punct" and token.text in ",;():.":
        return Mark(";" if token.text == "." else token.text), at + 1
    if token.kind == "punct" and token.text in "-–+*" and at in (0, len(source.tokens) - 1):
        return Mark(";"), at + 1
    if token.kind == "punct" and token.text == "/" and source.kind(at - 1) != "num" and source.kind(at + 1) == "word":
        return Mark(","), at + 1
    for words, sign in ((v.OR, "or"), (v.AND, "and")):
        end = words.match(source, at)
        if end:
            return Mark(sign), end
    return _numbering(source, at)


def _is_blank(source: Source, at: int) -> bool:
    """Dots that a form leaves to be filled in: "ngày ... tháng ...", ".../3/2026", "……"."""
    token, following = source.token(at), source.token(at + 1)
    if token.text == "…":
        return True
    return token.text == "." and following.text in (".", "…", "/") and following.start == token.end


def _round(source: Source, at: int) -> Read | None:
    """Đợt 1, lần thứ II: the head of one of several rounds."""
    start = v.ROUND.match(source, at)
    counted = (number(source, start) or roman(source, start)) if start else None
    if not counted:
        return None
    dated = v.BEFORE.match(source, counted[1]) or _named_stretch(source, counted[1])
    return (Filler(), counted[1]) if dated or source.is_punct(counted[1], ":,(") else None


def _named_stretch(source: Source, at: int) -> bool:
    """Đợt 1 tháng 5: a month or quarter with its number, and not the count of months."""
    unit = v.MONTH.match(source, at) or v.QUARTER.match(source, at)
    return unit is not None and (source.kind(unit) in ("num", "my") or roman(source, unit) is not None)


def _numbering(source: Source, at: int) -> Read | None:
    """a) b) 1. 2) at the head of a line."""
    head = at == 0 or source.kind(at - 1) in ("newline", "bullet") or source.is_punct(at - 1, ";")
    token = source.token(at)
    lettered = _LAYOUT.match(source, at) is not None or (token.kind == "num" and len(token.text) == 1)
    if not head or not lettered or not source.is_punct(at + 1, ").") or source.kind(at + 2) == "end":
        return None
    return (Mark(";"), at + 2) if source.is_punct(at + 1, ")") else None
