"""`dondoc report build` as an officer types it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from cli.report_commands import file_stem, report_app
from config.faults import Refusal
from config.office import keep_register
from config.settings import load_settings
from db.migrate import upgrade
from db.models import ReportFile
from db.queries.report_queries import plan_by_code, reports_of_plan
from db.session import reading, transaction
from deadlines.periods import parse_period
from tests.reports.report_builders import OFFICE, POLICE, fill_sample, make_world

REGISTER = """
office:
  name: Ủy ban nhân dân xã Sông Trong
  short_name: UBND xã Sông Trong
  kind: xã
  place: Sông Trong
  superior: Ủy ban nhân dân tỉnh Đồi Xanh
  symbol: UBND
units:
  - code: van-phong
    name: Văn phòng HĐND và UBND
"""
NOW = ("--now", "2026-03-25T09:00")


@pytest.fixture
def ready(home: Path, tmp_path: Path) -> Path:
    """A home with a register and the sample plan."""
    settings = load_settings()
    upgrade(settings.database_url)
    source = tmp_path / "units.yaml"
    source.write_text(REGISTER, encoding="utf-8")
    keep_register(settings, source)
    with transaction() as session:
        fill_sample(make_world(session))
    return home


def run(*arguments: str) -> str:
    """What the command prints; its errors are raised."""
    result = CliRunner().invoke(report_app, ["build", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def kept() -> list[ReportFile]:
    """The reports in the database."""
    with reading() as session:
        plan = plan_by_code(session, "cchc-2026")
        assert plan is not None
        return list(reports_of_plan(session, plan.id))


@pytest.mark.usefixtures("ready")
def test_it_writes_both_files_and_names_who_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "ra" / "báo cáo"
    told = run("--plan", "cchc-2026", "--period", "Quý I/2026", "--out", str(out), *NOW)
    assert sorted(path.name for path in out.iterdir()) == [
        "bao-cao-cchc-2026-2026-q1.docx",
        "bao-cao-cchc-2026-2026-q1.xlsx",
    ]
    assert "Phải nộp 18, đã nộp 14 (đúng hạn 12, chậm 2), quá hạn chưa nộp 3, còn trong hạn 1." in told
    assert f"Còn thiếu: {POLICE}: " in told
    assert f"Còn thiếu: {OFFICE}: " in told
    assert docx.Document(str(out / "bao-cao-cchc-2026-2026-q1.docx")).tables
    assert len(kept()) == 1


@pytest.mark.usefixtures("ready")
def test_who_signs_and_whom_it_goes_to_can_be_said(tmp_path: Path) -> None:
    choices = ("--sign", "chu-tich", "--to", "Hội đồng nhân dân xã Sông Trong")
    run("--plan", "cchc-2026", "--period", "2026-Q1", "--out", str(tmp_path / "ra"), *choices, *NOW)
    (path,) = (tmp_path / "ra").glob("*.docx")
    document = docx.Document(str(path))
    assert "Kính gửi: Hội đồng nhân dân xã Sông Trong." in [each.text for each in document.paragraphs]
    signed = [each.text for each in document.tables[-1].rows[0].cells[1].paragraphs]
    assert signed[:2] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


FAULTS = {
    "unknown_plan": (("--plan", "khac", "--period", "Quý I/2026"), r"Các mã hiện có: cchc-2026"),
    "unknown_period": (("--plan", "cchc-2026", "--period", "Quý V/2026"), r"Quý"),
    "empty_period": (
        ("--plan", "cchc-2026", "--period", "Năm 2031"),
        r"kỳ có dữ liệu: Quý IV/2025, Quý I/2026",
    ),
    "unknown_signing": (("--plan", "cchc-2026", "--period", "Quý I/2026", "--sign", "ai-do"), r"pho-chu-tich"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.usefixtures("ready")
def test_faults_are_told_and_nothing_is_kept(tmp_path: Path, name: str) -> None:
    arguments, words = FAULTS[name]
    with pytest.raises(Refusal, match=words):
        run(*arguments, "--out", str(tmp_path / "ra"), *NOW)
    assert kept() == []
    assert not (tmp_path / "ra").exists()


@pytest.mark.usefixtures("ready")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "tệp"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(Refusal, match="--out"):
        run("--plan", "cchc-2026", "--period", "Quý I/2026", "--out", str(blocked), *NOW)


@pytest.mark.parametrize(
    ("code", "label", "stem"),
    [
        ("cchc-2026", "Quý I/2026", "bao-cao-cchc-2026-2026-q1"),
        ("../../Kế hoạch 7", "9 tháng năm 2026", "bao-cao-kế-hoạch-7-2026-9m"),
        ("a", "từ 01/02/2026 đến 15/02/2026", "bao-cao-a-2026-02-01-2026-02-15"),
    ],
    ids=["plain", "with_a_path_in_it", "range"],
)
def test_file_names(code: str, label: str, stem: str) -> None:
    assert file_stem(code, parse_period(label)) == stem
