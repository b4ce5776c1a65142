"""Every page of help speaks Vietnamese, whole sentences, frame and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from cli.main import COMMANDS, as_command

ENGLISH = re.compile(r"\b(Usage|Options|Commands|Arguments|Show this|exit\.|required|default:|Nothing of)\b|<str>|<int")


def pages(command: Any, context: Any = None) -> Iterator[str]:
    """The help of a command and of all under it."""
    here = command.context_class(command, info_name=command.name, parent=context)
    yield command.get_help(here)
    for under in getattr(command, "commands", {}).values():
        yield from pages(under, here)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_vietnamese_and_whole(name: str) -> None:
    module, attribute, _ = COMMANDS[name]
    for page in pages(as_command(name, getattr(import_module(module), attribute))):
        assert not ENGLISH.search(page), page
        assert "Cách gõ: " in page
        assert "..." not in page, page
