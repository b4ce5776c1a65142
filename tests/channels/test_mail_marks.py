"""What a mail bears of its installation: signed addresses, the way out, a DKIM signature, the request for notices."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from config.settings import Settings, build_settings
from notifications.channels import Delivery, Envelope
from notifications.channels.registry import build_mail
from notifications.reply_tokens import bounce_address, bounce_token, leave_token, read_reply_token, token_of
from tests.channels.doubles import MailDouble

Build = Callable[..., Envelope]


def settings_for(mail: MailDouble, **more: str) -> Settings:
    """An office that takes answers and notices."""
    given = {"smtp_url": mail.smtp_url, "mail_from": "Đôn đốc <dondoc@xa.example>", "secret_key": "khóa thử"}
    given |= {"mail_reply_to": "nop@xa.example", "mail_bounce": "bounce@xa.example"}
    return build_settings({**given, "base_url": "https://dondoc.xa.example", **more})


def sent(mail: MailDouble, settings: Settings, envelope: Envelope, now: datetime) -> dict[str, Any]:
    """The mail as it arrived, its headers by name."""
    build_mail(settings).send(envelope, now)
    (got,) = mail.mails(envelope.to_address)
    return got | {"head": dict(got["headers"])}


def test_a_mail_says_where_answers_failures_and_farewells_go(mail: MailDouble, envelope: Build, now: datetime) -> None:
    settings = settings_for(mail)
    got = sent(mail, settings, envelope("ubnd@xa.example", outbox_id=128), now)

    name, _, address = got["head"]["Reply-To"].rpartition(" ")
    token = token_of(address.strip("<>"))
    assert name == "Đôn đốc"
    assert token is not None
    assert read_reply_token(token, settings) == 128
    assert got["sender"] == bounce_address(128, settings)
    assert got["options"] == {
        "RET": "HDRS",
        "ENVID": bounce_token(128, settings),
        "NOTIFY": "FAILURE,DELAY",
        "ORCPT": "rfc822;ubnd@xa.example",
    }
    leave = leave_token(128, settings)
    page, letter = got["head"]["List-Unsubscribe"].split(", ")
    assert page == f"<https://dondoc.xa.example/thu/thoi-nhan/{leave}>"
    assert letter.startswith(f"<mailto:nop+{leave}@xa.example?subject=")
    assert got["head"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("kind", "box", "told"),
    [("digest", "nop@xa.example", True), ("digest", "", False), ("notice", "nop@xa.example", False)],
)
def test_only_a_reminder_that_can_be_answered_says_so(
    mail: MailDouble, envelope: Build, now: datetime, kind: str, box: str, told: bool
) -> None:
    html = "<html><body><p>Kính gửi</p></body></html>"
    letter = envelope("ubnd@xa.example", kind=kind, html=html)
    got = sent(mail, settings_for(mail, mail_reply_to=box), letter, now)
    assert ("trả lời ngay thư này" in got["text"]) is told
    assert ("trả lời ngay thư này" in got["html"].partition("</body>")[0]) is told


def test_an_office_that_reads_no_mail_asks_for_none(mail: MailDouble, envelope: Build, now: datetime) -> None:
    settings = settings_for(mail, mail_reply_to="", mail_bounce="", base_url="http://127.0.0.1:8000")
    got = sent(mail, settings, envelope("ubnd@xa.example"), now)
    assert got["sender"] == "dondoc@xa.example"
    assert "Reply-To" not in got["head"]
    # RFC 8058 allows one click over https only.
    assert "List-Unsubscribe-Post" not in got["head"]
    assert got["head"]["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/thu/thoi-nhan/")


def test_a_plus_in_an_address_survives_the_request_for_notices(
    mail: MailDouble, envelope: Build, now: datetime
) -> None:
    got = sent(mail, settings_for(mail), envelope("van+thu@xa.example"), now)
    assert got["options"]["ORCPT"] == "rfc822;van+2Bthu@xa.example"


def test_a_long_address_of_the_way_out_is_never_encoded(mail: MailDouble, envelope: Build, now: datetime) -> None:
    host = "https://" + "he-thong-theo-doi-nhiem-vu." * 4 + "example"
    got = sent(mail, settings_for(mail, base_url=host), envelope("ubnd@xa.example"), now)
    assert got["head"]["List-Unsubscribe"].startswith(f"<{host}/thu/thoi-nhan/u12.")
    assert b"=?" not in mail.raw(got["id"]).partition(b"List-Unsubscribe:")[2].partition(b"List-Unsubscribe-Post")[0]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """A signing key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key: Any) -> str:
    """A private key as an administrator's file has it."""
    form = serialization.PrivateFormat.PKCS8
    pem: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return pem.decode()


def dns_of(key: rsa.RSAPrivateKey) -> Callable[..., bytes]:
    """A name server that knows one key."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form))

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        del timeout
        return b"v=DKIM1; k=rsa; p=" + public if name == b"dd2026._domainkey.xa.example." else b""

    return look_up


def test_a_signed_mail_verifies_and_a_changed_one_does_not(
    mail: MailDouble, envelope: Build, now: datetime, key: rsa.RSAPrivateKey
) -> None:
    settings = settings_for(mail, dkim_selector="dd2026", dkim_key=pem_of(key))
    html = "<p>Kính gửi <b>đồng chí</b></p>"
    got = sent(mail, settings, envelope("ubnd@xa.example", html=html, to_name="Nguyễn Thị Hoàng Anh"), now)
    raw, dns = mail.raw(got["id"]), dns_of(key)

    assert dkim.verify(raw, dnsfunc=dns)
    assert not dkim.verify(raw.replace(b"To: ", b"To: X ", 1), dnsfunc=dns)
    assert not dkim.verify(raw.replace(b"List-Unsubscribe: <https://", b"List-Unsubscribe: <https://x", 1), dnsfunc=dns)
    assert not dkim.verify(b"Subject: another\r\n" + raw, dnsfunc=dns)
    assert not dkim.verify(b"Reply-To: thief@xa.example\r\n" + raw, dnsfunc=dns)
    parsed = message_from_bytes(raw, policy=default)
    assert parsed["To"].addresses[0].display_name == "Nguyễn Thị Hoàng Anh"


@pytest.mark.parametrize("pem", ["", "không phải khóa", "elliptic"])
def test_a_key_that_cannot_sign_is_a_fault_of_the_settings(mail: MailDouble, pem: str) -> None:
    given = pem_of(ec.generate_private_key(ec.SECP256R1())) if pem == "elliptic" else pem
    with pytest.raises(Delivery) as caught:
        build_mail(settings_for(mail, dkim_selector="dd2026", dkim_key=given))
    assert caught.value.kind == "config"
    assert "DONDOC_DKIM_KEY" in caught.value.detail
