"""Data sources of networks and load balancers: addresses, gateways and groups, and lists of what a project has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from sandbox.provider import resource
from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.flatten import flatten
from sandbox.provider.hooks.registry import Context
from sandbox.provider.suppress import relative_name

State = dict[str, Any]
_ADDRESS = """
name string required
project string optional computed
address string computed
address_type string computed
network string computed
network_tier string computed
prefix_length number computed
purpose string computed
self_link string computed
status string computed
subnetwork string computed
users string computed
"""
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_compute_address": (
        "compute/v1",
        "projects/{project}/regions/{region}/addresses/{name}",
        f"{_ADDRESS}region string optional computed\n",
    ),
    "google_compute_global_address": ("compute/v1", "projects/{project}/global/addresses/{name}", _ADDRESS),
    "google_compute_vpn_gateway": (
        "compute/v1",
        "projects/{project}/regions/{region}/targetVpnGateways/{name}",
        """
name string required
project string optional computed
region string optional computed
description string computed
network string computed
self_link string computed
""",
    ),
    "google_compute_region_instance_group": (
        "compute/v1",
        "projects/{project}/regions/{region}/instanceGroups/{name}",
        """
name string optional computed
project string optional computed
region string optional computed
self_link string optional computed
instances list computed
  instance string computed
  named_ports list computed
    name string computed
    port number computed
  status string computed
size number computed
""",
    ),
    "google_compute_networks": (
        "compute/v1",
        "projects/{project}/global/networks",
        """
project string
networks list(string) computed
self_link string computed
""",
    ),
    "google_compute_subnetworks": (
        "compute/v1",
        "projects/{project}/regions/{region}/subnetworks",
        """
filter string
project string
region string
subnetworks list computed api=items
  description string computed
  ip_cidr_range string computed
  name string computed
  network string computed
  network_name string computed
  network_self_link string computed
  private_ip_google_access bool computed
  self_link string computed
""",
    ),
    "google_compute_images": (
        "compute/v1",
        "projects/{project}/global/images",
        """
filter string
project string
images list computed api=items
  archive_size_bytes number computed
  creation_timestamp string computed
  description string computed
  disk_size_gb number computed
  family string computed
  image_id number computed api=id
  labels map(string) computed
  name string computed
  self_link string computed
  source_disk string computed
  source_disk_id string computed
  source_image_id string computed
""",
    ),
    "google_compute_instance_groups": (
        "compute/v1",
        "projects/{project}/zones/{zone}/instanceGroups",
        """
filter string
project string
zone string
instance_groups list computed api=items
  deletion_policy string computed
  description string computed
  name string computed
  named_port list computed api=namedPorts
    name string computed
    port number computed
  network string computed
  project string computed api=project
  self_link string computed
  size number computed
  zone string computed
""",
    ),
    "google_compute_lb_ip_ranges": (
        "compute/v1",
        "compute-lb-ip-ranges",
        """
http_ssl_tcp_internal list(string) computed
network list(string) computed
""",
    ),
}


def named(ctx: Context) -> None:
    """The name and place that a link says, where no name is given."""
    place = next(name for name in ("zone", "region", "project") if name in ctx.planned)
    if ctx.planned["name"]:
        return
    if not (link := ctx.planned["self_link"]):
        raise ProviderError(f"Must provide either `self_link` or `{'' if place == 'project' else place + '/'}name`")
    parts = relative_name(str(link)).split("/")
    # The link of a zone's manager is that of its group: the real provider takes no other.
    group = ctx.kind.name == "google_compute_instance_group_manager"
    collection = "instanceGroups" if group else ctx.kind.id.split("/")[-2]
    if parts[0] != "projects" or collection not in parts[3:]:
        raise ProviderError(f"name, {place} or project could not be parsed from {link}")
    ctx.planned |= {"project": parts[1], "name": parts[-1]} | ({} if place == "project" else {place: parts[3]})


def _place(ctx: Context) -> State:
    """The project, region and zone, of the settings where they aren't said."""
    names = [name for name in ("project", "region", "zone") if name in ctx.planned]
    place: State = {name: ctx.planned[name] or ctx.settings.get(name) for name in names}
    for name, value in place.items():
        if not value:
            raise ProviderError(f"{name}: required field is not set")
    return place


async def _one(ctx: Context) -> State:
    """One of its name."""
    if "self_link" in ctx.kind.fields and ctx.kind.fields["self_link"].optional:
        named(ctx)
    place = _place(ctx)
    name = resource.identity(ctx.kind.id, ctx.planned | place)
    found = await ctx.api.get(ctx.kind.base + name)
    if found is None:
        raise ProviderError(f"{name} not found")
    told = flatten(ctx.kind, found, ctx.planned) | place | {"id": name}
    return told | ({"users": None} if "users" in told else {})


async def _gateway(ctx: Context) -> State:
    """A gateway tells its region by its link."""
    told = await _one(ctx)
    link = f"https://www.googleapis.com/compute/v1/projects/{told['project']}/regions/{told['region']}"
    return told | {"region": link}


async def _regional_group(ctx: Context) -> State:
    """A group with its machines, and without its size."""
    told = await _one(ctx)
    answer = await ctx.api.call("POST", f"{ctx.kind.base}{told['id']}/listInstances", {"instanceState": "ALL"})
    machines = [
        {"instance": one["instance"], "named_ports": one.get("namedPorts") or [], "status": one["status"]}
        for one in answer.get("items") or []
    ]
    return told | {"instances": machines, "size": None}


async def _items(ctx: Context, place: State) -> list[Json]:
    wanted = str(ctx.planned.get("filter") or "")
    url = ctx.kind.base + resource.identity(ctx.kind.id, place) + (f"?filter={quote(wanted)}" if wanted else "")
    return [one async for one in ctx.api.pages(url, "items")]


async def _list(ctx: Context) -> State:
    """All of a place that pass a filter."""
    place = _place(ctx)
    items = await _items(ctx, place)
    if ctx.kind.name == "google_compute_subnetworks":
        for one in items:
            short = one["network"].rpartition("/")[2]
            one |= {"networkName": short, "networkSelfLink": short}
    if ctx.kind.name == "google_compute_instance_groups":
        for one in items:
            one |= place
    told = flatten(ctx.kind, {"items": items}, ctx.planned)
    given = {name: ctx.planned[name] for name in ("filter", "project", "region", "zone") if name in ctx.planned}
    return told | given | {"id": resource.identity(ctx.kind.id, place)}


async def _networks(ctx: Context) -> State:
    """The names of all networks."""
    place = _place(ctx)
    name = resource.identity(ctx.kind.id, place)
    names = [str(one["name"]) for one in await _items(ctx, place)]
    link = (await ctx.api.call("GET", ctx.kind.base + name)).get("selfLink")
    return ctx.planned | place | {"id": name, "networks": names, "self_link": link}


async def _ranges(ctx: Context) -> State:
    """From where Google checks the health of backends."""
    network = ["209.85.152.0/22", "209.85.204.0/22", "35.191.0.0/16"]
    return {"id": ctx.kind.id, "network": network, "http_ssl_tcp_internal": ["130.211.0.0/22", "35.191.0.0/16"]}


READ: dict[str, Callable[[Context], Awaitable[State]]] = {
    "google_compute_address": _one,
    "google_compute_global_address": _one,
    "google_compute_images": _list,
    "google_compute_instance_groups": _list,
    "google_compute_lb_ip_ranges": _ranges,
    "google_compute_networks": _networks,
    "google_compute_region_instance_group": _regional_group,
    "google_compute_subnetworks": _list,
    "google_compute_vpn_gateway": _gateway,
}
