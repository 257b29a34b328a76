"""Cloud Run v2, and v1 over it: the API with what runs behind it."""

from __future__ import annotations

import base64
import logging
from functools import partial
from urllib.parse import quote

from sandbox.apis.run import addresses, executions, services, v1, worker_pools
from sandbox.apis.run import jobs as run_jobs
from sandbox.apis.run.logs import Intake
from sandbox.apis.run.rollout import Rollouts
from sandbox.control import locations, operations
from sandbox.control.context import Call, Control
from sandbox.control.http import Request, Response
from sandbox.control.router import Api
from sandbox.runtime.bigquery.process import BigQuery
from sandbox.runtime.jobs import Jobs
from sandbox.runtime.processes import ProcessTable
from sandbox.runtime.services import Services
from sandbox.runtime.worker_pools import WorkerPools


async def _start(control: Control) -> None:
    """End what an earlier sandbox left, listen for every service, start the least numbers of instances."""
    # Its line for every request that is passed on would bury the log.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    folder = control.state_dir / "run"
    folder.mkdir(exist_ok=True, mode=0o700)
    table = ProcessTable(folder / "processes.json")
    table.sweep()

    async def read_secret(version: str) -> str:
        answer = await control.dispatch(Request.of("GET", f"/secretmanager/v1/{quote(version)}:access"))
        if answer.status != 200:
            raise LookupError(version)
        return base64.b64decode(answer.json()["payload"]["data"]).decode()

    intake = Intake(control)
    runtime = Services(control.state_dir, table, lambda: control.url, read_secret, intake)
    rollouts = Rollouts(control, runtime)
    jobs = Jobs(control.state_dir, table, lambda: control.url, read_secret, intake)
    pools = WorkerPools(control.state_dir, table, lambda: control.url, read_secret, intake)
    for part in (table, intake, runtime, rollouts, jobs, pools):
        control.provide(part)
    control.hosts[addresses.DOMAIN] = partial(addresses.here, control)
    executions.recover(control)
    await rollouts.restore()
    await worker_pools.restore(control)
    control.spawn(runtime.tend(), "end idle instances")


async def _ready(control: Control) -> None:
    control.spawn(control.part(Intake).keep(), "log entries of Cloud Run")


async def _stop(control: Control) -> None:
    await control.part(WorkerPools).stop()
    await control.part(Services).stop()
    control.part(Intake).close()


API = Api(
    "run.googleapis.com",
    "run",
    [
        services.services,
        services.revisions,
        run_jobs.jobs,
        executions.executions,
        executions.tasks,
        worker_pools.pools,
        worker_pools.revisions,
    ],
    [
        *services.ROUTES,
        *run_jobs.ROUTES,
        *worker_pools.ROUTES,
        *v1.routes(),
        *locations.routes("v1"),
        *operations.routes("v1"),
        *operations.routes("v2"),
    ],
    start=_start,
    ready=_ready,
    stop=_stop,
)


@API.route("GET", "sandbox/runtime", root=True, data=True)
async def _runtime(call: Call) -> Response:
    """What runs, for the command line and the console."""
    control = call.control
    return Response.of(
        {
            "services": control.part(Services).report(),
            "worker_pools": control.part(WorkerPools).report(),
            "bigquery": control.part(BigQuery).report(),
        }
    )
