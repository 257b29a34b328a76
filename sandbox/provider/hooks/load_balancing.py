"""Load balancers: changes by a call for each field, and fingerprints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN, known
from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import patch, short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill

_NEG = "google_compute_region_network_endpoint_group"
_BACKEND, _REGION_BACKEND = "google_compute_backend_service", "google_compute_region_backend_service"
_BUCKET = "google_compute_backend_bucket"
_MAP, _REGION_MAP = "google_compute_url_map", "google_compute_region_url_map"
_HTTP, _HTTPS = "google_compute_target_http_proxy", "google_compute_target_https_proxy"
_REGION_HTTP, _REGION_HTTPS = "google_compute_region_target_http_proxy", "google_compute_region_target_https_proxy"
_TCP, _SSL_PROXY = "google_compute_target_tcp_proxy", "google_compute_target_ssl_proxy"
_REGION_TCP = "google_compute_region_target_tcp_proxy"
_GRPC = "google_compute_target_grpc_proxy"
_SSL, _REGION_SSL = "google_compute_ssl_policy", "google_compute_region_ssl_policy"
# Where the short form of a field's value belongs, wherever in the document the field is.
_SERVICES = dict.fromkeys(("defaultService", "service", "backendService"), "backendServices")
_PROXY = {"urlMap": "urlMaps", "sslPolicy": "sslPolicies", "sslCertificates": "sslCertificates"}
_SHORT: Mapping[str, Mapping[str, str]] = {
    _BACKEND: {"securityPolicy": "securityPolicies"},
    _REGION_BACKEND: {"securityPolicy": "securityPolicies"},
    _BUCKET: {"edgeSecurityPolicy": "securityPolicies"},
    _MAP: _SERVICES,
    _REGION_MAP: _SERVICES,
    **dict.fromkeys((_HTTP, _HTTPS, _REGION_HTTP, _REGION_HTTPS, _TCP, _SSL_PROXY, _REGION_TCP), _PROXY | _SERVICES),
}


@hook("expand", _MAP, _HTTP, _REGION_MAP, _REGION_HTTP, _TCP, _SSL_PROXY, _REGION_TCP)
def with_links(ctx: Context, document: Json) -> Json:
    """Short names in full; the region is in the URL."""
    document.pop("region", None)
    place = fill(ctx.kind.id.rsplit("/", 2)[0] + "/", ctx.planned)
    completed: Json = _completed(document, _SHORT.get(ctx.kind.name, {}), place)
    return completed


def _completed(value: Any, short: Mapping[str, str], place: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _completed(inner, short, place, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_completed(item, short, place, key) for item in value]
    if key in short and isinstance(value, str) and value and "/" not in value:
        return f"{place}{short[key]}/{value}"
    return value


@hook("expand", _HTTPS, _REGION_HTTPS)
def proxy(ctx: Context, document: Json) -> Json:
    """Certificates of Certificate Manager stand where others do."""
    managed = document.pop("certificateManagerCertificates", None)
    return with_links(ctx, {**document, "sslCertificates": managed} if managed else document)


@hook("flatten", _HTTPS, _REGION_HTTPS)
def proxy_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Of which kind the certificates are, their names tell."""
    told = document.get("sslCertificates") or []
    if told and "//certificatemanager.googleapis.com/" in told[0]:
        state |= {"certificate_manager_certificates": told, "ssl_certificates": []}
    return short_region(state)


