"""How much computes: nodes, processing units, or bounds within which a size is kept."""

from __future__ import annotations

from typing import Any

from sandbox.control.errors import invalid_argument

Json = dict[str, Any]
SHAPE = {
    "config": str,
    "displayName": str,
    "edition": str,
    "instanceType": str,
    "defaultBackupScheduleType": str,
    "nodeCount": int,
    "processingUnits": int,
    "autoscalingConfig": {"autoscalingLimits": {str: int}, "autoscalingTargets": {str: int}},
}
_SIZES = ("nodeCount", "processingUnits")
_TARGETS = {
    "highPriorityCpuUtilizationPercent": (10, 90),
    "totalCpuUtilizationPercent": (10, 90),
    "storageUtilizationPercent": (10, 99),
}


def settle(document: Json, before: Json | None = None, least: int = 100) -> None:
    """Both sizes as they follow from what is asked for, or from what changed. 400 for what Google refuses."""
    if document.get("autoscalingConfig"):
        low, high = _bounds(document["autoscalingConfig"])
        units = _number(document, "processingUnits") if before else 0
        _set(document, min(max(units, low), high))
        return
    document.pop("autoscalingConfig", None)
    asked = [field for field in _SIZES if document.get(field)]
    if before is not None:
        asked = [field for field in _SIZES if _number(document, field) != _number(before, field)] or asked[:1]
    if len(asked) != 1:
        raise invalid_argument("Exactly one of nodeCount, processingUnits and autoscalingConfig is needed.")
    units = _number(document, asked[0]) * (1000 if asked[0] == "nodeCount" else 1)
    if units < least or units % (100 if units < 1000 else 1000):
        raise invalid_argument(
            "Processing units are multiples of 100 below 1000, and of 1000 above.", {asked[0]: f"{units} is refused"}
        )
    _set(document, units)


def _number(document: Json, field: str) -> int:
    return int(document.get(field) or 0)


def _set(document: Json, units: int) -> None:
    document["processingUnits"] = units
    document["nodeCount"] = units // 1000
    if not document["nodeCount"]:
        del document["nodeCount"]


def _bounds(config: Json) -> tuple[int, int]:
    """Of an autoscaling's limits, in processing units."""
    limits = config.get("autoscalingLimits") or {}
    pairs = [(f"min{unit}", f"max{unit}", factor) for unit, factor in (("Nodes", 1000), ("ProcessingUnits", 1))]
    given = [pair for pair in pairs if limits.get(pair[0]) or limits.get(pair[1])]
    if len(given) != 1:
        raise invalid_argument(
            "The limits of an autoscaling are both in nodes or both in processing units.", {"autoscalingLimits": ""}
        )
    least, most, factor = given[0]
    low, high = (int(limits.get(field) or 0) * factor for field in (least, most))
    if low < 1000 or low % 1000 or high % 1000 or not low <= high <= 10 * low:
        raise invalid_argument(
            f"{least} is 1000 processing units or a multiple, and {most} up to ten times as much.", {least: "invalid"}
        )
    _check_targets(config)
    return low, high


def _check_targets(config: Json) -> None:
    targets = config.get("autoscalingTargets") or {}
    for field, (low, high) in _TARGETS.items():
        value = int(targets.get(field) or 0)
        if value and not low <= value <= high:
            raise invalid_argument(f"{field} is {low} to {high}.", {field: f"{low} to {high}"})
