"""Which data accesses the audit logs of a project, a folder or an organization record: a part of its IAM policy."""

from __future__ import annotations

from typing import Any

from sandbox.provider.api import ApiError, Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.importing import refusal
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

_PARENTS = {
    "google_project_iam_audit_config": ("project", "projects"),
    "google_folder_iam_audit_config": ("folder", "folders"),
    "google_organization_iam_audit_config": ("org_id", "organizations"),
}
_CONFIGS = tuple(_PARENTS)
_ATTEMPTS = 10


def _url(ctx: Context) -> str:
    field, collection = _PARENTS[ctx.kind.name]
    return f"{ctx.kind.base}{collection}/{str(ctx.planned[field]).rpartition('/')[2]}"


def _parent(kind: ResourceType, given: str) -> str:
    """What an id says of the parent: its number or name, and of a folder the collection too."""
    number = given.rpartition("/")[2]
    return f"folders/{number}" if _PARENTS[kind.name][0] == "folder" else number


async def _policy(ctx: Context) -> Json:
    asked = {"options": {"requestedPolicyVersion": 3}}
    return dict(await ctx.api.call("POST", f"{_url(ctx)}:getIamPolicy", asked))


async def _write(ctx: Context, config: Json | None, *, without: set[str]) -> None:
    """Replace the configuration of a service in the policy; again where it was written meanwhile."""
    async with ctx.api.lock(f"iam {_url(ctx).strip('/').replace('v1/', 'v1 ', 1)}"):
        for attempt in range(1, _ATTEMPTS + 1):
            policy = await _policy(ctx)
            kept = [one for one in policy.get("auditConfigs") or [] if one["service"] not in without]
            policy["auditConfigs"] = [*kept, config] if config else kept
            if any(binding.get("condition") for binding in policy.get("bindings", [])):
                policy["version"] = 3
            try:
                sent = {"policy": policy, "updateMask": "bindings,etag,auditConfigs"}
                await ctx.api.call("POST", f"{_url(ctx)}:setIamPolicy", sent)
            except ApiError as error:
                if error.status != 409 or attempt == _ATTEMPTS:
                    raise
            else:
                return


@hook("create", *_CONFIGS)
@hook("update", *_CONFIGS)
async def put(ctx: Context) -> None:
    """The configuration of the service, whatever stood there."""
    logs = [
        {
            "logType": log["log_type"],
            **({"exemptedMembers": log["exempted_members"]} if log["exempted_members"] else {}),
        }
        for log in ctx.planned["audit_log_config"]
    ]
    service = str(ctx.planned["service"])
    before = str((ctx.prior or {}).get("service", service))
    await _write(ctx, {"service": service, "auditLogConfigs": logs}, without={service, before})
    parent = _parent(ctx.kind, str(ctx.planned[_PARENTS[ctx.kind.name][0]]))
    ctx.planned["id"] = f"{parent}/audit_config/{service}"


@hook("read", *_CONFIGS)
async def read(ctx: Context) -> Json | None:
    """The service's own part, with the policy's etag."""
    policy = await _policy(ctx)
    for config in policy.get("auditConfigs") or []:
        if config["service"] == ctx.planned["service"]:
            return {**config, "etag": policy.get("etag", "")}
    return None


@hook("flatten", *_CONFIGS)
def flatten(ctx: Context, document: Json, state: dict[str, Any]) -> dict[str, Any]:
    """The kinds of logs as a set."""
    state["audit_log_config"] = [
        {"log_type": log["logType"], "exempted_members": log.get("exemptedMembers") or []}
        for log in document.get("auditLogConfigs") or []
    ]
    return state


@hook("delete", *_CONFIGS)
async def delete(ctx: Context) -> None:
    """Out of the policy."""
    await _write(ctx, None, without={str(ctx.planned["service"])})


@hook("identify", *_CONFIGS)
def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """`PARENT SERVICE`."""
    field, parts = _PARENTS[kind.name][0], given.split()
    if len(parts) != 2:
        raise refusal(given, [f"{{{field}}} {{service}}"])
    parent = _parent(kind, parts[0])
    return {field: parent, "service": parts[1], "id": f"{parent}/audit_config/{parts[1]}"}
