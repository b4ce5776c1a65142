"""What a unit does with an occurrence, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from config.clock import ZONE
from config.faults import Refusal
from config.settings import Settings
from db.file_store import read_stored
from db.models import JournalEntry, Submission
from db.session import reading, transaction
from submissions.checks import Answer, AnswerRefused
from submissions.files import Upload
from submissions.receiving import OccurrenceClosed, acknowledge, ask_extension, submit
from submissions.terms import answered_on_time
from tests.submissions.answer_builders import (
    CALENDAR,
    DUE,
    NOW,
    PDF,
    Ground,
    actions,
    get_occurrence,
)

BY = "Lê Thị Hoa (P. VHXH)"


def send(settings: Settings, ground: Ground, answer: Answer, now: datetime = NOW, once: str | None = None) -> int:
    with transaction(settings.database_url) as session:
        return submit(session, ground.occurrence, answer, BY, "web", now, settings, once).version


def ask(settings: Settings, ground: Ground, wanted: date, reason: str = "Chờ số liệu", now: datetime = NOW) -> int:
    with transaction(settings.database_url) as session:
        return ask_extension(session, ground.occurrence, wanted, reason, BY, now, CALENDAR).id


def test_acknowledging_is_noted_and_changes_no_state(settings: Settings, ground: Ground) -> None:
    with transaction(settings.database_url) as session:
        acknowledge(session, ground.occurrence, BY, NOW)
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.acknowledged_at, occurrence.acknowledged_by, occurrence.state) == (NOW, BY, "open")
        assert occurrence.answered_at is None
        assert get_occurrence(session, ground.other).acknowledged_at is None
        assert actions(session) == ["occurrence.acknowledge"]


def test_acknowledging_again_does_not_lengthen_the_quiet(settings: Settings, ground: Ground) -> None:
    later = NOW + timedelta(days=2)
    with transaction(settings.database_url) as session:
        occurrence = acknowledge(session, ground.occurrence, BY, NOW)
        acknowledge(session, ground.occurrence, "Người khác", later)
        assert (occurrence.acknowledged_at, occurrence.acknowledged_by) == (NOW, BY)
        occurrence.last_step_at = NOW + timedelta(days=1)
        acknowledge(session, ground.occurrence, BY, later)
        assert occurrence.acknowledged_at == later


def test_an_answer_is_kept_whole(settings: Settings, ground: Ground) -> None:
    figures = {ground.percent: "85,5%", ground.count: "1.012", ground.foreign: " "}
    answer = Answer("report", " Đã xong.\r\nCòn một việc.\x00 ", figures, [Upload("../../etc/báo cáo.pdf", PDF)])
    assert send(settings, ground, answer) == 1
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        submission = occurrence.submissions[0]
        assert (occurrence.state, occurrence.answered_at) == ("submitted", NOW)
        assert (submission.kind, submission.sent_by, submission.via, submission.state) == (
            "report",
            BY,
            "web",
            "received",
        )
        assert submission.text == "Đã xong.\nCòn một việc."
        assert {f.target_id: f.value for f in submission.figures} == {ground.percent: 85.5, ground.count: 1012.0}
        file = submission.files[0]
        assert (file.name, file.mime, file.size) == ("báo cáo.pdf", "application/pdf", len(PDF))
        assert read_stored(settings.home, file.sha256) == PDF
        assert actions(session) == ["submission.receive"]
        digest = file.sha256
    kept = [path.relative_to(settings.home).as_posix() for path in settings.home.rglob("*") if path.is_file()]
    assert kept == [f"files/{digest[:2]}/{digest}"], "the uploaded name is nowhere on the disk"


def test_nothing_is_kept_of_an_answer_with_faults_and_all_faults_are_told(settings: Settings, ground: Ground) -> None:
    figures = {ground.percent: "tám lăm", ground.foreign: "90"}
    uploads = [Upload("a.exe", b"MZ"), Upload("b.pdf", PDF), Upload("c.pdf", b"")]
    with pytest.raises(AnswerRefused) as refused:
        send(settings, ground, Answer("report", "x", figures, uploads))
    fields = [fault.field for fault in refused.value.faults]
    assert fields == [f"figure-{ground.percent}", f"figure-{ground.foreign}", "files", "files"]
    assert "Tỷ lệ hồ sơ giải quyết đúng hạn" in refused.value.faults[0].message
    with reading(settings.database_url) as session:
        assert get_occurrence(session, ground.occurrence).state == "open"
        assert session.query(Submission).count() == session.query(JournalEntry).count() == 0


BAD_ANSWERS = {
    "nothing": (Answer("report", "  \n "), "text", "chưa có nội dung"),
    "nil with a file": (Answer("nil", "", {}, [Upload("a.pdf", PDF)]), "text", "không kèm tệp"),
    "too many files": (Answer("report", "", {}, [Upload("a.pdf", PDF)] * 11), "files", "tối đa 10 tệp"),
    "too much text": (Answer("report", "a" * 20_001), "text", "tối đa"),
}


@pytest.mark.parametrize(("answer", "field", "words"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_answers_that_are_none(light: Settings, light_ground: Ground, answer: Answer, field: str, words: str) -> None:
    with pytest.raises(AnswerRefused, match=words) as refused:
        send(light, light_ground, answer)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_nil_return_needs_no_words(settings: Settings, ground: Ground) -> None:
    send(settings, ground, Answer("nil"))
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.state, occurrence.submissions[0].kind) == ("submitted", "nil")


def test_versions_are_kept_and_the_first_one_is_judged(settings: Settings, ground: Ground) -> None:
    late = datetime(2026, 3, 25, 9, 0, tzinfo=ZONE)
    assert send(settings, ground, Answer("report", "một")) == 1
    assert send(settings, ground, Answer("report", "hai"), late) == 2
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert [one.text for one in occurrence.submissions] == ["một", "hai"]
        assert occurrence.answered_at == NOW
        assert answered_on_time(occurrence) is True


def test_files_of_the_last_version_stand_again_when_kept(settings: Settings, ground: Ground) -> None:
    send(settings, ground, Answer("report", "", {}, [Upload("a.pdf", PDF), Upload("b.pdf", PDF + b"b")]))
    with reading(settings.database_url) as session:
        first = [file.id for file in get_occurrence(session, ground.occurrence).submissions[0].files]
    send(settings, ground, Answer("report", "sửa", keep=first[:1]))
    send(settings, ground, Answer("report", "sửa nữa", keep=first[1:]))
    with reading(settings.database_url) as session:
        versions = get_occurrence(session, ground.occurrence).submissions
        assert [[file.name for file in one.files] for one in versions] == [["a.pdf", "b.pdf"], ["a.pdf"], []]


CLOSED = {"accepted": "khóa lại", "waived": "được miễn", "cancelled": "bị hủy"}


@pytest.mark.parametrize(("state", "words"), CLOSED.items(), ids=CLOSED)
def test_a_closed_occurrence_takes_nothing_more(light: Settings, light_ground: Ground, state: str, words: str) -> None:
    with transaction(light.database_url) as session:
        get_occurrence(session, light_ground.occurrence).state = state
    with pytest.raises(OccurrenceClosed, match=words):
        send(light, light_ground, Answer("report", "muộn"))
    with pytest.raises(OccurrenceClosed, match=words), transaction(light.database_url) as session:
        acknowledge(session, light_ground.occurrence, BY, NOW)
    with pytest.raises(OccurrenceClosed, match=words):
        ask(light, light_ground, date(2026, 3, 27))
    with reading(light.database_url) as session:
        assert get_occurrence(session, light_ground.occurrence).state == state
        assert actions(session) == []


MOMENTS = {
    "days before": (datetime(2026, 3, 18, 9, 0, tzinfo=ZONE), True),
    "last minute": (datetime(2026, 3, 20, 23, 59, 59, tzinfo=ZONE), True),
    "midnight": (datetime(2026, 3, 21, 0, 0, tzinfo=ZONE), False),
    "the same day in London": (datetime.fromisoformat("2026-03-20T17:00:00+00:00"), False),
    "next day": (datetime(2026, 3, 21, 8, 0, tzinfo=ZONE), False),
}


@pytest.mark.parametrize(("now", "on_time"), MOMENTS.values(), ids=MOMENTS)
def test_in_time_until_24_hours_in_viet_nam(
    light: Settings, light_ground: Ground, now: datetime, on_time: bool
) -> None:
    send(light, light_ground, Answer("report", "xong"), now)
    with reading(light.database_url) as session:
        assert answered_on_time(get_occurrence(session, light_ground.occurrence)) is on_time


def test_the_same_form_twice_is_one_version(settings: Settings, ground: Ground) -> None:
    versions = [send(settings, ground, Answer("report", "xong"), NOW + timedelta(seconds=s), "nop-abc") for s in (0, 1)]
    assert versions == [1, 1]
    assert send(settings, ground, Answer("report", "xong"), NOW, "nop-khac") == 2
    with reading(settings.database_url) as session:
        assert actions(session) == ["submission.receive"] * 2


def run_together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run jobs at once; what they raised."""
    gate, raised = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        gate.wait()
        try:
            job()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def test_many_at_once_lose_nothing(settings: Settings, ground: Ground) -> None:
    texts = [f"bản {number}" for number in range(6)]
    jobs = [lambda text=text: send(settings, ground, Answer("report", text)) for text in texts]
    assert run_together(*jobs) == []
    with reading(settings.database_url) as session:
        versions = get_occurrence(session, ground.occurrence).submissions
        assert [one.version for one in versions] == [1, 2, 3, 4, 5, 6]
        assert sorted(one.text for one in versions) == texts


