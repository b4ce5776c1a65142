"""The same mailbox on Dovecot, a server that offices run: TLS both ways, MOVE, its own UIDVALIDITY, its own folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from notifications.reply_tokens import reply_address
from submissions.mailbox.account import read_account
from submissions.mailbox.reading import MailboxFault, open_mailbox
from tests.channels.doubles import MailDouble
from tests.mailbox.dovecot import PASSWORD, Dovecot, find, running_dovecot
from tests.mailbox.mails import DOCX, with_file, written
from tests.mailbox.office import DONE, ImapDouble, MailOffice
from tests.notifications.chase_world import at, on

NOW = at(on("16/3"), "10:00")
NAME = "Báo cáo tháng 3 – Phòng Kinh tế.docx"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot of our own."""
    if find() is None:
        message = "no dovecot on this machine (scripts/services.sh installs dovecot-imapd)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with running_dovecot() as server:
        yield server


def url(server: Dovecot, scheme: str, password: str = PASSWORD) -> str:
    """The mailbox as a setting."""
    port = server.tls if scheme == "imaps" else server.plain
    return f"{scheme}://nop:{password}@localhost:{port}/INBOX?ca={server.ca}&timeout=10"


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_a_real_server_is_read_put_away_and_found_again(
    office: MailOffice, dovecot: Dovecot, scheme: str, tmp_path: Path
) -> None:
    office.settings = office.settings.model_copy(update={"imap_url": SecretStr(url(dovecot, scheme))})
    account = read_account(url(dovecot, scheme))
    to = reply_address(1, office.settings) or ""
    mails = [with_file(written(to, f"Xin hỏi {scheme} {n}?"), NAME, DOCX).as_bytes() for n in (1, 2, 3)]
    with open_mailbox(account) as box:
        for mail in mails:
            box._box.append(mail, "INBOX")

    done = office.collect(NOW)
    assert (done.mails, done.known, done.left) == (3, 0, 0)
    rows = office.inbound()
    assert [row.text for row in rows] == [f"Xin hỏi {scheme} {n}?" for n in (1, 2, 3)]
    assert {file["name"] for row in rows for file in row.data["files"]} == {NAME}
    assert office.collect(NOW).mails == 0
    with open_mailbox(account) as box:
        assert box.uids_after(0) == []
        box._box.folder.set(DONE)
        assert len(box.uids_after(0)) >= 3
        assert b"\\Seen" not in b"".join(box._box.client.uid("FETCH", "1:*", "(FLAGS)")[1])


def test_a_certificate_that_nobody_vouches_for_is_refused(dovecot: Dovecot) -> None:
    for scheme in ("imaps", "imap"):
        bare = url(dovecot, scheme).partition("?")[0]
        with pytest.raises(MailboxFault, match="Không mã hóa được"), open_mailbox(read_account(bare)):
            pass


def test_the_doubles_and_the_real_server_tell_the_same(imap: ImapDouble, smtp: MailDouble, dovecot: Dovecot) -> None:
    """Both number mails upward, answer "n:*" with the highest, and keep a mail unread that is only looked at."""
    said = []
    for account in (read_account(f"{imap.url}?starttls=no"), read_account(url(dovecot, "imaps"))):
        with open_mailbox(account) as box:
            before = box.uids_after(0)
            box._box.append(written("nop@xa.test", "x").as_bytes(), "INBOX")
            (uid,) = [one for one in box.uids_after(0) if one not in before]
            found, head = box.fetch(uid, 10_000), box.fetch(uid, 10)
            assert found is not None
            assert head is not None
            said.append((box.uids_after(uid), found.whole, head.whole, found.arrived is not None, len(head.raw) > 0))
            assert box.put_away(uid, "Thư mục mới/Đã xong")
            assert box.fetch(uid, 10_000) is None
    assert said[0] == said[1] == ([], True, False, True, True)


def test_a_wrong_password_is_told(dovecot: Dovecot) -> None:
    # Last, because the server makes whoever guesses wait.
    with (
        pytest.raises(MailboxFault, match="không nhận tên hoặc mật khẩu"),
        open_mailbox(read_account(url(dovecot, "imaps", "sai"))),
    ):
        pass
