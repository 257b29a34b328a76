"""Data sources that look through a list: addresses of all places, a taxonomy by the name that is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from sandbox.provider.data import listing
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_compute_addresses": (
        "compute/v1",
        "{project}",
        """
filter string
project string optional computed
region string
addresses list computed
  address string computed
  address_type string computed
  description string computed
  name string computed
  prefix_length number computed
  region string computed
  self_link string computed
  status string computed
""",
    ),
    "google_data_catalog_taxonomy": (
        "datacatalog/v1",
        "{name}",
        """
display_name string required
project string optional computed
region string required
activated_policy_types list(string) computed
description string computed
name string computed
""",
    ),
}


async def _addresses(ctx: Context) -> State:
    project = listing.project(ctx)
    region, chosen = ctx.planned["region"], ctx.planned["filter"]
    base = f"{ctx.kind.base}projects/{project}/"
    query = f"?filter={quote(str(chosen))}" if chosen else ""
    if region:
        found = [one async for one in ctx.api.pages(f"{base}regions/{region}/addresses{query}", "items")]
    else:
        places = ctx.api.pages(f"{base}aggregated/addresses{query}", "items")
        found = [one async for place in places for one in place.get("addresses") or []]
    told = [
        {
            "name": one["name"],
            "address": one.get("address") or "",
            "address_type": one.get("addressType") or "",
            "description": one.get("description") or "",
            "prefix_length": int(one.get("prefixLength") or 0),
            "region": str(one.get("region") or "").rpartition("/")[2],
            "self_link": one["selfLink"],
            "status": one.get("status") or "",
        }
        for one in found
    ]
    return ctx.planned | {"id": f"{project}-{region or 'ALL'}-{chosen or 'ALL'}", "project": project, "addresses": told}


async def _taxonomy(ctx: Context) -> State:
    project = listing.project(ctx)
    name, region = ctx.planned["display_name"], ctx.planned["region"]
    answer = await ctx.api.call("GET", f"{ctx.kind.base}projects/{project}/locations/{region}/taxonomies")
    for one in answer.get("taxonomies") or []:
        if one["displayName"] == name:
            return ctx.planned | {
                "id": one["name"],
                "name": one["name"],
                "project": project,
                "description": one.get("description"),
                "activated_policy_types": one.get("activatedPolicyTypes"),
            }
    said = f'No taxonomy found with display_name "{name}" in project {project}, region {region}'
    raise ProviderError(Problem(said))


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_compute_addresses": _addresses,
    "google_data_catalog_taxonomy": _taxonomy,
}
