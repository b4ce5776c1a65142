"""A new order of days off or a changed ladder: what would move is shown first, and moves only once it is approved.

Only what is open moves. The old date stays in the journal, and whoever was told of it hears in one message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from chasing import CaseView, Ladder
from config.clock import ZONE
from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.models import OPEN_STATES, Json, Occurrence
from db.office_rules import OfficeRules, approve_rules, hold_rules, newest_approval, rules_in_use, rules_of_files
from db.queries import calendar_queries as queries
from db.queries.chase_queries import lock_chase
from db.queries.expansion_queries import plans_saying
from deadlines import OnEvent, WorkCalendar, date_event, rule_from_json
from notifications.date_changes import DateChange, queue_date_changes
from plans.expanding import expand_plans
from plans.occurrences import due_dates, member_note, responsible_units
from plans.replanning_view import (
    Dates,
    DayChange,
    MovedOccurrence,
    Preview,
    day_changes,
    ladder_moves,
    told_names,
    why_moved,
)

NOT_WORKED = "Cơ quan không làm việc ngày này"
A_FLUSH = 1000


@dataclass(frozen=True)
class _Move:
    """One occurrence and its new dates; None: it is not to be done. `back`: the state and note that it returns to."""

    occurrence: Occurrence
    after: Dates | None
    why: str
    back: tuple[str, str | None] = ("open", None)

    @property
    def state(self) -> str:
        """The state that the dates are moved in."""
        return self.back[0] if self.occurrence.state == "cancelled" else self.occurrence.state


def preview(session: Session, settings: Settings, now: datetime, proposed: OfficeRules | None = None) -> Preview:
    """What would change if the files (or `proposed`) were approved now. Writes nothing. Raises ConfigFault."""
    old, new = rules_in_use(session, settings), proposed or rules_of_files(settings)
    moves = _moves(session, old.calendar, new.calendar, _day(now))
    return _preview_of(session, old, new, moves, settings, now)


def _preview_of(
    session: Session, old: OfficeRules, new: OfficeRules, moves: Sequence[_Move], settings: Settings, now: datetime
) -> Preview:
    told = told_names(session, _changes(moves), now, settings)
    changed = tuple(
        sorted(
            name for name in old.ladders.keys() | new.ladders.keys() if old.ladders.get(name) != new.ladders.get(name)
        )
    )
    days = tuple(day_changes(old.calendar, new.calendar))
    return Preview(
        fingerprint=new.fingerprint,
        waiting=old.fingerprint != new.fingerprint,
        days=days,
        moves=tuple(_shown(each, told.get(each.occurrence.id, ())) for each in moves),
        ladders=changed,
        ladder_moves=tuple(ladder_moves(session, old, new, changed, now)) if changed else (),
        late=sum(_is_late(move, _day(now)) for move in moves),
        daily=bool(_gaining(session, days)),
    )


def _gaining(session: Session, days: Sequence[DayChange]) -> list[int]:
    """The plans whose daily duties are asked on a day that was off: no other duty has more or fewer dates."""
    worked = any(each.after.working and not each.before.working for each in days)
    return plans_saying(session, '"daily"') if worked else []


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()


def _is_late(move: _Move, today: date) -> bool:
    """Whether the calendar alone makes an occurrence overdue."""
    if move.after is None or move.state not in OPEN_STATES:
        return False
    return move.after.last < today <= dates_of(move.occurrence).last


def _changes(moves: Sequence[_Move]) -> list[DateChange]:
    # What is on hold is not reminded of; it is told of when it goes on.
    return [DateChange(move.occurrence, *_told_days(move), move.why) for move in moves if move.state != "on_hold"]


def _told_days(move: _Move) -> tuple[date | None, date | None]:
    """The day that reminders spoke of, and the one they will speak of."""
    if move.occurrence.state == "cancelled":
        return None, move.after.last if move.after else None
    return dates_of(move.occurrence).last, move.after.last if move.after else None


def _shown(move: _Move, told: Sequence[str]) -> MovedOccurrence:
    one = move.occurrence
    duty = one.obligation
    before = dates_of(one)
    return MovedOccurrence(
        id=one.id,
        plan=duty.plan.number or duty.plan.code,
        key=duty.ordinal or duty.key,
        content=duty.content,
        unit=one.unit.short_name or one.unit.name,
        period=one.period_label,
        before=before,
        after=move.after,
        why=move.why,
        told=tuple(told),
    )


def _moves(session: Session, old: WorkCalendar, new: WorkCalendar, today: date) -> list[_Move]:
    """Every open occurrence whose dates the calendar no longer gives, in the order of the dates they have."""
    groups = queries.open_dates(session)
    stale = {nominal for nominal, legal, target in groups if new.shifted(nominal) != (legal, target)}
    void = _voided(session)
    plain, events = _plain_moves(session, stale, old, new, void), _event_moves(session, old, new, void)
    found = [*plain, *events, *_revived(session, new, today)]
    return sorted(found, key=lambda move: (move.occurrence.due_legal, move.occurrence.id))


def _voided(session: Session) -> dict[int, date]:
    """Extensions that a calendar alone had made void, by occurrence: they count again once their day is the later."""
    found = {one.id: one for one in queries.open_once_extended(session)}
    said = queries.before_cancelling(session, list(found))
    return {
        number: date.fromisoformat(data["from"]["extended"])
        for number, data in said.items()
        if "extended" in data["from"]
        and "extended" not in (data["to"] or data["from"])
        # Nothing else has dated it since.
        and data["to"]["legal"] == found[number].due_legal.isoformat()
    }


def _plain_moves(
    session: Session, stale: set[date], old: WorkCalendar, new: WorkCalendar, void: Mapping[int, date]
) -> Iterator[_Move]:
    found = {one.id: one for one in (*queries.open_on(session, stale), *queries.open_extended(session))}
    for one in found.values():
        if one.period_key == one.nominal.isoformat() and not new.is_working(one.nominal):
            # A daily duty has no occurrence on a day that is not worked.
            yield _Move(one, None, new.why(one.nominal).reason)
        elif move := _moved(one, one.nominal, old, new, void.get(one.id)):
            yield move


def _event_moves(session: Session, old: WorkCalendar, new: WorkCalendar, void: Mapping[int, date]) -> Iterator[_Move]:
    for one in queries.open_events(session):
        if move := _moved(one, _event_nominal(one, old, new), old, new, void.get(one.id)):
            yield move


def _revived(session: Session, new: WorkCalendar, today: date) -> Iterator[_Move]:
    """Daily occurrences that a day off had cancelled, and that are to be done after all; what was on hold still is.

    Nobody can do any more what a past day asked for.
    """
    every = queries.cancelled_with(session, NOT_WORKED)
    found = [one for one in every if one.nominal >= today and new.is_working(one.nominal) and _is_daily(one)]
    was = queries.before_cancelling(session, [one.id for one in found])
    for one in found:
        before = was.get(one.id, {})
        back = (before.get("state", "open"), before.get("note"))
        yield _Move(one, Dates(one.nominal, one.nominal, one.nominal), "ngày này nay là ngày làm việc", back)


def _is_daily(one: Occurrence) -> bool:
    """Whether the plan as it is now still asks this unit every day: it may have been corrected since."""
    daily = any(rule.get("freq") == "daily" for rule in one.obligation.rules)
    return daily and one.unit in responsible_units(one.obligation)


def _moved(
    one: Occurrence, nominal: date, old: WorkCalendar, new: WorkCalendar, void: date | None = None
) -> _Move | None:
    legal, target = new.shifted(nominal)
    extended = new.next_working(void) if void and void > legal else _extended(one, legal, old, new)
    before, after = dates_of(one), Dates(nominal, legal, target, extended)
    return _Move(one, after, why_moved(before, after, old, new)) if before != after else None


def dates_of(one: Occurrence) -> Dates:
    """The dates that an occurrence has."""
    return Dates(one.nominal, one.due_legal, one.due_target, one.extended_due)


def _extended(one: Occurrence, legal: date, old: WorkCalendar, new: WorkCalendar) -> date | None:
    """The day of an extension anew: a day that is off now gives way to the next worked one; void once reached."""
    day = one.extended_due
    if day is None or (day <= legal and legal != one.due_legal):
        return None
    return new.next_working(day) if old.is_working(day) else day


def _event_nominal(one: Occurrence, old: WorkCalendar, new: WorkCalendar) -> date:
    """The nominal day anew where it was counted in working days from an event; else the day it has."""
    rules = one.obligation.rules
    rule = rule_from_json(rules[one.rule_no]) if one.rule_no < len(rules) else None
    if not isinstance(rule, OnEvent) or rule.offset is None or rule.offset.unit != "working_day":
        return one.nominal
    event = one.period_start if rule.offset.n >= 0 else one.period_end
    # A day that a document set by hand does not follow from the event.
    if date_event(rule, event, old).nominal != one.nominal:
        return one.nominal
    return date_event(rule, event, new).nominal


def apply(session: Session, settings: Settings, now: datetime, actor: str, expected: str | None = None) -> Preview:
    """Approve what the files say: move what is open, keep each old date in the journal, queue one message a person.

    Repeating it changes nothing. `expected`: fingerprint of the rules that were looked at. Raises Refusal when the
    files have changed since, ConfigFault when they cannot be used.
    """
    lock_chase(session)
    hold_rules(session, alone=True)
    old, new = rules_in_use(session, settings), rules_of_files(settings)
    if expected is not None and expected != new.fingerprint:
        raise Refusal("Tệp lịch nghỉ hoặc thang nhắc đã đổi sau khi xem. Hãy xem lại các thay đổi rồi áp dụng.")
    moves = _locked_moves(session, old.calendar, new.calendar, _day(now))
    done = _preview_of(session, old, new, moves, settings, now)
    changes = _changes(moves)
    _write(session, moves, new, now, actor)
    gained = expand_plans(session, _gaining(session, done.days), new.calendar, now)
    people = {message.person_id for message in queue_date_changes(session, changes, now, settings, contacts=True)}
    if done.waiting or newest_approval(session) is None:
        _approve(session, new, done, len(people), now, actor)
    return replace(done, people=len(people), added=sum(each.opened for each in gained.values()))


def _locked_moves(session: Session, old: WorkCalendar, new: WorkCalendar, today: date) -> list[_Move]:
    """The moves with their rows locked, looked for again while a unit's answer or an officer's decision comes between.

    Locked before the journal, in the order in which those who answer lock: otherwise each could wait for the other.
    """
    while True:
        moves = _moves(session, old, new, today)
        if queries.hold_still(session, [move.occurrence for move in moves]):
            return moves
        session.expire_all()


def _approve(session: Session, rules: OfficeRules, done: Preview, people: int, now: datetime, actor: str) -> None:
    approval = approve_rules(session, rules, now, actor)
    approval.summary = {
        "moved": len(done.moves),
        "told": people,
        "days": [each.words() for each in done.days],
        "ladders": list(done.ladders),
    }
    journal.record(
        session,
        at=now,
        actor=actor,
        action="calendar.approve",
        subject_kind="calendar",
        subject_id=approval.id,
        data=approval.summary,
    )


def _write(session: Session, moves: Sequence[_Move], rules: OfficeRules, now: datetime, actor: str) -> None:
    queued = queries.waiting_to_be_told(session, [move.occurrence.id for move in moves])
    journal.record_all(session, now, actor, [_deed(move) for move in moves])
    for start in range(0, len(moves), A_FLUSH):
        some = moves[start : start + A_FLUSH]
        for move in some:
            _carry_out(move, rules, move.occurrence.id in queued, now)
        session.flush()
        for move in some:
            # Written; nobody below reads the new explanation again.
            session.expire(move.occurrence, ["explanation"])


def _carry_out(move: _Move, rules: OfficeRules, queued: bool, now: datetime) -> None:
    if move.after is None:
        move.occurrence.state = "cancelled"
        move.occurrence.note = f"{NOT_WORKED}: {move.why}."
        return
    _redate(move, move.after, _steps_of(move.occurrence, rules.calendar), now)
    _go_on(move.occurrence, rules, queued, now)


def _redate(move: _Move, after: Dates, steps: list[str] | None, now: datetime) -> None:
    one, before = move.occurrence, dates_of(move.occurrence).last
    if one.state == "cancelled":
        one.state, one.note = move.back
    if one.period_key.startswith(queries.EVENT) and one.period_end == one.nominal:
        one.period_end = max(after.nominal, one.period_start)
    one.nominal, one.due_legal, one.due_target = after.nominal, after.legal, after.target
    one.extended_due = after.extended
    day = _day(now)
    note = f"Ngày {day:%d/%m/%Y} tính lại theo lịch làm việc mới: {move.why}; hạn cũ là {before:%d/%m/%Y}."
    one.explanation = [*(steps or one.explanation), note]


def _steps_of(one: Occurrence, calendar: WorkCalendar) -> list[str] | None:
    """The explanation anew; None for what an event dated, which keeps its own."""
    duty = one.obligation
    dues = (due for due in due_dates(duty, duty.plan.year, calendar) if due.date.period_key == one.period_key)
    due, printed = next(dues, None), responsible_units(duty).get(one.unit)
    if due is None or printed is None:
        return None
    return [*due.date.explanation, *due.notes, *member_note(one.unit, printed, duty)]


def _go_on(one: Occurrence, rules: OfficeRules, queued: bool, now: datetime) -> None:
    """Let the chase go on from the new date: what it had already said of a later step it will say again in time.

    A reminder of the old date that has not left yet is void: its round is over, and the next run speaks anew.
    """
    if one.last_step is None:
        return
    if queued:
        one.last_step = one.last_step_at = None
        return
    ladder = Ladder.from_json(one.ladder) if one.ladder else rules.ladders.get(one.obligation.ladder_in_use)
    if ladder is None:
        return
    case = CaseView(
        id=one.id,
        kind=one.kind,
        state=one.state,
        due_target=one.due_target,
        due_legal=one.due_legal,
        ladder=ladder,
        extended_due=one.extended_due,
    )
    told, current = ladder.step(one.kind, one.last_step), case.current_step(now, rules.calendar)
    steps = [step for _, step in case.climb(rules.calendar)]
    if told and (current is None or steps.index(current) < steps.index(told)):
        one.last_step = current.key if current else None


def _plain(dates: Dates) -> Json:
    return {name: day.isoformat() for name, day in dates.__dict__.items() if day}


def _deed(move: _Move) -> journal.Deed:
    one = move.occurrence
    data: Json = {
        "from": _plain(dates_of(one)),
        "to": _plain(move.after) if move.after else None,
        "why": move.why,
    }
    if move.after is None:
        data |= {"state": one.state, "note": one.note}
    return journal.Deed("calendar.move", "occurrence", one.id, data)
