"""Target proxies: what stands between a forwarding rule and its backends."""

from __future__ import annotations

from typing import Any

from sandbox.apis.compute.errors import invalid, required
from sandbox.apis.compute.kinds import Kind, by_number
from sandbox.apis.compute.verbs import set_field
from sandbox.control.context import Call
from sandbox.control.store import Resource

Json = dict[str, Any]


def _http(scope: str) -> Kind:
    return Kind(
        "targetHttpProxies",
        "target_http_proxy",
        "compute#targetHttpProxy",
        scope=scope,
        required=("urlMap",),
        methods=(),
        verbs={"setUrlMap": set_field("urlMap")},
    )


target_http_proxies, region_target_http_proxies = _http("global"), _http("regions")


def _with_certificate(document: Json, call: Call, old: Resource | None) -> None:
    if not (document.get("sslCertificates") or document.get("certificateMap")):
        raise required("sslCertificates")
    if len(document.get("sslCertificates") or []) > 15:
        raise invalid("sslCertificates", len(document["sslCertificates"]), "At most 15 are allowed.")


_HTTPS: dict[str, Any] = {"required": ("urlMap",), "check": _with_certificate}
_SET_MAP_AND_CERTIFICATES = {"setUrlMap": set_field("urlMap"), "setSslCertificates": set_field("sslCertificates")}

target_https_proxies = Kind(
    "targetHttpsProxies",
    "target_https_proxy",
    "compute#targetHttpsProxy",
    defaults={"quicOverride": "NONE", "tlsEarlyData": "DISABLED"},
    methods=(),
    verbs={
        **_SET_MAP_AND_CERTIFICATES,
        "setSslPolicy": set_field("sslPolicy", empty=True),
        "setCertificateMap": set_field("certificateMap", empty=True),
        "setQuicOverride": set_field("quicOverride"),
    },
    **_HTTPS,
)
region_target_https_proxies = Kind(
    "targetHttpsProxies",
    "target_https_proxy",
    "compute#targetHttpsProxy",
    scope="regions",
    methods=("PATCH",),
    fingerprint=True,
    verbs=_SET_MAP_AND_CERTIFICATES,
    **_HTTPS,
)


def _header(document: Json, call: Call, old: Resource | None) -> None:
    if document["proxyHeader"] not in ("NONE", "PROXY_V1"):
        raise invalid("proxyHeader", document["proxyHeader"], "Must be NONE or PROXY_V1.")


def _ssl(document: Json, call: Call, old: Resource | None) -> None:
    _header(document, call, old)
    _with_certificate(document, call, old)


_TCP: dict[str, Any] = {"defaults": {"proxyHeader": "NONE"}, "required": ("service",), "methods": ()}
_SET_SERVICE = {"setProxyHeader": set_field("proxyHeader"), "setBackendService": set_field("service")}

target_tcp_proxies = Kind(
    "targetTcpProxies", "target_tcp_proxy", "compute#targetTcpProxy", check=_header, verbs=_SET_SERVICE, **_TCP
)
region_target_tcp_proxies = Kind(
    "targetTcpProxies", "target_tcp_proxy", "compute#targetTcpProxy", scope="regions", check=_header, **_TCP
)
target_ssl_proxies = Kind(
    "targetSslProxies",
    "target_ssl_proxy",
    "compute#targetSslProxy",
    check=_ssl,
    verbs={
        **_SET_SERVICE,
        "setSslCertificates": set_field("sslCertificates"),
        "setSslPolicy": set_field("sslPolicy", empty=True),
        "setCertificateMap": set_field("certificateMap", empty=True),
    },
    **_TCP,
)


target_grpc_proxies = Kind(
    "targetGrpcProxies",
    "target_grpc_proxy",
    "compute#targetGrpcProxy",
    defaults={"validateForProxyless": False},
    required=("urlMap",),
    immutable=("urlMap", "validateForProxyless"),
    fingerprint=True,
    view=by_number,
)
