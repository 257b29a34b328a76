"""`CircuitBreaker`: what fails too often is left alone for a while, then tried with few calls."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from shared_services.errors import ErrorClass, classify

from .errors import CircuitOpen
from .policy import P, Policy, R

if TYPE_CHECKING:
    from shared_services.config.documents.resilience import Breaker

_log = logging.getLogger("shared_services.resilience")
_SLOTS = 10


class BreakerState(StrEnum):
    """Where a breaker stands."""

    CLOSED = "closed"
    """Calls go through."""
    OPEN = "open"
    """Calls are refused."""
    HALF_OPEN = "half-open"
    """A few calls go through, to see."""


_CLOSED, _OPEN, _HALF_OPEN = BreakerState.CLOSED, BreakerState.OPEN, BreakerState.HALF_OPEN
Listener = Callable[["CircuitBreaker", BreakerState, BreakerState], object]


class CircuitBreaker(Policy):
    """Opens when what it guards fails too often, and closes when trials succeed.

    What counts as a failure is a passing error or one of a dependency (`classify`): an input that the other side
    refuses proves that it is up. A mistake of ours (a `KeyError`) proves nothing and counts neither way. Outcomes of
    calls that began before the last change of state are ignored.

    >>> breaker = CircuitBreaker("kite", failure_threshold=2, open_seconds=15)
    >>> @breaker
    ... def quote(symbol):
    ...     raise ConnectionError(symbol)
    >>> for _ in range(3):
    ...     try:
    ...         quote("TCS")
    ...     except Exception as error:
    ...         print(type(error).__name__, breaker.state.value)
    ConnectionError closed
    ConnectionError open
    CircuitOpen open

    Args:
        name: of what is guarded; stands in errors, logs and metrics.
        failure_threshold: failures within the window that open it,
        failure_ratio: where they are at least this part of the calls.
        window_seconds: how long an outcome counts.
        open_seconds: how long it stays open before trials.
        half_open_calls: trials; when that many succeed it closes, when one fails it opens again.
        counts: whether an error is a failure, instead of `classify`.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        name: str = "dependency",
        *,
        failure_threshold: int = 5,
        failure_ratio: float = 0.5,
        window_seconds: float = 30,
        open_seconds: float = 15,
        half_open_calls: int = 2,
        counts: Callable[[BaseException], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._counts = counts
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._state = _CLOSED
        self._era = 0
        self._until = 0.0
        self._trials = self._passed = 0
        self.refused = 0
        self._calls = [0] * _SLOTS
        self._failures = [0] * _SLOTS
        self._slot = 0
        self._slot_ends = 0.0
        self.configure(failure_threshold, failure_ratio, window_seconds, open_seconds, half_open_calls)

    @classmethod
    def of(cls, name: str, settings: Breaker) -> CircuitBreaker:
        """One with the settings of `config/resilience.yaml`.

        >>> from shared_services import get_config
        >>> CircuitBreaker.of("kite", get_config("resilience").breakers["kite"]).state.value
        'closed'
        """
        made = cls(name)
        made.apply(settings)
        return made

    def apply(self, settings: Breaker) -> None:
        """Take over changed settings; the state stays."""
        self.configure(
            settings.failure_threshold,
            float(settings.failure_ratio),
            settings.window_seconds,
            settings.open_seconds,
            settings.half_open_calls,
        )

    def configure(
        self, failure_threshold: int, failure_ratio: float, window_seconds: float, open_seconds: float, trials: int
    ) -> None:
        """Set everything that decides; the state stays."""
        with self._lock:
            self._threshold, self._ratio = failure_threshold, failure_ratio
            self._width = max(window_seconds, 1e-3) / _SLOTS
            self._open_seconds, self._half_open_calls = open_seconds, max(trials, 1)
            self._forget()

    @property
    def state(self) -> BreakerState:
        """Where it stands now."""
        if self._state is _OPEN and self._clock() >= self._until:
            return _HALF_OPEN
        return self._state

    def on_change(self, listener: Listener) -> None:
        """Call `listener(breaker, before, after)` at each change; what it raises is logged."""
        self._listeners.append(listener)

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function.

        Raises:
            CircuitOpen: it isn't called.
        """
        era = self._era
        if self._state is not _CLOSED:
            era = self.enter()
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            self.failed(era, error)
            raise
        self.succeeded(era)
        return result

    async def call_async(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function.

        Raises:
            CircuitOpen: it isn't called.
        """
        era = self.enter()
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            self.failed(era, error)
            raise
        self.succeeded(era)
        return result

    def enter(self) -> int:
        """Begin a call by hand; give what this returns to `succeeded` or `failed`.

        Raises:
            CircuitOpen: it must not be made.
        """
        era = self._era  # read first: where the state changes right now, the outcome won't count
        if self._state is _CLOSED:
            return era
        before = None
        with self._lock:
            state, now = self._state, self._clock()
            if state is _OPEN:
                if now < self._until:
                    self.refused += 1
                    raise CircuitOpen(self.name, self._until - now)
                before = self._become(_HALF_OPEN, now)
            elif state is _HALF_OPEN and self._trials >= self._half_open_calls:
                if now < self._until:
                    self.refused += 1
                    raise CircuitOpen(self.name, self._until - now)
                before = self._become(_HALF_OPEN, now)  # trials that never end must not block it for ever
            if self._state is _HALF_OPEN:
                self._trials += 1
            era = self._era
        self._tell(before)
        return era

    def succeeded(self, era: int) -> None:
        """A call that `enter` allowed ended well."""
        if self._state is _CLOSED:
            # Without the lock, on every call's way: a success that two threads count as one changes nothing.
            if era == self._era:
                if self._clock() >= self._slot_ends:
                    with self._lock:
                        self._turn()
                self._calls[self._slot % _SLOTS] += 1
            return
        before = None
        with self._lock:
            if era != self._era or self._state is _CLOSED:
                return
            self._passed += 1
            if self._passed >= self._half_open_calls:
                before = self._become(_CLOSED, self._clock())
        self._tell(before)

    def failed(self, era: int, error: BaseException) -> None:
        """A call that `enter` allowed raised an error."""
        verdict = self._verdict(error)
        if verdict is False:
            self.succeeded(era)
            return
        before = None
        with self._lock:
            if era != self._era:
                return
            if verdict is None:
                self._trials = max(0, self._trials - 1)
            elif self._state is _HALF_OPEN:
                before = self._become(_OPEN, self._clock())
            else:
                slot = self._turn()
                self._calls[slot] += 1
                self._failures[slot] += 1
                failures = sum(self._failures)
                if failures >= self._threshold and failures >= self._ratio * sum(self._calls):
                    before = self._become(_OPEN, self._clock())
        self._tell(before)

    def _verdict(self, error: BaseException) -> bool | None:
        """Whether an error is a failure, or None where it says nothing."""
        if not isinstance(error, Exception):  # cancelled
            return None
        if self._counts is not None:
            return self._counts(error)
        kind = classify(error)
        return None if kind is ErrorClass.PROGRAMMING else kind.retryable

    def _turn(self) -> int:
        """The slot of now, with those that the time has passed emptied."""
        now = int(self._clock() / self._width)
        passed = now - self._slot
        if passed:
            for slot in range(self._slot + 1, self._slot + 1 + min(passed, _SLOTS)):
                self._calls[slot % _SLOTS] = self._failures[slot % _SLOTS] = 0
            self._slot = now
            self._slot_ends = (now + 1) * self._width
        return now % _SLOTS

    def _forget(self) -> None:
        self._calls[:] = self._failures[:] = [0] * _SLOTS
        self._slot = int(self._clock() / self._width)
        self._slot_ends = (self._slot + 1) * self._width

    def _become(self, state: BreakerState, now: float) -> BreakerState:
        before, self._state = self._state, state
        self._era += 1
        self._trials = self._passed = 0
        self._until = now + self._open_seconds
        self._forget()
        return before

    def _tell(self, before: BreakerState | None) -> None:
        if before is None or before is self._state:
            return
        _log.warning("the breaker of %s is %s", self.name, self._state.value)
        for listener in list(self._listeners):
            try:
                listener(self, before, self._state)
            except Exception:
                _log.exception("a listener of the breaker of %s failed", self.name)

    def __repr__(self) -> str:
        return f"CircuitBreaker({self.name!r}, {self.state.value})"
