"""The ways out of the network that stay inside Google's: the range for its services, and VPC access connectors."""

from __future__ import annotations

from collections.abc import Iterator

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, always
from envctl.validation.normal import number, text

from .common import DESCRIPTION
from .network import IN_NETWORK, PART_OF_NAME, has, parts


def _services(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    network = values.get("network") or {}
    services = network.get("private_services")
    if services:
        # The key holds the network's name too: what is read of it is the network's.
        place = Place(values["project_id"], values["region"], "network", f"{network['name']}.{services['name']}")
        declared = {**services, "network": f"projects/{values['project_id']}/global/networks/{network['name']}"}
        path = ("network", "private_services")
        yield Thing(kind, place, kind.resource(place, declared), declared, path, values["labels"])


PRIVATE_SERVICES = Kind(
    name="private_services",
    noun="range for Google's services",
    document=Read("compute", "v1/{name}", "compute.globalAddresses.get"),
    resource=lambda place, fields: f"projects/{place.project}/global/addresses/{fields['name']}",
    settings=(
        DESCRIPTION,
        IN_NETWORK,
        Setting("purpose", "purpose", declared=always("VPC_PEERING"), says="VPC_PEERING"),
        Setting(
            "range",
            "address",
            found=lambda address: f"{address.get('address')}/{address.get('prefixLength')}",
            when=has("range"),
        ),
        Setting("prefix_length", "prefixLength", normal=number, when=lambda fields: fields["range"] is None),
        Setting(
            "peering",
            "peerings",
            declared=always("ACTIVE"),
            found=lambda network: next(
                (
                    p.get("state")
                    for p in network.get("peerings") or []
                    if p["name"] == "servicenetworking-googleapis-com"
                ),
                "missing",
            ),
            says="the network's peering with Google's services is ACTIVE",
            reader="network",
        ),
    ),
    things=_services,
    reads={"network": Read("compute", "v1/projects/{project}/global/networks/{dataset}", "compute.networks.get")},
    unchecked={"name": PART_OF_NAME},
)

CONNECTORS = Kind(
    name="connectors",
    noun="VPC access connector",
    document=Read("vpcaccess", "v1/{name}", "vpcaccess.connectors.get"),
    resource=lambda place, fields: f"projects/{place.project}/locations/{fields['region']}/connectors/{place.key}",
    settings=(
        Setting("subnet", "subnet.name", normal=text),
        Setting("range", "ipCidrRange", normal=text, when=has("range")),
        Setting("machine_type", "machineType", normal=text),
        Setting("min_instances", "minInstances", normal=number),
        Setting("max_instances", "maxInstances", normal=number),
        Setting("state", "state", declared=always("READY"), says="READY"),
    ),
    things=parts("connectors"),
    unchecked={"region": PART_OF_NAME},
)
