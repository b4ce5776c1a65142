"""The plan audited: what a careful clerk would flag in it, each flaw told once, with all its places."""

from __future__ import annotations

from plans.reading.audit.audited import audit
from plans.reading.audit.flaws import Flaw, Spot, gathered
from plans.reading.audit.subject import Subject

__all__ = ["Flaw", "Spot", "Subject", "audit", "gathered"]
