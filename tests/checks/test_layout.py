"""Rules of the house that no linter knows: layout, sizes, who may commit, who may read the clock, what is committed."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = [
    "chasing",
    "cli",
    "config",
    "db",
    "dev",
    "flows",
    "notifications",
    "plans",
    "reports",
    "submissions",
    "tasks",
    "web",
]
PACKAGES = {"calendar/deadlines": "deadlines"} | {name: name for name in ROOMS}
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "manager.py", "common.py", "misc.py"}
VERB_NOUN = re.compile(r"[a-z]+(_[a-z]+)+\.py")


def tracked(*patterns: str) -> list[Path]:
    """Files git tracks, or would: new ones count before they are committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [ROOT / name for name in listed if name and (ROOT / name).exists()]


def sources() -> list[Path]:
    """Our own code, without tests."""
    return [path for path in tracked("*.py") if _room(path) != "tests"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_calendar_never_becomes_a_package() -> None:
    assert not (ROOT / "calendar" / "__init__.py").exists(), "it would shadow the standard library's calendar"
    assert not (ROOT / "tests" / "calendar").exists()


def test_the_standard_calendar_survives_in_the_root() -> None:
    code = "import calendar, http.cookiejar, pandas, pendulum; calendar.day_abbr"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_every_package_is_in_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) == set(PACKAGES)


def test_every_top_folder_with_code_is_a_known_room() -> None:
    known = {name.split("/")[0] for name in PACKAGES} | {"tests", "scripts"}
    assert {path.relative_to(ROOT).parts[0] for path in tracked("*.py")} <= known


@pytest.mark.parametrize(
    "path", [p for p in (ROOT / "flows").glob("*.py") if p.name != "__init__.py"], ids=lambda p: p.name
)
def test_flow_files_are_verb_noun_and_shadow_nothing(path: Path) -> None:
    assert VERB_NOUN.fullmatch(path.name), (
        "Prefect puts flows/ first on sys.path: a library's name here would shadow it"
    )
    assert path.stem not in sys.stdlib_module_names


def test_no_file_is_a_drawer_for_anything() -> None:
    assert [path for path in tracked("*.py") if path.name in FORBIDDEN_NAMES] == []


def test_files_stay_under_400_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in tracked("*.py") if (n := p.read_text().count("\n")) > 400}
    assert long == {}


def test_functions_stay_short() -> None:
    sizes = {f"{path.relative_to(ROOT)}:{node.name}": lines(node) for path in sources() for node in functions(path)}
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(sizes.values()) <= 8


def _calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def test_only_the_transaction_commits() -> None:
    commits = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for call, line in _calls(path)
        if call.endswith(".commit") and _room(path) not in ("dev",)
    ]
    assert commits == [], "services are committed by the edge through db.session.transaction()"


CLOCKS = re.compile(
    r"(datetime(\.datetime)?\.(now|utcnow|today)|date\.today|pendulum\.(now|today)|time\.time|clock\.now)$"
)


def test_nothing_is_told_before_it_is_committed() -> None:
    """A closed pipe (`| head -1`) ends a command at its next line, and takes back a transaction that is still open."""
    told = [
        f"{path.name}:{call.lineno}"
        for path in tracked("cli/*.py", "tasks/*.py")
        for block in ast.walk(ast.parse(path.read_text()))
        if isinstance(block, ast.With) and any("transaction(" in ast.unparse(item) for item in block.items)
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("typer.echo", "print")
    ]
    assert told == []


def test_only_the_edges_read_the_clock() -> None:
    edges = {"cli", "web", "tasks", "flows", "dev", "scripts"}
    readers = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for call, line in _calls(path)
        if CLOCKS.search(call) and _room(path) not in edges and path != ROOT / "config" / "clock.py"
    ]
    assert readers == []


PRIVATE_FOLDERS = "|".join(("work", "root", "farm", "opt"))
INDEX_WORDS = r"--(extra-)?index[-]url|--find[-]links|registry[ ]= \"|files[.]pythonhosted"
PRIVATE = re.compile(rf"(?<![\w.])/({PRIVATE_FOLDERS})/|{INDEX_WORDS}")


def test_no_machine_path_or_index_is_committed() -> None:
    texts = [
        p for p in tracked() if p.suffix in {".py", ".toml", ".txt", ".yaml", ".yml", ".md", ".sh", ".html", ".css", ""}
    ]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in texts
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1)
        if PRIVATE.search(line)
    ]
    assert found == []


LATER = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")


def test_nothing_is_left_for_later() -> None:
    assert [str(path) for path in sources() if LATER.search(path.read_text(encoding="utf-8"))] == []