def test_one_form_sent_by_two_connections_at_once_is_one_version(settings: Settings, ground: Ground) -> None:
    jobs = [lambda: send(settings, ground, Answer("report", "xong"), once="nop-abc")] * 4
    assert run_together(*jobs) == []
    with reading(settings.database_url) as session:
        assert len(get_occurrence(session, ground.occurrence).submissions) == 1


def test_asking_for_time_keeps_the_old_date(settings: Settings, ground: Ground) -> None:
    ask(settings, ground, date(2026, 3, 27), " Chờ số liệu của cấp trên ")
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        extension = occurrence.extensions[0]
        assert (extension.state, extension.old_due, extension.wanted_due) == ("asked", DUE, date(2026, 3, 27))
        assert (extension.reason, extension.asked_by) == ("Chờ số liệu của cấp trên", BY)
        assert (occurrence.extended_due, occurrence.state) == (None, "open"), "asking alone moves nothing"
        entry = session.query(JournalEntry).one()
        assert (entry.action, entry.data["number"], entry.data["flagged"]) == ("extension.ask", 1, False)


WISHES = {
    "same day": (DUE, "wanted_due", "phải sau thời hạn"),
    "before": (date(2026, 3, 19), "wanted_due", "phải sau thời hạn"),
    "saturday": (date(2026, 3, 28), "wanted_due", "gần nhất là thứ Sáu, 27/3/2026"),
    "sunday before a day off": (date(2026, 3, 29), "wanted_due", "gần nhất là thứ Ba, 31/3/2026"),
    "day off": (date(2026, 3, 30), "wanted_due", r"ngày nghỉ \(Nghỉ lễ của địa phương\).*thứ Ba, 31/3/2026"),
    "first saturday": (date(2026, 3, 21), "wanted_due", "gần nhất là thứ Hai, 23/3/2026"),
}


