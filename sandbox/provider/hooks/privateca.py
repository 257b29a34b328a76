"""Certificate Authority Service: options that are unset, false or zero; authorities that are activated and enabled."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import choice
from string import ascii_letters
from typing import Any

from sandbox.provider.api import Json
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, document_of, fill, general_update, timeout

_POOL = "google_privateca_ca_pool"
_AUTHORITY = "google_privateca_certificate_authority"
_CERTIFICATE = "google_privateca_certificate"
_TEMPLATE = "google_privateca_certificate_template"
# Where a type's X.509 parameters stand, in its document.
_PARAMETERS = {
    _POOL: ("issuancePolicy", "baselineValues"),
    _AUTHORITY: ("config", "x509Config"),
    _CERTIFICATE: ("config", "x509Config"),
    _TEMPLATE: ("predefinedValues",),
}


def _inner(document: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, dict) else None
    return document


@hook("expand", *_PARAMETERS)
def expand(ctx: Context, document: Json) -> Json:
    """Options of authorities that are written out, or left out, as two more words say."""
    values = _inner(document, _PARAMETERS[ctx.kind.name])
    if isinstance(values, dict) and isinstance(options := values.get("caOptions"), dict):
        values["caOptions"] = _options(options, is_template=ctx.kind.name == _TEMPLATE)
    return document


def _options(given: Json, *, is_template: bool) -> Json:
    is_ca, length = bool(given.get("isCa")), int(given.get("maxIssuerPathLength") or 0)
    other = "null_ca" if is_template else "non_ca"
    unset = given.get("nullCa" if is_template else "nonCa")
    if is_ca and unset:
        raise ProviderError(f"{other}, is_ca can not be set to true at the same time.")
    if length and given.get("zeroMaxIssuerPathLength"):
        raise ProviderError(
            "zero_max_issuer_path_length can not be set to true while max_issuer_path_length being set to a positive "
            "integer."
        )
    found: Json = {}
    if (is_template and not unset) or (not is_template and (is_ca or unset)):
        found["isCa"] = is_ca
    if length or given.get("zeroMaxIssuerPathLength"):
        found["maxIssuerPathLength"] = length
    return found


@hook("flatten", *_PARAMETERS)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The parameters as the real provider tells them: with all their blocks."""
    path = _PARAMETERS[ctx.kind.name]
    values, is_template = _inner(document, path), ctx.kind.name == _TEMPLATE
    if is_template:
        state["predefined_values"] = [_told(ctx.kind.fields["predefined_values"], values or {}, is_template=True)]
        return state
    outer, name = ("issuance_policy", "baseline_values") if ctx.kind.name == _POOL else ("config", "x509_config")
    for block in state[outer]:
        block[name] = [_told(ctx.kind.fields[outer].fields[name], values or {}, is_template=False)]
    if ctx.kind.name == _AUTHORITY:
        before = (ctx.planned.get("subordinate_config") or [{}])[0]
        for block in state["subordinate_config"]:
            block["certificate_authority"] = before.get("certificate_authority") or ""
    return state


def _told(field: Field, values: Json, *, is_template: bool) -> dict[str, Any]:
    options, usage = values.get("caOptions") or {}, values.get("keyUsage") or {}
    told: dict[str, Any] = {"is_ca": bool(options.get("isCa"))}
    if is_template:
        told["null_ca"] = "isCa" not in options
    else:
        told["non_ca"] = options.get("isCa") is False
    told["max_issuer_path_length"] = int(options.get("maxIssuerPathLength") or 0)
    told["zero_max_issuer_path_length"] = options.get("maxIssuerPathLength") == 0
    base, extended = (
        {name: bool((usage.get(key) or {}).get(camel)) for name, camel in _names(field, "key_usage", block)}
        for key, block in (("baseKeyUsage", "base_key_usage"), ("extendedKeyUsage", "extended_key_usage"))
    )
    constraints = values.get("nameConstraints")
    names = _names(field, "name_constraints")
    return {
        "additional_extensions": [
            {
                "critical": bool(extra.get("critical")),
                "value": extra.get("value") or "",
                "object_id": [{"object_id_path": extra["objectId"]["objectIdPath"]}],
            }
            for extra in values.get("additionalExtensions") or []
        ],
        "aia_ocsp_servers": list(values.get("aiaOcspServers") or []),
        "ca_options": [told],
        "key_usage": [
            {
                "base_key_usage": [base],
                "extended_key_usage": [extended],
                "unknown_extended_key_usages": _paths(usage.get("unknownExtendedKeyUsages")),
            }
        ],
        "name_constraints": []
        if constraints is None
        else [{name: constraints.get(camel, False if name == "critical" else []) for name, camel in names}],
        "policy_ids": _paths(values.get("policyIds")),
    }


def _names(field: Field, *path: str) -> list[tuple[str, str]]:
    for step in path:
        field = field.fields[step]
    return [(name, (inner.api or (name,))[-1]) for name, inner in field.fields.items()]


