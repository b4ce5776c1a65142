"""Signing in and out: lockout, cookies, sessions, forged posts, where a login leads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from config.faults import Refusal
from db import accounts
from db.models import JournalEntry, LoginSession, User
from db.session import reading, transaction
from tests.web.builders import NOW, PASSWORD, Clock, make_app, sign_in
from tests.web.office_builders import Office
from web.login_pages import local_path
from web.security import COOKIE


def attempt(client: TestClient, password: str, name: str = "chuyenvien") -> tuple[int, str]:
    """Try to sign in; the status and the page."""
    answer = client.post("/dang-nhap", data={"username": name, "password": password}, follow_redirects=False)
    return answer.status_code, answer.text


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post("/dang-nhap", data={"username": "chuyenvien", "password": PASSWORD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_the_cookie_is_secure_behind_https(accounts_url: str, home: Path) -> None:
    app = make_app(accounts_url, home, base_url="https://dondoc.example")
    with TestClient(app, base_url="https://dondoc.example") as client:
        answer = client.post(
            "/dang-nhap", data={"username": "chuyenvien", "password": PASSWORD}, follow_redirects=False
        )
        assert "secure" in answer.headers["set-cookie"].lower()


def test_the_database_does_not_hold_the_token(officer: TestClient, accounts_url: str) -> None:
    token = officer.cookies[COOKIE]
    with reading(accounts_url) as session:
        kept = [each.token_hash for each in session.query(LoginSession)]
    assert kept == [accounts.token_digest(token)]
    assert token not in kept


def test_five_failures_lock_the_account_and_the_wait_grows(client: TestClient, clock: Clock, accounts_url: str) -> None:
    for _ in range(4):
        status, text = attempt(client, "sai")
        assert status == 401
        assert "không đúng" in text
    assert "thử lại sau 1 phút" in attempt(client, "sai")[1]
    assert attempt(client, PASSWORD)[0] == 401, "the right password does not open a locked account"
    clock.advance(seconds=61)
    assert "thử lại sau 2 phút" in attempt(client, "sai")[1]
    clock.advance(seconds=121)
    assert attempt(client, PASSWORD)[0] == 303
    assert "không đúng" in attempt(client, "sai")[1], "a success forgets the failures"
    with reading(accounts_url) as session:
        assert session.query(JournalEntry).filter_by(action="user.lock").count() == 2


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (1000, 60)]
)
def test_the_lock_doubles_up_to_an_hour(failures: int, minutes: int) -> None:
    assert accounts.lock_after(failures) == timedelta(minutes=minutes)


def test_unknown_names_and_closed_accounts_get_the_same_words(client: TestClient, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        accounts.close_account(session, "lanhdao", NOW, "thử")
    unknown, closed, wrong = (attempt(client, "sai", name) for name in ("không-ai", "lanhdao", "chuyenvien"))
    assert {unknown[0], closed[0], wrong[0]} == {401}
    assert all(accounts.WRONG in text for _, text in (unknown, closed, wrong))
    assert attempt(client, PASSWORD, "lanhdao")[0] == 401


def test_a_session_ends_after_a_working_day(officer: TestClient, clock: Clock) -> None:
    assert officer.get("/", follow_redirects=False).status_code == 200
    clock.advance(hours=accounts.SESSION_HOURS)
    assert officer.get("/", follow_redirects=False).status_code == 303


def test_a_new_password_ends_every_session(officer: TestClient, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        accounts.reset_password(session, "chuyenvien", "một mật khẩu khác", NOW, "thử")
    assert officer.get("/", follow_redirects=False).status_code == 303
    assert attempt(officer, PASSWORD)[0] == 401
    assert attempt(officer, "một mật khẩu khác")[0] == 303


def test_signing_out_ends_the_session_on_the_server(officer: TestClient) -> None:
    token, csrf = officer.cookies[COOKIE], csrf_of(officer)
    assert officer.post("/dang-xuat", data={"csrf": csrf}, follow_redirects=False).status_code == 303
    officer.cookies.set(COOKIE, token)
    assert officer.get("/", follow_redirects=False).status_code == 303


def csrf_of(client: TestClient) -> str:
    """The token that this session's forms carry."""
    page: str = client.get("/ke-hoach").text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def test_every_post_of_a_signed_in_page_refuses_a_forged_token(officer: TestClient, office: Office) -> None:
    other = "0" * 64
    for path in posts(officer):
        for data in ({}, {"csrf": other}):
            answer = officer.post(path, data=data, follow_redirects=False)
            assert answer.status_code in (403, 422), path
            assert answer.status_code == 422 or "Biểu mẫu hết hiệu lực" in answer.text, path


