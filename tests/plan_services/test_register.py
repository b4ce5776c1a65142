"""The register follows units.yaml, forgets nothing that occurrences need, and learns from answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from config.units import UnitsFile
from db import journal
from db.models import JournalEntry, Person, Unit, UnitAlias
from db.queries import plan_queries
from db.session import transaction
from plans.units import name_book, sync_units
from tests.plan_services.readings import ACTOR, NOW, REGISTER, load_register


def changed(**update: Any) -> UnitsFile:
    return UnitsFile.model_validate(REGISTER.model_dump() | update)


def test_loading_adds_everything_once(database_url: str) -> None:
    with transaction(database_url) as session:
        first = sync_units(session, REGISTER, NOW, ACTOR)
        assert set(first.added) == {"vp", "hcc", "kt", "phong", "vp-1", "pct"}
    with transaction(database_url) as session:
        assert not sync_units(session, REGISTER, NOW, ACTOR)
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == 1, "an idle loading is not journalled"
        assert list(journal.verify(session)) == []


def test_units_have_parents_charges_members_and_names(database_url: str) -> None:
    with transaction(database_url) as session:
        load_register(session)
    with transaction(database_url) as session:
        office, desk, economy, group = plan_queries.units_with_people(session)
        assert office.charge is not None
        assert (office.charge.person.code, economy.parent_id) == ("pct", office.id)
        assert [member.code for member in group.members] == ["vp", "kt"]
        assert [person.code for person in office.people] == ["vp-1"]
        assert name_book(session).resolve("TT PVHCC") == desk.code == "hcc"


def test_a_renamed_unit_keeps_its_row_and_loses_its_old_name(database_url: str) -> None:
    units = REGISTER.model_dump(mode="json")["units"]
    units[1] |= {"name": "Trung tâm Một cửa", "short_name": None}
    with transaction(database_url) as session:
        load_register(session)
        before = plan_queries.unit_by_code(session, "hcc")
        change = sync_units(session, changed(units=units), NOW, ACTOR)
        assert (change.added, change.changed, change.deactivated) == ([], ["hcc"], [])
        assert plan_queries.unit_by_code(session, "hcc") is before
        assert name_book(session).resolve("Trung tâm Một cửa") == "hcc"
        assert name_book(session).resolve("TTPVHCC") is None


def test_what_leaves_the_file_is_deactivated_never_deleted(database_url: str) -> None:
    units = [unit for unit in REGISTER.model_dump(mode="json")["units"] if unit["code"] != "hcc"]
    units[0]["people"] = []
    with transaction(database_url) as session:
        load_register(session)
        change = sync_units(session, changed(units=units), NOW, ACTOR)
        assert change.deactivated == ["hcc", "vp-1"]
        gone = plan_queries.unit_by_code(session, "hcc")
        assert gone is not None
        assert not gone.active
        assert name_book(session).resolve("TTPVHCC") is None, "nothing new is given to a unit out of use"
        assert not sync_units(session, changed(units=units), NOW, ACTOR)
    with transaction(database_url) as session:
        back = sync_units(session, REGISTER, NOW, ACTOR)
        assert set(back.changed) == {"hcc", "vp-1"}
        assert all(unit.active for unit in session.scalars(select(Unit)))
        assert all(person.active for person in session.scalars(select(Person)))


def test_a_name_can_move_from_one_unit_to_another(database_url: str) -> None:
    units = REGISTER.model_dump(mode="json")["units"]
    units[0]["aliases"], units[2]["aliases"] = (), ("Văn phòng",)
    with transaction(database_url) as session:
        load_register(session)
        sync_units(session, changed(units=units), NOW, ACTOR)
        assert name_book(session).resolve("Văn phòng") == "kt"
        assert session.scalar(select(func.count()).where(UnitAlias.key == "van phong")) == 1


def test_a_unit_in_charge_can_change_and_end(database_url: str) -> None:
    units = REGISTER.model_dump(mode="json")["units"]
    units[0]["in_charge"] = None
    with transaction(database_url) as session:
        load_register(session)
        assert sync_units(session, changed(units=units), NOW, ACTOR).changed == ["vp"]
        office = plan_queries.unit_by_code(session, "vp")
        assert office is not None
        assert office.charge is None
