"""Changes of a machine: each by its call, some while it is stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.compute import LINK, set_labels, waited
from sandbox.provider.hooks.instances import FROM_TEMPLATE, TYPE
from sandbox.provider.hooks.machine_parts import block
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_REFUSED = ("advanced_machine_features", "params")


@hook("update", TYPE, FROM_TEMPLATE)
async def update(ctx: Context) -> None:
    """What changes as it runs, then what needs it stopped, then its status."""
    url = fill(ctx.kind.calls["read"].url, ctx.planned)
    for name in _REFUSED:
        if ctx.changed(name):
            raise ProviderError(f"The sandbox does not change {name} of a machine: make it anew.")
    document = document_of(ctx)
    standing = await ctx.api.call("GET", ctx.kind.base + url)
    await _as_it_runs(ctx, url, document, standing)
    await _disks(ctx, url, document, standing)
    await _interfaces(ctx, url, document)
    wanted = ctx.planned.get("desired_status")
    await _stopped(ctx, url, document, str(wanted or ""))


async def _as_it_runs(ctx: Context, url: str, document: Json, standing: Json) -> None:
    by_update = {"description": ctx.planned.get("description") or ""}
    by_update["canIpForward"] = bool(ctx.planned.get("can_ip_forward"))
    if ctx.changed("description") or ctx.changed("can_ip_forward"):
        await waited(ctx, "PUT", url, {**standing, **by_update})
    if ctx.changed("metadata") or ctx.changed("metadata_startup_script"):
        print_ = standing["metadata"]["fingerprint"]
        await waited(ctx, "POST", f"{url}/setMetadata", {**document.get("metadata", {}), "fingerprint": print_})
    if ctx.changed("tags"):
        tags = {"items": ctx.planned.get("tags") or [], "fingerprint": standing["tags"]["fingerprint"]}
        await waited(ctx, "POST", f"{url}/setTags", tags)
    if ctx.changed("effective_labels"):
        await set_labels(ctx, url, ctx.planned["effective_labels"], standing)
    if ctx.changed("resource_policies"):
        for verb, policies in (
            ("removeResourcePolicies", standing.get("resourcePolicies")),
            ("addResourcePolicies", document.get("resourcePolicies")),
        ):
            if policies:
                await waited(ctx, "POST", f"{url}/{verb}", {"resourcePolicies": policies})
    if ctx.changed("deletion_protection"):
        on = str(bool(ctx.planned.get("deletion_protection"))).lower()
        await waited(ctx, "POST", f"{url}/setDeletionProtection?deletionProtection={on}", None)
    if ctx.changed("scheduling"):
        await waited(ctx, "POST", f"{url}/setScheduling", document.get("scheduling") or {"automaticRestart": True})


async def _disks(ctx: Context, url: str, document: Json, standing: Json) -> None:
    boot = next(one for one in standing["disks"] if one.get("boot"))
    before, after = block(ctx.prior, "boot_disk"), block(ctx.planned, "boot_disk")
    old, new = block(before, "initialize_params"), block(after, "initialize_params")
    disk = boot["source"].removeprefix(LINK)
    if old.get("size") != new.get("size"):
        await waited(ctx, "POST", f"{disk}/resize", {"sizeGb": new["size"]})
    if (old.get("labels") or {}) != (new.get("labels") or {}):
        await set_labels(ctx, disk, new.get("labels") or {})
    if before.get("auto_delete") != after.get("auto_delete"):
        on = str(bool(after.get("auto_delete"))).lower()
        query = f"deviceName={boot['deviceName']}&autoDelete={on}"
        await waited(ctx, "POST", f"{url}/setDiskAutoDelete?{query}", None)
    if not ctx.changed("attached_disk"):
        return
    wanted = [one for one in document["disks"] if not one.get("boot") and one.get("type") != "SCRATCH"]
    kept = []
    for one in standing["disks"]:
        if one.get("boot") or one["type"] == "SCRATCH":
            continue
        same = next((new for new in wanted if _is_same(one, new)), None)
        if same is None:
            await waited(ctx, "POST", f"{url}/detachDisk?deviceName={one['deviceName']}", None)
        else:
            kept.append(same)
    for one in wanted:
        if one not in kept:
            await waited(ctx, "POST", f"{url}/attachDisk", one)


def _is_same(standing: Json, wanted: Json) -> bool:
    """Whether a disk is attached as it is wanted."""
    device = wanted.get("deviceName")
    same = standing["source"].removeprefix(LINK) == wanted["source"].removeprefix(LINK)
    return same and standing["mode"] == wanted.get("mode", "READ_WRITE") and device in (None, standing["deviceName"])


async def _interfaces(ctx: Context, url: str, document: Json) -> None:
    """Numbers on the internet come and go; all else of an interface needs another machine here."""
    before, after = (ctx.prior or {}).get("network_interface") or [], ctx.planned.get("network_interface") or []
    for old, new, told in zip(before, after, document["networkInterfaces"], strict=False):
        for name in ("network", "subnetwork", "subnetwork_project", "alias_ip_range", "stack_type"):
            if (old.get(name) or None) != (new.get(name) or None):
                raise ProviderError(
                    f"The sandbox does not change {name} of a network interface: make the machine anew."
                )
        if _access(old) == _access(new):
            continue
        query = f"networkInterface={old['name']}"
        for _ in old.get("access_config") or []:
            await waited(ctx, "POST", f"{url}/deleteAccessConfig?accessConfig=external-nat&{query}", None)
        for config in told.get("accessConfigs") or []:
            await waited(ctx, "POST", f"{url}/addAccessConfig?{query}", config)


def _access(interface: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    names = ("nat_ip", "network_tier", "public_ptr_domain_name")
    return [tuple(one.get(name) or "" for name in names) for one in interface.get("access_config") or []]


async def _stopped(ctx: Context, url: str, document: Json, wanted: str) -> None:
    """What needs the machine stopped; it runs again after, unless another status is wanted."""
    old, new = block(ctx.prior, "service_account"), block(ctx.planned, "service_account")
    account = old.get("email") != new.get("email") or set(old.get("scopes") or []) != set(new.get("scopes") or [])
    calls: list[tuple[str, str, Json]] = []
    if ctx.changed("min_cpu_platform"):
        calls.append(("POST", "setMinCpuPlatform", {"minCpuPlatform": ctx.planned.get("min_cpu_platform") or ""}))
    if ctx.changed("machine_type"):
        calls.append(("POST", "setMachineType", {"machineType": document["machineType"]}))
    if account:
        calls.append(("POST", "setServiceAccount", (document.get("serviceAccounts") or [{}])[0]))
    if ctx.changed("enable_display"):
        calls.append(("PATCH", "updateDisplayDevice", {"enableDisplay": bool(ctx.planned.get("enable_display"))}))
    if ctx.changed("shielded_instance_config"):
        calls.append(("PATCH", "updateShieldedInstanceConfig", document.get("shieldedInstanceConfig") or {}))
    status = (await ctx.api.call("GET", ctx.kind.base + url))["status"]
    if calls and status != "TERMINATED":
        if not ctx.planned.get("allow_stopping_for_update") and wanted != "TERMINATED":
            raise ProviderError(
                "Changing the machine_type, min_cpu_platform, service_account, enable_display, "
                "shielded_instance_config, scheduling.node_affinities, scheduling.max_run_duration or "
                "network_interface.[#d].(network/subnetwork/subnetwork_project) or advanced_machine_features on a "
                "started instance requires stopping it. To acknowledge this, please set allow_stopping_for_update = "
                'true in your config. You can also stop it by setting desired_status = "TERMINATED", but the instance '
                "will not be restarted after the update."
            )
        await waited(ctx, "POST", f"{url}/stop", None)
    for method, verb, body in calls:
        await waited(ctx, method, f"{url}/{verb}", body)
    now = "TERMINATED" if calls else status
    target = wanted or ("RUNNING" if calls and status == "RUNNING" else now)
    if target != now:
        verbs = {"RUNNING": "resume" if now == "SUSPENDED" else "start", "TERMINATED": "stop", "SUSPENDED": "suspend"}
        await waited(ctx, "POST", f"{url}/{verbs[target]}", None)
