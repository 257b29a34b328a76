"""Templates of machines, global and regional: the properties of a machine, which are never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks import images, machine_parts
from sandbox.provider.hooks.compute import waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.made_up_names import make_up_name
from sandbox.provider.resource import document_of, fill
from sandbox.provider.suppress.links import last_part

_GLOBAL, _REGION = "google_compute_instance_template", "google_compute_region_instance_template"
_SCRATCH = (375, 3000, 3500, 7000, 14000)


@hook("plan", _GLOBAL, _REGION)
def plan(ctx: Context) -> None:
    """Scopes by their addresses; other labels are another template."""
    machine_parts.plan(ctx)
    if ctx.prior is not None and ctx.changed("effective_labels"):
        ctx.replace.append(("effective_labels",))
    disks = ctx.planned.get("disk")
    for at, one in enumerate(disks if isinstance(disks, list) else []):
        if isinstance(one, Mapping):
            _check(at, one)


def _check(at: int, one: Mapping[str, Any]) -> None:
    """Scratch disks are local SSDs, and the first disk is the one that boots."""
    kind, disk_type, size = (one.get(name) for name in ("type", "disk_type", "disk_size_gb"))
    if kind == "SCRATCH" and disk_type != "local-ssd":
        raise ProviderError(f"SCRATCH disks must have a disk_type of local-ssd. disk {at} has disk_type {disk_type}")
    if disk_type == "local-ssd" and kind != "SCRATCH":
        raise ProviderError(f"disks with a disk_type of local-ssd must be SCRATCH disks. disk {at} is a {kind} disk")
    if kind == "SCRATCH" and size not in _SCRATCH:
        raise ProviderError(f"SCRATCH disks must be one of {list(_SCRATCH)} GB, disk {at} is {size}")
    if at and one.get("boot") is True:
        said = f"disk.{at}.boot was true"
        raise ProviderError(f"Only the first disk specified in instance_template can be the boot disk. {said}")


@hook("expand", _GLOBAL, _REGION)
def template(ctx: Context, document: Json) -> Json:
    """What a template says itself, and the properties of its machines."""
    told: Json = {"name": ctx.planned["name"], "properties": document}
    document.pop("name", None)
    if text := document.pop("description", None):
        told["description"] = text
    if text := document.pop("instanceDescription", None):
        document["description"] = text
    machine_parts.metadata(document)
    machine_parts.affinity(document)
    machine_parts.interfaces(ctx, document, str(ctx.planned.get("region") or ctx.settings.region or ""))
    found = [one for one in document.pop("guestAccelerators", None) or [] if one.get("acceleratorCount")]
    if found:
        document["guestAccelerators"] = found
    document.setdefault("scheduling", {"onHostMaintenance": "MIGRATE"})
    _policies_by_name(document)
    for at, one in enumerate(document.get("disks") or []):
        one.setdefault("boot", at == 0)
        if features := one.pop("guestOsFeatures", None):
            one["guestOsFeatures"] = [{"type": feature} for feature in features]
        if not one.get("source"):
            made = one.setdefault("initializeParams", {})
            made.setdefault("diskType", "pd-standard")
            _policies_by_name(made)
            if size := one.get("diskSizeGb"):
                made["diskSizeGb"] = one["diskSizeGb"] = str(size)
    return told


def _policies_by_name(document: Json) -> None:
    """A template names its resource policies: it may serve in any region."""
    if names := document.get("resourcePolicies"):
        document["resourcePolicies"] = [last_part(name) for name in names]


@hook("create", _GLOBAL, _REGION)
async def create(ctx: Context) -> None:
    """The name is made up where none is given; images are looked up first."""
    if ctx.planned.get("region") is UNKNOWN:
        ctx.planned["region"] = None
    make_up_name(ctx.planned)
    document = document_of(ctx)
    await images.resolve_of_disks(ctx, document["properties"].get("disks") or [])
    await waited(ctx, "POST", fill(ctx.kind.calls["create"].url, ctx.planned), document, "create")


@hook("read", _GLOBAL, _REGION)
async def read(ctx: Context) -> Json | None:
    """The template, its machine's properties beside what it says itself."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if found is None:
        return None
    properties = found["properties"]
    told = {**properties, **{key: value for key, value in found.items() if key != "properties"}}
    told["instanceDescription"] = properties.get("description")
    told["description"] = found.get("description")
    machine_parts.told_metadata(ctx, told)
    machine_parts.told_affinity(told)
    machine_parts.told_interfaces(told)
    for one in told.get("disks") or []:
        one["guestOsFeatures"] = [feature["type"] for feature in one.get("guestOsFeatures") or []]
        made = one.get("initializeParams") or {}
        if image := made.get("sourceImage"):
            made["sourceImage"] = image[image.find("projects/") :]
        if pool := made.get("storagePool"):
            made["storagePool"] = pool.rpartition("/")[2]
        one["diskSizeGb"] = one.get("diskSizeGb") or made.get("diskSizeGb")
    return told


@hook("flatten", _GLOBAL, _REGION)
def state_of(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What the server has no word for: the prefix, the region of its subnetwork, and the link with its number."""
    known = ctx.planned.get("name_prefix")
    state["name_prefix"] = None if known is UNKNOWN else known
    regions = [one["subnetwork"] for one in document.get("networkInterfaces") or [] if one.get("subnetwork")]
    if regions:
        state["region"] = regions[0].partition("/regions/")[2].partition("/")[0]
    elif ctx.kind.name == _GLOBAL:
        # The settings' region stood in where a short name had to be completed; it is none of the template.
        given = (ctx.prior or ctx.config).get("region")
        state["region"] = None if given is UNKNOWN else given
    if "self_link_unique" in state:
        state["self_link_unique"] = f"{document['selfLink']}?uniqueId={document['id']}"
    return state
