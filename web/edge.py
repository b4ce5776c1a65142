"""What a web route needs of the world: settings, the clock, a session, the office's YAML."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from fastapi import Request
from sqlalchemy.orm import Session

from chasing import Ladder
from config.clock import ZONE
from config.clock import now as read_clock
from config.faults import ConfigFault
from config.settings import Settings
from db.office_rules import OfficeRules, is_waiting, rules_in_use
from db.session import reading, transaction
from deadlines import WorkCalendar

Clock = Callable[[], datetime]
T = TypeVar("T")
KEEP_SECONDS = 60.0
WAITING = "Lịch nghỉ hoặc thang nhắc trong tệp đã đổi và đang chờ duyệt; việc nhắc vẫn theo bản đã duyệt."


@dataclass
class Edge:
    """The edge of one running application: the only place in `web` that reads a clock or opens a session."""

    settings: Settings
    clock: Clock = read_clock
    _kept: dict[str, tuple[float, object]] = field(default_factory=dict)

    def now(self) -> datetime:
        """This instant, in the zone of the office."""
        return self.clock().astimezone(ZONE)

    def today(self) -> date:
        """The office's date."""
        return self.now().date()

    def reading(self) -> AbstractContextManager[Session]:
        """A session that only reads."""
        return reading(self.settings.database_url)

    def transaction(self) -> AbstractContextManager[Session]:
        """A writing transaction, committed when the block ends well."""
        return transaction(self.settings.database_url)

    def calendar(self) -> WorkCalendar:
        """The working calendar in use: the approved one. Raises ConfigFault."""
        return self._rules().calendar

    def ladders(self) -> dict[str, Ladder]:
        """The ladders in use by name. Raises ConfigFault."""
        return self._rules().ladders

    def rules_notice(self) -> str:
        """What waits for approval, or is wrong with the office's files; empty when all is well."""
        return self.keep("rules notice", self._look_at_files)

    def _look_at_files(self) -> str:
        try:
            with self.reading() as session:
                return WAITING if is_waiting(session, self.settings) else ""
        except ConfigFault as fault:
            return str(fault)

    def forget_rules(self) -> None:
        """Look the rules up anew: they were approved just now."""
        self._kept.pop("rules", None)
        self._kept.pop("rules notice", None)

    def _rules(self) -> OfficeRules:
        return self.keep("rules", self._look_up_rules)

    def _look_up_rules(self) -> OfficeRules:
        with self.reading() as session:
            return rules_in_use(session, self.settings)

    def keep(self, name: str, build: Callable[[], T]) -> T:
        """A value that is built at most once a minute: the office's YAML, the state of the watch."""
        until, value = self._kept.get(name, (0.0, None))
        if time.monotonic() >= until:
            value = build()
            self._kept[name] = (time.monotonic() + KEEP_SECONDS, value)
        return cast(T, value)


def edge_of(request: Request) -> Edge:
    """The edge of the application that serves a request."""
    edge: Any = request.app.state.edge
    return cast(Edge, edge)
