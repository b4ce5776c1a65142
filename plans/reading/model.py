"""What reading a plan gives: a frozen tree that prints as the object of docs/architecture.md, "Reading a plan"."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from plans.reading.document import NOWHERE, Place

Json = dict[str, Any]


class Severity(StrEnum):
    """How much a finding matters: an error stops the import, a warning wants a decision, a note wants a glance."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw of the document, or one thing that could not be placed; Vietnamese, with its place and a cure."""

    code: str
    severity: Severity
    where: str
    message: str
    suggestion: str

    def to_json(self) -> Json:
        """The object of the contract."""
        return {
            "code": self.code, "severity": self.severity.value, "where": self.where,
            "message": self.message, "suggestion": self.suggestion,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class BasedOn:
    """One document that a plan rests on or carries out, as its opening cites it.

    `name` is what a law without a number is called; `issued_on` an ISO date, or the year alone where no day is printed.
    """

    kind: str
    number: str | None = None
    name: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    words: str = ""

    def to_json(self) -> Json:
        """An object beside those of the contract."""
        names = ("kind", "number", "name", "issued_on", "issuer", "words")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class PlanHead:
    """Who issued what, when; None where the document leaves it blank."""

    kind: str | None = None
    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    locality: str | None = None
    year: int | None = None
    issued_on: str | None = None
    based_on: tuple[BasedOn, ...] = ()

    def to_json(self) -> Json:
        """The object of the contract, and what the plan is based on; `issued_on` is an ISO date."""
        names = ("kind", "number", "title", "issuer", "locality", "year", "issued_on")
        return {name: getattr(self, name) for name in names} | {"based_on": [one.to_json() for one in self.based_on]}


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One duty as printed: text as in the file, `rules` the JSON of the deadline rules, `key` unique in the plan."""

    key: str
    ordinal: str | None
    section: tuple[str, ...]
    content: str
    deliverable: str | None
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    deadline_text: str | None
    rules: tuple[Json, ...]
    status: str
    question: str | None
    place: Place = NOWHERE

    def to_json(self) -> Json:
        """The object of the contract."""
        return {
            "key": self.key, "ordinal": self.ordinal, "section": list(self.section), "content": self.content,
            "deliverable": self.deliverable, "leads": list(self.leads), "coordinators": list(self.coordinators),
            "deadline_text": self.deadline_text, "rules": [dict(rule) for rule in self.rules], "status": self.status,
            "question": self.question, "source": self.place.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingDuty:
    """One duty hidden in the prose, with the sentence it was read from."""

    row: ObligationRow
    quote: str

    def to_json(self) -> Json:
        """The shape of an obligation plus its quote."""
        return {**self.row.to_json(), "quote": self.quote}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One yearly figure to reach; `value` is a number, or the printed words where they hold no single number."""

    ordinal: str | None
    group: str | None
    name: str
    unit: str | None
    comparator: str
    value: int | float | str | None
    responsible: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    place: Place = NOWHERE

    def to_json(self) -> Json:
        """The object of the contract."""
        return {
            "ordinal": self.ordinal, "group": self.group, "name": self.name, "unit": self.unit,
            "comparator": self.comparator, "value": self.value, "responsible": list(self.responsible),
            "coordinators": list(self.coordinators), "source": self.place.to_json(),
        }  # fmt: skip


class Told(Protocol):
    """What a plan file says, as the object of a Reading: just read, or kept from a reading before."""

    def to_json(self) -> Json:
        """The object that `dondoc plan read --json` prints."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one plan file."""

    plan: PlanHead
    obligations: tuple[ObligationRow, ...] = ()
    standing: tuple[StandingDuty, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def questions(self) -> list[ObligationRow]:
        """The duties whose deadline a person must decide."""
        rows = [*self.obligations, *(duty.row for duty in self.standing)]
        return [row for row in rows if row.status == "ask"]

    def to_json(self) -> Json:
        """The object that `dondoc plan read --json` prints."""
        return {
            "plan": self.plan.to_json(),
            "obligations": [row.to_json() for row in self.obligations],
            "standing": [duty.to_json() for duty in self.standing],
            "targets": [target.to_json() for target in self.targets],
            "findings": [finding.to_json() for finding in self.findings],
        }
