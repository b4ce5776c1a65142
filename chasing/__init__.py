"""The chase, pure: ladders, what to say now, and what goes into one digest. No clock, no database, no channel."""

from __future__ import annotations

from chasing.case import CHASED_STATES, FLAGGED_REQUEST, CaseView, quiet_end
from chasing.deciding import Action, lateness, next_actions, next_step
from chasing.digests import Digest, Recipient, by_lateness, cut, digests, fit
from chasing.hours import ZONE, OfficeHours, after_night, is_office_time, local, say_date, say_moment, start_of_day
from chasing.ladder import KINDS, ROLES, SUPERIOR_ROLES, UNIT_ROLES, Ladder, LadderError, Role, Step
from chasing.words import describe, describe_for_coordinator, say_days

__all__ = [
    "CHASED_STATES",
    "FLAGGED_REQUEST",
    "KINDS",
    "ROLES",
    "SUPERIOR_ROLES",
    "UNIT_ROLES",
    "ZONE",
    "Action",
    "CaseView",
    "Digest",
    "Ladder",
    "LadderError",
    "OfficeHours",
    "Recipient",
    "Role",
    "Step",
    "after_night",
    "by_lateness",
    "cut",
    "describe",
    "describe_for_coordinator",
    "digests",
    "fit",
    "is_office_time",
    "lateness",
    "local",
    "next_actions",
    "next_step",
    "quiet_end",
    "say_date",
    "say_days",
    "say_moment",
    "start_of_day",
]
