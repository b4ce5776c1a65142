"""One run of the chase: load what is due, decide, write. Everything it writes is in the caller's transaction.

A message, its items, the step on the occurrence and the journal entry are committed together or not at all. The dedupe
key `day:<date>:<person>:<channel>` makes a second run of the same day add nothing; only a step that is named by the
hour may speak to somebody who has had his digest of the day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chasing import (
    Action,
    CaseView,
    Ladder,
    Recipient,
    describe,
    digests,
    is_office_time,
    lateness,
    local,
    next_actions,
    start_of_day,
)
from config.settings import Settings
from db.models import Finding, Message, MessageItem, Unit
from db.queries import chase_queries, outbox_queries
from deadlines import WorkCalendar
from notifications.chase_messages import REQUEST, queue_messages, waits_for_officers
from notifications.chase_run import ChaseSummary, Run, day_key, day_prefix
from notifications.job_runs import CHASE, record_run
from notifications.recipients import Directory, load_directory

ORPHAN = "unit-without-contact"
# Chases that run on the snapshot of an older, longer ladder are looked at this many working days ahead.
RUNNING_WARNING = 20
REPLACED = "Thay bằng tin tổng hợp của ngày hôm sau."


def run_chase(
    session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder], settings: Settings
) -> ChaseSummary:
    """Queue what is to be said now: one digest a person a channel a day, escalations with their history.

    A case of which any recipient already has today's digest waits for tomorrow whole, unless its step is named by the
    hour. When no office is open and no ladder in use has a step for any hour, nothing is looked at. Raises ConfigFault
    without a secret key, ValueError for a naive `now`.
    """
    summary = ChaseSummary()
    if _may_speak(now, calendar, ladders):
        chase_queries.lock_chase(session)
        run = _loaded(session, now, calendar, ladders, settings, summary)
        _say(run, _actions(run), _stale(session, now, calendar, ladders))
    record_run(session, CHASE, now, now, summary.to_json())
    return summary


def rest_when_quiet(
    session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder], settings: Settings
) -> ChaseSummary | None:
    """Leave the run's sign of life when there is nothing to say now; None, and nothing written, when there is.

    Raises ValueError for a naive `now`.
    """
    summary = ChaseSummary()
    if _may_speak(now, calendar, ladders):
        run = _loaded(session, now, calendar, ladders, settings, summary)
        if _actions(run) or _stale(session, now, calendar, ladders) or waits_for_officers(run):
            return None
    record_run(session, CHASE, now, now, summary.to_json())
    return summary


def _may_speak(now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder]) -> bool:
    every = ladders.values()
    return any(one.speaks_at_any_hour or is_office_time(now, calendar, one.office_hours) for one in every)


def _loaded(
    session: Session,
    now: datetime,
    calendar: WorkCalendar,
    ladders: Mapping[str, Ladder],
    settings: Settings,
    summary: ChaseSummary,
) -> Run:
    cases = load_cases(session, now, calendar, ladders)
    summary.cases = len(cases)
    nobody = Directory(frozenset(), {}, {})
    return Run(session, now, calendar, settings, summary, cases, {}, nobody, list(chase_queries.open_requests(session)))


def _actions(run: Run) -> list[Action]:
    now = local(run.now)
    return [action for case in run.cases.values() for action in next_actions(case, now, run.calendar)]


def _say(run: Run, actions: list[Action], stale: Sequence[Message]) -> None:
    if not (actions or stale or waits_for_officers(run)):
        return
    touched = {action.case_id for action in actions} | {item.occurrence_id for one in stale for item in one.items}
    run.occurrences = chase_queries.occurrences_with_duty(run.session, touched)
    beside = _beside(run, actions)
    units = {one.unit for one in run.occurrences.values()} | {unit for some in beside.values() for unit in some}
    # Who only takes part sits in a unit that no occurrence names.
    units |= {one.person.unit for one in stale if one.person and one.person.unit}
    run.directory = load_directory(run.session, units, run.settings)
    told = _recipients(run, actions, beside)
    actions = _not_served_today(run, actions, told)
    carried = _take_over(run, stale, told, {action.case_id for action in actions})
    queue_messages(run, digests(told, [*actions, *carried]))
    _note_steps(run, [action for action in actions if told[action.case_id]])
    _note_orphans(run)


def load_cases(
    session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder]
) -> dict[int, CaseView]:
    """Every open case whose first step may have come, by occurrence id."""
    warning = max([RUNNING_WARNING, *(ladder.longest_warning for ladder in ladders.values())])
    horizon = calendar.add_working_days(local(now).date(), warning + 1)
    return _views(chase_queries.cases_due(session, horizon), ladders)


def _views(rows: Iterable[Any], ladders: Mapping[str, Ladder]) -> dict[int, CaseView]:
    parsed: dict[str, Ladder] = {}
    views: dict[int, CaseView] = {}
    for row in rows:
        facts = dict(zip(row._fields, row, strict=True))
        facts["ladder"] = _ladder(facts["ladder"], facts.pop("ladder_name"), ladders, parsed)
        views[facts["id"]] = CaseView.of(facts)
    return views


def _ladder(snapshot: str | None, name: str, ladders: Mapping[str, Ladder], parsed: dict[str, Ladder]) -> Ladder:
    if not snapshot:
        return ladders.get(name) or ladders["default"]
    if snapshot not in parsed:
        parsed[snapshot] = Ladder.from_json(json.loads(snapshot))
    return parsed[snapshot]


def _beside(run: Run, actions: Sequence[Action]) -> dict[int, list[Unit]]:
    """By duty, the units that take part, where a step tells them."""
    asked = {action.case_id for action in actions if "coordinator" in action.roles}
    duties = {run.occurrences[number].obligation_id for number in asked}
    return chase_queries.coordinating_units(run.session, duties) if duties else {}


def _recipients(
    run: Run, actions: Sequence[Action], beside: Mapping[int, Sequence[Unit]]
) -> dict[int, list[Recipient]]:
    told: dict[int, list[Recipient]] = {}
    for action in actions:
        one = run.occurrences[action.case_id]
        told[one.id] = run.directory.recipients(one.unit, action.roles, action.step)
        if "coordinator" in action.roles:
            known = {recipient.person_id for recipient in told[one.id]}
            others = [unit for unit in beside.get(one.obligation_id, ()) if unit.id != one.unit_id]
            added = run.directory.coordinators(others, known, action.step, run.today)
            run.parts |= {(one.id, recipient.person_id): "coordinator" for recipient in added}
            told[one.id] += added
    return told


def _not_served_today(run: Run, actions: Sequence[Action], told: dict[int, list[Recipient]]) -> list[Action]:
    everybody = {recipient for recipients in told.values() for recipient in recipients} | set(run.directory.officers())
    people = {one.person_id for one in everybody}
    served = outbox_queries.served_pairs(run.session, people, day_prefix(run.today), start_of_day(run.today))
    run.served = {one for one in everybody if (one.person_id, one.channel) in served}
    free = [a for a in actions if a.step.hours or not run.served.intersection(told[a.case_id])]
    run.summary.put_off = len(actions) - len(free)
    for case_id in {action.case_id for action in actions} - {action.case_id for action in free}:
        told[case_id] = []
    return free


def _stale(session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder]) -> Sequence[Message]:
    """Digests of earlier days that could not be sent; only looked for when today's may go out."""
    if not any(is_office_time(now, calendar, ladder.office_hours) for ladder in ladders.values()):
        return []
    return outbox_queries.stale_digests(session, start_of_day(local(now).date()))


