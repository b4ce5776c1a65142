"""Where a sentence of prose says when: days with a bound, quarters, months, regular intervals, counted limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plans.reading.text import fold
from plans.reading.time_bonds import interval_binds, is_reference

_YEAR = r"(?:\s*(?:/|-|nam|cua nam)\s*\d{4})"
_HOUR = r"(?:\s+\d{1,2}\s*(?:gio|[hg:])\s*(?:\d{1,2})?(?:\s*phut)?\s*,?)"
_BOUND = (
    r"(?:(?:xong |hoan thanh |hoan tat )?(?:cham nhat|muon nhat|truoc|den het|den|vao|trong)"
    rf"(?:\s+(?:la|vao|trong|den|truoc|ngay))*{_HOUR}?)"
)
_CYCLE = (
    r"(?:(?:hang|moi)\s+(?:ngay|tuan|thang|qu[yi]|nam)|cua thang[\w ]{0,24}?qu[yi](?: sau| tiep theo)?"
    r"|thang (?:dau|cuoi)[\w ]{0,14}?qu[yi](?: sau| tiep theo)?|(?:cua )?thang cuoi ky(?: bao cao)?"
    r"|cua (?:moi )?thang(?: bao cao)?\b(?! \d)|thang sau|cuoi qu[yi]|cuoi nam)"
)
# "06 (sáu)": laws repeat a figure in words.
_NUMBER = r"\d{1,2}(?:\s*\((?!\d)\w+(?: \w+)?\))?"
_DAY = (
    rf"(?:ngay\s*)?{_NUMBER}\s*(?:[/-]\s*\d{{1,2}}(?:\s*[/-]\s*\d{{4}})?|thang\s*{_NUMBER}{_YEAR}?)"
    rf"(?:\s+(?:{_CYCLE}|nam sau))?"
)
_CYCLE_DAY = rf"(?:ngay\s*)?{_NUMBER}\s+{_CYCLE}"
_FROM = rf"tu (?:ngay\s*\d{{1,2}}(?:[/-]\d{{1,2}}(?:[/-]\d{{4}})?)?|thang\s*\d{{1,2}}{_YEAR}?)\s+(?=den\b)"
_WEEKDAY = (
    r"(?:(?:dau gio )?(?:sang|chieu)\s+)?(?:ngay\s+)?(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)"
    r"\s*,?\s*(?:hang|moi) tuan"
)
_ROMAN = r"(?:iv|i{1,3}|[1-4])\b"
_QUARTER = rf"(?:(?:dau|cuoi|giua)\s+)?qu[yi]\s*{_ROMAN}(?:\s*(?:,|va|-|–|den)\s*(?:qu[yi]\s*)?{_ROMAN})*{_YEAR}?"
_MONTH = rf"(?:(?:dau|cuoi|giua)\s+)?thang\s*\d{{1,2}}\b(?:\s*(?:,|va)\s*thang\s*\d{{1,2}}\b)*{_YEAR}?"
_PART_OF_YEAR = r"(?:0?6|sau|0?9|chin)\s*thang\s*(?:dau|cuoi)\s*(?:nam|cua nam)(?:\s*\d{4})?"
_EVERY = (
    r"(?:(?:hang|moi)\s+(?:tuan|thang|qu[yi]|nam)"
    r"|(?:0?[369]|sau|ba|chin)\s*thang(?:\s*dau nam)?(?:\s*(?:/|mot)\s*lan)?)"
)
_EVERY_MORE = (
    r"(?:qu[yi]|(?:0?1 )?nam|ca nam|cuoi nam|(?:dau|giua|cuoi) ky|0?[69] thang|hang (?:thang|qu[yi]|nam)"
    r"|dot xuat(?: khi (?:co yeu cau|yeu cau|can thiet)| theo yeu cau)?)"
)

_DATED = re.compile(
    rf"\b(?:{_FROM})?{_BOUND}\s*(?:{_WEEKDAY}|{_CYCLE_DAY}|{_DAY}|{_QUARTER}|{_MONTH}|{_PART_OF_YEAR})"
    rf"(?:\s*(?:,|va|;)\s*(?:truoc\s+)?(?:{_CYCLE_DAY}|ngay {_DAY}|{_DAY}))*"
    rf"|\b(?:dinh ky\s+)?(?:vao\s+)?ngay\s+\d{{1,2}}\s+(?:hang|moi)\s+(?:thang|qu[yi])\b"
    rf"|\bdinh ky\s+(?:vao\s+)?(?:{_CYCLE_DAY}|{_DAY})"
    rf"|\b(?:xong|hoan thanh|hoan tat)\s+(?:{_QUARTER}|{_MONTH})"
    rf"|(?<=\()\s*(?:{_QUARTER}|thang\s*\d{{1,2}}{_YEAR})(?=\s*\))"
)
_IN_YEAR = re.compile(
    r"\b(?:xong|hoan thanh|hoan tat)\s+(?:trong|truoc|den het|den cuoi|vao cuoi)\s+(?:cuoi\s+)?nam\s+\d{4}"
    r"|\b(?:cham nhat|muon nhat)\s+(?:la\s+)?(?:trong|vao cuoi|vao|den het|het|den cuoi|cuoi)\s+nam\s+\d{4}"
)
_REGULAR = re.compile(
    rf"\bdinh ky\s*\(?\s*(?:{_EVERY}|thang|qu[yi]|nam)(?:\s*(?:,|va|hoac|/)\s*{_EVERY_MORE})*\s*\)?"
    r"|\bdinh ky (?:vao )?(?:ngay |tuan |thu )[\w ]{1,16}(?:hang|moi) (?:tuan|thang|qu[yi]|nam)"
    rf"|\b{_EVERY}(?:\s*(?:,|va|hoac)\s*{_EVERY_MORE})*"
)
_RHYTHM = (
    r"(?:(?:hang|moi)\s+)?(?:tuan|thang|qu[yi]|nam|0?[369]\s*thang(?:\s*dau nam)?|(?:01\s+)?nam)\s*\([^()]*\d[^()]*\)"
)
# "hằng tháng (trước ngày 20), quý (trước ngày 15 tháng cuối quý)": the bracket after each interval is its day.
_RHYTHMS = re.compile(rf"\b(?:dinh ky\s+)?{_RHYTHM}(?:\s*(?:,|;|va)\s*(?:va\s+)?(?:bao cao\s+)?{_RHYTHM})+")
# "báo cáo tháng trước ngày 20, báo cáo quý trước ngày 15 tháng cuối quý": a day without a month belongs to its report.
_REPORT_DAY = (
    r"(?:bao cao\s+)?(?:(?:dinh ky|hang|moi)\s+){0,2}(?:thang|qu[yi]|0?[69]\s*thang(?:\s*dau nam)?|nam)\s*:?\s*"
    rf"(?:gui\s+)?{_BOUND}\s*(?:{_CYCLE_DAY}|{_DAY}|ngay\s*\d{{1,2}}\b(?!\s*[/-]))"
)
_REPORT_DAYS = re.compile(rf"\b(?=(?:bao cao|hang|moi)\s){_REPORT_DAY}(?:\s*(?:,|;|va)\s*(?:va\s+)?{_REPORT_DAY})+")
_TIMES = re.compile(
    r"\b(?:(?:it nhat|toi thieu) )?(?:\d{1,2}|mot|hai|ba) lan\s*(?:/|mot|moi|trong)\s*(?:tuan|thang|qu[yi]|nam)\b"
    r"|\b(?:moi|hang) (?:tuan|thang|qu[yi]|nam) (?:(?:it nhat|toi thieu) )?(?:\d{1,2}|mot|hai|ba) lan\b"
)
_COUNTED = re.compile(
    r"\b(?:trong (?:thoi han|vong)|cham nhat(?: la)?|trong)\s+\d{1,3}\s*(?:\(\w+\)\s*)?"
    r"(?:ngay(?: lam viec)?|gio|thang)\s*,?\s*(?:ke tu|sau khi|tu khi|tu ngay)[^,;.]*"
    r"|\b(?:cham nhat(?: la)?|it nhat|toi thieu)\s+\d{1,3}\s*ngay(?: lam viec)?,?\s+truoc (?:ngay|khi)\s[^,;.]{3,80}"
    r"|\btruoc (?:ngay|khi)\s[^,;.\d]{2,50}(?:it nhat|toi thieu)\s+\d{1,3}\s*ngay(?: lam viec)?"
)
# "định kỳ tổng hợp, báo cáo": a regular duty whose interval a person must say.
_SOME_INTERVAL = re.compile(
    r"\bdinh ky(?: theo quy dinh)?(?=\s*,?\s+(?:(?:va dot xuat|hoac dot xuat|tong hop|theo doi|kiem tra|danh gia)\W+)?"
    r"(?:\w+\s+){0,2}(?:bao cao|tong hop|so ket|giao ban|cong khai|cap nhat)\b)"
)

# What belongs to a time though it names none: "... hoặc đột xuất", "... thuộc kỳ báo cáo", "... (đối với báo cáo năm)".
_TAIL = re.compile(
    rf"(?:,?\s+tu thang \d{{1,2}}{_YEAR}? den (?:het )?thang \d{{1,2}}{_YEAR}?|"
    r"\s*\((?:doi voi|bao cao) [^()]{3,60}\)|\s+thuoc ky bao cao|\s+doi voi (?:cac )?bao cao[^,;.()]{3,40}"
    r"|,?\s+(?:hoac|va)\s+(?:theo (?:de nghi|yeu cau)(?: cua [^,;.]{3,60})?|dot xuat(?: khi [a-z ]{6,14}"
    r"| theo yeu cau)?)"
    r"(?=\s*(?:[,;.)]|$|de\b|bao cao\b|thuc hien\b|gui\b|tong hop\b)))+"
)
# "hằng tháng (trước ngày 14), 6 tháng và năm": further intervals behind the bracket of the first.
_MORE_INTERVALS = re.compile(
    rf"(?:\s*(?:,|va|hoac)\s*{_EVERY_MORE})+(?=\s*(?:[,;.)]|$|gui\b|bao cao\b|ve\b|de\b|cho\b))"
)
_DINH_KY = re.compile(r"\bdinh ky(?: vao)?\s+$")
# "trước ngày 20": which month, only an interval in the same sentence can say.
_BARE_DAY = re.compile(rf"\b{_BOUND}\s*ngay\s*\d{{1,2}}\b(?!\s*(?:[/-]\s*\d|thang\b|ngay\b|den\b))")
# "báo cáo tháng trước ngày 20": the name of the report is the interval of the day.
_DAY_OF_REPORT = re.compile(
    rf"\bbao cao (?:hang )?(?:thang|qu[yi])\s*[:,(]?\s*(?:gui\s+)?{_BOUND}\s*ngay\s*\d{{1,2}}\b(?!\s*[/\w-])"
)
_FULL_YEAR = re.compile(r"\b20\d{2}\b")
_OWN_CYCLE = re.compile(rf"{_CYCLE}|tuan\b|\d{{4}}|ke tu|sau khi|qu[yi]\s*(?:i|v|\d)")


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of a sentence that says when, and its words: an interval and a day that stand apart come together."""

    start: int
    end: int
    words: str


