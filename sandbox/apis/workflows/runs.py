"""Executions of workflows as they run in the sandbox, each with a journal that a restart goes on from."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.apis.workflows.network import Network
from sandbox.apis.workflows.outside import Journal, Outside, Pinned, write_log
from sandbox.control.context import Control, timestamp
from sandbox.control.store import Resource
from sandbox.workflows.errors import SourceError, WorkflowError, fault
from sandbox.workflows.values import to_json

if TYPE_CHECKING:
    from sandbox.workflows.machine import Machine

log = logging.getLogger("sandbox.workflows")

EXECUTIONS = "workflowexecutions.executions"
MOST_RESULT = 512 * 1024


@dataclass(slots=True)
class _Run:
    outside: Outside
    task: asyncio.Task[None]
    machine: Machine | None = None


@dataclass(slots=True)
class Runner:
    """All executions that are under way."""

    control: Control
    network: Network
    _runs: dict[str, _Run] = field(default_factory=dict)

    def resume(self) -> None:
        """Go on with what an earlier sandbox left."""
        for execution in self.control.store.select(EXECUTIONS):
            if execution.document["state"] == "ACTIVE":
                self.start(execution)

    def start(self, execution: Resource) -> None:
        """Run an execution that is stored, with its `Pinned`."""
        outside = Outside(self.control, self.network, execution.name)
        task = self.control.spawn(self._run(execution, outside), f"execution {execution.name}")
        self._runs[execution.name] = _Run(outside, task)

    def current(self, name: str) -> list[dict[str, str]]:
        """The steps that an execution is at."""
        run = self._runs.get(name)
        if run is None or run.machine is None:
            return []
        return [{"routine": routine, "step": step} for routine, step in run.machine.history.current.values()]

    def waiting(self, name: str) -> set[str]:
        """The callbacks that an execution waits for."""
        run = self._runs.get(name)
        return run.outside.waiting if run else set()

    def arrived(self, name: str) -> None:
        """A request for a callback was stored."""
        if run := self._runs.get(name):
            run.outside.arrived()

    async def cancel(self, execution: Resource) -> None:
        """End an execution."""
        run = self._runs.get(execution.name)
        self._end(execution.name, {"state": "CANCELLED"}, run.outside if run else None)
        if run is not None:
            run.task.cancel()
            await asyncio.gather(run.task, return_exceptions=True)

    async def _run(self, execution: Resource, outside: Outside) -> None:
        # Not at the top, as in `workflows`: the language is loaded when a workflow runs.
        from sandbox.workflows import source
        from sandbox.workflows.connectors import connect
        from sandbox.workflows.functions import blocks
        from sandbox.workflows.machine import Machine

        ended: dict[str, Any]
        try:
            pinned = Pinned.load(self.control.store, execution.name)
            outside.begin(pinned)
            machine = Machine(source.read(pinned.source, blocks), outside, connect)
            self._runs[execution.name].machine = machine
            argument = json.loads(execution.document.get("argument") or "null")
            result = to_json(await machine.run(argument))
            if len(result) > MOST_RESULT:
                raise fault("ResourceLimitError", f"result of {len(result)} bytes exceeds {MOST_RESULT}")
            ended = {"state": "SUCCEEDED", "result": result}
        except WorkflowError as error:
            ended = {"state": "FAILED", "error": described(error)}
        except SourceError as error:
            ended = {"state": "FAILED", "error": {"payload": json.dumps(str(error)), "context": str(error)}}
        except asyncio.CancelledError:
            outside.flush()
            self._runs.pop(execution.name, None)
            raise
        except Exception as error:  # a fault of the sandbox is the execution's SystemError, and is logged
            log.exception("execution %s", execution.name)
            wrong = fault("SystemError", f"internal error of the sandbox: {type(error).__name__}: {error}")
            ended = {"state": "FAILED", "error": described(wrong)}
        self._end(execution.name, ended, outside)
        self._runs.pop(execution.name, None)
        await self._tell(execution.name, ended)

    async def _tell(self, name: str, ended: dict[str, Any]) -> None:
        """How it ended goes to Cloud Logging, where alerts look for it."""
        entry: dict[str, Any] = {
            "@type": "type.googleapis.com/google.cloud.workflows.type.ExecutionsSystemLog",
            "state": ended["state"],
            "activityTime": self.control.now(),
        }
        if "error" in ended:
            entry["failure"] = {"exception": ended["error"]["payload"], "source": ended["error"]["context"]}
        else:
            entry["success"] = {"result": ended["result"]}
        severity = "ERROR" if "error" in ended else "INFO"
        await write_log(self.control, name, "workflows.googleapis.com%2Fexecutions_system", severity, entry)

    def _end(self, name: str, ended: dict[str, Any], outside: Outside | None) -> None:
        store, now = self.control.store, self.control.clock()
        with store.transaction():
            execution = store.get(EXECUTIONS, name)
            if execution is not None and execution.document["state"] == "ACTIVE":
                took = max(0.0, now - execution.created)
                execution.document |= {**ended, "endTime": timestamp(now), "duration": f"{took:.6f}s"}
                execution.updated = now
                store.put(execution)
            if outside is not None:
                outside.flush()
            Journal.drop(store, name)


def described(error: WorkflowError) -> dict[str, Any]:
    """The `error` of an execution."""
    try:
        payload = to_json(error.value)
    except WorkflowError:
        payload = to_json(str(error.value))
    trace = [
        {
            "step": frame.step,
            "routine": frame.routine,
            "position": {"line": str(frame.position.line), "column": str(frame.position.column), "length": "0"},
        }
        for frame in error.trace
    ]
    lines = [f'in step "{frame.step}", routine "{frame.routine}", line: {frame.position.line}' for frame in error.trace]
    return {"payload": payload, "context": "\n".join([error.message, *lines]), "stackTrace": {"elements": trace}}
