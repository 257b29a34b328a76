"""The network and its parts. They stand in the environment itself, so "network" is where a subproject would stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from envctl.validation.model import Environment, Fields, Kind, Place, Read, Setting, Thing, World, always
from envctl.validation.normal import dig, flag, labels, mapping, number, text, unordered

from .common import DESCRIPTION

PART_OF_NAME = "part of its name"
_PARTS = ("subnets", "firewall", "addresses", "nats", "private_services", "routes", "dns_zones", "connectors")


def link(value: Any) -> str:
    """A link or a name of Compute Engine, as a name.

    >>> link("https://www.googleapis.com/compute/v1/projects/p/global/networks/n")
    'projects/p/global/networks/n'
    """
    written = text(value)
    return written[written.index("projects/") :] if "projects/" in written else written


def of(path: str) -> Callable[[Thing, World], Any]:
    """What is declared at a dotted path."""
    return lambda thing, _world: dig(thing.fields, path)


def has(field: str) -> Callable[[Fields], bool]:
    """Compared only where a field is declared."""
    return lambda fields: fields[field] is not None


def parts(name: str) -> Callable[[Kind, Environment], Iterator[Thing]]:
    """The items of a map of the network; each knows the network's name."""

    def things(kind: Kind, environment: Environment) -> Iterator[Thing]:
        values = environment.tfvars
        network = values.get("network") or {}
        for key, fields in network.get(name, {}).items():
            place = Place(values["project_id"], values["region"], "network", key)
            declared = {**fields, "network": f"projects/{values['project_id']}/global/networks/{network['name']}"}
            own = {**values["labels"], **(fields.get("labels") or {})}
            yield Thing(kind, place, kind.resource(place, declared), declared, ("network", name, key), own)

    return things


