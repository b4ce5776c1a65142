"""Who is there, what each has received, and what was asked of the double."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dev.zalo_double.clock import WorldClock
from dev.zalo_double.hooks import Hook, Hooks
from dev.zalo_double.tokens import TokenOffice

BOT_TOKEN = re.compile(r"/bot[^/]*:[^/]+/")


@dataclass
class Person:
    """One Zalo user towards this Official Account; ``last_interaction`` in epoch seconds, None for never."""

    user_id: str
    name: str = ""
    follows: bool = True
    last_interaction: float | None = None
    banned: bool = False
    offline_days: int = 0
    refused_type: bool = False
    quota_left: int | None = None
    phone: str = ""
    has_zalo: bool = True
    old_app: bool = False
    refuses_templates: bool = False
    refuses_account: bool = False
    administrator: bool = False


@dataclass
class Group:
    """One group (GMF): members, whether its paid asset is alive, whether the account is in it."""

    group_id: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    asset_alive: bool = True
    account_inside: bool = True


@dataclass(frozen=True)
class Received:
    """One message on one screen: ``to`` is a user id or ``group:<id>``; ``called`` are the members it mentioned."""

    message_id: str
    at: float
    to: str
    text: str
    paid: bool = False
    called: tuple[str, ...] = ()
    way: str = "text"
    silent: bool = False
    tracking: str = ""


@dataclass
class Template:
    """One template as it was registered; ``params`` as ``listParams`` shows them; ``tag`` 3 is promotion [M]."""

    template_id: str
    name: str = ""
    status: str = "ENABLE"
    tag: int = 1
    params: list[dict[str, Any]] = field(default_factory=list)
    by_user: bool = True
    daily_quota: int | None = None


@dataclass
class Switches:
    """Behaviour on which the sources disagree or are silent."""

    bad_token_as_401: bool = False
    proof_required: bool = False
    oa_per_minute: int = 100
    app_per_minute: int = 4000
    open_door: bool = False
    report_delivery: str = "never"
    zns_shape: str = "nested"
    zbs_at_night: str = "refuse"
    business_token_code: int = -124
    daily_quota: int = 500
    balance: int | None = None
    bot_status_in_http: bool = False


class World:
    """All state of the double; kept in a folder so that a restart forgets nothing."""

    def __init__(self, folder: Path, switches: Switches) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.lock = threading.RLock()
        self.clock = WorldClock()
        self.tokens = TokenOffice()
        self.defaults = asdict(switches)
        self.switches = switches
        self.era = 0
        self.hooks = Hooks()
        self._ids = 0
        self.announce: Callable[[dict[str, Any]], None] = lambda _: None
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.templates: dict[str, Template] = {}
        self.chats: dict[str, bool] = {}
        self.uploads: dict[str, float] = {}
        self.billing: Counter[str] = Counter()
        self.used: Counter[str] = Counter()
        self.trackings: Counter[str] = Counter()
        self.inbox: list[Received] = []
        self.ledger: list[dict[str, Any]] = []
        self._load()

    def person(self, user_id: str) -> Person | None:
        """One person; with the door open, a stranger becomes a follower who has just written."""
        if user_id not in self.people and self.switches.open_door and user_id:
            self.people[user_id] = Person(user_id, last_interaction=self.clock.now())
            self.save()
        return self.people.get(user_id)

    def group(self, group_id: str) -> Group | None:
        """One group; with the door open, an unknown one is made."""
        if group_id not in self.groups and self.switches.open_door and group_id:
            self.groups[group_id] = Group(group_id)
            self.save()
        return self.groups.get(group_id)

    def next_id(self) -> str:
        """An id for a message, ours or theirs; a string that exceeds 2**53 [M]."""
        with self.lock:
            self._ids += 1
            return f"{90_071_992_547_409_910_000 + self._ids:x}"

    def by_phone(self, phone: str) -> Person | None:
        """Who holds a number; with the door open, a stranger's number gets an account of its own."""
        found = next((one for one in self.people.values() if one.phone and one.phone == phone), None)
        if found is None and self.switches.open_door:
            found = self.people.setdefault(f"sdt{phone}", Person(f"sdt{phone}", phone=phone, follows=False))
        return found

    def keep_upload(self) -> str:
        """Remember a file that was just uploaded; its token."""
        token = f"tep-{self.next_id()}"
        self.uploads[token] = self.clock.now()
        return token

    def pay(self, what: str, price: int) -> bool:
        """Count one message of a kind and take its price; False (and nothing counted) when the money is gone."""
        with self.lock:
            balance = self.switches.balance
            if price and balance is not None:
                if balance < price:
                    return False
                self.switches.balance = balance - price
            self.billing[what] += 1
            self.billing["dong"] += price
            return True

    def hidden(self, path: str) -> str:
        """A path as the ledger may keep it: without a bot's token."""
        return BOT_TOKEN.sub("/bot…/", path)

    def receive(self, to: str, text: str, paid: bool = False, called: tuple[str, ...] = (), **more: Any) -> Received:
        """Put one more message on a screen: no deduplication of any kind."""
        with self.lock:
            received = Received(self.next_id(), self.clock.now(), to, text, paid, called, **more)
            self.inbox.append(received)
            self._append("inbox.jsonl", asdict(received))
        return received

    def record(self, era: int, **entry: Any) -> None:
        """One line of the ledger: a call and what came of it; never a token.

        A call that began before the last reset (``era``) leaves no line: it belongs to a world that is gone.
        """
        with self.lock:
            if era != self.era:
                return
            line = {"n": len(self.ledger) + 1, "at": self.clock.now(), **entry}
            self.ledger.append(line)
            self._append("ledger.jsonl", line)

    def save(self) -> None:
        """Keep people, groups, tokens and the clock."""
        with self.lock:
            kept = {
                "offset": self.clock.offset,
                "ids": self._ids,
                "hooks": {name: asdict(self.hooks.named(name)) for name in ("oa", "bot")},
                "tokens": self.tokens.to_json(),
                "people": [asdict(person) for person in self.people.values()],
                "groups": [asdict(group) for group in self.groups.values()],
                "templates": [asdict(template) for template in self.templates.values()],
                "chats": self.chats,
            }
            draft = self._folder / "world.json.new"
            draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            draft.replace(self._folder / "world.json")

    def reset(self) -> None:
        """Back to an empty world with the switches of the command line."""
        with self.lock:
            for name in ("world.json", "inbox.jsonl", "ledger.jsonl"):
                (self._folder / name).unlink(missing_ok=True)
            self.era += 1
            self.hooks.clear()
            self.clock, self.tokens = WorldClock(), TokenOffice()
            self.switches = Switches(**self.defaults)
            self.people, self.groups, self.inbox, self.ledger = {}, {}, [], []
            self.templates, self.chats, self.uploads = {}, {}, {}
            self.billing, self.used, self.trackings = Counter(), Counter(), Counter()

    def _append(self, name: str, line: dict[str, Any]) -> None:
        with (self._folder / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _load(self) -> None:
        path = self._folder / "world.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.clock.offset = float(kept.get("offset", 0.0))
        self._ids = int(kept.get("ids", 0)) + 1_000_000 * bool(kept)
        for name, known in kept.get("hooks", {}).items():
            setattr(self.hooks, name, Hook(**known))
        self.tokens.restore(kept.get("tokens", {}))
        self.people = {one["user_id"]: Person(**one) for one in kept.get("people", [])}
        self.groups = {one["group_id"]: Group(**one) for one in kept.get("groups", [])}
        self.templates = {one["template_id"]: Template(**one) for one in kept.get("templates", [])}
        self.chats = dict(kept.get("chats", {}))
        self.inbox = [Received(**{**line, "called": tuple(line["called"])}) for line in self._lines("inbox.jsonl")]
        self.ledger = self._lines("ledger.jsonl")

    def _lines(self, name: str) -> list[dict[str, Any]]:
        path = self._folder / name
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
