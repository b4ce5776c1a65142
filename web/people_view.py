"""How a message can reach a person: the channels in the order they are tried, and which addresses are dead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import Person, Suppression
from db.queries import person_queries as queries
from notifications.recipients import FALLBACKS, address_on, usable_channels
from notifications.suppressions import normal_address
from web.labels import CHANNELS


@dataclass(frozen=True)
class Way:
    """One way to a person. `ready`: the office has set the channel up; `bar`: why nothing is sent there."""

    channel: str
    address: str
    ready: bool
    bar: Suppression | None

    @property
    def open(self) -> bool:
        """Whether a message can leave by it."""
        return self.ready and self.bar is None

    @property
    def name(self) -> str:
        """The channel in words."""
        return CHANNELS.get(self.channel, self.channel)

    @property
    def shown(self) -> str:
        """The address as a page shows it; an id of Zalo says nothing to a reader."""
        return self.address if self.channel in ("email", "zbs", "webhook") else "đã liên kết"


def ways_to(session: Session, people: Iterable[Person], settings: Settings) -> dict[int, list[Way]]:
    """The ways to each person, in the order that the chase tries them; one query for all."""
    usable = usable_channels(settings)
    listed = list(people)
    known = {person.id: list(_addresses(person)) for person in listed}
    bars = queries.bars_on(session, {normal_address(*pair) for pairs in known.values() for pair in pairs})
    return {
        number: [
            Way(channel, address, channel in usable, bars.get((channel, normal_address(channel, address))))
            for channel, address in pairs
            # A channel that the office does not have and nobody asked for is no news.
            if channel in usable or channel in ("email", "zalo")
        ]
        for number, pairs in known.items()
    }


def _addresses(person: Person) -> Iterable[tuple[str, str]]:
    for channel in dict.fromkeys([*person.channels, *FALLBACKS]):
        if address := address_on(person, channel):
            yield channel, address
