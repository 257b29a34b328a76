"""TLS: what servers and clients of a load balancer show and trust, and how connections are looked into."""

from __future__ import annotations

from typing import Any

from sandbox.apis.networksecurity.common import WORDS, collection, must, one_of
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument
from sandbox.control.names import check_location
from sandbox.control.referring import keep_used
from sandbox.control.store import Resource

Json = dict[str, Any]
_SERVICES = ("networkservices.gateways", "networkservices.endpointPolicies")
_MODES = ("ALLOW_INVALID_OR_MISSING_CLIENT_CERT", "REJECT_INVALID")
_VERSIONS = ("TLS_VERSION_UNSPECIFIED", "TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3")
_PROFILES = tuple(f"PROFILE_{each}" for each in ("UNSPECIFIED", "COMPATIBLE", "MODERN", "RESTRICTED", "CUSTOM"))
_TRUST, _POOLS = "certificatemanager.trustConfigs", "privateca.caPools"

server_policies = collection("serverTlsPolicies/{policy}", "ServerTlsPolicy", "serverTlsPolicyId", **WORDS)
client_policies = collection("clientTlsPolicies/{policy}", "ClientTlsPolicy", "clientTlsPolicyId", **WORDS)
inspections = collection(
    "tlsInspectionPolicies/{policy}", "TlsInspectionPolicy", "tlsInspectionPolicyId", required=("caPool",)
)
authentications = collection(
    "backendAuthenticationConfigs/{config}",
    "BackendAuthenticationConfig",
    "backendAuthenticationConfigId",
    immutable=("clientCertificate", "trustConfig"),
    output_only=("etag",),
)


def _provider(given: Json, field: str) -> None:
    """A certificate, or who tells one."""
    kinds = ("certificateProviderInstance", "grpcEndpoint")
    if sum(bool(given.get(kind)) for kind in kinds) != 1:
        raise invalid_argument(f"{field} has one of {', '.join(kinds)}.", {field: "exactly one"})


@server_policies.checked
async def check_server(policy: Resource, call: Call) -> None:
    """What it shows, and of whom it wants to see something."""
    _place(call)
    _check_server(policy.document, call)


def _place(call: Call) -> None:
    if call.params["location"] != "global":
        check_location(call.params["location"])


def _check_server(document: Json, call: Call) -> None:
    if document.get("serverCertificate"):
        _provider(document["serverCertificate"], "serverCertificate")
    mutual = document.get("mtlsPolicy")
    if not mutual:
        if not document.get("serverCertificate") and not document.get("allowOpen"):
            raise invalid_argument("One of serverCertificate, mtlsPolicy and allowOpen is needed.")
        return
    for authority in mutual.get("clientValidationCa") or []:
        _provider(authority, "mtlsPolicy.clientValidationCa")
    mode = mutual.get("clientValidationMode")
    if mode:
        one_of(mutual, "clientValidationMode", _MODES)
        if mutual.get("clientValidationCa") or document.get("serverCertificate") or document.get("allowOpen"):
            raise invalid_argument(
                "clientValidationMode is of application load balancers, which have none of clientValidationCa, "
                "serverCertificate and allowOpen.",
                {"mtlsPolicy.clientValidationMode": str(mode)},
            )
    if (mode == "REJECT_INVALID") != bool(mutual.get("clientValidationTrustConfig")):
        raise invalid_argument(
            "clientValidationTrustConfig goes with the mode REJECT_INVALID.",
            {"mtlsPolicy.clientValidationTrustConfig": "mode"},
        )
    if mutual.get("clientValidationTrustConfig"):
        must(mutual["clientValidationTrustConfig"], _TRUST, call, "trust config")


@server_policies.on_delete
async def keep_server(policy: Resource, call: Call) -> None:
    """One that a proxy or a gateway has can't go."""
    keep_used(policy, call, "compute.targetHttpsProxies", "compute.regional.targetHttpsProxies", *_SERVICES)


@client_policies.checked
async def check_client(policy: Resource, call: Call) -> None:
    """What it shows, and whom it trusts."""
    _place(call)
    _check_client(policy.document)


def _check_client(document: Json) -> None:
    if document.get("clientCertificate"):
        _provider(document["clientCertificate"], "clientCertificate")
    for authority in document.get("serverValidationCa") or []:
        _provider(authority, "serverValidationCa")


@client_policies.on_delete
async def keep_client(policy: Resource, call: Call) -> None:
    """One that a backend service has can't go."""
    keep_used(policy, call, "compute.backendServices", "compute.regional.backendServices", *_SERVICES)


@inspections.checked
async def check_inspection(policy: Resource, call: Call) -> None:
    """Certificates are signed by a pool of authorities of the same region."""
    check_location(call.params["location"])
    _check_inspection(policy.document, call)


def _check_inspection(document: Json, call: Call) -> None:
    pool = must(document["caPool"], _POOLS, call, "CA pool")
    if pool.name.split("/")[3] != call.params["location"]:
        raise invalid_argument(f"The CA pool '{document['caPool']}' is of another region.", {"caPool": "region"})
    one_of(document, "minTlsVersion", _VERSIONS, _VERSIONS[0])
    profile = one_of(document, "tlsFeatureProfile", _PROFILES, _PROFILES[0])
    if (profile == "PROFILE_CUSTOM") != bool(document.get("customTlsFeatures")):
        raise invalid_argument("customTlsFeatures go with PROFILE_CUSTOM.", {"customTlsFeatures": profile})
    if document.get("trustConfig"):
        must(document["trustConfig"], _TRUST, call, "trust config")


@inspections.on_delete
async def keep_inspection(policy: Resource, call: Call) -> None:
    """One that is used can't go."""
    used_by = ("gatewaySecurityPolicies", "firewallEndpointAssociations")
    keep_used(policy, call, *(f"networksecurity.{each}" for each in used_by))


@authentications.checked
async def check_authentication(config: Resource, call: Call) -> None:
    """What is shown to backends, and which of them are trusted."""
    _place(call)
    document = config.document
    document["etag"] = call.control.etag()
    if document.get("clientCertificate"):
        found = must(document["clientCertificate"], "certificatemanager.certificates", call, "certificate")
        if found.document.get("scope") != "CLIENT_AUTH":
            raise invalid_argument(f"The scope of '{found.name}' is not CLIENT_AUTH.", {"clientCertificate": "scope"})
    if document.get("trustConfig"):
        must(document["trustConfig"], _TRUST, call, "trust config")
    _check_authentication(document)


def _check_authentication(document: Json) -> None:
    roots = document.get("wellKnownRoots")
    if roots:
        one_of(document, "wellKnownRoots", ("NONE", "PUBLIC_ROOTS"))
    if document.get("clientCertificate") and not document.get("trustConfig") and roots != "PUBLIC_ROOTS":
        raise invalid_argument(
            "A clientCertificate needs a trustConfig or the roots PUBLIC_ROOTS.", {"wellKnownRoots": "required"}
        )


@authentications.on_delete
async def keep_authentication(config: Resource, call: Call) -> None:
    """One that a backend service has can't go."""
    keep_used(config, call, "compute.backendServices", "compute.regional.backendServices")
