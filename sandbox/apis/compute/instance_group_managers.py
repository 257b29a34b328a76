"""Managed groups, zonal and regional: machines made from templates, as many as are wanted.

What changes is done at once, and a machine that is deleted by itself is made again.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from sandbox.apis.compute import (
    instance_configs,
    instance_templates,
    managed_machines,
    managed_pools,
    managed_verbs,
    preserved_state,
    references,
    target_pools,
)
from sandbox.apis.compute.errors import in_use, invalid, required
from sandbox.apis.compute.instances import instances
from sandbox.apis.compute.kinds import Check, Kind
from sandbox.apis.compute.links import HOST
from sandbox.apis.compute.managed_policies import distribute, update_policy
from sandbox.apis.compute.managed_updates import adopt
from sandbox.apis.compute.unserved import refuse
from sandbox.control.context import Call
from sandbox.control.projects import by_number
from sandbox.control.store import Resource

Json = dict[str, Any]
_UNSERVED = ("instanceFlexibilityPolicy", "targetSuspendedSize", "targetStoppedSize", "targetSizePolicy")
_MOST = 1000
_LIFECYCLE = {"defaultActionOnFailure": "REPAIR", "forceUpdateOnRepair": "NO", "onFailedHealthCheck": "DEFAULT_ACTION"}


def _pruned(value: Any) -> Any:
    """Without nulls and empty texts, at any depth."""
    if isinstance(value, dict):
        return {key: _pruned(inner) for key, inner in value.items() if inner not in (None, "")}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _check(scope: str) -> Check:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        refuse(document, _UNSERVED, "managed groups")
        pruned = _pruned(document)
        document.clear()
        document.update(pruned)
        for name in ("resourcePolicies", "instanceFlexibilityPolicy"):
            if not document.get(name):
                document.pop(name, None)
        if not document.get("versions"):
            if not document.get("instanceTemplate"):
                raise required("versions")
            document["versions"] = [{"instanceTemplate": document["instanceTemplate"]}]
        for version in document["versions"]:
            asked = version.pop("targetSize", None) or {}
            if asked := {name: asked[name] for name in ("fixed", "percent") if name in asked}:
                version["targetSize"] = asked
            version["instanceTemplate"] = instance_templates.find(str(version.get("instanceTemplate") or ""), call).name
        if sum("targetSize" not in version for version in document["versions"]) != 1:
            raise invalid("versions", document["versions"], "Exactly one version must have no target size.")
        document["instanceTemplate"] = document["versions"][0]["instanceTemplate"]
        document.setdefault("baseInstanceName", document["name"])
        size = int(document.setdefault("targetSize", 0))
        if not 0 <= size <= _MOST:
            raise invalid("targetSize", size, f"Must be between 0 and {_MOST}.")
        document["instanceLifecyclePolicy"] = {**_LIFECYCLE, **(document.get("instanceLifecyclePolicy") or {})}
        document.setdefault("listManagedInstancesResults", "PAGELESS")
        managed_pools.check(document, call)
        standby = {"initialDelaySec": 0, "mode": "MANUAL"}
        document["standbyPolicy"] = {**standby, **(document.get("standbyPolicy") or {})}
        spread = 1
        if scope == "regions":
            spread = distribute(document, call)
        update_policy(document, spread, scope)
        preserved_state.check_policy(document, call)
        new = Resource("", old.name if old else "", document)
        if managed_machines.stateful(new, call):
            managed_machines.check_stateful(new, call)
        if old is not None:
            _follow(Resource(old.collection, old.name, document), old, call)

    return check


def _made(manager: Resource, call: Call) -> None:
    """The group, then its machines."""
    document = manager.document
    body = {"name": manager.id, "namedPorts": document.pop("namedPorts", None) or []}
    group = managed_machines.group_kind(manager).insert(call, manager.parent, body)
    interface = instance_templates.find(document["instanceTemplate"], call).document["properties"]["networkInterfaces"][
        0
    ]
    for name in ("network", "subnetwork"):
        if interface.get(name):
            group.document[name] = interface[name]
    call.store.put(group)
    document["instanceGroup"] = group.name
    call.store.put(manager)
    _fill(manager, call)


def _versions(manager: Resource) -> list[str]:
    """The template of each machine that is wanted: the version that has no size takes the rest, and comes last."""
    pairs = list(zip(manager.document["versions"], _sizes(manager), strict=True))
    pairs.sort(key=lambda pair: "targetSize" not in pair[0])
    return [version["instanceTemplate"] for version, number in pairs for _ in range(number)]


def _sizes(manager: Resource) -> list[int]:
    """How many machines each version is to have."""
    left = size = int(manager.document["targetSize"])
    found: list[int | None] = []
    for version in manager.document["versions"]:
        number = None
        if (wanted := version.get("targetSize")) is not None:
            number = int(wanted.get("fixed") or 0) or -(-size * int(wanted.get("percent") or 0) // 100)
            number = min(number, left)
            left -= number
        found.append(number)
    return [left if number is None else number for number in found]


def _fill(manager: Resource, call: Call) -> None:
    """Make the machines that lack, and take away those that are too many; with the versions that are wanted."""
    group = managed_machines.group(manager, call)
    members: list[str] = group.document.setdefault("instances", [])
    wanted = _versions(manager)
    managed_machines.take_away(manager, members[len(wanted) :], call)
    group.document["instances"] = members = members[: len(wanted)]
    lacking = wanted[len(members) :]
    places = managed_machines.places(manager, [name.split("/")[3] for name in members])
    for template, zone in zip(lacking, islice(places, len(lacking)), strict=True):
        members.append(managed_machines.make(manager, template, zone, call))
    target_pools.enter(members[-len(lacking) :] if lacking else [], managed_pools.of(manager), call)
    call.store.put(group)


def _follow(manager: Resource, old: Resource, call: Call) -> None:
    """What a change comes to: a proactive one makes all machines anew that aren't as wanted."""
    names = ("versions", "allInstancesConfig")
    another = any(manager.document.get(name) != old.document.get(name) for name in names)
    with call.store.transaction():
        if another and manager.document["updatePolicy"]["type"] == "PROACTIVE":
            _renew(manager, old, call)
        if manager.document.get("statefulPolicy") != old.document.get("statefulPolicy"):
            for name in managed_machines.members(manager, call):
                adopt(manager, instances.must(call.control, name), call)
        managed_pools.change(manager, managed_pools.of(old), managed_machines.members(manager, call), call)
        _fill(manager, call)


