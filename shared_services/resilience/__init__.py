"""Calls of what may fail: breaker, retries with a budget, bulkhead, limits of time and rate, and what stands in."""

from .breaker import BreakerState, CircuitBreaker
from .bulkhead import Bulkhead
from .deadline import TimeLimit, deadline, remaining
from .errors import BulkheadFull, CircuitOpen, KeyConflict, RateLimited, StillRunning, TimedOut
from .fallback import Fallback
from .limiter import RateLimiter, RedisRateLimiter
from .resilient import resilient
from .retry import Retry, RetryBudget

__all__ = [
    "BreakerState",
    "Bulkhead",
    "BulkheadFull",
    "CircuitBreaker",
    "CircuitOpen",
    "Fallback",
    "KeyConflict",
    "RateLimited",
    "RateLimiter",
    "RedisRateLimiter",
    "Retry",
    "RetryBudget",
    "StillRunning",
    "TimeLimit",
    "TimedOut",
    "deadline",
    "remaining",
    "resilient",
]