def _whole(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    network = values.get("network")
    if network:
        place = Place(values["project_id"], values["region"], "network", network["name"])
        yield Thing(kind, place, kind.resource(place, network), network, ("network",), values["labels"])


def _regional(collection: str) -> Callable[[Place, Fields], str]:
    return lambda place, fields: f"projects/{place.project}/regions/{fields['region']}/{collection}/{place.key}"


def _global(collection: str) -> Callable[[Place, Fields], str]:
    return lambda place, _fields: f"projects/{place.project}/global/{collection}/{place.key}"


def _read(collection: str) -> Read:
    return Read("compute", "v1/{name}", f"compute.{collection}.get")


IN_NETWORK = Setting("network", "network", normal=link, says="the environment's network")

NETWORK = Kind(
    name="network",
    noun="network",
    document=_read("networks"),
    resource=_global("networks"),
    settings=(
        DESCRIPTION,
        Setting("routing_mode", "routingConfig.routingMode", normal=text),
        Setting("mtu", "mtu", normal=number, when=has("mtu")),
        Setting("subnets by hand", "autoCreateSubnetworks", normal=flag, declared=always(False), says="no auto mode"),
    ),
    things=_whole,
    unchecked={
        "name": PART_OF_NAME,
        "default_internet_route": "the route may be declared, or be Google's: its name says nothing",
        **dict.fromkeys(_PARTS, "things of their own"),
    },
)


def _flow(field: str, api: str) -> Setting:
    return Setting(f"flow_logs.{field}", f"logConfig.{api}", declared=of(f"flow_logs.{field}"), when=has("flow_logs"))


SUBNETS = Kind(
    name="subnets",
    noun="subnet",
    document=_read("subnetworks"),
    resource=_regional("subnetworks"),
    settings=(
        DESCRIPTION,
        IN_NETWORK,
        Setting("range", "ipCidrRange", normal=text),
        Setting("private_google_access", "privateIpGoogleAccess", normal=flag),
        Setting(
            "secondary_ranges",
            "secondaryIpRanges",
            normal=mapping,
            found=lambda subnet: {r["rangeName"]: r["ipCidrRange"] for r in subnet.get("secondaryIpRanges") or []},
        ),
        Setting(
            "flow_logs",
            "logConfig.enable",
            normal=flag,
            declared=lambda thing, _world: thing.fields["flow_logs"] is not None,
            says="on where they are declared",
        ),
        _flow("interval", "aggregationInterval"),
        _flow("sampling", "flowSampling"),
        _flow("metadata", "metadata"),
        _flow("filter", "filterExpr"),
    ),
    things=parts("subnets"),
    unchecked={"region": PART_OF_NAME},
)


def _traffic(entries: Any) -> list[str]:
    found = []
    for entry in entries or []:
        protocol = str(entry.get("protocol") or entry.get("IPProtocol")).lower()
        found.append(" ".join([protocol, *sorted(entry.get("ports") or [])]))
    return sorted(found)


def _list_of(field: str, api: str, *, says: str = "") -> Setting:
    return Setting(field, api, normal=unordered, declared=of(field), says=says)


FIREWALL = Kind(
    name="firewall",
    noun="firewall rule",
    document=_read("firewalls"),
    resource=_global("firewalls"),
    settings=(
        DESCRIPTION,
        IN_NETWORK,
        Setting("direction", "direction", normal=text),
        Setting(
            "action",
            "allowed, denied",
            declared=of("action"),
            found=lambda rule: "deny" if rule.get("denied") else "allow",
        ),
        Setting(
            "traffic",
            "allowed, denied",
            declared=lambda thing, _world: _traffic(thing.fields["traffic"]),
            found=lambda rule: _traffic(rule.get("allowed") or rule.get("denied")),
        ),
        Setting(
            "ranges",
            "sourceRanges, destinationRanges",
            normal=unordered,
            found=lambda rule: rule.get("destinationRanges" if rule.get("direction") == "EGRESS" else "sourceRanges"),
        ),
        _list_of("source_tags", "sourceTags"),
        _list_of("source_service_accounts", "sourceServiceAccounts"),
        _list_of("target_tags", "targetTags"),
        _list_of("target_service_accounts", "targetServiceAccounts"),
        Setting("priority", "priority", normal=number),
        Setting("disabled", "disabled", normal=flag),
        Setting("logging", "logConfig.enable", normal=flag),
    ),
    things=parts("firewall"),
    unchecked={"public": "says that a range is meant: part of ranges"},
)


def labelled() -> Setting:
    """The environment's labels and its own, and no other."""
    return Setting(
        "labels",
        "labels",
        normal=labels,
        declared=lambda thing, _world: dict(thing.labels),
        says="its own and the environment's, and no other but those that begin with goog-",
    )


ADDRESSES = Kind(
    name="addresses",
    noun="reserved address",
    document=_read("addresses"),
    resource=_regional("addresses"),
    settings=(
        DESCRIPTION,
        Setting(
            "kind",
            "addressType",
            declared=lambda thing, _world: "INTERNAL" if thing.fields["subnet"] else "EXTERNAL",
            says="EXTERNAL, or INTERNAL in a subnet",
        ),
        Setting(
            "subnet",
            "subnetwork",
            normal=link,
            declared=lambda thing, _world: (
                f"projects/{thing.place.project}/regions/{thing.fields['region']}/subnetworks/{thing.fields['subnet']}"
            ),
            when=has("subnet"),
        ),
        Setting("address", "address", normal=text, when=has("address")),
        labelled(),
    ),
    things=parts("addresses"),
    unchecked={"region": PART_OF_NAME},
)


def _nat(field: str, api: str, normal: Callable[[Any], Any], when: Callable[[Fields], bool] | None = None) -> Setting:
    return Setting(
        field,
        f"nats.0.{api}",
        normal=normal,
        declared=of(field),
        found=lambda router: dig(router, f"nats.0.{api}"),
        when=when,
    )


def _named(thing: Thing, collection: str, names: list[str]) -> list[str]:
    place = f"projects/{thing.place.project}/regions/{thing.fields['region']}/{collection}"
    return sorted(f"{place}/{name}" for name in names)


NATS = Kind(
    name="nats",
    noun="router",
    document=_read("routers"),
    resource=_regional("routers"),
    settings=(
        IN_NETWORK,
        Setting(
            "name",
            "nats",
            declared=lambda thing, _world: [thing.place.key],
            found=lambda router: [nat.get("name") for nat in router.get("nats") or []],
            says="one NAT of the router's own name, and no other",
        ),
        Setting(
            "addresses",
            "nats.0.natIps",
            declared=lambda thing, _world: _named(thing, "addresses", thing.fields["addresses"]),
            found=lambda router: sorted(map(link, dig(router, "nats.0.natIps") or [])),
        ),
        Setting(
            "subnets",
            "nats.0.subnetworks",
            declared=lambda thing, _world: _named(thing, "subnetworks", thing.fields["subnets"]),
            found=lambda router: sorted(link(subnet["name"]) for subnet in dig(router, "nats.0.subnetworks") or []),
            says="none where every subnet of the region is served",
        ),
        _nat("dynamic_ports", "enableDynamicPortAllocation", flag),
        _nat("min_ports_per_vm", "minPortsPerVm", number),
        _nat("max_ports_per_vm", "maxPortsPerVm", number, has("max_ports_per_vm")),
        Setting(
            "log",
            "nats.0.logConfig.filter",
            found=lambda router: (
                dig(router, "nats.0.logConfig.filter") if dig(router, "nats.0.logConfig.enable") else "NONE"
            ),
        ),
        _nat("udp_idle_seconds", "udpIdleTimeoutSec", number),
        _nat("icmp_idle_seconds", "icmpIdleTimeoutSec", number),
        _nat("tcp_established_idle_seconds", "tcpEstablishedIdleTimeoutSec", number),
        _nat("tcp_transitory_idle_seconds", "tcpTransitoryIdleTimeoutSec", number),
        _nat("tcp_time_wait_seconds", "tcpTimeWaitTimeoutSec", number),
    ),
    things=parts("nats"),
    unchecked={"region": PART_OF_NAME},
)

ROUTES = Kind(
    name="routes",
    noun="route",
    document=_read("routes"),
    resource=_global("routes"),
    settings=(
        DESCRIPTION,
        IN_NETWORK,
        Setting("range", "destRange", normal=text),
        Setting(
            "internet",
            "nextHopGateway",
            found=lambda route: text(route.get("nextHopGateway")).endswith("/default-internet-gateway"),
        ),
        Setting("next_hop_ip", "nextHopIp", normal=text),
        Setting("priority", "priority", normal=number),
        Setting("tags", "tags", normal=unordered),
    ),
    things=parts("routes"),
)
