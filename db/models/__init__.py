"""Every table of dondoc."""

from __future__ import annotations

from db.models.base import Base, Json, UtcDateTime
from db.models.feeds import CalendarFeed
from db.models.inbound import INBOUND_STATES, InboundMessage, LinkCode, MailBookmark
from db.models.messages import (
    MESSAGE_STATES,
    ChannelToken,
    JobRun,
    JournalEntry,
    JournalHead,
    Message,
    MessageItem,
    ReportFile,
)
from db.models.occurrences import (
    OCCURRENCE_STATES,
    OPEN_STATES,
    Extension,
    Link,
    Occurrence,
    Submission,
    SubmissionFigure,
    SubmissionFile,
)
from db.models.plans import Finding, Obligation, ObligationUnit, Plan, PlanFile, Question, Target, TargetUnit
from db.models.rules import ApprovedRules
from db.models.sending import ChannelWindow, Suppression
from db.models.units import PERSON_ROLES, GroupMember, LoginSession, Person, Unit, UnitAlias, UnitCharge, User

__all__ = [
    "INBOUND_STATES",
    "MESSAGE_STATES",
    "OCCURRENCE_STATES",
    "OPEN_STATES",
    "PERSON_ROLES",
    "ApprovedRules",
    "Base",
    "CalendarFeed",
    "ChannelToken",
    "ChannelWindow",
    "Extension",
    "Finding",
    "GroupMember",
    "InboundMessage",
    "JobRun",
    "JournalEntry",
    "JournalHead",
    "Json",
    "Link",
    "LinkCode",
    "LoginSession",
    "MailBookmark",
    "Message",
    "MessageItem",
    "Obligation",
    "ObligationUnit",
    "Occurrence",
    "Person",
    "Plan",
    "PlanFile",
    "Question",
    "ReportFile",
    "Submission",
    "SubmissionFigure",
    "SubmissionFile",
    "Suppression",
    "Target",
    "TargetUnit",
    "Unit",
    "UnitAlias",
    "UnitCharge",
    "User",
    "UtcDateTime",
]
