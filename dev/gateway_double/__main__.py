"""``python -m dev.gateway_double --port 8028 --secret whsec_...``; prints one line when ready.

It takes ``POST /tin``, checks the three headers with its own code, takes an id once, and can be told to misbehave.
"""

from __future__ import annotations

import argparse
import threading
from dataclasses import asdict

from dev import pages
from dev.gateway_double.gateway import Gateway
from dev.http_service import Request, Response, Routes, json_response, open_server, page_response
from dev.process import say_ready, wait_for_end

NONE_YET = "Chưa có tin nào."


def arguments() -> argparse.Namespace:
    """The command line; port 0 means any free one."""
    parser = argparse.ArgumentParser(prog="dev.gateway_double")
    parser.add_argument("--port", type=int, default=8028)
    parser.add_argument("--secret", required=True, help="whsec_ and base64; a second one after a comma")
    parser.add_argument("--any-time", action="store_true", help="take timestamps of any age, for simulated clocks")
    return parser.parse_args()


def routes_of(gateway: Gateway) -> Routes:
    """Pages, the gateway itself, and the control address."""
    routes = Routes()
    routes.add("GET", "/", lambda request, part: _page(gateway))
    routes.add("POST", "/tin", lambda request, part: gateway.take(request))
    routes.add("GET", "/file/(\\d+)", lambda request, part: Response(200, b"x" * int(part), "application/octet-stream"))
    routes.add("POST", "/_control/faults", lambda request, part: _armed(gateway, request))
    routes.add("POST", "/_control/reset", lambda request, part: _reset(gateway))
    routes.add("GET", "/_control/inbox", lambda request, part: json_response([asdict(one) for one in gateway.inbox]))
    routes.add("GET", "/_control/ledger", lambda request, part: json_response(gateway.ledger))
    return routes


def _page(gateway: Gateway) -> Response:
    bubbles = pages.bubbles((one.at, f"{one.to}\n{one.text}") for one in gateway.inbox)
    body = bubbles or pages.listing([], NONE_YET)
    return page_response(pages.page("Cổng tin nhắn", body, note="Cổng tin nhắn - bản mô phỏng"))


def _armed(gateway: Gateway, request: Request) -> Response:
    gateway.arm(request.json())
    return json_response({"ok": True})


def _reset(gateway: Gateway) -> Response:
    gateway.reset()
    return json_response({"ok": True})


def main() -> None:
    """Serve until a signal comes."""
    options = arguments()
    server = open_server(options.port, routes_of(Gateway(options.secret.split(","), options.any_time)).answer)
    ended = wait_for_end()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say_ready(server)
    ended.wait()
    server.shutdown()


if __name__ == "__main__":
    main()
