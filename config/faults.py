"""Faults of configuration, told to the administrator in Vietnamese with the cure."""

from __future__ import annotations


class ConfigFault(Exception):
    """One or several faults of the configuration; `str()` gives one a line."""

    def __init__(self, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


class Refusal(Exception):
    """Something a person asked for that cannot be done; `str()` is one Vietnamese sentence with the cure."""
