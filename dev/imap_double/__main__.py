"""``python -m dev.imap_double --port 1143 --user nop --password thu``; prints one line with its address when ready."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, IMAPService
from pysasl.hashing import BuiltinHash

HOST = "127.0.0.1"


def arguments() -> Namespace:
    """The command line; port 0 means any free one."""
    parser = ArgumentParser(prog="dev.imap_double")
    parser.add_argument("--port", type=int, default=1143)
    parser.add_argument("--user", default="nop", help="name of the one user")
    parser.add_argument("--password", default="thu")
    return parser.parse_args()


def server_arguments(options: Namespace) -> Namespace:
    """What pymap's own command line would have given."""
    parser = ArgumentParser()
    parser.set_defaults(debug=False, passlib_cfg=None)
    subparsers = parser.add_subparsers(dest="backend")
    DictBackend.add_subparser("dict", subparsers)
    IMAPService.add_arguments(parser)
    given = ["--no-tls", "dict", "--demo-user", options.user, "--demo-password", options.password]
    return parser.parse_args(given)


async def serve(options: Namespace) -> None:
    """Serve until a signal comes."""
    # Half a million rounds of hashing at each login protect nobody here.
    backend, config = await DictBackend.init(server_arguments(options), hash_context=BuiltinHash(rounds=1))
    config.apply_context()
    talk: Any = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        # Listening here and not by pymap's own service tells us the port that was free.
        server = await asyncio.start_server(talk, HOST, options.port)
        user = f"{quote(options.user)}:{quote(options.password)}"
        print(f"ready imap://{user}@{HOST}:{server.sockets[0].getsockname()[1]}/INBOX", flush=True)
        await ended.wait()
        server.close()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