@hook("flatten", _REGION_MAP, _REGION_HTTP, _REGION_TCP, _REGION_SSL)
def regional(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The region by name."""
    return short_region(state)


def _whole(ctx: Context) -> Json:
    document = expand(ctx.kind.fields, ctx.planned, ctx.config)
    return proxy(ctx, document) if ctx.kind.name in (_HTTPS, _REGION_HTTPS) else with_links(ctx, document)


async def _replace(ctx: Context, document: Json) -> None:
    """PUT with the current fingerprint."""
    url = fill(ctx.kind.id, ctx.planned)
    current = await ctx.api.call("GET", ctx.kind.base + url)
    await waited(ctx, "PUT", url, {**document, "fingerprint": current["fingerprint"]})


@hook("update", _MAP, _REGION_MAP)
async def update_map(ctx: Context) -> None:
    """As a whole."""
    await _replace(ctx, _whole(ctx))


@hook("plan", _BACKEND, _REGION_BACKEND)
def plan_backend(ctx: Context) -> None:
    """What isn't logged has no share that is."""
    for at, block in enumerate(known(ctx.planned.get("log_config"))):
        if not block.get("enable") and block.get("sample_rate") is not UNKNOWN:
            before = known((ctx.prior or {}).get("log_config"))
            block["sample_rate"] = before[at].get("sample_rate") if at < len(before) else None
    passed_on = ctx.kind.name == _REGION_BACKEND and ctx.planned.get("load_balancing_scheme") in _PASS_THROUGH
    for block in known(ctx.planned.get("backend")) if passed_on else ():
        for name in _PROXY_ONLY:
            if isinstance(value := block.get(name), int | float) and value:
                ctx.problems.append(
                    Problem(f'"{name}" cannot be set for non-managed backend service, found value {value:g}')
                )


_PASS_THROUGH = ("INTERNAL", "EXTERNAL")
_PROXY_ONLY = (
    "capacity_scaler",
    "max_connections",
    "max_connections_per_instance",
    "max_connections_per_endpoint",
    "max_rate",
    "max_rate_per_instance",
    "max_rate_per_endpoint",
    "max_utilization",
)


@hook("expand", _BACKEND, _REGION_BACKEND, _BUCKET)
def backend(ctx: Context, document: Json) -> Json:
    """The policy is set by a call of its own."""
    for name in ("securityPolicy", "edgeSecurityPolicy"):
        if ctx.kind.name != _BACKEND or name == "securityPolicy":
            document.pop(name, None)
    return with_links(ctx, document)


_PROTECTED = {"security_policy": "securityPolicy", "edge_security_policy": "edgeSecurityPolicy"}


async def _protect(ctx: Context, step: str) -> None:
    name = "edge_security_policy" if ctx.kind.name == _BUCKET else "security_policy"
    field = _PROTECTED[name]
    policy = _whole(ctx).get(field) or ""
    if policy or step == "update":
        verb = "set" + field[0].upper() + field[1:]
        await waited(ctx, "POST", f"{fill(ctx.kind.id, ctx.planned)}/{verb}", {"securityPolicy": policy}, step)


@hook("after_create", _BACKEND, _REGION_BACKEND, _BUCKET)
async def protect(ctx: Context) -> None:
    """Set the policy."""
    await _protect(ctx, "create")


@hook("update", _BACKEND, _REGION_BACKEND)
async def update_backend(ctx: Context) -> None:
    """As a whole, and the policy by itself."""
    await _replace(ctx, backend(ctx, _whole(ctx)))
    if ctx.changed("security_policy"):
        await _protect(ctx, "update")


@hook("update", _BUCKET)
async def update_bucket(ctx: Context) -> None:
    """As a whole, and the policy by itself."""
    await waited(ctx, "PUT", fill(ctx.kind.id, ctx.planned), backend(ctx, _whole(ctx)))
    if ctx.changed("edge_security_policy"):
        await _protect(ctx, "update")


@hook("flatten", _BACKEND, _REGION_BACKEND)
def backend_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What is off has no block."""
    if not (document.get("logConfig") or {}).get("enable") and not ctx.planned.get("log_config"):
        state["log_config"] = []
    if not (document.get("iap") or {}).get("enabled") and not ctx.planned.get("iap"):
        state["iap"] = []
    return short_region(state)


_BY_CALL: Mapping[str, Mapping[str, tuple[str, str]]] = {
    _HTTP: {"url_map": ("setUrlMap", "urlMap")},
    _REGION_HTTP: {"url_map": ("setUrlMap", "urlMap")},
    _HTTPS: {
        "url_map": ("setUrlMap", "urlMap"),
        "ssl_certificates": ("setSslCertificates", "sslCertificates"),
        "certificate_manager_certificates": ("setSslCertificates", "sslCertificates"),
        "certificate_map": ("setCertificateMap", "certificateMap"),
        "ssl_policy": ("setSslPolicy", "sslPolicy"),
        "quic_override": ("setQuicOverride", "quicOverride"),
    },
    _REGION_HTTPS: {
        "ssl_certificates": ("setSslCertificates", "sslCertificates"),
        "certificate_manager_certificates": ("setSslCertificates", "sslCertificates"),
        "url_map": ("setUrlMap", "urlMap"),
    },
    _TCP: {
        "proxy_header": ("setProxyHeader", "proxyHeader"),
        "backend_service": ("setBackendService", "service"),
    },
    _SSL_PROXY: {
        "proxy_header": ("setProxyHeader", "proxyHeader"),
        "backend_service": ("setBackendService", "service"),
        "ssl_certificates": ("setSslCertificates", "sslCertificates"),
        "certificate_map": ("setCertificateMap", "certificateMap"),
        "ssl_policy": ("setSslPolicy", "sslPolicy"),
    },
}


@hook("update", _HTTP, _HTTPS, _REGION_HTTP, _REGION_HTTPS, _TCP, _SSL_PROXY)
async def update_proxy(ctx: Context) -> None:
    """A call for each field that has one, and a PATCH of the others."""
    document, by_call, url = _whole(ctx), _BY_CALL[ctx.kind.name], fill(ctx.kind.id, ctx.planned)
    calls = {verb: {field: document.get(field)} for name, (verb, field) in by_call.items() if ctx.changed(name)}
    for verb, body in calls.items():
        await waited(ctx, "POST", f"{url}/{verb}", body)
    if ctx.kind.name == _REGION_HTTPS:
        await patch(ctx, document, but=frozenset(by_call), fingerprint=True)


@hook("plan", _SSL)
def features(ctx: Context) -> None:
    """A profile of one's own names features, and no other does."""
    named, profile = f"Error in SSL Policy {ctx.planned.get('name')}", ctx.planned.get("profile")
    listed = ctx.planned.get("custom_features")
    if profile == "CUSTOM" and not listed:
        raise ProviderError(f"{named}: the profile is set to CUSTOM but no custom_features are set.")
    if listed and profile not in ("CUSTOM", UNKNOWN):
        raise ProviderError(
            f"{named}: the profile is set to {profile} but using custom_features requires the profile to be CUSTOM."
        )


@hook("update", _SSL, _REGION_SSL, _GRPC)
async def update_with_fingerprint(ctx: Context) -> None:
    """A PATCH with a fingerprint."""
    await patch(ctx, _whole(ctx), fingerprint=True)
