"""VLAN attachments and packet mirroring: links in full, and labels by a call of their own."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.hooks.compute import NETWORKS, SUBNETWORKS, patch, set_labels, short_region
from sandbox.provider.hooks.machine_parts import full
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill
from sandbox.provider.suppress import relative_name

_ATTACHMENT, _MIRRORING = "google_compute_interconnect_attachment", "google_compute_packet_mirroring"
_REGION = "projects/{project}/regions/{~region}/"


@hook("expand", _ATTACHMENT)
def attachment(ctx: Context, document: Json) -> Json:
    """The router in full; the region is in the URL."""
    document.pop("region", None)
    document["adminEnabled"] = bool(ctx.planned.get("admin_enabled"))
    if router := document.get("router"):
        document["router"] = full(str(router), fill(_REGION + "routers/", ctx.planned))
    return document


@hook("update", _ATTACHMENT)
async def update(ctx: Context) -> None:
    """A PATCH of what changed; labels by themselves."""
    await patch(ctx, document_of(ctx), but=frozenset(("labels",)))
    if ctx.changed("effective_labels"):
        await set_labels(ctx, fill(ctx.kind.calls["read"].url, ctx.planned), ctx.planned["effective_labels"])


@hook("expand", _MIRRORING)
def mirroring(ctx: Context, document: Json) -> Json:
    """Networks, rules and subnetworks by their short names too."""
    document.pop("region", None)
    mirrored = document.get("mirroredResources") or {}
    _completed([document.get("network")], fill(NETWORKS, ctx.planned))
    _completed([document.get("collectorIlb")], fill(_REGION + "forwardingRules/", ctx.planned))
    _completed(mirrored.get("subnetworks") or [], fill(SUBNETWORKS, ctx.planned))
    _completed(mirrored.get("instances") or [], "")
    return document


@hook("flatten", _MIRRORING)
def state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


def _completed(links: list[Any], prefix: str) -> None:
    for one in links:
        if one:
            one["url"] = full(relative_name(one["url"]), prefix)
