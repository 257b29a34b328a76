"""`Fallback`: an answer that stands in when the real one can't be had."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from shared_services.errors import classify

from .policy import P, Policy, R

_log = logging.getLogger("shared_services.resilience")


class Fallback(Policy):
    """Gives something else when a call fails for a reason that isn't the caller's.

    >>> @Fallback(lambda error, symbol: f"yesterday's {symbol}")
    ... def price(symbol):
    ...     raise ConnectionError("down")
    >>> price("TCS")
    "yesterday's TCS"

    Args:
        instead: called with the error and the call's arguments; may be async for async calls.
        when: whether an error leads to it; by default those that pass and those of a dependency.
    """

    def __init__(self, instead: Callable[..., Any], *, when: Callable[[Exception], bool] | None = None) -> None:
        self._instead = instead
        self._when = when
        self.used = 0

    @classmethod
    def value(cls, value: object, *, when: Callable[[Exception], bool] | None = None) -> Fallback:
        """One that always gives the same.

        >>> Fallback.value([]).call(lambda: 1)
        1
        """
        return cls(lambda _error, *_args, **_kwargs: value, when=when)

    def call(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function, or what stands in for it."""
        try:
            return function(*args, **kwargs)
        except Exception as error:
            if not self._applies(error):
                raise
            return cast("R", self._instead(error, *args, **kwargs))

    async def call_async(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call an async function, or what stands in for it."""
        try:
            return await function(*args, **kwargs)
        except Exception as error:
            if not self._applies(error):
                raise
            found = self._instead(error, *args, **kwargs)
            return cast("R", await found if inspect.isawaitable(found) else found)

    def _applies(self, error: Exception) -> bool:
        applies = self._when(error) if self._when is not None else classify(error).retryable
        if applies:
            self.used += 1
            _log.warning("a fallback stands in: %s: %s", type(error).__name__, error)
        return applies
