"""Reading a mailbox: nothing lost, nothing twice, nothing touched that is not ours to touch."""

from __future__ import annotations

import imaplib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from cli.collect_command import collect
from cli.doctor_command import check_mailbox
from config.faults import ConfigFault
from config.settings import load_settings
from db.models import InboundMessage
from db.queries.mailbox_queries import bookmark_of, move_bookmark
from db.queries.watch_queries import newest_run
from db.session import reading
from dev.smtp_double.notices import Taken, notice
from notifications.job_runs import MAILBOX
from notifications.reply_tokens import bounce_address
from submissions.inbound import taking
from submissions.inbound.incoming import Incoming
from submissions.inbound.taking import OpenTransaction
from submissions.mailbox import collecting, parsing
from submissions.mailbox.account import ImapAccount, read_account
from submissions.mailbox.reading import MailboxFault, OpenMailbox
from tests.mailbox.mails import with_file, written
from tests.mailbox.office import DONE, ImapDouble, MailOffice
from tests.notifications.chase_world import at, on

NOW = at(on("16/3"), "10:00")


def letter(number: int, text: str = "Xin hỏi về việc này?") -> bytes:
    """A mail of somebody, known by its number."""
    return written("nop@xa.test", text, Message_ID=f"<thu-{number}@xa.test>").as_bytes()


def texts(office: MailOffice) -> list[str]:
    """What was taken in, oldest first."""
    return [row.text for row in office.inbound()]


def test_mails_are_read_in_order_and_put_away_unread(office: MailOffice, imap: ImapDouble) -> None:
    for number in (1, 2, 3):
        imap.append(letter(number, f"Câu hỏi {number}?"))
    done = office.collect(NOW)
    assert (done.mails, done.left) == (3, 0)
    assert texts(office) == ["Câu hỏi 1?", "Câu hỏi 2?", "Câu hỏi 3?"]
    assert imap.mails() == []
    kept = imap.mails(DONE)
    assert len(kept) == 3
    assert all(b"\\Seen" not in flags and b"\\Deleted" not in flags for flags, _ in kept)
    assert office.collect(NOW).mails == 0


def test_without_a_folder_everything_stays_and_is_read_once(office: MailOffice, imap: ImapDouble) -> None:
    office.settings = office.settings.model_copy(update={"imap_done_folder": ""})
    imap.append(letter(1))
    assert office.collect(NOW).mails == 1
    imap.append(letter(2))
    done = office.collect(NOW)
    assert (done.mails, done.known) == (1, 0)
    assert len(imap.mails()) == 2


def test_a_new_numbering_of_the_server_counts_nothing_twice(office: MailOffice, imap: ImapDouble) -> None:
    office.settings = office.settings.model_copy(update={"imap_done_folder": ""})
    imap.append(letter(1))
    office.collect(NOW)
    name = read_account(str(office.settings.imap_url and office.settings.imap_url.get_secret_value())).name
    with office.transaction() as session:
        validity, last = bookmark_of(session, name) or (0, 0)
        # As if the numbers had meant other mails: far above all that lie there now.
        move_bookmark(session, name, validity + 1, last + 1000, NOW)
    imap.append(letter(2))
    done = office.collect(NOW)
    assert (done.mails, done.known) == (1, 1)
    assert len(office.inbound()) == 2


def test_two_mails_under_one_id_are_both_kept(office: MailOffice, imap: ImapDouble) -> None:
    imap.append(letter(1, "Câu hỏi thứ nhất?"))
    imap.append(letter(1, "Câu hỏi thứ hai?"))
    imap.append(letter(1, "Câu hỏi thứ hai?"))
    done = office.collect(NOW)
    assert (done.mails, done.known) == (2, 1)
    assert sorted(texts(office)) == ["Câu hỏi thứ hai?", "Câu hỏi thứ nhất?"]


