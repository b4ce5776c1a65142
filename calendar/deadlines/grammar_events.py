"""The part of the grammar that reads events: "khi ...", "trong 05 ngày kể từ ...", "trước khi ... ít nhất 3 ngày"."""

from __future__ import annotations

import re

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Doubt, Event, Turn
from deadlines.figures import NUMBER, number
from deadlines.free_text import free_text, has_time, refuses
from deadlines.patterns import Freq
from deadlines.rules import Offset, OffsetUnit
from deadlines.source import Source, Words, any_of, opened_by

Read = tuple[Atom, int]

# "As soon as possible", "sau Tết": no event that anyone could enter.
_NO_EVENT = Words("possible", "practicable", "tết", "dịp tết", "đó", "này", "đấy", "that", "this")
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
_PERIODS: tuple[tuple[str, Freq], ...] = (("tháng", "monthly"), ("quý", "quarterly"), ("năm", "annual"))
_ENGLISH_PERIODS: tuple[tuple[str, Freq], ...] = (("month", "monthly"), ("quarter", "quarterly"), ("year", "annual"))
# Events that the calendar itself dates, in every period.
_TURNS: dict[str, Freq] = {
    f"{opening}{verb} {each}{unit}": freq
    for opening in ("", "ngày ", "khi ")
    for verb in ("kết thúc", "hết", "cuối", "cuối cùng của", "cuối cùng")
    for each in ("", "mỗi ", "hằng ", "hàng ", "từng ")
    for unit, freq in _PERIODS
}
_TURNS |= {f"the end of {the} {unit}": freq for the in ("the", "each", "every") for unit, freq in _ENGLISH_PERIODS}
_TURN_WORDS: tuple[tuple[Words, Freq], ...] = tuple(
    (
        Words(*(f"{text}{report}" for text, named in _TURNS.items() if named == freq for report in ("", " báo cáo"))),
        freq,
    )
    for freq in dict.fromkeys(_TURNS.values())
)
_AFTER_TURN = Words("và", "hoặc", "trước", "sau", "này", "đó", "liền kề", "kế tiếp")
_EACH_PERIOD = Words(*(f"{each} {unit}" for each in ("hằng", "hàng", "mỗi", "từng") for unit, _ in _PERIODS))
_NTH = Words("thứ")
_NO_NAME = Words("hoặc", "và", "không", "chưa", "của", "năm", "trước", "sau", "từ", "đến", "là", "đối với")
_FALLS_ON = Words("trùng", "rơi vào")
_MINIMUM = Words("ít nhất", "tối thiểu", "ít nhất là", "tối thiểu là", "at least")
_HOURS = re.compile(r"([0-9]{1,2})\s?[hH]")
DURATION = NUMBER | any_of(kinds="time")
_OPENERS = any_of(v.WITHIN, v.BE, v.AT_LEAST, v.LATEST, v.COUNTED_TO, v.PROMPTLY, v.WHEN, v.AFTER)
EVENT = DURATION | _OPENERS  # what opens an event


@opened_by(EVENT)
def event(source: Source, at: int) -> Read | None:
    """Khi X; trong 05 ngày làm việc kể từ X; trước X ít nhất 3 ngày; chậm nhất 30 ngày trước X."""
    found = _counted_event(source, at) or _event_before(source, at) or _plain_event(source, at)
    if not found or not isinstance(found[0], Event):
        return found
    freq = _TURNS.get(found[0].trigger.casefold())
    return (_turn(source, at, freq, found[0], found[1]), found[1]) if freq else found


def _turn(source: Source, at: int, freq: Freq, meant: Event, end: int) -> Doubt:
    """Chậm nhất 15 ngày sau khi kết thúc quý: the calendar knows this event, and every period has one."""
    reason = f"«{source.slice(at, end)}»: cần xác nhận đây là hạn lặp lại sau mỗi kỳ, tính từ ngày cuối kỳ."
    offset = meant.offset
    days = offset.n if offset and offset.unit == "day" else None
    counted = (Turn(freq, 0 if days == -1 else days),) if days is not None else ()
    return Doubt(reason, (*((each,) for each in counted), (meant,)))


def _plain_event(source: Source, at: int) -> Read | None:
    start = v.WHEN.match(source, v.PROMPTLY.skip(source, at)) or v.WHEN.match(source, at) or _after_named(source, at)
    end = free_text(source, start) if start else None
    if not start or not end or _NO_EVENT.match(source, start):
        return None
    trigger = source.slice(start, end)
    if refuses(source, start, end) or any(_FALLS_ON.match(source, place) for place in range(start, end)):
        return None  # "nếu trùng ngày nghỉ" is no event but a rule of counting
    if _asks(source, start, end):
        source.complain(f"«{source.slice(at, end)}»: chưa rõ là việc phát sinh hay theo yêu cầu.")
        return None
    for place in range(start + 1, end):
        found = duration(source, place)
        if found and found[1] == end:  # "sau hội nghị 05 ngày", "sau khi có kết quả 03 ngày"
            return Event(source.slice(start, place), found[0]), end
    return Event(trigger), end


