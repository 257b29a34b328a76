"""What a running workflow needs from outside, as protocols: its journal, the clock, the network, logs, callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to send; `auth` is the map of an http call, `scopes` the default of OAuth2."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    timeout: float = 1800.0
    auth: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names as they are written in HTTP (`Content-Type`)."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a noted call ended: `failed` says that `value` was raised."""

    value: Any
    failed: bool = False


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step that began, ended or failed, for the history of an execution."""

    number: int
    routine: str
    step: str
    kind: str
    state: str
    started: float
    ended: float | None = None
    error: Any = None
    parent: int = 0
    thread: str = ""
    progress: tuple[str, int, int] | None = None


class World(Protocol):
    """The outside of one execution."""

    environment: Mapping[str, str]
    call_log_level: str

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    def noted(self, key: str) -> Outcome | None:
        """What the journal has of a call."""
        ...

    def note(self, key: str, outcome: Outcome) -> None:
        """Keep how a call ended, before the execution goes on."""
        ...

    def step(self, entry: StepEntry) -> None:
        """A step began or ended."""
        ...

    async def send(self, request: Outgoing) -> Answer:
        """Send a request. Raises WorkflowError where no answer comes."""
        ...

    async def log(self, severity: str, payload: Any) -> None:
        """Write to Cloud Logging."""
        ...

    async def log_call(self, step: str, callee: str, arguments: Any, error: Any | None) -> None:
        """Write to the log of calls, as `call_log_level` wants it."""
        ...

    def create_callback(self, identity: str, method: str) -> str:
        """Open a place for a request from outside; returns its URL. Asking again for the same changes nothing."""
        ...

    async def await_callback(self, identity: str) -> dict[str, Any]:
        """Wait for a request, and take it."""
        ...

    def uuid(self) -> str:
        """A random UUID."""
        ...
