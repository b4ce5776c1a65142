"""A plan as it stands now, in the shape of a Reading: what a person corrected and answered is in it."""

from __future__ import annotations

from collections.abc import Iterable

from config.phrases import read_phrase
from db.models import Finding, Json, Obligation, ObligationUnit, Plan, Target, TargetUnit


def content_of(plan: Plan) -> Json:
    """The object of a Reading made of the rows of a plan, dropped duties left out. A reason is null where none is."""
    active = sorted((each for each in plan.obligations if each.active), key=lambda each: (each.position, each.id))
    return {
        "plan": head_of(plan),
        "obligations": [duty_row(duty, plan.year) for duty in active if not duty.standing],
        "standing": [duty_row(duty, plan.year) for duty in active if duty.standing],
        "targets": [target_row(target) for target in plan.targets],
        "findings": [_finding_row(finding) for finding in plan.findings],
    }


def head_of(plan: Plan) -> Json:
    """The head as a Reading has it."""
    names = ("kind", "number", "title", "issuer", "locality", "year")
    issued = plan.issued_on.isoformat() if plan.issued_on else None
    based_on = list(plan.reading["plan"].get("based_on") or ())
    return {name: getattr(plan, name) for name in names} | {"issued_on": issued, "based_on": based_on}


def duty_row(duty: Obligation, year: int) -> Json:
    """A duty as a Reading has it, with the settings of its follow-up."""
    row: Json = {
        "key": duty.key,
        "ordinal": duty.ordinal,
        "section": list(duty.section),
        "content": duty.content,
        "deliverable": duty.deliverable,
        "leads": names(duty.units, "lead"),
        "coordinators": names(duty.units, "coordinator"),
        "deadline_text": duty.deadline_text or None,
        "rules": [dict(rule) for rule in duty.rules],
        "status": "read" if duty.rules else "ask",
        "question": None if duty.rules else _reason(duty, year),
        "source": dict(duty.source),
        "cycle": duty.cycle,
        "regime": duty.regime,
        "ladder": duty.ladder,
        "superior_text": duty.superior_text or "",
    }
    return row | ({"quote": duty.quote or ""} if duty.standing else {})


def _reason(duty: Obligation, year: int) -> str | None:
    return read_phrase(duty.deadline_text, year).question if duty.deadline_text else None


def target_row(target: Target) -> Json:
    """A target as a Reading has it."""
    return {
        "ordinal": target.ordinal,
        "group": target.group,
        "name": target.name,
        "unit": target.unit,
        "comparator": target.comparator,
        "value": target.value if target.value is not None else target.value_text,
        "responsible": names(target.responsible, "lead"),
        "coordinators": names(target.responsible, "coordinator"),
        "source": {},
    }


def _finding_row(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": finding.place,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "dismissed": finding.dismissed_reason if finding.dismissed_at else None,
    }


def names(rows: Iterable[ObligationUnit | TargetUnit], role: str) -> list[str]:
    """The printed names of one role."""
    return [row.printed_name for row in rows if row.role == role]
