"""What each understood meaning does, by the same services that the answer page calls; each gives what to say back.

A deed is done as of the moment the message came, so that a queue that stood still makes nobody late. A refusal of a
service is undone to the point before it and becomes the reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db.file_store import read_stored
from db.models import InboundMessage, Occurrence, Submission
from db.queries import inbound_queries
from db.queries import submission_queries as queries
from deadlines.workdays import WorkCalendar
from notifications.replies import Reply
from submissions.checks import Answer
from submissions.files import Upload
from submissions.inbound.matching import BURST, Speaker
from submissions.inbound.meanings import Meaning
from submissions.receiving import acknowledge, ask_extension, refuse_closed, submit
from submissions.terms import due_in_force, say_date

ALREADY = "Báo cáo kỳ này đã được nộp và đang chờ chuyên viên xem, nên đơn vị không phải làm gì thêm."


@dataclass(frozen=True)
class Doing:
    """What a deed needs: the message and who speaks, the moment it came, the office's calendar and settings."""

    session: Session
    row: InboundMessage
    speaker: Speaker
    at: datetime
    calendar: WorkCalendar
    settings: Settings

    @property
    def once(self) -> str:
        """The one-time mark of the message: the same message again does nothing twice."""
        return f"inbound:{self.row.id}"

    @property
    def via(self) -> str:
        """How the record names the way it came."""
        return self.row.channel


@dataclass(frozen=True)
class Done:
    """How it went: the row's next state and outcome, and what to say back."""

    outcome: str
    reply: Reply
    state: str = "handled"


def attempt(doing: Doing, occurrences: Sequence[Occurrence], deed: Callable[[], Done]) -> Done:
    """Do a deed; a refusal takes back what it began and is told to the sender."""
    try:
        with doing.session.begin_nested():
            return deed()
    except Refusal as refusal:
        reason = str(refusal)
        told = occurrences[:1] if len(occurrences) == 1 else ()
        # A gateway hears no reply, so a person must.
        state = "waiting" if doing.row.channel == "webhook" else "handled"
        return Done(f"Chưa ghi nhận được: {reason}", Reply("refused", told, {"reason": reason}), state)


def take_acknowledgement(doing: Doing, occurrences: Sequence[Occurrence]) -> Done:
    """Đã nhận, for each occurrence that the answered message spoke of."""
    for one in occurrences:
        acknowledge(doing.session, one.id, doing.speaker.by, doing.at, doing.once)
    person = doing.speaker.person
    words = {"by": f"Ông/Bà {person.name}" if person else "đơn vị"}
    return Done(f"Ghi nhận đã nhận {len(occurrences)} việc.", Reply("acknowledged", occurrences, words))


def take_done(doing: Doing, one: Occurrence) -> Done:
    """Đã xong without a file: done where nothing need be shown, else the link to fill in."""
    refuse_closed(one)
    if one.state == "submitted":
        return Done("Báo xong một việc đã nộp.", Reply("refused", [one], {"reason": ALREADY}))
    if needs_report(doing.session, one):
        return Done("Báo xong, nhưng việc này cần báo cáo; đã gửi liên kết để điền.", Reply("fill_in", [one]))
    return _submitted(doing, one, Answer("report", doing.row.text))


def needs_report(session: Session, one: Occurrence) -> bool:
    """Whether a bare "đã xong" cannot finish an occurrence: a report, a product or a figure is asked for."""
    duty = one.obligation
    asked = one.kind == "report" or bool((duty.deliverable or "").strip())
    return asked or bool(queries.targets_of_unit(session, duty.plan_id, one.unit_id))


def take_nil(doing: Doing, one: Occurrence) -> Done:
    """Không phát sinh."""
    submit(
        doing.session,
        one.id,
        Answer("nil"),
        doing.speaker.by,
        doing.via,
        doing.at,
        doing.settings,
        doing.once,
    )
    return Done("Ghi nhận không phát sinh.", Reply("nil", [one]))


