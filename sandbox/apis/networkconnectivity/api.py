"""Network Connectivity v1: ranges kept by name, policies for endpoints of services, routes by policy, hubs and spokes.

No packet is moved, and no producer makes an endpoint by a policy.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

from sandbox.apis.compute import links, ranges, reserved_ranges
from sandbox.apis.compute.references import find
from sandbox.apis.networkconnectivity import hubs, regional_endpoints, spokes
from sandbox.control import locations, operations
from sandbox.control.collection import etag
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]
_USAGES = ("FOR_VPC", "EXTERNAL_TO_VPC", "FOR_MIGRATION")
_PEERINGS = ("FOR_SELF", "FOR_PEER", "NOT_SHARED")
_OVERLAPS = ("OVERLAP_ROUTE_RANGE", "OVERLAP_EXISTING_SUBNET_RANGE")
_STRATEGIES = ("RANDOM", "FIRST_AVAILABLE", "RANDOM_FIRST_N_AVAILABLE", "FIRST_SMALLEST_FITTING")
_POOL = "10.0.0.0/8"
_collection = partial(located, "google.cloud.networkconnectivity.v1")

internal_ranges = _collection(
    "internalRanges/{range}",
    "InternalRange",
    "internalRangeId",
    required=("network", "usage", "peering"),
    immutable=("network", "migration", "allocationOptions", "immutable"),
    output_only=("users",),
)
policies = _collection(
    "serviceConnectionPolicies/{policy}",
    "ServiceConnectionPolicy",
    "serviceConnectionPolicyId",
    required=("network", "serviceClass"),
    immutable=("network", "serviceClass"),
    output_only=("pscConnections", "infrastructure"),
    location="region",
)
routes = _collection(
    "policyBasedRoutes/{route}",
    "PolicyBasedRoute",
    "policyBasedRouteId",
    required=("network", "filter"),
    output_only=("warnings", "kind"),
    update=(),
)
API = Api(
    "networkconnectivity.googleapis.com",
    "networkconnectivity",
    [internal_ranges, policies, routes, hubs.hubs, hubs.groups, spokes.spokes, regional_endpoints.endpoints],
    [*operations.routes("v1"), *locations.routes("v1"), *hubs.ROUTES],
    flat=False,
)


def _network(document: Json, call: Call) -> str:
    """The name of a network that is there; its project may be another that isn't here."""
    given = str(document["network"])
    name = links.relative(given, call.project)
    if "/" not in name:
        name = f"projects/{call.project}/global/networks/{name}"
    if find(call.control, name) is None:
        raise not_found(f"The network '{given}' was not found.")
    return name


def _global(call: Call) -> None:
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")


