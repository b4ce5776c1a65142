"""Deadlines that cannot be met, contradict their own row, or fall on a day off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from deadlines import WorkCalendar
from plans.reading.audit.cited import cited_documents
from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot, quoted
from plans.reading.audit.subject import Subject, Zone
from plans.reading.model import ObligationRow
from plans.reading.phrases import dated
from plans.reading.text import flat, fold
from plans.reading.time_words import time_words

_NAMED_DAY = re.compile(r"\b\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{4})?\b|\bngay \d{1,2} thang \d{1,2}\b")
_CUT_OFF = re.compile(
    r"(?:so lieu|chot)\b[^.;]{0,70}?\b(?:den|vao|het) (?:het )?ngay (?P<day>\d{1,2})\b"
    r"(?=[^.;]{0,12}\b(?:thang bao cao|thang nay|(?:hang|moi) thang|cua thang|thang cuoi quy|cung thang))"
)
_NEXT_PERIOD = re.compile(r"(?:thang|quy|ky|nam) (?:sau|tiep|ke tiep|lien sau|lien ke)")
_WHICH_PLAN = re.compile(r"^\W*theo (?:cac )?ke hoach\W*$")
# A festival, a race or a clean-up is held on a Sunday by intent.
_FEAST = re.compile(
    r"\b(?:ngay hoi|le (?:hoi|ky niem|phat dong|ra quan|khai mac)|hoi (?:thi|dien|trai|xuan|cho)|mit tinh"
    r"|giai (?:chay|dau|bong|the thao)|ra quan|di bo|ngay chu nhat|hien mau|tong ve sinh|tiep xuc cu tri|bau cu)\b"
)
_ON_THE_DAY = re.compile(r"^\W*(?:(?:vao|trong) )?(?:ngay )?\d{1,2}\s*(?:/|thang)")
_BOUND = re.compile(r"^(?:xong |hoan thanh )?(?:truoc|cham nhat|muon nhat|den het|den ngay|trong quy|trong thang)")


def time_flaws(subject: Subject) -> Iterator[Flaw]:
    """Every flaw of the deadlines of table and prose."""
    yield from _too_early(subject)
    rows = [*subject.rows, *(duty.row for duty in subject.standing)]
    for row in rows:
        yield from _before_cut_off(subject, row)
        if _WHICH_PLAN.match(fold(row.deadline_text or "")):
            message = "Thời gian “Theo Kế hoạch” không nói rõ kế hoạch nào."
            yield Flaw(
                "deadline_which_plan", NOTE, subject.row_spot(row), message, "Ghi số, ngày hoặc tên của kế hoạch đó."
            )
    for row in subject.rows:
        yield from _two_times(subject, row)
    if subject.calendar:
        yield from _days_off(subject, subject.calendar, rows)


def dues(row: ObligationRow) -> list[date]:
    """The days on which the single deadlines of a row end."""
    return [
        date.fromisoformat(str(rule["due"])) for rule in row.rules if rule.get("kind") == "once" and rule.get("due")
    ]


def _too_early(subject: Subject) -> Iterator[Flaw]:
    """Single deadlines that had passed when the plan was issued, as far as its date and its basis tell."""
    issued, (earliest, latest) = subject.issued_on, subject.issue_bounds
    basis = None if issued else _basis_day(subject, latest)
    for row in (*subject.rows, *(duty.row for duty in subject.standing)):
        ends = dues(row)
        if not ends or len(ends) < len(row.rules):
            continue
        words = quoted(row.deadline_text or "")
        if earliest and max(ends) < earliest:
            when = (
                f"ngày ban hành {_words(issued)}"
                if issued
                else f"tháng ban hành kế hoạch ({earliest.strftime('%m/%Y')})"
            )
            message = f"{words} đã qua trước {when}."
            yield _early(subject.row_spot(row), message)
        elif basis and max(ends) <= basis:
            message = f"{words} không sau ngày {_words(basis)} của văn bản mà kế hoạch này triển khai."
            yield _early(subject.row_spot(row), message)


def _early(spot: Spot, message: str) -> Flaw:
    return Flaw("deadline_before_issue", WARNING, spot, message, "Xem lại thời hạn hoặc ngày ban hành.")


def _basis_day(subject: Subject, latest: date | None) -> date | None:
    """The newest day among the documents the plan says it is based on or carries out; it cannot be older than they."""
    zones = (Zone.HEAD, Zone.BASIS)
    days = [one.day for one in cited_documents(subject) if one.day and one.passage.zone in zones]
    return max((day for day in days if latest is None or day <= latest), default=None)


def _words(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _before_cut_off(subject: Subject, row: ObligationRow) -> Iterator[Flaw]:
    """A monthly report that must be sent days before its own figures are complete."""
    quote = next((duty.quote for duty in subject.standing if duty.row is row), "")
    words = fold(" ".join((row.content, row.deadline_text or "", row.deliverable or "", quote)))
    match = _CUT_OFF.search(words)
    monthly = [rule for rule in row.rules if rule.get("freq") in ("monthly", "quarterly")]
    if not match or not monthly or _NEXT_PERIOD.search(words):
        return
    days = {date.fromisoformat(str(due)).day for rule in monthly for due in rule.get("due_dates", ())}
    cut = int(match["day"])
    if len(days) == 1 and 0 < cut - max(days) <= 12:
        message = (
            f"Hạn {quoted(row.deadline_text or '')} đến trước ngày chốt số liệu của chính báo cáo đó (ngày {cut})."
        )
        yield Flaw(
            "deadline_before_cut_off",
            WARNING,
            subject.row_spot(row),
            message,
            "Xem lại ngày gửi hoặc ngày chốt số liệu.",
        )


def _two_times(subject: Subject, row: ObligationRow) -> Iterator[Flaw]:
    """The content binds the duty to one day and the time column to another."""
    own = dues(row)
    if len(own) != 1 or len(row.rules) != 1:
        return
    for text in (row.content, row.deliverable or ""):
        when = time_words(text)
        if when is None or not _BOUND.match(fold(when.words)) or ";" in when.words:
            continue
        read = dated(flat(when.words), subject.headed.plan.year)
        ends = [date.fromisoformat(str(rule["due"])) for rule in read.rules if rule.get("kind") == "once"]
        if len(ends) == 1 and ends != own and abs((ends[0] - own[0]).days) > 1 and not _holds(row, ends[0]):
            column = quoted(row.deadline_text or "")
            message = f"Một nhiệm vụ có hai thời hạn: nội dung ghi {quoted(when.words)}, cột thời gian ghi {column}."
            yield Flaw("deadline_two_times", WARNING, subject.row_spot(row), message, "Thống nhất một thời hạn.")
            return


def _holds(row: ObligationRow, day: date) -> bool:
    """Whether the span of the time column ("Quý II") holds the exact day that the content gives."""
    start = row.rules[0].get("start")
    return bool(start) and date.fromisoformat(str(start)) <= day <= dues(row)[0]


def _days_off(subject: Subject, calendar: WorkCalendar, rows: list[ObligationRow]) -> Iterator[Flaw]:
    """Days named in full that are days off: one note, each with the working day it moves to."""
    told: dict[str, Spot] = {}
    for row in rows:
        when = fold(row.deadline_text or "")
        if not _NAMED_DAY.search(when) or (_FEAST.search(fold(row.content)) and _ON_THE_DAY.match(when)):
            continue
        for due in dues(row):
            status = calendar.why(due)
            if not status.working and (subject.issued_on is None or due >= subject.issued_on):
                moved = _words(calendar.next_working(due))
                words = quoted(row.deadline_text or "", 40)
                said = f"{words} hết ngày {_words(due)}, {_off(status.reason)}, chuyển sang {moved}"
                told.setdefault(said, subject.row_spot(row))
    if told:
        message = f"Thời hạn rơi vào ngày nghỉ: {'; '.join(list(told)[:6])}."
        cure = "Hạn pháp lý là ngày làm việc kế tiếp; nên hoàn thành trước ngày nghỉ."
        yield from (Flaw("deadline_day_off", NOTE, spot, message, cure) for spot in told.values())


def _off(reason: str) -> str:
    """ "Nghỉ hằng tuần (thứ Bảy)" -> "thứ Bảy"; any other reason as the table of days off words it."""
    weekly = re.match(r"Nghỉ hằng tuần \((.+)\)", reason)
    return weekly[1] if weekly else reason
