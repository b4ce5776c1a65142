"""What the officer does with answers and requests: accept, return, decide, waive, hold, resume.

A change, its journal entry and the notice to the unit are written in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.models import Extension, Json, Occurrence, Submission
from db.queries import submission_queries as queries
from deadlines.workdays import WorkCalendar
from notifications.notices import queue_notice
from submissions.checks import AnswerRefused, FieldFault, clean_text, require_reason
from submissions.receiving import check_superior, check_wanted_due
from submissions.terms import due_in_force, local_day, say_date

STATE_WORDS = {
    "recorded": "chỉ ghi nhận",
    "open": "đang chờ nộp",
    "submitted": "đã nộp, chờ xem",
    "returned": "đã trả lại",
    "accepted": "đã chấp nhận",
    "waived": "được miễn",
    "on_hold": "tạm dừng",
    "cancelled": "đã hủy",
}


def accept(session: Session, submission_id: int, by: str, now: datetime, settings: Settings) -> Submission:
    """Accept the newest version: the occurrence is done and locked. Accepting twice changes nothing.

    Raises Refusal when a newer version has come, or when the version was returned.
    """
    submission = _newest(session, submission_id)
    occurrence = submission.occurrence
    if submission.state == "accepted":
        return submission
    if submission.state != "received" or occurrence.state != "submitted":
        raise Refusal(f"Bản này không còn chờ xem (kỳ hạn {STATE_WORDS[occurrence.state]}). Hãy tải lại trang.")
    submission.state, submission.reviewed_by, submission.reviewed_at = "accepted", by, now
    submission.return_reason = None
    occurrence.state, occurrence.accepted_at = "accepted", now
    _lapse_request(session, occurrence, by, now)
    _record(session, occurrence, "submission.accept", by, now, _version_facts(submission))
    queue_notice(session, occurrence, "accepted", now, settings)
    return submission


def return_for(
    session: Session, submission_id: int, reason: str, by: str, now: datetime, settings: Settings
) -> Submission:
    """Give the newest version back with a reason; the chase speaks again. An accepted one is unlocked the same way.

    Raises AnswerRefused without a reason, Refusal when a newer version has come or it was returned already.
    """
    submission = _newest(session, submission_id)
    occurrence = submission.occurrence
    kept = require_reason(reason, "trả lại")
    if submission.state == "returned" or occurrence.state not in ("submitted", "accepted"):
        raise Refusal(f"Bản này không còn chờ xem (kỳ hạn {STATE_WORDS[occurrence.state]}). Hãy tải lại trang.")
    action = "submission.reopen" if submission.state == "accepted" else "submission.return"
    submission.state, submission.reviewed_by, submission.reviewed_at = "returned", by, now
    submission.return_reason = kept
    occurrence.state, occurrence.accepted_at = "returned", None
    # What was quieted for the first answer must not hide the return.
    occurrence.quiet_until = None
    _record(session, occurrence, action, by, now, _version_facts(submission) | {"reason": kept})
    queue_notice(session, occurrence, "returned", now, settings, reason=kept)
    return submission


def decide_extension(
    session: Session,
    extension_id: int,
    granted: bool,
    due: date | None,
    note: str,
    by: str,
    now: datetime,
    calendar: WorkCalendar,
    settings: Settings,
) -> Extension:
    """Grant more time (until `due`, or the date asked for) or refuse it with a note. The old date is kept.

    Raises AnswerRefused (field "wanted_due" or "reason") or Refusal when it was decided already.
    """
    extension = _asked(session, extension_id)
    occurrence = extension.occurrence
    if granted:
        new_due = due or extension.wanted_due
        _check_granted(new_due, occurrence, now, calendar)
        extension.granted_due = occurrence.extended_due = new_due
        extension.decision_note = clean_text(note) or None
    else:
        extension.decision_note = require_reason(note, "không gia hạn")
    extension.state = "granted" if granted else "refused"
    extension.decided_at, extension.decided_by = now, by
    facts = _decision_facts(extension)
    _record(session, occurrence, f"extension.{'grant' if granted else 'refuse'}", by, now, facts)
    _tell_decision(session, extension, now, settings)
    return extension


def _check_granted(due: date, occurrence: Occurrence, now: datetime, calendar: WorkCalendar) -> None:
    check_wanted_due(due, due_in_force(occurrence), calendar)
    check_superior(due, occurrence, calendar)
    if due < local_day(now):
        message = f"Thời hạn mới ({say_date(due)}) đã qua. Hãy chọn một ngày từ hôm nay trở đi."
        raise AnswerRefused(FieldFault("wanted_due", message))


def _decision_facts(extension: Extension) -> Json:
    granted = extension.granted_due.isoformat() if extension.granted_due else None
    facts: Json = {"extension": extension.id, "old_due": extension.old_due.isoformat(), "granted_due": granted}
    return facts | {"note": extension.decision_note}


def _tell_decision(session: Session, extension: Extension, now: datetime, settings: Settings) -> None:
    kind = "extension_granted" if extension.state == "granted" else "extension_refused"
    due, note = extension.granted_due or extension.old_due, extension.decision_note or ""
    queue_notice(session, extension.occurrence, kind, now, settings, due=due, old_due=extension.old_due, note=note)


def waive(session: Session, occurrence_id: int, reason: str, by: str, now: datetime) -> Occurrence:
    """Free the unit from this occurrence, with a reason. Raises Refusal."""
    occurrence = _in_state(session, occurrence_id, ("recorded", "open", "returned", "submitted", "on_hold"))
    kept = require_reason(reason, "miễn")
    _lapse_request(session, occurrence, by, now)
    return _move(session, occurrence, "waived", "occurrence.waive", kept, by, now)


def hold(session: Session, occurrence_id: int, reason: str, by: str, now: datetime) -> Occurrence:
    """Stop chasing this occurrence until it is resumed, with a reason. Raises Refusal."""
    occurrence = _in_state(session, occurrence_id, ("open", "returned", "submitted"))
    kept = require_reason(reason, "tạm dừng")
    return _move(session, occurrence, "on_hold", "occurrence.hold", kept, by, now)


def resume(session: Session, occurrence_id: int, reason: str, by: str, now: datetime) -> Occurrence:
    """Put a held or waived occurrence back to where its answers say it stands. Raises Refusal."""
    occurrence = _in_state(session, occurrence_id, ("on_hold", "waived"))
    last = queries.newest_submission(session, occurrence_id)
    state = {"received": "submitted", "returned": "returned"}.get(last.state if last else "", "open")
    return _move(session, occurrence, state, "occurrence.resume", clean_text(reason), by, now)


def _move(
    session: Session, occurrence: Occurrence, state: str, action: str, reason: str, by: str, now: datetime
) -> Occurrence:
    facts: Json = {"from": occurrence.state, "to": state, "reason": reason}
    occurrence.state, occurrence.note = state, reason or None
    _record(session, occurrence, action, by, now, facts)
    return occurrence


def _in_state(session: Session, occurrence_id: int, states: Collection[str]) -> Occurrence:
    occurrence = queries.lock_occurrence(session, occurrence_id)
    if occurrence is None:
        raise Refusal("Không tìm thấy kỳ hạn này. Hãy tải lại trang.")
    if occurrence.state not in states:
        raise Refusal(f"Kỳ hạn đang ở trạng thái «{STATE_WORDS[occurrence.state]}», không làm được việc này.")
    return occurrence


def _newest(session: Session, submission_id: int) -> Submission:
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise Refusal("Không tìm thấy bản nộp này. Hãy tải lại trang.")
    queries.lock_occurrence(session, submission.occurrence_id)
    session.refresh(submission)
    newest = queries.newest_submission(session, submission.occurrence_id)
    if newest is not None and newest is not submission:
        raise Refusal(f"Đơn vị đã gửi bản mới hơn (lần {newest.version}). Hãy mở bản đó để xem.")
    return submission


def _asked(session: Session, extension_id: int) -> Extension:
    extension = session.get(Extension, extension_id)
    if extension is None:
        raise Refusal("Không tìm thấy đề nghị gia hạn này. Hãy tải lại trang.")
    queries.lock_occurrence(session, extension.occurrence_id)
    session.refresh(extension)
    if extension.state != "asked":
        words = {"granted": "đồng ý", "refused": "từ chối"}[extension.state]
        raise Refusal(f"Đề nghị này đã được {extension.decided_by} {words}. Hãy tải lại trang.")
    if extension.occurrence.state in queries.CLOSED_TO_EXTENSION:
        raise Refusal(f"Kỳ hạn {STATE_WORDS[extension.occurrence.state]}, không cần gia hạn nữa.")
    return extension


def _lapse_request(session: Session, occurrence: Occurrence, by: str, now: datetime) -> None:
    """Close an open request that no longer matters, so that it waits on nobody's list."""
    extension = queries.open_extension(session, occurrence.id)
    if extension is None:
        return
    extension.state, extension.decided_at, extension.decided_by = "refused", now, by
    extension.decision_note = "Không còn cần gia hạn."
    _record(session, occurrence, "extension.lapse", by, now, {"extension": extension.id})


def _version_facts(submission: Submission) -> Json:
    return {"submission": submission.id, "version": submission.version, "kind": submission.kind}


def _record(session: Session, occurrence: Occurrence, action: str, by: str, now: datetime, facts: Json) -> None:
    journal.record(
        session, at=now, actor=by, action=action, subject_kind="occurrence", subject_id=occurrence.id, data=facts
    )
