"""How much memory a process of the benchmarks held."""

from __future__ import annotations

from pathlib import Path


def peak() -> int:
    """The most memory that this process held, in megabytes; getrusage would count what its parent held, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))
