"""What the machine itself has left; asked at the edges and handed down as a plain value."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

LOW_BYTES = 1 << 30
LOW_SHARE = 0.03


@dataclass(frozen=True)
class Machine:
    """The disk under DONDOC_HOME, in bytes."""

    free: int
    total: int

    @property
    def low(self) -> bool:
        """Whether little room is left: under 1 GB, and under 3 % so that a small machine is not always low."""
        return self.free < LOW_BYTES and self.free < self.total * LOW_SHARE


def look_at_machine(home: Path) -> Machine:
    """How the disk stands now that holds a folder, or will hold it."""
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    usage = shutil.disk_usage(there)
    return Machine(usage.free, usage.total)
