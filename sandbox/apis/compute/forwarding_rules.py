"""Forwarding rules, global and regional: which address and ports lead to which proxy, backend service or endpoint."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute import addresses, backend_services, forwarding_targets, network_tiers, service_attachments
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.references import find
from sandbox.apis.compute.subnetworks import subnetworks
from sandbox.apis.compute.verbs import set_field
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_GOOGLE_APIS = ("all-apis", "vpc-sc")
_PROXIES = ("targetHttpProxies", "targetHttpsProxies", "targetTcpProxies", "targetSslProxies", "targetGrpcProxies")
_FIXED = (
    "IPAddress",
    "IPProtocol",
    "backendService",
    "description",
    "ipVersion",
    "loadBalancingScheme",
    "network",
    "subnetwork",
    "portRange",
    "ports",
    "allPorts",
    "serviceLabel",
    "target",
)
_PASSED = ("TCP", "UDP", "ESP", "AH", "SCTP", "ICMP", "L3_DEFAULT")


def _check(scope: str) -> Any:
    def check(document: Json, call: Call, old: Resource | None) -> None:
        target = str(document.get("target") or "")
        kind = target.split("/")[-2] if target.count("/") > 1 else target
        if old is not None:
            return
        if document.get("sourceIpRanges"):
            raise unimplemented("The sandbox has no forwarding rules that steer by the source.")
        if target in _GOOGLE_APIS or kind == "serviceAttachments":
            _endpoint(document, call, scope)
            return
        scheme = document.setdefault("loadBalancingScheme", "EXTERNAL")
        document.setdefault("IPProtocol", "TCP")
        outside = scope == "regions" and not scheme.startswith("INTERNAL")
        document.setdefault("networkTier", network_tiers.default(call.control, call.project) if outside else "PREMIUM")
        if kind == "targetVpnGateways":
            _to_gateway(document, scheme)
        elif backend_services.passes_through(scope, scheme):
            if target:
                forwarding_targets.pass_on(document, kind, target)
            else:
                _pass_on(document, call)
        else:
            _proxy(document, kind, target)
        if scheme == "INTERNAL":
            _place(document, call)
        elif scheme == "INTERNAL_MANAGED":
            _place(document, call)
            _needs_proxies(document, call, scope)
        elif scheme == "INTERNAL_SELF_MANAGED":
            if not document.get("IPAddress"):
                raise required("IPAddress")
        elif scope == "regions" and scheme == "EXTERNAL_MANAGED":
            if not document.get("network"):
                raise required("network")
            _needs_proxies(document, call, scope)
        _address(document, call, scope)
        _conflicts(document, call, scope)

    return check


def _proxy(document: Json, kind: str, target: str) -> None:
    """A proxy takes one port."""
    if not target:
        raise required("target")
    if kind not in _PROXIES:
        raise invalid("target", target, f"The sandbox has {', '.join(_PROXIES)}.")
    if kind == "targetGrpcProxies" and document["loadBalancingScheme"] != "INTERNAL_SELF_MANAGED":
        raise invalid("target", target, "A rule for a gRPC proxy is INTERNAL_SELF_MANAGED.")
    low, _, high = str(document.get("portRange") or "").partition("-")
    ports = [str(port) for port in document.pop("ports", None) or []]
    if not low and len(ports) == 1:
        low = ports[0]
    if not low.isdigit():
        raise required("portRange")
    if kind == "targetHttpsProxies" and low != "443":
        raise invalid("portRange", document.get("portRange"), "A rule for HTTPS has the port 443.")
    if high not in ("", low):
        raise invalid("portRange", document["portRange"], "A rule for a proxy has one port.")
    document["portRange"] = f"{low}-{low}"


def _to_gateway(document: Json, scheme: str) -> None:
    """To a classic VPN gateway: packets of ESP, and of IKE on two ports."""
    if scheme != "EXTERNAL":
        raise invalid("loadBalancingScheme", scheme, "A rule for a VPN gateway is EXTERNAL.")
    protocol, ports = document["IPProtocol"], document.get("portRange")
    if protocol not in ("ESP", "UDP"):
        raise invalid("IPProtocol", protocol, "A rule for a VPN gateway is for ESP or UDP.")
    if protocol == "ESP" and ports:
        raise invalid("portRange", ports, "ESP has no ports.")
    if protocol == "UDP":
        port = str(ports or "").partition("-")[0]
        if port not in ("500", "4500") or ports not in (port, f"{port}-{port}"):
            raise invalid("portRange", ports, "A rule for a VPN gateway has the UDP port 500 or 4500.")
        document["portRange"] = f"{port}-{port}"


def _pass_on(document: Json, call: Call) -> None:
    """To a backend service: all ports, a range, or up to five."""
    name = document.get("backendService")
    if not name:
        raise required("backendService")
    service = find(call.control, name)
    if service is not None and service.document["loadBalancingScheme"] != document["loadBalancingScheme"]:
        raise invalid("backendService", name, "Its load balancing scheme is not that of the rule.")
    protocol = document["IPProtocol"]
    if protocol not in _PASSED:
        raise invalid("IPProtocol", protocol, f"Must be one of {', '.join(_PASSED)}.")
    if document.get("portRange") and "-" not in document["portRange"]:
        document["portRange"] = f"{document['portRange']}-{document['portRange']}"
    ways = [key for key in ("ports", "portRange", "allPorts") if document.get(key)]
    if len(ways) > 1:
        raise invalid_argument(f"A forwarding rule has one of ports, portRange and allPorts, not {' and '.join(ways)}.")
    if not ways and protocol in ("TCP", "UDP"):
        raise invalid_argument("A forwarding rule for TCP or UDP has ports, a portRange or allPorts.")
    if protocol == "L3_DEFAULT" and ways != ["allPorts"]:
        raise invalid("allPorts", document.get("allPorts"), "L3_DEFAULT goes with all ports.")
    if len(document.get("ports") or []) > 5:
        raise invalid("ports", document["ports"], "At most 5 are allowed.")


def _place(document: Json, call: Call) -> None:
    """The network and subnetwork of an internal rule: one tells the other."""
    name = document.get("subnetwork")
    if name:
        subnet = call.store.get(subnetworks.key, name)
        if subnet is None:
            raise missing(name)
        if document.setdefault("network", subnet.document["network"]) != subnet.document["network"]:
            raise invalid("network", document["network"], f"It is not the network of '{name}'.")
    elif given := document.get("IPAddress"):
        reserved = find(call.control, given) if given.startswith("projects/") else None
        if reserved is not None and reserved.document.get("subnetwork"):
            document["subnetwork"] = reserved.document["subnetwork"]
            _place(document, call)
            return
    if not document.get("subnetwork"):
        raise invalid("subnetwork", "", "A subnetwork must be given where the network is in custom mode.")
    document.setdefault("allowGlobalAccess", False)
    label = document.get("serviceLabel")
    if label:
        region = document["subnetwork"].split("/")[3]
        document["serviceName"] = f"{label}.{document['name']}.il4.{region}.lb.{call.project}.internal"


def _needs_proxies(document: Json, call: Call, scope: str) -> None:
    """Managed proxies stand in a subnetwork of their own."""
    regional = scope == "regions"
    purpose = "REGIONAL_MANAGED_PROXY" if regional else "GLOBAL_MANAGED_PROXY"
    region = call.params["region"] if regional else document["subnetwork"].split("/")[3]
    for subnet in call.store.select(subnetworks.key):
        known, there = subnet.document, subnet.name.split("/")[3]
        if (known.get("purpose"), known["network"], there) == (purpose, document["network"], region):
            return
    raise invalid_argument(
        "Invalid value for field 'resource.network': An active proxy-only subnetwork is required in the same region "
        f"and VPC as the forwarding rule: '{document['network']}' has none of the purpose {purpose} in '{region}'."
    )


def _address(document: Json, call: Call, scope: str) -> None:
    """A number: that of a reserved address, the one that is given, or one that is free."""
    given, internal = document.get("IPAddress"), document["loadBalancingScheme"].startswith("INTERNAL")
    if given and given.startswith("projects/"):
        reserved = find(call.control, given)
        if reserved is None:
            raise missing(given)
        document["IPAddress"] = reserved.document["address"]
    elif given and internal and document.get("subnetwork"):
        addresses.check_inside(given, document["subnetwork"], call)
    elif not given and internal:
        document["IPAddress"] = addresses.inside(document["subnetwork"], call)
    elif not given:
        document["IPAddress"] = addresses.outside(f"{call.project}/{document['name']}", call, scope)


def _conflicts(document: Json, call: Call, scope: str) -> None:
    """Two rules don't share an address, a protocol and a port."""
    mine = _ports(document)
    for kind in (forwarding_rules, region_forwarding_rules):
        for other in kind.all(call.control, call.project):
            known = other.document
            if known.get("IPAddress") != document["IPAddress"] or known.get("IPProtocol") != document["IPProtocol"]:
                continue
            if document.get("network") and known.get("network") != document["network"]:
                continue
            theirs = _ports(known)
            apart = mine is not None and theirs is not None and not mine & theirs
            if not apart or (known.get("subnetwork") and not _is_shared(document, call)):
                message = f"Invalid value for field 'resource.IPAddress': '{document['IPAddress']}'."
                raise invalid_argument(f"{message} Specified IP address is in-use and would result in a conflict.")


