"""Load balancing: endpoint groups, backend services, URL maps, certificates, proxies and forwarding rules."""

from __future__ import annotations

import re
from typing import Any

from sandbox.apis.compute.errors import invalid, missing, required
from sandbox.apis.compute.kinds import Kind, find
from sandbox.control.context import Call
from sandbox.control.errors import invalid_argument, unimplemented
from sandbox.control.store import Resource

Json = dict[str, Any]


def _group(document: Json, call: Call, old: Resource | None) -> None:
    if document["networkEndpointType"] != "SERVERLESS":
        raise unimplemented("The sandbox has endpoint groups of the type SERVERLESS only.")
    run = document.get("cloudRun") or {}
    if not (run.get("service") or run.get("urlMask")):
        raise required("cloudRun.service")


network_endpoint_groups = Kind(
    "networkEndpointGroups",
    "network_endpoint_group",
    "compute#networkEndpointGroup",
    regional=True,
    defaults={"networkEndpointType": "SERVERLESS", "size": 0},
    output_only=("size",),
    methods=(),
    check=_group,
)

_SCHEMES = ("EXTERNAL", "EXTERNAL_MANAGED")


def _backend_service(document: Json, call: Call, old: Resource | None) -> None:
    if document["loadBalancingScheme"] not in _SCHEMES:
        raise unimplemented("The sandbox has backend services of external load balancers only.")
    serverless = False
    for backend in document.get("backends") or []:
        group = find(call.control, str(backend.get("group") or ""))
        if group is None:
            raise missing(str(backend.get("group")))
        serverless = serverless or group.document["networkEndpointType"] == "SERVERLESS"
        backend.setdefault("balancingMode", "UTILIZATION")
        backend.setdefault("capacityScaler", 1.0)
    if serverless and document.get("healthChecks"):
        raise invalid("healthChecks", document["healthChecks"], "Serverless backends take none.")
    if serverless and document["protocol"] not in ("HTTP", "HTTPS", "H2C"):
        raise invalid("protocol", document["protocol"], "Serverless backends speak HTTP.")
    document.setdefault("portName", "http" if document["protocol"] == "HTTP" else "https")
    document["usedBy"] = document.get("usedBy") or []
    if not document.get("logConfig"):
        document["logConfig"] = {"enable": False}
    elif document["logConfig"].get("enable"):
        document["logConfig"].setdefault("sampleRate", 1.0)
        document["logConfig"].setdefault("optionalMode", "EXCLUDE_ALL_OPTIONAL")


def _protect(service: Resource, body: Json, call: Call) -> None:
    policy = body.get("securityPolicy")
    service.document.pop("securityPolicy", None)
    if policy:
        service.document["securityPolicy"] = policy


backend_services = Kind(
    "backendServices",
    "backend_service",
    "compute#backendService",
    defaults={
        "loadBalancingScheme": "EXTERNAL",
        "protocol": "HTTP",
        "sessionAffinity": "NONE",
        "timeoutSec": 30,
        "connectionDraining": {"drainingTimeoutSec": 300},
        "enableCDN": False,
        "affinityCookieTtlSec": 0,
        "iap": {"enabled": False},
    },
    output_only=("usedBy", "securityPolicy"),
    methods=("PUT", "PATCH"),
    fingerprint=True,
    check=_backend_service,
    verbs={"setSecurityPolicy": _protect},
)


def _url_map(document: Json, call: Call, old: Resource | None) -> None:
    ways = [key for key in ("defaultService", "defaultUrlRedirect", "defaultRouteAction") if document.get(key)]
    if len(ways) != 1:
        raise invalid_argument("A URL map has one of defaultService, defaultUrlRedirect and defaultRouteAction.")
    matchers = [str(matcher["name"]) for matcher in document.get("pathMatchers") or []]
    named = [str(rule.get("pathMatcher")) for rule in document.get("hostRules") or []]
    for name in named:
        if name not in matchers:
            raise invalid("hostRules[].pathMatcher", name, "There is no path matcher of this name.")
    for name in matchers:
        if name not in named:
            raise invalid("pathMatchers[].name", name, "No host rule has this path matcher.")
    hosts = [host for rule in document.get("hostRules") or [] for host in rule.get("hosts") or []]
    if len(set(hosts)) != len(hosts):
        raise invalid_argument("A host stands in two host rules.")
    for matcher in document.get("pathMatchers") or []:
        paths = [path for rule in matcher.get("pathRules") or [] for path in rule.get("paths") or []]
        if len(set(paths)) != len(paths):
            raise invalid_argument(f"A path stands in two rules of the path matcher '{matcher['name']}'.")
        for path in paths:
            if not re.fullmatch(r"/[^*?#]*(/\*)?|/\*", path):
                raise invalid("pathMatchers[].pathRules[].paths", path, "A * stands at the end, after a /.")


url_maps = Kind("urlMaps", "url_map", "compute#urlMap", methods=("PUT", "PATCH"), fingerprint=True, check=_url_map)

_DOMAIN = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63}\.?"


