"""The register of units: brought into step with units.yaml, never losing what occurrences need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.unit_keys import Tail, fold_name
from config.units import GroupEntry, UnitEntry, UnitsFile
from db import journal
from db.models import Json, Person, Unit, UnitAlias, UnitCharge
from db.queries import plan_queries
from db.queries.linking_queries import linked_addresses
from plans.unit_names import NameBook

# Units that an officer registered while answering a plan's question; units.yaml need not know them.
BORN_OF_PLAN = "kh."
PERSON_FIELDS = ("name", "title", "role", "email", "zalo_user_id", "phone")


@dataclass
class UnitsChange:
    """What a loading of the register changed: codes of units and people. Empty when nothing did."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deactivated: list[str] = field(default_factory=list)
    # Where the file names another Zalo account than the one that the person tied himself; the tied one stays.
    conflicts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.changed or self.deactivated)

    def note(self, code: str) -> None:
        """Count one change of a unit or person, once."""
        if code not in self.added and code not in self.changed:
            self.changed.append(code)

    def to_json(self) -> Json:
        """The change for the journal."""
        return {"added": self.added, "changed": self.changed, "deactivated": self.deactivated}


def name_book(session: Session, tail: Tail | None = None) -> NameBook:
    """Every name of the active register, for resolving what a plan prints."""
    return NameBook(plan_queries.unit_keys(session), tail, plan_queries.unit_labels(session))


def sync_units(session: Session, units_file: UnitsFile, now: datetime, actor: str) -> UnitsChange:
    """Bring the register into step with the file: add, rename, deactivate; never delete a unit or a person.

    Safe to repeat. A unit that a plan's question brought in stays, and is taken over (with all its occurrences) by the
    first entry of the file that bears its name. The file decides the names of its units; names learned from answers
    stay unless the file gives them to another unit.
    """
    change = UnitsChange()
    entries: list[UnitEntry | GroupEntry] = [*units_file.units, *units_file.groups]
    known = {unit.code: unit for unit in plan_queries.units_with_people(session)}
    tail = units_file.office.tail
    units = {entry.code: _keep_unit(session, _known(known, entry, tail), entry, change) for entry in entries}
    session.flush()
    _keep_names(session, units, entries, tail, change)
    _link(units, units_file, change)
    people = _keep_people(session, units, units_file, change)
    session.flush()
    _keep_charges(units, people, units_file, change)
    _retire([unit for unit in known.values() if unit.code not in units], change)
    session.flush()
    if change:
        data = change.to_json()
        journal.record(session, at=now, actor=actor, action="units.sync", subject_kind="units", subject_id=0, data=data)
    return change


def _known(known: dict[str, Unit], entry: UnitEntry | GroupEntry, tail: Tail) -> Unit | None:
    """The unit of an entry: by code, else one born of a plan that bears one of its names."""
    if entry.code in known:
        return known[entry.code]
    keys = {fold_name(name, tail) for name in entry.names} | {fold_name(name) for name in entry.names}
    born = (unit for unit in known.values() if unit.code.startswith(BORN_OF_PLAN))
    return next((unit for unit in born if keys & {alias.key for alias in unit.aliases}), None)


def _set(target: Unit | Person, values: dict[str, Any]) -> bool:
    """Give an object new values; whether any differed."""
    differing = {name: value for name, value in values.items() if getattr(target, name) != value}
    for name, value in differing.items():
        setattr(target, name, value)
    return bool(differing)


def _keep_unit(session: Session, unit: Unit | None, entry: UnitEntry | GroupEntry, change: UnitsChange) -> Unit:
    values: dict[str, Any] = {"code": entry.code, "name": entry.name, "active": True}
    values |= {"is_group": isinstance(entry, GroupEntry), "short_name": getattr(entry, "short_name", None)}
    if unit is None:
        unit = Unit(**values)
        session.add(unit)
        change.added.append(entry.code)
    elif _set(unit, values):
        change.note(entry.code)
    return unit


def _keep_names(
    session: Session, units: dict[str, Unit], entries: list[UnitEntry | GroupEntry], tail: Tail, change: UnitsChange
) -> None:
    written = {fold_name(name, tail): (name, entry.code) for entry in entries for name in entry.names}
    learned = plan_queries.learned_names(session)
    kept: set[str] = set()
    for alias in plan_queries.aliases(session):
        if alias.key in written:
            kept.add(alias.key)
            name, code = written[alias.key]
            if alias.unit_id != units[code].id:
                alias.unit = units[code]
                change.note(code)
            alias.alias = name
        elif alias.unit.code in units and fold_name(alias.alias) not in learned:
            change.note(alias.unit.code)
            session.delete(alias)
    for key, (name, code) in written.items():
        if key not in kept:
            session.add(UnitAlias(unit_id=units[code].id, alias=name, key=key))
            change.note(code)


def _link(units: dict[str, Unit], units_file: UnitsFile, change: UnitsChange) -> None:
    for entry in units_file.units:
        parent = units[entry.parent].id if entry.parent else None
        if _set(units[entry.code], {"parent_id": parent}):
            change.note(entry.code)
    for group in units_file.groups:
        members = [units[code] for code in dict.fromkeys(group.members)]
        if {member.id for member in units[group.code].members} != {member.id for member in members}:
            units[group.code].members = members
            change.note(group.code)


def _keep_people(
    session: Session, units: dict[str, Unit], units_file: UnitsFile, change: UnitsChange
) -> dict[str, Person]:
    """Everybody of the register by code; those the file does not name are deactivated."""
    people = plan_queries.people_by_code(session)
    tied = linked_addresses(session, [person.id for person in people.values()])
    written = {person.code: (unit, person) for unit, person in units_file.everybody()}
    for code, (unit, entry) in written.items():
        values: dict[str, Any] = {name: getattr(entry, name) for name in PERSON_FIELDS}
        values |= {"unit_id": units[unit].id if unit else None, "channels": list(entry.channels), "active": True}
        if code not in people:
            people[code] = Person(code=code, **values)
            session.add(people[code])
            change.added.append(code)
        elif _set(people[code], _without_untying(people[code], values, tied, change)):
            change.note(code)
    for code in people.keys() - written.keys():
        if people[code].active:
            people[code].active = False
            change.deactivated.append(code)
    return people


def _without_untying(
    person: Person, values: dict[str, Any], tied: dict[int, str], change: UnitsChange
) -> dict[str, Any]:
    """The values of the file, but for a Zalo account that the person tied by a code: only he or the officer unties."""
    own = person.zalo_user_id
    if not own or tied.get(person.id) != own or values["zalo_user_id"] == own:
        return values
    if values["zalo_user_id"]:
        change.conflicts.append(person.code)
    return values | {"zalo_user_id": own}


def _keep_charges(
    units: dict[str, Unit], people: dict[str, Person], units_file: UnitsFile, change: UnitsChange
) -> None:
    for entry in units_file.units:
        unit, person = units[entry.code], people.get(entry.in_charge or "")
        if (unit.charge.person_id if unit.charge else None) == (person.id if person else None):
            continue
        if person is None:
            unit.charge = None
        elif unit.charge is not None:
            unit.charge.person_id = person.id
        else:
            unit.charge = UnitCharge(unit_id=unit.id, person_id=person.id)
        change.note(entry.code)


def _retire(missing: list[Unit], change: UnitsChange) -> None:
    """Deactivate units the file no longer has; their occurrences and history stay as they are."""
    for unit in missing:
        if unit.active and not unit.code.startswith(BORN_OF_PLAN):
            unit.active = False
            change.deactivated.append(unit.code)
    change.deactivated.sort()
