"""Machines: their disks come in three blocks, and most of what changes has a call of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.hooks import images, machine_parts
from sandbox.provider.hooks.compute import LINK, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.labels import ATTRIBUTION
from sandbox.provider.resource import document_of, fill
from sandbox.provider.suppress import without_version

TYPE, FROM_TEMPLATE = "google_compute_instance", "google_compute_instance_from_template"
_TYPES = (TYPE, FROM_TEMPLATE)
ZONE = "projects/{project}/zones/{~zone}/"


@hook("plan", *_TYPES)
def plan(ctx: Context) -> None:
    """Scopes by their addresses; a startup script and a number inside a subnetwork are for good."""
    machine_parts.plan(ctx)
    if ctx.prior is None:
        if ctx.kind.name == FROM_TEMPLATE and ctx.config.get("labels") is None:
            of_provider = {**ctx.settings.default_labels, **({ATTRIBUTION: "true"} if ctx.settings.attribution else {})}
            ctx.planned["terraform_labels"] = ctx.planned["effective_labels"] = of_provider
        return
    if ctx.changed("metadata_startup_script") and _is_another_script(ctx):
        ctx.replace.append(("metadata_startup_script",))
    before, after = ctx.prior.get("network_interface") or [], ctx.planned.get("network_interface")
    if not isinstance(after, list) or len(before) != len(after):
        return
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if not isinstance(new, dict):
            continue
        moved = any(old[name] != new[name] for name in ("network", "subnetwork", "subnetwork_project"))
        if new["network_ip"] and new["network_ip"] != old["network_ip"] and not moved:
            ctx.replace.append(("network_interface", at, "network_ip"))


def _is_another_script(ctx: Context) -> bool:
    """Whether the script changes, and not only the argument that says it."""
    old, new = (ctx.prior or {}).get("metadata") or {}, ctx.planned.get("metadata")
    if not isinstance(new, dict) or (not old and not new):
        return True
    before, after = (ctx.prior or {}).get("metadata_startup_script"), ctx.planned.get("metadata_startup_script")
    if not before:
        return "startup-script" not in old or after != old["startup-script"]
    if not after:
        return "startup-script" not in new or before != new["startup-script"]
    return True


@hook("expand", *_TYPES)
def machine(ctx: Context, document: Json) -> Json:
    """Links in full, and the disks in one list."""
    place = fill(ZONE, ctx.planned)
    document.pop("zone", None)
    if document.get("machineType"):  # else a template says it
        document["machineType"] = machine_parts.full(str(document["machineType"]), f"{place}machineTypes/")
    region = fill("{~zone}", ctx.planned).rpartition("-")[0]
    machine_parts.interfaces(ctx, document, region)
    machine_parts.accelerators(document, f"{place}acceleratorTypes/")
    machine_parts.metadata(document)
    machine_parts.affinity(document)
    if ctx.kind.name == TYPE or ctx.prior is not None:  # a new one has the disks of its template
        document["disks"] = [disk for kind in disks(document, place) for disk in kind]
    return document


def disks(document: Json, place: str, *, deleted: bool = True) -> tuple[list[Json], list[Json], list[Json]]:
    """The disks of a document's blocks, which it loses: the boot disk, scratch disks, and what is attached besides.

    `deleted`: a boot disk goes with its machine where nobody says.
    """
    boot, scratch = [], []
    if (block := document.pop("bootDisk", None)) is not None:
        boot = [{**_disk(block, place), "boot": True, "autoDelete": bool(block.get("autoDelete", deleted))}]
        if made := block.get("initializeParams"):
            boot[0]["initializeParams"] = _made(made, place)
    for one in document.pop("scratchDisk", None) or []:
        size = {"diskSizeGb": str(one.pop("size", 375)), "type": "SCRATCH", "autoDelete": True}
        kind = {"diskType": f"{place}diskTypes/local-ssd"}
        scratch.append({**one, **size, "initializeParams": kind})
    return boot, scratch, [_disk(one, place) for one in document.pop("attachedDisk", None) or []]


def _disk(block: Mapping[str, Any], place: str) -> Json:
    """One disk of a machine from its block."""
    told = {key: block[key] for key in ("deviceName", "interface", "mode", "forceAttach") if block.get(key)}
    if features := block.get("guestOsFeatures"):
        told["guestOsFeatures"] = [{"type": feature} for feature in features]
    if source := block.get("source"):
        told["source"] = machine_parts.full(str(source), f"{place}disks/")
    names = {"diskEncryptionKeyRaw": "rawKey", "diskEncryptionKeyRsa": "rsaEncryptedKey"}
    names |= {"kmsKeySelfLink": "kmsKeyName", "diskEncryptionServiceAccount": "kmsKeyServiceAccount"}
    if key := {theirs: block[ours] for ours, theirs in names.items() if block.get(ours)}:
        told["diskEncryptionKey"] = key
    return told


def _made(block: Mapping[str, Any], place: str) -> Json:
    """What a disk that comes with its machine is made from."""
    told = {key: value for key, value in block.items() if key not in ("size", "type", "image", "snapshot")}
    if block.get("size"):
        told["diskSizeGb"] = str(block["size"])
    if kind := block.get("type"):
        told["diskType"] = machine_parts.full(str(kind), f"{place}diskTypes/")
    if image := block.get("image"):
        told["sourceImage"] = image
    if snapshot := block.get("snapshot"):
        told["sourceSnapshot"] = snapshot
    return told


@hook("create", TYPE)
async def create(ctx: Context) -> None:
    """The image of its boot disk is looked up first."""
    document = document_of(ctx)
    await images.resolve_of_disks(ctx, document["disks"])
    await waited(ctx, "POST", f"{fill(ZONE, ctx.planned)}instances", document, "create")


@hook("after_create", *_TYPES)
async def rest(ctx: Context) -> None:
    """It runs; where another status is wanted, it gets it now."""
    verb = {"TERMINATED": "stop", "SUSPENDED": "suspend"}.get(str(ctx.planned.get("desired_status")))
    if verb:
        await waited(ctx, "POST", f"{fill(ctx.kind.calls['read'].url, ctx.planned)}/{verb}", None, "create")


@hook("read", *_TYPES)
async def read(ctx: Context) -> Json | None:
    """The machine, its disks in the blocks they belong to."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if found is None:
        return None
    told = {**found, "zone": found["zone"].rpartition("/")[2], "machineType": found["machineType"].rpartition("/")[2]}
    machine_parts.told_metadata(ctx, told)
    machine_parts.told_affinity(told)
    machine_parts.told_interfaces(told)
    standing = ctx.planned.get("attached_disk")
    known = [_name_of(ctx, one) for one in standing] if isinstance(standing, list) else []
    attached: list[Json] = []
    for one in found["disks"]:
        if one.get("boot"):
            told["bootDisk"] = await _boot(ctx, one)
        elif one["type"] == "SCRATCH":
            told.setdefault("scratchDisk", []).append({**one, "size": one["diskSizeGb"]})
        else:
            attached.append({**one, **_key(one)})

    def place(one: Json) -> int:
        name = one["source"].removeprefix(LINK)
        return known.index(name) if name in known else len(known)

    told["attachedDisk"] = sorted(attached, key=place)
    return told


