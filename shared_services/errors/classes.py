"""The five kinds of errors, and what each asks of whoever meets it."""

from __future__ import annotations

from enum import StrEnum


class ErrorClass(StrEnum):
    """What kind of error something is; decides whether it is tried again, who is told, and which alert counts it.

    >>> ErrorClass.TRANSIENT.retryable, ErrorClass.INPUT.retryable
    (True, False)
    """

    TRANSIENT = "transient"
    """Passes by itself: a time-out, a quota of requests, a lock. Try again, with a pause."""
    DEPENDENCY = "dependency"
    """Something this service calls is down or answers nonsense. Try again later; the breaker opens."""
    INPUT = "input"
    """What was given can't be used: a malformed file, an unknown symbol. Tell the giver; never try again."""
    PERMANENT = "permanent"
    """Stays until somebody changes something: a missing permission, a full disk, a thing that isn't there."""
    PROGRAMMING = "programming"
    """A mistake in the code: mend it. Never try again."""

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later, with nothing changed."""
        return self in {ErrorClass.TRANSIENT, ErrorClass.DEPENDENCY}

    @property
    def severity(self) -> str:
        """Cloud Logging's severity for one of these that nobody handled."""
        return {"input": "WARNING", "transient": "WARNING", "programming": "CRITICAL"}.get(self.value, "ERROR")
