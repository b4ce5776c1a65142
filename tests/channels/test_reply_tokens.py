"""Signed plus addresses: what they name, and that nothing else opens them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from config.settings import build_settings
from notifications.reply_tokens import (
    bounce_address,
    leave_address,
    read_bounce_token,
    read_leave_token,
    read_reply_token,
    reply_address,
    reply_token,
    token_of,
)

SET_UP = build_settings(
    {"secret_key": "khóa thử", "mail_reply_to": "nop@xa.example", "mail_bounce": "bounce@xa.example"}
)
OTHER = SET_UP.model_copy(update={"secret_key": SecretStr("khóa khác")})
ROWS = st.integers(1, 2**63 - 1).filter(lambda row: row < 10**18)


@given(row=ROWS, upper=st.booleans())
def test_an_address_names_its_row_and_no_other_use_or_key_opens_it(row: int, upper: bool) -> None:
    uses = [
        (reply_address, read_reply_token),
        (bounce_address, read_bounce_token),
        (leave_address, read_leave_token),
    ]
    for write, read in uses:
        address = write(row, SET_UP)
        assert address is not None
        assert address.isascii()
        assert address == address.lower()
        assert len(address.partition("@")[0]) <= 64
        token = token_of(address.upper() if upper else address)
        assert token is not None
        assert [other(token, SET_UP) for _, other in uses] == [row if other is read else None for _, other in uses]
        assert read(token, OTHER) is None


@given(row=st.integers(1, 10**9), other=st.integers(1, 10**9))
def test_a_signature_of_one_row_does_not_serve_another(row: int, other: int) -> None:
    token = reply_token(row, SET_UP).replace(f"m{row}.", f"m{other}.")
    assert read_reply_token(token, SET_UP) == (row if row == other else None)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert read_reply_token(text, SET_UP) is None
    token_of(text)


@pytest.mark.parametrize("mailbox", ["", "nop", "@xa.example", "nop@"])
def test_without_a_mailbox_there_is_no_address(mailbox: str) -> None:
    assert reply_address(1, SET_UP.model_copy(update={"mail_reply_to": mailbox})) is None


def test_without_a_key_nothing_is_signed_and_nothing_is_read() -> None:
    bare = SET_UP.model_copy(update={"secret_key": SecretStr("")})
    assert reply_address(1, bare) is None
    assert read_reply_token("m1.", bare) is None
    assert read_reply_token(reply_token(1, SET_UP), bare) is None


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("nop+m1.abc@xa.example", "m1.abc"),
        (" nop+a+b@x ", "a+b"),
        ("nop@xa.example", None),
        ("nop+@x", None),
        ("", None),
    ],
)
def test_the_part_behind_the_plus(address: str, token: str | None) -> None:
    assert token_of(address) == token
