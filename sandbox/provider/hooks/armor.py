"""Cloud Armor: rules one by one, by their priority, and the default rule that is there from the start."""

from __future__ import annotations

from sandbox.provider.api import Json
from sandbox.provider.hooks.compute import patch, set_labels, waited
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import document_of, fill

_POLICY, _REGION_POLICY = "google_compute_security_policy", "google_compute_region_security_policy"
_RULE, _REGION_RULE = f"{_POLICY}_rule", f"{_REGION_POLICY}_rule"
_LAST = 2_147_483_647
"""The priority of the default rule, which stays as long as its policy."""


def _rules(ctx: Context) -> dict[int, Json]:
    return {int(rule["priority"]): rule for rule in document_of(ctx).get("rules") or []}


@hook("update", _POLICY)
async def update_policy(ctx: Context) -> None:
    """The policy's own fields by a PATCH; its rules one by one, by priority."""
    url = fill(ctx.kind.id, ctx.planned)
    if ctx.changed("effective_labels"):
        await set_labels(ctx, url, ctx.planned["effective_labels"])
    whole = document_of(ctx)
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
    for priority in there - set(wanted) - {_LAST}:
        await waited(ctx, "POST", f"{url}/removeRule?priority={priority}", {})


@hook("update", _REGION_POLICY)
async def update_region_policy(ctx: Context) -> None:
    """A PATCH with the current fingerprint, all rules in it."""
    await patch(ctx, document_of(ctx), fingerprint=True)


@hook("plan", _REGION_POLICY)
def plan_region_policy(ctx: Context) -> None:
    """The rule that comes by itself isn't told of beforehand."""
    if ctx.prior is None and not ctx.config.get("rules"):
        ctx.planned["rules"] = []


@hook("create", _RULE, _REGION_RULE)
async def add_rule(ctx: Context) -> None:
    """The default rule is there: it is changed."""
    url = fill(ctx.kind.calls["create"].url, ctx.planned)
    if ctx.planned["priority"] == _LAST:
        url = url.replace("/addRule?", "/patchRule?")
    await waited(ctx, "POST", url, document_of(ctx), "create")


@hook("delete", _RULE, _REGION_RULE)
async def remove_rule(ctx: Context) -> None:
    """The default rule stays."""
    if ctx.planned["priority"] != _LAST:
        await waited(ctx, "POST", fill(ctx.kind.calls["delete"].url, ctx.planned), None, "delete")
