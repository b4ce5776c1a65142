"""What dates a duty that waits: an event happened, a document set a day, somebody asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.clock import ZONE
from config.faults import Refusal
from db import journal
from db.models import Json, Obligation, Occurrence, Question
from db.queries import plan_queries
from deadlines import Dated, DueDate, Once, OnEvent, WorkCalendar, date_event, expand, rule_from_json
from plans.occurrences import before_issue, member_note, occurrence_of, responsible_units
from plans.questions import day_of

FARTHEST_DAYS = 800


def enter_event(
    session: Session, question_id: int, answer: Json, calendar: WorkCalendar, now: datetime, actor: str
) -> list[Occurrence]:
    """Date a waiting duty: one new occurrence for each responsible unit. May be repeated for each new event.

    `answer`: {"event": date} counts the duty's own offset from the event; {"due": date} sets the day itself (a document
    or a demand must say it); "note" tells one event of a day from another. Raises Refusal when the dates cannot be used
    or the same event was entered before.
    """
    question = _waiting(session, question_id)
    obligation = _obligation(question)
    kept = _understood(question, answer, now)
    entered: list[Json] = (question.answer or {}).get("entered", [])
    _refuse_same(question, entered, kept)
    number = _next_number(plan_queries.occurrences_of(session, obligation.id))
    due = Dated(_dated(question, kept, calendar, number), question.rule_no or 0, tuple(_notes(kept, actor)))
    made = _write(session, obligation, due, question)
    question.answer = {**kept, "entered": [*entered, kept]}
    question.answered_by, question.answered_at = actor, now
    session.flush()
    data = {"plan": question.plan.code, "key": obligation.key, **kept, "occurrences": [each.id for each in made]}
    journal.record(
        session,
        at=now,
        actor=actor,
        action="occurrence.event",
        subject_kind="question",
        subject_id=question.id,
        data=data,
    )
    return made


def _waiting(session: Session, question_id: int) -> Question:
    question = plan_queries.locked_question(session, question_id)
    if question is None or question.kind != "date" or question.obligation_id is None:
        raise Refusal(
            f"Câu hỏi số {question_id} không nằm trong danh sách chờ sự kiện. Hãy xem: dondoc plan questions MÃ"
        )
    if question.plan.state != "confirmed":
        raise Refusal(f"Kế hoạch {question.plan.code} chưa được xác nhận hoặc đã đóng nên chưa nhập sự kiện được.")
    return question


def _obligation(question: Question) -> Obligation:
    obligation = question.obligation
    if obligation is None or not obligation.active:
        raise Refusal(f"Nhiệm vụ của câu hỏi số {question.id} không còn trong kế hoạch.")
    return obligation


def _understood(question: Question, answer: Json, now: datetime) -> Json:
    """The answer as it is kept: ISO dates, checked."""
    kept = {name: day_of(answer[name]).isoformat() for name in ("event", "due") if answer.get(name)}
    if answer.get("note"):
        kept["note"] = " ".join(str(answer["note"]).split())
    if "due" not in kept and _rule_kind(question) != "on_event":
        raise Refusal(f"Câu hỏi số {question.id}: hãy ghi ngày đến hạn mà văn bản hoặc yêu cầu ấn định.")
    if "due" not in kept and "event" not in kept:
        raise Refusal(f"Câu hỏi số {question.id}: hãy ghi ngày xảy ra sự kiện hoặc ngày đến hạn.")
    _refuse_far([date.fromisoformat(kept[name]) for name in ("event", "due") if name in kept], now)
    return kept


def _refuse_far(days: Sequence[date], now: datetime) -> None:
    today = now.astimezone(ZONE).date()
    for day in days:
        if abs((day - today).days) > FARTHEST_DAYS:
            raise Refusal(f"Ngày {day:%d/%m/%Y} quá xa hôm nay ({today:%d/%m/%Y}). Hãy kiểm tra lại năm.")


def _rule_kind(question: Question) -> str:
    return str(question.candidates["rule"]["kind"])


def _refuse_same(question: Question, entered: Sequence[Json], kept: Json) -> None:
    if kept in entered:
        day = date.fromisoformat(kept.get("event") or kept["due"])
        raise Refusal(
            f"Câu hỏi số {question.id}: ngày {day:%d/%m/%Y} đã được nhập trước đây. "
            "Nếu là một việc khác cùng ngày, hãy ghi thêm ghi chú để phân biệt."
        )


def _next_number(occurrences: Sequence[Occurrence]) -> int:
    numbers = [each.period_key.removeprefix("event-") for each in occurrences if each.period_key.startswith("event-")]
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1


def _dated(question: Question, kept: Json, calendar: WorkCalendar, number: int) -> DueDate:
    """The due date of the event, under the key "event-<n>": the same whatever day the calendar moves it to."""
    rule = rule_from_json(question.candidates["rule"])
    words = question.obligation.deadline_text if question.obligation else ""
    if "due" not in kept and isinstance(rule, OnEvent):
        found = date_event(rule, date.fromisoformat(kept["event"]), calendar, words)
    else:
        due = date.fromisoformat(kept["due"])
        start = min(date.fromisoformat(kept.get("event") or kept["due"]), due)
        found = next(iter(expand(Once(start, due), plan_year=due.year, calendar=calendar, words=words)))
    label = kept.get("note") or _label(kept, found)
    period = replace(found.period, key=f"event-{number}", label=label[:120])
    return found._replace(period_key=period.key, period=period)


def _label(kept: Json, found: DueDate) -> str:
    if "event" in kept:
        return f"Sự kiện ngày {date.fromisoformat(kept['event']):%d/%m/%Y}"
    return f"Đến hạn ngày {found.nominal:%d/%m/%Y}"


def _notes(kept: Json, actor: str) -> list[str]:
    what = "Ngày đến hạn" if "due" in kept else "Ngày xảy ra sự kiện"
    note = f" ({kept['note']})" if "note" in kept else ""
    return [f"{what} do {actor} nhập{note}."]


def _write(session: Session, obligation: Obligation, due: Dated, question: Question) -> list[Occurrence]:
    units = responsible_units(obligation)
    if not units:
        raise Refusal(f"Nhiệm vụ {obligation.key} không có đơn vị chủ trì đang hoạt động. Hãy sửa danh bạ rồi nạp lại.")
    steps = [*due.date.explanation, *due.notes]
    cutoff = before_issue(question.plan)
    made = [
        occurrence_of(obligation, unit, due, [*steps, *member_note(unit, printed, obligation)], cutoff)
        for unit, printed in units.items()
    ]
    session.add_all(made)
    session.flush()
    return made
