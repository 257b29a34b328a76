"""Reservations: projects by their names, and a call for each thing that changes. And their commitments, which stay."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import Json
from sandbox.provider.hooks.compute import short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_RESERVATION, _COMMITMENT = "google_compute_reservation", "google_compute_region_commitment"


@hook("expand", _RESERVATION)
def reservation(ctx: Context, document: Json) -> Json:
    """The projects by their ids; the zone is in the URL."""
    document.pop("zone", None)
    shares = document.get("shareSettings") or {}
    if "projectMap" in shares:
        shares["projectMap"] = {one.pop("id"): one for one in shares["projectMap"]}
    return document


@hook("read", _RESERVATION)
async def read(ctx: Context) -> Json | None:
    """The reservation, its projects as a list, and the names of its blocks."""
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    found: Json | None = await ctx.api.get(url)
    if found is None:
        return None
    shares = found.get("shareSettings") or {}
    if "projectMap" in shares:
        shares["projectMap"] = [{"id": name, **one} for name, one in sorted(shares["projectMap"].items())]
    blocks = await ctx.api.call("GET", f"{url}/reservationBlocks")
    return {**found, "blockNames": [one["name"] for one in blocks.get("items") or []]}


def _projects(state: Any) -> dict[str, Any]:
    shares = ((state or {}).get("share_settings") or [{}])[0] or {}
    return {one["id"]: one.get("project_id") for one in shares.get("project_map") or []}


@hook("update", _RESERVATION)
async def update(ctx: Context) -> None:
    """With whom it is shared and when it ends by a PATCH, its size by `resize`."""
    document, url = document_of(ctx), fill(ctx.kind.calls["read"].url, ctx.planned)
    names = {
        "share_settings": "shareSettings",
        "delete_after_duration": "deleteAfterDuration",
        "reservation_sharing_policy": "reservationSharingPolicy",
    }
    changed = [field for name, field in names.items() if ctx.changed(name)]
    if changed:
        query = f"?updateMask={quote(','.join(changed), safe='')}"
        before, after = _projects(ctx.prior), _projects(ctx.planned)
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name) or (name in before) != (name in after):
                query += f"&paths=shareSettings.projectMap.{name}"
        await waited(ctx, "PATCH", url + query, {field: document.get(field) for field in changed})
    if ctx.changed("specific_reservation"):
        count = (document.get("specificReservation") or {}).get("count")
        await waited(ctx, "POST", f"{url}/resize", {"specificSkuCount": count})


@hook("expand", _COMMITMENT)
def commitment(ctx: Context, document: Json) -> Json:
    """The region is in the URL."""
    document.pop("region", None)
    return document


@hook("flatten", _COMMITMENT)
def state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


@hook("delete", _COMMITMENT)
async def forget(ctx: Context) -> None:
    """Google deletes none: it is only forgotten."""
