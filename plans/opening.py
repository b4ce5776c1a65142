"""A plan file opened once: what it says, and its plain view for the page that shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from deadlines import WorkCalendar
from plans.reading import Reading, read_bytes, read_opened
from plans.reading.document import Document
from plans.reading.sources import open_document
from plans.source_view import keep_view
from plans.workbook import is_plan_workbook


@dataclass(frozen=True)
class PlanText:
    """What a plan file says, and the file as it was opened; a plan's own workbook has nothing to show beside it."""

    reading: Reading
    document: Document | None

    def keep(self, home: Path, data: bytes) -> None:
        """Keep the plain view of the file, so that its page need not open it again."""
        if self.document is not None:
            keep_view(home, hashlib.sha256(data).hexdigest(), self.document)


def open_plan(name: str, data: bytes, year: int | None = None, calendar: WorkCalendar | None = None) -> PlanText:
    """Read a plan from its bytes, as `plans.reading.read_bytes`. Raises PlanFileError."""
    if is_plan_workbook(data):
        return PlanText(read_bytes(name, data, year, calendar), None)
    document = open_document(name, data)
    return PlanText(read_opened(name, document, year, calendar), document)
