"""Our Apprise plugins and the registry of channels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import Settings, build_settings
from notifications.channels import Channel, Delivery, Envelope, Receipt, build_channels, zalo_tokens
from notifications.channels.plugin import PLUGINS, EnvelopePlugin, NotifyGovMail, NotifyZaloOA, register_plugins
from tests.channels.approved import FACTS, FILE, register
from tests.channels.doubles import APP_ID, ROOT, MailDouble, ZaloDouble, keep_grant

Build = Callable[..., Envelope]


def test_both_schemes_are_known_to_apprise() -> None:
    from apprise import Apprise

    register_plugins()
    mail = Apprise.instantiate("govmail://ubnd@xa.example")
    group = Apprise.instantiate("zalooa://group:9001")
    assert isinstance(mail, NotifyGovMail)
    assert isinstance(group, NotifyZaloOA)
    assert (mail.target, group.target) == ("ubnd@xa.example", "group:9001")
    assert (mail.url(), group.url()) == ("govmail://ubnd@xa.example", "zalooa://group:9001")
    assert "xa.example" not in mail.url(privacy=True)
    assert len({plugin.schema for plugin in PLUGINS} | {"zalo"}) == len(PLUGINS) + 1
    for plugin in PLUGINS:
        assert isinstance(Apprise.instantiate(f"{plugin.schema}://84987654321"), plugin)


def test_apprise_alone_cannot_send_past_the_outbox() -> None:
    with pytest.raises(Delivery) as caught:
        NotifyGovMail("ubnd@xa.example").notify(body="chào", title="x")
    assert caught.value.kind == "config"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_one_send_is_one_call_with_the_words_untouched(
    plugin: type[EnvelopePlugin], envelope: Build, now: datetime
) -> None:
    carried: list[Envelope] = []

    def deliver(given: Envelope, at: datetime) -> Receipt:
        assert at == now
        carried.append(given)
        return Receipt("1", "ok")

    sent = envelope("7001", text="12_QĐ *gấp*\n" + "dài " * 3000)
    assert plugin("7001").carry(sent, now, deliver).provider_id == "1"
    assert carried == [sent]


def test_a_typed_failure_passes_through_apprise(envelope: Build, now: datetime) -> None:
    def deliver(given: Envelope, at: datetime) -> Receipt:
        raise Delivery("other_channel", "-213", "không quan tâm")

    with pytest.raises(Delivery) as caught:
        NotifyZaloOA("7001").carry(envelope("7001"), now, deliver)
    assert (caught.value.kind, caught.value.code) == ("other_channel", "-213")


def test_the_contract_is_light_to_import() -> None:
    code = (
        "import notifications.channels, sys; print([m for m in ('apprise','httpx','sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def settings_for(mail: MailDouble, zalo: ZaloDouble, url: str, **fields: object) -> Settings:
    """Settings of an installation that speaks to the doubles."""
    given: dict[str, object] = {
        "database_url": url,
        "secret_key": SecretStr("một khóa đủ dài để thử"),
        "smtp_url": SecretStr(mail.smtp_url),
        "mail_from": "dondoc@xa.example",
        "zalo_app_id": APP_ID,
        "zalo_app_secret": SecretStr("double-app-secret"),
        "zalo_api_url": zalo.url,
        "zalo_oauth_url": zalo.url,
    }
    return build_settings({**given, **fields})


def test_the_registry_builds_what_is_set_up(
    mail: MailDouble, zalo: ZaloDouble, sqlite_url: str, envelope: Build, now: datetime
) -> None:
    channels: dict[str, Channel] = build_channels(settings_for(mail, zalo, sqlite_url))
    assert {name: channel.name for name, channel in channels.items()} == {"email": "email", "zalo": "zalo"}
    assert channels["zalo"].max_text == 2000
    channels["email"].send(envelope("ubnd@xa.example"), now)
    assert len(mail.mails("ubnd@xa.example")) == 1
    with pytest.raises(Delivery) as caught:
        channels["zalo"].send(envelope("7001"), now)
    assert caught.value.kind == "auth"


def test_what_is_not_set_up_is_absent(mail: MailDouble, zalo: ZaloDouble, sqlite_url: str) -> None:
    assert list(build_channels(settings_for(mail, zalo, sqlite_url, zalo_app_id=""))) == ["email"]
    assert list(build_channels(settings_for(mail, zalo, sqlite_url, smtp_url=None))) == ["zalo"]


def test_templates_and_the_bot_are_built_and_share_one_pair(
    mail: MailDouble, zalo: ZaloDouble, sqlite_url: str, envelope: Build, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "zalo_templates.yaml").write_text(FILE, encoding="utf-8")
    zalo.post("clock", at=now.timestamp())
    zalo.post("switches", proof_required=True)
    zalo.post("chats", c1=True)
    zalo.people({"user_id": "7001", "phone": "84987654321", "hours_since_interaction": 1})
    register(zalo)
    urls = {"zalo_business_url": f"{zalo.url}/business", "zalo_bot_url": f"{zalo.url}/botapi"}
    bot = {"zalo_bot_token": SecretStr("3333333333:double-bot-secret")}
    settings = settings_for(mail, zalo, sqlite_url, config_dir=tmp_path, zalo_proof=True, **urls, **bot)
    channels = build_channels(settings)
    assert list(channels) == ["email", "zalo", "zalo_template", "zbs", "zalo_bot"]
    keep_grant(zalo_tokens(settings), zalo, now)
    zalo.post("expire")
    to = {"zalo": "7001", "zalo_template": "7001", "zbs": "0987654321", "zalo_bot": "c1"}
    for name, address in to.items():
        channels[name].send(envelope(address, kind="digest", facts=FACTS), now)
    assert [one["way"] for one in zalo.inbox()] == ["text", "template", "zbs", "bot plain"]
    assert len(zalo.renewals()) == 1
    assert {name: channels[name].check(now) for name in ("zalo", "zalo_bot")} == {"zalo": [], "zalo_bot": []}


@pytest.mark.parametrize(
    ("file", "built"),
    [
        pytest.param("zbs: {default: {template_id: 1, params: {}}}", ["zalo", "zbs"], id="one of them"),
        pytest.param("", ["zalo"], id="empty"),
        pytest.param("zbs: [", ["zalo", "zalo_template", "zbs"], id="broken: told by each send"),
    ],
)
def test_only_channels_that_a_template_serves_are_built(
    mail: MailDouble, zalo: ZaloDouble, sqlite_url: str, tmp_path: Path, file: str, built: list[str]
) -> None:
    (tmp_path / "zalo_templates.yaml").write_text(file, encoding="utf-8")
    settings = settings_for(mail, zalo, sqlite_url, config_dir=tmp_path, smtp_url=None)
    assert list(build_channels(settings)) == built


def test_a_missing_secret_is_told_with_its_cure(mail: MailDouble, zalo: ZaloDouble, sqlite_url: str) -> None:
    with pytest.raises(Delivery, match="DONDOC_SECRET_KEY") as caught:
        build_channels(settings_for(mail, zalo, sqlite_url, secret_key=SecretStr("")))
    assert caught.value.kind == "config"
