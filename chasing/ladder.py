"""The ladder: which step speaks when, and to whom."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal, get_args

from chasing.hours import OfficeHours

When = Literal["before", "on", "after"]
Role = Literal["contact", "deputy", "leader", "coordinator", "officer", "vice_chair", "chair"]
ROLES: tuple[Role, ...] = get_args(Role)
UNIT_ROLES = frozenset({"contact", "deputy", "leader"})
SUPERIOR_ROLES = frozenset({"vice_chair", "chair"})
KINDS = ("report", "duty", "progress_check")
CHANNELS = ("zalo", "zalo_template", "zbs", "zalo_bot", "email", "webhook")
LONGEST = 250
LONGEST_HOURS = 240
REMEMBERED = 10_000

DAYS_WORDS = f"days phải từ 1 đến {LONGEST} ngày làm việc, hoặc ghi hours"


class LadderError(ValueError):
    """A ladder that cannot be climbed; `str()` says in Vietnamese which step and why."""


@dataclass(frozen=True)
class Step:
    """One rung: `days` working days before the target date, on it, or after the legal date.

    In place of days, `hours`: clock hours before the office closes on the target date, or after the legal date has
    ended (24:00). `channels` in order of preference; empty means the order that the person chose. `any_hour` lifts the
    rule of working days and office hours (a channel's own night rules stay).
    """

    key: str
    when: When
    days: int
    roles: tuple[Role, ...]
    channels: tuple[str, ...] = ()
    any_hour: bool = False
    hours: int = 0

    def __post_init__(self) -> None:
        for wrong, words in self._faults():
            if wrong:
                raise LadderError(f"Nấc {self.key or '?'}: {words}.")

    def _faults(self) -> list[tuple[bool, str]]:
        return [
            (not self.key or len(self.key) > 32, "cần có tên không quá 32 ký tự"),
            (self.when not in get_args(When), "when phải là before, on hoặc after"),
            (self.when == "on" and bool(self.days or self.hours), "nấc đúng ngày phải có days: 0, không có hours"),
            (bool(self.days and self.hours), "chỉ ghi days hoặc hours, không ghi cả hai"),
            (self.when != "on" and not self.hours and not 1 <= self.days <= LONGEST, DAYS_WORDS),
            (not 0 <= self.hours <= LONGEST_HOURS, f"hours phải từ 1 đến {LONGEST_HOURS} giờ"),
            (not self.roles, "chưa nói báo cho ai (roles)"),
            (bool(set(self.roles) - set(ROLES)), f"roles chỉ gồm {', '.join(ROLES)}"),
            (self.when == "after" and "coordinator" in self.roles, "sau khi hết hạn không báo cho đơn vị phối hợp"),
            (bool(set(self.channels) - set(CHANNELS)), f"channels chỉ gồm {', '.join(CHANNELS)}"),
        ]

    @property
    def rank(self) -> int:
        """Where it stands among steps in days: negative before the date, 0 on it, positive after; in hours roughly.

        `CaseView.climb` orders days and hours exactly, by the instants that they mean for one occurrence.
        """
        sign = {"before": -1, "on": 0, "after": 1}[self.when]
        return sign * (self.days or math.ceil(self.hours / 24))

    def to_json(self) -> dict[str, Any]:
        """Plain values, read back by `from_json`."""
        return {
            "key": self.key,
            "when": self.when,
            "days": self.days,
            "roles": list(self.roles),
            "channels": list(self.channels),
            "any_hour": self.any_hour,
            # Only where it is used: ladders that were approved before there were hours stay the same.
            **({"hours": self.hours} if self.hours else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """A step from plain values. Raises LadderError."""
        _only(data, {"key", "when", "days", "hours", "roles", "channels", "any_hour"}, f"Nấc {data.get('key', '?')}")
        days, hours = _whole(data, "days"), _whole(data, "hours")
        roles, channels = _words(data, "roles"), _words(data, "channels")
        known: tuple[Any, ...] = roles
        when: Any = data.get("when")
        return cls(str(data.get("key", "")), when, days, known, channels, bool(data.get("any_hour", False)), hours)


@dataclass(frozen=True)
class Ladder:
    """The steps of a chase, from the first warning to the chairman.

    `kinds` holds other steps for a kind of occurrence (a progress check is asked for more gently). `quiet_days`:
    working days of silence after "Đã nhận", and after an answer was returned.
    """

    name: str
    steps: tuple[Step, ...]
    office_hours: OfficeHours = field(default_factory=OfficeHours)
    quiet_days: int = 3
    kinds: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    # What was counted already: thousands of occurrences share a ladder and a few dates.
    _counted: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.quiet_days <= 30:
            raise LadderError(f"Thang {self.name}: quiet_days phải từ 0 đến 30 ngày làm việc.")
        if unknown := set(self.kinds) - set(KINDS):
            raise LadderError(f"Thang {self.name}: không có loại kỳ hạn {sorted(unknown)[0]!r} ({', '.join(KINDS)}).")
        object.__setattr__(self, "steps", _ordered(self.name, self.steps))
        object.__setattr__(self, "kinds", {k: _ordered(self.name, s) for k, s in self.kinds.items()})

    def steps_for(self, kind: str) -> tuple[Step, ...]:
        """The steps of a kind of occurrence, lowest first."""
        return self.kinds.get(kind, self.steps)

    def step(self, kind: str, key: str | None) -> Step | None:
        """The step of that key, if this ladder has it."""
        return next((step for step in self.steps_for(kind) if step.key == key), None)

    def counted(self, key: Any, count: Callable[[], Any]) -> Any:
        """What `count` gives for a key, remembered as long as this ladder lives."""
        if key not in self._counted:
            if len(self._counted) >= REMEMBERED:
                self._counted.clear()
            self._counted[key] = count()
        return self._counted[key]

    @property
    def longest_warning(self) -> int:
        """Working days from the first step to the date, at most."""
        every = (self.steps, *self.kinds.values())
        return max((-step.rank for steps in every for step in steps), default=0)

    @property
    def speaks_at_any_hour(self) -> bool:
        """Whether any step may speak outside working days and office hours."""
        return any(step.any_hour for steps in (self.steps, *self.kinds.values()) for step in steps)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the snapshot on the occurrence."""
        return {
            "name": self.name,
            "office_hours": [f"{self.office_hours.start:%H:%M}", f"{self.office_hours.end:%H:%M}"],
            "quiet_days": self.quiet_days,
            "steps": [step.to_json() for step in self.steps],
            "kinds": {kind: [step.to_json() for step in steps] for kind, steps in self.kinds.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ladder:
        """A ladder from plain values. Raises LadderError."""
        name = str(data.get("name", "?"))
        _only(data, {"name", "office_hours", "quiet_days", "steps", "kinds"}, f"Thang {name}")
        quiet = data.get("quiet_days", 3)
        if isinstance(quiet, bool) or not isinstance(quiet, int):
            raise LadderError(f"Thang {name}: quiet_days phải là số nguyên.")
        kinds = data.get("kinds", {})
        if not isinstance(kinds, Mapping):
            raise LadderError(f"Thang {name}: kinds phải là các nhóm nấc theo loại kỳ hạn.")
        return cls(
            name,
            _steps(name, data.get("steps")),
            _hours(name, data.get("office_hours", ["07:30", "17:00"])),
            quiet,
            {str(kind): _steps(name, steps) for kind, steps in kinds.items()},
        )


def _ordered(name: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    if not steps:
        raise LadderError(f"Thang {name}: chưa có nấc nào.")
    moments = [(s.when, s.days, s.hours) for s in steps]
    for values, words in (([s.key for s in steps], "trùng tên"), (moments, "trùng thời điểm")):
        if len(set(values)) < len(values):
            raise LadderError(f"Thang {name}: có hai nấc {words}.")
    return tuple(sorted(steps, key=lambda step: (step.rank, -step.hours if step.when == "before" else step.hours)))


def _steps(name: str, data: object) -> tuple[Step, ...]:
    if not isinstance(data, list) or not all(isinstance(step, Mapping) for step in data):
        raise LadderError(f"Thang {name}: steps phải là danh sách các nấc.")
    return tuple(Step.from_json(step) for step in data)


def _hours(name: str, data: object) -> OfficeHours:
    try:
        start, end = (time.fromisoformat(str(value)) for value in data)  # type: ignore[attr-defined]
        return OfficeHours(start, end)
    except (TypeError, ValueError):
        words = 'office_hours phải viết như ["07:30", "17:00"], giờ đầu trước giờ cuối'
        raise LadderError(f"Thang {name}: {words}.") from None


def _whole(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise LadderError(f"Nấc {data.get('key', '?')}: {name} phải là số nguyên.")
    return value


def _words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise LadderError(f"Nấc {data.get('key', '?')}: {name} phải là danh sách.")
    return tuple(value)


def _only(data: Mapping[str, Any], known: set[str], place: str) -> None:
    if unknown := set(data) - known:
        raise LadderError(f"{place}: không có mục {sorted(map(str, unknown))[0]!r}.")
