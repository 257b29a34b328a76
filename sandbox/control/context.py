"""What a handler works with: the control plane's parts, and one call."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sandbox.control import binary, masks, payload
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Dispatch, Request, Response
from sandbox.control.projects import Projects
from sandbox.control.store import Store

log = logging.getLogger("sandbox")
T = TypeVar("T")


def timestamp(seconds: float, digits: int = 6) -> str:
    """RFC 3339 in UTC.

    >>> timestamp(0)
    '1970-01-01T00:00:00.000000Z'
    """
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return (text[: len(text) - 6 + digits] if digits else text[:-7]) + "Z"


async def _no_dispatch(request: Request) -> Response:
    raise RuntimeError("the router is not there yet")


@dataclass(slots=True)
class Control:
    """The parts of a running sandbox that APIs use. Time and randomness come from here."""

    store: Store
    state_dir: Path
    clock: Callable[[], float] = time.time
    url: str = "http://127.0.0.1"
    placeholder: str = ""
    dispatch: Dispatch = _no_dispatch
    # The APIs by their short names (`pubsub` is served for pubsub.googleapis.com).
    served: set[str] = field(default_factory=set)
    # Who knows where a host below a domain is on this machine, such as `.run.app`; None: nowhere.
    hosts: dict[str, Callable[[str], str | None]] = field(default_factory=dict)
    projects: Projects = field(init=False)
    _parts: dict[type, Any] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.projects = Projects(self.store)

    def now(self) -> str:
        """The time as Google's APIs write it."""
        return timestamp(self.clock())

    def uid(self) -> str:
        """A random UUID."""
        return str(uuid.uuid4())

    def etag(self) -> str:
        """A new etag: base64, so that clients that hold it as bytes can."""
        return binary.etag(secrets.token_bytes(9))

    def hex(self, digits: int) -> str:
        """Random lower-case hexadecimal digits."""
        return secrets.token_hex((digits + 1) // 2)[:digits]

    def provide(self, part: object) -> None:
        """Keep an object of an API (an engine, a supervisor) by its type."""
        self._parts[type(part)] = part

    def part(self, kind: type[T]) -> T:
        """The object of that type that was provided."""
        found: T = self._parts[kind]
        return found

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run in the background until it ends or the sandbox stops; a failure is logged."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task %s failed", task.get_name(), exc_info=error)

    async def stop(self) -> None:
        """Cancel what runs in the background and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(slots=True)
class Call:
    """One request to one route. `params` are the path's variables, decoded, the project as an id."""

    control: Control
    request: Request
    params: dict[str, str]

    @property
    def project(self) -> str:
        """The project id of the path."""
        return self.params["project"]

    @property
    def store(self) -> Store:
        return self.control.store

    def body(self) -> dict[str, Any]:
        """The JSON body: field names of the first level in camel case, nulls left out, as `payload.message` has it."""
        return {masks.camel(key): value for key, value in payload.message(self.request).items()}

    def query(self, name: str, default: str = "") -> str:
        """A query parameter by its camel-case name; the snake-case spelling is taken too."""
        query = self.request.query
        if name in query:
            return self.request.param(name, default)
        snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        return self.request.param(snake, default)

    def integer(self, name: str, default: int, most: int | None = None) -> int:
        """A whole, non-negative number from the query."""
        text = self.query(name)
        if not text:
            return default
        if not text.isdigit():
            raise invalid_argument(f"Invalid value for {name}: '{text}'.", {name: "not a whole number"})
        return int(text) if most is None else min(int(text), most)

    def flag(self, name: str) -> bool:
        """A boolean from the query."""
        return self.query(name).lower() in ("true", "1")
