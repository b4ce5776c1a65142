"""One run of the chase: load what is due, decide, write. Everything it writes is in the caller's transaction.

A message, its items, the step on the occurrence and the journal entry are committed together or not at all. The dedupe
key `day:<date>:<person>:<channel>` makes a second run of the same day add nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chasing import (
    SUPERIOR_ROLES,
    Action,
    CaseView,
    Digest,
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
from db import journal
from db.models import Finding, Message, MessageItem, Occurrence, Unit
from db.queries import chase_queries, outbox_queries
from deadlines import WorkCalendar
from notifications.composing import Line, compose_lines
from notifications.history import histories
from notifications.job_runs import CHASE, record_run
from notifications.links import make_links
from notifications.recipients import Directory, address_on, channel_for, load_directory

ORPHAN = "unit-without-contact"
# Chases that run on the snapshot of an older, longer ladder are looked at this many working days ahead.
RUNNING_WARNING = 20
REPLACED = "Thay bằng tin tổng hợp của ngày hôm sau."


@dataclass
class ChaseSummary:
    """What a run did: cases looked at, steps told, messages queued, cases put off, and what an officer must mend."""

    cases: int = 0
    steps: int = 0
    messages: int = 0
    put_off: int = 0
    replaced: int = 0
    findings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the record of the run."""
        return dict(self.__dict__)


@dataclass
class _Run:
    session: Session
    now: datetime
    calendar: WorkCalendar
    settings: Settings
    summary: ChaseSummary
    cases: dict[int, CaseView]
    occurrences: dict[int, Occurrence]
    directory: Directory

    @property
    def today(self) -> date:
        return local(self.now).date()


def run_chase(
    session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder], settings: Settings
) -> ChaseSummary:
    """Queue what is to be said now: one digest a person a channel a day, escalations with their history.

    A case of which any recipient already has today's digest waits for tomorrow whole. Raises ConfigFault without a
    secret key, ValueError for a naive `now`.
    """
    local(now)
    chase_queries.lock_chase(session)
    cases = load_cases(session, now, calendar, ladders)
    actions = [action for case in cases.values() for action in next_actions(case, now, calendar)]
    stale = _stale(session, now, calendar, ladders)
    touched = {action.case_id for action in actions} | {item.occurrence_id for one in stale for item in one.items}
    occurrences = chase_queries.occurrences_with_duty(session, touched)
    directory = load_directory(session, {one.unit for one in occurrences.values()}, settings)
    summary = ChaseSummary(cases=len(cases))
    run = _Run(session, now, calendar, settings, summary, cases, occurrences, directory)
    told = _recipients(run, actions)
    actions = _not_served_today(run, actions, told)
    carried = _take_over(run, stale, told, {action.case_id for action in actions})
    _queue(run, digests(told, [*actions, *carried]))
    _note_steps(run, [action for action in actions if told[action.case_id]])
    _note_orphans(run)
    record_run(session, CHASE, now, now, summary.to_json())
    return summary


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
        facts = dict(row._mapping)
        snapshot, name = facts.pop("ladder"), facts.pop("ladder_name")
        views[row.id] = CaseView(ladder=_ladder(snapshot, name, ladders, parsed), **facts)
    return views


def _ladder(snapshot: Any, name: str, ladders: Mapping[str, Ladder], parsed: dict[str, Ladder]) -> Ladder:
    if not snapshot:
        return ladders.get(name) or ladders["default"]
    key = json.dumps(snapshot, sort_keys=True)
    if key not in parsed:
        parsed[key] = Ladder.from_json(snapshot)
    return parsed[key]


def _recipients(run: _Run, actions: Sequence[Action]) -> dict[int, list[Recipient]]:
    return {
        action.case_id: run.directory.recipients(run.occurrences[action.case_id].unit, action.roles, action.step)
        for action in actions
    }


def _not_served_today(run: _Run, actions: Sequence[Action], told: dict[int, list[Recipient]]) -> list[Action]:
    keys = {day_key(run.today, recipient) for recipients in told.values() for recipient in recipients}
    known = outbox_queries.known_keys(run.session, keys)
    free = [a for a in actions if not any(day_key(run.today, one) in known for one in told[a.case_id])]
    run.summary.put_off = len(actions) - len(free)
    for case_id in {action.case_id for action in actions} - {action.case_id for action in free}:
        told[case_id] = []
    return free


def day_key(day: date, recipient: Recipient) -> str:
    """The key that allows one digest a person a channel a day."""
    return f"day:{day.isoformat()}:{recipient.person_id}:{recipient.channel}"


def _stale(session: Session, now: datetime, calendar: WorkCalendar, ladders: Mapping[str, Ladder]) -> Sequence[Message]:
    """Digests of earlier days that could not be sent; only looked for when today's may go out."""
    if not any(is_office_time(now, calendar, ladder.office_hours) for ladder in ladders.values()):
        return []
    return outbox_queries.stale_digests(session, start_of_day(local(now).date()))


