"""The SMTP side of the mail double, on aiosmtpd."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from dev.smtp_double.faults import Fault, Faults, Stage
from dev.smtp_double.notices import Mailboxes, Taken, notice
from dev.smtp_double.store import MailStore

MAX_SIZE = 25 * 1024 * 1024
# A connection that was closed on purpose: the line is never seen by the client.
GONE = "421 closed"
# RFC 3461: aiosmtpd does not know the extension and refuses its options, so they are taken off before it sees them.
NOTICE_OPTION = re.compile(r"\s+(RET|ENVID|NOTIFY|ORCPT)=(\S+)", re.IGNORECASE)


class NotifyingSMTP(SMTP):
    """aiosmtpd that takes the options of RFC 3461 and keeps them for the mail at hand."""

    notice_options: dict[str, str]

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """MAIL FROM with RET and ENVID."""
        self.notice_options = {}
        await super().smtp_MAIL(self._without_notices(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """RCPT TO with NOTIFY and ORCPT."""
        await super().smtp_RCPT(self._without_notices(arg))

    def _without_notices(self, arg: str | None) -> str | None:
        self.notice_options |= {name.upper(): value for name, value in NOTICE_OPTION.findall(arg or "")}
        return NOTICE_OPTION.sub("", arg) if arg else arg


class Keeper:
    """aiosmtpd's hooks: take a mail, or fail as told."""

    def __init__(self, store: MailStore, faults: Faults, mailboxes: Mailboxes | None = None) -> None:
        self._store = store
        self._faults = faults
        self._mailboxes = mailboxes
        self.connections = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """What is offered: notices besides aiosmtpd's own list."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """MAIL FROM."""
        del session
        fault = self._faults.take("mail", address)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._strike(server, fault) or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """RCPT TO."""
        del session, options
        refusal = await self._strike(server, self._faults.take("rcpt", address))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The end of the content: from here on the mail may have been taken."""
        del session
        fault = self._first("data", envelope.rcpt_tos)
        if fault and fault.action != "drop_kept":
            refusal = await self._strike(server, fault)
            if refusal:
                return refusal
        kept = [self._keep(server, envelope, recipient) for recipient in envelope.rcpt_tos]
        for recipient in envelope.rcpt_tos:
            # Before the answer, so that whoever has it may look into the mailbox at once.
            await asyncio.to_thread(self._carry_on, _taken(server, envelope, recipient))
        if fault and fault.action == "drop_kept":
            server.transport.abort()
        return f"250 2.0.0 Ok: queued as DBL{kept[-1]:06d}"

    def _keep(self, server: Any, envelope: Any, recipient: str) -> int:
        content, options = _content(envelope), dict(server.notice_options)
        return self._store.keep(envelope.mail_from or "", recipient, content, time.time(), options).id

    def _carry_on(self, taken: Taken) -> None:
        """Into a mailbox, or back to the sender; a notice itself is never answered (RFC 5321, 4.5.5)."""
        fault = self._faults.take("after", taken.recipient) if taken.sender else None
        if fault:
            content = notice(taken, fault.code)
            self._store.keep("", taken.sender, content, time.time())
            self._put("", taken.sender, content)
        else:
            self._put(taken.sender, taken.recipient, taken.content)

    def _put(self, sender: str, recipient: str, content: bytes) -> None:
        if self._mailboxes:
            self._mailboxes.put(sender, recipient, content)

    def _first(self, stage: Stage, recipients: list[str]) -> Fault | None:
        struck = (self._faults.take(stage, recipient) for recipient in recipients)
        return next((fault for fault in struck if fault), None)

    async def _strike(self, server: Any, fault: Fault | None) -> str:
        """The refusal to answer, or nothing."""
        if fault is None:
            return ""
        if fault.action == "slow":
            await asyncio.sleep(fault.seconds)
            return ""
        if fault.action == "reply":
            return fault.reply()
        server.transport.abort()
        return GONE


class SmtpSide:
    """What the server offers: encryption and login as the command line says."""

    def __init__(self, keeper: Keeper, mode: str, cert: Path | None, key: Path | None, login: str) -> None:
        self._keeper = keeper
        self._mode = mode
        self._context = _context(cert, key) if mode != "plain" else None
        self._login = login

    async def listen(self, port: int) -> asyncio.Server:
        """Start to listen on 127.0.0.1 (port 0: any free one)."""
        loop = asyncio.get_running_loop()
        tls = self._context if self._mode == "tls" else None
        return await loop.create_server(self._protocol, "127.0.0.1", port, ssl=tls, backlog=256)

    def _protocol(self) -> SMTP:
        self._keeper.connections += 1
        starttls = self._context if self._mode == "starttls" else None
        return NotifyingSMTP(
            self._keeper,
            hostname="mail.double",
            ident="dondoc mail double",
            enable_SMTPUTF8=True,
            data_size_limit=MAX_SIZE,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=self._authenticate if self._login else None,
            auth_required=bool(self._login),
            # aiosmtpd sees STARTTLS but not a socket that was encrypted from the start; "required" hides AUTH.
            auth_require_tls=not self._login or self._mode == "starttls",
        )

    def _authenticate(self, *asked: Any) -> AuthResult:
        data = asked[-1]
        good = isinstance(data, LoginPassword) and self._login == f"{_text(data.login)}:{_text(data.password)}"
        return AuthResult(success=good, handled=False)


def _content(envelope: Any) -> bytes:
    content: bytes = envelope.original_content or envelope.content
    return content


def _taken(server: Any, envelope: Any, recipient: str) -> Taken:
    options = server.notice_options
    content, sender = _content(envelope), envelope.mail_from or ""
    return Taken(sender, recipient, content, options.get("ENVID", ""), options.get("ORCPT", ""))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _context(cert: Path | None, key: Path | None) -> ssl.SSLContext:
    if cert is None:
        raise SystemExit("--mode starttls and --mode tls need --cert")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context
