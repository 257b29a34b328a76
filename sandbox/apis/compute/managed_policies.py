"""What managed groups say of themselves: over which zones they spread, and how they are updated."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import zones
from sandbox.apis.compute.errors import invalid
from sandbox.control.context import Call

Json = dict[str, Any]


def distribute(document: Json, call: Call) -> int:
    """Over zones of the region: those that are given, or the first three."""
    policy = document.setdefault("distributionPolicy", {})
    policy.setdefault("targetShape", "EVEN")
    given = [str(one.get("zone") or "").rpartition("/")[2] for one in policy.get("zones") or []]
    region = call.params["region"]
    for zone in given:
        if zone not in zones.NAMES or zone.rpartition("-")[0] != region:
            raise invalid("distributionPolicy.zones[].zone", zone, f"Must be a zone of '{region}'.")
    found = given or sorted(zone for zone in zones.NAMES if zone.rpartition("-")[0] == region)[:3]
    policy["zones"] = [{"zone": f"projects/{call.project}/zones/{zone}"} for zone in found]
    return len(found)


def update_policy(document: Json, spread: int, scope: str) -> None:
    """How machines are made anew, with the server's defaults."""
    policy = document.setdefault("updatePolicy", {})
    policy.setdefault("type", "OPPORTUNISTIC")
    policy.setdefault("minimalAction", "REPLACE")
    policy.setdefault("replacementMethod", "SUBSTITUTE")
    if scope == "regions":
        policy.setdefault("instanceRedistributionType", "PROACTIVE")
    for name in ("maxSurge", "maxUnavailable"):
        if not policy.get(name):
            policy[name] = {"fixed": spread}
        if scope == "regions" and 0 < int(policy[name].get("fixed") or 0) < spread:
            why = f"Must be 0 or at least the number of zones ({spread})."
            raise invalid(f"updatePolicy.{name}.fixed", policy[name]["fixed"], why)
    if not any(int(value or 0) for name in ("maxSurge", "maxUnavailable") for value in policy[name].values()):
        raise invalid("updatePolicy", policy, "maxSurge and maxUnavailable can't both be 0.")
    if policy["type"] not in ("OPPORTUNISTIC", "PROACTIVE"):
        raise invalid("updatePolicy.type", policy["type"], "Must be OPPORTUNISTIC or PROACTIVE.")
