"""The double's clock: real time plus an offset, so that tokens really end."""

from __future__ import annotations

import time


class WorldClock:
    """Epoch seconds that can be moved forward."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """This instant in the double's world."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.offset += seconds
