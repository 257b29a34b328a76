"""Autoscalers of managed groups. No load is measured, so a group keeps its size within the bounds."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import managed_machines
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.instance_group_managers import (
    instance_group_managers,
    region_instance_group_managers,
    resize,
)
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

Json = dict[str, Any]
_MODES = ("ON", "OFF", "ONLY_UP", "ONLY_SCALE_OUT")


def _check(scope: str) -> Check:
    managers = region_instance_group_managers if scope == "regions" else instance_group_managers

    def check(document: Json, call: Call, old: Resource | None) -> None:
        manager = call.store.get(managers.key, str(document["target"]))
        if manager is None:
            raise missing(str(document["target"]))
        managed_machines.refuse_scaling(managed_machines.stateful(manager, call))
        kind = region_autoscalers if scope == "regions" else autoscalers
        for other in kind.all(call.control, call.project):
            if other.document["target"] == manager.name and other.id != document["name"]:
                raise invalid_argument(f"The target '{manager.name}' is used by the autoscaler '{other.name}' already.")
        policy = document["autoscalingPolicy"]
        if policy.get("maxNumReplicas") is None:
            raise required("autoscalingPolicy.maxNumReplicas")
        least, most = int(policy.setdefault("minNumReplicas", 2)), int(policy["maxNumReplicas"])
        if least > most:
            raise invalid("autoscalingPolicy.minNumReplicas", least, f"Must be at most maxNumReplicas ({most}).")
        if policy.setdefault("mode", "ON") not in _MODES:
            raise invalid("autoscalingPolicy.mode", policy["mode"], f"Must be one of {', '.join(_MODES)}.")
        policy.setdefault("coolDownPeriodSec", 60)
        ways = ("cpuUtilization", "customMetricUtilizations", "loadBalancingUtilization", "scalingSchedules")
        if not any(policy.get(way) for way in ways):
            policy["cpuUtilization"] = {"utilizationTarget": 0.6}
        if policy.get("cpuUtilization"):
            policy["cpuUtilization"].setdefault("predictiveMethod", "NONE")
        size = int(manager.document["targetSize"])
        wanted = max(size, least) if policy["mode"].startswith("ONLY") else min(max(size, least), most)
        document["status"], document["recommendedSize"] = "ACTIVE", wanted
        if policy["mode"] != "OFF" and wanted != size:
            resize(manager, wanted, call)

    return check


def _kind(scope: str) -> Kind:
    return Kind(
        "autoscalers",
        "autoscaler",
        "compute#autoscaler",
        scope=scope,
        required=("target", "autoscalingPolicy"),
        output_only=("status", "statusDetails", "recommendedSize", "scalingScheduleStatus"),
        methods=(),
        check=_check(scope),
    )


autoscalers, region_autoscalers = _kind("zones"), _kind("regions")


async def _change(call: Call) -> Response:
    """`autoscalers.update` and `.patch`, which name it in the query or in the body."""
    kind = autoscalers if "zone" in call.params else region_autoscalers
    call.params["name"] = call.query("autoscaler") or str(call.body().get("name") or "")
    if not call.params["name"]:
        raise required("name")
    return await kind.change(call)


ROUTES = [
    Route(method, kind.place, _change) for kind in (autoscalers, region_autoscalers) for method in ("PUT", "PATCH")
]
