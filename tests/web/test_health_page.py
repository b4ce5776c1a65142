"""The health page: green where all is well, and a fault on the tile where one would look for it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from db.models import ChannelToken, InboundMessage, JobRun
from db.session import transaction
from notifications.job_runs import FIGURES, record_run
from notifications.watch import Fault
from tests.web.builders import NOW, Clock, sign_in
from tests.web.office_builders import Office
from web.health_view import part_of

TILES = re.compile(r'<li class="health-(\w+)">.*?health-name">(.*?)</span>.*?health-line">(.*?)</span>')


def tiles(client: TestClient) -> dict[str, tuple[str, str]]:
    page = client.get("/suc-khoe")
    assert page.status_code == 200
    return {name: (state, line) for state, name, line in TILES.findall(page.text)}


def test_each_part_shows_its_state_and_its_numbers(accounts_url: str, office: Office, officer: TestClient) -> None:
    with transaction(accounts_url) as session:
        old = NOW - timedelta(days=80)
        session.add(
            ChannelToken(channel="zalo", access_token_enc="", refresh_token_enc="", updated_at=old, expires_at=NOW)
        )
        came = {"channel": "email", "kind": "reply", "state": "waiting"}
        session.add(InboundMessage(dedupe_key="1", received_at=NOW - timedelta(days=2), **came))
        session.add(InboundMessage(dedupe_key="2", received_at=NOW, **came))
    seen = tiles(officer)
    assert {name: state for name, (state, _) in seen.items()} == {
        "Lượt nhắc": "good",
        "Lượt gửi": "good",
        "Tiến trình": "look",
        "Hàng chờ gửi": "look",
        "Kênh thư": "good",
        "Kênh Zalo": "good",
        "Quyền gửi Zalo": "look",
        "Tin đến": "look",
        "Nhật ký": "good",
        "Ổ đĩa": "good",
    }
    assert seen["Hàng chờ gửi"][1] == "1 tin, cũ nhất 05:05 20/11/2026"
    assert seen["Kênh thư"][1] == "hôm nay 0 đã gửi, 1 chưa rõ"
    assert seen["Tin đến"][1] == "hôm nay 1, 2 chờ xem"
    assert seen["Quyền gửi Zalo"][1] == "gia hạn trước 30/11/2026"
    assert "Hết chỗ trên đĩa" in officer.get("/suc-khoe").text


def test_a_late_run_is_red(accounts_url: str, clock: Clock, office: Office, client: TestClient) -> None:
    clock.advance(days=3)
    sign_in(client, "chuyenvien")
    with transaction(accounts_url) as session:
        session.query(JobRun).filter(JobRun.job == "deliver_messages").delete()
    assert tiles(client)["Lượt gửi"] == ("bad", "chưa chạy lần nào")


def test_a_dead_watcher_is_on_every_page(accounts_url: str, clock: Clock, office: Office, client: TestClient) -> None:
    clock.advance(days=2)
    with transaction(accounts_url) as session:
        old = clock() - timedelta(hours=3)
        session.add(JobRun(job="watch_silence", started_at=old, finished_at=old, summary={}))
    sign_in(client, "lanhdao")
    assert "Lượt canh chừng hệ thống không chạy từ 05:05" in client.get("/chu-tich").text
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["faults"]) == (503, ["watch-late"])


CODES = {
    "chase-late": "chase",
    "delivery-late": "delivery",
    "watch-late": "work",
    "jobs-late": "work",
    "failed-read_plan": "work",
    "web-stopped": "work",
    "restarts": "work",
    "clock-back": "work",
    "queue-lag": "queue",
    "unknown": "queue",
    "channel-email": "email",
    "code-email-550": "email",
    "channel-zalo_bot": "zalo",
    "paused-zalo_app": "zalo",
    "channel-webhook": "webhook",
    "token-zalo": "token",
    "token-zalo-old": "token",
    "inbound-stuck": "inbound",
    "mailbox": "inbound",
    "journal": "journal",
    "disk": "disk",
    "barred-7": "dead",
}


@pytest.mark.parametrize(("code", "part"), CODES.items())
def test_a_fault_shows_where_one_would_look(code: str, part: str) -> None:
    assert part_of(Fault(code, "Hỏng.", "Sửa.")) == part


def test_the_first_page_says_what_a_finished_duty_cost(accounts_url: str, office: Office, officer: TestClient) -> None:
    counted = {"finished": 24, "reminders": 43, "messages": 31, "lowest": 42}
    figures = [{"label": label, **counted} for label in ("Quý IV/2026", "năm 2026")]
    with transaction(accounts_url) as session:
        record_run(session, FIGURES, NOW, NOW, {"figures": figures})
    text = re.sub(r"<[^>]+>", "", officer.get("/").text)
    said = "quý iv/2026 1,8 (theo thang nhắc 1,8; 24 việc, 31 tin); năm 2026 1,8"
    assert f"Số lần nhắc mỗi việc xong: {said}" in text.replace("Quý IV", "quý iv")