def _take_over(
    run: _Run, stale: Sequence[Message], told: dict[int, list[Recipient]], now_told: set[int]
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


def _reached_today(run: _Run, message: Message) -> Recipient | None:
    # By the person's first channel, so that what is carried over and what is new share one digest.
    person = run.directory.people.get(message.person_id or 0)
    channel = channel_for(person, run.directory.channels) if person else None
    return Recipient(person.id, channel) if person and channel else None


def _carry(
    run: _Run,
    item: MessageItem,
    recipient: Recipient,
    told: dict[int, list[Recipient]],
    carried: dict[int, Action],
    now_told: set[int],
) -> None:
    case = run.cases.get(item.occurrence_id)
    if case is None or case.is_silent(run.today, run.calendar):
        return
    if recipient not in told.setdefault(case.id, []):
        told[case.id].append(recipient)
    step = case.ladder.step(case.kind, item.step)
    if case.id not in now_told and step:
        reason = describe(case, run.today, run.calendar)
        carried[case.id] = Action(case.id, step, (), reason, lateness(case, run.today, run.calendar))


def _queue(run: _Run, planned: Sequence[Digest]) -> None:
    pairs = {(action.case_id, digest.recipient.person_id) for digest in planned for action in digest.actions}
    urls = make_links(run.session, pairs, run.now, run.settings) if pairs else {}
    escalated = [digest for digest in planned if _kind(run, digest) == "escalation"]
    named = [run.occurrences[action.case_id] for digest in escalated for action in digest.actions]
    history = histories(run.session, named) if named else {}
    messages = [_message(run, digest, urls, history) for digest in planned]
    run.session.add_all(messages)
    run.session.flush()
    for message in messages:
        _record(run, message)
    run.summary.messages = len(messages)


def _kind(run: _Run, digest: Digest) -> str:
    return "escalation" if run.directory.people[digest.recipient.person_id].role in SUPERIOR_ROLES else "digest"


def _message(
    run: _Run, digest: Digest, urls: Mapping[tuple[int, int], str], history: Mapping[int, list[str]]
) -> Message:
    person, kind = run.directory.people[digest.recipient.person_id], _kind(run, digest)
    lines = [Line(run.occurrences[action.case_id], action.reason) for action in digest.actions]
    words = compose_lines(kind, person, lines, digest.recipient.channel, urls, history, run.now, run.settings)
    if words.fault:
        _add_own_fault(run, words.fault)
    urgent = any(action.step.any_hour for action in digest.actions)
    message = Message(
        dedupe_key=day_key(run.today, digest.recipient),
        person_id=person.id,
        channel=digest.recipient.channel,
        address=address_on(person, digest.recipient.channel) or "",
        kind=kind,
        subject=words.subject,
        text=words.text,
        html=words.html,
        facts=dict(words.facts),
        priority=outbox_queries.URGENT if urgent else 5,
        state="queued",
        not_before=run.now,
        created_at=run.now,
        thread=[],
    )
    message.items = [
        MessageItem(occurrence_id=action.case_id, step=action.step.key, position=number, reason=action.reason)
        for number, action in enumerate(digest.actions, 1)
    ]
    return message


def _add_own_fault(run: _Run, fault: str) -> None:
    words = f"Mẫu tin riêng của cơ quan có lỗi: {fault}. Tin được viết theo mẫu có sẵn. Hãy chạy: dondoc doctor"
    if words not in run.summary.findings:
        run.summary.findings.append(words)


def _note_steps(run: _Run, actions: Sequence[Action]) -> None:
    """Remember the step on the occurrence, and the ladder as it stands when its chase starts."""
    for action in actions:
        occurrence = run.occurrences[action.case_id]
        occurrence.last_step, occurrence.last_step_at = action.step.key, run.now
        occurrence.ladder = occurrence.ladder or run.cases[action.case_id].ladder.to_json()
    run.summary.steps = len(actions)


def _record(run: _Run, message: Message) -> None:
    items = [[item.occurrence_id, item.step, item.reason] for item in message.items]
    facts = {"person": message.person_id, "channel": message.channel, "kind": message.kind, "items": items}
    journal.record(
        run.session,
        at=run.now,
        actor="dondoc",
        action="message.queue",
        subject_kind="message",
        subject_id=message.id,
        data=facts,
    )


def _note_orphans(run: _Run) -> None:
    plans: dict[int, set[int]] = defaultdict(set)
    for occurrence in run.occurrences.values():
        plans[occurrence.unit_id].add(occurrence.obligation.plan_id)
    for unit in run.directory.orphans.values():
        words = f"Đơn vị {unit.name} chưa có ai nhận được tin nhắc; tin được chuyển lên cấp trên."
        run.summary.findings.append(words)
        for plan_id in sorted(plans[unit.id]):
            _add_finding(run, plan_id, unit, words)


def _add_finding(run: _Run, plan_id: int, unit: Unit, words: str) -> None:
    place = f"đơn vị {unit.name}"[:255]
    if chase_queries.has_finding(run.session, plan_id, ORPHAN, place):
        return
    cure = "Hãy thêm đầu mối với thư điện tử hoặc Zalo trong danh bạ đơn vị (units.yaml)."
    run.session.add(
        Finding(plan_id=plan_id, code=ORPHAN, severity="error", place=place, message=words, suggestion=cure)
    )