def _is_shared(document: Json, call: Call) -> bool:
    """Whether a number inside a network was reserved to be that of several rules."""
    return any(
        one.document["address"] == document["IPAddress"] and one.document.get("purpose") == "SHARED_LOADBALANCER_VIP"
        for one in addresses.addresses.all(call.control, call.project)
    )


def _ports(document: Json) -> set[int] | None:
    """The ports of a rule; None for all."""
    if document.get("ports"):
        return {_port("ports", port) for port in document["ports"]}
    low, _, high = str(document.get("portRange") or "").partition("-")
    return set(range(_port("portRange", low), _port("portRange", high or low) + 1)) if low else None


def _port(field: str, text: object) -> int:
    if not re.fullmatch(r"\d{1,5}", str(text)) or int(str(text)) > 65_535:
        raise invalid(field, text, "Ports are numbers up to 65535.")
    return int(str(text))


def _endpoint(document: Json, call: Call, scope: str) -> None:
    """Private Service Connect: to Google's APIs, or to a service that another network publishes."""
    if document.get("loadBalancingScheme"):
        raise invalid("loadBalancingScheme", document["loadBalancingScheme"], "Private Service Connect has none.")
    given = str(document.get("IPAddress") or "")
    reserved = find(call.control, given) if given.startswith("projects/") else None
    if reserved is None:
        raise required("IPAddress") if not given else missing(given)
    document["IPAddress"] = reserved.document["address"]
    if scope == "global":
        if document["target"] not in _GOOGLE_APIS:
            raise invalid("target", document["target"], f"Must be one of {', '.join(_GOOGLE_APIS)}.")
        if not document.get("network"):
            raise required("network")
    else:
        service = find(call.control, document["target"])
        if service is None:
            raise missing(document["target"])
        subnet = call.store.get(subnetworks.key, str(reserved.document.get("subnetwork")))
        if subnet is not None:
            document.setdefault("network", subnet.document["network"])
    document["pscConnectionId"] = str(int(call.control.hex(15), 16))
    document["pscConnectionStatus"] = "ACCEPTED"


def _shown(rule: Resource, call: Call) -> Json:
    """An endpoint shows what the other side says of it."""
    target = str(rule.document.get("target") or "")
    if "/serviceAttachments/" not in target:
        return {}
    return {"pscConnectionStatus": service_attachments.status(find(call.control, target), rule)}


def _kind(scope: str) -> Kind:
    set_target = set_field("target")

    def verb(resource: Resource, body: Json, call: Call) -> None:
        before = str(resource.document.get("target") or "")
        set_target(resource, body, call)
        forwarding_targets.same_kind(before, str(resource.document["target"]))

    return Kind(
        "forwardingRules",
        "forwarding_rule",
        "compute#forwardingRule",
        scope=scope,
        immutable=_FIXED,
        output_only=("pscConnectionId", "pscConnectionStatus", "serviceName", "baseForwardingRule"),
        methods=("PATCH",),
        labelled=True,
        check=_check(scope),
        view=_shown,
        verbs={"setTarget": verb},
    )


forwarding_rules, region_forwarding_rules = _kind("global"), _kind("regions")
