"""Ý kiến chỉ đạo: what a superior says of a duty from his page; kept in the journal and told to the officer once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.queries import submission_queries as queries
from notifications.notices import queue_notice
from submissions.checks import AnswerRefused, FieldFault, clean_text

MOST = 500
ACTION = "occurrence.direct"


def direct(
    session: Session, occurrence_id: int, text: str, by: str, now: datetime, settings: Settings, once: str
) -> None:
    """Keep a superior's words on an occurrence and queue one notice to the officer. The same `once` does nothing twice.

    No date and no state changes. Raises AnswerRefused (field "text") for none or more than MOST characters.
    """
    occurrence = queries.lock_occurrence(session, occurrence_id)
    if occurrence is None:
        raise Refusal("Không tìm thấy việc này. Hãy mở lại liên kết mới nhất trong tin nhắn.")
    if queries.entry_of_form(session, occurrence_id, once) is not None:
        return
    kept = clean_text(text)
    if not kept or len(kept) > MOST:
        why = f"dài {len(kept)} ký tự, quá {MOST}. Xin viết gọn lại." if kept else "còn trống. Xin ghi ý kiến rồi gửi."
        raise AnswerRefused(FieldFault("text", f"Ý kiến chỉ đạo {why}"))
    journal.record(
        session,
        at=now,
        actor=by,
        action=ACTION,
        subject_kind="occurrence",
        subject_id=occurrence_id,
        data={"reason": kept, "once": once},
    )
    queue_notice(session, occurrence, "directive", now, settings, reason=kept, note=by)
