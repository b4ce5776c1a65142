"""No page tells its reader to type a command: every refusal and finding of the services has words for a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from web.said import said

ROOT = Path(__file__).parents[2]
# Read on a terminal alone: faults of the installation, the register and the command line's own rooms.
ROOMS = ("plans", "submissions", "reports")
NAMED = re.compile(r"dondoc (?:plan|units) |--year")
TERMINAL = {"feeds.py", "windows.py", "workbook_writing.py"}


def _literals(path: Path) -> Iterator[str]:
    """Every text of a module but its docstrings; values inside stand as 7."""
    tree = ast.parse(path.read_text())
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


@lru_cache(maxsize=1)
def _commands() -> list[str]:
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if path.name not in TERMINAL)
    naming = (path for path in files if NAMED.search(path.read_text()))
    return [text for path in naming for text in _literals(path) if NAMED.search(text) and "`" not in text]


def test_there_are_commands_to_reword() -> None:
    assert len(_commands()) > 15


@pytest.mark.parametrize("words", _commands())
def test_a_page_names_no_command(words: str) -> None:
    assert "dondoc " not in said(words)
    assert "--" not in said(words)


def test_other_words_stay_as_they_are() -> None:
    for words in ("Ngày 31/2 không có. Hãy ghi lại.", "Tệp «a--b.txt» trống.", ""):
        assert said(words) == words
