"""Who hears of a case: roles become people, people become an address on a channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from chasing import UNIT_ROLES, Recipient, Role, Step
from config.settings import Settings
from config.zalo_templates import has_template
from db.models import Person, Unit
from db.queries import chase_queries as queries
from notifications.suppressions import barred

# Inside a unit the next of kin is asked before anybody above it.
STAND_INS: dict[str, tuple[str, ...]] = {
    "contact": ("contact", "deputy", "leader"),
    "deputy": ("deputy", "leader", "contact"),
    "leader": ("leader", "deputy", "contact"),
}

Pair = tuple[str, str]
"""(channel, address)"""

# Words of one's own cost nothing and say most; a template of the provider's costs money, so it comes late.
FALLBACKS = ("zalo", "zalo_bot", "email", "zalo_template", "zbs")


@dataclass
class Directory:
    """The people of the units concerned, and those above them; loaded once a run.

    `barred`: addresses that take nothing. `orphans` collects the units in which nobody could be reached.
    """

    channels: frozenset[str]
    people: dict[int, Person]
    charges: dict[int, int]
    barred: frozenset[Pair] = frozenset()
    orphans: dict[int, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._unit: dict[tuple[int | None, str], list[Person]] = defaultdict(list)
        self._above: dict[str, list[Person]] = defaultdict(list)
        for person in self.people.values():
            if self.channel_of(person):
                self._unit[person.unit_id, person.role].append(person)
                self._above[person.role].append(person)

    def recipients(self, unit: Unit, roles: Iterable[Role], step: Step) -> list[Recipient]:
        """Who hears of a step about this unit, each once, with his first usable channel."""
        people = {person.id: person for role in roles for person in self.people_in(unit, role)}
        return self._reached(people.values(), step)

    def coordinators(self, units: Iterable[Unit], told: Collection[int], step: Step, today: date) -> list[Recipient]:
        """The contacts of units that only take part; nobody stands in from above, and who is told already is left out.

        `told`: ids of people who hear of the same case as those who answer for it.
        """
        loud = [unit for unit in units if unit.muted_until is None or unit.muted_until < today]
        people = {person.id: person for unit in loud for person in self._of_unit(unit, "contact")}
        return self._reached([person for number, person in people.items() if number not in told], step)

    def officers(self) -> list[Recipient]:
        """Those who decide what units ask for."""
        return self._reached(self._above["officer"])

    def channel_of(self, person: Person, preferred: Iterable[str] = ()) -> str | None:
        """The first channel that reaches a person at an address that is not barred."""
        dead = {name for name in self.channels if (name, address_on(person, name)) in self.barred}
        return channel_for(person, self.channels, preferred, dead)

    def _reached(self, people: Iterable[Person], step: Step | None = None) -> list[Recipient]:
        chosen = [(person.id, self.channel_of(person, step.channels if step else ())) for person in people]
        return [Recipient(person_id, channel) for person_id, channel in chosen if channel]

    def people_in(self, unit: Unit, role: Role) -> list[Person]:
        """The people of a role, or those who stand in: within the unit, then upward to the officer."""
        if role == "coordinator":
            return []
        if role in UNIT_ROLES:
            return self._of_unit(unit, role) or self._over_orphan(unit)
        if role == "vice_chair":
            return self._in_charge(unit) or self._above["chair"] or self._above["officer"]
        return self._above[role] or self._above["officer"]

    def _of_unit(self, unit: Unit, role: str) -> list[Person]:
        return next((found for one in STAND_INS[role] if (found := self._unit.get((unit.id, one)))), [])

    def _over_orphan(self, unit: Unit) -> list[Person]:
        self.orphans[unit.id] = unit
        above = self._unit.get((unit.parent_id, "leader"), []) if unit.parent_id else []
        return above or self._above["officer"]

    def _in_charge(self, unit: Unit) -> list[Person]:
        person = self.people.get(self.charges.get(unit.id, 0))
        if person and self.channel_of(person):
            return [person]
        deputies = self._above["vice_chair"]
        return deputies if len(deputies) == 1 else []


def load_directory(session: Session, units: Collection[Unit], settings: Settings) -> Directory:
    """The directory of these units, their parents and everybody above, in three statements."""
    ids = {unit.id for unit in units} | {unit.parent_id for unit in units if unit.parent_id}
    people = {person.id: person for person in queries.people_for(session, ids)}
    usable = usable_channels(settings)
    addresses = {(name, found) for one in people.values() for name in usable if (found := address_on(one, name))}
    dead = frozenset(barred(session, addresses)) if addresses else frozenset()
    return Directory(usable, people, queries.charges_of(session, ids), dead)


def usable_channels(settings: Settings) -> frozenset[str]:
    """The channels that this installation has; all when none is set up yet, so that nothing is lost meanwhile."""
    oa = bool(settings.zalo_app_id)
    ready = {
        "email": settings.smtp_url is not None,
        "zalo": oa,
        "zalo_template": oa and has_template(settings, "zalo_template"),
        "zbs": oa and has_template(settings, "zbs"),
        "zalo_bot": bool(settings.zalo_bot_token.get_secret_value()),
        "webhook": settings.webhook_url is not None,
    }
    return frozenset(name for name, there in ready.items() if there) or frozenset({"email", "zalo"})


def address_on(person: Person, channel: str) -> str | None:
    """The person's address on a channel, if any. A group of Zalo takes free words only."""
    user = person.zalo_user_id
    addresses = {
        "email": person.email,
        "zalo": user,
        "zalo_template": None if user and user.startswith("group:") else user,
        "zbs": person.phone,
        "zalo_bot": person.bot_chat_id,
        "webhook": person.phone or person.email,
    }
    return addresses.get(channel) or None


def channel_for(
    person: Person, usable: Collection[str], preferred: Iterable[str] = (), without: Collection[str] = ()
) -> str | None:
    """The first channel that reaches a person: the step's choice, then his own, then whatever he has.

    The office's own gateway is used only where a step or the person names it.
    """
    order = dict.fromkeys([*preferred, *person.channels, *FALLBACKS])
    reachable = (name for name in order if name in usable and name not in without and address_on(person, name))
    return next(reachable, None)
