"""Child processes that live and die with the command that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 12.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """In a new child on Linux: get SIGTERM when the parent is gone, even by `kill -9` (prctl(2), PR_SET_PDEATHSIG).

    Otherwise the children of a killed `dondoc up` would keep its ports, and it could not be started again.
    """
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process: how to start it, where it writes, how often it has died."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    restart_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it through us, in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it and its children to end; after STOP_SECONDS, end them."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Starts children in order, restarts those that die (waiting longer each time), stops them in reverse."""

    def __init__(self, tell: Callable[[str], None], note: Callable[[Child], None] = lambda child: None) -> None:
        """`note` hears of each child that died, to keep it where the watcher looks."""
        self._children: list[Child] = []
        self._tell = tell
        self._note = note
        self._stopping = False

    def add(self, child: Child) -> None:
        """Start one more child."""
        child.start()
        self._children.append(child)

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._stopping

    def request_stop(self, *_: object) -> None:
        """Ask `watch` to return (a signal handler)."""
        self._stopping = True

    def watch(self, seconds: float = 1.0) -> None:
        """Keep the children alive until a stop is asked for."""
        while not self._stopping:
            for child in self._children:
                self._revive(child)
            time.sleep(seconds)

    def _revive(self, child: Child) -> None:
        if child.alive():
            return
        moment = time.monotonic()
        if not child.restart_at:
            child.deaths += 1
            delay = min(2**child.deaths, 60)
            child.restart_at = moment + delay
            self._tell(f"{child.name} đã dừng bất thường; khởi động lại sau {delay} giây. Nhật ký: {child.log}")
            self._note(child)
        elif moment >= child.restart_at:
            child.restart_at = 0.0
            child.start()

    def stop(self) -> None:
        """Stop every child, the last started first."""
        for child in reversed(self._children):
            child.stop()
