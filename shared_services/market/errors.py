"""What the market's functions raise."""

from __future__ import annotations

from shared_services.errors import InputError


class CalendarRangeError(InputError, ValueError):
    """A day that the calendar does not reach: it refuses rather than guesses."""


class UnknownContract(InputError, LookupError):
    """An underlying, a cycle or a day that the contract data have nothing for."""
