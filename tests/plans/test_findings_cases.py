"""Clean plans give no finding; with one thing spoilt, exactly the finding that names it and its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from config.days_off import load_work_calendar
from plans.reading import Finding, read_bytes

PLANS = Path(__file__).parent / "audit_plans"
CLEAN = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PLANS.glob("*.txt"))}
CALENDAR = load_work_calendar()
FEWEST_CASES = 60


@dataclass(frozen=True)
class Case:
    """One thing spoilt in a clean plan: the words changed, and the finding it must give."""

    plan: str
    old: str
    new: str
    code: str
    where: str
    words: str = ""
    also: tuple[str, ...] = ()


CASES = {name: Case(**row) for name, row in yaml.safe_load((PLANS / "cases.yaml").read_text(encoding="utf-8")).items()}
HARMLESS: dict[str, dict[str, str]] = yaml.safe_load((PLANS / "harmless.yaml").read_text(encoding="utf-8"))


def _findings(text: str) -> list[Finding]:
    return list(read_bytes("kế hoạch.txt", text.encode(), None, CALENDAR).findings)


@pytest.mark.parametrize("name", CLEAN)
def test_clean_plans_have_no_finding(name: str) -> None:
    assert _findings(CLEAN[name]) == []


@pytest.mark.parametrize("name", CASES)
def test_one_spoilt_thing_is_the_one_finding(name: str) -> None:
    case = CASES[name]
    assert case.old in CLEAN[case.plan], "the words to spoil must stand in the plan"
    spoilt = CLEAN[case.plan].replace(case.old, case.new, 1)
    findings = [one for one in _findings(spoilt) if one.code not in case.also]
    assert [one.code for one in findings] == [case.code], findings
    assert case.where in findings[0].where
    assert case.words in findings[0].message
    assert findings[0].suggestion.endswith(".")


def test_there_are_cases_enough_of_every_kind() -> None:
    assert len(CASES) >= FEWEST_CASES
    assert len({case.code for case in CASES.values()}) >= FEWEST_CASES - 10


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_clerk_would_wave_away_is_not_said(name: str) -> None:
    change = HARMLESS[name]
    assert change["old"] in CLEAN[change["plan"]], "the words to change must stand in the plan"
    assert _findings(CLEAN[change["plan"]].replace(change["old"], change["new"], 1)) == []
