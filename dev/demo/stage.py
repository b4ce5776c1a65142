"""The stage of the demo: a scratch home, free ports, and the processes that live as long as the demo."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

READY_SECONDS = 120.0


class StepFailed(Exception):
    """A command of the demo did not do what it should; `str()` is what it said."""


def free_port(wished: int) -> int:
    """The wished port, or another when somebody uses it."""
    for port in (wished, 0):
        with socket.socket() as probe:
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise StepFailed("no free port on 127.0.0.1")


def own_folder(wished: Path) -> tuple[Path, TextIO]:
    """The wished folder, or one beside it when a demo that still runs lives there; and the lock that keeps it ours."""
    wished.parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10):
        folder = wished if number == 1 else wished.with_name(f"{wished.name}-{number}")
        lock = folder.with_name(f"{folder.name}.lock").open("w")
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder, lock
        lock.close()
    raise StepFailed(f"too many demos run in {wished.parent}")


@dataclass
class Talk:
    """A command that waits for what a person types."""

    process: subprocess.Popen[str]

    def read_until(self, pattern: re.Pattern[str]) -> str:
        """Read line by line until one holds the pattern; gives what matched. Raises StepFailed at the end."""
        said = ""
        while self.process.stdout is not None and (line := self.process.stdout.readline()):
            if match := pattern.search(line):
                return match[0]
            said += line
        raise StepFailed(f"nothing like {pattern.pattern} was said, but:\n{said}")

    def say(self, line: str) -> None:
        """Type one line."""
        if self.process.stdin is not None:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()


@dataclass
class Stage:
    """Where the demo plays."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    lock: TextIO | None = None

    @classmethod
    def set_up(cls, wished: Path) -> Stage:
        """A stage swept clean of any earlier demo, beside one that still runs."""
        folder, lock = own_folder(wished)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        web, prefect = free_port(8000), free_port(4200)
        return cls(
            folder,
            {
                "DONDOC_HOME": str(folder / "home"),
                "DONDOC_WEB_PORT": str(web),
                "DONDOC_BASE_URL": f"http://127.0.0.1:{web}",
                "DONDOC_PREFECT_PORT": str(prefect),
            },
            lock=lock,
        )

    @property
    def web(self) -> str:
        """The address of the operations view."""
        return self.environment["DONDOC_BASE_URL"]

    def dondoc(self, *arguments: str, typed: str = "") -> str:
        """Run one `dondoc` command as a person would; gives what it printed. Raises StepFailed."""
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self._environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StepFailed(f"dondoc {' '.join(arguments)}:\n{done.stderr or done.stdout}")
        return done.stdout

    @contextmanager
    def conversation(self, *arguments: str) -> Iterator[Talk]:
        """A `dondoc` command that asks and is answered. Raises StepFailed when it does not end well."""
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        yield Talk(process)
        said, _ = process.communicate(timeout=READY_SECONDS)
        if process.returncode:
            raise StepFailed(f"dondoc {' '.join(arguments)}:\n{said}")

    def start(self, name: str, *command: str, until: str) -> str:
        """Start a process that lives as long as the demo; gives its first line that begins with `until`."""
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.processes.append(process)
        return self._first_line(process, name, until)

    def _first_line(self, process: subprocess.Popen[str], name: str, until: str) -> str:
        deadline = time.monotonic() + READY_SECONDS
        while process.stdout is not None and time.monotonic() < deadline:
            line = process.stdout.readline()
            if line.startswith(until):
                return line.strip()
            if not line and process.poll() is not None:
                break
        raise StepFailed(f"{name} did not start:\n{(self.folder / f'{name}.log').read_text()[-2000:]}")

    def _environment(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("DONDOC_")}
        return clean | self.environment | {"PYTHONUNBUFFERED": "1"}

    def strike(self) -> None:
        """End everything that was started, the last first."""
        for process in reversed(self.processes):
            self._end(process)

    def _end(self, process: subprocess.Popen[str]) -> None:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(45)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
