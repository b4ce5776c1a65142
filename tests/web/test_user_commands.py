"""`dondoc user` and `dondoc serve`: the first administrator, a new password, closing an account."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import uvicorn
from typer import Typer
from typer.testing import CliRunner

from cli.main import COMMANDS
from cli.serve_command import APPLICATION, refuse_unready, serve
from cli.setup_commands import prepare
from cli.user_commands import user_app
from config.faults import Refusal
from config.settings import load_settings
from db import accounts
from db.models import JournalEntry, User
from db.session import engine_for, reading

WORDS = "một câu dễ nhớ"


@pytest.fixture
def ready(home: Path) -> Iterator[str]:
    """An installation that `dondoc init` made."""
    prepare()
    yield load_settings().database_url
    engine_for(load_settings().database_url).dispose()


def run(*arguments: str, typed: str = f"{WORDS}\n") -> str:
    """What a command says; it must end well."""
    result = CliRunner().invoke(user_app, list(arguments), input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_first_administrator_is_made_and_listed(ready: str) -> None:
    assert "Chưa có tài khoản nào" in run("list")
    said = run("add", "Quantri", "--role", "admin", "--full-name", "Lê Hoa", "--password-stdin")
    assert said == "Đã thêm tài khoản quantri (quản trị).\n"
    assert run("list") == "quantri\tquản trị\tLê Hoa\tđang dùng\n"
    with reading(ready) as session:
        user = session.query(User).one()
        assert accounts.password_matches(user.password_hash, WORDS)
        entry = session.query(JournalEntry).one()
        assert (entry.action, entry.data) == ("user.add", {"username": "quantri", "role": "admin"})


def test_a_password_is_never_kept_as_typed(ready: str, home: Path) -> None:
    run("add", "lan", "--role", "officer", "--password-stdin")
    engine_for(ready).dispose()
    assert not any(WORDS.encode() in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_reset_opens_a_locked_account(ready: str) -> None:
    run("add", "lan", "--role", "officer", "--password-stdin")
    run("close", "lan")
    assert "đã đóng" in run("list")
    assert "mọi phiên đăng nhập cũ đã kết thúc" in run("reset", "lan", "--password-stdin", typed="câu khác dài hơn\n")
    assert "đang dùng" in run("list")


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("add", "lan", "--role", "officer", "--password-stdin"), "ngắn\n", "quá ngắn"),
        (("add", "lan", "--role", "officer"), "", "--password-stdin"),
        (("reset", "không-ai", "--password-stdin"), f"{WORDS}\n", "Không có tài khoản"),
        (("close", "không-ai"), "", "Không có tài khoản"),
    ],
    ids=["short", "no keyboard", "reset nobody", "close nobody"],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    ready: str, arguments: tuple[str, ...], typed: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        CliRunner().invoke(user_app, list(arguments), input=typed, catch_exceptions=False)
    with reading(ready) as session:
        assert session.query(User).count() == 0


def test_serve_listens_where_the_settings_say(ready: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, object]]] = []
    usual, free = free_port(), free_port()
    monkeypatch.setenv("DONDOC_WEB_PORT", str(usual))
    load_settings.cache_clear()
    monkeypatch.setattr(uvicorn, "run", lambda target, **options: asked.append((target, options)))
    command = Typer()
    command.command()(serve)
    assert CliRunner().invoke(command, []).exit_code == 0
    assert CliRunner().invoke(command, ["--host", "0.0.0.0", "--port", str(free)]).exit_code == 0
    told = [(target, options["host"], options["port"]) for target, options in asked]
    assert told == [(APPLICATION, "127.0.0.1", usual), (APPLICATION, "0.0.0.0", free)]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_busy_port_and_a_missing_database_each_name_the_cure(ready: str, home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refusal, match="Không mở được cổng"):
            refuse_unready(ready, "127.0.0.1", taken.getsockname()[1])
    with pytest.raises(Refusal, match="dondoc init"):
        refuse_unready(f"sqlite:///{home / 'khác.db'}", "127.0.0.1", free_port())


@pytest.mark.parametrize("name", [name for name, (_, attribute, _) in COMMANDS.items() if attribute.endswith("_app")])
def test_no_group_of_commands_offers_what_only_a_developer_wants(name: str) -> None:
    module, attribute, _ = COMMANDS[name]
    said = CliRunner().invoke(getattr(import_module(module), attribute), ["--help"]).output
    assert ("--install-completion" in said, "╭" in said) == (False, False)
