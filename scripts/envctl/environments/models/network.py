"""The network of an environment: one VPC, with what it lets in and out."""

from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .addressing import Address, InnerRange, Range, ResourceName, Tag, network_of
from .base import FieldError, Labels, Model, Region, Switched, matching
from .dns import DnsZone
from .firewall import FirewallRule

ZoneId = Annotated[
    str,
    matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a zone's key: lower-case letters, digits or -, begun by a letter"),
]
ConnectorId = Annotated[
    str,
    matching(r"[a-z][a-z0-9-]{0,23}[a-z0-9]", "a connector's key: 2 to 25 lower-case letters, digits or -"),
]
RangeId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a range's name: lower-case letters, digits or -")
]


class FlowLogs(Model):
    """Samples of what flows through a subnet, in Cloud Logging."""

    interval: Literal[
        "INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN", "INTERVAL_10_MIN", "INTERVAL_15_MIN"
    ] = "INTERVAL_10_MIN"
    sampling: float = Field(default=0.5, gt=0, le=1, description="The part of the flows that is logged.")
    metadata: Literal["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"] = "INCLUDE_ALL_METADATA"
    filter: str = Field(default="true", min_length=1, description="CEL: which flows are logged.")


class Subnet(Model):
    """A range of the network in one region. Its name is its key."""

    range: InnerRange
    region: Region | None = Field(default=None, description="By default the environment's.")
    description: str = Field(default="", max_length=2048)
    private_google_access: bool = Field(default=True, description="Reach Google's APIs without an external address.")
    secondary_ranges: dict[RangeId, InnerRange] = {}
    flow_logs: FlowLogs | None = None

    @model_validator(mode="after")
    def _holds_hosts(self) -> Self:
        if network_of(self.range).prefixlen > 29:
            raise FieldError(f"a subnet has a length of at most /29, not {self.range}", "range")
        return self


class ReservedAddress(Model):
    """A regional address that stays the same, such as the one an exchange knows us by. Its name is its key."""

    region: Region | None = Field(default=None, description="By default the environment's.")
    description: str = Field(default="", max_length=2048)
    subnet: ResourceName | None = Field(default=None, description="An address within it; none: an external one.")
    address: Address | None = Field(default=None, description="This one, in the subnet; by default Google chooses.")
    labels: Labels = {}

    @model_validator(mode="after")
    def _only_inner_ones_are_chosen(self) -> Self:
        if self.address is not None and self.subnet is None:
            raise FieldError("an external address is chosen by Google; name a subnet for one of your own", "address")
        return self


class Nat(Model):
    """A way out to the internet, with a router of its own. Both have the key as their name."""

    region: Region | None = Field(default=None, description="By default the environment's.")
    addresses: list[ResourceName] = Field(default=[], description="Reserved ones; none: Google takes what it likes.")
    subnets: list[ResourceName] = Field(default=[], description="Only these; none: every subnet of the region.")
    dynamic_ports: bool = Field(default=False, description="Give a machine more ports as it needs them.")
    min_ports_per_vm: int = Field(default=64, ge=2, le=65_536)
    max_ports_per_vm: int | None = Field(default=None, ge=64, le=65_536)
    log: Literal["ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL", "NONE"] = "ERRORS_ONLY"
    udp_idle_seconds: int = Field(default=30, ge=1)
    icmp_idle_seconds: int = Field(default=30, ge=1)
    tcp_established_idle_seconds: int = Field(default=1200, ge=1)
    tcp_transitory_idle_seconds: int = Field(default=30, ge=1)
    tcp_time_wait_seconds: int = Field(default=120, ge=1)

    @model_validator(mode="after")
    def _ports_fit_together(self) -> Self:
        if self.max_ports_per_vm is not None and not self.dynamic_ports:
            raise FieldError("max_ports_per_vm is for dynamic_ports", "max_ports_per_vm")
        if self.dynamic_ports:
            for field in ("min_ports_per_vm", "max_ports_per_vm"):
                ports = getattr(self, field)
                if ports is not None and (ports < 32 or ports & (ports - 1)):
                    raise FieldError(f"{field} is a power of two from 32 on with dynamic_ports, not {ports}", field)
            if self.max_ports_per_vm is not None and self.max_ports_per_vm <= self.min_ports_per_vm:
                raise FieldError("max_ports_per_vm is more than min_ports_per_vm", "max_ports_per_vm")
        return self


class PrivateServices(Model):
    """A range for Google's managed services (Cloud SQL, Memorystore), which the network is peered with."""

    name: ResourceName = "private-services"
    range: InnerRange | None = Field(default=None, description="By default Google chooses one of prefix_length.")
    prefix_length: int = Field(default=20, ge=8, le=24, description="Where no range is given.")
    description: str = Field(default="", max_length=2048)

    @model_validator(mode="after")
    def _is_large_enough(self) -> Self:
        if self.range is not None and network_of(self.range).prefixlen > 24:
            raise FieldError(f"a length of at most /24 is needed, not {self.range}", "range")
        return self


