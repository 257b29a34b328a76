"""Service attachments: a forwarding rule that other networks reach by Private Service Connect, and who may."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute import links, operations
from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Kind
from sandbox.apis.compute.subnetworks import subnetworks
from sandbox.control import projects
from sandbox.control.context import Call
from sandbox.control.http import Response
from sandbox.control.referring import relative
from sandbox.control.store import Resource

Json = dict[str, Any]
_PREFERENCES = ("ACCEPT_AUTOMATIC", "ACCEPT_MANUAL")
_PURPOSE = "PRIVATE_SERVICE_CONNECT"
_RULES = "compute.regional.forwardingRules"
_GATEWAYS = "networkservices.gateways"
"""A secure web proxy is offered as a forwarding rule is."""


def _check(document: Json, call: Call, old: Resource | None) -> None:
    preference = document["connectionPreference"]
    if preference not in _PREFERENCES:
        raise invalid("connectionPreference", preference, f"Must be one of {', '.join(_PREFERENCES)}.")
    region = f"projects/{call.project}/regions/{call.params['region']}/"
    target = str(document["targetService"])
    gateway = call.store.get(_GATEWAYS, relative(target, call))
    if gateway is None and call.store.get(_RULES, target) is None:
        raise missing(target)
    place = gateway.name.replace("/locations/", "/regions/") if gateway else target
    if not place.startswith(region):
        raise invalid("targetService", target, f"It is not a forwarding rule of '{region[:-1]}'.")
    for name in document["natSubnets"]:
        subnet = call.store.get(subnetworks.key, str(name))
        if subnet is None:
            raise missing(str(name))
        if subnet.document["purpose"] != _PURPOSE or not subnet.name.startswith(region):
            raise invalid("natSubnets", name, f"It must be a subnetwork of '{region[:-1]}' with purpose {_PURPOSE}.")
        for other in call.store.select(service_attachments.key):
            if (old is None or other.name != old.name) and subnet.name in other.document["natSubnets"]:
                raise invalid("natSubnets", name, f"'{other.name}' has it.")
    for one in document.get("consumerAcceptLists") or []:
        if not (one.get("projectIdOrNum") or one.get("networkUrl") or one.get("endpointUrl")):
            raise required("consumerAcceptLists[].projectIdOrNum")
    if old is None:
        high, low = int(call.control.hex(15), 16), int(call.control.hex(15), 16)
        document["pscServiceAttachmentId"] = {"high": str(high), "low": str(low)}


def status(attachment: Resource | None, rule: Resource) -> str:
    """What becomes of an endpoint that leads to an attachment, which may have gone."""
    if attachment is None:
        return "CLOSED"
    document = attachment.document
    project = rule.name.split("/")[1]
    known = {project, projects.number(project)}
    if known & {str(one) for one in document.get("consumerRejectLists") or []}:
        return "REJECTED"
    if document["connectionPreference"] == "ACCEPT_AUTOMATIC":
        return "ACCEPTED"
    network = str(rule.document.get("network"))
    for one in document.get("consumerAcceptLists") or []:
        if str(one.get("projectIdOrNum")) in known or network == one.get("networkUrl"):
            return "ACCEPTED"
    return "PENDING"


def _shown(attachment: Resource, call: Call) -> Json:
    """With the endpoints that lead to it, of all projects."""
    found = []
    for rule in call.store.select(_RULES):
        if rule.document.get("target") == attachment.name:
            endpoint = {"endpoint": links.HOST + rule.name, "pscConnectionId": rule.document["pscConnectionId"]}
            if network := rule.document.get("network"):
                endpoint["consumerNetwork"] = links.HOST + network
            found.append({"status": status(attachment, rule), **endpoint})
    return {"connectedEndpoints": found or None}


class _Published(Kind):
    """What is deleted although endpoints lead to it: they are closed then."""

    async def _delete(self, call: Call) -> Response:
        attachment = self.must(call.control, self.name(call))
        call.store.delete(self.key, attachment.name)
        call.store.delete_policy(f"//compute.googleapis.com/{attachment.name}")
        return operations.done(call, "delete", attachment.name, attachment.document["id"])


service_attachments = _Published(
    "serviceAttachments",
    "service_attachment",
    "compute#serviceAttachment",
    scope="regions",
    defaults={"enableProxyProtocol": False, "reconcileConnections": False, "propagatedConnectionLimit": 250},
    required=("connectionPreference", "targetService", "natSubnets"),
    immutable=("domainNames",),
    output_only=("connectedEndpoints", "pscServiceAttachmentId"),
    fingerprint=True,
    iam=True,
    check=_check,
    view=_shown,
)