def time_words(sentence: str, year: int | None = None) -> When | None:
    """The words that bind the sentence to a time, the most exact ones; None when it has none.

    `year` is the plan's: days two years and more before it, and days of the year before in a sentence about what was
    done, are history and bind nobody.
    """
    folded = fold(sentence)
    rhythms = _RHYTHMS.search(folded)
    reports = _REPORT_DAYS.search(folded)
    if reports and not rhythms and _BARE_DAY.search(reports.group()):
        rhythms = reports
    if rhythms:
        return When(*rhythms.span(), sentence[slice(*rhythms.span())])
    regular = [match.span() for match in _REGULAR.finditer(folded) if interval_binds(folded, *match.span())]
    regular = sorted([*regular, *(match.span() for match in _TIMES.finditer(folded))])
    dated = dated_spans(folded, year)
    if dated:
        regular = [span for span in regular if not _names_report(folded, span)]
    dated = dated or ([match.span() for match in _BARE_DAY.finditer(folded)] if regular else [])
    dated = dated or [match.span() for match in _DAY_OF_REPORT.finditer(folded)]
    if not dated:
        return _regular(sentence, folded, regular)
    found = [_exact(sentence, folded, span, regular) for span in _joined(folded, dated)]
    words = dict.fromkeys(when.words.strip(" ,;") for when in found)
    return When(found[0].start, found[-1].end, "; ".join(words) if len(words) > 1 else found[0].words)


