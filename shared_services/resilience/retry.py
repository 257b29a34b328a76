"""`Retry`: another attempt after a growing pause, as long as the budget of all callers allows it."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from shared_services.errors import classify

from .deadline import remaining
from .errors import BulkheadFull, CircuitOpen
from .policy import P, Policy, R

if TYPE_CHECKING:
    from shared_services.config.documents.resilience import Retry as Settings


class RetryBudget:
    """Retries that callers together may make: a part of their calls, so that retries can't bury what is down.

    >>> budget = RetryBudget(ratio=0.5, reserve=1)
    >>> budget.spend(), budget.spend()
    (True, False)
    >>> budget.earn(); budget.earn(); budget.spend()
    True

    Args:
        ratio: retries a call earns.
        reserve: retries in hand at the start, and the most that are saved up.
    """

    def __init__(self, ratio: float = 0.2, reserve: float = 10) -> None:
        self._ratio, self._most = ratio, max(reserve, 1.0)
        self._left = float(reserve)
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Retries in hand."""
        return self._left

    def earn(self) -> None:
        """A first attempt was made."""
        with self._lock:
            self._left = min(self._most, self._left + self._ratio)

    def spend(self) -> bool:
        """Whether a retry may be made; it is taken."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


class Retry(Policy):
    """Tries again what failed for a passing reason.

    Not for Google's clients, which retry by themselves, nor for what must not happen twice (an order without an
    idempotency key). An error's own `retry_after` (seconds) lengthens the pause; when the pause would outlast the
    deadline, or the budget is spent, the error is raised at once. An open breaker and a full bulkhead aren't tried.

    >>> answers = iter([TimeoutError("slow"), "TCS"])
    >>> @Retry(first_pause_seconds=0)
    ... def ask():
    ...     answer = next(answers)
    ...     if isinstance(answer, Exception):
    ...         raise answer
    ...     return answer
    >>> ask()
    'TCS'

    Args:
        attempts: in all.
        first_pause_seconds: before the second attempt; each further pause is twice as long,
        longest_pause_seconds: up to this.
        jitter: the part of each pause that is left to chance: 0.2 is 20 % more or less.
        budget: what the retries are taken from; None: unlimited.
        retryable: whether an error is worth another attempt, instead of `classify(error).retryable`.
        sleep: waits, in plain calls.
        chance: a number from 0 to 1.
    """

    def __init__(
        self,
        attempts: int = 3,
        first_pause_seconds: float = 0.1,
        longest_pause_seconds: float = 5,
        jitter: float = 0.2,
        *,
        budget: RetryBudget | None = None,
        retryable: Callable[[Exception], bool] | None = None,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.attempts = max(attempts, 1)
        self._first, self._longest, self._jitter = first_pause_seconds, longest_pause_seconds, jitter
        self.budget = budget
        self._retryable = retryable
        self._sleep, self._chance = sleep, chance

    @classmethod
    def of(cls, settings: Settings, *, budget: RetryBudget | None = None) -> Retry:
        """One with the settings of `config/resilience.yaml`.

        >>> from shared_services import get_config
        >>> Retry.of(get_config("resilience").retry).attempts
        3
        """
        pauses = (settings.first_pause_seconds, settings.longest_pause_seconds)
        return cls(settings.attempts, *pauses, float(settings.jitter), budget=budget)

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function until it succeeds; the last error is raised."""
        if self.budget is not None:
            self.budget.earn()
        attempt = 1
        while True:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                pause = self.pause_after(attempt, error)
                if pause is None:
                    raise
            self._sleep(pause)
            attempt += 1

    async def call_async(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function until it succeeds; the last error is raised."""
        if self.budget is not None:
            self.budget.earn()
        attempt = 1
        while True:
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                pause = self.pause_after(attempt, error)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
            attempt += 1

    def pause_after(self, attempt: int, error: Exception) -> float | None:
        """Seconds until the next attempt, or None where there is none.

        >>> Retry(jitter=0).pause_after(2, TimeoutError())
        0.2

        Args:
            attempt: the one that failed; counts from 1.
            error: what it raised.
        """
        if attempt >= self.attempts or not self._worth(error):
            return None
        pause: float = min(self._longest, self._first * 2 ** min(attempt - 1, 60))
        pause *= 1 + self._jitter * (2 * self._chance() - 1)
        asked = getattr(error, "retry_after", None)
        if isinstance(asked, int | float):
            pause = max(pause, float(asked))
        left = remaining()
        if left is not None and pause >= left:
            return None
        if self.budget is not None and not self.budget.spend():
            return None
        return pause

    def _worth(self, error: Exception) -> bool:
        if self._retryable is not None:
            return self._retryable(error)
        return not isinstance(error, CircuitOpen | BulkheadFull) and classify(error).retryable
