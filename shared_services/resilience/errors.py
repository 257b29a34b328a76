"""What the policies raise: each says how long to wait, where that is known."""

from __future__ import annotations

from shared_services.errors import DependencyError, InputError, TransientError


class CircuitOpen(DependencyError):
    """The breaker is open: what is behind it failed too often, and is left alone for a while."""

    def __init__(self, name: str, retry_after: float) -> None:
        super().__init__(
            f"{name} is not called", why="it failed too often just now", todo=f"try again in {retry_after:.1f} s"
        )
        self.name = name
        self.retry_after = retry_after


class BulkheadFull(TransientError):
    """Too many calls run already, and too many wait."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"{name} has no room", why=f"{limit} calls run already")
        self.name = name
        self.retry_after = 0.0


class TimedOut(TransientError, TimeoutError):
    """It took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer within {seconds:.3g} s")
        self.seconds = seconds


class RateLimited(TransientError):
    """More calls than allowed."""

    def __init__(self, name: str, retry_after: float) -> None:
        super().__init__(f"{name} makes too many calls", todo=f"try again in {retry_after:.3g} s")
        self.name = name
        self.retry_after = retry_after


class KeyConflict(InputError):
    """An idempotency key came again with another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f'the idempotency key "{key}" was used for another request', todo="use a new key")
        self.key = key


class StillRunning(TransientError):
    """The first request with this idempotency key hasn't ended yet."""

    def __init__(self, key: str) -> None:
        super().__init__(f'the request with the idempotency key "{key}" still runs', todo="ask again in a moment")
        self.key = key
        self.retry_after = 1.0
