"""Whatever is done to the journal behind the program's back shows, the first place first; and it can be taken out."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from cli.journal_commands import journal_app
from config.faults import Refusal
from db import journal
from db.models import JournalEntry, JournalHead
from db.session import reading, transaction

NOW = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)
ENTRIES = 12


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with twelve entries."""
    monkeypatch.setenv("DONDOC_DATABASE_URL", sqlite_url)
    with transaction(sqlite_url) as session:
        deeds = (journal.Deed("plan.edit", "plan", n, {"reason": "=1+1", "n": n}) for n in range(ENTRIES))
        journal.record_all(session, NOW, "An", deeds)
    return sqlite_url


def change(session: Session, place: int, **columns: object) -> None:
    session.execute(update(JournalEntry).where(JournalEntry.seq == place).values(**columns))


def swap(session: Session) -> None:
    for old, new in ((5, 100), (6, 5), (100, 6)):
        change(session, old, seq=new)


def take_out(session: Session) -> None:
    session.execute(delete(JournalEntry).where(JournalEntry.seq == 7))


def cut(session: Session) -> None:
    session.execute(delete(JournalEntry).where(JournalEntry.seq > 9))


def cut_with_its_head(session: Session) -> None:
    cut(session)
    last = session.get_one(JournalEntry, 9)
    session.execute(update(JournalHead).values(seq=9, hash=last.hash))


def write_anew(session: Session) -> None:
    """One entry changed, and every hash from there on counted again, the head too."""
    before = session.get_one(JournalEntry, 4).hash
    for seq in range(5, ENTRIES + 1):
        entry = session.get_one(JournalEntry, seq)
        entry.actor, entry.previous_hash = ("Kẻ Lạ" if seq == 5 else entry.actor), before
        entry.hash = before = journal.entry_hash(entry)
    session.execute(update(JournalHead).values(hash=before))


# what is done -> the beginning of the first sentence, without and with an anchor kept outside
TAMPERING: dict[str, tuple[Callable[[Session], None], str, str]] = {
    "a word is changed": (lambda s: change(s, 4, actor="Kẻ Lạ"), "Mục nhật ký số 4 ", "Mục nhật ký số 4 "),
    "data is changed": (lambda s: change(s, 4, data={"n": 0}), "Mục nhật ký số 4 ", "Mục nhật ký số 4 "),
    "a moment is changed": (
        lambda s: change(s, 12, at=NOW.replace(hour=2)),
        "Mục nhật ký số 12 ",
        "Mục nhật ký số 12 ",
    ),
    "one is taken out": (
        take_out,
        "Nhật ký thiếu mục số 7 (gặp số 8)",
        "Nhật ký thiếu mục số 7",
    ),
    "two change places": (swap, "Mục nhật ký số 5 ", "Mục nhật ký số 5 "),
    "the end is cut off": (
        cut,
        "Phần cuối nhật ký bị mất: đầu mối ghi số 12, mục cuối cùng là số 9.",
        "Nhật ký chỉ còn 9",
    ),
    "the end is cut off with its head": (cut_with_its_head, "", "Nhật ký chỉ còn 9 mục, trong khi đã có mã"),
    "the chain is written anew": (write_anew, "", "Mục nhật ký số 12 không khớp mã đã ghi lại"),
    "nothing is done": (lambda s: None, "", ""),
}


@pytest.mark.parametrize(("tamper", "alone", "anchored"), TAMPERING.values(), ids=TAMPERING)
def test_the_first_break_is_named(url: str, tamper: Callable[[Session], None], alone: str, anchored: str) -> None:
    with reading(url) as session:
        anchor = journal.newest_anchor(session)
    with transaction(url) as session:
        tamper(session)
    with reading(url) as session:
        for kept, expected in ((None, alone), (anchor, anchored)):
            faults = list(journal.verify(session, kept))
            assert bool(faults) == bool(expected)
            assert not expected or faults[0].startswith(expected)
        assert bool(journal.verify_tail(session, 200)) == bool(alone)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(journal_app, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_person_keeps_the_anchor_and_checks_by_it(url: str) -> None:
    code, told = run("verify")
    anchor = told.split("lúc này: ")[1].split("\n")[0]
    assert (code, anchor.split(":")[0]) == (0, "12")
    assert run("verify", "--anchor", anchor.upper())[0] == 0
    with transaction(url) as session:
        write_anew(session)
    assert run("verify")[0] == 0, "nothing inside can tell"
    code, told = run("verify", "--anchor", anchor)
    assert (code, "không khớp mã đã ghi lại" in told) == (1, True)
    with pytest.raises(Refusal):
        run("verify", "--anchor", "không phải mã")


def test_the_journal_is_taken_out_whole(url: str, tmp_path: Path) -> None:
    assert run("export", str(tmp_path / "nk.jsonl"))[1].startswith("Đã ghi 12 mục")
    lines = [json.loads(line) for line in (tmp_path / "nk.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, ENTRIES + 1))
    assert (lines[0]["at"], lines[0]["data"]) == ("2026-03-18T08:00:00+07:00", {"reason": "=1+1", "n": 0})
    run("export", str(tmp_path / "nk.csv"))
    with (tmp_path / "nk.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == ENTRIES + 1
    assert rows[1][2:4] == ["An", "plan.edit"]
    with pytest.raises(Refusal):
        run("export", str(tmp_path / "nk.txt"))
    with pytest.raises(Refusal):
        run("export", str(tmp_path / "khong-co" / "nk.csv"))


def test_no_field_is_a_formula(url: str, tmp_path: Path) -> None:
    with transaction(url) as session:
        journal.record(session, at=NOW, actor="=HYPERLINK(1)", action="x.y", subject_kind="plan", subject_id=1)
    run("export", str(tmp_path / "nk.csv"))
    assert ",'=HYPERLINK(1)," in (tmp_path / "nk.csv").read_text(encoding="utf-8-sig")


def test_two_first_entries_at_once_make_one_chain(database_url: str) -> None:
    started = threading.Barrier(4)

    def write(number: int) -> None:
        with transaction(database_url) as session:
            session.connection()
            if database_url.startswith("postgresql"):
                started.wait(10)
            at = datetime(2026, 3, 2, tzinfo=UTC)
            journal.record(session, at=at, actor="x", action="a", subject_kind="plan", subject_id=number, data={})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with reading(database_url) as session:
        assert list(journal.verify(session)) == []
        assert session.get_one(JournalHead, 1).seq == 4
