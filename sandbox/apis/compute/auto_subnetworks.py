"""Networks in auto mode: a subnetwork in each region, of the ranges that Google keeps for it."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.apis.compute.subnetworks import subnetworks
from sandbox.control import names
from sandbox.control.context import Call, Control
from sandbox.control.store import Resource

# The second number of a region's /20, as Google's documentation lists them.
_SECOND = {
    "us-central1": 128,
    "europe-west1": 132,
    "us-west1": 138,
    "asia-east1": 140,
    "us-east1": 142,
    "asia-northeast1": 146,
    "asia-southeast1": 148,
    "us-east4": 150,
    "australia-southeast1": 152,
    "europe-west2": 154,
    "europe-west3": 156,
    "southamerica-east1": 158,
    "asia-south1": 160,
    "northamerica-northeast1": 162,
    "europe-west4": 164,
    "europe-north1": 166,
    "us-west2": 168,
    "asia-east2": 170,
    "europe-west6": 172,
    "asia-northeast2": 174,
    "asia-northeast3": 178,
    "us-west3": 180,
    "us-west4": 182,
    "asia-southeast2": 184,
    "europe-central2": 186,
    "northamerica-northeast2": 188,
    "asia-south2": 190,
    "australia-southeast2": 192,
    "southamerica-west1": 194,
    "europe-west8": 198,
    "europe-west9": 200,
    "us-east5": 202,
    "europe-southwest1": 204,
    "us-south1": 206,
    "me-west1": 208,
    "europe-west12": 210,
    "me-central1": 212,
    "europe-west10": 214,
    "me-central2": 216,
    "africa-south1": 218,
    "northamerica-south1": 224,
    "europe-north2": 226,
}


def _blocks() -> dict[str, str]:
    """The range of every region; one that isn't listed has the next that is free."""
    known = {region: f"10.{second}.0.0/20" for region, second in _SECOND.items()}
    free = (second for second in range(255, 128, -1) if second not in _SECOND.values())
    return known | {region: f"10.{next(free)}.0.0/20" for region in sorted(names.REGIONS - known.keys())}


_RANGES = _blocks()


def add(network: Resource, call: Call) -> None:
    """The subnetworks of a new network, under its name."""
    for region in sorted(names.REGIONS):
        body = {"name": network.id, "network": network.name, "ipCidrRange": _RANGES[region]}
        subnetworks.insert(call, f"projects/{call.project}/regions/{region}", body)


def of(network: Resource, control: Control) -> Iterator[Resource]:
    """The subnetworks that go with a network: those that Google made while it is in auto mode."""
    if not network.document["autoCreateSubnetworks"]:
        return
    project = network.name.split("/")[1]
    for region in sorted(names.REGIONS):
        found = control.store.get(subnetworks.key, f"projects/{project}/regions/{region}/subnetworks/{network.id}")
        if found is not None and found.document["network"] == network.name:
            yield found
