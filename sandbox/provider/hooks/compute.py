"""Compute Engine: links in short form, and changes by several calls."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.expand import expand
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, fill, identity, timeout

LINK = "https://www.googleapis.com/compute/v1/"
NETWORKS = "projects/{project}/global/networks/"
SUBNETWORKS = "projects/{project}/regions/{~region}/subnetworks/"
# Where the short form of a field's value belongs.
_SHORT: Mapping[str, Mapping[str, str]] = {
    "google_compute_subnetwork": {"network": NETWORKS},
    "google_compute_firewall": {"network": NETWORKS},
    "google_compute_router": {"network": NETWORKS},
    "google_compute_address": {"network": NETWORKS, "subnetwork": SUBNETWORKS},
    "google_compute_global_address": {"network": NETWORKS},
    "google_compute_route": {"network": NETWORKS, "nextHopGateway": "projects/{project}/global/gateways/"},
}
_LABELLED = ("google_compute_address", "google_compute_global_address")
_REGIONAL = ("google_compute_address", "google_compute_router")


def in_full(ctx: Context, document: Json) -> Json:
    """The document with short names completed; the region is in the URL."""
    document.pop("region", None)
    return completed(ctx, document, _SHORT.get(ctx.kind.name, {}))


def completed(ctx: Context, document: Json, prefixes: Mapping[str, str]) -> Json:
    """The document with the short names of some fields completed: what stands before each, as a template."""
    for name, prefix in prefixes.items():
        value = document.get(name)
        if isinstance(value, str) and value and "/" not in value:
            document[name] = fill(prefix, ctx.planned) + value
    return document


@hook("expand", "google_compute_router", "google_compute_route", *_LABELLED)
def with_links(ctx: Context, document: Json) -> Json:
    """Short names in full."""
    return in_full(ctx, document)


def short_region(state: dict[str, Any]) -> dict[str, Any]:
    """The region's name, where the API writes a link."""
    if isinstance(state.get("region"), str):
        state["region"] = state["region"].rpartition("/")[2]
    return state


@hook("flatten", *_REGIONAL)
def regional(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


async def waited(ctx: Context, method: str, url: str, document: Json | None, step: str = "update") -> Json:
    """One call, and the end of its operation."""
    answer = await ctx.api.call(method, ctx.kind.base + url, document)
    result: Json = await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, step))
    return result


async def patch(ctx: Context, whole: Json, *, but: frozenset[str] = frozenset(), fingerprint: bool = False) -> None:
    """What changed, and null for what is gone."""
    document: Json = {}
    for field in changed_fields(ctx):
        if field.name in but:
            continue
        path = field.api or ()
        document[path[0]] = whole.get(path[0])
        if len(path) > 1 and path[0] in whole:
            document[path[0]] = whole[path[0]]
    if not document:
        return
    call = ctx.kind.calls["update"]
    url = fill(call.url, ctx.planned)
    if fingerprint:
        document["fingerprint"] = (await ctx.api.call("GET", ctx.kind.base + url))["fingerprint"]
    await waited(ctx, call.method, url, document)


def whole(ctx: Context) -> Json:
    """The document of the planned state, with links in full."""
    return in_full(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))


@hook("update", "google_compute_router")
async def update_router(ctx: Context) -> None:
    """A PATCH of what changed: the NATs stay."""
    await patch(ctx, whole(ctx))


@hook("expand", "google_compute_network_attachment")
def attached(ctx: Context, document: Json) -> Json:
    """The region is in the URL."""
    return in_full(ctx, document)


@hook("update", "google_compute_network_attachment")
async def update_attachment(ctx: Context) -> None:
    """A PATCH with a fingerprint."""
    await patch(ctx, whole(ctx), fingerprint=True)


async def set_labels(ctx: Context, url: str, labels: Any, standing: Json | None = None) -> None:
    """Replace the labels of what is at a URL, by the fingerprint that they have as it stands, which is asked for."""
    current = standing or await ctx.api.call("GET", ctx.kind.base + url)
    await waited(ctx, "POST", f"{url}/setLabels", {"labels": labels, "labelFingerprint": current["labelFingerprint"]})


