"""Load balancers and Cloud Armor: changes by a call for each field, fingerprints, and rules one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.codec import UNKNOWN
from sandbox.provider.expand import expand
from sandbox.provider.hooks.compute import patch, short_region, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.labels import ATTRIBUTION
from sandbox.provider.resource import fill

_GLOBAL = "projects/{project}/global/"
# Where the short form of a field's value belongs.
_SHORT: Mapping[str, Mapping[str, str]] = {
    "google_compute_backend_service": {"securityPolicy": "securityPolicies"},
    "google_compute_url_map": {"defaultService": "backendServices"},
    "google_compute_target_http_proxy": {"urlMap": "urlMaps"},
    "google_compute_target_https_proxy": {"urlMap": "urlMaps", "sslPolicy": "sslPolicies"},
}
_NEG = "google_compute_region_network_endpoint_group"
_BACKEND = "google_compute_backend_service"
_MAP = "google_compute_url_map"
_HTTP, _HTTPS = "google_compute_target_http_proxy", "google_compute_target_https_proxy"
_RULE = "google_compute_global_forwarding_rule"
_SSL = "google_compute_ssl_policy"
_POLICY = "google_compute_security_policy"


@hook("expand", _MAP, _HTTP, _HTTPS)
def with_links(ctx: Context, document: Json) -> Json:
    """Short names in full."""
    for name, collection in _SHORT.get(ctx.kind.name, {}).items():
        value = document.get(name)
        if isinstance(value, str) and "/" not in value:
            document[name] = f"{fill(_GLOBAL, ctx.planned)}{collection}/{value}"
    return document


def _whole(ctx: Context) -> Json:
    return with_links(ctx, expand(ctx.kind.fields, ctx.planned, ctx.config))


@hook("expand", _NEG)
def group(ctx: Context, document: Json) -> Json:
    """The region is in the URL."""
    document.pop("region", None)
    return document


async def _replace(ctx: Context, document: Json) -> None:
    """PUT with the current fingerprint."""
    url = fill(ctx.kind.id, ctx.planned)
    current = await ctx.api.call("GET", ctx.kind.base + url)
    await waited(ctx, "PUT", url, {**document, "fingerprint": current["fingerprint"]})


@hook("update", _MAP)
async def update_map(ctx: Context) -> None:
    """As a whole."""
    await _replace(ctx, _whole(ctx))


@hook("expand", _BACKEND)
def backend(ctx: Context, document: Json) -> Json:
    """The policy is set by a call of its own."""
    document.pop("securityPolicy", None)
    return document


@hook("after_create", _BACKEND)
async def protect(ctx: Context) -> None:
    """Set the policy."""
    policy = _whole(ctx).get("securityPolicy")
    if policy:
        url = fill(ctx.kind.id, ctx.planned) + "/setSecurityPolicy"
        await waited(ctx, "POST", url, {"securityPolicy": policy}, "create")


@hook("update", _BACKEND)
async def update_backend(ctx: Context) -> None:
    """As a whole, and the policy by itself."""
    await _replace(ctx, backend(ctx, _whole(ctx)))
    if ctx.changed("security_policy"):
        policy = _whole(ctx).get("securityPolicy") or ""
        await waited(ctx, "POST", fill(ctx.kind.id, ctx.planned) + "/setSecurityPolicy", {"securityPolicy": policy})


@hook("flatten", _BACKEND)
def backend_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What is off has no block."""
    if not (document.get("logConfig") or {}).get("enable") and not ctx.planned.get("log_config"):
        state["log_config"] = []
    if not (document.get("iap") or {}).get("enabled") and not ctx.planned.get("iap"):
        state["iap"] = []
    return state


_BY_CALL: Mapping[str, Mapping[str, tuple[str, str]]] = {
    _HTTP: {"url_map": ("setUrlMap", "urlMap")},
    _HTTPS: {
        "url_map": ("setUrlMap", "urlMap"),
        "ssl_certificates": ("setSslCertificates", "sslCertificates"),
        "ssl_policy": ("setSslPolicy", "sslPolicy"),
        "quic_override": ("setQuicOverride", "quicOverride"),
    },
}


@hook("update", _HTTP, _HTTPS)
async def update_proxy(ctx: Context) -> None:
    """A call for each field."""
    document = _whole(ctx)
    for name, (verb, field) in _BY_CALL[ctx.kind.name].items():
        if ctx.changed(name):
            url = f"{fill(ctx.kind.id, ctx.planned)}/{verb}"
            await waited(ctx, "POST", url, {field: document.get(field)})


