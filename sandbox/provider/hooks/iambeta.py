"""Workload identity: what is deleted is gone for Terraform, and who may use a pool is told by calls of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import changed_fields, document_of, fill, timeout

_POOL = "google_iam_workload_identity_pool"
_PROVIDER = "google_iam_workload_identity_pool_provider"


def _url(ctx: Context) -> str:
    return ctx.kind.base + fill(ctx.kind.id, ctx.planned)


@hook("read", _POOL)
async def read_pool(ctx: Context) -> Json | None:
    """The pool with its rules, which are asked for by themselves."""
    document = await _live(ctx)
    return None if document is None else {**document, **await ctx.api.call("GET", f"{_url(ctx)}:listAttestationRules")}


@hook("read", _PROVIDER)
async def _live(ctx: Context) -> Json | None:
    """What is deleted is kept for 30 days, but not for Terraform."""
    document: Json | None = await ctx.api.get(_url(ctx))
    return None if document is None or document.get("state") == "DELETED" else document


@hook("expand", _POOL)
def expand(ctx: Context, document: Json) -> Json:
    """Without the rules; trust bundles by their domain."""
    document.pop("attestationRules", None)
    if trust := document.get("inlineTrustConfig"):
        bundles = trust.get("additionalTrustBundles") or []
        trust["additionalTrustBundles"] = {bundle.pop("trustDomain"): bundle for bundle in bundles}
    return document


@hook("flatten", _POOL)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """Trust bundles are kept as they were given: the API has them by their domain."""
    if document.get("inlineTrustConfig"):
        state["inline_trust_config"] = ctx.planned.get("inline_trust_config")
    return state


@hook("after_create", _POOL)
async def add_rules(ctx: Context) -> None:
    """The rules, if there are some."""
    if ctx.planned.get("attestation_rules"):
        await _set_rules(ctx, "create")


@hook("update", _POOL)
async def update(ctx: Context) -> None:
    """The pool, then its rules."""
    mask = [field.api[0] for field in changed_fields(ctx) if field.api and field.name != "attestation_rules"]
    if mask:
        url = f"{_url(ctx)}?updateMask={quote(','.join(mask), safe='')}"
        operation = await ctx.api.call("PATCH", url, document_of(ctx))
        await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, "update"))
    if ctx.changed("attestation_rules"):
        await _set_rules(ctx, "update")


async def _set_rules(ctx: Context, step: str) -> None:
    rules = [{"googleCloudResource": rule["google_cloud_resource"]} for rule in ctx.planned["attestation_rules"] or []]
    operation = await ctx.api.call("POST", f"{_url(ctx)}:setAttestationRules", {"attestationRules": rules})
    await ctx.api.wait(ctx.kind.base, operation, timeout(ctx.planned, step))
