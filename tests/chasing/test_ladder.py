"""Ladders: read, refused with their place, and kept whole through JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from chasing import Ladder, LadderError, Step
from config.faults import ConfigFault
from config.ladders import PACKAGED, load_ladders, read_ladders
from config.settings import build_settings
from tests.chasing.chase_cases import DEFAULT
from tests.chasing.test_chase_laws import ladders


def test_the_default_ladder_is_the_one_promised() -> None:
    assert [(s.rank, s.roles) for s in DEFAULT.steps] == [
        (-10, ("contact",)),
        (-5, ("contact",)),
        (-2, ("contact", "leader")),
        (0, ("contact", "leader")),
        (1, ("leader",)),
        (3, ("vice_chair",)),
        (5, ("chair",)),
    ]
    assert DEFAULT.quiet_days == 3
    progress = DEFAULT.steps_for("progress_check")
    assert len(progress) < len(DEFAULT.steps)
    assert not any({"vice_chair", "chair"} & set(step.roles) for step in progress)


@given(ladders())
def test_json_keeps_every_ladder(ladder: Ladder) -> None:
    assert Ladder.from_json(json.loads(json.dumps(ladder.to_json()))) == ladder


STEP = {"key": "a", "when": "before", "days": 2, "roles": ["contact"]}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no steps": ({"steps": []}, "chưa có nấc nào"),
    "steps not a list": ({"steps": "contact"}, "phải là danh sách các nấc"),
    "days and hours": ({"steps": [STEP | {"hours": 3}]}, "không ghi cả hai"),
    "hours of a due day": ({"steps": [STEP | {"when": "on", "days": 0, "hours": 3}]}, "không có hours"),
    "too many hours": ({"steps": [{"key": "a", "when": "after", "hours": 241, "roles": ["contact"]}]}, "từ 1 đến 240"),
    "hours in words": ({"steps": [{"key": "a", "when": "after", "hours": "4", "roles": ["contact"]}]}, "số nguyên"),
    "late, to who takes part": ({"steps": [STEP | {"when": "after", "roles": ["coordinator"]}]}, "đơn vị phối hợp"),
    "unknown role": ({"steps": [STEP | {"roles": ["boss"]}]}, "Nấc a: roles chỉ gồm"),
    "nobody told": ({"steps": [STEP | {"roles": []}]}, "chưa nói báo cho ai"),
    "unknown when": ({"steps": [STEP | {"when": "soon"}]}, "before, on hoặc after"),
    "days of a due day": ({"steps": [STEP | {"when": "on"}]}, "days: 0"),
    "no days": ({"steps": [STEP | {"days": 0}]}, "từ 1 đến"),
    "days in words": ({"steps": [STEP | {"days": "hai"}]}, "số nguyên"),
    "one key twice": ({"steps": [STEP, STEP | {"days": 3}]}, "trùng tên"),
    "one moment twice": ({"steps": [STEP, STEP | {"key": "b"}]}, "trùng thời điểm"),
    "unknown entry": ({"steps": [STEP | {"role": "contact"}]}, "không có mục 'role'"),
    "unknown kind": ({"steps": [STEP], "kinds": {"party": [STEP]}}, "không có loại kỳ hạn 'party'"),
    "unknown channel": ({"steps": [STEP | {"channels": ["fax"]}]}, "channels chỉ gồm"),
    "hours upside down": ({"steps": [STEP], "office_hours": ["17:00", "07:30"]}, "office_hours"),
    "quiet too long": ({"steps": [STEP], "quiet_days": 99}, "quiet_days"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG)
def test_a_ladder_that_cannot_be_climbed_is_refused(data: dict[str, Any], words: str) -> None:
    with pytest.raises(LadderError, match=words):
        Ladder.from_json({"name": "thử", **data})


def test_hours_are_written_only_where_they_are_used() -> None:
    """A ladder that was approved before there were hours keeps its fingerprint."""
    assert "hours" not in DEFAULT.steps[0].to_json()
    assert Step("a", "after", 0, ("leader",), hours=4).to_json()["hours"] == 4


def test_the_packaged_ladder_for_units_that_take_part_is_the_default_one_but_for_them() -> None:
    beside = read_ladders(PACKAGED)["co-phoi-hop"]
    plain = [replace(s, roles=tuple(r for r in s.roles if r != "coordinator")) for s in beside.steps]
    assert (tuple(plain), dict(beside.kinds)) == (DEFAULT.steps, dict(DEFAULT.kinds))
    assert [s.key for s in beside.steps if "coordinator" in s.roles] == ["before-10", "before-2"]


def test_the_office_may_replace_a_ladder(tmp_path: Path) -> None:
    own = "ladders:\n  default:\n    steps:\n      - {key: một, when: 'on', days: 0, roles: [leader]}\n"
    (tmp_path / "ladders.yaml").write_text(own, encoding="utf-8")
    found = load_ladders(build_settings({"home": tmp_path, "config_dir": tmp_path}))
    assert [step.key for step in found["default"].steps] == ["một"]


FILES = {
    "no YAML": ("ladders: [", "dòng"),
    "no ladders": ("thang: {}", "thiếu mục ladders"),
    "two faults at once": ("ladders: {a: {steps: []}, b: {steps: []}}", "Thang a.*\n.*Thang b"),
}


@pytest.mark.parametrize(("text", "words"), FILES.values(), ids=FILES)
def test_a_broken_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "ladders.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigFault, match=words) as caught:
        read_ladders(path)
    assert str(path) in str(caught.value)
