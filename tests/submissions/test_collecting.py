"""Files that come by hand: matched by their code alone, never lost, never counted twice."""

from __future__ import annotations

import os
import string
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config.clock import ZONE
from config.settings import Settings, build_settings
from db.models import Obligation, Occurrence, Plan, Submission, Unit
from db.session import reading, transaction
from notifications.codes import occurrence_code, read_code
from submissions.collecting import Collected, collect_folder, inbox

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=ZONE)
SECRET = "a secret of this test"


@pytest.fixture
def settings(home: Path, sqlite_url: str) -> Settings:
    return build_settings({"home": home, "database_url": sqlite_url, "secret_key": SECRET})


@pytest.fixture
def occurrence(settings: Settings) -> int:
    """The number of one open occurrence."""
    day = date(2026, 3, 31)
    plan = Plan(
        code="kh", title="Kế hoạch thử", year=2026, file_name="a", file_sha256="0" * 64, reading={}, imported_at=NOW
    )
    plan.obligations = [Obligation(position=1, key="1", content="Báo cáo quý")]
    with transaction(settings.database_url) as session:
        unit = Unit(code="vp", name="Văn phòng")
        session.add_all([plan, unit])
        session.flush()
        row = Occurrence(obligation_id=plan.obligations[0].id, unit_id=unit.id, period_key="2026-Q1", kind="report")
        row.period_label, row.period_start, row.period_end = "Quý I/2026", date(2026, 1, 1), day
        row.nominal = row.due_legal = row.due_target = day
        session.add(row)
        session.flush()
        return row.id


def put(settings: Settings, name: str, data: bytes = b"%PDF-1.4 bao cao\n%%EOF") -> Path:
    path = inbox(settings) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    old = (NOW - timedelta(minutes=5)).timestamp()
    os.utime(path, (old, old))
    return path


def collect(settings: Settings) -> Collected:
    return collect_folder(lambda: transaction(settings.database_url), settings, NOW)


def submissions(settings: Settings) -> list[tuple[int, str]]:
    """Version and way in of every submission."""
    with reading(settings.database_url) as session:
        return list(session.execute(select(Submission.version, Submission.via)).tuples())


def test_a_file_with_its_code_becomes_a_submission(settings: Settings, occurrence: int) -> None:
    path = put(settings, f"{occurrence_code(occurrence, SECRET)} báo cáo quý I.pdf")
    assert collect(settings) == Collected(taken=1, set_aside=0)
    assert not path.exists()
    assert submissions(settings) == [(1, "folder")]


def test_the_same_file_found_again_after_a_crash_is_no_second_version(settings: Settings, occurrence: int) -> None:
    name = f"{occurrence_code(occurrence, SECRET)}.pdf"
    put(settings, name)
    collect(settings)
    put(settings, name)
    assert collect(settings).taken == 1
    assert len(submissions(settings)) == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bao cao quy I.pdf", b"%PDF-1.4", "mã kỳ hạn"),
        ("DD-1-AAAA bao cao.pdf", b"%PDF-1.4", "mã kỳ hạn"),
        ("{code}.exe", b"MZ\x90\x00", ".exe"),
        ("{code} lon.pdf", b"%PDF-1.4" + b"x" * (21 << 20), "20 MB"),
    ],
    ids=["no code", "wrong check", "a program", "too large"],
)
def test_what_cannot_be_taken_is_set_aside_with_the_reason(
    settings: Settings, occurrence: int, name: str, data: bytes, words: str
) -> None:
    path = put(settings, name.format(code=occurrence_code(occurrence, SECRET)), data)
    assert collect(settings) == Collected(taken=0, set_aside=1)
    assert submissions(settings) == []
    aside = path.parent / "chua-khop" / path.name
    assert aside.read_bytes() == data
    assert words in aside.with_name(aside.name + ".ly-do.txt").read_text(encoding="utf-8")


def test_a_file_still_being_copied_is_left_alone(settings: Settings, occurrence: int) -> None:
    path = put(settings, f"{occurrence_code(occurrence, SECRET)}.pdf")
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert collect(settings) == Collected()
    assert path.exists()


@given(st.integers(1, 10**9), st.text(string.printable))
def test_a_code_names_its_occurrence_wherever_it_stands(number: int, around: str) -> None:
    code = occurrence_code(number, SECRET)
    assert read_code(f"{around} {code} ", SECRET) in (number, read_code(around, SECRET))
    assert read_code(code.lower().replace("-", "_"), SECRET) == number
    assert read_code(code, "another secret") in (None, number)


@pytest.mark.parametrize("position", range(4))
def test_one_wrong_letter_is_no_code(position: int) -> None:
    head, check = occurrence_code(128, SECRET).rsplit("-", 1)
    letter = "A" if check[position] != "A" else "B"
    assert read_code(f"{head}-{check[:position]}{letter}{check[position + 1 :]}", SECRET) is None


def test_a_file_that_may_not_be_opened_holds_up_nobody(settings: Settings, occurrence: int) -> None:
    code = occurrence_code(occurrence, SECRET)
    folder = inbox(settings)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (f"{code} a.txt", f"{code} b.txt"):
        (folder / name).write_text("Đã xong.")
        os.utime(folder / name, (NOW.timestamp() - 60,) * 2)

    # Played, because the tests may run as root, to whom no file is closed.
    locked = folder / f"{code} a.txt"
    original = Path.read_bytes

    def read(path: Path) -> bytes:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", read)
        done = collect_folder(lambda: transaction(settings.database_url), settings, NOW)
    assert done == Collected(1, 1)
    assert "quyền đọc" in (folder / "chua-khop" / f"{code} a.txt.ly-do.txt").read_text()
