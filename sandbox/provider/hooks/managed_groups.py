"""Managed groups and their autoscalers: what changes is a PATCH, but ports and sizes have calls of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sandbox.provider.api import Json
from sandbox.provider.codec import known
from sandbox.provider.expand import expand
from sandbox.provider.hooks import machine_parts
from sandbox.provider.hooks.compute import patch, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_MANAGERS = ("google_compute_instance_group_manager", "google_compute_region_instance_group_manager")
_SCALERS = ("google_compute_autoscaler", "google_compute_region_autoscaler")
_STATEFUL = {
    "stateful_disk": ("disks", "deviceName"),
    "stateful_internal_ip": ("internalIPs", "interfaceName"),
    "stateful_external_ip": ("externalIPs", "interfaceName"),
}


@hook("expand", *_MANAGERS)
def manager(ctx: Context, document: Json) -> Json:
    """Links in full; of a number and a percentage one is said; the place is in the URL."""
    for name in ("zone", "region"):
        document.pop(name, None)
    document["targetSize"] = int(document.get("targetSize") or 0)
    templates = fill("projects/{project}/global/instanceTemplates/", ctx.planned)
    for version in document.get("versions") or []:
        version["instanceTemplate"] = machine_parts.full(version["instanceTemplate"], templates)
    if policy := document.get("updatePolicy"):
        policy.setdefault("mostDisruptiveAllowedAction", None)
        for name in ("maxSurge", "maxUnavailable"):
            given = policy.get(name) or {}
            percent = given.get("percent")
            policy[name] = {"percent": percent, "fixed": None} if percent else {"fixed": given.get("fixed", 0)}
    if zones := (document.get("distributionPolicy") or {}).get("zones"):
        document["distributionPolicy"]["zones"] = [{"zone": f"zones/{zone}"} for zone in zones]
    kept = (document.get("statefulPolicy") or {}).get("preservedState") or {}
    for theirs, key in _STATEFUL.values():
        if rules := kept.get(theirs):
            kept[theirs] = {one.pop(key, ""): one for one in rules}
    return document


@hook("read", *_MANAGERS)
async def read_manager(ctx: Context) -> Json | None:
    """The group's manager, places by their names."""
    found = await _read(ctx)
    if found is None:
        return None
    policy = found.get("distributionPolicy") or {}
    policy["zones"] = [one["zone"].rpartition("/")[2] for one in policy.get("zones") or []]
    kept = (found.get("statefulPolicy") or {}).get("preservedState") or {}
    for ours, (theirs, key) in _STATEFUL.items():
        if rules := kept.get(theirs):
            said = [str(one.get("interface_name")) for one in known(ctx.planned.get(ours))]
            kept[theirs] = [{key: name, **rules[name]} for name in _ordered(rules, said)]
    return found


def _ordered(names: Iterable[str], said: list[str]) -> list[str]:
    """As the configuration has them; what it hasn't comes last."""
    return [*(name for name in said if name in names), *sorted(name for name in names if name not in said)]


async def _read(ctx: Context) -> Json | None:
    """The answer, its place by its name."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if found is not None:
        found.update({name: found[name].rpartition("/")[2] for name in ("zone", "region") if name in found})
        for version in found.get("versions") or []:
            if not version["targetSize"].keys() - {"calculated"}:  # the rest of the group, however many that are
                del version["targetSize"]
    return found


@hook("update", *_MANAGERS)
async def update_manager(ctx: Context) -> None:
    """A PATCH with a fingerprint, then the ports of the group, then its size."""
    document = manager(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))
    _dropped(ctx, document)
    await patch(ctx, document, but=frozenset(("named_port", "target_size")), fingerprint=True)
    url = fill(ctx.kind.calls["read"].url, ctx.planned)
    if ctx.changed("named_port"):
        group = url.replace("/instanceGroupManagers/", "/instanceGroups/")
        await waited(ctx, "POST", f"{group}/setNamedPorts", {"namedPorts": document.get("namedPorts") or []})
    if ctx.changed("target_size"):
        await waited(ctx, "POST", f"{url}/resize?size={document['targetSize']}", None)


def _dropped(ctx: Context, document: Json) -> None:
    """Null for what is no longer wanted of all machines' labels and metadata, and kept of them: a PATCH merges."""
    before = ((ctx.prior or {}).get("all_instances_config") or [{}])[0] or {}
    told = (document.get("allInstancesConfig") or {}).get("properties")
    for name in ("labels", "metadata"):
        if told is not None and isinstance(before.get(name), Mapping):
            told[name] = dict.fromkeys(before[name]) | (told.get(name) or {})
    kept = (document.get("statefulPolicy") or {}).get("preservedState")
    for ours, (theirs, _) in _STATEFUL.items() if kept is not None else ():
        names = [one.get("device_name", one.get("interface_name")) for one in known((ctx.prior or {}).get(ours))]
        if names and isinstance(kept, dict):
            kept[theirs] = dict.fromkeys(names) | (kept.get(theirs) or {})


@hook("expand", *_SCALERS)
def scaler(ctx: Context, document: Json) -> Json:
    """Schedules by their names; the place is in the URL."""
    for name in ("zone", "region"):
        document.pop(name, None)
    place = fill(ctx.kind.calls["create"].url, ctx.planned).removesuffix("autoscalers")
    document["target"] = machine_parts.full(document["target"], f"{place}instanceGroupManagers/")
    policy = document["autoscalingPolicy"]
    policy.setdefault("minNumReplicas", 0)
    if schedules := policy.pop("scalingSchedules", None):
        policy["scalingSchedules"] = {one.pop("name"): one for one in schedules}
    return document


@hook("read", *_SCALERS)
async def read_scaler(ctx: Context) -> Json | None:
    """The autoscaler, its schedules as a list."""
    found = await _read(ctx)
    if found is None:
        return None
    policy = found["autoscalingPolicy"]
    policy["scalingSchedules"] = [{"name": name, **one} for name, one in (policy.get("scalingSchedules") or {}).items()]
    return found
