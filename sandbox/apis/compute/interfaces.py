"""The network interfaces of machines: a subnetwork, a number inside it, and one on the internet if asked for."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from sandbox.apis.compute import addresses, links, network_tiers
from sandbox.apis.compute.documents import fingerprint
from sandbox.apis.compute.errors import invalid, missing
from sandbox.apis.compute.networks import networks
from sandbox.apis.compute.references import find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]
_UNSERVED = ("ipv6AccessConfigs", "ipv6Address", "internalIpv6PrefixLength", "networkAttachment", "vlan", "igmpQuery")


def place(interface: Json, region: str, call: Call) -> Resource | None:
    """The subnetwork of an interface, with its network; None where only a network is named, as templates may.

    Where neither is, it is the network that is called default.
    """
    for field in _UNSERVED:
        if interface.get(field):
            raise unimplemented(f"The sandbox does not implement {field} of network interfaces.")
    if interface.get("stackType", "IPV4_ONLY") != "IPV4_ONLY":
        raise unimplemented("The sandbox makes IPv4 interfaces only.")
    name, network = interface.get("subnetwork"), interface.get("network")
    if not name:
        if not network:
            interface["network"] = f"projects/{call.project}/global/networks/default"
            if find(call.control, interface["network"]) is None:
                why = "The referenced network resource cannot be found."
                raise invalid("networkInterfaces[0].network", "global/networks/default", why)
        name = _of_auto_mode(str(interface["network"]), region, call)
        if not name:
            return None
        interface["subnetwork"], network = name, interface["network"]
    subnet = find(call.control, str(name))
    if subnet is None:
        raise missing(str(name))
    if region and subnet.name.split("/")[3] != region:
        raise invalid("networkInterfaces[0].subnetwork", name, f"The subnetwork is not in the region '{region}'.")
    if network and network != subnet.document["network"]:
        raise invalid("networkInterfaces[0].network", network, f"It is not the network of '{name}'.")
    if subnet.document["purpose"] != "PRIVATE":
        raise invalid("networkInterfaces[0].subnetwork", name, f"It is kept for {subnet.document['purpose']}.")
    interface["network"] = subnet.document["network"]
    return subnet


def _of_auto_mode(network: str, region: str, call: Call) -> str:
    """The subnetwork of a network in auto mode in a region; empty where the network isn't, or no region is named."""
    found = call.store.get(networks.key, network)
    if not region or found is None or not found.document["autoCreateSubnetworks"]:
        return ""
    return f"{network.partition('/global/')[0]}/regions/{region}/subnetworks/{found.id}"


def settle(interface: Json, at: int, machine: str, region: str, call: Call) -> None:
    """Complete an interface of a machine that is about to be stored. Raises what Google refuses."""
    subnet = place(interface, region, call)
    if subnet is None:
        raise invalid_argument(
            f"Invalid value for field 'resource.networkInterfaces[{at}]': Network interface must specify a subnet if "
            "the network resource is in custom subnet mode."
        )
    interface.setdefault("name", f"nic{at}")
    interface.setdefault("stackType", "IPV4_ONLY")
    interface["networkIP"] = _number(interface.get("networkIP"), subnet, call)
    for config in interface.get("accessConfigs") or []:
        access(config, machine, region, call)
    for alias in interface.get("aliasIpRanges") or []:
        _alias(alias, subnet)


def _number(given: Any, subnet: Resource, call: Call) -> str:
    """Inside the subnetwork: the one that is asked for or was reserved, or the first that is free."""
    if not given:
        return addresses.inside(subnet.name, call)
    number = str(given)
    if number.startswith("projects/"):
        reserved = call.store.get(addresses.addresses.key, number)
        if reserved is None:
            raise missing(number)
        number = str(reserved.document["address"])
    addresses.check_inside(number, subnet.name, call)
    if number in addresses.of_machines(call, subnet.name):
        raise invalid_argument(f"IP '{number}' is already being used by another resource.", reason="resourceInUse")
    return number


def access(config: Json, machine: str, region: str, call: Call) -> None:
    """A number on the internet: one that is reserved in the region, or any that is free."""
    config.setdefault("type", "ONE_TO_ONE_NAT")
    config.setdefault("name", "external-nat")
    config.setdefault("networkTier", network_tiers.default(call.control, call.project))
    config["kind"] = "compute#accessConfig"
    given = config.get("natIP")
    if not given:
        config["natIP"] = addresses.outside(f"{call.project}/{machine}", call, "regions")
        return
    for one in addresses.addresses.all(call.control, call.project):
        if one.document.get("address") == given and one.name.split("/")[3] == region:
            break
    else:
        why = f"The specified external IP address '{given}' was not found in region '{region}'."
        raise invalid("networkInterfaces[0].accessConfigs[0].natIP", given, why)
    if given in addresses.of_machines(call):
        raise invalid_argument(f"External IP address '{given}' is already in-use.", reason="resourceInUse")


def _alias(alias: Json, subnet: Resource) -> None:
    """A range inside the subnetwork's, or inside the secondary one that is named."""
    blocks = {second["rangeName"]: second["ipCidrRange"] for second in subnet.document.get("secondaryIpRanges") or []}
    name, given = alias.get("subnetworkRangeName"), str(alias.get("ipCidrRange") or "")
    if name and name not in blocks:
        raise invalid("networkInterfaces[0].aliasIpRanges[0].subnetworkRangeName", name, "There is no such range.")
    block = ip_network(blocks[name] if name else subnet.document["ipCidrRange"])
    if given.startswith("/"):
        raise unimplemented("The sandbox chooses no alias range by its length; say which it is.")
    try:
        inside = ip_network(given).subnet_of(block)  # type: ignore[arg-type]
    except ValueError:
        inside = False
    if not inside:
        raise invalid("networkInterfaces[0].aliasIpRanges[0].ipCidrRange", given, f"It is not within {block}.")


def shown(interface: Json) -> Json:
    """As a machine shows it."""
    found: Json = links.shown(interface)
    return {**found, "kind": "compute#networkInterface", "fingerprint": fingerprint(interface)}


def named(machine: Json, name: str) -> Json:
    """The interface of a machine by its name."""
    for interface in machine["networkInterfaces"]:
        if interface["name"] == name:
            found: Json = interface
            return found
    raise invalid("networkInterface", name, "The machine has no such interface.")
