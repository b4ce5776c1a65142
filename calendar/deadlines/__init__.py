"""Deadlines: Vietnamese administrative phrases to rules, rules to dated occurrences on the working calendar.

Pure: no files, no clock, no network. The folder ``calendar/`` around it must never become a package
(docs/decisions/0001).
"""

from __future__ import annotations

from deadlines.convention import Convention
from deadlines.expansion import Dated, DueDate, date_event, expand, expand_all, expand_between, expand_rules
from deadlines.patterns import Freq, Slot
from deadlines.periods import (
    Period,
    PeriodError,
    date_range,
    half,
    month,
    nine_months,
    parse_period,
    quarter,
    year,
)
from deadlines.phrases import PhraseReading, read_phrase
from deadlines.regimes import data_window, parse_regime, say_regime
from deadlines.rules import (
    ByReference,
    Continuous,
    Offset,
    Once,
    OnDemand,
    OnEvent,
    Recurring,
    Rule,
    RuleError,
    recurring,
    rule_from_json,
)
from deadlines.say import say
from deadlines.workdays import CalendarError, DayMark, DayStatus, WorkCalendar, years_to_order

__all__ = [
    "ByReference",
    "CalendarError",
    "Continuous",
    "Convention",
    "Dated",
    "DayMark",
    "DayStatus",
    "DueDate",
    "Freq",
    "Offset",
    "OnDemand",
    "OnEvent",
    "Once",
    "Period",
    "PeriodError",
    "PhraseReading",
    "Recurring",
    "Rule",
    "RuleError",
    "Slot",
    "WorkCalendar",
    "data_window",
    "date_event",
    "date_range",
    "expand",
    "expand_all",
    "expand_between",
    "expand_rules",
    "half",
    "month",
    "nine_months",
    "parse_period",
    "parse_regime",
    "quarter",
    "read_phrase",
    "recurring",
    "rule_from_json",
    "say",
    "say_regime",
    "year",
    "years_to_order",
]
