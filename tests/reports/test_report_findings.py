"""Checks of the figures."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import Target
from deadlines import periods
from reports.figures import assessment
from reports.findings import ReportFinding, find_all, findings_frame
from reports.ledger import build_ledger
from tests.reports.report_builders import ECONOMY, NOW, OFFICE, World

Q1 = periods.quarter(2026, 1)


def found(world: World) -> list[ReportFinding]:
    """The findings of the first quarter."""
    world.session.expire_all()
    return find_all(build_ledger(world.session, world.plan, Q1, NOW))


def codes(world: World) -> list[str]:
    """Their codes."""
    return [finding.code for finding in found(world)]


def give(world: World, unit: str, figures: dict[Target, float], text: str = "", **more: str) -> None:
    """Let a unit give figures in the first quarter."""
    duty = world.plan.obligations[0] if world.plan.obligations else world.obligation("Báo cáo quý")
    values = {target.id: value for target, value in figures.items()}
    world.submit(world.occurrence(duty, unit), text=text, figures=values, files=["bảng.xlsx"], **more)  # type: ignore[arg-type]


def give_before(world: World, unit: str, figures: dict[Target, float], state: str = "accepted") -> None:
    """Let a unit give figures in the quarter before."""
    duty = world.obligation("Báo cáo quý trước")
    start, end = date(2025, 10, 1), date(2025, 12, 31)
    earlier = world.occurrence(duty, unit, date(2025, 12, 17), start=start, end=end, label="Quý IV/2025")
    world.submit(earlier, date(2025, 12, 12), state=state, figures={t.id: value for t, value in figures.items()})


FIGURES = {
    "reached": (90.0, "%", 95.0, []),
    "exactly_reached": (90.0, "%", 90.0, []),
    "below": (90.0, "%", 89.9, ["below_target"]),
    "over_a_hundred": (90.0, "%", 100.5, ["over_hundred"]),
    "a_hundred_is_fine": (90.0, "%", 100.0, []),
    "counts_may_pass_a_hundred": (90.0, "hồ sơ", 250.0, []),
    "negative": (90.0, "hồ sơ", -1.0, ["negative", "below_target"]),
    "no_single_number": (None, "%", 5.0, []),
}


@pytest.mark.parametrize("name", FIGURES)
def test_single_figures(world: World, name: str) -> None:
    planned, measure, value, expected = FIGURES[name]
    give(world, OFFICE, {world.target("Chỉ tiêu", planned, unit=measure): value})
    assert codes(world) == expected


JUMPS = {
    "twenty_points": ("%", 60.0, 80.0, True),
    "nineteen_points": ("%", 61.0, 80.0, False),
    "half_as_much_again": ("hồ sơ", 100.0, 150.0, True),
    "less_than_half": ("hồ sơ", 100.0, 149.0, False),
    "a_fall_counts_too": ("hồ sơ", 100.0, 40.0, True),
    "from_nothing": ("hồ sơ", 0.0, 3.0, True),
    "still_nothing": ("hồ sơ", 0.0, 0.0, False),
}


@pytest.mark.parametrize("name", JUMPS)
def test_jumps_against_the_last_accepted_figure(world: World, name: str) -> None:
    measure, before, after, jumped = JUMPS[name]
    target = world.target("Chỉ tiêu", 0, unit=measure)
    give_before(world, OFFICE, {target: before})
    give(world, OFFICE, {target: after})
    assert ("jump" in codes(world)) == jumped


def test_a_figure_that_was_not_accepted_is_no_measure_for_the_next(world: World) -> None:
    target = world.target("Chỉ tiêu", 0)
    give_before(world, OFFICE, {target: 10}, state="received")
    give(world, OFFICE, {target: 90})
    assert "jump" not in codes(world)


def test_two_units_that_differ_are_one_finding_with_both_sources(world: World) -> None:
    target = world.target("Tỷ lệ chung", 0)
    give(world, OFFICE, {target: 80})
    give(world, ECONOMY, {target: 82.5})
    (finding,) = found(world)
    assert finding.code == "disagree"
    assert "80%" in finding.message
    assert "82,5%" in finding.message
    assert [source.unit for source in finding.sources] == [OFFICE, ECONOMY]
    assert all(source.files == ("bảng.xlsx",) for source in finding.sources)
    assert list(findings_frame([finding])["submission_id"]) == [source.submission_id for source in finding.sources]


def test_two_units_that_agree_are_no_finding(world: World) -> None:
    target = world.target("Tỷ lệ chung", 0)
    give(world, OFFICE, {target: 80})
    give(world, ECONOMY, {target: 80})
    assert codes(world) == []


@pytest.mark.parametrize(("total", "wrong"), [(12.0, False), (13.0, True)], ids=["adds_up", "does_not"])
def test_a_total_is_the_sum_of_its_parts(world: World, total: float, wrong: bool) -> None:
    whole = world.target("Tổng số hồ sơ", 0, unit="hồ sơ", ordinal="2")
    parts = [world.target(f"Lĩnh vực {n}", 0, unit="hồ sơ", ordinal=f"2.{n}") for n in (1, 2)]
    other = world.target("Việc khác", 0, unit="hồ sơ", ordinal="12.1")
    give(world, OFFICE, {whole: total, parts[0]: 5, parts[1]: 7, other: 99})
    assert ("sum_mismatch" in codes(world)) == wrong


TEXTS = {
    "right": ("Giải quyết 12/15 hồ sơ (đạt 80%).", False),
    "rounded": ("Đúng hạn 2/3 hồ sơ, đạt 66,7%", False),
    "thousands": ("1.176/1.200 hồ sơ đúng hạn, đạt 98%", False),
    "wrong": ("Giải quyết 12/15 hồ sơ, đạt 90%.", True),
    "a_date_is_no_ratio": ("Ngày 12/03/2026 đạt 50%", False),
    "a_month_is_no_ratio": ("Tháng 3/2026. Kết quả: 50%", False),
    "a_document_number_is_no_ratio": ("Thực hiện Kế hoạch 12/KH-UBND đạt 50%", False),
    "a_rise_is_no_share": ("Tiếp 12/15 lượt, tăng 20%", False),
    "division_by_nought": ("Nhận 0/0 hồ sơ, đạt 100%", False),
    "the_next_sentence_does_not_count": ("Có 1/2 phòng báo cáo.\nTỷ lệ chung 70%", False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_ratios_in_the_text(world: World, name: str) -> None:
    text, wrong = TEXTS[name]
    give(world, OFFICE, {}, text)
    assert ("ratio_mismatch" in codes(world)) == wrong


def test_returned_submissions_speak_for_nothing(world: World) -> None:
    target = world.target("Chỉ tiêu", 90)
    give(world, OFFICE, {target: 170}, "12/15 hồ sơ đạt 10%", state="returned")
    assert codes(world) == []


def test_an_impossible_share_is_not_called_reached(world: World) -> None:
    target = world.target("Chỉ tiêu", 90)
    give(world, OFFICE, {target: 170})
    (figure,) = build_ledger(world.session, world.plan, Q1, NOW).figures
    assert assessment(figure) == "Số liệu cần kiểm tra"
