"""The edge of collecting: files that came by hand, the mailbox of answers, what came in and was not acted on."""

from __future__ import annotations

from dataclasses import asdict

from prefect import task

from config.clock import parse_now
from config.settings import load_settings
from db.office_rules import calendar_in_use
from db.session import reading, transaction
from submissions.collecting import collect_folder
from submissions.inbound.spool import drain
from submissions.mailbox.collecting import run_mailbox


@task(name="collect_waiting_files", retries=2, retry_delay_seconds=30)
def collect_waiting_files(now: str | None = None) -> dict[str, int]:
    """Match the files of inbox/nop by their code. Repeating it takes nothing twice."""
    return asdict(collect_folder(transaction, load_settings(), parse_now(now)))


def has_mailbox() -> bool:
    """Whether a mailbox of answers is set up."""
    return load_settings().imap_url is not None


@task(name="collect_mailbox", retries=2, retry_delay_seconds=60)
def collect_mailbox(now: str | None = None) -> dict[str, int]:
    """Read what is new in the mailbox. Repeating it takes nothing twice: every mail has its key."""
    settings = load_settings()
    with reading() as session:
        calendar = calendar_in_use(session, settings)
    done = run_mailbox(transaction, settings, parse_now(now), calendar)
    return asdict(done) if done else {}


@task(name="take_up_inbound", retries=1, retry_delay_seconds=30)
def take_up_inbound(now: str | None = None) -> int:
    """Act on what webhooks and mails left behind in a process that then stopped; gives how many were settled."""
    settings = load_settings()
    with reading() as session:
        calendar = calendar_in_use(session, settings)
    return drain(transaction, parse_now(now), calendar, settings)
