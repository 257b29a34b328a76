"""Spokes of Network Connectivity Center: tunnels, router appliances, networks and networks of producers.

They are kept and checked, and accepted as the hub's groups say; no route is exchanged, for no packet is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.apis.compute import links, ranges
from sandbox.apis.compute.references import find
from sandbox.apis.networkconnectivity.hubs import PACKAGE, SPOKES, accepts, groups, hubs
from sandbox.control.collection import now, uid
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, not_found, unimplemented
from sandbox.control.located import located
from sandbox.control.names import check_location
from sandbox.control.referring import relative
from sandbox.control.store import Resource

Json = dict[str, Any]
_TYPES = {
    "linkedVpnTunnels": "VPN_TUNNEL",
    "linkedInterconnectAttachments": "INTERCONNECT_ATTACHMENT",
    "linkedRouterApplianceInstances": "ROUTER_APPLIANCE",
    "linkedVpcNetwork": "VPC_NETWORK",
    "linkedProducerVpcNetwork": "PRODUCER_VPC_NETWORK",
    "gateway": "GATEWAY",
}
_HYBRID = ("linkedVpnTunnels", "linkedRouterApplianceInstances")
_UNSERVED = ("linkedInterconnectAttachments", "gateway")
_PENDING = {"code": "PENDING_REVIEW", "message": "The spoke is pending review by the hub administrator."}
_ALL = ("ALL_IPV4_RANGES", "ALL_PRIVATE_IPV4_RANGES", "ALL_IPV6_RANGES")

spokes = located(
    PACKAGE,
    "spokes/{spoke}",
    "Spoke",
    "spokeId",
    required=("hub",),
    immutable=("hub", "group"),
    output_only=("state", "reasons", "spokeType", "etag", "fieldPathsPendingUpdate"),
    on_create_set={"createTime": now, "uniqueId": uid},
    mask="required",
)


@spokes.on_create
async def propose(spoke: Resource, call: Call) -> None:
    """Of a hub that is there: active at once where the hub's group takes the project's, and else to be reviewed."""
    document = spoke.document
    document["hub"] = relative(document["hub"], call)
    hub = call.store.get(hubs.key, document["hub"])
    if hub is None:
        raise not_found(f"The hub '{document['hub']}' was not found.")
    kinds = [field for field in _TYPES if document.get(field)]
    if len(kinds) != 1:
        raise invalid_argument(f"Exactly one of {', '.join(_TYPES)} must be set.", {"spoke": "exactly one"})
    if kinds[0] in _UNSERVED:
        raise unimplemented(f"The sandbox does not implement {kinds[0]} of spokes.")
    document["spokeType"] = _TYPES[kinds[0]]
    _settle(spoke, kinds[0], hub, call)
    group = _group(document, hub, call)
    document["group"] = group.name
    document["state"] = "ACTIVE"
    if not accepts(group, call.project, call):
        document |= {"state": "INACTIVE", "reasons": [_PENDING]}


@spokes.on_update
async def change(old: Resource, new: Resource, call: Call) -> None:
    """Its ranges and its router appliances may change, nothing of which kind it is."""
    kind = next(field for field in _TYPES if old.document.get(field))
    if any(bool(new.document.get(field)) != (field == kind) for field in _TYPES):
        raise invalid_argument(f"The spoke '{old.id}' stays one of {kind}.", {kind: "immutable"})
    before, after = old.document[kind], new.document[kind]
    for field in ("uris", "uri", "network", "peering", "siteToSiteDataTransfer"):
        if before.get(field) != after.get(field):
            raise invalid_argument(f"{kind}.{field} can't be changed.", {f"{kind}.{field}": "immutable"})
    _settle(new, kind, hubs.must(call.control, new.document["hub"]), call)


def _group(document: Json, hub: Resource, call: Call) -> Resource:
    """The group that is named, or the one that a hub has only one of."""
    given = str(document.get("group") or "")
    if not given:
        if hub.document["presetTopology"] != "MESH":
            raise invalid_argument(f"The hub '{hub.id}' has several groups: one is needed.", {"group": "required"})
        given = "default"
    found = call.store.get(groups.key, relative(given, call) if "/" in given else f"{hub.name}/groups/{given}")
    if found is None or not found.name.startswith(f"{hub.name}/"):
        raise not_found(f"The hub '{hub.name}' has no group '{given}'.")
    return found


def _settle(spoke: Resource, kind: str, hub: Resource, call: Call) -> None:
    """What is linked, checked and completed."""
    linked = spoke.document[kind]
    location = call.params["location"]
    if kind in _HYBRID:
        check_location(location)
    elif location != "global":
        raise invalid_argument(f"A spoke with {kind} is in the location global, not in '{location}'.")
    _check_ranges(linked, kind)
    if kind == "linkedVpnTunnels":
        networks = [_tunnel(str(uri), call) for uri in linked.get("uris") or []]
    elif kind == "linkedRouterApplianceInstances":
        networks = [_appliance(one, call) for one in linked.get("instances") or []]
    else:
        networks = [_network(str(linked.get("uri") or linked.get("network") or ""), call)]
    if not networks:
        raise invalid_argument(f"{kind} needs resources.", {kind: "required"})
    if len(set(networks)) > 1:
        raise invalid_argument(f"All of {kind} must be in one network.", {kind: ", ".join(sorted(set(networks)))})
    if kind in _HYBRID:
        linked["vpcNetwork"] = links.HOST + networks[0]
    if kind == "linkedProducerVpcNetwork":
        _producer(linked, networks[0], hub, call)
    other = _holder(spoke, kind, call)
    if other is not None:
        raise failed_precondition(f"The spoke '{other}' links the resource already.")


def _named(spoke: Resource, call: Call) -> Iterator[str]:
    """The names of what a spoke links; a producer's network by the peering that leads to it."""
    project = spoke.name.split("/")[1]
    document = spoke.document
    for uri in (document.get("linkedVpnTunnels") or {}).get("uris") or []:
        yield links.relative(str(uri), project)
    for one in (document.get("linkedRouterApplianceInstances") or {}).get("instances") or []:
        yield links.relative(str(one["virtualMachine"]), project)
    if uri := (document.get("linkedVpcNetwork") or {}).get("uri"):
        yield _network(str(uri), call, project)
    if peered := document.get("linkedProducerVpcNetwork"):
        yield f"{_network(str(peered['network']), call, project)}/{peered['peering']}"


