"""Every fault that the watcher knows, by the clock as an argument; and who is told, how often, by which channel."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text, update

from config.machine import Machine
from db import journal
from db.models import ChannelToken, ChannelWindow, InboundMessage, JobRun, JournalEntry, Message, Suppression
from notifications.job_runs import CHASE, DELIVER, MAILBOX, UP, WATCH, WEB, note_death, record_run
from notifications.watch import Fault, check_silence, ping_outside, watch_once
from notifications.watching.alerts import settle_alerts
from tests.notifications.chase_world import World, at, on

NOON = at(on("18/3"), "12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOMY = Machine(500 << 30, 900 << 30)


def at_work(world: World) -> World:
    """A commune whose jobs have run."""
    with world.transaction() as session:
        record_run(session, CHASE, at(on("18/3")), at(on("18/3")), {})
        record_run(session, DELIVER, NOON - HOUR / 12, NOON - HOUR / 12, {})
        journal.record(session, at=NOON, actor="thử", action="x.y", subject_kind="test", subject_id=1)
    return world


@pytest.fixture
def healthy(world: World) -> World:
    """On SQLite."""
    return at_work(world)


@pytest.fixture
def both_healthy(both_world: World) -> World:
    """On SQLite and PostgreSQL."""
    return at_work(both_world)


def steps(*deeds: Callable[[World], None]) -> Callable[[World], None]:
    def do_all(world: World) -> None:
        for deed in deeds:
            deed(world)

    return do_all


def faults(world: World, now: datetime = NOON, machine: Machine = ROOMY) -> dict[str, Fault]:
    settings = world.settings.model_copy(update={"imap_url": SecretStr("imaps://thu.example/INBOX")})
    with world.transaction() as session:
        return {one.code: one for one in check_silence(session, now, world.calendar, settings, machine)}


def add(world: World, *rows: Any) -> None:
    with world.transaction() as session:
        for row in rows:
            session.merge(row)


def run(
    world: World, job: str, ended: datetime, summary: dict[str, Any] | None = None, error: str | None = None
) -> None:
    add(world, JobRun(job=job, started_at=ended, finished_at=ended, summary=summary or {}, error=error))


def token(**changes: Any) -> ChannelToken:
    facts = {"channel": "zalo", "access_token_enc": "", "refresh_token_enc": "", "updated_at": NOON - DAY}
    return ChannelToken(**({**facts, "expires_at": NOON + HOUR} | changes))


def came_in(state: str, received_at: datetime) -> InboundMessage:
    key = f"{state}{received_at.isoformat()}"
    return InboundMessage(channel="email", dedupe_key=key, kind="reply", state=state, received_at=received_at)


def bar(number: int, made_at: datetime) -> Suppression:
    address = f"chet{number}@xa.test"
    return Suppression(channel="email", address=address, source="bounce", reason="không có hộp thư", made_at=made_at)


def messages(world: World, number: int, channel: str, state: str, code: str | None = None) -> None:
    add(
        world,
        *(
            Message(
                dedupe_key=f"{channel}{state}{code}{n}",
                channel=channel,
                address="x",
                kind="digest",
                subject="",
                text="",
                state=state,
                not_before=NOON - HOUR / 2,
                created_at=NOON - HOUR / 2,
                error_code=code,
            )
            for n in range(number)
        ),
    )


def spoil_journal(world: World) -> None:
    with world.transaction() as session:
        last = session.scalars(select(JournalEntry.seq).order_by(JournalEntry.seq.desc()).limit(1)).one()
        session.execute(update(JournalEntry).where(JournalEntry.seq == last).values(actor="kẻ lạ"))


WATCHING = {"since": (NOON - 3 * DAY).isoformat()}

# what is done -> codes found at noon of a working Wednesday, and a part of what the first says
TROUBLES: dict[str, tuple[Callable[[World], None], list[str], str]] = {
    "the watcher is gone": (lambda w: run(w, WATCH, NOON - 3 * HOUR), ["watch-late"], "từ 09:00 ngày 18/3/2026"),
    "the watcher of half an hour ago": (lambda w: run(w, WATCH, NOON - HOUR / 2), [], ""),
    "another job missed its time": (
        steps(
            lambda w: run(w, WATCH, NOON - HOUR / 2, WATCHING), lambda w: run(w, "read_plan", at(on("18/3"), "09:30"))
        ),
        ["jobs-late"],
        "đọc kế hoạch (lần cuối 09:30",
    ),
    "another job, within its grace": (
        steps(
            lambda w: run(w, WATCH, NOON - HOUR / 2, WATCHING), lambda w: run(w, "read_plan", at(on("18/3"), "10:05"))
        ),
        [],
        "",
    ),
    "a machine that was off": (
        steps(
            lambda w: run(w, WATCH, NOON - 3 * DAY),
            lambda w: run(w, "read_plan", NOON - 3 * DAY),
            lambda w: run(w, WATCH, NOON),
        ),
        [],
        "",
    ),
    "the web process is gone": (
        steps(lambda w: run(w, WATCH, NOON - HOUR / 2, WATCHING), lambda w: run(w, WEB, NOON - HOUR)),
        ["web-stopped"],
        "từ 11:00 ngày 18/3/2026",
    ),
    "the web process lives": (
        steps(lambda w: run(w, WATCH, NOON - HOUR / 2, WATCHING), lambda w: run(w, WEB, NOON - HOUR / 2)),
        [],
        "",
    ),
    "another job failed": (
        lambda w: run(w, "read_plan", NOON, error="hết chỗ trên đĩa"),
        ["failed-read_plan"],
        "Lượt đọc kế hoạch gần nhất bị lỗi: hết chỗ trên đĩa.",
    ),
    "children die again and again": (
        lambda w: run(w, UP, NOON - HOUR, {"deaths": {"Lịch nhắc việc": 3, "Trang theo dõi": 1}}),
        ["restarts"],
        "Lịch nhắc việc 3 lần.",
    ),
    "children died yesterday": (lambda w: run(w, UP, NOON - DAY, {"deaths": {"Lịch nhắc việc": 9}}), [], ""),
    "the clock was set back": (lambda w: run(w, "read_plan", NOON + HOUR), ["clock-back"], "13:00 ngày 18/3/2026"),
    "a failing code": (
        steps(lambda w: messages(w, 30, "email", "sent"), lambda w: messages(w, 10, "email", "failed", "550")),
        ["code-email-550"],
        "10 tin",
    ),
    "a failing channel says why": (
        lambda w: messages(w, 6, "email", "failed", "535"),
        ["channel-email"],
        "mã 535 (6 tin)",
    ),
    "a long pause": (
        lambda w: add(w, window(NOON + HOUR)),
        ["paused-zalo"],
        "đến 13:00 ngày 18/3/2026: hết hạn mức ngày.",
    ),
    "a pause as limits make it": (lambda w: add(w, window(NOON + HOUR / 60)), [], ""),
    "consent ends soon": (lambda w: add(w, token(updated_at=NOON - 80 * DAY)), ["token-zalo-old"], "sẽ hết lúc 12:00"),
    "consent has ended": (lambda w: add(w, token(updated_at=NOON - 91 * DAY)), ["token-zalo"], "đã hết từ"),
    "an idle access token": (lambda w: add(w, token(expires_at=NOON - 9 * DAY)), [], ""),
    "an access token that is not renewed": (
        steps(lambda w: add(w, token(expires_at=NOON - 2 * HOUR)), lambda w: old_message(w)),
        ["queue-lag", "token-zalo"],
        "",
    ),
    "addresses died": (
        lambda w: add(w, *(bar(n, NOON - HOUR) for n in range(7)), bar(9, NOON - 2 * DAY)),
        ["barred"],
        "07 địa chỉ mới bị ngừng gửi vì không tới được: chet6@xa.test (thư điện tử)",
    ),
    "nobody comes for what came in": (
        lambda w: add(w, came_in("received", NOON - HOUR)),
        ["inbound-stuck"],
        "01 tin đến",
    ),
    "what just came in": (lambda w: add(w, came_in("received", NOON - HOUR / 3)), [], ""),
    "what could not be handled": (lambda w: add(w, came_in("failed", NOON)), ["inbound-failed"], ""),
    "what waits for a person": (lambda w: add(w, came_in("waiting", NOON - 2 * DAY)), ["inbound-waiting"], ""),
    "what waits since this morning": (lambda w: add(w, came_in("waiting", NOON - HOUR)), [], ""),
    "the mailbox does not open": (
        lambda w: run(w, MAILBOX, NOON, {"since": (NOON - 5 * HOUR).isoformat()}, "sai mật khẩu"),
        ["mailbox"],
        "từ 07:00 ngày 18/3/2026 (sai mật khẩu)",
    ),
    "the journal was touched": (spoil_journal, ["journal"], "đã bị sửa"),
}


def window(until: datetime) -> ChannelWindow:
    return ChannelWindow(channel="zalo", began_at=NOON, taken=1, paused_until=until, pause_reason="hết hạn mức ngày")


def old_message(world: World) -> None:
    messages(world, 1, "zalo", "queued")
    with world.transaction() as session:
        changed = update(Message).where(Message.state == "queued").values(not_before=NOON - 2 * HOUR)
        session.execute(changed)


@pytest.mark.parametrize(("break_it", "codes", "said"), TROUBLES.values(), ids=TROUBLES)
def test_each_trouble_is_named_and_nothing_else(
    healthy: World, break_it: Callable[[World], None], codes: list[str], said: str
) -> None:
    break_it(healthy)
    found = faults(healthy)
    assert [code.split("-")[0] if code.startswith("barred") else code for code in found] == codes
    assert said in " ".join(one.message for one in found.values())
    assert all(one.cure for one in found.values())


def test_everything_at_once_is_seen_on_both_databases(both_healthy: World) -> None:
    world = both_healthy
    run(world, WATCH, NOON - 3 * HOUR)
    messages(world, 10, "email", "failed", "550")
    add(world, window(NOON + HOUR), token(updated_at=NOON - 91 * DAY), bar(1, NOON), came_in("waiting", NOON - DAY))
    spoil_journal(world)
    seen = ["watch-late", "channel-email", "paused-zalo", "token-zalo", "barred-1", "inbound-waiting", "journal"]
    assert list(faults(world)) == seen
    with world.transaction() as session:
        watch_once(session, NOON, world.calendar, world.settings, ROOMY)
    (alert,) = [one for one in world.messages("queued") if one.kind == "alert"]
    assert alert.text.count("\n- ") == len(seen) - 1, "the watcher has come back, and says so by looking"


def test_a_full_disk_is_a_fault_and_a_small_one_is_not(healthy: World) -> None:
    assert list(faults(healthy, machine=Machine(300 << 20, 900 << 30))) == ["disk"]
    assert faults(healthy, machine=Machine(900 << 20, 8 << 30)) == {}


def test_a_day_off_nobody_is_asked_to_read(healthy: World) -> None:
    add(healthy, came_in("waiting", at(on("17/3"))))
    assert "inbound-waiting" not in faults(healthy, at(on("22/3"), "12:00"))


def tell(world: World, now: datetime, *found: Fault) -> list[tuple[str, str]]:
    """(channel, subject) of what is queued for these faults at an instant."""
    with world.transaction() as session:
        return [(one.channel, one.subject) for one in settle_alerts(session, found, now, world.settings)]


LOST = Fault("token-zalo", "Zalo mất quyền.", "Cấp lại.", "zalo")
LAG = Fault("queue-lag", "Tin đang chờ.", "Xem.")
DEAD = Fault("barred-7", "01 địa chỉ chết.", "Sửa.", grave=False, event=True)


def test_a_fault_is_told_once_a_day_around_its_channel_and_once_that_it_is_over(both_healthy: World) -> None:
    healthy = both_healthy
    assert tell(healthy, NOON, LOST) == [("email", "[Hệ thống đôn đốc] Zalo mất quyền.")]
    assert tell(healthy, NOON + HOUR, LOST) == [], "the same news"
    assert tell(healthy, NOON + HOUR, LOST, LAG) == [("email", "[Hệ thống đôn đốc] Tin đang chờ.")], "only what is new"
    assert tell(healthy, NOON + DAY, LOST, LAG) == [("email", "[Hệ thống đôn đốc] Zalo mất quyền.")], "a new day"
    assert tell(healthy, NOON + DAY + HOUR / 2, LOST) == [], "gone for half an hour: it may come back"
    over = tell(healthy, NOON + DAY + HOUR, LOST)
    assert over == [("email", "[Hệ thống đôn đốc] Đã khỏi: Tin đang chờ.")]
    assert tell(healthy, NOON + DAY + 2 * HOUR, LOST) == [], "said once"
    back = tell(healthy, NOON + DAY + 3 * HOUR, LOST, LAG)
    assert back == [("email", "[Hệ thống đôn đốc] Tin đang chờ.")], "who read that it is over must hear it is back"
    assert tell(healthy, NOON + DAY + 4 * HOUR, LOST, LAG) == [], "told today already"
    assert tell(healthy, NOON + 2 * DAY, LAG) == [
        ("zalo", "[Hệ thống đôn đốc] Tin đang chờ."),
        ("zalo", "[Hệ thống đôn đốc] Đã khỏi: Zalo mất quyền."),
    ], "its channel works again"


def test_lost_consent_is_told_past_every_channel_of_the_account(healthy: World) -> None:
    add(healthy, token(lost_at=NOON))
    with healthy.transaction() as session:
        (found,) = [one for one in check_silence(session, NOON, healthy.calendar, healthy.settings) if one.channel]
    assert {found.channel, *found.also} == {"zalo", "zalo_template", "zbs"}


def test_two_watchers_at_once_tell_it_once(both_healthy: World) -> None:
    tell(both_healthy, NOON, DEAD)
    started = threading.Barrier(2)

    def look(moment: datetime) -> int:
        started.wait(10)
        return len(tell(both_healthy, moment, LAG))

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(look, [NOON + HOUR, NOON + HOUR]))
    assert sorted(told) == [0, 1]
    assert len([one for one in both_healthy.messages() if one.kind == "alert"]) == 2


def test_what_happened_once_is_told_once(healthy: World) -> None:
    assert len(tell(healthy, NOON, DEAD)) == 1
    for hours in (1, 12, 24, 30, 80):
        assert tell(healthy, NOON + hours * HOUR, *([DEAD] if hours < 25 else [])) == []
    assert len(tell(healthy, NOON + 90 * HOUR, Fault("barred-8", "Địa chỉ khác.", "Sửa.", event=True))) == 1


def test_nobody_to_tell_leaves_the_fault_untold(healthy: World) -> None:
    with healthy.transaction() as session:
        session.execute(text("UPDATE people SET active = FALSE WHERE role IN ('officer', 'chair')"))
    assert tell(healthy, NOON, LAG) == []
    with healthy.transaction() as session:
        session.execute(text("UPDATE people SET active = TRUE WHERE role = 'officer'"))
    assert len(tell(healthy, NOON + HOUR, LAG)) == 1


def test_a_run_of_the_watcher_does_not_accuse_itself(healthy: World) -> None:
    run(healthy, WATCH, NOON - 3 * HOUR, WATCHING)
    run(healthy, WEB, NOON - 3 * HOUR)
    with healthy.transaction() as session:
        found = watch_once(session, NOON, healthy.calendar, healthy.settings, ROOMY)
        assert [one.code for one in found] == [], "the machine was off: nothing has been missed since it is back"
        later = NOON + HOUR
        record_run(session, DELIVER, later, later, {})
        assert [one.code for one in watch_once(session, later, healthy.calendar, healthy.settings, ROOMY)] == [
            "web-stopped"
        ], "the watcher is back for an hour, the web is not"


def test_small_troubles_do_not_silence_the_ping(healthy: World) -> None:
    asked: list[int] = []

    class Client:
        def __enter__(self) -> Client:
            return self

        def __exit__(self, *words: object) -> None: ...

        def get(self, url: str) -> Client:
            asked.append(1)
            return self

        def raise_for_status(self) -> None: ...

    settings = healthy.settings.model_copy(update={"ping_url": "https://canh-bao.test/abc"})
    assert ping_outside(settings, [DEAD], Client()) is None  # type: ignore[arg-type]
    assert ping_outside(settings, [DEAD, LAG], Client()) is None  # type: ignore[arg-type]
    assert asked == [1]


def test_only_the_tail_is_looked_at_each_time(healthy: World) -> None:
    with healthy.transaction() as session:
        deeds = (journal.Deed("x.y", "test", number, {}) for number in range(250))
        journal.record_all(session, NOON, "thử", deeds)
        session.execute(update(JournalEntry).where(JournalEntry.seq == 3).values(actor="kẻ lạ"))
        assert journal.verify_tail(session, 200) == []
        assert next(journal.verify(session)).startswith("Mục nhật ký số 3 ")


def test_deaths_of_a_child_are_counted_by_the_day(healthy: World) -> None:
    for minutes in range(3):
        with healthy.transaction() as session:
            note_death(session, "Lịch nhắc việc", NOON - timedelta(minutes=minutes))
    assert list(faults(healthy)) == ["restarts"]
    with healthy.transaction() as session:
        assert note_death(session, "Lịch nhắc việc", NOON + DAY).summary == {"deaths": {"Lịch nhắc việc": 1}}
