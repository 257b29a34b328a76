"""Data sources of Cloud DNS: the records of a zone, and the zones of a project."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from sandbox.provider import resource
from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_dns_record_set": (
        "dns/v1",
        "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}",
        """
managed_zone string required
name string required
type string required
project string
rrdatas list(string) computed
ttl number computed
""",
    ),
    "google_dns_record_sets": (
        "dns/v1",
        "projects/{project}/managedZones/{managed_zone}",
        """
managed_zone string required
name string
type string
project string
rrsets list computed
  name string computed
  rrdatas list(string) computed
  ttl number computed
  type string computed
""",
    ),
    "google_dns_managed_zone": (
        "dns/v1",
        "projects/{project}/managedZones/{name}",
        """
name string required
project string
description string computed
dns_name string computed
managed_zone_id number computed
name_servers list(string) computed
visibility string computed
""",
    ),
    "google_dns_managed_zones": (
        "dns/v1",
        "projects/{project}/managedZones",
        """
project string
managed_zones list computed
  description string computed
  dns_name string computed
  id string computed api=path
  managed_zone_id number computed api=id
  name string computed
  name_servers list(string) computed
  project string computed api=project
  visibility string computed
""",
    ),
}


async def _record(ctx: Context) -> State:
    """One by its name and type."""
    known = ctx.planned | {"project": listing.project(ctx)}
    place = f"{ctx.kind.base}projects/{known['project']}/managedZones/{known['managed_zone']}/rrsets"
    found = await ctx.api.get(f"{place}?{urlencode({'name': known['name'], 'type': known['type']})}")
    if found is None:
        return dict.fromkeys(known)  # which is all that the real provider tells where the zone isn't there
    records = found.get("rrsets") or []
    if len(records) != 1:
        raise ProviderError(f"Only expected 1 record set, got {len(records)}")
    told = {"rrdatas": records[0].get("rrdatas") or [], "ttl": records[0].get("ttl") or 0}
    return known | told | {"id": resource.identity(ctx.kind.id, known)}


async def _records(ctx: Context) -> State:
    """Those of a zone; the API finds by a type only where there is a name."""
    known = ctx.planned | {"project": listing.project(ctx)}
    name = resource.identity(ctx.kind.id, known)
    asked = {key: known[key] for key in ("name", "type") if known["name"] and known[key]}
    url = f"{ctx.kind.base}{name}/rrsets" + (f"?{urlencode(asked)}" if asked else "")
    found = [one async for one in ctx.api.pages(url, "rrsets") if known["type"] in (None, "", one["type"])]
    return known | {"id": name, "rrsets": listing.told(ctx, "rrsets", found)}


async def _zone(ctx: Context) -> State:
    """One by its name."""
    project = listing.project(ctx)
    path = f"projects/{project}/managedZones/{ctx.planned['name']}"
    document = await ctx.api.get(ctx.kind.base + path)
    if document is None:
        raise ProviderError(f"{path} not found")
    return ctx.planned | {
        "id": path,
        "project": project,
        "description": document.get("description"),
        "dns_name": document["dnsName"],
        "managed_zone_id": int(document["id"]),
        "name_servers": document.get("nameServers", []),
        "visibility": document.get("visibility"),
    }


async def _zones(ctx: Context) -> State:
    """Those of a project: the first page of them, as the real provider asks for no other."""
    project = listing.project(ctx)
    name = f"projects/{project}/managedZones"
    zones = (await ctx.api.call("GET", ctx.kind.base + name)).get("managedZones") or []
    found = [{**zone, "path": f"{name}/{zone['name']}", "project": project} for zone in zones]
    return ctx.planned | {"project": project, "id": name, "managed_zones": listing.told(ctx, "managed_zones", found)}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_dns_record_set": _record,
    "google_dns_record_sets": _records,
    "google_dns_managed_zone": _zone,
    "google_dns_managed_zones": _zones,
}
