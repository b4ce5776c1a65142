"""DONDOC_SMTP_URL: what it means, and each fault told with its cure."""

from __future__ import annotations

import pytest

from notifications.channels import Delivery
from notifications.channels.mail.server import MailServer, read_server

SENDER = "dondoc@xa.example"

GOOD = [
    pytest.param("smtp://mail.example", MailServer("mail.example", 587, "auto", SENDER), id="nothing but a host"),
    pytest.param(
        "smtp://lan:m%40t%3Akhau@mail.example:2525",
        MailServer("mail.example", 2525, "starttls", SENDER, user="lan", password="m@t:khau"),
        id="a password demands STARTTLS",
    ),
    pytest.param(
        "smtp://lan:x@mail.example?starttls=no",
        MailServer("mail.example", 587, "plain", SENDER, user="lan", password="x"),
        id="unless the office says no",
    ),
    pytest.param("smtp://mail.example?starttls=yes", MailServer("mail.example", 587, "starttls", SENDER), id="yes"),
    pytest.param("smtps://mail.example", MailServer("mail.example", 465, "tls", SENDER), id="TLS"),
    pytest.param(
        "smtp://mail.example?from=khac@xa.example&timeout=3&name=UBND%20x%C3%A3",
        MailServer("mail.example", 587, "auto", "khac@xa.example", "UBND xã", timeout=3.0),
        id="sender in the address",
    ),
]


@pytest.mark.parametrize(("url", "server"), GOOD)
def test_a_good_address(url: str, server: MailServer) -> None:
    assert read_server(url, SENDER) == server


BAD = [
    pytest.param("http://mail.example", SENDER, "smtp://", id="scheme"),
    pytest.param("smtp://", SENDER, "smtp://", id="no host"),
    pytest.param("smtp://mail.example:cổng", SENDER, "smtp://", id="port is no number"),
    pytest.param("smtp://mail.example?tls=1", SENDER, "tùy chọn tls", id="unknown option"),
    pytest.param("smtp://mail.example?starttls=maybe", SENDER, "starttls=maybe", id="unknown word"),
    pytest.param("smtp://mail.example?timeout=0", SENDER, "timeout=0", id="no time"),
    pytest.param("smtp://mail.example?timeout=mai", SENDER, "timeout=mai", id="time is no number"),
    pytest.param("smtp://mail.example", "không phải địa chỉ", "DONDOC_MAIL_FROM", id="no sender"),
]


@pytest.mark.parametrize(("url", "sender", "words"), BAD)
def test_a_bad_address_says_its_cure(url: str, sender: str, words: str) -> None:
    with pytest.raises(Delivery) as caught:
        read_server(url, sender)
    assert caught.value.kind == "config"
    assert words in caught.value.detail


def test_a_password_is_never_shown() -> None:
    assert "bimat" not in repr(read_server("smtp://lan:bimat@mail.example", SENDER))