def _certificate(document: Json, call: Call, old: Resource | None) -> None:
    if document["type"] != "MANAGED":
        raise unimplemented("The sandbox has certificates that Google manages only.")
    domains = (document.get("managed") or {}).get("domains") or []
    if not 1 <= len(domains) <= 100:
        raise invalid("managed.domains", domains, "1 to 100 domains are needed.")
    for domain in domains:
        if not re.fullmatch(_DOMAIN, domain):
            raise invalid("managed.domains", domain, "Must be a domain without a wildcard.")
    # Nobody asks the sandbox for a domain: the certificate stays as Google's is before its DNS points here.
    document["managed"] = {
        "domains": domains,
        "status": "PROVISIONING",
        "domainStatus": dict.fromkeys(domains, "PROVISIONING"),
    }


ssl_certificates = Kind(
    "sslCertificates",
    "ssl_certificate",
    "compute#sslCertificate",
    defaults={"type": "MANAGED"},
    methods=(),
    check=_certificate,
)

_TLS, _PROFILES = ("TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3"), ("COMPATIBLE", "MODERN", "RESTRICTED", "CUSTOM")
_FEATURES = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]


def _ssl_policy(document: Json, call: Call, old: Resource | None) -> None:
    if document["minTlsVersion"] not in _TLS:
        raise invalid("minTlsVersion", document["minTlsVersion"], f"Must be one of {', '.join(_TLS)}.")
    if document["profile"] not in _PROFILES:
        raise invalid("profile", document["profile"], f"Must be one of {', '.join(_PROFILES)}.")
    if document["minTlsVersion"] == "TLS_1_3" and document["profile"] != "RESTRICTED":
        raise invalid("minTlsVersion", "TLS_1_3", "It goes with the profile RESTRICTED only.")
    if (document["profile"] == "CUSTOM") != bool(document.get("customFeatures")):
        raise invalid_argument("customFeatures goes with the profile CUSTOM, and the profile with it.")
    document["enabledFeatures"] = document.get("customFeatures") or _FEATURES


ssl_policies = Kind(
    "sslPolicies",
    "ssl_policy",
    "compute#sslPolicy",
    defaults={"minTlsVersion": "TLS_1_0", "profile": "COMPATIBLE"},
    output_only=("enabledFeatures", "warnings"),
    fingerprint=True,
    check=_ssl_policy,
)


def _set(field: str, *, empty: bool = False) -> Any:
    def change(resource: Resource, body: Json, call: Call) -> None:
        value = body.get(field)
        if value is None and not empty:
            raise required(field)
        resource.document.pop(field, None)
        if value:
            resource.document[field] = value

    return change


target_http_proxies = Kind(
    "targetHttpProxies",
    "target_http_proxy",
    "compute#targetHttpProxy",
    required=("urlMap",),
    methods=(),
    verbs={"setUrlMap": _set("urlMap")},
)


def _https(document: Json, call: Call, old: Resource | None) -> None:
    if not (document.get("sslCertificates") or document.get("certificateMap")):
        raise required("sslCertificates")
    if len(document.get("sslCertificates") or []) > 15:
        raise invalid("sslCertificates", len(document["sslCertificates"]), "At most 15 are allowed.")


target_https_proxies = Kind(
    "targetHttpsProxies",
    "target_https_proxy",
    "compute#targetHttpsProxy",
    defaults={"quicOverride": "NONE", "tlsEarlyData": "DISABLED"},
    required=("urlMap",),
    methods=(),
    check=_https,
    verbs={
        "setUrlMap": _set("urlMap"),
        "setSslCertificates": _set("sslCertificates"),
        "setSslPolicy": _set("sslPolicy", empty=True),
        "setQuicOverride": _set("quicOverride"),
    },
)
_PROXIES = ("targetHttpProxies", "targetHttpsProxies")


def _forwarding_rule(document: Json, call: Call, old: Resource | None) -> None:
    if old is not None:
        return
    if document["loadBalancingScheme"] not in _SCHEMES:
        raise unimplemented("The sandbox has forwarding rules of external load balancers only.")
    if document["target"].split("/")[-2] not in _PROXIES:
        raise invalid("target", document["target"], "The sandbox has HTTP and HTTPS proxies only.")
    low = str(document.get("portRange") or "").partition("-")[0]
    if not low.isdigit():
        raise required("portRange")
    if document["target"].split("/")[-2] == "targetHttpsProxies" and low != "443":
        raise invalid("portRange", document["portRange"], "A rule for HTTPS has the port 443.")
    document["portRange"] = f"{low}-{low}"
    given = document.get("IPAddress")
    if given and given.startswith("projects/"):
        address = find(call.control, given)
        if address is None:
            raise missing(given)
        document["IPAddress"] = address.document["address"]
    document.setdefault(
        "IPAddress", f"198.19.255.{1 + sum(1 for _ in forwarding_rules.all(call.control, call.project))}"
    )
    for other in forwarding_rules.all(call.control, call.project):
        same = ("IPAddress", "portRange")
        if all(other.document[key] == document[key] for key in same):
            message = (
                f"Invalid value for field 'resource.IPAddress': '{document['IPAddress']}'. Specified IP address is"
            )
            raise invalid_argument(f"{message} in-use and would result in a conflict.")


forwarding_rules = Kind(
    "forwardingRules",
    "forwarding_rule",
    "compute#forwardingRule",
    defaults={"IPProtocol": "TCP", "loadBalancingScheme": "EXTERNAL", "networkTier": "PREMIUM"},
    required=("target",),
    labelled=True,
    check=_forwarding_rule,
    verbs={"setTarget": _set("target")},
)