def _after_named(source: Source, at: int) -> int | None:
    """Sau hội nghị, sau kỳ họp: only before a word that is no date."""
    start = v.AFTER.match(source, at)
    named = start is not None and source.kind(start) == "word"
    dated = start is not None and any(
        words.match(source, start)
        for words in (v.MONTH, v.QUARTER, v.YEAR, v.DAY, v.WEEK, v.PERIODIC, _EACH_PERIOD, _MINIMUM)
    )
    return start if named and not dated else None


def _asks(source: Source, start: int, end: int) -> bool:
    return any(_ASKING.match(source, place) for place in range(start, end))


@opened_by(DURATION)
def duration(source: Source, at: int) -> tuple[Offset, int] | None:
    """05 ngày làm việc, 10 ngày, 24 giờ, 3 tháng, two weeks as days."""
    hours = _HOURS.fullmatch(source.token(at).text) if source.kind(at) == "time" else None
    if hours:
        return Offset(int(hours[1]), "hour"), at + 1
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
    after = _event_after(source, offset, end)
    if after and _MINIMUM.match(source, at):
        reason = f"«{source.slice(at, after[1])}» chỉ nói thời gian tối thiểu phải chờ, không nói hạn cuối."
        return Doubt(reason, ((after[0],),)), after[1]
    return after or _event_ahead(source, offset, end)


def _event_after(source: Source, offset: Offset, at: int) -> Read | None:
    start = v.COUNTED_FROM.match(source, at)
    turn = _turn_after(source, offset, start) if start else None
    if turn:
        return turn
    end = free_text(source, start) if start else None
    if not start or not end or _no_event(source, start) or refuses(source, start, end):
        return None
    return Event(source.slice(start, end), offset), end


def _no_event(source: Source, at: int) -> bool:
    """ "Sau đó", "sau khi kết thúc quý và năm": nothing that anyone could enter the day of."""
    turns = (words.match(source, at) for words, _ in _TURN_WORDS)
    ends = [words.match(source, at) for words in (v.MONTH, v.QUARTER, v.YEAR, v.TIMES)]
    if source.kind(at) == "num" or any(end and source.kind(end) != "word" for end in ends):  # "6 năm trước tháng"
        return True
    return _NO_EVENT.match(source, at) is not None or any(_AFTER_TURN.match(source, end) for end in turns)


def _turn_after(source: Source, offset: Offset, at: int) -> Read | None:
    """Trong 10 ngày sau khi kết thúc quý: the calendar knows the day in every period, where nothing else is said.

    Up to 28 days after a month and 58 after a quarter or a year the day is the same in every year.
    """
    for words, freq in _TURN_WORDS:
        end = words.match(source, at)
        closed = end and (source.kind(end) in ("end", "newline", "bullet") or source.is_punct(end, ",;.)"))
        most = 28 if freq == "monthly" else 58
        if end and closed and offset.unit == "day" and 0 < offset.n <= most:
            return Turn(freq, offset.n), end
    return None


def _event_ahead(source: Source, offset: Offset, at: int) -> Read | None:
    start = v.COUNTED_TO.match(source, at)
    end = free_text(source, start) if start else None
    if not start or not end or _no_event(source, start) or refuses(source, start, end):
        return None
    return Event(source.slice(start, end), Offset(-offset.n, offset.unit)), end


def _event_before(source: Source, at: int) -> Read | None:
    """Trước (khi) X [ít nhất N ngày]; without a number the day before X is the last good one."""
    start = v.COUNTED_TO.match(source, v.LATEST.skip(source, at))
    if start is None or start >= len(source.tokens) or source.kind(start) not in ("word",):
        return None
    if (
        _NO_EVENT.match(source, start)
        or _WORKING_DAY.match(source, start)
        or (v.EVERY.match(source, start) and source.kind(start + 1) == "num")
    ):
        return None
    named = v.DAY.match(source, start)
    unnamed = named and any(words.match(source, named) for words in (_NO_NAME, v.EVERY, v.MONTH, v.QUARTER))
    if named is not None and (source.kind(named) != "word" or unnamed):
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
        if found and found[1] == end and not refuses(source, start, place):
            return Event(source.slice(start, place), Offset(-found[0].n, found[0].unit)), end
    return None


def _named_event(source: Source, start: int, end: int) -> Read | None:
    """Only an event that is clearly one: "trước khi ...", "trước ngày khai giảng"."""
    if not _NAMED.match(source, start) and not _NAMED.match(source, start - 1):
        return None
    if refuses(source, start, end) or _lost_day(source, start, end):
        return None
    return Event(source.slice(start, end), Offset(-1, "day")), end


def _lost_day(source: Source, start: int, end: int) -> bool:
    """Trước ngày [20] tháng cuối quý: the figure was lost, and what is left of the date names no event."""
    named = v.DAY.match(source, start)
    if not named:
        return False
    counted = any(source.kind(place) == "num" and not _NTH.match(source, place - 1) for place in range(named, end))
    return counted or any(words.match(source, place) for words in (v.MONTH, v.QUARTER) for place in range(named, end))
