"""From digests to rows of the outbox: who hears what in which words, each with its items, facts and journal entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chasing import (
    FLAGGED_REQUEST,
    SUPERIOR_ROLES,
    Action,
    Digest,
    OfficeHours,
    Recipient,
    cut,
    describe_for_coordinator,
    is_office_time,
    local,
    say_date,
    say_days,
)
from db import journal
from db.models import Extension, Message, MessageItem, Occurrence
from db.queries import outbox_queries
from notifications.chase_run import Run, day_key, hour_key
from notifications.composing import Line, Part, compose_lines
from notifications.history import histories
from notifications.links import make_links
from notifications.recipients import address_on

REQUEST = "request"
"""The step of an item that tells an officer of a request for more time."""
OWN_FAULT = "Mẫu tin riêng của cơ quan có lỗi: {}. Tin được viết theo mẫu có sẵn. Hãy chạy: dondoc doctor"


@dataclass(frozen=True)
class _Entry:
    """One line of a message."""

    occurrence: Occurrence
    step: str
    reason: str
    part: Part = "lead"


def waits_for_officers(run: Run) -> bool:
    """Whether undecided requests are to be told now: on working days in office hours."""
    return bool(run.requests) and is_office_time(run.now, run.calendar, OfficeHours())


def queue_messages(run: Run, planned: Sequence[Digest]) -> None:
    """Queue one message for each digest; what waits for an officer goes into his, or makes one."""
    entries = {digest.recipient: _entries(run, digest) for digest in planned}
    for officer in run.directory.officers() if waits_for_officers(run) else ():
        if officer not in run.served:
            entries[officer] = _with_requests(run, entries.get(officer, []))
    urgent = {one.recipient for one in planned if any(action.step.any_hour for action in one.actions)}
    hourly = {one.recipient for one in planned if all(each.step.any_hour or each.step.hours for each in one.actions)}
    urls, history = _urls(run, entries), _history(run, entries)
    messages = [_message(run, one, lines, one in urgent, urls, history) for one, lines in entries.items()]
    for message, (one, lines) in zip(messages, entries.items(), strict=True):
        message.dedupe_key = _key(run, one, lines, one in hourly)
    run.session.add_all(messages)
    run.session.flush()
    for message in messages:
        _record(run, message)
    run.summary.messages = len(messages)


def _key(run: Run, recipient: Recipient, lines: Sequence[_Entry], hourly: bool) -> str:
    """Words by the hour, often at night, are not the digest of the day, which follows in the morning."""
    if recipient in run.served or (hourly and not any(line.part == "request" for line in lines)):
        return hour_key(run.now, recipient, lines[0].occurrence.id)
    return day_key(run.today, recipient)


def _entries(run: Run, digest: Digest) -> list[_Entry]:
    """What is owed first, the latest before the others; then what the reader only takes part in."""
    made = [_entry(run, digest.recipient, action) for action in digest.actions]
    return sorted(made, key=lambda entry: entry.part != "lead")


def _entry(run: Run, recipient: Recipient, action: Action) -> _Entry:
    part = run.part(action.case_id, recipient)
    reason = action.reason
    if part == "coordinator":
        reason = describe_for_coordinator(run.cases[action.case_id], run.today, run.calendar)
    return _Entry(run.occurrences[action.case_id], action.step.key, reason, part)


def _with_requests(run: Run, entries: Sequence[_Entry]) -> list[_Entry]:
    known = {entry.occurrence.id: entry for entry in entries}
    asked = {one.occurrence_id: request_words(run, one) for one in run.requests}
    # Where the officer stands in for a unit, one line speaks of its delay and of its request.
    told = [
        _Entry(each.occurrence, each.step, f"{each.reason}. {asked[number]}", each.part) if number in asked else each
        for number, each in known.items()
    ]
    fresh = [one for one in run.requests if one.occurrence_id not in known]
    return told + [_Entry(one.occurrence, REQUEST, asked[one.occurrence_id], "request") for one in fresh]


def request_words(run: Run, request: Extension) -> str:
    """A request in one line: until when, why, for how long it has waited, and whether it is the third."""
    number = 1 + sum(other.id < request.id for other in request.occurrence.extensions)
    waited = run.calendar.working_days_between(local(request.asked_at).date(), run.today)
    again = f", đề nghị lần thứ {number:02d}" if number >= FLAGGED_REQUEST else ""
    since = f", đã chờ {say_days(waited)}" if waited > 0 else ""
    dates = f"từ {say_date(request.old_due)} đến {say_date(request.wanted_due)}"
    return f"Xin gia hạn {dates}{again}{since}; lý do: {cut(request.reason, 120).rstrip('.')}"


def _urls(run: Run, entries: Mapping[Recipient, Sequence[_Entry]]) -> dict[tuple[int, int], str]:
    """An answer link for each line that its reader answers for, or stands above."""
    pairs = {
        (entry.occurrence.id, recipient.person_id)
        for recipient, lines in entries.items()
        for entry in lines
        if entry.part == "lead"
    }
    return make_links(run.session, pairs, run.now, run.settings) if pairs else {}


def _history(run: Run, entries: Mapping[Recipient, Sequence[_Entry]]) -> dict[int, list[str]]:
    named = {
        entry.occurrence.id: entry.occurrence
        for recipient, lines in entries.items()
        if _kind(run, recipient) == "escalation"
        for entry in lines
    }
    return histories(run.session, list(named.values())) if named else {}


def _kind(run: Run, recipient: Recipient) -> str:
    return "escalation" if run.directory.people[recipient.person_id].role in SUPERIOR_ROLES else "digest"


def _message(
    run: Run,
    recipient: Recipient,
    entries: Sequence[_Entry],
    urgent: bool,
    urls: Mapping[tuple[int, int], str],
    history: Mapping[int, list[str]],
) -> Message:
    person, kind = run.directory.people[recipient.person_id], _kind(run, recipient)
    lines = [Line(entry.occurrence, entry.reason, entry.part) for entry in entries]
    words = compose_lines(kind, person, lines, recipient.channel, urls, history, run.now, run.settings)
    if words.fault:
        run.summary.note(OWN_FAULT.format(words.fault))
    message = Message(
        dedupe_key="",
        person_id=person.id,
        channel=recipient.channel,
        address=address_on(person, recipient.channel) or "",
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
        MessageItem(
            occurrence_id=entry.occurrence.id, step=entry.step, position=number, part=entry.part, reason=entry.reason
        )
        for number, entry in enumerate(entries, 1)
    ]
    return message


def _record(run: Run, message: Message) -> None:
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