def _name_of(ctx: Context, block: Any) -> str:
    source = str(block.get("source") or "") if isinstance(block, Mapping) else ""
    return machine_parts.full(source, f"{fill(ZONE, ctx.planned)}disks/").removeprefix(LINK)


def _key(one: Json) -> Json:
    name = str((one.get("diskEncryptionKey") or {}).get("kmsKeyName") or "")
    return {"kmsKeySelfLink": without_version(name)} if name else {}


async def _boot(ctx: Context, one: Json) -> Json:
    """The block of the boot disk, which tells of the disk itself too."""
    disk = await ctx.api.get(ctx.kind.base + one["source"].removeprefix(LINK)) or {}
    standing = machine_parts.block(ctx.planned, "boot_disk")
    told = {**one, **_key(one), "guestOsFeatures": [feature["type"] for feature in one.get("guestOsFeatures") or []]}
    if standing.get("interface") in (None, "", UNKNOWN):
        del told["interface"]
    made = {key: disk.get(key) for key in ("architecture", "labels", "enableConfidentialCompute")}
    made |= {"type": str(disk.get("type") or "").rpartition("/")[2], "size": disk.get("sizeGb")}
    made |= {"image": disk.get("sourceImage"), "provisionedIops": disk.get("provisionedIops")}
    made["provisionedThroughput"] = disk.get("provisionedThroughput")
    if machine_parts.block(standing, "initialize_params").get("resource_policies") not in (None, UNKNOWN, []):
        made["resourcePolicies"] = disk.get("resourcePolicies")
    return {**told, "initializeParams": made}


@hook("flatten", *_TYPES)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The status that is wanted is told as it is."""
    if state.get("desired_status"):
        state["desired_status"] = document["status"]
    return state
