"""The control of callbacks, and the files that events point to.

POST /_control/webhook    set the account's webhook (fields of Hook); sends the unsigned ``{}`` probe [R]
POST /_control/bot_webhook    the same for the bot (the official call is ``setWebhook``)
POST /_control/events    tell events; see :meth:`CallbackSide._post_events`
GET  /_control/callbacks    every attempt made, oldest first; ``waiting`` and ``disabled`` beside it
POST /_control/files    ``{"key", "base64", "type"}``: what ``/tep/good/<key>`` serves
"""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import asdict, fields, replace
from typing import Any

from dev.http_service import Request, Response, Routes, json_response
from dev.zalo_double.events import Stage, make_bot_event, make_event
from dev.zalo_double.guard import App
from dev.zalo_double.hooks import Hook, bot_headers, oa_headers, post
from dev.zalo_double.world import Person, World

Json = dict[str, Any]
SETTABLE = {one.name for one in fields(Hook)}
HUGE = 30 * 1024 * 1024
INSIDE = "http://169.254.169.254/latest/meta-data/"


class CallbackSide:
    """Tells what happens to whoever asked to hear of it."""

    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app
        self._files: dict[str, tuple[bytes, str]] = {}
        world.announce = self.announce

    def add_to(self, routes: Routes) -> None:
        """Control paths and files."""
        for name in ("webhook", "bot_webhook", "events", "files"):
            routes.add("POST", f"/_control/{name}", getattr(self, f"_post_{name}"))
        routes.add("GET", "/_control/callbacks", self._callbacks)
        routes.add("GET", r"/tep/(.+)", self._file)

    def _post_webhook(self, request: Request, part: str) -> Response:
        """Save the address; Zalo probes it with an unsigned ``{}`` that must get 200 [R]."""
        del part
        return self._set_hook(request, "oa", {"Content-Type": "application/json"})

    def _post_bot_webhook(self, request: Request, part: str) -> Response:
        del part
        return self._set_hook(request, "bot", None)

    def _set_hook(self, request: Request, name: str, probe: dict[str, str] | None) -> Response:
        asked = request.json()
        if unknown := set(asked) - SETTABLE:
            return json_response({"error": f"no field {', '.join(sorted(unknown))}"}, 400)
        hooks = self._world.hooks
        hook = replace(Hook(secret=self._app.oa_secret if name == "oa" else ""), **asked)
        setattr(hooks, name, hook)
        outcome = post(hook.url, b"{}", probe, hook.seconds) if probe is not None and hook.url else None
        return json_response({"probe": outcome, "saved": outcome in (None, 200)})

    def _post_events(self, request: Request, part: str) -> Response:
        """Tell events and answer with every first attempt.

        ``{"events": [...], "order": "given"|"reversed", "copies": 1, "wait": true}``, or one event as the body itself.
        An event has ``event`` and its fields (see events.py), and for the way it travels: ``hook`` (``oa``, ``bot``),
        ``spoil`` (``wrong_secret``, ``hmac``, ``unsigned``, ``empty_mac``, ``altered_byte``), ``msg_id``, ``at``
        (epoch milliseconds), ``raw`` (text sent instead of a body that was built).
        """
        del part
        asked = request.json()
        wanted: list[Json] = asked.get("events") or [asked]
        base = f"http://{request.headers.get('host', '')}"
        try:
            made = [self._make(one, base, number) for number, one in enumerate(wanted)]
        except (KeyError, TypeError, ValueError) as error:
            return json_response({"error": f"no such event or field: {error}"}, 400)
        copies = int(asked.get("copies", 1))
        queue = list(reversed(made)) if asked.get("order") == "reversed" else made
        if asked.get("wait", True):
            return json_response([self._tell(*one) for one in queue for _ in range(copies)])
        threading.Thread(target=lambda: [self._tell(*one) for one in queue for _ in range(copies)], daemon=True).start()
        return json_response([])

    def _make(self, asked: Json, base: str, number: int) -> tuple[str, bytes, dict[str, str]]:
        """Hook, bytes and headers of one event; people move as the event says."""
        hook_name, spoil = asked.get("hook", "oa"), asked.get("spoil", "")
        if hook_name == "bot" and asked.get("chat"):
            # Who has written to the bot may be written to [M].
            self._world.chats.setdefault(str(asked["chat"]), True)
        hook, at = self._world.hooks.named(hook_name), str(asked.get("at") or self._millis() + number)
        msg_id = str(asked.get("msg_id") or self._world.next_id())
        stage = Stage(self._app.app_id, self._app.oa_id, msg_id, at, f"{base}/tep")
        if hook_name != "bot" and "raw" not in asked:
            self._move(asked)
        maker = make_bot_event if hook_name == "bot" else make_event
        body = asked["raw"].encode() if "raw" in asked else to_bytes(maker(asked, stage))
        if hook_name == "bot":
            return hook_name, body, bot_headers(hook, spoil)
        headers = oa_headers(hook, {"app_id": self._app.app_id, "oa_id": self._app.oa_id}, body, at, spoil)
        if str(asked.get("event", "")).startswith("zns_"):
            headers["X-ZEvent-Server"] = "ZNS"
        return hook_name, altered(body) if spoil == "altered_byte" else body, headers

    def _tell(self, hook: str, body: bytes, headers: dict[str, str]) -> Json:
        return self._world.hooks.tell(hook, body, headers, self._world.clock.now())

    def announce(self, event: Json) -> None:
        """Tell one event of the double's own accord, if the switch ``report_delivery`` says when.

        ``before``: before the send call has returned; ``after``: a moment behind it. Nothing promises an order [M].
        """
        when = self._world.switches.report_delivery
        if when == "never" or not self._world.hooks.oa.url:
            return
        made = self._make(event, "", 0)
        if when == "before":
            self._tell(*made)
        else:
            threading.Timer(0.05, self._tell, made).start()

    def _move(self, asked: Json) -> None:
        """What an event says of a person is so from then on: writing opens the window, unfollowing ends it [M]."""
        user, event = str(asked.get("user", "")), str(asked.get("event", ""))
        if not user or not (event.startswith("user_send_") or event in ("follow", "unfollow", "user_submit_info")):
            return
        with self._world.lock:
            person = self._world.people.setdefault(user, Person(user, follows=False))
            person.follows = event == "follow" or (person.follows and event != "unfollow")
            person.last_interaction = self._world.clock.now() if event != "unfollow" else person.last_interaction
        self._world.save()

    def _millis(self) -> int:
        return int(self._world.clock.now() * 1000)

    def _callbacks(self, request: Request, part: str) -> Response:
        del request, part
        hooks = self._world.hooks
        waiting = [{"event": one.number, "retry": one.retry, "due": one.due} for one in hooks.waiting]
        disabled = {name: hooks.named(name).disabled for name in ("oa", "bot")}
        shown = {name: asdict(hooks.named(name)) | {"secret": ""} for name in ("oa", "bot")}
        return json_response({"attempts": hooks.attempts, "waiting": waiting, "disabled": disabled, "hooks": shown})

    def _post_files(self, request: Request, part: str) -> Response:
        del part
        asked = request.json()
        kind = str(asked.get("type", "application/octet-stream"))
        self._files[str(asked["key"])] = (base64.b64decode(asked["base64"]), kind)
        return json_response({"ok": True})

    def _file(self, request: Request, part: str) -> Response:
        """``good/<key>``; ``expired``, ``huge``, ``redirect``, ``redirect_inside``, ``slow``: each goes wrong."""
        mode, _, key = part.partition("/")
        body, kind = self._files.get(key, (b"PK\x03\x04 tep mo phong", "application/octet-stream"))
        host = f"http://{request.headers.get('host', '')}"
        answers = {
            "good": lambda: Response(200, body, kind),
            "expired": lambda: Response(403, b"URL signature expired", "text/plain"),
            "huge": lambda: Response(200, b"\0" * HUGE, kind),
            "redirect": lambda: Response(302, headers={"Location": f"{host}/tep/good/{key}"}),
            "redirect_inside": lambda: Response(302, headers={"Location": INSIDE}),
            "slow": lambda: slowly(body, kind),
        }
        return answers[mode]() if mode in answers else Response(404, b"", "text/plain")


def slowly(body: bytes, kind: str) -> Response:
    """A file whose server thinks for five seconds."""
    time.sleep(5)
    return Response(200, body, kind)


def to_bytes(event: Json) -> bytes:
    """JSON without blanks, Vietnamese letters as they are: the bytes that are signed."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def altered(body: bytes) -> bytes:
    """One byte changed behind the signature, and still JSON: the last digit."""
    place = next(index for index in range(len(body) - 1, -1, -1) if chr(body[index]).isdigit())
    return body[:place] + (b"1" if body[place : place + 1] != b"1" else b"2") + body[place + 1 :]
