"""The superior's date: what the words mean for one occurrence, and that no extension passes it."""

from __future__ import annotations

from datetime import date

import pytest

from config.faults import Refusal
from config.settings import Settings
from config.superior import latest_before, read_superior, superior_due
from db.models import JournalEntry, Obligation
from db.session import transaction
from deadlines import read_phrase
from plans.superior import set_superior, superior_warnings
from submissions.checks import AnswerRefused
from submissions.receiving import ask_extension, why_no_extension
from submissions.review import decide_extension
from submissions.terms import latest_due
from tests.submissions.answer_builders import CALENDAR, DUE, NOW, Ground, get_occurrence

Q1 = ("2026-Q1", (date(2026, 1, 1), date(2026, 3, 31)))
MARCH = ("2026-M03", (date(2026, 3, 1), date(2026, 3, 31)))


@pytest.mark.parametrize(
    ("words", "of", "due"),
    [
        ("trước ngày 20 hằng tháng", MARCH, date(2026, 3, 19)),
        ("30/6/2026", MARCH, date(2026, 6, 30)),
        ("30/6/2026", Q1, date(2026, 6, 30)),
        ("ngày 10 của tháng đầu quý sau", Q1, date(2026, 4, 10)),
        ("ngày 10 của tháng đầu quý sau", MARCH, date(2026, 4, 10)),  # a month's work is bound by its quarter
        (
            "trước ngày 20 hằng tháng; hằng quý trước ngày 10 tháng đầu quý sau",
            MARCH,
            date(2026, 3, 19),
        ),  # its own comes first
        ("trước ngày 20 hằng tháng", Q1, None),
        ("28/3/2026", Q1, date(2026, 3, 31)),  # a Saturday; the Monday after is a local day off
        ("", Q1, None),
    ],
)
def test_the_date_of_one_occurrence(words: str, of: tuple[str, tuple[date, date]], due: date | None) -> None:
    assert superior_due(words, 2026, *of, CALENDAR) == due


@pytest.mark.parametrize("words", ["khi nào xong", "thường xuyên", "khi có yêu cầu", "x" * 501])
def test_unclear_words_are_refused_with_what_they_say(words: str) -> None:
    with pytest.raises(Refusal, match="Hạn cấp trên"):
        read_superior(words, 2026)


def test_the_latest_day_leaves_one_whole_working_day() -> None:
    assert latest_before(date(2026, 3, 27), CALENDAR) == date(2026, 3, 25)
    assert latest_before(date(2026, 4, 1), CALENDAR) == date(2026, 3, 27)


def test_no_extension_passes_the_superiors_date(settings: Settings, ground: Ground) -> None:
    with transaction(settings.database_url) as session:
        duty = session.get_one(Obligation, 1)
        assert set_superior(session, duty, " 27/3/2026 ", NOW, "Lan")
        one = get_occurrence(session, ground.occurrence)
        assert latest_due(one, CALENDAR) == date(2026, 3, 25)
        for day in (26, 27, 31):
            with pytest.raises(AnswerRefused, match=r"27/3/2026.*muộn nhất.*25/3/2026"):
                ask_extension(session, one.id, date(2026, 3, day), "Chờ số liệu của thôn", "A", NOW, CALENDAR)
        assert not one.extensions
        asked = ask_extension(session, one.id, date(2026, 3, 25), "Chờ số liệu của thôn", "A", NOW, CALENDAR)
        with pytest.raises(AnswerRefused, match="25/3/2026"):
            decide_extension(session, asked.id, True, date(2026, 3, 26), "", "Lan", NOW, CALENDAR, settings)
        assert one.extended_due is None
        decide_extension(session, asked.id, True, None, "", "Lan", NOW, CALENDAR, settings)
        assert one.extended_due == date(2026, 3, 25)
        assert why_no_extension(session, one, NOW, CALENDAR)


def test_setting_is_journalled_once_and_cleared(settings: Settings, ground: Ground) -> None:
    with transaction(settings.database_url) as session:
        duty = session.get_one(Obligation, 1)
        for words in ("27/3/2026", "27/3/2026", ""):
            set_superior(session, duty, words, NOW, "Lan")
        entries = [each.data["to"] for each in session.query(JournalEntry) if each.action == "obligation.superior"]
        assert entries == ["27/3/2026", ""]
        assert duty.superior_text == ""
        assert latest_due(get_occurrence(session, ground.occurrence), CALENDAR) is None


def test_a_duty_that_is_not_before_the_superior_is_warned(settings: Settings, ground: Ground) -> None:
    with transaction(settings.database_url) as session:
        duty = session.get_one(Obligation, 1)
        duty.rules = [{"kind": "once", "start": None, "due": DUE.isoformat()}]
        set_superior(session, duty, "20/3/2026", NOW, "Lan")
        assert "không trước hạn cấp trên" in next(superior_warnings(duty.plan, CALENDAR))
        set_superior(session, duty, "23/3/2026", NOW, "Lan")
        assert not list(superior_warnings(duty.plan, CALENDAR))
        set_superior(session, duty, "trước ngày 20 hằng tháng", NOW, "Lan")
        duty.rules = [rule.to_json() for rule in read_phrase("hằng quý", 2026).rules]
        assert "không cho hạn cấp trên nào" in next(superior_warnings(duty.plan, CALENDAR))
