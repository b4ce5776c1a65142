"""`dondoc up`: the web view, a Prefect server and the runner that serves the deployments, with one command.

Prefect's ephemeral server has no scheduler, so a real one is started as a child, on SQLite under DONDOC_HOME. Nothing
here imports Prefect: this process only supervises.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from typing import Annotated
from urllib.error import HTTPError
from urllib.request import urlopen

import typer

from cli.setup_commands import prepare
from cli.supervisor import Child, Supervisor
from config.faults import Refusal
from config.settings import Settings, load_settings

START_SECONDS = 90.0
PORT_SECONDS = 10.0
"""How long the children of an `up` that was killed may take to end before their ports count as taken."""


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Prefect's settings: a home of its own, nothing sent out, no accidental ephemeral server, old rows removed."""
    address = f"http://127.0.0.1:{settings.prefect_port}"
    return {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_UI_API_URL": f"{address}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    }


def children(settings: Settings) -> tuple[Child, Child, Child]:
    """The web view, the Prefect server and the runner, not yet started."""
    logs = settings.home / "logs"
    environment = prefect_environment(settings)
    python = sys.executable
    server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(settings.prefect_port)]
    return (
        Child("Trang theo dõi", [python, "-m", "cli.main", "serve"], logs / "web.log"),
        Child("Máy chủ Prefect", [python, *server], logs / "prefect-server.log", environment),
        Child("Lịch nhắc việc", [python, "-m", "flows.serve_deployments"], logs / "runner.log", environment),
    )


def up(
    with_prefect: Annotated[
        bool, typer.Option("--prefect/--no-prefect", help="Chạy kèm máy chủ Prefect và lịch tự động")
    ] = True,
) -> None:
    """Chạy tất cả trên máy này; Ctrl-C để dừng."""
    prepare()
    settings = load_settings()
    _refuse_taken_ports(settings, with_prefect)
    supervisor = Supervisor(lambda line: typer.echo(line, err=True), _note_death)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, supervisor.request_stop)
    try:
        _start(supervisor, settings, with_prefect)
        if not supervisor.stopping:
            typer.echo("Đang chạy. Nhấn Ctrl-C để dừng.")
        supervisor.watch()
    finally:
        typer.echo("Đang dừng ...")
        supervisor.stop()


def _note_death(child: Child) -> None:
    """Keep that a child died where the watcher looks; the supervisor itself must outlive a database that fails."""
    from sqlalchemy.exc import SQLAlchemyError

    from config import clock
    from db.session import transaction
    from notifications.job_runs import note_death

    try:
        with transaction() as session:
            note_death(session, child.name, clock.now())
    except (SQLAlchemyError, OSError) as error:
        typer.echo(f"Không ghi được lần dừng của {child.name} ({type(error).__name__}).", err=True)


def _start(supervisor: Supervisor, settings: Settings, with_prefect: bool) -> None:
    """Start the children in order, each when the one before it answers; leave off when a stop is asked for."""
    web, server, runner = children(settings)
    supervisor.add(web)
    if not _answers(supervisor, web, f"http://{settings.web_host}:{settings.web_port}/healthz"):
        return
    typer.echo(f"Trang theo dõi:   {settings.base_url}")
    if not with_prefect:
        return
    supervisor.add(server)
    if not _answers(supervisor, server, f"http://127.0.0.1:{settings.prefect_port}/api/health"):
        return
    typer.echo(f"Máy chủ Prefect:  http://127.0.0.1:{settings.prefect_port}")
    supervisor.add(runner)
    typer.echo("Lịch nhắc việc:   đang chạy theo prefect.yaml")


def _refuse_taken_ports(settings: Settings, with_prefect: bool) -> None:
    ports = {"DONDOC_WEB_PORT": (settings.web_host, settings.web_port)}
    if with_prefect:
        ports["DONDOC_PREFECT_PORT"] = ("127.0.0.1", settings.prefect_port)
    deadline = time.monotonic() + PORT_SECONDS
    for variable, (host, port) in ports.items():
        while not is_free(host, port):
            if time.monotonic() > deadline:
                raise Refusal(
                    f"Cổng {port} đang có chương trình khác dùng (có thể dondoc đã chạy rồi). "
                    f"Hãy dừng chương trình đó hoặc đặt {variable} sang số khác."
                )
            time.sleep(0.5)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(supervisor: Supervisor, child: Child, address: str) -> bool:
    """Wait until `address` answers; False when a stop was asked for meanwhile.

    Raises Refusal with the log's place when the child dies or takes too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.alive() and not supervisor.stopping:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own child on this machine
                return True
        except HTTPError:
            # It answers. After an outage it says that the daily run is late, which is what `up` is about to cure.
            return True
        except OSError:
            time.sleep(0.3)
    if supervisor.stopping:
        return False
    raise Refusal(f"{child.name} không khởi động được. Hãy xem nhật ký: {child.log}")
