"""What a unit does with an occurrence: says that it has received it, answers it, asks for more time.

Each function locks the occurrence, decides, writes the change and its journal entry in the caller's transaction.
`once` is the one-time mark of the form that was sent: the same mark again changes nothing and returns what the first
one did, so a double tap or a reloaded page is harmless.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from chasing import FLAGGED_REQUEST
from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.file_store import store_bytes
from db.models import Extension, Json, Occurrence, Submission, SubmissionFigure, SubmissionFile
from db.queries import submission_queries as queries
from db.queries.calendar_queries import waiting_to_be_told
from deadlines.workdays import WorkCalendar
from submissions.checks import (
    Answer,
    AnswerRefused,
    CheckedAnswer,
    FieldFault,
    check_answer,
    check_files,
    require_reason,
)
from submissions.files import CheckedFile
from submissions.forms import unfold_forms
from submissions.terms import due_in_force, latest_due, local_day, say_date, superior_of

ANSWERABLE = ("recorded", "open", "submitted", "returned", "on_hold")

_CLOSED = {
    "accepted": "Báo cáo kỳ này đã được chấp nhận và khóa lại, nên không nhận thêm bản mới. "
    "Nếu cần sửa, xin liên hệ chuyên viên tổng hợp để được mở lại.",
    "waived": "Kỳ báo cáo này đã được miễn, đơn vị không phải nộp. Nếu vẫn muốn gửi, xin liên hệ chuyên viên tổng hợp.",
    "cancelled": "Kỳ báo cáo này đã bị hủy, đơn vị không phải nộp. Nếu có thắc mắc, xin liên hệ chuyên viên tổng hợp.",
}


class OccurrenceClosed(Refusal):
    """The occurrence takes no more answers: accepted, waived or cancelled."""


def acknowledge(session: Session, occurrence_id: int, by: str, now: datetime, once: str | None = None) -> Occurrence:
    """Note that the unit has received the duty. The state stays; the chase keeps quiet for a while.

    The quiet starts anew only when the chase has spoken since, so that a tap every few days cannot mute it for good.
    Raises OccurrenceClosed, or Refusal when there is no such occurrence.
    """
    occurrence = _answerable(session, occurrence_id)
    if once is None or queries.entry_of_form(session, occurrence_id, once) is None:
        again = _quiet_since(occurrence)
        if not again:
            if waiting_to_be_told(session, [occurrence.id]):
                # The reminder on its way is called off; its step counts as not said, so that nobody is passed over.
                occurrence.last_step = occurrence.last_step_at = None
            occurrence.acknowledged_at, occurrence.acknowledged_by = now, by
        _record(session, occurrence, "occurrence.acknowledge", by, now, once, {"again": again})
    return occurrence


def _quiet_since(occurrence: Occurrence) -> bool:
    """Whether the unit has acknowledged and nothing was said since."""
    acknowledged, spoken = occurrence.acknowledged_at, occurrence.last_step_at
    return acknowledged is not None and (spoken is None or spoken <= acknowledged)


def submit(
    session: Session,
    occurrence_id: int,
    answer: Answer,
    by: str,
    via: str,
    now: datetime,
    settings: Settings,
    once: str | None = None,
) -> Submission:
    """Keep an answer as the next version and wait for review; timeliness is judged on the first.

    Raises AnswerRefused with every fault of the form, OccurrenceClosed when the occurrence is locked, and Refusal
    when there is no such occurrence.
    """
    occurrence = _locked(session, occurrence_id)
    earlier = once and queries.entry_of_form(session, occurrence_id, once)
    if earlier:
        return _submission_of(session, earlier.data)
    refuse_closed(occurrence)
    targets = queries.targets_of_unit(session, occurrence.obligation.plan_id, occurrence.unit_id)
    last = queries.newest_submission(session, occurrence_id)
    unfolded = unfold_forms(answer, occurrence_id, targets, last, settings.secret_key.get_secret_value())
    kept = [file for file in last.files if file.id in unfolded.answer.keep] if last else []
    checked = check_answer(unfolded.answer, targets, settings.upload_mb, len(kept))
    forms = check_files(unfolded.forms, settings.upload_mb, len(kept) + len(checked.files))
    # Under the lock of the occurrence nobody else counts versions; the unique key stands behind it all the same.
    submission = _new_version(occurrence, last.version + 1 if last else 1, checked, by, via, now)
    submission.files = [_again(file) for file in kept] + [_stored(file, settings) for file in (*checked.files, *forms)]
    session.add(submission)
    session.flush()
    occurrence.state = "submitted"
    occurrence.answered_at = occurrence.answered_at or now
    facts: Json = {"submission": submission.id, "version": submission.version, "kind": submission.kind, "via": via}
    facts |= {"files": [[file.name, file.sha256] for file in submission.files], "figures": len(submission.figures)}
    if unfolded.places:
        facts["cells"] = {str(number): place for number, place in unfolded.places.items()}
    _record(session, occurrence, "submission.receive", by, now, once, facts)
    return submission


def _again(file: SubmissionFile) -> SubmissionFile:
    return SubmissionFile(sha256=file.sha256, name=file.name, mime=file.mime, size=file.size)


def _stored(file: CheckedFile, settings: Settings) -> SubmissionFile:
    digest = store_bytes(settings.home, file.data)
    return SubmissionFile(sha256=digest, name=file.name, mime=file.mime, size=len(file.data))


def _new_version(
    occurrence: Occurrence, version: int, answer: CheckedAnswer, by: str, via: str, now: datetime
) -> Submission:
    submission = Submission(
        occurrence=occurrence,
        version=version,
        kind=answer.kind,
        text=answer.text,
        sent_by=by,
        via=via,
        received_at=now,
        state="received",
    )
    submission.figures = [SubmissionFigure(target_id=key, value=value) for key, value in answer.figures.items()]
    return submission


def _submission_of(session: Session, facts: Json) -> Submission:
    submission = session.get(Submission, facts.get("submission", 0))
    if submission is None:
        raise Refusal("Biểu mẫu này đã được dùng cho việc khác. Hãy mở lại trang rồi gửi lại.")
    return submission


def ask_extension(
    session: Session,
    occurrence_id: int,
    wanted_due: date,
    reason: str,
    by: str,
    now: datetime,
    calendar: WorkCalendar,
    once: str | None = None,
) -> Extension:
    """Ask for more time: before the date in force, with a reason, until a later working day, one request at a time.

    Raises AnswerRefused (field "reason" or "wanted_due") or another Refusal with the cure.
    """
    occurrence = _locked(session, occurrence_id)
    earlier = once and queries.entry_of_form(session, occurrence_id, once)
    if earlier:
        return _extension_of(session, earlier.data)
    refuse_closed(occurrence)
    due = due_in_force(occurrence)
    _refuse_untimely(session, occurrence, due, now)
    refuse_no_room(occurrence, calendar)
    kept_reason = require_reason(reason, "xin gia hạn")
    check_wanted_due(wanted_due, due, calendar)
    check_superior(wanted_due, occurrence, calendar)
    extension = Extension(
        occurrence=occurrence,
        asked_at=now,
        asked_by=by,
        reason=kept_reason,
        wanted_due=wanted_due,
        old_due=due,
        state="asked",
    )
    session.add(extension)
    session.flush()
    number = queries.count_extensions(session, occurrence.id)
    facts: Json = {"extension": extension.id, "number": number, "flagged": number >= FLAGGED_REQUEST}
    facts |= {"old_due": due.isoformat(), "wanted_due": wanted_due.isoformat()}
    _record(session, occurrence, "extension.ask", by, now, once, facts)
    return extension


def _extension_of(session: Session, facts: Json) -> Extension:
    extension = session.get(Extension, facts.get("extension", 0))
    if extension is None:
        raise Refusal("Biểu mẫu này đã được dùng cho việc khác. Hãy mở lại trang rồi gửi lại.")
    return extension


def why_no_extension(session: Session, occurrence: Occurrence, now: datetime, calendar: WorkCalendar) -> str | None:
    """Why more time cannot be asked for now, in Vietnamese; None when it can."""
    try:
        refuse_closed(occurrence)
        _refuse_untimely(session, occurrence, due_in_force(occurrence), now)
        refuse_no_room(occurrence, calendar)
    except Refusal as refusal:
        return str(refusal)
    return None


def _refuse_untimely(session: Session, occurrence: Occurrence, due: date, now: datetime) -> None:
    if occurrence.state == "submitted":
        raise Refusal("Đơn vị đã nộp báo cáo kỳ này nên không cần xin gia hạn.")
    if queries.open_extension(session, occurrence.id) is not None:
        raise Refusal("Đã có một đề nghị gia hạn đang chờ trả lời. Xin chờ kết quả trước khi gửi đề nghị khác.")
    if local_day(now) >= due:
        raise Refusal(
            f"Gia hạn phải được xin trước ngày đến hạn ({say_date(due)}). "
            "Xin nộp phần đã có và ghi rõ phần còn lại, hoặc liên hệ chuyên viên tổng hợp."
        )


def check_wanted_due(wanted: date, due: date, calendar: WorkCalendar) -> None:
    """Hold a new date to the rules: after the date in force, and a working day.

    Raises AnswerRefused (field "wanted_due"); for a day off it names the nearest working day.
    """
    if wanted <= due:
        message = f"Ngày xin gia hạn phải sau thời hạn hiện nay ({say_date(due)})."
        raise AnswerRefused(FieldFault("wanted_due", message))
    if not calendar.is_working(wanted):
        nearest = nearest_working(wanted, due, calendar)
        why = calendar.why(wanted).reason
        message = f"{_capital(say_date(wanted))} là ngày nghỉ ({why}). Ngày làm việc gần nhất là {say_date(nearest)}."
        raise AnswerRefused(FieldFault("wanted_due", message))


def refuse_no_room(occurrence: Occurrence, calendar: WorkCalendar) -> None:
    """Raises Refusal when no later date would leave the office time before the superior's date."""
    superior, latest = superior_of(occurrence, calendar), latest_due(occurrence, calendar)
    if superior is not None and latest is not None and latest <= due_in_force(occurrence):
        raise Refusal(
            f"Không còn ngày nào để gia hạn: cơ quan phải gửi cấp trên vào {say_date(superior)} và cần ít nhất "
            "01 ngày làm việc trước đó để tổng hợp. Xin nộp phần đã có, hoặc liên hệ chuyên viên tổng hợp."
        )


