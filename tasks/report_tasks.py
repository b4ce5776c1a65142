"""The edge of reports: drafts of periods whose answers are all due."""

from __future__ import annotations

from prefect import task

from config.clock import parse_now
from config.office import load_office
from config.settings import load_settings
from db.session import reading, transaction
from deadlines import parse_period
from reports.building import build_report
from reports.closing import closed_periods

BY = "Lịch tự động"


def periods_now_closed(now: str | None = None) -> list[tuple[int, str]]:
    """Plan number and period label of each period that is closed and has no report yet."""
    with reading() as session:
        return closed_periods(session, parse_now(now))


@task(name="build_period_report", retries=1, retry_delay_seconds=60)
def build_period_report(plan_id: int, period: str, now: str | None = None) -> int:
    """Build one report as a draft for the officer; gives its number."""
    settings, moment = load_settings(), parse_now(now)
    with transaction() as session:
        built = build_report(session, plan_id, parse_period(period), moment, BY, settings, load_office(settings))
        return built.report_id