def _paths(given: Any) -> list[dict[str, Any]]:
    return [{"object_id_path": one["objectIdPath"]} for one in given or []]


@hook("plan", _AUTHORITY)
def begins(ctx: Context) -> None:
    """An authority is made to sign or to wait."""
    wanted, new = ctx.planned.get("desired_state"), ctx.prior is None
    if new and isinstance(wanted, str) and wanted not in ("", "STAGED", "ENABLED"):
        raise ProviderError("`desired_state` can only be set to `STAGED` or `ENABLED` when creating a new CA")
    if not new and wanted == "STAGED" and ctx.changed("desired_state") and (ctx.prior or {}).get("state") != wanted:
        raise ProviderError("Field `desired_state` can only be set to `STAGED` when creating a new CA")


@hook("create", _AUTHORITY)
async def create_authority(ctx: Context) -> None:
    """Made without what it is activated by."""
    document = document_of(ctx)
    document.pop("subordinateConfig", None)
    call = ctx.kind.calls["create"]
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, ctx.planned), document)
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))


@hook("after_create", _AUTHORITY)
async def stage(ctx: Context) -> None:
    """Activated by an authority of the same service, and enabled unless it is to stay as it is."""
    signs_itself = ctx.planned.get("type") == "SELF_SIGNED"
    if not signs_itself and ctx.planned.get("subordinate_config"):
        await _activate(ctx)
        signs_itself = True
    if signs_itself and ctx.planned.get("desired_state") in (None, "", "ENABLED"):
        await _verb(ctx, "enable")


async def _verb(ctx: Context, verb: str, body: Json | None = None) -> None:
    url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
    answer = await ctx.api.call("POST", f"{url}:{verb}", body or {})
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "create"))


async def _activate(ctx: Context) -> None:
    """By the certificate that another one signs, or by one that was brought."""
    below = ctx.planned["subordinate_config"][0]
    text = ctx.planned.get("pem_ca_certificate")
    if text:
        chain = [one for block in below.get("pem_issuer_chain") or [] for one in block["pem_certificates"]]
    else:
        issuer = str(below.get("certificate_authority") or "")
        pool, _, id_ = issuer.rpartition("/certificateAuthorities/")
        if not pool:
            raise ProviderError(f"failed to parse CA name: {issuer}")
        url = ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned)
        asked = await ctx.api.call("GET", f"{url}:fetch")
        words = ("".join(choice(ascii_letters) for _ in range(3)) for _ in range(2))
        name = f"subordinate-{datetime.now(UTC):%Y%m%d}-{'-'.join(words)}"
        body = {"pemCsr": asked["pemCsr"], "lifetime": ctx.planned["lifetime"]}
        place = f"{ctx.kind.base}{pool}/certificates?certificateId={name}&issuingCertificateAuthorityId={id_}"
        made = await ctx.api.call("POST", place, body)
        text, chain = made["pemCertificate"], made["pemCertificateChain"]
    body = {"pemCaCertificate": text, "subordinateConfig": {"pemIssuerChain": {"pemCertificates": chain}}}
    await _verb(ctx, "activate", body)


@hook("update", _AUTHORITY)
async def update_authority(ctx: Context) -> None:
    """Activated, enabled or disabled, and then what is patched."""
    prior = ctx.prior or {}
    if ctx.changed("subordinate_config") and prior.get("state") == "AWAITING_USER_ACTIVATION":
        await _activate(ctx)
    wanted = ctx.planned.get("desired_state")
    if ctx.changed("desired_state") and wanted and wanted != prior.get("state"):
        await _verb(ctx, {"ENABLED": "enable", "DISABLED": "disable"}[str(wanted)])
    if changed_fields(ctx):
        await general_update(ctx)


@hook("read", _AUTHORITY)
async def read_authority(ctx: Context) -> Json | None:
    """One that is deleted is gone, though it can be brought back for a while."""
    found: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    return None if found is not None and found.get("state") == "DELETED" else found


@hook("delete", _AUTHORITY)
async def delete_authority(ctx: Context) -> None:
    """Disabled first."""
    if ctx.planned.get("state") == "ENABLED":
        await _verb(ctx, "disable")
    call = ctx.kind.calls["delete"]
    flags = {
        name: ctx.planned.get(name) or False for name in ("ignore_active_certificates_on_deletion", "skip_grace_period")
    }
    answer = await ctx.api.call(call.method, ctx.kind.base + fill(call.url, {**ctx.planned, **flags}))
    await ctx.api.wait(ctx.kind.base, answer, timeout(ctx.planned, "delete"))


@hook("create", _CERTIFICATE)
async def create_certificate(ctx: Context) -> None:
    """By the authority that is named, or by any of the pool."""
    call = ctx.kind.calls["create"]
    url = ctx.kind.base + fill(call.url, ctx.planned)
    if authority := ctx.planned.get("certificate_authority"):
        url += f"&issuingCertificateAuthorityId={authority}"
    await ctx.api.call(call.method, url, document_of(ctx))