def test_a_mail_that_cannot_be_moved_stays_and_is_not_read_again(
    office: MailOffice, imap: ImapDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> bool:
        raise imaplib.IMAP4.error("NO [OVERQUOTA]")

    monkeypatch.setattr(OpenMailbox, "_move", refused)
    imap.append(letter(1))
    assert office.collect(NOW).mails == 1
    assert len(imap.mails()) == 1
    assert office.collect(NOW).mails == 0


def test_a_mail_too_large_is_not_fetched_but_seen(office: MailOffice, imap: ImapDouble) -> None:
    office.settings = office.settings.model_copy(update={"upload_mb": 0})
    imap.append(with_file(written("nop@xa.test", "Xin gửi."), "báo cáo.pdf", b"%PDF" + b"x" * 5000).as_bytes())
    office.collect(NOW)
    (row,) = office.inbound()
    assert row.state == "waiting"
    assert "quá lớn" in row.text
    assert row.data["files"] == []


def test_what_breaks_the_parser_waits_for_a_person_and_holds_up_nobody(
    office: MailOffice, imap: ImapDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = parsing.incoming_of

    def breaks(raw: bytes, *rest: object) -> object:
        if b"<thu-1@" in raw:
            raise RuntimeError("a mail that nobody foresaw")
        return real(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(collecting, "incoming_of", breaks)
    imap.append(letter(1))
    imap.append(letter(2, "Câu hỏi 2?"))
    assert office.collect(NOW).mails == 2
    first, second = office.inbound()
    assert (first.state, second.text) == ("waiting", "Câu hỏi 2?")
    assert "cấu trúc hỏng" in first.text
    assert first.raw_sha256


def test_a_run_that_dies_behind_a_mail_finds_it_again(
    office: MailOffice, imap: ImapDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(transaction: OpenTransaction, incoming: Incoming, *rest: object) -> InboundMessage:
        taking.keep(transaction, incoming, office.settings)
        raise OSError("the machine lost its power")

    imap.append(letter(1))
    with monkeypatch.context() as patch:
        patch.setattr(collecting, "take_in", dies)
        # Not a fault of the mailbox: nobody is to look for it there.
        with pytest.raises(OSError, match="power"):
            office.collect(NOW)
    assert len(imap.mails()) == 1
    assert [row.state for row in office.inbound()] == ["received"]
    done = office.collect(NOW)
    assert (done.mails, done.known) == (0, 1)
    assert [row.state for row in office.inbound()] == ["waiting"]


FAULTS = {
    "wrong password": ("imap://nop:sai@{host}?starttls=no", "không nhận tên hoặc mật khẩu"),
    "no such folder": ("imap://nop:thu@{host}/Khong-co?starttls=no", "không có thư mục «Khong-co»"),
    "no STARTTLS": ("imap://nop:thu@{host}", "Không đọc được hộp thư"),
    "nobody there": ("imap://nop:thu@127.0.0.1:9?starttls=no&timeout=2", "Không đọc được hộp thư"),
}


@pytest.mark.parametrize(("url", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_mailbox_that_cannot_be_read_is_told_with_the_cure(
    office: MailOffice, imap: ImapDouble, url: str, words: str
) -> None:
    host = imap.url.partition("@")[2].partition("/")[0]
    office.settings = office.settings.model_copy(update={"imap_url": SecretStr(url.format(host=host))})
    with pytest.raises(MailboxFault, match=words) as caught:
        office.collect(NOW)
    assert "DONDOC_IMAP_URL" in str(caught.value)
    assert "thu@" not in str(caught.value)
    with reading(office.url) as session:
        run = newest_run(session, MAILBOX)
        assert run is not None
        assert words in (run.error or "")
        assert run.summary == {"since": NOW.isoformat()}


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A server that greets and then goes away."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"* OK IMAP4rev1\r\n")
            connection.recv(100)

    threading.Thread(target=serve, daemon=True).start()
    yield f"imap://nop:thu@127.0.0.1:{listener.getsockname()[1]}?starttls=no&timeout=2"
    listener.close()


def test_a_server_that_goes_away_is_told(office: MailOffice, silent_server: str) -> None:
    office.settings = office.settings.model_copy(update={"imap_url": SecretStr(silent_server)})
    with pytest.raises(MailboxFault, match="mất kết nối"):
        office.collect(NOW)


URLS = {
    "imaps://nop%40xa.vn:m%E1%BA%ADt@mail.xa.vn": ImapAccount("mail.xa.vn", 993, "tls", "nop@xa.vn", "mật"),
    "imap://nop:x@mail.xa.vn/": ImapAccount("mail.xa.vn", 143, "starttls", "nop", "x"),
    "imap://nop:x@m:1143/B%C3%A1o%20c%C3%A1o?starttls=no&timeout=5": ImapAccount(
        "m", 1143, "plain", "nop", "x", "Báo cáo", None, 5.0
    ),
}


@pytest.mark.parametrize(("url", "account"), URLS.items())
def test_an_address_is_read(url: str, account: ImapAccount) -> None:
    assert read_account(url) == account
    assert "mật" not in repr(account)


@pytest.mark.parametrize(
    "url",
    [
        "imap://mail.xa.vn",
        "imap://a:b@",
        "imap://a:b@h:x",
        "imaps://a:b@h?tls=1",
        "imap://a:b@h?starttls=maybe",
        "imap://a:b@h?timeout=0",
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: str) -> None:
    with pytest.raises(ConfigFault, match="DONDOC_IMAP_URL"):
        read_account(url)


def test_two_collectors_at_once_take_each_mail_once(both_office: MailOffice, imap: ImapDouble) -> None:
    for number in range(1, 6):
        imap.append(letter(number, f"Câu hỏi {number}?"))
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: both_office.collect(NOW), range(2)))
    assert sorted(texts(both_office)) == [f"Câu hỏi {number}?" for number in range(1, 6)]
    assert {row.state for row in both_office.inbound()} == {"waiting"}
    assert len(imap.mails(DONE)) == 5
    assert sum(one.mails for one in done) >= 5


DOCTOR: dict[str, tuple[dict[str, object], list[str]]] = {
    "all is well": ({}, ["ok"]),
    "nobody reads what is promised": ({"imap_url": None}, ["warn"]),
    "nothing is promised": ({"imap_url": None, "mail_reply_to": "", "mail_bounce": ""}, []),
    "nobody can answer": ({"mail_reply_to": ""}, ["ok", "warn"]),
    "not there": ({"imap_url": SecretStr("imap://a:b@127.0.0.1:9?starttls=no")}, ["bad"]),
    "nonsense": ({"imap_url": SecretStr("imap://127.0.0.1")}, ["bad"]),
}


@pytest.mark.parametrize(("changes", "levels"), DOCTOR.values(), ids=DOCTOR.keys())
def test_the_doctor_says_how_the_mailbox_stands(
    office: MailOffice, changes: dict[str, object], levels: list[str]
) -> None:
    found = list(check_mailbox(office.settings.model_copy(update=changes)))
    assert [check.level for check in found] == levels
    assert all(check.cure for check in found if check.level != "ok")


def test_the_command_collects_and_says_what_it_found(
    office: MailOffice, imap: ImapDouble, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", office.url)
    monkeypatch.setenv("DONDOC_SECRET_KEY", "khóa")
    load_settings.cache_clear()
    collect("2026-03-16T10:00")
    assert "Chưa thiết lập hộp thư" in capsys.readouterr().out

    imap.append(letter(1))
    monkeypatch.setenv("DONDOC_IMAP_URL", f"{imap.url}?starttls=no")
    load_settings.cache_clear()
    collect("2026-03-16T10:00")
    assert "Hộp thư: 1 thư mới" in capsys.readouterr().out


def test_signs_that_no_database_takes_hold_up_nobody(both_office: MailOffice, imap: ImapDouble) -> None:
    evil = b"\x00\x01\xff\xed\xa0\x80"
    imap.append(letter(1).replace(b"Re: ", b"Re: " + evil).replace(b"<thu-1@", b"<thu-1" + evil + b"@"))
    imap.append(letter(2).replace(b"binh@xa.example", b"bi" + evil + b"nh@xa.example") + b"Xin h\x00i?")
    endless = letter(3).replace(b"<thu-3@", b"<" + b"x" * 800 + b"@")
    imap.append(endless)
    imap.append(endless)
    failed = notice(Taken(bounce_address(1, both_office.settings) or "", "a@b", letter(4)), "5.1.1")
    imap.append(failed.replace(b"User unknown", b"User " + evil).replace(b"Message-ID: <", b"Message-ID: <" + evil))
    done = both_office.collect(NOW)
    assert (done.mails, done.bounces, done.known, done.left) == (3, 1, 1, 0)
    assert imap.mails() == []
