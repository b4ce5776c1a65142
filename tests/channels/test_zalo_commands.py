"""`dondoc zalo`: how Zalo stands, and one trial message to one named person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from cli.zalo_commands import consent_code, standing_lines, zalo_app
from config.clock import now as clock_now
from config.faults import Refusal
from config.settings import load_settings
from db.models import JournalEntry, Message, Person, Unit
from db.session import reading, transaction
from notifications.channels.tokens import Standing
from tests.channels.approved import FILE, register
from tests.channels.conftest import SECRET, store_on
from tests.channels.doubles import APP_ID, APP_SECRET, ZaloDouble, keep_grant

Run = Callable[..., Result]


@pytest.fixture
def run(zalo: ZaloDouble, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on an installation with every Zalo channel, consent given; it is day in the double's world."""
    given = {
        "DATABASE_URL": sqlite_url,
        "SECRET_KEY": SECRET,
        "ZALO_APP_ID": APP_ID,
        "ZALO_APP_SECRET": APP_SECRET,
        "ZALO_API_URL": zalo.url,
        "ZALO_OAUTH_URL": zalo.url,
        "ZALO_BUSINESS_URL": f"{zalo.url}/business",
        "ZALO_BOT_URL": f"{zalo.url}/botapi",
        "ZALO_BOT_TOKEN": "3333333333:double-bot-secret",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DONDOC_{name}", value)
    load_settings.cache_clear()
    folder = load_settings().yaml_dir
    folder.mkdir(parents=True)
    (folder / "zalo_templates.yaml").write_text(FILE.replace("max_length: 30", "max_length: 20"), encoding="utf-8")
    day = clock_now().replace(hour=10)
    monkeypatch.setattr("cli.zalo_commands.now", lambda: day)
    zalo.post("clock", at=day.timestamp())
    zalo.post("chats", c1=True)
    register(zalo)
    zalo.post("templates", templates=[{"template_id": "300002", "params": [{"name": "ten"}]}])
    zalo.people({"user_id": "7001", "phone": "84987654321", "hours_since_interaction": 1})
    keep_grant(store_on(sqlite_url), zalo, day)
    with transaction(sqlite_url) as session:
        session.add(Unit(code="kt", name="Phòng Kinh tế"))
        session.flush()
        unit = session.scalars(select(Unit)).one()
        for code in ("an", "an-2"):
            session.add(Person(code=code, name="Trần Thị An", role="contact", unit_id=unit.id))
        binh = {"zalo_user_id": "7001", "phone": "0987654321", "bot_chat_id": "c1", "email": "b@xa.test"}
        session.add(Person(code="binh", name="Trần Văn Bình", role="leader", unit_id=unit.id, **binh))

    def command(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(zalo_app, list(words), input=typed)

    return command


def test_status_shows_consent_channels_and_quota_and_sends_nothing(run: Run, zalo: ZaloDouble) -> None:
    done = run("status")
    assert done.exit_code == 0, done.output
    assert "(0 giờ trước), lần thứ 1" in done.output
    for name in ("zalo", "zalo_template", "zbs", "zalo_bot"):
        assert f"Kênh {name} (" in done.output
    assert "còn 500 trên 500" in done.output
    assert "secret" not in done.output
    assert zalo.inbox() == []


def test_status_names_what_is_wrong(run: Run, zalo: ZaloDouble) -> None:
    zalo.post("revoke")
    done = run("status")
    assert done.exit_code == 1
    assert "dondoc zalo connect" in done.output


def test_a_disabled_template_is_told(run: Run, zalo: ZaloDouble) -> None:
    register(zalo, status="DISABLE")
    done = run("status")
    assert done.exit_code == 1
    assert "Mẫu 300001 đang ở trạng thái DISABLE" in done.output


WAYS = [
    pytest.param(None, "7001", "text", id="first of his channels"),
    pytest.param("zalo_bot", "bot:c1", "bot plain", id="bot"),
    pytest.param("zalo_template", "7001", "template", id="template by user id"),
    pytest.param("zbs", "7001", "zbs", id="template by telephone"),
]


@pytest.mark.parametrize(("channel", "box", "way"), WAYS)
def test_a_trial_reaches_one_person_once(
    run: Run, zalo: ZaloDouble, sqlite_url: str, channel: str | None, box: str, way: str
) -> None:
    done = run("test", "Trần Văn Bình", "--yes", *(["--channel", channel] if channel else []))
    assert done.exit_code == 0, done.output
    (got,) = zalo.inbox()
    assert (got["to"], got["way"]) == (box, way)
    assert got["message_id"] in done.output
    with reading(sqlite_url) as session:
        (entry,) = session.scalars(select(JournalEntry))
        assert (entry.action, entry.data["outcome"]) == ("zalo.test", "accepted")
        assert session.scalars(select(Message)).all() == []


REFUSED = [
    pytest.param(["Ai Đó", "--yes"], "Danh bạ không có ai", id="nobody"),
    pytest.param(["Trần Thị An", "--yes"], "an (Phòng Kinh tế), an-2", id="namesakes"),
    pytest.param(["an", "--yes"], "chưa có địa chỉ", id="no address"),
    pytest.param(["binh", "--yes", "--channel", "fax"], "Kênh fax chưa được thiết lập", id="no such channel"),
    pytest.param(["binh"], "Chưa gửi gì", id="said no"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_is_not_clear_sends_nothing(run: Run, zalo: ZaloDouble, words: list[str], said: str) -> None:
    done = run("test", *words, typed="n\n")
    assert isinstance(done.exception, Refusal)
    assert said in str(done.exception)
    assert zalo.ledger() == []


def test_a_trial_that_fails_says_why_and_is_kept(run: Run, zalo: ZaloDouble, sqlite_url: str) -> None:
    zalo.people({"user_id": "7001", "follows": False})
    done = run("test", "binh", "--yes", "--channel", "zalo")
    assert isinstance(done.exception, Refusal)
    assert "chưa quan tâm" in str(done.exception)
    with reading(sqlite_url) as session:
        assert session.scalars(select(JournalEntry)).one().data["outcome"] == "other_channel"


def test_a_standing_is_said_in_words() -> None:
    moment = clock_now()
    good = Standing(moment - timedelta(hours=30), moment - timedelta(hours=5), 7, None)
    lines = "\n".join(standing_lines(good, moment))
    assert "(30 giờ trước), lần thứ 7" in lines
    assert "đã hết hạn, sẽ tự làm mới" in lines
    lost = "\n".join(standing_lines(Standing(moment, moment, 1, moment), moment))
    assert "đã mất từ" in lost
    assert "dondoc zalo connect" in next(standing_lines(None, moment))


def test_an_address_of_another_consent_is_refused() -> None:
    assert consent_code(" abc ", "s1") == "abc"
    assert consent_code("https://x/zalo?code=abc&state=s1", "s1") == "abc"
    with pytest.raises(Refusal, match="lần cấp quyền khác"):
        consent_code("https://x/zalo?code=abc&state=s2", "s1")
