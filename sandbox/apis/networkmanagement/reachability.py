"""What the configuration says of a packet's way: firewall rules and subnetworks between machines of one network.

Where more decides than is looked at here, such as a firewall policy, a peering, a tunnel or a load balancer, the
result is UNDETERMINED and the last step says why. Nothing is sent, so there are no probes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.store import Resource

Json = dict[str, Any]
Address = IPv4Address | IPv6Address
_NUMBERS = {"TCP": "6", "UDP": "17", "ICMP": "1", "ESP": "50", "SCTP": "132"}
_POLICIES = ("compute.firewallPolicies", "compute.regional.firewallPolicies")
_PATH_ROUTES = "networkconnectivity.policyBasedRoutes"


@dataclass(slots=True)
class End:
    """One end: its number and network, and the machine that has it where there is one."""

    given: Json
    number: Address | None = None
    network: str = ""
    machine: Resource | None = None
    why: str = ""

    def matches(self, tags: list[str], accounts: list[str]) -> bool:
        """Whether its machine has one of some tags, or runs as one of some accounts."""
        if self.machine is None:
            return False
        own = set((self.machine.document.get("tags") or {}).get("items") or [])
        runs_as = {one["email"] for one in self.machine.document.get("serviceAccounts") or []}
        return bool(own & set(tags) or runs_as & set(accounts))


@dataclass(slots=True)
class Trace:
    """The steps so far."""

    project: str
    steps: list[Json] = field(default_factory=list)

    def add(self, state: str, text: str, **more: Any) -> None:
        """One more step."""
        self.steps.append({"description": text, "state": state, "projectId": self.project, **more})

    def drop(self, text: str, cause: str, uri: str = "") -> str:
        """The end of a packet that is dropped."""
        told = {"cause": cause, **({"resourceUri": uri} if uri else {})}
        self.add("DROP", text, causesDrop=True, drop=told)
        return "UNREACHABLE"

    def give_up(self, text: str) -> str:
        """The end of what can be said."""
        self.add("ABORT", text, abort={"cause": "UNSUPPORTED"})
        return "UNDETERMINED"


def address(text: str, field: str) -> Address:
    """An IP address, or 400."""
    try:
        return ip_address(text)
    except ValueError:
        raise invalid_argument(f"{field} '{text}' is no IP address.", {field: text}) from None


def analyse(test: Json, call: Call, *, back: bool = False) -> Json:
    """`reachabilityDetails`: the result, with the trace that led to it."""
    source, destination = _end(test["source"], call), _end(test["destination"], call)
    ports = [int(end.given.get("port") or 0) for end in (source, destination)]
    if back:
        source, destination, ports = destination, source, ports[::-1]
    trace = Trace(call.project)
    result = _result(test, source, destination, ports[1], trace, call, back=back)
    info = {
        "sourceIp": str(source.number or ""),
        "destinationIp": str(destination.number or ""),
        "protocol": str(test.get("protocol") or "TCP"),
        "sourcePort": ports[0],
        "destinationPort": ports[1],
        "sourceNetworkUri": source.network,
        "destinationNetworkUri": destination.network,
    }
    return {
        "result": result,
        "verifyTime": call.control.now(),
        "traces": [
            {
                "endpointInfo": {key: value for key, value in info.items() if value},
                "steps": trace.steps,
                "forwardTraceId": 1,
            }
        ],
    }


def _end(given: Json, call: Call) -> End:
    """Who an endpoint is, as far as the sandbox knows."""
    found = End(given)
    project = str(given.get("projectId") or call.project)
    if given.get("instance"):
        machine = find(call.control, links.relative(str(given["instance"]), project))
        if machine is None:
            found.why = f"The machine '{given['instance']}' is not there."
            return found
        interface = machine.document["networkInterfaces"][0]
        found.machine, found.network = machine, interface["network"]
        found.number = ip_address(given.get("ipAddress") or interface["networkIP"])
        return found
    if not given.get("ipAddress"):
        found.why = "Only machines and IP addresses are looked at by the sandbox."
        return found
    found.number = ip_address(given["ipAddress"])
    found.network = links.relative(str(given.get("network") or ""), project)
    for machine, interface in _interfaces(call, str(found.number)):
        if interface["network"] == found.network or (not found.network and machine.name.split("/")[1] == project):
            found.machine, found.network = machine, interface["network"]
            return found
    found.why = f"No machine has the number {found.number}."
    return found


def _interfaces(call: Call, number: str) -> Iterator[tuple[Resource, Json]]:
    for machine in call.store.select("compute.zonal.instances"):
        for interface in machine.document["networkInterfaces"]:
            if number in (interface.get("networkIP"), interface.get("ipv6Address")):
                yield machine, interface


def _result(test: Json, source: End, destination: End, port: int, trace: Trace, call: Call, *, back: bool) -> str:
    if source.machine is None:
        return trace.give_up(f"The source can't be followed. {source.why}")
    trace.add("START_FROM_INSTANCE", f"The packet starts from '{source.machine.id}'.")
    if source.machine.document.get("status") != "RUNNING":
        return trace.drop("The source does not run.", "INSTANCE_NOT_RUNNING", source.machine.name)
    unsure = _unsure(source.network, call)
    if unsure:
        return trace.give_up(unsure)
    # A rule lets the answer of what it let through pass too.
    checked = not back and not test.get("bypassFirewallChecks")
    packet = (str(test.get("protocol") or "TCP").upper(), port)
    if checked and destination.number is not None:
        dropped = _filtered("EGRESS", source, destination, packet, trace, call)
        if dropped:
            return dropped
    if destination.machine is None:
        return trace.give_up(f"The destination can't be followed. {destination.why}")
    if destination.network != source.network:
        return trace.give_up("Source and destination are in two networks; the sandbox looks at one.")
    trace.add("APPLY_ROUTE", "The route of the subnetwork leads to the destination.")
    if checked:
        dropped = _filtered("INGRESS", destination, source, packet, trace, call)
        if dropped:
            return dropped
    trace.add("ARRIVE_AT_INSTANCE", f"The packet arrives at '{destination.machine.id}'.")
    if destination.machine.document.get("status") != "RUNNING":
        return trace.drop("The destination does not run.", "INSTANCE_NOT_RUNNING", destination.machine.name)
    trace.add("DELIVER", "The configuration lets the packet be delivered.", deliver={"target": "INSTANCE"})
    return "REACHABLE"


def _unsure(network: str, call: Call) -> str:
    """Why nothing can be said of a network by its own rules and subnetworks alone."""
    for key in _POLICIES:
        for policy in call.store.select(key):
            targets = [str(one.get("attachmentTarget")) for one in policy.document.get("associations") or []]
            if any(target == network or not target.startswith("projects/") for target in targets):
                return f"The firewall policy '{policy.id}' applies, which the sandbox does not look at."
    for route in call.store.select(_PATH_ROUTES):
        if links.relative(str(route.document["network"]), call.project) == network:
            return f"The route by policy '{route.id}' may apply, which the sandbox does not look at."
    return ""


def _filtered(direction: str, here: End, there: End, packet: tuple[str, int], trace: Trace, call: Call) -> str:
    """UNREACHABLE where the rules of a direction drop what is between a machine and the other end."""
    rules = [
        rule
        for rule in call.store.select("compute.firewalls")
        if rule.document["network"] == here.network and rule.document["direction"] == direction
    ]
    # Of the same priority, one that denies goes before one that allows.
    for rule in sorted(rules, key=lambda one: (int(one.document["priority"]), not one.document.get("denied"))):
        if rule.document.get("disabled") or not _applies(rule.document, here, there, packet):
            continue
        if rule.document.get("denied"):
            return trace.drop(f"The firewall rule '{rule.id}' denies it.", "FIREWALL_RULE", rule.name)
        trace.add(f"APPLY_{direction}_FIREWALL_RULE", f"The firewall rule '{rule.id}' allows it.")
        return ""
    if direction == "INGRESS":
        return trace.drop("No firewall rule allows it, and the implied one denies it.", "FIREWALL_RULE")
    trace.add("APPLY_EGRESS_FIREWALL_RULE", "The implied rule allows it.")
    return ""


def _applies(rule: Json, here: End, there: End, packet: tuple[str, int]) -> bool:
    targets = [rule.get("targetTags") or [], rule.get("targetServiceAccounts") or []]
    if any(targets) and not here.matches(*targets):
        return False
    sources = [rule.get("sourceTags") or [], rule.get("sourceServiceAccounts") or []]
    side = "sourceRanges" if rule["direction"] == "INGRESS" else "destinationRanges"
    blocks = [ip_network(text, strict=False) for text in rule.get(side) or []]
    within = any(there.number in block for block in blocks if there.number is not None)
    if not within and not (any(sources) and there.network == here.network and there.matches(*sources)):
        return False
    return any(_carries(one, packet) for one in rule.get("allowed") or rule.get("denied") or [])


def _carries(traffic: Json, packet: tuple[str, int]) -> bool:
    """Whether a rule's protocol and ports are a packet's; one without a port goes to any."""
    protocol, port = packet
    if traffic["IPProtocol"] not in ("all", protocol.lower(), _NUMBERS.get(protocol)):
        return False
    if not traffic.get("ports"):
        return True
    for ports in traffic["ports"]:
        low, _, high = str(ports).partition("-")
        if int(low) <= port <= int(high or low):
            return True
    return False
