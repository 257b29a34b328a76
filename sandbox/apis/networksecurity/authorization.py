"""Authorization of what load balancers get, and detectors of threats by DNS. Nobody asks them here."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.common import WORDS, collection, compute, must, one_of, only_global
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.names import check_location
from sandbox.control.store import Resource

Json = dict[str, Any]
_SCHEMES = ("INTERNAL_MANAGED", "EXTERNAL_MANAGED", "INTERNAL_SELF_MANAGED")
_EXTENSIONS = "networkservices.authzExtensions"

policies = collection(
    "authzPolicies/{policy}",
    "AuthzPolicy",
    "authzPolicyId",
    required=("target", "action"),
    immutable=("policyProfile",),
    **WORDS,
)
detectors = collection(
    "dnsThreatDetectors/{detector}",
    "DnsThreatDetector",
    "dnsThreatDetectorId",
    lro=False,
    immutable=("provider",),
    id_required=False,
    **WORDS,
)


@policies.checked
async def check(policy: Resource, call: Call) -> None:
    """For forwarding rules of its place."""
    if call.params["location"] != "global":
        check_location(call.params["location"])
    _check(policy.document, call)


def _check(document: Json, call: Call) -> None:
    action = one_of(document, "action", ("ALLOW", "DENY", "CUSTOM"))
    profile = one_of(document, "policyProfile", ("REQUEST_AUTHZ", "CONTENT_AUTHZ"), "REQUEST_AUTHZ")
    custom = document.get("customProvider") or {}
    if (action == "CUSTOM") != bool(custom):
        raise invalid_argument("customProvider goes with the action CUSTOM.", {"customProvider": action})
    if profile == "CONTENT_AUTHZ" and action != "CUSTOM":
        raise invalid_argument("CONTENT_AUTHZ goes with the action CUSTOM.", {"policyProfile": profile})
    if action != "CUSTOM" and not document.get("httpRules") and not document.get("networkRules"):
        raise invalid_argument("httpRules are needed with ALLOW and DENY.", {"httpRules": "required"})
    if custom and bool(custom.get("cloudIap")) == bool(custom.get("authzExtension")):
        raise invalid_argument("customProvider has one of cloudIap and authzExtension.", {"customProvider": ""})
    for extension in (custom.get("authzExtension") or {}).get("resources") or []:
        must(extension, _EXTENSIONS, call, "authorization extension")
    target = document["target"]
    if target.get("loadBalancingScheme"):
        one_of(target, "loadBalancingScheme", _SCHEMES)
    if not target.get("resources"):
        raise invalid_argument("target.resources is required.", {"target.resources": "required"})
    for name in target["resources"]:
        if "/forwardingRules/" in str(name):
            rule = compute(name, "forwardingRules", call, "forwarding rule")
            scheme = one_of({"of": rule.document.get("loadBalancingScheme")}, "of", _SCHEMES)
            if target.get("loadBalancingScheme", scheme) != scheme:
                raise invalid_argument(f"The scheme of '{rule.name}' is {scheme}.", {"target": "another scheme"})
        else:
            must(name, "networkservices.gateways", call, "gateway")


@detectors.checked
async def check_detector(detector: Resource, call: Call) -> None:
    """Of all networks of a project but those that are left out."""
    only_global(call)
    _check_detector(detector, call)


def _check_detector(detector: Resource, call: Call) -> None:
    if detector.document.get("provider"):
        one_of(detector.document, "provider", ("INFOBLOX",))
    for name in detector.document.get("excludedNetworks") or []:
        compute(name, "networks", call, "network")