@pytest.mark.parametrize(("wanted", "field", "words"), WISHES.values(), ids=WISHES)
def test_dates_that_cannot_be_asked_for(
    light: Settings, light_ground: Ground, wanted: date, field: str, words: str
) -> None:
    with pytest.raises(AnswerRefused, match=words) as refused:
        ask(light, light_ground, wanted)
    assert refused.value.faults[0].field == field


def test_a_reason_is_needed(light: Settings, light_ground: Ground) -> None:
    with pytest.raises(AnswerRefused, match="lý do") as refused:
        ask(light, light_ground, date(2026, 3, 27), " \n")
    assert refused.value.faults[0].field == "reason"


@pytest.mark.parametrize("day", [20, 21], ids=["on the day", "after it"])
def test_time_is_asked_for_before_the_date(light: Settings, light_ground: Ground, day: int) -> None:
    with pytest.raises(Refusal, match="trước ngày đến hạn"):
        ask(light, light_ground, date(2026, 3, 27), now=datetime(2026, 3, day, 8, 0, tzinfo=ZONE))


def test_one_open_request_at_a_time(settings: Settings, ground: Ground) -> None:
    ask(settings, ground, date(2026, 3, 27))
    with pytest.raises(Refusal, match="đang chờ trả lời"):
        ask(settings, ground, date(2026, 4, 1))


def test_an_answered_duty_needs_no_more_time(settings: Settings, ground: Ground) -> None:
    send(settings, ground, Answer("report", "xong"))
    with pytest.raises(Refusal, match="đã nộp"):
        ask(settings, ground, date(2026, 3, 27))


def test_an_unknown_occurrence_is_refused_kindly(settings: Settings, ground: Ground) -> None:
    with pytest.raises(Refusal, match="Không tìm thấy"), transaction(settings.database_url) as session:
        acknowledge(session, 10_000, BY, NOW)


def test_a_naive_instant_is_refused(light: Settings, light_ground: Ground) -> None:
    with pytest.raises(ValueError, match="naive"):
        ask(light, light_ground, date(2026, 3, 27), now=NOW.replace(tzinfo=None))
