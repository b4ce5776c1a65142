"""From a kept message to what is done with it: who speaks, what is meant, of which duty; done, asked back, or left to
a person. Nothing is guessed: what is not sure waits, and its sender is told so once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.settings import Settings
from db.file_store import stored_path
from db.models import InboundMessage, Occurrence
from db.queries import inbound_queries as queries
from deadlines.workdays import WorkCalendar
from notifications.replies import Reply
from notifications.suppressions import come_back
from submissions.inbound.back import say, wait_for_person
from submissions.inbound.deeds import (
    Doing,
    Done,
    attempt,
    take_acknowledgement,
    take_done,
    take_extension,
    take_files,
    take_nil,
)
from submissions.inbound.events import take_event
from submissions.inbound.figures_in import figures_of
from submissions.inbound.follow_up import close_replaced, follow_up, hold_question
from submissions.inbound.linking import COLUMNS, use_code
from submissions.inbound.matching import Match, Speaker, match, may_answer, read_codes, speaker_of
from submissions.inbound.meanings import LINK_CODE, Meaning, read_meaning
from submissions.terms import local_day

EVENTS = frozenset({"follow", "unfollow", "delivered", "seen", "event"})
# What binds the unit is done only on the word of somebody whose identity is proven; the rest, also on the signed
# address or the code of the message that it answers.
BINDING = frozenset({"done", "nil", "extension"})
TOLD_AGAIN = timedelta(hours=24)
AUTOMATIC = "Thư trả lời tự động, không phải ý kiến của đơn vị."
STRANGER = "Tài khoản Zalo này chưa liên kết với ai trong danh bạ."
FORGOTTEN = "Người ngoài danh bạ nhắn cho Official Account; nội dung không được giữ."
HOW_TO_LINK = (
    "Tài khoản Zalo này chưa được liên kết với danh bạ của cơ quan nên chưa ghi nhận được tin nhắn. "
    "Đề nghị liên hệ chuyên viên tổng hợp để nhận mã liên kết (dạng LK-…), rồi gửi mã đó vào đây."
)
WHY = {
    "none": "Không rõ tin này nói về kỳ hạn nào.",
    "other unit": "Người gửi không thuộc đơn vị được giao việc này.",
    "unknown": "Không xác định được người gửi trong danh bạ.",
    "unproven": "Việc này ràng buộc đơn vị hoặc làm dừng nhắc, mà người gửi thư chưa được xác minh.",
    "question": "Chưa chắc hiểu đúng ý người gửi, hoặc người gửi hỏi.",
    "stop": "Người gửi không muốn nhận tin nữa.",
    "number": "Không rõ số này trả lời cho câu hỏi nào.",
}


def act(session: Session, row: InboundMessage, now: datetime, calendar: WorkCalendar, settings: Settings) -> None:
    """Do what a kept row means, in the caller's transaction, under the row's lock; sets its state and outcome.

    A delivery report of a message that is still being sent is left `received` for another try.
    """
    if row.kind in EVENTS:
        take_event(session, row, now)
    elif row.data.get("automatic"):
        _close(row, "ignored", AUTOMATIC, now)
    else:
        _take_words(session, row, now, calendar, settings)


def _close(row: InboundMessage, state: str, outcome: str, now: datetime) -> None:
    row.state, row.outcome, row.handled_at, row.handled_by = state, outcome, now, "dondoc"


def _take_words(
    session: Session, row: InboundMessage, now: datetime, calendar: WorkCalendar, settings: Settings
) -> None:
    if row.channel in COLUMNS and (code := LINK_CODE.search(row.text)):
        reply = use_code(session, row, code[0], now)
        row.handled_at, row.handled_by = now, "dondoc"
        say(session, row, Speaker(None, True, ""), reply, now, settings)
        return
    come_back(session, row.channel, row.sender, "Người nhận nhắn lại", row.received_at, now)
    speaker = speaker_of(session, row, settings)
    row.person_id = speaker.person.id if speaker.person else None
    doing = Doing(session, row, speaker, min(row.received_at, now), calendar, settings)
    meaning = _meaning_of(doing)
    if row.channel in COLUMNS and speaker.person is None:
        _take_stranger(doing, meaning, now)
        return
    finish(doing, follow_up(doing, meaning, perform) or _take_new(doing, meaning), now)


def _meaning_of(doing: Doing) -> Meaning:
    person = doing.speaker.person
    names = [person.name, person.unit.name, person.unit.short_name or ""] if person and person.unit else []
    return read_meaning(doing.row.text, local_day(doing.at), names)


def finish(doing: Doing, done: Done | None, now: datetime) -> None:
    """Write how it went and say it back; None: nothing is to be said."""
    row = doing.row
    if done is None:
        _close(row, "handled", "Lời chào, cảm ơn; không có gì phải ghi nhận.", now)
        return
    row.state, row.outcome = done.state, done.outcome
    close_replaced(doing, done)
    if done.state != "waiting":
        row.handled_at, row.handled_by = now, "dondoc"
    say(doing.session, row, doing.speaker, done.reply, now, doing.settings)


def _take_new(doing: Doing, meaning: Meaning) -> Done | None:
    """A message that answers no question of ours."""
    intent = intent_of(doing.row, meaning)
    if intent == "thanks":
        return None
    same_talk = intent in ("file", "done")
    found = match(doing.session, doing.row, doing.speaker, doing.settings, same_talk)
    doing.row.message_id = found.message_id
    return perform(doing, intent, meaning, found)


def intent_of(row: InboundMessage, meaning: Meaning) -> str:
    """What is to be done: a meaning, or "file" where files stand beside words that do not gainsay them."""
    if row.channel == "webhook":
        return "nil" if row.data.get("nil") else "file"
    if not row.data.get("files") and not row.data.get("missing"):
        coded = meaning.kind == "thanks" and "DD" in row.text.upper()
        # A code to link an account says nothing by mail.
        return "question" if coded or meaning.kind in ("empty", "link") else meaning.kind
    asks = "?" in row.text or meaning.hint in ("extension", "stop", "nil")
    gainsays = meaning.kind in ("extension", "nil", "stop") or (meaning.kind == "question" and asks)
    return "question" if gainsays else "file"


def perform(doing: Doing, intent: str, meaning: Meaning, found: Match) -> Done:
    """Do what is meant with what it speaks of, or say why a person must look."""
    occurrences = found.occurrences
    if len(occurrences) == 1:
        doing.row.occurrence_id = occurrences[0].id
    why = _why_a_person(doing, intent, found)
    if why:
        return wait_for_person(doing, WHY[why])
    if len(occurrences) > 1 and not (intent == "acknowledge" and found.direct):
        return hold_question(doing, occurrences, intent)
    return attempt(doing, occurrences, lambda: _deed(doing, intent, meaning, occurrences))


def _why_a_person(doing: Doing, intent: str, found: Match) -> str:
    """Why nothing may be done without a person: a key of WHY; empty when it may."""
    speaker, occurrences = doing.speaker, found.occurrences
    if intent in ("question", "stop"):
        return intent
    if intent == "choice":
        return "number"
    if speaker.person is None and doing.row.channel != "webhook":
        return "unknown"
    if not occurrences:
        return "none"
    if speaker.person is not None and not all(may_answer(speaker.person, one) for one in occurrences):
        return "other unit"
    # A thread's id is a number that anybody can count up to, so beside a name in "From" it proves nothing at all.
    return "unproven" if not speaker.proven and (intent in BINDING or not found.vouched) else ""


def _deed(doing: Doing, intent: str, meaning: Meaning, found: Sequence[Occurrence]) -> Done:
    if intent == "acknowledge":
        return take_acknowledgement(doing, found)
    if intent == "done":
        return take_done(doing, found[0])
    if intent == "nil":
        return take_nil(doing, found[0])
    if intent == "extension":
        return take_extension(doing, found[0], meaning)
    if intent != "file":
        raise ValueError(f"no deed for {intent!r}")
    return take_files(doing, found[0], figures_of(doing.session, doing.row, found[0]))


def _take_stranger(doing: Doing, meaning: Meaning, now: datetime) -> None:
    """Somebody whom nobody linked: told how to link when he answers a duty, else forgotten (the account is public)."""
    row = doing.row
    answers = bool(row.data.get("files")) or meaning.kind in ("done", "nil", "extension")
    answers = answers or bool(read_codes([row.text], doing.settings))
    tells = answers or meaning.kind == "acknowledge" or row.text.strip().upper().startswith("LK")
    if not tells:
        _forget(row, doing.settings)
    _close(row, "waiting" if answers else "ignored", STRANGER if tells else FORGOTTEN, now)
    if tells and not _told_lately(doing):
        row.data = row.data | {"told": True}
        say(doing.session, row, doing.speaker, Reply("unlinked", words={"reason": HOW_TO_LINK}), now, doing.settings)


def _told_lately(doing: Doing) -> bool:
    row = doing.row
    since = row.received_at - TOLD_AGAIN
    earlier = queries.rows_of_sender(doing.session, row.channel, row.sender, since, row.id, ("waiting", "ignored"))
    return any(one.data.get("told") for one in earlier)


def _forget(row: InboundMessage, settings: Settings) -> None:
    """Keep nothing of what a citizen wrote to a public account (Luật 91/2025/QH15: no more than is needed)."""
    if row.raw_sha256:
        stored_path(settings.home, row.raw_sha256).unlink(missing_ok=True)
    row.text, row.subject, row.raw_sha256 = "", "", None
