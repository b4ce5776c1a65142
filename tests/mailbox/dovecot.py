"""A Dovecot of the test's own: private folders, free ports, a certificate made for it; as root or as any user."""

from __future__ import annotations

import datetime
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "mat-khau-thu"
CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = yes
login_trusted_networks =
mail_location = maildir:{home}/mail/Maildir
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server: its two ports (STARTTLS, TLS), and the certificate to trust."""

    plain: int
    tls: int
    ca: Path


def find() -> str | None:
    """The server's program, if it is on this machine."""
    return shutil.which("dovecot") or next((one for one in ("/usr/sbin/dovecot",) if Path(one).exists()), None)


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """A server with an empty mailbox of user `nop`."""
    program = find()
    assert program is not None
    home = Path(tempfile.mkdtemp(prefix="dondoc-dovecot-"))
    server = Dovecot(_free_port(), _free_port(), home / "cert.pem")
    (home / "mail").mkdir()
    _write_certificate(home)
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    own = owner.pw_name
    users = ("dovecot", "dovenull") if os.getuid() == 0 else (own, own)
    group = "dovecot" if os.getuid() == 0 else _group_name(owner.pw_gid)
    text = CONFIG.format(
        home=home,
        internal=users[0],
        login=users[1],
        group=group,
        password=PASSWORD,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        plain=server.plain,
        tls=server.tls,
    )
    (home / "dovecot.conf").write_text(text)
    if os.getuid() == 0:
        home.chmod(0o755)
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    process = subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait_for(server.tls, process, home)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


def _group_name(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    said = process.stderr.read().decode() if process.poll() is not None and process.stderr else ""
    log = (home / "log").read_text() if (home / "log").exists() else ""
    raise AssertionError(f"dovecot did not start:\n{said}{log}")


def _write_certificate(home: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (home / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
