"""The superior's date: by when the office itself owes the thing to its superior. Pure.

The words stand beside the duty ("trước ngày 20 hằng tháng", "30/6/2026") and are read as every deadline of the office.
"""

from __future__ import annotations

from datetime import date

from config.faults import Refusal
from config.phrases import read_phrase
from deadlines import Once, Recurring, Rule, WorkCalendar, expand_rules

# What the office does with an answer before it goes up: at least this many working days before the superior's date.
WORK_DAYS = 1
MOST = 500


def tidy_superior(words: str) -> str:
    """The words as they are kept: one line."""
    return " ".join(words.split())


def read_superior(words: str, year: int) -> tuple[Rule, ...]:
    """The rules of the words in a plan year; none for no words.

    Raises Refusal, with the words and the question, when they are not fully understood or give no date.
    """
    if not (kept := tidy_superior(words)):
        return ()
    if len(kept) > MOST:
        raise Refusal(f"Hạn cấp trên dài {len(kept)} ký tự, quá {MOST}. Hãy chỉ ghi thời hạn.")
    said = read_phrase(kept, year)
    example = "Hãy ghi rõ, ví dụ «trước ngày 20 hằng tháng» hoặc «30/6/2026»."
    if said.status != "read":
        raise Refusal(f"Hạn cấp trên «{kept}» chưa rõ: {said.question or 'không hiểu.'} {example}")
    if not all(isinstance(rule, Once | Recurring) for rule in said.rules):
        raise Refusal(f"Hạn cấp trên «{kept}» không ấn định ngày nào. {example}")
    return said.rules


def superior_due(
    words: str, year: int, period_key: str, span: tuple[date, date], calendar: WorkCalendar
) -> date | None:
    """The superior's date of one occurrence: of the same period, else of one that holds it; None when there is none.

    `span` is the period's first and last day: a period is the same by its key, or by its bounds; a month's work under
    a quarterly report is bound by the quarter's date. A day off shifts it to the next working day (Bộ luật Dân sự điều
    148 khoản 5). Of several dates the earliest holds.
    """
    try:
        rules = read_superior(words, year)
    except Refusal:
        return None
    once = [rule for rule in rules if isinstance(rule, Once)]
    found = [calendar.shifted(rule.due)[0] for rule in once]
    recurring = tuple(rule for rule in rules if isinstance(rule, Recurring))
    dues = [due.date for due in expand_rules(recurring, plan_year=year, calendar=calendar)] if recurring else []
    same = [d for d in dues if period_key == d.period_key or span == (d.period.start, d.period.end)]
    around = [d for d in dues if d.period.start <= span[0] and span[1] <= d.period.end]
    return min([*found, *(each.due_legal for each in same or around)], default=None)


def latest_before(superior: date, calendar: WorkCalendar) -> date:
    """The last working day that leaves the office WORK_DAYS whole working days before the superior's date."""
    return calendar.add_working_days(superior, -(WORK_DAYS + 1))