def _renew(manager: Resource, old: Resource, call: Call) -> None:
    """All machines anew: under their names where the group keeps anything of them, or says so."""
    known = managed_machines.group(manager, call)
    members = known.document.get("instances") or []
    recreated = manager.document["updatePolicy"]["replacementMethod"] == "RECREATE"
    if recreated or managed_machines.stateful(manager, call):
        for name, template in zip(members, _versions(manager), strict=False):
            managed_machines.remake(manager, instances.must(call.control, name), template, call)
        return
    managed_machines.take_away(old, members, call)
    known.document["instances"] = []
    call.store.put(known)


def _set_pools(manager: Resource, body: Json, call: Call) -> None:
    """`setTargetPools`."""
    before = managed_pools.of(manager)
    manager.document["targetPools"] = body.get("targetPools") or []
    references.check(call.control, call.project, manager.document["targetPools"])
    managed_pools.check(manager.document, call)
    managed_pools.change(manager, before, managed_machines.members(manager, call), call)


def _shown(manager: Resource, call: Call) -> Json:
    group = managed_machines.group(manager, call)
    wanted = {by_number(name) for name in _versions(manager)}
    members = [instances.must(call.control, name) for name in group.document.get("instances") or []]
    scaler = next((one.name for one in managed_machines.scalers(manager, call)), None)
    versions = zip(manager.document["versions"], _sizes(manager), strict=True)
    return {
        "namedPorts": group.document.get("namedPorts"),
        "versions": [
            {**version, "targetSize": {**(version.get("targetSize") or {}), "calculated": size}}
            for version, size in versions
        ],
        "currentActions": {"none": len(members)},
        "status": {
            "isStable": True,
            "stateful": {
                "hasStatefulConfig": managed_machines.stateful(manager, call),
                "perInstanceConfigs": {
                    "allEffective": all(
                        instance_configs.status(one) == "EFFECTIVE" for one in instance_configs.of(manager, call)
                    )
                },
            },
            "versionTarget": {
                "isReached": all(managed_machines.said(one, "instance-template") in wanted for one in members)
            },
            "allInstancesConfig": {"effective": True},
            **({"autoscaler": HOST + scaler} if scaler else {}),
        },
    }


def resize(manager: Resource, size: int, call: Call) -> None:
    """Make it another number of machines."""
    if not 0 <= size <= _MOST:
        raise invalid("size", size, f"Must be between 0 and {_MOST}.")
    manager.document["targetSize"] = size
    with call.store.transaction():
        _fill(manager, call)
        call.store.put(manager)


def _resize(manager: Resource, body: Json, call: Call) -> None:
    if not call.query("size"):
        raise required("size")
    resize(manager, call.integer("size", 0), call)


def _set_template(manager: Resource, body: Json, call: Call) -> None:
    """`setInstanceTemplate`: what is made from now on is made of it."""
    name = instance_templates.find(str(body.get("instanceTemplate") or ""), call).name
    manager.document["versions"], manager.document["instanceTemplate"] = [{"instanceTemplate": name}], name


def _gone(manager: Resource, call: Call) -> None:
    """Its machines and its group go with it."""
    if (user := references.used_by(call.control, manager.name)) is not None:
        raise in_use("instance_group_manager", manager.name, user)
    group = managed_machines.group(manager, call)
    with call.store.transaction():
        call.store.delete(manager.collection, manager.name)
        if (user := references.used_by(call.control, group.name)) is not None:
            raise in_use("instance_group_manager", manager.name, user)
        call.store.delete(group.collection, group.name)
        managed_machines.take_away(manager, group.document.get("instances") or [], call)


def _kind(scope: str) -> Kind:
    return Kind(
        "instanceGroupManagers",
        "instance_group_manager",
        "compute#instanceGroupManager",
        scope=scope,
        immutable=("baseInstanceName", "distributionPolicy") if scope == "regions" else ("baseInstanceName",),
        output_only=("instanceGroup", "currentActions", "status"),
        fingerprint=True,
        check=_check(scope),
        view=_shown,
        after=_made,
        gone=_gone,
        verbs={
            "resize": _resize,
            "setInstanceTemplate": _set_template,
            "setTargetPools": _set_pools,
            **managed_verbs.VERBS,
        },
    )


instance_group_managers, region_instance_group_managers = _kind("zones"), _kind("regions")
