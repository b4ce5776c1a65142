"""What goes wrong behind a page is told without what belongs to somebody: no signed link, no value of a row."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from db.models import Person
from db.session import reading
from tests.web.test_web_login import csrf_of
from web import answer_pages, leave_pages

SECRET = "u1.abcdefghijklmnop"


def broken(*_: object) -> None:
    raise RuntimeError("broken")


@pytest.mark.parametrize("path", [f"/t/{SECRET}", f"/thu/thoi-nhan/{SECRET}"])
def test_a_fault_behind_a_signed_link_logs_no_link(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(answer_pages, "_open", broken)
    monkeypatch.setattr(leave_pages, "_message_of", broken)
    with caplog.at_level(logging.DEBUG):
        assert client.get(path).status_code == 500
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("dondoc")]
    assert ours == [f"unhandled fault at {path.replace(SECRET, '{token}')}"]


def test_an_error_of_the_database_names_no_values(database_url: str) -> None:
    with reading(database_url) as session, pytest.raises(SQLAlchemyError) as caught:
        session.scalars(select(Person).where(Person.name == "Lê Thị Hoa", Person.id.op("@@@")(1))).all()
    assert "Hoa" not in str(caught.value)


@pytest.mark.parametrize("path", ["/tin-den/{}/tep/0", "/ky-han/{}"])
def test_a_number_beyond_every_column_is_no_page(officer: TestClient, path: str) -> None:
    assert officer.get(path.format(9**30)).status_code == 404


def test_a_post_with_a_number_beyond_every_column_is_refused(officer: TestClient) -> None:
    answer = officer.post(f"/tin-den/{9**30}/bo-qua", data={"csrf": csrf_of(officer), "ly-do": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/tin-den", "/tin-den"),
        ("http://testserver//evil.example/x", "/evil.example/x"),
        ("http://testserver/\\\\evil.example", "/evil.example"),
        ("http://evil.example/tin-den", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_on_this_server(officer: TestClient, came_from: str, back: str) -> None:
    page = officer.get("/khong-co-trang-nay", headers={"referer": came_from}).text
    assert f'href="{back}"' in page
    assert 'href="//' not in page
