"""Firewall rules."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute.errors import invalid, missing
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
_SOURCES = ("sourceRanges", "sourceTags", "sourceServiceAccounts")
_PROTOCOLS = frozenset(("tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all"))
_WITH_PORTS = frozenset(("tcp", "udp", "sctp", "6", "17", "132"))


def _firewall(document: Json, call: Call, old: Resource | None) -> None:
    default = f"projects/{call.project}/global/networks/default"
    if document.setdefault("network", default) == default and find(call.control, default) is None:
        raise missing(default)
    if bool(document.get("allowed")) == bool(document.get("denied")):
        raise invalid_argument("Exactly one of 'allowed' and 'denied' must be specified.")
    for field in ("allowed", "denied"):
        for at, entry in enumerate(document.get(field) or []):
            _traffic(entry, f"{field}[{at}]")
    if not 0 <= int(document["priority"]) <= 65_535:
        raise invalid("priority", document["priority"], "Must be between 0 and 65535.")
    _direction(document)
    tags = any(document.get(field) for field in ("sourceTags", "targetTags"))
    accounts = any(document.get(field) for field in ("sourceServiceAccounts", "targetServiceAccounts"))
    if tags and accounts:
        raise invalid_argument("Tags and service accounts can't be used in one firewall rule.")
    for field in ("sourceRanges", "destinationRanges"):
        for text in document.get(field) or []:
            try:
                ip_network(text, strict=False)
            except ValueError:
                raise invalid(field, text, "Must be a CIDR address range.") from None
    for field in (*_SOURCES, "destinationRanges", "targetTags", "targetServiceAccounts"):
        if document.get(field) == []:
            del document[field]
    logs = document.setdefault("logConfig", {"enable": False})
    if logs.get("enable"):
        logs.setdefault("metadata", "INCLUDE_ALL_METADATA")
    else:
        document["logConfig"] = {"enable": False}


def _direction(document: Json) -> None:
    direction = document["direction"]
    if direction not in ("INGRESS", "EGRESS"):
        raise invalid("direction", direction, "Must be INGRESS or EGRESS.")
    if direction == "EGRESS":
        given = next((field for field in _SOURCES if document.get(field) and field != "sourceRanges"), None)
        if given is not None:
            raise invalid(given, document[given], "A rule for egress has no sources of this kind.")
        if not document.get("destinationRanges"):
            document["destinationRanges"] = ["0.0.0.0/0"]
    elif not any(document.get(field) for field in _SOURCES):
        document["sourceRanges"] = ["0.0.0.0/0"]


def _traffic(entry: Json, field: str) -> None:
    protocol = str(entry.get("IPProtocol") or "").lower()
    if protocol not in _PROTOCOLS and not (protocol.isdigit() and int(protocol) < 256):
        raise invalid(f"{field}.IPProtocol", protocol, "Must be a protocol's name or number.")
    entry["IPProtocol"] = protocol
    for ports in entry.get("ports") or []:
        low, _, high = str(ports).partition("-")
        right = low.isdigit() and (high or low).isdigit() and int(low) <= int(high or low) <= 65_535
        if protocol not in _WITH_PORTS or not right:
            raise invalid(f"{field}.ports", ports, "Must be a port or a range of ports of TCP, UDP or SCTP.")
    if entry.get("ports") == []:
        del entry["ports"]


firewalls = Kind(
    "firewalls",
    "firewall",
    "compute#firewall",
    defaults={"direction": "INGRESS", "priority": 1000, "disabled": False},
    immutable=("direction", "network"),
    methods=("PATCH", "PUT"),
    check=_firewall,
)
