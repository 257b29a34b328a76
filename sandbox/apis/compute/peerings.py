"""Peerings of networks: one is active once the other network has one back. No packet goes through any."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import ranges
from sandbox.apis.compute.errors import exists, in_use, invalid, missing, required
from sandbox.apis.compute.kinds import NAME
from sandbox.apis.compute.references import find
from sandbox.control.context import Call, Control
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_NETWORKS = "compute.networks"
_ROUTES = (
    "exportCustomRoutes",
    "importCustomRoutes",
    "exportSubnetRoutesWithPublicIp",
    "importSubnetRoutesWithPublicIp",
)
GOOGLES = "servicenetworking-googleapis-com"
"""The peering with the network in which Google's managed services are."""
CONNECTIONS = "servicenetworking.connections"
"""Where Service Networking keeps the other side of it, below the network's name."""
_SINCE = "since"
"""When a peering was made: it is not told."""
_DEFAULTS = {
    "autoCreateRoutes": True,
    "exchangeSubnetRoutes": True,
    "exportCustomRoutes": False,
    "importCustomRoutes": False,
    "exportSubnetRoutesWithPublicIp": True,
    "importSubnetRoutesWithPublicIp": False,
    "stackType": "IPV4_ONLY",
    "updateStrategy": "INDEPENDENT",
}


def _find(network: Resource, name: object) -> Json:
    for peering in network.document.get("peerings") or []:
        if peering["name"] == name:
            found: Json = peering
            return found
    raise missing(f"{network.name}/peerings/{name}")


def add(network: Resource, body: Json, call: Call) -> None:
    """`networks.addPeering`."""
    given: Json = body.get("networkPeering") or {}
    name, peer = str(given.get("name") or ""), str(given.get("network") or "")
    if not re.fullmatch(NAME, name):
        raise invalid("networkPeering.name", name, f"Must be a match of regex '{NAME}'")
    if not peer:
        raise required("networkPeering.network")
    if peer == network.name:
        raise invalid("networkPeering.network", peer, "A network is no peer of its own.")
    if find(call.control, peer) is None:
        raise missing(peer)
    known = network.document.setdefault("peerings", [])
    if any(one["name"] == name for one in known):
        raise exists(f"{network.name}/peerings/{name}")
    if any(one.get("network") == peer for one in known):
        raise invalid_argument(f"There is already a peering of '{network.name}' with '{peer}'.")
    _check_apart(call.control, network.name, peer)
    known.append({**_DEFAULTS, **given, _SINCE: call.control.now()})


def _check_apart(control: Control, local: str, peer: str) -> None:
    for mine, _ in ranges.taken(control, local):
        for theirs, _ in ranges.taken(control, peer):
            if mine.overlaps(theirs):
                raise invalid_argument(
                    f"An IP range in the peer network ({theirs}) overlaps with an IP range ({mine}) in the local "
                    f"network ({local})."
                )


def update(network: Resource, body: Json, call: Call) -> None:
    """`networks.updatePeering`: which routes go through it."""
    given = body.get("networkPeering") or {}
    peering = _find(network, given.get("name"))
    peering.update({key: bool(given[key]) for key in _ROUTES if key in given})
    peering.update({key: given[key] for key in ("stackType", "updateStrategy") if given.get(key)})


def remove(network: Resource, body: Json, call: Call) -> None:
    """`networks.removePeering`."""
    network.document["peerings"].remove(_find(network, body.get("name")))


def shown(network: Resource, call: Call) -> list[Json]:
    """The peerings with their states. Google's own services have theirs."""
    found = []
    for peering in network.document.get("peerings") or []:
        told = {key: value for key, value in peering.items() if key != _SINCE}
        if "state" not in told:
            other = call.store.get(_NETWORKS, str(peering.get("network")))
            known = (other.document.get("peerings") if other else None) or []
            back = next((one for one in known if one.get("network") == network.name), None)
            since = max(peering[_SINCE], back[_SINCE]) if back else peering[_SINCE]
            details = "Connected." if back else "Waiting for peer network to connect."
            told |= {"state": "ACTIVE" if back else "INACTIVE", "stateDetails": f"[{since}]: {details}"}
        found.append(told)
    return found


def producer(call: Call, network: str) -> str | None:
    """A database or cache that is reached through a network's peering with Google's services."""
    sql = (
        "SELECT name FROM resources WHERE (collection LIKE 'sql%' OR collection LIKE 'redis%' "
        "OR collection LIKE 'memorystore%') AND instr(document, ?) LIMIT 1"
    )
    rows = call.store.rows(sql, (network + '"',))
    return str(rows[0][0]) if rows else None


def leave(network: Resource, call: Call) -> None:
    """Before a network goes: its peering with Google's services goes with it, unless one of them is reached by it."""
    for peering in network.document.get("peerings") or []:
        if peering["name"] != GOOGLES or producer(call, network.name):
            raise in_use("network", network.name, f"{network.name}/peerings/{peering['name']}")
    for connection in list(call.store.select(CONNECTIONS, network.name)):
        call.store.delete(CONNECTIONS, connection.name)
