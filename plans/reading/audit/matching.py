"""One work ordered in the prose and again in the table: who leads it, by when, and whether its report stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plans.reading.audit.flaws import WARNING, Flaw, quoted
from plans.reading.audit.likeness import core_of, same_work, words_of
from plans.reading.audit.subject import Subject
from plans.reading.audit.times import dues
from plans.reading.model import ObligationRow, StandingDuty
from plans.reading.text import fold, squash

_REPORT = re.compile(r"^\W*(?:tong hop[\w, ]{0,30}|thuc hien[\w, ]{0,30}|xay dung[\w, ]{0,12})?\bbao cao\b")
_REPORTS = re.compile(r"\bbao cao\b")
_NAMES = {
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "semiannual": "6 tháng",
    "nine_month": "9 tháng",
    "annual": "hằng năm",
}


def matching_flaws(subject: Subject) -> Iterator[Flaw]:
    """Contradictions of the prose duties with the rows of the tables."""
    rows = [row for table in subject.duty_tables for row in table.rows]
    listed = [row for row in rows if _REPORT.search(fold(row.content)) and _frequencies(row)]
    for duty in subject.standing:
        twins = [row for row in rows if same_work(duty.row.content, row.content)]
        for row in twins[:1]:
            yield from _twins(subject, duty, row)
        if not twins:
            yield from _report_on_another_day(subject, duty, listed)
            yield from _report_left_out(subject, duty, listed)


def _twins(subject: Subject, duty: StandingDuty, row: ObligationRow) -> Iterator[Flaw]:
    spots = (subject.spot(duty.row.place), subject.row_spot(row))
    if duty.row.leads and row.leads and not _shared(duty.row.leads, row.leads):
        message = (
            f"Một việc có hai đơn vị chủ trì khác nhau: lời văn giao {quoted('; '.join(duty.row.leads))},"
            f" bảng giao {quoted('; '.join(row.leads))}."
        )
        yield from (
            Flaw("lead_contradicts", WARNING, spot, message, "Thống nhất một đơn vị chủ trì.") for spot in spots
        )
    if _times_differ(duty.row, row):
        yield from _times_contradict(subject, duty, row)


def _times_contradict(subject: Subject, duty: StandingDuty, row: ObligationRow) -> Iterator[Flaw]:
    message = (
        f"Một việc có hai thời hạn khác nhau: lời văn ghi {quoted(duty.row.deadline_text or '')},"
        f" bảng ghi {quoted(row.deadline_text or '')}."
    )
    for spot in (subject.spot(duty.row.place), subject.row_spot(row)):
        yield Flaw("deadline_contradicts", WARNING, spot, message, "Thống nhất một thời hạn.")


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a name of one side is, or is part of, a name of the other; a group may stand for its members."""
    names = [(squash(first), squash(second)) for first in one for second in other]
    group = re.compile(r"^(?:cac|nhung|thu truong|nguoi dung dau)\b")
    return any(a in b or b in a for a, b in names) or any(group.match(fold(name)) for name in (*one, *other))


def _times_differ(one: ObligationRow, other: ObligationRow) -> bool:
    """Two single days that differ, or two regular days of one interval that differ."""
    if dues(one) and dues(other) and len(one.rules) == len(other.rules) == 1:
        start = date.fromisoformat(str(other.rules[0].get("start") or dues(other)[0]))
        return not start <= dues(one)[0] <= dues(other)[0]
    return any(
        first.get("freq") == second.get("freq") is not None and _exact(one) and _exact(other)
        and first.get("due_dates") != second.get("due_dates")
        for first in one.rules for second in other.rules
    )  # fmt: skip


def _exact(row: ObligationRow) -> bool:
    return re.search(r"\bngay \d", fold(row.deadline_text or "")) is not None


def _frequencies(row: ObligationRow) -> set[str]:
    return {str(rule["freq"]) for rule in row.rules if rule.get("kind") == "recurring"}


def _report_on_another_day(subject: Subject, duty: StandingDuty, listed: list[ObligationRow]) -> Iterator[Flaw]:
    """The one report of the table that the prose orders too, by the same unit and at the same interval."""
    rows = [row for row in listed if _frequencies(row) & _frequencies(duty.row) and _same_topic(row, duty.row)]
    if len(rows) == 1 and _shared(duty.row.leads, rows[0].leads) and _times_differ(duty.row, rows[0]):
        yield from _times_contradict(subject, duty, rows[0])


def _same_topic(one: ObligationRow, other: ObligationRow) -> bool:
    first, second = set(core_of(one.content)), set(core_of(other.content))
    return bool(_REPORTS.search(fold(other.content))) and len(first & second) >= 0.6 * min(len(first), len(second))


def _report_left_out(subject: Subject, duty: StandingDuty, listed: list[ObligationRow]) -> Iterator[Flaw]:
    """A regular report of the prose whose interval no report of the table has, though the table lists reports."""
    if not _REPORTS.search(fold(duty.row.content)):
        return
    have = set().union(*(_frequencies(row) for row in listed)) if listed else set()
    missing = sorted(_frequencies(duty.row) - have) if listed else []
    if missing and any(len(set(words_of(row.content)) & set(words_of(duty.row.content))) >= 6 for row in listed):
        names = ", ".join(_NAMES.get(freq, freq) for freq in missing)
        words = quoted(duty.row.deadline_text or "")
        keys = ", ".join(row.key for row in listed[:4])
        message = f"Báo cáo {names} giao trong lời văn ({words}) không có trong các báo cáo của bảng (nhiệm vụ {keys})."
        yield Flaw(
            "report_not_in_table",
            WARNING,
            subject.spot(duty.row.place),
            message,
            "Bổ sung vào bảng hoặc thống nhất kỳ báo cáo.",
        )
