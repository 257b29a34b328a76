"""Order by key: a message that comes again brings every later one of its key again, those acknowledged too.

By https://cloud.google.com/pubsub/docs/ordering. So a message that is acknowledged while an earlier one of its key
isn't stays, as acknowledged early (`acked` is 2), until the earlier ones are acknowledged as well.
"""

from __future__ import annotations

from sandbox.control.store import Store

SCHEMA = "CREATE INDEX IF NOT EXISTS pubsub_deliveries_early ON pubsub_deliveries (subscription) WHERE acked = 2;"

_EARLIER = """EXISTS (SELECT 1 FROM pubsub_deliveries AS earlier WHERE earlier.subscription = :subscription
  AND earlier.message < pubsub_deliveries.message AND earlier.ordering_key = pubsub_deliveries.ordering_key
  AND earlier.acked = 0 AND earlier.available <= :free AND earlier.attempts >= :attempts)"""
_ALWAYS = {"free": float("inf"), "attempts": 0}
_ACKNOWLEDGE = f"""UPDATE pubsub_deliveries SET acked = 2 WHERE subscription = :subscription AND message = :message
  AND ordering_key != '' AND acked != 1 AND {_EARLIER}"""  # noqa: S608 - all of this text is ours
_SETTLED = f"WHERE subscription = :subscription AND acked = 2 AND NOT {_EARLIER}"
_COME_AGAIN = f"""UPDATE pubsub_deliveries SET acked = 0, available = 0, leased_until = 0
  WHERE subscription = :subscription AND acked = 2 AND {_EARLIER}"""  # noqa: S608


def acknowledged_early(store: Store, subscription: str, message: int) -> bool:
    """Acknowledge a message as early, where an earlier one of its key isn't acknowledged; whether that was so."""
    return store.execute(_ACKNOWLEDGE, {"subscription": subscription, "message": message, **_ALWAYS}).rowcount > 0


def settle(store: Store, subscription: str, *, keep: bool) -> None:
    """Forget, or keep as acknowledged, what was acknowledged early and has no earlier message any more."""
    change = "UPDATE pubsub_deliveries SET acked = 1" if keep else "DELETE FROM pubsub_deliveries"
    store.execute(f"{change} {_SETTLED}", {"subscription": subscription, **_ALWAYS})


def come_again(store: Store, subscription: str, now: float) -> None:
    """Take back early acknowledgements of what follows a message that is about to come again."""
    store.execute(_COME_AGAIN, {"subscription": subscription, "free": now, "attempts": 1})
