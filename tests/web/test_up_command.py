"""`dondoc up` as a process: it starts, leaves nothing behind even when it is killed, and starts again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cli.supervisor import Child, Supervisor
from cli.up_command import _answers, is_free


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Late(BaseHTTPRequestHandler):
    """A web view whose daily run is late."""

    def do_GET(self) -> None:
        """What /healthz says after an outage."""
        self.send_error(503)

    log_message = staticmethod(lambda *words: None)  # type: ignore[assignment]  # no lines in the output of the tests


@pytest.fixture
def late_view() -> Iterator[str]:
    """The address of a view that answers 503."""
    server = HTTPServer(("127.0.0.1", 0), Late)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/healthz"
    server.shutdown()
    server.server_close()


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Child]:
    """A child that only lives."""
    child = Child("Trang", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log")
    child.start()
    yield child
    child.stop()


def test_a_view_that_says_the_run_is_late_has_started(late_view: str, sleeper: Child) -> None:
    """After an outage over nine o'clock `up` must be able to start, or nothing would ever end the lateness."""
    assert _answers(Supervisor(print), sleeper, late_view)


def test_a_stop_is_heard_while_a_child_starts(sleeper: Child) -> None:
    supervisor = Supervisor(print)
    supervisor.request_stop()
    assert not _answers(supervisor, sleeper, f"http://127.0.0.1:{free_port()}/")


def run_up(home: Path, port: int) -> subprocess.Popen[str]:
    """Start `dondoc up --no-prefect` and wait until it runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "cli.main", "up", "--no-prefect"],
        env=clean | {"DONDOC_HOME": str(home), "DONDOC_WEB_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while (line := process.stdout.readline()) and "Nhấn Ctrl-C" not in line:
        said += line
    assert f"Trang theo dõi:   http://127.0.0.1:{port}\n" in said
    return process


def freed(port: int) -> bool:
    """Whether the port becomes free soon."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not is_free("127.0.0.1", port):
        time.sleep(0.1)
    return is_free("127.0.0.1", port)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of their parent's death only on Linux")
def test_killed_without_mercy_it_leaves_no_child_and_starts_again(home: Path) -> None:
    port = free_port()
    run_up(home, port).kill()
    again = run_up(home, port)
    again.send_signal(signal.SIGINT)
    assert again.wait(30) == 0
    assert freed(port)
