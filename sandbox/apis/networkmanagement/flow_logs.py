"""Configurations of VPC flow logs: of a network, a subnetwork, a tunnel or an attachment, and of whole organizations.

They are kept and checked; no packet is moved here, and so none is logged.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.compute.references import find
from sandbox.control import above
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, not_found
from sandbox.control.located import located
from sandbox.control.store import Resource

Json = dict[str, Any]
TARGETS = {
    "network": "networks",
    "subnet": "subnetworks",
    "vpnTunnel": "vpnTunnels",
    "interconnectAttachment": "interconnectAttachments",
}
"""What the logs are of, and the collection of Compute Engine that it is in."""
_KNOWN = {
    "state": ("ENABLED", "DISABLED"),
    "aggregationInterval": tuple(
        f"INTERVAL_{each}" for each in ("5_SEC", "30_SEC", "1_MIN", "5_MIN", "10_MIN", "15_MIN")
    ),
    "metadata": ("INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA", "CUSTOM_METADATA"),
    "crossProjectMetadata": ("CROSS_PROJECT_METADATA_ENABLED", "CROSS_PROJECT_METADATA_DISABLED"),
}
_DEFAULTS = {
    "state": "ENABLED",
    "aggregationInterval": "INTERVAL_5_SEC",
    "flowSampling": 1.0,
    "metadata": "INCLUDE_ALL_METADATA",
}
_collection = partial(
    located,
    "google.cloud.networkmanagement.v1",
    "vpcFlowLogsConfigs/{config}",
    "VpcFlowLogsConfig",
    "vpcFlowLogsConfigId",
    mask="required",
)

configs = _collection(defaults=_DEFAULTS, output_only=("targetResourceState", "crossProjectMetadata"))
organization_configs = _collection(
    above="organizations/{organization}",
    key="networkmanagement.organizationVpcFlowLogsConfigs",
    defaults={**_DEFAULTS, "crossProjectMetadata": "CROSS_PROJECT_METADATA_ENABLED"},
    output_only=tuple(TARGETS),
)


@configs.on_create
@organization_configs.on_create
async def check(config: Resource, call: Call) -> None:
    """What is logged, and of what."""
    above.check_number(call)
    _check(config, call)


@configs.on_update
@organization_configs.on_update
async def recheck(old: Resource, new: Resource, call: Call) -> None:
    """The same of what it becomes."""
    _check(new, call)


def _check(config: Resource, call: Call) -> None:
    document = config.document
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")
    for field, known in _KNOWN.items():
        if document.get(field) and document[field] not in known:
            raise invalid_argument(f"{field} must be one of {', '.join(known)}.", {field: str(document[field])})
    if not 0 < float(document["flowSampling"]) <= 1:
        raise invalid_argument("flow_sampling must be more than 0 and at most 1.", {"flow_sampling": "(0, 1]"})
    if document.get("metadataFields") and document["metadata"] != "CUSTOM_METADATA":
        raise invalid_argument("metadata_fields goes with the metadata CUSTOM_METADATA.", {"metadata_fields": ""})
    if "project" in call.params:
        _check_target(document, call)


def _check_target(document: Json, call: Call) -> None:
    given = {field: str(document[field]) for field in TARGETS if document.get(field)}
    if len(given) != 1:
        raise invalid_argument(f"Exactly one of {', '.join(TARGETS)} must be set.", {"target_resource": "exactly one"})
    ((field, text),) = given.items()
    name = links.relative(text, call.project)
    if name.split("/")[-2:-1] != [TARGETS[field]]:
        raise invalid_argument(f"'{text}' is no name of {TARGETS[field]}.", {field: "not a name"})
    if find(call.control, name) is None:
        raise not_found(f"The resource '{name}' was not found.")


@configs.shown_by
def with_target(config: Resource, call: Call) -> Json:
    """With whether what it is of is there still."""
    target = next(str(config.document[field]) for field in TARGETS if config.document.get(field))
    there = find(call.control, links.relative(target, call.project)) is not None
    state = "TARGET_RESOURCE_EXISTS" if there else "TARGET_RESOURCE_DOES_NOT_EXIST"
    return {**config.document, "targetResourceState": state}
