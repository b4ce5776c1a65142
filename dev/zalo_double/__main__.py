"""``python -m dev.zalo_double --port 8027 --state DIR``; prints one line when ready."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

from dev.http_service import Routes, open_server
from dev.process import say_ready, wait_for_end
from dev.zalo_double.api_side import ApiSide
from dev.zalo_double.bot_side import BotSide
from dev.zalo_double.callback_side import CallbackSide
from dev.zalo_double.control_side import ControlSide
from dev.zalo_double.faults import Faults
from dev.zalo_double.guard import App, Guard
from dev.zalo_double.oauth_side import OAuthSide
from dev.zalo_double.template_side import TemplateSide
from dev.zalo_double.world import Switches, World


def arguments() -> argparse.Namespace:
    """The command line; port 0 means any free one."""
    parser = argparse.ArgumentParser(prog="dev.zalo_double")
    parser.add_argument("--port", type=int, default=8027)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps messages and tokens")
    parser.add_argument("--app-id", default="1111111111111111111")
    parser.add_argument("--app-secret", default="double-app-secret")
    parser.add_argument("--oa-id", default="2222222222222222222")
    parser.add_argument("--oa-secret", default="double-oa-secret", help="signs events; not the app secret")
    parser.add_argument("--bot-token", default="3333333333:double-bot-secret")
    parser.add_argument("--redirect", default="", help="the one redirect URI allowed; empty: any")
    parser.add_argument("--open", action="store_true", help="strangers count as followers who have just written")
    parser.add_argument("--oa-per-minute", type=int, default=100, help="0: no limit")
    parser.add_argument("--app-per-minute", type=int, default=4000, help="0: no limit")
    return parser.parse_args()


def assemble(options: argparse.Namespace) -> tuple[World, Routes]:
    """The whole double from its command line."""
    switches = Switches(
        oa_per_minute=options.oa_per_minute, app_per_minute=options.app_per_minute, open_door=options.open
    )
    world, faults = World(options.state, switches), Faults()
    app = App(options.app_id, options.app_secret, options.oa_id, options.redirect, options.oa_secret, options.bot_token)
    guard, routes = Guard(world, faults, app), Routes()
    ApiSide(world, app).add_to(routes, guard)
    TemplateSide(world).add_to(routes, guard)
    BotSide(world, faults, app, guard).add_to(routes)
    OAuthSide(world, faults, app).add_to(routes)
    CallbackSide(world, app).add_to(routes)
    ControlSide(world, faults, guard).add_to(routes)
    return world, routes


def main() -> None:
    """Serve until a signal comes."""
    options = arguments()
    world, routes = assemble(options)
    server = open_server(options.port, routes.answer)
    ended = wait_for_end()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say_ready(server)
    # Time passes without anybody's help, too: what was not taken is told again.
    while not ended.wait(1.0):
        world.hooks.pump(world.clock.now())
    server.shutdown()


if __name__ == "__main__":
    main()
