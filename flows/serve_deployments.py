"""The runner of `dondoc up`: serves the deployments of prefect.yaml against the local server, without a work pool."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

HERE = Path(__file__).resolve().parent
# The wheel carries a copy beside this file; a checkout has it in the root.
PLACES = (HERE / "prefect.yaml", HERE.parent / "prefect.yaml")
RUNS_AT_ONCE = 3


def read_deployments() -> list[dict[str, Any]]:
    """The deployments as written in prefect.yaml."""
    path = next(place for place in PLACES if place.exists())
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"])


def flow_at(entrypoint: str) -> Flow[Any, Any]:
    """The flow of a module entrypoint such as "flows.chase_units.chase_units"."""
    module, name = entrypoint.rsplit(".", 1)
    flow: Flow[Any, Any] = getattr(import_module(module), name)
    return flow


def as_deployment(entry: dict[str, Any]) -> RunnerDeployment:
    """One entry of prefect.yaml as a deployment that this runner serves."""
    limit = entry["concurrency_limit"]
    return RunnerDeployment.from_flow(
        flow_at(entry["entrypoint"]),
        name=entry["name"],
        description=entry["description"],
        entrypoint_type=EntrypointType.MODULE_PATH,
        parameters=entry.get("parameters", {}),
        schedules=[Cron(each["cron"], timezone=each["timezone"]) for each in entry["schedules"]],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=limit["limit"], collision_strategy=ConcurrencyLimitStrategy(limit["collision_strategy"])
        ),
    )


async def serve() -> None:
    """Register every deployment and run what falls due, until the process is told to stop."""
    runner = Runner(name="dondoc", limit=RUNS_AT_ONCE, pause_on_shutdown=False)
    for entry in read_deployments():
        await runner.aadd_deployment(as_deployment(entry))
    await runner.start()


if __name__ == "__main__":
    asyncio.run(serve())
