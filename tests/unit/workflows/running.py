"""Runs a workflow against a world that a test controls."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.workflows import source
from sandbox.workflows.connectors import connect
from sandbox.workflows.errors import WorkflowError
from sandbox.workflows.functions import blocks
from sandbox.workflows.machine import Machine
from sandbox.workflows.world import Answer, Outcome, Outgoing, StepEntry

Responder = Callable[[Outgoing], Answer]


@dataclass
class FakeWorld:
    """The clock moves when something sleeps; requests are answered by a function of the test."""

    environment: Mapping[str, str] = field(default_factory=lambda: {"GOOGLE_CLOUD_PROJECT_ID": "p", "REGION": "r"})
    call_log_level: str = ""
    respond: Responder = lambda request: Answer(200, {}, b"")
    clock: float = 1_700_000_000.0
    journal: dict[str, Outcome] = field(default_factory=dict)
    entries: dict[int, StepEntry] = field(default_factory=dict)
    logs: list[tuple[str, Any]] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    uuids: int = 0

    def now(self) -> float:
        return self.clock

    def noted(self, key: str) -> Outcome | None:
        return self.journal.get(key)

    def note(self, key: str, outcome: Outcome) -> None:
        assert key not in self.journal
        self.journal[key] = outcome

    def step(self, entry: StepEntry) -> None:
        self.entries[entry.number] = entry

    async def send(self, request: Outgoing) -> Answer:
        self.sent.append(request)
        await asyncio.sleep(0)
        return self.respond(request)

    async def log(self, severity: str, payload: Any) -> None:
        self.logs.append((severity, payload))

    async def log_call(self, step: str, callee: str, arguments: Any, error: Any | None) -> None:
        self.logs.append((f"{step}: {callee}", error))

    def create_callback(self, identity: str, method: str) -> str:
        return f"http://127.0.0.1/callbacks/{identity}"

    async def await_callback(self, identity: str) -> dict[str, Any]:
        return {"http_request": {"body": identity}, "type": "HTTP"}

    def uuid(self) -> str:
        self.uuids += 1
        return f"uuid-{self.uuids}"


def machine(text: str, world: FakeWorld) -> Machine:
    return Machine(source.read(textwrap.dedent(text), blocks), world, connect)


def run(text: str, argument: Any = None, world: FakeWorld | None = None) -> Any:
    """The result of a workflow."""
    return asyncio.run(machine(text, world or FakeWorld()).run(argument))


def evaluate(expression: str, **variables: Any) -> Any:
    """What an expression is."""
    names = [{name: value} for name, value in variables.items()] or [{"nothing": None}]
    import yaml

    steps = [{"set": {"assign": names}}, {"get": {"return": f"${{{expression}}}"}}]
    return run(yaml.safe_dump({"main": {"steps": steps}}))


def error_of(text: str, argument: Any = None, world: FakeWorld | None = None) -> WorkflowError:
    """The error that a workflow ends with."""
    try:
        result = run(text, argument, world)
    except WorkflowError as error:
        return error
    raise AssertionError(f"it succeeded: {result!r}")
