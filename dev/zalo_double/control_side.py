"""The control address (`/_control/...`) for tests and the demo, and the pages of the reader."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from dev import pages
from dev.http_service import Request, Response, Routes, json_response, page_response
from dev.zalo_double.faults import Faults
from dev.zalo_double.guard import Guard
from dev.zalo_double.world import Group, Person, Received, Template, World

POSTS = ("people", "groups", "templates", "chats", "faults", "clock", "switches", "grant", "expire", "revoke", "reset")
NONE_YET = "Chưa có tin nào."


class ControlSide:
    """Everything a test or a reader may do to the double's world."""

    def __init__(self, world: World, faults: Faults, guard: Guard) -> None:
        self._world = world
        self._faults = faults
        self._guard = guard

    def add_to(self, routes: Routes) -> None:
        """Pages and control paths."""
        routes.add("GET", "/", self._conversations)
        routes.add("GET", "/nguoi/([^/]+)", self._chat)
        for name in POSTS:
            routes.add("POST", f"/_control/{name}", getattr(self, f"_post_{name}"))
        routes.add("GET", "/_control/billing", lambda *_: json_response(dict(self._world.billing)))
        routes.add("GET", "/_control/trackings", lambda *_: json_response(dict(self._world.trackings)))
        routes.add("GET", "/_control/inbox", self._inbox)
        routes.add("GET", "/_control/ledger", self._ledger)

    def _conversations(self, request: Request, part: str) -> Response:
        del request, part
        boxes: dict[str, list[Received]] = {}
        for received in self._world.inbox:
            boxes.setdefault(received.to, []).append(received)
        newest = sorted(boxes.items(), key=lambda box: box[1][-1].at, reverse=True)
        lines = (
            pages.entry(f"/nguoi/{quote(to)}", self._name(to), got[-1].text, got[-1].at, len(got)) for to, got in newest
        )
        return page_response(pages.page("Hộp thư", pages.listing(lines, NONE_YET), note="Zalo - bản mô phỏng"))

    def _chat(self, request: Request, to: str) -> Response:
        del request
        shown = pages.bubbles((one.at, one.text) for one in self._world.inbox if one.to == to)
        body = shown or pages.listing([], NONE_YET)
        return page_response(pages.page(self._name(to), body, back="/", note="Official Account gửi"))

    def _name(self, to: str) -> str:
        group_id = to.removeprefix("group:")
        known = self._world.groups.get(group_id) if to != group_id else self._world.people.get(to)
        fallback = f"Nhóm {group_id}" if to != group_id else to
        return known.name if known and known.name else fallback

    def _post_people(self, request: Request, part: str) -> Response:
        """Add or replace people; ``hours_since_interaction`` may stand for ``last_interaction``."""
        del part
        for one in request.json().get("people", []):
            person = Person(**self._dated(one))
            self._world.people[person.user_id] = person
        self._world.save()
        return json_response({"ok": True})

    def _dated(self, one: dict[str, Any]) -> dict[str, Any]:
        known = {name: value for name, value in one.items() if name != "hours_since_interaction"}
        hours = one.get("hours_since_interaction")
        if hours is not None:
            known["last_interaction"] = self._world.clock.now() - float(hours) * 3600
        return known

    def _post_groups(self, request: Request, part: str) -> Response:
        del part
        for one in request.json().get("groups", []):
            group = Group(**one)
            self._world.groups[group.group_id] = group
        self._world.save()
        return json_response({"ok": True})

    def _post_templates(self, request: Request, part: str) -> Response:
        """Register or change templates."""
        del part
        for one in request.json().get("templates", []):
            template = Template(**one)
            self._world.templates[template.template_id] = template
        self._world.save()
        return json_response({"ok": True})

    def _post_chats(self, request: Request, part: str) -> Response:
        """Chats of the bot: ``{"chat id": may be written to}``."""
        del part
        self._world.chats |= request.json()
        self._world.save()
        return json_response({"ok": True})

    def _post_faults(self, request: Request, part: str) -> Response:
        del part
        try:
            self._faults.arm(request.json())
        except (TypeError, ValueError) as error:
            return json_response({"error": str(error)}, 400)
        return json_response({"ok": True})

    def _post_clock(self, request: Request, part: str) -> Response:
        """Let time pass, or (``at``: epoch seconds) set it; whatever falls due meanwhile is told again."""
        del part
        asked, clock = request.json(), self._world.clock
        moved = float(asked["at"]) - clock.now() if "at" in asked else float(asked.get("advance_seconds", 0))
        clock.advance(moved)
        self._world.save()
        told = self._world.hooks.pump(clock.now())
        return json_response({"now": clock.now(), "told": told})

    def _post_switches(self, request: Request, part: str) -> Response:
        del part
        for name, value in request.json().items():
            if not hasattr(self._world.switches, name):
                return json_response({"error": f"no switch {name}"}, 400)
            setattr(self._world.switches, name, value)
        return json_response(asdict(self._world.switches))

    def _post_grant(self, request: Request, part: str) -> Response:
        """A first pair, as if an administrator had just consented."""
        del request, part
        pair = self._world.tokens.issue(self._world.clock.now())
        self._world.save()
        return json_response(pair)

    def _post_expire(self, request: Request, part: str) -> Response:
        """Every access token ends now; refresh tokens stay good."""
        del request, part
        self._world.tokens.end_access(self._world.clock.now())
        self._world.save()
        return json_response({"ok": True})

    def _post_revoke(self, request: Request, part: str) -> Response:
        """The consent is withdrawn; ``named``: the API says so by -223."""
        del part
        self._world.tokens.revoke_all(bool(request.json().get("named")))
        self._world.save()
        return json_response({"ok": True})

    def _post_reset(self, request: Request, part: str) -> Response:
        del request, part
        self._world.reset()
        self._faults.clear()
        self._guard.clear()
        return json_response({"ok": True})

    def _inbox(self, request: Request, part: str) -> Response:
        del part
        to = request.query.get("to")
        return json_response([asdict(one) for one in self._world.inbox if to in (None, one.to)])

    def _ledger(self, request: Request, part: str) -> Response:
        del part
        path = request.query.get("path")
        return json_response([line for line in self._world.ledger if path in (None, line["path"])])
