"""What the officer does with answers and requests, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from config.clock import ZONE
from config.faults import Refusal
from config.settings import Settings
from db.journal import verify
from db.models import Extension, JournalEntry, Message, Occurrence
from db.queries import submission_queries as queries
from db.session import reading, transaction
from submissions.checks import Answer, AnswerRefused
from submissions.receiving import OccurrenceClosed, ask_extension, submit
from submissions.review import accept, decide_extension, hold, resume, return_for, waive
from submissions.terms import answered_on_time
from tests.submissions.answer_builders import (
    CALENDAR,
    DUE,
    NOW,
    Ground,
    actions,
    get_occurrence,
)

OFFICER = "Ngô Thanh Bình"
WANTED = date(2026, 3, 27)


def send(settings: Settings, ground: Ground, text: str = "xong") -> int:
    with transaction(settings.database_url) as session:
        return submit(session, ground.occurrence, Answer("report", text), "Hoa", "web", NOW, settings).id


def ask(settings: Settings, ground: Ground, wanted: date = WANTED) -> int:
    with transaction(settings.database_url) as session:
        return ask_extension(session, ground.occurrence, wanted, "Chờ số liệu", "Hoa", NOW, CALENDAR).id


def decide(
    settings: Settings, extension: int, granted: bool, due: date | None = None, note: str = "", now: datetime = NOW
) -> None:
    with transaction(settings.database_url) as session:
        decide_extension(session, extension, granted, due, note, OFFICER, now, CALENDAR, settings)


def notices(settings: Settings) -> list[str]:
    with reading(settings.database_url) as session:
        return [item.step for message in session.query(Message).order_by(Message.id) for item in message.items]


def test_accepting_locks_and_tells_the_unit(settings: Settings, ground: Ground) -> None:
    submission = send(settings, ground)
    with transaction(settings.database_url) as session:
        accept(session, submission, OFFICER, NOW, settings)
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.state, occurrence.accepted_at) == ("accepted", NOW)
        assert (occurrence.submissions[0].state, occurrence.submissions[0].reviewed_by) == ("accepted", OFFICER)
        assert actions(session) == ["submission.receive", "submission.accept"]
        assert list(verify(session)) == []
    assert set(notices(settings)) == {"accepted"}
    with pytest.raises(OccurrenceClosed):
        send(settings, ground)


def test_accepting_twice_tells_once(settings: Settings, ground: Ground) -> None:
    submission = send(settings, ground)
    for _ in range(2):
        with transaction(settings.database_url) as session:
            accept(session, submission, OFFICER, NOW, settings)
    with reading(settings.database_url) as session:
        assert actions(session).count("submission.accept") == 1


def test_returning_needs_a_reason_and_opens_the_occurrence_again(settings: Settings, ground: Ground) -> None:
    submission = send(settings, ground)
    with pytest.raises(AnswerRefused, match="lý do"), transaction(settings.database_url) as session:
        return_for(session, submission, " ", OFFICER, NOW, settings)
    with transaction(settings.database_url) as session:
        return_for(session, submission, "Thiếu phụ lục", OFFICER, NOW, settings)
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.state, occurrence.answered_at) == ("returned", NOW), "the first answer still counts"
        assert occurrence.submissions[0].return_reason == "Thiếu phụ lục"
    assert set(notices(settings)) == {"returned"}
    with reading(settings.database_url) as session:
        assert "Thiếu phụ lục" in session.query(Message).first().text  # type: ignore[union-attr]
    assert send(settings, ground, "đủ rồi") > submission


def test_an_accepted_answer_is_unlocked_by_returning_it(settings: Settings, ground: Ground) -> None:
    submission = send(settings, ground)
    with transaction(settings.database_url) as session:
        accept(session, submission, OFFICER, NOW, settings)
        return_for(session, submission, "Chấp nhận nhầm", OFFICER, NOW, settings)
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.state, occurrence.accepted_at) == ("returned", None)
        assert actions(session)[-1] == "submission.reopen"


def _accept(settings: Settings, submission: int) -> None:
    with transaction(settings.database_url) as session:
        accept(session, submission, OFFICER, NOW, settings)


def _return(settings: Settings, submission: int) -> None:
    with transaction(settings.database_url) as session:
        return_for(session, submission, "sai", OFFICER, NOW, settings)


@pytest.mark.parametrize("act", [_accept, _return], ids=["accept", "return"])
def test_only_the_newest_version_is_reviewed(
    light: Settings, light_ground: Ground, act: Callable[[Settings, int], None]
) -> None:
    first = send(light, light_ground, "một")
    send(light, light_ground, "hai")
    with pytest.raises(Refusal, match="bản mới hơn"):
        act(light, first)
    with reading(light.database_url) as session:
        waiting = queries.waiting_submissions(session)
        assert [one.text for one in waiting] == ["hai"]


@pytest.mark.parametrize("act", [_accept, _return], ids=["accept", "return"])
def test_a_returned_version_is_not_reviewed_again(
    light: Settings, light_ground: Ground, act: Callable[[Settings, int], None]
) -> None:
    submission = send(light, light_ground)
    _return(light, submission)
    with pytest.raises(Refusal, match="không còn chờ xem"):
        act(light, submission)


def test_granting_moves_the_date_and_keeps_the_old_one(settings: Settings, ground: Ground) -> None:
    decide(settings, ask(settings, ground), granted=True)
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        extension = occurrence.extensions[0]
        assert (occurrence.due_legal, occurrence.due_target, occurrence.extended_due) == (DUE, DUE, WANTED)
        assert (extension.state, extension.old_due, extension.granted_due) == ("granted", DUE, WANTED)
        assert (extension.decided_by, extension.decided_at) == (OFFICER, NOW)
    assert set(notices(settings)) == {"extension_granted"}


def test_an_answer_within_the_granted_time_is_in_time(settings: Settings, ground: Ground) -> None:
    decide(settings, ask(settings, ground), granted=True)
    with transaction(settings.database_url) as session:
        late = datetime(2026, 3, 27, 22, 0, tzinfo=ZONE)
        submit(session, ground.occurrence, Answer("nil"), "Hoa", "web", late, settings)
        assert answered_on_time(get_occurrence(session, ground.occurrence)) is True


def test_another_date_may_be_granted_but_only_a_working_one(settings: Settings, ground: Ground) -> None:
    extension = ask(settings, ground)
    for due in (date(2026, 3, 28), DUE):
        with pytest.raises(AnswerRefused) as refused:
            decide(settings, extension, granted=True, due=due)
        assert refused.value.faults[0].field == "wanted_due"
    with pytest.raises(AnswerRefused, match="đã qua"):
        decide(settings, extension, granted=True, now=datetime(2026, 3, 31, 8, 0, tzinfo=ZONE))
    decide(settings, extension, granted=True, due=date(2026, 3, 25))
    with reading(settings.database_url) as session:
        assert get_occurrence(session, ground.occurrence).extended_due == date(2026, 3, 25)


def test_refusing_needs_a_note_and_moves_nothing(settings: Settings, ground: Ground) -> None:
    extension = ask(settings, ground)
    with pytest.raises(AnswerRefused, match="lý do"):
        decide(settings, extension, granted=False)
    decide(settings, extension, granted=False, note="Tỉnh đã ấn định ngày")
    with reading(settings.database_url) as session:
        occurrence = get_occurrence(session, ground.occurrence)
        assert (occurrence.extended_due, occurrence.extensions[0].state) == (None, "refused")
        assert occurrence.extensions[0].decision_note == "Tỉnh đã ấn định ngày"
    assert set(notices(settings)) == {"extension_refused"}


def test_a_request_is_decided_once(settings: Settings, ground: Ground) -> None:
    extension = ask(settings, ground)
    decide(settings, extension, granted=True)
    with pytest.raises(Refusal, match=f"đã được {OFFICER} đồng ý"):
        decide(settings, extension, granted=False, note="thôi")


def test_the_third_request_is_flagged(settings: Settings, ground: Ground) -> None:
    for hours, wanted in enumerate((date(2026, 3, 25), date(2026, 3, 26))):
        decide(settings, ask(settings, ground, wanted), granted=True, now=NOW + timedelta(hours=hours))
    ask(settings, ground, date(2026, 3, 31))
    with reading(settings.database_url) as session:
        asked = [entry.data for entry in session.query(JournalEntry).filter_by(action="extension.ask")]
        assert [(data["number"], data["flagged"]) for data in asked] == [(1, False), (2, False), (3, True)]
        assert [one.old_due for one in session.query(Extension).order_by(Extension.id)] == [
            DUE,
            date(2026, 3, 25),
            date(2026, 3, 26),
        ], "each request keeps the date it wanted to move"


def test_an_answer_that_is_accepted_settles_the_open_request(settings: Settings, ground: Ground) -> None:
    ask(settings, ground)
    _accept(settings, send(settings, ground))
    with reading(settings.database_url) as session:
        assert list(queries.asked_extensions(session)) == []
        assert "extension.lapse" in actions(session)
    assert "extension_refused" not in notices(settings), "nobody is told no"


Move = Callable[..., Occurrence]
MOVES: dict[str, tuple[str, Move, str | None]] = {
    "waive open": ("open", waive, "waived"),
    "waive returned": ("returned", waive, "waived"),
    "waive held": ("on_hold", waive, "waived"),
    "waive accepted": ("accepted", waive, None),
    "waive cancelled": ("cancelled", waive, None),
    "hold open": ("open", hold, "on_hold"),
    "hold returned": ("returned", hold, "on_hold"),
    "hold submitted": ("submitted", hold, "on_hold"),
    "hold held": ("on_hold", hold, None),
    "resume held": ("on_hold", resume, "open"),
    "resume waived": ("waived", resume, "open"),
    "resume open": ("open", resume, None),
    "resume accepted": ("accepted", resume, None),
}


@pytest.mark.parametrize(("before", "move", "after"), MOVES.values(), ids=MOVES)
def test_moves(light: Settings, light_ground: Ground, before: str, move: Move, after: str | None) -> None:
    with transaction(light.database_url) as session:
        get_occurrence(session, light_ground.occurrence).state = before
    if after is None:
        with pytest.raises(Refusal, match="trạng thái"), transaction(light.database_url) as session:
            move(session, light_ground.occurrence, "Sắp xếp lại đơn vị", OFFICER, NOW)
    else:
        with transaction(light.database_url) as session:
            move(session, light_ground.occurrence, "Sắp xếp lại đơn vị", OFFICER, NOW)
    with reading(light.database_url) as session:
        assert get_occurrence(session, light_ground.occurrence).state == (after or before)
        assert len(actions(session)) == (1 if after else 0)


@pytest.mark.parametrize("move", [waive, hold], ids=["waive", "hold"])
def test_a_move_needs_a_reason(light: Settings, light_ground: Ground, move: Move) -> None:
    with pytest.raises(AnswerRefused, match="lý do"), transaction(light.database_url) as session:
        move(session, light_ground.occurrence, "", OFFICER, NOW)


def test_resuming_goes_back_to_where_the_answers_stand(settings: Settings, ground: Ground) -> None:
    _return(settings, send(settings, ground))
    with transaction(settings.database_url) as session:
        hold(session, ground.occurrence, "Chờ hướng dẫn", OFFICER, NOW)
        assert resume(session, ground.occurrence, "", OFFICER, NOW).state == "returned"
    assert send(settings, ground, "bổ sung")
    with transaction(settings.database_url) as session:
        waive(session, ground.occurrence, "Nhầm", OFFICER, NOW)
        assert resume(session, ground.occurrence, "", OFFICER, NOW).state == "submitted"
