"""The network beside the rest of the environment: regions, labels, and the APIs that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..models.network import Network
from ..paths import Path
from ..problems import Problem
from .context import Context
from .names import reserved_labels


def check_network(context: Context) -> Iterator[Problem]:
    """Parts of the network that lie in different regions, and APIs that it needs."""
    network = context.environment.network
    if network is None:
        return
    yield from _regions(context, network)
    yield from _one_nat_a_subnet(context, network)
    yield from _apis(context, network)
    labelled: dict[str, Mapping[str, dict[str, str]]] = {
        "addresses": {key: address.labels for key, address in network.addresses.items()},
        "dns_zones": {key: zone.labels for key, zone in network.dns_zones.items()},
    }
    for kind, things in labelled.items():
        for key, labels in things.items():
            yield from reserved_labels(context, ("network", kind, key, "labels"), labels)


def _region(context: Context, region: str | None) -> str:
    return region or context.environment.region


def _regions(context: Context, network: Network) -> Iterator[Problem]:
    """A thing lies in the region of what it names."""
    subnets = {key: _region(context, subnet.region) for key, subnet in network.subnets.items()}
    addresses = {key: _region(context, address.region) for key, address in network.addresses.items()}
    named: list[tuple[Path, str | None, str, dict[str, str]]] = []
    for key, address in network.addresses.items():
        if address.subnet is not None:
            named.append((("network", "addresses", key, "subnet"), address.region, address.subnet, subnets))
    for key, connector in network.connectors.items():
        if connector.subnet is not None:
            named.append((("network", "connectors", key, "subnet"), connector.region, connector.subnet, subnets))
    for key, nat in network.nats.items():
        above: Path = ("network", "nats", key)
        named += [((*above, "subnets", at), nat.region, name, subnets) for at, name in enumerate(nat.subnets)]
        named += [((*above, "addresses", at), nat.region, name, addresses) for at, name in enumerate(nat.addresses)]
    for path, region, name, regions in named:
        own = _region(context, region)
        if regions[name] != own:
            message = f'"{name}" is in {regions[name]}, and this in {own}'
            yield context.problem(path, message, "name one of the same region")


def _one_nat_a_subnet(context: Context, network: Network) -> Iterator[Problem]:
    """A subnet leaves through one NAT."""
    taken: dict[tuple[str, str], str] = {}
    for key, nat in network.nats.items():
        region = _region(context, nat.region)
        mine = nat.subnets or [name for name, sub in network.subnets.items() if _region(context, sub.region) == region]
        for name in mine:
            other = taken.setdefault((region, name), key)
            if other != key:
                message = f"the subnet {name} leaves through the NAT {other} already"
                yield context.problem(("network", "nats", key), message, "name other subnets", key=True)
                break


def _apis(context: Context, network: Network) -> Iterator[Problem]:
    needed: dict[str, Path] = {"compute.googleapis.com": ("network",)}
    if network.private_services is not None:
        needed["servicenetworking.googleapis.com"] = ("network", "private_services")
    if network.dns_zones:
        needed["dns.googleapis.com"] = ("network", "dns_zones")
    if network.connectors:
        needed["vpcaccess.googleapis.com"] = ("network", "connectors")
    for api, path in needed.items():
        if api not in context.environment.apis:
            yield context.problem(path, f"needs the API {api}, which apis doesn't list", f"add {api} to apis", key=True)