class Route(Model):
    """Where packets to a range go. Its name is its key."""

    range: Range
    description: str = Field(default="", max_length=2048)
    internet: bool = Field(default=False, description="To the internet's gateway.")
    next_hop_ip: Address | None = Field(default=None, description="To the machine with this address.")
    priority: int = Field(default=1000, ge=0, le=65_535, description="The smaller one wins.")
    tags: list[Tag] = Field(default=[], description="Only for machines with one of these.")

    @model_validator(mode="after")
    def _goes_to_one_place(self) -> Self:
        if self.internet == (self.next_hop_ip is not None):
            raise FieldError("a route has one next hop: internet: true, or next_hop_ip", "next_hop_ip")
        return self


class Connector(Model):
    """Serverless VPC access, for what can't use Direct VPC egress. Its name is its key; it costs while it is there."""

    region: Region | None = Field(default=None, description="By default the environment's.")
    subnet: ResourceName | None = Field(default=None, description="A /28 subnet of its own.")
    range: InnerRange | None = Field(default=None, description="Or a free /28 range.")
    machine_type: Literal["f1-micro", "e2-micro", "e2-standard-4"] = "e2-micro"
    min_instances: int = Field(default=2, ge=2, le=9)
    max_instances: int = Field(default=3, ge=3, le=10)

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.subnet is None) == (self.range is None):
            raise FieldError("a connector has a subnet or a range", "subnet")
        if self.range is not None and network_of(self.range).prefixlen != 28:
            raise FieldError(f"a connector's range is a /28, not {self.range}", "range")
        if self.max_instances <= self.min_instances:
            raise FieldError("max_instances is more than min_instances", "max_instances")
        return self


class Network(Switched):
    """The VPC: no subnet but those declared, nothing let in but what a rule allows."""

    name: ResourceName = "platform"
    description: str = Field(default="", max_length=2048)
    routing_mode: Literal["REGIONAL", "GLOBAL"] = "REGIONAL"
    mtu: int | None = Field(default=None, ge=1300, le=8896)
    default_internet_route: bool = Field(default=True, description="false: the route that Google adds is taken away.")
    subnets: dict[ResourceName, Subnet] = {}
    firewall: dict[ResourceName, FirewallRule] = {}
    addresses: dict[ResourceName, ReservedAddress] = {}
    nats: dict[ResourceName, Nat] = {}
    private_services: PrivateServices | None = None
    routes: dict[ResourceName, Route] = {}
    dns_zones: dict[ZoneId, DnsZone] = {}
    connectors: dict[ConnectorId, Connector] = {}

    @model_validator(mode="after")
    def _ranges_are_apart(self) -> Self:
        taken: list[tuple[str, str]] = []
        if self.private_services is not None and self.private_services.range is not None:
            taken.append(("private_services", self.private_services.range))
        for key, subnet in self.subnets.items():
            own: list[tuple[tuple[str, ...], str]] = [(("range",), subnet.range)]
            own += [(("secondary_ranges", name), text) for name, text in subnet.secondary_ranges.items()]
            for path, text in own:
                _apart(taken, text, "subnets", key, *path)
                taken.append((f"the subnet {key}", text))
        for key, connector in self.connectors.items():
            if connector.range is not None:
                _apart(taken, connector.range, "connectors", key, "range")
                taken.append((f"the connector {key}", connector.range))
        return self

    @model_validator(mode="after")
    def _parts_that_are_named_are_there(self) -> Self:
        for key, address in self.addresses.items():
            if address.subnet is not None:
                subnet = self._subnet(address.subnet, "addresses", key, "subnet")
                if address.address is not None and ip_address(address.address) not in network_of(subnet.range):
                    raise FieldError(f"{address.address} is not within {subnet.range}", "addresses", key, "address")
        for key, connector in self.connectors.items():
            if connector.subnet is not None:
                subnet = self._subnet(connector.subnet, "connectors", key, "subnet")
                if network_of(subnet.range).prefixlen != 28:
                    raise FieldError(f"{connector.subnet} is not a /28", "connectors", key, "subnet")
        for key, nat in self.nats.items():
            for index, name in enumerate(nat.subnets):
                self._subnet(name, "nats", key, "subnets", index)
            for index, name in enumerate(nat.addresses):
                if name not in self.addresses or self.addresses[name].subnet is not None:
                    known = _known([name for name, address in self.addresses.items() if address.subnet is None])
                    raise FieldError(f'"{name}" names no external address; {known}', "nats", key, "addresses", index)
        return self

    def _subnet(self, name: str, *path: str | int) -> Subnet:
        if name not in self.subnets:
            raise FieldError(f'"{name}" names no subnet; {_known(list(self.subnets))}', *path)
        return self.subnets[name]


def _known(names: list[str]) -> str:
    return f"known: {', '.join(names)}" if names else "none is declared"


def _apart(taken: list[tuple[str, str]], text: str, *path: str) -> None:
    for whose, other in taken:
        if network_of(text).overlaps(network_of(other)):
            raise FieldError(f"{text} overlaps {other} of {whose}", *path)
