"""The edge of the chase: queue, deliver, watch."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from prefect import task

from config.clock import now as read_clock
from config.clock import parse_now
from config.machine import look_at_machine
from config.settings import load_settings
from db.office_rules import adopt_rules, calendar_in_use, rules_in_use
from db.session import reading, transaction
from notifications.channels.registry import build_channels
from notifications.chase import rest_when_quiet, run_chase
from notifications.delivery import deliver_due
from notifications.message_figures import refresh_figures
from notifications.watch import ping_outside, watch_once


def counts(summary: Any) -> dict[str, int]:
    """The numbers of a summary, as Prefect keeps them with the run."""
    return {name: value for name, value in asdict(summary).items() if isinstance(value, int)}


def rest_if_quiet(now: str | None = None) -> dict[str, int] | None:
    """Note that there is nothing to say at this moment; None when there is, for `queue_reminders` to do.

    No task: keeping a record of one costs Prefect more than the look itself.
    """
    settings, moment = load_settings(), parse_now(now)
    with transaction() as session:
        adopt_rules(session, settings, moment)
        rules = rules_in_use(session, settings)
        done = rest_when_quiet(session, moment, rules.calendar, rules.ladders, settings)
    return counts(done) if done else None


@task(name="queue_reminders", retries=2, retry_delay_seconds=30)
def queue_reminders(now: str | None = None) -> dict[str, int]:
    """Queue what the ladder calls for. Repeating it adds nothing: every message has its key."""
    settings, moment = load_settings(), parse_now(now)
    with transaction() as session:
        adopt_rules(session, settings, moment)
        rules = rules_in_use(session, settings)
        return counts(run_chase(session, moment, rules.calendar, rules.ladders, settings))


# No retries: the outbox has its own, and a batch that broke half-way is taken up by the next run.
@task(name="deliver_batch")
def deliver_batch(limit: int, now: str | None = None) -> dict[str, int]:
    """Claim, send and settle at most `limit` messages; gives how many ended how."""
    settings = load_settings()
    clock = (lambda: parse_now(now)) if now else read_clock
    return counts(deliver_due(transaction, build_channels(settings), clock, settings, limit))


@task(name="look_for_silence", retries=2, retry_delay_seconds=30)
def look_for_silence(now: str | None = None) -> list[str]:
    """Find signs that the system itself is silent and queue the alerts, once a fault a day."""
    settings, moment = load_settings(), parse_now(now)
    machine = look_at_machine(settings.home)
    with transaction() as session:
        calendar = calendar_in_use(session, settings)
        faults = watch_once(session, moment, calendar, settings, machine)
    refresh_figures(reading, transaction, moment, calendar)
    ping_outside(settings, faults)
    return [fault.text for fault in faults]