def test_a_leader_may_post_nothing_that_the_officer_does(client: TestClient, office: Office) -> None:
    sign_in(client, "lanhdao")
    csrf = csrf_of(client)
    shut = [path for path in posts(client) if not path.startswith(("/dang-xuat", "/gia-han"))]
    for path in shut:
        files = {"file": ("kế hoạch.txt", b"x")} if path == "/ke-hoach" else None
        assert client.post(path, data={"csrf": csrf}, files=files, follow_redirects=False).status_code == 403, path


def posts(client: TestClient) -> list[str]:
    """Every address that takes a post from somebody signed in."""
    routes = [route for route in all_routes(client) if "POST" in (route.methods or ())]
    filled = [route.path.replace("{code}", "kh-15").replace("{move}", "mien") for route in routes]
    numbered = ["/".join("1" if part.startswith("{") else part for part in path.split("/")) for path in filled]
    # Signed links, signed hooks and the door have guards of their own.
    return [path for path in numbered if not path.startswith(("/t/", "/thu/", "/hooks/", "/dang-nhap"))]


def all_routes(client: TestClient) -> list[APIRoute]:
    """The routes of the application."""
    found: list[APIRoute] = []
    pending = list(client.app.routes)  # type: ignore[attr-defined]
    while pending:
        route = pending.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            pending += getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", [])
    assert len(found) > 20
    return found


def test_a_login_form_from_another_site_is_refused(client: TestClient) -> None:
    answer = client.post(
        "/dang-nhap",
        data={"username": "chuyenvien", "password": PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
        follow_redirects=False,
    )
    assert answer.status_code == 403
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("/ke-hoach/kh-15?a=1#b", "/ke-hoach/kh-15?a=1#b"),
        ("https://xau.example/", "/"),
        ("//xau.example", "/"),
        ("/\\xau.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_a_login_leads_only_to_this_server(address: str, safe: str) -> None:
    assert local_path(address) == safe


def test_after_signing_in_the_page_asked_for_opens(client: TestClient) -> None:
    asked = client.get("/ke-hoach?a=1", follow_redirects=False).headers["location"]
    page = client.get(asked).text
    assert 'name="tiep" value="/ke-hoach?a=1"' in page


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("chuyenvien", "đủ dài rồi nhé", "đã có"),
        ("mới", "ngắn", "quá ngắn"),
        ("hai chữ", "đủ dài rồi nhé", "viết liền"),
        ("", "đủ dài rồi nhé", "không dùng được"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(accounts_url: str, name: str, password: str, words: str) -> None:
    with transaction(accounts_url) as session, pytest.raises(Refusal, match=words):
        accounts.add_user(session, name, "", "officer", password, NOW, "thử")


def test_an_account_name_is_kept_in_small_letters(accounts_url: str, client: TestClient) -> None:
    with transaction(accounts_url) as session:
        accounts.add_user(session, " HoaLe ", "Lê Hoa", "officer", "đủ dài rồi nhé", NOW, "thử")
    with reading(accounts_url) as session:
        kept = session.query(User).filter_by(username="hoale").one().password_hash
    assert kept.startswith("$argon2id$")
    assert attempt(client, "đủ dài rồi nhé", "HOALE")[0] == 303


def test_a_new_installation_says_how_the_first_account_is_made(sqlite_url: str, home: Path, client: TestClient) -> None:
    assert "Chưa có tài khoản nào" not in client.get("/dang-nhap").text
    with transaction(sqlite_url) as session:
        session.query(User).delete()
    assert "dondoc user add" in client.get("/dang-nhap").text