def _one_of(field: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise invalid_argument(f"{field} must be one of {', '.join(known)}, not '{value}'.", {field: "unknown"})


@internal_ranges.on_create
async def keep(made: Resource, call: Call) -> None:
    """The range that is asked for, or one of the length that is."""
    _global(call)
    made.document["network"] = _network(made.document, call)
    _settle(made, call)


@internal_ranges.on_update
async def keep_changed(old: Resource, new: Resource, call: Call) -> None:
    """Another range, or a longer one; nothing of one that is immutable."""
    if old.document.get("immutable"):
        raise failed_precondition(f"The internal range '{old.id}' is immutable.")
    changed = {key for key in ("ipCidrRange", "prefixLength") if old.document.get(key) != new.document.get(key)}
    if changed == {"ipCidrRange"}:
        new.document.pop("prefixLength", None)
    elif changed == {"prefixLength"}:
        whole = ranges.cidr("ipCidrRange", old.document["ipCidrRange"])
        length = int(new.document["prefixLength"])
        if length > whole.prefixlen:
            raise invalid_argument(f"prefixLength can only become less than {whole.prefixlen}.", {"prefixLength": ""})
        new.document["ipCidrRange"] = str(whole.supernet(new_prefix=length))
    _settle(new, call)


def _settle(one: Resource, call: Call) -> None:
    document = one.document
    _one_of("usage", document["usage"], _USAGES)
    _one_of("peering", document["peering"], _PEERINGS)
    for overlap in document.get("overlaps") or []:
        _one_of("overlaps", overlap, _OVERLAPS)
    if (document["usage"] == "FOR_MIGRATION") != bool(document.get("migration")):
        raise invalid_argument("migration is of a range whose usage is FOR_MIGRATION.", {"migration": ""})
    text = document.get("ipCidrRange")
    if not text:
        block = _allocated(one, call)
    else:
        block = ranges.cidr("ipCidrRange", str(text))
        if int(document.get("prefixLength") or block.prefixlen) != block.prefixlen:
            raise invalid_argument(f"prefixLength is not that of {block}.", {"prefixLength": "differs"})
    other = _conflict(block, one, call)
    if other is not None:
        raise invalid_argument(f"The range {block} overlaps with '{other}'.", {"ipCidrRange": "overlaps"})
    document["ipCidrRange"] = str(block)


def _conflict(block: IPv4Network, one: Resource, call: Call) -> str | None:
    """What has the range already. Subnetworks that exist may be overlapped where that is asked for."""
    tolerant = "OVERLAP_EXISTING_SUBNET_RANGE" in (one.document.get("overlaps") or [])
    own = {one.name, *reserved_ranges.users(one.name, call.control)}
    for other, name in ranges.taken(call.control, one.document["network"], but=own):
        if other.overlaps(block) and not (tolerant and "/subnetworks/" in name):
            return name
    return None


def _allocated(one: Resource, call: Call) -> IPv4Network:
    """A free range of a length, chosen as the strategy says; the same chance for the same name."""
    document = one.document
    length = int(document.get("prefixLength") or 0)
    if not 8 <= length <= 29:
        raise invalid_argument(
            "Either ipCidrRange or a prefixLength of 8 to 29 is needed.", {"prefixLength": "8 to 29"}
        )
    options = document.get("allocationOptions") or {}
    strategy = options.get("allocationStrategy") or "RANDOM"
    _one_of("allocationOptions.allocationStrategy", strategy, _STRATEGIES)
    pools = [ranges.cidr("targetCidrRange", text) for text in document.get("targetCidrRange") or [_POOL]]
    excluded = [ranges.cidr("excludeCidrRanges", text) for text in document.get("excludeCidrRanges") or []]
    held = [block for block, _ in ranges.taken(call.control, document["network"])] + excluded
    if strategy == "FIRST_SMALLEST_FITTING":
        pools = sorted(_gaps(pools, held, length), key=lambda gap: -gap.prefixlen)
    free = (block for pool in pools if pool.prefixlen <= length for block in pool.subnets(new_prefix=length))
    free = (block for block in free if not any(block.overlaps(other) for other in held))
    most = 1
    if strategy == "RANDOM_FIRST_N_AVAILABLE":
        most = int(options.get("firstAvailableRangesLookupSize") or 1)
    elif strategy == "RANDOM":
        most = 256
    found = [block for block, _ in zip(free, range(most), strict=False)]
    if not found:
        raise failed_precondition(f"No range of the length {length} is free.")
    return random.Random(one.name).choice(found)  # noqa: S311


def _gaps(pools: list[IPv4Network], held: list[IPv4Network], length: int) -> Iterator[IPv4Network]:
    """The largest blocks of some pools that nothing has a part of."""
    for pool in pools:
        if not any(pool.overlaps(other) for other in held):
            yield pool
        elif pool.prefixlen < length:
            yield from _gaps(list(pool.subnets()), held, length)


@internal_ranges.shown_by
def with_users(one: Resource, call: Call) -> Json:
    """With the subnetworks that have it, and links in full."""
    users = [links.HOST + name for name in reserved_ranges.users(one.name, call.control)]
    shown = {**one.document, "network": links.HOST + one.document["network"]}
    return {**shown, "users": users} if users else shown


@internal_ranges.on_delete
async def keep_used(one: Resource, call: Call) -> None:
    """One that a subnetwork has can't go."""
    user = next(reserved_ranges.users(one.name, call.control), None)
    if user is not None:
        raise failed_precondition(f"The internal range '{one.name}' is already being used by '{user}'.")


@policies.on_create
async def check_policy(policy: Resource, call: Call) -> None:
    """One for a class of services in a network's region; subnetworks of the network."""
    name = _network(policy.document, call)
    for other in call.store.select(policies.key, policy.name.rpartition("/serviceConnectionPolicies/")[0]):
        same = links.relative(other.document["network"], call.project) == name
        if same and other.document["serviceClass"] == policy.document["serviceClass"]:
            raise failed_precondition(f"'{other.id}' is for the class and the network already.")
    policy.document |= {"infrastructure": "PSC", "etag": etag(policy, call)}
    _check_config(policy, name, call)


@policies.on_update
async def recheck_policy(old: Resource, new: Resource, call: Call) -> None:
    """The same of another configuration."""
    new.document["etag"] = etag(new, call)
    _check_config(new, _network(new.document, call), call)


def _check_config(policy: Resource, network: str, call: Call) -> None:
    config = policy.document.get("pscConfig")
    if config is None:
        return
    if not config.get("subnetworks"):
        raise invalid_argument("pscConfig needs subnetworks.", {"pscConfig.subnetworks": "required"})
    for given in config["subnetworks"]:
        subnet = find(call.control, links.relative(given, call.project))
        if subnet is None:
            raise not_found(f"The subnetwork '{given}' was not found.")
        if subnet.document["network"] != network or subnet.name.split("/")[3] != call.params["location"]:
            raise invalid_argument(f"'{given}' is of another network or region.", {"pscConfig.subnetworks": given})
    location = config.setdefault("producerInstanceLocation", "PRODUCER_INSTANCE_LOCATION_UNSPECIFIED")
    custom = location == "CUSTOM_RESOURCE_HIERARCHY_LEVELS"
    if custom != bool(config.get("allowedGoogleProducersResourceHierarchyLevel")):
        raise invalid_argument(
            "allowedGoogleProducersResourceHierarchyLevel goes with the location CUSTOM_RESOURCE_HIERARCHY_LEVELS.",
            {"pscConfig.producerInstanceLocation": str(location)},
        )


@routes.on_create
async def check_route(route: Resource, call: Call) -> None:
    """From and to somewhere, by one next hop."""
    _global(call)
    document = route.document
    _network(document, call)
    document["kind"] = "networkconnectivity#policyBasedRoute"
    rule = document["filter"]
    _one_of("filter.protocolVersion", rule.get("protocolVersion"), ("IPV4", "IPV6"))
    everywhere = "0.0.0.0/0" if rule["protocolVersion"] == "IPV4" else "::/0"
    for field in ("srcRange", "destRange"):
        text = rule.setdefault(field, everywhere)
        try:
            known = ip_network(text).version == int(rule["protocolVersion"][3])
        except ValueError:
            known = False
        if not known:
            raise invalid_argument(
                f"filter.{field} is no range of {rule['protocolVersion']}.", {f"filter.{field}": text}
            )
    rule.setdefault("ipProtocol", "ALL")
    if not 1 <= int(document.setdefault("priority", 1000)) <= 65_535:
        raise invalid_argument("priority must be 1 to 65535.", {"priority": "1 to 65535"})
    if bool(document.get("nextHopIlbIp")) == bool(document.get("nextHopOtherRoutes")):
        raise invalid_argument("A route has either nextHopIlbIp or nextHopOtherRoutes.")
    if document.get("virtualMachine") and document.get("interconnectAttachment"):
        raise invalid_argument("A route is either of machines or of interconnect attachments.")
    if hop := document.get("nextHopIlbIp"):
        try:
            ip_address(hop)
        except ValueError:
            raise invalid_argument(f"nextHopIlbIp '{hop}' is no IP address.", {"nextHopIlbIp": hop}) from None
