"""The one error a reader raises: a file that cannot be read as a plan."""

from __future__ import annotations

from config.faults import Refusal


class PlanFileError(Refusal):
    """A plan file cannot be read; the message is one Vietnamese sentence for the officer.

    It says what happened, names the file and says what to do. Nothing has been stored when it is raised.
    """

    def __init__(self, name: str, what: str, cure: str) -> None:
        super().__init__(f"Tệp “{name}” {what}. {cure}")
        self.name = name
        self.what = what
        self.cure = cure
