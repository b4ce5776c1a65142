"""Encryption and login against a real server with a certificate of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels import Delivery, Envelope
from notifications.channels.mail.channel import MailChannel
from notifications.channels.mail.server import read_server
from tests.channels.doubles import MailDouble, running

Build = Callable[..., Envelope]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but its holder trusts, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.double")])
    today = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    return cert_file, key_file


@pytest.fixture(scope="module", params=["starttls", "tls"])
def secure(
    request: pytest.FixtureRequest, certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[MailDouble, str]]:
    """A server that demands encryption and a login; yields it with the URL that satisfies it."""
    cert, key = certificate
    state = tmp_path_factory.mktemp("secure")
    options = ["--mode", request.param, "--cert", str(cert), "--key", str(key), "--login", "lan:mật khẩu"]
    with running("dev.smtp_double", "--port", "0", "--http-port", "0", "--state", str(state), *options) as (http, smtp):
        scheme = "smtps" if request.param == "tls" else "smtp"
        place = smtp.removeprefix("smtp://")
        yield MailDouble(http, smtp), f"{scheme}://lan:m%E1%BA%ADt%20kh%E1%BA%A9u@{place}?timeout=5&ca={cert}"


def kind_of(url: str, envelope: Envelope, now: datetime) -> Delivery:
    """The failure of a send that must fail."""
    with pytest.raises(Delivery) as caught:
        MailChannel(read_server(url, "dondoc@xa.example")).send(envelope, now)
    return caught.value


def test_encrypted_and_logged_in(secure: tuple[MailDouble, str], envelope: Build, now: datetime) -> None:
    double, url = secure
    channel = MailChannel(read_server(url, "dondoc@xa.example"))
    assert channel.check(now) == []
    channel.send(envelope("bao-mat@xa.example"), now)
    assert len(double.mails("bao-mat@xa.example")) == 1


def test_a_wrong_password_calls_the_administrator(
    secure: tuple[MailDouble, str], envelope: Build, now: datetime
) -> None:
    double, url = secure
    failure = kind_of(url.replace("lan:", "lan:sai"), envelope("sai@xa.example"), now)
    assert (failure.kind, failure.code) == ("auth", "535")
    assert double.mails("sai@xa.example") == []


def test_a_certificate_that_is_not_trusted_stops_everything(
    secure: tuple[MailDouble, str], envelope: Build, now: datetime
) -> None:
    double, url = secure
    failure = kind_of(url.partition("&ca=")[0], envelope("la@xa.example"), now)
    assert (failure.kind, failure.code) == ("config", "tls")
    assert double.mails("la@xa.example") == []


def test_a_password_does_not_leave_in_the_clear(mail: MailDouble, envelope: Build, now: datetime) -> None:
    url = mail.smtp_url.replace("smtp://", "smtp://lan:x@")
    failure = kind_of(url, envelope("ro@xa.example"), now)
    assert (failure.kind, failure.code) == ("config", "starttls")
    assert mail.mails("ro@xa.example") == []


def test_a_server_without_login_is_our_setting(mail: MailDouble, envelope: Build, now: datetime) -> None:
    url = mail.smtp_url.replace("smtp://", "smtp://lan:x@") + "?starttls=no"
    failure = kind_of(url, envelope("ro@xa.example"), now)
    assert (failure.kind, failure.code) == ("config", "auth")


def test_speaking_plain_to_a_tls_port_is_no_hang(
    secure: tuple[MailDouble, str], envelope: Build, now: datetime
) -> None:
    _, url = secure
    if url.startswith("smtps"):
        plain = "smtp" + url.removeprefix("smtps").replace("timeout=5", "timeout=1&starttls=no")
        assert kind_of(plain, envelope("ro@xa.example"), now).kind == "temporary"
    else:
        assert kind_of("smtps" + url.removeprefix("smtp"), envelope("ro@xa.example"), now).kind == "config"
