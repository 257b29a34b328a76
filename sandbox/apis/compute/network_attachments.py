"""Network attachments: subnets in which a producer may have interfaces. None has one, for no machine runs."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid, missing
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.subnetworks import subnetworks
from sandbox.control.context import Call
from sandbox.control.store import Resource

_PREFERENCES = ("ACCEPT_AUTOMATIC", "ACCEPT_MANUAL")


def _check(document: dict[str, Any], call: Call, old: Resource | None) -> None:
    """Subnets of one network and of its region; the network follows from them."""
    preference = document["connectionPreference"]
    if preference not in _PREFERENCES:
        raise invalid("connectionPreference", preference, f"Must be one of {', '.join(_PREFERENCES)}.")
    networks = set()
    for name in document["subnetworks"]:
        subnet = call.store.get(subnetworks.key, str(name))
        if subnet is None:
            raise missing(str(name))
        if subnet.name.split("/")[3] != call.params["region"]:
            raise invalid("subnetworks", name, f"It is not in the region '{call.params['region']}'.")
        networks.add(subnet.document["network"])
    if len(networks) != 1:
        raise invalid("subnetworks", document["subnetworks"], "All must be of one network.")
    document["network"] = networks.pop()


network_attachments = Kind(
    "networkAttachments",
    "network_attachment",
    "compute#networkAttachment",
    scope="regions",
    required=("connectionPreference", "subnetworks"),
    immutable=("connectionPreference",),
    output_only=("connectionEndpoints", "network"),
    fingerprint=True,
    iam=True,
    check=_check,
)