def dated_spans(folded: str, year: int | None = None) -> list[tuple[int, int]]:
    """Where a folded sentence names days, months or counted limits that bind, in order."""
    found = (*_DATED.finditer(folded), *_IN_YEAR.finditer(folded), *_COUNTED.finditer(folded))
    spans = sorted(match.span() for match in found if not is_reference(folded, *match.span(), year))
    return [span for at, span in enumerate(spans) if not any(span[0] < end for _, end in spans[:at])]


def _joined(folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The days with their tails; days that only a comma or "và" divides are one printed time, unless each has a"
    " year."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        tail = _TAIL.match(folded, end)
        end = tail.end() if tail else end
        before = joined[-1] if joined else (0, 0)
        if end <= before[1]:
            continue
        years = _FULL_YEAR.search(folded[slice(*before)]) and _FULL_YEAR.search(folded[start:end])
        if joined and not years and folded[before[1] : start].strip() in (",", "va", ", va"):
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return joined


def _regular(sentence: str, folded: str, regular: list[tuple[int, int]]) -> When | None:
    if regular:
        start, end = _closed(folded, *regular[0])
        return When(start, end, sentence[start:end])
    some = _SOME_INTERVAL.search(folded)
    return When(*some.span(), sentence[slice(*some.span())]) if some else None


def _exact(sentence: str, folded: str, dated: tuple[int, int], regular: list[tuple[int, int]]) -> When:
    """The day with the interval it belongs to, whether beside it ("hằng năm (trước ngày 15/11)") or further off."""
    start, end = _widened(folded, *dated, regular)
    words = sentence[start:end]
    near = bool(regular) and ";" not in folded[min(end, regular[0][1]) : max(start, regular[0][0])]
    if (start, end) == dated and near and not _OWN_CYCLE.search(folded[start:end]):
        interval = sentence[slice(*regular[0])].strip()
        return When(min(start, regular[0][0]), end, f"{interval} ({words})")
    return When(start, end, words)


def _widened(folded: str, start: int, end: int, regular: list[tuple[int, int]]) -> tuple[int, int]:
    for first, last in regular:
        if last <= start and not folded[last:start].strip(" ,(:"):
            start = first
        elif first >= end and not folded[end:first].strip(" ,("):
            end = last
    periodic = _DINH_KY.search(folded[:start])
    return _closed(folded, periodic.start() if periodic else start, end)


def _closed(folded: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the bracket it opened and with what follows it as part of the time."""
    rest = re.match(r"[^()]{0,20}\)", folded[end:])
    if rest and folded[start:end].count("(") > folded[start:end].count(")"):
        end += rest.end()
        more = _MORE_INTERVALS.match(folded, end)
        end = more.end() if more else end
    tail = _TAIL.match(folded, end)
    return start, tail.end() if tail else end


def _names_report(folded: str, span: tuple[int, int]) -> bool:
    """ "báo cáo 6 tháng ... trước ngày 05/6": the interval says which report, and the day says when."""
    named = folded[: span[0]].rstrip().endswith(("bao cao", "so ket", "tong ket"))
    return named and not folded[slice(*span)].startswith(("hang", "moi", "dinh ky"))
