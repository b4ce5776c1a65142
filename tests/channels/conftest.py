"""Real doubles as subprocesses, one pair a session, emptied before each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from db.session import reading, transaction
from notifications.channels import Envelope
from notifications.channels.mail.channel import MailChannel
from notifications.channels.mail.server import read_server
from notifications.channels.token_store import DatabaseTokenStore
from notifications.channels.zalo.channel import ZaloChannel
from notifications.channels.zalo.oauth import ZaloOAuth
from notifications.channels.zalo.wire import open_client
from tests.channels.doubles import APP_ID, APP_SECRET, MailDouble, ZaloDouble, keep_grant, running

SECRET = "khóa thử nghiệm không dùng thật"


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning of work."""
    return datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(scope="session")
def mail_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailDouble]:
    """The mail double."""
    state = tmp_path_factory.mktemp("mail")
    with running("dev.smtp_double", "--port", "0", "--http-port", "0", "--state", str(state)) as (http, smtp):
        yield MailDouble(http, smtp)


@pytest.fixture(scope="session")
def zalo_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZaloDouble]:
    """The Zalo double."""
    state = tmp_path_factory.mktemp("zalo")
    with running("dev.zalo_double", "--port", "0", "--state", str(state)) as (http,):
        yield ZaloDouble(http)


@pytest.fixture
def mail(mail_process: MailDouble) -> MailDouble:
    """The mail double, empty."""
    mail_process.reset()
    return mail_process


@pytest.fixture
def zalo(zalo_process: ZaloDouble) -> ZaloDouble:
    """The Zalo double, empty but for one follower and one group."""
    zalo_process.post("reset")
    zalo_process.people({"user_id": "7001", "name": "Trần Văn Bình", "hours_since_interaction": 1})
    zalo_process.group(group_id="9001", name="Nhóm Kế hoạch", members=["7001", "7002"])
    return zalo_process


@pytest.fixture
def mail_channel(mail: MailDouble) -> MailChannel:
    """Our channel against the double."""
    return MailChannel(read_server(f"{mail.smtp_url}?timeout=5", "Đôn đốc <dondoc@xa.example>"))


def store_on(url: str) -> DatabaseTokenStore:
    """A token store on one database."""
    return DatabaseTokenStore("zalo", SECRET, lambda: transaction(url), lambda: reading(url))


@pytest.fixture
def store(sqlite_url: str) -> DatabaseTokenStore:
    """An empty token store."""
    return store_on(sqlite_url)


@pytest.fixture
def both_stores(database_url: str) -> DatabaseTokenStore:
    """An empty token store; the test runs on SQLite and on PostgreSQL."""
    return store_on(database_url)


@pytest.fixture(scope="session")
def http_client() -> Iterator[httpx.Client]:
    """One client for all tests: making one reads every certificate of the system."""
    with open_client() as client:
        yield client


@pytest.fixture
def oauth(zalo: ZaloDouble, http_client: httpx.Client) -> ZaloOAuth:
    """Our token client against the double."""
    return ZaloOAuth(http_client, zalo.url, APP_ID, APP_SECRET)


@pytest.fixture
def zalo_channel(
    zalo: ZaloDouble, oauth: ZaloOAuth, store: DatabaseTokenStore, http_client: httpx.Client, now: datetime
) -> ZaloChannel:
    """Our channel against the double, consent given."""
    keep_grant(store, zalo, now)
    return ZaloChannel(zalo.url, oauth, store, http_client)


@pytest.fixture
def envelope() -> Callable[..., Envelope]:
    """Builds an envelope; any field can be given."""

    def build(to: str, **fields: object) -> Envelope:
        given: dict[str, object] = {
            "outbox_id": 12,
            "to_address": to,
            "to_name": "Nguyễn Thị Hoàng Anh",
            "subject": "Nhắc nộp báo cáo quý I/2026",
            "text": "Kính gửi đồng chí,\nBáo cáo quý I đến hạn ngày 31/3/2026.\nTrả lời: http://127.0.0.1:8000/t/abc",
            "message_id": "<obx-12.0@xa.example>",
        }
        return Envelope(**{**given, **fields})  # type: ignore[arg-type]

    return build
