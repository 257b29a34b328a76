"""The instances of one revision: started by requests, limited in number and load, ended when idle."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.runtime.output import Origin
from sandbox.runtime.processes import Process

if TYPE_CHECKING:
    from sandbox.runtime.groups import Group

log = logging.getLogger("sandbox.runtime")

IDLE_SECONDS = 900.0
"""How long an instance beyond the minimum is kept without a request; Cloud Run keeps one for up to 15 minutes."""


class StartFailed(Exception):
    """An instance ended or did not answer its startup probe in time."""


class NoInstance(Exception):
    """No instance had room for the request in time."""


@dataclass(eq=False, slots=True)
class Instance:
    """A process that serves requests on a loopback port."""

    process: Process | Group
    port: int
    origin: Origin | None = None
    active: int = 0
    idle_since: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests at once per instance, and how many instances."""

    concurrency: int = 80
    least: int = 0
    most: int = 100


class Pool:
    """Instances of a revision. `launch` starts one and returns it when it is ready, or raises StartFailed."""

    def __init__(
        self, limits: Limits, launch: Callable[[], Awaitable[Instance]], idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self.limits = limits
        self.instances: list[Instance] = []
        self._launch = launch
        self._idle_seconds = idle_seconds
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting: deque[asyncio.Future[Instance]] = deque()
        self._watchers: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def starting(self) -> int:
        return len(self._starting)

    async def acquire(self, seconds: float) -> Instance:
        """An instance with room, started where needed. Raises NoInstance after `seconds`, or StartFailed."""
        if not self._waiting and (instance := self._room()) is not None:
            instance.active += 1
            return instance
        waiter: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._grow()
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError as error:
            raise NoInstance("The request was aborted because there was no available instance.") from error
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self.release(waiter.result())
            raise
        finally:
            if not waiter.done():
                waiter.cancel()

    def release(self, instance: Instance) -> None:
        """A request has ended."""
        instance.active -= 1
        instance.idle_since = time.monotonic()
        self._serve_waiting()

    async def warm(self) -> None:
        """Start one instance, or the least number, and wait for it. Raises StartFailed."""
        if not self.instances:
            self._add(await self._launch())
        self.keep_least()

    def keep_least(self) -> None:
        """Start instances in the background up to the least number."""
        while not self._closed and len(self.instances) + self.starting < self.limits.least:
            self._start()

    async def shrink(self, now: float) -> None:
        """End what was idle for long, beyond the least number."""
        idle = [i for i in self.instances if i.active == 0 and now - i.idle_since > self._idle_seconds]
        for instance in idle[: max(0, len(self.instances) - self.limits.least)]:
            self.instances.remove(instance)
            await instance.process.stop()

    async def close(self, drain_seconds: float = 10.0) -> None:
        """Take no more requests, let those that run end within `drain_seconds`, and end the instances."""
        self._closed = True
        for task in list(self._starting):
            task.cancel()
        self._refuse(NoInstance("The revision is being deleted."))
        until = time.monotonic() + drain_seconds
        while any(i.active for i in self.instances) and time.monotonic() < until:  # noqa: ASYNC110 - rare, short
            await asyncio.sleep(0.02)
        ended, self.instances = self.instances, []
        await asyncio.gather(*(instance.process.stop() for instance in ended))

    # Inside

    def _room(self) -> Instance | None:
        """The fullest instance that has room, so that the others can fall idle."""
        open_ = [i for i in self.instances if i.active < self.limits.concurrency and i.process.running]
        return max(open_, key=lambda i: i.active, default=None)

    def _serve_waiting(self) -> None:
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()
                continue
            instance = self._room()
            if instance is None:
                return
            instance.active += 1
            self._waiting.popleft().set_result(instance)

    def _refuse(self, error: Exception) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(error)

    def _grow(self) -> None:
        """Start as many instances as the waiting requests need and the limit allows."""
        waiting = sum(not waiter.done() for waiter in self._waiting)
        wanted = -(-waiting // self.limits.concurrency)
        while self.starting < wanted and len(self.instances) + self.starting < self.limits.most and not self._closed:
            self._start()

    def _start(self) -> None:
        task = asyncio.create_task(self._begin(), name="start an instance")
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _begin(self) -> None:
        try:
            instance = await self._launch()
        except StartFailed as error:
            self._no_longer_starting()
            log.warning("%s", error)
            if not self.instances and not self._starting:
                self._refuse(error)
            return
        # Off the list before the requests are served: those that remain count on what still starts.
        self._no_longer_starting()
        self._add(instance)
        self._grow()

    def _no_longer_starting(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._starting.discard(task)

    def _add(self, instance: Instance) -> None:
        self.instances.append(instance)
        self._watch(self._follow(instance))
        self._serve_waiting()

    def _watch(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name="follow an instance")
        self._watchers.add(task)
        task.add_done_callback(self._watchers.discard)

    async def _follow(self, instance: Instance) -> None:
        """Replace an instance that ends by itself."""
        code = await asyncio.shield(instance.process.exited)
        if instance not in self.instances:
            return
        self.instances.remove(instance)
        log.warning("an instance on port %d ended with code %d", instance.port, code)
        # One that ends at once would otherwise be started in a tight loop.
        await asyncio.sleep(1.0)
        self.keep_least()
        self._grow()
