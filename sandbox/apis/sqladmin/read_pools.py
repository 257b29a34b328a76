"""Read pools of Cloud SQL that scale by themselves: between bounds. No load is measured, so a pool keeps its size."""

from __future__ import annotations

from typing import Any

from sandbox.apis.sqladmin.replicas import POOL
from sandbox.control.errors import invalid_argument

Json = dict[str, Any]
_MOST = 20
_METRICS = ("AVERAGE_CPU_UTILIZATION", "AVERAGE_DB_CONNECTIONS")
_FIELD = "settings.readPoolAutoScaleConfig"


def settle(instance: Json) -> None:
    """Check the bounds of a pool, and have its nodes within them. Raises 400."""
    config = instance["settings"].get("readPoolAutoScaleConfig")
    if instance["instanceType"] == POOL and not 1 <= int(instance.get("nodeCount") or 0) <= _MOST:
        raise invalid_argument(f"Invalid request: a read pool has 1 to {_MOST} nodes.", {"nodeCount": "1 to 20"})
    if not config:
        return
    if not config.get("enabled"):
        instance["settings"].pop("readPoolAutoScaleConfig")
        return
    if instance["instanceType"] != POOL:
        raise invalid_argument("Invalid request: readPoolAutoScaleConfig is for read pools.", {_FIELD: "no pool"})
    least, most = int(config.get("minNodeCount") or 0), int(config.get("maxNodeCount") or 0)
    if not 1 <= least <= most <= _MOST:
        message = f"Invalid request: 1 <= minNodeCount <= maxNodeCount <= {_MOST} doesn't hold."
        raise invalid_argument(message, {f"{_FIELD}.maxNodeCount": "out of bounds"})
    metrics = config.get("targetMetrics") or []
    if not metrics:
        raise invalid_argument("Invalid request: targetMetrics is needed.", {f"{_FIELD}.targetMetrics": "required"})
    for metric in metrics:
        if metric.get("metric") not in _METRICS or float(metric.get("targetValue") or 0) <= 0:
            message = f"Invalid request: a target is of {' or '.join(_METRICS)}, and above 0."
            raise invalid_argument(message, {f"{_FIELD}.targetMetrics": "invalid"})
    instance["nodeCount"] = min(max(int(instance["nodeCount"]), least), most)
