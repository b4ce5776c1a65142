"""Run as a process with PREFECT_API_URL set: every flow once, over a small office; prints what each gave as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.setup_commands import prepare
from config.clock import parse_now
from config.days_off import load_calendar
from config.office import keep_register
from config.settings import load_settings
from config.units import load_units_file
from db.models import Occurrence, Question
from db.session import reading, transaction
from dev.seed.sample_plan import odd_answer, write_sample_plan
from flows.chase_units import chase_units
from flows.collect_submissions import collect_submissions
from flows.consolidate_report import consolidate_report
from flows.deliver_messages import deliver_messages
from flows.expand_calendar import expand_calendar
from flows.read_plan import read_plan
from flows.watch_silence import watch_silence
from notifications.codes import occurrence_code
from plans.confirming import confirm
from plans.questions import answer
from plans.units import sync_units

ROOT = Path(__file__).parents[2]
MORNING = "2026-03-16T08:30:00+07:00"


def settle_in() -> None:
    """A home, the sample register, and a plan file put into the inbox a minute ago."""
    prepare()
    settings, register = load_settings(), load_units_file(ROOT / "dev" / "seed" / "units.yaml")
    with transaction() as session:
        sync_units(session, register, parse_now(MORNING), "An")
    keep_register(settings, ROOT / "dev" / "seed" / "units.yaml")
    put(write_sample_plan(settings.home / "inbox" / "ke-hoach.docx", 2026))


def put(path: Path) -> None:
    """Make a file look settled."""
    old = time.time() - 120
    os.utime(path, (old, old))


def confirm_it(code: str) -> int:
    """Answer the sample's one question and confirm it; gives the number of its first open occurrence of March."""
    moment = parse_now("2026-01-10T08:00")
    with transaction() as session:
        question = session.scalars(select(Question)).one()
        answer(session, question.id, {"phrase": odd_answer(2026)[1]}, moment, "An")
        done = confirm(session, question.plan_id, load_calendar(load_settings()), moment, "An")
        assert done.plan.code == code
        return session.scalars(select(Occurrence.id).where(Occurrence.period_key == "2026-Q1")).first() or 0


def hand_in(occurrence: int) -> None:
    """Put a report with its code into inbox/nop."""
    settings = load_settings()
    code = occurrence_code(occurrence, settings.secret_key.get_secret_value())
    path = settings.home / "inbox" / "nop" / f"{code} bao cao.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4 bao cao\n%%EOF\n")
    put(path)


async def run_all() -> dict[str, Any]:
    """Each flow in the order of a plan's life, and each once more where a second run must do nothing."""
    results: dict[str, Any] = {"read_plan": await read_plan(MORNING)}
    occurrence = confirm_it(next(iter(results["read_plan"].values())))
    results["read_plan again"] = await read_plan(MORNING)
    results["expand_calendar"] = await expand_calendar(MORNING)
    results["chase_units"] = await chase_units(MORNING)
    results["chase_units again"] = await chase_units(MORNING)
    results["deliver_messages"] = await deliver_messages(MORNING)
    hand_in(occurrence)
    results["collect_submissions"] = await collect_submissions(None)
    results["consolidate_report"] = await consolidate_report("2026-04-20T06:00:00+07:00")
    results["consolidate_report again"] = await consolidate_report("2026-04-20T06:00:00+07:00")
    results["watch_silence"] = await watch_silence("2026-03-18T10:00:00+07:00")
    with reading() as session:
        results["state"] = session.get_one(Occurrence, occurrence).state
    return results


if __name__ == "__main__":
    settle_in()
    print("RESULTS " + json.dumps(asyncio.run(run_all()), ensure_ascii=False))
