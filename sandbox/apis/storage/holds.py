"""What keeps an object from being changed: holds, its own retention, and the bucket's policy."""

from __future__ import annotations

from datetime import datetime

from sandbox.apis.storage.rows import Object
from sandbox.control.context import timestamp
from sandbox.control.errors import ApiError
from sandbox.control.store import Resource


def protected_until(bucket: Resource, target: Object) -> str | None:
    """When the bucket's retention policy lets go of an object, or None."""
    policy = bucket.document.get("retentionPolicy")
    if policy is None:
        return None
    created = datetime.fromisoformat(target.document["timeCreated"]).timestamp()
    return timestamp(created + int(policy["retentionPeriod"]), 3)


def check_unprotected(bucket: Resource, target: Object, clock: float) -> None:
    """403 for an object under a hold or a retention policy."""
    label = f"Object '{target.bucket}/{target.name}'"
    for hold, text in (("temporaryHold", "Temporary hold"), ("eventBasedHold", "Event-Based hold")):
        if target.document.get(hold):
            raise ApiError(
                "PERMISSION_DENIED",
                f"{label} is under active {text} and cannot be deleted, overwritten or archived until it is removed.",
            )
    until = max(
        filter(
            None, (protected_until(bucket, target), (target.document.get("retention") or {}).get("retainUntilTime"))
        ),
        default=None,
    )
    if until is not None and until > timestamp(clock, 3):
        raise ApiError(
            "PERMISSION_DENIED",
            f"{label} is subject to bucket's retention policy or object retention and cannot be deleted or overwritten "
            f"until {until}",
            reason="retentionPolicyNotMet",
        )