def _take_over(
    run: Run, stale: Sequence[Message], told: dict[int, list[Recipient]], now_told: set[int]
) -> list[Action]:
    """Let today's digest say, in today's words, what an unsent older one would have said."""
    waiting = [(message, one) for message in stale if (one := _reached_today(run, message))]
    served = outbox_queries.known_keys(run.session, {day_key(run.today, one) for _, one in waiting})
    carried: dict[int, Action] = {}
    for message, recipient in waiting:
        if day_key(run.today, recipient) in served:
            continue
        if not outbox_queries.move_queued(run.session, message.id, {"state": "suppressed", "error": REPLACED}):
            continue
        run.summary.replaced += 1
        for item in message.items:
            _carry(run, item, recipient, told, carried, now_told)
    return list(carried.values())


def _reached_today(run: Run, message: Message) -> Recipient | None:
    # By the person's first channel, so that what is carried over and what is new share one digest.
    person = run.directory.people.get(message.person_id or 0)
    channel = run.directory.channel_of(person) if person else None
    return Recipient(person.id, channel) if person and channel else None


def _carry(
    run: Run,
    item: MessageItem,
    recipient: Recipient,
    told: dict[int, list[Recipient]],
    carried: dict[int, Action],
    now_told: set[int],
) -> None:
    case = run.cases.get(item.occurrence_id)
    if case is None or case.is_silent(run.today, run.calendar) or not _still_said(run, item, case):
        return
    if recipient not in told.setdefault(case.id, []):
        told[case.id].append(recipient)
        if item.part == "coordinator":
            run.parts[case.id, recipient.person_id] = "coordinator"
    step = case.ladder.step(case.kind, item.step)
    if case.id not in now_told and step:
        reason = describe(case, run.today, run.calendar)
        carried[case.id] = Action(case.id, step, (), reason, lateness(case, run.today, run.calendar))


def _still_said(run: Run, item: MessageItem, case: CaseView) -> bool:
    """A request that still waits is told anew anyway; a date that is over concerns no unit that only takes part."""
    return item.step != REQUEST and not (item.part == "coordinator" and run.today > case.legal)


def _note_steps(run: Run, actions: Sequence[Action]) -> None:
    """Remember the step on the occurrence, and the ladder as it stands when its chase starts."""
    for action in actions:
        occurrence = run.occurrences[action.case_id]
        occurrence.last_step, occurrence.last_step_at = action.step.key, run.now
        occurrence.ladder = occurrence.ladder or run.cases[action.case_id].ladder.to_json()
    run.summary.steps = len(actions)


def _note_orphans(run: Run) -> None:
    plans: dict[int, set[int]] = defaultdict(set)
    for occurrence in run.occurrences.values():
        plans[occurrence.unit_id].add(occurrence.obligation.plan_id)
    for unit in run.directory.orphans.values():
        words = f"Đơn vị {unit.name} chưa có ai nhận được tin nhắc; tin được chuyển lên cấp trên."
        run.summary.note(words)
        for plan_id in sorted(plans[unit.id]):
            _add_finding(run, plan_id, unit, words)


def _add_finding(run: Run, plan_id: int, unit: Unit, words: str) -> None:
    place = f"đơn vị {unit.name}"[:255]
    if chase_queries.has_finding(run.session, plan_id, ORPHAN, place):
        return
    cure = "Hãy thêm đầu mối với thư điện tử hoặc Zalo trong danh bạ đơn vị (units.yaml)."
    run.session.add(
        Finding(plan_id=plan_id, code=ORPHAN, severity="error", place=place, message=words, suggestion=cure)
    )
