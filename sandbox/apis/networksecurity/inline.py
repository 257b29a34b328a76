"""What is intercepted or mirrored: producers' deployments in groups, consumers' groups of endpoints and networks.

Both are the same but for their word, and that a producer's rule collects what is mirrored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.apis.compute import links
from sandbox.apis.networksecurity.common import collection, compute, must, only_global
from sandbox.apis.networksecurity.firewall_endpoints import check_zone
from sandbox.control.collection import Collection
from sandbox.control.context import Call
from sandbox.control.errors import failed_precondition, invalid_argument, unimplemented
from sandbox.control.referring import keep_used, relative
from sandbox.control.store import Resource

Json = dict[str, Any]
_READY = {"state": "ACTIVE", "reconciling": False}
_OUTPUT = ("state", "reconciling")


@dataclass(frozen=True, slots=True)
class Inline:
    """The four kinds of one word, `intercept` or `mirroring`."""

    word: str
    deployment_groups: Collection
    deployments: Collection
    endpoint_groups: Collection
    associations: Collection

    @property
    def collections(self) -> list[Collection]:
        """All of them."""
        return [self.deployment_groups, self.deployments, self.endpoint_groups, self.associations]

    def zones(self, group: str, call: Call) -> list[Json]:
        """The zones in which a deployment group has deployments."""
        own = _naming(self.deployments, f"{self.word}DeploymentGroup", group, call)
        return [{"location": one.name.split("/")[3], "state": "ACTIVE"} for one in own]

    def behind(self, endpoint_group: Resource) -> list[str]:
        """The deployment groups of a group of endpoints."""
        document, field = endpoint_group.document, f"{self.word}DeploymentGroup"
        return [str(one) for one in document.get(f"{field}s") or [document[field]]]


def _naming(of: Collection, field: str, name: str, call: Call) -> Iterator[Resource]:
    """Those of a collection that name a resource in a field."""
    for one in call.store.select(of.key):
        given = one.document.get(f"{field}s") or [one.document.get(field)]
        if any(relative(each, call) == name for each in given):
            yield one


def _made(word: str) -> Inline:
    title = word.capitalize()
    made = Inline(
        word,
        collection(
            f"{word}DeploymentGroups/{{group}}",
            f"{title}DeploymentGroup",
            f"{word}DeploymentGroupId",
            required=("network",),
            immutable=("network",),
            output_only=(*_OUTPUT, "connectedEndpointGroups", "locations"),
        ),
        collection(
            f"{word}Deployments/{{deployment}}",
            f"{title}Deployment",
            f"{word}DeploymentId",
            required=("forwardingRule", f"{word}DeploymentGroup"),
            immutable=("forwardingRule", f"{word}DeploymentGroup"),
            output_only=_OUTPUT,
        ),
        collection(
            f"{word}EndpointGroups/{{group}}",
            f"{title}EndpointGroup",
            f"{word}EndpointGroupId",
            immutable=(f"{word}DeploymentGroup", f"{word}DeploymentGroups", "type"),
            output_only=(*_OUTPUT, "associations", "connectedDeploymentGroup", "connectedDeploymentGroups"),
        ),
        collection(
            f"{word}EndpointGroupAssociations/{{association}}",
            f"{title}EndpointGroupAssociation",
            f"{word}EndpointGroupAssociationId",
            id_required=False,
            required=("network", f"{word}EndpointGroup"),
            immutable=("network", f"{word}EndpointGroup"),
            output_only=(*_OUTPUT, "locations", "locationsDetails"),
            id_rule=r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
        ),
    )
    _deployments(made)
    _endpoints(made)
    return made


def _deployments(of: Inline) -> None:
    """What a producer has."""
    field = f"{of.word}DeploymentGroup"

    @of.deployment_groups.on_create
    async def check_group(group: Resource, call: Call) -> None:
        only_global(call)
        compute(group.document["network"], "networks", call, "network")
        group.document |= _READY

    @of.deployment_groups.shown_by
    def shown(group: Resource, call: Call) -> Json:
        zones = of.zones(group.name, call)
        connected = [{"name": one.name} for one in _naming(of.endpoint_groups, field, group.name, call)]
        told = {"locations": zones, "connectedEndpointGroups": connected}
        return {**group.document, **{key: value for key, value in told.items() if value}}

    @of.deployment_groups.on_delete
    async def keep_group(group: Resource, call: Call) -> None:
        keep_used(group, call, of.deployments.key, of.endpoint_groups.key)

    @of.deployments.on_create
    async def check(deployment: Resource, call: Call) -> None:
        check_zone(call)
        document, zone = deployment.document, call.params["location"]
        group = must(document[field], of.deployment_groups.key, call, "deployment group")
        rule = compute(document["forwardingRule"], "forwardingRules", call, "forwarding rule")
        if rule.name.split("/")[3] != zone.rpartition("-")[0]:
            raise invalid_argument(f"'{rule.name}' is not in the region of '{zone}'.", {"forwardingRule": "region"})
        network = relative(links.relative(str(group.document["network"]), call.project), call)
        if rule.document.get("network") != network:
            raise invalid_argument(f"'{rule.name}' is not in the network '{network}'.", {"forwardingRule": "network"})
        if of.word == "mirroring" and not rule.document.get("isMirroringCollector"):
            raise invalid_argument(f"'{rule.name}' is no collector of mirrored packets.", {"forwardingRule": ""})
        for other in _naming(of.deployments, field, group.name, call):
            if other.name.split("/")[3] == zone:
                raise failed_precondition(f"'{group.name}' has the deployment '{other.name}' in '{zone}'.")
        document |= _READY


def _endpoints(of: Inline) -> None:
    """What a consumer has."""
    field, several = f"{of.word}DeploymentGroup", of.word == "mirroring"

    @of.endpoint_groups.on_create
    async def check_group(group: Resource, call: Call) -> None:
        only_global(call)
        document = group.document
        if several and (document.setdefault("type", "DIRECT") != "DIRECT" or document.get(f"{field}s")):
            raise unimplemented("The sandbox implements groups of mirroring endpoints of the type DIRECT only.")
        if not document.get(field):
            raise invalid_argument(f"{field} is required.", {field: "required"})
        must(document[field], of.deployment_groups.key, call, "deployment group")
        document |= _READY

    @of.endpoint_groups.shown_by
    def shown(group: Resource, call: Call) -> Json:
        own = [
            {"name": one.name, "network": one.document["network"], "state": "ACTIVE"}
            for one in _naming(of.associations, f"{of.word}EndpointGroup", group.name, call)
        ]
        connected = []
        for name in of.behind(group):
            zones = of.zones(relative(name, call), call)
            connected.append({"name": name, **({"locations": zones} if zones else {})})
        told: Json = {"connectedDeploymentGroups": connected} if several else {"connectedDeploymentGroup": connected[0]}
        return {**group.document, **told, **({"associations": own} if own else {})}

    @of.endpoint_groups.on_delete
    async def keep_group(group: Resource, call: Call) -> None:
        keep_used(group, call, of.associations.key, "networksecurity.securityProfiles")

    @of.associations.on_create
    async def check(association: Resource, call: Call) -> None:
        only_global(call)
        document = association.document
        must(document[f"{of.word}EndpointGroup"], of.endpoint_groups.key, call, "endpoint group")
        network = compute(document["network"], "networks", call, "network")
        for other in call.store.select(of.associations.key):
            if relative(links.relative(str(other.document["network"]), call.project), call) == network.name:
                raise failed_precondition(f"'{other.name}' is of the network already.")
        document |= _READY

    @of.associations.shown_by
    def shown_association(association: Resource, call: Call) -> Json:
        group = of.endpoint_groups.find(call.control, relative(association.document[f"{of.word}EndpointGroup"], call))
        zones = [zone for name in of.behind(group) for zone in of.zones(relative(name, call), call)] if group else []
        told = {"locations": zones, "locationsDetails": zones} if zones else {}
        return {**association.document, **told}


INTERCEPT, MIRRORING = _made("intercept"), _made("mirroring")
