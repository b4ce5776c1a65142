"""The doubles of the mail world, one of each a session, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.doubles import MailDouble, running
from tests.mailbox.office import ImapDouble, MailOffice, open_office


@pytest.fixture(scope="session")
def imap_process() -> Iterator[ImapDouble]:
    """The IMAP server."""
    with running("dev.imap_double", "--port", "0") as (url,):
        yield ImapDouble(url)


@pytest.fixture(scope="session")
def smtp_process(tmp_path_factory: pytest.TempPathFactory, imap_process: ImapDouble) -> Iterator[MailDouble]:
    """The SMTP server, which keeps mail to our own addresses in the IMAP server."""
    state = tmp_path_factory.mktemp("mailbox")
    ours = ("--imap", imap_process.url, "--mailboxes", "nop@xa.test,bounce@xa.test")
    with running("dev.smtp_double", "--port", "0", "--http-port", "0", "--state", str(state), *ours) as (http, smtp):
        yield MailDouble(http, smtp)


@pytest.fixture
def imap(imap_process: ImapDouble) -> ImapDouble:
    """The mailbox, empty."""
    imap_process.clear()
    return imap_process


@pytest.fixture
def smtp(smtp_process: MailDouble) -> MailDouble:
    """The SMTP server, empty."""
    smtp_process.reset()
    return smtp_process


@pytest.fixture
def office(home: Path, sqlite_url: str, smtp: MailDouble, imap: ImapDouble) -> MailOffice:
    """An office on SQLite."""
    return open_office(home, sqlite_url, smtp, imap)


@pytest.fixture
def both_office(home: Path, database_url: str, smtp: MailDouble, imap: ImapDouble) -> MailOffice:
    """An office on SQLite and, in a second run, on PostgreSQL."""
    return open_office(home, database_url, smtp, imap)
