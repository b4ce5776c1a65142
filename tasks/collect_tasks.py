"""The edge of collecting: files that came by hand."""

from __future__ import annotations

from dataclasses import asdict

from prefect import task

from config.clock import parse_now
from config.settings import load_settings
from db.session import transaction
from submissions.collecting import collect_folder


@task(name="collect_waiting_files", retries=2, retry_delay_seconds=30)
def collect_waiting_files(now: str | None = None) -> dict[str, int]:
    """Match the files of inbox/nop by their code. Repeating it takes nothing twice."""
    return asdict(collect_folder(transaction, load_settings(), parse_now(now)))
