"""The walk of an officer at a terminal: every step says what to do next, every fault is one sentence."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import load_settings
from db.migrate import upgrade
from db.office_rules import adopt_rules
from db.session import transaction
from dev.seed.sample_plan import write_sample_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ready(home: Path) -> Path:
    """A home with an empty database and the key that signs links, as `dondoc init` leaves it."""
    home.mkdir(exist_ok=True)
    (home / "secret.key").write_text("a test key")
    upgrade(load_settings().database_url)
    return home


def dondoc(*words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run the command in this process: its exit code, output and errors."""
    from cli.main import main

    monkeypatch.setattr(sys, "argv", ["dondoc", *words])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


class Terminal:
    """A terminal of one test."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def ok(self, *words: str) -> str:
        """Run a command that must succeed; gives its output."""
        code, out, err = dondoc(*words, capsys=self.capsys, monkeypatch=self.monkeypatch)
        assert (code, err) == (0, "")
        return out

    def refused(self, *words: str) -> str:
        """Run a command that must be refused; gives the sentence."""
        code, out, err = dondoc(*words, capsys=self.capsys, monkeypatch=self.monkeypatch)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
        return err


@pytest.fixture
def terminal(ready: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


def test_the_walk(terminal: Terminal, tmp_path: Path) -> None:
    file = str(write_sample_plan(tmp_path / "ke-hoach.docx", 2026))
    assert "6 đơn vị, 2 nhóm" in terminal.ok("units", "load", str(ROOT / "dev/seed/units.yaml"))
    assert "Không có gì thay đổi" in terminal.ok("units", "load", str(ROOT / "dev/seed/units.yaml"))
    assert "tên khác: TTPVHCC" in terminal.ok("units", "list")
    assert "Chưa có kế hoạch nào" in terminal.ok("plan", "list")
    drafted = terminal.ok("plan", "import", file)
    assert "bản nháp kh-7-2026" in drafted
    assert "18 nhiệm vụ trong bảng, 2 trong lời văn, 6 chỉ tiêu" in drafted
    assert "đã được nhập" in terminal.refused("plan", "import", file)
    assert "1. [phải trả lời] Nhiệm vụ 14" in terminal.ok("plan", "questions", "kh-7-2026")
    assert "còn 1 câu hỏi" in terminal.refused("plan", "confirm", "kh-7-2026")
    assert "đúng một câu trả lời" in terminal.refused("plan", "answer", "1", "--phrase", "Quý I", "--unit", "kinh-te")
    assert "đúng một câu trả lời" in terminal.refused("plan", "answer", "1")
    assert "Có thể xác nhận" in terminal.ok("plan", "answer", "1", "--phrase", "Trước ngày 15/9/2026")
    assert "76 kỳ hạn, 3 việc chờ sự kiện" in terminal.ok("plan", "confirm", "kh-7-2026")
    assert "Đang chờ sự kiện" in terminal.ok("plan", "questions", "kh-7-2026")
    assert "Không có kế hoạch mã «khác»" in terminal.refused("plan", "show", "khác")
    shown = terminal.ok("plan", "show", "kh-7-2026")
    assert "Thời hạn: Quý IV → trong quý IV/2026" in shown


def test_a_reimport_is_shown_before_it_is_done(terminal: Terminal, tmp_path: Path) -> None:
    from docx import Document

    file = write_sample_plan(tmp_path / "ke-hoach.docx", 2026)
    terminal.ok("units", "load", str(ROOT / "dev/seed/units.yaml"))
    terminal.ok("plan", "import", str(file))
    terminal.ok("plan", "answer", "1", "--due", "14/9/2026")
    terminal.ok("plan", "confirm", "kh-7-2026")
    document = Document(str(file))
    cell = next(cell for row in document.tables[1].rows for cell in row.cells if cell.text == "Quý II")
    cell.paragraphs[0].runs[0].text = "Quý III"
    corrected = tmp_path / "ke-hoach-sua.docx"
    document.save(str(corrected))
    looked = terminal.ok("plan", "reimport", "kh-7-2026", str(corrected))
    assert "thời hạn: «Quý II» → «Quý III»" in looked
    assert "Chưa thay đổi gì" in looked
    done = terminal.ok("plan", "reimport", "kh-7-2026", str(corrected), "--apply")
    assert "thêm 0 kỳ hạn, đổi ngày 1, hủy 0" in done


FAULTS = {
    "no such file": ("plan", "import", "khong-co.docx"),
    "a folder": ("plan", "import", "."),
    "a wrong year": ("plan", "import", "pyproject.toml", "--year", "20266"),
    "no such question": ("plan", "answer", "99", "--unit", "x"),
    "no such register": ("units", "load", "khong-co.yaml"),
    "a register that is none": ("units", "load", "pyproject.toml"),
}


@pytest.mark.parametrize("words", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_sentence_and_changes_nothing(words: tuple[str, ...], terminal: Terminal) -> None:
    said = terminal.refused(*words)
    assert said.strip()
    assert "Chưa có kế hoạch nào" in terminal.ok("plan", "list")
    assert "Danh bạ trống" in terminal.ok("units", "list")


MISTYPED = {
    "no such command": (("nhac",), "Không có lệnh «nhac». Xem cách gõ: dondoc -h"),
    "no such command of a group": (("plan", "xoa"), "Không có lệnh «xoa». Xem cách gõ: dondoc plan -h"),
    "no such option": (("plan", "list", "--tat-ca"), "Không có tùy chọn --tat-ca. Xem cách gõ: dondoc plan list -h"),
    "an argument missing": (("plan", "show"), "Còn thiếu 'MÃ'. Xem cách gõ: dondoc plan show -h"),
    "no number": (
        ("plan", "import", "a.docx", "--year", "hai"),
        "Giá trị của '--year' không dùng được. Xem cách gõ: dondoc plan import -h",
    ),
}


@pytest.mark.parametrize(("words", "said"), MISTYPED.values(), ids=MISTYPED)
def test_what_was_mistyped_is_told_in_vietnamese(words: tuple[str, ...], said: str, terminal: Terminal) -> None:
    assert terminal.refused(*words).strip() == said


def test_a_group_alone_shows_its_commands(terminal: Terminal) -> None:
    assert "reimport" in terminal.refused("plan")


def test_a_file_too_large_is_refused_by_the_same_limit_as_the_reader(terminal: Terminal, tmp_path: Path) -> None:
    from plans.reading.sources import MAX_BYTES

    large = tmp_path / "lon.docx"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "quá giới hạn 30 MB" in terminal.refused("plan", "import", str(large))


def test_a_plan_is_read_by_the_approved_calendar_and_not_by_a_file_that_broke_since(
    terminal: Terminal, tmp_path: Path
) -> None:
    settings = load_settings()
    with transaction() as session:
        adopt_rules(session, settings, datetime.now(UTC))
    settings.yaml_dir.mkdir(parents=True, exist_ok=True)
    (settings.yaml_dir / "days_off.yaml").write_text("2026: [", encoding="utf-8")
    assert "Đã nhập bản nháp" in terminal.ok("plan", "import", str(write_sample_plan(tmp_path / "mau.docx", 2026)))


def test_a_home_that_cannot_be_is_said_in_one_sentence(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "file" / "home"))
    load_settings.cache_clear()
    said = terminal.refused("init")
    assert "không phải thư mục" in said
    assert len(said.strip().splitlines()) == 1


def test_a_broken_database_file_names_the_cure(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dondoc.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    load_settings.cache_clear()
    assert "bị hỏng" in terminal.refused("plan", "list")


def test_the_command_runs_as_people_run_it(ready: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "plan", "list"]
    environment = {"DONDOC_HOME": str(ready), "PYTHONPATH": "calendar", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "dondoc plan import" in done.stdout
