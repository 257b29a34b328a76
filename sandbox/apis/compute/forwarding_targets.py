"""What a forwarding rule may say of its ports where packets reach machines as they are: pools and single machines."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid
from sandbox.control.errors import invalid_argument

Json = dict[str, Any]
_POOL, _MACHINE = "targetPools", "targetInstances"
PASSED_TO = (_POOL, _MACHINE)
_PROTOCOLS = {
    _POOL: ("TCP", "UDP"),
    _MACHINE: ("TCP", "UDP", "ESP", "AH", "SCTP", "ICMP", "L3_DEFAULT"),
}
_INSIDE = ("TCP", "UDP", "L3_DEFAULT")
_WITH_PORTS = ("TCP", "UDP", "SCTP")
_EVERY = "1-65535"


def pass_on(document: Json, kind: str, target: str) -> None:
    """To a target pool or a target instance of the rule's region."""
    scheme, protocol = document["loadBalancingScheme"], document["IPProtocol"]
    if kind not in PASSED_TO:
        raise invalid("target", target, f"A rule of the scheme {scheme} has one of {', '.join(PASSED_TO)}.")
    if kind == _POOL and scheme != "EXTERNAL":
        raise invalid("loadBalancingScheme", scheme, "A rule for a target pool is EXTERNAL.")
    if document.get("backendService"):
        raise invalid_argument("A forwarding rule has either a target or a backendService.")
    allowed = _INSIDE if scheme == "INTERNAL" else _PROTOCOLS[kind]
    if protocol not in allowed:
        raise invalid("IPProtocol", protocol, f"Must be one of {', '.join(allowed)}.")
    _ports(document, kind, protocol, inside=scheme == "INTERNAL")


def _ports(document: Json, kind: str, protocol: str, *, inside: bool) -> None:
    ways = [key for key in ("ports", "portRange", "allPorts") if document.get(key)]
    if len(ways) > 1:
        raise invalid_argument(f"A forwarding rule has one of ports, portRange and allPorts, not {' and '.join(ways)}.")
    if "ports" in ways and not inside:
        raise invalid("ports", document["ports"], "A rule for this target has a portRange.")
    if "allPorts" in ways and kind == _POOL:
        raise invalid("allPorts", True, "A rule for a target pool has a portRange.")
    if {"ports", "portRange"} & set(ways) and protocol not in _WITH_PORTS:
        raise invalid(ways[0], document[ways[0]], f"{protocol} has no ports.")
    if "portRange" in ways:
        if inside:
            raise invalid("portRange", document["portRange"], "A rule inside a network has ports or allPorts.")
        document["portRange"] = _range(str(document["portRange"]))
    if len(document.get("ports") or []) > 5:
        raise invalid("ports", document["ports"], "At most 5 are allowed.")
    if ways or protocol not in (*_WITH_PORTS, "L3_DEFAULT"):
        return
    if inside or protocol == "L3_DEFAULT":
        raise invalid_argument(f"A forwarding rule for {protocol} has {'ports or ' if inside else ''}allPorts.")
    document["portRange"] = _EVERY


def _range(text: str) -> str:
    low, _, high = text.partition("-")
    high = high or low
    if not (low.isdigit() and high.isdigit() and 1 <= int(low) <= int(high) <= 65_535):
        raise invalid("portRange", text, "Must be a port, or two with a hyphen between them, in order.")
    return f"{low}-{high}"


def same_kind(old: str, new: str) -> None:
    """400 where a rule is turned to a target of another kind."""
    if old.split("/")[-2:-1] != new.split("/")[-2:-1]:
        raise invalid("target", new, f"It must be of the kind of '{old}'.")