def check_superior(wanted: date, occurrence: Occurrence, calendar: WorkCalendar) -> None:
    """Hold a new date to the superior's. Raises AnswerRefused (field "wanted_due") naming the latest possible date."""
    superior, latest = superior_of(occurrence, calendar), latest_due(occurrence, calendar)
    if superior is None or latest is None or wanted <= latest:
        return
    offer = f"Ngày muộn nhất có thể gia hạn là {say_date(latest)}."
    if latest <= due_in_force(occurrence):
        offer = "Không còn ngày nào có thể gia hạn."
    message = (
        f"Không gia hạn đến {say_date(wanted)} được: hạn cấp trên là {say_date(superior)}, "
        f"cơ quan cần ít nhất 01 ngày làm việc trước đó để tổng hợp. {offer}"
    )
    raise AnswerRefused(FieldFault("wanted_due", message))


def nearest_working(day: date, after: date, calendar: WorkCalendar) -> date:
    """The working day nearest to `day` that is later than `after`; of two as near, the later one."""
    later, sooner = calendar.next_working(day), calendar.previous_working(day)
    if sooner > after and day - sooner < later - day:
        return sooner
    return max(later, calendar.next_working(after + timedelta(days=1)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _locked(session: Session, occurrence_id: int) -> Occurrence:
    occurrence = queries.lock_occurrence(session, occurrence_id)
    if occurrence is None:
        raise Refusal("Không tìm thấy kỳ báo cáo này. Hãy mở lại liên kết mới nhất trong tin nhắn.")
    return occurrence


def _answerable(session: Session, occurrence_id: int) -> Occurrence:
    occurrence = _locked(session, occurrence_id)
    refuse_closed(occurrence)
    return occurrence


def refuse_closed(occurrence: Occurrence) -> None:
    """Raises OccurrenceClosed, which says why, for one that takes no more answers."""
    if occurrence.state not in ANSWERABLE:
        raise OccurrenceClosed(_CLOSED[occurrence.state])


def _record(
    session: Session, occurrence: Occurrence, action: str, by: str, now: datetime, once: str | None, facts: Json
) -> None:
    data = facts | ({"once": once} if once else {})
    journal.record(
        session, at=now, actor=by, action=action, subject_kind="occurrence", subject_id=occurrence.id, data=data
    )
