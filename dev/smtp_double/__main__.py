"""``python -m dev.smtp_double --port 2525 --http-port 8026 --state DIR``; prints one line when ready."""

from __future__ import annotations

import argparse
import asyncio
import signal
import threading
from pathlib import Path

from dev.http_service import open_server
from dev.process import say_ready
from dev.smtp_double.faults import Faults
from dev.smtp_double.notices import Mailboxes
from dev.smtp_double.smtp_side import Keeper, SmtpSide
from dev.smtp_double.store import MailStore
from dev.smtp_double.web_side import WebSide


def arguments() -> argparse.Namespace:
    """The command line; port 0 means any free one."""
    parser = argparse.ArgumentParser(prog="dev.smtp_double")
    parser.add_argument("--port", type=int, default=2525, help="SMTP port")
    parser.add_argument("--http-port", type=int, default=0, help="port of the pages")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the mails")
    parser.add_argument("--mode", choices=["plain", "starttls", "tls"], default="plain")
    parser.add_argument("--cert", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--login", default="", help="user:password that clients must give")
    parser.add_argument("--imap", default="", help="imap://user:password@host:port that keeps mail to --mailboxes")
    parser.add_argument("--mailboxes", default="", help="addresses, by commas; what stands behind a plus is ignored")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Serve both sides until a signal comes."""
    store, faults = MailStore(options.state), Faults()
    mailboxes = Mailboxes(options.imap, set(options.mailboxes.lower().split(","))) if options.imap else None
    keeper = Keeper(store, faults, mailboxes)
    side = SmtpSide(keeper, options.mode, options.cert, options.key, options.login)
    smtp = await side.listen(options.port)
    http = open_server(options.http_port, WebSide(store, faults, keeper, mailboxes).routes().answer)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    say_ready(http, f"smtp://127.0.0.1:{smtp.sockets[0].getsockname()[1]}")
    await ended.wait()
    smtp.close()
    http.shutdown()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
