"""`Health`: what a service needs to work, asked for at once, each within its time, and not more often than needed."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared_services.errors import describe_error
from shared_services.logging.redaction import redactor

Check = Callable[[], Any]


class Phase(StrEnum):
    """Where a process is in its life."""

    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    Args:
        name: such as `database`.
        kind: database, cache or dependency.
        ok: whether it works.
        required: whether the service is of no use without it.
        seconds: how long it took to find out.
        detail: what it said, or why it doesn't work.
    """

    name: str
    kind: str
    ok: bool
    required: bool
    seconds: float
    detail: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        said: dict[str, Any] = {"kind": self.kind, "status": "ok" if self.ok else "down", "required": self.required}
        said["duration_ms"] = round(self.seconds * 1000, 1)
        return {**said, "detail": self.detail} if self.detail else said


@dataclass(slots=True)
class _Registered:
    name: str
    kind: str
    check: Check
    required: bool
    seconds: float


@dataclass(slots=True)
class Health:
    """The checks of a service.

    >>> health = Health()
    >>> health.add("database", lambda: "3 connections", kind="database")
    >>> [result.ok for result in asyncio.run(health.check())]
    [True]

    Args:
        fresh_seconds: how long an answer serves; whoever asks more often gets the same one.
        clock: seconds that only grow.
    """

    fresh_seconds: float = 1.0
    clock: Callable[[], float] = time.monotonic
    phase: Phase = Phase.STARTING
    _checks: dict[str, _Registered] = field(default_factory=dict)
    _known: tuple[float, tuple[CheckResult, ...]] | None = None
    _asking: asyncio.Future[tuple[CheckResult, ...]] | None = None

    def add(
        self,
        name: str,
        check: Check,
        *,
        kind: str = "dependency",
        required: bool = True,
        timeout_seconds: float = 2,
    ) -> None:
        """Have something checked.

        Args:
            name: such as `database`, or the service that is called.
            check: plain (run in a thread) or async; what it raises, or False, says that it doesn't work.
            kind: database, cache or dependency.
            required: whether the service is not ready without it; else it is `degraded`.
            timeout_seconds: how long it may take.
        """
        self._checks[name] = _Registered(name, kind, check, required, timeout_seconds)
        self._known = None

    def remove(self, name: str) -> None:
        """Check it no more."""
        self._checks.pop(name, None)
        self._known = None

    async def check(self) -> tuple[CheckResult, ...]:
        """What all of them find; those who ask at once share the answer."""
        if not self._checks:
            return ()
        if self._known is not None and self.clock() < self._known[0] + self.fresh_seconds:
            return self._known[1]
        if self._asking is None or self._asking.get_loop() is not asyncio.get_running_loop():
            self._asking = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> tuple[CheckResult, ...]:
        try:
            results = tuple(await asyncio.gather(*(_run(each, self.clock) for each in list(self._checks.values()))))
            self._known = self.clock(), results
            return results
        finally:
            self._asking = None

    async def status(self) -> tuple[str, tuple[CheckResult, ...]]:
        """In a word, with the results: ok, degraded, down, starting or draining.

        >>> health = Health(phase=Phase.SERVING)
        >>> health.add("cache", lambda: False, kind="cache", required=False)
        >>> asyncio.run(health.status())[0]
        'degraded'
        """
        results = await self.check()
        if self.phase is not Phase.SERVING:
            return self.phase.value, results
        failed = [result for result in results if not result.ok]
        if any(result.required for result in failed):
            return "down", results
        return "degraded" if failed else "ok", results


async def _run(registered: _Registered, clock: Callable[[], float]) -> CheckResult:
    began = clock()
    try:
        async with asyncio.timeout(registered.seconds) as limit:
            if inspect.iscoroutinefunction(registered.check):
                said = await registered.check()
            else:
                said = await asyncio.to_thread(registered.check)
                if isinstance(said, Awaitable):
                    said = await said
        ok, detail = said is not False, said if isinstance(said, str) else ""
    except TimeoutError as error:
        ok, detail = False, f"no answer within {registered.seconds:g} s" if limit.expired() else str(error)
    except Exception as error:
        about = describe_error(error)
        first = (about["error_message"].splitlines() or [""])[0][:200]
        ok, detail = False, f"{about['error_class']}: {about['error_type']}: {first}"
    told = redactor().text(detail)  # an address of a database has its password in it
    return CheckResult(registered.name, registered.kind, ok, registered.required, clock() - began, told)
