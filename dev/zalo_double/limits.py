"""Requests in a minute: 4,000 for an application [M], 100 or 2,000 for an account by its package [R]."""

from __future__ import annotations

import threading
from collections import deque

MINUTE = 60.0


class MinuteLimit:
    """A sliding minute; 0 means no limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: deque[float] = deque()

    def remain(self, limit: int, now: float) -> int:
        """Count one request; what remains after it, below zero when it is one too many (then it is not counted)."""
        with self._lock:
            while self._times and (self._times[0] <= now - MINUTE or self._times[0] > now):
                self._times.popleft()
            if limit and len(self._times) >= limit:
                return -1
            self._times.append(now)
            return limit - len(self._times) if limit else 1_000_000

    def clear(self) -> None:
        """Forget the last minute."""
        with self._lock:
            self._times.clear()
