"""A chairman's link: a page to read, no form that answers for the unit, and a word to the officer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from config.settings import Settings
from db.models import JournalEntry, Message, Person, Submission
from db.session import reading, transaction
from tests.submissions.answer_builders import NOW, make_settings
from tests.web_answers.answer_app import hidden, open_site


def test_a_superior_reads_and_says_but_never_answers(database_url: str, home: object) -> None:
    settings: Settings = make_settings(database_url, home)  # type: ignore[arg-type]
    with open_site(settings) as site:
        with transaction(settings.database_url) as session:
            session.add(Person(code="cv", name="Ngô Thị Lan", role="officer", email="lan@xa.vn", channels=["email"]))
        site.clock.moment = NOW + timedelta(days=10)
        link = site.link(site.ground.chair)
        page = site.client.get(link)
        assert page.status_code == 200
        assert "Quá hạn" in page.text
        assert "Diễn biến" in page.text
        assert "Phòng Văn hóa - Xã hội" in page.text
        for form in ("nop", "nhan", "gia-han", "khong-phat-sinh"):
            assert f'action="{link}/{form}"' not in page.text
            assert site.client.post(f"{link}/{form}", data={"dau": "x"}).status_code in (400, 403, 409)
        mark = hidden(page.text, "dau", "/y-kien")
        assert site.client.post(f"{link}/y-kien", data={"dau": mark, "text": "x" * 501}).status_code == 422
        for _ in range(2):
            done = site.client.post(f"{link}/y-kien", data={"dau": mark, "text": "Báo cáo tôi trước thứ Sáu"})
            assert done.status_code == 200
            assert "Báo cáo tôi trước thứ Sáu" in done.text
        with reading(settings.database_url) as session:
            told = session.scalars(select(Message)).all()
            assert [(one.address, "Báo cáo tôi trước thứ Sáu" in one.text) for one in told] == [("lan@xa.vn", True)]
            assert (
                len(session.scalars(select(JournalEntry).where(JournalEntry.action == "occurrence.direct")).all()) == 1
            )
            assert not session.scalars(select(Submission)).all()
        assert "Báo cáo tôi trước thứ Sáu" in site.client.get(link).text
        site.sign_in("lan")
        assert "Báo cáo tôi trước thứ Sáu" in site.client.get(f"/ky-han/{site.ground.occurrence}").text


def test_the_unit_cannot_speak_as_a_superior(sqlite_url: str, home: object) -> None:
    with open_site(make_settings(sqlite_url, home)) as site:  # type: ignore[arg-type]
        link = site.link()
        assert "/y-kien" not in site.client.get(link).text
        assert site.client.post(f"{link}/y-kien", data={"dau": "x", "text": "a"}).status_code in (400, 403)