@hook("update", *_LABELLED)
async def relabel(ctx: Context) -> None:
    """Labels are all that changes on an address."""
    if ctx.changed("effective_labels"):
        url = fill(ctx.kind.calls["read"].url, ctx.planned)
        await set_labels(ctx, url, ctx.planned["effective_labels"])


# Networks

_NET = "google_compute_network"
_ROUTES = "projects/{project}/global/routes"


@hook("expand", _NET)
def network(ctx: Context, document: Json) -> Json:
    """A custom mode network says so outright; an `mtu` of 0 is that of the server."""
    if document.get("mtu") == 0:
        del document["mtu"]
    document["autoCreateSubnetworks"] = bool(ctx.planned.get("auto_create_subnetworks"))
    return document


@hook("after_create", _NET)
async def drop_default_routes(ctx: Context) -> None:
    """Take away the route to the internet that Google adds."""
    if not ctx.planned.get("delete_default_routes_on_create"):
        return
    link = LINK + identity(ctx.kind.id, ctx.planned)
    place = ctx.kind.base + fill(_ROUTES, ctx.planned)
    query = f'(network="{link}") AND (destRange="0.0.0.0/0")'.replace(" ", "%20").replace('"', "%22")
    for route in (await ctx.api.call("GET", f"{place}?filter={query}")).get("items") or []:
        await waited(ctx, "DELETE", f"{fill(_ROUTES, ctx.planned)}/{route['name']}", None, "create")


@hook("update", _NET)
async def update_network(ctx: Context) -> None:
    """A PATCH of what changed."""
    await patch(ctx, network(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config)))


# Subnetworks

_SUBNET = "google_compute_subnetwork"
_RESERVED_HOST = "networkconnectivity.googleapis.com/"


@hook("plan", _SUBNET)
def shrunk(ctx: Context) -> None:
    """A range grows in place; any other is another subnetwork."""
    old, new = (ctx.prior or {}).get("ip_cidr_range"), ctx.planned.get("ip_cidr_range")
    if not old or not isinstance(new, str) or old == new:
        return
    try:
        grows = ip_network(old).subnet_of(ip_network(new))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        grows = False
    if not grows:
        ctx.replace.append(("ip_cidr_range",))


@hook("expand", _SUBNET)
def subnetwork(ctx: Context, document: Json) -> Json:
    """Flow logs are on where their block is; an empty list of ranges is said where that is asked for."""
    if "logConfig" in document:
        document["logConfig"]["enable"] = True
    if ctx.planned.get("send_secondary_ip_range_if_empty") and not document.get("secondaryIpRanges"):
        document["secondaryIpRanges"] = []
    return in_full(ctx, document)


@hook("flatten", _SUBNET)
def subnetwork_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """No block of flow logs where they are off; reserved ranges by their API's host, without a version."""
    if not (document.get("logConfig") or {}).get("enable"):
        state["log_config"] = []
    for one in (state, *(state.get("secondary_ip_range") or [])):
        if link := one.get("reserved_internal_range"):
            one["reserved_internal_range"] = _RESERVED_HOST + str(link)[str(link).index("projects/") :]
    return short_region(state)


@hook("update", _SUBNET)
async def update_subnetwork(ctx: Context) -> None:
    """Growing and Google's APIs have calls of their own; the rest is a PATCH with a fingerprint."""
    url = fill(ctx.kind.id, ctx.planned)
    if ctx.changed("ip_cidr_range"):
        await waited(ctx, "POST", url + "/expandIpCidrRange", {"ipCidrRange": ctx.planned["ip_cidr_range"]})
    if ctx.changed("private_ip_google_access"):
        access = {"privateIpGoogleAccess": bool(ctx.planned["private_ip_google_access"])}
        await waited(ctx, "POST", url + "/setPrivateIpGoogleAccess", access)
    document = subnetwork(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))
    document.setdefault("logConfig", {"enable": False})
    document.setdefault("secondaryIpRanges", [])
    done = frozenset(("ip_cidr_range", "private_ip_google_access"))
    await patch(ctx, document, but=done, fingerprint=True)
