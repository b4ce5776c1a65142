"""Correcting a draft at a terminal, the workbook out and in, and the journal that tells of it."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest

from config.settings import load_settings
from db.migrate import upgrade
from dev.seed.sample_plan import write_sample_plan

ROOT = Path(__file__).parents[2]
CODE = "kh-7-2026"


class Terminal:
    """A terminal of one test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command in this process: its exit code, and what it said."""
        from cli.main import main

        self.monkeypatch.setattr(sys, "argv", ["dondoc", *words])
        with pytest.raises(SystemExit) as end:
            main()
        said = self.capsys.readouterr()
        return int(end.value.code or 0), said.out + said.err

    def ok(self, *words: str) -> str:
        """Run a command that must succeed."""
        code, said = self.run(*words)
        assert code == 0, said
        return said

    def refused(self, *words: str) -> str:
        """Run a command that must be refused."""
        code, said = self.run(*words)
        assert code == 2, said
        return said


@pytest.fixture
def terminal(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal with a draft."""
    upgrade(load_settings().database_url)
    made = Terminal(capsys, monkeypatch)
    made.ok("units", "load", str(ROOT / "dev/seed/units.yaml"))
    made.ok("plan", "import", str(write_sample_plan(tmp_path / "ke-hoach.docx", 2026)))
    return made


def test_a_draft_is_corrected_step_by_step(terminal: Terminal) -> None:
    edited = terminal.ok("plan", "edit", CODE, "1", "--content", "Việc sửa tay", "--deadline", "Quý III")
    assert edited.strip() == "Đã sửa nhiệm vụ 1. Còn 1 câu hỏi phải trả lời."
    assert "Đã tách thành 2 nhiệm vụ: 1, 1b" in terminal.ok(
        "plan", "split", CODE, "1", "--part", "Một", "--part", "Hai"
    )
    assert "Đã gộp 2 nhiệm vụ vào nhiệm vụ 1" in terminal.ok("plan", "join", CODE, "1", "1b")
    added = terminal.ok("plan", "add-duty", CODE, "--content", "Việc sót", "--deadline", "Quý I", "--lead", "Hội Lạ")
    assert "Đã thêm nhiệm vụ bs1. Còn 2 câu hỏi" in added
    assert "Đã đặt nhiệm vụ bs1 sau nhiệm vụ 2" in terminal.ok("plan", "move-duty", CODE, "bs1", "--after", "2")
    assert "restore-duty" in terminal.ok("plan", "drop-duty", CODE, "bs1", "--reason", "Đọc nhầm")
    assert "Đã khôi phục" in terminal.ok("plan", "restore-duty", CODE, "bs1")
    assert "nay thuộc phần lời văn" in terminal.ok("plan", "set-standing", CODE, "bs1", "--prose")
    assert "Đã sửa phần đầu" in terminal.ok("plan", "edit-head", CODE, "--number", "8/KH-UBND")
    assert "không có nhiệm vụ mã «99»" in terminal.refused("plan", "edit", CODE, "99", "--content", "x")
    assert "ít nhất hai" in terminal.refused("plan", "split", CODE, "1", "--part", "Một")
    told = terminal.ok("journal", "show", "--plan", CODE)
    assert "sửa nhiệm vụ 1" in told
    assert "thời hạn: «" in told
    assert "lý do: Đọc nhầm" in told
    assert "Nhật ký nguyên vẹn" in terminal.ok("journal", "verify")


def test_targets_and_findings_are_corrected(terminal: Terminal) -> None:
    first = terminal.ok("plan", "targets", CODE).splitlines()[0]
    assert first.startswith("1. ")
    assert "Đã sửa chỉ tiêu" in terminal.ok("plan", "edit-target", CODE, "1", "--value", "77,5")
    assert "77,5" in terminal.ok("plan", "targets", CODE)
    terminal.ok("plan", "add-target", CODE, "--name", "Chỉ tiêu sót", "--value", "5")
    assert "Đã bỏ chỉ tiêu «Chỉ tiêu sót»" in terminal.ok("plan", "drop-target", CODE, "7", "--reason", "Nhầm")
    assert "có 6 chỉ tiêu" in terminal.refused("plan", "edit-target", CODE, "7", "--value", "1")
    terminal.ok("plan", "findings", CODE)
    assert "Không có phát hiện số 999" in terminal.refused("plan", "dismiss", "999", "--reason", "x")


def test_alike_questions_are_listed_and_answered(terminal: Terminal) -> None:
    assert terminal.ok("plan", "answer-alike", CODE).startswith("1. 1 nhiệm vụ ghi “")
    assert "đúng một câu trả lời" in terminal.refused("plan", "answer-alike", CODE, "1")
    assert "có 1 nhóm" in terminal.refused("plan", "answer-alike", CODE, "5", "--phrase", "Quý I")
    assert "cho 1 câu hỏi" in terminal.ok("plan", "answer-alike", CODE, "1", "--phrase", "Quý III")
    assert "không còn câu hỏi" in terminal.ok("plan", "answer-alike", CODE)


def test_a_confirmed_plan_goes_out_is_corrected_and_comes_back(terminal: Terminal, tmp_path: Path) -> None:
    terminal.ok("plan", "answer-alike", CODE, "1", "--phrase", "Quý III")
    terminal.ok("plan", "confirm", CODE)
    assert "dondoc plan export" in terminal.refused("plan", "edit", CODE, "1", "--content", "x")
    file = tmp_path / "sua.xlsx"
    assert "dondoc plan reimport" in terminal.ok("plan", "export", CODE, str(file))
    assert "--force" in terminal.refused("plan", "export", CODE, str(file))
    unchanged = terminal.ok("plan", "reimport", CODE, str(file))
    assert "Các nhiệm vụ không thay đổi" in unchanged
    assert "Sẽ thêm 0 kỳ hạn, đổi ngày 0, hủy 0" in unchanged
    book = openpyxl.load_workbook(file)
    sheet = book["Nhiệm vụ"]
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 8).value == "Quý II")
    sheet.cell(row, 8).value = "Quý III"
    book.save(file)
    looked = terminal.ok("plan", "reimport", CODE, str(file))
    assert "thời hạn: «Quý II» → «Quý III»" in looked
    assert "đổi hạn: Nhiệm vụ" in looked
    assert "30/06/2026 → 30/09/2026" in looked
    assert "được nhắc theo hạn mới" in looked
    assert "đổi ngày 1" in terminal.ok("plan", "reimport", CODE, str(file), "--apply")
    assert "đã được nhập trước đây" in terminal.refused("plan", "import", str(file))