def take_files(doing: Doing, one: Occurrence, figures: dict[int, str] | None = None) -> Done:
    """Files become the next version; those sent one by one within BURST stand together in the newest one."""
    before = _version_of_burst(doing, one)
    kept = list(before.files) if before else []
    known = {file.sha256 for file in kept}
    files: list[dict[str, str]] = [file for file in doing.row.data.get("files", []) if file["sha256"] not in known]
    uploads = [Upload(file["name"], read_stored(doing.settings.home, file["sha256"])) for file in files]
    if before and not uploads:
        return _told(doing, one, before)
    if doing.row.data.get("missing") and not uploads:
        reason = "; ".join(f"{file['name']}: {file['why']}" for file in doing.row.data["missing"])
        again = {"reason": f"{reason} Đề nghị gửi lại tệp hoặc nộp ở trang của việc này."}
        return Done(f"Chưa tải được tệp: {reason}", Reply("refused", [one], again), "waiting")
    text = "\n".join(part for part in (before.text if before else "", doing.row.text) if part)
    return _submitted(doing, one, Answer("report", text, figures or {}, uploads, [file.id for file in kept]))


def _version_of_burst(doing: Doing, one: Occurrence) -> Submission | None:
    """The newest version, when this sender sent it by files some minutes ago and nobody has looked at it."""
    newest = queries.newest_submission(doing.session, one.id)
    if newest is None or newest.state != "received":
        return None
    row = doing.row
    since = row.received_at - BURST
    earlier = inbound_queries.rows_of_sender(doing.session, row.channel, row.sender, since, row.id, ("handled",))
    return newest if any(each.data.get("submission") == newest.id for each in earlier) else None


def _submitted(doing: Doing, one: Occurrence, answer: Answer) -> Done:
    by, via = doing.speaker.by, doing.via
    kept = submit(doing.session, one.id, answer, by, via, doing.at, doing.settings, doing.once)
    doing.row.data = doing.row.data | {"submission": kept.id}
    return _told(doing, one, kept)


def _told(doing: Doing, one: Occurrence, kept: Submission) -> Done:
    missing = [f"{file['name']} ({file['why']})" for file in doing.row.data.get("missing", [])]
    words = {"version": kept.version, "files": [file.name for file in kept.files], "missing": missing}
    return Done(f"Ghi nhận báo cáo nộp lần {kept.version}.", Reply("submitted", [one], words))


def take_extension(doing: Doing, one: Occurrence, meaning: Meaning) -> Done:
    """Xin gia hạn: asked where day and reason are said, else asked back for what is missing."""
    refuse_closed(one)
    due = due_in_force(one)
    if meaning.wanted is None or not meaning.reason:
        doing.row.data = doing.row.data | {"asked_back": True}
        return _asked_back(one, meaning, doing.calendar.add_working_days(due, 5))
    wanted = meaning.wanted.day_after(due, doing.calendar)
    by = doing.speaker.by
    extension = ask_extension(doing.session, one.id, wanted, meaning.reason, by, doing.at, doing.calendar, doing.once)
    words = {"old_due": say_date(extension.old_due), "wanted": say_date(wanted), "reason": extension.reason[:300]}
    return Done(f"Ghi nhận đề nghị gia hạn đến {say_date(wanted)}.", Reply("extension", [one], words))


def _asked_back(one: Occurrence, meaning: Meaning, example: date) -> Done:
    wanted = (("ngày đề nghị lùi đến", meaning.wanted), ("lý do", meaning.reason))
    missing = [words for words, there in wanted if not there]
    words = {"wanted": " và ".join(missing), "example": f"{example.day}/{example.month}"}
    return Done(f"Xin gia hạn nhưng chưa rõ {words['wanted']}; đã hỏi lại.", Reply("ask_back", [one], words), "waiting")
