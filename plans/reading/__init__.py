"""Reading a plan file: any format to one table model, and one interpretation above it (docs/architecture.md)."""

from __future__ import annotations

from plans.reading.errors import PlanFileError
from plans.reading.model import Finding, ObligationRow, PlanHead, Reading, Severity, StandingDuty, TargetRow
from plans.reading.reader import read_bytes, read_opened, read_plan

__all__ = [
    "Finding",
    "ObligationRow",
    "PlanFileError",
    "PlanHead",
    "Reading",
    "Severity",
    "StandingDuty",
    "TargetRow",
    "read_bytes",
    "read_opened",
    "read_plan",
]
