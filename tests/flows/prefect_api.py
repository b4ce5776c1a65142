"""The few calls of Prefect's API that the tests make, and processes that are surely ended."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


_given: set[int] = set()


def free_port() -> int:
    """A port below the ephemeral range, where Prefect's own clients do not wander; never the same one twice.

    Drawn by chance, so that two workers of the suite do not walk the same row of ports side by side.
    """
    for _ in range(500):
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port
    raise AssertionError("no free port")


@contextmanager
def process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a session of its own; at the end it is asked to stop, then made to."""
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(30)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


class PrefectApi:
    """One Prefect server."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/api"
        self._client = httpx.Client(base_url=self.url, timeout=20)

    def wait_until_up(self, child: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
        """Until the server answers; fails with the log when its process ends."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert child.poll() is None, log.read_text(errors="replace")[-3000:]
            with suppress(httpx.HTTPError):
                if self._client.get("/health").status_code == 200:
                    return
            time.sleep(0.3)
        raise AssertionError(log.read_text(errors="replace")[-3000:])

    def wait_for_pool(self, name: str, seconds: float = 60) -> None:
        """Until a worker has made its pool."""
        deadline = time.monotonic() + seconds
        while self._client.get(f"/work_pools/{name}").status_code != 200:
            assert time.monotonic() < deadline, f"no work pool {name}"
            time.sleep(0.3)

    def deployments(self) -> dict[str, Any]:
        """Every deployment by name."""
        found = self._client.post("/deployments/filter", json={}).raise_for_status().json()
        return {deployment["name"]: deployment for deployment in found}

    def wait_for_deployments(self, count: int, seconds: float = 60) -> dict[str, Any]:
        """Every deployment, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.deployments()) < count and time.monotonic() < deadline:
            time.sleep(0.5)
        return self.deployments()

    def run(self, deployment: dict[str, Any], parameters: dict[str, Any], seconds: float = 90) -> dict[str, Any]:
        """Start a run now and wait for its end; gives the run."""
        deadline = time.monotonic() + seconds
        identifier = self._create_run(deployment["id"], parameters, deadline)
        run: dict[str, Any] = {}
        while time.monotonic() < deadline:
            answer = self._client.get(f"/flow_runs/{identifier}")
            run = answer.json() if answer.is_success else run
            if run.get("state_type") in ENDED:
                return run
            time.sleep(0.5)
        raise AssertionError(f"the run did not end: {run.get('state')}")

    def _create_run(self, deployment: str, parameters: dict[str, Any], deadline: float) -> str:
        """A run that starts now. A busy server says 503 and, as Prefect's own client does, is asked again."""
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}, "idempotency_key": uuid.uuid4().hex}
        while True:
            made = self._client.post(f"/deployments/{deployment}/create_flow_run", json=body)
            if made.status_code != 503 or time.monotonic() > deadline:
                return str(made.raise_for_status().json()["id"])
            time.sleep(1)

    def scheduled(self) -> set[str]:
        """Names of the deployments of which the scheduler has made coming runs."""
        body = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "limit": 200}
        runs = self._client.post("/flow_runs/filter", json=body).raise_for_status().json()
        names = {deployment["id"]: name for name, deployment in self.deployments().items()}
        return {names[run["deployment_id"]] for run in runs if run["deployment_id"] in names}
