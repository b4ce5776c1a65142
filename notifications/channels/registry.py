"""Which channels this installation has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from notifications.channels.base import Channel

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

    from notifications.channels.token_store import DatabaseTokenStore
    from notifications.channels.zalo.oauth import ZaloOAuth

ZALO_TOKENS = "zalo"
"""The row of ``channel_tokens`` that holds the Official Account's pair."""


class ChannelSettings(Protocol):
    """The settings that channels read; ``config.settings.Settings`` has them."""

    @property
    def database_url(self) -> str: ...
    @property
    def secret_key(self) -> SecretStr: ...
    @property
    def smtp_url(self) -> SecretStr | None: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def mail_reply_to(self) -> str: ...
    @property
    def mail_bounce(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def dkim_selector(self) -> str: ...
    @property
    def dkim_key(self) -> SecretStr: ...
    @property
    def zalo_app_id(self) -> str: ...
    @property
    def zalo_app_secret(self) -> SecretStr: ...
    @property
    def zalo_api_url(self) -> str: ...
    @property
    def zalo_oauth_url(self) -> str: ...
    @property
    def zalo_business_url(self) -> str: ...
    @property
    def zalo_proof(self) -> bool: ...
    @property
    def zalo_bot_token(self) -> SecretStr: ...
    @property
    def zalo_bot_url(self) -> str: ...
    @property
    def yaml_dir(self) -> Path: ...
    @property
    def webhook_url(self) -> str | None: ...
    @property
    def webhook_secret(self) -> SecretStr: ...
    @property
    def allow_private_hosts(self) -> bool: ...


def build_channels(settings: ChannelSettings) -> dict[str, Channel]:
    """The channels that are set up, by name. Raises Delivery `config` for a setting that cannot be used.

    A channel that is not set up is absent; nothing is contacted.
    """
    channels: dict[str, Channel] = {}
    if settings.smtp_url is not None:
        channels["email"] = build_mail(settings)
    if settings.zalo_app_id:
        channels |= build_zalo(settings)
    if settings.zalo_bot_token.get_secret_value():
        channels["zalo_bot"] = build_bot(settings)
    if settings.webhook_url is not None:
        channels["webhook"] = build_webhook(settings)
    return channels


def build_mail(settings: ChannelSettings) -> Channel:
    """The e-mail channel. Raises Delivery `config`."""
    from notifications.channels.mail.channel import MailChannel
    from notifications.channels.mail.marks import Marker
    from notifications.channels.mail.server import read_server

    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    server = read_server(url, settings.mail_from)
    return MailChannel(server, Marker(settings, server))


def build_webhook(settings: ChannelSettings) -> Channel:
    """The office's own gateway. Raises Delivery `config`."""
    from notifications.channels.webhook import WebhookChannel

    return WebhookChannel(settings.webhook_url or "", settings.webhook_secret.get_secret_value(), settings)


def build_zalo(settings: ChannelSettings) -> dict[str, Channel]:
    """The Official Account's channels, all with one pair of tokens in the database. Raises Delivery `config`.

    A channel of approved templates is there when a template serves it. A broken file of templates stops them alone.
    """
    from config.zalo_templates import FILE
    from notifications.channels.zalo.channel import ZaloChannel
    from notifications.channels.zalo.template_channels import ZaloTemplateChannel, ZbsChannel
    from notifications.channels.zalo.templates import ApprovedTemplates

    proof = settings.zalo_app_secret.get_secret_value() if settings.zalo_proof else ""
    api, business = settings.zalo_api_url, settings.zalo_business_url
    words = ZaloChannel(api, build_oauth(settings), zalo_tokens(settings), proof_secret=proof)
    channels: dict[str, Channel] = {"zalo": words}
    file = settings.yaml_dir / FILE
    if (templates := ApprovedTemplates(file, "zalo_template")).in_use:
        channels["zalo_template"] = ZaloTemplateChannel(words.account, templates, business, api)
    if (templates := ApprovedTemplates(file, "zbs")).in_use:
        channels["zbs"] = ZbsChannel(words.account, templates, business)
    return channels


def build_bot(settings: ChannelSettings) -> Channel:
    """The Bot Platform."""
    from notifications.channels.zalo.bot import ZaloBotChannel

    return ZaloBotChannel(settings.zalo_bot_url, settings.zalo_bot_token.get_secret_value())


def build_oauth(settings: ChannelSettings) -> ZaloOAuth:
    """Consent and renewal for the configured application, for the CLI and the channel."""
    from notifications.channels.zalo.oauth import ZaloOAuth
    from notifications.channels.zalo.wire import open_client

    secret = settings.zalo_app_secret.get_secret_value()
    return ZaloOAuth(open_client(), settings.zalo_oauth_url, settings.zalo_app_id, secret)


def zalo_tokens(settings: ChannelSettings) -> DatabaseTokenStore:
    """The token store of the Official Account. Raises Delivery `config` when there is no secret to encrypt with."""
    from db.session import reading, transaction
    from notifications.channels.base import Delivery
    from notifications.channels.token_store import DatabaseTokenStore

    url = settings.database_url
    secret = settings.secret_key.get_secret_value()
    if not secret:
        raise Delivery("config", "secret-key", "Chưa có khóa bí mật. Hãy chạy dondoc init hoặc đặt DONDOC_SECRET_KEY.")
    return DatabaseTokenStore(ZALO_TOKENS, secret, lambda: transaction(url), lambda: reading(url))
