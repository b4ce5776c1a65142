"""`dondoc calendar` at a terminal: days, levels, cut-offs, and the approval of a new order."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import load_settings
from db.models import JournalEntry, Obligation, Occurrence
from db.office_rules import adopt_rules
from db.session import reading
from tests.notifications.chase_world import World, add_duty, at, new_world, on

STORM = "local:\n  - {from: 2026-03-17, working: false, reason: Nghỉ tránh bão, order: 12/CĐ-UBND}\n"
NOW = "2026-03-02T08:00+07:00"


@pytest.fixture
def world(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A commune whose settings the commands read."""
    monkeypatch.setenv("DONDOC_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DONDOC_SECRET_KEY", "khóa dùng trong kiểm thử")
    load_settings.cache_clear()
    made = new_world(home, sqlite_url)
    with made.transaction() as session:
        adopt_rules(session, made.settings, at(on("02/3")))
    return made


class Terminal:
    """Runs `dondoc calendar ...` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def run(self, *words: str) -> tuple[int, str]:
        """Exit code, and what was said on either stream."""
        from cli.main import main

        self.monkeypatch.setattr(sys, "argv", ["dondoc", "calendar", *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = self.capsys.readouterr()
        return int(end.value.code or 0), said.out + said.err


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of one test."""
    return Terminal(capsys, monkeypatch)


def write_days(home: Path) -> Path:
    """The storm day in the office's own file."""
    file = home / "config" / "days_off.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(STORM, encoding="utf-8")
    return file


def test_an_order_is_previewed_and_applied_once(world: World, home: Path, terminal: Terminal) -> None:
    number = add_duty(world, "17/3")
    write_days(home)
    code, said = terminal.run("preview", "--now", NOW)
    assert (code, "hạn 17/03/2026 → 18/03/2026" in said, "Báo cho: An" in said) == (0, True, True)
    assert world.occurrence(number).due_legal == on("17/3")
    code, said = terminal.run("apply", "--yes", "--now", NOW)
    assert (code, "đổi ngày 1 kỳ hạn, báo cho 1 người" in said) == (0, True)
    assert world.occurrence(number).due_legal == on("18/3")
    assert "đúng như trong tệp" in terminal.run("apply", "--yes", "--now", NOW)[1]
    assert len(world.messages()) == 1


def test_a_file_can_be_looked_at_before_it_is_in_place(world: World, home: Path, terminal: Terminal) -> None:
    add_duty(world, "17/3")
    proposed = write_days(home).rename(home / "du-kien.yaml")
    code, said = terminal.run("preview", "--file", str(proposed), "--json", "--now", NOW)
    seen = json.loads(said)
    assert code == 0
    assert seen["waiting"]
    assert [(move["from"]["legal"], move["to"]["legal"], move["told"]) for move in seen["moves"]] == [
        ("2026-03-17", "2026-03-18", ["An"])
    ]
    assert "đúng như trong tệp" in terminal.run("preview", "--now", NOW)[1]


def test_the_doctor_says_that_a_changed_file_waits(world: World, home: Path) -> None:
    from cli.doctor_command import check_approval

    assert [check.level for check in check_approval(load_settings())] == ["ok"]
    write_days(home)
    (check,) = check_approval(load_settings())
    assert (check.level, "dondoc calendar apply" in check.cure) == ("warn", True)


def test_days_are_those_of_the_office(world: World, home: Path, terminal: Terminal) -> None:
    write_days(home)
    _, said = terminal.run("days", "--year", "2026", "--json")
    days = {day["date"]: day for day in map(json.loads, said.splitlines())}
    assert len(days) == 365
    assert (days["2026-03-17"]["working"], days["2026-03-17"]["order"]) == (False, "12/CĐ-UBND")
    assert days["2026-03-17"]["local"]


def test_levels_that_leave_no_time_end_in_a_warning(world: World, terminal: Terminal) -> None:
    words = ("back-plan", "--due", "25/12/2026", "--level", "UBND xã: 2", "--level", "Sở: 3")
    assert terminal.run(*words, "--cut-off", "2026-12-14")[0] == 0
    code, said = terminal.run(*words, "--cut-off", "2026-12-21")
    assert (code, "CẢNH BÁO: UBND xã chỉ có 1 ngày" in said) == (1, True)
    assert terminal.run("back-plan", "--due", "mai", "--level", "xã: 2")[0] == 2
    assert "tên cấp: số ngày" in terminal.run("back-plan", "--due", "2026-12-25", "--level", "xã")[1]


def test_a_cut_off_is_changed_for_what_is_open_only(world: World, terminal: Terminal) -> None:
    done = add_duty(world, "17/3", state="accepted", period_key="2026-02")
    with world.transaction() as session:
        duty = session.get_one(Occurrence, done).obligation
        duty.ordinal, number = "7", duty.id
        duty.rules = [{"kind": "recurring", "freq": "monthly", "due_dates": [f"2026-{m:02d}-17" for m in range(1, 13)]}]
        _lead(duty, world)
        open_one = Occurrence(
            **{name: getattr(session.get_one(Occurrence, done), name) for name in ("unit_id", "kind", "nominal")},
            obligation_id=number,
            period_key="2026-03",
            period_label="Tháng 3/2026",
            state="open",
            period_start=on("01/3"),
            period_end=on("31/3"),
            due_legal=on("17/3"),
            due_target=on("17/3"),
        )
        session.add(open_one)
        session.flush()
        opened = open_one.id
    assert "Nghị định 09/2019" in terminal.run("regime", "KH1", "7")[1]
    code, said = terminal.run("regime", "KH1", "7", "chốt ngày 10", "--now", NOW)
    assert (code, "1 kỳ hạn còn mở" in said) == (0, True)
    assert (world.occurrence(opened).data_from, world.occurrence(opened).data_to) == (on("11/2"), on("10/3"))
    assert world.occurrence(done).data_to is None
    with reading(world.url) as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "obligation.regime")).one()
        assert (entry.data["from"], entry.data["to"], entry.data["occurrences"]) == ("nd09", "day:10", 1)
    assert "thời hạn gửi đều sau ngày chốt" in terminal.run("check")[1]
    assert terminal.run("regime", "KH1", "7", "trọn kỳ", "--now", NOW)[0] == 0
    assert "không sau ngày chốt số liệu" in terminal.run("check", "KH1")[1]
    assert terminal.run("regime", "KH1", "7", "vừa phải")[0] == 2
    assert terminal.run("regime", "KH1", "99", "nd09")[0] == 2


def _lead(duty: Obligation, world: World) -> None:
    from db.models import ObligationUnit

    duty.units.append(ObligationUnit(role="lead", printed_name="Phòng Kinh tế", unit_id=1))
