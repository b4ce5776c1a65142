"""The same flows under a real Prefect server: served by `dondoc up`, and deployed to a process worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.flows.prefect_api import ROOT, PrefectApi, free_port, process

pytestmark = [pytest.mark.prefect_server, pytest.mark.timeout(240), pytest.mark.xdist_group("prefect")]

NAMES = {entry["name"] for entry in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]}
MOMENT = {"now": "2026-03-16T08:00:00+07:00"}
LOCAL = {"127.0.0.1", "localhost", "::1", "None", "", "0.0.0.0"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and a note of every host that any process looks up."""
    offline = ROOT / "tests" / "flows" / "offline"
    return os.environ | {
        "DONDOC_HOME": str(tmp_path / "home"),
        "DONDOC_WEB_PORT": str(free_port()),
        "PYTHONPATH": os.pathsep.join([str(offline), str(ROOT), str(ROOT / "calendar")]),
        "LOOKUPS_FILE": str(tmp_path / "lookups"),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def lookups(tmp_path: Path) -> Iterator[Path]:
    """After the test: nothing but this machine was looked up."""
    file = tmp_path / "lookups"
    yield file
    strangers = {line.strip("b'\"") for line in file.read_text(encoding="utf-8").split("\n")} - LOCAL
    assert not strangers, f"looked up outside: {strangers}"


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_up_serves_every_deployment_with_its_schedule(
    environment: dict[str, str], lookups: Path, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "up.log"
    environment |= {"DONDOC_PREFECT_PORT": str(port)}
    api = PrefectApi(port)
    with process(["cli.main", "up"], environment, log) as up:
        api.wait_until_up(up, log)
        deployments = api.wait_for_deployments(len(NAMES))
        assert set(deployments) == NAMES
        for name in ("chase_units", "deliver_messages"):
            ended = api.run(deployments[name], MOMENT)
            assert ended["state_type"] == "COMPLETED", (name, ended["state"], log.read_text(errors="replace"))
        deadline = time.monotonic() + 30
        while api.scheduled() != NAMES and time.monotonic() < deadline:
            time.sleep(1)
        assert api.scheduled() == NAMES
        web = f"http://127.0.0.1:{environment['DONDOC_WEB_PORT']}"
        assert httpx.get(f"{web}/healthz").status_code == 200
        up.send_signal(signal.SIGINT)
        assert up.wait(45) == 0
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{web}/healthz", timeout=2)
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{api.url}/health", timeout=2)


def check_every_flow(gave: dict[str, Any]) -> None:
    """What the seven flows did over the small office of `every_flow`, and that a second run does nothing."""
    assert list(gave["read_plan"]) == ["ke-hoach.docx"]
    assert gave["read_plan again"] == {}
    assert gave["expand_calendar"] == {gave["read_plan"]["ke-hoach.docx"]: 0}, "confirming has made them all"
    assert gave["chase_units"]["messages"] > 0
    assert gave["chase_units again"]["messages"] == 0
    assert gave["deliver_messages"].get("sent", 0) == 0, "no channel is set up"
    assert gave["collect_submissions"] == {"taken": 1, "set_aside": 0}
    assert gave["state"] == "submitted"
    assert [name for name in gave["consolidate_report"] if "Quý I/2026" in name]
    assert gave["consolidate_report again"] == {}
    assert any("chưa chạy" in fault for fault in gave["watch_silence"])


def test_deploy_all_and_a_process_worker_run_the_same_flows(
    environment: dict[str, str], lookups: Path, tmp_path: Path
) -> None:
    port = free_port()
    api = PrefectApi(port)
    environment |= {
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": api.url,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    }
    server = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with process(server, environment, tmp_path / "server.log") as child:
        api.wait_until_up(child, tmp_path / "server.log")
        check_every_flow(json.loads(run(["tests.flows.every_flow"], environment).split("RESULTS ")[1]))
        worker = ["prefect", "worker", "start", "--pool", "dondoc", "--type", "process", "--name", "w1"]
        with process(worker, environment, tmp_path / "worker.log"):
            api.wait_for_pool("dondoc")
            run(["prefect", "--no-prompt", "deploy", "--all"], environment)
            deployments = api.deployments()
            assert set(deployments) == NAMES
            ended = api.run(deployments["chase_units"], MOMENT)
            assert ended["state_type"] == "COMPLETED", (ended["state"], (tmp_path / "worker.log").read_text())
