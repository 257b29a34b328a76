"""Cloud Monitoring: projects in the metrics scope of another, and services of Google's kinds."""

from __future__ import annotations

from sandbox.provider.api import Json
from sandbox.provider.hooks.registry import Context, hook
from sandbox.provider.resource import fill, general_create, general_update
from sandbox.provider.suppress.links import last_part

_MONITORED = "google_monitoring_monitored_project"
_SERVICE = "google_monitoring_service"


@hook("create", _MONITORED)
async def create(ctx: Context) -> None:
    """Both projects may be told by full names; the ends of them count."""
    for name in ("metrics_scope", "name"):
        ctx.planned[name] = last_part(ctx.planned[name])
    await general_create(ctx)


@hook("expand", _MONITORED)
def full_name(ctx: Context, document: Json) -> Json:
    """The API has the scope in the name."""
    return {"name": fill(ctx.kind.id, ctx.planned)}


@hook("read", _MONITORED)
async def read(ctx: Context) -> Json | None:
    """The scope, under the name of the project that is looked for among its."""
    for name in ("metrics_scope", "name"):
        ctx.planned[name] = last_part(ctx.planned[name])
    scope: Json | None = await ctx.api.get(ctx.kind.base + fill(ctx.kind.calls["read"].url, ctx.planned))
    if scope is None:
        return None
    project = await ctx.api.call("GET", fill("/cloudresourcemanager/v1/projects/{name}", ctx.planned))
    ending = f"/{project['projectNumber']}"
    found = [str(one["name"]) for one in scope.get("monitoredProjects") or [] if str(one["name"]).endswith(ending)]
    return {**scope, "name": found[0]} if found else None


@hook("update", _SERVICE)
async def update(ctx: Context) -> None:
    """What a service is stays as it was: a change of its type alone isn't sent."""
    ctx.planned["basic_service"] = (ctx.prior or {}).get("basic_service")
    await general_update(ctx)
