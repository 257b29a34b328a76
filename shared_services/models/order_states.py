"""Which state of an order may follow which.

Sources: FIX 4.4, volume 4, appendix D (order state changes), and what execution reports do in the field: a late fill
after a cancel, a cancel that fails, a fill before the acknowledgement.
"""

from __future__ import annotations

from .enums import OrderStatus as S

OPEN = frozenset({S.SUBMITTED, S.ACCEPTED, S.TRIGGERED, S.PENDING_UPDATE, S.PENDING_CANCEL, S.PARTIALLY_FILLED})
"""The exchange may still execute the order: `cumulative + leaves = quantity`."""

FINAL = frozenset({S.DENIED, S.REJECTED, S.FILLED, S.CANCELED, S.EXPIRED})
"""Nothing is expected any more; CANCELED and EXPIRED may still be filled late."""

_ENDS = frozenset({S.PARTIALLY_FILLED, S.FILLED, S.CANCELED, S.EXPIRED})
_PENDING = frozenset({S.PENDING_UPDATE, S.PENDING_CANCEL})

TRANSITIONS: dict[S, frozenset[S]] = {
    S.INITIALIZED: frozenset({S.DENIED, S.SUBMITTED}),
    # A fill, or the end of an IOC order, may overtake the acknowledgement.
    S.SUBMITTED: frozenset({S.REJECTED, S.ACCEPTED, S.TRIGGERED}) | _PENDING | _ENDS,
    S.ACCEPTED: frozenset({S.REJECTED, S.TRIGGERED}) | _PENDING | _ENDS,
    S.TRIGGERED: frozenset({S.REJECTED}) | _PENDING | _ENDS,
    S.PARTIALLY_FILLED: _PENDING | _ENDS,
    # Back to where it stood when the exchange refuses the change or the cancel.
    S.PENDING_UPDATE: frozenset({S.REJECTED, S.ACCEPTED, S.TRIGGERED, S.PENDING_CANCEL}) | _ENDS,
    S.PENDING_CANCEL: frozenset({S.ACCEPTED, S.TRIGGERED}) | _ENDS,
    # The exchange executed before it saw the cancel, and says so afterwards.
    S.CANCELED: frozenset({S.FILLED}),
    S.EXPIRED: frozenset({S.FILLED}),
    S.DENIED: frozenset(),
    S.REJECTED: frozenset(),
    S.FILLED: frozenset(),
}


def can_follow(before: S, after: S) -> bool:
    """Whether an order may go from one state to the other.

    >>> can_follow(S.CANCELED, S.FILLED), can_follow(S.FILLED, S.CANCELED)
    (True, False)
    """
    return after in TRANSITIONS[before]
