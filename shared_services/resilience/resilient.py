"""`resilient`: the policies around one function, in the order that works."""

from __future__ import annotations

from collections.abc import Callable

from .breaker import CircuitBreaker
from .bulkhead import Bulkhead
from .deadline import TimeLimit
from .fallback import Fallback
from .policy import P, Policy, R
from .retry import Retry


def resilient(
    *,
    timeout: float | TimeLimit | None = None,
    bulkhead: Bulkhead | None = None,
    breaker: CircuitBreaker | None = None,
    retry: Retry | None = None,
    fallback: Fallback | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a call of something outside, plain or async, with what it needs.

    From the inside out: each attempt has its time limit, takes a place, and is counted by the breaker; attempts are
    repeated; when all is lost the fallback stands in.

    >>> kite = CircuitBreaker("kite")
    >>> @resilient(timeout=2, breaker=kite, retry=Retry(attempts=2), fallback=Fallback.value(None))
    ... def quote(symbol):
    ...     return 3500.0
    >>> quote("TCS")
    3500.0

    Args:
        timeout: seconds an attempt may take, or a `TimeLimit`.
        bulkhead: how many run at a time.
        breaker: leaves alone what fails.
        retry: tries again.
        fallback: what is given in the end.
    """
    limit = TimeLimit(timeout) if isinstance(timeout, int | float) else timeout
    policies: list[Policy | None] = [limit, bulkhead, breaker, retry, fallback]

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        for policy in policies:
            if policy is not None:
                function = policy(function)
        return function

    return decorate