def _holder(spoke: Resource, kind: str, call: Call) -> str | None:
    """Another spoke of the same kind that links one of the same things; a network has one hub."""
    own = set(_named(spoke, call))
    for other in call.store.select(SPOKES):
        if other.name != spoke.name and other.document.get(kind) and own & set(_named(other, call)):
            return other.name
    return None


def _network(text: str, call: Call, project: str = "") -> str:
    project = project or call.project
    name = relative(links.relative(text, project), call)
    name = name if "/" in name else f"projects/{project}/global/networks/{name}"
    if find(call.control, name) is None:
        raise not_found(f"The network '{text}' was not found.")
    return name


def _tunnel(uri: str, call: Call) -> str:
    """The network of a tunnel, which is of a highly available gateway and in the spoke's region."""
    name = links.relative(uri, call.project)
    found = find(call.control, name)
    if found is None or "/vpnTunnels/" not in name:
        raise not_found(f"The VPN tunnel '{uri}' was not found.")
    if name.split("/")[3] != call.params["location"]:
        raise invalid_argument(f"'{uri}' is not in '{call.params['location']}'.", {"linkedVpnTunnels.uris": uri})
    gateway = find(call.control, str(found.document.get("vpnGateway") or ""))
    if gateway is None:
        raise invalid_argument(f"'{uri}' is of a classic gateway.", {"linkedVpnTunnels.uris": "not of an HA gateway"})
    return str(gateway.document["network"])


def _appliance(one: Json, call: Call) -> str:
    """The network of a machine, by the interface that has the number."""
    uri, number = str(one.get("virtualMachine") or ""), str(one.get("ipAddress") or "")
    name = links.relative(uri, call.project)
    found = find(call.control, name)
    if found is None or "/instances/" not in name:
        raise not_found(f"The machine '{uri}' was not found.")
    if name.split("/")[3].rpartition("-")[0] != call.params["location"]:
        raise invalid_argument(f"'{uri}' is not in '{call.params['location']}'.", {"virtualMachine": uri})
    for interface in found.document["networkInterfaces"]:
        if interface["networkIP"] == number:
            return str(interface["network"])
    raise invalid_argument(f"No interface of '{uri}' has the number {number}.", {"ipAddress": number})


def _producer(linked: Json, network: str, hub: Resource, call: Call) -> None:
    """By a peering of a network that is a spoke of the same hub."""
    peering = str(linked.get("peering") or "")
    found = find(call.control, network)
    known = (found.document.get("peerings") or []) if found else []
    if not any(one["name"] == peering for one in known):
        raise not_found(f"The network '{network}' has no peering '{peering}'.")
    for other in call.store.select(SPOKES):
        same = other.document.get("linkedVpcNetwork") and other.document["hub"] == hub.name
        if same and network in _named(other, call):
            linked["serviceConsumerVpcSpoke"] = other.name
            return
    raise failed_precondition(f"The network '{network}' is no spoke of the hub '{hub.name}'.")


def _check_ranges(linked: Json, kind: str) -> None:
    for field in ("excludeExportRanges", "includeExportRanges", "excludeImportRanges", "includeImportRanges"):
        given = linked.get(field) or []
        if len(given) > 16:
            raise invalid_argument(f"{kind}.{field} has 16 ranges at most.", {f"{kind}.{field}": "at most 16"})
        for text in given:
            if text not in _ALL:
                ranges.cidr(f"{kind}.{field}", str(text))


@spokes.shown_by
def with_producers(spoke: Resource, call: Call) -> Json:
    """A network's spoke tells those of its producers."""
    if not spoke.document.get("linkedVpcNetwork"):
        return spoke.document
    below = _producers(spoke, call)
    linked = {**spoke.document["linkedVpcNetwork"], **({"producerVpcSpokes": below} if below else {})}
    return {**spoke.document, "linkedVpcNetwork": linked}


def _producers(spoke: Resource, call: Call) -> list[str]:
    found = (one for one in call.store.select(SPOKES) if one.document.get("linkedProducerVpcNetwork"))
    return [
        one.name for one in found if one.document["linkedProducerVpcNetwork"]["serviceConsumerVpcSpoke"] == spoke.name
    ]


@spokes.on_delete
async def keep_used(spoke: Resource, call: Call) -> None:
    """A network's can't go before those of its producers."""
    below = _producers(spoke, call)
    if below:
        raise failed_precondition(f"The spoke '{spoke.name}' is used by the producer's spoke '{below[0]}'.")
