"""Executions of Cloud Run jobs: tasks as processes, with retries, a timeout and a limit to how many run at once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.runtime import environment
from sandbox.runtime.groups import Groups
from sandbox.runtime.instances import StartFailed
from sandbox.runtime.logs import LogFile
from sandbox.runtime.output import Listener, Origin
from sandbox.runtime.parts import Container, Parts
from sandbox.runtime.processes import ProcessTable
from sandbox.runtime.volumes import ReadSecret

Changed = Callable[["TaskResult"], None]


@dataclass(frozen=True, slots=True)
class Execution:
    """What the tasks of an execution run. `parallelism` 0 is as many as the machine takes: all."""

    name: str
    job: str
    project: str
    location: str
    parts: Parts
    tasks: int
    parallelism: int
    retries: int
    timeout: float


@dataclass(frozen=True, slots=True)
class TaskResult:
    """How one task stands. `exit_code` None: it runs."""

    index: int
    attempt: int
    exit_code: int | None
    message: str = ""

    @property
    def failed(self) -> bool:
        return self.exit_code not in (0, None)


class Jobs:
    """Runs executions."""

    def __init__(
        self,
        state_dir: Path,
        table: ProcessTable,
        url: Callable[[], str],
        read_secret: ReadSecret,
        listener: Listener | None = None,
    ) -> None:
        self._state_dir = state_dir
        self._table = table
        self._url = url
        self._groups = Groups(state_dir / "run" / "volumes" / "jobs", table, read_secret, listener)

    def log_path(self, project: str, job: str) -> Path:
        """Where the tasks of a job log."""
        return self._state_dir / "logs" / "run" / f"{project}.job.{job}.log"

    async def run(self, execution: Execution, changed: Changed) -> list[TaskResult]:
        """Run all tasks; `changed` hears of each start and end. The results are in the order of the tasks."""
        slots = asyncio.Semaphore(execution.parallelism or execution.tasks)
        log = LogFile(self.log_path(execution.project, execution.job))

        async def one(index: int) -> TaskResult:
            async with slots:
                return await self._task(execution, index, log, changed)

        try:
            return list(await asyncio.gather(*(one(index) for index in range(execution.tasks))))
        finally:
            await self._table.drain()
            log.close()

    async def _task(self, execution: Execution, index: int, log: LogFile, changed: Changed) -> TaskResult:
        result = TaskResult(index, 0, None)
        for attempt in range(execution.retries + 1):
            changed(TaskResult(index, attempt, None))
            result = await self._attempt(execution, index, attempt, log)
            if not result.failed:
                break
        changed(result)
        return result

    async def _attempt(self, execution: Execution, index: int, attempt: int, log: LogFile) -> TaskResult:
        home = self._state_dir / "run" / "home" / execution.job
        home.mkdir(parents=True, exist_ok=True, mode=0o700)

        def variables(container: Container, own: Mapping[str, str]) -> dict[str, str]:
            return environment.task(
                home,
                self._url(),
                execution.project,
                execution.job,
                execution.name,
                index,
                attempt,
                execution.tasks,
                own,
            )

        try:
            origin = _origin(execution, index, attempt)
            process = await self._groups.start(execution.parts, variables, home, log, origin=origin)
        except StartFailed as error:
            return TaskResult(index, attempt, -1, str(error))
        try:
            done, _ = await asyncio.wait({process.exited}, timeout=execution.timeout)
        except asyncio.CancelledError:
            process.kill()
            raise
        if done:
            code = process.exited.result()
            return TaskResult(index, attempt, code, "" if code == 0 else f"The task exited with code {code}.")
        await process.stop()
        text = f"The task did not end within {execution.timeout:g} seconds."
        return TaskResult(index, attempt, process.exited.result() or -1, text)


def _origin(execution: Execution, index: int, attempt: int) -> Origin:
    place = {"project_id": execution.project, "location": execution.location, "job_name": execution.job}
    labels = {
        "instanceId": secrets.token_hex(32),
        "run.googleapis.com/execution_name": execution.name,
        "run.googleapis.com/task_index": str(index),
        "run.googleapis.com/task_attempt": str(attempt),
    }
    return Origin(execution.project, "cloud_run_job", place, labels)
