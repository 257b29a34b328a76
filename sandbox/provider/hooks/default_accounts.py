"""The accounts that Google makes in a project for machines and App Engine, without their rights, disabled or gone."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.hooks.registry import Context, hook

_KIND = "google_project_default_service_accounts"
_DEFAULTS = ("compute engine default service account", "app engine default service account")
_BACK = {"DISABLE": "enable", "DELETE": "undelete"}


async def _deprivilege(ctx: Context, member: str) -> None:
    """Take an account out of the project's policy."""
    place = f"/cloudresourcemanager/v1/projects/{ctx.planned['project']}"
    policy: Json = await ctx.api.call("POST", f"{place}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})
    for binding in policy.get("bindings") or []:
        binding["members"] = [one for one in binding["members"] if one != member]
    policy["bindings"] = [binding for binding in policy.get("bindings") or [] if binding["members"]]
    body = {"policy": policy, "updateMask": "bindings,etag,auditConfigs"}
    await ctx.api.call("POST", f"{place}:setIamPolicy", body)


@hook("create", _KIND)
async def act(ctx: Context) -> None:
    """On each of those that are there."""
    place = f"{ctx.kind.base}projects/{ctx.planned['project']}/serviceAccounts"
    done = {}
    for account in (await ctx.api.call("GET", place)).get("accounts") or []:
        if str(account.get("displayName") or "").lower() not in _DEFAULTS:
            continue
        if ctx.planned["action"] == "DEPRIVILEGE":
            await _deprivilege(ctx, f"serviceAccount:{account['email']}")
        elif ctx.planned["action"] == "DISABLE":
            await ctx.api.call("POST", f"{place}/{account['uniqueId']}:disable", {})
        else:
            await ctx.api.call("DELETE", f"{place}/{account['uniqueId']}")
        done[account["uniqueId"]] = account["email"]
    ctx.planned["service_accounts"] = done


@hook("read", _KIND)
async def read(ctx: Context) -> Json | None:
    """What was done stays as it was told."""
    return {}


@hook("flatten", _KIND)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The same."""
    return {**state, "project": ctx.planned["project"]}


@hook("delete", _KIND)
async def restore(ctx: Context) -> None:
    """What was disabled or deleted comes back, unless it is to stay so."""
    policy, verb = ctx.planned.get("restore_policy"), _BACK.get(str(ctx.planned["action"]))
    if policy == "NONE" or verb is None:
        return
    place = f"{ctx.kind.base}projects/{ctx.planned['project']}/serviceAccounts"
    for unique in ctx.planned.get("service_accounts") or {}:
        try:
            await ctx.api.call("POST", f"{place}/{unique}:{verb}", {})
        except ApiError:
            if policy != "REVERT_AND_IGNORE_FAILURE":
                raise
