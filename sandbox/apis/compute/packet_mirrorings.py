"""Packet mirroring: whose packets a collector behind an internal load balancer would get. None is copied here."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]
_DIRECTIONS = ("INGRESS", "EGRESS", "BOTH")
_SWITCHES = ("TRUE", "FALSE")
_MOST = {"instances": 50, "subnetworks": 5, "tags": 5}


def _check(document: Json, call: Call, old: Resource | None) -> None:
    network = _linked(document.get("network"), "network", call)
    collector = _linked(document.get("collectorIlb"), "collectorIlb", call)
    known = collector.document
    if not known.get("isMirroringCollector") or known.get("loadBalancingScheme") != "INTERNAL":
        raise invalid("collectorIlb.url", collector.name, "It must be an internal rule that is a mirroring collector.")
    if collector.name.split("/")[3] != call.params["region"]:
        raise invalid("collectorIlb.url", collector.name, f"It is not in the region '{call.params['region']}'.")
    if document["enable"] not in _SWITCHES:
        raise invalid("enable", document["enable"], f"Must be one of {', '.join(_SWITCHES)}.")
    if not 0 <= int(document["priority"]) <= 65_535:
        raise invalid("priority", document["priority"], "Must be between 0 and 65535.")
    _mirrored(document.get("mirroredResources") or {}, network, call)
    chosen = document.setdefault("filter", {})
    direction = chosen.setdefault("direction", "BOTH")
    if direction not in _DIRECTIONS:
        raise invalid("filter.direction", direction, f"Must be one of {', '.join(_DIRECTIONS)}.")
    for block in chosen.get("cidrRanges") or []:
        try:
            ip_network(block)
        except ValueError:
            raise invalid("filter.cidrRanges[]", block, "Must be a range in CIDR notation.") from None


def _linked(reference: Any, field: str, call: Call) -> Resource:
    name = str((reference or {}).get("url") or "")
    if not name:
        raise required(f"{field}.url")
    found = find(call.control, name)
    if found is None:
        raise missing(name)
    return found


def _mirrored(mirrored: Json, network: Resource, call: Call) -> None:
    """Machines, subnetworks or tags of one network and of the region."""
    if not any(mirrored.get(kind) for kind in _MOST):
        raise required("mirroredResources")
    for kind, most in _MOST.items():
        if len(mirrored.get(kind) or []) > most:
            raise invalid(f"mirroredResources.{kind}", len(mirrored[kind]), f"At most {most} are allowed.")
    region = call.params["region"]
    for kind in ("instances", "subnetworks"):
        for one in mirrored.get(kind) or []:
            found = _linked(one, f"mirroredResources.{kind}[]", call)
            place = found.name.split("/")[3]
            if (place.rpartition("-")[0] if kind == "instances" else place) != region:
                raise invalid(f"mirroredResources.{kind}[].url", found.name, f"It is not in the region '{region}'.")
            cards = found.document["networkInterfaces"] if kind == "instances" else [found.document]
            if network.name not in [card["network"] for card in cards]:
                raise invalid(f"mirroredResources.{kind}[].url", found.name, f"It is not in '{network.name}'.")


packet_mirrorings = Kind(
    "packetMirrorings",
    "packet_mirroring",
    "compute#packetMirroring",
    scope="regions",
    defaults={"enable": "TRUE", "priority": 1000},
    required=("network", "collectorIlb", "mirroredResources"),
    immutable=("network",),
    check=_check,
)
