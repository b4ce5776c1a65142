"""The part of the grammar that reads demands, references and words without time."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Demand, Doubt, Filler, Mark, Reference
from deadlines.figures import number, roman
from deadlines.free_text import cites, free_text, plain_words, refuses, separator, speaks_of_time
from deadlines.grammar_every import every
from deadlines.source import Source, Words, any_of, opened_by
from deadlines.words import Token

Read = tuple[Atom, int]

_AS_SOON = Words("khi", "ngay khi", "khi được", "ngay khi được")
_ASKING = Words("yêu cầu", "đề nghị")
_LEGAL_GROUNDS = Words("căn cứ")
_REPORT = Words("báo cáo", "sơ kết", "tổng kết", "kết quả")
_YEARLY_PLAN = Words(
    *(
        f"{plan} {each} {unit}"
        for plan in ("kế hoạch", "kế hoạch công tác", "chương trình công tác", "chương trình", "kế hoạch thanh tra")
        for each in ("hằng", "hàng")
        for unit in ("tháng", "quý", "năm")
    )
)
_LAYOUT = Words("a", "b", "c", "d", "đ", "e", "g")
_JOINING = any_of(v.OR, v.AND)
_MARKS = {sign: Mark(sign) for sign in ",;():"}
_JOINED = {sign: Mark(sign) for sign in ("and", "or")}
_WHEN = any_of(v.IN, v.BEFORE, v.LATEST)
MARK = _JOINING | any_of(_LAYOUT, kinds="punct newline bullet num")  # what opens a mark


def demand(source: Source, at: int) -> Read | None:
    """Đột xuất, khi có yêu cầu (của ai)."""
    sudden = v.SUDDEN.match(source, at)
    if sudden:
        named = sudden + 1 if source.is_punct(sudden, ":") else sudden
        tail = v.DEMAND.match(source, named) or v.DEMAND_TAIL.match(source, named)
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
    closed = free_text(source, _YEARLY_PLAN.skip(source, named))
    closed = closed or _YEARLY_PLAN.match(source, named)
    if not closed or refuses(source, named, closed) or _ASKING.match(source, named):
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
    if end == start and not opened and not v.DOCUMENTS.match(source, at):  # the verb alone is a plain filler
        return None
    closing = {"(": ")", ":": ";", "": ":"}[opened]
    ended = source.is_punct(end, closing) or (opened == ":" and _closes(source, end))
    other = any(v.NO_DUTY.match(source, place) for place in range(at, end))
    return (Filler(noun=not opened), end) if ended and not other else None


def _closes(source: Source, at: int) -> bool:
    """Whether a line or the text ends here, perhaps behind a full stop."""
    at = at + 1 if source.is_punct(at, ".") else at
    return source.kind(at) in ("newline", "end", "bullet")


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
    if finishing and verb:
        verb = _all_of_it(source, verb)
    object_of_noun = any(v.NOUNS.match(source, place) == at for place in range(max(at - 4, 0), at))
    end = _before_recipient(source, at, max(verb or 0, noun or 0))
    report = any(_REPORT.match(source, place) for place in range(at, end))
    return Filler(noun=object_of_noun or (noun or 0) > (verb or 0), report=report, finishing=finishing), end


def _all_of_it(source: Source, at: int) -> int:
    """Hoàn thành 100% trong năm 2026: all of the work; another share is a target and no deadline."""
    whole = source.token(at).text == "100" and source.is_punct(at + 1, "%") and source.starts[at + 2] & _WHEN
    return at + 2 if whole else at


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


@opened_by(MARK)
def mark(source: Source, at: int) -> Read | None:
    """A separator, a bracket, a bullet."""
    token = source.token(at)
    if token.kind in ("newline", "bullet"):
        return _MARKS[";"], at + 1
    return _sign(source, at, token) if token.kind == "punct" else _joining_word(source, at)


def _sign(source: Source, at: int, token: Token) -> Read | None:
    if token.text in _MARKS:
        return _MARKS[token.text], at + 1
    closing = _closing_sign(source, at)
    if closing:
        return _MARKS[";"], closing
    if _is_blank(source, at):
        source.complain(f"Văn bản còn để trống: «{source.text}».")
        return None
    if token.text == ".":
        return _MARKS[";"], at + 1
    if token.text in "-–+*" and at in (0, len(source.tokens) - 1):
        return _MARKS[";"], at + 1
    if token.text == "/" and source.kind(at - 1) != "num" and source.kind(at + 1) == "word":
        return _MARKS[","], at + 1
    return _joining_word(source, at)


def _joining_word(source: Source, at: int) -> Read | None:
    """Và, hoặc; the numbering of a list."""
    for words, sign in ((v.OR, "or"), (v.AND, "and")) if source.starts[at] & _JOINING else ():
        end = words.match(source, at)
        if end:
            return _JOINED[sign], end
    return _numbering(source, at)


def _closing_sign(source: Source, at: int) -> int | None:
    """The "./." that closes an official document."""
    end = at
    while source.is_punct(end, "./"):
        end += 1
    closed = source.kind(end) in ("end", "newline", "bullet") or source.is_punct(end, ";")
    return end if end > at and closed and source.is_punct(at + 1, "/") else None


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
    dated = v.BEFORE.match(source, counted[1]) or _named_stretch(source, v.IN.skip(source, counted[1]))
    closed = source.is_punct(counted[1], ")") and source.is_punct(at - 1, "(")
    return (Filler(), counted[1]) if dated or closed or source.is_punct(counted[1], ":,(") else None


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
    listed = source.is_punct(at + 1, ")") or (token.kind == "num" and source.kind(at + 2) == "word")
    return (Mark(";"), at + 2) if listed else None