@hook("plan", _RULE)
def unattributed(ctx: Context) -> None:
    """The provider puts no label of its own on a forwarding rule; without labels they are the server's to tell."""
    mine = ctx.planned.get("labels") or {}
    for name in ("terraform_labels", "effective_labels"):
        known = ctx.planned.get(name)
        if isinstance(known, dict):
            kept = {key: value for key, value in known.items() if key != ATTRIBUTION or key in mine}
            ctx.planned[name] = kept if kept or ctx.prior is not None else UNKNOWN


@hook("update", _RULE)
async def update_rule(ctx: Context) -> None:
    """Its target and its labels."""
    url = fill(ctx.kind.id, ctx.planned)
    if ctx.changed("effective_labels"):
        current = await ctx.api.call("GET", ctx.kind.base + url)
        labels = {"labels": ctx.planned["effective_labels"], "labelFingerprint": current["labelFingerprint"]}
        await waited(ctx, "POST", url + "/setLabels", labels)
    if ctx.changed("target"):
        await waited(ctx, "POST", url + "/setTarget", {"target": ctx.planned["target"]})


_CHECKS = ("google_compute_health_check", "google_compute_region_health_check")
_CHECK_TYPES = {
    "httpHealthCheck": "HTTP",
    "httpsHealthCheck": "HTTPS",
    "http2HealthCheck": "HTTP2",
    "tcpHealthCheck": "TCP",
    "sslHealthCheck": "SSL",
    "grpcHealthCheck": "GRPC",
    "grpcTlsHealthCheck": "GRPC_WITH_TLS",
}


@hook("expand", *_CHECKS)
def health_check(ctx: Context, document: Json) -> Json:
    """The type is that of the block that is given; the region is in the URL."""
    document.pop("region", None)
    kind = next((kind for field, kind in _CHECK_TYPES.items() if document.get(field) is not None), "")
    return {**document, "type": kind}


@hook("flatten", *_CHECKS)
def health_check_state(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """What isn't logged has no block; the region by name."""
    if not (document.get("logConfig") or {}).get("enable") and not ctx.planned.get("log_config"):
        state["log_config"] = []
    return short_region(state)


@hook("update", _SSL)
async def update_ssl(ctx: Context) -> None:
    """A PATCH with a fingerprint."""
    await patch(ctx, _whole(ctx), fingerprint=True)


# Cloud Armor


def _rules(ctx: Context) -> dict[int, Json]:
    return {int(rule["priority"]): rule for rule in _whole(ctx).get("rules") or []}


@hook("update", _POLICY)
async def update_policy(ctx: Context) -> None:
    """The policy's own fields by a PATCH; its rules one by one, by priority."""
    url = fill(ctx.kind.id, ctx.planned)
    if ctx.changed("effective_labels"):
        current = await ctx.api.call("GET", ctx.kind.base + url)
        labels = {"labels": ctx.planned["effective_labels"], "labelFingerprint": current["labelFingerprint"]}
        await waited(ctx, "POST", url + "/setLabels", labels)
    whole = _whole(ctx)
    fields = {"description": "description", "adaptive_protection_config": "adaptiveProtectionConfig"}
    fields |= {"advanced_options_config": "advancedOptionsConfig"}
    changed = {api: whole.get(api) for name, api in fields.items() if ctx.changed(name)}
    if changed:
        current = await ctx.api.call("GET", ctx.kind.base + url)
        await waited(ctx, "PATCH", url, {**changed, "fingerprint": current["fingerprint"]})
    if ctx.changed("rule"):
        await _change_rules(ctx, url)


async def _change_rules(ctx: Context, url: str) -> None:
    wanted = _rules(ctx)
    current = (await ctx.api.call("GET", ctx.kind.base + url)).get("rules") or []
    there = {int(rule["priority"]) for rule in current}
    for priority, rule in wanted.items():
        if priority in there:
            await waited(ctx, "POST", f"{url}/patchRule?priority={priority}", rule)
        else:
            await waited(ctx, "POST", f"{url}/addRule", rule)
    for priority in there - set(wanted) - {2_147_483_647}:
        await waited(ctx, "POST", f"{url}/removeRule?priority={priority}", {})
