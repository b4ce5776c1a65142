"""`make fuzz`: thousands of damaged plan files, each read or refused within ten seconds, no row lost in silence."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import FrameType

from tests.plans import reading_samples as samples
from tests.plans.marked_plans import marked_plan
from tests.plans.mutations import Mutant, fault_of, mutants

PATIENCE = 10  # seconds a file, as issue 3 asks
BATCH = 250


def binaries() -> dict[str, bytes]:
    """The sample plan as office files; as PDF where LibreOffice is installed."""
    found = {"a.docx": samples.as_docx(), "marked.docx": marked_plan(), "a.xlsx": samples.as_xlsx()}
    if shutil.which("soffice"):
        with tempfile.TemporaryDirectory() as folder:
            found["a.pdf"] = samples.as_pdf(Path(folder)) or b""
    return found


def _too_long(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"longer than {PATIENCE} s")


def run_batch(seed: str, count: int, whole: dict[str, bytes]) -> tuple[list[tuple[str, Mutant]], float]:
    """The faults of one batch with the files that show them, and the slowest reading in seconds."""
    signal.signal(signal.SIGALRM, _too_long)
    faults: list[tuple[str, Mutant]] = []
    slowest = 0.0
    for mutant in mutants(seed, count, whole):
        start = time.perf_counter()
        signal.alarm(PATIENCE)
        try:
            fault = fault_of(mutant)
        except Exception as error:  # any error at all is what the fuzzer looks for
            fault = f"{type(error).__name__}: {error}"
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - start)
        if fault:
            faults.append((fault, mutant))
    return faults, slowest


def main() -> int:
    """Run the batches on two processes; keep the files that show a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"))
    asked = parser.parse_args()
    whole = binaries()
    seeds = [f"{asked.seed}-{at}" for at in range(max(1, asked.count // BATCH))]
    total, slowest = 0, 0.0
    with ProcessPoolExecutor(2) as pool:
        for faults, slow in pool.map(run_batch, seeds, [BATCH] * len(seeds), [whole] * len(seeds)):
            slowest = max(slowest, slow)
            for fault, mutant in faults:
                total += 1
                asked.keep.mkdir(exist_ok=True)
                kept = asked.keep / f"{total:04d}-{mutant.name}"
                kept.write_bytes(mutant.data)
                print(f"{kept}: {fault[:200]}")
    print(f"{len(seeds) * BATCH} damaged files, {total} faults, slowest {slowest:.1f} s")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
