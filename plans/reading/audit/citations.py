"""Cited documents whose number or date cannot be, and one document cited in two ways."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from plans.reading.audit.captions import is_own
from plans.reading.audit.cited import Cited, cited_documents
from plans.reading.audit.flaws import NOTE, WARNING, Flaw, quoted
from plans.reading.audit.subject import Subject
from plans.reading.text import fold, squash

# Years in which a term of the Quốc hội passed its laws and resolutions.
_TERMS = {"QH12": (2007, 2011), "QH13": (2011, 2016), "QH14": (2016, 2021), "QH15": (2021, 2026), "QH16": (2026, 2031)}
_LOOK_UP = "Đối chiếu với văn bản được dẫn và sửa lại."


def citation_flaws(subject: Subject) -> Iterator[Flaw]:
    """Impossible days, years that contradict the number, days after the plan, and double dates and misprints."""
    cited = [one for one in cited_documents(subject) if not is_own(subject, one)]
    _, latest = subject.issue_bounds
    wrong: set[str] = set()
    for one in cited:
        flaw = _wrong_day(one) or _wrong_year(one) or _after_plan(one, latest)
        if flaw:
            wrong.add(one.number)
            yield flaw
    yield from _two_dates([one for one in cited if one.number not in wrong])
    yield from _misprints(cited)


def _wrong_day(one: Cited) -> Flaw | None:
    if one.dated and one.day is None:
        message = f"Ngày của văn bản được dẫn không có trên lịch: {quoted(one.words)}."
        return Flaw("citation_date_impossible", WARNING, one.passage.spot, message, _LOOK_UP)
    if one.sign == "nam":
        message = f"Ngày của văn bản được dẫn ghi sai chữ: {quoted(one.words)}."
        return Flaw(
            "citation_date_misprinted", WARNING, one.passage.spot, message, "Ghi đủ “ngày … tháng … năm …” cho đúng."
        )
    return None


def _wrong_year(one: Cited) -> Flaw | None:
    if one.day is None:
        return None
    if one.number_year and one.number_year != one.day.year:
        message = f"Năm trong số ({one.number_year}) khác năm của ngày ban hành ({one.day.year}): {quoted(one.words)}."
        return Flaw("citation_year_contradicts", WARNING, one.passage.spot, message, _LOOK_UP)
    term = _TERMS.get(one.symbol)
    if term and not term[0] <= one.day.year <= term[1]:
        message = f"Quốc hội khóa {one.symbol[2:]} không ban hành văn bản năm {one.day.year}: {quoted(one.words)}."
        return Flaw("citation_year_contradicts", WARNING, one.passage.spot, message, _LOOK_UP)
    return None


def _after_plan(one: Cited, latest: date | None) -> Flaw | None:
    if one.day is None or latest is None or one.day <= latest:
        return None
    message = f"Văn bản được dẫn có ngày sau ngày ban hành kế hoạch: {quoted(one.words)}."
    return Flaw("citation_after_plan", WARNING, one.passage.spot, message, _LOOK_UP)


def _two_dates(cited: list[Cited]) -> Iterator[Flaw]:
    """One document under two dates. Local numbers start again with each body, so those need the same issuer."""
    known: dict[tuple[str, str, int | None], dict[date, Cited]] = defaultdict(dict)
    for one in cited:
        if one.day is None:
            continue
        if one.is_national:
            known[one.number, "", one.number_year or _year_of_series(one)].setdefault(one.day, one)
        elif one.issuer:
            known[one.number, squash(one.issuer), one.number_year or one.day.year].setdefault(one.day, one)
    for dates in known.values():
        if len(dates) > 1:
            days = " và ".join(day.strftime("%d/%m/%Y") for day in sorted(dates))
            message = f"Văn bản số {next(iter(dates.values())).printed} được dẫn với hai ngày khác nhau: {days}."
            for one in dates.values():
                yield Flaw("citation_two_dates", WARNING, one.passage.spot, message, _LOOK_UP)


def _year_of_series(one: Cited) -> int | None:
    """Party numbers run through a term, the Government's start again each year."""
    return None if one.symbol.endswith("/TW") else one.day.year if one.day else None


def _misprints(cited: list[Cited]) -> Iterator[Flaw]:
    """ "57NQ/TW" for "57-NQ/TW", "ND-CP" for "NĐ-CP": certain when the right form is known or cited elsewhere."""
    counts = Counter(one.number for one in cited)
    for one in cited:
        right = _right_symbol(one)
        if right is None:
            continue
        form = f"{one.figure}-{right}" if one.glued else one.printed.replace(one.symbol, right)
        elsewhere = counts[f"{int(one.figure)}{f'/{one.number_year}' if one.number_year else ''}/{right}"]
        if one.glued or elsewhere or re.match(r"ND-CP$|QD-(?:TTg|UBND)$", one.symbol):
            message = f"Số, ký hiệu {quoted(one.printed)} in sai, đúng ra là {quoted(form)}."
            yield Flaw("citation_misprinted", NOTE, one.passage.spot, message, "Sửa lại số, ký hiệu.")


def _right_symbol(one: Cited) -> str | None:
    if one.glued:
        return one.symbol
    parts = one.symbol.split("-", 1)
    fixed = {"ND": "NĐ", "QD": "QĐ"}.get(parts[0])
    return "-".join([fixed, *parts[1:]]) if fixed and fold(parts[0]) != parts[0] else None
