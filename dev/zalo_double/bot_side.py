"""The Bot Platform, under `/botapi`: `/botapi/bot<TOKEN>/<method>` (transcribed documentation [M])."""

from __future__ import annotations

from typing import Any

from dev.http_service import Request, Response, Routes, json_response
from dev.zalo_double.faults import Faults, strike
from dev.zalo_double.guard import App, Guard
from dev.zalo_double.hooks import Hook
from dev.zalo_double.rules import LONGEST_TEXT
from dev.zalo_double.world import World

Json = dict[str, Any]
SECRET_LENGTH = range(8, 257)


class BotSide:
    """One bot."""

    def __init__(self, world: World, faults: Faults, app: App, guard: Guard) -> None:
        self._world = world
        self._faults = faults
        self._app = app
        self._guard = guard
        self._methods = {
            "getMe": self._me,
            "sendMessage": self._send,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "getUpdates": self._updates,
        }

    def add_to(self, routes: Routes) -> None:
        """POST and GET alike [M]."""
        for method in ("POST", "GET"):
            routes.add(method, r"/botapi/bot(.+/[A-Za-z]+)", self._route)

    def _route(self, request: Request, part: str) -> Response:
        fault = self._faults.take(request)
        era, before = self._world.era, len(self._world.inbox)

        def carry_out() -> Response:
            return self._answer(request, part)

        answer = strike(fault, carry_out) if fault else carry_out()
        accepted = len(self._world.inbox) > before
        self._guard.record(era, request, answer, fault.kind if fault else "", accepted)
        return answer

    def _answer(self, request: Request, part: str) -> Response:
        token, _, method = part.rpartition("/")
        if token != self._app.bot_token:
            return self._failed(401, "Unauthorized")
        known = self._methods.get(method)
        return known({**request.query, **request.json()}) if known else self._failed(404, "Not Found")

    def _failed(self, code: int, words: str) -> Response:
        """HTTP 200 does not prove success [M]; whether a failure has its code in HTTP, too, no source tells [K]."""
        status = code if self._world.switches.bot_status_in_http else 200
        return json_response({"ok": False, "error_code": code, "description": words}, status)

    def _me(self, asked: Json) -> Response:
        del asked
        return done(
            {"id": self._app.bot_token.partition(":")[0], "account_name": "Bot mô phỏng", "account_type": "BASIC"}
        )

    def _send(self, asked: Json) -> Response:
        """1 to 2,000 characters [M]; a chat is known only when its person wrote first [M]."""
        chat, text = str(asked.get("chat_id", "")), asked.get("text")
        if self._world.switches.open_door and chat:
            self._world.chats.setdefault(chat, True)
        if chat not in self._world.chats:
            return self._failed(400, "chat_id is invalid")
        if not self._world.chats[chat]:
            return self._failed(403, "Bot was blocked by the user")
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
            return self._failed(400, "text must have 1 to 2000 characters")
        # Markup is applied only when it is asked for; the screen shows which it was.
        received = self._world.receive(f"bot:{chat}", text, way=f"bot {asked.get('parse_mode', 'plain')}")
        return done({"message_id": received.message_id, "date": int(received.at * 1000)})

    def _set_webhook(self, asked: Json) -> Response:
        """``secret_token`` has 8 to 256 characters [M]. Zalo refuses private addresses [M]; tests need them here."""
        secret = str(asked.get("secret_token", ""))
        if len(secret) not in SECRET_LENGTH or not asked.get("url"):
            return self._failed(400, "url or secret_token is invalid")
        self._world.hooks.bot = Hook(str(asked["url"]), secret)
        self._world.save()
        return self._webhook_info({})

    def _delete_webhook(self, asked: Json) -> Response:
        del asked
        self._world.hooks.bot = Hook()
        return done({"url": ""})

    def _webhook_info(self, asked: Json) -> Response:
        del asked
        return done({"url": self._world.hooks.bot.url, "updated_at": int(self._world.clock.now() * 1000)})

    def _updates(self, asked: Json) -> Response:
        """Polling and a webhook exclude each other [M]; here nothing ever waits to be polled."""
        del asked
        return self._failed(400, "Webhook is set") if self._world.hooks.bot.url else done({})


def done(result: Json) -> Response:
    """Success [M]."""
    return json_response({"ok": True, "result": result})
