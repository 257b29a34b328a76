"""What one execution reaches outside of itself: its journal, its history, its callbacks, Cloud Logging, the network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgpack

from sandbox.apis.workflows.network import Network
from sandbox.control.context import Control, timestamp
from sandbox.control.http import Request
from sandbox.control.store import Store
from sandbox.workflows.errors import fault
from sandbox.workflows.world import Answer, Outcome, Outgoing, StepEntry

_SCHEMA = """
CREATE TABLE IF NOT EXISTS workflow_runs (execution TEXT PRIMARY KEY, pinned TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS workflow_journal (
  execution TEXT NOT NULL, key TEXT NOT NULL, failed INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (execution, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS workflow_steps (
  execution TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (execution, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS workflow_callbacks (
  execution TEXT NOT NULL, id TEXT NOT NULL, method TEXT NOT NULL, payload BLOB, PRIMARY KEY (execution, id)
) WITHOUT ROWID"""
_FLUSH = 500


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an execution keeps of its workflow, whatever becomes of that: the source, who runs it, its environment."""

    source: str
    account: str
    environment: dict[str, str]
    call_log_level: str

    def save(self, store: Store, execution: str) -> None:
        """Keep it, with the execution."""
        text = json.dumps([self.source, self.account, self.environment, self.call_log_level])
        store.execute("INSERT INTO workflow_runs VALUES (?, ?)", (execution, text))

    @classmethod
    def load(cls, store: Store, execution: str) -> Pinned:
        """What was kept."""
        return cls(*json.loads(store.rows("SELECT pinned FROM workflow_runs WHERE execution = ?", (execution,))[0][0]))


class Journal:
    """The tables of executions."""

    @staticmethod
    def schema(store: Store) -> None:
        """Make the tables."""
        store.schema(_SCHEMA)

    @staticmethod
    def load(store: Store, execution: str) -> dict[str, Outcome]:
        """All calls that ended."""
        rows = store.rows("SELECT key, failed, value FROM workflow_journal WHERE execution = ?", (execution,))
        return {key: Outcome(msgpack.unpackb(value, strict_map_key=False), bool(failed)) for key, failed, value in rows}

    @staticmethod
    def drop(store: Store, execution: str, *, history: bool = False) -> None:
        """Forget what an execution that ended needs no more; with its history where it is deleted."""
        for table in ("runs", "journal", "callbacks", *(["steps"] if history else [])):
            store.execute(f"DELETE FROM workflow_{table} WHERE execution = ?", (execution,))  # noqa: S608 - our names


@dataclass(slots=True)
class Outside:
    """The world of one execution."""

    control: Control
    network: Network
    execution: str
    environment: Mapping[str, str] = field(default_factory=dict)
    call_log_level: str = ""
    _pinned: Pinned | None = None
    _journal: dict[str, Outcome] = field(default_factory=dict)
    _entries: dict[int, StepEntry] = field(default_factory=dict)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _taken: list[str] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    def begin(self, pinned: Pinned) -> None:
        """Read what there is of an earlier run. Its history is written anew, since the steps are run anew."""
        self._pinned, self.environment, self.call_log_level = pinned, pinned.environment, pinned.call_log_level
        self._journal = Journal.load(self.control.store, self.execution)
        self.control.store.execute("DELETE FROM workflow_steps WHERE execution = ?", (self.execution,))

    def now(self) -> float:
        """The sandbox's clock."""
        return self.control.clock()

    def uuid(self) -> str:
        """A random UUID."""
        return self.control.uid()

    def noted(self, key: str) -> Outcome | None:
        """What the journal has."""
        return self._journal.get(key)

    def note(self, key: str, outcome: Outcome) -> None:
        """Write to the journal, and the history so far with it."""
        self._journal[key] = outcome
        store = self.control.store
        with store.transaction():
            values = (self.execution, key, int(outcome.failed), msgpack.packb(outcome.value))
            store.execute("INSERT OR REPLACE INTO workflow_journal VALUES (?, ?, ?, ?)", values)
            for identity in self._taken:
                where = (self.execution, identity)
                store.execute("UPDATE workflow_callbacks SET payload = NULL WHERE execution = ? AND id = ?", where)
            self._taken.clear()
            self._write_entries()

    def step(self, entry: StepEntry) -> None:
        """Remember an entry; it is written with the next call, or with others."""
        self._entries[entry.number] = entry
        if len(self._entries) >= _FLUSH:
            self.flush()

    def flush(self) -> None:
        """Write the history."""
        with self.control.store.transaction():
            self._write_entries()

    def _write_entries(self) -> None:
        for number, entry in self._entries.items():
            values = (self.execution, number, json.dumps(_document(entry)))
            self.control.store.execute("INSERT OR REPLACE INTO workflow_steps VALUES (?, ?, ?)", values)
        self._entries.clear()

    async def send(self, request: Outgoing) -> Answer:
        """Send with a token of the workflow's account. Raises WorkflowError."""
        return await self.network.send(request, self._pinned.account if self._pinned else "")

    async def log(self, severity: str, payload: Any) -> None:
        """Write to Cloud Logging, as Google's runtime does."""
        await write_log(self.control, self.execution, "Workflows", severity, payload)

    async def log_call(self, step: str, callee: str, arguments: Any, error: Any | None) -> None:
        """An entry of type EngineCallLog."""
        entry: dict[str, Any] = {
            "@type": "type.googleapis.com/google.cloud.workflows.type.EngineCallLog",
            "executionId": self.execution.rpartition("/")[2],
            "step": step,
            "callee": callee,
            "activityTime": self.control.now(),
            "state": "SUCCEEDED" if error is None else "EXCEPTION_RAISED",
        }
        if error is not None:
            entry["exceptionRaised"] = {"exception": {"payload": json.dumps(error, default=str)}}
        severity = "INFO" if error is None else "ERROR"
        await write_log(self.control, self.execution, "workflows.googleapis.com%2Fengine_calls", severity, entry)

    # Callbacks

    def create_callback(self, identity: str, method: str) -> str:
        """A row that a request can be put into."""
        values = (self.execution, identity, method)
        self.control.store.execute("INSERT OR IGNORE INTO workflow_callbacks VALUES (?, ?, ?, NULL)", values)
        return f"{self.control.url}/workflowexecutions/v1/{self.execution}/callbacks/{identity}"

    async def await_callback(self, identity: str) -> dict[str, Any]:
        """Wait until the row holds a request; the row is emptied once the journal has it."""
        store, where = self.control.store, "WHERE execution = ? AND id = ?"
        self.waiting.add(identity)
        try:
            while True:
                self._arrived.clear()
                found = store.rows(f"SELECT payload FROM workflow_callbacks {where}", (self.execution, identity))  # noqa: S608
                if not found:
                    raise fault("KeyError", f"callback not found: {identity}")
                if found[0][0] is not None:
                    self._taken.append(identity)
                    return dict(msgpack.unpackb(found[0][0], strict_map_key=False))
                await self._arrived.wait()
        finally:
            self.waiting.discard(identity)

    def arrived(self) -> None:
        """A request came in for one of the callbacks."""
        self._arrived.set()


async def write_log(control: Control, execution: str, log: str, severity: str, payload: Any) -> None:
    """Write an entry of an execution to Cloud Logging. Raises WorkflowError."""
    project, location, workflow, identity = (execution.split("/")[at] for at in (1, 3, 5, 7))
    labels = {"location": location, "workflow_id": workflow}
    entry: dict[str, Any] = {
        "logName": f"projects/{project}/logs/{log}",
        "resource": {"type": "workflows.googleapis.com/Workflow", "labels": labels},
        "labels": {"workflows.googleapis.com/execution_id": identity},
        "severity": severity,
    }
    if isinstance(payload, dict):
        entry["jsonPayload"] = payload
    elif payload is not None:
        entry["textPayload"] = payload if isinstance(payload, str) else json.dumps(payload)
    answer = await control.dispatch(Request.of("POST", "/logging/v2/entries:write", {"entries": [entry]}))
    if answer.status != 200:
        raise fault("SystemError", f"Cloud Logging refused the entry: {answer.problem()}")


def _document(entry: StepEntry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "createTime": timestamp(entry.started),
        "updateTime": timestamp(entry.ended or entry.started),
        "routine": entry.routine,
        "step": entry.step,
        "stepType": entry.kind,
        "state": entry.state,
        "entryId": str(entry.number),
        "stepEntryMetadata": {"threadId": entry.thread},
    }
    if entry.parent:
        found["navigationInfo"] = {"parent": str(entry.parent)}
    if entry.error is not None:
        found["exception"] = {"payload": json.dumps(entry.error, default=str)}
    return found
