"""`dondoc deadline` and `dondoc calendar days`, as an officer or another program calls them."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from cli.deadline_commands import calendar_app, deadline_command

app = typer.Typer()
app.command("deadline")(deadline_command)
app.add_typer(calendar_app, name="calendar")
RUNNER = CliRunner()


def test_phrases_as_arguments_give_one_object_a_line() -> None:
    result = RUNNER.invoke(app, ["deadline", "--year", "2026", "--json", "Quý IV", "Hằng tuần"])
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["rules"] == [{"kind": "once", "start": "2026-10-01", "due": "2026-12-31"}]
    assert first["status"] == "read"
    assert "candidates" not in first
    assert (second["status"], second["rules"]) == ("ask", [])


def test_lines_of_standard_input_may_carry_their_year() -> None:
    result = RUNNER.invoke(app, ["deadline", "--year", "2026", "--json"], input="Quý I\t2025\n\nQuý I\n")
    dues = [json.loads(line)["rules"][0]["due"] for line in result.stdout.splitlines()]
    assert dues == ["2025-03-31", "2026-03-31"]


def test_readable_answer_is_vietnamese() -> None:
    result = RUNNER.invoke(app, ["deadline", "--year", "2026", "trước ngày 18 hằng tháng", "Hằng tuần"])
    assert "chậm nhất ngày 17" in result.stdout
    assert "CẦN HỎI" in result.stdout


def test_missing_year_is_a_fault_with_its_cure() -> None:
    result = RUNNER.invoke(app, ["deadline", "Quý I"])
    assert result.exit_code == 2
    assert "--year" in result.stderr


def test_calendar_days_lists_the_whole_year() -> None:
    result = RUNNER.invoke(app, ["calendar", "days", "--year", "2026", "--json"])
    days = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(days) == 365
    assert sum(day["working"] for day in days) == 249
    assert days[1] == {
        "date": "2026-01-02",
        "working": False,
        "reason": "Nghỉ hoán đổi với thứ Bảy 10/01/2026",
        "order": "CV 12729/VPCP-KGVX",
        "estimated": False,
        "local": False,
    }


def test_a_year_without_an_order_is_called_expected() -> None:
    result = RUNNER.invoke(app, ["calendar", "days", "--year", "2031"])
    assert "dự kiến" in result.stderr
